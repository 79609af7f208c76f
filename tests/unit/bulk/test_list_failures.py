# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whole lists: what an interrupted run leaves, entries that fail, and runs that race."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

from ansible_collections.xivo.confd.plugins.module_utils._model.errors import ConfdError, PlanError, ProvisionError
from ansible_collections.xivo.confd.plugins.module_utils._model.sip_usernames import username_prefix
from ansible_collections.xivo.confd.plugins.module_utils._tasks.extension import ensure_extension
from ansible_collections.xivo.confd.plugins.module_utils._tasks.line_sip import ensure_line_sip
from ansible_collections.xivo.confd.plugins.module_utils._tasks.user import ensure_user
from simulator import Fault, Simulator
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
    leaver,
    line_row,
    number,
    own_extensions,
    perform,
    person,
    phone_book,
    share_line,
    statuses,
    unchanged_after,
    written,
)
from support.role import Role, run_module

pytestmark = EVERYWHERE


# What an interrupted run leaves


def test_an_interrupted_run_is_completed(sim: Simulator) -> None:
    """The run is killed after each of its creations in turn: nothing is undone."""
    entry = person("Ada A", 1200, 2200)
    apply_list(sim, entry)
    complete = counts(sim)
    creations = [request for request in sim.writes if request.method == "POST"]
    for nth in range(1, len(creations) + 1):
        sim.reset()
        lost = partial(sim.faults.add, Fault("drop_before", times=999))
        sim.faults.add(Fault("callback", method="POST", nth=nth, after=True, callback=lambda *_, lost=lost: lost()))
        with pytest.raises(ConfdError, match="connection was lost"):
            apply_list(sim, entry)
        sim.faults.clear()
        apply_list(sim, entry)
        assert counts(sim) == complete
        assert phone_book(sim) == {"Ada A": ("1200", ["2200"])}
        assert unchanged_after(sim, entry)


@pytest.mark.usefixtures("part_by_part")
def test_an_interrupted_run_of_single_parts_is_completed(sim: Simulator) -> None:
    test_an_interrupted_run_is_completed(sim)


@pytest.mark.parametrize("is_named", [True, False])
def test_a_number_on_a_line_without_user_is_adopted(sim: Simulator, is_named: bool) -> None:
    """The entry names the line, or the line bears the mark of this collection for that number."""
    username = "left" if is_named else username_prefix("1200@default") + "a1b2c3d4"
    put_on_line_without_user(sim, username)
    apply_list(sim, person("Ada A", 1200, line={"username": username} if is_named else {}))
    assert line_row(sim, "Ada A").username == username
    assert counts(sim)["lines"] == 1


@pytest.mark.parametrize("username", ["left", username_prefix("1201@default") + "a1b2c3d4"])
def test_but_not_if_it_was_made_for_something_else(sim: Simulator, username: str) -> None:
    put_on_line_without_user(sim, username)
    sim.clear_log()
    words = f"1200@default belongs to line {username} .* no user and was not created for this number by an earlier run"
    with pytest.raises(PlanError, match=words):
        apply_list(sim, ADA)
    assert written(sim) == []


def test_nor_with_a_phone(sim: Simulator) -> None:
    put_on_line_without_user(sim, "left")
    sim.database.put_device_on_line(1, "dev1")
    with pytest.raises(PlanError, match=r"1200@default belongs to line left .*a phone \(device dev1\) but no user"):
        apply_list(sim, BOB, person("New N", 1200, line={"username": "left"}))


def put_on_line_without_user(sim: Simulator, username: str) -> None:
    """Associate 1200@default with a new line that has no user."""
    line = perform(sim, ensure_line_sip, username=username, context="default")["line_sip"]["id"]
    extension = perform(sim, ensure_extension, **number(1200))["extension"]["id"]
    sim.database.share_extension(line, extension)


def test_nor_by_somebody_who_has_a_line(sim: Simulator) -> None:
    apply_list(sim, ADA, BOB)
    backend_of(sim).client.delete("/users/1/lines/1")
    with pytest.raises(PlanError, match=r"belongs to line .*, which has no user, but user Bob B .* already has line"):
        apply_list(sim, person("Bob B", 1200))


# Failures


@pytest.mark.usefixtures("part_by_part")
def test_a_failure_stops_the_run(sim: Simulator) -> None:
    entries = [ADA, BOB, CLEO]
    sim.faults.add(Fault("500_before", method="POST", path="/users", nth=2))
    with pytest.raises(ProvisionError, match="1 of 3 entries failed:\n- entry 2, Bob B .*simulated fault") as caught:
        apply_list(sim, *entries)
    assert statuses(caught.value.results) == ["created", "failed", "skipped"]
    assert caught.value.results["changed"] is True
    assert phone_book(sim) == {"Ada A": ("1200", [])}
    assert own_extensions(sim) == ["1200"]


