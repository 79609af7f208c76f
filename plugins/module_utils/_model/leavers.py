# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The mark of a leaver: a text in the description of a user whom a purge has disabled.

It says since when the user is disabled and what has been switched off, so that a later run can remove the user, or
switch on again what was on before. It is in the description and not in the userfield, because many teams keep their own
id there, and because a description can be longer (person-wazo-26.08.md, "11. user fields, music on hold, voicemails,
several lines": any length; person-xivo-15.12.md, "users/ID/voicemail, voicemails: what was open": 4,001 characters).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

BEGUN, DONE = "leaving", "left"
"""The first word of the mark: while the user is being disabled, and afterwards."""
MARK = re.compile(rf"[ \t]*\[({BEGUN}|{DONE}) ([0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}})(?:: ([^\]\n]*))?\]")
"""The mark with the blanks in front of it."""
SEPARATOR = ", "


@dataclass(frozen=True)
class Leave:
    """What a mark says.

    since: the day on which the user was disabled. is_complete: whether the run that disabled the user has finished it.
    switched_off: what was on before, such as "login" and "1200@default".
    """

    since: date
    is_complete: bool = True
    switched_off: frozenset[str] = frozenset()

    def __str__(self) -> str:
        word = DONE if self.is_complete else BEGUN
        off = SEPARATOR.join(sorted(self.switched_off))
        return f"[{word} {self.since.isoformat()}{': ' if off else ''}{off}]"


def read_leave(description: str | None) -> tuple[str, Leave | None]:
    """Return (the description without the mark, what the mark says; None without a mark).

    A mark that somebody has spoilt is a text like any other. Of several marks, the last one counts, and the text is
    without all of them.
    """
    text, leave = description or "", None
    for found in MARK.finditer(text):
        leave = _leave_of(*found.groups()) or leave
    return (_without_marks(text) if leave else text), leave


def with_leave(text: str, leave: Leave) -> str:
    """Return a description that ends with the mark."""
    return f"{text} {leave}" if text else str(leave)


def without_days(description: str) -> str:
    """Return a description whose marks have no dates."""
    return MARK.sub(lambda found: found[0].replace(found[2], "DAY", 1), description)


def _leave_of(word: str, day: str, off: str | None) -> Leave | None:
    try:
        since = date.fromisoformat(day)
    except ValueError:
        return None
    return Leave(since, word == DONE, frozenset(filter(None, (off or "").split(SEPARATOR))))


def _without_marks(text: str) -> str:
    return MARK.sub(lambda found: "" if _leave_of(*found.groups()) else found[0], text).strip()
