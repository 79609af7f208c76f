# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A column can hold every key of an entry, in the words of the file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from ansible_collections.xivo.confd.plugins.filter.csv_entries import csv_entries
from ansible_collections.xivo.confd.plugins.module_utils._ansible.argument_specs import entry_spec
from ansible_collections.xivo.confd.plugins.module_utils._model.errors import InputError, PlanError
from ansible_collections.xivo.confd.plugins.module_utils._model.resources import DEVICE, Field
from ansible_collections.xivo.confd.plugins.module_utils._reports import sheet
from ansible_collections.xivo.confd.plugins.module_utils._reports.csv_entries import entries_of_csv
from ansible_collections.xivo.confd.plugins.module_utils._reports.sheet import OTHERS
from ansible_collections.xivo.confd.plugins.module_utils._reports.sheet_columns import FIELDS, Column
from simulator import Simulator
from support.helpers import apply_list, phone_book

NUMBERS = {
    ("extension", "exten"): "exten",
    ("extension", "context"): "context",
    ("extension", "range"): "range",
    ("extension", "commented"): "commented",
    **{(key, "exten"): "incall" for key in ("incall", "incalls")},
    **{(key, name): f"incall_{name}" for key in ("incall", "incalls") for name in ("context", "range", "commented")},
    ("line", "context"): "context",
    ("state",): "state",
}
"""{keys of an entry: the column}, where the column is called otherwise. A line has the context of its number."""


def one(columns: Mapping[str, str], cells: str, **options: Any) -> dict[str, Any]:
    """The entry of one row of a file, whose other columns are the name Ann."""
    head = ",".join(dict.fromkeys(columns.values()))
    known = {"firstname": "f", **columns} if "name" not in columns else dict(columns)
    (entry,) = entries_of_csv(f"f,{head}\nAnn,{cells}\n", known, **{"match": False, **options})
    return entry


def mistake(columns: Mapping[str, str], cells: str, **options: Any) -> str:
    with pytest.raises(InputError) as caught:
        one(columns, cells, **options)
    return str(caught.value)


