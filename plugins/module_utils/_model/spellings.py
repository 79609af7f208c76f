# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Spells caller IDs, MAC addresses and sets of names in one way."""

from __future__ import annotations

import re
from collections.abc import Iterable

from .texts import plain_text

HEXADECIMAL_MAC = re.compile(r"[0-9a-f]{12}")
NUMBERED_CALLER_ID = re.compile(r'.*" <\S+>', re.DOTALL)


def canonical_caller_id(value: str) -> str | None:
    """Return ``"Name"`` or ``"Name" <number>`` for every spelling of confd and administrators; None if empty.

    Source: xivo-15.12.md, "users".
    """
    bare = value.lstrip('"')
    # A pattern for the quotes and blanks at the end would take a time that grows with the square of their number.
    end = next((at for at in range(len(bare), 0, -1) if bare[at - 1] != '"' and not bare[at - 1].isspace()), 0)
    bare = bare[:end]
    if NUMBERED_CALLER_ID.fullmatch(bare):
        return f'"{bare}'
    return f'"{bare}"' if bare else None


def canonical_mac(value: str) -> str:
    """Return a MAC address in lower case with colons; a text that is not a MAC address as it is.

    Accepts 00:08:5D:00:00:01, 00-08-5d-00-00-01, 0008.5d00.0001 and 00085d000001.
    """
    digits = re.sub(r"[:.\-]", "", value).lower()
    pairs = [digits[at : at + 2] for at in range(0, len(digits), 2)]
    return ":".join(pairs) if HEXADECIMAL_MAC.fullmatch(digits) else value


def canonical_names(value: Iterable[str]) -> tuple[str, ...]:
    """Return names of which neither the order nor the number of times matters."""
    return tuple(sorted({plain_text(name) for name in value}))


def generated_caller_id(firstname: str | None, lastname: str | None) -> str | None:
    """Return the caller ID that confd makes of a name; None if the name is empty."""
    return canonical_caller_id(" ".join(part for part in (firstname, lastname) if part))


def callerid_of_line(caller_id: str | None, exten: str | None) -> str | None:
    """Return the caller ID that xivo16 and wazo make for a line: the user's, with the number if it has none."""
    if caller_id is None or exten is None or caller_id.endswith(">"):
        return caller_id
    return f"{caller_id} <{exten}>"
