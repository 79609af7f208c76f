# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Share errors, bodies and lists between Wazo's views (wazo-26.08.md, "4. Errors"; wazo-26.08.md, "7. Reads")."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from marshmallow import Schema

from .. import schema as schemas
from ..errors import ConfdError, Errors
from ..generation import Answer, Call
from ..listing import Columns, Paging

_errors = Errors(repr)
not_found, input_error, resource_error = _errors.not_found, _errors.input_error, _errors.resource_error

Column = Callable[[Any], Any]


def database_of(call: Call) -> Any:
    """Return the database, with Wazo's tables."""
    return call.database


def load_body(call: Call, schema: Schema, is_update: bool = False) -> dict[str, Any]:
    """Return the known fields of the request's body. Raises a 400 with a text for each bad field."""
    return load_object(call.read_body(), schema, is_update)


def load_object(given: Any, schema: Schema, is_update: bool = False) -> dict[str, Any]:
    """Return the known fields of a body, or of an object within one. Raises as ``load_body``."""
    return schemas.load(schema, given, repr, is_update)


def bad_schema(message: str) -> ConfdError:
    """Return the refusal of a body as a whole."""
    return ConfdError(400, f"Input Error - _schema: {[message]!r}")


@dataclass(frozen=True)
class Listing:
    """Answer a list: exact filters on its columns, search, order. Any other parameter is ignored."""

    filters: Mapping[str, Column]
    columns: Columns

    def answer(self, call: Call, rows: Iterable[Any], view: Callable[[Any], Any]) -> Answer:
        page, total = self.columns.page(
            [row for row in rows if self._passes(row, call.query)], call.query, read_paging(call)
        )
        return Answer(body={"total": total, "items": [view(row) for row in page]})

    def _passes(self, row: Any, query: Mapping[str, str]) -> bool:
        asked = ((name, column) for name, column in self.filters.items() if name in query)
        # `uuid` alone takes several values.
        return all(
            any(
                _equals(column(row), wanted) for wanted in (query[name].split(",") if name == "uuid" else [query[name]])
            )
            for name, column in asked
        )


def read_paging(call: Call) -> Paging:
    """Return limit, offset and direction; skip is ignored."""
    direction = call.query.get("direction", "asc")
    if direction not in {"asc", "desc"}:
        raise input_error("direction: must be 'asc' or 'desc'")
    return Paging(_read_integer(call, "limit"), _read_integer(call, "offset") or 0, direction == "desc")


def recurses(call: Call) -> bool:
    return call.query.get("recurse", "").lower() == "true"


def recursive(call: Call) -> bool:
    """Return whether a DELETE or PUT includes the associated objects."""
    return call.query.get("recursive", "").lower() == "true"


def _read_integer(call: Call, name: str) -> int | None:
    text = call.query.get(name)
    if text is None:
        return None
    if not text.isdigit():
        problem = {"message": "Not a valid integer.", "constraint_id": "type", "constraint": "integer"}
        raise ConfdError(400, f"Input Error - {name}: {problem!r}")
    return int(text)


def _equals(value: Any, wanted: str) -> bool:
    return value is not None and str(value) in (wanted, wanted.capitalize() if isinstance(value, bool) else wanted)


def attribute_columns(*names: str) -> dict[str, Column]:
    """Return columns that are attributes of the row."""
    return {name: lambda row, name=name: getattr(row, name) for name in names}  # type: ignore[misc]
