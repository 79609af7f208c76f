# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the entries that restore the people of a run as they were before it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import deepcopy
from typing import Any

from .._model.records import Row, User
from .._model.resources import (
    EXTENSION,
    FUNC_KEYS,
    LINE,
    LOGIN,
    USER,
    USER_PARTS,
    VOICEMAIL,
    Field,
    Resource,
    nested,
)
from .._state.destinations import with_words
from .._state.state import ServerState
from .undo_people import Person
from .undo_trace import Changes, ObjectTrace

NEED_A_LINE = ("incall", "incalls", "voicemail", "line", "device", "groups")


def way_back(person: Person, state: ServerState) -> Row | None:
    """Return the entry that makes a person what the person was before a run; None if there is nothing to do."""
    user = state.user(person.user_id) if person.user_id else None
    if person.is_gone:
        return _entry_anew(person, state)
    if user is None:
        return None
    if person.is_new:
        names = {name: user[name] for name in ("firstname", "lastname") if user[name]}
        return {"match": {"id": user.id}, "user": names, "state": "absent"}
    entry = _Changed(person, user, state).entry()
    return {"match": {"id": user.id}, "user": {}, **entry} if entry else None


def _entry_anew(person: Person, state: ServerState) -> Row | None:
    """Return the entry of somebody whom the run has removed; None if the journal does not have it.

    The person may be there again, if an undo is repeated.
    """
    if not person.found:
        return None
    entry = deepcopy(person.found)
    if person.shares_voicemail:
        entry.pop("voicemail", None)
    if "extension" not in entry:
        entry |= _line_without_number(person, entry)
    for key in _without_owner(entry):
        # They require a line, which no entry can describe here: the person had several, or a shared one.
        del entry[key]
    login = entry.get("login")
    if login and state.backend.login_fields_of_user:
        # Such a server enables a login with a password only.
        login.pop("enabled", None)
    there = user_again(person, state)
    return {**entry, **({"match": {"id": there.id}} if there else {"made_anew": True})}


def shares_voicemail(person: Person, people: Sequence[Person], state: ServerState) -> bool:
    """Return whether a run has taken a voicemail that others have, too. No client can give it to a second user.

    people: all whom the run has touched. The last of those who shared it was the one to delete it.
    """
    taken = person.given.voicemail
    if taken is None or not taken.before or taken.left is not None or taken.is_over:
        return False
    if any(each.is_gone for each in person.of(VOICEMAIL.name)):
        return False
    exten, _at, context = taken.before.partition("@")
    voicemail = state.voicemails.at(exten, context)
    owner = state.user(person.user_id) if person.user_id and not person.is_gone else user_again(person, state)
    if voicemail:
        return any(user is not owner for user in state.voicemails.users_of(voicemail))
    name = f"voicemail {taken.before}"
    return any(each.is_gone and each.subject == name for other in people for each in other.of(VOICEMAIL.name))


def _line_without_number(person: Person, entry: Mapping[str, Any]) -> Row:
    """Return the line of an entry without a number: such a line is known by its SIP username alone."""
    lines = [each.fields for each in person.of(LINE.name) if each.is_gone]
    names = [name for name in ("username", "context") if lines and name in lines[0]]
    if len(lines) != 1 or len(names) < 2:
        return {}
    return {"line": {**entry.get("line", {}), **{name: lines[0][name].before for name in names}}}


def _without_owner(entry: Mapping[str, Any]) -> list[str]:
    """Return the keys of an entry without a number that need one."""
    if "extension" in entry:
        return []
    has_line = bool((entry.get("line") or {}).get("username"))
    return [] if has_line else [key for key in NEED_A_LINE if key in entry]


def user_again(person: Person, state: ServerState) -> User | None:
    """Return the user who has the name and the number of somebody whom the run has removed; None if there is none."""
    if not person.found:
        return None
    found = person.found
    user, number = found.get("user") or {}, found.get("extension")
    named = state.users_named(user.get("firstname"), user.get("lastname"))
    for each in named:
        current = state.extension_of_user(each)
        if (current.key if current else None) == ((number["exten"], number["context"]) if number else None):
            return each
    return None


