# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lets the tasks of a playbook continue the session of an earlier task, instead of beginning their own.

A session begins with one to three requests: for the generation of the server, a digest challenge, a token. Neither a
challenge nor its cookie reveals anything about the password (xivo-15.12.md, "Digest / session"). A token does give
access, so it must never be written to a file: where a Store keeps its notes is part of its contract.
"""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any

Notes = dict[str, Any]
"""What the sessions with one server and one account leave for the next: JSON values by name."""
CHALLENGE, GENERATION, TOKEN, REPLACED = "challenge", "generation", "token", "replaced"
CONTEXTS = "contexts"
"""The names of the notes. REPLACED has the tokens that no later session uses, and that somebody must still revoke.

CONTEXTS has the rows of a list that most tasks need and that rarely changes, and the time until which they may be used.
"""
SECONDS_OF_A_LIST = 60
"""How long later sessions may use a list. A task that would refuse something because of it reads it again first."""
LONGEST_LIST = 100
"""The rows of the longest list that is kept. Each session reads all notes several times."""
MOST_REPLACED = 100
"""The tokens in REPLACED. Older ones have expired, unless more sessions than that begin at once."""


class Store(ABC):
    """Keeps the notes of sessions in memory that only Ansible's process and the processes it forks can read."""

    @abstractmethod
    def read(self, account: str) -> Notes:
        """Return the notes for the next session with an account of a server; {} if there are none."""

    @abstractmethod
    def change(self, account: str, change: Callable[[Notes], Notes]) -> bool:
        """Replace the notes by what a function makes of them, while nobody else does. Return whether that was done."""


class Handover:
    """What the sessions of one connection pass on. Without a store it is always empty.

    account: names the server, the credentials and all other options that a session depends on, without revealing them.
    """

    def __init__(self, store: Store | None = None, account: str = "") -> None:
        self._store = store
        self._account = account

    def get(self, name: str) -> Any:
        """Return a note of an earlier session; None if there is none."""
        return self._store.read(self._account).get(name) if self._store else None

    def known_generation(self) -> str | None:
        """Return the generation of the server as an earlier session has found it; None if the server must be asked.

        It is known only together with a challenge or a token that the next session will use. Where a server was
        upgraded or replaced meanwhile, it accepts neither.
        """
        notes = self._store.read(self._account) if self._store else {}
        generation: str | None = notes.get(GENERATION)
        return generation if notes.get(CHALLENGE) or is_usable(notes.get(TOKEN)) else None

    def put(self, name: str, value: Any) -> None:
        """Leave a note for later sessions."""
        if self._store:
            self._store.change(self._account, lambda notes: {**notes, name: value})

    def rows(self, name: str) -> list[dict[str, Any]] | None:
        """Return a list that an earlier session has read a short time ago; None if the server must be asked."""
        note = self.get(name)
        return note["rows"] if note and time.monotonic() < note["until"] else None

    def put_rows(self, name: str, rows: list[dict[str, Any]]) -> None:
        """Leave a list for later sessions, unless it is long."""
        if len(rows) <= LONGEST_LIST:
            self.put(name, {"rows": rows, "until": time.monotonic() + SECONDS_OF_A_LIST})

    def offer(self, name: str, value: Any, is_better: Callable[[Any], bool]) -> bool:
        """Leave the note of a token unless there is one that is better. Return whether this one was left.

        One that it replaces is kept in REPLACED: another session may still be using it.
        """
        taken: list[bool] = []

        def change(notes: Notes) -> Notes:
            taken.append(name not in notes or not is_better(notes[name]))
            return {**notes, **_replaced(notes, name, value), name: value} if taken[-1] else notes

        return self._store is not None and self._store.change(self._account, change) and taken[-1]

    def forget(self) -> None:
        """Drop all notes: the server no longer accepts what they say. A token can be a newer one of another session."""
        if self._store:
            self._store.change(self._account, lambda notes: _replaced(notes, TOKEN))


def is_usable(token: Notes | None) -> bool:
    """Return whether a session may begin with the token of a note: it does not expire soon."""
    return token is not None and time.monotonic() < token["renew_at"]


def _replaced(notes: Notes, name: str, value: Any = None) -> Notes:
    """Return the note of the replaced tokens after another value takes the place of a note; {} if there are none."""
    old = [notes[name]] if notes.get(name) not in (None, value) else []
    replaced = [*notes.get(REPLACED, ()), *old][-MOST_REPLACED:]
    return {REPLACED: replaced} if replaced else {}
