# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The users of a ServerState."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._model.destinations import Destination
from .._model.errors import ConflictError
from .._model.func_keys import KeySet
from .._model.records import Group, Record, Row, User, UserPart, id_of, id_order
from .._model.resources import FALLBACKS, FUNC_KEYS, GROUP_FALLBACKS, LOGIN, USER, Resource, canonical, normalised
from .tables import BaseState


class UserState(BaseState):
    """Finds users, and changes them as planned operations will."""

    def users(self) -> list[User]:
        """Return all users by id; those that are only planned come first. Needs ``read_snapshot``."""
        return sorted(self._line_of, key=id_order)

    def user(self, user_id: int) -> User | None:
        """Return the user of an id; None if there is none."""
        if user_id not in self._users and not self.complete:
            row = self.backend.get(USER, user_id)
            return self._users.store(row) if row else None
        return self._users.get(user_id)

    def users_named(self, firstname: str | None, lastname: str | None) -> list[User]:
        """Return the users of exactly this name by id; None stands for an empty part."""
        key = (canonical("firstname", firstname), canonical("lastname", lastname))
        if key not in self._users_by_name and not self.complete:
            rows = self.backend.find_users(firstname=key[0], lastname=key[1])
            self._users_by_name[key] = [self._users.store(row) for row in rows]
        return sorted(self._users_by_name.get(key, []), key=id_order)

    def users_with(self, **exact: Any) -> list[User]:
        """Return the users whose fields have exactly these values, by id."""
        if self.complete:
            return self._users_by_value.find(exact)
        return [self._users.store(row) for row in self.backend.find_users(**exact)]

    def users_with_unique(self, name: str, value: str) -> list[User]:
        """Return the users with a value of a unique field that the server takes for this one, by id."""
        if self.complete:
            return self._users_by_value.find_unique(name, value)
        return [self._users.store(row) for row in self.backend.find_users_with_unique(name, value)]

    def part_of(self, user: User, resource: Resource) -> UserPart:
        """Return settings of a user, which were read with all users or are read now.

        Raises ConflictError if the user does not exist any more.
        """
        parts = self._parts_of.setdefault(resource.name, {})
        if user not in parts:
            row = self._read_part(user, resource)
            if row is None:
                raise ConflictError(f"{user} does not exist any more.", "Run again.")
            self._store_part(user, resource, row)
        return parts[user]

    def fallbacks_to(self, record: Record) -> list[tuple[UserPart, list[str]]]:
        """Return the fallbacks of the users, with the names of those that lead to a user or a voicemail.

        Where not all users were read, and the server itself clears what leads to something that is deleted, none.
        """
        if FALLBACKS.name in self.backend.absent_resources or record.predicted:
            return []
        if self._fallbacks_to is None:
            self._fallbacks_to = self._index_fallbacks()
        parts = self._parts_of.get(FALLBACKS.name, {})
        found = [
            (parts[user], [name for name, value in parts[user].fields.items() if _leads_to(value, record)])
            for user in self._fallbacks_to.get((record.resource.name, record.id or 0), ())
            if user in parts and user is not record
        ]
        return [(part, names) for part, names in found if names]

    def groups_leading_to(self, record: Record) -> list[Group]:
        """Return the groups whose fallbacks lead to a user or a voicemail, under the same condition."""
        if FALLBACKS.name in self.backend.absent_resources or record.predicted:
            return []
        if self._groups is None:
            self._groups = [
                Group(row["id"], normalised(GROUP_FALLBACKS, row), name)
                for name, row in self.backend.list_groups().items()
            ]
        return [group for group in self._groups if any(_leads_to(value, record) for value in group.fields.values())]

    def _index_fallbacks(self) -> dict[tuple[str, int], list[User]]:
        """Return {(type, id of the target): users}. The targets of a plan are not in it: nothing deletes them."""
        if not self.complete:
            for user_id, row in self.backend.list_fallbacks().items():
                user = self.user(user_id) if any(normalised(FALLBACKS, row).values()) else None
                if user and user not in self._parts_of.get(FALLBACKS.name, {}):
                    self._store_part(user, FALLBACKS, row)
        index: dict[tuple[str, int], list[User]] = {}
        for user, part in self._parts_of.get(FALLBACKS.name, {}).items():
            targets = {(each.type, each.target) for each in part.fields.values() if isinstance(each, Destination)}
            for target in targets:
                index.setdefault(target, []).append(user)
        return index

    def owner_of_login(self, name: str) -> User | str | None:
        """Return the user whose login has a name as username or e-mail address, in any case; a text for another login.

        What is planned counts for the users whose logins are known.
        """
        wanted = name.casefold()
        known = {part.user.uuid: part for part in self._parts_of.get(LOGIN.name, {}).values()}
        for part in self._parts_of.get(LOGIN.name, {}).values():
            if wanted in _names_of_login(part.fields):
                return part.user
        for uuid, row in self.backend.list_logins().items():
            if uuid not in known and uuid not in self._removed_users and wanted in _names_of_login(row):
                found = [user for user in self._users.values() if user.uuid == uuid]
                return found[0] if found else f"a login without user ({row['username'] or uuid})"
        return None

    def _read_part(self, user: User, resource: Resource) -> Row | None:
        """Return settings of a user; None if the user does not exist. Where all users are known, read those of all."""
        if user.predicted:
            return {}
        if not self.complete or resource.name not in self.backend.listed_parts:
            return self.backend.get(resource, id_of(user))
        rows = self.backend.list_parts(resource, self._users.values())
        for each in self._users.values():
            if each not in self._parts_of[resource.name]:
                self._store_part(each, resource, rows.get(id_of(each), {}))
        return rows.get(id_of(user), {})

    def _store_part(self, user: User, resource: Resource, row: Row) -> None:
        fields = {**self.backend.defaults_of(resource), **normalised(resource, row)}
        part = self._parts_of.setdefault(resource.name, {})[user] = UserPart(resource, user, fields)
        if resource is FUNC_KEYS:
            self._forget_keys(part)

    def _forget_keys(self, part: UserPart) -> None:
        """Remove the keys that lead to removed users: they disappear with the users."""
        part.fields["keys"] = KeySet(
            (position, key)
            for position, key in (part["keys"] or {}).items()
            if key["destination"].type != USER.name or key["destination"].identity[1] not in self._removed_users
        )

    def add_user(self, user: User) -> None:
        """Add a user that a planned operation creates: without line and incalls."""
        self._users_by_value.add(user)
        self._line_of[user] = None
        self._incalls_of[user] = []
        self._users_by_name.setdefault(user.full_name, []).append(user)

    def remove_user(self, user: User) -> None:
        """Remove a user that a planned operation deletes."""
        self._line_of.pop(user, None)
        self._removed_users |= {user.uuid, user.id} - {None}
        for parts in self._parts_of.values():
            parts.pop(user, None)
        for part in self._parts_of.get(FUNC_KEYS.name, {}).values():
            self._forget_keys(part)
        if user.id:
            self._users.pop(user.id, None)
        self._forget_values(user)

    def _forget_values(self, user: User) -> None:
        self._users_by_value.discard(user)
        same_name = self._users_by_name.get(user.full_name, [])
        self._users_by_name[user.full_name] = [each for each in same_name if each is not user]


def _leads_to(value: Any, record: Record) -> bool:
    return isinstance(value, Destination) and value.leads_to(record.resource.name, record.identity)


def _names_of_login(fields: Mapping[str, Any]) -> set[str]:
    """Return the names by which somebody can sign in, in lower case."""
    return {fields[name].casefold() for name in ("username", "email") if fields.get(name)}
