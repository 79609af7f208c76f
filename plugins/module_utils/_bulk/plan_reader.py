# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes operations of the steps of a plan that the role has performed, so that they can be undone and checked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

from .._backends.base import Backend
from .._model.errors import ConflictError, InputError
from .._model.records import Device, Extension, Record, Row, User, UserPart
from .._model.resources import EXTENSION, RESOURCES, SECRET_KEYS, USER_PARTS, canonical, wanted_values
from .._operations.associations import (
    AssociateIncall,
    AssociateLineExtension,
    AssociateUserLine,
    DissociateIncall,
    DissociateLineExtension,
    DissociateUserLine,
)
from .._operations.base import Naming, Operation, Update
from .._operations.device import AssociateLineDevice, ResetDevice, SynchronizeDevice
from .._operations.extension import CreateExtension, DeleteExtension, UpdateExtension
from .._operations.line import CreateLine, UpdateLine
from .._operations.overwritten import UpdateWithUser
from .._operations.user import CreateUser, UpdateUser
from .._operations.user_part import CreateUserPart, UpdateUserPart
from .._operations.voicemail import (
    AssociateVoicemail,
    CreateVoicemail,
    DissociateVoicemail,
    UpdateVoicemail,
)
from .._plan.callerids import callerid_to_keep
from .._state.destinations import resolve_values, wishes_of
from .._state.state import ServerState
from .task_plan import REFERENCES

REFERENCE_KEYS = {"extension": ("exten", "context"), "voicemail": ("number", "context"), "device": ("id",)}
"""What a step must say about an object to find it again. Users and lines may have been created by the batch."""


@dataclass
class PerformedStep(Operation):
    """Represents a step that the role has performed and that cannot be undone. words: its text."""

    action = ""
    resource_type = ""
    words: str = ""
    links: bool = False

    @property
    def is_link(self) -> bool:
        return self.links

    def __post_init__(self) -> None:
        self.text = self.subject = self.words

    def describe(self, _name: Naming = str, /) -> str:
        return self.words

    def perform(self, backend: Backend) -> None:
        """Do nothing: the role has performed the step."""


class FinalStep(PerformedStep):
    """Represents a step that the role has performed and before which nothing can be undone."""

    is_final = True


def _part_operation(kind: type[UpdateUserPart], of: Mapping[str, Any]) -> Operation:
    return kind(of["part"], of["changes"], of["old"])


REVERSIBLE: dict[tuple[str, str], Callable[[Mapping[str, Any]], Operation]] = {
    ("create", "extension"): lambda of: CreateExtension(of["extension"], {}),
    ("create", "line_sip"): lambda of: CreateLine(of["line"], {}, ""),
    ("create", "user"): lambda of: CreateUser(of["user"], {}, of["namesakes"], of["identified_by"]),
    ("create", "voicemail"): lambda of: CreateVoicemail(of["voicemail"], {}),
    ("update", "user"): lambda of: UpdateUser(of["user"], {}, of["old"]),
    ("update", "line_sip"): lambda of: UpdateLine(of["line"], {}, of["old"]),
    ("update", "extension"): lambda of: UpdateExtension(
        of["extension"], of["changes"], of["old"], of.get("line"), of.get("user")
    ),
    ("update", "voicemail"): lambda of: UpdateVoicemail(of["voicemail"], {}, of["old"]),
    ("delete", "extension"): lambda of: DeleteExtension(of["extension"]),
    ("synchronize", "device"): lambda of: SynchronizeDevice(of["device"]),
    ("reset", "device"): lambda of: ResetDevice(of["device"], of.get("line"), others=of["others"]),
    ("associate", "user_line"): lambda of: AssociateUserLine(of["user"], of["line"]),
    ("dissociate", "user_line"): lambda of: DissociateUserLine(of["user"], of["line"]),
    ("associate", "line_extension"): lambda of: (
        AssociateIncall(of["user"], of.get("line"), of["extension"])
        if "user" in of
        else AssociateLineExtension(of["line"], of["extension"])
    ),
    ("dissociate", "line_extension"): lambda of: (
        DissociateIncall(of["user"], of.get("line"), of["extension"])
        if "user" in of
        else DissociateLineExtension(of["line"], of["extension"])
    ),
    ("associate", "voicemail"): lambda of: AssociateVoicemail(of["user"], of["voicemail"]),
    ("dissociate", "voicemail"): lambda of: DissociateVoicemail(of["user"], of["voicemail"]),
    ("associate", "line_device"): lambda of: AssociateLineDevice(of["line"], of["device"]),
    **{
        (kind.action, resource.name): partial(_part_operation, kind)
        for resource in USER_PARTS.values()
        for kind in (UpdateUserPart, CreateUserPart)
    },
}
"""The steps that can be reversed: (action, resource) -> a function from {name: record, "old": values}."""
FINAL = {("delete", "user"), ("delete", "line_sip")}
TAKES_AWAY = ("delete", "dissociate")


