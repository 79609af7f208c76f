# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs job templates and workflows as AWX does, with its engine, ansible-runner.

What AWX does with variables, artifacts and nodes is from its source after release 24.6.1: awx/main/models/workflow.py
(get_job_kwargs) and mixins.py (surveys), awx/main/scheduler/dag_workflow.py, awx/main/utils/safe_yaml.py.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import ansible_runner
import yaml

from simulator import Simulator
from support.awx_project import UnsafeDumper, project_files
from support.playbooks import ROOT, connection_environment

Template = Mapping[str, Any]
Approver = Callable[["WorkflowJob"], bool]
"""Decides on an approval node of a workflow that has come so far."""


class Project:
    """A project that AWX has checked out, with its credential and its inventory of one server.

    host_vars: the variables of the server, localhost.
    """

    def __init__(self, folder: Path, sim: Simulator) -> None:
        self.folder = folder
        self.host_vars: dict[str, Any] = {}
        for name, text in project_files().items():
            (folder / "project").mkdir(exist_ok=True)
            (folder / "project" / name).write_text(text, encoding="utf-8")
        self.environment = {
            **connection_environment(sim),
            "ANSIBLE_COLLECTIONS_PATH": str(ROOT / ".cache" / "collections"),
            "ANSIBLE_CONFIG": str(ROOT / "tests" / "ansible.cfg"),
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        }

    def run(self, playbook: str, ident: str, variables: Mapping[str, Any], **options: Any) -> ansible_runner.Runner:
        """Run a playbook. variables: the extra variables, put where AWX puts them, for all can read a command line."""
        (self.folder / "env").mkdir(exist_ok=True)
        text = yaml.dump(dict(variables), Dumper=UnsafeDumper)
        (self.folder / "env" / "extravars").write_text(text, encoding="utf-8")
        return ansible_runner.run(
            private_data_dir=str(self.folder),
            ident=ident,
            playbook=playbook,
            inventory={"confd": {"hosts": {"localhost": {"ansible_connection": "local", **self.host_vars}}}},
            envvars=self.environment,
            settings={"pexpect_timeout": 1, "suppress_ansible_output": True},
            **options,
        )


@dataclass
class Job:
    """What ran in a node. ancestor_artifacts: those that the node got."""

    status: str
    output: str = ""
    artifacts: dict[str, Any] = field(default_factory=dict)
    ancestor_artifacts: dict[str, Any] = field(default_factory=dict)


class WorkflowJob:
    """A run of a workflow. jobs: {identifier: job} of the nodes that ran, in their order."""

    def __init__(self, data: Mapping[str, Any], project: Project) -> None:
        (self.workflow,) = data["controller_workflows"]
        self.templates = {template["name"]: template for template in data["controller_templates"]}
        self.nodes = {node["identifier"]: node for node in self.workflow["workflow_nodes"]}
        self.project = project
        self.jobs: dict[str, Job] = {}
        self._skipped: set[str] = set()

    def launch(self, answers: Mapping[str, Any], approve: Approver) -> WorkflowJob:
        """Run all nodes. answers: of the survey; AssertionError if AWX would not take them."""
        assert wrong_answers(self.workflow, answers) == []
        known = {**defaults(self.workflow), **answers}
        while waiting := [name for name in self.nodes if name not in self.jobs and name not in self._skipped]:
            name = next(each for each in waiting if not self._parents(each).keys() - self.jobs.keys() - self._skipped)
            if self._is_reached(name):
                self.jobs[name] = self._run_node(name, known, approve)
            else:
                self._skipped.add(name)
        return self

    @property
    def status(self) -> str:
        """Failed, if a node without a path for failures has failed."""
        failed = [name for name, job in self.jobs.items() if job.status == "failed"]
        return "failed" if any(not self._children(name, "failure") for name in failed) else "successful"

    def _children(self, name: str, status: str) -> set[str]:
        related = self.nodes[name].get("related", {})
        status = {"successful": "success", "failed": "failure"}.get(status, status)
        return {each["identifier"] for kind in (status, "always") for each in related.get(f"{kind}_nodes", ())}

    def _parents(self, name: str) -> dict[str, Any]:
        kinds = ("success", "failure")
        return {each: node for each, node in self.nodes.items() if any(name in self._children(each, k) for k in kinds)}

    def _is_reached(self, name: str) -> bool:
        parents = self._parents(name)
        ran = [each for each in parents if each in self.jobs]
        return not parents or any(name in self._children(each, self.jobs[each].status) for each in ran)

    def _run_node(self, name: str, known: Mapping[str, Any], approve: Approver) -> Job:
        artifacts: dict[str, Any] = {}
        for parent in self._parents(name):
            if parent in self.jobs:
                artifacts |= self.jobs[parent].ancestor_artifacts | self.jobs[parent].artifacts
        what = self.nodes[name]["unified_job_template"]
        if what["type"] == "workflow_approval":
            return Job("successful" if approve(self) else "failed", ancestor_artifacts=artifacts)
        template = self.templates[what["name"]]
        # Artifacts and answers of the workflow's survey need no question and no "prompt on launch" of the job template.
        variables = {**template.get("extra_vars", {}), **defaults(template), **artifacts, **known}
        job_id = 100 + len(self.jobs)
        variables |= {"awx_job_id": job_id, "awx_user_name": "ada", "awx_workflow_job_id": 99}
        done = self.project.run(template["playbook"], str(job_id), variables)
        (stats,) = [each["event_data"] for each in done.events if each["event"] == "playbook_on_stats"]
        return Job(done.status, done.stdout.read(), dict(stats["artifact_data"]), artifacts)


def questions(template: Template) -> list[dict[str, Any]]:
    """Return the questions of the survey of a job template or workflow."""
    found: list[dict[str, Any]] = template.get("survey_spec", {}).get("spec", [])
    return found


def is_wrong(question: Mapping[str, Any], value: Any) -> bool:
    """Return whether AWX refuses an answer."""
    if question["type"] == "multiplechoice":
        return value not in question["choices"].splitlines()
    return not isinstance(value, str) or not question["min"] <= len(value) <= question["max"]


def defaults(template: Template) -> dict[str, Any]:
    """Return the answers that a survey has by itself. AWX drops a default that would be refused as an answer."""
    return {each["variable"]: each["default"] for each in questions(template) if not is_wrong(each, each["default"])}


def wrong_answers(template: Template, answers: Mapping[str, Any]) -> list[str]:
    """Return the variables for which AWX refuses to launch a job template or workflow."""
    known = {**defaults(template), **answers}
    missing = [each["variable"] for each in questions(template) if each["required"] and each["variable"] not in known]
    asked = {each["variable"]: each for each in questions(template)}
    return missing + [name for name in answers if name not in asked or is_wrong(asked[name], answers[name])]
