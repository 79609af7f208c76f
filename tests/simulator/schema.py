# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check bodies with marshmallow, as the younger generations do.

Every bad field is reported, and unknown fields are ignored (xivo-16.16.md, "HTTP level"; wazo-26.08.md, "4. Errors").
XiVO 15.12 works otherwise: see xivo15/fields.py.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, fields
from marshmallow.validate import Regexp

from .errors import BadFields


class Body(Schema):
    """Describe the fields that a body, or an object within a body, may have."""

    class Meta:
        unknown = EXCLUDE


class StrictBoolean(fields.Boolean):
    """Take a JSON boolean, and none of the other spellings that marshmallow accepts."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool:
        if not isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return value


Text = partial(fields.String, load_default=None)
"""A string that may be null, and is null in a POST that leaves it out."""


def matches(pattern: str, error: str | None = None, end: str = r"\Z") -> Regexp:
    """Return a validator of strings that match the whole pattern; error replaces marshmallow's message.

    end: "$" takes a newline after the pattern as well.
    """
    return Regexp(rf"(?:{pattern}){end}", error=error)


def load(schema: Schema, given: Any, show: Callable[[object], str], is_update: bool = False) -> dict[str, Any]:
    """Return the known fields of a body as they are stored. Raises a 400 with a text for each bad field.

    is_update: a field that is left out stays (PUT), instead of getting its default (POST); objects within the body
    must be complete in both cases. show: the repr() of the server's Python.
    """
    try:
        loaded: dict[str, Any] = schema.load(given, partial=tuple(schema.fields) if is_update else None)
    except ValidationError as error:
        raise BadFields(error.messages_dict, show) from error
    return loaded
