# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The values that Wazo accepts from 20.07 on."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ..._model.resources import EXTENSION, LINE, USER, VOICEMAIL
from ..._model.rules import MOBILE_FALLBACK, CombinationRule, Has, Rules, ValueRule
from ..xivo16.rules import SHARED_WITH_WAZO

USERS, LINES = 'wazo-26.08.md, "5.1 User"', 'wazo-26.08.md, "5.2 Line"'
EXTENSIONS, VOICEMAILS = 'wazo-26.08.md, "5.3 Extension"', 'wazo-26.08.md, "5.6 Voicemail"'
LOGINS = 'person-wazo-26.08.md, "1.1 Through confd"'
FIELDS = 'person-wazo-26.08.md, "11. user fields"'

SECTION = r"(?!(?:global|system)\Z)[-_.a-zA-Z0-9]{1,79}"
"""The names of the sections of Asterisk that the server accepts, without those that Asterisk itself uses."""
NOTHING = "(?!)"
"""A pattern that no text has."""
LOCAL_PART = re.compile(r'[-!#$%&\'*+/=?^`{}|~\w]+(?:\.[-!#$%&\'*+/=?^`{}|~\w]+)*|"[^"\s\\]*"')
DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,}|\[[0-9.]+\]", re.IGNORECASE)


def is_email(value: str) -> bool:
    """Return whether the server takes an e-mail address: a full domain, or localhost, without a name before it."""
    local, _sign, domain = value.rpartition("@")
    try:
        ascii_domain = domain.encode("idna").decode("ascii")
    except UnicodeError:
        ascii_domain = domain
    return bool(LOCAL_PART.fullmatch(local)) and (domain == "localhost" or bool(DOMAIN.fullmatch(ascii_domain)))


def _explain_deletion(after: Mapping[str, Any], _has: Has) -> str:
    missing = [name for name in ("email", "attach_audio") if not after.get(name)]
    if not after.get("delete_messages") or not missing:
        return ""
    return (
        "delete_messages of the voicemail requires email and attach_audio, because the server deletes messages that it "
        f"has sent. Set {' and '.join(missing)} as well, or leave delete_messages out."
    )


def _explain_fallback(after: Mapping[str, Any], has: Has) -> str:
    if after.get("mobile_phone_number") or not has(MOBILE_FALLBACK):
        return ""
    return (
        "mobile_phone_number cannot be removed while mobile_fallback_enabled is set for the user. Switch it off in the "
        "web interface first."
    )


RULES: Rules = (
    *SHARED_WITH_WAZO,
    ValueRule(
        USER.name, FIELDS, "email", accepts=is_email, words="one address such as ann@example.org, without a name"
    ),
    ValueRule(USER.name, FIELDS, "preprocess_subroutine", 79),
    ValueRule(USER.name, FIELDS, "ring_seconds", most=10800),
    ValueRule(USER.name, LOGINS, "subscription_type", most=10),
    ValueRule(
        LINE.name, LINES, "username", pattern=SECTION, words="1 to 79 of a-z A-Z 0-9 - _ . and not global or system"
    ),
    ValueRule(LINE.name, LINES, "device_slot", least=1),
    ValueRule(
        LINE.name, LINES, "webrtc", pattern=NOTHING, words="true or false, because only XiVO has unique accounts"
    ),
    ValueRule(
        LINE.name,
        LINES,
        "callerid",
        pattern=r'".+" <[0-9]+>',
        words='a name in quotation marks and a number in angle brackets ("Ann Lee" <1200>)',
        required=True,
    ),
    ValueRule(
        EXTENSION.name,
        EXTENSIONS,
        "exten",
        pattern=r"\+?[0-9*#]{1,40}|_[*#0-9_XxZzNn\[\].!-]{1,39}",
        words="up to 40 digits, * and #, or a pattern: _ and up to 39 of * # 0-9 _ X Z N [ ] . ! -",
    ),
    ValueRule(VOICEMAIL.name, VOICEMAILS, "max_messages"),
    CombinationRule(VOICEMAIL.name, VOICEMAILS, ("delete_messages",), _explain_deletion),
    CombinationRule(USER.name, FIELDS, ("mobile_phone_number",), _explain_fallback),
)
