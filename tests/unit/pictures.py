# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two ways to look at the state of a simulated server: what it means, and what of it a run may not touch."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

Row = dict[str, Any]
State = Mapping[str, Any]
ASSOCIATIONS = ("user_lines", "line_extensions", "incalls", "user_voicemails")
OBJECTS = ("endpoints", "users", "lines", "extensions", "voicemails", "devices")
"""In an order in which those come first whom others name; Wazo alone has endpoints."""
REFERENCES = {
    "user_id": "users",
    "line_id": "lines",
    "extension_id": "extensions",
    "voicemail_id": "voicemails",
    "endpoint_uuid": "endpoints",
}
MADE_UP = ("uuid", "created_at", "provisioning_extension")
"""What a server makes up for a new object."""


def meaning(state: State, before: State, given: Iterable[str] = ()) -> list[str]:
    """A state without ids and random values of what was not there before: one text an object, sorted.

    given: secrets and SIP usernames that were asked for, and so are not random.
    """
    texts: list[str] = []
    names: dict[str, dict[Any, str]] = {}
    for table in OBJECTS:
        known = {row["id"] for row in before.get(table, ())}
        names[table] = {
            row["id"]: f"{table}: {_shown(row, row['id'] in known, set(given), names)}" for row in state.get(table, ())
        }
        texts.extend(names[table].values())
    for table in ASSOCIATIONS:
        texts.extend(f"{table}: {_association(row, names)}" for row in state[table])
    return sorted(texts)


def _shown(row: Row, known: bool, given: set[str], names: Mapping[str, Mapping[Any, str]]) -> Row:
    """An object with those that it names in words; a new one without what is random about it."""
    shown = {key: names[REFERENCES[key]].get(value) if key in REFERENCES else value for key, value in row.items()}
    shown.pop("typeval", None)
    if not known:
        shown = {key: value for key, value in shown.items() if key != "id" and key not in MADE_UP}
        for key, length in (("username", 10), ("name", 10), ("secret", 0)):
            if key in shown and ("secret" in shown or "auth_section_options" in shown) and shown[key] not in given:
                shown[key] = shown[key][:length]
        if "auth_section_options" in shown:
            shown["auth_section_options"] = [
                [name, value if value in given else value[: 10 if name == "username" else 0]]
                for name, value in shown["auth_section_options"]
            ]
    return shown


def _association(row: Row, names: Mapping[str, Mapping[Any, str]]) -> Row:
    shown = {
        key: names[REFERENCES[key]].get(value, "nobody") if key in REFERENCES else value
        for key, value in row.items()
        if key != "id"
    }
    if "user_id" in (shown.get("destination") or ()):
        # The rest of it, a ring time of null for example, depends on how it was made.
        shown["destination"] = "the user"
    return shown


class Reach:
    """What a run about some users and numbers may touch, by what they have on a server."""

    def __init__(self, state: State, users: Iterable[int], numbers: Iterable[tuple[str, str]]) -> None:
        self.users = set(users)
        self.numbers = set(numbers)
        self.lines = {row["line_id"] for row in state["user_lines"] if row["user_id"] in self.users}
        on_lines = {row["extension_id"] for row in state["line_extensions"] if row["line_id"] in self.lines}
        incalls = {(row["exten"], row["context"]) for row in state["incalls"] if row["user_id"] in self.users}
        wanted = self.numbers | incalls
        self.extensions = on_lines | {row["id"] for row in state["extensions"] if _number(row) in wanted}
        # A line without user that has a wanted number is what an interrupted run leaves.
        held = {row["line_id"] for row in state["line_extensions"] if row["extension_id"] in self.extensions}
        with_user = {row["line_id"] for row in state["user_lines"]}
        self.lines |= held - with_user
        self.endpoints = {row.get("endpoint_uuid") for row in state["lines"] if row["id"] in self.lines}
        own = {row["voicemail_id"] for row in state["user_voicemails"] if row["user_id"] in self.users}
        boxes = {row["id"] for row in state["voicemails"] if (row["number"], row["context"]) in self.numbers}
        self.voicemails = own | boxes

    def _is_somebody_elses(self, incall: Row, state: State) -> bool:
        """Who is dead has no incalls any more: their numbers are anybody's."""
        alive = any(row["id"] == incall["user_id"] for row in state["users"])
        is_free = not alive and (incall["exten"], incall["context"]) in self.numbers
        return incall["user_id"] not in self.users and not is_free

    def outside(self, state: State) -> dict[str, list[Row]]:
        """Everything else of a state (taken before or after the run)."""
        own = {
            "users": self.users,
            "lines": self.lines,
            "extensions": self.extensions,
            "voicemails": self.voicemails,
        }
        rows = {table: [row for row in state[table] if row["id"] not in own[table]] for table in own}
        rows["user_lines"] = [row for row in state["user_lines"] if row["user_id"] not in self.users]
        rows["line_extensions"] = [row for row in state["line_extensions"] if row["line_id"] not in self.lines]
        rows["incalls"] = [row for row in state["incalls"] if self._is_somebody_elses(row, state)]
        rows["endpoints"] = [row for row in state.get("endpoints", ()) if row["id"] not in self.endpoints]
        return rows


def _number(row: Row) -> tuple[str, str]:
    return row["exten"], row["context"]
