# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plans a list without a server, so that everything is found that the entries alone can say.

The list is planned on a server that has what the entries refer to and do not make, and nothing else. Nobody can say
offline whether a real server has it, so it is listed as unchecked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .._backends.offline import ANY, OFFLINE
from .._model.contexts import ContextInfo
from .._model.destination_types import OWN, USER, VOICEMAIL
from .._model.destinations import Linking, Wish
from .._model.numbers import ExtensionKey
from .._model.printable import printable
from .._model.records import Row
from .._model.resources import USER_PARTS
from .._model.snapshot import Snapshot
from .._model.texts import counted
from .._state.lookup import NEVER_CREATE
from .._tasks.task import Task
from .claims import LOGIN_KEY
from .entries import Entry
from .provision import ProvisionRun
from .work_items import DEPENDS_ON

SOMEBODY = "somebody"
"""The name, SIP username and so on of people of whom the entries do not say it."""
NAMED_THINGS = {"groups": "groups", "call_permissions": "call permissions"}
"""{key of an entry: the objects that its names mean}."""


@dataclass(frozen=True)
class EntryProblem:
    """What is wrong with an entry. index: its position, from 0; label: whom it describes; text: what to change."""

    index: int
    label: str
    text: str


def plan_offline(
    users: Sequence[Mapping[str, Any]],
    api: str = ANY,
    contexts: Mapping[str, ContextInfo] | None = None,
    entry_problems: Mapping[int, str] | None = None,
) -> tuple[list[EntryProblem], list[str]]:
    """Return the problems of entries that no server can take, and what cannot be checked without one, as sentences.

    users: entries whose types were checked. api: the generation of the server, ANY if it is not known. contexts: None
    if they are not known. entry_problems: {position of an entry: what is known to be wrong with it}.
    """
    backend = OFFLINE[api](contexts)
    options = {"users": list(users), "continue_on_error": True}
    run = ProvisionRun(Task(backend, options, check_mode=True, diff_mode=False, entry_problems=entry_problems or {}))
    world = _World(run.entries)
    backend.show(world.snapshot, world.voicemails)
    run.plan_all()
    failed = (each for each in run.entries if each.problem and not each.problem.startswith(DEPENDS_ON))
    found = [EntryProblem(each.index, each.label, each.problem) for each in failed]
    return found, [*world.unchecked(), *_unchecked_by(api, contexts)] if users else []


def _unchecked_by(api: str, contexts: Mapping[str, ContextInfo] | None) -> Iterator[str]:
    if contexts is None:
        yield "Whether the contexts exist and accept the numbers: provision_contexts is not set."
    if api == ANY:
        yield "What only some generations of servers accept: confd_api is not set."


