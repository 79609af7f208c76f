# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a server's state means, on every generation: without ids and random values of what was not there before.

Two states that mean the same have the same texts. So an object too many, be it doubled or left behind, is a
difference, and so is one that is lost.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any

Row = dict[str, Any]
State = Mapping[str, Any]

REFERENCES = {
    "user_id": "users",
    "line_id": "lines",
    "extension_id": "extensions",
    "voicemail_id": "voicemails",
    "endpoint_uuid": "endpoints",
    "private_template_id": "func_key_templates",
    "template_id": "func_key_templates",
    "group_id": "groups",
    "call_permission_id": "call_permissions",
    "permission_id": "call_permissions",
    "agent_id": "agents",
    "schedule_id": "schedules",
    "pickup_id": "call_pickups",
    "login_id": "logins",
}
FOLLOWING = ("func_keys",)
"""Tables whose rows come and go with objects of other tables."""
MADE_UP = {
    "users": ("uuid", "created_at"),
    "lines": ("secret", "provisioning_extension"),
    "endpoints": ("uuid",),
    "groups": ("uuid", "name"),
}
"""What the server makes up: shown where the object was there before, and where somebody chose it."""
KEPT = ("users", "lines", "voicemails", "devices")
"""What stays the same object when it changes, also where a fault came between; a number may then be made anew."""
MARK = 10
"""Of a SIP username that the client chose, so many characters tell what it is for; the rest is random."""
CHOSEN = re.compile(r"[0-9a-f]{10}[0-9a-z]{8}")
"""Such a username; names of people may be as long."""


class _Picture:
    def __init__(self, state: State, before: State, given: Iterable[str], kept: Collection[str]) -> None:
        self._rows = {table: {row["id"]: row for row in state[table]} for table in _tables(state)}
        self._known = {table: {row["id"] for row in before[table]} for table in _tables(before)}
        self._given = set(given)
        self._kept = kept

    def texts(self) -> list[str]:
        shown = {table: rows for table, rows in self._rows.items() if table not in FOLLOWING}
        return sorted(f"{table}: {self._of(table, row)}" for table, rows in shown.items() for row in rows.values())

    def _of(self, table: str, row: Row) -> Row:
        known = row["id"] in self._known.get(table, ())
        # What a number leads to is an id again.
        made_up = ("typeval",) if table == "extensions" else () if known else MADE_UP.get(table, ())
        shown = {
            name: "random" if name in made_up and value not in self._given else self._value(name, value, known)
            for name, value in row.items()
            if name != "id"
        }
        if table == "logins":
            # A login is a user's by its uuid alone.
            owner = next((user for user in self._rows["users"].values() if user["uuid"] == row["id"]), None)
            shown["user"] = self._of("users", owner) if owner else "nobody"
        return {"id": row["id"], **shown} if known and table in self._kept else shown

    def _value(self, name: str, value: Any, known: bool) -> Any:
        if isinstance(value, dict):
            # That a key is null, and that it is not there, mean the same. The ids of function keys mean nothing.
            return {
                inner: self._nested(inner, each, known)
                for inner, each in value.items()
                if each is not None and not (inner == "id" and "destination" in value)
            }
        table = self._table_of(name)
        if table and value is not None:
            target = self._rows[table].get(value)
            return self._of(table, target) if target else "nobody"
        if known:
            return value
        if name in ("username", "name") and isinstance(value, str) and value not in self._given:
            return value[:MARK] if CHOSEN.fullmatch(value) else value
        if name == "auth_section_options":
            return [[key, self._account(key, each)] for key, each in value]
        return value

    def _table_of(self, name: str) -> str | None:
        """Return the table that a column refers to, if the server has it. Wazo calls one of them otherwise."""
        table = REFERENCES.get(name)
        if table == "func_key_templates" and table not in self._rows:
            table = "key_templates"
        return table if table in self._rows else None

    def _nested(self, name: str, value: Any, known: bool) -> Any:
        """Return a value within a column. Users that point at each other are shown by their names."""
        if name == "user_id":
            user = self._rows["users"].get(value)
            return f"{user['firstname']} {user['lastname']}" if user else "nobody"
        return self._value(name, value, known)

    def _account(self, key: str, value: str) -> str:
        return value if value in self._given else value[:MARK] if key == "username" else "random"


def meaning(state: State, before: State, given: Iterable[str] = (), kept: Collection[str] = KEPT) -> list[str]:
    """One text an object or association, sorted.

    before: a state whose ids are known. given: secrets, codes and SIP usernames that were asked for, and so are not
    random. kept: the tables in which an object that was known has to be the same one.
    """
    return _Picture(state, before, given, kept).texts()


def differences(found: list[str], wanted: list[str]) -> list[str]:
    """What is too much and what is missing, in words; empty where both mean the same."""
    left = list(found)
    missing = []
    for text in wanted:
        if text in left:
            left.remove(text)
        else:
            missing.append(f"missing {text}")
    return [*(f"too much {text}" for text in left), *missing]


def _tables(state: State) -> list[str]:
    return [name for name, value in state.items() if isinstance(value, list)]
