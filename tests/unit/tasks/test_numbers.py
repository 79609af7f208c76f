# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who or what has each number of a server, which numbers are free, and whose the phones are."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.xivo.confd.plugins.module_utils._model.numbers import parse_range, ranges_between
from ansible_collections.xivo.confd.plugins.module_utils._state.free_numbers import free_numbers, free_parts
from ansible_collections.xivo.confd.plugins.module_utils._tasks.numbers import read_numbers
from simulator import Simulator
from support.helpers import EVERYWHERE, apply_list, asked, line_row, make_user, perform, person, phone_book, world_of

PEOPLE = (person("Ada A", 1200, 2200), person("Bob B", 1201), person("Cleo C", 1202, 2202, 2203))
REQUESTS = {
    "xivo15": ["/users", "/users", "/lines", "/extensions", "/devices"],
    "xivo16": ["/users", "/lines_sip", "/extensions", "/contexts", "/devices", "/lines"],
    "wazo": ["/users", "/endpoints/sip", "/extensions", "/contexts", "/devices"],
}


@pytest.fixture
def house(sim: Simulator) -> Simulator:
    """Ada at 1200 and 2200 with the phone dev1, Bob at 1201, Cleo at 1202, 2202 and 2203."""
    apply_list(sim, *PEOPLE)
    sim.database.put_device_on_line(line_row(sim, "Ada A").id, "dev1")
    sim.clear_log()
    return sim


def row(result: dict[str, Any], exten: str) -> dict[str, Any]:
    (found,) = [each for each in result["numbers"] if each["exten"] == exten]
    return dict(found)


def told(result: dict[str, Any], exten: str) -> tuple[str, str]:
    """(what has a number, its name)."""
    found = row(result, exten)
    return found["used_by"], found["name"]


def free_in(result: dict[str, Any], context: str) -> list[tuple[str, str]]:
    (found,) = [each for each in result["contexts"] if each["name"] == context]
    return [(each["first"], each["last"]) for each in found["free"]]


@EVERYWHERE
def test_people_have_internal_and_direct_numbers(house: Simulator) -> None:
    result = perform(house, read_numbers)

    assert [told(result, exten) for exten in ("1200", "1201", "2200", "2203")] == [
        ("person", "Ada A"),
        ("person", "Bob B"),
        ("person", "Ada A"),
        ("person", "Cleo C"),
    ]
    assert [row(result, exten)["type"] for exten in ("1200", "2200")] == ["internal", "incall"]
    assert house.writes == []


@EVERYWHERE
def test_reading_takes_a_few_lists(house: Simulator) -> None:
    perform(house, read_numbers)

    lists = [f"GET {path}" for path in REQUESTS[house.generation.name]]
    others = [words for words in asked(house) if words not in lists]
    allowed = {"xivo15": ("/lines/", "/extensions/"), "xivo16": (), "wazo": ("/endpoints/sip/templates", "/token")}
    assert [each for each in others if not any(part in each for part in allowed[house.generation.name])] == []
    # Three direct numbers, and as many users: one request for each of the fewer.
    assert len([each for each in others if each.startswith("GET /lines/")]) <= 2 * len(PEOPLE)


# What is nobody's


@EVERYWHERE
def test_a_number_on_a_line_without_a_person(house: Simulator) -> None:
    line = line_row(house, "Bob B")
    apply_list(house, person("Bob B", 1201))
    association = house.database.user_lines.first(line_id=line.id)
    house.database.user_lines.delete(association)

    found = row(perform(house, read_numbers), "1201")

    assert (found["used_by"], found["name"], found["line_ids"]) == ("line", "", [line.id])
    # The SIP username of the line says that this collection has made it for the number: a run would take it again.
    assert found["left_over"]


@pytest.mark.on("xivo16", "wazo")
def test_what_an_interrupted_run_left_is_free(house: Simulator) -> None:
    house.database.user_lines.delete(house.database.user_lines.first(line_id=line_row(house, "Bob B").id))

    assert free_in(perform(house, read_numbers), "default") == [("1000", "1199"), ("1201", "1201"), ("1203", "1999")]


@pytest.mark.parametrize(
    ("exten", "context", "used_by"),
    [("1300", "default", {"wazo": "nothing"}), ("2300", "from-extern", {"xivo16": "nothing", "wazo": "nothing"})],
)
@EVERYWHERE
def test_nothing_only_where_the_server_would_tell(
    house: Simulator, exten: str, context: str, used_by: dict[str, str]
) -> None:
    house.database.extensions.insert(exten=exten, context=context)

    result = perform(house, read_numbers)

    assert told(result, exten) == (used_by.get(house.generation.name, "unknown"), "")
    assert not any(first <= exten <= last for first, last in (free_in(result, context) if result["free_known"] else ()))


