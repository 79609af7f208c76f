# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The operations in general: their texts and diffs, and how they are performed and reversed."""

from __future__ import annotations

from abc import ABC, abstractmethod
from copy import copy
from dataclasses import dataclass, field, fields
from typing import ClassVar

from .._backends.base import Backend
from .._http.confirm import confirm_update, create_once, ensure_deleted
from .._model.errors import ConfdError, RefusedError, ServerError
from .._model.printable import printable
from .._model.records import Device, Record, Row, UserPart, id_of
from .verify import if_holds, verify


@dataclass
class Operation(ABC):
    """One write to the server. Subclasses are dataclasses.

    subject: the object in words ("user Ann Archer"). text: the action and the subject ("create user Ann Archer").
    warning: what the administrator should know about it; empty for nothing. rollback_with: an operation that reverses
    this one even after a time-out; None for nothing. performed_at: its place in the order of all that were performed.
    error: that of an operation that failed, and may have changed something; None for one that succeeded.
    item, serial: in the journal, the position and the label of the item, and the number of the operation.
    """

    action: ClassVar[str]
    is_final: ClassVar[bool] = False
    """Whether nothing before the operation can be reversed, because what it belonged to is gone."""
    leaves_nothing: ClassVar[bool] = False
    """Whether nothing of the operation has to be reversed."""
    may_act_in_part: ClassVar[bool] = False
    """Whether the operation may have changed something although it failed."""
    implied: ClassVar[bool] = False
    """Whether a later operation does the same where it is carried out by the module of its object."""
    warning: str = field(default="", init=False)
    subject: str = field(default="", init=False)
    text: str = field(default="", init=False)
    rollback_with: Operation | None = field(default=None, init=False)
    performed_at: int = field(default=0, init=False)
    error: ConfdError | None = field(default=None, init=False)
    item: tuple[int | None, str] | None = field(default=None, init=False)
    serial: int | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        # The text is made when the operation is planned, so that check mode and the run that follows show the same.
        self.subject = printable(self.describe())
        changed = f": {', '.join(self.after)}" if self.action == "update" else ""
        self.text = f"{self.action} {self.subject}{changed}"

    @property
    def is_link(self) -> bool:
        """Return whether what is written leads to other objects, which have to exist before."""
        return False

    @property
    @abstractmethod
    def resource_type(self) -> str:
        """The type of the object that is written: the name of its module without the prefix."""

    @abstractmethod
    def describe(self) -> str:
        """Return the object that is written, in words."""

    @abstractmethod
    def perform(self, backend: Backend) -> None:
        """Write and verify. Raises RequestError or NotAppliedError."""

    def reverse(self) -> Operation | None:
        """Return the operation that reverses this one; None if there is nothing to reverse."""
        return self.rollback_with

    def reversals(self) -> list[Operation]:
        """Return all operations that are needed to reverse this one."""
        reverse = self.reverse()
        return [reverse] if reverse else []

    @property
    def lasting(self) -> list[str]:
        """What stays although the operation was reversed, in words: secrets whose old values are not known."""
        return []

    @property
    def created(self) -> Record | None:
        """The object that this operation creates; None if it creates none."""
        return None

    @property
    def before(self) -> Row:
        """The values before the operation, as an Ansible diff shows them."""
        return {}

    @property
    def after(self) -> Row:
        """The values after the operation, as an Ansible diff shows them."""
        return {}

    @property
    def diff(self) -> Row:
        """The Ansible diff of this operation."""
        return {"before_header": self.subject, "after_header": self.subject, "before": self.before, "after": self.after}


class RecordOperation(Operation):
    """Writes one object. Subclasses have a field for its record, which RECORD names."""

    RECORD: ClassVar[str]

    @property
    def record(self) -> Record | UserPart:
        """The object that is written."""
        record: Record | UserPart = getattr(self, self.RECORD)
        return record

    def describe(self) -> str:
        return str(self.record)

    def read(self, backend: Backend) -> Row | None:
        """Return the object as the server has it; None if there is none."""
        return backend.get(self.record.resource, id_of(self.record))


class Create(RecordOperation):
    """Creates an object. Subclasses have the field values, which are sent."""

    action = "create"
    values: Row

    @property
    def created(self) -> Record:
        record: Record = getattr(self, self.RECORD)
        return record

    @property
    def after(self) -> Row:
        return {name: value for name, value in self.created.shown_fields().items() if value is not None}

    def perform(self, backend: Backend) -> None:
        self.update_record(create_once(lambda: self.create(backend), lambda: self.find_created(backend)))

    def update_record(self, row: Row) -> None:
        """Write into the record what only the server knows, above all the id."""
        self.created.id = row["id"]

    def create(self, backend: Backend) -> Row:
        """Send the POST and return the object that the server created."""
        return backend.create(self.record.resource, self.values)

    @abstractmethod
    def find_created(self, backend: Backend) -> Row | None:
        """Return the object that a POST whose answer was lost has created; None if it has created nothing."""


