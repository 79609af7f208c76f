# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whole lists: conflicts, numbers that move, what an interrupted run leaves, removal, failures, numbers of requests."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.xivo.confd.plugins.module_utils._ensure import ensure_extension, ensure_line_sip, ensure_user
from ansible_collections.xivo.confd.plugins.module_utils._errors import PlanError
from ansible_collections.xivo.confd.plugins.module_utils._provision import ProvisionError
from simulator import Fault, Simulator
from unit.helpers import (
    EVERYWHERE,
    Options,
    apply_list,
    asked,
    backend_of,
    changes,
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
    user_row,
    written,
)

pytestmark = EVERYWHERE

ADA, BOB, CLEO = person("Ada A", 1200), person("Bob B", 1201), person("Cleo C", 1202)


def unchanged_after(sim: Simulator, *entries: Options) -> bool:
    """Whether a second run changes nothing: DESIGN rule 1."""
    sim.clear_log()
    result = apply_list(sim, *entries)
    return not result["changed"] and written(sim) == []


# Building


@pytest.mark.on("xivo15")
def test_the_order_of_building(sim: Simulator) -> None:
    result = apply_list(sim, person("Johnny Depp", 1200, 2200))
    assert [text.split(" ")[0] for text in changes(result)] == ["create"] * 2 + ["associate", "create", "associate"] + [
        "create",
        "associate",
    ]
    assert written(sim) == [
        "POST /extensions",
        "POST /lines_sip",
        "POST /lines/1/extensions",
        "POST /users",
        "POST /users/1/lines",
        "POST /extensions",
        "POST /lines/1/extensions",
    ]
    assert unchanged_after(sim, person("Johnny Depp", 1200, 2200))


def test_the_report(sim: Simulator) -> None:
    result = apply_list(sim, person("Johnny Depp", 1200, 2200), person("No Phone"))
    johnny, nobody = result["results"]
    line = line_row(sim, "Johnny Depp")
    expected = {
        "index": 0,
        "label": "Johnny Depp (1200@default)",
        "name": "Johnny Depp",
        "status": "created",
        "user_id": 1,
        "line_id": 1,
        "extension_id": extension_row(sim, 1200).id,
        "exten": "1200",
        "context": "default",
        "incalls": [{"extension_id": extension_row(sim, 2200).id, "exten": "2200", "context": "from-extern"}],
        "provisioning_extension": line.provisioning_extension,
        "error": None,
    }
    assert {key: johnny[key] for key in expected} == expected
    assert (nobody["user_id"], nobody["line_id"], nobody["incalls"]) == (2, None, None)
    assert result["summary"]["created"] == 2
    assert sum(result["summary"].values()) == 2
    assert all(step["before"] == {} and step["after"] for step in result["diff"])


@pytest.mark.parametrize(
    "line", [{"secret": "s3cret", "username": "ada"}, {"device_slot": 2}, {"provisioning_extension": "123456"}]
)
def test_fields_of_the_line(sim: Simulator, line: Options) -> None:
    fields_of_the_line(sim, line)


@pytest.mark.on("xivo15")  # the others make it of the user's caller ID
@pytest.mark.parametrize(
    "line",
    [{"callerid": '"Reception" <1200>'}, {"callerid": ""}, {"provisioning_extension": "123456", "callerid": "x"}],
)
def test_the_callerid_of_the_line(sim: Simulator, line: Options) -> None:
    fields_of_the_line(sim, line)


def fields_of_the_line(sim: Simulator, line: Options) -> None:
    """They are written, stay, and survive a rename of the user."""
    entry = person("Ada A", 1200, line=line)
    apply_list(sim, entry)
    row = line_row(sim, "Ada A")
    assert {name: getattr(row, name) or "" for name in line} == line
    assert unchanged_after(sim, entry)
    renamed = person("Ada B", 1200, 2200, line=line, match={"id": 1})
    apply_list(sim, renamed)
    assert {name: getattr(line_row(sim, "Ada B"), name) or "" for name in line} == line
    assert unchanged_after(sim, renamed)


def test_a_line_without_number(sim: Simulator) -> None:
    entry = person("Ada A", line={"username": "ada", "context": "default"})
    assert statuses(apply_list(sim, entry)) == ["created"]
    assert line_row(sim, "Ada A").username == "ada"
    assert unchanged_after(sim, entry)


