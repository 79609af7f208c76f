# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the JSON schema of variables files, by which editors complete and underline entries.

Types come from the argument spec of an entry, descriptions from the documentation of the list module, limits from the
rules that all generations have in common. A text with a template is right everywhere: nobody knows what it becomes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from ansible_collections.xivo.confd.plugins.module_utils._ansible.argument_specs import entry_spec
from ansible_collections.xivo.confd.plugins.module_utils._backends.registry import GENERATIONS
from ansible_collections.xivo.confd.plugins.module_utils._model import contexts
from ansible_collections.xivo.confd.plugins.module_utils._model.destination_types import (
    CHOICE,
    FALLBACK,
    FLAG,
    GROUP_KEY,
    INTEGER,
    KEY,
    NUMBER,
    OWN,
    TABLES,
    TEXT,
    VOICEMAIL,
    DestinationType,
    Detail,
)
from ansible_collections.xivo.confd.plugins.module_utils._model.numbers import EXTEN, OCTAL_SUSPECTS
from ansible_collections.xivo.confd.plugins.module_utils._model.resources import (
    EXTENSION,
    FALLBACKS,
    LINE,
    USER,
    USER_PARTS,
    Resource,
)
from ansible_collections.xivo.confd.plugins.module_utils._model.resources import (
    VOICEMAIL as VOICEMAILS,
)
from ansible_collections.xivo.confd.plugins.module_utils._model.rules import (
    LARGEST_INTEGER,
    MULTILINE_FIELDS,
    ValueRule,
)
from ansible_collections.xivo.confd.plugins.module_utils._model.texts import BOOLEANS
from ansible_collections.xivo.confd.plugins.module_utils._reports.profiles import (
    OF_ONE_PERSON,
    PROFILE,
    VALUES_OF_ONE_PERSON,
)
from support.paths import ROOT

FILE = ROOT / "docs" / "entries.schema.json"
ROLE = ROOT / "roles" / "provision" / "meta" / "argument_specs.yml"
ADDRESS = "https://raw.githubusercontent.com/xivo-confd/ansible-collection-confd/main/docs/entries.schema.json"
Data = dict[str, Any]
Rules = dict[str, dict[str, list[ValueRule]]]
"""{field: {generation: rows about it}}."""

A_TEMPLATE = r"\{[{%]"
TEMPLATE: Data = {"type": "string", "pattern": A_TEMPLATE}
RESOURCES: Mapping[str, Resource] = {
    "user": USER,
    "line": LINE,
    "extension": EXTENSION,
    "incall": EXTENSION,
    "incalls": EXTENSION,
    "voicemail": VOICEMAILS,
    **USER_PARTS,
}
"""{key of an entry: what its keys are the fields of}."""
NO_CONTROL = r"^[^\u0000-\u001f\u007f-\u009f\u2028\u2029]*$"
NO_CONTROL_INSIDE = r"^[^\u0000-\u001f\u007f-\u009f\u2028\u2029]*[\r\n\u007f]*$"
NO_NUL = r"^[^\u0000]*$"
FIRST_OCTAL = OCTAL_SUSPECTS.start
TEXTS_OF_BOOLEANS = "|".join(
    "".join(f"[{sign}{sign.upper()}]" if sign.isalpha() else sign for sign in text) for text in BOOLEANS
)
MARKUP = re.compile(r"\b[A-Z]+\(((?:[^()]|\([^()]*\))*)\)")
SEE_ALSO = re.compile(r"\s*See O\([^)]*#[^)]*\)(?: and O\([^)]*\))?\.")


def schema_documents(options: Mapping[str, Any]) -> dict[Path, str]:
    """Return {file: text} of the schema. options: the documented options of an entry."""
    return {FILE: json.dumps(schema(options), indent=1, ensure_ascii=False) + "\n"}


