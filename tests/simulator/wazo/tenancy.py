# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Decide which tenant's objects a request sees (wazo-26.08.md, "3. Auth, tenants, base URL")."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import g

from ..errors import unexpected_error
from .common import not_found
from .database import WazoDatabase


@dataclass(frozen=True)
class Tenancy:
    """Hold the tenants of a request. own: of lists and new objects; visible: where single objects are found.

    may_find: whether single objects are found at all; lists and new objects need less.
    """

    own: str
    visible: frozenset[str]
    may_find: bool = True


def enter(database: WazoDatabase, tenant: str, may_find: bool = True) -> None:
    """Serve the current request for a tenant."""
    g.tenancy = Tenancy(tenant, frozenset(database.descendants(tenant)), may_find)


def current() -> Tenancy:
    tenancy: Tenancy = g.tenancy
    return tenancy


def rows(table: Any, recurse: bool = False) -> list[Any]:
    """Return the rows that a list shows."""
    tenancy = current()
    tenants = tenancy.visible if recurse else {tenancy.own}
    return [row for row in table if row.tenant_uuid in tenants]


def find(table: Any, identifier: Any, resource: str, **shown: Any) -> Any:
    """Return the row of that id if the tenant may see it. Raises a 404, or a 500 if the token may not look."""
    if not current().may_find:
        raise unexpected_error("Invalid tenant")
    row = table.get(identifier)
    if row is None or row.tenant_uuid not in current().visible:
        raise not_found(resource, **(shown or {"id": identifier}))
    return row
