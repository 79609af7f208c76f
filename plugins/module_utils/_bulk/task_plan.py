# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Converts a plan to data for the role, which performs each step as one task of a single module; and back.

The data has no values of users and lines, because some of them are secrets. The role takes them from the entry.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .._backends.base import Backend
from .._model.errors import InputError
from .._model.records import Device, Extension, Line, Record, Row, User, Voicemail
from .._model.resources import EXTENSION, VOICEMAIL
from .._operations.associations import AssociateIncall, AssociateLineExtension, AssociateUserLine
from .._operations.base import Operation
from .._operations.device import AssociateLineDevice
from .._operations.extension import CreateExtension, DeleteExtension
from .._operations.line import CreateLine
from .._operations.user import CreateUser
from .._operations.voicemail import AssociateVoicemail, CreateVoicemail, UpdateVoicemail
from .._state.state import ServerState
from .entries import Entry
from .planner import Batch

REMOVING_ACTIONS = ("delete", "dissociate")
REFERENCES = ("user", "line", "extension", "voicemail", "device")
REFERENCE_KEYS = {"extension": ("exten", "context"), "voicemail": ("number", "context"), "device": ("id",)}
"""What a step must say about an object to find it again. Users and lines may have been created by the batch."""
SHOWN = {Extension: EXTENSION.field_names, Line: ("context",), Voicemail: ("number", "context")}
"""The fields that identify an object that does not exist yet."""


def batch_for_role(batch: Batch) -> Row:
    """Return a batch of an entry as {index, label, number, waits_for, steps}.

    number: the internal number as {exten, context}, also if it was chosen from a range. waits_for: the positions of the
    entries that come first.
    """
    item = batch.item
    number, user = (item.number, item.found) if isinstance(item, Entry) else (None, None)
    return {
        "index": item.index,
        "label": item.label,
        "number": {"exten": number[0], "context": number[1]} if number else None,
        "waits_for": sorted(each.index for each in item.waits_for),
        "steps": [_step(operation, user if _is_theirs(operation, batch) else None) for operation in batch.operations],
    }


def _is_theirs(operation: Operation, batch: Batch) -> bool:
    """Return whether an operation changes a voicemail that the user of the batch has, gets or loses."""
    if isinstance(operation, UpdateVoicemail):
        # With a user, confd_voicemail would associate the two before the step for that.
        return not any(isinstance(each, AssociateVoicemail) for each in batch.operations)
    return operation.resource_type == VOICEMAIL.name and not isinstance(operation, CreateVoicemail)


def _step(operation: Operation, user: User | None) -> Row:
    """Return an operation as a step of the role.

    resource: name of the module without its prefix. text: the operation in words. name: the text as the name of a task.
    state: the state option of the module. user, line, extension, voicemail, device: the objects, by id or by the fields
    of ``SHOWN``; an object without id is created by an earlier step of the batch. fields: the values of a voicemail to
    write, because its number may be written before the others. leftover: a refusal by the server is not a failure.
    """
    step: Row = {
        "resource": operation.resource_type,
        "action": operation.action,
        "text": operation.text,
        "name": f"{operation.text[:1].upper()}{operation.text[1:]}",
        "state": "absent" if operation.action in REMOVING_ACTIONS else "present",
    }
    for name in REFERENCES:
        record = getattr(operation, name, None)
        if isinstance(record, (Record, Device)):
            step[name] = _reference(record)
    if user:
        step["user"] = _reference(user)
    if isinstance(operation, CreateVoicemail):
        step["voicemail"]["name"] = operation.voicemail["name"]
        step["fields"] = sorted(operation.values)
    if isinstance(operation, UpdateVoicemail):
        step["fields"] = sorted(operation.changes)
    if isinstance(operation, DeleteExtension) and operation.leftover:
        step["leftover"] = True
    return step


def _reference(record: Record | Device) -> Row:
    return {"id": record.id, **{name: record[name] for name in SHOWN.get(type(record), ())}}


