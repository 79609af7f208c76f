# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds secrets in options and requests, and removes them from the texts of servers, proxies and libraries."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import quote

from .printable import one_line
from .resources import HIDDEN_KEYS, MASK, is_secret

SHORT_SECRET = 8
"""Shorter values, and numbers, are masked under a secret key only: the PIN "1200" must not hide every 1200."""
PAIR = 2
BLANKS = re.compile(r"(\s+)")
LONGEST_EXCERPT_SOURCE = 20_000
"""The number of characters of a foreign text that are looked at: hostile ones are long."""


def secret_texts(value: Any) -> frozenset[str]:
    """Return every text under a secret key, and of pairs such as ["password", "..."].

    Wazo has the secret of a line in such a pair (wazo-26.08.md, "5.2 Line").
    """
    return frozenset(text for secret, text in _texts(value) if secret and text)


def maskable_secrets(value: Any) -> frozenset[str]:
    """Return the secrets of a value that it does not also contain under a key that is not secret."""
    plain = {text for secret, text in _texts(value) if not secret}
    return secret_texts(value) - plain


def parse_csv(table: bytes | None) -> list[dict[str, Any]]:
    """Return the rows of a table in CSV, as it is sent to create many users in one request."""
    return list(csv.DictReader(io.StringIO((table or b"").decode("utf-8"))))


def is_masked_by_key_only(secret: str) -> bool:
    """Return whether a secret is too short, or too much like a number, to be masked in any text."""
    return len(secret) < SHORT_SECRET or secret.isdigit()


def remove_secrets(text: str, secrets: Iterable[str]) -> str:
    """Return a text with secrets masked, in each spelling of Python, JSON and URLs; short ones as whole words only."""
    for secret in sorted(filter(None, secrets), key=len, reverse=True):
        for spelling in _spellings(secret):
            found = re.escape(spelling)
            text = re.sub(rf"(?<!\w){found}(?!\w)" if is_masked_by_key_only(secret) else found, MASK, text)
    return text


def remove_credentials(text: str) -> str:
    """Return a text with the usernames and passwords of its URLs masked, up to the last @ of each word.

    A password may contain any character. The time is linear in the length of the text, unlike that of a pattern.
    """
    return "".join(map(_without_userinfo, BLANKS.split(text)))


def excerpt(text: str, secrets: Iterable[str], longest: int) -> str:
    """Return the beginning of a foreign text in one printable line, without secrets and credentials.

    longest: the number of characters after which the text ends with "...". The text is cut before it is searched. What
    may be the first half of a secret at the cut is left out.
    """
    secrets = [secret for secret in secrets if secret]
    is_cut = len(text) > LONGEST_EXCERPT_SOURCE
    safe = text[:LONGEST_EXCERPT_SOURCE]
    if is_cut:
        words, blank, last = safe.rpartition(" ")
        safe = f"{words}{blank}{last.partition('//')[0]}"
    safe = remove_secrets(remove_credentials(safe), secrets)
    if is_cut:
        margin = max((len(spelling) for secret in secrets for spelling in _spellings(secret)), default=0)
        safe = f"{safe[: max(len(safe) - margin, 0)]} ..."
    return one_line(safe, longest)


def _without_userinfo(word: str) -> str:
    before, slashes, rest = word.partition("//")
    _userinfo, sign, host = rest.rpartition("@")
    return f"{before}//{MASK}@{host}" if slashes and sign else word


def _texts(value: Any, secret: bool = False) -> Iterator[tuple[bool, str]]:
    """Yield (whether it is secret, the text) of everything in a value."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _texts(inner, secret or key in HIDDEN_KEYS or is_secret(key, inner))
    elif isinstance(value, (list, tuple)):
        named = len(value) == PAIR and isinstance(value[0], str) and value[0] in HIDDEN_KEYS
        for inner in value[1:] if named else value:
            yield from _texts(inner, secret or named)
    elif value is not None and not isinstance(value, bool):
        yield secret, str(value)


def _spellings(secret: str) -> list[str]:
    """Return how Python, JSON and URLs may write a secret, longest first."""
    escaped = secret.encode("unicode_escape").decode("ascii")
    spellings = {
        secret,
        repr(secret)[1:-1],
        json.dumps(secret)[1:-1],
        json.dumps(secret, ensure_ascii=False)[1:-1],
        escaped,
        escaped.replace("'", "\\'"),
        " ".join(secret.split()),
        quote(secret, safe="", errors="replace"),
    }
    return sorted(filter(None, spellings), key=len, reverse=True)
