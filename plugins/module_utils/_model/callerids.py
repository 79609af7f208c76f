# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Caller IDs: their canonical form, and those that servers generate."""

from __future__ import annotations

import re

NUMBERED_CALLER_ID = re.compile(r'.*" <\S+>', re.DOTALL)


def canonical_caller_id(value: str) -> str | None:
    """Return ``"Name"`` or ``"Name" <number>`` for every spelling of confd and administrators; None if empty.

    Source: xivo-15.12.md, "users".
    """
    bare = value.lstrip('"')
    # A pattern for the quotes and blanks at the end would take a time that grows with the square of their number.
    end = len(bare)
    while end and (bare[end - 1] == '"' or bare[end - 1].isspace()):
        end -= 1
    bare = bare[:end]
    if NUMBERED_CALLER_ID.fullmatch(bare):
        return f'"{bare}'
    return f'"{bare}"' if bare else None


def generated_caller_id(firstname: str | None, lastname: str | None) -> str | None:
    """Return the caller ID that confd makes of a name; None if the name is empty."""
    return canonical_caller_id(" ".join(part for part in (firstname, lastname) if part))


def callerid_of_line(caller_id: str | None, exten: str | None) -> str | None:
    """Return the caller ID that xivo16 and wazo make for a line: the user's, with the number if it has none."""
    if caller_id is None or exten is None or caller_id.endswith(">"):
        return caller_id
    return f"{caller_id} <{exten}>"
