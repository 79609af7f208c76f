# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds the types of contexts on XiVO up to 16.12.

Its API does not show contexts, but can filter extensions by the type of their context.
"""

from __future__ import annotations

from collections.abc import Callable

from ..._http.client import Client
from ..._http.handover import CONTEXTS
from ..._model.contexts import INCALL, INTERNAL
from ..._model.records import Row
from ..xivo.rows import pattern


class ContextTypes:
    """Finds the types of contexts, and passes them on to the tasks that follow within about a minute.

    list_extensions: returns the rows of ``GET /extensions`` with a query.
    """

    def __init__(self, client: Client, list_extensions: Callable[..., list[Row]]) -> None:
        self._client = client
        self._list_extensions = list_extensions
        self._takes_earlier = True
        self._has_earlier = False

    def type_of(self, context: str) -> str | None:
        """Return the type of a context, INCALL or INTERNAL; None if it has no extension or another type."""
        known = self._earlier()
        if context not in known:
            found = self._ask(context)
            if found is None:
                return None
            known[context] = found
            rows = [{"name": name, "type": each} for name, each in known.items()]
            self._client.connection.handover.put_rows(CONTEXTS, rows)
        return known[context]

    def read_again(self) -> bool:
        """Stop using what an earlier task has found. Return whether any of that was in use."""
        had_earlier = self._has_earlier
        self._takes_earlier = self._has_earlier = False
        return had_earlier

    def _earlier(self) -> dict[str, str]:
        rows = self._client.connection.handover.rows(CONTEXTS) if self._takes_earlier else None
        self._has_earlier = self._has_earlier or bool(rows)
        return {row["name"]: row["type"] for row in rows or ()}

    def _ask(self, context: str) -> str | None:
        for each in (INCALL, INTERNAL):
            rows = self._list_extensions(type=each, search=pattern(context))
            if any(row["context"] == context for row in rows):
                return each
        return None
