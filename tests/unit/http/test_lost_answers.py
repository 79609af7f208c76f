# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A repeated write never doubles anything (design.md, rule 6), whichever answer is lost."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from threading import Event
from typing import Any

import pytest

from ansible_collections.xivo.confd.plugins.module_utils._model.errors import (
    ConfdError,
    LostAnswerError,
    NotAppliedError,
    ProvisionError,
    RefusedError,
    TimedOutError,
)
from ansible_collections.xivo.confd.plugins.module_utils._tasks.extension import ensure_extension
from ansible_collections.xivo.confd.plugins.module_utils._tasks.user import ensure_user
from simulator import Fault, Simulator
from support.helpers import (
    EVERYWHERE,
    apply_list,
    backend_of,
    counts,
    extension_row,
    leaver,
    line_row,
    perform,
    person,
    phone_book,
    statuses,
    user_row,
    wait_until,
    written,
)

pytestmark = [EVERYWHERE, pytest.mark.usefixtures("part_by_part")]

ENTRY = person("Johnny Depp", 1200, 2200, 2201)
BUILT = {
    "users": 1,
    "lines": 1,
    "user_lines": 1,
    "line_extensions": 1,
    "incalls": 2,
    "voicemails": 0,
    "user_voicemails": 0,
    "extensions": 3,
}
PARTS = 9
"""3 extensions, line, line-extension, user, user-line and 2 incalls."""
BUILDING = range(1, PARTS + 1)
WAZO_POSTS = 7
"""There the associations of line and extension, and user and line, are PUTs, which the client repeats by itself."""
CHANGED = person("Johnny Depp", 1201, 2201, 2202, user={"description": "pirate"})
TRANSIENT = ("drop_before", "drop_after", "500_after", "truncated")


def method_of_part(sim: Simulator, nth: int) -> dict[str, Any]:
    """Which requests a fault is for that shall happen to the nth part of ENTRY."""
    if sim.generation.name == "wazo" and nth > WAZO_POSTS:
        return {"method": "PUT", "nth": nth - WAZO_POSTS}
    return {"method": "POST", "nth": nth}


def run_with(sim: Simulator, fault: Fault, *entries: dict[str, Any]) -> dict[str, Any]:
    sim.faults.add(fault)
    result = apply_list(sim, *entries)
    assert len(sim.faults) == 0, "the fault did not happen"
    return result


@pytest.mark.one_of(2)
@pytest.mark.parametrize("kind", TRANSIENT)
@pytest.mark.parametrize("nth", BUILDING)
def test_building_survives_every_lost_answer(sim: Simulator, kind: str, nth: int) -> None:
    assert statuses(run_with(sim, Fault(kind, **method_of_part(sim, nth)), ENTRY)) == ["created"]
    assert counts(sim) == BUILT
    assert phone_book(sim) == {"Johnny Depp": ("1200", ["2200", "2201"])}
    assert not apply_list(sim, ENTRY)["changed"]


@pytest.mark.parametrize("kind", ["drop_before", "drop_after", "500_after"])
@pytest.mark.parametrize(("method", "times"), [("PUT", 3), ("DELETE", 2), ("POST", 2)])
def test_changing_survives_every_lost_answer(sim: Simulator, kind: str, method: str, times: int) -> None:
    for nth in range(1, times + 1):
        sim.reset()
        apply_list(sim, ENTRY)
        assert statuses(run_with(sim, Fault(kind, method=method, nth=nth), CHANGED)) == ["updated"], nth
        assert phone_book(sim) == {"Johnny Depp": ("1201", ["2201", "2202"])}
        assert not apply_list(sim, CHANGED)["changed"]


@pytest.mark.one_of(3)
@pytest.mark.parametrize("kind", ["drop_after", "500_after", "restart"])
@pytest.mark.parametrize("nth", range(1, 10))
def test_removing_survives_every_lost_answer(sim: Simulator, kind: str, nth: int) -> None:
    apply_list(sim, ENTRY)
    fault = Fault(kind, method="DELETE", nth=nth)
    if kind == "restart" and sim.generation.name == "wazo":
        # Tokens outlive a restart. What ends there is the time of the token.
        fault = Fault("callback", method="DELETE", nth=nth, callback=lambda *_: sim.database.expire_tokens())
    assert statuses(run_with(sim, fault, leaver("Johnny Depp"))) == ["removed"]
    assert not any(counts(sim).values())


