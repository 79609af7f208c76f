# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The examples of every module's documentation are played, in their order, on a server as after its installation."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from simulator import Simulator
from support.helpers import apply_list, person
from support.playbooks import ROOT, Result
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

every_module = pytest.mark.parametrize("module", MODULES, ids=lambda path: path.stem)


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


def is_refused(module: Path, sim: Simulator, run: Result) -> bool:
    """Whether this generation cannot do what the module is for, and the module says so."""
    reason = REFUSED.get((module.stem, sim.generation.name))
    assert reason is None or [reason in each.msg for each in run.failed] == [True]
    return reason is not None


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


def make_names_for(sim: Simulator) -> None:
    """Make the groups and call permissions that examples name: they are the server's own objects."""
    if sim.generation.name != "xivo15":
        make_names(sim)


def run_before(module: Path, sim: Simulator, folder: Path) -> None:
    """Make a journal for the modules that read one: there has to be one."""
    if module.stem in ("confd_undo", "confd_journal_info"):
        apply_list(sim, person("Johnny Depp", 1200), journal=str(folder / "journal"))
        sim.clear_log()


@every_module
def test_examples_are_idempotent_and_print_no_secret(
    module: Path, sim: Simulator, play: Callable[..., Result], tmp_path: Path
) -> None:
    tasks = examples(module)
    told = {"extra_vars": variables(sim, tmp_path), "shows_secrets": "return_secrets" in str(tasks)}
    make_names_for(sim)
    run_before(module, sim, tmp_path)

    run = play(list(each_twice(tasks)), diff=True, args=["-vv"], **told)

    if is_refused(module, sim, run):
        return
    run.succeeded()
    always_changed = {task["name"] + AGAIN for task in tasks if is_done_every_time(task)}
    repeated = [task for task in run.tasks if task.name.endswith(AGAIN)]
    assert len(repeated) == len(tasks)
    assert [task.name for task in repeated if task.changed and task.name not in always_changed] == []
    assert [secret for secret in (*VAULT.values(), sim.password) if secret in run.output] == []


@every_module
def test_examples_can_be_tried_in_check_mode_on_an_empty_server(
    module: Path, sim: Simulator, play: Callable[..., Result], tmp_path: Path
) -> None:
    tasks = examples(module)
    told = {"extra_vars": variables(sim, tmp_path), "shows_secrets": "return_secrets" in str(tasks)}
    make_names_for(sim)
    run_before(module, sim, tmp_path)

    run = play(tasks, check=True, **told)

    assert is_refused(module, sim, run) or run.succeeded()
    assert sim.writes == []
