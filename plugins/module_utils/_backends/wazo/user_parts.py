# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The settings of users on Wazo that have requests of their own, as far as they differ from XiVO's.

Sources: person-wazo-26.08.md, "5. callpermissions", "6. funckeys" and "7. groups".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import ClassVar

from ..._http.client import Client
from ..._model.destination_types import KEY_TYPES, TYPES
from ..._model.func_keys import KeyRules
from ..._model.records import NumberUse, Row, User
from ..._model.resources import CALL_PERMISSIONS, FALLBACKS, GROUPS, Resource
from ..xivo.func_keys import XivoFuncKeys
from ..xivo16.user_parts import UNKNOWABLE, Xivo16UserParts

EMBEDDED = {CALL_PERMISSIONS.name: "call_permissions", GROUPS.name: "groups"}
"""{name of a resource: the key under which a user embeds its objects}."""


class WazoUserParts(Xivo16UserParts):
    """Users embed their call permissions. A group's name is generated, and what people call the name is its label."""

    # Wazo keeps the members of its groups apart.
    overwritable_parts: ClassVar[frozenset[str]] = frozenset({FALLBACKS.name})
    # A group that an API client has created can be on a key, unlike on XiVO.
    unchecked_values: ClassVar[Mapping[tuple[str, str], str]] = XivoFuncKeys.unchecked_values
    key_rules: ClassVar[KeyRules] = KeyRules(
        types=frozenset(KEY_TYPES),
        exten="[A-Z0-9+*]{1,40}",
        words="1 to 40 capital letters, digits, + and *",
        absent_services=frozenset({"vmuserpurge"}),
        needs_parking_lot=True,
    )
    name_keys: ClassVar[dict[str, str]] = {CALL_PERMISSIONS.name: "name", GROUPS.name: "label"}

    destination_types: ClassVar[frozenset[str]] = frozenset(TYPES) - {"meetme"}
    destination_texts: ClassVar[Mapping[str, tuple[re.Pattern[str], str]]] = {}
    unchecked_destinations: ClassVar[frozenset[str]] = UNKNOWABLE
    locks_dead_links: ClassVar[bool] = False

    def __init__(self, client: Client) -> None:
        super().__init__(client)
        self._embedded: dict[str, dict[int, list[int]]] = {}
        """{name of a resource: {user id: ids of the objects}} as the list of users showed them."""

    def _forget_memberships(self) -> None:
        self._embedded = {name: {} for name in EMBEDDED}

    def _note_memberships(self, user: Row) -> None:
        """Keep what a row of the list of users embeds, for ``list_parts``."""
        for name, key in EMBEDDED.items():
            self._embedded[name][user["id"]] = [each["id"] for each in user[key]]

    def list_parts(self, resource: Resource, users: Iterable[User]) -> dict[int, Row]:
        embedded = self._embedded.get(resource.name)
        if embedded is None:
            return super().list_parts(resource, users)
        return {user_id: self._names_row(resource, ids) for user_id, ids in embedded.items()}

    def _memberships(self, resource: Resource, user_id: int) -> list[int] | None:
        user = self._get(f"/users/{user_id}")
        return [each["id"] for each in user[EMBEDDED[resource.name]]] if user else None

    def _set_memberships(self, resource: Resource, user_id: int, wanted: list[int]) -> None:
        if resource is not GROUPS:
            super()._set_memberships(resource, user_id, wanted)
            return
        self.client.put(f"/users/{user_id}/groups", {"groups": self._uuids_of_groups(wanted)})

    def name_of_use(self, use: NumberUse) -> str:
        # Where a group is embedded, only its generated name is shown (person-wazo-26.08.md, trap 13).
        if use.type != "group" or not use.id.isdigit():
            return use.name
        row = self._read_objects(GROUPS).get(int(use.id))
        return (row["label"] if row else None) or use.name

    def groups_of_new_user(self, values: Row) -> list[Row]:
        """Return the groups of a new user as the body of POST /users has them."""
        return self._uuids_of_groups(self._ids_of(GROUPS, values[GROUPS.field_names[0]]))

    def _uuids_of_groups(self, ids: Iterable[int]) -> list[Row]:
        return [{"uuid": self._read_objects(GROUPS)[each]["uuid"]} for each in ids]
