# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Serve the small lists about users (person-wazo-26.08.md, "13. What GET /users embeds" and "1.1 Through confd")."""

from __future__ import annotations

from collections import Counter
from uuid import UUID

from ...generation import Answer, Call, Route
from ...xivo16.lookup import by_id_or_uuid
from .. import tenancy
from ..common import database_of, recurses
from ..users import find_user


def list_subscriptions(call: Call) -> Answer:
    """Count the users of each subscription type."""
    rows = tenancy.rows(database_of(call).users, recurses(call))
    counts = sorted(Counter(user.subscription_type for user in rows).items())
    return Answer(body={"total": len(counts), "items": [{"id": kind, "count": count} for kind, count in counts]})


def list_nothing(call: Call, user_id: int | UUID) -> Answer:
    find_user(call, user_id)
    return Answer(body={"total": 0, "items": []})


def list_callerids(call: Call, user_id: int | UUID) -> Answer:
    find_user(call, user_id)
    return Answer(body={"total": 1, "items": [{"type": "anonymous"}]})


def list_blocklist(_call: Call) -> Answer:
    return Answer(body={"total": 0, "items": []})


ROUTES = (
    Route("GET", "/users/blocklist/numbers", list_blocklist),
    Route("GET", "/users/subscriptions", list_subscriptions),
    *by_id_or_uuid("GET", "/users/<user_id>/external/apps", list_nothing),
    *by_id_or_uuid("GET", "/users/<user_id>/blocklist/numbers", list_nothing),
    *by_id_or_uuid("GET", "/users/<user_id>/callerids/outgoing", list_callerids),
)
