# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The SIP usernames that this collection gives to new lines, and what they say about a line."""

from __future__ import annotations

import hashlib
import secrets
import string

from .records import Line

USERNAME_ALPHABET = string.ascii_lowercase + string.digits


USERNAME_HASH = 10


USERNAME_RANDOM = 8


def is_marked_for(line: Line, seed: str) -> bool:
    """Whether the SIP username of a line says that this collection made it for ``seed`` ("1200@default")."""
    username = line["username"] or ""
    marked = username.startswith(username_prefix(seed))
    return marked and len(username) == USERNAME_HASH + USERNAME_RANDOM


def username_prefix(seed: str) -> str:
    """What the SIP usernames of all lines that this collection makes for ``seed`` ("1200@default") begin with."""
    return hashlib.sha256(seed.encode()).hexdigest()[:USERNAME_HASH]


def new_username(seed: str) -> str:
    """A SIP username for a new line: a mark of what it is for, then random characters; [a-z0-9] only."""
    return username_prefix(seed) + "".join(secrets.choice(USERNAME_ALPHABET) for _each in range(USERNAME_RANDOM))
