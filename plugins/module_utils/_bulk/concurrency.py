# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds what another run has done at the same time, and says which of two runs gives way (design.md, rule 13).

A run can take a line or a user for something that an interrupted run has left, although that run is still at work. The
server tells which run came first: the first user of a line is its main user, and ids grow.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import TypeVar

from .._backends.base import Backend
from .._model.errors import RUN_AGAIN, ConfdError
from .._model.numbers import ExtensionKey
from .._model.records import Line, User, id_of
from .._model.resources import USER, differences
from .._operations.associations import (
    AssociateIncall,
    AssociateLineExtension,
    AssociateUserLine,
    DissociateLineExtension,
)
from .._operations.base import Operation
from .._operations.extension import CreateExtension, UpdateExtension
from .._operations.line import CreateLine, UpdateLine
from .._operations.user import CreateUser, UpdateUser
from .._operations.user_part import UpdateUserPart
from .._operations.voicemail import AssociateVoicemail
from .._state.lookup import users_by
from .._state.state import ServerState
from .work_items import WorkItem

_O = TypeVar("_O", bound=Operation)
_G = TypeVar("_G", AssociateIncall, AssociateUserLine, AssociateVoicemail)
GIVING = (AssociateIncall, AssociateUserLine, AssociateVoicemail)
"""The operations that give something to a user."""


# At the end of a run


def second_comers(performed: Mapping[WorkItem, Sequence[Operation]], state: ServerState) -> list[tuple[WorkItem, str]]:
    """Return (item, problem) for the items that have to give way to another run.

    performed: the operations of each item. state: read after all operations.
    """
    own = {each.user.id for done in performed.values() for each in done if isinstance(each, (CreateUser, UpdateUser))}
    lines = state.lines_by_number()
    return [
        (item, problem)
        for item, done in performed.items()
        if item.active and (problem := next(_conflicts(done, state, own, lines), ""))
    ]


def _conflicts(
    done: Sequence[Operation],
    state: ServerState,
    own: set[int | None],
    lines: Mapping[ExtensionKey, Sequence[Line]],
) -> Iterator[str]:
    """Yield the sentences about what another run has taken from an item.

    own: the ids of all users whom this run has created or changed. lines: the lines of each internal number.
    """
    for creation in _of(done, CreateUser):
        yield from _namesakes(creation, state, own)
    for each in done:
        if isinstance(each, (CreateUser, UpdateUser)):
            yield from _shared_values(each, state)
    for association in _of(done, AssociateUserLine):
        yield from _first_users(association, state)
    for each in _of(done, AssociateLineExtension):
        yield from _first_lines(each, lines.get(each.extension.key, ()))
    yield from _other_numbers(done, state)
    for incall in _of(done, AssociateIncall) if state.backend.lists_show_owners else ():
        yield from _lost_incalls(incall, state)


def _namesakes(creation: CreateUser, state: ServerState, own: set[int | None]) -> Iterator[str]:
    """Yield a sentence if another run has created the same user first."""
    user, known = creation.user, {each.id for each in creation.namesakes} | own
    if not creation.identified_by:
        return
    others = [each for each in users_by(state, creation.identified_by) if each.id not in known]
    first = min(others, key=id_of, default=user)
    if id_of(first) < id_of(user):
        yield f"Another run created {first} at the same time. {RUN_AGAIN}"


def _shared_values(written: CreateUser | UpdateUser, state: ServerState) -> Iterator[str]:
    """Yield a sentence if a user with a lower id has a value that was given to a user and that only one may have.

    The servers look before they write, so two requests at once can both be accepted (person-xivo-16.16.md, trap 8).
    """
    own = state.user(id_of(written.user))
    for field in USER.unique_fields if own else ():
        is_written = isinstance(written, CreateUser) or field.name in written.old
        value = own[field.name] if own and is_written else None
        first = state.users_with_unique(field.name, value)[0] if value else own
        if first is not own:
            yield f"Another run gave the {field.unique} {value!r} to {first} at the same time. {RUN_AGAIN}"