class Update(RecordOperation):
    """Changes fields of an object. Subclasses have the fields changes (new values) and old (old values).

    old can have more fields than changes: those that the server may change with them.
    """

    action = "update"
    may_act_in_part = True
    changes: Row
    old: Row

    def reverse(self) -> Operation | None:
        """Return the operation that writes the old values, and give them to the record."""
        old = self.restorable
        self.record.fields.update(old)
        reverse = copy(self)
        reverse.changes, reverse.old, reverse.error = old, self.changes, None
        reverse.__post_init__()
        return reverse if old else None

    @property
    def restorable(self) -> Row:
        """The old values that can be written again."""
        return self.old

    @property
    def lasting(self) -> list[str]:
        if isinstance(self.error, RefusedError):
            return []
        doubt = ", if the server has written it" if self.error else ""
        unknown = sorted(self.record.resource.secrets.intersection(self.changes).difference(self.restorable))
        owner = f"the {self.subject}" if isinstance(self.record, UserPart) else self.subject
        return [f"the new {name} of {owner}{doubt}" for name in unknown]

    @property
    def before(self) -> Row:
        return {name: value for name, value in self.old.items() if name in self.changes}

    @property
    def after(self) -> Row:
        return self.changes

    @property
    def expected(self) -> Row:
        """The values that the object has after the operation: the changes, and what must stay with them."""
        return self.changes

    def perform(self, backend: Backend) -> None:
        row = confirm_update(lambda: self.write(backend), lambda: if_holds(self.read(backend), self.expected))
        self.check(row)

    def check(self, row: Row) -> None:
        """Raise NotAppliedError for changes that the row, read back, does not show."""
        verify(self.subject, row, self.expected)

    def write(self, backend: Backend) -> Row:
        """Write the changes and return what is read back."""
        return backend.update(self.record.resource, id_of(self.record), self.changes)


class Delete(RecordOperation):
    """Deletes an object."""

    action = "delete"
    is_final = True

    @property
    def before(self) -> Row:
        return {name: value for name, value in self.record.result().items() if value is not None}

    def perform(self, backend: Backend) -> None:
        ensure_deleted(lambda: self.delete(backend), lambda: self.read(backend))

    def delete(self, backend: Backend) -> None:
        """Send the request that deletes."""
        backend.delete(self.record.resource, id_of(self.record))


class Association(Operation):
    """Associates two objects, or dissociates them. Subclasses have a field for each of the two.

    OWNER, OWNED: the names of these fields; an audit reports the owned object as missing from its owner.
    OWNED_NAME: what the audit calls the owned object; empty for the name of the field.
    opposite_type: the operation that reverses this one. preposition: between the two objects in the text.
    """

    OWNER: ClassVar[str]
    OWNED: ClassVar[str]
    OWNED_NAME: ClassVar[str] = ""
    preposition: ClassVar[str] = "with"
    opposite_type: ClassVar[type[Association]]

    @property
    def ends(self) -> tuple[Record | Device, Record | Device]:
        """The owner and the owned object."""
        return getattr(self, self.OWNER), getattr(self, self.OWNED)

    def describe(self) -> str:
        owner, owned = self.ends
        return f"{owned} {self.preposition} {owner}"

    @property
    def pair(self) -> Row:
        """The ids of the two objects, as an Ansible diff shows them."""
        return {f"{name}_id": getattr(self, name).id for name in (self.OWNER, self.OWNED)}

    @abstractmethod
    def exists(self, backend: Backend) -> bool:
        """Return whether the two objects are associated on the server."""

    @abstractmethod
    def associate(self, backend: Backend) -> None:
        """Send the request that associates."""

    @abstractmethod
    def dissociate(self, backend: Backend) -> None:
        """Send the request that dissociates."""

    @property
    def missing(self) -> str:
        """The object that does not exist, in words; '' if both exist."""
        return next((str(each) for each in self.ends if each.id is None), "")

    def opposite(self) -> Association:
        """Return the operation on the same objects that reverses this one."""
        return self.opposite_type(**{each.name: getattr(self, each.name) for each in fields(self) if each.init})


class Associate(Association):
    """Associates two objects."""

    action = "associate"

    @property
    def after(self) -> Row:
        return self.pair

    def perform(self, backend: Backend) -> None:
        create_once(lambda: self.associate(backend) or True, lambda: self.exists(backend))

    def reverse(self) -> Operation:
        return self.opposite()


class Dissociate(Association):
    """Dissociates two objects."""

    action = "dissociate"
    preposition = "from"

    def reverse(self) -> Operation:
        return self.opposite()

    @property
    def before(self) -> Row:
        return self.pair

    def perform(self, backend: Backend) -> None:
        ensure_deleted(lambda: self.dissociate(backend), lambda: self.exists(backend))

    def undo_on_failure(self) -> None:
        """Make the rollback associate the objects again also if a later operation of the same task times out."""
        self.rollback_with = self.opposite()


def are_opposites(associate: type[Associate], dissociate: type[Dissociate]) -> None:
    """Register two operations as the reverse of each other."""
    associate.opposite_type, dissociate.opposite_type = dissociate, associate


def perform_twice(operation: Operation, backend: Backend) -> None:
    """Perform an operation. If the server fails, try once more: what is not put back is lost."""
    try:
        operation.perform(backend)
    except ServerError:
        operation.perform(backend)
