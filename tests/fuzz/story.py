# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hold what happened in a case, so that invariants can ask about it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from fuzz.case import Case, Outcome, Runner
from fuzz.picture import Number, Picture
from support.helpers import Options

SERVER_ONLY = re.compile(
    r"does not match expected pattern|Extension is associated with a line|not inside (?:the )?range|outside of range|"
    r"[Cc]ontext .* does not exist"
)
"""What no list of the server shows, so that only the write tells it (``unchecked`` of check mode)."""


@dataclass
class Story:
    """One list on one server in one strategy.

    predicted: check mode; first: the run, with the fault if there is one; second: the run again; third: once more, in
    the other strategy, so by another reading of the list. twin: the run in the other strategy on the server as it was.
    reference: the run without fault, healed: the runs after the one with the fault.
    """

    runner: Runner
    strategy: str
    predicted: Outcome
    first: Outcome
    second: Outcome | None = None
    third: Outcome | None = None
    twin: Outcome | None = None
    reference: Outcome | None = None
    healed: list[Outcome] = field(default_factory=list)
    purged: set[int] = field(default_factory=set)

    @property
    def case(self) -> Case:
        return self.runner.case

    @property
    def before(self) -> Picture:
        return self.case.picture

    @property
    def after(self) -> Picture:
        return self.first.picture

    def person(self, user: int, with_ids: bool = True) -> tuple[Any, Any]:
        """Return what a user had and has."""
        return self.before.person(user, self.before, with_ids), self.after.person(user, self.before, with_ids)

    @cached_property
    def surprises(self) -> list[Options]:
        """Return the results that failed although check mode said they would not."""
        return [
            each
            for each in self.first.results
            if each["status"] == "failed" and each["index"] not in self.predicted.indexes("failed")
        ]

    @property
    def server_decides(self) -> bool:
        """Return whether an entry failed for what only the server can tell."""
        return any(SERVER_ONLY.search(each["error"] or "") for each in self.surprises)

    @property
    def identified(self) -> set[int]:
        """Return the ids of the users whom the entries are about, and of those who are purged."""
        return {each["user_id"] for each in self.first.results if each["user_id"]} | self.purged

    def entries(self, *statuses: str) -> Iterator[tuple[Options, Options]]:
        """Yield (entry, result) of the entries with one of these statuses."""
        for each in self.first.results:
            if each["status"] in statuses:
                yield self.case.users[each["index"]], each

    def done(self) -> Iterator[tuple[Options, Options]]:
        """Yield (entry, result) of everybody who is on the server as wanted."""
        for entry, each in self.entries("created", "updated", "unchanged"):
            if entry.get("state") != "absent":
                yield entry, each

    # What the list names

    @property
    def has_range(self) -> bool:
        """Return whether the server chooses numbers: which ones are free is another question after a fault."""
        return "range" in str(self.case.users)

    @cached_property
    def named_numbers(self) -> set[Number]:
        return {
            (each["exten"], each["context"])
            for entry in self.case.users
            for each in (entry.get("extension"), *(entry.get("incalls") or ()))
            if each and "exten" in each
        }

    @cached_property
    def named_mailboxes(self) -> set[Number]:
        return {box for entry in self.case.users if (box := named_mailbox(entry))}

    @cached_property
    def mailbox_names(self) -> set[str]:
        """Return the names that mailboxes of entries have or would get: how an interrupted run is recognised."""
        names = set()
        for entry in self.case.users:
            if "voicemail" in entry or entry.get("state") == "absent":
                names |= {full_name(entry.get("user") or {}), (entry.get("voicemail") or {}).get("name") or ""}
        return names | {full_name(self.before.users[user]) for user in self.identified if user in self.before.users}

    @cached_property
    def named_accounts(self) -> set[str]:
        return {entry["line"]["username"] for entry in self.case.users if "username" in (entry.get("line") or {})}


def named_mailbox(entry: Options) -> Number | None:
    """Return the mailbox that an entry names by its number."""
    given = entry.get("voicemail") or {}
    if "number" not in given:
        return None
    return given["number"], given.get("context") or (entry.get("extension") or {}).get("context") or "default"


def full_name(user: dict[str, Any]) -> str:
    return f"{user.get('firstname', '')} {user.get('lastname') or ''}".strip()