def test_an_entry_without_phone_gets_one_later(sim: Simulator) -> None:
    apply_list(sim, person("Ada A"))
    assert counts(sim)["lines"] == 0
    assert statuses(apply_list(sim, ADA)) == ["updated"]
    assert unchanged_after(sim, ADA)
    assert unchanged_after(sim, person("Ada A"))


@pytest.mark.parametrize("given", [{"incall": number(2201)}, {"incalls": [number(2201), number("0312345678")]}])
def test_incalls_are_exactly_those(sim: Simulator, given: Options) -> None:
    apply_list(sim, person("Ada A", 1200, 2200))
    entry = {**ADA, **given}
    apply_list(sim, entry)
    wanted = {"2201", *(["0312345678"] if "incalls" in given else [])}
    assert phone_book(sim) == {"Ada A": ("1200", sorted(wanted))}
    assert set(own_extensions(sim)) == {"1200", *wanted}
    assert unchanged_after(sim, entry)
    assert unchanged_after(sim, ADA)
    apply_list(sim, {**ADA, "incalls": []})
    assert phone_book(sim) == {"Ada A": ("1200", [])}


def test_incalls_need_a_line(sim: Simulator) -> None:
    with pytest.raises(PlanError, match="2200@from-extern cannot reach user Ada A, who has no line"):
        apply_list(sim, person("Ada A", None, 2200))


def test_secrets_are_compared_unless_told_otherwise(sim: Simulator) -> None:
    first = person("Ada A", 1200, user={"password": "first"}, line={"secret": "first"})
    second = person("Ada A", 1200, user={"password": "second"}, line={"secret": "second"})
    apply_list(sim, first)
    assert not apply_list(sim, second, update_password="on_create")["changed"]
    assert changes(apply_list(sim, second)) == [
        f"update line {line_row(sim, 'Ada A').username} (id 1): secret",
        "update user Ada A: password",
    ]
    assert (user_row(sim, "Ada A").password, line_row(sim, "Ada A").secret) == ("second", "second")


def test_a_custom_caller_id_is_kept_and_a_generated_one_follows(sim: Simulator) -> None:
    apply_list(sim, person("Ada A"), person("Bob B", user={"caller_id": "Boss"}))
    renamed = [person("Ada X", match={"id": 1}), person("Bob Y", match={"id": 2})]
    apply_list(sim, *renamed)
    assert [row.caller_id for row in sim.world.users] == ['"Ada X"', '"Boss"']
    assert unchanged_after(sim, *renamed)


# Conflicts


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        (person("Thief", 1200), r"1200@default belongs to line \S+ \(id 1\) of user Ada A \(id 1\)\. Nothing is taken"),
        (person("Thief", 1300, 2200), r"2200@from-extern belongs to line .* of user Ada A"),
        (
            person("Thief", 1300, line={"username": "ada"}),
            r"line.username 'ada' is taken by|line ada \(id 1\) belongs to user Ada A",
        ),
    ],
)
def test_nothing_is_taken_away(sim: Simulator, entry: Options, words: str) -> None:
    owner = person("Ada A", 1200, 2200, line={"username": "ada"})
    apply_list(sim, owner)
    sim.clear_log()
    with pytest.raises(PlanError, match=words):
        apply_list(sim, entry)
    assert written(sim) == []


def test_one_sip_username_for_two_entries(sim: Simulator) -> None:
    entries = [person(name, exten, line={"username": "shared"}) for name, exten in (("Ada A", 1200), ("Bob B", 1201))]
    with pytest.raises(PlanError, match=r"entry 2, Bob B .*: line.username 'shared' is wanted by entry 1, Ada A"):
        apply_list(sim, *entries)
    assert written(sim) == []


def test_a_sip_username_of_another_line(sim: Simulator) -> None:
    apply_list(sim, person("Ada A", 1200, line={"username": "ada"}), BOB)
    with pytest.raises(PlanError, match=r"line.username 'ada' is taken by line ada \(id 1\)"):
        apply_list(sim, person("Bob B", 1201, line={"username": "ada"}))


def test_a_free_line_of_the_wanted_username_is_taken(sim: Simulator) -> None:
    perform(sim, ensure_line_sip, username="ada", context="default")
    apply_list(sim, person("Ada A", 1200, line={"username": "ada"}))
    assert counts(sim)["lines"] == 1


# Numbers that move


