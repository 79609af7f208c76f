# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One cell of the matrix: its virtual environments, and pytest in them."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO
from xml.etree import ElementTree

from matrix.found import Combination, requirement

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / ".cache" / "matrix"
PIP = ("-m", "pip", "install", "-qq", "--disable-pip-version-check", "--prefer-binary")
REQUIREMENTS = [argument for name in ("simulator", "pytest") for argument in ("-r", f"requirements/{name}.txt")]
ANSIBLE_VERSION = "from ansible.release import __version__; print(__version__)"
UNITS = ("tests/unit", "--ignore=tests/unit/bulk/test_properties.py")
ON_ONE_GENERATION = ("-k", "not xivo16 and not wazo")
"""Playbooks are played on the oldest generation of the API: the others differ below what Ansible sees."""
PLAYBOOKS = (
    *ON_ONE_GENERATION,
    *(
        f"tests/integration/test_{name}.py"
        for name in ("modules", "in_process", "readme", "new_employee", "audit_and_export")
    ),
)
QUICK = (*ON_ONE_GENERATION, "tests/integration/test_readme.py", "tests/integration/test_audit_and_export.py")
PLAYBOOKS_ON_A_HOST = (*ON_ONE_GENERATION, "tests/integration/test_readme.py", "tests/integration/test_tutorial.py")


@dataclass
class Outcome:
    """What became of one combination; ``trouble`` is why there were no tests, or ''."""

    combination: Combination
    ansible: str = ""
    passed: int = 0
    failed: int = 0
    trouble: str = ""
    log: Path | None = None

    @property
    def fine(self) -> bool:
        return not self.failed and not self.trouble and self.passed > 0


def tried(
    combination: Combination, pythons: Mapping[str, Path], listed: Mapping[str, Any], jobs: int, quick: bool = False
) -> Outcome:
    """Install and test one combination, so many tests at once; ``quick`` leaves out the units and most playbooks."""
    folder = FOLDER / _slug(combination)
    folder.mkdir(parents=True, exist_ok=True)
    outcome = Outcome(combination, log=folder / "log")
    with (folder / "log").open("w", encoding="utf-8") as log:
        try:
            python = controller(combination.controller, pythons, listed, log)
            modules = host(combination.modules, pythons, log) if combination.modules else python
            outcome.ansible = subprocess.check_output([python, "-c", ANSIBLE_VERSION], text=True).strip()
        except (OSError, subprocess.CalledProcessError) as error:
            outcome.trouble = f"cannot be installed: {error}"
            return outcome
        environment = {
            **os.environ,
            "PATH": f"{python.parent}{os.pathsep}{os.environ['PATH']}",
            "TEST_MODULE_PYTHON": str(modules),
        }
        suites = (PLAYBOOKS_ON_A_HOST,) if combination.modules else (QUICK,) if quick else (PLAYBOOKS, UNITS)
        for suite in suites:
            _test(outcome, [python, "-m", "pytest", "-q", "-n", str(jobs), *suite], environment, log)
    return outcome


def controller(combination: Combination, pythons: Mapping[str, Path], listed: Mapping[str, Any], log: TextIO) -> Path:
    """The Python of a virtual environment with ansible-core, the simulator and pytest."""
    wanted = [requirement(combination.ansible, listed), *REQUIREMENTS]
    return _environment(FOLDER / _slug(combination) / "venv", pythons[combination.python], wanted, log)


def host(version: str, pythons: Mapping[str, Path], log: TextIO) -> Path:
    """The Python of a virtual environment with what modules need, and nothing else."""
    return _environment(FOLDER / f"modules-{version}", pythons[version], ["-r", "meta/ee-requirements.txt"], log)


def _environment(folder: Path, python: Path, wanted: Sequence[str], log: TextIO) -> Path:
    """Make or complete a virtual environment; CalledProcessError where pip cannot."""
    environment = {**os.environ, "HOME": os.environ["USER_HOME"]}
    inside = folder / "bin" / "python"
    if not inside.exists():
        subprocess.run([python, "-m", "venv", folder], stdout=log, stderr=log, env=environment, check=True)
    subprocess.run([inside, *PIP, *wanted], cwd=ROOT, stdout=log, stderr=log, env=environment, check=True)
    return inside


def _test(outcome: Outcome, command: Sequence[Any], environment: Mapping[str, str], log: TextIO) -> None:
    """Run pytest and count."""
    report = FOLDER / "junit.xml"
    report.unlink(missing_ok=True)
    log.flush()
    command = [*command, f"--junitxml={report}"]
    done = subprocess.run(command, cwd=ROOT, env=environment, stdout=log, stderr=log, check=False)
    suite = ElementTree.parse(report).getroot()[0] if report.exists() else {}
    tests, skipped, failures, errors = (int(suite.get(key, 0)) for key in ("tests", "skipped", "failures", "errors"))
    outcome.passed += tests - skipped - failures - errors
    outcome.failed += failures + errors
    if done.returncode and not failures + errors:
        outcome.trouble = f"pytest ended with {done.returncode}"


def _slug(combination: Combination) -> str:
    name = f"ansible-{combination.ansible}-python-{combination.python}"
    return f"{name}-modules-{combination.modules}" if combination.modules else name
