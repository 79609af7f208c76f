# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compares the server with what a run has left on it: what is different, somebody else has changed since.

What is as it was before the run needs no way back, so it is no difference: a run that was killed has not changed
everything, and an undo can be repeated. Ids, secrets and what servers make up are not compared.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .._model.errors import ConfdError
from .._model.func_keys import KeySet
from .._model.records import Extension, Line, Record, Row, User
from .._model.resources import (
    EXTENSION,
    FALLBACKS,
    LINE,
    RESOURCES,
    SECRET_KEYS,
    USER,
    USER_PARTS,
    VOICEMAIL,
    Resource,
    as_option,
    canonical,
)
from .._operations.differences import ABSENT
from .._state.destinations import resolve_values, wishes_of, with_words
from .._state.state import ServerState
from .._tasks.export import Exporter
from .undo_partial import is_partial, may_be
from .undo_people import Person
from .undo_trace import PARTS, Change, ObjectTrace

NOT_COMPARED = SECRET_KEYS | {"callerid", "provisioning_extension"}
"""Secrets, and what the server makes of other values, or at random."""
OF_NUMBER = {LINE.name: ("context",), VOICEMAIL.name: ("name",)}
"""What a server changes together with a number or a name."""
MADE = {"line": ("callerid",), "voicemail": ("name", "number", "context"), "login": ("enabled",)}
"""{key of an entry: what the export gives of it also where nobody has written it}."""


class ChangesSince:
    """Finds what somebody else has changed since a run. state: the server as it is, read at once."""

    def __init__(self, state: ServerState, exporter: Exporter) -> None:
        self.state = state
        self.exporter = exporter

    def of(self, person: Person) -> list[Row]:
        """Return {object, field, found, left} of what the run has written and is different now."""
        user = self.state.user(person.user_id) if person.user_id else None
        if person.is_gone or (person.is_new and user is None):
            return []
        rows = [row for each in (*person.objects, *person.parts) for row in self._of_object(each)]
        if user is None:
            return rows
        rows += self._of_given(person, user)
        return [*rows, *self._beyond(person, user)] if person.is_new else rows

    # What the run wrote

    def _of_object(self, trace: ObjectTrace) -> Iterator[Row]:
        now = self._now(trace)
        if now is None:
            if not trace.exists.allows(ABSENT):
                yield _row(trace.subject, "state", ABSENT, "present")
            return
        if trace.is_gone:
            return
        for name, change in trace.fields.items():
            field = next((each for each in RESOURCES[trace.resource].fields if each.name == name), None)
            if field is None or field.follows or name in NOT_COMPARED or name in OF_NUMBER.get(trace.resource, ()):
                continue
            if name == "keys":
                yield from self._of_keys(trace, change, now.get(name) or {})
            elif not (self._is_left(trace, name, change, now.get(name)) or _is_made(trace, change)):
                yield _row(trace.subject, name, as_option(now.get(name)), change.left)

    def _of_keys(self, trace: ObjectTrace, change: Change, now: Mapping[str, Any]) -> Iterator[Row]:
        """Yield the positions that were written and are different. A journal has only these."""
        for position in sorted({*(change.before or {}), *(change.left or {})}, key=int):
            here = Change(_at(change.before, position), [_at(each, position) for each in change.after])
            found = KeySet({position: now[position]}) if position in now else None
            if not any(self._same_key(trace, position, each, found) for each in (here.before, *here.after)):
                words = found.words[position]["destination"] if found else None
                yield _row(trace.subject, f"keys.{position}", words, (here.left or {}).get("destination"))

    def _same_key(self, trace: ObjectTrace, position: str, words: Row | None, found: KeySet | None) -> bool:
        if not words or found is None:
            return not words and found is None
        if found.words[position] == words:
            return True
        return bool(self._resolved(trace, "keys", {position: words}) == found)

    def _is_left(self, trace: ObjectTrace, name: str, change: Change, now: Any) -> bool:
        shown = as_option(now)
        values = (change.before, *change.after)
        if any(_same(trace, name, value, shown) for value in values):
            return True
        if trace.resource != FALLBACKS.name:
            return False
        return any(bool(value and self._resolved(trace, name, value) == now) for value in values)

    def _resolved(self, trace: ObjectTrace, name: str, words: Any) -> Any:
        """Return a destination that a journal shows in words, as the state has it; None if its target is not there."""
        user = self.state.user(trace.id)
        try:
            wish = wishes_of(RESOURCES[trace.resource], {name: words}, trace.subject)
            return resolve_values(self.state, wish, user)[name] if user else None
        except ConfdError:
            return None

    def _now(self, trace: ObjectTrace) -> Row | None:
        """Return the fields of an object on the server; None if it does not exist."""
        resource = RESOURCES[trace.resource]
        if trace.resource in PARTS:
            user = self.state.user(trace.id)
            part = self.state.part_of(user, resource) if user else None
            if part and resource.links:
                with_words(self.state, part)
            return part.fields if part else None
        record = self._record(resource, trace.id)
        if isinstance(record, User) and not USER.apart.isdisjoint(trace.fields):
            self.state.load_apart(record)
        if isinstance(record, Line) and not LINE.apart.isdisjoint(trace.fields):
            self.state.load_line_apart(record)
        if isinstance(record, Extension) and "commented" in trace.fields:
            self.state.load_full_extension(record)
        return record.fields if record else None

    def _record(self, resource: Resource, record_id: Any) -> Record | None:
        find: dict[str, Any] = {
            USER.name: self.state.user,
            LINE.name: self.state.line,
            EXTENSION.name: self.state.extension,
            VOICEMAIL.name: self.state.voicemails.get,
        }
        found: Record | None = find[resource.name](record_id) if resource.name in find else None
        return found

    # What the run gave and took

    def _of_given(self, person: Person, user: User) -> Iterator[Row]:
        given, name = person.given, f"user {user.name}"
        number, voicemail = self.state.extension_of_user(user), self.state.voicemails.of(user)
        now = {
            "number": str(number) if number else None,
            "voicemail": str(voicemail).partition(" ")[2] if voicemail else None,
            "line": self.state.line_of(user) is not None,
        }
        for field, value in now.items():
            change = getattr(given, field)
            if change and not change.allows(value):
                yield _row(name, field, value, change.left)
        numbers = {str(each) for each in self.state.incalls_of(user)} if given.incalls else set()
        for exten, change in given.incalls.items():
            if not change.allows(exten in numbers):
                yield _row(name, "direct number", *((exten, None) if exten in numbers else (None, exten)))

    # What somebody whom the run created has got besides

    def _beyond(self, person: Person, user: User) -> Iterator[Row]:
        name = f"user {user.name}"
        obstacle = self.exporter.obstacle(user)
        if obstacle:
            if person.given.number:
                yield _row(name, "line", obstacle, None)
            return
        entry = self.exporter.entry(user)
        written = _written(person)
        for key, value in entry.items():
            if key in ("extension", "incall", "incalls", "device"):
                continue
            if isinstance(value, Mapping):
                for field, each in value.items():
                    if field not in (*written.get(key, ()), *MADE.get(key, ())):
                        yield _row(name, f"{key}.{field}", each, None)
            elif key not in written.get(key, ()):
                yield _row(name, key, value, None)
        yield from self._things_beyond(person, user, name, entry)

    def _things_beyond(self, person: Person, user: User, name: str, entry: Row) -> Iterator[Row]:
        if "extension" in entry and not person.given.number:
            yield _row(name, "number", str(self.state.extension_of_user(user)), None)
        if "voicemail" in entry and not person.given.voicemail:
            yield _row(name, "voicemail", str(self.state.voicemails.of(user)), None)
        for each in self.state.incalls_of(user):
            if str(each) not in person.given.incalls:
                yield _row(name, "direct number", str(each), None)


