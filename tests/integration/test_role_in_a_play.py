# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role in a play of one's own: defaults of modules, check mode of a block, lists that fail."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from simulator import Fault, Simulator
from support.playbooks import Result

BOTH = pytest.mark.parametrize("strategy", ["stepwise", "bulk"])
ADA = {"user": {"firstname": "Ada"}, "extension": {"exten": "1200", "context": "default"}}
TASKS_IN_BULK = [
    "Check the variables",
    "Check that the checks are not skipped",
    "Forget an earlier run",
    "Choose the strategy",
    "Provision the list",
    "Keep the results",
    "Show the changed users",
    "Report the failed entries",
]
"""Without plans, after the two tasks of Ansible's that begin the role."""
BOB = {"user": {"firstname": "Bob"}, "extension": {"exten": "1201", "context": "default"}}


def role(strategy: str, **more: Any) -> dict[str, Any]:
    variables = {"provision_users": [ADA], "provision_strategy": strategy, **more}
    return {"ansible.builtin.include_role": {"name": "xivo.confd.provision"}, "vars": variables}


@BOTH
@pytest.mark.on("xivo15")
def test_defaults_of_the_module_reach_the_role(sim: Simulator, play: Callable[..., Result], strategy: str) -> None:
    """A user's module_defaults for the module must not be replaced: they may hold the server."""
    names = ("confd_provisioned_users", "confd_user", "confd_line_sip", "confd_extension", "confd_user_line")
    own = {"confd_url": sim.url, "confd_username": sim.username, "confd_password": sim.password, "ca_path": sim.ca_path}
    defaults = {f"xivo.confd.{name}": own for name in (*names, "confd_line_extension")}
    elsewhere = {"group/xivo.confd.confd": {"confd_url": "http://127.0.0.1:1", "retries": 0}}
    block = {"block": [role(strategy)], "module_defaults": {**elsewhere, **defaults}}
    done = play([block]).succeeded()
    assert [row.firstname for row in sim.database.users] == ["Ada"]
    if strategy == "bulk":
        # Ansible starts a process for each task, also for one that it then skips. This takes 0.03 s.
        assert [task.name.rpartition(" : ")[2] for task in done.tasks][2:] == TASKS_IN_BULK


@BOTH
@pytest.mark.on("xivo15")
def test_check_mode_of_a_block_writes_nothing(sim: Simulator, play: Callable[..., Result], strategy: str) -> None:
    run = play([{"block": [role(strategy)], "check_mode": True}]).succeeded()
    assert run.changed == 1
    assert sim.writes == []


@pytest.mark.on("xivo15")
def test_a_failing_read_of_the_undo_harms_no_other_entry(sim: Simulator, play: Callable[..., Result]) -> None:
    sim.faults.add(
        Fault(
            "500_before",
            method="POST",
            path="/users/*/lines",
            callback=lambda *_: sim.faults.add(Fault("500_before", method="GET", path="/extensions", times=2)),
        )
    )
    run = play([role("stepwise", provision_users=[ADA, BOB], provision_continue_on_error=True)])
    assert run.rc != 0
    assert "Left behind: " in run.output
    assert "entry 1, Ada (1200@default): Could not associate" in run.output
    assert [row.firstname for row in sim.database.users] == ["Ada", "Bob"]


@BOTH
@pytest.mark.on("xivo15")
def test_an_error_in_the_list_is_shown(sim: Simulator, play: Callable[..., Result], strategy: str) -> None:
    run = play([role(strategy, provision_users="{{ [] + more_users }}")])
    assert run.rc != 0
    assert "more_users" in run.output
    assert "censored" not in run.output


@pytest.mark.on("xivo15")
def test_a_result_that_cannot_be_checked_is_a_failure(sim: Simulator, play: Callable[..., Result]) -> None:
    """The rows of the results are not lost, and say what was done."""

    def break_reading(*_request: str) -> None:
        sim.faults.add(Fault("500_before", method="GET", path="/users", times=9))

    sim.faults.add(Fault("callback", method="POST", path="/users/*/lines", after=True, callback=break_reading))
    run = play([role("stepwise")])
    assert run.rc != 0
    assert "entry 1, Ada (1200@default): The changes were made, but could not be checked: GET" in run.output
