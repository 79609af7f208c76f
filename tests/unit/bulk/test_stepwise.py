# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the module does for the role that performs a plan step by step: undo, who may still begin, the final check."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from simulator import Simulator
from support import role
from support.helpers import (
    ADA,
    BOB,
    CLEO,
    EVERYWHERE,
    Options,
    apply_list,
    backend_of,
    counts,
    extension_row,
    make_user,
    own_extensions,
    person,
    phone_book,
    share_line,
    unchanged_after,
    user_row,
)
from support.role import Role, run_module

pytestmark = EVERYWHERE
EVERYTHING = person("Ada A", 1200, 2200, 2201, voicemail={"password": "1234"})
LIST = "confd_provisioned_users"
Step = Callable[[int, str, Options], Options | None]


@pytest.fixture
def stepwise(sim: Simulator, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Role]:
    """Run the role. at_step: called before each step with (position, module, options); a result replaces the step's."""

    def run(*entries: Options, at_step: Step = lambda *_: None, **variables: Any) -> Role:
        steps: list[str] = []

        def perform_step(sim: Simulator, name: str, options: Options, check: bool) -> Options:
            if name != LIST:
                steps.append(name)
                replaced = at_step(len(steps) - 1, name, options)
                if replaced is not None:
                    return replaced
            return run_module(sim, name, options, check)

        monkeypatch.setattr(role, "run_module", perform_step)
        return Role(sim, provision_users=list(entries), provision_strategy="stepwise", **variables).run()

    return run


def failing_at(position: int, **more: Any) -> Step:
    """Let the step at a position fail before it does anything."""
    failed = {"failed": True, "changed": False, "msg": "Simulated failure.", **more}
    return lambda at, _name, _options: failed if at == position else None


@pytest.mark.always
def test_nothing_is_left_wherever_a_step_fails(sim: Simulator, stepwise: Callable[..., Role]) -> None:
    assert_all_undone(sim, stepwise, EVERYTHING)


@pytest.mark.on("xivo15")
def test_nor_where_the_new_line_is_changed_at_the_end(sim: Simulator, stepwise: Callable[..., Role]) -> None:
    """The result of the step that fails takes the place of the one that had the id of the line."""
    steps = assert_all_undone(sim, stepwise, {**EVERYTHING, "line": {"callerid": '"Desk"'}})
    assert (steps[-1]["resource"], steps[-1]["action"]) == ("line_sip", "update")


def assert_all_undone(sim: Simulator, stepwise: Callable[..., Role], entry: Options) -> list[Options]:
    """Let each step fail in turn, then none. Return the steps."""
    before = counts(sim)
    steps: list[Options] = apply_list(sim, entry, check=True)["plan"][0]["steps"]
    for position, step in enumerate(steps):
        failed = stepwise(entry, at_step=failing_at(position))
        assert "Simulated failure." in failed.error, step
        assert counts(sim) == before, step
        assert [(each["status"], each["changes"]) for each in failed.results] == [("failed", [])], step
    assert not stepwise(entry).error
    assert unchanged_after(sim, entry)
    return steps


def test_after_a_time_out_everything_stays(sim: Simulator, stepwise: Callable[..., Role]) -> None:
    last = len(apply_list(sim, EVERYTHING, check=True)["plan"][0]["steps"]) - 1
    failed = stepwise(EVERYTHING, at_step=failing_at(last, timed_out=True))
    assert phone_book(sim) == {"Ada A": ("1200", ["2200", "2201"])}
    assert len(failed.results[0]["changes"]) == last
    assert not stepwise(EVERYTHING).error


def test_what_another_run_associated_stays_associated(sim: Simulator, stepwise: Callable[..., Role]) -> None:
    apply_list(sim, ADA)
    backend_of(sim).client.delete(f"/lines/1/extensions/{extension_row(sim, 1200).id}")

    def other_run(_at: int, name: str, options: Options) -> None:
        assert name == "confd_line_extension"
        run_module(sim, name, options, False)

    failed = stepwise(ADA, at_step=other_run)
    assert "1200@default already belongs to line" in failed.error
    assert "If another run has just associated it, run again." in failed.error
    assert phone_book(sim) == {"Ada A": ("1200", [])}


def test_the_rest_is_left_out_after_a_failure(sim: Simulator, stepwise: Callable[..., Role]) -> None:
    """The request that failed is in the result of its entry, as in bulk, also after a later failure."""
    request = {"method": "POST", "path": "/users", "status": 400, "messages": ["no"]}
    failed = stepwise(ADA, BOB, CLEO, at_step=failing_at(7, **request))
    assert [each["failed_request"] for each in failed.results] == [None, request, None]
    assert [each["status"] for each in failed.results] == ["created", "failed", "skipped"]
    assert phone_book(sim) == {"Ada A": ("1200", [])}
    assert own_extensions(sim) == ["1200"]


