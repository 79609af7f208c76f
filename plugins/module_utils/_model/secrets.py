# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds secrets in options and requests, and takes them out of the words of others: servers, proxies, libraries."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import quote

from .resources import HIDDEN_KEYS, MASK, is_secret

SHORT_SECRET = 8
"""Values under this length, and numbers, are secret where a key says so: "1200" as a PIN must not hide every 1200."""
PAIR = 2
USERINFO = re.compile(r"(?<=//)\S*@")
"""The credentials in a URL, up to the last @: a password may hold anything."""


def secret_texts(value: Any) -> frozenset[str]:
    """Every text under a secret key, also in pairs such as ["password", "..."], as Wazo writes the secret of a line."""
    return frozenset(text for secret, text in _texts(value) if secret and text)


def maskable_secrets(value: Any) -> frozenset[str]:
    """The secrets that nobody can take for something else: those that ``value`` has under no other key as well."""
    plain = {text for secret, text in _texts(value) if not secret}
    return secret_texts(value) - plain


def rows_of(table: bytes | None) -> list[dict[str, Any]]:
    """The rows of a table in CSV, as it is sent to a server that takes many users at once."""
    return list(csv.DictReader(io.StringIO((table or b"").decode("utf-8"))))


def is_short(secret: str) -> bool:
    """Whether a secret is masked by its key only."""
    return len(secret) < SHORT_SECRET or secret.isdigit()


def without(text: str, secrets: Iterable[str]) -> str:
    """The text without secrets, in whatever spelling of Python, JSON or URLs it shows them; short ones as words."""
    for secret in sorted(filter(None, secrets), key=len, reverse=True):
        for spelling in _spellings(secret):
            found = re.escape(spelling)
            text = re.sub(rf"(?<!\w){found}(?!\w)" if is_short(secret) else found, MASK, text)
    return text


def without_credentials(text: str) -> str:
    """The text without the user names and passwords that URLs in it hold."""
    return USERINFO.sub(f"{MASK}@", text)


def _texts(value: Any, secret: bool = False) -> Iterator[tuple[bool, str]]:
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