class _Changed:
    """Describes what somebody whom a run has changed was before. Keys that the run did not write are left out."""

    def __init__(self, person: Person, user: User, state: ServerState) -> None:
        self.person = person
        self.user = user
        self.state = state
        self.found = person.found or {}

    def entry(self) -> Row:
        """Return the entry without its match; empty if there is nothing to do."""
        entry: Row = {}
        if self.person.user:
            entry["user"] = _values(USER, self.person.user.fields)
        entry |= self._numbers()
        entry["line"] = self._line()
        entry["voicemail"] = self._voicemail()
        for part in self.person.parts:
            key, resource = next((key, each) for key, each in USER_PARTS.items() if each.name == part.resource)
            values = self._part(part, resource)
            if values:
                entry[key] = values.get(key, values) if resource.field_names == (key,) else values
        # An empty list takes everything: direct numbers, groups, call permissions.
        entry = {key: value for key, value in entry.items() if value or isinstance(value, list)}
        needs_number = ({"line", "voicemail"} & entry.keys()) - {"without"}
        number = self.state.extension_of_user(self.user)
        keeps_number = {"line", "extension"}.isdisjoint(entry.get("without", ()))
        if needs_number and "extension" not in entry and number and keeps_number:
            entry["extension"] = dict(zip(("exten", "context"), number.key))
        return entry

    def _numbers(self) -> Row:
        given = self.person.given
        entry: Row = {}
        without = []
        if given.line and given.line.before is False and not given.line.is_over:
            without.append("line")
        elif given.number and given.number.before and not given.number.is_over:
            entry["extension"] = self._number(given.number.before)
        elif given.number and not given.number.is_over:
            without.append("extension")
        elif changed := self._disabled(self._own_numbers()):
            entry["extension"] = changed[0]
        if given.voicemail and given.voicemail.before is None and not given.voicemail.is_over:
            without.append("voicemail")
        incalls = self._incalls()
        return {
            **entry,
            **({"incalls": incalls} if incalls is not None else {}),
            **({"without": without} if without else {}),
        }

    def _own_numbers(self) -> list[str]:
        number = self.state.extension_of_user(self.user)
        return [str(number)] if number else []

    def _disabled(self, numbers: list[str]) -> list[Row]:
        """Return those of some numbers that the run has disabled or enabled, as they were."""
        changed = {
            each.subject.partition(" ")[2]: each.fields["commented"].before
            for each in self.person.of(EXTENSION.name)
            if "commented" in each.fields and not each.is_new and not each.is_gone
        }
        return [{**_number_of(each), "commented": bool(changed[each])} for each in numbers if each in changed]

    def _incalls(self) -> list[Row] | None:
        """Return the direct numbers: those that the user has now, except for what the run has changed."""
        given = self.person.given.incalls
        now = [str(each) for each in self.state.incalls_of(self.user)]
        changed = self._disabled(now)
        if not given and not changed:
            return None
        kept = [each for each in now if each not in given or given[each].before]
        back = [each for each, change in given.items() if change.before and each not in kept]
        again = {f"{each['exten']}@{each['context']}": each for each in changed}
        return [
            *(again.get(each, _number_of(each)) for each in kept),
            *(self._number(each) for each in back),
        ]

    def _number(self, number: str) -> Row:
        """Return a number of the person before the run as an entry has it."""
        found = self.found
        for each in (found.get("extension"), found.get("incall"), *(found.get("incalls") or ())):
            if each and f"{each['exten']}@{each['context']}" == number:
                return {"commented": False, **each}
        return _number_of(number)

    def _line(self) -> Row:
        given = self.person.given
        if given.line and given.line.before and not given.line.is_over:
            return dict(self.found.get("line") or {})
        lines = [each for each in self.person.of(LINE.name) if not each.is_new and not each.is_gone]
        fields = {name: change for each in lines for name, change in each.fields.items()}
        # The context follows the number. An empty caller ID is the one that the server makes.
        values = {name: value for name, value in _values(LINE, fields).items() if name != "context"}
        return {name: value for name, value in values.items() if value != "" or name == "callerid"}

    def _voicemail(self) -> Row:
        given, current = self.person.given.voicemail, self.state.voicemails.of(self.user)
        if self.person.shares_voicemail or (given and given.before is None):
            return {}
        fields = {
            name: change
            for each in self.person.of(VOICEMAIL.name)
            if not each.is_new
            for name, change in each.fields.items()
        }
        values = dict(self.found.get("voicemail") or {}) if given else _values(VOICEMAIL, fields)
        if not values and not given:
            return {}
        key = given.before.partition("@") if given else (None, "", None)
        number = {
            "number": key[0] or values.get("number") or (current and current["number"]),
            "context": key[2] or values.get("context") or (current and current["context"]),
        }
        return {**values, **{name: value for name, value in number.items() if value}}

    def _part(self, part: ObjectTrace, resource: Resource) -> Row:
        if resource is LOGIN:
            return self._login(part)
        values = {name: value for name, value in _values(resource, part.fields).items() if name != "keys"}
        if resource is FUNC_KEYS and "keys" in part.fields and not part.fields["keys"].is_over:
            values["keys"] = self._keys(part)
        return nested(values)

    def _login(self, part: ObjectTrace) -> Row:
        name = part.fields.get("username")
        if name and name.before is None and not name.is_over:
            return {"state": "absent"}
        if name and name.left is None and not name.is_over:
            return dict(self.found.get("login") or {"username": name.before})
        follows = {each.name for each in LOGIN.fields if each.follows}
        return nested({name: value for name, value in _values(LOGIN, part.fields).items() if name not in follows})

    def _keys(self, part: ObjectTrace) -> Row:
        """Return the keys that the user has now, except for those that the run has written."""
        change = part.fields["keys"]
        now = with_words(self.state, self.state.part_of(self.user, FUNC_KEYS))["keys"].words
        before, left = change.before or {}, change.left or {}
        kept = {position: key for position, key in now.items() if position not in {*before, *left}}
        return {**kept, **before}


def _values(resource: Resource, changes: Changes) -> Row:
    """Return {field: the value before} of what a run has changed, with what clears a field where it was empty.

    Secrets are left out, because no journal has them.
    """
    fields = {each.name: each for each in resource.fields}
    return {
        name: _cleared(fields[name]) if change.before is None else change.before
        for name, change in changes.items()
        if name in fields and name not in resource.secrets and not change.is_over
    }


def _cleared(field: Field) -> Any:
    """Return the value that an entry gives to clear a field."""
    if field.type in ("bool", "int"):
        return field.default
    return [] if field.type == "list" else {} if field.type == "dict" else ""


def _number_of(number: str) -> Row:
    exten, _at, context = number.partition("@")
    return {"exten": exten, "context": context}
