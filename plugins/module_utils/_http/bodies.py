# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The bodies of answers, in the parts in which they were read: a list of all users has 30 MB."""

from __future__ import annotations

import json
from collections.abc import Iterator

try:
    from requests import Response
except ImportError:
    # _ansible/module.py reports that requests is missing. Until then, the class below needs a base class.
    Response = object  # type: ignore[misc, assignment]


class PartedResponse(Response):
    """An answer whose body is kept in parts, which can be released one by one.

    size: bytes of the whole body, also after parts are released.
    """

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[bytes] = []
        self.size = 0

    @property
    def content(self) -> bytes:
        return b"".join(self.parts)


def size_of(response: Response) -> int:
    """Return how many bytes the body of an answer had."""
    return response.size if isinstance(response, PartedResponse) else len(response.content)


def taken_text(response: Response) -> str:
    """Return the text of an answer, and empty its body. Raise ValueError or LookupError for what is no text."""
    content = b"".join(taken_parts(response))
    return content.decode(response.encoding or json.detect_encoding(content))


def taken_parts(response: Response) -> Iterator[bytes]:
    """Yield the parts of the body of an answer, and remove each from the answer."""
    parts = response.parts if isinstance(response, PartedResponse) else [response.content]
    parts.reverse()
    while parts:
        yield parts.pop()
