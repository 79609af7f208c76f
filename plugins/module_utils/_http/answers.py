# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Parses the JSON of answers: as a whole, or a long list row by row, so that its text and its rows are not kept."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Callable, Iterator
from typing import Any, ClassVar

from .._model.errors import UnreadableError

DROPPED_KEY = "links"
"""A member that the collection does not use, and that is a quarter of the size of a list of users."""
WRONG_ADDRESS_OR_API = (
    "Check that confd_url is the address of confd and that confd_api is the generation of the server."
)
WINDOW = 262_144
"""The characters of a list that are parsed at once, unless a row has more."""
BLANKS = r"[ \t\n\r]*"
"""White space of JSON, for which a blank stands in the patterns below. Python's ``\\s`` means more characters."""
BEFORE_ROWS = re.compile(r' \{ (?:"total" : (?:0|[1-9][0-9]*) , )?"items" : \[ '.replace(" ", BLANKS))
BETWEEN_ROWS = re.compile(r" ([,\]]) (?=\S)".replace(" ", BLANKS))


class Answer(dict[str, Any]):
    """A JSON object in an answer. Reading a missing member raises UnreadableError, which names the request."""

    # The list of all users contains a hundred thousand of these.
    __slots__ = ()
    request: ClassVar[str] = ""

    def __missing__(self, key: str) -> Any:
        raise UnreadableError(f"{self.request}: the answer has no member {key!r}.", hint=WRONG_ADDRESS_OR_API)


def decoder_of(request: str) -> json.JSONDecoder:
    """Return a parser of answers to a request."""
    return json.JSONDecoder(object_hook=_maker_of(request), parse_constant=_refuse_constant)


def rows_of(parts: Iterator[bytes], encoding: str | None, request: str) -> Iterator[Any]:
    """Yield the rows of a list, one after the other, or None for an object without a list of rows.

    parts: the body as pieces of bytes. The next piece is read only when the rows in the earlier ones are parsed.
    Raise ValueError or LookupError for what is no JSON object.
    """
    decoder, texts = decoder_of(request), _decoded(parts, encoding)
    text = _joined(texts, WINDOW)
    begin = BEFORE_ROWS.match(text)
    if begin is None or text.startswith("]", begin.end()):
        # An empty list, or one with other members before its rows.
        yield from _rows_in(decoder.decode(text + "".join(texts)))
        return
    at, size = begin.end(), WINDOW
    while True:
        try:
            row, end = decoder.raw_decode(text, at)
            sign = BETWEEN_ROWS.match(text, end)
        except ValueError:
            sign = None
        if sign is None:
            more = _joined(texts, size)
            if not more:
                raise ValueError("the list has no end")
            text, at, size = text[at:] + more, 0, 2 * size
            continue
        yield row
        at, size = sign.end(), WINDOW
        if sign[1] == "]":
            break
    # What follows the rows has to be valid as well, and no second list.
    if decoder.decode('{"items": []' + text[at:] + "".join(texts))["items"] != []:
        raise ValueError("two lists")


def _rows_in(answer: Any) -> list[Any]:
    if not isinstance(answer, dict):
        raise ValueError("no object")
    rows = answer.get("items")
    return rows if isinstance(rows, list) else [None]


def _maker_of(request: str) -> Callable[[dict[str, Any]], Answer]:
    """Return the function that turns the members of a JSON object into an Answer to this request."""

    class AnswerTo(Answer):
        __slots__ = ()

    AnswerTo.request = request

    def make(members: dict[str, Any]) -> Answer:
        members.pop(DROPPED_KEY, None)
        return AnswerTo(members)

    return make


def _refuse_constant(text: str) -> Any:
    """Raise ValueError for NaN and Infinity, which Python's parser accepts and JSON does not have."""
    raise ValueError(f"{text} is not JSON")


def _decoded(parts: Iterator[bytes], encoding: str | None) -> Iterator[str]:
    """Yield the text of parts. Raise ValueError or LookupError for bytes that are no text."""
    first = next(parts, b"")
    decoder = codecs.getincrementaldecoder(encoding or json.detect_encoding(first))()
    yield decoder.decode(first)
    for part in parts:
        yield decoder.decode(part)
    yield decoder.decode(b"", final=True)


def _joined(texts: Iterator[str], size: int) -> str:
    """Return at least ``size`` of the next characters, if there are so many."""
    found, length = [], 0
    for text in texts:
        found.append(text)
        length += len(text)
        if length >= size:
            break
    return "".join(found)
