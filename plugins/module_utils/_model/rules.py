# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a server refuses, drops or breaks over, told before the first write instead.

Only what is to be written is held against the rules: what is on a server already stays, however it got there.
Source: the facts files, sections "users", "lines_sip", "extensions" and "voicemails"; lengths that they do not name
are those of the columns of the servers' database.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .errors import InputError
from .resources import EXTENSION, LINE, USER, VOICEMAIL, YOUNGER, Resource, canonical

LARGEST = 2**31 - 1
MULTILINE = frozenset({"description"})
UNPRINTABLE = frozenset({"Cc", "Cs", "Zl", "Zp"})
LONGEST_SHOWN = 60


@dataclass(frozen=True)
class Rule:
    """What a field may hold: a text of these lengths and this pattern, or an integer between these bounds.

    words: what the pattern means. apis: the generations that it is about, all of them if none is named.
    """

    longest: int = LARGEST
    shortest: int = 0
    pattern: str = ""
    words: str = ""
    least: int = 0
    most: int = LARGEST
    apis: tuple[str, ...] = ()

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
ACCOUNT = r"[a-zA-Z0-9\-._~!$&'()*+,;=%@]{2,254}"
OLDER = ("xivo15", "xivo16")
RULES: dict[str, tuple[tuple[str, Rule], ...]] = {
    USER.name: (
        *((name, Rule(128)) for name in ("firstname", "lastname", "music_on_hold", "userfield", "timezone")),
        ("caller_id", Rule(160)),
        ("outgoing_caller_id", Rule(80)),
        ("username", Rule(64, apis=("xivo15",))),
        (
            "username",
            Rule(pattern=ACCOUNT, words="2 to 254 of the characters a-z A-Z 0-9 -._~!$&'()*+,;=%@", apis=YOUNGER),
        ),
        ("password", Rule(64, 4)),
        ("mobile_phone_number", Rule(80, pattern=r"\+?[0-9*#]+", words="digits, * and #, perhaps with a + in front")),
        ("language", Rule(20)),
        ("language", Rule(pattern="[a-z]{2}_[A-Z]{2}", words="of the form fr_FR", apis=YOUNGER)),
        ("preprocess_subroutine", Rule(39, apis=OLDER)),
        ("preprocess_subroutine", Rule(79, apis=("wazo",))),
        ("email", Rule(254)),
        ("ring_seconds", Rule(most=60, apis=("xivo16",))),
        ("simultaneous_calls", Rule(least=1, most=20, apis=("xivo16",))),
        ("call_permission_password", Rule(pattern="[0-9#*]{1,16}", words="1 to 16 digits, # and *")),
    ),
    LINE.name: (
        ("username", Rule(40)),
        ("username", Rule(pattern=ALPHANUMERIC, words="of plain letters and digits", apis=("xivo16",))),
        ("secret", Rule(80)),
        ("secret", Rule(pattern=ALPHANUMERIC, words="of plain letters and digits", apis=("xivo16",))),
        ("callerid", Rule(160)),
        ("device_slot", Rule(least=1)),
        ("provisioning_extension", Rule(pattern=DIGITS, words="digits", apis=("xivo15",))),
        ("provisioning_extension", Rule(pattern="[0-9]{6}", words="six digits", apis=YOUNGER)),
    ),
    EXTENSION.name: (
        ("exten", Rule(40)),
        ("exten", Rule(pattern=DIGITS, words="digits", apis=("xivo15",))),
        ("exten", Rule(pattern=r"[0-9*#]+|_.+", words="digits, * and #, or a pattern", apis=YOUNGER)),
    ),
    VOICEMAIL.name: (
        *((name, Rule(80)) for name in ("name", "email", "pager")),
        ("number", Rule(40, pattern=DIGITS, words="digits")),
        ("password", Rule(80, pattern=DIGITS, words="digits")),
        ("max_messages", Rule()),
    ),
}


def check_values(resource: Resource, values: Mapping[str, Any], api: str) -> None:
    """Raises InputError for the first value that a server of this generation would not store. Empty ones are fine."""
    secrets = resource.secrets
    for name, value in values.items():
        if isinstance(value, str) and (bad := _unprintable(value, name in MULTILINE)):
            raise InputError(f"{name} of the {resource.label} holds the character {bad}.", "Leave it out.")
    for name, rule in RULES.get(resource.name, ()):
        value = canonical(name, values.get(name))
        problem = rule.broken_by(value) if value is not None and (not rule.apis or api in rule.apis) else ""
        if problem:
            shown = "" if name in secrets else f" {_shown(value)}"
            raise InputError(f"{name}{shown} of the {resource.label} cannot be stored: it {problem}.")


def _unprintable(text: str, multiline: bool) -> str:
    """The first character that belongs into no field, in words; '' if there is none."""
    allowed = "\n\r\t" if multiline else ""
    bad = next((sign for sign in text if unicodedata.category(sign) in UNPRINTABLE and sign not in allowed), "")
    return f"U+{ord(bad):04X}" if bad else ""


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}..."
