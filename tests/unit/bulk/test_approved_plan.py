# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A plan that was approved is carried out if the server and the list still give the same plan, and not otherwise."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.xivo.confd.plugins.module_utils._model.errors import ConfdError
from ansible_collections.xivo.confd.plugins.module_utils._reports.plan_document import with_checksum
from ansible_collections.xivo.confd.plugins.module_utils._tasks.line_sip import ensure_line_sip
from simulator import Fault, Simulator
from support.helpers import (
    ADA,
    BOB,
    CLEO,
    EVERYWHERE,
    Options,
    apply_list,
    asked,
    leaver,
    make_user,
    perform,
    person,
    phone_book,
    statuses,
)
from support.plans import apply_approved, in_base64, plan_of, refused

pytestmark = EVERYWHERE

FROM_RANGE = person("Eve E", extension={"range": "1300-1302", "context": "default"})
NEW = person("Dan D", 1205, 2205, line={"secret": "a-secret-of-12"}, voicemail={"password": "4711"})
MOVED = person("Bob B", 1206, user={"description": "Sales"})
LISTED = (ADA, MOVED, NEW, FROM_RANGE, leaver("Cleo C", 1202))
WRITES = "[PD][OUE]*"
"""POST, PUT and DELETE."""
PURGE: Options = {"purge": True, "purge_limit": 10, "purge_scope": {"context": "default"}}


@pytest.fixture
def staff(sim: Simulator) -> Simulator:
    """Ada at 1200, Bob at 1201, Cleo at 1202."""
    apply_list(sim, ADA, BOB, CLEO)
    sim.clear_log()
    return sim


# The same plan


def test_the_approved_plan_is_carried_out(staff: Simulator) -> None:
    plan = plan_of(staff, *LISTED)
    result = apply_approved(staff, plan, *LISTED)
    assert result["approval"] == {"state": "same", "text": f"This is the approved plan of {plan['time']}."}
    assert statuses(result) == ["unchanged", "updated", "created", "created", "removed"]
    assert phone_book(staff)["Bob B"] == ("1206", [])


def test_order_and_random_names_make_no_difference(staff: Simulator) -> None:
    """Every plan chooses other SIP usernames. (Numbers of a range follow the order: one entry has one here.)"""
    plan = plan_of(staff, *LISTED)
    assert apply_approved(staff, plan, *reversed(LISTED), check=True)["approval"]["state"] == "same"


def test_ids_make_no_difference(staff: Simulator) -> None:
    """Somebody has made Bob anew, with another id and another line."""
    plan = plan_of(staff, *LISTED)
    apply_list(staff, leaver("Bob B", 1201))
    apply_list(staff, BOB)
    assert apply_approved(staff, plan, *LISTED)["approval"]["state"] == "same"


def test_check_mode_says_whether_it_holds(staff: Simulator) -> None:
    plan = plan_of(staff, *LISTED)
    staff.clear_log()
    assert apply_approved(staff, plan, *LISTED, check=True)["approval"]["state"] == "same"
    assert staff.writes == []
    apply_list(staff, person("Bob B", 1201, user={"description": "hers"}))
    assert "approved nothing -> Sales, now hers -> Sales" in refused(staff, plan, *LISTED, check=True)


def test_a_plan_without_changes(staff: Simulator) -> None:
    plan = plan_of(staff, ADA)
    assert not plan["changes"]
    assert (
        apply_approved(staff, plan, ADA)["approval"]["text"]
        == f"Nothing to do, as in the approved plan of {plan['time']}."
    )
    assert "- Bob B (1209@default): The entry is new in the list, and the user would be changed." in refused(
        staff, plan, ADA, person("Bob B", 1209)
    )


def test_the_document_costs_no_request(staff: Simulator) -> None:
    staff.clear_log()
    apply_list(staff, *LISTED, check=True)
    without = asked(staff)
    staff.clear_log()
    plan_of(staff, *LISTED)
    assert len(asked(staff)) == len(without)


# Somebody else's change


