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
from support.awx_project import controller, project_files
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
    "auth_backend": "xivo_admin",
    "tenant": "acme",
    "ca_certificate": "-----BEGIN CERTIFICATE-----",
    "accept_any_certificate": True,
}


SERVERS = ("rome", "paris")
DATA = controller(
    *SERVERS,
    confd_awx_notifications=["telephone team"],
    confd_awx_execution_environment="own",
    confd_awx_image="registry.example.org/own",
    confd_awx_vault_credentials=["team"],
)
(CREDENTIAL_TYPE,) = DATA["controller_credential_types"]
TEMPLATES = DATA["controller_templates"]
(WORKFLOW,) = DATA["controller_workflows"]
SURVEYS = [
    (template, question) for template in TEMPLATES for question in template.get("survey_spec", {}).get("spec", ())
]

NAME = "^[a-zA-Z_][a-zA-Z0-9_]*$"
TEXT = {"type": "string"}
TEXTS = {"type": "array", "items": TEXT}
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
        "credentials": TEXTS,
    },
    survey_enabled={"const": True},
    survey_spec=SURVEY,
    extra_vars={"type": "object"},
    **dict.fromkeys((f"ask_{what}_on_launch" for what in ("job_type", "diff_mode")), YES_NO),
)
"""Keys that the module job_template and the role controller_job_templates have, and what AWX checks of a survey."""
NODES = {"type": "array", "minItems": 1, "items": only({"identifier": TEXT})}
ORGANIZATION = only({"name": TEXT})
JOB_NODE = only({"name": TEXT, "type": {"const": "job_template"}, "organization": ORGANIZATION})
APPROVAL_NODE = only(
    {"name": TEXT, "type": {"const": "workflow_approval"}}, description=TEXT, timeout={"type": "integer", "minimum": 0}
)
NODE = only(
    {"identifier": TEXT, "unified_job_template": {"anyOf": [JOB_NODE, APPROVAL_NODE]}},
    related=only({}, success_nodes=NODES, failure_nodes=NODES, always_nodes=NODES),
)
OBJECTS = {
    "controller_projects": only(
        {"name": TEXT, "organization": TEXT, "scm_type": {"const": "git"}, "scm_url": TEXT},
        description=TEXT,
        scm_branch=TEXT,
        credential={"type": ["string", "null"]},
        scm_update_on_launch=YES_NO,
    ),
    "controller_inventories": only({"name": TEXT, "organization": TEXT}, description=TEXT),
    "controller_inventory_sources": only(
        {"name": TEXT, "inventory": TEXT, "organization": TEXT, "source": {"const": "scm"}, "source_project": TEXT},
        source_path=TEXT,
        **dict.fromkeys(("overwrite", "overwrite_vars", "update_on_launch"), YES_NO),
    ),
    "controller_execution_environments": only({"name": TEXT, "image": TEXT}),
    "controller_credentials": only(
        {"name": TEXT, "organization": TEXT, "credential_type": TEXT, "inputs": {"type": "object"}}, description=TEXT
    ),
    "controller_templates": JOB_TEMPLATE,
    "controller_workflows": only(
        {"name": TEXT, "organization": TEXT, "workflow_nodes": {"type": "array", "items": NODE}},
        description=TEXT,
        allow_simultaneous=YES_NO,
        survey_enabled={"const": True},
        survey_spec=SURVEY,
        notification_templates_approvals=TEXTS,
        notification_templates_error=TEXTS,
    ),
}
"""Keys that both the modules of awx.awx 24 and the roles of infra.aap_configuration have; a null is as if left out."""


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
        **{f"confd_{name}": ANSWERED[name] for name in ("auth_url", "auth_backend", "tenant")},
        "ca_path": CA_FILE,
        "validate_certs": False,
        "timeout": 30.0,
        "answer_timeout": 300.0,
        "max_answer_size": 256.0,
        "max_requests_per_second": None,
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


@pytest.mark.parametrize("name", OBJECTS)
def test_each_object_is_one_that_awx_accepts(name: str) -> None:
    for each in DATA[name]:
        jsonschema.validate(each, OBJECTS[name])
        questions = each.get("survey_spec", {}).get("spec", ())
        assert len({question["variable"] for question in questions}) == len(questions)
        assert ("survey_spec" in each) is ("survey_enabled" in each)


def test_objects_refer_to_each_other() -> None:
    """By the names that the first part of the file gives them."""
    known = {name: {each["name"] for each in DATA[f"controller_{name}"]} for name in ("projects", "inventories")}
    (environment,) = DATA["controller_execution_environments"]
    (credential,) = DATA["controller_credentials"]
    assert credential["credential_type"] == CREDENTIAL_TYPE["name"]
    for template in TEMPLATES:
        assert {template["project"]} == known["projects"]
        assert {template["inventory"]} == known["inventories"]
        assert (template["credentials"], template["execution_environment"]) == (
            [credential["name"], "team"],
            environment["name"],
        )
    (source,) = DATA["controller_inventory_sources"]
    assert ({source["source_project"]}, {source["inventory"]}) == (known["projects"], known["inventories"])


