# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How all generations of XiVO ask for objects that may not exist."""

from __future__ import annotations

from typing import Any

from ..._model.errors import NotFoundError
from ..._model.records import Row
from ..base import Backend


class XivoRequests(Backend):
    """Reads objects and lists for which confd may answer 404."""

    def _get(self, path: str) -> Any:
        try:
            return self.client.get(path)
        except NotFoundError:
            return None

    def _items(self, path: str) -> list[Row]:
        try:
            return self.client.get_items(path)
        except NotFoundError:
            return []

    def _get_filtered(self, path: str, **query: Any) -> list[Row]:
        """Return the rows of a list that a query narrows down to one or two."""
        return self.client.get_items(path, **query)