def _written(person: Person) -> dict[str, set[str]]:
    """Return {key of an entry: the names of its fields that the run has written}."""
    keys = {USER.name: "user", LINE.name: "line", VOICEMAIL.name: "voicemail"}
    keys |= {resource.name: key for key, resource in USER_PARTS.items()}
    written: dict[str, set[str]] = {}
    for each in (*person.objects, *person.parts):
        if each.resource in keys:
            names = {part for name in each.fields for part in (name, name.partition(".")[0])}
            written.setdefault(keys[each.resource], set()).update(names)
    # Where a login is made of fields of the user, either of the two may have been written.
    both = written.get("login", set()) | written.get("user", set())
    return {**written, "login": both, "user": both}


def _same(trace: ObjectTrace, name: str, value: Any, now: Any) -> bool:
    """Return whether a value of a journal means the same as one of the server."""
    if value in (None, "", [], {}) and now in (None, "", [], {}):
        return True
    if is_partial(value):
        return may_be(value, now)
    if isinstance(value, list) and isinstance(now, list):
        return sorted(map(str, value)) == sorted(map(str, now))
    if isinstance(value, (Mapping, list)) or isinstance(now, (Mapping, list)):
        return bool(value == now)
    return bool(value == now or canonical(name, value) == canonical(name, now))


def _is_made(trace: ObjectTrace, change: Change) -> bool:
    """Return whether only the server knows a value that the run has left: of an object that the run created."""
    return trace.is_new and change.left is None


def _at(keys: Any, position: str) -> Any:
    return (keys or {}).get(position) if isinstance(keys, Mapping) else None


def _row(subject: str, field: str, found: Any, left: Any) -> Row:
    return {"object": subject, "field": field, "found": found, "left": left}