def leaves(spec: Mapping[str, Any], path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The keys that lead to each value of an entry."""
    for name, option in spec.items():
        if "options" in option:
            yield from leaves(option["options"], (*path, name))
        else:
            yield (*path, name)


def test_every_key_of_the_spec_is_a_column() -> None:
    paths = {column.path: key for key, column in FIELDS.items()} | NUMBERS
    assert [path for path in leaves(entry_spec()) if paths.get(path) not in {*FIELDS, *OTHERS}] == []


def test_a_login_has_every_key_and_a_state() -> None:
    columns = {"login.username": "u", "login.password": "p", "login.enabled": "e", "login.profile": "c"}
    assert one({**columns, "login.state": "s"}, "ann,secret,T,Client,absent")["login"] == {
        "username": "ann",
        "password": "secret",
        "enabled": True,
        "profile": "Client",
        "state": "absent",
    }
    assert mistake({"login.state": "s"}, "gone") == "CSV, line 2, column 's': 'gone' is neither present nor absent."


def test_a_line_for_a_web_browser_is_true_false_or_unique() -> None:
    column = {"line.webrtc": "w"}
    read = [one(column, cell)["line"]["webrtc"] for cell in ("yes", "FALSE", "Unique")]
    assert read == [True, False, "unique"]
    said = "'both' is neither true nor false nor unique. Write true, false or unique."
    assert mistake(column, "both") == f"CSV, line 2, column 'w': {said}"


def test_columns_of_match_identify_the_user(sim: Simulator) -> None:
    apply_list(sim, {"user": {"firstname": "Ann"}, "extension": {"exten": "1200", "context": "default"}})
    columns = {"firstname": "f", "lastname": "l", "match.exten": "n", "match.context": "c"}
    entries = entries_of_csv("f,l,n,c\nAnna,Archer,1200,default\n", columns)

    assert entries == [
        {"match": {"exten": "1200", "context": "default"}, "user": {"firstname": "Anna", "lastname": "Archer"}}
    ]
    apply_list(sim, *entries)
    assert phone_book(sim) == {"Anna Archer": ("1200", [])}
    with pytest.raises(InputError, match="line 2, column 'n': the cell is empty, but a value is required"):
        entries_of_csv("f,l,n,c\nAnna,Archer,,default\n", columns)


def test_a_second_sheet_needs_no_names(sim: Simulator) -> None:
    apply_list(sim, *entries_of_csv("f,id\nAnn,HR-1\n", {"firstname": "f", "userfield": "id"}))
    columns = {"userfield": "id", "exten": "n"}
    apply_list(sim, *entries_of_csv("id,n\nHR-1,1200\n", columns))
    assert phone_book(sim) == {"Ann": ("1200", [])}
    with pytest.raises(PlanError, match="firstname"):
        apply_list(sim, *entries_of_csv("id,n\nHR-2,1201\n", columns))


# Full names


@pytest.mark.parametrize(
    ("cell", "order", "user"),
    [
        ("Archer Ann", "last_first", {"firstname": "Ann", "lastname": "Archer"}),
        ("Archer Anna Maria", "last_first", {"firstname": "Anna Maria", "lastname": "Archer"}),
        ('"van der Berg, Ann"', "last_first", {"firstname": "Ann", "lastname": "van der Berg"}),
        ("Anna Maria Archer", "first_last", {"firstname": "Anna Maria", "lastname": "Archer"}),
        ("Cher", "last_first", {"firstname": "Cher"}),
    ],
)
def test_the_order_of_a_full_name(cell: str, order: str, user: dict[str, str]) -> None:
    assert one({"name": "who"}, cell, name_order=order)["user"] == user


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ('","', "',' contains no name."),
        (f"Ann {'x' * 200}", "lastname 'xxx"),
        ('"Ann\nArcher B"', "firstname of the user contains the character U+000A"),
    ],
)
def test_a_full_name_that_no_server_stores(cell: str, said: str) -> None:
    assert mistake({"name": "who"}, cell).startswith(f"CSV, line 2, column 'who': {said}")


# Several values


def test_a_separator_of_the_file() -> None:
    columns = {"incall": "d", "groups": "g", "call_permissions": "p"}
    entry = one(columns, "2200;2201,sales; support,a|b", separator=";")
    assert [each["exten"] for each in entry["incalls"]] == ["2200", "2201"]
    assert (entry["groups"], entry["call_permissions"]) == (["sales", "support"], ["a|b"])


def test_direct_numbers_with_one_context_or_one_each() -> None:
    columns = {"incall": "d", "incall_context": "c"}

    def numbers(cells: str) -> list[tuple[str, str]]:
        return [(each["exten"], each["context"]) for each in one(columns, cells)["incalls"]]

    assert numbers("2200|2201,paris") == [("2200", "paris"), ("2201", "paris")]
    assert numbers("2200|2201,paris|rome") == [("2200", "paris"), ("2201", "rome")]
    assert numbers("2200|2201,") == [("2200", "from-extern"), ("2201", "from-extern")]
    assert mistake(columns, "2200|2201|2202,paris|rome").startswith(
        "CSV, line 2, column 'c': 2 contexts for 3 numbers. Write one context for all numbers, or one for each."
    )


@pytest.mark.parametrize(
    ("key", "cell", "said"),
    [
        ("incall", "|", "'|' has no value. Leave the cell empty, or write the values."),
        ("exten", "|", "'|' has no value. Leave the cell empty, or write the values."),
        ("range", "1200-11", "the range is '1200-11', which is not a valid range."),
        ("incall_range", "2200", "the range is '2200', which is not a valid range."),
        ("range", "1200-1299|1300-1399", "'1200-1299|1300-1399' is more than one range."),
    ],
)
def test_numbers_and_ranges_that_are_none(key: str, cell: str, said: str) -> None:
    assert mistake({key: "x"}, cell).startswith(f"CSV, line 2, column 'x': {said}")


def test_ranges_contexts_and_disabled_numbers_by_row(sim: Simulator) -> None:
    columns = {"range": "r", "context": "c", "commented": "off", "incall_range": "dr"}
    entry = one(columns, "1200-1299,default,yes,2200-2209|2220-2229")
    assert entry["extension"] == {"range": "1200-1299", "context": "default", "commented": True}
    assert [each["range"] for each in entry["incalls"]] == ["2200-2209", "2220-2229"]
    assert apply_list(sim, entry)["changed"]
    assert not apply_list(sim, entry)["changed"]


def test_the_same_number_with_and_without_its_context() -> None:
    columns = {"firstname": "f", "exten": "n", "context": "c"}
    with pytest.raises(InputError, match="line 3, column 'n': line 2 has the same value '1200'"):
        entries_of_csv("f,n,c\nAnn,1200,\nBob,1200,default\n", columns, match=False)
    assert len(entries_of_csv("f,n,c\nAnn,1200,\nBob,1200,paris\n", columns, match=False)) == 2


# Whether there is a voicemail or a login


@pytest.mark.parametrize(
    ("cells", "voicemail"),
    [
        ("1,0042", {"password": "0042"}),
        ("1,", {}),
        ("0,0042", None),
        (",0042", {"password": "0042"}),
        (",", None),
    ],
)
def test_a_column_says_whether_there_is_a_voicemail(cells: str, voicemail: Any) -> None:
    assert one({"voicemail": "has", "voicemail.password": "pin"}, cells).get("voicemail") == voicemail


def test_a_login_that_a_user_does_not_have() -> None:
    columns = {"login": "has", "login.username": "u", "login.password": "p"}
    assert "login" not in one(columns, "no,ann,secret")
    assert mistake(columns, "perhaps,ann,secret") == (
        "CSV, line 2, column 'has': 'perhaps' is neither true nor false. Write true or false."
    )


def test_a_voicemail_without_values_has_those_of_the_user(sim: Simulator) -> None:
    entry = one({"exten": "n", "voicemail": "has"}, "1200,yes")
    apply_list(sim, entry)
    assert [row.number for row in sim.database.voicemails] == ["1200"]
    assert not apply_list(sim, entry)["changed"]


# The words of the file


def test_the_words_of_a_file() -> None:
    columns = {
        "enabled": "Locked",
        "language": "Language",
        "ring_seconds": "Ring",
        "state": "Status",
        "userfield": "id",
    }
    values = {
        "enabled": {1: False, "0": True},
        "language": {"english united  states": "en_US", "": "fr_FR"},
        "ring_seconds": {0: None},
        "state": {"left": "absent", "*": "present"},
        "userfield": {"-": ""},
    }
    ann = one(columns, "1,English United States,0,Left,-", values=values)
    assert ann == {"user": {"firstname": "Ann", "enabled": False, "language": "en_US"}, "state": "absent"}
    bob = one(columns, "0,,20,on leave,HR-1", values=values)
    assert bob["user"] == {
        "firstname": "Ann",
        "enabled": True,
        "language": "fr_FR",
        "ring_seconds": 20,
        "userfield": "HR-1",
    }


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"separator": ""}, "separator is '', but must be a character such as ; or |."),
        ({"separator": "x"}, "separator is 'x'"),
        ({"name_order": "last"}, "name_order is 'last', but must be first_last or last_first."),
        ({"values": {"nope": {}}}, "values has keys that columns does not have: nope."),
        ({"values": ["x"]}, "values is a list, but must be a dictionary."),
        ({"values": {"groups": "y"}}, "values of groups is a string, but must be a dictionary."),
        ({"values": {"groups": {True: "y"}}}, "values of groups has the key true, which is not a text."),
        ({"values": {"groups": {"y": ["z"]}}}, "values of groups has a list for the cell 'y'."),
    ],
)
def test_options_that_mean_nothing(options: dict[str, Any], said: str) -> None:
    assert mistake({"groups": "x"}, "a", **options).startswith(said)


def test_a_cell_that_is_not_empty_says_that_there_is_something() -> None:
    columns = {"forwards.busy.destination": "d", "forwards.busy.enabled": "d"}
    values = {"forwards.busy.enabled": {"": False, "*": True}}
    assert one(columns, "1300", values=values)["forwards"] == {"busy": {"destination": "1300", "enabled": True}}
    assert one(columns, "", values=values)["forwards"] == {"busy": {"enabled": False}}


def test_a_cell_that_means_a_dictionary(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(FIELDS, "device.options", Column(DEVICE, Field("options", "dict"), ("device", "options")))
    columns, values = {"device.options": "x"}, {"device.options": {"dhcp": {"switchboard": True, "name": "é"}}}
    monkeypatch.setattr(sheet, "KEYS", sheet.KEYS | {"device.options"})

    assert one(columns, "DHCP", values=values)["device"] == {"options": {"switchboard": True, "name": "é"}}
    assert one(columns, '"{""a"": 1}"')["device"] == {"options": {"a": 1}}
    for cell in ("t", "[1]", "7"):
        assert mistake(columns, cell, values=values) == (
            f"CSV, line 2, column 'x': {cell!r} is not a dictionary. "
            "Give the dictionary that it means in the option values."
        )


def test_two_keys_can_have_one_column() -> None:
    entry = one({"exten": "n", "line.username": "n"}, "1200")
    assert (entry["extension"]["exten"], entry["line"]) == ("1200", {"username": "1200"})
    removed = one({"lastname": "n", "description": "n"}, "", empty={"n": "remove"})
    assert removed["user"] == {"firstname": "Ann", "lastname": "", "description": ""}


def test_the_filter_lists_what_it_does_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    monkeypatch.setattr(
        "ansible_collections.xivo.confd.plugins.plugin_utils._sheet_filter.Display.v",
        lambda _self, text: told.append(text),
    )
    csv_entries("f,cost centre,,room\nAnn,7,,A12\n", {"firstname": "f"}, match=False, name="staff.csv")
    assert told == ["staff.csv: columns that are not read: cost centre, room."]


def test_the_filter_takes_a_text_for_match() -> None:
    """Variables of the command line are texts."""
    assert csv_entries("f\nAnn\n", {"firstname": "f"}, match="false") == [{"user": {"firstname": "Ann"}}]


@pytest.mark.parametrize(
    ("key", "meant"),
    [
        ("mac", "device.mac"),
        ("secret", "line.secret"),
        ("voicemail_email", "voicemail.email"),
        ("login.user", "login.username"),
        ("destination", "forwards.busy.destination, forwards.noanswer.destination, forwards.unconditional.destination"),
    ],
)
def test_a_key_that_is_almost_right(key: str, meant: str) -> None:
    with pytest.raises(InputError) as caught:
        entries_of_csv("f,x\nAnn,\n", {"firstname": "f", key: "x"}, match=False)
    assert str(caught.value) == f"columns has unknown keys: {key}. Did you mean {meant}?"
