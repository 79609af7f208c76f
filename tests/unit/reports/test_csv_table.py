# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files are read as people and spreadsheets mean them, or the error says where that is not clear."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.xivo.confd.plugins.filter.csv_entries import csv_entries
from ansible_collections.xivo.confd.plugins.module_utils._model.errors import InputError, PlanError
from ansible_collections.xivo.confd.plugins.module_utils._reports.csv_entries import entries_of_csv
from simulator import Simulator
from support.helpers import apply_list, phone_book

HEAD = "firstname,lastname,number,direct number,id,notes\n"
BOB = "Bob,Baker,1302,,HR-2,fine\n"


def people(text: str, **options: Any) -> list[tuple[str, ...]]:
    """(first name, last name, number, id) of each entry."""
    return [
        (
            entry["user"]["firstname"],
            entry["user"].get("lastname", ""),
            entry.get("extension", {}).get("exten", ""),
            entry["match"]["userfield"],
        )
        for entry in entries_of_csv(text, name="staff.csv", **options)
    ]


ANN, BOBBY = ("Ann", "Archer", "1301", "HR-1"), ("Bob", "Baker", "1302", "HR-2")


@pytest.mark.parametrize(
    "row",
    [
        "Ann,Archer,1301,,HR-1,ok",
        pytest.param(f"Ann,Archer,1301,,HR-1,{'x' * 200000}", id="a large cell"),
        'Ann, "Archer", 1301, , "HR-1",ok',
        '"Ann" ,\t"Archer","1301","" ,"HR-1" ,ok',
        "Ann,Archer,1301,,HR-1,ok,,",
        'Ann,Archer,1301,,HR-1,5" cable',
        'Ann,Archer,1301,,HR-1,"a, ""b"" and\nc"',
        '="Ann",Archer,="1301",,="HR-1",ok',
        '"=""Ann""",Archer,\'1301,,HR-1,"=""ok"""',
        "\u200bAnn\u00a0,Archer ,1301,,HR-1\ufeff,ok",
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_rows_that_are_certain(row: str, end: str) -> None:
    assert people((HEAD + row + "\n" + BOB).replace("\n", end)) == [ANN, BOBBY]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (
            HEAD + 'Ann,Archer,1301,,HR-1,"ok\n' + BOB,
            "staff.csv, line 2, column 'notes': the quotation mark is not closed. Close or remove it.",
        ),
        (
            HEAD + 'Ann,Archer,1301,,HR-1,"ok\nBob,"Baker",1302,,HR-2,fine\n',
            "staff.csv, line 2, column 'notes': text follows the closing quotation mark in line 3.",
        ),
        (
            HEAD + 'Ann,Archer,1301,,HR-1,"ok\nBob,Baker,1302,,HR-2,fine"\n',
            "staff.csv, line 2, column 'notes': the cell contains whole rows up to line 3.",
        ),
        (
            HEAD + BOB + '"Ann" Archer,Archer,1301,,HR-1,ok\n',
            "staff.csv, line 3, column 'firstname': text follows the closing quotation mark.",
        ),
        (
            HEAD + 'Ann,Archer",1301,,HR-1,ok\n' + BOB,
            "staff.csv, line 2, column 'lastname': the quotation mark is not closed. Close or remove it.",
        ),
        (HEAD + BOB + "Ann,Arch", "staff.csv, line 3, column 'number': 2 cells, but there are 6 headings."),
        (HEAD + "Ann,Archer,1301,,HR-1,ok,x\n", "staff.csv, line 2, column 7: 7 cells, but there are 6 headings."),
        (
            HEAD + BOB + "A\0nn,Archer,1301,,HR-1,ok\n",
            "staff.csv, line 3, column 'firstname': the cell contains a NUL character",
        ),
        (
            HEAD + f"{'x' * 200000},Archer,1301,,HR-1,ok\n",
            "staff.csv, line 2, column 'firstname': firstname 'xxxxx",
        ),
        (
            HEAD + 'Ann,"Arch\ner",1301,,HR-1,ok\n',
            "staff.csv, line 2, column 'lastname': lastname of the user contains",
        ),
        ('firstname,"lastname\n', "staff.csv, line 1, column 2: the quotation mark is not closed."),
        (
            # Ann would get the id of Bob, and Bob would not be in the list.
            'firstname,lastname,room,number,direct number,id\nAnn,Archer,"A12,1301,,HR-1\nBob,Baker,B13",1302,,HR-2\n',
            "staff.csv, line 2, column 'room': the cell contains whole rows up to line 3.",
        ),
        (
            HEAD + 'Ann,Archer,1301,,HR-1,"ok\nBob,Baker,1302,,HR-2"\nCleo,C,1303,,HR-3,fine\n',
            "staff.csv, line 2, column 'notes': the cell contains whole rows up to line 3.",
        ),
        (
            HEAD.replace("notes", '"notes') + 'Ann,Archer,1301,,HR-1,ok"\n' + BOB,
            "staff.csv, line 1, column 6: the cell contains whole rows up to line 2.",
        ),
    ],
)
def test_what_is_not_certain_is_an_error(text: str, problem: str) -> None:
    with pytest.raises(InputError) as caught:
        entries_of_csv(text, name="staff.csv")
    assert str(caught.value).startswith(problem)


