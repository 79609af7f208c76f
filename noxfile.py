# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test the supported versions of ansible-core and Python that this machine has. `make test-matrix` runs it."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import nox
import yaml

ROOT = Path(__file__).parent
USER_HOME = os.environ.get("USER_HOME") or os.environ["HOME"]
"""The home in which pip finds the user's settings; HOME is one of the tests'."""
VERSIONS = yaml.safe_load((ROOT / "tests" / "matrix" / "versions.yml").read_text(encoding="utf-8"))
CORES = VERSIONS["ansible_core"]
HOST = ROOT / ".cache" / "nox" / f"host-{VERSIONS['modules']}"
ON_ONE_GENERATION = ("-k", "not xivo16 and not wazo")
"""Playbooks run on the oldest generation of the API, since the others differ below what Ansible sees."""
UNITS = ("tests/unit", "--ignore-glob=*/test_properties.py")
PLAYBOOKS = ("modules", "in_process", "readme", "new_employee", "moving_employee", "native_types", "audit_and_export")
GENERATIONS = ("xivo15", "xivo16", "wazo")
PLAYBOOKS_ON_A_HOST = ("readme", "tutorial")

nox.needs_version = ">=2025.2.9"
nox.options.envdir = str(ROOT / ".cache" / "nox")
nox.options.error_on_missing_interpreters = False
nox.options.reuse_venv = "yes"
# The versions that pyenv keeps, before its shims, which fail for a version that is not the chosen one.
PYENV = Path(os.environ.get("PYENV_ROOT") or Path(USER_HOME, ".pyenv"))
os.environ["PATH"] = os.pathsep.join([*map(str, sorted(PYENV.glob("versions/3.*/bin"))), os.environ["PATH"]])


def pair(python: str, core: str) -> nox.param:
    """Return the parameters of a session with this Python and ansible-core; the latter is its tag as well."""
    return nox.param(python, core, id=f"ansible-core {core}, Python {python}", tags=[core])


@nox.session
@nox.parametrize("python,core", [pair(python, core) for core in CORES for python in CORES[core]])
def tests(session: nox.Session, core: str) -> None:
    """Run units and playbooks with one ansible-core on one Python."""
    install(session, core)
    session.run("pytest", "-q", *UNITS, *session.posargs)
    run_playbooks(session, PLAYBOOKS)


@nox.session
@nox.parametrize("python,core", [pair(CORES[core][0], core) for core in CORES])
def modules(session: nox.Session, core: str) -> None:
    """Run playbooks whose modules run on their oldest Python, on a host of its own."""
    python = shutil.which(f"python{VERSIONS['modules']}")
    if not python:
        session.skip(f"There is no Python {VERSIONS['modules']} for the modules.")
    install(session, core)
    session.run_install(python, "-m", "venv", HOST, external=True)
    host = str(HOST / "bin" / "python")
    pip = (host, "-m", "pip", "install", "-qq", "--disable-pip-version-check", "--prefer-binary")
    session.run_install(*pip, "-r", "meta/ee-requirements.txt", external=True, env={"HOME": USER_HOME})
    run_playbooks(session, PLAYBOOKS_ON_A_HOST, TEST_MODULE_PYTHON=host)


@nox.session
@nox.parametrize("python,core", [pair(CORES[core][-1], core) for core in CORES])
def sanity(session: nox.Session, core: str) -> None:
    """Run ansible-test sanity of one ansible-core on its newest Python."""
    session.install("--prefer-binary", wanted(core), "-r", "meta/ee-requirements.txt", env={"HOME": USER_HOME})
    session.run("python", "-m", "sanity", f".cache/nox/sanity-files-{core}", USER_HOME)


@nox.session
@nox.parametrize("python,core", [pair(CORES[core][-1], core) for core in CORES])
def units(session: nox.Session, core: str) -> None:
    """Run ansible-test units of one ansible-core on its newest Python."""
    install(session, core)
    session.run("python", "-m", "sanity.tests", f".cache/nox/units-files-{core}", "units")


@nox.session
@nox.parametrize("python,core", [pair(CORES[core][-1], core) for core in CORES])
def integration(session: nox.Session, core: str) -> None:
    """Run ansible-test integration of one ansible-core on its newest Python, for every generation."""
    install(session, core)
    for api in GENERATIONS:
        files = f".cache/nox/integration-files-{core}"
        session.run("python", "-m", "sanity.tests", files, "integration", "--api", api, "--continue-on-error")


@nox.session
@nox.parametrize("python,core", [pair(CORES[core][-1], core) for core in CORES])
def molecule(session: nox.Session, core: str) -> None:
    """Run the scenario of the role with molecule, which is not locked, with one ansible-core on its newest Python."""
    install(session, core)
    session.install("--prefer-binary", "molecule>=25.1", env={"HOME": USER_HOME})
    session.chdir("extensions")
    session.run("molecule", "test")


def wanted(core: str) -> str:
    """Return an ansible-core as pip takes it; "newest" is what pip finds."""
    return f"ansible-core>={VERSIONS['newest_from']}" if core == "newest" else f"ansible-core=={core}.*"


def install(session: nox.Session, core: str) -> None:
    """Install the simulator and pytest as they are locked, and an ansible-core."""
    locked = ("--require-hashes", "--only-binary=:all:", "-r", "requirements/matrix.txt")
    session.install(*locked, env={"HOME": USER_HOME})
    session.install("--prefer-binary", wanted(core), env={"HOME": USER_HOME})


def run_playbooks(session: nox.Session, names: tuple[str, ...], **environment: str) -> None:
    """Run some files of tests/integration."""
    files = [f"tests/integration/test_{name}.py" for name in names]
    session.run("pytest", "-q", *ON_ONE_GENERATION, *files, *session.posargs, env=environment)
