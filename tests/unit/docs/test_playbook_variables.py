# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The variables of the playbooks are documented as the playbooks use them, and AWX asks for them as they are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
import yaml

from support import playbook_docs, playbook_reader
from support.awx_project import controller
from support.doc_markup import convert, first_sentence
from support.paths import ROOT
from support.playbook_reader import COMPUTED, OMIT, PLAYBOOKS, ROLE, of_plays
from support.playbook_variables import (
    Variable,
    connection_variables,
    default_of,
    playbooks,
    role_options,
    source,
    templates,
    variables,
)

NAMES = playbooks()
SHARED = {"confd_python_interpreter"}
"""Variables that all playbooks read, and that are described with the connection."""
READ_BY_ALL = {"confd_url"}
"""A variable of the connection that the role reads as well, for reports."""
SURVEYS = [
    pytest.param(template, question, id=f"{template['playbook']}-{question['variable']}")
    for template in controller("rome")["controller_templates"]
    for question in template.get("survey_spec", {}).get("spec", ())
]
PLAY = """
- hosts: "{{ confd_hosts | default('confd', true) }}"
  vars:
    audit__paths: "{{ [audit_files] | map('ansible.builtin.expanduser') }}"
  tasks:
    - name: Write the reports
      xivo.confd.confd_audit_report:
        merge_files: "{{ audit__paths }}"
        strict: "{{ audit_strict | default(omit, true) }}"
        directory: "{{ audit_base | default('audit', true) ~ '/' ~ inventory_hostname }}"
        title: "{{ audit__given.texts.audit_title | trim or 'Audit' }}"
      when: audit_wanted | default(true)
    - name: Say it
      ansible.builtin.debug:
        msg: "{{ audit_strict | default('no', true) }}"
"""


def given(playbook: str) -> Mapping[str, Any]:
    """Return what the source itself says: {variable: keys}."""
    listed = source()["playbooks"][playbook]["variables"]
    return {name: each if isinstance(each, dict) else {} for name, each in listed.items()}


def own(playbook: str) -> list[Variable]:
    """Return the variables that only the playbooks have."""
    return [each for each in variables(playbook) if each.name not in role_options() and each.name != "confd_hosts"]


def test_page_and_comments_are_up_to_date() -> None:
    outdated = [
        str(path.relative_to(ROOT))
        for path, text in playbook_docs.documents().items()
        if path.read_text(encoding="utf-8") != text
    ]
    assert not outdated, f"run make generate: {', '.join(outdated)}"


def test_every_playbook_is_documented() -> None:
    assert sorted(NAMES) == sorted(path.stem for path in PLAYBOOKS.glob("*.yml"))


@pytest.mark.parametrize("playbook", NAMES)
def test_every_variable_is_documented(playbook: str) -> None:
    documented = {each.name for each in variables(playbook)} | {*role_options(), *connection_variables()} | SHARED
    assert templates(playbook).variables - documented == set()


@pytest.mark.parametrize("playbook", NAMES)
def test_every_documented_variable_is_used(playbook: str) -> None:
    used = templates(playbook)
    plugins = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "plugins").rglob("*valid*.py"))
    for each in variables(playbook):
        reader = given(playbook)[each.name].get("read_by")
        of_role = used.has_role and each.name in role_options()
        assert each.name in used.variables or of_role or (reader in used.modules and f'"{each.name}"' in plugins), each


@pytest.mark.parametrize("playbook", NAMES)
def test_types_are_those_that_the_guard_checks(playbook: str) -> None:
    guarded = {name: {*names} for name, names in templates(playbook).guarded.items()}
    documented = own(playbook)
    assert guarded["booleans"] == {each.name for each in documented if each.type == "bool"}
    assert guarded["texts"] <= {each.name for each in documented if each.type == "str"}
    without_prefix = {each.name for each in documented if "_" not in each.name}
    assert guarded["of_run"] == without_prefix


