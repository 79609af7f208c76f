# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading: complete lists, and one meaning of search, filters, order, skip and limit."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from ansible_collections.xivo.confd.plugins.module_utils._model.errors import InputError
from ansible_collections.xivo.confd.plugins.module_utils._tasks.info import (
    FEW_LINES,
    read_devices,
    read_extensions,
    read_lines,
    read_users,
    read_voicemails,
)
from simulator import Simulator
from support.helpers import Options, apply_list, asked, perform, person
from support.readers import every_reader


def without_401(sim: Simulator) -> list[str]:
    """What was asked, apart from the first refusal of a digest session."""
    return [
        words for words, request in zip(asked(sim), sim.requests) if request.status != 401 and request.method == "GET"
    ]


@pytest.fixture
def people(sim: Simulator) -> Simulator:
    """Three users with lines, one without."""
    apply_list(
        sim,
        person("Johnny Depp", 1200, user={"userfield": "HR-0042", "description": "Pirate", "password": "jack1234"}),
        person("Élodie Zoé", 1201, user={"userfield": "HR-0007"}),
        person("anna depp", 1202),
        person("Bob"),
    )
    sim.clear_log()
    return sim


def names(result: dict[str, Any]) -> list[str]:
    return [each["firstname"] for each in result["users"]]


# Everything, and one


@every_reader
def test_nothing_is_ever_changed(people: Simulator, name: str, read: Callable[..., Any]) -> None:
    result = perform(people, read)

    assert result["changed"] is False
    assert result["total"] == len(result[name])
    assert result["confd_api"] == "xivo15"
    assert people.writes == []


@every_reader
def test_all_are_read_in_one_unpaged_request(people: Simulator, name: str, read: Callable[..., Any]) -> None:
    perform(people, read, limit=1, skip=1, order="id", direction="desc")

    assert len(without_401(people)) == 1
    assert [request.query for request in people.requests] == [{}] * len(people.requests)


@every_reader
def test_an_id_that_is_not_there_is_an_empty_list(people: Simulator, name: str, read: Callable[..., Any]) -> None:
    result = perform(people, read, id="4711" if name == "devices" else 4711)

    assert (result[name], result["total"]) == ([], 0)


@pytest.mark.parametrize(("read", "name", "id_"), [(read_users, "users", 1), (read_devices, "devices", "dev2")])
def test_one_by_its_id(people: Simulator, read: Callable[..., Any], name: str, id_: Any) -> None:
    result = perform(people, read, id=id_)

    assert [each["id"] for each in result[name]] == [id_]
    assert result["total"] == 1
    assert len(without_401(people)) == 1


def test_objects_look_as_the_other_modules_return_them(people: Simulator) -> None:
    (johnny,) = perform(people, read_users, filters={"userfield": "HR-0042"})["users"]

    assert johnny["caller_id"] == '"Johnny Depp"'
    assert johnny["music_on_hold"] is None
    assert "links" not in johnny


@pytest.mark.no_cover
def test_2000_users_300_of_one_name_are_read_complete(sim: Simulator) -> None:
    for index in range(2000):
        sim.database.users.insert(firstname=f"F{index}", lastname="Martin" if index % 20 < 3 else f"L{index}")

    everybody = perform(sim, read_users)
    assert without_401(sim) == ["GET /users"]
    assert len({user["id"] for user in everybody["users"]}) == everybody["total"] == 2000

    sim.clear_log()
    pages = [
        perform(sim, read_users, filters={"lastname": "Martin"}, limit=70, skip=skip) for skip in range(0, 350, 70)
    ]
    assert without_401(sim) == ["GET /users"] * 5
    assert {page["total"] for page in pages} == {300}
    assert [len(page["users"]) for page in pages] == [70, 70, 70, 70, 20]
    assert len({user["id"] for page in pages for user in page["users"]}) == 300


@pytest.mark.no_cover
def test_2000_users_with_their_lines_take_four_requests(sim: Simulator) -> None:
    for index in range(2000):
        sim.database.users.insert(firstname=f"F{index}", lastname="Martin")
    apply_list(sim, person("Johnny Depp", 1200))
    sim.clear_log()

    result = perform(sim, read_users, with_lines=True, order="lastname")

    assert result["total"] == 2001
    assert len(without_401(sim)) == 4
    assert [user["extension"]["exten"] for user in result["users"] if user["extension"]] == ["1200"]


# Search