def test_continue_on_error(sim: Simulator) -> None:
    entries = [ADA, {"user": {}}, person("Bad B", 5000), person("Twin", 1200), CLEO]
    with pytest.raises(ProvisionError, match="3 of 5 entries failed") as caught:
        apply_list(sim, *entries, continue_on_error=True)
    assert statuses(caught.value.results) == ["created", "failed", "failed", "failed", "created"]
    assert set(phone_book(sim)) == {"Ada A", "Cleo C"}


def test_who_waits_for_a_number_of_a_failed_entry_fails(sim: Simulator) -> None:
    apply_list(sim, ADA, BOB)
    wanted = [person("Ada A", 1300), person("Bob B", 1200), person("New N", 1201), CLEO]
    sim.faults.add(Fault("500_before", method="PUT", path="/extensions/*"))
    with pytest.raises(ProvisionError) as caught:
        apply_list(sim, *wanted, continue_on_error=True)
    results = caught.value.results["results"]
    assert [each["status"] for each in results] == ["failed", "failed", "failed", "created"]
    assert "depends on entry 1, Ada A" in results[1]["error"]
    assert "depends on entry 2, Bob B" in results[2]["error"]
    assert phone_book(sim) == {"Ada A": ("1200", []), "Bob B": ("1201", []), "Cleo C": ("1202", [])}


@pytest.mark.parametrize("workers", [1, 4])
@pytest.mark.parametrize("in_order", [True, False])
def test_a_dependent_entry_begins_after_the_other_is_done(sim: Simulator, workers: int, in_order: bool) -> None:
    """Also where new users are made at once: the list step by step comes to the same end."""
    apply_list(sim, ADA)
    moving = person("Ada A", user={"userfield": "HR-1"}, extension=number(4000, "sales"))
    entries = [moving, person("New N", 1200), CLEO]
    sim.faults.add(Fault("500_before", method="PUT", path="/users/*", times=9))
    with pytest.raises(ProvisionError, match=r"New N \(1200@default\): depends on entry") as caught:
        apply_list(sim, *(entries if in_order else entries[::-1]), continue_on_error=True, max_workers=workers)
    assert sorted(statuses(caught.value.results)) == ["created", "failed", "failed"]


def test_who_waits_for_an_entry_that_cannot_be_planned_fails(sim: Simulator) -> None:
    apply_list(sim, ADA, BOB, CLEO, person("Dan D", 1203))
    perform(sim, ensure_user, firstname="Second")
    share_line(sim, 5, 1)
    # Ada shares her line and cannot be removed, so her number is not free; Bob and Cleo swap all the same.
    wanted = [leaver("Ada A"), person("Dan D", 1200), person("Bob B", 1202), person("Cleo C", 1201)]
    with pytest.raises(ProvisionError) as caught:
        apply_list(sim, *wanted, continue_on_error=True)
    assert statuses(caught.value.results) == ["failed", "failed", "updated", "updated"]


def test_a_circle_that_cannot_be_broken_does_not_stop_others(sim: Simulator) -> None:
    names = [("Ada A", 1200), ("Bob B", 1201), ("Cleo C", 1202), ("Dan D", 1203)]
    apply_list(sim, *(person(*each) for each in names))
    for line, device in ((1, "dev1"), (2, "dev2")):
        sim.database.put_device_on_line(line, device)
    wanted = [person("Ada A", 1201), person("Bob B", 1200), person("Cleo C", 1203), person("Dan D", 1202)]
    with pytest.raises(ProvisionError) as caught:
        apply_list(sim, *wanted, continue_on_error=True)
    assert statuses(caught.value.results) == ["failed", "failed", "updated", "updated"]


@pytest.mark.on("xivo15")  # the others show their ranges, so the plan says it
def test_a_number_out_of_range_fails_when_it_is_written(sim: Simulator) -> None:
    with pytest.raises(ProvisionError, match="1 of 1 entry failed:\n- entry 1, Bad B .*outside of range"):
        apply_list(sim, person("Bad B", 1999, 9999))
    assert own_extensions(sim) == []