FOREIGN: dict[str, tuple[Callable[[Simulator], Any], str]] = {
    "a value": (
        lambda sim: apply_list(sim, person("Bob B", 1201, user={"description": "hers"})),
        "- Bob B (1206@default): The entry is the same, but something on the server, or in another entry, has changed. "
        "user Bob B, description: approved nothing -> Sales, now hers -> Sales",
    ),
    "a number": (
        lambda sim: apply_list(sim, person("Bob B", 1208)),
        "not approved: update extension 1208@default (exten 1208 -> 1206); no longer planned: update extension "
        "1201@default (exten 1201 -> 1206)",
    ),
    "the next number of a range": (
        lambda sim: apply_list(sim, person("Zoe Z", 1300)),
        "- Eve E (1301@default): The entry is the same, but something on the server, or in another entry, has changed. "
        "not approved: create extension 1301@default",
    ),
    "the person is gone": (lambda sim: apply_list(sim, leaver("Bob B", 1201)), "not approved: create user Bob B"),
    "who leaves was changed": (
        lambda sim: apply_list(sim, person("Cleo C", 1202, user={"description": "keep her"})),
        "- Cleo C (1202@default): The entry is the same, but something on the server, or in another entry, has "
        "changed. user Cleo C, description: approved nothing, now keep her",
    ),
}


@pytest.mark.parametrize("name", FOREIGN)
def test_a_foreign_change_is_named(staff: Simulator, name: str) -> None:
    change, text = FOREIGN[name]
    plan = plan_of(staff, *LISTED)
    change(staff)
    message = refused(staff, plan, *LISTED)
    assert message.startswith(f"The plan differs from the approved plan of {plan['time']}. Nothing was written:\n- ")
    assert text in message
    assert message.count("\n- ") == 1


def test_a_number_that_somebody_took_is_an_error_as_ever(staff: Simulator) -> None:
    plan = plan_of(staff, *LISTED)
    apply_list(staff, person("Zoe Z", 1205))
    assert "1205@default already belongs to" in refused(staff, plan, *LISTED)
    message = refused(staff, plan, *LISTED, continue_on_error=True)
    assert "- entry 3, Dan D (1205@default): 1205@default already belongs to" in message
    assert "The approved plan has no errors." in message


def test_what_a_purge_removes_is_approved_person_by_person(staff: Simulator) -> None:
    plan = plan_of(staff, ADA, BOB, **PURGE)
    assert [(each["origin"], each["status"]) for each in plan["people"]] == [("purge", "removed")]
    apply_list(staff, person("Zoe Z", 1207))
    message = refused(staff, plan, ADA, BOB, **PURGE)
    assert "- Zoe Z (1207@default): The user or object would also be removed: it is not in the list." in message
    assert "Cleo" not in message


def test_another_person_of_the_same_name_is_not_purged(staff: Simulator) -> None:
    """Only the ids tell the two users apart. The list has changed, and keeps the other one."""
    purge = {**PURGE, "purge_scope": {"userfield": "T"}}
    first, second = (make_user(staff, "Jo S", userfield="T") for _each in range(2))
    keeping = {kept: {"match": {"id": kept}, "user": {"firstname": "Jo"}} for kept in (first, second)}
    plan = plan_of(staff, keeping[first], **purge)
    message = refused(staff, plan, keeping[second], **purge)
    assert f"Another user of this name would be removed: approved was id {second}, now it is id {first}." in message
    assert apply_approved(staff, plan, keeping[first], **purge)["approval"]["state"] == "same"


def test_another_orphan_of_the_same_name_is_not_removed(staff: Simulator) -> None:
    """Lines whose names were chosen at random are called the same in every plan."""
    orphans: Options = {"orphans": "remove", "purge_limit": 10, "purge_scope": {"context": "default"}}
    perform(staff, ensure_line_sip, username="0123456789abcdefgh", context="default")
    plan = plan_of(staff, ADA, **orphans)
    assert [each["status"] for each in plan["people"]] == ["removed"]
    apply_list(staff, ADA, **orphans)
    perform(staff, ensure_line_sip, username="9876543210abcdefgh", context="default")
    assert "Another line_sip of this name would be removed: approved was id" in refused(staff, plan, ADA, **orphans)


