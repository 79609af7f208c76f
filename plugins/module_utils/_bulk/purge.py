# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds and removes what is on the server and in no entry: unmanaged users, and orphans.

Removal is bounded (design.md, rule 9): only inside a scope, never more than a limit, nothing that is associated with
other objects.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .._model.contexts import INCALL, INTERNAL
from .._model.errors import AuthenticationError, InputError, PlanError
from .._model.numbers import NumberRange, parse_range
from .._model.records import Extension, Line, Row, User
from .._model.texts import composed
from .._plan.base import PlanPolicy
from .._plan.planner import Planner
from .._state.lookup import abandoned_line
from .._state.state import ServerState
from .entries import Entry
from .work_items import WorkItem


@dataclass(frozen=True)
class Scope:
    """Says which users and objects may be removed: those that all given parts select.

    context: context of the number; numbers: range that contains the number; userfield: beginning of the userfield.
    """

    context: str | None = None
    numbers: NumberRange | None = None
    userfield: str | None = None

    def __contains__(self, record: tuple[Row | None, str | None, Extension | None]) -> bool:
        """Return whether (fields of the user, context of the object, its number) is inside. None is outside."""
        user, context, extension = record
        if self.userfield is not None and not (user and (user.get("userfield") or "").startswith(self.userfield)):
            return False
        if self.context is not None and context != self.context:
            return False
        if self.numbers is None:
            return True
        return extension is not None and (extension["exten"], self.numbers.context) in self.numbers


def scope_of(options: Mapping[str, Any] | None) -> Scope | None:
    """Return the scope of the option ``purge_scope``: {context, range: "1000-1999", userfield}; None if omitted.

    Raises InputError if it is empty, or its range is invalid.
    """
    if options is None:
        return None
    # Blanks at the end of the beginning of a userfield count.
    given = {key: composed(value) for key, value in options.items() if value is not None}
    if not given or "" in given.values():
        raise InputError(
            "purge_scope is empty, which would select the whole server.", "Give context, range or userfield."
        )
    context = given.get("context")
    numbers = parse_range(given["range"], context or "", "purge_scope.range") if "range" in given else None
    return Scope(context, numbers, given.get("userfield"))


def refuse_above_limit(
    options: Mapping[str, Any], what: str, names: Sequence[str], words: tuple[str, str] = ("remove", "removed")
) -> None:
    """Raise PlanError if there are more names than the option purge_limit allows. words: what happens to them."""
    limit, (verb, participle) = options.get("purge_limit") or 0, words
    if len(names) > limit:
        would = f"{what} would {verb} {len(names)}, but purge_limit is {limit}: {', '.join(names)}."
        raise PlanError([f"{would} Raise purge_limit if all of them are to be {participle}."])


# Users


def unmanaged_users(state: ServerState, entries: Iterable[Entry], scope: Scope | None) -> list[User]:
    """Return the existing users of the scope, or of the server without a scope, that are in no entry; by id."""
    named = {entry.found for entry in entries if entry.found}
    return [user for user in state.users() if user not in named and (scope is None or _in_scope(state, user, scope))]


def shown_user(state: ServerState, user: User) -> Row:
    """Return a user as the result ``unmanaged`` shows it."""
    extension = state.extension_of_user(user)
    return {
        "user_id": user.id,
        "name": user.name,
        "userfield": user["userfield"],
        "exten": extension["exten"] if extension else None,
        "context": extension["context"] if extension else None,
    }


def _in_scope(state: ServerState, user: User, scope: Scope) -> bool:
    extension = state.extension_of_user(user)
    return (user.fields, extension["context"] if extension else None, extension) in scope


# Orphans


