# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check the documentation of the plugins against what Ansible's own checks ask for, and what they leave out."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.xivo.confd.plugins.module_utils._backends.registry import GENERATIONS
from ansible_collections.xivo.confd.plugins.module_utils._model.resources import (
    EXTENSION,
    LINE,
    USER,
    VOICEMAIL,
    Resource,
)
from ansible_collections.xivo.confd.plugins.module_utils._model.rules import LARGEST_INTEGER, Rule, ValueRule
from support.paths import ROOT

PLUGINS = ROOT / "plugins"
MODULES = sorted((PLUGINS / "modules").glob("*.py"))
OTHERS = ("doc_fragments", "filter", "lookup")
DOCUMENTED = [*MODULES, *(path for folder in OTHERS for path in sorted((PLUGINS / folder).glob("*.py")))]

VERBS = ("Manage", "Read", "Write", "Check", "Undo", "Make", "Fill", "Provision")
LONGEST = 80

every_file = pytest.mark.parametrize("path", DOCUMENTED, ids=lambda path: f"{path.parent.name}/{path.stem}")
every_module = pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)


@cache
def parts(path: Path) -> dict[str, Any]:
    """Return {name: data} of the documentation of a plugin, and of all parts of a fragment."""
    found = {}
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            name = node.targets[0].id
            if isinstance(node.value, ast.Constant) and name.isupper() and name != "EXAMPLES":
                found[name] = yaml.safe_load(str(node.value.value))
    return {name: data for name, data in found.items() if isinstance(data, dict)}


def options_of(documented: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Return the options of a plugin with their sub-options: name and documentation."""
    for name, option in (documented.get("options") or documented.get("suboptions") or {}).items():
        yield name, option
        yield from options_of({"suboptions": option.get("suboptions")})


def results_of(documented: Mapping[str, Any]) -> Iterator[str]:
    """Return the names of the results of a module, with those inside of them."""
    for name, result in documented.items():
        yield name
        yield from results_of(result.get("contains") or {})


@every_file
def test_choices_are_a_list(path: Path) -> None:
    """Ansible-test of ansible-core 2.16 knows no other choices. So the description says what each of them means."""
    for data in parts(path).values():
        for name, option in options_of(data):
            choices = option.get("choices", [])
            assert isinstance(choices, list), name
            explained = [choice for choice in choices if f"V({choice})" in str(option["description"])]
            assert explained in ([], choices), f"{name}: only {explained} are explained"


@every_file
def test_markup_is_read_as_it_was_meant(path: Path) -> None:
    """C(...) ends at the first parenthesis. V(...) takes a backslash before one that belongs to the value."""
    for text in texts_of(list(parts(path).values())):
        assert not re.search(r"\bC\([^)]*\\", text), text
        for value in re.findall(r"\b[VE]\(((?:[^\\)]|\\.)*)\)", text):
            assert value.count("(") == value.count(")"), text


def texts_of(data: Any) -> Iterator[str]:
    """Return all texts of a documentation."""
    if isinstance(data, str):
        yield data
    elif isinstance(data, (list, dict)):
        for each in data.values() if isinstance(data, dict) else data:
            yield from texts_of(each)


@every_module
def test_no_result_has_the_name_of_a_method(path: Path) -> None:
    """In Jinja, a dot before "keys" or "items" is a method of the dictionary."""
    names = [name for name in results_of(parts(path).get("RETURN", {})) if hasattr(dict, name)]
    assert not names


@every_module
def test_every_module_says_what_it_requires(path: Path) -> None:
    """A module that is only an action plugin needs no Python on a host. confd_export_files reads on the host."""
    fragments = parts(path)["DOCUMENTATION"]["extends_documentation_fragment"]
    on_controller_only = path.stem in ("confd_guard", "confd_validate")
    assert "xivo.confd.requirements" in fragments
    assert ("xivo.confd.requirements.host" in fragments) is not on_controller_only


@every_file
def test_a_short_description_says_what_it_does(path: Path) -> None:
    """A verb in the imperative and what it acts on. "Manage" is for what a module creates, changes and removes."""
    data = parts(path).get("DOCUMENTATION", {})
    if path.parent.name != "doc_fragments":
        text = data["short_description"]
        verb = text.split()[0]
        assert verb in VERBS, text
        assert not text.endswith("."), text
        assert len(text) <= LONGEST, text
        if "module" in data:
            options = data.get("options", {})
            assert "state" not in options or verb == "Manage", text
            assert not data["module"].endswith("_info") or verb == "Read", text


@every_module
def test_an_option_that_is_not_idempotent_is_named(path: Path) -> None:
    """The attribute says so, and the option, too."""
    data = parts(path)["DOCUMENTATION"]
    if "new" in data["options"]:
        attribute = data["attributes"]["idempotent"]
        assert attribute["support"] == "partial"
        assert "O(new=true)" in str(attribute["description"])
        assert "not idempotent" in str(data["options"]["new"]["description"])


@pytest.mark.parametrize("folder", ["module_utils", "plugin_utils"])
def test_utilities_are_private(folder: str) -> None:
    """The README says so: their names begin with an underscore."""
    public = [path.name for path in (PLUGINS / folder).iterdir() if not path.name.startswith("_")]
    assert not public
    for page in ("README.md", "CONTRIBUTING.md"):
        assert f"`plugins/{folder}`" in (ROOT / page).read_text(encoding="utf-8")


@pytest.mark.parametrize("resource", [USER, LINE, EXTENSION, VOICEMAIL], ids=lambda resource: resource.name)
def test_limits_that_differ_between_servers_are_named(resource: Resource) -> None:
    """The option says on which servers it takes less, and the numbers. Those of all servers are in the messages."""
    options = parts(PLUGINS / "modules" / f"confd_{resource.name}.py")["DOCUMENTATION"]["options"]
    for field in resource.fields:
        having = [backend for backend in GENERATIONS.values() if backend.has_field(resource, field.name)]
        limits = [limits_of(backend.rules, resource, field.name) for backend in having]
        text = " ".join(options.get(field.name, {}).get("description", ()))
        if any(each != limits[0] for each in limits):
            assert "XiVO" in text, field.name
            numbers = {number for each in limits for number in each.values() if isinstance(number, int)}
            missing = [number for number in numbers if f"{number}" not in text]
            assert not missing, f"{field.name}: {missing}"


def limits_of(rules: Iterable[Rule], resource: Resource, name: str) -> dict[str, object]:
    """Return {attribute of a rule: limit} of what a generation accepts for a field, without the smallest number."""
    found: dict[str, object] = {}
    for rule in rules:
        if isinstance(rule, ValueRule) and (rule.resource, rule.field) == (resource.name, name):
            limits = {"longest": rule.longest, "most": rule.most, "pattern": rule.pattern, "accepts": rule.accepts}
            found |= {key: limit for key, limit in limits.items() if limit and limit != LARGEST_INTEGER}
    return found