@pytest.mark.parametrize("kind", ["drop_before", "drop_after"])
@pytest.mark.parametrize("method", ["DELETE", "PUT", "POST"])
def test_moving_an_incall_survives_every_lost_answer(sim: Simulator, kind: str, method: str) -> None:
    if method != "PUT" and sim.generation.name != "xivo15":
        method = "GET"  # the number of an incall changes in place there, so it is read and written alone
    apply_list(sim, ENTRY)
    sim.faults.add(Fault(kind, method=method))
    perform(sim, ensure_extension, id=extension_row(sim, 2200).id, exten="2300")
    assert phone_book(sim) == {"Johnny Depp": ("1200", ["2201", "2300"])}


def test_a_post_that_never_arrives_is_given_up(sim: Simulator) -> None:
    fault = Fault("drop_before", method="POST", path="/extensions", times=9)
    sim.faults.add(fault)
    with pytest.raises(ProvisionError, match="Could not create extension 1200@default: .*connection was lost"):
        apply_list(sim, ENTRY)
    assert fault.seen == 3
    assert not any(counts(sim).values())


@pytest.fixture
def slow_post(sim: Simulator) -> Iterator[Fault]:
    """POST /users is answered when the test has seen enough."""
    enough = Event()
    fault = Fault("callback", method="POST", path="/users", callback=lambda method, path: enough.wait(10))
    sim.faults.add(fault)
    yield fault
    enough.set()
    wait_until(lambda: sim.writes)


def test_a_time_out_is_not_repeated(sim: Simulator, slow_post: Fault) -> None:
    with pytest.raises(TimedOutError, match="Could not create user Johnny Depp: .*no answer within 0.2 seconds"):
        perform(sim, ensure_user, timeout=0.2, firstname="Johnny", lastname="Depp")
    assert slow_post.seen == 1


def test_a_time_out_after_which_it_was_done_is_recognised(sim: Simulator, slow_post: Fault) -> None:
    slow_post.after = True
    result = perform(sim, ensure_user, timeout=0.2, firstname="Johnny", lastname="Depp")
    assert result["user"]["id"] == user_row(sim, "Johnny Depp").id
    assert len(sim.database.users) == slow_post.seen == 1


@pytest.mark.parametrize("nth", BUILDING)
def test_a_late_write_after_a_time_out_finds_its_objects(sim: Simulator, nth: int) -> None:
    late = Fault("hang_late", **method_of_part(sim, nth))
    sim.faults.add(late)
    with suppress(ProvisionError):
        apply_list(sim, ENTRY, timeout=0.2)
    late.late.set()
    wait_until(lambda: any(request.fault for request in sim.requests))
    apply_list(sim, ENTRY)
    assert counts(sim) == BUILT
    assert phone_book(sim) == {"Johnny Depp": ("1200", ["2200", "2201"])}
    assert not apply_list(sim, ENTRY)["changed"]


@pytest.mark.parametrize("kind", ["500_before", "500_after"])
@pytest.mark.parametrize("path", ["/extensions/*", "/users/*", "/lines_sip/*"])
@pytest.mark.on("xivo15")
def test_the_caller_id_of_a_line_follows_its_number_at_last(sim: Simulator, path: str, kind: str) -> None:
    apply_list(sim, person("Johnny Depp", 1200))
    sim.faults.add(Fault(kind, method="PUT", path=path))
    with suppress(ProvisionError):
        apply_list(sim, person("Johnny Depp", 1201))
    apply_list(sim, person("Johnny Depp", 1201))
    assert line_row(sim, "Johnny Depp").callerid == '"Johnny Depp" <1201>'


def test_a_homonym_is_not_taken_for_the_user_that_was_made(sim: Simulator) -> None:
    first = perform(sim, ensure_user, firstname="Johnny", lastname="Depp")["user"]["id"]
    sim.faults.add(Fault("drop_before", method="POST", path="/users"))
    second = perform(sim, ensure_user, firstname="Johnny", lastname="Depp", homonyms=[first])["user"]["id"]
    assert {row.id for row in sim.database.users} == {first, second}
    assert first != second