def test_no_image_is_no_execution_environment() -> None:
    data = controller(*SERVERS)
    assert data["controller_execution_environments"] == []
    assert {template["execution_environment"] for template in data["controller_templates"]} == {""}


def test_servers_are_chosen_and_not_typed() -> None:
    """A job about a person has no server by default, unless there is only one."""
    for template, question in [*SURVEYS, *((WORKFLOW, each) for each in WORKFLOW["survey_spec"]["spec"])]:
        if question["variable"] == "confd_hosts":
            is_person = "employee" in template["name"]
            choices, default = ("paris\nrome", "") if is_person else ("confd\nparis\nrome", "confd")
            assert (question["type"], question["choices"], question["default"]) == ("multiplechoice", choices, default)
    assert sum(question["variable"] == "confd_hosts" for _template, question in SURVEYS) == len(TEMPLATES) - 1

    person, *_others = controller("pbx")["controller_templates"]
    assert person["survey_spec"]["spec"][0]["default"] == "pbx"


# The workflow


def test_the_workflow_is_a_chain_of_job_templates() -> None:
    nodes = {node["identifier"]: node for node in WORKFLOW["workflow_nodes"]}
    chain, identifier = [], "plan"
    while identifier:
        chain.append(nodes[identifier]["unified_job_template"])
        (following,) = nodes[identifier].get("related", {}).get("success_nodes", [{"identifier": ""}])
        identifier = following["identifier"]
    assert len(chain) == len(nodes)
    assert [each["type"].removeprefix("workflow_") for each in chain] == [
        "job_template",
        "approval",
        "job_template",
        "job_template",
    ]
    templates = {template["name"]: template for template in TEMPLATES}
    jobs = [templates[each["name"]] for each in chain if each["type"] == "job_template"]
    assert [job["playbook"] for job in jobs] == ["plan.yml", "provision.yml", "audit.yml"]


def test_a_failed_job_fails_the_workflow() -> None:
    """AWX takes a failure for handled if its node has a path for failures, or for any end."""
    for node in WORKFLOW["workflow_nodes"]:
        assert node.get("related", {}).keys() <= {"success_nodes"}


def test_plan_and_apply_get_the_same_answers() -> None:
    """The answers of the survey of a workflow go to all of its jobs; options of the plan alone would be differences."""
    (plan,) = [template for template in TEMPLATES if template["playbook"] == "plan.yml"]
    assert WORKFLOW["survey_spec"]["spec"] == plan["survey_spec"]["spec"]


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template["name"])
def test_each_job_template_runs_a_playbook_of_the_collection(template: dict[str, Any]) -> None:
    assert imported(template).is_file()


def test_everything_to_run_has_a_job_template() -> None:
    assert {template["playbook"] for template in TEMPLATES} == set(project_files())


@pytest.mark.parametrize(("template", "question"), SURVEYS, ids=lambda value: value.get("variable", ""))
def test_each_answer_is_used(template: dict[str, Any], question: dict[str, Any]) -> None:
    files = [imported(template)]
    lines = [line for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    known = [*template.get("extra_vars", {}).values(), *(line for line in lines if not line.startswith("#"))]
    if any("xivo.confd.provision" in line or "provision_users" in line for line in known):
        known += yaml.safe_load(ARGUMENT_SPECS.read_text(encoding="utf-8"))["argument_specs"]["main"]["options"]

    assert any(re.search(rf"\b{question['variable']}\b", text) for text in known)


def test_typed_answers_are_read_as_texts() -> None:
    """As confd_guard returns them: ansible-core 2.19 and later make numbers, dates and booleans of them."""
    paths = {"audit_directory", "export_base"}
    for template, question in SURVEYS:
        if question["type"] in ("text", "password") and question["variable"] not in paths:
            guards = [
                task["xivo.confd.confd_guard"]
                for play in yaml.safe_load(imported(template).read_text(encoding="utf-8"))
                for task in play["tasks"]
                if task.get("xivo.confd.confd_guard")
            ]
            assert any(question["variable"] in each.get("texts", ()) for each in guards), question["variable"]


@pytest.mark.parametrize("question", [question for _template, question in SURVEYS if "choices" in question], ids=str)
def test_defaults_are_choices_and_choices_are_known(question: dict[str, Any]) -> None:
    choices = question["choices"].split("\n")
    assert question["default"] in (*choices, *([""] if question["variable"] == "confd_hosts" else []))
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
