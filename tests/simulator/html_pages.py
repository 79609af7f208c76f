# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Write the HTML pages that confd answers where it does not answer JSON (xivo-15.12.md, "HTTP level")."""

from __future__ import annotations

import json
from http import HTTPStatus

from flask import Response, request
from werkzeug.exceptions import HTTPException

NOT_FOUND = (
    "The requested URL was not found on the server.</p><p>If you entered the URL manually please check your "
    "spelling and try again."
)
METHOD_NOT_ALLOWED = "The method {method} is not allowed for the requested URL."
NOT_ACCEPTABLE = (
    "The resource identified by the request is only capable of generating response entities which have "
    "content characteristics not acceptable according to the accept headers sent in the request."
)
UNSUPPORTED_MEDIA_TYPE = "The server does not support the media type transmitted in the request."
FORBIDDEN = (
    "You don't have the permission to access the requested resource. It is either read-protected or not "
    "readable by the server."
)


class HtmlError(Exception):
    """Report a failure that is an HTML page instead of confd's JSON list."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status = status
        self.text = text


def html_page(status: int, text: str) -> str:
    """Write the page as the server's web framework did in 2015."""
    name = HTTPStatus(status).phrase
    return (
        '<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 3.2 Final//EN">\n'
        f"<title>{status} {name}</title>\n<h1>{name}</h1>\n<p>{text}</p>\n"
    )


def html_answer(status: int, text: str) -> Response:
    return Response(html_page(status, text), status, content_type="text/html")


def internal_error(error: HTTPException) -> Response:
    """Return the answer to a failure of the simulator itself."""
    text = f"Unexpected error: {getattr(error, 'original_exception', error)}"
    return Response(json.dumps([text]), 500, content_type="application/json")


def routing_error(error: HTTPException) -> Response:
    """Return the pages for an unknown URL and a wrong method."""
    if error.code == 500:
        return internal_error(error)
    if error.code != 405:
        return html_answer(404, NOT_FOUND)
    response = html_answer(405, METHOD_NOT_ALLOWED.format(method=request.method))
    response.headers["Allow"] = ", ".join(getattr(error, "valid_methods", None) or ())
    return response
