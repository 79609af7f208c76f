# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The examples of every module's documentation are played, in their order, on a server as after its installation."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from simulator import Simulator
from support.helpers import apply_list, person
from support.playbooks import ROOT, Result, TaskResult, run_playbook
from support.secrecy import CONFD_PASSWORD
from support.user_parts import make_names

MODULES = sorted((ROOT / "plugins" / "modules").glob("*.py"))
AGAIN = " (again)"
VAULT = {
    "vault_vanessa_password": "le-bateau",
    "vault_sip_secret": "k8sd2pq7",
    "vault_doorphone_secret": "open7sesame",
    "vault_johnny_voicemail": "73914826",
    "vault_johnny_login": "4-Johnny-Only",
}

REFUSED = {
    ("confd_line_device", "xivo15"): "this server does not allow API clients to associate a line with a phone",
    **{
        (f"confd_user_{key}", "xivo15"): "cannot be set on a server of generation xivo15"
        for key in ("call_permissions", "groups", "services", "forwards", "fallbacks")
    },
}
"""What a module says that a generation of the API does not serve."""

SHOWING = "return_secrets"
"""The option of examples whose results have secrets."""


def examples(module: Path) -> list[dict[str, Any]]:
    """The tasks of a module's EXAMPLES."""
    for node in ast.parse(module.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "EXAMPLES":
            return yaml.safe_load(ast.literal_eval(node.value))
    raise AssertionError(f"{module.name} has no EXAMPLES")


def each_twice(tasks: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Every task is followed by the same task once more."""
    for task in tasks:
        yield task
        yield {**task, "name": task["name"] + AGAIN}


def is_done_every_time(task: dict[str, Any]) -> bool:
    """Whether a task only predicts, or is one of the few actions that have no state to compare."""
    arguments = next((value for key, value in task.items() if key.startswith("xivo.confd.")), None) or {}
    return bool(task.get("check_mode") or arguments.get("synchronize"))


@dataclass(frozen=True)
class Trial:
    """The examples of a module, a server of their own, and a folder for what they write."""

    module: str
    tasks: list[dict[str, Any]]
    sim: Simulator
    folder: Path

    def prepare(self) -> None:
        """Empty the server, and make what the examples take for given: objects of the server, a journal to read."""
        self.sim.reset()
        if self.sim.generation.name != "xivo15":
            make_names(self.sim)
        if self.module in ("confd_undo", "confd_journal_info"):
            apply_list(self.sim, person("Johnny Depp", 1200), journal=str(self.folder / "journal"))
        self.sim.clear_log()

    @property
    def shows_secrets(self) -> bool:
        return SHOWING in str(self.tasks)

    def play(self, tasks: Iterable[dict[str, Any]]) -> dict[str, Any]:
        """Return a play whose failure does not end the playbook."""
        return {
            "hosts": self.module,
            "gather_facts": False,
            # Some examples name no server.
            "module_defaults": {"group/xivo.confd.confd": {"confd_url": self.sim.url}},
            "tasks": [{"block": list(tasks), "rescue": [{"ansible.builtin.meta": "noop"}]}],
        }

    def failures(self, run: Result) -> list[str]:
        """What went wrong, in words; nothing if this generation cannot do what the module is for, and says so."""
        failed = [each for each in run.failed if each.host == self.module]
        reason = REFUSED.get((self.module, self.sim.generation.name))
        if reason is None:
            return [f"{each.name}: {each.msg}" for each in failed]
        return [] if [reason in each.msg for each in failed] == [True] else [f"it was not refused: {reason}"]

    @property
    def is_refused(self) -> bool:
        return (self.module, self.sim.generation.name) in REFUSED


def variables(sim: Simulator, folder: Path) -> dict[str, Any]:
    """What the examples take from the reader's inventory and vault."""
    return {
        "confd_url": sim.url,
        "confd_username": sim.username,
        "confd_password": sim.password,
        "audit_directory": str(folder),
        "plan_directory": str(folder / "plan"),
        "export_directory": str(folder / "host_vars" / "pbx"),
        "numbers_directory": str(folder / "numbers"),
        "journal_directory": str(folder / "journal"),
        **VAULT,
    }


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str, int], list[Simulator]]]:
    """Servers of a generation, as many as are asked for, which clients trust by the same file."""
    authority = tmp_path_factory.mktemp("authority")
    with ExitStack() as stack:
        started: dict[str, list[Simulator]] = defaultdict(list)

        def of(api: str, count: int) -> list[Simulator]:
            running = started[api]
            for _missing in range(len(running), count):
                server = Simulator(api=api, password=CONFD_PASSWORD, authority_folder=authority)
                running.append(stack.enter_context(server))
            return running[:count]

        yield of


