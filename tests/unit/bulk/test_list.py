# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whole lists: what is built, conflicts, voicemails, numbers of requests."""

from __future__ import annotations

import pytest

from ansible_collections.xivo.confd.plugins.module_utils._model.errors import PlanError
from ansible_collections.xivo.confd.plugins.module_utils._tasks.line_sip import ensure_line_sip
from simulator import Simulator
from support.helpers import (
    ADA,
    BOB,
    EVERYWHERE,
    Options,
    apply_list,
    asked,
    changes,
    counts,
    extension_row,
    line_row,
    number,
    own_extensions,
    perform,
    person,
    phone_book,
    statuses,
    unchanged_after,
    user_row,
    written,
)

pytestmark = EVERYWHERE


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
    with pytest.raises(PlanError, match="2200@from-extern cannot be associated with user Ada A, who has no line"):
        apply_list(sim, person("Ada A", None, 2200))


def test_secrets_are_compared_unless_told_otherwise(sim: Simulator) -> None:
    first = person("Ada A", 1200, user={"password": "first"}, line={"secret": "first"})
    second = person("Ada A", 1200, user={"password": "second"}, line={"secret": "second"})
    apply_list(sim, first)
    assert not apply_list(sim, second, update_password="on_create")["changed"]
    assert changes(apply_list(sim, second)) == [
        "update user Ada A: password",
        f"update line {line_row(sim, 'Ada A').username} (id 1): secret",
    ]
    assert (user_row(sim, "Ada A").password, line_row(sim, "Ada A").secret) == ("second", "second")


def test_a_custom_caller_id_is_kept_and_a_generated_one_follows(sim: Simulator) -> None:
    apply_list(sim, person("Ada A"), person("Bob B", user={"caller_id": "Boss"}))
    renamed = [person("Ada X", match={"id": 1}), person("Bob Y", match={"id": 2})]
    apply_list(sim, *renamed)
    assert [row.caller_id for row in sim.database.users] == ['"Ada X"', '"Boss"']
    assert unchanged_after(sim, *renamed)


# Conflicts


@pytest.mark.parametrize(
    ("entry", "thing"),
    [
        (person("Thief", 1200), "1200@default"),
        (person("Thief", 1300, 2200), "2200@from-extern"),
        (person("Thief", 1300, line={"username": "ada"}), "SIP username 'ada'"),
    ],
)
def test_nothing_is_taken_away(sim: Simulator, entry: Options, thing: str) -> None:
    owner = person("Ada A", 1200, 2200, line={"username": "ada"})
    apply_list(sim, owner)
    sim.clear_log()
    words = rf"{thing} already belongs to line ada \(id 1\) of user Ada A \(id 1\)\. Free it first, or choose another"
    with pytest.raises(PlanError, match=words):
        apply_list(sim, entry)
    assert written(sim) == []


def test_a_voicemail_needs_a_line(sim: Simulator) -> None:
    with pytest.raises(PlanError, match=r"has no line, but a voicemail requires one\. Add extension to the entry"):
        apply_list(sim, {"user": {"firstname": "Ada"}, "voicemail": {"number": "1200", "context": "default"}})


@pytest.mark.on("xivo16")
def test_a_phone_needs_a_number(sim: Simulator) -> None:
    entry = {"user": {"firstname": "Ada"}, "device": {"mac": "00:08:5d:00:00:01"}}
    line = {"line": {"username": "ada", "context": "default"}}
    for each in (entry, {**entry, **line}):
        with pytest.raises(PlanError, match=r"has no number, but a phone requires one\. Add extension to the entry"):
            apply_list(sim, each)


@pytest.mark.on("xivo16")
def test_the_phones_of_many_entries_are_read_with_one_list(sim: Simulator) -> None:
    entries = []
    for each in range(25):
        mac = f"00:08:5d:00:01:{each:02x}"
        sim.database.devices.insert(id=f"d{each}", mac=mac, ip=f"10.0.1.{each}", status="autoprov")
        entries.append(person(f"F{each} L", 1200 + each, device={"mac": mac}))
    apply_list(sim, *entries)
    sim.clear_log()
    assert set(statuses(apply_list(sim, *entries))) == {"unchanged"}
    assert asked(sim).count("GET /lines") == 1
    assert not [each for each in asked(sim) if each.startswith("GET /lines/")]


def test_one_sip_username_for_two_entries(sim: Simulator) -> None:
    entries = [person(name, exten, line={"username": "shared"}) for name, exten in (("Ada A", 1200), ("Bob B", 1201))]
    with pytest.raises(PlanError, match=r"entry 2, Bob B .*: SIP username 'shared' is also in entry 1, Ada A"):
        apply_list(sim, *entries)
    assert written(sim) == []


