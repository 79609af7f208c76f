# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Builds the argument specs of the modules: connection, fields of the resources, and what several modules share."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from ansible.module_utils.basic import env_fallback
from ansible.module_utils.errors import AnsibleFallbackNotFound

from .._backends.registry import GENERATIONS
from .._model.resources import EXTENSION, LINE, USER, USER_PARTS, VOICEMAIL, Field, Resource
from .._tasks.query import Listing
from .._tasks.task import Task
from .._tasks.user_parts import ensure_user_part


def _from_env(name: str) -> tuple[Any, list[str]]:
    return (_given, [f"CONFD_{name}"])


def _given(name: str) -> Any:
    """Return the value of an environment variable; one that is empty counts as not set.

    AWX sets a variable to '' for every field of a credential that is left empty. Raises AnsibleFallbackNotFound.
    """
    value = env_fallback(name)
    if value == "":
        raise AnsibleFallbackNotFound
    return value


CONNECTION_SPEC: dict[str, Any] = {
    "confd_url": {"type": "str", "required": True, "fallback": _from_env("URL")},
    "confd_username": {"type": "str", "fallback": _from_env("USERNAME")},
    "confd_password": {"type": "str", "no_log": True, "fallback": _from_env("PASSWORD")},
    "confd_token": {"type": "str", "no_log": True, "fallback": _from_env("TOKEN")},
    "confd_api": {
        "type": "str",
        "choices": ["auto", *GENERATIONS],
        "default": "auto",
        "fallback": _from_env("API"),
    },
    "confd_auth_url": {"type": "str", "fallback": _from_env("AUTH_URL")},
    "confd_auth_backend": {"type": "str", "fallback": _from_env("AUTH_BACKEND")},
    "confd_tenant": {"type": "str", "fallback": _from_env("TENANT")},
    "validate_certs": {"type": "bool", "default": True, "fallback": _from_env("VALIDATE_CERTS")},
    "ca_path": {"type": "path", "fallback": _from_env("CA_PATH")},
    "timeout": {"type": "float", "default": 30.0},
    "answer_timeout": {"type": "float", "default": 300.0},
    "max_answer_size": {"type": "float", "default": 256.0},
    "max_requests_per_second": {"type": "float"},
    "retries": {"type": "int", "default": 3},
}
VARIABLE_PREFIX = "confd_"
CONNECTION_VARIABLES = {option: VARIABLE_PREFIX + option.removeprefix(VARIABLE_PREFIX) for option in CONNECTION_SPEC}
"""{option: the variable of an inventory that the lookup ``connection`` reads for it}."""
JOURNAL_SPEC: dict[str, Any] = {
    "journal": {"type": "path", "fallback": _from_env("JOURNAL")},
    "journal_run": {
        "type": "dict",
        "options": {
            "id": {"type": "str"},
            "host": {"type": "str"},
            "item": {"type": "int"},
            "person": {"type": "str"},
            "awx_job_id": {"type": "str"},
            "awx_user": {"type": "str"},
            "awx_job_template": {"type": "str"},
            "awx_workflow_job_id": {"type": "str"},
        },
    },
}
STATE_SPEC: dict[str, Any] = {"state": {"type": "str", "choices": ["present", "absent"], "default": "present"}}
UPDATE_PASSWORD_SPEC: dict[str, Any] = {
    "update_password": {"type": "str", "choices": ["always", "on_create"], "default": "always", "no_log": False}
}

NEW_SPEC: dict[str, Any] = {"new": {"type": "bool", "default": False}}
PLANNED_SPEC: dict[str, Any] = {
    "planned": {
        "type": "dict",
        "options": {
            "namesakes": {"type": "list", "elements": "int"},
            "user": {"type": "dict"},
            "values": {"type": "dict"},
        },
    }
}
TARGET_SPEC: dict[str, Any] = {"target": {"type": "str", "choices": list(GENERATIONS)}}
RETURN_SECRETS_SPEC: dict[str, Any] = {"return_secrets": {"type": "bool", "default": False, "no_log": False}}


