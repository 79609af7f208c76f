# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds what users have beyond the file: on the server, and not mentioned in their entries (design.md, rule 12).

It looks at what the plan has read, and at the lists of settings, never at one user after the other. The fields of the
user, of the line and of the voicemail are not compared: an entry that leaves them out lets them stay.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import filterfalse
from operator import attrgetter
from typing import Any

from .._model.errors import AuthenticationError, NotFoundError
from .._model.printable import printable
from .._model.records import Extension, Row, User, UserPart
from .._model.resources import LOGIN, USER, USER_PARTS, Resource, nested
from .._state.destinations import with_words
from .._state.state import ServerState
from .entries import Entry

DIRECT_NUMBERS, VOICEMAILS = "direct numbers", "voicemails"
"""What is not read on every generation, in words."""
Found = tuple[str, str, Any]
"""(object in words, field, value)."""


class Beyond:
    """Looks at the users of a list once it is planned: what the plan changes is no longer beyond the file."""

    def __init__(self, state: ServerState) -> None:
        self.state = state
        self._unread: dict[str, None] = {}
        self._incalls: dict[User, list[Extension]] | None = None

    def of(self, entry: Entry) -> list[Row]:
        """Return {object, field, found} of what the user of an entry has and the entry does not mention.

        Empty for an entry that fails, and for a user who does not exist or is to be absent.
        """
        user = entry.found
        if user is None or user.predicted or entry.absent or not entry.active:
            return []
        name = printable(f"user {user.name}")
        found = [*((name, *each) for each in self._objects(entry, user)), *self._parts(entry, user)]
        found += [(name, what, words) for what, words in self.state.undescribed_of(user).items()]
        return [{"object": each, "field": field, "found": value} for each, field, value in found]

    @property
    def unread(self) -> list[str]:
        """Return a sentence about what ``of`` could not look at; nothing if it could look at everything."""
        if not self._unread:
            return []
        return [f"whether users have this beyond the file: {', '.join(self._unread)}"]

    def _objects(self, entry: Entry, user: User) -> Iterator[tuple[str, str]]:
        """Yield (field, object in words) of the lines, numbers and voicemail of a user."""
        main = self.state.line_of(user)
        for line in self.state.lines_of(user):
            if line is not main or entry.line is None:
                yield "line", str(line)
        number = self.state.extension_of(main) if main and entry.number is None else None
        if number:
            yield "number", str(number)
        if entry.incalls is None:
            yield from (("direct number", str(each)) for each in self._incalls_of(user))
        if entry.voicemail is None:
            was_read, voicemail = self.state.voicemails.listed_of(user)
            if voicemail:
                yield "voicemail", voicemail
            elif not was_read:
                self._unread[VOICEMAILS] = None

    def _incalls_of(self, user: User) -> Iterable[Extension]:
        listed = self.state.listed_incalls_of(user)
        if listed is not None:
            return listed
        if self._incalls is None:
            self._incalls = self._incalls_by_owner()
        return self._incalls.get(user, [])

    def _incalls_by_owner(self) -> dict[User, list[Extension]]:
        """Return {user: incalls} by the owners of extensions, which a search for orphans has read."""
        incalls: dict[User, list[Extension]] = {}
        for extension in filterfalse(attrgetter("is_feature"), self.state.extensions()):
            was_read, owner = self.state.listed_owner_of(extension)
            if not was_read:
                self._unread[DIRECT_NUMBERS] = None
            elif owner and owner.user and owner.line not in self.state.lines_of_extension(extension):
                incalls.setdefault(owner.user, []).append(extension)
        return incalls

    def _parts(self, entry: Entry, user: User) -> Iterator[Found]:
        """Yield the settings that the entry does not mention and that differ from those of a new user."""
        for key, resource in USER_PARTS.items():
            given = entry.parts.get(key, {})
            if resource.existence and given.get(resource.existence) == "":
                continue
            part = self._read(user, resource)
            if part and resource.links:
                with_words(self.state, part)
            chosen = part.chosen(self.state.backend.defaults_of(resource)) if part else {}
            if resource is LOGIN:
                chosen |= self._login_of_user(entry, user)
            for name, value in chosen.items():
                if name not in given:
                    yield resource.label, name, nested({"found": value})["found"]

    def _login_of_user(self, entry: Entry, user: User) -> Row:
        """Return the part of a login that the server keeps in the user."""
        names = [name for name in self.state.backend.login_fields_of_user if name not in USER.secrets]
        mentioned = {**(entry.match or {}), **entry.user}
        return {name: user[name] for name in names if user[name] and name not in mentioned}

    def _read(self, user: User, resource: Resource) -> UserPart | None:
        """Return settings of a user if a list shows them; otherwise None."""
        if resource.name in self.state.backend.absent_resources or resource.label in self._unread:
            return None
        try:
            part = self.state.listed_part_of(user, resource)
        except (AuthenticationError, NotFoundError):
            part = None
        if part is None:
            self._unread[resource.label] = None
        return part