@pytest.mark.parametrize(
    ("search", "expected"),
    [
        ("depp", ["Johnny", "anna"]),
        ("JOHNNY DEPP", ["Johnny"]),
        ("hr-00", ["Johnny", "Élodie"]),
        ("pirate", ["Johnny"]),
        ("élodie", ["Élodie"]),
        ("elodie", []),
        ("%", []),
        ("_", []),
        ("HR\\", []),
        ("", ["Johnny", "Élodie", "anna", "Bob"]),
    ],
)
@pytest.mark.parametrize("with_lines", [False, True], ids=["server", "client"])
def test_search_is_a_substring_search_without_wildcards(
    people: Simulator, search: str, expected: list[str], with_lines: bool
) -> None:
    assert names(perform(people, read_users, search=search, with_lines=with_lines)) == expected


@pytest.mark.parametrize("read", [read_users, read_extensions, read_devices])
def test_the_server_narrows_a_search_where_it_can(people: Simulator, read: Callable[..., Any]) -> None:
    perform(people, read, search="120")

    assert people.requests[-1].query == {"search": "120"}


def test_lines_are_searched_in_the_client(people: Simulator) -> None:
    (line,) = perform(people, read_lines, limit=1)["lines_sip"]

    found = perform(people, read_lines, search=line["provisioning_extension"][1:])

    assert line in found["lines_sip"]
    assert perform(people, read_lines, search="nothing like it")["total"] == 0


def test_phones_are_searched(people: Simulator) -> None:
    assert [each["id"] for each in perform(people, read_devices, search="AASTRA")["devices"]] == ["dev1", "dev2"]
    assert perform(people, read_devices, search="autoprov")["total"] == 0


# Filters


def test_the_tutorial_s_phones_in_autoprov(people: Simulator) -> None:
    result = perform(people, read_devices, filters={"status": "autoprov"})

    assert [each["mac"] for each in result["devices"]] == ["00:08:5d:00:00:01"]


def test_the_tutorial_s_numbers_of_a_context(sim: Simulator) -> None:
    apply_list(sim, person("Johnny Depp", 1200, 2200, 2201))

    result = perform(sim, read_extensions, filters={"context": "from-extern"}, order="exten")

    assert [each["exten"] for each in result["extensions"]] == ["2200", "2201"]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"lastname": "Depp"}, ["Johnny"]),
        ({"lastname": "depp"}, ["anna"]),
        ({"lastname": None}, ["Bob"]),
        ({"lastname": ""}, ["Bob"]),
        ({"id": 2}, ["Élodie"]),
        ({"id": "2"}, ["Élodie"]),
        ({"caller_id": "Bob"}, ["Bob"]),
        ({"lastname": "Depp", "firstname": "Bob"}, []),
        ({}, ["Johnny", "Élodie", "anna", "Bob"]),
    ],
)
def test_filters_are_exact(people: Simulator, filters: dict[str, Any], expected: list[str]) -> None:
    assert names(perform(people, read_users, filters=filters)) == expected


@pytest.mark.parametrize("exten", ["1200", 1200])
def test_numbers_in_filters_may_be_integers(people: Simulator, exten: Any) -> None:
    assert perform(people, read_extensions, filters={"exten": exten})["total"] == 1


@pytest.mark.parametrize("commented", [True, "true", "Yes", "on"])
def test_booleans_in_filters_may_come_from_a_template(people: Simulator, commented: Any) -> None:
    result = perform(people, read_extensions, filters={"commented": commented})

    assert result["total"] > 0
    assert all(each["commented"] for each in result["extensions"])


@pytest.mark.parametrize("mac", ["00:08:5D:00:00:02", "00-08-5d-00-00-02", "0008.5d00.0002", "00085d000002"])
def test_a_mac_in_filters_may_have_any_notation(people: Simulator, mac: str) -> None:
    assert [each["id"] for each in perform(people, read_devices, filters={"mac": mac})["devices"]] == ["dev2"]


@pytest.mark.parametrize(
    ("filters", "words"),
    [
        # 52:54:00:12:34:56 without quotes, and the same number as a template passes it on.
        ({"mac": 41135085296}, "filters.mac is 41135085296, but must be a string. Write it in quotes."),
        ({"mac": "41135085296"}, "filters.mac is '41135085296', which is not a MAC address. Write it in quotes"),
        ({"ip": "10.0.0.300"}, "filters.ip is '10.0.0.300', which is not an IP address."),
    ],
)
def test_an_address_that_no_phone_can_have_is_an_error(people: Simulator, filters: Options, words: str) -> None:
    with pytest.raises(InputError, match=re.escape(words)):
        perform(people, read_devices, filters=filters)


def test_of_options_the_given_keys_are_compared(sim: Simulator) -> None:
    sim.database.devices.get("dev2").options = {"switchboard": True, "other": 1}

    found = perform(sim, read_devices, filters={"options": {"switchboard": True}})

    assert [each["id"] for each in found["devices"]] == ["dev2"]


