# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Share tables, routes and references between the views of a person."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from ...errors import ConfdError
from ...generation import Answer, Call, Route, View
from ..common import database_of, resource_error
from ..rows import User
from .rows import RingGroup


def link(call: Call, resource: str, identifier: object, rel: str | None = None) -> list[dict[str, str]]:
    return [{"rel": rel or resource, "href": call.link(resource, identifier)["href"]}]


def name_of(user: User) -> dict[str, Any]:
    """Return a user as pickups show him."""
    return {"uuid": user.uuid, "firstname": user.firstname, "lastname": user.lastname or None}


def reference(call: Call, user: User) -> dict[str, Any]:
    """Return a user as what he is a member of shows him."""
    return {**name_of(user), "links": link(call, "users", user.id)}


def group_reference(call: Call, group: RingGroup) -> dict[str, Any]:
    """Return a group as users, extensions and pickups show it: with the generated name, not with the label."""
    return {"uuid": group.uuid, "id": group.id, "name": group.name, "links": link(call, "groups", group.uuid)}


def check_tenants(resource: str, row: Any, user: User) -> None:
    """Refuse to associate a user with something of another tenant."""
    if row.tenant_uuid != user.tenant_uuid:
        tenants = {f"{resource}_tenant_uuid": row.tenant_uuid, "user_tenant_uuid": user.tenant_uuid}
        raise resource_error("different tenants", **tenants)


def check_distinct(kind: str, rows: Iterable[Any]) -> None:
    identifiers = [row.id for row in rows]
    if len(set(identifiers)) != len(identifiers):
        raise not_permitted(f"Cannot associate same {kind} more than once")


def not_permitted(text: str, **values: object) -> ConfdError:
    return resource_error(f"Operation not permitted. {text}", **values)


def of_ids(call: Call, table: str, rows: Iterable[Any], column: str) -> list[Any]:
    """Return the rows of a table that the associations name in a column."""
    found = getattr(database_of(call), table)
    return [found.get(getattr(row, column)) for row in rows]


def two_ids(method: str, rule: str, view: View, name: str) -> tuple[Route, ...]:
    """Return the routes of a rule with <name>: by integer id and by uuid."""
    return tuple(Route(method, rule.replace(f"<{name}>", f"<{kind}:{name}>"), view) for kind in ("int", "uuid"))


Find = Callable[[Call, Any], Any]
Identifier = int | UUID
Nothing = Answer(204)
