# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Adds up the writes of a run: what it has changed for each user, with the values before and after."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .._model.records import Row
from .._model.resources import EXTENSION, GROUP_FALLBACKS, RESOURCES, USER_PARTS, VOICEMAIL
from .._operations.differences import ABSENT, PRESENT
from .._reports.journal_run import DONE, JournalItem
from .undo_partial import is_partial

LINE_EXTENSION, USER_LINE, LINE_DEVICE, DEVICE = "line_extension", "user_line", "line_device", "device"
INCALL = "incall "
"""What the object of a write begins with if it is the association of a direct number."""
PARTS = {resource.name: resource for resource in USER_PARTS.values()}


@dataclass
class Change:
    """What a run has made of a value. before: the value before the run. after: those that the run may have left.

    An answer that was lost leaves both the last value and the one before it possible.
    """

    before: Any
    after: list[Any]

    def note(self, value: Any, is_certain: bool) -> None:
        """Note another write."""
        self.after = [value] if is_certain else [*self.after, value]

    def allows(self, now: Any) -> bool:
        """Return whether nobody else has changed the value since. One that is as before needs no way back."""
        return now == self.before or now in self.after

    @property
    def left(self) -> Any:
        return self.after[-1]

    @property
    def is_over(self) -> bool:
        """Return whether the run has put the value back itself."""
        return self.after == [self.before]


Changes = dict[str, Change]


@dataclass
class ObjectTrace:
    """What a run has done with one object. exists: ``PRESENT`` or ``ABSENT`` before and after. subject: in words.
    uuid: that of the user, if the server has one. partial: the fields of whose values before the journal has a part
    only. They are not in fields.
    """

    resource: str
    id: Any
    subject: str
    item: int
    exists: Change = field(default_factory=lambda: Change(PRESENT, [PRESENT]))
    fields: Changes = field(default_factory=dict)
    uuid: str | None = None
    partial: list[str] = field(default_factory=list)

    @property
    def is_new(self) -> bool:
        """Return whether the run has created the object."""
        return bool(self.exists.before == ABSENT)

    @property
    def is_gone(self) -> bool:
        """Return whether the run has deleted the object."""
        return self.exists.after == [ABSENT]


@dataclass
class ItemTrace:
    """What a run has given to one person, and taken.

    number, voicemail: "1200@default" or None. line: whether the person has a line. incalls: {number: whether the person
    has it}. moves: {number: the change of a number that stayed the same extension}. phones: {id: phone in words} of
    those that were put on a line, or taken off it. groups: the groups, in words, whose fallbacks were cleared.
    """

    number: Change | None = None
    voicemail: Change | None = None
    line: Change | None = None
    incalls: Changes = field(default_factory=dict)
    moves: Changes = field(default_factory=dict)
    phones: dict[str, str] = field(default_factory=dict)
    groups: list[str] = field(default_factory=list)


