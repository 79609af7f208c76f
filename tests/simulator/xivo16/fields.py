# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Define fields of the marshmallow 2 of 2016, where today's marshmallow is stricter or looser."""

from __future__ import annotations

from functools import partial
from typing import Any

from marshmallow import fields

from .. import schema

matches = partial(schema.matches, end="$")
"""A validator that takes a trailing newline (observations.md, "XiVO 16.16: users")."""
TRUE = frozenset({"t", "T", "true", "True", "TRUE", "1", 1})
FALSE = frozenset({"f", "F", "false", "False", "FALSE", "0", 0})
LooseBoolean = partial(fields.Boolean, truthy=set(TRUE), falsy=set(FALSE))
"""A boolean, or one of its usual spellings (xivo-16.16.md, "extensions")."""


class Integer(fields.Integer):
    """Take an integer, or what int() makes one of: true is 1 (xivo-16.16.md, "HTTP level")."""

    def _validated(self, value: Any) -> int:
        return super()._validated(int(value) if isinstance(value, bool) else value)
