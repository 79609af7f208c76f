# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The values that every XiVO accepts."""

from __future__ import annotations

from ..._model.resources import LINE, USER
from ..._model.rules import LENGTHS, LINES_16, LONGEST_CALLER_ID, Rules, ValueRule

XIVO_RULES: Rules = (
    ValueRule(USER.name, LENGTHS, "music_on_hold", 128),
    ValueRule(LINE.name, LINES_16, "secret", 80),
    ValueRule(LINE.name, LENGTHS, "callerid", LONGEST_CALLER_ID),
)
"""The rows of all XiVO, beside those of every generation."""
