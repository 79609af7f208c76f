# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rows of directories, interfaces and databases are read as rows of a file are."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from ansible_collections.xivo.confd.plugins.filter.entries import entries
from ansible_collections.xivo.confd.plugins.module_utils._model.errors import InputError
from ansible_collections.xivo.confd.plugins.module_utils._reports.csv_entries import entries_of_csv
from ansible_collections.xivo.confd.plugins.module_utils._reports.row_entries import entries_of_rows

NAMED = {"firstname": "f", "userfield": "id"}


def one(columns: Mapping[str, str], row: Mapping[str, Any], **options: Any) -> dict[str, Any]:
    """The entry of one row, whose other columns are the name Ann and an id."""
    (entry,) = entries_of_rows([{"f": "Ann", "id": "HR-1", **row}], {**NAMED, **columns}, **options)
    assert entry.pop("match") == {"userfield": "HR-1"}
    return entry


def mistake(columns: Mapping[str, str], row: Mapping[str, Any], **options: Any) -> str:
    with pytest.raises(InputError) as caught:
        one(columns, row, **options)
    return str(caught.value)


# One mechanism

COLUMNS = {
    "name": "full name",
    "exten": "number",
    "context": "context",
    "incall": "direct number",
    "userfield": "id",
    "email": "mail",
    "enabled": "active",
    "groups": "groups",
    "ring_seconds": "ring",
    "services.dnd": "dnd",
    "login": "login",
    "login.password": "password",
    "forwards.busy.destination": "busy",
    "fallbacks.noanswer.user": "colleague",
}
TEXTS = [
    *("", " ", "0042", "1201", "+33 1 99 00 13 01", "1201|1202", "12 01", "yes", "FALSE", "maybe", "null", "-", "#N/A"),
    *("'0042", '="0042"', "Ann Archer", "Archer, Ann", "\u200bZoë ", "ZoÃ©", "{{ 7 * 7 }}", "sales|support", "|"),
    *("1201@default", "own", "30", "3.36E+10", "ann@example.org", "=1+1", "\x1b[31m", "x" * 300),
]
GOOD = {
    **dict.fromkeys(COLUMNS.values(), ""),
    "full name": "Archer Ann",
    "number": "12",
    "direct number": "23",
    "mail": "ann@example.org",
    "active": "yes",
    "groups": "sales|support",
    "ring": "30",
    "dnd": "yes",
    "colleague": "1202@default",
}
CELLS = st.sampled_from(TEXTS) | st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), max_size=8)
CHANGES = st.dictionaries(st.sampled_from(list(GOOD)), CELLS, max_size=2)
ROWS = st.lists(CHANGES.map(lambda changes: {**GOOD, **changes}), min_size=1, max_size=3)
OPTIONS = st.fixed_dictionaries(
    {},
    optional={
        "empty": st.sampled_from(["keep", "remove", {"direct number": "remove"}]),
        "separator": st.sampled_from(["|", ";"]),
        "name_order": st.sampled_from(["first_last", "last_first"]),
        "values": st.just({"enabled": {"maybe": False, "*": True}, "groups": {"": "nobody"}}),
        "patterns": st.just({"exten": r"\+33 1 99 00 (\d\d) (\d\d)|(\d+)"}),
        "match": st.booleans(),
    },
)


def outcome(read: Callable[..., list[dict[str, Any]]], source: Any, options: Mapping[str, Any]) -> Any:
    """The entries, or the problems and their places without what only a row has: an id."""
    try:
        return read(source, COLUMNS, name="staff", warn=lambda _text: None, **options)
    except InputError as error:
        text = re.sub(r"staff, row (\d+)(?: \(.*?\))?, (?=column ')", r"staff, row \1, ", str(error))
        return re.sub(r"(: )row (\d+)(?: \(.*?\))?(?= has the same)", r"\1row \2", text)


@given(rows=ROWS, options=OPTIONS)
def test_a_table_means_the_same_as_rows(rows: list[dict[str, str]], options: dict[str, Any]) -> None:
    for number, row in enumerate(rows, start=1):
        for heading in ("number", "direct number"):
            row[heading] = row[heading] and f"{row[heading]}{number:02}"
        # Parentheses end the id in a message, and a file has no row without any text.
        row["id"] = row["id"].strip("() \u200b") or f"HR-{number}"
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS.values(), quoting=csv.QUOTE_ALL)
    writer.writeheader()
    writer.writerows(rows)

    table = outcome(entries_of_csv, text.getvalue(), options)

    if isinstance(table, str):
        table = re.sub(r"\bline (\d+)(?=, column '| has the same)", lambda line: f"row {int(line[1]) - 1}", table)
    found = outcome(entries_of_rows, rows, options)
    event("entries" if isinstance(found, list) else "problems")
    assert found == table