@dataclass
class _World:
    """The server that a list is planned on: it has a user for each one whom the entries do not create.

    These people have a line, a number, a voicemail and a login, since a real server may have all of it.
    """

    entries: list[Entry]
    snapshot: Snapshot = field(init=False)
    voicemails: list[Row] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.snapshot = Snapshot([], [], [], {}, {}, {}, {})
        self._present = [entry for entry in self.entries if entry.active and not entry.absent]
        self._known: set[Any] = set()
        self._ids = {entry.match["id"] for entry in self.entries if entry.match and "id" in entry.match}
        self.matched = self._add_matched()
        self._add_those_who_need_more()
        self.referred = self._add_targets()

    def unchecked(self) -> Iterator[str]:
        """Yield sentences about what only a server can tell of the entries."""
        if self.matched:
            yield f"Whether there is a user for the match of {counted(self.matched, 'entry', 'entries')}."
        if self.referred:
            yield f"Whether the server has what fallbacks and function keys lead to: {', '.join(self.referred)}."
        for key, words in NAMED_THINGS.items():
            names = {name for entry in self._present for value in entry.parts.get(key, {}).values() for name in value}
            if names:
                yield f"Whether the server has the {words} {', '.join(sorted(map(printable, map(str, names))))}."
        phones = sum(entry.device_mac is not None for entry in self._present)
        if phones:
            yield f"Whether the server knows the phones of {counted(phones, 'entry', 'entries')}."

    def _add_matched(self) -> int:
        """Add the users whom a match can only find, never create. Return how many entries have such a match."""
        count = 0
        for entry in self._present:
            match = entry.match or {}
            is_found_only = not NEVER_CREATE.isdisjoint(match)
            if match and (is_found_only or not entry.user.get("firstname")):
                count += 1
                self._add(match, entry)
        return count

    def _add_those_who_need_more(self) -> None:
        """Add the users of entries that do not give everything that a new user would need."""
        names = Counter(_name_of(entry) for entry in self._present)
        for entry in filter(_needs_more, self._present):
            keys = dict(zip(("firstname", "lastname"), _name_of(entry)))
            if entry.number and names[_name_of(entry)] > 1:
                # Of people with one name, the number tells who is meant.
                keys.update(zip(("exten", "context"), entry.number))
            self._add(entry.match or keys, entry)

    def _add_targets(self) -> list[str]:
        """Add what destinations lead to and no entry describes. Return it in words."""
        words = []
        by_list = set(self._things_of_entries())
        for wish in _wishes(self._present):
            reference = wish.reference if isinstance(wish.reference, Mapping) else {}
            keys = _keys_of(reference)
            if wish.type not in (USER, VOICEMAIL) or not reference or keys & by_list:
                continue
            if wish.type == USER:
                self._add(reference, None)
            else:
                self._add_voicemail(reference)
            words.append(printable(" ".join(str(value) for value in reference.values() if value is not None)))
        return sorted(set(words))

    def _things_of_entries(self) -> Iterator[Any]:
        """Yield what entries are called by in references, see ``_keys_of``. Leavers count: who refers to them errs."""
        for entry in self.entries:
            values = {**(entry.match or {}), **entry.user}
            yield from _keys_of({name: values[name] for name in ("username", "userfield", "uuid") if values.get(name)})
            yield from _keys_of({"firstname": values.get("firstname"), "lastname": values.get("lastname")})
            yield from _keys_of({"username": entry.parts.get(LOGIN_KEY, {}).get("username")})
            for exten, context in (*entry.numbers, *filter(None, [entry.number, entry.voicemail_key])):
                yield from _keys_of({"exten": exten, "context": context})

    def _add(self, keys: Mapping[str, Any], entry: Entry | None) -> None:
        """Add a user with these values of the identity, once."""
        known = _keys_of(keys)
        if known & self._known:
            return
        self._known |= known
        user_id = keys.get("id") or self._new_id()
        values = {name: value for name, value in keys.items() if name not in NEVER_CREATE}
        # Whom a match identifies by something else may have any name, and often another one than the wanted one.
        name = {"firstname": f"{SOMEBODY}{user_id}", "username": f"{SOMEBODY}{user_id}", "lastname": None}
        row = {"id": user_id, "uuid": keys.get("uuid") or f"{SOMEBODY}-{user_id}", "password": SOMEBODY}
        self.snapshot.users.append({**name, **values, **row})
        context = entry.number[1] if entry and entry.number else keys.get("context") or SOMEBODY
        number = (keys["exten"], keys["context"]) if "exten" in keys else (f"*{user_id}", context)
        self._give_line(user_id, number)
        self._add_voicemail({"number": f"*{user_id}", "context": SOMEBODY}, user_id)

    def _give_line(self, user_id: int, number: ExtensionKey) -> None:
        exten, context = number
        line = {"id": user_id, "username": f"{SOMEBODY}{user_id}", "secret": SOMEBODY, "callerid": None}
        self.snapshot.lines.append({**line, "context": context, "device_slot": 1, "device_id": None})
        self.snapshot.extensions.append({"id": user_id, "exten": exten, "context": context, "commented": False})
        self.snapshot.users_of_line[user_id] = [user_id]
        self.snapshot.extension_of_line[user_id] = user_id

    def _add_voicemail(self, keys: Mapping[str, Any], user_id: int | None = None) -> None:
        voicemail_id = user_id or keys.get("id") or self._new_id()
        values = {"name": SOMEBODY, "number": f"*{voicemail_id}", "context": SOMEBODY, **keys}
        self.voicemails.append({**values, "id": voicemail_id})
        if user_id and self.snapshot.voicemail_of_user is not None:
            self.snapshot.voicemail_of_user[user_id] = voicemail_id

    def _new_id(self) -> int:
        new = max(self._ids, default=0) + 1
        self._ids.add(new)
        return new


def _name_of(entry: Entry) -> tuple[Any, Any]:
    return entry.user.get("firstname"), entry.user.get("lastname")


def _needs_more(entry: Entry) -> bool:
    """Return whether a new user of this entry would lack what the entry relies on, so that it means an existing one."""
    needs_line = (
        entry.incalls is not None
        or entry.incall_ranges
        or entry.voicemail is not None
        or entry.device_mac
        or any(USER_PARTS[name].needs_line and any(values.values()) for name, values in entry.parts.items())
    )
    login = entry.parts.get(LOGIN_KEY)
    return bool(
        (needs_line and entry.line is None)
        or (entry.voicemail is None and any(wish.reference == OWN for wish in _wishes([entry])))
        or (login and not (login.get("username") and login.get("password")))
    )


def _wishes(entries: Iterable[Entry]) -> Iterator[Wish]:
    """Yield the destinations of fallbacks and function keys of entries."""
    for entry in entries:
        for values in entry.parts.values():
            for value in values.values():
                if isinstance(value, Linking):
                    yield from (each for each in value.destinations if isinstance(each, Wish))


def _keys_of(reference: Mapping[str, Any]) -> set[Any]:
    """Return the keys by which a reference identifies a user or an object."""
    found: set[Any] = {
        (name, reference[name]) for name in ("id", "uuid", "username", "userfield") if reference.get(name)
    }
    exten = reference.get("exten") or reference.get("number")
    if exten:
        found.add(("exten", str(exten), reference.get("context")))
    if not found and reference.get("firstname"):
        found.add(("name", reference["firstname"], reference.get("lastname") or None))
    return found
