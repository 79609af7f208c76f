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
from typing import Any
from xml.etree import ElementTree

from matrix.found import Combination, requirement

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / ".cache" / "matrix"
PIP = ("-m", "pip", "install", "-qq", "--disable-pip-version-check", "--prefer-binary")
REQUIREMENTS = [argument for name in ("simulator", "pytest") for argument in ("-r", f"requirements/{name}.txt")]
ANSIBLE_VERSION = "from ansible.release import __version__; print(__version__)"
GENERATION = ("-k", "not xivo16 and not wazo")
"""Playbooks are played on one generation of the API, the oldest: the others differ below what Ansible sees."""
UNITS = ("tests/unit", "--ignore=tests/unit/test_properties.py")
PLAYBOOKS = tuple(f"tests/integration/test_{name}.py" for name in ("modules", "readme", "chapters", "errors"))
OTHER_PLAYBOOKS = ("tests/integration/test_audit_and_export.py",)
ON_A_HOST = ("tests/integration/test_readme.py", "tests/integration/test_tutorial.py")


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


def tried(combination: Combination, pythons: Mapping[str, Path], listed: Mapping[str, Any]) -> Outcome:
    """Install and test one combination."""
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
        _test(outcome, python, modules, folder / "junit.xml", log)
    return outcome


def controller(combination: Combination, pythons: Mapping[str, Path], listed: Mapping[str, Any], log: Any) -> Path:
    """The Python of a virtual environment with ansible-core, the simulator and pytest."""
    wanted = [requirement(combination.ansible, listed), *REQUIREMENTS]
    return _environment(FOLDER / _slug(combination) / "venv", pythons[combination.python], wanted, log)


def host(version: str, pythons: Mapping[str, Path], log: Any) -> Path:
    """The Python of a virtual environment with what modules need, and nothing else."""
    return _environment(FOLDER / f"modules-{version}", pythons[version], ["-r", "meta/ee-requirements.txt"], log)


def _environment(folder: Path, python: Path, wanted: Sequence[str], log: Any) -> Path:
    """Make or complete a virtual environment; CalledProcessError where pip cannot."""
    environment = {**os.environ, "HOME": os.environ["USER_HOME"]}
    inside = folder / "bin" / "python"
    if not inside.exists():
        subprocess.run([python, "-m", "venv", folder], stdout=log, stderr=log, env=environment, check=True)
    subprocess.run([inside, *PIP, *wanted], cwd=ROOT, stdout=log, stderr=log, env=environment, check=True)
    return inside


def _test(outcome: Outcome, python: Path, modules: Path, report: Path, log: Any) -> None:
    """Run pytest and count."""
    report.unlink(missing_ok=True)
    selection = ON_A_HOST if outcome.combination.modules else (*UNITS, *PLAYBOOKS, *OTHER_PLAYBOOKS)
    command = [python, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--junitxml={report}", *GENERATION, *selection]
    environment = {
        **os.environ,
        "PATH": f"{python.parent}{os.pathsep}{os.environ['PATH']}",
        "TEST_MODULE_PYTHON": str(modules),
    }
    log.flush()
    done = subprocess.run(command, cwd=ROOT, env=environment, stdout=log, stderr=log, check=False)
    if not report.exists():
        outcome.trouble = f"pytest ended with {done.returncode}"
        return
    suite = ElementTree.parse(report).getroot()[0]
    tests, skipped, bad = (int(suite.get(key, 0)) for key in ("tests", "skipped", "failures"))
    bad += int(suite.get("errors", 0))
    outcome.passed, outcome.failed = tests - skipped - bad, bad
    if done.returncode and not bad:
        outcome.trouble = f"pytest ended with {done.returncode}"


def _slug(combination: Combination) -> str:
    name = f"ansible-{combination.ansible}-python-{combination.python}"
    return f"{name}-modules-{combination.modules}" if combination.modules else name
