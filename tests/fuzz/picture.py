# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""See what belongs to whom in the state of a server, on every generation."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from support.normalise_state import Row, State

Number = tuple[str, str]
"""(exten, context)."""
FEATURES = "xivo-features"


class Picture:
    """The state of a server, by person and by thing."""

    def __init__(self, state: State) -> None:
        self.state = state
        self.users = _by_id(state["users"])
        self.lines = _by_id(state["lines"])
        self.extensions = {row["id"]: row for row in state["extensions"] if row["context"] != FEATURES}
        self.voicemails = _by_id(state["voicemails"])
        self.endpoints = _by_id(state.get("endpoints", ()))
        self.numbers = {(row["exten"], row["context"]): row for row in self.extensions.values()}
        self._ties = _grouped(state["user_lines"], "user_id")
        self._users_of_line = _grouped(state["user_lines"], "line_id")
        self._extensions_of_line = _grouped(state["line_extensions"], "line_id")
        self._mailbox_of = {row["user_id"]: row for row in state["user_voicemails"]}
        self._incalls = _grouped([row for row in state["incalls"] if row["exten"]], "user_id")

    # Who has what

    def lines_of(self, user_id: int) -> list[Row]:
        """Return the rows of user_lines of a user, the main line first."""
        return sorted(self._ties[user_id], key=lambda row: not row["main_line"])

    def line_of(self, user_id: int) -> int | None:
        """Return the id of the main line of a user."""
        return next((row["line_id"] for row in self.lines_of(user_id)), None)

    def users_of(self, line_id: int) -> set[int]:
        return {row["user_id"] for row in self._users_of_line[line_id]}

    def main_users_of(self, line_id: int) -> set[int]:
        return {row["user_id"] for row in self._users_of_line[line_id] if row["main_user"]}

    def numbers_on(self, line_id: int) -> list[Number]:
        rows = (self.extensions.get(row["extension_id"]) for row in self._extensions_of_line[line_id])
        return [(row["exten"], row["context"]) for row in rows if row]

    def numbers_of(self, user_id: int) -> list[Number]:
        """Return the internal numbers on all lines of a user, those of the main line first."""
        return [number for row in self.lines_of(user_id) for number in self.numbers_on(row["line_id"])]

    def number_of(self, user_id: int) -> Number | None:
        """Return the internal number on the main line of a user."""
        line = self.line_of(user_id)
        return next(iter(self.numbers_on(line)), None) if line else None

    def incalls_of(self, user_id: int) -> list[Number]:
        return sorted((row["exten"], row["context"]) for row in self._incalls[user_id])

    def mailbox_of(self, user_id: int) -> Row | None:
        tie = self._mailbox_of.get(user_id)
        return self.voicemails.get(tie["voicemail_id"]) if tie else None

    def sharers(self, voicemail_id: int) -> set[int]:
        """Return the ids of the users of a mailbox."""
        return {user for user, tie in self._mailbox_of.items() if tie["voicemail_id"] == voicemail_id}

    def commented(self, number: Number) -> bool:
        return bool(self.numbers.get(number, {}).get("commented"))

    def account(self, line_id: int) -> dict[str, Any]:
        """Return username and secret of a line."""
        line = self.lines[line_id]
        if "endpoint_uuid" not in line:
            return {"username": line["username"], "secret": line["secret"]}
        options = dict(self.endpoints.get(line["endpoint_uuid"], {}).get("auth_section_options", ()))
        return {"username": options.get("username"), "secret": options.get("password")}

    def place(self, line_id: int) -> tuple[str, int] | None:
        """Return (device, slot) of a line that is on a telephone."""
        line = self.lines[line_id]
        slot = line["position"] if "position" in line else line["device_slot"]
        return (line["device_id"], slot) if line["device_id"] else None

    # A person as a whole

    def person(self, user_id: int, was: Picture, with_ids: bool = True) -> dict[str, Any] | None:
        """Return everything of a user; None if there is none.

        was: the server as it was. The values of a mailbox that was shared there are left out: the other one may change
        them. with_ids: whether an object made anew with the same values is another one.
        """
        user = self.users.get(user_id)
        if user is None:
            return None
        mailbox = self.mailbox_of(user_id)
        return {
            **user,
            "lines": [self._shown_line(row, with_ids) for row in self.lines_of(user_id)],
            "incalls": [(number, self.commented(number)) for number in self.incalls_of(user_id)],
            "voicemail": self._shown_mailbox(user_id, mailbox, was) if mailbox else None,
        }

    def _shown_line(self, tie: Row, with_ids: bool) -> dict[str, Any]:
        line = self.lines[tie["line_id"]]
        if not tie["main_user"]:
            return {"secondary user of line": line["id"]}
        hidden: tuple[str, ...] = () if with_ids else ("id", "endpoint_uuid", "named")
        if not self.numbers_on(line["id"]):
            # Without a number, the server keeps an old one in the caller ID (xivo-15.12.md, trap 5), and the context of
            # an old one.
            hidden = (*hidden, "callerid", "context")
        if "sip_context" in line:
            # It may be that of an earlier number; an association brings it up to date.
            hidden = (*hidden, "sip_context")
        return {
            **{name: value for name, value in line.items() if name not in hidden},
            **self.account(line["id"]),
            "main_line": tie["main_line"],
            "numbers": sorted((number, self.commented(number)) for number in self.numbers_on(line["id"])),
        }

    def _shown_mailbox(self, user_id: int, mailbox: Row, was: Picture) -> dict[str, Any]:
        enabled = self._mailbox_of[user_id]["enabled"]
        if len(was.sharers(mailbox["id"])) > 1:
            return {name: mailbox[name] for name in ("id", "number", "context")} | {"enabled": enabled}
        return {**mailbox, "enabled": enabled}

    # What belongs to nobody

    def ownerless(self) -> dict[str, dict[Any, Row]]:
        """Return {kind: {key: row}} of numbers, lines and mailboxes without user, and of incalls to something else."""
        led = {(row["exten"], row["context"]) for row in self.state["incalls"] if row["user_id"] in self.users}
        on_lines = {number for line in self.lines for number in self.numbers_on(line) if self.users_of(line)}
        return {
            "number": {key: row for key, row in self.numbers.items() if key not in led | on_lines},
            "line": {key: row for key, row in self.lines.items() if not self.users_of(key)},
            "voicemail": {key: row for key, row in self.voicemails.items() if not self.sharers(key)},
        }

    # What is unique

    def unique_values(self, api: str) -> Iterator[tuple[str, Any, Any]]:
        """Yield (kind, value, owner) of what no two may have."""
        for line in self.lines:
            yield "SIP username", self.account(line)["username"], line
            yield "provisioning code", self.lines[line]["provisioning_extension"], line
            yield "place on a telephone", self.place(line), line
        if api == "xivo15":
            return
        for user in self.users.values():
            yield "e-mail", (user["email"] or "").casefold(), user["id"]
            yield "username", user["username"], user["id"]

    def doubles(self, api: str) -> dict[tuple[str, Any], set[Any]]:
        """Return {(kind, value): owners} of what several have."""
        found: dict[tuple[str, Any], set[Any]] = defaultdict(set)
        for kind, value, owner in self.unique_values(api):
            if value:
                found[kind, value].add(owner)
        for line in self.lines:
            for number in self.numbers_on(line):
                found["internal number", number].add(frozenset(self.main_users_of(line)) or f"line {line}")
        for row in self.state["incalls"]:
            if row["exten"]:
                found["incall", (row["exten"], row["context"])].add(row["user_id"])
        return {key: owners for key, owners in found.items() if len(owners) > 1}


def _by_id(rows: Iterable[Row]) -> dict[Any, Row]:
    return {row["id"]: row for row in rows}


def _grouped(rows: Iterable[Row], column: str) -> dict[Any, list[Row]]:
    found: dict[Any, list[Row]] = defaultdict(list)
    for row in rows:
        found[row[column]].append(row)
    return found


def changed_keys(before: Any, after: Any) -> str:
    """Return in words what is different of two views of one thing; '' if nothing is."""
    if before == after:
        return ""
    if before is None or after is None:
        return f"{before!r} -> {after!r}"
    return "; ".join(_differences(before, after, ""))


def _differences(before: Any, after: Any, path: str) -> Iterator[str]:
    """Yield "name: old -> new" for the innermost values that are different."""
    if isinstance(before, dict) and isinstance(after, dict):
        for name in {**before, **after}:
            if before.get(name) != after.get(name):
                yield from _differences(before.get(name), after.get(name), f"{path} {name}".strip())
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for one, other in zip(before, after):
            if one != other:
                yield from _differences(one, other, path)
    else:
        yield f"{path} {before!r} -> {after!r}"
