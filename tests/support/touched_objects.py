# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run may touch on a server, and so what it must leave alone."""

from __future__ import annotations

from collections.abc import Iterable

from support.normalise_state import Row, State


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
