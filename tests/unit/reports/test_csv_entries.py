# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Entries of a personnel system's table; mistakes are named by line and column."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.xivo.confd.plugins.module_utils._model.errors import InputError
from ansible_collections.xivo.confd.plugins.module_utils._reports.csv_entries import entries_of_csv
from simulator import Simulator
from support.helpers import apply_list, phone_book, user_row

STAFF = """\
firstname,lastname,number,direct number,id,cost centre
Ada,Lovelace,1201,2201,HR-1,7
Cher,,1202,,HR-2,7
"""


def test_lines_become_entries() -> None:
    assert entries_of_csv(STAFF) == [
        {
            "match": {"userfield": "HR-1"},
            "user": {"firstname": "Ada", "lastname": "Lovelace"},
            "extension": {"exten": "1201", "context": "default"},
            "incall": {"exten": "2201", "context": "from-extern"},
        },
        {
            "match": {"userfield": "HR-2"},
            "user": {"firstname": "Cher"},
            "extension": {"exten": "1202", "context": "default"},
        },
    ]


def test_what_spreadsheets_write() -> None:
    text = '\ufeffVorname;Nachname;Durchwahl;Austritt\r\nÉlodie;"Müller; Lüders";01201;absent\r\n\r\n;;;\r\n'
    columns = {"firstname": "Vorname", "lastname": "Nachname", "exten": "Durchwahl", "state": "Austritt"}

    assert entries_of_csv(text, columns, context="berlin", match=False) == [
        {
            "user": {"firstname": "Élodie", "lastname": "Müller; Lüders"},
            "extension": {"exten": "01201", "context": "berlin"},
            "state": "absent",
        }
    ]


def test_a_rename_and_a_new_number_follow_the_id(sim: Simulator) -> None:
    apply_list(sim, *entries_of_csv(STAFF))
    assert phone_book(sim) == {"Ada Lovelace": ("1201", ["2201"]), "Cher": ("1202", [])}

    renamed = STAFF.replace("Ada,Lovelace,1201", "Ada,King,1299")
    assert apply_list(sim, *entries_of_csv(renamed))["summary"]["updated"] == 1

    assert phone_book(sim) == {"Ada King": ("1299", ["2201"]), "Cher": ("1202", [])}
    assert not apply_list(sim, *entries_of_csv(renamed))["changed"]


def test_existing_users_get_their_id_by_name(sim: Simulator) -> None:
    apply_list(sim, {"user": {"firstname": "Ada", "lastname": "Lovelace"}})

    apply_list(sim, *entries_of_csv(STAFF, match=False))

    assert user_row(sim, "Ada Lovelace").userfield == "HR-1"
    assert not apply_list(sim, *entries_of_csv(STAFF))["changed"]


HEAD = "firstname,lastname,number,direct number,id\n"


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        (
            HEAD + "Ada,L,12 01,,HR-1\n",
            ["staff.csv, line 2, column 'number': '12 01' is not a number. Write digits only."],
        ),
        (
            HEAD + "Ada,L,1201,3E+08,HR-1\n",
            [
                "staff.csv, line 2, column 'direct number': '3E+08' is how a spreadsheet shortens a long number. "
                "Format the column as text, and write the number."
            ],
        ),
        (
            HEAD + "Ada,L,1201,2201;2202,HR-1\n",
            [
                "staff.csv, line 2, column 'direct number': '2201;2202' is not a number. "
                "Separate several numbers by '|', or set separator to ';'."
            ],
        ),
        (
            HEAD + "\n,L,1201,,HR-1\n",
            ["staff.csv, line 3, column 'firstname': the cell is empty, but a value is required."],
        ),
        (HEAD + "Ada,L,1201,,\n", ["staff.csv, line 2, column 'id': the cell is empty, but a value is required."]),
        (
            HEAD + "Ada,L,1201,,HR-1\nBob,B,1201,,HR-1\n",
            [
                "staff.csv, line 3, column 'number': line 2 has the same value '1201'. Give each value once.",
                "staff.csv, line 3, column 'id': line 2 has the same value 'HR-1'. Give each value once.",
            ],
        ),
        (
            HEAD + '"Ada\nB",L,1201,,HR-1\nBob,B,x,,HR-2\n',
            [
                "staff.csv, line 2, column 'firstname': firstname of the user contains the character U+000A, "
                "which cannot be stored. Remove the character.",
                "staff.csv, line 4, column 'number': 'x' is not a number. Write digits only.",
            ],
        ),
        (
            HEAD + "Ada,L,Jr,1201,,HR-1\n",
            [
                "staff.csv, line 2, column 6: 6 cells, but there are 5 headings. "
                "Enclose a cell with a separator in quotation marks."
            ],
        ),
        (
            "firstname,lastname,number,id\nAda,L,1,HR\n",
            [
                "staff.csv, line 1, column 'direct number': there is no such column, "
                "only firstname, lastname, number, id."
            ],
        ),
        ("", ["staff.csv, line 1, column 'firstname': there is no such column, only none."]),
        ("J\udce9r\ufffdme", ["staff.csv is not UTF-8. Save it as 'CSV UTF-8'."]),
    ],
)
def test_mistakes(text: str, problems: list[str]) -> None:
    with pytest.raises(InputError) as caught:
        entries_of_csv(text, name="staff.csv")

    assert str(caught.value).splitlines()[: len(problems)] == problems


