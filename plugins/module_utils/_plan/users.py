# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plans users."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._model.callerids import generated_caller_id
from .._model.errors import InputError
from .._model.records import User
from .._model.resources import USER, canonical, differences
from .._model.rules import raise_problems
from .._operations.user import CreateUser, DeleteUser, UpdateUser
from .callerids import callerid_to_keep
from .user_parts import UserPartPlanner


class UserPlanner(UserPartPlanner):
    """Plans the creation, change and deletion of users."""

    def ensure_user(
        self,
        found: User | None,
        values: Mapping[str, Any],
        identified_by: Mapping[str, Any] | None = None,
        writes_secrets: bool = False,
    ) -> User:
        """Create a user with these values, or give the found one the values that differ.

        identified_by: see ``CreateUser``. writes_secrets: whether to write secrets that a policy keeps otherwise.
        Raises InputError for a value that the server would not store, UnsupportedError for a field that it lacks.
        """
        self.state.backend.check_fields(USER, values)
        values = self.state.backend.spell_out(USER, values)
        changes = self._changes_of(found, values)
        raise_problems(self._problems_of_user_changes(found, values, changes))
        if found is None:
            return self._create_user(values, identified_by)
        if writes_secrets:
            changes = self._user_changes(found, values)
        if changes:
            summaries = self.state.backend.summaries_of(USER, {**found.fields, **changes})
            changes |= differences(found.fields, summaries)
            lost = self._lost_values(found, changes)
            changes |= lost
            self.ownership.refuse_foreign_values(USER, changes, found)
            named = self._voicemail_to_name(found, changes)
            name = found.name
            old = self._replace(found, changes)
            if not {"firstname", "lastname"}.isdisjoint(changes):
                # A server may lose a custom caller ID with the name, and then it has to be put back.
                old.setdefault("caller_id", found["caller_id"])
            kept = callerid_to_keep(self.state, found, name)
            operation = UpdateUser(found, changes, old, named, kept, frozenset(lost))
            if lost:
                operation.warning = _warning_of_lost(found, old, lost)
            self.operations.append(operation)
        return found

    def problems_of_user(self, found: User | None, values: Mapping[str, Any], *more: str) -> list[str]:
        """Return a text for each of the values that the server would not store in a user. found: None for a new one.

        values: as ``Backend.spell_out`` returns them. more: what else the user gets, see ``rules.Has``.
        """
        return self._problems_of_user_changes(found, values, self._changes_of(found, values), *more)

    def _changes_of(self, found: User | None, values: Mapping[str, Any]) -> dict[str, Any]:
        """Return the values that a user does not have yet, without the secrets that a policy keeps."""
        self._load_apart(found, values)
        return self._user_changes(found, self._updatable(USER, values)) if found else {**values}

    def _problems_of_user_changes(
        self, found: User | None, values: Mapping[str, Any], changes: Mapping[str, Any], *more: str
    ) -> list[str]:
        """Return what ``problems_of_user`` does. changes: those of the values that the user does not have yet."""
        if not changes and not more:
            return []
        backend = self.state.backend
        after = {**found.fields, **changes} if found else self._fields_of(values)
        given = {name: value for name, value in values.items() if name in changes and name in USER.field_names}
        changed = {*changes, *more}
        return [
            *backend.problems_of_values(USER, given),
            *backend.problems_of_combination(USER, after, changed, self.has(found, *more)),
            *self._problems_of_apart(found, changes),
        ]

    def _load_apart(self, found: User | None, values: Mapping[str, Any]) -> None:
        if found and not USER.apart.isdisjoint(values):
            self.state.load_apart(found)

    def _problems_of_apart(self, found: User | None, changes: Mapping[str, Any]) -> list[str]:
        """Return a text for each change that the server makes only before a user has a line."""
        fixed = sorted(USER.apart.intersection(changes)) if found else []
        line = self.state.line_of(found) if found and fixed else None
        return [
            f"{name} of {found} cannot change from {found[name]!r} to {changes[name]!r}, because the user has {line}. "
            f"Give {found[name]!r}, or dissociate the line from the user first (confd_user_line) and run again."
            for name in fixed
            if found and line
        ]

    def delete_user(self, user: User, keeps_login: bool = False) -> None:
        """Delete a user without line."""
        locked = self.clear_fallbacks_to(user)
        operation = DeleteUser(user, keeps_login)
        remains = "" if keeps_login else self.state.backend.warning_of_removal(user)
        operation.warning = f"{remains} {locked}".strip()
        self.operations.append(operation)
        self.state.remove_user(user)

    def _create_user(self, values: Mapping[str, Any], identified_by: Mapping[str, Any] | None) -> User:
        given = _canonical(values)
        self.ownership.refuse_foreign_values(USER, given, None)
        apart = {name: given.pop(name) for name in USER.apart.intersection(given)}
        user = User(fields=self._fields_of(values))
        user.fields |= self.state.backend.summaries_of(USER, user.fields)
        namesakes = self.state.users_named(user["firstname"], user["lastname"])
        self.operations.append(CreateUser(user, given, namesakes, dict(identified_by) if identified_by else None))
        self.state.add_user(user)
        if apart:
            user.fields.update(self.state.backend.apart_at_first())
            changes = differences(user.fields, apart)
            if changes:
                self.operations.append(UpdateUser(user, changes, self._replace(user, changes)))
        return user

    def _lost_values(self, user: User, changes: Mapping[str, Any]) -> dict[str, Any]:
        """Return what has to be written with any change of a user, see ``Backend.lost_values``."""
        lost = self.state.backend.lost_values(USER, user.fields)
        return {name: value for name, value in lost.items() if name not in changes}

    def _fields_of(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Return the fields of a new user with these values."""
        given = _canonical(values)
        generated = generated_caller_id(given.get("firstname"), given.get("lastname"))
        return {
            **self.state.backend.defaults_of(USER),
            **given,
            "caller_id": given.get("caller_id") or generated,
        }

    def _user_changes(self, user: User, wanted: Mapping[str, Any]) -> dict[str, Any]:
        """Return the differences. A generated caller ID follows the name; a custom one is kept."""
        changes = differences(user.fields, wanted)
        firstname, lastname = (changes.get(name, user[name]) for name in ("firstname", "lastname"))
        if firstname is None:
            raise InputError("firstname cannot be empty: confd requires it.")
        is_renamed = "caller_id" not in wanted and not {"firstname", "lastname"}.isdisjoint(changes)
        if wanted.get("caller_id") == "" or (is_renamed and user["caller_id"] == user.generated_caller_id):
            return differences(user.fields, {**wanted, "caller_id": generated_caller_id(firstname, lastname)})
        return changes


def _canonical(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: canonical(name, value) for name, value in values.items() if name in USER.field_names}


def _warning_of_lost(user: User, old: Mapping[str, Any], lost: Mapping[str, Any]) -> str:
    return " ".join(
        f"{name} {old[name]!r} of {user} does not exist any more. It is removed, because the server refuses every "
        "other change of the user until then."
        for name in lost
    )