def move(*extens: int, **more: Any) -> list[Options]:
    return [person(name, exten, **more) for name, exten in zip(("Ada A", "Bob B", "Cleo C"), extens, strict=False)]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ((1200,), (1300,)),
        ((1200, 1201), (1201, 1200)),
        ((1200, 1201, 1202), (1201, 1202, 1200)),
        ((1200, 1201, 1202), (1201, 1200, 1300)),
        ((1200, 1201, 1202), (1201, 1202, 1203)),
        ((1203, 1202, 1201), (1202, 1201, 1200)),
    ],
    ids=["one", "swap", "cycle of three", "swap and one", "chain", "chain backwards"],
)
@pytest.mark.parametrize("in_order", [True, False])
def test_numbers_move(sim: Simulator, before: tuple[int, ...], after: tuple[int, ...], in_order: bool) -> None:
    apply_list(sim, *move(*before))
    lines = {name: line_row(sim, name).id for name in phone_book(sim)}
    wanted = move(*after) if in_order else move(*after)[::-1]
    assert set(statuses(apply_list(sim, *wanted))) == {"updated"}
    assert [exten for exten, _incalls in phone_book(sim).values()] == [str(exten) for exten in after]
    assert lines == {name: line_row(sim, name).id for name in phone_book(sim)}
    for name, (exten, _incalls) in phone_book(sim).items():
        assert line_row(sim, name).callerid == f'"{name}" <{exten}>'
    assert own_extensions(sim) == sorted(map(str, after))
    assert unchanged_after(sim, *wanted)


def test_a_number_moves_in_place_with_a_phone(sim: Simulator) -> None:
    apply_list(sim, ADA)
    sim.world.put_device_on_line(1, "dev1")
    sim.clear_log()
    assert statuses(apply_list(sim, person("Ada A", 1300))) == ["updated"]
    # The oldest server has to be told to refresh the line's caller ID (DESIGN rule 8), and beforehand what it will be.
    is_oldest = sim.generation.name == "xivo15"
    told, refreshed = (["PUT /lines_sip/1"], ["PUT /users/1"]) if is_oldest else ([], [])
    moved = f"PUT /extensions/{extension_row(sim, 1300).id}"
    assert written(sim) == [*told, moved, *refreshed, "GET /devices/dev1/synchronize"]
    assert line_row(sim, "Ada A").callerid == '"Ada A" <1300>'
    assert line_row(sim, "Ada A").device_id == "dev1"


def test_a_free_extension_of_the_new_number_goes(sim: Simulator) -> None:
    apply_list(sim, ADA)
    perform(sim, ensure_extension, **number(1300))
    apply_list(sim, person("Ada A", 1300))
    assert own_extensions(sim) == ["1300"]


def test_a_swap_with_phones_parks_the_one_without(sim: Simulator) -> None:
    apply_list(sim, ADA, BOB)
    sim.world.put_device_on_line(1, "dev1")
    assert statuses(apply_list(sim, *move(1201, 1200))) == ["updated", "updated"]
    assert phone_book(sim) == {"Ada A": ("1201", []), "Bob B": ("1200", [])}


def test_a_swap_of_two_phones_is_an_error(sim: Simulator) -> None:
    apply_list(sim, ADA, BOB)
    for line, device in ((1, "dev1"), (2, "dev2")):
        sim.world.put_device_on_line(line, device)
    sim.clear_log()
    with pytest.raises(PlanError, match=r"cannot be taken off line .* while it has a phone \(device dev1\)"):
        apply_list(sim, *move(1201, 1200))
    assert written(sim) == []


@pytest.mark.parametrize("successor_first", [True, False])
def test_a_leavers_number_goes_to_the_successor(sim: Simulator, successor_first: bool) -> None:
    apply_list(sim, person("Ada A", 1200, 2200))
    entries = [leaver("Ada A"), person("New N", 1200, 2200)]
    result = apply_list(sim, *(entries[::-1] if successor_first else entries))
    assert sorted(statuses(result)) == ["created", "removed"]
    assert phone_book(sim) == {"New N": ("1200", ["2200"])}


def test_an_incall_goes_from_one_to_the_other(sim: Simulator) -> None:
    apply_list(sim, person("Ada A", 1200, 2200), BOB)
    wanted = [{**ADA, "incalls": []}, person("Bob B", 1201, 2200)]
    apply_list(sim, *wanted)
    assert phone_book(sim) == {"Ada A": ("1200", []), "Bob B": ("1201", ["2200"])}
    assert unchanged_after(sim, *wanted)


