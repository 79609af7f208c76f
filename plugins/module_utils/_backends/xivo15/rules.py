# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The fields and values that XiVO accepts up to 16.12."""

from __future__ import annotations

from ..._model.resources import (
    CALL_PERMISSIONS,
    EXTENSION,
    FALLBACKS,
    FORWARDS,
    GROUPS,
    LINE,
    SERVICES,
    USER,
    VOICEMAIL,
)
from ..._model.rules import (
    COMMON_RULES,
    DIGITS,
    LENGTHS,
    LINES_15,
    VOICEMAILS,
    Rules,
    ValueRule,
)
from ..xivo.rows import ONLY_ON_WAZO
from ..xivo.rules import XIVO_RULES

ABSENT_FIELDS = ONLY_ON_WAZO | {
    (LINE.name, "webrtc"),
    *(
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
            "entity",
        )
    ),
}
ABSENT_RESOURCES = frozenset(each.name for each in (CALL_PERMISSIONS, GROUPS, SERVICES, FORWARDS, FALLBACKS))
"""Source: person-xivo-15.12.md, "What concerns a person here: all routes"."""
RULES: Rules = (
    *COMMON_RULES,
    *XIVO_RULES,
    ValueRule(USER.name, LENGTHS, "mobile_phone_number", 128),
    ValueRule(USER.name, LENGTHS, "username", 64),
    ValueRule(USER.name, LENGTHS, "password", 64, 4),
    ValueRule(USER.name, LENGTHS, "language", 20),
    ValueRule(USER.name, LENGTHS, "preprocess_subroutine", 39),
    ValueRule(LINE.name, LINES_15, "username", 40),
    ValueRule(LINE.name, LINES_15, "device_slot", least=1),
    ValueRule(LINE.name, LINES_15, "provisioning_extension", pattern=DIGITS, words="digits"),
    ValueRule(VOICEMAIL.name, VOICEMAILS, "max_messages"),
    ValueRule(EXTENSION.name, 'xivo-15.12.md, "extensions"', "exten", pattern=DIGITS, words="digits"),
)
