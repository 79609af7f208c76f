# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Refuse what the database refuses, and write the text that 15.12 then shows.

A POST that the database refuses is a 500 with the SQL statement and its values, secrets included; a PUT is a 204
without an error (xivo-15.12.md, trap 1; xivo-15.12.md, "users"; xivo-15.12.md, "lines_sip").
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ..errors import ConfdError, unexpected_error
from ..python2 import py2_repr

INTEGER_MAX = 2**31 - 1


class DatabaseError(Exception):
    """Report that the database refused a row."""

    def __init__(self, kind: str, reason: str) -> None:
        super().__init__(reason)
        self.kind = kind
        self.reason = reason


@dataclass(frozen=True)
class Statement:
    """Describe an INSERT: the resource in confd's texts, the table, and its columns."""

    resource: str
    table: str
    columns: tuple[str, ...]

    def failed(self, refused: DatabaseError, values: Mapping[str, object]) -> ConfdError:
        names = ", ".join(f'"{column}"' if "-" in column else column for column in self.columns)
        places = ", ".join(f"%({column})s" for column in self.columns)
        sent = ", ".join(f"'{column}': {py2_repr(values.get(column))}" for column in self.columns)
        return unexpected_error(
            f"Could not create {self.resource}: ({refused.kind}) {refused.reason}\n"
            f" 'INSERT INTO {self.table} ({names}) VALUES ({places}) RETURNING {self.table}.id' {{{sent}}}"
        )


def check_lengths(values: Iterable[tuple[str | None, int]]) -> None:
    """Refuse the first value that is longer than its column. Raises DatabaseError."""
    for value, size in values:
        if value is not None and len(value) > size:
            raise DatabaseError("DataError", f"value too long for type character varying({size})")


def duplicate_key(constraint: str, columns: str, values: str) -> DatabaseError:
    return DatabaseError(
        "IntegrityError",
        f'duplicate key value violates unique constraint "{constraint}"\n'
        f"DETAIL:  Key ({columns})=({values}) already exists.",
    )


def null_value(column: str) -> DatabaseError:
    return DatabaseError("IntegrityError", f'null value in column "{column}" violates not-null constraint')