def test_who_left_the_scope_of_a_purge_is_not_removed(staff: Simulator) -> None:
    plan = plan_of(staff, ADA, BOB, **PURGE)
    apply_list(staff, leaver("Cleo C", 1202))
    apply_list(staff, person("Cleo C", "1402", extension={"exten": "1402", "context": "sales"}))
    apply_approved(staff, plan, ADA, BOB, **PURGE)
    assert "Cleo C" in phone_book(staff)


def test_a_purge_that_is_not_asked_for_any_more(staff: Simulator) -> None:
    plan = plan_of(staff, ADA, BOB, **PURGE)
    message = refused(staff, plan, ADA, BOB)
    assert (
        "- Cleo C (1202@default): This user or object is no longer to be removed, but is still on the server."
        in message
    )
    assert "- The option purge was yes, and is nothing." in message


# Another list


def test_another_list_is_named(staff: Simulator) -> None:
    plan = plan_of(staff, *LISTED)
    other = {**NEW, "user": {**NEW["user"], "description": "temp"}}
    message = refused(staff, plan, ADA, MOVED, other, FROM_RANGE, person("Fay F", 1209))
    assert "- Dan D (1205@default): The entry in the list has changed (user.description). user Dan D, desc" in message
    assert "- Fay F (1209@default): The entry is new in the list, and the user would be created." in message
    assert "- Cleo C (1202@default): The entry is no longer in the list. Approved: " in message


def test_an_entry_that_needs_nothing_makes_no_difference(staff: Simulator) -> None:
    plan = plan_of(staff, MOVED)
    assert apply_approved(staff, plan, MOVED, ADA)["approval"]["state"] == "same"


def test_another_value_in_the_list(staff: Simulator) -> None:
    plan = plan_of(staff, *LISTED)
    other = person("Bob B", 1206, user={"description": "Support"})
    assert (
        "- Bob B (1206@default): The entry in the list has changed (user.description). user Bob B, description: "
        "approved nothing -> Sales, now nothing -> Support"
    ) in refused(staff, plan, ADA, other, NEW, FROM_RANGE, leaver("Cleo C", 1202))


# A run that was interrupted, or carried out before


def test_an_interrupted_run_is_completed(staff: Simulator) -> None:
    """The run is killed after each of its writes in turn: nothing is undone. The approval is good for the rest.

    Not for a number of a range, if the run has created the number and not the line: the next one is another number.
    """
    listed = tuple(each for each in LISTED if each is not FROM_RANGE)
    apply_list(staff, *listed)
    writes, complete = len(staff.writes), phone_book(staff)
    for nth in range(1, writes):
        staff.reset()
        apply_list(staff, ADA, BOB, CLEO)
        plan = plan_of(staff, *listed)
        lost = partial(staff.faults.add, Fault("drop_before", times=999))
        staff.faults.add(Fault("callback", method=WRITES, nth=nth, after=True, callback=lambda *_, lost=lost: lost()))
        with pytest.raises(ConfdError):
            apply_approved(staff, plan, *listed)
        staff.faults.clear()
        apply_approved(staff, plan, *listed)
        assert phone_book(staff) == complete


def test_the_second_time_nothing_is_left(staff: Simulator) -> None:
    plan = plan_of(staff, *LISTED)
    apply_approved(staff, plan, *LISTED)
    staff.clear_log()
    result = apply_approved(staff, plan, *LISTED)
    text = f"Nothing is left to do: the changes of the approved plan of {plan['time']} are made."
    assert result["approval"] == {"state": "done", "text": text}
    assert not result["changed"] and staff.writes == []


def test_what_is_done_is_no_difference_to_the_rest(staff: Simulator) -> None:
    plan = plan_of(staff, *LISTED)
    apply_list(staff, NEW, person("Bob B", 1206))
    approval = apply_approved(staff, plan, *LISTED)["approval"]
    assert approval["state"] == "partial"
    assert "left" in approval["text"]


def test_what_vanished_from_the_list_is_not_done(staff: Simulator) -> None:
    plan = plan_of(staff, MOVED, NEW)
    apply_list(staff, MOVED, NEW)
    assert "- Dan D (1205@default): The entry is no longer in the list." in refused(staff, plan, MOVED)
    other = person("Bob B", 1206)
    assert "- Bob B (1206@default): The entry in the list has changed (user.description)." in refused(
        staff, plan, other, NEW
    )


