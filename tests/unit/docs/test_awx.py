# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""playbooks/awx/controller.yml: what AWX would refuse, or would not do, is found here."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import jsonschema
import pytest
import yaml
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from jinja2.sandbox import ImmutableSandboxedEnvironment

from ansible_collections.xivo.confd.plugins.doc_fragments.connection import ModuleDocFragment
from ansible_collections.xivo.confd.plugins.module_utils._ansible.argument_specs import CONNECTION_SPEC
from support.awx_project import project_files
from support.paths import ROOT

PLAYBOOKS = ROOT / "playbooks"
ARGUMENT_SPECS = PLAYBOOKS.parent / "roles" / "provision" / "meta" / "argument_specs.yml"
CA_FILE = "/runner/env/tmp_ca"
ANSWERED = {
    "url": "https://pbx.example.org:9486",
    "hosts": "pbx.example.org",
    "username": "admin",
    "password": "pa55word",
    "token": "t0ken",
    "api": "wazo",
    "auth_url": "https://wazo.example.org/api/auth/0.1",
    "tenant": "acme",
    "ca_certificate": "-----BEGIN CERTIFICATE-----",
    "accept_any_certificate": True,
}


class Loader(yaml.SafeLoader):
    """Reads what Ansible keeps from being templated, as the text that it is."""


Loader.add_constructor("!unsafe", lambda loader, node: loader.construct_scalar(node))
DATA: dict[str, Any] = yaml.load((PLAYBOOKS / "awx" / "controller.yml").read_text(encoding="utf-8"), Loader)
(CREDENTIAL_TYPE,) = DATA["controller_credential_types"]
TEMPLATES = DATA["controller_templates"]
SURVEYS = [(template, question) for template in TEMPLATES for question in template["survey_spec"]["spec"]]

NAME = "^[a-zA-Z_][a-zA-Z0-9_]*$"
TEXT = {"type": "string"}
YES_NO = {"type": "boolean"}


def only(required: Mapping[str, Any], **optional: Any) -> dict[str, Any]:
    """The schema of an object that has these keys and no others."""
    return {
        "type": "object",
        "additionalProperties": False,
        "required": sorted(required),
        "properties": {**required, **optional},
    }


FIELD = only(
    {"id": {"type": "string", "pattern": NAME, "not": {"const": "tower"}}, "label": TEXT},
    type={"enum": ["string", "boolean"]},
    format={"enum": ["ssh_private_key", "url"]},
    choices={"type": "array", "items": TEXT, "minItems": 1},
    help_text=TEXT,
    multiline=YES_NO,
    secret=YES_NO,
    default={"type": ["string", "boolean"]},
)
INJECTORS = only(
    {
        "env": {"type": "object", "propertyNames": {"pattern": "^CONFD_"}, "additionalProperties": TEXT},
        "file": {"type": "object", "propertyNames": {"pattern": r"^template\.\w+$"}, "additionalProperties": TEXT},
    }
)
TYPE = only(
    {
        "name": TEXT,
        "description": TEXT,
        "kind": {"enum": ["cloud", "net"]},
        "inputs": only({"fields": {"type": "array", "items": FIELD}}),
        "injectors": INJECTORS,
    }
)
"""What AWX accepts of a credential type of one's own (its CredentialTypeInputField and CredentialTypeInjectorField)."""

LENGTH = {"type": ["integer", "null"]}
QUESTION = {
    **only(
        {
            "question_name": TEXT,
            "question_description": TEXT,
            "variable": {"type": "string", "pattern": NAME},
            "type": {"enum": ["text", "textarea", "password", "multiplechoice", "multiselect", "integer", "float"]},
            "required": YES_NO,
            # Without a default, the page of AWX cannot edit a question.
            "default": TEXT,
        },
        choices=TEXT,
        min=LENGTH,
        max=LENGTH,
    ),
    "if": {"properties": {"type": {"enum": ["multiplechoice", "multiselect"]}}},
    "then": {"required": ["choices"]},
}
SURVEY = only({"name": TEXT, "description": TEXT, "spec": {"type": "array", "minItems": 1, "items": QUESTION}})
JOB_TEMPLATE = only(
    {
        **dict.fromkeys(("name", "description", "organization", "project", "inventory", "execution_environment"), TEXT),
        "job_type": {"enum": ["run", "check"]},
        "playbook": TEXT,
        "credentials": {"type": "array", "items": TEXT},
        "survey_enabled": {"const": True},
        "survey_spec": SURVEY,
    },
    extra_vars={"type": "object"},
    **dict.fromkeys((f"ask_{what}_on_launch" for what in ("job_type", "diff_mode", "limit")), YES_NO),
)
"""Keys that the module job_template and the role controller_job_templates have, and what AWX checks of a survey."""


def test_the_credential_type_is_one_that_awx_accepts() -> None:
    jsonschema.validate(CREDENTIAL_TYPE, TYPE)
    fields = CREDENTIAL_TYPE["inputs"]["fields"]
    assert len({field["id"] for field in fields}) == len(fields)
    for field in fields:
        assert field["type"] == "string" or not field.keys() & {"choices", "multiline", "format", "secret"}


