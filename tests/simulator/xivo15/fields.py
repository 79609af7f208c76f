# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check the fields of a request body and their types (xivo-15.12.md, "HTTP level").

The first bad field alone is reported, in the server's own texts, and missing fields are looked for in the updated
object: marshmallow would need more code than this.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from ..errors import input_error
from ..python2 import dict_order

Kind = Literal["text", "integer", "boolean", "object"]
MESSAGES: dict[Kind, str] = {
    "text": "Should be a unicode string",
    "integer": "Should be an integer",
    "boolean": "Should be a boolean",
    "object": "Should be a dictionary",
}


def wrong_type(field: str, message: str, **values: object) -> Exception:
    return input_error(f"field '{field}': wrong type. {message}", **values)


def _is_of(kind: Kind, value: object) -> bool:
    if kind == "integer":
        return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, {"text": str, "boolean": bool, "object": dict}[kind])


@dataclass(frozen=True)
class Body:
    """Hold the fields that a resource's body may have, and those it must have."""

    fields: Mapping[str, Kind]
    required: tuple[str, ...] = ()

    def check(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Return the fields. Raises a 400 for unknown fields, then for the first wrong type; null is of every type."""
        if unknown := dict_order(name for name in dict_order(given) if name not in self.fields):
            raise input_error(f"unknown parameters: {', '.join(unknown)}")
        for name, kind in self.fields.items():
            if given.get(name) is not None and not _is_of(kind, given[name]):
                raise wrong_type(name, MESSAGES[kind])
        return dict(given)

    def check_required(self, values: Mapping[str, Any]) -> None:
        if missing := [name for name in self.required if values.get(name) in {None, ""}]:
            raise input_error(f"missing parameters: {', '.join(missing)}")


def list_body(items: list[dict[str, Any]], total: int | None = None) -> dict[str, Any]:
    """Return the body of a list."""
    return {"items": items, "total": len(items) if total is None else total}
