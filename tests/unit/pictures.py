# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two ways to look at the state of a simulated XiVO: what it means, and what of it a run may not touch."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

Row = dict[str, Any]
State = Mapping[str, Any]
ASSOCIATIONS = ("user_lines", "line_extensions", "incalls", "user_voicemails")
OBJECTS = ("users", "lines", "extensions", "voicemails", "devices")


def meaning(state: State, before: State, given: Iterable[str] = ()) -> list[str]:
    """A state without ids and random values of what was not there before: one text an object, sorted.

    given: secrets and SIP usernames that were asked for, and so are not random.
    """
    known = {table: {row["id"] for row in before[table]} for table in OBJECTS}
    names = {
        table: {row["id"]: _name(table, row, row["id"] in known[table], set(given)) for row in state[table]}
        for table in OBJECTS
    }
    texts = [text for table in OBJECTS for text in names[table].values()]
    for table in ASSOCIATIONS:
        texts.extend(f"{table}: {_association(row, names)}" for row in state[table])
    return sorted(texts)


def _name(table: str, row: Row, known: bool, given: set[str]) -> str:
    shown = {key: value for key, value in row.items() if known or key != "id"}
    if table == "lines" and not known:
        shown["username"] = row["username"] if row["username"] in given else row["username"][:10]
        shown["secret"] = row["secret"] if row["secret"] in given else "random"
        shown["provisioning_extension"] = "random"
    if table == "users" and not known:
        shown.pop("uuid", None)
    if table == "extensions":
        shown.pop("typeval")
    return f"{table}: {shown}"


def _association(row: Row, names: Mapping[str, Mapping[int, str]]) -> Row:
    tables = {"user_id": "users", "line_id": "lines", "extension_id": "extensions", "voicemail_id": "voicemails"}
    return {
        key: names[tables[key]].get(value, "nobody") if key in tables else value
        for key, value in row.items()
        if key not in ("id", "destination")
    }


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
        own = {row["voicemail_id"] for row in state["user_voicemails"] if row["user_id"] in self.users}
        boxes = {row["id"] for row in state["voicemails"] if (row["number"], row["context"]) in self.numbers}
        self.voicemails = own | boxes

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
        rows["incalls"] = [row for row in state["incalls"] if row["user_id"] not in self.users]
        return rows


def _number(row: Row) -> tuple[str, str]:
    return row["exten"], row["context"]
