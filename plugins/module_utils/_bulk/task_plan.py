# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A plan in words that the role can run with the single modules, one visible task a step.

Values of users and lines are not repeated here, for secrets are among them: the role takes them from the entry.
"""

from __future__ import annotations

from typing import Any

from .._model.records import Device, Extension, Line, Record, Voicemail
from .._model.resources import EXTENSION, VOICEMAIL
from .._operations.base import Operation
from .._operations.extension import DeleteExtension
from .._operations.voicemail import CreateVoicemail, UpdateVoicemail
from .entries import Entry
from .planner import Batch

REMOVING_ACTIONS = ("delete", "dissociate")
REFERENCES = ("user", "line", "extension", "voicemail", "device")
SHOWN = {Extension: EXTENSION.field_names, Line: ("context",), Voicemail: ("number", "context", "name")}
"""What names an object that does not exist yet."""


def tasks_of(batch: Batch) -> dict[str, Any]:
    """A batch for the role.

    {index, label, number, needs, steps}; number: the internal one, as {exten, context}, perhaps picked from a range;
    needs: indices, as strings, of entries that come first.
    """
    entry = batch.entry
    return {
        "index": entry.index,
        "label": entry.label,
        "number": {"exten": entry.number[0], "context": entry.number[1]} if entry.number else None,
        "needs": sorted(str(need.index) for need in entry.needs),
        "steps": [_task(entry, operation) for operation in batch.operations],
    }


def _task(entry: Entry, operation: Operation) -> dict[str, Any]:
    """A step for the role.

    resource: the module without its prefix. verb, text: what is done. state: as the module's. user, line, extension,
    voicemail, device: who is meant, by id or by what names it; an object without id is one that an earlier step of
    the entry makes. fields: which of the entry's values of a voicemail are written, for its number may have to go
    ahead of the others. leftover: that the server may refuse it, and is right then.
    """
    task: dict[str, Any] = {
        "resource": operation.resource_type,
        "verb": operation.action,
        "text": operation.text,
        "state": "absent" if operation.action in REMOVING_ACTIONS else "present",
    }
    for name in REFERENCES:
        record = getattr(operation, name, None)
        if isinstance(record, (Record, Device)):
            task[name] = _reference(record)
    if operation.resource_type == VOICEMAIL.name and entry.found:
        task["user"] = _reference(entry.found)
    if isinstance(operation, CreateVoicemail):
        task["fields"] = sorted(operation.values)
    if isinstance(operation, UpdateVoicemail):
        task["fields"] = sorted(operation.changes)
    if isinstance(operation, DeleteExtension) and operation.leftover:
        task["leftover"] = True
    return task


def _reference(record: Record | Device) -> dict[str, Any]:
    return {"id": record.id, **{name: record[name] for name in SHOWN.get(type(record), ())}}