# What sources return

LDAP_SEARCH = [
    # The documentation of community.general.ldap_search: a value alone, several values as a list, and the key dn.
    {
        "dn": "uid=ann,ou=people,dc=example,dc=org",
        "givenName": "Ann",
        "sn": "Archer",
        "mail": ["ann@example.org", "archer@example.org"],
        "telephoneNumber": "+33 1 99 00 13 01",
        "employeeNumber": "HR-1",
        "memberOf": ["cn=phones-sales,ou=groups,dc=example,dc=org", "cn=staff,ou=groups,dc=example,dc=org"],
    },
    {
        "dn": "uid=bob,ou=people,dc=example,dc=org",
        "givenName": "Bob",
        "sn": "Baker",
        "telephoneNumber": "1302",
        "employeeNumber": "HR-2",
        "memberOf": "cn=staff,ou=groups,dc=example,dc=org",
    },
]
OBJECT_INFO = [
    # The documentation of microsoft.ad.object_info: properties that were asked for and are not set are null.
    {
        "DistinguishedName": "CN=Ann Archer,OU=Staff,DC=example,DC=org",
        "Name": "Ann Archer",
        "ObjectClass": "user",
        "ObjectGUID": "c8c6569e-4688-4f3c-8462-afc4ff60817b",
        "givenName": "Ann",
        "sn": "Archer",
        "mail": None,
        "ipPhone": "1301",
        "userAccountControl": 512,
        "userAccountControl_AnsibleFlags": ["ADS_UF_NORMAL_ACCOUNT"],
    },
]
SCIM = [
    # The full user of the SCIM core schema, shortened.
    {
        "id": "2819c223-7f76-453a-919d-413861904646",
        "name": {"formatted": "Ms. Ann J Archer", "familyName": "Archer", "givenName": "Ann"},
        "emails": [{"value": "ann@example.org", "type": "work", "primary": True}],
        "phoneNumbers": [{"value": "1301", "type": "work"}, {"value": "0612345678", "type": "mobile"}],
        "groups": [{"value": "e9e30dba", "display": "sales"}, {"value": "fc348aa8", "display": "support"}],
        "active": True,
    },
]


def test_the_result_of_ldap_search() -> None:
    columns = {
        "firstname": "givenname",
        "lastname": "SN",
        "email": "mail.0",
        "exten": "telephoneNumber",
        "groups": "memberOf",
        "userfield": "employeeNumber",
    }
    patterns = {"exten": r"\+33 1 99 00 (\d\d) (\d\d)|(\d{4})", "groups": "cn=phones-([^,]+),.*"}

    ann, bob = entries_of_rows(LDAP_SEARCH, columns, patterns=patterns, values={"groups": {"*": ""}})

    assert ann == {
        "match": {"userfield": "HR-1"},
        "user": {"firstname": "Ann", "lastname": "Archer", "email": "ann@example.org"},
        "groups": ["sales"],
        "extension": {"exten": "1301", "context": "default"},
    }
    assert bob["extension"]["exten"] == "1302"
    assert "email" not in bob["user"]
    assert "groups" not in bob


def test_the_result_of_object_info() -> None:
    columns = {"name": "Name", "email": "mail", "exten": "ipPhone", "userfield": "ObjectGUID"}
    active = {"enabled": {512: True, "514": False}}
    (ann,) = entries_of_rows(OBJECT_INFO, {**columns, "enabled": "userAccountControl"}, values=active)
    assert ann["user"] == {"firstname": "Ann", "lastname": "Archer", "enabled": True}
    assert ann["match"]["userfield"] == "c8c6569e-4688-4f3c-8462-afc4ff60817b"


def test_the_answer_of_an_interface_with_nested_keys() -> None:
    columns = {
        "firstname": "name.givenName",
        "lastname": "name.familyName",
        "email": "emails.value",
        "exten": "phoneNumbers.0.value",
        "groups": "groups.display",
        "enabled": "active",
        "userfield": "id",
    }
    (ann,) = entries_of_rows(SCIM, columns)
    assert ann["user"] == {"firstname": "Ann", "lastname": "Archer", "email": "ann@example.org", "enabled": True}
    assert (ann["groups"], ann["extension"]["exten"]) == (["sales", "support"], "1301")


