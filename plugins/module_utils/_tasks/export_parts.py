# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Describes the settings of users that have keys of their own in an entry."""

from __future__ import annotations

from collections.abc import Collection

from .._model.destinations import Destination
from .._model.errors import AuthenticationError
from .._model.func_keys import KeySet
from .._model.records import Row, User, UserPart
from .._model.resources import LOGIN, USER_PARTS, Resource, nested
from .._state.destinations import with_words
from .._state.state import ServerState


class PartExporter:
    """Describes the settings of the users of one server.

    warnings: gets a sentence for what cannot be read. left_out: the names of resources that are not read.
    """

    def __init__(
        self, state: ServerState, with_secrets: bool, warnings: list[str], left_out: Collection[str] = ()
    ) -> None:
        self.state = state
        self.with_secrets = with_secrets
        self.warnings = warnings
        self._left_out = set(left_out)
        self._has_ids = False
        """Whether a warning about ids has been given."""

    def parts_of(self, user: User, of_user: Row, left_out: Collection[str] = ()) -> Row:
        """Return {key of an entry: settings of a user}. Settings that are one list are that list.

        of_user: the fields of the user in the entry. Those that belong to a login move to it. left_out: the names of
        more resources that are not read.
        """
        parts = {
            key: self._part(user, resource) for key, resource in USER_PARTS.items() if resource.name not in left_out
        }
        login = parts.get("login")
        if login and self.state.backend.login_fields_of_user:
            # Whether a new login is enabled differs between the generations.
            login.setdefault("enabled", False)
            names = [name for name in self.state.backend.login_fields_of_user if name in of_user]
            login.update((name, of_user.pop(name)) for name in names)
        return {key: part.get(key, part) for key, part in parts.items() if part}

    def _part(self, user: User, resource: Resource) -> Row:
        if not self._may_have(user, resource):
            return {}
        try:
            part = self.state.part_of(user, resource)
        except AuthenticationError as error:
            self._left_out.add(resource.name)
            self.warnings.append(f"The entries have no {resource.label}: {error}")
            return {}
        if resource.links:
            with_words(self.state, part)
            self._leave_out_unwritable(user, part)
        chosen = part.chosen(self.state.backend.defaults_of(resource), self.with_secrets)
        given = {
            name: self._keys(user, value) if isinstance(value, KeySet) else value for name, value in chosen.items()
        }
        return nested({name: value for name, value in given.items() if value is not None})

    def _keys(self, user: User, keys: KeySet) -> Row | None:
        """Return keys as an entry has them; None for a set with a key that no entry can have.

        The others of such a set would be all keys of the user.
        """
        unknown = [position for position, key in keys.items() if key["destination"].row is None]
        if unknown:
            self.warnings.append(
                f"The entry of {user} has no function keys, because the collection does not know the destination of "
                f"key {unknown[0]}."
            )
            return None
        if not self._has_ids and not all(each.is_portable for each in keys.destinations):
            self._has_ids = True
            self.warnings.append(
                f"Function keys lead to objects that entries name by their ids, for example those of {user}. On "
                "another server, the ids mean other objects."
            )
        return keys.chosen

    def _leave_out_unwritable(self, user: User, part: UserPart) -> None:
        """Leave out destinations that an entry cannot name on any server, and say so."""
        for name, value in part.fields.items():
            if isinstance(value, Destination) and not value.is_portable:
                what = f"{value.type} {value.target or ''}".strip()
                reason = "which was deleted" if value.is_dead else "which no entry can describe"
                self.warnings.append(
                    f"{part.resource.label}.{name} leads to {what}, {reason}. It is left out of the entry of {user}."
                )
                part.fields[name] = None

    def _may_have(self, user: User, resource: Resource) -> bool:
        backend = self.state.backend
        if resource.name in backend.absent_resources or resource.name in self._left_out:
            return False
        # Asked for one user after the other, where only a user with a username can sign in.
        return resource is not LOGIN or LOGIN.name in backend.listed_parts or bool(user["username"])
