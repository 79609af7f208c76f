# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Converts a plan to data for the role, which performs each step as one task of a single module.

The data has no values of users and lines, because some of them are secrets. The role takes them from the entry.
"""

from __future__ import annotations

from collections.abc import Sequence

from .._model.records import Device, Extension, Line, Record, Row, User, Voicemail
from .._model.resources import EXTENSION, SECRET_KEYS, VOICEMAIL, as_option, nested
from .._operations.base import Operation, Update
from .._operations.device import ResetDevice
from .._operations.extension import DeleteExtension
from .._operations.line import UpdateLine
from .._operations.overwritten import UpdateWithUser
from .._operations.user import CreateUser, UpdateUser
from .._operations.user_part import UpdateUserPart
from .._operations.voicemail import (
    AssociateVoicemail,
    CreateVoicemail,
    DeleteVoicemail,
    DissociateVoicemail,
    UpdateVoicemail,
)
from .._tasks.task import Task
from .entries import Entry
from .planner import Batch

REMOVING_ACTIONS = ("delete", "dissociate")
REFERENCES = ("user", "line", "extension", "voicemail", "device")
SHOWN = {Extension: EXTENSION.field_names, Line: ("context",), Voicemail: ("number", "context")}
"""The fields that identify an object that does not exist yet."""


def plan_for_role(batches: Sequence[Batch], task: Task) -> list[Row]:
    """Return the batches of entries for the role, see ``_batch_for_role``.

    built_by: of a batch that links, the position of the batch that creates its user; None if the user exists. journal,
    journal_run: the options of these names for all steps of a batch, if the task has a journal.
    """
    builders = {
        batch.item: at
        for at, batch in enumerate(batches)
        if any(isinstance(operation, CreateUser) for operation in batch.operations)
    }
    return [
        {
            **_batch_for_role(batch),
            "built_by": builders.get(batch.item) if batch.links else None,
            **_journal_options(task, batch),
        }
        for batch in batches
    ]


def _journal_options(task: Task, batch: Batch) -> Row:
    """Return the journal options for the steps of a batch, {} without a journal. The journal counts entries from 1."""
    if task.journal is None:
        return {}
    run = {"id": task.journal.run.id, "item": batch.item.index + 1, "person": batch.item.label}
    return {"journal": task.options["journal"], "journal_run": run}


def _batch_for_role(batch: Batch) -> Row:
    """Return a batch of an entry as {index, label, number, waits_for, links, links_to, steps}.

    number: the internal number as {exten, context}, also if it was chosen from a range. waits_for: the positions of the
    entries that come first. links, links_to: whether these are the linking operations of the entry, and the positions
    of the entries to which they lead.
    """
    item = batch.item
    number, user = (item.number, item.found) if isinstance(item, Entry) else (None, None)
    return {
        "index": item.index,
        "label": item.label,
        "number": {"exten": number[0], "context": number[1]} if number else None,
        "waits_for": sorted(each.index for each in item.waits_for),
        "links": batch.links,
        "links_to": sorted(each.index for each in item.links_to),
        "steps": [
            _step(operation, batch, user if _is_theirs(operation, batch) else None)
            for operation in batch.operations
            if not operation.implied
        ],
    }


def _is_theirs(operation: Operation, batch: Batch) -> bool:
    """Return whether an operation changes a voicemail that the user of the batch has, gets or loses."""
    if isinstance(operation, DeleteVoicemail):
        return any(
            isinstance(each, DissociateVoicemail) and each.voicemail is operation.voicemail for each in batch.operations
        )
    if isinstance(operation, UpdateVoicemail):
        # With a user, confd_voicemail would associate the two before the step for that.
        return not any(isinstance(each, AssociateVoicemail) for each in batch.operations)
    return operation.resource_type == VOICEMAIL.name and not isinstance(operation, CreateVoicemail)


def _step(operation: Operation, batch: Batch, user: User | None) -> Row:
    """Return an operation as a step of the role.

    resource: name of the module without its prefix. text: the operation in words. name: the text as the name of a task.
    state: the state option of the module. user, line, extension, voicemail, device: the objects, by id or by the fields
    of ``SHOWN``; an object without id is created by an earlier step of the batch. fields: the values to write, because
    secrets, and the number of a voicemail, are written in steps of their own. wanted: the values of a user or line if
    they are not those of the entry, or those of a part of a user. old: the values that an update replaces, except
    secrets and values that cannot be written again. named: the own name of the user's voicemail, which is put back.
    others: the ids of the other lines on a device that is reset. namesakes, identified_by: see ``CreateUser``.
    leftover: a refusal by the server is not a failure.
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
        step["voicemail"].update(
            {name: operation.changes[name] for name in (*SHOWN[Voicemail], "name") if name in operation.changes}
        )
    if isinstance(operation, Update):
        step.update(_values_of(operation, batch))
    return {**step, **_details(operation)}


def _details(operation: Operation) -> Row:
    """Return the part of a step that only operations of one kind have."""
    if isinstance(operation, CreateUser):
        namesakes = [user.id for user in operation.namesakes if user.id]
        return {"namesakes": namesakes, "identified_by": operation.identified_by, "fields": sorted(operation.values)}
    if isinstance(operation, ResetDevice):
        return {"others": [line.id for line in operation.others if line.id]}
    if isinstance(operation, DeleteExtension) and operation.leftover:
        return {"leftover": True}
    return {}


def _values_of(operation: Update, batch: Batch) -> Row:
    """Return the keys of a step that only an update has."""
    # The entry may give the field that means several others.
    wholes = {each.part_of for each in operation.record.resource.fields if each.name in operation.changes}
    unwritable = SECRET_KEYS | (operation.lost if isinstance(operation, UpdateUser) else frozenset())
    values: Row = {
        "old": {
            name: as_option(value)
            for name, value in operation.old.items()
            if name not in unwritable and not getattr(value, "stored", "")
        },
        "fields": sorted({*operation.changes, *wholes} - {""}),
    }
    if isinstance(operation, (UpdateUser, UpdateLine)) and batch.operations is batch.item.teardown_operations:
        values["wanted"] = {name: "" if value is None else value for name, value in operation.changes.items()}
    if isinstance(operation, UpdateUserPart):
        wanted = {name: value for name, value in operation.changes.items() if name not in SECRET_KEYS}
        values["wanted"] = nested({name: "" if value is None else value for name, value in wanted.items()})
    if isinstance(operation, UpdateWithUser) and operation.named:
        values["named"] = operation.named[1]
    return values


def _reference(record: Record | Device) -> Row:
    return {"id": record.id, **{name: record[name] for name in SHOWN.get(type(record), ())}}
