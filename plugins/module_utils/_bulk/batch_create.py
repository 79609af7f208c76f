# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""New users with everything around in one request, one user or a block of them, where a generation can.

A server that makes whole users takes a free extension of the wanted number over without a word (facts files xivo-16.16,
section users/import, and wazo-26.08, section 6), and widens the ranges of a context for an incall (the latter). So only
numbers are handed over that were all looked for, not found, and held against the ranges of their contexts: those that
the plan creates. What a request does not carry follows by the ordinary steps.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from .._backends.base import Backend
from .._backends.interface import CreatedUser, NewUser
from .._http import confirm as _sure
from .._model.errors import ConfdError, RefusedError, RequestError, ServerError
from .._model.records import Extension, id_of
from .._model.resources import canonical
from .._operations.apply import add_concurrency_hint, apply
from .._operations.associations import AssociateIncall, AssociateLineExtension, AssociateUserLine
from .._operations.base import Operation
from .._operations.extension import CreateExtension
from .._operations.line import CreateLine, UpdateLine
from .._operations.user import CreateUser, UpdateUser
from .._operations.verify import holds
from .._operations.voicemail import AssociateVoicemail, CreateVoicemail, UpdateVoicemail
from .._state.state import ServerState

LOST_HINT = "Run again: who was made after all is found then."
_S = TypeVar("_S", bound=Operation)