def test_many_mistakes_are_not_all_listed() -> None:
    with pytest.raises(InputError, match=r"\.\.\. and 10 more$"):
        entries_of_csv(HEAD + "".join(f"A,B,x{each},,{each}\n" for each in range(30)))


@pytest.mark.parametrize(
    ("columns", "match", "said"),
    [
        ({"firstname": "f", "secret": "s"}, False, "columns has unknown keys: secret."),
        ({"lastname": "l"}, False, "columns has neither firstname nor name. Every user needs one of them."),
        ({"name": "n", "lastname": "l"}, False, "columns has name, and firstname or lastname as well."),
        ({"firstname": "f", "incall": None, "exten": 7}, False, "columns has no heading for exten, incall."),
        ({"firstname": "f"}, True, "columns has no userfield"),
    ],
)
def test_columns_that_mean_nothing(columns: dict[str, Any], match: bool, said: str) -> None:
    with pytest.raises(InputError, match=said):
        entries_of_csv("f,l,s\n", columns, match=match)


def test_an_address_for_voicemail_and_who_leaves() -> None:
    text = "f,mail,s\nAda,ada@example.org,present\nBob,,absent\n"
    columns = {"firstname": "f", "voicemail.email": "mail", "state": "s"}

    assert entries_of_csv(text, columns, match=False) == [
        {"user": {"firstname": "Ada"}, "voicemail": {"email": "ada@example.org"}},
        {"user": {"firstname": "Bob"}, "state": "absent"},
    ]


def test_a_state_is_one_of_two() -> None:
    with pytest.raises(InputError, match=r"CSV, line 2, column 's': 'gone' is neither present nor absent\."):
        entries_of_csv("f,s\nAda,gone\n", {"firstname": "f", "state": "s"}, match=False)


def test_every_key_of_an_entry_can_be_a_column() -> None:
    columns = {
        "firstname": "f",
        "exten": "n",
        "context": "c",
        "incall": "d",
        "incall_context": "dc",
        "line.username": "sip",
        "voicemail.number": "box",
        "voicemail.password": "pin",
        "voicemail.ask_password": "ask",
        "voicemail.max_messages": "most",
        "ring_seconds": "ring",
        "enabled": "on",
        "device.mac": "mac",
        "services.dnd": "dnd",
        "forwards.busy.destination": "busy",
        "call_permissions": "may",
        "groups": "groups",
    }
    head = ";".join(columns.values())
    text = f"{head}\nAnn;1200;sales;2200|2201;extern;abc;1900;0042;no;7;20;true;aa:bb;Yes;1300;a | b;sales\n"

    assert entries_of_csv(text, columns, match=False) == [
        {
            "user": {"firstname": "Ann", "ring_seconds": 20, "enabled": True},
            "extension": {"exten": "1200", "context": "sales"},
            "incalls": [{"exten": "2200", "context": "extern"}, {"exten": "2201", "context": "extern"}],
            "line": {"username": "abc"},
            "voicemail": {"number": "1900", "password": "0042", "ask_password": False, "max_messages": 7},
            "device": {"mac": "aa:bb"},
            "services": {"dnd": True},
            "forwards": {"busy": {"destination": "1300"}},
            "call_permissions": ["a", "b"],
            "groups": ["sales"],
        }
    ]