def _first_users(association: AssociateUserLine, state: ServerState) -> Iterator[str]:
    """Yield a sentence if a line that was given to a user is another user's, or not the first line of the user."""
    line = state.line(id_of(association.line))
    main = state.main_user_of(line) if line else None
    if main is None:
        yield f"Another run took {association.line} from {association.user} at the same time. {RUN_AGAIN}"
    elif main.id != association.user.id:
        yield f"Another run associated {association.line} with {main} at the same time. {RUN_AGAIN}"
    elif (first := state.line_of(main)) is not line:
        yield f"Another run associated {main} with {first} at the same time. {RUN_AGAIN}"


def _first_lines(association: AssociateLineExtension, lines: Sequence[Line]) -> Iterator[str]:
    """Yield a sentence if a number that was given to a line is on another line, too, which has a lower id."""
    first = min(lines, key=id_of, default=None)
    if first and len(lines) > 1 and first.id != association.line.id:
        yield f"Another run associated {association.extension} with {first} at the same time. {RUN_AGAIN}"


def _other_numbers(done: Sequence[Operation], state: ServerState) -> Iterator[str]:
    """Yield a sentence for each line that has another number than it was given at last."""
    given: dict[Line, ExtensionKey] = {}
    for each in done:
        if isinstance(each, DissociateLineExtension):
            given.pop(each.line, None)
        elif isinstance(each, AssociateLineExtension):
            given[each.line] = each.extension.key
        elif isinstance(each, UpdateExtension) and each.line and each.moves:
            given[each.line] = each.keys[1]
    for line, key in given.items():
        found = state.line(id_of(line))
        number = state.extension_of(found) if found else None
        if found and number is None:
            yield f"Another run took {'@'.join(key)} from {line} at the same time. {RUN_AGAIN}"
        elif number and number.key != key:
            yield f"Another run gave {line} the number {number} at the same time. {RUN_AGAIN}"


def _lost_incalls(association: AssociateIncall, state: ServerState) -> Iterator[str]:
    """Yield a sentence if a direct number that was given to a user is not the user's any more."""
    user, number = state.user(id_of(association.user)), association.extension
    if user and number.key not in [each.key for each in state.incalls_of(user)]:
        yield f"Another run took {number} from {user} at the same time. {RUN_AGAIN}"


def overwritten_parts(done: Sequence[Operation], state: ServerState) -> list[UpdateUserPart]:
    """Return the operations on settings of users whose values another run has overwritten. state: read after them."""
    last = {
        (id_of(each.user), each.resource_type, name): each
        for each in _of(done, UpdateUserPart)
        if each.resource_type in state.backend.overwritable_parts
        for name in each.changes
    }
    lost = {
        id(each): each
        for (user_id, _type, name), each in last.items()
        if (user := state.user(user_id))
        and differences(state.part_of(user, each.part.resource).fields, {name: each.changes[name]})
    }
    return list(lost.values())


# When an item fails


def used_by_others(item: WorkItem, done: Sequence[Operation], backend: Backend) -> list[Operation]:
    """Return the operations of a failed item that stay, because another run uses what they created.

    done: those that were performed.
    A user who has more than the item gave, stays with everything: one that it created, or one to whom another run has
    given what the item was about to give, or another number. A line that has another user stays with its number. If the
    server cannot be asked, nothing stays.
    """
    with suppress(ConfdError):
        if any(_has_more(each.user, done, backend) for each in _of(done, CreateUser)):
            return list(done)
        if _is_overtaken(item, done, backend) or _is_renumbered(done, backend):
            return list(done)
        lines = {id(line): line for line in _new_lines([*done, *item.operations])}
        return [each for line in lines.values() if _has_others(line, done, backend) for each in _about(line, done)]
    return []


