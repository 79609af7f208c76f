# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Wazo's views share: errors, bodies, lists (facts file wazo-26.08, sections 4 and 7)."""

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
    """The database, with Wazo's tables."""
    return call.database


def body_of(call: Call, schema: Schema, is_update: bool = False) -> dict[str, Any]:
    """Return the known fields of the request's body. Raises a 400 with a text for each bad field."""
    return checked(call.read_body(), schema, is_update)


def checked(given: Any, schema: Schema, is_update: bool = False) -> dict[str, Any]:
    """Return the known fields of a body, or of an object within one. Raises as ``body_of``."""
    return schemas.load(schema, given, repr, is_update)


def bad_schema(words: str) -> ConfdError:
    """The refusal of a body as a whole."""
    return ConfdError(400, f"Input Error - _schema: {[words]!r}")


@dataclass(frozen=True)
class Listing:
    """A list: exact filters on its columns, search, order; any other parameter is ignored without a word."""

    filters: Mapping[str, Column]
    columns: Columns

    def answer(self, call: Call, rows: Iterable[Any], view: Callable[[Any], Any]) -> Answer:
        page, total = self.columns.page(
            [row for row in rows if self._passes(row, call.query)], call.query, paging(call)
        )
        return Answer(body={"total": total, "items": [view(row) for row in page]})

    def _passes(self, row: Any, query: Mapping[str, str]) -> bool:
        asked = ((name, column) for name, column in self.filters.items() if name in query)
        # `uuid` alone takes several values.
        return all(
            any(_is(column(row), wanted) for wanted in (query[name].split(",") if name == "uuid" else [query[name]]))
            for name, column in asked
        )


def paging(call: Call) -> Paging:
    """limit, offset and direction; skip is ignored."""
    direction = call.query.get("direction", "asc")
    if direction not in {"asc", "desc"}:
        raise input_error("direction: must be 'asc' or 'desc'")
    return Paging(_integer(call, "limit"), _integer(call, "offset") or 0, direction == "desc")


def recurses(call: Call) -> bool:
    return call.query.get("recurse", "").lower() == "true"


def recursive(call: Call) -> bool:
    """Whether a DELETE or a PUT takes what hangs on the object as well."""
    return call.query.get("recursive", "").lower() == "true"


def _integer(call: Call, name: str) -> int | None:
    text = call.query.get(name)
    if text is None:
        return None
    if not text.isdigit():
        problem = {"message": "Not a valid integer.", "constraint_id": "type", "constraint": "integer"}
        raise ConfdError(400, f"Input Error - {name}: {problem!r}")
    return int(text)


def _is(value: Any, wanted: str) -> bool:
    return value is not None and str(value) in (wanted, wanted.capitalize() if isinstance(value, bool) else wanted)


def attribute(*names: str) -> dict[str, Column]:
    """Columns that are attributes of the row."""
    return {name: lambda row, name=name: getattr(row, name) for name in names}  # type: ignore[misc]
