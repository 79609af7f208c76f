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
        ({"lastname": "l"}, False, "columns has no firstname."),
        ({"firstname": "f", "incall": None, "exten": 7}, False, "columns has no heading for exten, incall."),
        ({"firstname": "f"}, True, "columns has no userfield"),
    ],
)
def test_columns_that_mean_nothing(columns: dict[str, Any], match: bool, said: str) -> None:
    with pytest.raises(InputError, match=said):
        entries_of_csv("f,l,s\n", columns, match=match)


def test_an_address_for_voicemail_and_who_leaves() -> None:
    text = "f,mail,s\nAda,ada@example.org,present\nBob,,absent\n"
    columns = {"firstname": "f", "voicemail_email": "mail", "state": "s"}

    assert entries_of_csv(text, columns, match=False) == [
        {"user": {"firstname": "Ada"}, "voicemail": {"email": "ada@example.org"}},
        {"user": {"firstname": "Bob"}, "state": "absent"},
    ]


def test_a_state_is_one_of_two() -> None:
    with pytest.raises(InputError, match=r"CSV, line 2, column 's': 'gone' is neither present nor absent\."):
        entries_of_csv("f,s\nAda,gone\n", {"firstname": "f", "state": "s"}, match=False)
