# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What every write has in common: its words, its diff, how it is performed and reversed."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field, fields
from typing import ClassVar

from .._backends.base import Backend
from .._http.confirm import confirm_update, create_once, ensure_deleted
from .._model.records import Record, Row
from .verify import if_holds, verify


@dataclass
class Operation(ABC):
    """One write.

    subject, text: it in words; warning: what the administrator should know about it. rollback_with: what reverses the
    operation if a later one fails, for operations that create nothing.
    """

    action: ClassVar[str]
    resource_type: ClassVar[str]
    warning: str = field(default="", init=False)
    subject: str = field(default="", init=False)
    text: str = field(default="", init=False)
    rollback_with: Operation | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        # Once, when planned: a prediction and the run that follows say the same words.
        self.subject = self.describe()
        changed = f": {', '.join(self.after)}" if self.action == "update" else ""
        self.text = f"{self.action} {self.subject}{changed}"

    @abstractmethod
    def describe(self) -> str:
        """Return what is written, in words."""

    @abstractmethod
    def perform(self, backend: Backend) -> None:
        """Write and verify. Raises RequestError or NotAppliedError."""

    def reverse(self) -> Operation | None:
        """Return the operation that takes this one back; None if it created nothing."""
        return self.rollback_with

    @property
    def created(self) -> Record | None:
        """The object that this operation creates, if it creates one."""
        return None

    @property
    def before(self) -> Row:
        return {}

    @property
    def after(self) -> Row:
        return {}

    @property
    def diff(self) -> Row:
        """An Ansible diff."""
        return {"before_header": self.subject, "after_header": self.subject, "before": self.before, "after": self.after}


class Update(Operation):
    """Changes fields of an object. Subclasses are dataclasses with at least the fields changes and old."""

    action = "update"
    changes: Row
    old: Row

    @property
    def before(self) -> Row:
        return self.old

    @property
    def after(self) -> Row:
        return self.changes

    def perform(self, backend: Backend) -> None:
        row = confirm_update(lambda: self.write(backend), lambda: if_holds(self.read(backend), self.changes))
        self.check(row)

    def check(self, row: Row) -> None:
        """Raise NotAppliedError where the server does not hold the changes."""
        verify(self.subject, row, self.changes)

    @abstractmethod
    def write(self, backend: Backend) -> Row:
        """Write the changes and return what is read back."""

    @abstractmethod
    def read(self, backend: Backend) -> Row | None:
        """Return the object as the server has it; None if it is not there."""


class Delete(Operation):
    """Deletes an object. Subclasses are dataclasses."""

    action = "delete"

    @property
    @abstractmethod
    def record(self) -> Record:
        """The object that is deleted."""

    def describe(self) -> str:
        return str(self.record)

    @property
    def before(self) -> Row:
        return self.record.result()

    def perform(self, backend: Backend) -> None:
        ensure_deleted(lambda: self.delete(backend), lambda: self.read(backend))

    @abstractmethod
    def delete(self, backend: Backend) -> None:
        """Send the DELETE."""

    @abstractmethod
    def read(self, backend: Backend) -> Row | None:
        """Return the object as the server has it; None if it is not there."""


class Association(Operation):
    """Associates two objects, or dissociates them. Subclasses are dataclasses of the two objects.

    OWNER, OWNED: which of the two has the other one, for people who read differences.
    """

    OWNER: ClassVar[str]
    OWNED: ClassVar[str]
    opposite_type: ClassVar[type[Association]]

    @property
    @abstractmethod
    def pair(self) -> Row:
        """What an Ansible diff shows of the association."""

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
    def owner(self) -> str:
        """The object that has the other one, in words."""
        return str(getattr(self, self.OWNER))

    @property
    def owned(self) -> str:
        """The object that the other one has, in words."""
        return str(getattr(self, self.OWNED))

    @property
    def owned_name(self) -> str:
        """What people call the object that the other one has."""
        return self.OWNED

    def opposite(self) -> Association:
        """Return the operation on the same objects that takes this one back."""
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

    @property
    def before(self) -> Row:
        return self.pair

    def perform(self, backend: Backend) -> None:
        ensure_deleted(lambda: self.dissociate(backend), lambda: self.exists(backend))

    def undo_on_failure(self) -> None:
        """Associate the objects again if a later operation of the same task fails."""
        self.rollback_with = self.opposite()


def are_opposites(associate: type[Associate], dissociate: type[Dissociate]) -> None:
    """Let each of two operations know the one that takes it back."""
    associate.opposite_type, dissociate.opposite_type = dissociate, associate


def id_of(record: Record) -> int:
    """Return the id of an object that exists; the order of a plan makes sure that it does."""
    if record.id is None:
        raise AssertionError(f"{record} does not exist yet")
    return record.id


def set_fields(record: Record) -> Row:
    """Return the fields of a record that have a value."""
    return {name: value for name, value in record.fields.items() if value is not None}