@pytest.mark.on("xivo16", "wazo")
def test_an_incall_whose_user_left_leads_to_nothing(house: Simulator) -> None:
    if house.generation.name == "wazo":
        house.database.insert_incall_to("2300", "from-extern", {"type": "none"})
    else:
        house.database.strand_incall("2300", "from-extern", 99)

    assert told(perform(house, read_numbers), "2300") == ("nothing", "")


@EVERYWHERE
def test_a_shared_number_names_everybody(house: Simulator) -> None:
    bob = make_user(house, "Zoe Z")
    line = line_row(house, "Bob B")
    house.database.user_lines.insert(user_id=bob, line_id=line.id, main_user=False, main_line=True)

    found = row(perform(house, read_numbers), "1201")

    assert (found["name"], [each["lastname"] for each in found["people"]]) == ("Bob B, Zoe Z", ["B", "Z"])


@pytest.mark.on("xivo15", "xivo16")
def test_feature_codes_and_patterns_are_told(house: Simulator) -> None:
    house.database.extensions.insert(exten="_4XXX", context="default")

    result = perform(house, read_numbers)

    codes = ("*98", "_*21.", "_4XXX")
    assert [told(result, exten) for exten in codes] == [("feature", ""), ("feature", ""), ("pattern", "")]
    assert (row(result, "*26")["disabled"], row(result, "*98")["type"]) == (True, None)


# Other objects


@pytest.mark.on("xivo16")
def test_objects_of_xivo_by_what_extensions_show(house: Simulator) -> None:
    group = house.database.groups.insert(name="Support <b>").id
    for kind, exten, identifier in (("group", "1300", group), ("conference", "1301", 5), ("queue", "1302", 6)):
        house.database.add_object_number(kind, exten, "default", identifier)
    house.database.insert_incall_to("2300", "from-extern", {"type": "queue", "queue_id": 6})
    house.database.insert_incall_to("2301", "from-extern", {"type": "group", "group_id": 9, "group_name": "Sales"})

    result = perform(house, read_numbers)

    assert [told(result, exten) for exten in ("1300", "1301", "1302", "2300", "2301")] == [
        ("group", "Support <b>"),
        ("conference", ""),
        # No list shows the queue.
        ("unknown", ""),
        ("queue", ""),
        ("group", "Sales"),
    ]
    assert row(result, "2300")["object_id"] == "6"
    assert "it can be a queue" in " ".join(result["not_told"])


@pytest.mark.on("wazo")
def test_objects_of_wazo_by_what_people_call_them(house: Simulator) -> None:
    numbers = house.database
    group = numbers.groups.insert(tenant_uuid=numbers.master, label="Sales", name="grp-None-1", uuid="1")
    group.extension_id = numbers.extensions.insert(exten="1300", context="default").id
    numbers.add_object_number("queue", "1301", "default", id=3, name="que-None-3", label="Hotline")
    numbers.add_object_number("conference", "1302", "default", id=4, name="Board")
    numbers.add_object_number("parking_lot", "1303", "default", id=5, name="Yard")
    for exten, destination in (
        ("2300", {"type": "group", "group_id": group.id, "group_name": "grp-None-1", "group_label": "Sales"}),
        ("2301", {"type": "ivr", "ivr_id": 7}),
        ("2302", {"type": "extension", "exten": "1300", "context": "default"}),
        ("2303", {"type": "hangup", "cause": "busy", "timeout": None}),
        ("2304", {"type": "voicemail", "voicemail_id": 8, "voicemail_name": "Night", "greeting": None}),
    ):
        numbers.insert_incall_to(exten, "from-extern", destination)

    result = perform(house, read_numbers)

    assert [told(result, exten) for exten in ("1300", "1301", "1302", "1303")] == [
        ("group", "Sales"),
        ("queue", "Hotline"),
        ("conference", "Board"),
        ("parking_lot", "Yard"),
    ]
    assert [told(result, str(exten)) for exten in range(2300, 2305)] == [
        ("group", "Sales"),
        ("ivr", ""),
        ("extension", "1300@default"),
        ("hangup", "busy"),
        ("voicemail", "Night"),
    ]
    assert result["not_told"][1:] == ["the positions of the parking lot Yard, which are numbers of default as well"]


# Ranges


@pytest.mark.on("xivo16", "wazo")
def test_free_numbers_are_ranges_and_the_next_one(house: Simulator) -> None:
    result = perform(house, read_numbers)

    assert free_in(result, "default") == [("1000", "1199"), ("1203", "1999")]
    (default,) = [each for each in result["contexts"] if each["name"] == "default"]
    assert default["ranges"] == [
        {"use": "user", "first": "1000", "last": "1999", "numbers": 1000, "taken": 3, "free": 997, "next_free": "1000"}
    ]
    incalls = next(each for each in result["contexts"] if each["name"] == "from-extern")["ranges"]
    assert [(each["numbers"], each["next_free"]) for each in incalls] == [(1000, "2000"), (100_000_000, "0300000000")]


