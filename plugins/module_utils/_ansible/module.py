# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Ansible edge: options in, results out, secrets masked. Nothing else here knows AnsibleModule."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, NoReturn

from ansible.module_utils.basic import AnsibleModule, env_fallback, missing_required_lib
from ansible.module_utils.errors import AnsibleFallbackNotFound

from .._backends.registry import GENERATIONS, choose_backend
from .._http.client import Client
from .._http.connection import Connection
from .._http.transport import REQUESTS_IMPORT_ERROR
from .._model.errors import ConfdError, InputError, PlanError, ProvisionError
from .._model.resources import EXTENSION, LINE, SECRET_KEYS, USER, VOICEMAIL, Resource, masked
from .._model.secrets import is_masked_by_key_only, secret_texts
from .._tasks.query import Listing
from .._tasks.task import Task
from .in_process import ModuleExit, ReturningModule
from .option_checks import find_option_problems

INTERNAL_ERROR = (
    "Something went wrong that should not be possible ({kind}). That is a defect of xivo.confd: please report it with "
    "what -vvv shows. Run again: what is done already is not done twice."
)


def _from_env(name: str) -> tuple[Any, list[str]]:
    return (_given, [f"CONFD_{name}"])


def _given(name: str) -> Any:
    """The value of an environment variable. AWX sets one to '' for every field of a credential that is left empty."""
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
    "confd_tenant": {"type": "str", "fallback": _from_env("TENANT")},
    "validate_certs": {"type": "bool", "default": True, "fallback": _from_env("VALIDATE_CERTS")},
    "ca_path": {"type": "path", "fallback": _from_env("CA_PATH")},
    "timeout": {"type": "float", "default": 30.0},
    "retries": {"type": "int", "default": 3},
}
STATE_SPEC: dict[str, Any] = {"state": {"type": "str", "choices": ["present", "absent"], "default": "present"}}
UPDATE_PASSWORD_SPEC: dict[str, Any] = {
    "update_password": {"type": "str", "choices": ["always", "on_create"], "default": "always", "no_log": False}
}

NEW_SPEC: dict[str, Any] = {"new": {"type": "bool", "default": False}}
RETURN_SECRETS_SPEC: dict[str, Any] = {"return_secrets": {"type": "bool", "default": False, "no_log": False}}


def fields_spec(resource: Resource, **overrides: dict[str, Any]) -> dict[str, Any]:
    """The argument spec of a resource's fields; ``overrides`` adds to single ones."""
    return {
        field.name: {
            "type": field.type,
            # Ansible wants to be told of every name that sounds like a secret.
            **({"no_log": field.secret} if field.secret or "password" in field.name else {}),
            **overrides.get(field.name, {}),
        }
        for field in resource.fields
    }


def match_spec() -> dict[str, Any]:
    """The argument spec of ``match``, which says which user is meant."""
    types = {"id": "int", "exten": "raw"}
    options = {key: {"type": types.get(key, "str")} for key in USER.keys}
    return {"match": {"type": "dict", "options": options}}


def references_spec(*names: str) -> dict[str, Any]:
    """The argument spec of objects that are named by their identity; the core looks at the keys."""
    return {name: {"type": "dict", "required": True} for name in names}


def info_spec(listing: Listing) -> dict[str, Any]:
    """The argument spec of an info module: everything that a Query takes."""
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
    """The argument spec of one entry, typed to the last sub-option."""
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
        **STATE_SPEC,
    }


class Module:
    """A module that has a connection: what it is given, and what it does.

    action: the core's function. spec: the module's own options. constraints: AnsibleModule's (required_one_of and the
    like).
    """

    def __init__(self, action: Callable[[Task], dict[str, Any]], spec: Mapping[str, Any], **constraints: Any) -> None:
        self.action = action
        self.spec = spec
        self.constraints = constraints

    def run(self) -> None:
        """Be a module's main(): print the result and exit."""
        self._end(_Module(**self._arguments()))

    def result(self, options: Mapping[str, Any]) -> dict[str, Any]:
        """What run() would print. options: with Ansible's own, such as _ansible_check_mode."""
        try:
            self._end(_InProcess(options, **self._arguments()))
        except ModuleExit as ended:
            return ended.result
        raise AssertionError("unreachable")

    def _arguments(self) -> dict[str, Any]:
        spec = {**CONNECTION_SPEC, **self.spec}
        return {"argument_spec": spec, "supports_check_mode": True, **self.constraints}

    def _end(self, module: _Module) -> None:
        """Check the options, call the core, end with masked results or one clear message."""
        if module.problems:
            module.fail_json(msg="")
        if REQUESTS_IMPORT_ERROR:
            module.fail_json(msg=missing_required_lib("requests"), exception=REQUESTS_IMPORT_ERROR)
        reveal = SECRET_KEYS if module.params.get("return_secrets") else frozenset()
        own = {module.params["confd_password"], module.params["confd_token"]}
        module.no_log_values = {
            value for value in module.no_log_values if not is_masked_by_key_only(value) and (value in own or not reveal)
        }
        try:
            result = _perform(self.action, module)
        except ProvisionError as error:
            _exit(module.fail_json, module, {"msg": str(error), **error.results}, reveal)
        except ConfdError as error:
            _exit(module.fail_json, module, {"msg": str(error), **details_of(error)}, reveal)
        except Exception as error:
            # What nobody thought of. Its own words may hold anything, so only where it happened is told.
            frames = traceback.extract_tb(error.__traceback__)
            places = [f"{Path(frame.filename).name}, line {frame.lineno}, in {frame.name}" for frame in frames]
            module.fail_json(msg=INTERNAL_ERROR.format(kind=type(error).__name__), places=places)
        else:
            _exit(module.exit_json, module, result, reveal)


