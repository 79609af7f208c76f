# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Read recordings/person-wazo-26.08.jsonl, which is as it was recorded, and say what of it is not compared.

It lacks about a fifth of what was sent: refusals, reads and repeats (person-wazo-26.08.md, "The rest of a person on a
real Wazo confd 26.08"). Refusals use up ids, so that `move_sequences` sets the next id before an object is created;
repeats that changed something are in `UNRECORDED`. Who sends a request is a name, and its token is written TOKEN.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from simulator import Simulator

from .recording import without_links

FILE = Path(__file__).with_name("recordings") / "person-wazo-26.08.jsonl"
RECORDED_URL = "https://wazo.example.org"
BASE = "/api/confd/1.1"
MASTER, SUB = "d3e5f0ec-0338-4154-b5e4-2a472fc13541", "0cce8278-76fb-4bcf-ae14-204767e05197"
VARIES = frozenset(
    {"created_at", "timestamp", "issued_at", "expires_at", "utc_issued_at", "utc_expires_at", "remote_addr",
     "user_agent", "contexts"}
)  # fmt: skip
"""Times, the client's address, and which contexts a context includes, which the simulator does not have."""
UNORDERED = (".users", ".groups", ".call_pickup_target_users")
"""References come in the order of the database's pages, which an update of any of them changes."""
TIED = ("name", "label")
"""And so do rows of a list that have the same name."""
UNRECORDED: dict[str, dict[str, Any]] = {
    "create with fields": {"method": "POST", "path": "/groups", "body": {"label": "sales"}},
    "relabel": {
        "method": "PUT",
        "path": "/users/72db6b2e-a4b3-4089-b1e2-c941eac6a073",
        "body": {"music_on_hold": "moh-None-071c1456-a59d-4feb-b552-4c0d41ebc5c1"},
    },
}
"""Repeats that the recording lacks, by the note of the exchange that comes next."""
UNEXPLAINED_ROW = ",Lin,Same,"
"""The export shows one of the two lines, which have one position and no number; wazo-26.08.md, "7. Reads" says both."""
PAGES_BY_CHANCE = ("recurse",)
"""A page of one login of 21, of which some have uuids as usernames: only the totals are compared."""
KEYS_AT_ONCE = "8 x PUT funckey, 8 positions"
ACLS = {
    "root": ["#"],
    "subadmin": ["#"],
    "admin": ["confd.#", "auth.tenants.read", "auth.tenants.*.read"],
    "reader": ["confd.#.read"],
    "noacl": [],
}
ALIASES = {"sub": "subadmin", "pa": "person-admin"}
NEVER_USED = {"provd": "master", "belowadmin": "below"}
"""Logins that no recorded answer shows, but that the recorded totals count."""
USER_ACL = ["confd.users.me.read", "confd.users.me.#.read", "confd.users.me.#.update", "auth.users.me.password.update"]


@dataclass(frozen=True)
class Recorded:
    """Hold a recorded exchange. path: with the service's prefix; given and body: what was sent and answered."""

    number: int
    section: str
    note: str
    sender: str | None
    method: str
    path: str
    headers: dict[str, str]
    given: str | None
    status: int
    location: str
    content_type: str
    body: str

    def __str__(self) -> str:
        return f"{self.number} ({self.note}) {self.method} {self.path} {self.given}"

    @property
    def is_table(self) -> bool:
        return self.content_type.startswith("text/csv") and self.status == 200

    @property
    def is_page(self) -> bool:
        return self.body.startswith("<!doctype")

    @property
    def gives_token(self) -> bool:
        return self.method == "POST" and self.path.endswith("/token")

    @property
    def answer(self) -> Any:
        """Return the body as JSON without links, None if there is none."""
        return without_links(json.loads(self.body)) if self.body.strip() else None

    @property
    def before(self) -> list[dict[str, Any]]:
        return [UNRECORDED[self.note]] if self.note in UNRECORDED else []


def _read() -> Iterator[Recorded]:
    for number, line in enumerate(FILE.read_text(encoding="utf-8").splitlines(), start=1):
        row = json.loads(line)
        headers = row["headers"]
        yield Recorded(
            number=number,
            section=row["section"],
            note=row["note"],
            sender=row["as"] if row["as"] != "None" else None,
            method=row["method"],
            path=row["url"].removeprefix(RECORDED_URL),
            headers=row["request_headers"] or {},
            given=row["request_body"],
            status=row["status"],
            location=headers.get("location", "").removeprefix(RECORDED_URL),
            content_type=headers.get("content-type", ""),
            body=row["body"] or "",
        )


def _split() -> dict[str, list[Recorded]]:
    exchanges = list(_read())
    reset = next(place for place, each in enumerate(exchanges) if (each.section, each.note) == ("fallbacks", "a user"))
    return {"from the start": exchanges[:reset], "after a reset": exchanges[reset:]}


SERVERS = _split()


def reason_to_leave_out(exchange: Recorded) -> str | None:
    """Return why an exchange is not replayed, None if it is."""
    if exchange.section == "races" and (exchange.status == 500 or "not found" in exchange.body):
        return "only requests at the same time are answered so; test_person_races.py has them"
    if exchange.section == "export" and "Perf" in exchange.body:
        return "lists users that were made for measurements, which were not recorded"
    if exchange.note == KEYS_AT_ONCE or (exchange.section == "races" and '"exten": "94"' in exchange.body):
        return "a write that was answered 204 is lost there too; test_person_races.py has it"
    return None


def without_key_ids(answer: Any) -> Any:
    """Return an answer without the ids of function keys, which the writes that a race refused use up as well."""
    if not isinstance(answer, dict) or "keys" not in answer:
        return answer
    return {**answer, "keys": {position: {**key, "id": None} for position, key in answer["keys"].items()}}


# The start


def prepare(simulator: Simulator) -> dict[str, str]:
    """Bring the simulator into the state in which the recording begins. Returns {recorded value: the simulator's}."""
    database: Any = simulator.database
    for device in database.devices:
        database.devices.delete(device)
    for login in database.logins:
        if login.username != "confd-service":
            database.logins.delete(login)
    # The slugs of the tenants, which names of groups and of music on hold hold.
    database.tenants.get(database.master).name = "None"
    sub = database.tenant_named("sub").id
    below = database.tenants.insert(id=database.random_uuid(), name="below", parent_uuid=sub).id
    for name, acl in ACLS.items():
        database.accounts.add(name, "secret", acl, sub if name == "subadmin" else database.master)
    for name, tenant in NEVER_USED.items():
        database.accounts.add(name, "secret", [], {"master": database.master, "below": below}[tenant])
    database.accounts.for_everybody = ()
    return {RECORDED_URL: simulator.url, MASTER: database.master, SUB: sub}


def allow_everybody(database: Any) -> None:
    """Give logins the policy that they had when the recording began; the accounts' own tokens were older."""
    policy = database.policies.insert(
        id=database.random_uuid(),
        tenant_uuid=database.master,
        name="wazo_default_user_policy",
        slug="wazo_default_user_policy",
        description="Automatically created",
        acl=USER_ACL,
        read_only=True,
    )
    for group in database.login_groups:
        group.policies = [policy.id]


# Ids

TABLES = {
    "/users": "users",
    "/lines": "lines",
    "/extensions": "extensions",
    "/voicemails": "voicemails",
    "/groups": "groups",
    "/callpermissions": "call_permissions",
    "/schedules": "schedules",
    "/agents": "agents",
    "/funckeys/templates": "key_templates",
}
EMBEDDED = {
    "lines": "lines",
    "extensions": "extensions",
    "incalls": "incalls",
    "voicemail": "voicemails",
    "agent": "agents",
}
IMPORTED = {
    "user_id": "users",
    "line_id": "lines",
    "extension_id": "extensions",
    "voicemail_id": "voicemails",
}


def move_sequences(database: Any, exchange: Recorded) -> None:
    """Give what an exchange creates the recorded ids: refused requests, which the recording lacks, used ids up."""
    if exchange.status != 201 or exchange.method != "POST":
        return
    if exchange.path.endswith("/users/import"):
        for row in exchange.answer["created"][:1]:
            for name, table in IMPORTED.items():
                _move(database, table, row[name])
        return
    collection = exchange.path.removeprefix(BASE)
    if collection.endswith("/voicemails"):
        collection = "/voicemails"
    if collection in TABLES:
        _move(database, TABLES[collection], exchange.answer["id"])
    _move_embedded(database, exchange.answer)


def _move_embedded(database: Any, answer: dict[str, Any]) -> None:
    seen: set[str] = set()
    for owner in (answer, *(answer.get("lines") or ()), *(answer.get("incalls") or ())):
        for name, table in EMBEDDED.items():
            found = owner.get(name)
            first = found[0] if isinstance(found, list) and found else found
            if isinstance(first, dict) and "id" in first and table not in seen:
                seen.add(table)
                _move(database, table, first["id"])


def _move(database: Any, name: str, identifier: int | None) -> None:
    """Set the next id of a table; each user has a template of function keys, whose ids are used up with his."""
    if identifier is None:
        return
    table = getattr(database, name)
    burnt = identifier - 1 - table.sequence
    table.sequence += burnt
    if name == "users":
        database.key_templates.sequence += burnt
