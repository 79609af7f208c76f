# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Creates the SIP usernames and passwords of lines. A username begins with a mark of what the line was created for."""

from __future__ import annotations

import hashlib
import re
import secrets
import string

USERNAME_ALPHABET = string.ascii_lowercase + string.digits
USERNAME_HASH, USERNAME_RANDOM = 10, 8
"""The numbers of characters of the two parts."""
SECRET_ALPHABET = string.ascii_letters + string.digits
SECRET_LENGTH = 20
CHOSEN = re.compile(rf"[0-9a-f]{{{USERNAME_HASH}}}[a-z0-9]{{{USERNAME_RANDOM}}}")


def is_chosen(username: str | None) -> bool:
    """Return whether a SIP username is one that this collection chooses for a new line."""
    return CHOSEN.fullmatch(username or "") is not None


def is_marked_for(username: str | None, seed: str) -> bool:
    """Return whether this collection created a line for ``seed`` ("1200@default"), according to its SIP username."""
    return (username or "").startswith(username_prefix(seed)) and is_chosen(username)


def username_prefix(seed: str) -> str:
    """Return the first part of the SIP usernames of all lines created for ``seed`` ("1200@default")."""
    return hashlib.sha256(seed.encode()).hexdigest()[:USERNAME_HASH]


def parked_username(key: str) -> str:
    """Return a username for a line or a login whose username another one gets first. It is the same in each plan."""
    return hashlib.sha256(key.encode()).hexdigest()[: USERNAME_HASH + USERNAME_RANDOM]


def new_username(seed: str) -> str:
    """Return a SIP username of [a-z0-9] for a new line: the mark of ``seed``, then random characters."""
    return username_prefix(seed) + "".join(secrets.choice(USERNAME_ALPHABET) for _each in range(USERNAME_RANDOM))


def new_secret() -> str:
    """Return a random SIP secret, where the server would not make one."""
    return "".join(secrets.choice(SECRET_ALPHABET) for _each in range(SECRET_LENGTH))
