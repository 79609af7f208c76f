# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Read headers and bodies as 15.12 does (xivo-15.12.md, "HTTP level")."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from werkzeug.http import parse_accept_header, parse_options_header

from ..errors import ConfdError, unexpected_error
from ..generation import Exchange
from ..html_pages import NOT_ACCEPTABLE, UNSUPPORTED_MEDIA_TYPE, HtmlError
from ..python2 import py2_type_name

JSON_TYPE = "application/json"


def check_headers(exchange: Exchange) -> None:
    """Require JSON: in Accept of GET and POST, in Content-Type of POST and PUT, and there without parameters."""
    check_accept(exchange)
    if exchange.method in {"POST", "PUT"}:
        _check_content_type(exchange.content_type or "")


def check_accept(exchange: Exchange) -> None:
    """Require JSON in Accept of GET and POST."""
    if exchange.method in {"GET", "POST"} and JSON_TYPE not in _accepted(exchange.accept):
        raise HtmlError(406, NOT_ACCEPTABLE)


@lru_cache(maxsize=64)
def _accepted(accept: str | None) -> tuple[str, ...]:
    return tuple(mimetype for mimetype, quality in parse_accept_header(accept) if quality > 0)


def _check_content_type(content_type: str) -> None:
    mimetype, _options = parse_options_header(content_type)
    if mimetype != JSON_TYPE:
        raise HtmlError(415, UNSUPPORTED_MEDIA_TYPE)
    if content_type != JSON_TYPE:
        raise ConfdError(400, f"Supported Content-Types: {JSON_TYPE}")


def parse_body(exchange: Exchange) -> dict[str, Any]:
    """Return the JSON object of the body. Raises a 500 with Python 2's text if it is none."""
    try:
        body = json.loads(exchange.raw_body.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise unexpected_error(str(error).replace("'utf-8'", "'utf8'", 1)) from error
    except json.JSONDecodeError as error:
        no_value = error.msg == "Expecting value"
        raise unexpected_error("No JSON object could be decoded" if no_value else str(error)) from error
    if not isinstance(body, dict):
        raise unexpected_error(f"'{py2_type_name(body)}' object has no attribute 'keys'")
    if "\\u0000" in json.dumps(body):
        raise unexpected_error("A string literal cannot contain NUL (0x00) characters.")
    return body