@dataclass(eq=False)
class Whole:
    """A new user as the steps of a plan make one.

    new: all that the steps make; part: what of it one request carries. covered: the steps that are done by that
    request; rest: those that follow.
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
    """Whether the server has shown what it made, and not the ids alone."""

    def take(self, made: CreatedUser) -> None:
        """Let the records know their ids."""
        user, line = self.user.user, self.line.line
        user.id, user.uuid = made.user["id"], made.user.get("uuid")
        line.id = made.line["id"]
        line.fields.update({name: value for name, value in made.line.items() if name in line.resource.field_names})
        for extension in self.extensions:
            extension.id = made.numbers[extension.key]
        if self.voicemail:
            self.voicemail.voicemail.id = made.voicemail_id
        self.is_shown = "provisioning_extension" in made.line

    def finish(self, backend: Backend, done: list[Operation]) -> None:
        """Do what the request did not carry; ``done`` collects the steps. Raises what ``apply`` raises."""
        done.extend(self.covered)
        apply(backend, self._late())
        apply(backend, self.rest, done)

    def check(self, state: ServerState, backend: Backend) -> None:
        """Hold what the server did not show against a reading of it, and write what it dropped.

        Raises ConfdError where something is not there, or what ``apply`` raises.
        """
        found, line = state.user(id_of(self.user.user)), state.line(id_of(self.line.line))
        numbers = [state.extension_of(line), *state.incalls_of(found)] if found and line else []
        if not found or not line or not {each.id for each in self.extensions} <= {each.id for each in numbers if each}:
            raise ConfdError(
                f"The server says that it made {self.user.user}, and does not show it whole.", "Run again."
            )
        self.line.line.fields["provisioning_extension"] = line["provisioning_extension"]
        apply(backend, [*self._dropped(found.fields, line.fields), *self._dropped_of_voicemail(state)])

    def _late(self) -> list[Operation]:
        """The fields that the request did not carry."""
        return self._updates(_missing(self.new.user, self.part.user), _missing(self.new.line, self.part.line))

    def _dropped(self, user: dict[str, Any], line: dict[str, Any]) -> list[Operation]:
        carried = {name: value for name, value in self.part.line.items() if name in ("username", "secret")}
        return self._updates(_missing(self.part.user, user), _missing(carried, line))

    def _updates(self, of_user: dict[str, Any], of_line: dict[str, Any]) -> list[Operation]:
        user, line = self.user.user, self.line.line
        operations: list[Operation] = [UpdateUser(user, of_user, {})] if of_user else []
        return [*operations, UpdateLine(line, of_line, {})] if of_line else operations

    def _dropped_of_voicemail(self, state: ServerState) -> list[Operation]:
        if self.voicemail is None:
            return []
        user, voicemail = self.user.user, self.voicemail.voicemail
        found = state.voicemails.at(*voicemail.key)
        dropped = _missing(self.voicemail.values, found.fields if found else {})
        return [UpdateVoicemail(voicemail, dropped, {}, [user])] if dropped else []


def whole_of(backend: Backend, operations: Sequence[Operation]) -> Whole | None:
    """The whole user that steps make; None if they do not, or if no request carries one."""
    kinds = (CreateUser, CreateLine, AssociateUserLine, AssociateLineExtension)
    if not backend.batch_size or not all(len(_of(operations, kind)) == 1 for kind in kinds):
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
    new = NewUser(user.values, line.values, number.key, incalls, voicemail.values if voicemail else None)
    part = backend.supported_part(new)
    return _split(operations, new, part, user, line, voicemail) if part else None


def _split(
    operations: Sequence[Operation],
    new: NewUser,
    part: NewUser,
    user: CreateUser,
    line: CreateLine,
    voicemail: CreateVoicemail | None,
) -> Whole:
    """Tell the steps that a request does from those that follow it."""
    numbers = {part.number, *part.incalls}
    carried = voicemail if part.voicemail else None

    def is_covered(operation: Operation) -> bool:
        if isinstance(operation, (CreateExtension, AssociateLineExtension, AssociateIncall)):
            return operation.extension.key in numbers
        if isinstance(operation, (CreateVoicemail, AssociateVoicemail)):
            return carried is not None
        return isinstance(operation, (CreateUser, CreateLine, AssociateUserLine))

    covered = [operation for operation in operations if is_covered(operation)]
    extensions = [operation.extension for operation in _of(covered, CreateExtension)]
    rest = [operation for operation in operations if not is_covered(operation)]
    return Whole(new, part, user, line, extensions, carried, covered, rest)


def _new_voicemail(operations: Sequence[Operation]) -> CreateVoicemail | None:
    """The voicemail that steps make for their user, and for nobody else."""
    created, owners = _of(operations, CreateVoicemail), _of(operations, AssociateVoicemail)
    if len(created) != 1 or len(owners) != 1 or owners[0].voicemail is not created[0].voicemail:
        return None
    return created[0] if owners[0].enabled else None


# The request


@dataclass
class Outcome:
    """What became of a block.

    made: who is there now. failed: who cannot be made, and why; nothing is there of them. again: who was held up by
    the failed ones alone. single: whom the request cannot make at all, so that the steps have to tell why.
    """

    made: list[Whole] = field(default_factory=list)
    failed: dict[Whole, ConfdError] = field(default_factory=dict)
    again: list[Whole] = field(default_factory=list)
    single: list[Whole] = field(default_factory=list)


def create(backend: Backend, block: Sequence[Whole]) -> Outcome:
    """Make new users with one request, all of them or none. What is not certain is looked up, and never repeated."""
    parts = [whole.part for whole in block]
    try:
        return _taken(block, backend.create_batch(parts))
    except RefusedError as error:
        return _refused(block, error)
    except RequestError as error:
        if not error.may_have_acted:
            return _failed(block, error)
        outcome = _taken(block, _found(backend, parts))
        lost = [whole for whole in block if whole not in outcome.made]
        if isinstance(error, ServerError) and len(lost) == len(block):
            # It has answered and made nothing: there is nothing that could come yet.
            outcome.single = lost
        else:
            error.hint = f"{error.hint} {LOST_HINT}".strip()
            outcome.failed = _failed(lost, error).failed
        return outcome
    except ConfdError as error:
        return _failed(block, error)


def _taken(block: Sequence[Whole], made: Sequence[CreatedUser | None]) -> Outcome:
    outcome = Outcome()
    for whole, each in zip(block, made):
        if each:
            whole.take(each)
            outcome.made.append(whole)
    return outcome


def _found(backend: Backend, parts: Sequence[NewUser]) -> Sequence[CreatedUser | None]:
    """What a request whose answer is lost has made after all; it may take its time."""
    pauses = iter(_sure.REPEAT_PAUSES)
    while True:
        found = backend.find_batch(parts)
        own = [each if each and holds(each.user, part.user) else None for each, part in zip(found, parts)]
        pause = next(pauses, None)
        if pause is None or any(own):
            return own
        time.sleep(pause)


def _refused(block: Sequence[Whole], error: RefusedError) -> Outcome:
    """Nothing was made. Those whom the refusal is about fail alone; if it is about all, it is about the request."""
    bad = {block[number - 1]: text for number, text in error.rows.items() if 0 < number <= len(block)}
    if not bad or len(bad) == len(block):
        return Outcome(single=list(block))
    outcome = Outcome(again=[whole for whole in block if whole not in bad])
    for whole, text in sorted(bad.items(), key=lambda pair: block.index(pair[0])):
        message = f"{error.method} {error.path}: HTTP {error.status}: {text}"
        about = RefusedError(message, method=error.method, path=error.path, status=error.status, messages=[text])
        outcome.failed |= _failed([whole], about).failed
    return outcome


def _failed(block: Sequence[Whole], error: ConfdError) -> Outcome:
    add_concurrency_hint(error)
    return Outcome(
        failed={
            whole: ConfdError(f"Could not {whole.user.text} with everything around: {error.message}", error.hint)
            for whole in block
        }
    )


# Helpers


def _missing(wanted: Any, there: Any) -> dict[str, Any]:
    """The wanted values that are not there, canonical."""
    targets = {name: canonical(name, value) for name, value in wanted.items()}
    return {name: value for name, value in targets.items() if value is not None and there.get(name) != value}


def _of(operations: Sequence[Operation], kind: type[_S]) -> list[_S]:
    return [operation for operation in operations if isinstance(operation, kind)]