def test_rows_of_a_database_have_the_default_columns() -> None:
    rows = [{"id": 7, "firstname": "Ann", "lastname": None, "number": Decimal(1301), "direct number": 2301.0}]
    assert entries_of_rows(rows) == [
        {
            "match": {"userfield": "7"},
            "user": {"firstname": "Ann"},
            "extension": {"exten": "1301", "context": "default"},
            "incall": {"exten": "2301", "context": "from-extern"},
        }
    ]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("0042", "0042"),
        (" Zoe\u0308\u200b ", "Zoë"),
        (42, "42"),
        (10**25, "1" + "0" * 25),
        (1201.0, "1201"),
        (12.5, "12.5"),
        (Decimal("12.50"), "12.50"),
        (True, "true"),
        (date(2026, 2, 1), "2026-02-01"),
        ("Zoë".encode(), "Zoë"),
        (["only"], "only"),
        ([None, "", ["only"]], "only"),
        ("{{ 7 * 7 }}", "{{ 7 * 7 }}"),
    ],
)
def test_a_value_is_a_text(value: Any, text: str) -> None:
    assert one({"description": "d"}, {"d": value})["user"]["description"] == text


@pytest.mark.parametrize("value", [None, "", "  ", [], [None, ""], {}])
def test_no_value_is_an_empty_cell(value: Any) -> None:
    if value == {}:
        assert "description" not in one({"description": "d.e"}, {"d": value}, optional=["d.e"])["user"]
    else:
        assert "description" not in one({"description": "d"}, {"d": value})["user"]
        removing = one({"description": "d"}, {"d": value}, empty={"d": "remove"})
        assert removing["user"]["description"] == ""


@pytest.mark.parametrize(
    ("heading", "value"),
    [
        ("name.givenName", {"name": {"givenName": "x"}}),
        ("NAME.givenname", {"name": {"givenName": "x"}}),
        ("name.givenName", {"name.givenName": "x", "name": {"givenName": "y"}}),
        ("phones.0", {"phones": ["x", "y"]}),
        ("phones.0", {"phones": "x"}),
        ("phones.1.value", {"phones": [{"value": "y"}, {"value": "x"}]}),
        ("phones.0.value", {"phones": {"0": {"value": "x"}}}),
        ("phones.value", {"phones": [{"type": "fax"}, {"value": "x"}]}),
        ("cn;lang-fr", {"cn": "y", "cn;lang-fr": "x"}),
    ],
)
def test_a_heading_leads_to_a_value(heading: str, value: dict[str, Any]) -> None:
    assert one({"description": heading}, value)["user"]["description"] == "x"


def test_several_values() -> None:
    assert one({"groups": "g"}, {"g": ["sales", "support"]})["groups"] == ["sales", "support"]
    two = one({"incall": "d", "incall_context": "c"}, {"d": [2301, 2302], "c": ["a", "b"]})["incalls"]
    assert two == [{"exten": "2301", "context": "a"}, {"exten": "2302", "context": "b"}]
    assert mistake({"email": "mail"}, {"mail": ["a@x.org", "b@x.org"]}) == (
        "rows, row 1 (HR-1), column 'mail': 2 values ('a@x.org', 'b@x.org'), but the user has one. "
        "Choose one, for example with the column 'mail.0' for the first one."
    )
    assert "2 values ('1201', '1202'), but" in mistake({"exten": "n"}, {"n": ["1201", "1202"]})


def test_secrets_are_not_in_messages() -> None:
    secrets = {"p": ["4-Ann-Only", "5-Ann-Only"]}
    columns = {"login.username": "u", "login.password": "p"}
    assert "Only" not in mistake(columns, {"u": "ann", **secrets})
    said = mistake(columns, {"u": "ann", "p": "4-Ann-Only"}, patterns={"login.password": "x.*"})
    assert said.endswith("column 'p': the text does not match the pattern 'x.*'. Correct the text or the pattern.")


# Mistakes


