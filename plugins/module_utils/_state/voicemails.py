# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The voicemails of a ServerState."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from .._model.records import Row, User, Voicemail
from .._model.resources import VOICEMAIL, normalised

if TYPE_CHECKING:
    from .._backends.base import Backend


READ_ALL_ABOVE = 20
"""After so many single voicemails, the list of all is read: faster than one request for each."""


class Voicemails:
    """Finds voicemails and their users, read on demand, and changes them as planned operations will."""

    def __init__(self, backend: Backend, users: Callable[[], Iterable[User]]) -> None:
        self.backend = backend
        self._users = users
        self._by_id: dict[int, Voicemail] = {}
        self._by_key: dict[tuple[str, str], Voicemail | None] = {}
        self._of: dict[User, Voicemail | None] = {}
        self._users_of: dict[Any, list[User]] | None = None
        self._complete = False
        self._single_reads = 0
        self.owners: dict[int, int] | None = None
        """{user id: voicemail id}, once a list has shown it."""

    def read_all(self) -> None:
        """Read the list once. Afterwards no voicemail is read singly, and no user where the list shows the users."""
        if self._complete:
            return
        rows = self.backend.list_voicemails()
        for row in rows:
            self._store(row)
        if all(row.get("user_ids") is not None for row in rows):
            self.owners = {user_id: row["id"] for row in rows for user_id in row["user_ids"]}
        self._complete = True

    def get(self, voicemail_id: int) -> Voicemail | None:
        """Return the voicemail of an id; None if there is none."""
        if voicemail_id not in self._by_id and self._single_reads >= READ_ALL_ABOVE:
            self.read_all()
        if voicemail_id not in self._by_id and not self._complete:
            self._single_reads += 1
            row = self.backend.get(VOICEMAIL, voicemail_id)
            return self._store(row) if row else None
        return self._by_id.get(voicemail_id)

    def at(self, number: str, context: str) -> Voicemail | None:
        """Return the voicemail of a number, which is unique in its context; None if there is none."""
        key = (number, context)
        if key not in self._by_key and not self._complete:
            row = self.backend.find_voicemail(number, context)
            self._by_key[key] = self._store(row) if row else None
        return self._by_key.get(key)

    def of(self, user: User) -> Voicemail | None:
        """Return the voicemail of a user; None for a user without one."""
        if user not in self._of:
            voicemail_id = None
            if user.id:
                voicemail_id = (
                    self.owners.get(user.id) if self.owners is not None else self.backend.voicemail_of_user(user.id)
                )
            self._of[user] = self.get(voicemail_id) if voicemail_id else None
        return self._of[user]

    def named_otherwise(self, user: User) -> tuple[Voicemail, str] | None:
        """Return the voicemail of a user with its name, if the next PUT of the user would overwrite that name.

        Some servers give the voicemail the full name with every PUT of the user. None where this one does not, where
        the name is made of the user's, and without a voicemail that exists.
        """
        made = self.backend.voicemail_name(user)
        found = self.of(user) if made is not None else None
        if found is None or found.predicted or found["name"] in (user.name, made):
            return None
        return found, found["name"]

    def users_of(self, voicemail: Voicemail) -> list[User]:
        """Return the users who have a voicemail. Needs all users (``ServerState.read_snapshot``).

        Where no list shows it, one request for each user of the server tells it (xivo-15.12.md, "voicemails and
        users/ID/voicemail").
        """
        if self._users_of is None:
            self._users_of = {}
            for user in self._users():
                self._users_of.setdefault(self.identity_of(user), []).append(user)
        return self._users_of.get(voicemail.identity, [])

    def identity_of(self, user: User) -> Any:
        """Return the identity of a user's voicemail, which is not read for it; None for a user without one."""
        if self.owners is not None and user not in self._of:
            return self.owners.get(user.id) if user.id else None
        voicemail = self.of(user)
        return voicemail.identity if voicemail else None

    # What planned operations do

    def add(self, voicemail: Voicemail) -> None:
        """Add a voicemail that a planned operation creates."""
        self._by_key[voicemail.key] = voicemail

    def change(self, voicemail: Voicemail, values: Mapping[str, Any]) -> None:
        """Give fields of a voicemail new values, so that it is found by its new number."""
        self._by_key[voicemail.key] = None
        voicemail.fields.update(values)
        self._by_key[voicemail.key] = voicemail

    def remove(self, voicemail: Voicemail) -> None:
        """Remove a voicemail that a planned operation deletes."""
        self._by_key[voicemail.key] = None

    def link(self, user: User, voicemail: Voicemail) -> None:
        """Give a user a voicemail."""
        self._of[user] = voicemail
        if self._users_of is not None:
            self._users_of.setdefault(voicemail.identity, []).append(user)

    def unlink(self, user: User) -> None:
        """Take the voicemail from a user."""
        if self._users_of is not None:
            identity = self.identity_of(user)
            self._users_of[identity] = [each for each in self._users_of.get(identity, ()) if each is not user]
        self._of[user] = None

    # Helpers

    def _store(self, row: Row) -> Voicemail:
        voicemail = self._by_id.get(row["id"])
        if voicemail is None:
            voicemail = self._by_id[row["id"]] = Voicemail(id=row["id"], fields=normalised(VOICEMAIL, row))
            # A planned operation may have given the number to another voicemail, or freed it.
            self._by_key.setdefault(voicemail.key, voicemail)
        return voicemail
