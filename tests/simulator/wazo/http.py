# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Read requests and answer routing errors as Wazo does (wazo-26.08.md, "4. Errors")."""

from __future__ import annotations

import json

from flask import Response
from werkzeug.exceptions import HTTPException

from ..errors import ConfdError
from ..generation import Exchange, Json
from ..html_pages import internal_error

NOT_FOUND = (
    "<!doctype html>\n<html lang=en>\n<title>404 Not Found</title>\n<h1>Not Found</h1>\n<p>The requested URL was not "
    "found on the server. If you entered the URL manually please check your spelling and try again.</p>\n"
)
NOT_UNDERSTOOD = "The browser (or proxy) sent a request that this server could not understand."


def check_headers(exchange: Exchange) -> None:
    """Accept any Accept and Content-Type."""


def parse_body(exchange: Exchange) -> Json:
    try:
        return json.loads(exchange.raw_body)
    except ValueError as error:
        raise ConfdError(400, NOT_UNDERSTOOD) from error


def routing_error(error: HTTPException) -> Response:
    """Return an HTML page for an unknown URL, a JSON object for a wrong method."""
    if error.code == 500:
        return internal_error(error)
    if error.code != 405:
        return Response(NOT_FOUND, 404, content_type="text/html; charset=utf-8")
    body = json.dumps({"message": "The method is not allowed for the requested URL."})
    response = Response(body, 405, content_type="application/json")
    response.headers["Allow"] = ", ".join(getattr(error, "valid_methods", None) or ())
    return response