@pytest.mark.parametrize("phone", [False, True])
def test_a_number_moves_to_another_context(sim: Simulator, phone: bool) -> None:
    apply_list(sim, person("Ada A", 1200, 2200))
    wanted = person("Ada A", extension=number(4000, "sales"))
    if phone:
        sim.world.put_device_on_line(1, "dev1")
        with pytest.raises(PlanError, match="while it has a phone"):
            apply_list(sim, wanted)
    assert statuses(apply_list(sim, wanted, reset_device=phone)) == ["updated"]
    assert phone_book(sim) == {"Ada A": ("4000", ["2200"])}
    assert line_row(sim, "Ada A").context == "sales"
    assert unchanged_after(sim, wanted)


# What an interrupted run leaves


@pytest.mark.parametrize("done", range(1, 8))
def test_an_interrupted_run_is_completed(sim: Simulator, done: int) -> None:
    """The run is killed after so many writes: nothing is taken back."""
    entry = person("Ada A", 1200, 2200)
    apply_list(sim, entry)
    complete = counts(sim)
    sim.reset()
    fault = Fault("drop_before", times=999)
    sim.faults.add(Fault("callback", method="POST", nth=done, after=True, callback=lambda *_: sim.faults.add(fault)))
    try:
        apply_list(sim, entry)
    except Exception as error:
        assert "connection broke" in str(error)
    sim.faults.clear()
    apply_list(sim, entry)
    assert counts(sim) == complete
    assert phone_book(sim) == {"Ada A": ("1200", ["2200"])}
    assert unchanged_after(sim, entry)


def test_a_number_on_a_line_without_user_is_adopted(sim: Simulator) -> None:
    line = perform(sim, ensure_line_sip, username="left", context="default")["line_sip"]["id"]
    extension = perform(sim, ensure_extension, **number(1200))["extension"]["id"]
    sim.world.share_extension(line, extension)
    apply_list(sim, ADA)
    assert line_row(sim, "Ada A").username == "left"
    assert counts(sim)["lines"] == 1


def test_but_not_with_a_phone(sim: Simulator) -> None:
    test_a_number_on_a_line_without_user_is_adopted(sim)
    backend_of(sim).client.delete("/users/1/lines/1")
    sim.world.put_device_on_line(1, "dev1")
    with pytest.raises(PlanError, match=r"1200@default is on line left .*no user but a phone \(device dev1\)"):
        apply_list(sim, BOB, person("New N", 1200))


def test_nor_by_somebody_who_has_a_line(sim: Simulator) -> None:
    apply_list(sim, ADA, BOB)
    backend_of(sim).client.delete("/users/1/lines/1")
    with pytest.raises(PlanError, match=r"1200@default is on line .*, which has no user, while user Bob B .* has line"):
        apply_list(sim, person("Bob B", 1200))


# Removal


@pytest.mark.on("xivo15")
def test_the_order_of_removing(sim: Simulator) -> None:
    apply_list(sim, person("Ada A", 1200, 2200))
    sim.world.put_device_on_line(1, "dev1")
    backend = backend_of(sim)
    voicemail = backend.client.post("/voicemails", {"name": "Ada", "number": "1200", "context": "default"})["id"]
    backend.client.post("/users/1/voicemail", {"voicemail_id": voicemail})
    ids = {exten: extension_row(sim, exten).id for exten in (1200, 2200)}
    sim.clear_log()
    result = apply_list(sim, leaver("Ada A"))
    assert written(sim) == [
        "GET /devices/dev1/autoprov",
        f"DELETE /lines/1/extensions/{ids[2200]}",
        f"DELETE /extensions/{ids[2200]}",
        "DELETE /users/1/voicemail",
        f"DELETE /voicemails/{voicemail}",
        f"DELETE /lines/1/extensions/{ids[1200]}",
        f"DELETE /extensions/{ids[1200]}",
        "DELETE /users/1/lines/1",
        "DELETE /lines_sip/1",
        "DELETE /users/1",
    ]
    assert not any(counts(sim).values())
    assert any("put back into autoprov" in warning for warning in result["warnings"])


def test_a_shared_voicemail_is_only_dissociated(sim: Simulator) -> None:
    apply_list(sim, ADA, BOB)
    voicemail = backend_of(sim).client.post("/voicemails", {"name": "Both", "number": "1200", "context": "default"})[
        "id"
    ]
    for user in (1, 2):
        sim.world.user_voicemails.insert(user_id=user, voicemail_id=voicemail)
    result = apply_list(sim, leaver("Ada A"))
    assert statuses(result) == ["removed"]
    assert (counts(sim)["voicemails"], counts(sim)["user_voicemails"]) == (1, 1)
    assert any("shared with another user" in warning for warning in result["warnings"])


