# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The sheets of docs/guides/sheets.md are read as the page says, and so are files with all columns of the systems.

The heads of tests/unit/reports/sheets are those of the systems: of 3CX 18, of the Bulk Handler of FreePBX 15, of the
export of phones of Cisco Unified CM with all details, and the fields that its Bulk Administration Guide names for
users. The rows are made up.
"""

from __future__ import annotations

import re
from contextlib import closing
from typing import Any

import pytest
import yaml
from jinja2.nativetypes import NativeEnvironment

from ansible_collections.xivo.confd.plugins.module_utils._reports.csv_entries import entries_of_csv
from simulator import Simulator
from support.guide_reader import TABLE, blocks_of
from support.helpers import apply_list, backend_of, phone_book
from support.people import fill, person
from support.playbooks import ROOT

PAGE = (ROOT / "docs" / "guides" / "sheets.md").read_text(encoding="utf-8")
FILES = ROOT / "tests" / "unit" / "reports" / "sheets"
SYSTEMS = {"3CX": "3cx", "FreePBX": "freepbx", "Phones": "cisco_phones", "Users": "cisco_users"}
"""{heading of a section: name of the file with all columns}"""
OWN = "XiVO and Wazo"


def section(title: str) -> list[tuple[str, str]]:
    """(language, text) of the blocks of a section."""
    return blocks_of(re.split(r"^##", PAGE.split(f"# {title}\n")[1], flags=re.MULTILINE)[0])


def sheet_of(title: str) -> str:
    (text,) = [text for language, text in section(title) if language == TABLE]
    return text


def entries_of(title: str, text: str, **changes: Any) -> list[dict[str, Any]]:
    """The list that the variables of a section make of a file. changes: variables that have other values."""
    (source,) = [text for language, text in section(title) if language == "yaml"]
    variables = {**yaml.safe_load(source), **changes}
    environment = NativeEnvironment()
    environment.filters["xivo.confd.csv_entries"] = entries_of_csv
    template = environment.from_string(variables.pop("provision_users"))
    entries: list[dict[str, Any]] = template.render(inventory_dir=".", lookup=lambda *_path: text, **variables)
    return entries


def test_the_page_has_no_other_sheet() -> None:
    assert len([text for language, text in blocks_of(PAGE) if language == TABLE]) == len({*SYSTEMS, OWN})


@pytest.mark.on("xivo16", "wazo")
@pytest.mark.parametrize("title", SYSTEMS)
def test_a_sheet_is_provisioned(title: str, sim: Simulator) -> None:
    entries = entries_of(title, sheet_of(title))

    planned = apply_list(sim, *entries, check=True)
    assert planned["summary"]["created"] == 3
    assert sim.writes == []

    apply_list(sim, *entries)
    assert {name: number for name, (number, _incalls) in phone_book(sim).items()} == {
        "Ann Archer": "1301",
        "Bob Baker": "1302",
        "Cleo Carter": "1303",
    }
    assert not apply_list(sim, *entries)["changed"]


@pytest.mark.parametrize("title", SYSTEMS)
def test_a_file_with_all_columns_says_the_same(title: str) -> None:
    complete = (FILES / f"{SYSTEMS[title]}.csv").read_text(encoding="utf-8")
    head, shown = complete.split("\n")[0].split(","), sheet_of(title).split("\n")[0].split(",")
    assert set(shown) < set(head)
    assert entries_of(title, complete) == entries_of(title, sheet_of(title))


def test_what_the_cells_mean() -> None:
    ann, bob, cleo = entries_of("3CX", sheet_of("3CX"))
    assert (ann["voicemail"]["ask_password"], cleo["voicemail"]["ask_password"]) == (True, False)
    assert "voicemail" not in bob
    assert (bob["services"], cleo["user"]["enabled"]) == ({"dnd": True}, False)

    ann, bob, cleo = entries_of("FreePBX", sheet_of("FreePBX"))
    assert (ann["user"]["lastname"], ann["user"]["language"]) == ("Archer", "fr_FR")
    assert (ann["voicemail"]["attach_audio"], cleo["voicemail"]["attach_audio"]) == (True, False)
    assert "voicemail" not in bob
    assert "ring_seconds" not in bob["user"]

    ann, bob, _cleo = entries_of("Phones", sheet_of("Phones"))
    assert (ann["match"], ann["voicemail"]) == ({"userfield": "aarcher"}, {})
    assert bob["forwards"]["unconditional"] == {"destination": "0612345678", "enabled": True}


def test_the_phones_of_cisco_have_addresses() -> None:
    assert "`patterns={'device.mac': 'SEP([0-9A-F]{12})'}`" in PAGE
    columns = {"device.mac": "Device Name", "userfield": "Owner User ID"}
    ann, *_others = entries_of_csv(sheet_of("Phones"), columns, patterns={"device.mac": "SEP([0-9A-F]{12})"})
    assert ann["device"] == {"mac": "00085D000001"}


PEOPLE = [
    person("Ann", "Archer", "1301", "2301", "2302", user={"ring_seconds": 20}, voicemail={"password": "2580"}),
    person("Bob", "Baker", "1302"),
]
LOGINS = {
    "xivo16": {"username": "ann", "password": "4-Ann-Only", "profile": "Client", "enabled": True},
    "wazo": {"username": "ann", "password": "4-Ann-Only"},
}


def own_export(sim: Simulator) -> str:
    with closing(backend_of(sim).client) as client:
        client.check_login()
        accepted = {"Accept": "text/csv; charset=utf-8"}
        return client._send("GET", "/users/export", headers=accepted).text


@pytest.mark.on("xivo16", "wazo")
def test_the_export_of_a_server_changes_nothing_there(sim: Simulator) -> None:
    fill(sim, [{**PEOPLE[0], "login": LOGINS[sim.generation.name]}, PEOPLE[1]])
    columns = yaml.safe_load(section(OWN)[1][1])["sheet_columns"]
    changes: dict[str, Any] = {}
    if sim.generation.name == "wazo":
        kept = {key: heading for key, heading in columns.items() if not key.startswith("login")}
        changes = {"sheet_columns": {**kept, "login.username": "username"}, "sheet_values": {}}
    export = own_export(sim)
    entries = entries_of(OWN, export, **changes)

    (direct,) = [entry["incalls"] for entry in entries if "incalls" in entry]
    assert [each["exten"] for each in direct] == ["2301", "2302"]
    assert not apply_list(sim, *entries)["changed"]
    by_uuid = {**changes.get("sheet_columns", columns), "match.uuid": "uuid"}
    renamed = entries_of(OWN, export.replace("Baker", "Brown"), **{**changes, "sheet_columns": by_uuid})
    assert apply_list(sim, *renamed)["summary"]["updated"] == 1


@pytest.mark.on("xivo16")
def test_the_sheet_of_a_server_has_columns_of_its_export(sim: Simulator) -> None:
    entries = entries_of(OWN, sheet_of(OWN))
    assert apply_list(sim, *entries, check=True)["summary"]["created"] == 2
    assert entries[0]["login"] == LOGINS["xivo16"]
    assert "login" not in entries[1]