def schema(options: Mapping[str, Any]) -> Data:
    """Return the schema of a variables file."""
    spec = entry_spec()
    entry, profile = _keys(spec, options, "", {}), _profile(_keys(spec, options, "", {}, required=False))
    names = {"type": ["string", "array", "null"], "items": {"type": "string"}}
    entry["properties"][PROFILE] = {"description": "Names of profiles; later ones win.", **names}
    entry["allOf"] = [
        _not_both("incall", "incalls"),
        {"anyOf": [_named(), _has("match")]},
    ]
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "$id": ADDRESS,
        "title": "Telephone users of XiVO and Wazo servers (xivo.confd)",
        "description": "Variables of the collection xivo.confd: what provision_users and provision_profiles may hold.",
        "type": "object",
        "properties": {**_variables_of_role(), **_variables()},
        "definitions": {
            "entry": _or_template(entry, "object"),
            "profile": _or_template(profile),
            "fallback": _destination(FALLBACK),
            "key": _or_template(_key()),
            "key_destination": _destination(KEY),
        },
    }


def _variables() -> Data:
    ranges = {
        "type": "array",
        "items": {"type": ["integer", "string"], "pattern": "^[0-9]+(-[0-9]+)?$"},
    }
    context = {
        "type": "object",
        "required": ["type"],
        "additionalProperties": False,
        "properties": {"type": {"enum": list(contexts.TYPES)}, "ranges": ranges},
    }
    return {
        "provision_users": {
            "description": "The users of the server.",
            **_or_template({"type": "array", "items": {"$ref": "#/definitions/entry"}}),
        },
        "provision_profiles": {
            "description": "Sets of keys that entries share, by their names.",
            **_or_template({"type": "object", "additionalProperties": {"$ref": "#/definitions/profile"}}),
        },
        "provision_contexts": {
            "description": "Contexts of the server, with which xivo.confd.validate compares numbers.",
            **_or_template({"type": "object", "additionalProperties": context}),
        },
        "confd_api": {"description": "Generation of the server.", **_words(["auto", *GENERATIONS, ""])},
    }


def _variables_of_role() -> Data:
    """Return the other variables of the role, with their types."""
    options = yaml.safe_load(ROLE.read_text(encoding="utf-8"))["argument_specs"]["main"]["options"]
    return {
        name: {"description": _plain(option["description"]), **_value(name, option, {}, name)}
        for name, option in options.items()
        if "options" not in option
    }


# Values


def _keys(
    spec: Mapping[str, Any], options: Mapping[str, Any], where: str, rules: Rules, *, required: bool = True
) -> Data:
    """Return the schema of a dictionary with the keys of an argument spec. options: their documentation."""
    properties = {}
    for name, option in spec.items():
        documented = options.get(name, {})
        place = f"{where}.{name}" if where else name
        below = {} if where else _rules_of(RESOURCES.get(name))
        value = _value(name, option, documented, place, {**rules, **below}, required=required)
        properties[name] = {**_described(documented), **value}
    result: Data = {"type": "object", "additionalProperties": False, "properties": properties}
    needed = [name for name, option in spec.items() if option.get("required")]
    if needed and required:
        result["required"] = needed
        for name in needed:
            properties[name] = {**properties[name], "type": "string", "minLength": 1}
    if where == "match":
        both = {"exten": ["context"], "context": ["exten"]}
        result["properties"] = {name: {**value, "minLength": 1} for name, value in properties.items()}
        result |= {"dependencies": both, "anyOf": [_has(name) for name in properties]}
    if "exten" in spec and "range" in spec:
        result["allOf"] = [
            _not_both("exten", "range"),
            *([{"anyOf": [_has("exten"), _has("range")]}] if required else []),
        ]
    return result


def _value(
    name: str,
    option: Mapping[str, Any],
    documented: Mapping[str, Any],
    where: str,
    rules: Rules | None = None,
    *,
    required: bool = True,
) -> Data:
    kind = option.get("type", "str")
    if where == "func_keys.keys":
        return _or_template({"type": "object", "additionalProperties": {"$ref": "#/definitions/key"}})
    if where.startswith("fallbacks.") and name in FALLBACKS.field_names:
        return {"$ref": "#/definitions/fallback"}
    if "options" in option:
        inner = _keys(option["options"], documented.get("suboptions", {}), where, rules or {}, required=required)
        return _or_template({"type": "array", "items": inner} if kind == "list" else inner)
    if kind == "list":
        return _or_template({"type": "array", "items": {"type": "string", "pattern": NO_NUL}})
    if kind == "dict":
        return _or_template({"type": "object"})
    if option.get("choices"):
        return _words(option["choices"])
    resource, field = RESOURCES.get(where.partition(".")[0]), where.partition(".")[2] or name
    return _scalar(name, kind, _accepted((rules or {}).get(field, {}), resource, field))


