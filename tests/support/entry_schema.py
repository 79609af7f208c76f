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
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from ansible_collections.xivo.confd.plugins.module_utils._ansible.argument_specs import entry_spec
from ansible_collections.xivo.confd.plugins.module_utils._backends.registry import GENERATIONS
from ansible_collections.xivo.confd.plugins.module_utils._model import contexts
from ansible_collections.xivo.confd.plugins.module_utils._model.destination_types import FALLBACK, KEY
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
from ansible_collections.xivo.confd.plugins.module_utils._reports.profiles import (
    OF_ONE_PERSON,
    PROFILE,
    VALUES_OF_ONE_PERSON,
)
from support.paths import ROOT
from support.schema_values import (
    NO_NUL,
    TEMPLATE,
    Data,
    Rules,
    accepted_by_some,
    destination,
    or_template,
    rules_of,
    scalar,
    words_or_template,
)

FILE = ROOT / "docs" / "entries.schema.json"
ROLE = ROOT / "roles" / "provision" / "meta" / "argument_specs.yml"
ADDRESS = "https://raw.githubusercontent.com/xivo-confd/ansible-collection-confd/main/docs/entries.schema.json"
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
            "entry": or_template(entry, "object"),
            "profile": or_template(profile),
            "fallback": destination(FALLBACK),
            "key": or_template(_key()),
            "key_destination": destination(KEY),
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
            **or_template({"type": "array", "items": {"$ref": "#/definitions/entry"}}),
        },
        "provision_profiles": {
            "description": "Sets of keys that entries share, by their names.",
            **or_template({"type": "object", "additionalProperties": {"$ref": "#/definitions/profile"}}),
        },
        "provision_contexts": {
            "description": "Contexts of the server, with which xivo.confd.validate compares numbers.",
            **or_template({"type": "object", "additionalProperties": context}),
        },
        "confd_api": {"description": "Generation of the server.", **words_or_template(["auto", *GENERATIONS, ""])},
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
        below = {} if where else rules_of(RESOURCES.get(name))
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
        return or_template({"type": "object", "additionalProperties": {"$ref": "#/definitions/key"}})
    if where.startswith("fallbacks.") and name in FALLBACKS.field_names:
        return {"$ref": "#/definitions/fallback"}
    if "options" in option:
        inner = _keys(option["options"], documented.get("suboptions", {}), where, rules or {}, required=required)
        return or_template({"type": "array", "items": inner} if kind == "list" else inner)
    if kind == "list":
        return or_template({"type": "array", "items": {"type": "string", "pattern": NO_NUL}})
    if kind == "dict":
        return or_template({"type": "object"})
    if option.get("choices"):
        return words_or_template(option["choices"])
    resource, field = RESOURCES.get(where.partition(".")[0]), where.partition(".")[2] or name
    return scalar(name, kind, accepted_by_some((rules or {}).get(field, {}), resource, field))


def _named() -> Data:
    """Return the schema of an entry with a name."""
    user = {"type": "object", "required": ["firstname"], "properties": {"firstname": {"not": {"enum": [None, ""]}}}}
    return {"required": ["user"], "properties": {"user": {"anyOf": [TEMPLATE, user]}}}


def _not_both(one: str, other: str) -> Data:
    given = {name: {"not": {"type": "null"}} for name in (one, other)}
    return {"not": {"type": "object", "required": [one, other], "properties": given}}


def _has(name: str) -> Data:
    return {"required": [name], "properties": {name: {"not": {"enum": [None, ""]}}}}


# Keys and profiles


def _key() -> Data:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": ["destination"],
        "properties": {
            "destination": {"description": "What the key leads to.", "$ref": "#/definitions/key_destination"},
            "label": {"description": "Label of the key.", "type": ["string", "null"]},
            "blf": {"description": "Whether the key lights up.", **scalar("blf", "bool", {})},
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
