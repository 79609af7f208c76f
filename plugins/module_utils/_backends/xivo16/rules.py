# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The values that XiVO accepts from 16.13 on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..._model.callerids import generated_caller_id
from ..._model.resources import EXTENSION, LINE, USER, VOICEMAIL
from ..._model.rules import (
    COMMON_RULES,
    LARGEST_INTEGER,
    LINE_OF_USER,
    LINES_16,
    USERS_16,
    VOICEMAIL_OF_USER,
    VOICEMAILS,
    CombinationRule,
    Has,
    Rules,
    ValueRule,
)
from ..xivo.rules import XIVO_RULES

FLAGS_16 = 'person-xivo-16.16.md, "email, username, flags"'
LOGIN_16 = 'person-xivo-16.16.md, "cti_profiles, users/ID/cti"'
ENDPOINT_16 = 'person-xivo-16.16.md, "endpoints/sip: options, webrtc"'
NAMES_16 = 'person-xivo-16.16.md, "users/ID/voicemails"'
EXTENSIONS_16 = 'xivo-16.16.md, "extensions"'

ACCOUNT = r"[a-zA-Z0-9\-._~!$&'()*+,;=%@]{2,254}"
PASSWORD = r"[a-zA-Z0-9\-._~!$&'()*+,;=%]{4,64}"
PASSWORD_WORDS = "4 to 64 of the characters a-z A-Z 0-9 -._~!$&'()*+,;=%"
CALLER_ID = r'"(?!.*"\s*<[^"]*"?\Z).*"|".*" <\+?[0-9]+>'
"""A caller ID in the canonical form. A name that ends with quotes and angle brackets is a number with an error."""
LOCALE = "[a-z]{2}_[A-Z]{2}"
CODE = "[1-9][0-9]{5}"
"""A provisioning code. The servers store it as a number, without zeros at the beginning."""
LONGEST_VOICEMAIL_NAME = 80


def _explain_quote(after: Mapping[str, Any], has: Has) -> str:
    firstname = after.get("firstname") or ""
    is_generated = after.get("caller_id") == generated_caller_id(firstname, after.get("lastname"))
    if not (firstname.startswith('"') and is_generated and has(LINE_OF_USER)):
        return ""
    return (
        f"firstname {firstname!r} begins with a quotation mark, and the server cannot make the caller ID of a line of "
        "it. Write the name without quotation marks, or set caller_id."
    )


def _explain_long_voicemail(after: Mapping[str, Any], has: Has) -> str:
    name = " ".join(part for part in (after.get("firstname"), after.get("lastname")) if part)
    if len(name) <= LONGEST_VOICEMAIL_NAME or not has(VOICEMAIL_OF_USER):
        return ""
    return (
        f"firstname and lastname have {len(name)} characters together, but the server names the voicemail of a user "
        f"after them and stores at most {LONGEST_VOICEMAIL_NAME}. Shorten the name, or remove the voicemail."
    )


SHARED_WITH_WAZO: Rules = (
    *COMMON_RULES,
    ValueRule(USER.name, USERS_16, "mobile_phone_number", 80),
    ValueRule(
        USER.name,
        USERS_16,
        "username",
        pattern=ACCOUNT,
        words="2 to 254 of the characters a-z A-Z 0-9 -._~!$&'()*+,;=%@",
    ),
    ValueRule(USER.name, LOGIN_16, "password", pattern=PASSWORD, words=PASSWORD_WORDS),
    ValueRule(
        USER.name,
        USERS_16,
        "caller_id",
        pattern=CALLER_ID,
        words='a name, or a name in quotation marks, a blank and digits in angle brackets ("Ann Lee" <1200>)',
    ),
    ValueRule(USER.name, USERS_16, "language", pattern=LOCALE, words="of the form fr_FR"),
    ValueRule(VOICEMAIL.name, VOICEMAILS, "language", pattern=LOCALE, words="of the form fr_FR"),
    ValueRule(USER.name, FLAGS_16, "email", 254),
    ValueRule(
        USER.name, USERS_16, "call_permission_password", pattern="[0-9#*]{1,16}", words="1 to 16 digits, # and *"
    ),
    ValueRule(USER.name, FLAGS_16, "simultaneous_calls", least=1, most=20),
    ValueRule(
        LINE.name,
        LINES_16,
        "provisioning_extension",
        pattern=CODE,
        words="six digits, the first of them not 0",
    ),
    CombinationRule(USER.name, USERS_16, ("firstname", "caller_id", LINE_OF_USER), _explain_quote),
)
"""The rows of XiVO from 16.13 on and of Wazo."""

RULES: Rules = (
    *SHARED_WITH_WAZO,
    *XIVO_RULES,
    ValueRule(USER.name, USERS_16, "preprocess_subroutine", 39),
    ValueRule(USER.name, FLAGS_16, "ring_seconds", most=60),
    ValueRule(
        LINE.name,
        ENDPOINT_16,
        "username",
        pattern="[-_a-zA-Z0-9]{1,40}",
        words="1 to 40 of the characters a-z A-Z 0-9 - _",
    ),
    ValueRule(LINE.name, ENDPOINT_16, "secret", pattern="[ -~]{1,80}", words="1 to 80 printable ASCII characters"),
    ValueRule(LINE.name, LINES_16, "callerid", pattern='".+".*', words='a name in quotation marks ("Ann Lee")'),
    ValueRule(
        EXTENSION.name,
        EXTENSIONS_16,
        "exten",
        pattern="[0-9*#]{1,40}|_.{1,39}",
        words="up to 40 digits, * and #, or a pattern of up to 40 characters",
    ),
    # Of this generation, only the size of the column is known.
    ValueRule(VOICEMAIL.name, VOICEMAILS, "max_messages", least=-LARGEST_INTEGER - 1),
    CombinationRule(USER.name, NAMES_16, (), _explain_long_voicemail),
)
