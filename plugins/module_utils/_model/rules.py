# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks values before the first write: what a server rejects, drops silently or fails on.

Each generation has one table of rules, ``Backend.rules``. A row is about one field (``ValueRule``), or about the values
that an object has after a change (``CombinationRule``). Only new values are checked. Values that a server already has
remain valid. Each row names the source of its fact. Lengths are those of the columns of the servers' database.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .errors import InputError
from .resources import FORWARDS, LINE, USER, VOICEMAIL, WORDS, Resource, canonical, nested
from .texts import is_truth_or_word, listed_choices

LARGEST_INTEGER = 2**31 - 1
MULTILINE_FIELDS = frozenset({"description"})
UNPRINTABLE_CATEGORIES = frozenset({"Cc", "Cs", "Zl", "Zp"})
LONGEST_SHOWN = 60
LONGEST_CALLER_ID = 160
"""The number of characters of a caller ID, with its quotes."""

Has = Callable[[str], bool]
"""Says whether a user has something that is not a field: LINE_OF_USER, VOICEMAIL_OF_USER, MOBILE_FALLBACK."""
LINE_OF_USER, VOICEMAIL_OF_USER, MOBILE_FALLBACK = "line", "voicemail", "mobile_fallback"


@dataclass(frozen=True)
class Rule:
    """A row of the table. resource: the name of a resource; source: the page and the section with the fact."""

    resource: str
    source: str


@dataclass(frozen=True)
class ValueRule(Rule):
    """The values of a field that a server stores.

    Strings have these lengths and this pattern, and fulfil this function; integers are between these bounds.
    words: the pattern or the function in words, for messages ("it must be ..."). required: whether '' is refused.
    """

    field: str
    longest: int = LARGEST_INTEGER
    shortest: int = 0
    pattern: str = ""
    accepts: Callable[[str], bool] | None = None
    words: str = ""
    least: int = 0
    most: int = LARGEST_INTEGER
    required: bool = False

    def explain_violation(self, value: Any) -> str:
        """Return why a canonical value is not valid, to follow "it"; '' if it is valid. None is an empty value."""
        if value is None:
            return "must not be empty. Leave it out to keep the value of the server" if self.required else ""
        if isinstance(value, int):
            valid = self.least <= value <= self.most
            return "" if valid else f"must be between {self.least} and {self.most}"
        if not isinstance(value, str):
            return ""
        if len(value) > self.longest:
            return f"has {len(value)} characters, but the server stores at most {self.longest}"
        if len(value) < self.shortest:
            return f"has fewer than {self.shortest} characters"
        return "" if self._has_form(value) else f"must be {self.words}"

    def _has_form(self, value: str) -> bool:
        return (not self.pattern or re.fullmatch(self.pattern, value, re.DOTALL) is not None) and (
            self.accepts is None or self.accepts(value)
        )


@dataclass(frozen=True)
class CombinationRule(Rule):
    """Values that an object must not have together, whichever of them are new.

    fields: the rule is about a change of one of these, or of something that ``Has`` names; () for every change.
    explain: called with all values after the change and with ``Has``; returns a sentence and what to do, '' if the
    server takes them.
    """

    fields: tuple[str, ...]
    explain: Callable[[Mapping[str, Any], Has], str]


Rules = tuple[Rule, ...]
"""The table of a generation."""


def value_rules(resource: Resource, names: tuple[str, ...], source: str, **limits: Any) -> Rules:
    """Return the same row for several fields. limits: the attributes of ValueRule."""
    return tuple(ValueRule(resource.name, source, name, **limits) for name in names)


def _explain_long_name(after: Mapping[str, Any], _has: Has) -> str:
    name = " ".join(part for part in (after.get("firstname"), after.get("lastname")) if part)
    size = len(after.get("caller_id") or "")
    if size <= LONGEST_CALLER_ID or after["caller_id"] != canonical("caller_id", name):
        return ""
    return (
        f"firstname and lastname have {len(name)} characters together, but the caller ID that "
        f"the server makes of them may have {LONGEST_CALLER_ID - 2}. Shorten the name, or set caller_id."
    )


def _explain_forward(after: Mapping[str, Any], _has: Has) -> str:
    return " ".join(
        f"forwards.{name} is enabled, but has no destination. Give a destination, or disable it."
        for name in nested(after)
        if after[f"{name}.enabled"] and not after[f"{name}.destination"]
    )


DIGITS, ALPHANUMERIC = "[0-9]+", "[a-zA-Z0-9]+"
LENGTHS = 'person-xivo-15.12.md, "Lengths of users, caller IDs"'
USERS_16 = 'xivo-16.16.md, "users"'
LINES_15, LINES_16 = 'xivo-15.12.md, "lines_sip"', 'xivo-16.16.md, "lines_sip, lines"'
FORWARDS_16 = 'person-xivo-16.16.md, "users/ID/forwards, /forwards/{busy,noanswer,unconditional}"'
VOICEMAILS = 'person-xivo-15.12.md, "users/ID/voicemail, voicemails: what was open"'