@pytest.mark.parametrize(
    "head",
    [
        "firstname;lastname;number;direct number;id",
        "sep=;\nfirstname;lastname;number;direct number;id",
        "sep=;;;;;\nfirstname;lastname;number;direct number;id",
        '"SEP=;"\n\nfirstname;lastname;number;direct number;id',
        "\n\nfirstname;lastname;number;direct number;id",
        ";;;;\nfirstname;lastname;number;direct number;id",
        "FirstName;LASTNAME;Number; Direct  number ;ID",
        'firstname;lastname;number;"direct\nnumber";id',
    ],
)
def test_heads_of_spreadsheets(head: str) -> None:
    assert people(f"{head}\nAnn;Archer;1301;;HR-1\n") == [ANN]


def test_a_heading_with_many_commas() -> None:
    text = "firstname;lastname;number;direct number;id;notes, hints, a, b, c, d, e\nAnn;Archer;1301;;HR-1;a, b\n"
    assert people(text) == [ANN]


def test_the_exact_heading_comes_first() -> None:
    text = "ID,id,firstname\nx,HR-1,Ann\n"
    assert people(text, columns={"firstname": "firstname", "userfield": "id"}) == [("Ann", "", "", "HR-1")]
    with pytest.raises(InputError, match="column 'Id': 2 columns have this heading"):
        people(text, columns={"firstname": "firstname", "userfield": "Id"})


def test_the_headings_are_listed_once() -> None:
    with pytest.raises(InputError) as caught:
        people("a,,b,a\n1,,2,3\n", columns={"firstname": "x", "userfield": "y", "lastname": "a"})
    assert str(caught.value).splitlines() == [
        "staff.csv, line 1, column 'x': there is no such column, only a, b, a.",
        "staff.csv, line 1, column 'y': there is no such column.",
        "staff.csv, line 1, column 'a': 2 columns have this heading.",
    ]


def test_a_stray_quotation_mark_purges_nobody(sim: Simulator) -> None:
    staff = HEAD + "Ann,Archer,1301,,HR-1,ok\n" + BOB
    apply_list(sim, *entries_of_csv(staff))
    before = phone_book(sim)
    with pytest.raises(InputError, match="is not closed"):
        apply_list(sim, *entries_of_csv(staff.replace(",ok", ',"ok')), purge=True, purge_scope={"context": "default"})
    assert phone_book(sim) == before
    blanks = staff.replace("Archer", ' "Archer"').replace("HR-1", ' "HR-1"')
    assert not apply_list(sim, *entries_of_csv(blanks), purge=True, purge_scope={"context": "default"})["changed"]


# Marks of spreadsheets


@pytest.mark.parametrize(
    ("key", "cell", "meant"),
    [
        ("userfield", '="0042"', "0042"),
        ("userfield", "'0042", "0042"),
        ("mobile_phone_number", "'+33612345678", "+33612345678"),
        ("lastname", "'t Hooft", "'t Hooft"),
        ("lastname", "O'Hara", "O'Hara"),
        ("lastname", "Null", "Null"),
        ("firstname", "None", "None"),
        ("lastname", "-", "-"),
        ("lastname", "#1", "#1"),
        ("description", "n/a", "n/a"),
    ],
)
def test_texts_that_spreadsheets_mark(key: str, cell: str, meant: str) -> None:
    columns = {"firstname": "f", key: "x"} if key != "firstname" else {"firstname": "x"}
    (entry,) = entries_of_csv(f"f,x\nAnn,{cell}\n", columns, match=False)
    assert entry["user"][key] == meant


@pytest.mark.parametrize(
    ("key", "cell", "said"),
    [
        *(
            (key, cell, "is an error of a formula")
            for key in ("lastname", "userfield", "exten", "voicemail.email")
            for cell in (
                "#N/A",
                "#REF!",
                "#VALUE!",
                "#NAME?",
                "#DIV/0!",
                "#NUM!",
                "#NULL!",
                "#NV",
                "#BEZUG!",
                "Err:502",
            )
        ),
        *(
            (key, cell, "stands for a missing value")
            for key in ("userfield", "email", "username", "exten", "incall", "voicemail.email", "language")
            for cell in ("NULL", "null", "nan", "NaN", "None", "-")
        ),
        ("userfield", "1.2E+05", "is how a spreadsheet shortens a long number"),
        ("exten", "3.36E+10", "is how a spreadsheet shortens a long number"),
    ],
)
def test_what_is_no_value_is_refused(key: str, cell: str, said: str) -> None:
    with pytest.raises(
        InputError, match=f"staff.csv, line 2, column 'x': '{cell.replace('?', '.').replace('+', '.')}' {said}"
    ):
        entries_of_csv(f"f,x\nAnn,{cell}\n", {"firstname": "f", key: "x"}, match=False, name="staff.csv")


