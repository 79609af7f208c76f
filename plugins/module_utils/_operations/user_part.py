# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Operations on the settings of a user that have requests of their own."""

from __future__ import annotations

from dataclasses import dataclass

from .._model.records import Row, User, UserPart
from .base import Update


@dataclass
class UpdateUserPart(Update):
    """Changes settings of a user, such as the forwards."""

    RECORD = "part"
    part: UserPart
    changes: Row
    old: Row

    @property
    def resource_type(self) -> str:
        return self.part.resource.name

    @property
    def user(self) -> User:
        """The user whose settings are written."""
        return self.part.user