@pytest.mark.parametrize(
    ("columns", "row", "problem"),
    [
        (
            {"exten": "n"},
            {"n": "+33 1 99 00 13 01"},
            "column 'n': '+33 1 99 00 13 01' is not a number. Write digits only.",
        ),
        ({"email": "m"}, {"m": "n/a"}, "column 'm': 'n/a' stands for a missing value."),
        ({"exten": "n"}, {"n": float("nan")}, "column 'n': 'nan' stands for a missing value."),
        ({"exten": "n"}, {"n": 10**5000}, "column 'n': the number has too many digits. Read the number as a text."),
        ({"exten": "n"}, {"n": Decimal("1E+999999")}, "column 'n': the number has too many digits."),
        ({"exten": "n"}, {"n": Decimal("sNaN")}, "column 'n': 'nan' stands for a missing value."),
        ({"exten": "n"}, {"n": 3.3e25}, "column 'n': 3.3e+25 is not exact. Read the number as a text."),
        (
            {"userfield": "guid"},
            {"guid": "\ufffd\ufffdV"},
            "column 'guid': the value is not a text in UTF-8. Read binary",
        ),
        ({"email": "m"}, {"m": b"\xff"}, "column 'm': the value is not a text in UTF-8."),
        ({"email": "m"}, {"m": {"a": 1, "b": 2}}, "column 'm': the value is a dictionary with the keys 'a', 'b'. Add"),
        ({"email": "m"}, {"m": {1}}, "column 'm': the value is of the type set, but must be a text."),
        ({"email": "mail"}, {"Mail": "a", "MAIL": "b"}, "column 'mail': the row has 'Mail', 'MAIL'. Write the name"),
        ({"lastname": "l"}, {"l": "two\nlines"}, "column 'l': lastname of the user contains"),
    ],
)
def test_a_mistake_has_a_row_and_a_column(columns: dict[str, str], row: dict[str, Any], problem: str) -> None:
    said = mistake(columns, row)
    assert re.sub(r"^rows, row 1 \(.*?\), ", "", said).startswith(problem)


@pytest.mark.parametrize(
    ("row", "place"),
    [
        ({"f": "Ann", "id": "HR-7"}, "row 1 (HR-7)"),
        ({"f": "Ann", "dn": "uid=ann,dc=example"}, "row 1 (uid=ann,dc=example)"),
        ({"f": "Ann", "l": "Archer"}, "row 1 (Archer)"),
        ({"f": ""}, "row 1"),
        ({"f": "Ann", "id": "\x1b[31m"}, "row 1 (\\x1b[31m)"),
    ],
)
def test_a_row_is_named(row: dict[str, str], place: str) -> None:
    columns = {"firstname": "f", "lastname": "l", "userfield": "id", "exten": "n"}
    with pytest.raises(InputError) as caught:
        entries_of_rows([{"n": "x", **row}], columns, optional=["id", "l"])
    assert str(caught.value).startswith(f"rows, {place}, column '")


def test_rows_can_be_the_result_of_selectattr() -> None:
    rows = [{"f": "Ann", "id": "1"}, {"f": "Bob", "id": "2"}]
    assert len(entries_of_rows((row for row in rows), NAMED)) == 2


def test_a_column_that_no_row_has_is_a_mistake() -> None:
    rows = [{"f": "Ann", "id": "1"}, {"f": "Bob", "id": "2", "number": "1302"}]
    columns = {**NAMED, "exten": "numbr", "email": "mail", "groups": "g.display"}
    with pytest.raises(InputError) as caught:
        entries_of_rows(rows, columns, name="staff", optional=["g.display"])
    advice = "Correct its name, ask the source for it, or add it to the option optional."
    assert str(caught.value).splitlines() == [
        f"staff, column 'numbr': no row has it, only f, id, number. {advice}",
        f"staff, column 'mail': no row has it. {advice}",
    ]
    assert len(entries_of_rows(rows, {**NAMED, "email": "Mail"}, optional=["mail"])) == 2
    assert entries_of_rows([], columns) == []
    with pytest.raises(InputError, match=r"optional has unknown columns: room\. It takes f, g.display, id"):
        entries_of_rows(rows, columns, optional=["room"])


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        ("f,id\nAnn,1", "rows is a string, but must be a list of dictionaries. Use csv_entries for the text of"),
        (None, "rows is null, but must be a list of dictionaries."),
        ({"results": [], "changed": False}, "rows is a dictionary, .*It has lists in the keys 'results'"),
        ({"f": "Ann"}, "rows is a dictionary, .*Put a single row into a list"),
        ([[{"f": "Ann"}]], "rows, row 1 is a list, but must be a dictionary. Choose the list in it"),
        ([{"f": "Ann", "id": "1"}, "Bob"], "rows, row 2 is a string, but must be a dictionary"),
    ],
)
def test_what_is_no_list_of_rows_is_named(rows: Any, problem: str) -> None:
    with pytest.raises(InputError, match=f"^{problem}"):
        entries_of_rows(rows, NAMED)


# The filter


def test_the_filter_lists_what_it_does_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    monkeypatch.setattr(
        "ansible_collections.xivo.confd.plugins.plugin_utils._sheet_filter.Display.v",
        lambda _self, text: told.append(text),
    )
    entries([{"name": {"f": "Ann"}, "dn": "x"}, {"NAME.F": "Bob", "Room": 1}], {"firstname": "name.f"}, match="false")
    assert told == ["rows: columns that are not read: dn, Room."]
