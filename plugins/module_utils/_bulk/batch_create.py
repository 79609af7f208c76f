# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Creates new users with line, numbers and voicemail in one request, one user or a block, if the generation can.

Such a server takes over a free extension of the wanted number without notice (xivo-16.16.md, "users/import";
wazo-26.08.md, "6. All-in-one"). Wazo also widens the ranges of a context for an incall. So a request holds only numbers
that the plan creates: they were looked up, not found, and compared with the ranges of their contexts. The ordinary
operations write what a request does not carry.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any, TypeVar

from .._backends.base import Backend
from .._backends.interface import CreatedUser, NewUser
from .._http import confirm as _sure
from .._model.errors import ConfdError, ConflictError, RefusedError, RequestError, ServerError, TimedOutError
from .._model.records import Extension, Voicemail, id_of
from .._model.resources import USER, VOICEMAIL, canonical
from .._operations.apply import add_concurrency_hint, apply, note_performed
from .._operations.associations import AssociateIncall, AssociateLineExtension, AssociateUserLine
from .._operations.base import Delete, Operation
from .._operations.extension import CreateExtension
from .._operations.line import CreateLine, UpdateLine
from .._operations.recording import recorded
from .._operations.user import CreateUser, UpdateUser
from .._operations.user_part import UpdateUserPart
from .._operations.verify import holds
from .._operations.voicemail import AssociateVoicemail, CreateVoicemail, UpdateVoicemail
from .._state.lookup import describe
from .._state.state import ServerState

LOST_HINT = "Run again. If the server created the user, the next run finds the user."
LOOK_PAUSE = 2.0
"""Seconds between two looks for users whom a slow server may still be creating."""
_S = TypeVar("_S", bound=Operation)


@dataclass(eq=False)
class UserCreation:
    """Holds a new user as the operations of a plan create it.

    new: everything that the operations create; part: the part of it that one request carries. covered: the operations
    that the request performs; rest: the operations that follow.
    """

    new: NewUser
    part: NewUser
    user: CreateUser
    line: CreateLine
    extensions: list[Extension]
    voicemail: CreateVoicemail | None
    covered: list[Operation]
    rest: list[Operation]
    is_shown: bool = True
    """Whether the answer shows the fields of the created objects, not only their ids."""

    def set_ids(self, created: CreatedUser) -> None:
        """Write the ids of the created objects into the records of the plan."""
        user, line = self.user.user, self.line.line
        user.id, user.uuid = created.user["id"], created.user.get("uuid")
        line.id = created.line["id"]
        line.fields.update({name: value for name, value in created.line.items() if name in line.resource.field_names})
        for extension in self.extensions:
            extension.id = created.numbers[extension.key]
        if self.voicemail:
            self.voicemail.voicemail.id = created.voicemail_id
        self.is_shown = "provisioning_extension" in created.line

    def finish(self, backend: Backend, done: list[Operation]) -> None:
        """Perform what the request did not carry; ``done`` collects the operations. Raises the errors of ``apply``."""
        note_performed(self.covered, done)
        left_out = self._updates(_missing(self.new.user, self.part.user), _missing(self.new.line, self.part.line))
        apply(backend, left_out)
        apply(backend, self.rest, done)

    def check(self, state: ServerState, backend: Backend, sharers: Collection[int] = ()) -> None:
        """Compare what the answer did not show with a fresh state, and write what the server dropped.

        sharers: the ids of the other users whom the run has associated with the voicemail.
        Raises ConfdError if an object is missing, and the errors of ``apply``.
        """
        found, line = state.user(id_of(self.user.user)), state.line(id_of(self.line.line))
        numbers = [state.extension_of(line), *state.incalls_of(found)] if found and line else []
        if not found or not line or not {each.id for each in self.extensions} <= {each.id for each in numbers if each}:
            raise ConfdError(f"The server reported success, but {self.user.user} is incomplete.", "Run again.")
        self.line.line.fields["provisioning_extension"] = line["provisioning_extension"]
        # The record has the values that an operation of the rest has written since.
        account = {name: self.line.line[name] for name in ("username", "secret") if name in self.part.line}
        dropped = self._updates(_missing(self.part.user, found.fields), _missing(account, line.fields))
        apply(backend, [*dropped, *self._dropped_of_voicemail(state, sharers)])

    def _updates(self, of_user: dict[str, Any], of_line: dict[str, Any]) -> list[Operation]:
        user, line = self.user.user, self.line.line
        operations: list[Operation] = [UpdateUser(user, of_user, {})] if of_user else []
        return self._of_item([*operations, UpdateLine(line, of_line, {})] if of_line else operations)

    def _of_item(self, operations: list[Operation]) -> list[Operation]:
        """Return operations that the plan does not have, as those of the item that creates the user."""
        for operation in operations:
            operation.item = self.user.item
        return operations

    def _dropped_of_voicemail(self, state: ServerState, sharers: Collection[int]) -> list[Operation]:
        if self.voicemail is None:
            return []
        user, voicemail = self.user.user, self.voicemail.voicemail
        found = state.voicemails.at(*voicemail.key)
        # The entry of another user may have changed the voicemail since.
        wanted = {name: voicemail[name] for name in self.voicemail.values}
        dropped = _missing(wanted, found.fields if found else {})
        if found:
            self._refuse_adopted(found, dropped, state, sharers)
        return self._of_item([UpdateVoicemail(voicemail, dropped, {}, [user])] if dropped else [])

    def _refuse_adopted(
        self, found: Voicemail, dropped: Iterable[str], state: ServerState, sharers: Collection[int]
    ) -> None:
        """Raise ConflictError if the request took over a voicemail that another client had just created.

        dropped: the fields that do not have the wanted values. Where a server drops a value, the voicemail has the
        default instead; anything else is somebody's. The name tells nothing, since an import changes it
        (observations.md, "XiVO 16.16: import").
        """
        defaults = {field.name: field.default for field in VOICEMAIL.fields}
        foreign = [name for name in dropped if name != "name" and found[name] not in (None, "", defaults[name])]
        own = {self.user.user.id, *sharers}
        others = [user for user in state.voicemails.users_of(found) if user.id not in own]
        if self.voicemail and (others or foreign):
            self.voicemail.is_own = False
            raise ConflictError(
                f"{found} was created by another client during this run"
                + (f", and it belongs to {describe(others)}." if others else "."),
                f"The user does not get it. Its name is {found['name']!r} now: correct it if need be, and run again.",
            )


