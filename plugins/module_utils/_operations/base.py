# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The writes that plans are made of. Each step knows its words, its diff, how it is done and how it is taken back."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from .._backends.base import Backend
from .._http.confirm import confirm_update, create_once, ensure_deleted
from .._model.errors import ConflictError, RefusedError, RequestError
from .._model.records import Extension, Line, Record, Row, User
from .verify import holds, id_of, if_holds, set_fields, verify


@dataclass
class Operation(ABC):
    """One write.

    subject, text: it in words; warning: what the administrator should know about it. put_back: what takes the step
    back if a later one fails, for steps that make nothing.
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
        """What is written, in words."""

    @abstractmethod
    def perform(self, backend: Backend) -> None:
        """Do it, verified. Raises RequestError or NotAppliedError."""

    def reverse(self) -> Operation | None:
        """The step that takes this one back; None if it made nothing."""
        return self.rollback_with

    @property
    def created(self) -> Record | None:
        """The object that this step creates, if it creates one."""
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


# Users


@dataclass
class CreateUser(Operation):
    """A new user. namesakes: the users of that name who were there before."""

    action = "create"
    resource_type = "user"
    user: User
    values: Row
    namesakes: Sequence[User]

    def describe(self) -> str:
        return f"user {self.user.name}"

    @property
    def after(self) -> Row:
        given = set_fields(self.user)
        return {name: value for name, value in given.items() if name in self.values or name == "caller_id"}

    def perform(self, backend: Backend) -> None:
        row = create_once(lambda: backend.create_user(self.values), lambda: self._look_up(backend))
        self.user.id, self.user.uuid = row["id"], row.get("uuid")

    @property
    def created(self) -> User:
        return self.user

    def reverse(self) -> Operation:
        return DeleteUser(self.user)

    def _look_up(self, backend: Backend) -> Row | None:
        known = {user.id for user in self.namesakes}
        rows = backend.find_users(firstname=self.user["firstname"], lastname=self.user["lastname"])
        fresh = [row for row in rows if row["id"] not in known and holds(row, self.values)]
        # Somebody else may have made a user of that name meanwhile: who has a line already is not ours.
        fresh = [row for row in fresh if backend.line_of_user(row["id"]) is None]
        if len(fresh) > 1:
            raise ConflictError(
                f"{len(fresh)} users of that name have come since this run looked, and one of them may be its own: "
                f"ids {', '.join(str(row['id']) for row in fresh)}.",
                "Delete who has no line once the other run has ended, and run again.",
            )
        return fresh[0] if fresh else None


@dataclass
class UpdateUser(Operation):
    """Changed fields of a user."""

    action = "update"
    resource_type = "user"
    user: User
    changes: Row
    old: Row

    def describe(self) -> str:
        # By the name that is known so far, also where the name is what changes.
        return f"user {User(fields={**self.user.fields, **self.old}).name}"

    @property
    def before(self) -> Row:
        return self.old

    @property
    def after(self) -> Row:
        return self.changes

    def perform(self, backend: Backend) -> None:
        user_id, result = id_of(self.user), dict(self.user.fields)
        row = confirm_update(
            lambda: backend.update_user(user_id, self.changes, result),
            lambda: if_holds(backend.get_user(user_id), self.changes),
        )
        verify(self.subject, row, self.changes)


@dataclass
class DeleteUser(Operation):
    """A user who has no line any more goes."""

    action = "delete"
    resource_type = "user"
    user: User

    def describe(self) -> str:
        return str(self.user)

    @property
    def before(self) -> Row:
        return self.user.result()

    def perform(self, backend: Backend) -> None:
        ensure_deleted(lambda: backend.delete_user(id_of(self.user)), lambda: backend.get_user(id_of(self.user)))


def puts_user(operation: Operation, user: User) -> bool:
    """Whether a step changes this user, or touches the user, as a new number of the user's line does."""
    if isinstance(operation, UpdateExtension):
        return operation.user is user and not {"exten", "context"}.isdisjoint(operation.changes)
    return isinstance(operation, UpdateUser) and operation.user is user


# Lines


@dataclass
class CreateLine(Operation):
    """A new SIP line, whose SIP username is known beforehand so that it can be found again."""

    action = "create"
    resource_type = "line_sip"
    line: Line
    values: Row
    number: str

    def describe(self) -> str:
        return f"SIP line for {self.number}"

    @property
    def after(self) -> Row:
        return set_fields(self.line)

    def perform(self, backend: Backend) -> None:
        row = create_once(lambda: backend.create_line(self.values), lambda: self._look_up(backend))
        self.line.id = row["id"]
        self.line.fields.update({name: value for name, value in row.items() if name in self.line.resource.field_names})

    @property
    def created(self) -> Line:
        return self.line

    def reverse(self) -> Operation:
        return DeleteLine(self.line)

    def _look_up(self, backend: Backend) -> Row | None:
        found = next((row for row in backend.list_lines() if row["username"] == self.values["username"]), None)
        row = backend.get_line(found["id"]) if found else None
        # A SIP username that somebody chose may be another line's, which is why the server refused it.
        is_own = row and if_holds(row, self.values) and not row["device_id"] and not backend.users_of_line(row["id"])
        return row if is_own else None


