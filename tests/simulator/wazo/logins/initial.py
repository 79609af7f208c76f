# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fill wazo-auth as the wizard does: service accounts, the administrator's login, a group of everybody.

Source: person-wazo-26.08.md, "1.3 What she may do: policies and groups" and "1.5 Order, state, idempotence".
"""

from __future__ import annotations

from typing import Any

SERVICES = ("confd-service", "agentd-service", "calld-service", "phoned-service")
"""Of the about 26 that a real installation has."""
WIZARD = "root"
"""The account that the team signs in with: purpose `user`, and no confd user, as a login has that was left over."""


def add_logins(database: Any, tenant: str) -> None:
    """Add the logins and groups of a tenant. Only the main tenant has accounts of its own."""
    if tenant == database.master:
        for name in SERVICES:
            database.logins.insert(
                id=database.random_uuid(),
                tenant_uuid=tenant,
                username=name,
                purpose="internal",
                authentication_method="native",
            )
        database.logins.insert(id=database.random_uuid(), tenant_uuid=tenant, username=WIZARD, password="wizard")
    name = f"wazo-all-users-tenant-{tenant}"
    database.login_groups.insert(id=database.random_uuid(), tenant_uuid=tenant, name=name, slug=name, everybody=True)