@pytest.mark.parametrize(
    ("cell", "right"),
    [("ZoÃ©", "Zoé"), ("MÃ¼ller", "Müller"), ("Dâ€™Arc", "D’Arc"), ("Zoé", ""), ("Ã", ""), ("Łódź", "")],
)
def test_a_wrong_encoding_is_a_warning(cell: str, right: str) -> None:
    warnings: list[str] = []
    entries_of_csv(f"f\n{cell}\n", {"firstname": "f"}, match=False, name="staff.csv", warn=warnings.append)
    said = f"staff.csv, line 2, column 'f': '{cell}' looks like '{right}' saved in the wrong encoding."
    assert warnings == ([said] if right else [])


def test_the_filter_shows_the_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[str] = []
    monkeypatch.setattr(
        "ansible_collections.xivo.confd.plugins.plugin_utils._sheet_filter.Display.warning",
        lambda _self, text: shown.append(text),
    )
    csv_entries("f\nZoÃ©\n", {"firstname": "f"}, match=False)
    assert len(shown) == 1


# Empty cells

STAFF = "firstname,lastname,number,direct number,id\nAnn,Archer,1301,{},HR-1\nBob,,1302,{},HR-2\n"


@pytest.mark.parametrize(
    "empty", ["remove", {"direct number": "remove"}, {"Direct Number": "remove", "lastname": "keep"}]
)
def test_a_direct_number_moves_to_another_row(sim: Simulator, empty: Any) -> None:
    apply_list(sim, *entries_of_csv(STAFF.format("2301", "")))
    moved = entries_of_csv(STAFF.format("", "2301"), empty=empty)
    apply_list(sim, *moved)
    assert phone_book(sim) == {"Ann Archer": ("1301", []), "Bob": ("1302", ["2301"])}
    assert not apply_list(sim, *moved)["changed"]


def test_the_conflict_names_the_option(sim: Simulator) -> None:
    apply_list(sim, *entries_of_csv(STAFF.format("2301", "")))
    with pytest.raises(PlanError, match=r"2301@from-extern already belongs to .*empty="):
        apply_list(sim, *entries_of_csv(STAFF.format("", "2301")))


def test_empty_cells_keep_what_is_there(sim: Simulator) -> None:
    apply_list(sim, *entries_of_csv(STAFF.format("2301", "")))
    assert not apply_list(sim, *entries_of_csv(STAFF.format("", ""), empty="keep"))["changed"]


def test_empty_cells_clear_texts() -> None:
    columns = {"firstname": "f", "lastname": "l", "description": "d", "userfield": "i", "state": "s"}
    text = "f,l,d,i,s\nAnn,,,,\nBob,,,,absent\n"
    assert entries_of_csv(text, columns, match=False, empty="remove") == [
        {"user": {"firstname": "Ann", "lastname": "", "description": "", "userfield": ""}},
        {"user": {"firstname": "Bob"}, "state": "absent"},
    ]
    (ann, _bob) = entries_of_csv(text, columns, match=False, empty={"d": "remove"})
    assert ann == {"user": {"firstname": "Ann", "description": ""}}


@pytest.mark.parametrize(
    ("empty", "said"),
    [
        ("delete", "empty is 'delete', but must be keep or remove"),
        ({"id": "gone"}, "empty is 'gone'"),
        ({"nope": "remove"}, "empty has unknown columns: nope"),
        ({"number": "remove"}, "An empty cell of the column 'number' cannot remove anything"),
        ({"id": "remove"}, "An empty cell of the column 'id' cannot remove anything"),
        ({"firstname": "remove"}, "An empty cell of the column 'firstname' cannot remove anything"),
    ],
)
def test_what_an_empty_cell_cannot_do(empty: Any, said: str) -> None:
    with pytest.raises(InputError, match=said):
        entries_of_csv(STAFF.format("", ""), empty=empty)


# Whatever a program writes

CELLS = st.text(st.sampled_from('ab1 ",;\n|\t'), max_size=6)


@given(rows=st.lists(st.lists(CELLS, min_size=2, max_size=2), max_size=5), delimiter=st.sampled_from(",;|\t"))
def test_what_programs_quote_is_read_or_refused(rows: list[list[str]], delimiter: str) -> None:
    """Cells are never mixed up: every cell is the one that was written, or there is an error."""
    file = io.StringIO()
    writer = csv.writer(file, delimiter=delimiter, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerow(["name", "x", "notes"])
    writer.writerows([[f"n{at}", *row] for at, row in enumerate(rows)])
    read: Callable[..., list[dict[str, Any]]] = entries_of_csv
    try:
        entries = read(file.getvalue(), {"firstname": "name", "description": "x"}, match=False)
    except InputError as error:
        assert "line" in str(error)
        return
    wanted = [{"firstname": f"n{at}", "description": row[0].strip()} for at, row in enumerate(rows)]
    found = [
        {"firstname": each["user"]["firstname"], "description": each["user"].get("description", "")} for each in entries
    ]
    assert found == wanted