def fields_spec(resource: Resource, **overrides: dict[str, Any]) -> dict[str, Any]:
    """Return the argument spec of a resource's fields.

    overrides: {option: what its spec has besides}.
    """
    return {name: {**_option_spec(each), **overrides.get(name, {})} for name, each in resource.options.items()}


def _option_spec(option: Field | dict[str, Field]) -> dict[str, Any]:
    if isinstance(option, dict):
        return {"type": "dict", "options": {name: _option_spec(field) for name, field in option.items()}}
    elements = {"elements": "str"} if option.type == "list" else {}
    return {"type": option.option_type, **elements, **_no_log(option.name, option.secret)}


def _no_log(name: str, is_secret: bool = False) -> dict[str, bool]:
    """Return no_log for an option. Ansible warns of a name that sounds like a secret and does not say whether it is."""
    return {"no_log": is_secret} if is_secret or any(word in name for word in ("password", "key")) else {}


def match_spec() -> dict[str, Any]:
    """Return the argument spec of ``match``, which identifies a user."""
    types = {"id": "int", "exten": "raw"}
    options = {key: {"type": types.get(key, "str")} for key in USER.keys}
    return {"match": {"type": "dict", "options": options}}


def _part_spec(key: str, resource: Resource) -> dict[str, Any]:
    """Return the spec of settings in an entry: a dictionary, or the list itself where they are one list."""
    options = {**fields_spec(resource), **_state_spec(resource)}
    return dict(options[key]) if key in options else {"type": "dict", "options": options, **_no_log(key)}


def _state_spec(resource: Resource) -> dict[str, Any]:
    """Return the option that removes what not every user has."""
    return STATE_SPEC if resource.existence else {}


def user_part_module(resource: Resource) -> tuple[Callable[[Task], dict[str, Any]], dict[str, Any]]:
    """Return the action and the argument spec of the module of settings of a user."""
    spec = {**references_spec("user"), **fields_spec(resource), **PLANNED_SPEC, **_state_spec(resource)}
    return partial(ensure_user_part, resource=resource), {**spec, **(UPDATE_PASSWORD_SPEC if resource.secrets else {})}


def references_spec(*names: str) -> dict[str, Any]:
    """Return the argument spec of required references to objects. The core checks their keys."""
    return {name: {"type": "dict", "required": True} for name in names}


def info_spec(listing: Listing) -> dict[str, Any]:
    """Return the argument spec of an info module: everything that a Query takes."""
    has_secrets = bool(listing.resource.secrets)
    return {
        "id": {"type": listing.field("id").type},
        "search": {"type": "str"},
        "filters": {"type": "dict"},
        "order": {"type": "str", "choices": list(listing.keys)},
        "direction": {"type": "str", "choices": ["asc", "desc"]},
        "limit": {"type": "int"},
        "skip": {"type": "int"},
        **(RETURN_SECRETS_SPEC if has_secrets else {}),
    }


def entry_spec() -> dict[str, Any]:
    """Return the argument spec of one entry, typed down to the last sub-option."""
    number = {**fields_spec(EXTENSION, context={"required": True}), "range": {"type": "str"}}
    return {
        "user": {"type": "dict", "options": fields_spec(USER)},
        **match_spec(),
        "line": {"type": "dict", "options": fields_spec(LINE)},
        "extension": {"type": "dict", "options": number},
        "incall": {"type": "dict", "options": number},
        "incalls": {"type": "list", "elements": "dict", "options": number},
        "voicemail": {"type": "dict", "options": fields_spec(VOICEMAIL)},
        "device": {"type": "dict", "options": {"mac": {"type": "str", "required": True}}},
        **{key: _part_spec(key, resource) for key, resource in USER_PARTS.items()},
        **STATE_SPEC,
    }
