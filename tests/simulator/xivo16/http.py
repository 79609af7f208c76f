# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Read bodies and answer routing errors as 16.16 does (xivo-16.16.md, "HTTP level"; xivo-16.16.md, trap 2)."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

from flask import Response
from marshmallow import Schema
from werkzeug.exceptions import HTTPException
from werkzeug.http import parse_options_header

from .. import schema as schemas
from ..errors import ConfdError, unexpected_error
from ..generation import Call, Exchange
from ..html_pages import html_answer, internal_error
from ..python2 import py2_repr

JSON_TYPE = "application/json"
BAD_JSON = "The browser (or proxy) sent a request that this server could not understand."
NOT_FOUND = (
    "The requested URL was not found on the server.  If you entered the URL manually please check your spelling and "
    "try again."
)
METHOD_NOT_ALLOWED = "The method is not allowed for the requested URL."


def check_headers(exchange: Exchange) -> None:
    """Accept any headers."""


def parse_body(exchange: Exchange) -> dict[str, Any]:
    """Return the JSON object of the body. A body of another type is ignored, and so are [] and null."""
    mimetype, _options = parse_options_header(exchange.content_type or "")
    if mimetype != JSON_TYPE:
        return {}
    try:
        body = json.loads(exchange.raw_body.decode("utf-8"))
    except ValueError as error:
        raise ConfdError(400, BAD_JSON) from error
    if "\\u0000" in json.dumps(body):
        raise unexpected_error("A string literal cannot contain NUL (0x00) characters.")
    if not body:
        return {}
    if not isinstance(body, dict):
        raise ConfdError(400, "Input Error - _schema: [u'Invalid input type.']")
    return body


def load_body(call: Call, schema: Schema, is_update: bool = False, drop_nulls: Collection[str] = ()) -> dict[str, Any]:
    """Return the checked body; drop_nulls: fields whose null is as if they were left out."""
    given = {name: value for name, value in call.read_body().items() if not (value is None and name in drop_nulls)}
    return schemas.load(schema, given, py2_repr, is_update)


def routing_error(error: HTTPException) -> Response:
    if error.code == 500:
        return internal_error(error)
    if error.code != 405:
        return html_answer(404, NOT_FOUND)
    response = Response(json.dumps([METHOD_NOT_ALLOWED]), 405, content_type="application/json")
    response.headers["Allow"] = ", ".join(getattr(error, "valid_methods", None) or ())
    return response
