# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The entities of users, which XiVO from 16.13 on shows and changes in requests of their own.

Source: person-xivo-16.16.md, "entities, users/ID/entities". Later servers of this generation may have none.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..._http.client import Client
from ..._model.errors import RefusedError
from ..._model.records import Row
from ..._model.resources import USER, Resource
from .users import Xivo16Users

ENTITY = "entity"


class Xivo16Entities(Xivo16Users):
    """Reads and writes the entities of users by their names. Every user has one."""

    def __init__(self, client: Client) -> None:
        super().__init__(client)
        self._entities: dict[str, int] | None = None
        """{name: id} of the entities; None before they are read."""

    def apart_of_user(self, user_id: int) -> Row:
        if not self.has_field(USER, ENTITY):
            return {}
        found = self._entity_id_of(user_id)
        return {ENTITY: next((name for name, number in self._read_entities().items() if number == found), None)}

    def apart_of_users(self) -> dict[int, Row]:
        if not self.has_field(USER, ENTITY):
            return {}
        # This view takes a twentieth of the time of the whole list.
        return {row["id"]: {ENTITY: row.get(ENTITY)} for row in self.client.get_items("/users", view="summary")}

    def apart_at_first(self) -> Row:
        if not self.has_field(USER, ENTITY):
            return {}
        entities = self._read_entities()
        return {ENTITY: min(entities, key=lambda name: entities[name], default=None)}

    def problems_of_values(self, resource: Resource, values: Mapping[str, Any]) -> list[str]:
        problems = super().problems_of_values(resource, values)
        if resource is not USER or ENTITY not in values or not self.has_field(USER, ENTITY):
            return problems
        entity = values[ENTITY]
        if not entity:
            problems.append("entity of the user cannot be empty. Leave it out to keep the value of the server.")
        elif entity not in self._read_entities():
            there = ", ".join(sorted(self._read_entities())) or "none"
            problems.append(f"entity {entity!r} of the user: the server has no such entity. It has {there}.")
        return problems

    def update_user(self, user_id: int, changes: Row, result: Row) -> Row:
        if ENTITY not in changes:
            return super().update_user(user_id, changes, result)
        self._move_to_entity(user_id, self._read_entities()[changes[ENTITY]])
        rest = {name: value for name, value in changes.items() if name != ENTITY}
        row = super().update_user(user_id, rest, result) if rest else self.get(USER, user_id)
        return {**row, **self.apart_of_user(user_id)} if row else {}

    def _move_to_entity(self, user_id: int, entity_id: int) -> None:
        try:
            self.client.put(f"/users/{user_id}/entities/{entity_id}", {})
        except RefusedError:
            # A repetition is refused, also one by the client after a lost answer.
            if self._entity_id_of(user_id) != entity_id:
                raise

    def _entity_id_of(self, user_id: int) -> int | None:
        row = self._get(f"/users/{user_id}/entities")
        return row["entity_id"] if row else None

    def _read_entities(self) -> dict[str, int]:
        if self._entities is None:
            self._entities = {row["name"]: row["id"] for row in self._items("/entities")}
        return self._entities