def test_the_others_go_on_but_those_who_wait(sim: Simulator, stepwise: Callable[..., Role]) -> None:
    apply_list(sim, ADA, BOB)
    wanted = [person("Ada A", 1300), person("Bob B", 1200), person("New N", 1201), CLEO]
    failed = stepwise(*wanted, at_step=failing_at(0), provision_continue_on_error=True)
    assert [each["status"] for each in failed.results] == ["failed", "failed", "failed", "created"]
    assert "depends on entry 1, Ada A" in failed.results[1]["error"]
    assert "depends on entry 2, Bob B" in failed.results[2]["error"]
    assert phone_book(sim) == {"Ada A": ("1200", []), "Bob B": ("1201", []), "Cleo C": ("1202", [])}


def test_of_a_failed_entry_nothing_stays_or_is_reported(sim: Simulator, stepwise: Callable[..., Role]) -> None:
    apply_list(sim, person("Ada A", 1200, 2200))
    wanted = person("Ada A", 1200, incalls=[], user={"userfield": "HR-1"}, voicemail={})
    begun: list[str] = []

    def fail_at_voicemail(_at: int, name: str, _options: Options) -> Options | None:
        begun.append(name)
        return {"failed": True, "msg": "It failed."} if name == "confd_voicemail" else None

    (failed,) = stepwise(wanted, at_step=fail_at_voicemail).results
    assert len(begun) > 2, begun
    assert (failed["status"], failed["changes"]) == ("failed", [])
    assert phone_book(sim) == {"Ada A": ("1200", ["2200"])}
    assert user_row(sim, "Ada A").userfield in (None, "")


@pytest.mark.on("xivo15")
def test_what_failed_for_one_is_not_reported_for_another(sim: Simulator, stepwise: Callable[..., Role]) -> None:
    """The second user of a line has its number, which the entry of the first one fails to change."""
    apply_list(sim, ADA)
    make_user(sim, "Second User")
    share_line(sim, 2, 1)
    wanted = [person("Ada A", 1205), person("Second User", user={"userfield": "HR-2"})]
    failed = stepwise(*wanted, at_step=failing_at(0), provision_continue_on_error=True)
    assert [(each["status"], each["exten"]) for each in failed.results][1] == ("updated", "1200")


def test_the_lowest_line_keeps_the_number(sim: Simulator, stepwise: Callable[..., Role]) -> None:
    """The other run puts the number on its line, of a lower id, at the same moment."""
    apply_list(sim, BOB)
    backend_of(sim).client.delete(f"/lines/1/extensions/{extension_row(sim, 1201).id}")
    before = counts(sim)

    def other_run(_at: int, name: str, _options: Options) -> None:
        if name == "confd_user_line":
            sim.database.share_extension(1, extension_row(sim, 1200).id)

    failed = stepwise(ADA, at_step=other_run)
    assert "associated 1200@default with line" in failed.error or "is associated with" in failed.error
    assert [each["status"] for each in failed.results] == ["failed"]
    assert (counts(sim)["users"], counts(sim)["lines"]) == (before["users"], before["lines"])


def test_a_role_that_runs_twice_forgets_the_first_failures(sim: Simulator, stepwise: Callable[..., Role]) -> None:
    failed = stepwise(ADA, at_step=failing_at(2))
    again = {name: value for name, value in failed.variables.items() if name.startswith("provision_")}
    for name in ("provision_users", "provision_strategy"):
        again.pop(name)
    assert not stepwise(ADA, **again).error
    assert phone_book(sim) == {"Ada A": ("1200", [])}


@pytest.mark.on("xivo15")
@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"performed": [{"batch": 7}]}, "stepwise names batch 7, but the plan has 1 batches."),
        ({"failed_step": {"batch": -1, "name": "Create"}}, "stepwise names batch -1"),
        ({"failures": [{"index": 3, "error": "Broken."}]}, "stepwise names entry 3, which is not in the plan."),
        ({"plan": [{"index": 0}]}, "stepwise.plan[0].label is missing."),
    ],
)
def test_what_does_not_fit_the_plan_is_an_error(sim: Simulator, given: Options, words: str) -> None:
    plan = apply_list(sim, ADA, check=True)["plan"]
    result = run_module(sim, LIST, {"stepwise": {"plan": plan, "results": [], **given}}, False)
    assert result["failed"]
    assert words in result["msg"]


@pytest.mark.on("xivo15")
def test_a_plan_holds_no_secret(sim: Simulator) -> None:
    entry = person(
        "Ada A", 1200, user={"password": "canary"}, line={"secret": "canary"}, voicemail={"password": "807060"}
    )
    shown = str(apply_list(sim, entry, check=True)["plan"])
    assert "canary" not in shown
    assert "807060" not in shown


@pytest.mark.on("xivo15")
def test_steps_have_names_that_read_as_tasks(sim: Simulator) -> None:
    (batch,) = apply_list(sim, ADA, check=True)["plan"]
    assert [step["name"] for step in batch["steps"]] == [
        "Create extension 1200@default",
        "Create SIP line for 1200@default",
        "Associate 1200@default with the new line",
        "Create user Ada A",
        "Associate user Ada A with the new line",
    ]