@pytest.fixture
def trials(
    sim: Simulator,
    servers: Callable[[str, int], list[Simulator]],
    is_in_sample: Callable[[str], bool],
    tmp_path: Path,
) -> list[Trial]:
    """Every module, or a sample of them on the younger generations."""
    modules = [module for module in MODULES if is_in_sample(module.stem)]
    own = zip(modules, servers(sim.generation.name, len(modules)))
    made = [Trial(module.stem, examples(module), server, tmp_path / module.stem) for module, server in own]
    for trial in made:
        trial.folder.mkdir()
        trial.prepare()
    return made


def play_all(
    trials: list[Trial], order: Callable[[list[dict[str, Any]]], Iterable[dict[str, Any]]], **options: Any
) -> Iterator[tuple[list[Trial], Result]]:
    """Run the examples of all modules in one playbook, and in another one those of the modules that show secrets.

    Each module has a play and a host of its own, so that no failure ends the examples of another module.
    """
    for shows_secrets in (False, True):
        some = [trial for trial in trials if trial.shows_secrets is shows_secrets]
        if some:
            hosts = {trial.module: variables(trial.sim, trial.folder) for trial in some}
            first, *others = [trial.sim for trial in some]
            plays = [trial.play(order(trial.tasks)) for trial in some]
            told = {"inventory": {"confd": {"hosts": hosts}}, "shows_secrets": shows_secrets, "others": others}
            yield some, run_playbook(first, plays, **told, **options)


def changed_again(trial: Trial, results: list[TaskResult]) -> list[str]:
    """The examples that changed something the second time, though their state was there."""
    always = {task["name"] + AGAIN for task in trial.tasks if is_done_every_time(task)}
    return [task.name for task in results if task.name.endswith(AGAIN) and task.changed and task.name not in always]


@pytest.mark.always
def test_examples_are_idempotent_and_print_no_secret(trials: list[Trial]) -> None:
    for some, run in play_all(trials, each_twice, diff=True, args=["-vv"]):
        results = {trial.module: [each for each in run.tasks if each.host == trial.module] for trial in some}
        served = [trial for trial in some if not trial.is_refused]
        assert {trial.module: told for trial in some if (told := trial.failures(run))} == {}, run.output
        assert {trial.module: told for trial in served if (told := changed_again(trial, results[trial.module]))} == {}
        wanted = {trial.module: [task["name"] for task in each_twice(trial.tasks)] for trial in served}
        assert {trial.module: [each.name for each in results[trial.module]] for trial in served} == wanted, run.output
        assert [secret for secret in (*VAULT.values(), CONFD_PASSWORD) if secret in run.output] == []


@pytest.mark.always
def test_examples_can_be_tried_in_check_mode_on_an_empty_server(trials: list[Trial]) -> None:
    for some, run in play_all(trials, iter, check=True):
        assert {trial.module: told for trial in some if (told := trial.failures(run))} == {}, run.output
        wanted = {trial.module: [task["name"] for task in trial.tasks] for trial in some if not trial.is_refused}
        names = {module: [each.name for each in run.tasks if each.host == module] for module in wanted}
        assert names == wanted, run.output
        assert {trial.module: trial.sim.writes for trial in some if trial.sim.writes} == {}
