# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Take an object whose members depend on one of them: a destination by its type.

Facts: person-xivo-16.16.md, "users/ID/fallbacks"; person-xivo-16.16.md, "users/ID/funckeys, /funckeys/templates".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, ValidationError, fields

from ..schema import Body

NOT_A_CHOICE = "Not a valid choice."


def members(**found: Any) -> Schema:
    """Return the members of one type of object."""
    return Body.from_dict(found)()


class Variants:
    """Hold the types of an object: {type: its members, or its own variants}; key: the member that says the type."""

    def __init__(self, key: str, types: Mapping[str, Schema | Variants]) -> None:
        self._key = key
        self._types = types

    def load(self, value: Any) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise ValidationError({"_schema": ["Invalid input type."]})
        if self._key not in value:
            raise ValidationError({self._key: ["Missing data for required field."]})
        kind = value[self._key]
        if kind is None:
            raise ValidationError({self._key: ["Field may not be null."]})
        if not isinstance(kind, str) or kind not in self._types:
            raise ValidationError({self._key: [NOT_A_CHOICE]})
        return {self._key: kind, **self._types[kind].load(value)}


class Variant(fields.Field[Any]):
    """Take an object that is one of several variants."""

    def __init__(self, variants: Variants, **options: Any) -> None:
        super().__init__(**options)
        self._variants = variants

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        try:
            return self._variants.load(value)
        except ValidationError as error:
            raise ValidationError(error.messages) from error
