# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the schemas of single values: their types, what the generations accept of them, and destinations.

A text with a template is right everywhere, and null counts as left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ansible_collections.xivo.confd.plugins.module_utils._backends.registry import GENERATIONS
from ansible_collections.xivo.confd.plugins.module_utils._model.destination_types import (
    CHOICE,
    FALLBACK,
    FLAG,
    GROUP_KEY,
    INTEGER,
    NUMBER,
    OWN,
    TABLES,
    TEXT,
    VOICEMAIL,
    DestinationType,
    Detail,
)
from ansible_collections.xivo.confd.plugins.module_utils._model.numbers import EXTEN, OCTAL_SUSPECTS
from ansible_collections.xivo.confd.plugins.module_utils._model.resources import WORDS, Resource
from ansible_collections.xivo.confd.plugins.module_utils._model.rules import (
    LARGEST_INTEGER,
    MULTILINE_FIELDS,
    ValueRule,
)
from ansible_collections.xivo.confd.plugins.module_utils._model.texts import BOOLEANS

Data = dict[str, Any]
Rules = dict[str, dict[str, list[ValueRule]]]
"""{field: {generation: rows about it}}."""

A_TEMPLATE = r"\{[{%]"
TEMPLATE: Data = {"type": "string", "pattern": A_TEMPLATE}
NO_CONTROL = r"^[^\u0000-\u001f\u007f-\u009f\u2028\u2029]*$"
NO_CONTROL_INSIDE = r"^[^\u0000-\u001f\u007f-\u009f\u2028\u2029]*[\r\n\u007f]*$"
NO_NUL = r"^[^\u0000]*$"
FIRST_OCTAL = OCTAL_SUSPECTS.start


def _in_any_case(text: str) -> str:
    """Return a pattern of a text in lower case that does not regard the case."""
    return "".join(f"[{sign}{sign.upper()}]" if sign.isalpha() else sign for sign in text)


TEXTS_OF_BOOLEANS = "|".join(map(_in_any_case, BOOLEANS))


def scalar(name: str, kind: str, accepted: Data) -> Data:
    """Return the schema of a value. kind: its type in argument specs; accepted: see ``accepted_by_some``."""
    if kind == "bool" or name in WORDS:
        texts = "|".join((TEXTS_OF_BOOLEANS, *map(_in_any_case, WORDS.get(name, ()))))
        return _of_types("boolean", "integer", pattern=f"^(?:{texts})$", minimum=0, maximum=1)
    if kind in ("int", "float"):
        limits = {"minimum": 1 if name == "id" else -LARGEST_INTEGER, "maximum": LARGEST_INTEGER}
        whole = kind == "int"
        pattern = "^-?[0-9]+$" if whole else "^-?[0-9.]+$"
        return {**_of_types("integer" if whole else "number", pattern=pattern, **limits), **accepted}
    if kind == "raw" and name == "exten":
        # Larger integers may be what YAML makes of a number with a leading zero.
        return _of_types("integer", pattern=f"^(?:{EXTEN.pattern})$", minimum=0, maximum=FIRST_OCTAL - 1)
    if name == "range":
        return _of_types(pattern="^ *[0-9]{1,40} *- *[0-9]{1,40} *$")
    pattern = NO_NUL if name in MULTILINE_FIELDS else NO_CONTROL_INSIDE if name == "caller_id" else NO_CONTROL
    return {**_of_types(pattern=pattern), **accepted}


def _of_types(*types: str, pattern: str, **limits: Any) -> Data:
    """Return the schema of a text of a pattern, a template, null, which counts as left out, or a value of the types."""
    return {"type": [*types, "string", "null"], "pattern": _pattern(pattern), **limits}


def _pattern(pattern: str) -> str:
    """Return a pattern that also accepts templates."""
    return f"{pattern}|{A_TEMPLATE}"


def words_or_template(words: Iterable[str]) -> Data:
    return {"anyOf": [{"enum": [*words, None]}, TEMPLATE]}


