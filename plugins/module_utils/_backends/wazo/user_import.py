# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Complete users as rows of Wazo's POST /users/import, as far as it differs from XiVO's.

Every row creates a login, so only users who are to have one are imported. Source: person-wazo-26.08.md, "12. import /
export".
"""

from __future__ import annotations

import re
from typing import Any, ClassVar

from ..._model.records import Row
from ..._model.resources import CALL_PERMISSIONS, LOGIN, USER, Field
from ..interface import NewUser
from ..xivo16.user_import import UserTable

LOGIN_COLUMNS = {
    "username": re.compile(r"[a-zA-Z0-9-._~!$&'()*+,;=%@]{2,254}"),
    "password": re.compile(r"[a-zA-Z0-9-._~!$&'()*+,;=%]{4,64}"),
}
"""{column: the values that it takes}. wazo-auth itself takes more."""
USER_COLUMNS = frozenset(
    {
        *("firstname", "lastname", "email", "language", "outgoing_caller_id", "mobile_phone_number", "userfield"),
        *("call_permission_password", "enabled", "supervision_enabled", "call_transfer_enabled", "dtmf_hangup_enabled"),
        *("call_record_outgoing_external_enabled", "call_record_outgoing_internal_enabled"),
        *("call_record_incoming_internal_enabled", "call_record_incoming_external_enabled"),
        *("online_call_record_enabled", "ring_seconds", "simultaneous_calls", "subscription_type"),
    }
)


class WazoUserTable(UserTable):
    """Knows what a row carries. Of a login, it carries username and password."""

    user_columns: ClassVar[dict[str, Field]] = {each.name: each for each in USER.fields if each.name in USER_COLUMNS}
    constants: ClassVar[Row] = {}
    # A row with a password (person-wazo-26.08.md, "15. How long"), in the ratio to a user of a quiet server.
    seconds_a_user: ClassVar[float] = 0.22

    def supported_part(self, new: NewUser) -> NewUser | None:
        part = super().supported_part(new)
        return part if part and LOGIN.name in part.parts and not new.line.get("webrtc") else None

    def _is_carried_part(self, name: str, values: Row, user: Row) -> bool:
        if name != LOGIN.name:
            return name == CALL_PERMISSIONS.name
        is_enabled = values.get("enabled") in (None, True)
        return is_enabled and all(_fits(column, values.get(column)) for column in LOGIN_COLUMNS)

    def _columns_of_login(self, login: Row) -> Row:
        return {column: login[column] for column in LOGIN_COLUMNS}


def _fits(column: str, value: Any) -> bool:
    return isinstance(value, str) and LOGIN_COLUMNS[column].fullmatch(value) is not None
