# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Let a request do everything or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .tables import assign


class Transaction:
    """Delete the rows that were inserted within it if it fails; ids that the sequences gave are not given again."""

    def __init__(self, database: Any, tables: Sequence[str]) -> None:
        self._tables = [getattr(database, name) for name in tables]
        self._newest_before = [table.newest for table in self._tables]
        self._before: list[tuple[Any, dict[str, Any]]] = []

    def __enter__(self) -> Transaction:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None:
            self.rollback()

    def save(self, row: Any) -> None:
        """Save the columns of an existing row, which a rollback restores."""
        columns = {name: value for name, value in vars(row).items() if not name.startswith("_")}
        self._before.append((row, columns))

    def rollback(self) -> None:
        """Delete the inserted rows and restore the saved ones."""
        for table, newest_before in zip(self._tables, self._newest_before, strict=True):
            for row in table.newer_than(newest_before):
                table.delete(row)
        for row, columns in reversed(self._before):
            if vars(row)["_table"] is not None:
                assign(row, columns)
