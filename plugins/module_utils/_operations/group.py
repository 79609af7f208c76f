# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Operations on groups."""

from __future__ import annotations

from dataclasses import dataclass

from .._model.records import Group, Row
from .base import Update
from .user_part import shown_values


@dataclass
class UpdateGroup(Update):
    """Takes out of the fallbacks of a group what is about to be deleted.

    implied: the modules that delete do it themselves, so it is no step of the role.
    """

    RECORD = "group"
    implied = True
    group: Group
    changes: Row
    old: Row

    @property
    def resource_type(self) -> str:
        return self.group.resource.name

    @property
    def is_link(self) -> bool:
        return True

    @property
    def before(self) -> Row:
        return shown_values(super().before)

    @property
    def after(self) -> Row:
        return shown_values(self.changes)