def user_creation_of(backend: Backend, operations: Sequence[Operation], alone: bool = False) -> UserCreation | None:
    """Return the new user that operations create; None if they create none, or no request of the backend can.

    alone: whether the request is for this user alone.
    """
    kinds = (CreateUser, CreateLine, AssociateUserLine, AssociateLineExtension)
    if not backend.batch_size or not all(len(_of(operations, kind)) == 1 for kind in kinds):
        return None
    if any(isinstance(operation, Delete) for operation in operations):
        # The rest of the operations follows the request, but what is to be deleted would be in its way.
        return None
    if any(not USER.apart.isdisjoint(operation.changes) for operation in _of(operations, UpdateUser)):
        # The server takes them only before the user has a line.
        return None
    user, line = _of(operations, CreateUser)[0], _of(operations, CreateLine)[0]
    fresh = {
        operation.extension.key
        for operation in _of(operations, CreateExtension)
        if not operation.extension["commented"]
    }
    number = _of(operations, AssociateLineExtension)[0].extension
    if number.key not in fresh:
        return None
    incalls = [
        operation.extension.key for operation in _of(operations, AssociateIncall) if operation.extension.key in fresh
    ]
    voicemail = _new_voicemail(operations)
    new = NewUser(
        user.values,
        line.values,
        number.key,
        incalls,
        voicemail.values if voicemail else None,
        {each.resource_type: each.changes for each in _of(operations, UpdateUserPart) if each.user is user.user},
    )
    part = backend.supported_alone(new) if alone else backend.supported_part(new)
    return _split(operations, new, part, user, line, voicemail) if part else None


def _split(
    operations: Sequence[Operation],
    new: NewUser,
    part: NewUser,
    user: CreateUser,
    line: CreateLine,
    voicemail: CreateVoicemail | None,
) -> UserCreation:
    """Divide the operations into those that the request performs and those that follow it."""
    numbers = {part.number, *part.incalls}
    carried = voicemail if part.voicemail else None

    def is_covered(operation: Operation) -> bool:
        if isinstance(operation, (CreateExtension, AssociateLineExtension, AssociateIncall)):
            return operation.extension.key in numbers
        if isinstance(operation, (CreateVoicemail, AssociateVoicemail)):
            return carried is not None
        if isinstance(operation, UpdateUserPart):
            return operation.resource_type in part.parts
        return isinstance(operation, (CreateUser, CreateLine, AssociateUserLine))

    covered = [operation for operation in operations if is_covered(operation)]
    extensions = [operation.extension for operation in _of(covered, CreateExtension)]
    rest = [operation for operation in operations if not is_covered(operation)]
    return UserCreation(new, part, user, line, extensions, carried, covered, rest)


def _new_voicemail(operations: Sequence[Operation]) -> CreateVoicemail | None:
    """Return the voicemail that operations create for their user alone; None if there is none."""
    created, owners = _of(operations, CreateVoicemail), _of(operations, AssociateVoicemail)
    if len(created) != 1 or len(owners) != 1 or owners[0].voicemail is not created[0].voicemail:
        return None
    return created[0] if owners[0].enabled else None