@pytest.mark.parametrize("leaving", ["Ada A", "Bob B"])
def test_a_shared_line_is_an_error(sim: Simulator, leaving: str) -> None:
    apply_list(sim, person("Ada A", 1200, 2200))
    perform(sim, ensure_user, firstname="Bob", lastname="B")
    share_line(sim, 2, 1)
    sim.clear_log()
    with pytest.raises(PlanError, match=rf"line \S+ \(id 1\) of user {leaving} .* is shared with user"):
        apply_list(sim, leaver(leaving))
    assert written(sim) == []


def test_a_shared_number_is_an_error(sim: Simulator) -> None:
    apply_list(sim, ADA, BOB)
    association = sim.world.line_extensions.first(line_id=2)
    sim.world.line_extensions.delete(association)
    sim.world.share_extension(2, extension_row(sim, 1200).id)
    sim.clear_log()
    with pytest.raises(
        PlanError, match=r"1200@default of user Ada A \(id 1\) is on line .* of user Bob B \(id 2\) too"
    ):
        apply_list(sim, leaver("Ada A"))
    assert written(sim) == []


def test_a_secondary_user_cannot_change_the_number(sim: Simulator) -> None:
    apply_list(sim, ADA)
    perform(sim, ensure_user, firstname="Bob", lastname="B")
    share_line(sim, 2, 1)
    with pytest.raises(PlanError, match=r"is user Ada A \(id 1\)'s; user Bob B \(id 2\) only shares it"):
        apply_list(sim, BOB)
    assert unchanged_after(sim, person("Bob B"))


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
    assert "waits for a number of entry 1, Ada A" in results[1]["error"]
    assert "waits for a number of entry 2, Bob B" in results[2]["error"]
    assert phone_book(sim) == {"Ada A": ("1200", []), "Bob B": ("1201", []), "Cleo C": ("1202", [])}


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
        sim.world.put_device_on_line(line, device)
    wanted = [person("Ada A", 1201), person("Bob B", 1200), person("Cleo C", 1203), person("Dan D", 1202)]
    with pytest.raises(ProvisionError) as caught:
        apply_list(sim, *wanted, continue_on_error=True)
    assert statuses(caught.value.results) == ["failed", "failed", "updated", "updated"]


@pytest.mark.on("xivo15")  # the others show their ranges, so the plan says it
def test_a_number_out_of_range_fails_when_it_is_written(sim: Simulator) -> None:
    with pytest.raises(ProvisionError, match="1 of 1 entries failed:\n- entry 1, Bad B .*outside of range"):
        apply_list(sim, person("Bad B", 1999, 9999))
    assert own_extensions(sim) == []


@pytest.mark.usefixtures("part_by_part")
def test_two_runs_that_race_for_a_number(sim: Simulator) -> None:
    """The other run puts the number on its line, of a lower id, at the same moment."""
    apply_list(sim, BOB)
    backend_of(sim).client.delete(f"/lines/1/extensions/{extension_row(sim, 1201).id}")

    def other(method: str, path: str) -> None:
        sim.world.share_extension(1, extension_row(sim, 1200).id)

    sim.faults.add(Fault("callback", method="P*", path="/lines/2/extensions*", after=True, callback=other))
    # The younger servers refuse a number that two users would share, and say so themselves.
    with pytest.raises(
        ProvisionError,
        match=r"1200@default was put on line .*\(id 1\) by somebody else|Line is associated with a Extension",
    ):
        apply_list(sim, ADA)
    assert phone_book(sim) == {"Bob B": ("1200", [])}
    assert counts(sim)["lines"] == 1


@pytest.mark.on("xivo15")
def test_the_lowest_line_wins(sim: Simulator) -> None:
    perform(sim, ensure_user, firstname="Bob", lastname="B")

    def other(method: str, path: str) -> None:
        line = sim.world.lines.insert(
            id=77,
            username="o",
            secret="s",
            context="default",
            sip_context="default",
            device_slot=1,
            provisioning_extension="1",
        )
        sim.world.user_lines.insert(user_id=1, line_id=line.id, main_user=True, main_line=True)
        sim.world.share_extension(line.id, extension_row(sim, 1200).id)

    sim.faults.add(Fault("callback", method="POST", path="/lines/1/extensions", after=True, callback=other))
    assert statuses(apply_list(sim, ADA)) == ["created"]


# Requests