@dataclass
class Orphans:
    """Holds the objects that have no user once a plan is carried out.

    unclear: extensions without a user that may belong to something that the API does not show. logins: those without a
    user, as {uuid, name}; they are never removed. unchecked: what could not be looked for, in words.
    """

    users: list[User] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    numbers: list[Extension] = field(default_factory=list)
    incalls: list[Extension] = field(default_factory=list)
    unclear: list[Extension] = field(default_factory=list)
    logins: list[Row] = field(default_factory=list)
    unchecked: list[str] = field(default_factory=list)

    def shown(self) -> dict[str, list[Row]]:
        """Return the orphans as the result ``orphans`` shows them."""
        return {
            "users": [{"user_id": user.id, "name": user.name} for user in self.users],
            "lines": [
                {"line_id": each.id, "username": each["username"], "context": each["context"]} for each in self.lines
            ],
            "numbers": [_shown_number(each) for each in self.numbers],
            "incalls": [_shown_number(each) for each in self.incalls],
            "unclear": [_shown_number(each) for each in self.unclear],
            "logins": self.logins,
        }


def find_orphans(state: ServerState, entries: Iterable[Entry], scope: Scope | None, look: bool) -> Orphans:
    """Return the orphans, in the scope if there is one.

    look: send a request for each number and line whose owner the lists do not show.
    """
    named = {entry.found for entry in entries if entry.found}
    orphans = Orphans(
        users=[
            user
            for user in state.users()
            if user not in named and _has_nothing(state, user) and (scope is None or _in_scope(state, user, scope))
        ]
    )
    if look and scope is None:
        _find_logins(state, orphans)
    if not (look or state.backend.lists_show_owners):
        return orphans
    state.read_all_extensions()
    orphans.lines = [line for line in state.lines() if _is_orphan_line(state, line, scope)]
    for extension in state.extensions():
        if _is_orphan_number(state, extension, scope):
            incall = state.is_incall(extension["context"])
            if (INCALL if incall else INTERNAL) in state.backend.hides_owners_in and not _is_leftover(state, extension):
                orphans.unclear.append(extension)
            else:
                (orphans.incalls if incall else orphans.numbers).append(extension)
    return orphans


def _find_logins(state: ServerState, orphans: Orphans) -> None:
    try:
        orphans.logins = state.backend.logins_without_user()
    except AuthenticationError as error:
        orphans.unchecked.append(f"which logins have no user: {error.message.rstrip('.')}")


def _is_leftover(state: ServerState, extension: Extension) -> bool:
    """Return whether an interrupted run has made an extension: it has left the line for it, too."""
    return abandoned_line(state, str(extension)) is not None


def _has_nothing(state: ServerState, user: User) -> bool:
    """Return whether a user has neither a line nor a voicemail nor direct numbers."""
    return state.line_of(user) is None and state.voicemails.of(user) is None and not state.incalls_of(user)


@dataclass(eq=False)
class OrphanRemoval(WorkItem):
    """Represents an orphan that is removed."""

    record: User | Line | Extension = field(default_factory=User)

    @property
    def label(self) -> str:
        return str(self.record)

    @property
    def absent(self) -> bool:
        return True


def removals(state: ServerState, policy: PlanPolicy, orphans: Orphans) -> list[OrphanRemoval]:
    """Return the planned removal of each orphan except incalls, which may belong to a queue or a menu."""
    removed = []
    records: list[User | Line | Extension] = [*orphans.users, *orphans.lines, *orphans.numbers]
    for record in records:
        planner = Planner(state, policy)
        if isinstance(record, User):
            planner.remove_user(record)
        elif isinstance(record, Line):
            number = state.extension_of(record)
            if number:
                # Only an undo knows that a run was interrupted between the number and the user of a line.
                planner.dissociate_line_extension(record, number)
                planner.delete_extension(number)
            planner.delete_line(record)
        else:
            planner.delete_extension(record)
        removal = OrphanRemoval(record=record)
        removal.teardown_operations = planner.operations
        removed.append(removal)
    return removed


def _is_orphan_line(state: ServerState, line: Line, scope: Scope | None) -> bool:
    if not line.is_sip or state.users_of(line) or not (scope is None or (None, line["context"], None) in scope):
        return False
    return state.extension_of(line) is None and state.device_of(line) is None


def _is_orphan_number(state: ServerState, extension: Extension, scope: Scope | None) -> bool:
    if extension.is_feature:
        return False
    if scope is not None and (None, extension["context"], extension) not in scope:
        return False
    return state.owner_of(extension) is None


def _shown_number(extension: Extension) -> Row:
    return {"extension_id": extension.id, "exten": extension["exten"], "context": extension["context"]}