def _has_more(user: User, done: Sequence[Operation], backend: Backend) -> bool:
    """Return whether a user has a line, a voicemail or incalls that the operations did not give."""
    if user.id is None:
        return False
    lines = [each.line for each in _of(done, AssociateUserLine) if each.user is user]
    line_id, voicemail_id = backend.line_of_user(user.id), backend.voicemail_of_user(user.id)
    if line_id and user.id not in backend.users_of_line(line_id)[:1]:
        # Another run has taken the line, and its incalls are those of the other user.
        return False
    numbers = {each.extension.id for each in _of(done, AssociateLineExtension) if each.line in lines}
    incalls = {each.extension.id for each in _of(done, AssociateIncall) if each.user is user}
    voicemails = {each.voicemail.id for each in _of(done, AssociateVoicemail) if each.user is user}
    called = backend.incalls_of_user(user.id, line_id, next(iter(numbers), None))
    return (
        line_id not in (None, *(line.id for line in lines))
        or voicemail_id not in (None, *voicemails)
        or not set(called) <= incalls
    )


def _is_overtaken(item: WorkItem, done: Sequence[Operation], backend: Backend) -> bool:
    """Return whether a user of an item that gave the user something has, from another run, what was to come next."""
    given = {each.user.id for each in done if isinstance(each, GIVING)} - {None}
    performed = {id(each) for each in done}
    pending = [each for each in item.operations if id(each) not in performed]
    return (
        any(backend.voicemail_of_user(id_of(each.user)) for each in _to(given, pending, AssociateVoicemail))
        or any(backend.line_of_user(id_of(each.user)) for each in _to(given, pending, AssociateUserLine))
        or any(_has_incall(each, backend) for each in _to(given, pending, AssociateIncall))
    )


def _is_renumbered(done: Sequence[Operation], backend: Backend) -> bool:
    """Return whether a line whose number an item has changed has a number that the item has not seen."""
    seen: dict[int, set[ExtensionKey]] = {}
    for each in done:
        if isinstance(each, UpdateExtension) and each.line and each.moves:
            seen.setdefault(id_of(each.line), set()).update(each.keys)
        elif isinstance(each, DissociateLineExtension):
            seen.setdefault(id_of(each.line), set()).add(each.extension.key)
    for each in _of(done, AssociateLineExtension):
        if each.line.id in seen:
            seen[id_of(each.line)].add(each.extension.key)
    rows = ((backend.extension_of_line(line_id), keys) for line_id, keys in seen.items())
    return any(row and (row["exten"], row["context"]) not in keys for row, keys in rows)


def _has_incall(incall: AssociateIncall, backend: Backend) -> bool:
    user_id, line_id = id_of(incall.user), incall.line.id if incall.line else None
    row = backend.find_extension(*incall.extension.key)
    return row is not None and row["id"] in backend.incalls_of_user(user_id, line_id, None)


def _to(user_ids: set[int | None], operations: Sequence[Operation], kind: type[_G]) -> list[_G]:
    """Return the operations of a kind that give something to one of these users."""
    return [each for each in _of(operations, kind) if each.user.id in user_ids]


def _new_lines(operations: Sequence[Operation]) -> list[Line]:
    """Return the lines that operations create or give to a user: no other user had them."""
    return [
        *(each.line for each in _of(operations, CreateLine)),
        *(each.line for each in _of(operations, AssociateUserLine)),
    ]


def _has_others(line: Line, done: Sequence[Operation], backend: Backend) -> bool:
    own = {each.user.id for each in _of(done, AssociateUserLine) if each.line is line}
    return line.id is not None and not set(backend.users_of_line(line.id)) <= own


def _about(line: Line, done: Sequence[Operation]) -> Iterator[Operation]:
    """Yield the operations that created a line, changed it, or gave it a number."""
    numbers = [each.extension for each in _of(done, AssociateLineExtension) if each.line is line]
    for each in done:
        is_about_line = isinstance(each, (CreateLine, UpdateLine, AssociateLineExtension)) and each.line is line
        is_its_number = isinstance(each, CreateExtension) and any(each.extension is number for number in numbers)
        if is_about_line or is_its_number:
            yield each


def _of(operations: Iterable[Operation], kind: type[_O]) -> list[_O]:
    return [each for each in operations if isinstance(each, kind)]