def _scalar(name: str, kind: str, accepted: Data) -> Data:
    if kind == "bool":
        return _of_types("boolean", "integer", pattern=f"^(?:{TEXTS_OF_BOOLEANS})$", minimum=0, maximum=1)
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


def _words(words: Iterable[str]) -> Data:
    return {"anyOf": [{"enum": [*words, None]}, TEMPLATE]}


def _or_template(value: Data, *types: str) -> Data:
    """Return a schema that also accepts templates. Without types, null as well, which counts as left out.

    Keywords that are about objects and lists say nothing about texts. So an editor names the key that is wrong, and not
    the whole value, as it would with a choice of several schemas.
    """
    return {**value, "type": [*(types or (value["type"], "null")), "string"], "pattern": A_TEMPLATE}


def _named() -> Data:
    """Return the schema of an entry with a name."""
    user = {"type": "object", "required": ["firstname"], "properties": {"firstname": {"not": {"enum": [None, ""]}}}}
    return {"required": ["user"], "properties": {"user": {"anyOf": [TEMPLATE, user]}}}


def _not_both(one: str, other: str) -> Data:
    given = {name: {"not": {"type": "null"}} for name in (one, other)}
    return {"not": {"type": "object", "required": [one, other], "properties": given}}


def _has(name: str) -> Data:
    return {"required": [name], "properties": {name: {"not": {"enum": [None, ""]}}}}


def _rules_of(resource: Resource | None) -> Rules:
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


def _accepted(rules: Mapping[str, list[ValueRule]], resource: Resource | None, name: str) -> Data:
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


def _destination(place: str) -> Data:
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
    return {**_or_template(value), **({"pattern": f"^$|{A_TEMPLATE}"} if place == FALLBACK else {})}


def _target(row: DestinationType) -> Data:
    if row.target == TEXT:
        return {"type": ["string", "integer"]}
    if row.target == CHOICE:
        return _words(row.choices)
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
        return _words(detail.choices)
    kinds = {bool: ["boolean"], str: ["integer"]}
    return {"type": [*kinds.get(detail.type, ["number"]), "string", "null"]}


def _key() -> Data:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": ["destination"],
        "properties": {
            "destination": {"description": "What the key leads to.", "$ref": "#/definitions/key_destination"},
            "label": {"description": "Label of the key.", "type": ["string", "null"]},
            "blf": {"description": "Whether the key lights up.", **_scalar("blf", "bool", {})},
        },
    }


def _profile(entry: Data) -> Data:
    """Return the schema of a profile: an entry without what is one person's alone."""
    kept = {
        name: value for name, value in entry["properties"].items() if name not in (*OF_ONE_PERSON, "state", "device")
    }
    return {**entry, "properties": {name: _shared(value) for name, value in kept.items()}}


def _shared(value: Any) -> Any:
    """Return the schema of a value in a profile, without the keys that belong to one person. Destinations stay."""
    if isinstance(value, list):
        return [_shared(each) for each in value]
    if not isinstance(value, dict):
        return value
    changed = {key: _shared(inner) for key, inner in value.items()}
    if isinstance(changed.get("properties"), dict):
        properties = changed["properties"].items()
        changed["properties"] = {key: each for key, each in properties if key not in VALUES_OF_ONE_PERSON}
    return changed


# Texts


def _described(option: Mapping[str, Any]) -> Data:
    return {"description": _plain(option["description"])} if option.get("description") else {}


def _plain(description: str | list[str]) -> str:
    """Return a description without markup: O(update_password) as update_password."""
    text = " ".join([description] if isinstance(description, str) else description)
    return MARKUP.sub(
        lambda found: (found[1].rpartition("#module:")[2] or found[1]).replace("users[].", ""), SEE_ALSO.sub("", text)
    )
