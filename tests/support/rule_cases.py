# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values for each rule of a generation: those that the server must refuse, and neighbours that it must take."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ansible_collections.xivo.confd.plugins.module_utils._backends.registry import GENERATIONS
from ansible_collections.xivo.confd.plugins.module_utils._model.resources import RESOURCES
from ansible_collections.xivo.confd.plugins.module_utils._model.rules import (
    LARGEST_INTEGER,
    ValueRule,
    problems_of_values,
)

APIS = tuple(GENERATIONS)
YOUNGER = ("xivo16", "wazo")


@dataclass(frozen=True)
class Examples:
    """Values of a field whose pattern or function refuses or takes them."""

    refused: tuple[Any, ...]
    taken: tuple[Any, ...]


PATTERNS: dict[tuple[str, str, str], Examples] = {
    ("wazo", "user", "email"): Examples(
        ("b at x.org", "Ann <a@x.org>", "a@x.org; b@x.org", "ann@", "ann@intranet", "a b@x.org"),
        ("ann@localhost", "ann.lee+1@example.org", "o'hara@sub.example.org"),
    ),
    **{
        (api, "user", "password"): Examples(
            ("two words", "pässword", "ann@home", "abc", "x" * 65), ("pa.ss-_~!$&'()*+,;=%", "x" * 64)
        )
        for api in YOUNGER
    },
    **{
        (api, "user", "caller_id"): Examples(
            ('"Ann" <abc>', '"Ann" <12 00>', '"Ann"<1200>', '"Ann" <>'), ('"Ann" <1200>', '"Ann" <+33>', '"An"n"')
        )
        for api in YOUNGER
    },
    **{(api, "user", "username"): Examples(("a", "an n", "ännchen"), ("ann@home", "a.b")) for api in YOUNGER},
    **{(api, "user", "language"): Examples(("fr", "fr-FR", "FR_fr"), ("fr_FR",)) for api in YOUNGER},
    **{(api, "voicemail", "language"): Examples(("fr", "fr-FR"), ("fr_FR",)) for api in YOUNGER},
    **{(api, "user", "call_permission_password"): Examples(("12a", "1" * 17), ("12#*",)) for api in YOUNGER},
    **{(api, "user", "mobile_phone_number"): Examples(("06 12", "call me"), ("+33612*#",)) for api in APIS},
    **{
        (api, "line_sip", "provisioning_extension"): Examples(("000123", "12345", "abcdef"), ("123456",))
        for api in YOUNGER
    },
    ("xivo15", "line_sip", "provisioning_extension"): Examples(("12a", "abcdef"), ("123456", "12")),
    ("xivo16", "line_sip", "username"): Examples(("a b", "ann@home", "x" * 41), ("ann-1_x", "x" * 40)),
    ("wazo", "line_sip", "username"): Examples(("a b", "ann@home", "global", "x" * 80), ("ann.b-1_x", "x" * 79)),
    ("xivo16", "line_sip", "secret"): Examples(("pä", "x" * 81), ("a b!", "x" * 80)),
    ("xivo16", "line_sip", "callerid"): Examples(("Ann", '""'), ('"Ann" junk', '"Ann" <12>')),
    ("wazo", "line_sip", "callerid"): Examples(('"Ann"', "Ann", '"Ann" <x>'), ('"Ann" <12>',)),
    ("wazo", "line_sip", "webrtc"): Examples(("unique",), (True, False)),
    ("xivo15", "extension", "exten"): Examples(("12a", "_1XX", "*12"), ("1101", "1102")),
    ("xivo16", "extension", "exten"): Examples(("12a", "_", "_" + "X" * 40, "1" * 41), ("1101", "_" + "X" * 39)),
    ("wazo", "extension", "exten"): Examples(("1101 ", "_", "_AB", "_" + "X" * 40, "1" * 41), ("1101", "_[1-3]XX.!")),
    **{(api, "voicemail", "number"): Examples(("12a", "1 2"), ("1101", "0001")) for api in APIS},
    **{(api, "voicemail", "password"): Examples(("12a", "1 2"), ("0000",)) for api in APIS},
}
"""{(generation, resource, field): examples of the rules with a pattern or a function}."""


def filler(api: str, rule: ValueRule, size: int) -> str:
    """Return a text of so many characters that no other rule of the field refuses."""
    if rule.field == "caller_id":
        return f'"{"x" * (size - 2)}"'
    if rule.field == "callerid":
        return f'"{"x" * (size - 6)}" <1>'
    if rule.field == "email" and rule.resource == "user":
        # Each part of a domain has at most 63 characters.
        domain = ".".join(["x" * 59] * 5)[: size - 5]
        return f"a@{domain}.fr"
    has_digits = any(
        isinstance(other, ValueRule)
        and (other.resource, other.field) == (rule.resource, rule.field)
        and "0-9" in other.pattern
        and "a-z" not in other.pattern
        for other in GENERATIONS[api].rules
    )
    return ("1" if has_digits else "x") * size


def rows(api: str) -> list[ValueRule]:
    """Return the rows about single fields of a generation, except those about fields that it does not have."""
    backend = GENERATIONS[api]
    return [
        rule
        for rule in backend.rules
        if isinstance(rule, ValueRule) and backend.has_field(RESOURCES[rule.resource], rule.field)
    ]


def refused_by(api: str, rule: ValueRule) -> list[Any]:
    """Return values that a row refuses."""
    values: list[Any] = list(_examples(api, rule).refused)
    if rule.longest < LARGEST_INTEGER:
        values.append(filler(api, rule, rule.longest + 1))
    if rule.shortest:
        values.append(filler(api, rule, rule.shortest - 1))
    if _is_integer(rule):
        values += [rule.least - 1, rule.most + 1]
    return [*values, *([""] if rule.required else [])]


def taken_by(api: str, rule: ValueRule) -> list[Any]:
    """Return values that a row takes, and every other row of the field as well."""
    values: list[Any] = list(_examples(api, rule).taken)
    if rule.longest < LARGEST_INTEGER:
        values.append(filler(api, rule, rule.longest))
    if rule.shortest:
        values.append(filler(api, rule, rule.shortest))
    if _is_integer(rule):
        values += [rule.least, rule.most]
    resource = RESOURCES[rule.resource]
    return [value for value in values if not problems_of_values(resource, {rule.field: value}, GENERATIONS[api].rules)]


def _examples(api: str, rule: ValueRule) -> Examples:
    has_form = rule.pattern or rule.accepts
    return PATTERNS[api, rule.resource, rule.field] if has_form else Examples((), ())


def _is_integer(rule: ValueRule) -> bool:
    resource = RESOURCES[rule.resource]
    return next(field for field in resource.fields if field.name == rule.field).type == "int"