def or_template(value: Data, *types: str) -> Data:
    """Return a schema that also accepts templates. Without types, null as well, which counts as left out.

    Keywords that are about objects and lists say nothing about texts. So an editor names the key that is wrong, and not
    the whole value, as it would with a choice of several schemas.
    """
    return {**value, "type": [*(types or (value["type"], "null")), "string"], "pattern": A_TEMPLATE}


def rules_of(resource: Resource | None) -> Rules:
    """Return {field: {generation: what it requires of the field}}, for the generations that have the field."""
    found: Rules = {}
    if resource is None:
        return found
    for api, backend in GENERATIONS.items():
        for rule in backend.rules:
            if (
                isinstance(rule, ValueRule)
                and rule.resource == resource.name
                and backend.has_field(resource, rule.field)
            ):
                found.setdefault(rule.field, {}).setdefault(api, []).append(rule)
    return found


def accepted_by_some(rules: Mapping[str, list[ValueRule]], resource: Resource | None, name: str) -> Data:
    """Return the schema of a value that at least one generation accepts; {} if one of them accepts all."""
    having = [api for api, backend in GENERATIONS.items() if resource and backend.has_field(resource, name)]
    found = [[each for rule in rules[api] for each in _limits(rule)] if api in rules else [] for api in having]
    distinct = [each for at, each in enumerate(found) if each not in found[:at]]
    if len(distinct) == 1:
        return {"allOf": distinct[0]} if distinct[0] else {}
    return {} if not distinct or not all(distinct) else {"anyOf": [{"allOf": each} for each in distinct]}


def _limits(rule: ValueRule) -> Iterator[Data]:
    """Yield the schemas of a rule, as far as editors can check it: their regular expressions have no \\Z."""
    shortest = max(rule.shortest, int(rule.required))
    if shortest or rule.longest < LARGEST_INTEGER:
        length = f"{{{shortest},{rule.longest if rule.longest < LARGEST_INTEGER else ''}}}"
        yield {"pattern": _pattern(f"^(?:[\\s\\S]{length}){'' if rule.required else '?'}$")}
    if rule.pattern and "\\Z" not in rule.pattern:
        yield {"pattern": _pattern(f"^(?:{rule.pattern}){'' if rule.required else '?'}$")}
    limits = {"minimum": rule.least} if rule.least > -LARGEST_INTEGER else {}
    yield {**limits, "maximum": rule.most} if rule.most < LARGEST_INTEGER else limits


# Destinations


def destination(place: str) -> Data:
    """Return the schema of a destination: a dictionary with one of the types, and details."""
    table = TABLES[place]
    targets: Data = {name: _target(row) for name, row in table.items()}
    details: Data = {each.name: _detail(each) for row in table.values() for each in row.details}
    value: Data = {
        "type": "object",
        "additionalProperties": False,
        "properties": {**details, **targets},
        # Exactly one type.
        "oneOf": [*({"type": "object", "required": [name]} for name in targets), {"type": ["string", "null"]}],
    }
    return {**or_template(value), **({"pattern": f"^$|{A_TEMPLATE}"} if place == FALLBACK else {})}


def _target(row: DestinationType) -> Data:
    if row.target == TEXT:
        return {"type": ["string", "integer"]}
    if row.target == CHOICE:
        return words_or_template(row.choices)
    if row.target == INTEGER:
        return {"type": ["integer", "string"]}
    if row.target == FLAG:
        return {"enum": [True, "true", "yes"]}
    keys = {name: {"type": ["string", "integer", "null"]} for name in row.keys}
    reference: Data = {"type": "object", "additionalProperties": False, "minProperties": 1, "properties": keys}
    if row.target == NUMBER:
        reference["required"] = ["exten", "context"]
    texts = f"^{OWN}$|{A_TEMPLATE}" if row.name == VOICEMAIL else "" if row.key == GROUP_KEY else A_TEMPLATE
    return {**reference, "type": ["object", "string"], "pattern": texts}


def _detail(detail: Detail) -> Data:
    if detail.choices:
        return words_or_template(detail.choices)
    kinds = {bool: ["boolean"], str: ["integer"]}
    return {"type": [*kinds.get(detail.type, ["number"]), "string", "null"]}
