# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds secrets in options and requests."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from typing import Any

from .masking import HIDDEN_KEYS, is_secret

SHORT_SECRET = 8
"""Shorter values, and numbers, are masked under a secret key only: the PIN "1200" must not hide every 1200."""
PAIR = 2


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