COMMON_RULES: Rules = (
    *value_rules(USER, ("firstname", "lastname", "userfield", "timezone"), LENGTHS, longest=128),
    ValueRule(USER.name, LENGTHS, "caller_id", LONGEST_CALLER_ID),
    ValueRule(USER.name, LENGTHS, "outgoing_caller_id", 80),
    ValueRule(
        USER.name,
        'xivo-15.12.md, "users"',
        "mobile_phone_number",
        pattern=r"\+?[0-9*#]+",
        words="digits, * and #, optionally after a +",
    ),
    CombinationRule(USER.name, LENGTHS, ("firstname", "lastname", "caller_id"), _explain_long_name),
    *value_rules(LINE, ("username", "secret"), LINES_16, required=True),
    ValueRule(LINE.name, LINES_15, "provisioning_extension", required=True),
    ValueRule(LINE.name, LINES_15, "device_slot"),
    *value_rules(VOICEMAIL, ("name", "email", "pager"), VOICEMAILS, longest=80),
    *value_rules(
        FORWARDS, tuple(each.name for each in FORWARDS.fields if each.type == "str"), FORWARDS_16, longest=128
    ),
    CombinationRule(FORWARDS.name, FORWARDS_16, (), _explain_forward),
    ValueRule(VOICEMAIL.name, VOICEMAILS, "number", 40, pattern=DIGITS, words="digits"),
    ValueRule(VOICEMAIL.name, VOICEMAILS, "password", 80, pattern=DIGITS, words="digits"),
)
"""The rows of every generation. The backends add theirs."""


def problems_of_values(resource: Resource, values: Mapping[str, Any], rules: Rules) -> list[str]:
    """Return a sentence for each new value that a server would not store.

    values: as they were given, '' and None for empty ones. rules: the table of the server's generation.
    """
    return [
        *_unprintable(resource, values),
        *(
            f"{field.name}{_shown(value) if not field.secret else ''} of the {resource.label} cannot be stored: it "
            f"{problem}."
            for field in resource.fields
            if field.name in values
            for value in [values[field.name]]
            for problem in [_violation(resource, field.name, value, rules)]
            if problem
        ),
    ]


def problems_of_combination(
    resource: Resource, after: Mapping[str, Any], changed: Collection[str], has: Has, rules: Rules
) -> list[str]:
    """Return a text for each combination of values after a change that a server would not store.

    changed: the names of the fields that are new, and of what ``has`` knows and the change adds.
    """
    if not changed:
        return []
    combinations = (rule for rule in rules if isinstance(rule, CombinationRule) and rule.resource == resource.name)
    relevant = (rule for rule in combinations if not rule.fields or not set(rule.fields).isdisjoint(changed))
    return [problem for rule in relevant if (problem := rule.explain(after, has))]


def check_values(resource: Resource, values: Mapping[str, Any], rules: Rules) -> None:
    """Raise InputError for the new values that a server would not store; all of them in one error."""
    raise_problems(problems_of_values(resource, values, rules))


def raise_problems(problems: Collection[str]) -> None:
    """Raise InputError with all problems, if there are any. problems: sentences."""
    if problems:
        raise InputError(" ".join(problems))


def _violation(resource: Resource, name: str, value: Any, rules: Rules) -> str:
    """Return the first reason why a value of a field is not valid; '' if it is valid."""
    meant = canonical(name, value)
    if meant is None and value not in (None, ""):
        return "has only quotes and blanks. Leave it out, or set it to '' for the value that the server makes"
    if name in WORDS and meant is not None and not is_truth_or_word(meant, WORDS[name]):
        return f"must be {listed_choices(WORDS[name])}"
    found = (
        rule.explain_violation(meant)
        for rule in rules
        if isinstance(rule, ValueRule) and rule.field == name and rule.resource == resource.name
    )
    return next(filter(None, found), "")


def _unprintable(resource: Resource, values: Mapping[str, Any]) -> Iterator[str]:
    for name, value in values.items():
        allowed = "\n\r\t" if name in MULTILINE_FIELDS else ""
        # Almost every text is printable, and Python says so quickly.
        signs = value if isinstance(value, str) and not value.isprintable() else ""
        sign = next((each for each in signs if each not in allowed and _is_unprintable(each)), "")
        if sign:
            yield (
                f"{name} of the {resource.label} contains the character U+{ord(sign):04X}, which cannot be stored. "
                "Remove the character."
            )


def _is_unprintable(sign: str) -> bool:
    return unicodedata.category(sign) in UNPRINTABLE_CATEGORIES


def _shown(value: Any) -> str:
    text = repr(value)
    return f" {text}" if len(text) <= LONGEST_SHOWN else f" {text[:LONGEST_SHOWN]}..."
