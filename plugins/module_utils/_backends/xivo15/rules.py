# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The fields and values that XiVO accepts up to 16.12."""

from __future__ import annotations

from ..._model.resources import CALL_PERMISSIONS, EXTENSION, FORWARDS, GROUPS, LINE, SERVICES, USER
from ..._model.rules import DIGITS, Rule, Rules
from ..xivo.rows import ONLY_ON_WAZO

ABSENT_FIELDS = ONLY_ON_WAZO | {
    (USER.name, name)
    for name in (
        "email",
        "call_transfer_enabled",
        "dtmf_hangup_enabled",
        "call_record_enabled",
        "online_call_record_enabled",
        "supervision_enabled",
        "ring_seconds",
        "simultaneous_calls",
        "call_permission_password",
        "enabled",
    )
}
ABSENT_RESOURCES = frozenset(each.name for each in (CALL_PERMISSIONS, GROUPS, SERVICES, FORWARDS))
"""Source: person-xivo-15.12.md, "What concerns a person here: all routes"."""
RULES: Rules = {
    USER.name: (("username", Rule(64)), ("preprocess_subroutine", Rule(39))),
    LINE.name: (
        ("username", Rule(40)),
        ("provisioning_extension", Rule(pattern=DIGITS, words="digits")),
    ),
    EXTENSION.name: (("exten", Rule(pattern=DIGITS, words="digits")),),
}