@pytest.mark.on("xivo16", "wazo")
def test_the_next_free_number_is_what_a_range_gets(house: Simulator) -> None:
    apply_list(house, *(person(f"User{each}", 1000 + each) for each in range(3)))
    result = perform(house, read_numbers)
    (default,) = [each for each in result["contexts"] if each["name"] == "default"]

    apply_list(house, person("Dora D", extension={"range": "1000-1999", "context": "default"}))

    (taken,) = [each for each in perform(house, read_numbers)["numbers"] if each["name"] == "Dora D"]
    assert taken["exten"] == default["ranges"][0]["next_free"] == "1003"


@pytest.mark.on("wazo")
@pytest.mark.parametrize(("taken", "other"), [("2700", "0123452700"), ("0123452700", "2700")])
def test_a_direct_number_is_not_free_in_its_other_form(sim: Simulator, taken: str, other: str) -> None:
    context = sim.database.context_rows.first(name="from-extern")
    context.incall_ranges = [{"start": "0123452700", "end": "0123452701", "did_length": 4}]
    apply_list(sim, person("Ada A", 1200, incalls=[{"exten": taken, "context": "from-extern"}]))

    found = next(each for each in perform(sim, read_numbers)["contexts"] if each["name"] == "from-extern")
    # Besides what the server itself adds for a number outside.
    assert {(1, "2701"), (1, "0123452701")} <= {(each["taken"], each["next_free"]) for each in found["ranges"]}

    ranges = [{"range": f"{other}-{other[:-1]}1", "context": "from-extern"}]
    apply_list(sim, person("Bob B", 1201, incalls=ranges))
    assert phone_book(sim)["Bob B"] == ("1201", [f"{other[:-1]}1"])


@pytest.mark.on("xivo16", "wazo")
def test_numbers_of_a_pattern_may_not_be_free(house: Simulator) -> None:
    house.database.extensions.insert(exten="_12XX", context="default")
    assert "the numbers that match the pattern _12XX of default" in perform(house, read_numbers)["not_told"]


def test_the_oldest_servers_tell_no_ranges(house: Simulator) -> None:
    result = perform(house, read_numbers)

    assert {each["free"] for each in result["contexts"]} == {None}
    assert not result["free_known"]
    assert "it is not known which numbers are free" in result["not_told"][0]


# Phones


@EVERYWHERE
def test_phones_are_shown_with_their_people(house: Simulator) -> None:
    devices = {each["id"]: each for each in perform(house, read_numbers)["devices"]}

    assert (devices["dev1"]["mac"], devices["dev1"]["model"]) == ("00:08:5d:00:00:01", "6731i")
    assert [(each["exten"], each["name"]) for each in devices["dev1"]["lines"]] == [("1200", "Ada A")]
    assert devices["dev2"]["lines"] == []
    assert "options" not in devices["dev1"]


@pytest.mark.on("xivo16")
def test_a_broken_phone_hides_phones_not_numbers(house: Simulator) -> None:
    house.database.corrupt_device("dev3")

    result = perform(house, read_numbers)

    assert (result["devices"], told(result, "1200")) == ([], ("person", "Ada A"))
    assert "the phones: " in result["not_told"][-1]


@EVERYWHERE
def test_phones_can_be_left_out(house: Simulator) -> None:
    assert perform(house, read_numbers, devices=False)["devices"] == []
    assert not [each for each in asked(house) if "devices" in each or each == "GET /lines"][1:]


@pytest.mark.on("xivo16", "wazo")
def test_parts_of_a_range_hold_each_free_number_once(house: Simulator) -> None:
    for exten in ("0999", "1000", "01001", "1005", "1006", "1099", "1100", "_10XX"):
        house.database.extensions.insert(exten=exten, context="default")
    wanted = parse_range("1000-1099", "default", "range")
    world = world_of(house)

    parts = [number for part in free_parts(world, wanted) for number in part]

    assert parts == list(free_numbers(world, wanted))
    assert len(parts) == 100 - 4


@pytest.mark.parametrize(
    ("first", "last", "ranges"),
    [
        ("1000", "1999", ["1000-1999"]),
        ("900", "1099", ["900-999", "1000-1099"]),
        ("0100", "0199", ["0100-0199"]),
        ("8", "8", ["8-8"]),
        ("1999", "1000", ["1000-1999"]),
    ],
)
def test_a_range_of_two_lengths_becomes_two(first: str, last: str, ranges: list[str]) -> None:
    assert [str(each) for each in ranges_between(first, last, "default")] == [f"{each}@default" for each in ranges]
