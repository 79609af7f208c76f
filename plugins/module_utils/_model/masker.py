# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Removes secrets from the texts of servers, proxies and libraries, in each form in which these write them."""

from __future__ import annotations

import html
import json
import re
from base64 import b64encode
from collections.abc import Iterable, Iterator
from urllib.parse import quote, quote_plus

from .masking import MASK
from .printable import one_line
from .secrets import is_masked_by_key_only

BLANKS = re.compile(r"(\s+)")
LONGEST_EXCERPT_SOURCE = 20_000
"""The number of characters of a foreign text that are looked at: hostile ones are long."""
PREFIX = 8
"""The characters of a form by which it is looked up."""
HEX_DIGITS = re.compile(r"(?:(?<=%)|(?<=\\x))[0-9A-F]{2}|(?<=\\u)[0-9A-F]{4}|(?<=&#x)[0-9A-F]+(?=;)", re.IGNORECASE)
IN_SCRIPTS = {ord(sign): f"\\u{ord(sign):04x}" for sign in "&<>'"}
"""What frameworks escape in JSON besides, so that it can be a part of a page."""


class Masker:
    """Replaces secrets by MASK. Those that are short, or numbers, are replaced as whole words only.

    The time is linear in the length of a text, however many secrets there are: a request has up to a thousand.
    are_foreign: whether the texts come from servers or libraries, which may write a secret in another form.
    """

    def __init__(self, secrets: Iterable[str], are_foreign: bool = True) -> None:
        self._longest = 0
        self._forms: dict[str, dict[int, dict[str, bool]]] = {}
        """{first characters of a form: {length of the form: {form: whether it is replaced as a whole word only}}}."""
        for secret in filter(None, secrets):
            as_word = is_masked_by_key_only(secret)
            for form in _forms_of(secret) if are_foreign else {secret, quote(secret, safe="")}:
                forms = self._forms.setdefault(form[:PREFIX], {}).setdefault(len(form), {})
                forms[form] = as_word and forms.get(form, True)
                self._longest = max(self._longest, len(form))
        self._sizes = sorted({len(prefix) for prefix in self._forms})

    def mask(self, text: str) -> str:
        """Return a text with MASK in place of secrets."""
        parts, end = [], 0
        for start, stop in self._occurrences(text):
            if start >= end:
                parts += [text[end:start], MASK]
            end = max(end, stop)
        return "".join([*parts, text[end:]])

    def excerpt(self, text: str, longest: int) -> str:
        """Return the beginning of a foreign text in one printable line, without secrets and credentials.

        longest: the number of characters after which the text ends with "...". The text is cut before it is searched.
        What may be the first half of a secret at the cut is left out.
        """
        is_cut = len(text) > LONGEST_EXCERPT_SOURCE
        safe = text[:LONGEST_EXCERPT_SOURCE]
        if is_cut:
            words, blank, last = safe.rpartition(" ")
            safe = f"{words}{blank}{last.partition('//')[0]}"
        safe = self.mask(remove_credentials(safe))
        if is_cut:
            safe = f"{safe[: max(len(safe) - self._longest, 0)]} ..."
        return one_line(safe, longest)

    def _occurrences(self, text: str) -> Iterator[tuple[int, int]]:
        """Yield (start, end) of every secret in a text; they may overlap."""
        texts = dict.fromkeys((text, _in_lower_hex(text)))
        for start in range(len(text) if self._forms else 0):
            for each in texts:
                for length in self._lengths_at(each, start):
                    yield start, start + length

    def _lengths_at(self, text: str, start: int) -> Iterator[int]:
        """Yield the lengths of the forms that begin at a place of a text."""
        for size in self._sizes:
            for length, forms in self._forms.get(text[start : start + size], {}).items():
                as_word = forms.get(text[start : start + length])
                if as_word is False or (as_word and _is_word(text, start, start + length)):
                    yield length


def remove_credentials(text: str) -> str:
    """Return a text with the usernames and passwords of its URLs masked, up to the last @ of each word.

    A password may contain any character. The time is linear in the length of the text, unlike that of a pattern.
    """
    return "".join(map(_without_userinfo, BLANKS.split(text)))


def _without_userinfo(word: str) -> str:
    before, slashes, rest = word.partition("//")
    _userinfo, sign, host = rest.rpartition("@")
    return f"{before}//{MASK}@{host}" if slashes and sign else word


def _is_word(text: str, start: int, end: int) -> bool:
    """Return whether neither a letter, a digit nor an underscore is next to a part of a text."""
    return not any(sign.isalnum() or sign == "_" for sign in (text[max(start - 1, 0) : start], text[end : end + 1]))


def _forms_of(secret: str) -> set[str]:
    """Return how servers and libraries may write a secret: plain, escaped, encoded, and in the wrong character set."""
    raw, latin = secret.encode("utf-8", "replace"), secret.encode("latin-1", "replace")
    # Python takes the status line and the headers of an answer for Latin-1.
    readings = {secret, " ".join(secret.split()), raw.decode("latin-1")}
    forms = {form for reading in readings for form in _escaped(reading)}
    forms |= {repr(raw)[2:-1], repr(latin)[2:-1], quote(latin, safe=""), quote_plus(latin)}
    for data in (raw, latin):
        # As in the header of Basic authentication, and as in URLs.
        encoded = b64encode(data).decode().rstrip("=")
        forms |= {encoded, encoded.replace("+", "-").replace("/", "_")}
    return {*forms, *map(_in_lower_hex, forms)} - {""}


def _escaped(text: str) -> set[str]:
    """Return how Python, JSON, HTML and URLs may write a text."""
    escaped = text.encode("unicode_escape").decode("ascii")
    as_json = {json.dumps(text)[1:-1], json.dumps(text, ensure_ascii=False)[1:-1]}
    as_json |= {form.translate(IN_SCRIPTS) for form in as_json}
    as_html = html.escape(text)
    return {
        text,
        repr(text)[1:-1],
        escaped,
        escaped.replace("'", "\\'"),
        *as_json,
        *(form.replace("/", "\\/") for form in as_json),
        "".join(f"\\u{ord(sign):04x}" for sign in text),
        as_html,
        as_html.replace("&#x27;", "&#39;").replace("&quot;", "&#34;"),
        as_html.replace("&#x27;", "&#39;"),
        as_html.replace("&#x27;", "&apos;"),
        html.escape(text, quote=False),
        quote(text, safe="", errors="replace"),
        quote(text, errors="replace"),
        quote_plus(text, errors="replace"),
        quote_plus(text, safe="/", errors="replace"),
    }


def _in_lower_hex(text: str) -> str:
    """Return a text of the same length, with the numbers of its escapes in lower case, which not all write."""
    return HEX_DIGITS.sub(lambda found: found[0].lower(), text)