class StepReader:
    """Makes operations from the steps of a batch that the role has performed.

    user_id, line_id: ids of what the batch created; None for nothing, or if the role does not know the id.
    """

    def __init__(self, state: ServerState, user_id: int | None, line_id: int | None) -> None:
        self.state = state
        self._user_id = user_id
        self._line_id = line_id
        self._deleted: dict[tuple[str, str], Extension] = {}

    def operations(self, steps: Sequence[Row]) -> list[Operation]:
        """Return an operation for each step. One whose objects are not on the server any more has no reverse."""
        if self._line_id is None and any(creates(step, "line_sip") for step in steps):
            self._line_id = self._line_of(steps)
        return [self._operation(step) for step in steps]

    def _operation(self, step: Row) -> Operation:
        build = REVERSIBLE.get((step["action"], step["resource"]))
        is_gone = step["action"] in TAKES_AWAY
        records = (
            {name: self._record(name, step[name], is_gone) for name in REFERENCES if step.get(name)} if build else {}
        )
        if step["action"] == "associate" and "extension" in records and records["extension"] is None:
            # Another run has deleted it, or given it another number: the check at the end compares the two.
            records["extension"] = _written(step["extension"])
        is_known = build and None not in records.values()
        if build and is_known:
            others = [line for line in map(self.state.line, step.get("others") or ()) if line]
            namesakes = [User(id=user_id) for user_id in step.get("namesakes") or ()]
            part = self._part(step["resource"], records.get("user"))
            step = self._with_changes(step, part) if part else step
            given = {
                "others": others,
                "namesakes": namesakes,
                "identified_by": step.get("identified_by"),
                **({"part": part} if part else {}),
            }
            old, reference = step.get("old") or {}, step.get("extension") or {}
            changes = step.get("changes") or {name: reference[name] for name in old if name in reference}
            operation = build({**records, **given, "old": old, "changes": changes})
            if isinstance(operation, UpdateWithUser) and operation.user:
                self._keep_overwritten(operation, operation.user, step)
            if isinstance(operation, Update):
                # The plan does not have their values, but the undo says that they stay.
                operation.changes.update(dict.fromkeys(SECRET_KEYS.intersection(step.get("fields") or ())))
        else:
            is_final = (step["action"], step["resource"]) in FINAL
            operation = FinalStep(step["text"]) if is_final else performed_step(step)
        operation.text = step["text"]
        return operation

    def _part(self, resource: str, user: Any) -> UserPart | None:
        """Return the settings of a user that a step has written; None if it has written something else."""
        is_part = isinstance(user, User) and RESOURCES.get(resource) in USER_PARTS.values()
        return self.state.part_of(user, RESOURCES[resource]) if is_part else None

    def _with_changes(self, step: Row, part: UserPart) -> Row:
        """Return a step with the values that it has written as ``changes``; destinations have their targets.

        Values whose target does not exist any more are left out.
        """
        if not part.resource.links:
            # As JSON, the names of groups are a list, and no list equals the names that are read back.
            old, wanted = step.get("old") or {}, wanted_values(part.resource, step.get("wanted") or {})
            return {**step, "old": _canonical(old), "changes": _canonical(wanted)}
        values: dict[str, Row] = {"old": {}, "wanted": {}}
        for key, resolved in values.items():
            for name, value in (step.get(key) or {}).items():
                with suppress(InputError, ConflictError):
                    wish = wishes_of(part.resource, {name: value or None}, step["resource"])
                    resolved.update(resolve_values(self.state, wish, part.user))
        return {**step, **values, "changes": values["wanted"]}

    def _keep_overwritten(self, operation: UpdateWithUser, user: User, step: Row) -> None:
        """Make the reversal of a step put back what the server overwrites."""
        voicemail = self.state.voicemails.of(user) if step.get("named") else None
        operation.named = (voicemail, step["named"]) if voicemail else None
        old = operation.old
        if isinstance(operation, UpdateUser):
            operation.kept = callerid_to_keep(self.state, user, old_name=User(fields={**user.fields, **old}).name)
        elif isinstance(operation, UpdateExtension) and not {"exten", "context"}.isdisjoint(old):
            operation.kept = callerid_to_keep(
                self.state, user, moved=operation.extension, old_exten=old.get("exten", "")
            )

    def _record(self, name: str, reference: Row, is_gone: bool) -> Record | Device | None:
        """Return an object of a step. is_gone: whether the step took it away, so it may have to be created anew."""
        missing = [key for key in REFERENCE_KEYS.get(name, ()) if reference.get(key) is None]
        if missing:
            raise InputError(f"{name} of a step lacks {' and '.join(missing)}.", "Pass on the plan as it is.")
        if name == "extension":
            return self._extension(reference, is_gone)
        if name == "voicemail":
            return self.state.voicemails.at(reference["number"], reference["context"])
        if name == "device":
            return Device(reference["id"])
        if name == "user":
            return self._user(reference)
        line_id = reference.get("id") or self._line_id
        return self.state.line(line_id) if line_id else None

    def _extension(self, reference: Row, is_gone: bool) -> Extension | None:
        key = (reference["exten"], reference["context"])
        # Another extension may have the number by now, and later steps may be about that one.
        by_id = self.state.extension(reference["id"]) if reference.get("id") and not is_gone else None
        if by_id and by_id.key != key:
            # Another run has changed the number since.
            return Extension(
                by_id.id, fields={**by_id.fields, **{name: reference[name] for name in ("exten", "context")}}
            )
        found = (self._deleted.get(key) if is_gone else by_id) or self.state.extension_at(*key)
        if is_gone and (found is None or found.id not in (None, reference.get("id"))):
            found = self._deleted[key] = _written(reference)
        return found

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


def _canonical(values: Row) -> Row:
    return {name: canonical(name, value) for name, value in values.items()}


def _written(reference: Row, extension_id: int | None = None) -> Extension:
    """Return an extension as a step has left it; with an id if the server still has it."""
    return Extension(extension_id, fields={name: reference.get(name) for name in EXTENSION.field_names})


def performed_step(step: Row) -> PerformedStep:
    """Return a step that the role has performed and that is not undone."""
    resource = RESOURCES.get(step["resource"])
    return PerformedStep(step["text"], bool(resource and resource.links))


def creates(step: Row, resource: str) -> bool:
    """Return whether a step creates an object of a resource."""
    return bool(step["action"] == "create" and step["resource"] == resource)