class Trace:
    """Adds up all writes of a run, in their order.

    free: {(item, number): whether it was disabled} of the extensions that belonged to nobody and that the run has
    used or deleted.
    """

    def __init__(self, items: Iterable[JournalItem]) -> None:
        self.free: dict[tuple[int, str], bool] = {}
        self._released: set[str] = set()
        self.objects: dict[tuple[str, Any], ObjectTrace] = {}
        self.items: dict[int, ItemTrace] = {}
        writes = [row for item in items for row in item.writes]
        for row in sorted(writes, key=lambda row: int(row["sequence"])):
            self._note(row)
        for each in self.objects.values():
            each.partial = [name for name, change in each.fields.items() if is_partial(change.before)]
            each.fields = {name: change for name, change in each.fields.items() if name not in each.partial}

    def item(self, item: int) -> ItemTrace:
        """Return what a run has given to the person of an item, and taken."""
        return self.items.setdefault(item, ItemTrace())

    def objects_of(self, item: int, *resources: str) -> list[ObjectTrace]:
        """Return the objects of some types that were written for an item."""
        return [each for each in self.objects.values() if each.item == item and each.resource in resources]

    def parts(self) -> list[ObjectTrace]:
        """Return the written settings, whose id is the id of their user."""
        return [each for each in self.objects.values() if each.resource in PARTS]

    def _note(self, row: Row) -> None:
        action, resource = row["action"], row["resource"]
        is_certain = row.get("outcome") == DONE
        if resource in (EXTENSION.name, LINE_EXTENSION):
            self._note_free_number(row)
        if action in ("associate", "dissociate"):
            self._note_association(row, is_certain)
        elif resource == GROUP_FALLBACKS.name:
            self.item(row["item"]).groups.append(row["object"])
        elif resource == DEVICE:
            self.item(row["item"]).phones.setdefault(str(row.get("id")), row["object"])
        elif row.get("id") is not None and resource in RESOURCES:
            self._note_object(row, is_certain)

    def _note_free_number(self, row: Row) -> None:
        """Note an extension that a run has found without an owner, and not one that it has freed itself."""
        action, before = row["action"], _row(row, "before")
        pair = _row(row, "after") if action == "associate" else before
        is_link = row["resource"] == LINE_EXTENSION
        number = str(pair.get("extension")) if is_link else row["object"].partition(" ")[2]
        made = self.objects.get((EXTENSION.name, pair.get("extension_id") if is_link else row["id"]))
        if action == "dissociate":
            self._released.add(number)
        elif action in ("associate", "delete") and made is None and number not in self._released:
            self.free[row["item"], number] = bool(before.get("commented"))
            self._released.add(number)

    def _note_object(self, row: Row, is_certain: bool) -> None:
        resource, action = row["resource"], row["action"]
        key = (resource, row["id"])
        found = self.objects.get(key)
        if found is None:
            found = self.objects[key] = ObjectTrace(resource, row["id"], row["object"], row["item"])
            if action == "create" and resource not in PARTS:
                found.exists.before = ABSENT
        found.uuid = found.uuid or row.get("uuid")
        if resource not in PARTS and action != "update":
            found.exists.note(PRESENT if action == "create" else ABSENT, is_certain)
        before, after = _row(row, "before"), _row(row, "after")
        for name in {**before, **after}:
            change = found.fields.setdefault(name, Change(before.get(name), []))
            change.note(after.get(name), is_certain)
        if action == "update" and not {"exten", "number", "context"}.isdisjoint(after):
            self._note_renumbering(row, after, is_certain)

    def _note_renumbering(self, row: Row, after: Row, is_certain: bool) -> None:
        """Note the new number of an extension or a voicemail that keeps its owner."""
        old = row["object"].partition(" ")[2]
        exten, _at, context = old.partition("@")
        new = f"{after.get('exten') or after.get('number') or exten}@{after.get('context') or context}"
        item = self.item(row["item"])
        if row["resource"] == EXTENSION.name:
            item.moves.setdefault(old, Change(old, [])).note(new, is_certain)
        elif row["resource"] == VOICEMAIL.name and item.voicemail and item.voicemail.left == old:
            item.voicemail.note(new, is_certain)

    def _note_association(self, row: Row, is_certain: bool) -> None:
        item, resource, gives = self.item(row["item"]), row["resource"], row["action"] == "associate"
        pair = _row(row, "after" if gives else "before")
        if resource == LINE_EXTENSION and row["object"].startswith(INCALL):
            key = str(pair.get("extension"))
            item.incalls[key] = _noted(item.incalls.get(key), gives, not gives, is_certain)
        elif resource == LINE_EXTENSION:
            key = str(pair.get("extension"))
            item.number = _noted(item.number, key if gives else None, None if gives else key, is_certain)
        elif resource == VOICEMAIL.name:
            key = str(pair.get("voicemail")).partition(" ")[2]
            item.voicemail = _noted(item.voicemail, key if gives else None, None if gives else key, is_certain)
        elif resource == USER_LINE:
            item.line = _noted(item.line, gives, not gives, is_certain)
        elif resource == LINE_DEVICE:
            item.phones.setdefault(str(pair.get("device_id")), row["object"])


def _noted(change: Change | None, after: Any, before: Any, is_certain: bool) -> Change:
    """Return a change with another write."""
    change = change or Change(before, [])
    change.note(after, is_certain)
    return change


def _row(row: Mapping[str, Any], name: str) -> Row:
    value = row.get(name)
    return value if isinstance(value, dict) else {}
