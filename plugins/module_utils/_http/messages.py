# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds the messages in the bodies of answers, each service's own way."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable, Iterator
from typing import Any

from .._model.masker import LONGEST_EXCERPT_SOURCE

with contextlib.suppress(ImportError):
    import requests

MOST_MESSAGES = 1000
MOST_CHARACTERS = 200_000
"""The messages of an answer that are read, and their characters: more than the rows that a run sends at once have."""
TLS_WANTED = re.compile(r"plain HTTP request|only speaks HTTPS|HTTPS port", re.IGNORECASE)
"""What nginx, cheroot and Apache answer to plain HTTP on a port for TLS."""


def text_of(response: requests.Response) -> str:
    """Return the body of an answer as text. The charset that it names is not used: requests fails on unknown ones."""
    return response.content.decode("utf-8", "replace")


def wants_tls(url: str, response: requests.Response) -> bool:
    """Return whether an answer says that the port is for TLS only, to a request to a URL without TLS."""
    return url.startswith("http:") and TLS_WANTED.search(text_of(response)[:LONGEST_EXCERPT_SOURCE]) is not None


def messages_of(body: Any) -> list[str]:
    """Return the messages of an answer: confd's list, the errors of an import, wazo-auth's reasons, or one text.

    The rows that an import repeats, passwords included, are left out. Source: wazo-26.08.md, "4. Errors".
    """
    if isinstance(body, dict):
        errors = ((_row_number(error), _message_of(error)) for error in _import_errors(body))
        rows = [text if number is None else f"row {number}: {text}" for number, text in errors]
        body = rows or _auth_message(body) or body.get("reason") or [str(body)]
    if body is None:
        return []
    return [str(each) for each in body[:MOST_MESSAGES]] if isinstance(body, list) else [str(body)]


def _auth_message(body: dict[str, Any]) -> str:
    """Return the message of wazo-auth about a request, with those about its fields; '' if there is none.

    Source: person-wazo-26.08.md, "1.2 Straight at wazo-auth".
    """
    details = body.get("details")
    fields = details.values() if isinstance(details, dict) else ()
    about = [each.get("message") for each in fields if isinstance(each, dict)]
    return ": ".join([str(body.get("message") or ""), *map(str, filter(None, about))]).strip(": ")


def bounded(texts: Iterable[str]) -> Iterator[str]:
    """Yield the first texts, as far as they have no more characters together than are read."""
    left = MOST_CHARACTERS
    for text in texts:
        left -= min(len(text), LONGEST_EXCERPT_SOURCE)
        if left < 0:
            return
        yield text


def messages_of_rows(body: Any) -> dict[int, str]:
    """Return {row number: first message} of the errors of an import (xivo-16.16.md, "users/import")."""
    errors = _import_errors(body)
    rows: dict[int, str] = {}
    for error, message in zip(errors, bounded(map(_message_of, errors))):
        number = _row_number(error)
        if number is not None:
            rows.setdefault(number, message)
    return rows


def _import_errors(body: Any) -> list[dict[str, Any]]:
    errors = body.get("errors") if isinstance(body, dict) else None
    return [error for error in errors[:MOST_MESSAGES] if isinstance(error, dict)] if isinstance(errors, list) else []


def _row_number(error: dict[str, Any]) -> int | None:
    details = error.get("details")
    number = details.get("row_number") if isinstance(details, dict) else None
    return number if isinstance(number, int) else None


def _message_of(error: dict[str, Any]) -> str:
    return str(error.get("message") or "rejected, no reason given")