def test_the_credential_sets_every_documented_variable() -> None:
    documented = set(re.findall(r"E\((CONFD_\w+)\)", ModuleDocFragment.DOCUMENTATION))

    assert set(CREDENTIAL_TYPE["injectors"]["env"]) == documented


def injected(given: Mapping[str, Any]) -> dict[str, str]:
    """The environment that AWX makes of a credential: empty fields are undefined, boxes never ticked are false."""
    fields = CREDENTIAL_TYPE["inputs"]["fields"]
    boxes = {field["id"]: False for field in fields if field["type"] == "boolean"}
    files = {name.partition(".")[2]: CA_FILE for name in CREDENTIAL_TYPE["injectors"]["file"]}
    namespace = {**boxes, **given, "tower": SimpleNamespace(filename=SimpleNamespace(**files))}
    jinja = ImmutableSandboxedEnvironment()
    templates = CREDENTIAL_TYPE["injectors"]["env"]
    return {name: jinja.from_string(text).render(**namespace) for name, text in templates.items()}


def options_of(environment: Mapping[str, str], monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    found = ArgumentSpecValidator(CONNECTION_SPEC).validate({})
    assert found.error_messages == []
    return dict(found.validated_parameters)


def test_every_field_of_a_credential_reaches_the_modules(monkeypatch: pytest.MonkeyPatch) -> None:
    assert set(ANSWERED) == {field["id"] for field in CREDENTIAL_TYPE["inputs"]["fields"]}

    options = options_of(injected(ANSWERED), monkeypatch)

    assert options == {
        **{f"confd_{name}": ANSWERED[name] for name in ("url", "username", "password", "token", "api")},
        **{f"confd_{name}": ANSWERED[name] for name in ("auth_url", "tenant")},
        "ca_path": CA_FILE,
        "validate_certs": False,
        "timeout": 30.0,
        "answer_timeout": 300.0,
        "max_answer_size": 256.0,
        "retries": 3,
    }


def test_empty_fields_of_a_credential_are_as_if_not_given(monkeypatch: pytest.MonkeyPatch) -> None:
    options = options_of(injected({"url": ANSWERED["url"]}), monkeypatch)

    assert {name: value for name, value in options.items() if value is not None} == {
        "confd_url": ANSWERED["url"],
        "confd_api": "auto",
        "validate_certs": True,
        "timeout": 30.0,
        "answer_timeout": 300.0,
        "max_answer_size": 256.0,
        "retries": 3,
    }


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template["playbook"])
def test_each_job_template_is_one_that_awx_accepts(template: dict[str, Any]) -> None:
    jsonschema.validate(template, JOB_TEMPLATE)
    variables = [question["variable"] for question in template["survey_spec"]["spec"]]
    assert len(set(variables)) == len(variables)
    for text in (template[key] for key in ("organization", "project", "inventory", "execution_environment")):
        assert text.strip("{} ") in DATA


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template["playbook"])
def test_each_job_template_runs_a_playbook_of_the_collection(template: dict[str, Any]) -> None:
    assert imported(template).is_file()


def test_everything_to_run_has_a_job_template() -> None:
    assert {template["playbook"] for template in TEMPLATES} == set(project_files())


@pytest.mark.parametrize(("template", "question"), SURVEYS, ids=lambda value: value.get("variable", ""))
def test_each_answer_is_used(template: dict[str, Any], question: dict[str, Any]) -> None:
    files = [imported(template)]
    lines = [line for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    known = [*template.get("extra_vars", {}).values(), *(line for line in lines if not line.startswith("#"))]
    if any("xivo.confd.provision" in line for line in known):
        known += yaml.safe_load(ARGUMENT_SPECS.read_text(encoding="utf-8"))["argument_specs"]["main"]["options"]

    assert any(re.search(rf"\b{question['variable']}\b", text) for text in known)


@pytest.mark.parametrize("question", [question for _template, question in SURVEYS if "choices" in question], ids=str)
def test_defaults_are_choices_and_choices_are_known(question: dict[str, Any]) -> None:
    choices = question["choices"].split("\n")
    assert question["default"] in choices
    options = yaml.safe_load(ARGUMENT_SPECS.read_text(encoding="utf-8"))["argument_specs"]["main"]["options"]
    option = options.get(question["variable"], {})
    if "choices" in option:
        assert choices == option["choices"]
    elif option.get("type") == "bool":
        assert sorted(choices) == ["false", "true"]


def imported(template: Mapping[str, Any]) -> Path:
    """The playbook of the collection that the one of the AWX project imports."""
    (play,) = yaml.safe_load(project_files()[template["playbook"]])
    namespace, _dot, name = play["ansible.builtin.import_playbook"].rpartition(".")
    assert namespace == "xivo.confd"
    return PLAYBOOKS / f"{name}.yml"