def test_an_old_plan_does_not_come_back(staff: Simulator) -> None:
    """The list of the plan is back, but the server is not as it was when somebody approved the plan."""
    plan = plan_of(staff, MOVED)
    apply_approved(staff, plan, MOVED)
    apply_list(staff, person("Bob B", 1209, user={"description": "Support"}))
    assert "approved nothing -> Sales, now Support -> Sales" in refused(staff, plan, MOVED)


def test_passwords_that_are_not_written_any_more_are_not_done(staff: Simulator) -> None:
    entry = person("Bob B", 1201, line={"secret": "another-secret-1"})
    plan = plan_of(staff, entry, update_password="always")
    assert "- Bob B (1201@default): update_password has changed." in refused(
        staff, plan, entry, update_password="on_create"
    )


# What is no approved plan


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is empty. Make the plan again"),
        ("<!DOCTYPE html><html>", "is not JSON: it begins with '<!DOCTYPE html><html>'. Give the .json file"),
        ("# The plan", "is not JSON: it begins with '# The plan'."),
        ('{"schema": "xivo.confd.plan", "peo', "is not complete: its JSON cannot be read to the end."),
        ("[]", "is not a plan of xivo.confd.plan."),
        ('{"schema": "xivo.confd.audit"}', "is not a plan of xivo.confd.plan."),
        (
            '{"schema": "xivo.confd.plan", "schema_version": 2}',
            "has version 2, but this release of the collection reads",
        ),
        ('{"schema": "xivo.confd.plan", "schema_version": 1}', "was changed after it was made"),
        ("[" * 100000, "is nested too deeply."),
    ],
)
def test_what_is_no_plan_is_refused(sim: Simulator, tmp_path: Path, text: str, message: str) -> None:
    file = tmp_path / "plan.json"
    file.write_text(text, encoding="utf-8")
    for option in ({"approved_plan": str(file)}, {"approved_plan_data": in_base64(text)}):
        sim.clear_log()
        with pytest.raises(ConfdError) as caught:
            apply_list(sim, ADA, **option)
        assert message in str(caught.value)
        assert sim.writes == []


def test_a_file_that_cannot_be_read(sim: Simulator, tmp_path: Path) -> None:
    wrong = ((tmp_path, "is a folder."), (tmp_path / "none.json", "cannot be read: No such file"), ("", "is empty."))
    for path, message in wrong:
        with pytest.raises(ConfdError, match=message):
            apply_list(sim, ADA, approved_plan=str(path))
    with pytest.raises(ConfdError, match="is not Base64"):
        apply_list(sim, ADA, approved_plan_data="{}")


def test_an_edited_plan_is_refused(staff: Simulator) -> None:
    plan = plan_of(staff, *LISTED)
    plan["people"][0]["operations"].pop()
    assert "was changed after it was made: its checksum does not match its content." in refused(staff, plan, *LISTED)


def test_another_layout_of_the_file_makes_no_difference(staff: Simulator) -> None:
    plan = dict(reversed(plan_of(staff, ADA).items()))
    assert (
        apply_list(staff, ADA, approved_plan_data=in_base64(json.dumps(plan, indent=8)))["approval"]["state"] == "same"
    )


def test_a_plan_for_another_server_is_refused(staff: Simulator) -> None:
    plan = plan_of(staff, *LISTED)
    for name, word in {"url": "address", "api": "API", "tenant": "tenant"}.items():
        other = with_checksum({**plan, "server": {**plan["server"], name: "another"}})
        assert f"The approved plan is for another server: its {word} is another, and that of this" in refused(
            staff, other, *LISTED
        )


def test_a_plan_with_errors_cannot_be_approved(staff: Simulator) -> None:
    entries = (person("Bob B", 1200), NEW)
    plan = plan_of(staff, *entries, continue_on_error=True)
    assert plan["errors"] and plan["summary"]["failed"] == 1
    assert (
        "has errors, so it cannot be carried out: entry 1, Bob B (1200@default): 1200@default already belongs"
        in refused(staff, plan, *entries, continue_on_error=True)
    )