def test_two_new_homonyms_are_not_taken_for_each_other(sim: Simulator) -> None:
    entries = [person("Johnny Depp", 1200), person("Johnny Depp", 1201)]
    result = run_with(sim, Fault("drop_before", method="POST", path="/users", nth=2), *entries)
    assert statuses(result) == ["created", "created"]
    assert phone_book(sim) == {"Johnny Depp": ("1200", []), "Johnny Depp (2)": ("1201", [])}


@pytest.mark.on("xivo15")
def test_another_line_of_that_username_is_not_adopted(sim: Simulator) -> None:
    """A duplicate SIP username is a 500, after which the line of that name is there: somebody else's."""
    backend_of(sim).client.post("/lines_sip", {"context": "default", "device_slot": 1, "username": "reception"})

    def steal(method: str, path: str) -> None:
        sim.database.lines.insert(
            username="taken",
            secret="s",
            context="default",
            sip_context="default",
            device_slot=1,
            provisioning_extension="1",
        )

    sim.faults.add(Fault("callback", method="POST", path="/lines_sip", callback=steal))
    with pytest.raises(ConfdError, match="duplicate key"):
        apply_list(sim, person("Johnny Depp", 1200, line={"username": "taken", "secret": "mine"}))
    assert sim.database.lines.first(username="taken").secret == "s"
    assert phone_book(sim) == {}


# PUTs that are dropped whole


@pytest.mark.on("xivo15")
@pytest.mark.usefixtures("the_server_decides")
def test_a_dropped_put_names_the_field(sim: Simulator) -> None:
    user = perform(sim, ensure_user, firstname="Johnny", lastname="Depp")["user"]["id"]
    with pytest.raises(NotAppliedError) as caught:
        perform(sim, ensure_user, match={"id": user}, firstname="J" * 129, description="pirate")
    assert caught.value.fields == ["caller_id", "description", "firstname"]
    assert "did not store it" in str(caught.value)
    assert "J" * 129 not in phone_book(sim)


@pytest.mark.on("xivo15")
@pytest.mark.usefixtures("the_server_decides")
def test_a_put_of_a_line_that_is_dropped(sim: Simulator) -> None:
    apply_list(sim, ENTRY)
    with pytest.raises(ProvisionError, match=r"Could not update line .*did not store it: provisioning_extension still"):
        apply_list(sim, person("Johnny Depp", 1200, line={"provisioning_extension": "abc"}))


@pytest.mark.on("xivo15")
@pytest.mark.usefixtures("the_server_decides")
def test_a_provisioning_code_of_a_new_line_that_is_dropped(sim: Simulator) -> None:
    with pytest.raises(ProvisionError, match="did not store it: provisioning_extension still"):
        apply_list(sim, person("Johnny Depp", 1200, line={"provisioning_extension": "abc"}))
    assert not any(counts(sim).values())


@pytest.mark.parametrize("kind", ["drop_before", "drop_after", "500_before"])
def test_a_provisioning_code_of_a_new_line(sim: Simulator, kind: str) -> None:
    entry = person("Johnny Depp", 1200, line={"provisioning_extension": "123456"})
    sim.faults.add(Fault(kind, method="PUT", times=1))
    try:
        apply_list(sim, entry)
    except ProvisionError:
        assert kind == "500_before"
        assert not any(counts(sim).values())
        apply_list(sim, entry)
    assert line_row(sim, "Johnny Depp").provisioning_extension == "123456"
    assert not apply_list(sim, entry)["changed"]


# What fails half way is put back


@pytest.mark.on("xivo15")
def test_an_incall_that_cannot_move_keeps_its_user(sim: Simulator) -> None:
    apply_list(sim, ENTRY)
    with pytest.raises(RefusedError, match="outside of range"):
        perform(sim, ensure_extension, id=extension_row(sim, 2200).id, exten="9999")
    assert phone_book(sim) == {"Johnny Depp": ("1200", ["2200", "2201"])}


@pytest.mark.on("xivo15")
def test_a_number_that_cannot_change_its_context_keeps_its_line(sim: Simulator) -> None:
    apply_list(sim, ENTRY)
    with pytest.raises(RefusedError, match="Context was not found"):
        perform(sim, ensure_extension, id=extension_row(sim, 1200).id, context="nowhere")
    assert phone_book(sim) == {"Johnny Depp": ("1200", ["2200", "2201"])}


