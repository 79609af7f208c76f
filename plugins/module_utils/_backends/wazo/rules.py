# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The values that Wazo accepts from 20.07 on."""

from __future__ import annotations

from ..._model.resources import LINE, USER
from ..._model.rules import Rule, Rules
from ..xivo16.rules import SHARED_WITH_WAZO

SECTION = r"(?!(?:global|system)\Z)[-_.a-zA-Z0-9]{1,79}"
"""The names of the sections of Asterisk that the server accepts, without those that Asterisk itself uses."""
RULES: Rules = {
    **SHARED_WITH_WAZO,
    LINE.name: (
        *SHARED_WITH_WAZO[LINE.name],
        (
            "username",
            Rule(pattern=SECTION, words="1 to 79 of a-z A-Z 0-9 - _ . and not global or system"),
        ),
    ),
    USER.name: (*SHARED_WITH_WAZO[USER.name], ("preprocess_subroutine", Rule(79))),
}