@dataclass
class UpdateLine(Operation):
    """Changed fields of a SIP line."""

    action = "update"
    resource_type = "line_sip"
    line: Line
    changes: Row
    old: Row

    def describe(self) -> str:
        return str(self.line)

    @property
    def before(self) -> Row:
        return self.old

    @property
    def after(self) -> Row:
        return self.changes

    def perform(self, backend: Backend) -> None:
        line_id = id_of(self.line)
        row = confirm_update(
            lambda: backend.update_line(line_id, self.changes), lambda: if_holds(backend.get_line(line_id), self.changes)
        )
        verify(self.subject, row, self.changes)
        self.line.fields.update(self.changes)


@dataclass
class DeleteLine(Operation):
    """A line that nothing is associated with any more goes."""

    action = "delete"
    resource_type = "line_sip"
    line: Line

    def describe(self) -> str:
        return str(self.line)

    @property
    def before(self) -> Row:
        return self.line.result()

    def perform(self, backend: Backend) -> None:
        ensure_deleted(lambda: backend.delete_line(id_of(self.line)), lambda: backend.get_line(id_of(self.line)))


# Extensions


@dataclass
class CreateExtension(Operation):
    """A new number in a context."""

    action = "create"
    resource_type = "extension"
    extension: Extension
    values: Row

    def describe(self) -> str:
        return f"extension {self.extension}"

    @property
    def after(self) -> Row:
        return set_fields(self.extension)

    def perform(self, backend: Backend) -> None:
        row = create_once(
            lambda: self._create(backend),
            lambda: backend.find_extension(self.values["exten"], self.values["context"]),
        )
        self.extension.id = row["id"]

    @property
    def created(self) -> Extension:
        return self.extension

    def reverse(self) -> Operation:
        # What somebody else took in the meantime is not ours any more.
        return DeleteExtension(self.extension, leftover=True)

    def _create(self, backend: Backend) -> Row:
        try:
            return backend.create_extension(self.values)
        except RequestError as error:
            # Of two at the same moment one is refused, or fails in the database: the number is the other one's.
            if any("already exists" in text or "duplicate key" in text for text in error.messages):
                raise ConflictError(
                    f"{self.extension} was made by somebody else at the same moment.",
                    "Run again once they have ended.",
                ) from None
            raise


@dataclass
class UpdateExtension(Operation):
    """Changed fields of an extension, a new number above all; line and user are who keeps it."""

    action = "update"
    resource_type = "extension"
    extension: Extension
    changes: Row
    old: Row
    line: Line | None
    user: User | None

    def describe(self) -> str:
        exten, context = (self.old.get(name, self.extension[name]) for name in ("exten", "context"))
        return f"extension {exten}@{context}"

    @property
    def before(self) -> Row:
        return self.old

    @property
    def after(self) -> Row:
        return self.changes

    def perform(self, backend: Backend) -> None:
        row = confirm_update(
            lambda: backend.update_extension(self.extension, self.changes, self.line, self.user),
            lambda: self._look_up(backend),
        )
        verify(self.subject, row, self.changes)

    def _look_up(self, backend: Backend) -> Row | None:
        row = if_holds(backend.get_extension(id_of(self.extension)), self.changes)
        if not row or not (self.line or self.user):
            return row
        owner = backend.owner_of_extension(id_of(self.extension))
        line_id, user_id = (each.id if each else None for each in (self.line, self.user))
        is_kept = owner and (owner.line_id == line_id if owner.line_id else owner.user_id == user_id)
        return row if is_kept else None


@dataclass
class DeleteExtension(Operation):
    """A number that nobody has any more goes.

    leftover: what a run that ended half way left, as it seems; one that belongs to something that the API does not
    show stays with a warning.
    """

    action = "delete"
    resource_type = "extension"
    extension: Extension
    leftover: bool = False

    def describe(self) -> str:
        return f"extension {self.extension}"

    @property
    def before(self) -> Row:
        return self.extension.result()

    def perform(self, backend: Backend) -> None:
        extension_id = id_of(self.extension)
        try:
            ensure_deleted(lambda: backend.delete_extension(extension_id), lambda: backend.get_extension(extension_id))
        except RefusedError:
            if not self.leftover:
                raise
            self.warning = f"{self.subject} belongs to something else and was left there."
