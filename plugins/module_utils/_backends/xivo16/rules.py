# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The fields and values that XiVO accepts from 16.13 on."""

from __future__ import annotations

from ..._model.resources import EXTENSION, LINE, USER
from ..._model.rules import Rule, Rules

ACCOUNT = r"[a-zA-Z0-9\-._~!$&'()*+,;=%@]{2,254}"
SHARED_WITH_WAZO: Rules = {
    USER.name: (
        ("username", Rule(pattern=ACCOUNT, words="2 to 254 of the characters a-z A-Z 0-9 -._~!$&'()*+,;=%@")),
        ("language", Rule(pattern="[a-z]{2}_[A-Z]{2}", words="of the form fr_FR")),
        ("email", Rule(254)),
        ("call_permission_password", Rule(pattern="[0-9#*]{1,16}", words="1 to 16 digits, # and *")),
    ),
    LINE.name: (("provisioning_extension", Rule(pattern="[0-9]{6}", words="six digits")),),
    EXTENSION.name: (("exten", Rule(pattern=r"[0-9*#]+|_.+", words="digits, * and #, or a pattern")),),
}
RULES: Rules = {
    **SHARED_WITH_WAZO,
    USER.name: (
        *SHARED_WITH_WAZO[USER.name],
        ("preprocess_subroutine", Rule(39)),
        ("ring_seconds", Rule(most=60)),
        ("simultaneous_calls", Rule(least=1, most=20)),
    ),
    LINE.name: (
        *SHARED_WITH_WAZO[LINE.name],
        ("username", Rule(pattern="[-_a-zA-Z0-9]{1,40}", words="1 to 40 of the characters a-z A-Z 0-9 - _")),
        ("secret", Rule(pattern="[ -~]{1,80}", words="1 to 80 printable ASCII characters")),
    ),
}