@pytest.mark.on("xivo15")
@pytest.mark.parametrize(("incalls", "expected"), [(False, 5), (True, 5 + 4)])
def test_number_of_requests_of_an_unchanged_run(sim: Simulator, incalls: bool, expected: int) -> None:
    entries = [person(f"User {index}", 1100 + index, *([2100 + index] if incalls else [])) for index in range(4)]
    apply_list(sim, *entries)
    sim.clear_log()
    assert set(statuses(apply_list(sim, *entries))) == {"unchanged"}
    assert len(sim.requests) == expected
    assert sim.requests[0].status == 401
    assert asked(sim)[1:5] == ["GET /users", "GET /users", "GET /lines", "GET /extensions"]


@pytest.mark.on("xivo15")
def test_number_of_requests_of_a_new_user(sim: Simulator) -> None:
    entries = [person(f"User {index}", 1100 + index) for index in range(4)]
    apply_list(sim, *entries)
    assert len(sim.writes) == 4 * 5
    assert len(sim.requests) == 5 + 4 * 5 + 4


def test_an_empty_list(sim: Simulator) -> None:
    assert not apply_list(sim)["changed"]


def test_several_workers(sim: Simulator) -> None:
    entries = [person(f"User {index}", 1100 + index, 2100 + index) for index in range(6)]
    assert set(statuses(apply_list(sim, *entries, max_workers=3))) == {"created"}
    assert counts(sim)["users"] == counts(sim)["incalls"] == 6
    assert unchanged_after(sim, *entries)


def test_who_left_by_number_is_not_the_successor(sim: Simulator) -> None:
    apply_list(sim, person("Ada A", 1200))
    leaver = {"match": number(1200), "state": "absent"}
    assert statuses(apply_list(sim, leaver, person("Bob B", 1200))) == ["removed", "created"]
    assert statuses(apply_list(sim, leaver, person("Bob B", 1200))) == ["unchanged", "unchanged"]
    with pytest.raises(PlanError, match="means the same user"):
        apply_list(sim, {**leaver, "user": {"firstname": "Bob", "lastname": "B"}}, person("Bob B", 1200))


def test_a_given_voicemail_name_outlives_a_change_of_the_user(sim: Simulator) -> None:
    entry = person("Ada A", 1200, voicemail={"name": "Front desk"})
    apply_list(sim, entry)
    changed = {**entry, "user": {**entry["user"], "userfield": "HR-1"}}
    apply_list(sim, changed)
    assert [row["name"] for row in sim.state()["voicemails"]] == ["Front desk"]
    assert statuses(apply_list(sim, changed)) == ["unchanged"]


def test_who_takes_over_a_number_does_not_get_the_voicemail_of_who_had_it(sim: Simulator) -> None:
    apply_list(sim, person("Ada A", 1200, voicemail={}), person("Bob B", 1201))
    entries = [
        person("Bob B", 1200, voicemail={}),
        person("Ada A", 1201, voicemail={"number": "1777", "context": "default"}),
    ]
    swap = [{**entry, "match": {"firstname": entry["user"]["firstname"]}} for entry in entries]
    apply_list(sim, *swap)
    state = sim.state()
    owners = {row["user_id"]: row["voicemail_id"] for row in state["user_voicemails"]}
    assert {row["id"]: row["number"] for row in state["voicemails"]} == {owners[1]: "1777", owners[2]: "1200"}
    assert statuses(apply_list(sim, *swap)) == ["unchanged", "unchanged"]


def test_entries_that_share_a_voicemail_agree_about_it(sim: Simulator) -> None:
    box = {"number": "1777", "context": "default"}
    apply_list(sim, person("Ada A", 1200, voicemail=box), person("Bob B", 1201, voicemail=box))
    with pytest.raises(PlanError, match="is shared with the user of entry"):
        apply_list(
            sim, person("Ada A", 1200, voicemail=box), person("Bob B", 1201, voicemail={**box, "number": "1778"})
        )


def test_incalls_of_a_shared_line_are_its_main_users(sim: Simulator) -> None:
    apply_list(sim, person("Ada A", 1200, incalls=[number(2100, "from-extern")]), {"user": {"firstname": "Bob"}})
    sim.world.user_lines.insert(user_id=2, line_id=1, main_user=False, main_line=True)
    bob = {"user": {"firstname": "Bob"}, "match": {"id": 2}}
    assert statuses(apply_list(sim, {**bob, "incalls": []})) == ["unchanged"]
    with pytest.raises(PlanError, match="who only shares line"):
        apply_list(sim, {**bob, "incalls": [number(2101, "from-extern")]})
