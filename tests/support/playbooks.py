# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs playbooks as users do: ansible-playbook in a process of its own, against a simulator."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from simulator import Simulator
from support import warm_ansible
from support.paths import ROOT
from support.secrecy import files_in, leaks, secrets_of

TIMEOUT = 300
MODULE_PYTHON = os.environ.get("TEST_MODULE_PYTHON", sys.executable)
"""Runs the modules: the Python of the controller, or that of a host of its own (make test-matrix)."""
DEPRECATED = "[DEPRECATION WARNING]"
FOREIGN = ("ANSIBLE_", "CONFD_", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT")
EVENTS = "events.jsonl"
"""What the callback plugin of the tests writes in the folder of a run."""
INPUT = ("vars.json", "playbook.yml", "inventory.yml")
"""What a test writes for a run; it may hold secrets."""
PROXIES = frozenset({"http_proxy", "https_proxy", "all_proxy", "no_proxy"})


@dataclass(frozen=True)
class TaskResult:
    """One task on one host; status: ok, failed, skipped or unreachable. A loop's items are in ``items``."""

    host: str
    name: str
    action: str
    status: str
    ignored: bool
    result: dict[str, Any]

    @property
    def changed(self) -> bool:
        return bool(self.result.get("changed"))

    @property
    def failed(self) -> bool:
        return self.status == "failed"

    @property
    def msg(self) -> str:
        return str(self.result.get("msg", ""))

    @property
    def diff(self) -> Any:
        return self.result.get("diff")

    @property
    def warnings(self) -> list[str]:
        return list(self.result.get("warnings", ()))

    @property
    def items(self) -> list[dict[str, Any]]:
        return list(self.result.get("results", ()))

    def __getitem__(self, key: str) -> Any:
        return self.result[key]


@dataclass
class Result:
    """A run. stats: {host: {ok, changed, failures, skipped, unreachable, rescued, ignored}}; tasks in order."""

    rc: int
    stdout: str
    stderr: str
    stats: dict[str, dict[str, int]] = field(default_factory=dict)
    tasks: list[TaskResult] = field(default_factory=list)

    def task(self, name: str) -> TaskResult:
        """The result of the only task (and host) of this name."""
        found = [task for task in self.tasks if task.name == name]
        assert len(found) == 1, f"{len(found)} results of a task {name!r}, of {[task.name for task in self.tasks]}"
        return found[0]

    def total(self, kind: str) -> int:
        """The sum over all hosts of one column of the recap: ok, changed, failures, ..."""
        return sum(host[kind] for host in self.stats.values())

    @property
    def changed(self) -> int:
        return self.total("changed")

    @property
    def failed(self) -> list[TaskResult]:
        return [task for task in self.tasks if task.status in ("failed", "unreachable") and not task.ignored]

    @property
    def output(self) -> str:
        """Everything that was printed."""
        return self.stdout + self.stderr

    def succeeded(self) -> Result:
        """This run, or an AssertionError that shows what went wrong."""
        assert self.rc == 0, f"ansible-playbook ended with {self.rc}\n{self.output}"
        return self


def run_playbook(
    sim: Simulator | None,
    playbook: str | list[dict[str, Any]] | Path,
    *,
    check: bool = False,
    diff: bool = False,
    extra_vars: Mapping[str, Any] | None = None,
    env: Mapping[str, str | None] | None = None,
    args: Sequence[str] = (),
    inventory: Mapping[str, Any] | Path | None = None,
    shows_secrets: bool = False,
    cwd: Path | None = None,
    others: Sequence[Simulator] = (),
) -> Result:
    """Run a playbook, with the address and credentials of ``sim`` in CONFD_*.

    playbook: a file, YAML text, the FQCN of a collection's playbook, a list of plays, or tasks for a play on localhost.
    env is added to the environment, None takes a variable away. inventory: a file, or what would be in
    one; without it there is only localhost, in the group "confd". cwd: where it is started, else in an empty folder.

    Whatever the run prints, logs and leaves in its folder is searched for the secrets of ``sim`` and of the other
    servers that it uses (others), unless it is there to show them (shows_secrets).
    """
    secrets = _secrets(sim, *others)
    with tempfile.TemporaryDirectory(prefix="playbook-") as name:
        folder = Path(name)
        (folder / "tmp").mkdir()
        command = [
            "playbook",
            *("-i", str(_inventory(folder, inventory))),
            *("-e", f"@{_written(folder / 'vars.json', json.dumps(dict(extra_vars or {})))}"),
            *(["--check"] * check + ["--diff"] * diff),
            *args,
            _playbook(folder, playbook),
        ]
        done = warm_ansible.run(command, str(cwd or name), _environment(sim, folder, env or {}), TIMEOUT)
        if not shows_secrets:
            _assert_no_secret_is_shown(done, folder, secrets | _secrets(sim, *others))
        assert DEPRECATED not in done.stdout + done.stderr, f"a deprecation of ours\n{done.stdout}{done.stderr}"
        return _result(done, folder / EVENTS)


def _secrets(*servers: Simulator | None) -> set[str]:
    return set().union(*map(secrets_of, servers))


def _assert_no_secret_is_shown(done: subprocess.CompletedProcess[str], folder: Path, secrets: set[str]) -> None:
    printed = (("stdout", done.stdout), ("stderr", done.stderr))
    found = leaks(secrets, (*printed, *files_in(folder, INPUT)))
    assert not found, f"secrets were shown: {found}"


def _playbook(folder: Path, playbook: str | list[dict[str, Any]] | Path) -> str:
    if isinstance(playbook, Path):
        return str(playbook)
    if isinstance(playbook, str):
        return str(_written(folder / "playbook.yml", playbook)) if "\n" in playbook else playbook
    is_plays = any("hosts" in each or "import_playbook" in each for each in playbook)
    plays = playbook if is_plays else [{"hosts": "localhost", "gather_facts": False, "tasks": playbook}]
    return str(_written(folder / "playbook.yml", yaml.safe_dump(plays, sort_keys=False)))


def _inventory(folder: Path, inventory: Mapping[str, Any] | Path | None) -> Path:
    if isinstance(inventory, Path):
        return inventory
    local = {
        "ansible_connection": "local",
        "ansible_python_interpreter": MODULE_PYTHON,
        "confd_python_interpreter": MODULE_PYTHON,
    }
    hosts = inventory or {"confd": {"hosts": {"localhost": None}}}
    return _written(folder / "inventory.yml", yaml.safe_dump({**hosts, "all": {"vars": local, **hosts.get("all", {})}}))


def _environment(sim: Simulator | None, folder: Path, extra: Mapping[str, str | None]) -> dict[str, str]:
    inherited = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(FOREIGN) and name.lower() not in PROXIES
    }
    merged: dict[str, str | None] = {
        **inherited,
        "LC_ALL": "C.UTF-8",
        "ANSIBLE_CONFIG": str(ROOT / "tests" / "ansible.cfg"),
        "ANSIBLE_HOME": str(folder / "ansible"),
        "ANSIBLE_REMOTE_TEMP": str(folder / "remote"),
        "ANSIBLE_LOG_PATH": str(folder / "ansible.log"),
        "TMPDIR": str(folder / "tmp"),
        "ANSIBLE_COLLECTIONS_PATH": str(ROOT / ".cache" / "collections"),
        "ANSIBLE_CALLBACK_PLUGINS": str(ROOT / "tests/integration/callback_plugins"),
        "ANSIBLE_CALLBACKS_ENABLED": "events",
        "ANSIBLE_NOCOLOR": "1",
        "ANSIBLE_DEPRECATION_WARNINGS": "1",
        "ANSIBLE_PIPELINING": "1",
        "TEST_EVENTS_FILE": str(folder / EVENTS),
        **(connection_environment(sim) if sim else {}),
        **extra,
    }
    return {name: value for name, value in merged.items() if value is not None}


def connection_environment(sim: Simulator) -> dict[str, str]:
    """How the modules reach a simulator."""
    values = {
        "CONFD_URL": sim.url,
        "CONFD_CA_PATH": sim.ca_path,
        "CONFD_USERNAME": sim.username,
        "CONFD_PASSWORD": sim.password if sim.username else None,
        # A task may name another server, or one without TLS, on purpose.
        "CONFD_HOSTS": "* http://*",
    }
    return {name: value for name, value in values.items() if value}


def _written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def _result(done: subprocess.CompletedProcess[str], events: Path) -> Result:
    result = Result(done.returncode, done.stdout, done.stderr)
    for line in events.read_text(encoding="utf-8").splitlines() if events.exists() else ():
        event = json.loads(line)
        kind = event.pop("event")
        if kind == "stats":
            result.stats = event["hosts"]
        else:
            result.tasks.append(TaskResult(**event))
    return result