# Back to operations


@dataclass
class PerformedStep(Operation):
    """Represents a step that the role has performed and that is not undone. words: its text."""

    action = ""
    resource_type = ""
    words: str = ""

    def __post_init__(self) -> None:
        self.text = self.subject = self.words

    def describe(self) -> str:
        return self.words

    def perform(self, backend: Backend) -> None:
        """Do nothing: the role has performed the step."""


UNDONE_BY_REVERSE: dict[tuple[str, str], Callable[[Mapping[str, Any]], Operation]] = {
    ("create", "extension"): lambda of: CreateExtension(of["extension"], {}),
    ("create", "line_sip"): lambda of: CreateLine(of["line"], {}, ""),
    ("create", "user"): lambda of: CreateUser(of["user"], {}, ()),
    ("create", "voicemail"): lambda of: CreateVoicemail(of["voicemail"], {}),
    ("associate", "user_line"): lambda of: AssociateUserLine(of["user"], of["line"]),
    ("associate", "line_extension"): lambda of: (
        AssociateIncall(of["user"], of.get("line"), of["extension"])
        if "user" in of
        else AssociateLineExtension(of["line"], of["extension"])
    ),
    ("associate", "voicemail"): lambda of: AssociateVoicemail(of["user"], of["voicemail"]),
    ("associate", "line_device"): lambda of: AssociateLineDevice(of["line"], of["device"]),
}
"""The steps that create something: (action, resource) -> a function from {name: record} to the operation."""


class StepReader:
    """Makes operations from the steps of a batch that the role has performed.

    user_id, line_id: ids of what the batch created; None for nothing, or if the role does not know the id.
    """

    def __init__(self, state: ServerState, user_id: int | None, line_id: int | None) -> None:
        self.state = state
        self._user_id = user_id
        self._line_id = line_id

    def operations(self, steps: Sequence[Row]) -> list[Operation]:
        """Return an operation for each step. One whose objects are not on the server any more has no reverse."""
        if self._line_id is None and any(creates(step, "line_sip") for step in steps):
            self._line_id = self._line_of(steps)
        return [self._operation(step) for step in steps]

    def _operation(self, step: Row) -> Operation:
        build = UNDONE_BY_REVERSE.get((step["action"], step["resource"]))
        records = {name: self._record(name, step[name]) for name in REFERENCES if step.get(name)} if build else {}
        is_known = build and None not in records.values()
        operation = build(records) if build and is_known else PerformedStep(step["text"])
        operation.text = step["text"]
        return operation

    def _record(self, name: str, reference: Row) -> Record | Device | None:
        missing = [key for key in REFERENCE_KEYS.get(name, ()) if reference.get(key) is None]
        if missing:
            raise InputError(f"{name} of a step lacks {' and '.join(missing)}.", "Pass on the plan as it is.")
        if name == "extension":
            return self.state.extension_at(reference["exten"], reference["context"])
        if name == "voicemail":
            return self.state.voicemails.at(reference["number"], reference["context"])
        if name == "device":
            return Device(reference["id"])
        if name == "user":
            return self._user(reference)
        line_id = reference.get("id") or self._line_id
        return self.state.line(line_id) if line_id else None

    def _user(self, reference: Row) -> User | None:
        user_id = reference.get("id") or self._user_id
        return self.state.user(user_id) if user_id else None

    def _line_of(self, steps: Sequence[Row]) -> int | None:
        """Return the id of the line that the batch created, found by the user whom it was associated with.

        The role does not know the id if a later step failed to change that line.
        """
        for step in steps:
            if step["action"] == "associate" and step["resource"] == "user_line":
                user = self._user(step["user"])
                line = self.state.line_of(user) if user else None
                return line.id if line else None
        return None


def creates(step: Row, resource: str) -> bool:
    """Return whether a step creates an object of a resource."""
    return bool(step["action"] == "create" and step["resource"] == resource)