# Order, skip, limit


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"order": "lastname"}, ["Bob", "Johnny", "anna", "Élodie"]),
        ({"order": "lastname", "direction": "desc"}, ["Élodie", "Johnny", "anna", "Bob"]),
        ({"order": "firstname"}, ["anna", "Bob", "Élodie", "Johnny"]),
        ({"direction": "desc"}, ["Bob", "anna", "Élodie", "Johnny"]),
        ({"limit": 2}, ["Johnny", "Élodie"]),
        ({"skip": 1, "limit": 2}, ["Élodie", "anna"]),
        ({"skip": 3}, ["Bob"]),
        ({"skip": 0, "limit": 99}, ["Johnny", "Élodie", "anna", "Bob"]),
        ({"skip": 99}, []),
    ],
)
def test_order_skip_and_limit(people: Simulator, options: dict[str, Any], expected: list[str]) -> None:
    result = perform(people, read_users, **options)

    assert names(result) == expected
    assert result["total"] == 4


# Lines, and what costs


def test_lists_of_lines_cost_one_request_and_have_no_secret(people: Simulator) -> None:
    result = perform(people, read_lines)

    assert without_401(people) == ["GET /lines"]
    assert all({"secret", "callerid"}.isdisjoint(line) for line in result["lines_sip"])
    assert [line["device_id"] for line in result["lines_sip"]] == [None] * 3


def test_a_line_by_its_id_has_everything(people: Simulator) -> None:
    (line,) = perform(people, read_lines, id=1)["lines_sip"]

    assert line["callerid"] == '"Johnny Depp" <1200>'
    assert len(line["secret"]) == 8


def test_secrets_of_few_lines_are_read_one_by_one(people: Simulator) -> None:
    username = people.database.lines.get(2).username

    result = perform(people, read_lines, filters={"username": username}, return_secrets=True)

    assert [line["secret"] for line in result["lines_sip"]] == [people.database.lines.get(2).secret]
    assert "GET /lines_sip" not in asked(people)


def test_secrets_of_many_lines_are_read_with_the_list(sim: Simulator) -> None:
    apply_list(sim, *[person(f"F{index} L", 1100 + index) for index in range(FEW_LINES + 1)])
    sim.clear_log()

    result = perform(sim, read_lines, return_secrets=True)

    assert without_401(sim) == ["GET /lines", "GET /lines_sip", "GET /lines"]
    assert all(line["secret"] == sim.database.lines.get(line["id"]).secret for line in result["lines_sip"])


def test_only_the_page_s_secrets_are_read(sim: Simulator) -> None:
    apply_list(sim, *[person(f"F{index} L", 1100 + index) for index in range(FEW_LINES + 1)])
    sim.clear_log()

    result = perform(sim, read_lines, return_secrets=True, limit=2)

    assert result["total"] == FEW_LINES + 1
    assert without_401(sim) == ["GET /lines", "GET /lines_sip/1", "GET /lines_sip/2"]


def test_lines_filtered_by_caller_id_have_their_details(people: Simulator) -> None:
    (line,) = perform(people, read_lines, filters={"callerid": '"Johnny Depp" <1200>'})["lines_sip"]

    assert line["id"] == 1
    assert "secret" in line


# Users with lines


def test_with_lines_adds_line_and_number(people: Simulator) -> None:
    users = {user["firstname"]: user for user in perform(people, read_users, with_lines=True)["users"]}

    assert users["Johnny"]["line"]["context"] == "default"
    assert users["Johnny"]["extension"] == {"id": 34, "exten": "1200", "context": "default", "commented": False}
    assert "secret" not in users["Johnny"]["line"]
    assert users["Bob"]["line"] is users["Bob"]["extension"] is None


def test_one_user_with_line(people: Simulator) -> None:
    (johnny,) = perform(people, read_users, id=1, with_lines=True)["users"]

    assert (johnny["line"]["id"], johnny["extension"]["exten"]) == (1, "1200")
    assert "GET /users" not in asked(people)


def test_with_lines_of_nobody(people: Simulator) -> None:
    assert perform(people, read_users, id=4711, with_lines=True)["users"] == []


# Voicemails


def test_voicemails_are_searched_in_the_client(sim: Simulator) -> None:
    sim.database.voicemails.insert(name="House", number="1999", context="default", email="office@example.org")
    sim.database.voicemails.insert(name="Johnny", number="1200", context="default")

    assert [each["id"] for each in perform(sim, read_voicemails, search="OFFICE")["voicemails"]] == [1]
    assert [each["id"] for each in perform(sim, read_voicemails, filters={"email": None})["voicemails"]] == [2]
    assert [each["id"] for each in perform(sim, read_voicemails, filters={"number": "1200"})["voicemails"]] == [2]
    assert [each["id"] for each in perform(sim, read_voicemails, filters={"attach_audio": None})["voicemails"]] == [
        1,
        2,
    ]