def test_a_sip_username_of_another_line(sim: Simulator) -> None:
    apply_list(sim, person("Ada A", 1200, line={"username": "ada"}), BOB)
    with pytest.raises(PlanError, match=r"SIP username 'ada' already belongs to line ada \(id 1\)"):
        apply_list(sim, person("Bob B", 1201, line={"username": "ada"}))


def test_a_free_line_of_the_wanted_username_is_taken(sim: Simulator) -> None:
    perform(sim, ensure_line_sip, username="ada", context="default")
    apply_list(sim, person("Ada A", 1200, line={"username": "ada"}))
    assert counts(sim)["lines"] == 1


# Requests


@pytest.mark.on("xivo15")
@pytest.mark.parametrize(("incalls", "expected"), [(False, 4), (True, 4 + 4)])
def test_number_of_requests_of_an_unchanged_run(sim: Simulator, incalls: bool, expected: int) -> None:
    entries = [person(f"User {index}", 1100 + index, *([2100 + index] if incalls else [])) for index in range(4)]
    apply_list(sim, *entries)
    sim.clear_log()
    assert set(statuses(apply_list(sim, *entries))) == {"unchanged"}
    assert len(sim.requests) == expected
    assert asked(sim)[:4] == ["GET /users", "GET /users", "GET /lines", "GET /extensions"]


@pytest.mark.on("xivo15")
def test_number_of_requests_of_a_new_user(sim: Simulator) -> None:
    entries = [person(f"User {index}", 1100 + index) for index in range(4)]
    apply_list(sim, *entries)
    assert len(sim.writes) == 4 * 5
    # Five writes; the lists before and after.
    assert len(sim.requests) == 4 + 4 * 5 + 4


@pytest.mark.on("xivo15")
def test_a_line_that_was_there_is_looked_at_before(sim: Simulator) -> None:
    perform(sim, ensure_line_sip, username="ada", context="default")
    sim.clear_log()
    apply_list(sim, person("Ada A", 1200, line={"username": "ada"}))
    words = asked(sim)
    assert words[words.index("POST /users") :][1:3] == ["GET /users", "POST /users/1/lines"]


def test_an_empty_list(sim: Simulator) -> None:
    assert not apply_list(sim)["changed"]


def test_several_workers(sim: Simulator) -> None:
    entries = [person(f"User {index}", 1100 + index, 2100 + index) for index in range(6)]
    assert set(statuses(apply_list(sim, *entries, max_workers=3))) == {"created"}
    assert counts(sim)["users"] == counts(sim)["incalls"] == 6
    assert unchanged_after(sim, *entries)


# Voicemails


def test_a_given_voicemail_name_outlives_a_change_of_the_user(sim: Simulator) -> None:
    entry = person("Ada A", 1200, voicemail={"name": "Front desk"})
    apply_list(sim, entry)
    changed = {**entry, "user": {**entry["user"], "userfield": "HR-1"}}
    apply_list(sim, changed)
    assert [row["name"] for row in sim.state()["voicemails"]] == ["Front desk"]
    assert statuses(apply_list(sim, changed)) == ["unchanged"]


@pytest.mark.parametrize("has_voicemail", [True, False])
@pytest.mark.parametrize("name", ["Front desk", None])
def test_a_voicemail_name_outlives_a_new_password(sim: Simulator, has_voicemail: bool, name: str | None) -> None:
    """The password is written last, and any change of a user can overwrite the name."""
    box = {"name": name} if name else {}
    apply_list(sim, person("Ada A", 1200, **({"voicemail": box} if has_voicemail else {})))
    entry = person("Ada A", 1200, user={"password": "s3cret"}, voicemail=box)
    predicted = apply_list(sim, entry, check=True)
    assert changes(apply_list(sim, entry)) == changes(predicted)
    assert [row["name"] for row in sim.state()["voicemails"]] == [name or "Ada A"]
    assert unchanged_after(sim, entry)


def test_a_successor_does_not_get_the_old_voicemail(sim: Simulator) -> None:
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
    words = r"voicemail 1777@default of user Bob B .* is shared with user Ada A .*cannot become voicemail 1778@default"
    with pytest.raises(PlanError, match=words):
        apply_list(
            sim, person("Ada A", 1200, voicemail=box), person("Bob B", 1201, voicemail={**box, "number": "1778"})
        )