@pytest.mark.usefixtures("part_by_part")
def test_two_runs_that_race_for_a_number(sim: Simulator) -> None:
    """The other run puts the number on its line, of a lower id, at the same moment."""
    apply_list(sim, BOB)
    backend_of(sim).client.delete(f"/lines/1/extensions/{extension_row(sim, 1201).id}")

    def other(method: str, path: str) -> None:
        sim.database.share_extension(1, extension_row(sim, 1200).id)

    sim.faults.add(Fault("callback", method="P*", path="/lines/2/extensions*", after=True, callback=other))
    # The younger servers refuse a number that two users would share, and say so themselves.
    with pytest.raises(
        ProvisionError,
        match=r"Another run associated 1200@default with line \S+ \(id 1\) at|Line is associated with a Extension",
    ):
        apply_list(sim, ADA)
    assert phone_book(sim) == {"Bob B": ("1200", [])}
    assert counts(sim)["lines"] == 1


@pytest.mark.on("xivo15")
def test_two_runs_that_race_for_a_new_line(sim: Simulator) -> None:
    """Another run takes the line for a leftover: the answer says that the user is not its main user."""
    apply_list(sim, person("Bob B"))

    def other(method: str, path: str) -> None:
        sim.database.user_lines.insert(user_id=1, line_id=1, main_user=True, main_line=True)

    sim.faults.add(Fault("callback", method="POST", path="/users/2/lines", callback=other))
    with pytest.raises(ProvisionError, match=r"Another run associated line \S+ \(id 1\) with user 1 at the same time"):
        apply_list(sim, ADA)
    assert phone_book(sim) == {"Bob B": ("1200", [])}
    assert written(sim)[-1] == "DELETE /users/2"


@pytest.fixture
def meanwhile(sim: Simulator, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, Options], list[Options]]:
    """Let another run make something just before the first step of a module; return what the server then has."""

    def before(module: str, theirs: Options) -> list[Options]:
        made: list[Options] = []

        def run(sim: Simulator, name: str, options: Options, check: bool) -> Options:
            if name == module and not made:
                assert run_module(sim, name, theirs, check)["changed"]
                made.append(sim.state())
            return run_module(sim, name, options, check)

        monkeypatch.setattr(role, "run_module", run)
        return made

    return before


def test_stepwise_a_number_of_another_run_stays_theirs(
    sim: Simulator, meanwhile: Callable[[str, Options], list[Options]]
) -> None:
    """The plan found none. What has come since is neither changed nor taken back."""
    made = meanwhile("confd_extension", {**number(1200), "commented": True})
    done = Role(sim, provision_users=[ADA], provision_strategy="stepwise").run()
    assert "Another client created extension 1200@default at the same moment. Run again once" in done.error
    assert [sim.state()] == made


def test_stepwise_a_line_of_another_run_stays_theirs(
    sim: Simulator, meanwhile: Callable[[str, Options], list[Options]]
) -> None:
    """A line that another run makes for the same number is not used: that run still needs it."""
    made = meanwhile("confd_line_sip", {"match": {"extension": number(1200)}, "secret": "theirs"})
    assert not Role(sim, provision_users=[ADA], provision_strategy="stepwise").run().error
    assert phone_book(sim) == {"Ada A": ("1200", [])}
    ours, theirs = sorted(backend_of(sim).list_lines(), key=lambda line: -line["id"])
    assert (theirs["id"], counts(sim)["lines"]) == (1, 2)
    assert backend_of(sim).users_of_line(theirs["id"]) == []
    assert backend_of(sim).users_of_line(ours["id"]) == [1]
    assert made


@pytest.mark.on("xivo16", "wazo")
def test_stepwise_a_user_gets_a_line_of_another_run(
    sim: Simulator, meanwhile: Callable[[str, Options], list[Options]]
) -> None:
    """The line of this run is then not the one whose number others see, so the entry is not as wanted."""
    run_module(sim, "confd_line_sip", {"username": "theirs", "context": "default"}, False)
    name = {"firstname": "Ada", "lastname": "A"}
    meanwhile("confd_user_line", {"user": name, "line": {"username": "theirs"}})
    done = Role(sim, provision_users=[ADA], provision_strategy="stepwise").run()
    assert "Another run associated user Ada A (id 1) with line theirs (id 1) at the same time." in done.error


@pytest.mark.on("xivo15")
def test_the_lowest_line_wins(sim: Simulator) -> None:
    perform(sim, ensure_user, firstname="Bob", lastname="B")

    def other(method: str, path: str) -> None:
        line = sim.database.lines.insert(
            id=77,
            username="o",
            secret="s",
            context="default",
            sip_context="default",
            device_slot=1,
            provisioning_extension="1",
        )
        sim.database.user_lines.insert(user_id=1, line_id=line.id, main_user=True, main_line=True)
        sim.database.share_extension(line.id, extension_row(sim, 1200).id)

    sim.faults.add(Fault("callback", method="POST", path="/lines/1/extensions", after=True, callback=other))
    assert statuses(apply_list(sim, ADA)) == ["created"]
