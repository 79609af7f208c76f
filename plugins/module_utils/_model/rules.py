# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks values before the first write: what a server rejects, drops silently or fails on.

Only new values are checked. Values that a server already has remain valid.
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
from .resources import EXTENSION, FORWARDS, LINE, LOGIN, USER, VOICEMAIL, Resource, canonical

LARGEST_INTEGER = 2**31 - 1
MULTILINE_FIELDS = frozenset({"description"})
UNPRINTABLE_CATEGORIES = frozenset({"Cc", "Cs", "Zl", "Zp"})
LONGEST_SHOWN = 60


@dataclass(frozen=True)
class Rule:
    """The valid values of a field: strings of these lengths and this pattern, or integers between these bounds.

    words: the pattern in words, for messages ("it must be ...").
    """

    longest: int = LARGEST_INTEGER
    shortest: int = 0
    pattern: str = ""
    words: str = ""
    least: int = 0
    most: int = LARGEST_INTEGER

    def explain_violation(self, value: Any) -> str:
        """Return why a value is not valid, to follow "it"; '' if it is valid."""
        if isinstance(value, int):
            valid = self.least <= value <= self.most
            return "" if valid else f"must be between {self.least} and {self.most}"
        if not isinstance(value, str):
            return ""
        if len(value) > self.longest:
            return f"has {len(value)} characters, but the server stores at most {self.longest}"
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
        ("mobile_phone_number", Rule(80, pattern=r"\+?[0-9*#]+", words="digits, * and #, optionally after a +")),
        ("language", Rule(20)),
    ),
    LINE.name: (
        ("secret", Rule(80)),
        ("callerid", Rule(160)),
        ("device_slot", Rule(least=1)),
    ),
    EXTENSION.name: (("exten", Rule(40)),),
    LOGIN.name: (("username", Rule(256)),),
    FORWARDS.name: tuple((field.name, Rule(128)) for field in FORWARDS.fields if field.type == "str"),
    VOICEMAIL.name: (
        *((name, Rule(80)) for name in ("name", "email", "pager")),
        ("number", Rule(40, pattern=DIGITS, words="digits")),
        ("password", Rule(80, pattern=DIGITS, words="digits")),
        ("max_messages", Rule()),
    ),
}
"""The rules for every generation. The backends add the rules for theirs."""


def check_values(resource: Resource, values: Mapping[str, Any], own_rules: Rules) -> None:
    """Raise InputError for the first value that a server would not store. Empty values are valid.

    own_rules: the rules for the generation of the server.
    """
    for name, value in values.items():
        allowed = "\n\r\t" if name in MULTILINE_FIELDS else ""
        for sign in value if isinstance(value, str) else "":
            if sign not in allowed and unicodedata.category(sign) in UNPRINTABLE_CATEGORIES:
                raise InputError(
                    f"{name} of the {resource.label} contains the character U+{ord(sign):04X}, which cannot be stored.",
                    "Remove the character.",
                )
    rules = (*COMMON_RULES.get(resource.name, ()), *own_rules.get(resource.name, ()))
    for field in resource.fields:
        value = canonical(field.name, values.get(field.name))
        problems = (rule.explain_violation(value) for name, rule in rules if name == field.name and value is not None)
        problem = next(filter(None, problems), "")
        if problem:
            text = repr(value)
            shortened = text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}..."
            shown = "" if field.secret else f" {shortened}"
            raise InputError(f"{field.name}{shown} of the {resource.label} cannot be stored: it {problem}.")
