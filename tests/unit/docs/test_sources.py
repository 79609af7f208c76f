# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lists of docs/guides/ldap.md for other sources than LDAP read what these return, as their documentation says."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any

import pytest
import yaml
from jinja2.nativetypes import NativeEnvironment

from ansible_collections.xivo.confd.plugins.module_utils._reports.row_entries import entries_of_rows
from support.guide_reader import blocks_of
from support.paths import ROOT

PAGE = (ROOT / "docs" / "guides" / "ldap.md").read_text(encoding="utf-8")
FILES = {
    re.split(r"[\s#]+", text, maxsplit=2)[1]: yaml.safe_load(text)
    for language, text in blocks_of(PAGE)
    if language == "yaml"
}
GUID = "c8c6569e-4688-4f3c-8462-afc4ff60817b"
LDAP_SEARCH = {
    "dn": "CN=Ann Archer,OU=Staff,DC=example,DC=org",
    "objectGUID": "nlbGyIhGPE+EYq/E/2CBew==",
    "givenName": "Ann",
    "sn": "Archer",
    "ipPhone": "1301",
    "mail": "ann@example.org",
}
OBJECT_INFO = {
    "DistinguishedName": LDAP_SEARCH["dn"],
    "Name": "Ann Archer",
    "ObjectClass": "user",
    "ObjectGUID": GUID,
    "givenName": "Ann",
    "ipPhone": "1301",
    "mail": None,
    "sn": "Archer",
}
SCIM = {
    "id": GUID,
    "active": True,
    "name": {"givenName": "Ann", "familyName": "Archer"},
    "emails": [{"value": "ann@example.org", "type": "work", "primary": True}],
    "phoneNumbers": [{"value": "1301", "type": "work"}],
}
QUERY = {"id": "7", "firstname": "Ann", "lastname": "Archer", "number": "1301", "direct number": None}
SOURCES: dict[str, tuple[str, dict[str, Any], str]] = {
    "active_directory": ("localhost", {"directory": {"results": [LDAP_SEARCH]}}, LDAP_SEARCH["objectGUID"]),
    "windows": ("dc1", {"directory": {"objects": [OBJECT_INFO]}}, GUID),
    "rest": ("localhost", {"people": {"json": {"Resources": [SCIM, {**SCIM, "active": False}]}}}, GUID),
    "database": ("localhost", {"people": {"query_result": [QUERY]}}, "7"),
}
"""{folder of the page's files: (host, what its task registers, the id)}"""


def rendered(variables: dict[str, Any], host: str, registered: dict[str, Any]) -> Any:
    """The list that a file of the page makes of a result."""
    environment = NativeEnvironment()
    environment.filters["xivo.confd.entries"] = entries_of_rows
    known = {key: value for key, value in variables.items() if key != "provision_users"}
    hosts = {host: {key: SimpleNamespace(**value) for key, value in registered.items()}}
    return environment.from_string(variables["provision_users"]).render(hostvars=hosts, **known)


def test_the_page_has_no_other_source() -> None:
    assert {name.split("/")[0] for name in FILES if name.endswith("/users.yml")} == {*SOURCES, "host_vars"}


@pytest.mark.parametrize("source", SOURCES)
def test_a_source_is_read(source: str) -> None:
    host, registered, known_as = SOURCES[source]
    ((task,), variables) = FILES[f"{source}/task.yml"], FILES[f"{source}/users.yml"]

    (ann,) = rendered(variables, host, registered)

    assert [task["register"]] == list(registered)
    assert ann["match"] == {"userfield": known_as}
    assert (ann["user"]["firstname"], ann["user"]["lastname"]) == ("Ann", "Archer")
    assert ann["extension"] == {"exten": "1301", "context": "default"}


def test_leavers_can_be_named_by_an_attribute() -> None:
    assert "values={'state': {'former': 'absent', '*': 'present'}}, optional=['employeeType']" in PAGE
    columns = {"name": "cn", "userfield": "employeeNumber", "state": "employeeType"}
    options = {"values": {"state": {"former": "absent", "*": "present"}}, "optional": ["employeeType"]}
    rows = [{"cn": "Ann A", "employeeNumber": f"HR-{number}"} for number in range(3)]
    rows[1]["employeeType"], rows[2]["employeeType"] = "former", "manager"
    assert [entry.get("state") for entry in entries_of_rows(rows, columns, **options)] == [None, "absent", None]
    assert [entry.get("state") for entry in entries_of_rows(rows[:1], columns, **options)] == [None]