@pytest.mark.parametrize("playbook", NAMES)
def test_defaults_have_the_documented_type(playbook: str) -> None:
    for each in variables(playbook):
        found = templates(playbook).default(each.name)
        if found in (None, OMIT, COMPUTED):
            continue
        assert isinstance(found, bool) == (each.type == "bool"), each.name
        assert not each.choices or found in each.choices, each.name
        assert not each.required, each.name


def test_another_default_than_the_playbook_has_is_an_error() -> None:
    used = of_plays(yaml.safe_load(PLAY))
    with pytest.raises(ValueError, match="audit_base has the default audit, and not reports"):
        default_of(used, "audit_base", {"default": "reports"}, {"type": "path"})
    with pytest.raises(ValueError, match="computed"):
        default_of(templates("export"), "export_directory", {}, {"type": "path"})
    assert default_of(used, "audit_base", {"default": "./audit"}, {"type": "path"}) == "./audit"


def test_the_reader_sees_variables_defaults_and_options() -> None:
    """Otherwise the tests above would hold of no variables at all."""
    used = of_plays(yaml.safe_load(PLAY))
    assert used.variables == {
        "confd_hosts",
        "audit_files",
        "audit_strict",
        "audit_base",
        "audit_title",
        "audit_wanted",
    }
    defaults = {name: used.default(name) for name in used.variables}
    assert defaults == {
        "confd_hosts": "confd",
        "audit_files": None,
        "audit_strict": OMIT,
        "audit_base": "audit",
        "audit_title": "Audit",
        "audit_wanted": True,
    }
    assert used.options == {
        "audit_files": {"confd_audit_report.merge_files"},
        "audit_strict": {"confd_audit_report.strict"},
        "audit_base": {"confd_audit_report.directory"},
        "audit_title": {"confd_audit_report.title"},
    }


def test_role_has_the_documented_variables_and_defaults() -> None:
    assert playbook_reader.role().variables - READ_BY_ALL == set(role_options())
    defaults = yaml.safe_load((ROLE / "defaults" / "main.yml").read_text(encoding="utf-8"))
    documented = {name: each["default"] for name, each in role_options().items() if "default" in each}
    assert defaults == documented


@pytest.mark.parametrize(("template", "question"), SURVEYS)
def test_surveys_ask_for_documented_variables(template: dict[str, Any], question: dict[str, Any]) -> None:
    playbook, name = template["playbook"].removesuffix(".yml"), question["variable"]
    documented = {each.name: each for each in [*variables(playbook), *playbook_docs.of_role()]}
    if any(name in str(value) for value in template.get("extra_vars", {}).values()):
        # The template makes a variable of the playbook of it.
        return
    variable = documented[name]
    choices = question["choices"].split("\n") if question["type"] == "multiplechoice" else []
    if variable.type == "bool":
        assert {*choices} == {"true", "false"}
    elif variable.choices:
        assert {*choices} <= {*variable.choices}
    elif name in role_options() and "choices" in role_options()[name]:
        assert {*choices} <= {*role_options()[name]["choices"]}
    assert question["required"] or not variable.required


@pytest.mark.parametrize(
    ("markup", "markdown"),
    [
        ("Whether O(strict=true) or V(a|b) count.", "Whether `audit_strict=true` or `a|b` count."),
        ("See O(xivo.confd.confd_user#module:email) and M(xivo.confd.confd_user).",
         "See `email` of `xivo.confd.confd_user` and `xivo.confd.confd_user`."),
        ("RV(report) is E(HOME) I(or) C(x).", "`report` is `HOME` or `x`."),
    ],
)  # fmt: skip
def test_markup_becomes_markdown(markup: str, markdown: str) -> None:
    assert convert(markup, {"strict": "audit_strict"}, mark="`") == markdown


def test_comments_have_the_first_sentence() -> None:
    assert first_sentence(["Mode, such as V(0640). See RV(x).", "More."]) == "Mode, such as V(0640)"
