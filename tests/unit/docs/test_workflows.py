# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The workflows of the forges call what exists, and test every supported version."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from support.paths import ROOT

GITHUB = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
GITLAB = ROOT / ".gitlab-ci.yml"
VERSIONS = yaml.safe_load((ROOT / "tests" / "matrix" / "versions.yml").read_text(encoding="utf-8"))


def content(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def commands(path: Path) -> Iterator[str]:
    """Yield each line that a workflow gives to a shell."""
    jobs = content(path)
    if path == GITLAB:
        scripts = [line for job in jobs.values() if isinstance(job, dict) for line in job.get("script", ())]
    else:
        scripts = [step["run"] for job in jobs["jobs"].values() for step in job["steps"] if "run" in step]
    for script in scripts:
        yield from script.splitlines()


@pytest.mark.parametrize("path", [*GITHUB, GITLAB], ids=lambda path: path.name)
def test_workflows_call_existing_targets(path: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    called = {match for line in commands(path) for match in re.findall(r"\bmake ([a-z-]+)", line)}
    programs = {match for line in commands(path) for match in re.findall(r"(?<!\S)(\.ci/\w+)", line)}

    assert called or programs
    assert called <= targets
    assert all((ROOT / program).is_file() for program in programs)


def test_sessions_of_workflows_are_those_of_nox() -> None:
    noxfile = (ROOT / "noxfile.py").read_text(encoding="utf-8")
    sessions = set(re.findall(r"^def (\w+)\(session: ", noxfile, re.MULTILINE))
    lines = [line for path in GITHUB for line in commands(path) if "--sessions" in line]
    called = set(" ".join(found for line in lines for found in re.findall(r"--sessions ([a-z ]+) --", line)).split())

    assert called == {"tests", "modules", "sanity", "units", "integration", "molecule"} <= sessions


@pytest.mark.parametrize("name", ["sanity", "units", "integration", "playbooks"])
def test_every_ansible_core_and_python_is_tested(name: str) -> None:
    """In a job of its own each, as those who review collections look for them."""
    job = content(ROOT / ".github" / "workflows" / "ci.yml")["jobs"][name]
    [setup] = [step for step in job["steps"] if "setup-python" in step.get("uses", "")]
    pythons = {python for listed in VERSIONS["ansible_core"].values() for python in listed} | {VERSIONS["modules"]}

    assert job["strategy"]["matrix"]["ansible-core"] == list(VERSIONS["ansible_core"])
    assert pythons <= set(setup["with"]["python-version"].split())


def test_checks_run_for_pull_requests_and_every_night() -> None:
    workflow = content(ROOT / ".github" / "workflows" / "ci.yml")

    assert {"pull_request", "schedule", "push"} <= workflow["on"].keys()
    assert {name for name, job in workflow["jobs"].items() if "if" in job} == {"all-generations"}


def test_only_a_tagged_version_is_published() -> None:
    workflow = content(ROOT / ".github" / "workflows" / "release.yml")
    lines = [line.strip() for line in commands(ROOT / ".github" / "workflows" / "release.yml")]

    assert list(workflow["on"]) == ["push"] and list(workflow["on"]["push"]) == ["tags"]
    assert [line.split()[0] for line in lines][:2] == ["test", "make"]
    assert lines[1] == "make release"


def test_ansible_lint_leaves_nothing_out() -> None:
    """Certification runs the profile production. It skips nothing, and needs nothing that only make sets."""
    settings = content(ROOT / ".ansible-lint")

    assert settings["profile"] == "production"
    assert not settings.keys() & {"offline", "skip_list", "warn_list", "mock_modules", "mock_roles"}
    assert "ansible-lint --profile=production --offline" in (ROOT / "Makefile").read_text(encoding="utf-8")
