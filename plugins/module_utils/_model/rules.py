# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a server refuses, drops or breaks over, told before the first write instead.

Only what is to be written is held against the rules: what is on a server already stays, however it got there.
Sources: xivo-15.12.md, "users", "lines_sip", "extensions" and "voicemails and users/ID/voicemail"; xivo-16.16.md,
"users", "lines_sip" and "extensions". Lengths that they do not name are those of the columns of the servers' database.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .errors import InputError
from .resources import EXTENSION, LINE, USER, VOICEMAIL, Resource, canonical

LARGEST = 2**31 - 1
MULTILINE = frozenset({"description"})
UNPRINTABLE = frozenset({"Cc", "Cs", "Zl", "Zp"})
LONGEST_SHOWN = 60


@dataclass(frozen=True)
class Rule:
    """What a field may hold: a text of these lengths and this pattern, or an integer between these bounds.

    words: what the pattern means.
    """

    longest: int = LARGEST
    shortest: int = 0
    pattern: str = ""
    words: str = ""
    least: int = 0
    most: int = LARGEST

    def broken_by(self, value: Any) -> str:
        """Why a value does not do; '' if it does."""
        if isinstance(value, int):
            fits = self.least <= value <= self.most
            return "" if fits else f"must be between {self.least} and {self.most}"
        if not isinstance(value, str):
            return ""
        if len(value) > self.longest:
            return f"has {len(value)} characters, of which the server stores {self.longest}"
        if len(value) < self.shortest:
            return f"has fewer than {self.shortest} characters"
        return f"must be {self.words}" if self.pattern and not re.fullmatch(self.pattern, value) else ""


DIGITS, ALPHANUMERIC = "[0-9]+", "[a-zA-Z0-9]+"
Rules = Mapping[str, tuple[tuple[str, Rule], ...]]
"""{resource: ((field, rule), ...)}"""

COMMON_RULES: Rules = {
    USER.name: (
        *((name, Rule(128)) for name in ("firstname", "lastname", "music_on_hold", "userfield", "timezone")),
        ("caller_id", Rule(160)),
        ("outgoing_caller_id", Rule(80)),
        ("password", Rule(64, 4)),
        ("mobile_phone_number", Rule(80, pattern=r"\+?[0-9*#]+", words="digits, * and #, perhaps with a + in front")),
        ("language", Rule(20)),
    ),
    LINE.name: (
        ("username", Rule(40)),
        ("secret", Rule(80)),
        ("callerid", Rule(160)),
        ("device_slot", Rule(least=1)),
    ),
    EXTENSION.name: (("exten", Rule(40)),),
    VOICEMAIL.name: (
        *((name, Rule(80)) for name in ("name", "email", "pager")),
        ("number", Rule(40, pattern=DIGITS, words="digits")),
        ("password", Rule(80, pattern=DIGITS, words="digits")),
        ("max_messages", Rule()),
    ),
}
"""What holds on every generation. The backends add what holds on theirs."""


def check_values(resource: Resource, values: Mapping[str, Any], own_rules: Rules) -> None:
    """Raise InputError for the first value that a server would not store. Empty ones are fine.

    own_rules: those of the server's generation.
    """
    for name, value in values.items():
        if isinstance(value, str) and (bad := _unprintable(value, name in MULTILINE)):
            raise InputError(f"{name} of the {resource.label} holds the character {bad}.", "Leave it out.")
    rules = (*COMMON_RULES.get(resource.name, ()), *own_rules.get(resource.name, ()))
    for field in resource.fields:
        value = canonical(field.name, values.get(field.name))
        problems = (rule.broken_by(value) for name, rule in rules if name == field.name and value is not None)
        problem = next(filter(None, problems), "")
        if problem:
            shown = "" if field.secret else f" {_shown(value)}"
            raise InputError(f"{field.name}{shown} of the {resource.label} cannot be stored: it {problem}.")


def _unprintable(text: str, multiline: bool) -> str:
    """The first character that belongs into no field, in words; '' if there is none."""
    allowed = "\n\r\t" if multiline else ""
    bad = next((sign for sign in text if unicodedata.category(sign) in UNPRINTABLE and sign not in allowed), "")
    return f"U+{ord(bad):04X}" if bad else ""


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}..."