class _Module(AnsibleModule):  # type: ignore[misc]
    """AnsibleModule that looks at the options before it converts them, and fails as carefully as it succeeds."""

    problems: Sequence[str] = ()
    no_log_values: set[str]

    def _load_params(self) -> None:
        super()._load_params()
        self.problems = find_option_problems(self.argument_spec, self.params)
        # For the system's log, which gets all options, those that are plain dictionaries included.
        self.no_log_values.update(secret_texts(self.params))

    def fail_json(self, msg: str, **kwargs: Any) -> NoReturn:
        """Fail, also while the options are still being looked at, with options masked by their keys."""
        self.no_log_values = {value for value in self.no_log_values if not is_masked_by_key_only(value)}
        kwargs.setdefault("invocation", {"module_args": masked(self.params)})
        super().fail_json(msg=str(PlanError(self.problems)) if self.problems else msg, **kwargs)
        raise AssertionError("unreachable")


class _InProcess(_Module, ReturningModule):
    """The same, for a process that goes on."""


def _perform(action: Callable[[Task], dict[str, Any]], module: AnsibleModule) -> dict[str, Any]:
    options = module.params
    if options["confd_password"] and options["confd_username"] is None:
        raise ConfdError("confd_password is given without confd_username.")
    if not options["timeout"] > 0:
        raise InputError(f"timeout is {options['timeout']:g}, but must be more than 0 seconds.")
    if options["retries"] < 0:
        raise InputError(f"retries is {options['retries']}, but must not be negative.")
    if not options["validate_certs"] and options["confd_url"].startswith("https:"):
        module.warn("validate_certs is false: whoever is between here and the server can read and change everything.")
    client = Client(
        Connection(
            url=options["confd_url"],
            username=options["confd_username"],
            password=options["confd_password"],
            token=options["confd_token"],
            validate_certs=options["validate_certs"],
            ca_path=options["ca_path"],
            timeout=options["timeout"],
            retries=options["retries"],
            auth_url=options["confd_auth_url"],
            tenant=options["confd_tenant"],
        )
    )
    try:
        backend = choose_backend(options["confd_api"], client)
        progress = _progress(options.get("progress_file"))
        return action(Task(backend, options, module.check_mode, progress, module._diff))
    finally:
        client.close()


def _progress(path: str | None) -> Callable[[str], None] | None:
    """What writes a line with the time to the progress file; Ansible shows nothing of a module before its end."""
    if path is None:
        return None

    def append(line: str) -> None:
        with open(path, "a", encoding="utf-8") as file:
            file.write(f"{datetime.now().isoformat(timespec='seconds')} {line}\n")

    return append


def details_of(error: ConfdError) -> dict[str, Any]:
    """What a rescue block may want to look at: the request, confd's status and its own words."""
    names = ("method", "path", "status", "messages", "problems", "fields", "timed_out")
    return {name: getattr(error, name) for name in names if hasattr(error, name)}


def _exit(leave: Callable[..., None], module: AnsibleModule, result: dict[str, Any], reveal: Iterable[str]) -> None:
    for warning in result.pop("warnings", []):
        module.warn(warning)
    # AnsibleModule adds a null for each sub-option that was left out, which is most of what a list would repeat.
    options = {name: _without_nulls(value) for name, value in module.params.items()}
    leave(**{**masked(result, reveal), "invocation": {"module_args": masked(options)}})


def _without_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_nulls(inner) for key, inner in value.items() if inner is not None}
    return [_without_nulls(inner) for inner in value] if isinstance(value, list) else value


__all__ = [
    "SECRET_KEYS",
    "RETURN_SECRETS_SPEC",
    "NEW_SPEC",
    "Module",
    "STATE_SPEC",
    "UPDATE_PASSWORD_SPEC",
    "details_of",
    "entry_spec",
    "fields_spec",
    "info_spec",
    "match_spec",
    "references_spec",
]