@pytest.mark.parametrize(
    ("cell", "user"),
    [
        ("Ann Archer", {"firstname": "Ann", "lastname": "Archer"}),
        ("Anna Maria Archer", {"firstname": "Anna Maria", "lastname": "Archer"}),
        ('"van der Berg, Ann"', {"firstname": "Ann", "lastname": "van der Berg"}),
        ("Cher", {"firstname": "Cher"}),
    ],
)
def test_a_full_name_in_one_column(cell: str, user: dict[str, str]) -> None:
    assert entries_of_csv(f"who,x\n{cell},\n", {"name": "who"}, match=False) == [{"user": user}]


def test_a_number_may_be_chosen_from_a_range() -> None:
    columns = {"firstname": "f", "exten": "n", "range": "r", "incall_range": "dr"}
    text = "f,n,r,dr\nAnn,,1200-1299,2200-2299\nBob,1300,1200-1299,\n"
    ann, bob = entries_of_csv(text, columns, match=False)

    assert ann["extension"] == {"range": "1200-1299", "context": "default"}
    assert ann["incall"] == {"range": "2200-2299", "context": "from-extern"}
    assert bob["extension"] == {"exten": "1300", "context": "default"}


@pytest.mark.parametrize(
    ("key", "cell", "said"),
    [
        ("services.dnd", "maybe", "'maybe' is neither true nor false. Write true or false."),
        ("ring_seconds", "ten", "'ten' is not a number. Write digits only."),
        ("exten", "1200|1201", "'1200|1201' is more than one number. A user has one internal number."),
        ("voicemail.password", "12x4", "password of the voicemail cannot be stored: it must be digits."),
        ("groups", "|", "'|' has no value. Leave the cell empty, or write the values."),
        ("voicemail.password", "#REF!", "the cell has an error of a formula. Write the value."),
    ],
)
def test_a_cell_has_the_type_of_its_field(key: str, cell: str, said: str) -> None:
    with pytest.raises(InputError) as caught:
        entries_of_csv(f"f,x\nAnn,{cell}\n", {"firstname": "f", key: "x"}, match=False)
    assert str(caught.value).splitlines()[0] == f"CSV, line 2, column 'x': {said}"


def test_an_empty_cell_removes_what_can_be_removed() -> None:
    columns = {"firstname": "f", "groups": "g", "email": "e", "incall": "d"}
    (entry,) = entries_of_csv("f,g,e,d\nAnn,,,\n", columns, match=False, empty="remove")

    assert entry == {
        "user": {"firstname": "Ann", "email": ""},
        "groups": [],
        "incalls": [],
    }
    with pytest.raises(InputError, match="An empty cell of the column 'v' cannot remove anything"):
        entries_of_csv("f,v\n", {"firstname": "f", "voicemail.email": "v"}, match=False, empty={"v": "remove"})


def test_a_secret_of_a_cell_is_in_no_message() -> None:
    columns = {"firstname": "f", "voicemail.password": "p", "password": "l"}
    warnings: list[str] = []
    with pytest.raises(InputError) as caught:
        entries_of_csv("f,p,l\nAnn,Zo\u00c3\u00a9canary,xc\u00c3\u00a9\n", columns, match=False, warn=warnings.append)
    assert "canary" not in str(caught.value) + str(warnings)
    assert "xc" not in str(caught.value) + str(warnings)


def test_columns_of_fallbacks() -> None:
    columns = {
        "firstname": "Name",
        "fallbacks.noanswer.user": "takes over",
        "fallbacks.noanswer.ring_seconds": "for",
        "fallbacks.busy.voicemail": "box",
        "fallbacks.congestion.extension": "else",
        "fallbacks.fail.group": "team",
    }
    text = "Name;takes over;for;box;else;team\nAnn;Bob Burton;20;own;1300@default;sales\nBob;1300@sales;;17@x;;\n"
    ann, bob = entries_of_csv(text, columns, match=False)
    assert ann["fallbacks"] == {
        "noanswer": {"user": {"firstname": "Bob", "lastname": "Burton"}, "ring_seconds": 20},
        "busy": {"voicemail": "own"},
        "congestion": {"extension": {"exten": "1300", "context": "default"}},
        "fail": {"group": "sales"},
    }
    assert bob["fallbacks"] == {
        "noanswer": {"user": {"exten": "1300", "context": "sales"}},
        "busy": {"voicemail": {"number": "17", "context": "x"}},
    }
    with pytest.raises(InputError, match="line 2, column 'box': .*Give a dictionary with id, number, context or own"):
        entries_of_csv("Name;box\nAnn;mine\n", {"firstname": "Name", "fallbacks.busy.voicemail": "box"}, match=False)