def test_after_a_time_out_a_number_gets_its_line_back(sim: Simulator) -> None:
    apply_list(sim, ENTRY)
    sim.faults.add(Fault("hang_before", method="PUT", path="/extensions/*", times=9))
    with pytest.raises(TimedOutError):
        perform(sim, ensure_extension, timeout=0.2, id=extension_row(sim, 1200).id, exten="4000", context="sales")
    assert phone_book(sim) == {"Johnny Depp": ("1200", ["2200", "2201"])}


@pytest.mark.parametrize("nth", BUILDING)
def test_what_fails_leaves_nothing(sim: Simulator, nth: int) -> None:
    before = {**sim.state(), "sequences": None}
    sim.faults.add(Fault("500_before", **method_of_part(sim, nth)))
    with pytest.raises(ProvisionError, match="1 of 1 entry failed") as caught:
        apply_list(sim, ENTRY)
    assert {**sim.state(), "sequences": None} == before
    assert caught.value.results["changed"] is False
    (shown,) = caught.value.results["results"]
    assert shown["changes"] == []
    assert {shown[name] for name in ("user_id", "line_id", "extension_id", "provisioning_extension")} == {None}
    assert "Left behind" not in str(caught.value)


def test_what_cannot_be_taken_back_is_said(sim: Simulator) -> None:
    sim.faults.add(Fault("500_before", method="POST", path="/users"))
    sim.faults.add(Fault("500_before", method="DELETE", path="/extensions/*", times=4))
    said = r"Left behind: delete extension 1200@default: .*simulated fault\. See the log of the [^;]*wazo-confd\.log\.$"
    with pytest.raises(ProvisionError, match=said) as caught:
        apply_list(sim, ENTRY)
    assert counts(sim) == {**dict.fromkeys(counts(sim), 0), "extensions": 1}
    assert caught.value.results["changed"] is True
    assert caught.value.results["results"][0]["changes"] == ["create extension 1200@default"]


@pytest.mark.on("xivo16")
def test_what_a_single_module_cannot_take_back_is_said(sim: Simulator) -> None:
    apply_list(sim, ENTRY)
    sim.faults.add(Fault("500_before", method="POST", path="/lines/*/extensions", times=9))
    with pytest.raises(ConfdError, match=r"simulated fault.*Left behind: associate \S+ with line .*simulated fault"):
        perform(sim, ensure_extension, id=extension_row(sim, 1200).id, exten="4000", context="sales")


def test_a_removal_that_stops_before_a_deletion_is_put_back(sim: Simulator) -> None:
    apply_list(sim, ENTRY)
    before = phone_book(sim)
    sim.faults.add(Fault("500_before", method="DELETE", path="/users/*/lines/*", times=2))
    with pytest.raises(ProvisionError) as caught:
        apply_list(sim, leaver("Johnny Depp"))
    results = caught.value.results
    assert (results["changed"], results["results"][0]["changes"], results["diff"]) == (False, [], [])
    assert phone_book(sim) == before
    assert statuses(apply_list(sim, ENTRY)) == ["unchanged"]


def test_a_removal_that_stops_half_way_says_what_it_did(sim: Simulator) -> None:
    apply_list(sim, ENTRY)
    sim.faults.add(Fault("500_before", method="DELETE", path="/users/1", times=2))
    with pytest.raises(ProvisionError) as caught:
        apply_list(sim, leaver("Johnny Depp"))
    results = caught.value.results
    assert results["changed"] is True
    assert "delete extension 2200@from-extern" in results["results"][0]["changes"]
    assert len(results["diff"]) == len(results["results"][0]["changes"]) == 8
    assert statuses(apply_list(sim, leaver("Johnny Depp"))) == ["removed"]


@pytest.mark.on("xivo15")
def test_the_server_goes_away(sim: Simulator) -> None:
    apply_list(sim, ENTRY)
    sim.clear_log()
    sim.faults.add(Fault("503", method="GET", path="/lines", times=9))
    with pytest.raises(LostAnswerError, match="HTTP 503"):
        apply_list(sim, CHANGED)
    assert written(sim) == []
