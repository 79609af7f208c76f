# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The users of a ServerState."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from .._model.destinations import Destination
from .._model.errors import ConflictError
from .._model.func_keys import KeySet
from .._model.records import Group, Owner, Record, Row, User, UserPart, id_of, id_order
from .._model.resources import (
    FALLBACKS,
    FUNC_KEYS,
    GROUP_FALLBACKS,
    LOGIN,
    USER,
    Resource,
    canonical,
    names_of_login,
    normalised,
)
from .tables import BaseState, LoginNames


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

    def note_users_named(self, firstname: str | None, lastname: str | None, ids: Iterable[int]) -> None:
        """Take exactly these to be the users of a name, without asking the server. ids: those of the users."""
        key = (canonical("firstname", firstname), canonical("lastname", lastname))
        self._users_by_name[key] = [User(user_id) for user_id in ids]

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

    def load_apart(self, user: User) -> None:
        """Read the fields of a user that are read apart from the others. Where all users are known, those of all."""
        if user.predicted or user.fields.keys() >= self._apart:
            return
        if not self.complete:
            user.fields.update(self.backend.apart_of_user(id_of(user)))
            return
        rows = self.backend.apart_of_users()
        for each in self._users.values():
            each.fields.update(rows.get(id_of(each), dict.fromkeys(self._apart)))

    @property
    def _apart(self) -> frozenset[str]:
        return frozenset(name for name in USER.apart if self.backend.has_field(USER, name))

    def part_of(self, user: User, resource: Resource) -> UserPart:
        """Return settings of a user, which were read with all users or are read now.

        Raises ConflictError if the user does not exist any more.
        """
        parts = self._parts_of.setdefault(resource.name, {})
        if user not in parts:
            row = self._listed_row(user, resource)
            row = self._read_part(user, resource) if row is None else row
            if row is None:
                raise ConflictError(f"{user} does not exist any more.", "Run again.")
            self._store_part(user, resource, row)
        return parts[user]

    def listed_part_of(self, user: User, resource: Resource) -> UserPart | None:
        """Return settings of a user that a list shows; None where they would take a request of their own."""
        is_known = user in self._parts_of.get(resource.name, {}) or self._listed_row(user, resource) is not None
        return self.part_of(user, resource) if is_known or resource.name in self.backend.listed_parts else None

    def undescribed_of(self, user: User) -> dict[str, str]:
        """Return {what in words: its value in words} of what a user has and no entry can describe.

        As far as the lists of ``read_snapshot`` show it.
        """
        return self._undescribed.get(user.id or 0, {})

    def fallbacks_to(self, record: Record) -> list[tuple[UserPart, list[str]]]:
        """Return the fallbacks of the users, with the names of those that lead to a user or a voicemail.

        Where not all users were read, and the server itself clears what leads to something that is deleted, none.
        """
        if FALLBACKS.name in self.backend.absent_resources or record.predicted:
            return []
        if self._fallbacks_to is None:
            self._fallbacks_to = self._index_fallbacks()
        parts = self._known_parts(FALLBACKS)
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
        for user, part in self._known_parts(FALLBACKS).items():
            targets = {(each.type, each.target) for each in part.fields.values() if isinstance(each, Destination)}
            for target in targets:
                index.setdefault(target, []).append(user)
        return index

    def owner_of_login(self, name: str) -> Owner | None:
        """Return who has a login with this username or e-mail address, in any case; None if nobody has.

        What is planned counts.
        """
        if self._login_names is None:
            self._login_names = self._read_login_names()
        keys = self._login_names.get(name.casefold())
        if not keys:
            return None
        key = next(iter(keys))
        users = [key] if isinstance(key, User) else self.users_with(uuid=key)
        return Owner(None, users[0] if users else None, "" if users else "a login without a user in this tenant")

    def change_part(self, part: UserPart, values: Mapping[str, Any]) -> None:
        """Give settings of a user new values, as a planned operation will."""
        before = dict(part.fields)
        part.fields.update(values)
        if part.resource is LOGIN and self._login_names is not None:
            self._forget_login_names(part.user, before)
            for name in names_of_login(part.fields):
                self._login_names.setdefault(name, {})[_login_key(part.user)] = None

    def _read_login_names(self) -> LoginNames:
        """Return all names by which somebody can sign in."""
        planned = self._known_parts(LOGIN).values()
        logins: dict[str | User, Mapping[str, Any]] = {
            **{uuid: row for uuid, row in self.backend.list_logins().items() if uuid not in self._removed_users},
            **{_login_key(part.user): part.fields for part in planned},
        }
        names: LoginNames = {}
        for key, fields in logins.items():
            for name in names_of_login(fields):
                names.setdefault(name, {})[key] = None
        return names

    def _forget_login_names(self, user: User, fields: Mapping[str, Any] | None) -> None:
        for name in names_of_login(fields or {}):
            (self._login_names or {}).get(name, {}).pop(_login_key(user), None)

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

    def _listed_row(self, user: User, resource: Resource) -> Row | None:
        return self._listed_parts.get(resource.name, {}).get(user.id or 0)

    def _known_parts(self, resource: Resource) -> dict[User, UserPart]:
        """Return the settings of all users of whom they are known, in the order of the list that showed them."""
        parts = self._parts_of.setdefault(resource.name, {})
        listed = [self._users[user_id] for user_id in self._listed_parts.get(resource.name, ())]
        if listed:
            made = {user: self.part_of(user, resource) for user in listed}
            del self._listed_parts[resource.name]
            self._parts_of[resource.name] = parts = {**made, **parts}
        return parts

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
        login = self._known_parts(LOGIN).get(user)
        if self._login_names is not None:
            self._forget_login_names(user, login.fields if login else self.backend.list_logins().get(user.uuid or ""))
        self._removed_users |= {user.uuid, user.id} - {None}
        for parts in self._parts_of.values():
            parts.pop(user, None)
        for rows in self._listed_parts.values():
            rows.pop(user.id or 0, None)
        for part in self._known_parts(FUNC_KEYS).values():
            self._forget_keys(part)
        if user.id:
            self._users.pop(user.id, None)
        self._forget_values(user)

    def _forget_values(self, user: User) -> None:
        self._users_by_value.discard(user)
        same_name = self._users_by_name.get(user.full_name, [])
        self._users_by_name[user.full_name] = [each for each in same_name if each is not user]


def _login_key(user: User) -> str | User:
    """Return what tells the login of a user from others: the uuid, or the user who has none yet."""
    return user.uuid or user


def _leads_to(value: Any, record: Record) -> bool:
    return isinstance(value, Destination) and value.leads_to(record.resource.name, record.identity)