# The request


@dataclass
class BatchOutcome:
    """Holds the outcome of one request for a block of new users.

    created: users who exist now. failed: users who cannot be created, each with the error; nothing of them exists.
    retry: users whom the server did not create only because others failed. one_by_one: users whom the request cannot
    create at all; the single operations show the reason. timed_out: whether the server did not answer in time.
    """

    created: list[UserCreation] = field(default_factory=list)
    failed: dict[UserCreation, ConfdError] = field(default_factory=dict)
    retry: list[UserCreation] = field(default_factory=list)
    one_by_one: list[UserCreation] = field(default_factory=list)
    timed_out: bool = False


def create(backend: Backend, block: Sequence[UserCreation]) -> BatchOutcome:
    """Create new users with one request, all or none. If the answer is lost, look the users up; never send it again."""
    parts = [creation.part for creation in block]
    try:
        with recorded(backend, [operation for creation in block for operation in creation.covered]):
            return _created(block, backend.create_batch(parts))
    except RefusedError as error:
        return _refused(backend, block, error)
    except RequestError as error:
        if not error.may_have_acted:
            return _failed(backend, block, error)
        outcome = _created(block, _find_created(backend, parts, error))
        outcome.timed_out = isinstance(error, TimedOutError)
        lost = [creation for creation in block if creation not in outcome.created]
        if isinstance(error, ServerError) and len(lost) == len(block):
            # The server has answered and created nothing, so nothing can appear later.
            outcome.one_by_one = lost
        else:
            error.hint = f"{error.hint} {LOST_HINT}".strip()
            outcome.failed = _failed(backend, lost, error).failed
        return outcome
    except ConfdError as error:
        return _failed(backend, block, error)


def _created(block: Sequence[UserCreation], created: Sequence[CreatedUser | None]) -> BatchOutcome:
    outcome = BatchOutcome()
    for creation, each in zip(block, created):
        if each:
            creation.set_ids(each)
            outcome.created.append(creation)
    return outcome


def _find_created(backend: Backend, parts: Sequence[NewUser], error: RequestError) -> Sequence[CreatedUser | None]:
    """Return what a request created whose answer is lost; None for a missing user. Repeat while all are missing.

    After a time-out, repeat for as long as the server was waited for: it may be slow, and still be carrying it out.
    """
    timeout = backend.client.connection.timeout if isinstance(error, TimedOutError) else 0
    pauses = chain(_sure.REPEAT_PAUSES, _pauses_until(time.monotonic() + timeout))
    while True:
        found = backend.find_batch(parts)
        own = [each if each and holds(each.user, part.user) else None for each, part in zip(found, parts)]
        pause = next(pauses, None)
        if pause is None or any(own):
            return own
        time.sleep(pause)


def _pauses_until(deadline: float) -> Iterator[float]:
    """Yield pauses in seconds until a time of the monotonic clock."""
    while (left := deadline - time.monotonic()) > 0:
        yield min(LOOK_PAUSE, left)


def _refused(backend: Backend, block: Sequence[UserCreation], error: RefusedError) -> BatchOutcome:
    """Fail only the users whom the refusal names. A refusal that names all or none is about the request itself."""
    bad = {block[number - 1]: text for number, text in error.rows.items() if 0 < number <= len(block)}
    if not bad or len(bad) == len(block):
        return BatchOutcome(one_by_one=list(block))
    outcome = BatchOutcome(retry=[creation for creation in block if creation not in bad])
    for creation, text in sorted(bad.items(), key=lambda pair: block.index(pair[0])):
        message = f"{error.method} {error.path}: HTTP {error.status}: {text}"
        about = error.with_message(message)
        about.messages = [text]
        outcome.failed |= _failed(backend, [creation], about).failed
    return outcome


def _failed(backend: Backend, block: Sequence[UserCreation], error: ConfdError) -> BatchOutcome:
    add_concurrency_hint(error, backend)
    return BatchOutcome(
        failed={
            creation: error.with_message(f"Could not {creation.user.text} with line and numbers: {error.message}")
            for creation in block
        }
    )


# Helpers


def _missing(wanted: Any, there: Any) -> dict[str, Any]:
    """Return the wanted values, canonical, that differ from those that are there."""
    targets = {name: canonical(name, value) for name, value in wanted.items()}
    return {name: value for name, value in targets.items() if value is not None and there.get(name) != value}


def _of(operations: Sequence[Operation], kind: type[_S]) -> list[_S]:
    return [operation for operation in operations if isinstance(operation, kind)]
