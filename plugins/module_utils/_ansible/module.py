# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a module that has a connection: checks its options, calls the core, and returns results without secrets."""

from __future__ import annotations

import os
import traceback
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NoReturn

from ansible.module_utils.basic import AnsibleModule, missing_required_lib

from .._backends.registry import choose_backend
from .._http.client import Client, SessionEndedError
from .._http.connection import Connection, origin_of, without_credentials
from .._http.handover import Handover
from .._http.journal import Journal, Recorder
from .._http.pace import Pace
from .._http.transport import PARSE_ERRORS, REQUESTS_IMPORT_ERROR
from .._model.errors import ConfdError, InputError, PlanError, ProvisionError, details_of
from .._model.masking import MASK, masked
from .._model.printable import printable, printable_values
from .._model.resources import SECRET_KEYS
from .._model.secrets import is_masked_by_key_only, secret_texts
from .._model.texts import is_true
from .._tasks.task import Task
from .argument_specs import CONNECTION_SPEC, JOURNAL_SPEC
from .environment import ADDRESSES, refuse_other_servers, secrets_of_environment
from .in_process import ModuleExit, ReturningModule
from .journal_file import journal_of
from .nulls import with_kept_nulls
from .option_checks import (
    ENTRIES,
    INTERNAL_PREFIX,
    find_option_problems,
    with_planned_values,
    without_wrong_entries,
)
from .progress_file import progress_of
from .signals import cleaned_up_on_signals

if TYPE_CHECKING:
    from .session_store import SharedMemory

EXPOSED = "anyone who can intercept the connection can read the users, change everything, and use the credentials."
INTERNAL_ERROR = (
    "The module failed with an unexpected error ({kind}). This is a defect of xivo.confd: please report it with the "
    "output of -vvv. Run again: changes that were made are not repeated."
)
UNREADABLE = (
    "An answer of {url} is not what confd sends ({kind}). Check that confd_url is the address of confd and that "
    "confd_api is the generation of the server. If they are right, this is a defect of xivo.confd: please report it "
    "with the output of -vvv. Run again: changes that were made are not repeated."
)
READERS = frozenset({"_backends", "_state"})
"""The layers that read the rows of answers. Wrong types in them are the usual cause of an unexpected error there."""


class Module:
    """A module that has a connection.

    action: the function of the core that does its work. spec: the argument spec of its own options.
    writes: whether it can write to the server, and so a journal. constraints: further arguments of AnsibleModule
    (required_one_of and the like).
    """

    def __init__(
        self,
        action: Callable[[Task], dict[str, Any]],
        spec: Mapping[str, Any],
        writes: bool = True,
        **constraints: Any,
    ) -> None:
        self.action = action
        self.spec = {**spec, **(JOURNAL_SPEC if writes else {})}
        self.constraints = constraints

    def run(self) -> None:
        """Run as the main() of a module: print the result and exit."""
        self._end(_Module(**self._arguments()))

    def result(self, options: Mapping[str, Any], store: SharedMemory | None = None) -> dict[str, Any]:
        """Return what run() would print.

        options include Ansible's own, such as _ansible_check_mode. store: what earlier tasks have left for this one.
        """
        try:
            module = _InProcess(options, **self._arguments())
            module.store = store
            self._end(module)
        except ModuleExit as ended:
            return ended.result
        raise AssertionError("unreachable")

    def _arguments(self) -> dict[str, Any]:
        spec = {**CONNECTION_SPEC, **self.spec}
        return {"argument_spec": spec, "supports_check_mode": True, **self.constraints}

    def _end(self, module: _Module) -> None:
        """Check the options, call the core, and exit with masked results or one message."""
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
            with cleaned_up_on_signals():
                result = _perform(self.action, module)
        except ProvisionError as error:
            _exit(module.fail_json, module, _as_printed({"msg": str(error), **error.results}, module), reveal)
        except ConfdError as error:
            _exit(module.fail_json, module, _as_printed({"msg": str(error), **details_of(error)}, module), reveal)
        except Exception as error:
            # An unexpected error. Its text may contain secrets, so only the place is reported.
            frames = traceback.extract_tb(error.__traceback__)
            places = [f"{Path(frame.filename).name}, line {frame.lineno}, in {frame.name}" for frame in frames]
            reads = any(not READERS.isdisjoint(Path(frame.filename).parts) for frame in frames)
            text = UNREADABLE if reads and isinstance(error, PARSE_ERRORS) else INTERNAL_ERROR
            url = without_credentials(module.params["confd_url"])
            module.fail_json(msg=text.format(kind=type(error).__name__, url=url), places=places)
        else:
            _exit(module.exit_json, module, result, reveal)


class _Module(AnsibleModule):  # type: ignore[misc]
    """AnsibleModule that checks the options before it converts them, and masks secrets in failures as well."""

    problems: Sequence[str] = ()
    entry_problems: Mapping[int, str] = MappingProxyType({})
    """{position of an entry of ``users``: why it cannot be planned}, if the others are planned nevertheless."""
    secrets_of_environment: Sequence[str] = ()
    no_log_values: set[str]
    params: dict[str, Any]
    store: SharedMemory | None = None
    """What earlier tasks of the playbook have left for this one."""
    given: Mapping[str, Any] = MappingProxyType({})
    """The options before Ansible checks them."""

    def _load_params(self) -> None:
        super()._load_params()
        self.params = with_planned_values(self.argument_spec, self.params)
        self.given = {name: value for name, value in self.params.items() if not name.startswith(INTERNAL_PREFIX)}
        self.secrets_of_environment = secrets_of_environment(self.params, os.environ)
        self.params = with_kept_nulls(self.argument_spec, self.params)
        self.problems = find_option_problems(self.argument_spec, self.params)
        # Ansible logs all options to the system's log, those in plain dictionaries included.
        self.no_log_values.update(secret_texts(self.params))
        if self.problems and is_true(self.params.get("continue_on_error")):
            self._leave_out_entries()
        if self.problems:
            # Ansible raises TypeError for a number or a boolean where a dictionary belongs.
            self.params = {name: value for name, value in self.params.items() if name.startswith(INTERNAL_PREFIX)}

    def _leave_out_entries(self) -> None:
        """Let entries with problems fail alone, if nothing else is wrong with the options."""
        entries = self.params.get(ENTRIES)
        rest = find_option_problems(self.argument_spec, {**self.params, ENTRIES: []})
        if rest or not isinstance(entries, list):
            return
        self.problems = ()
        self.params[ENTRIES], self.entry_problems = without_wrong_entries(self.argument_spec[ENTRIES], entries)

    def fail_json(self, msg: str, **kwargs: Any) -> NoReturn:
        """Fail with options masked by their keys, also while the options are still being checked."""
        self.no_log_values = {value for value in self.no_log_values if not is_masked_by_key_only(value)}
        kwargs.setdefault("invocation", _invocation(self.given, self.argument_spec))
        super().fail_json(msg=str(PlanError(self.problems)) if self.problems else msg, **kwargs)
        raise AssertionError("unreachable")


class _InProcess(_Module, ReturningModule):
    """A _Module that returns to its caller instead of ending the process."""


def _perform(action: Callable[[Task], dict[str, Any]], module: _Module) -> dict[str, Any]:
    """Carry out the action of a module, in the session of an earlier task if the server still accepts it."""
    connection = _connection_of(module)
    journal = journal_of(module.params, module.check_mode, module.no_log_values, module.warn)
    try:
        return _perform_with(connection, action, module, journal)
    except SessionEndedError:
        return _perform_with(replace(connection, handover=Handover()), action, module, journal)


def _perform_with(
    connection: Connection, action: Callable[[Task], dict[str, Any]], module: _Module, journal: Journal | None
) -> dict[str, Any]:
    options, client = module.params, Client(connection)
    try:
        client.recorder = Recorder(journal) if journal else None
        backend = choose_backend(options["confd_api"], client)
        if journal:
            journal.run.api = backend.api
        # A run in check mode writes nothing, also no file.
        path = None if module.check_mode else options.get("progress_file")
        progress = progress_of(path, options["confd_url"])
        task = Task(backend, options, module.check_mode, progress, module._diff, entry_problems=module.entry_problems)
        return action(task)
    finally:
        client.close()


def _connection_of(module: _Module) -> Connection:
    """Return the connection that the options describe, and warn of an unsafe one. Raises InputError."""
    options = module.params
    for name, unit in {"timeout": "seconds", "answer_timeout": "seconds", "max_answer_size": "MB"}.items():
        if not options[name] > 0:
            raise InputError(f"{name} is {options[name]:g}, but must be more than 0 {unit}.")
    rate = options["max_requests_per_second"]
    if rate is not None and not rate > 0:
        raise InputError(f"max_requests_per_second is {rate:g}, but must be more than 0. Leave it out for no limit.")
    if options["retries"] < 0:
        raise InputError(f"retries is {options['retries']}, but must not be negative.")
    if not options["validate_certs"] and options["confd_url"].startswith("https:"):
        module.warn("validate_certs is false: anyone who can intercept the connection can read and change everything.")
    connection = Connection(
        url=options["confd_url"],
        username=options["confd_username"],
        password=options["confd_password"],
        token=options["confd_token"],
        validate_certs=options["validate_certs"],
        ca_path=options["ca_path"],
        timeout=options["timeout"],
        retries=options["retries"],
        answer_timeout=options["answer_timeout"],
        max_answer_size=options["max_answer_size"],
        auth_url=options["confd_auth_url"],
        auth_backend=options["confd_auth_backend"],
        tenant=options["confd_tenant"],
        pace=Pace(rate),
        handover=module.store.handover_of(options) if module.store else Handover(),
    )
    _check_credentials(connection)
    refuse_other_servers(connection, module.secrets_of_environment, os.environ)
    if connection.has_credentials:
        for option in connection.exposed_addresses():
            module.warn(f"{option} begins with http://: {EXPOSED}")
    return connection


def _as_printed(result: dict[str, Any], module: _Module) -> dict[str, Any]:
    """Return the result of a failure, which Ansible prints at every verbosity, with printable texts.

    With ``plan_only``, the plan has exact values: the role carries it out, also if some entries failed, and does not
    let Ansible print it.
    """
    exact = {"plan": result["plan"]} if module.params.get("plan_only") and "plan" in result else {}
    return {**printable_values(result), **exact}


def _check_credentials(connection: Connection) -> None:
    """Raise InputError for an address with credentials, which also are not the ones to use, and for half of them."""
    origin_of(connection.base_url, "confd_url")
    if connection.auth_url:
        origin_of(connection.auth_base_url, "confd_auth_url")
    if connection.password and connection.username is None:
        raise InputError("confd_password is given without confd_username.")
    if connection.username is not None and not connection.password and not connection.token:
        raise InputError(
            f"confd_username {connection.username!r} is given without confd_password.",
            "Set confd_password, or the environment variable CONFD_PASSWORD of the ansible-playbook command. If "
            "default(omit) follows a variable that is not defined, Ansible leaves the option out.",
        )


def _exit(leave: Callable[..., None], module: AnsibleModule, result: dict[str, Any], reveal: Iterable[str]) -> None:
    for warning in result.pop("warnings", []):
        module.warn(printable(warning))
    # AnsibleModule adds a null for each sub-option that was left out; in a list these would be most of the output.
    options = {name: _without_nulls(value) for name, value in module.params.items()}
    leave(**{**masked(result, reveal), "invocation": _invocation(options, module.argument_spec)})


def _invocation(options: Mapping[str, Any], spec: Mapping[str, Any]) -> dict[str, Any]:
    """Return what Ansible shows of the options: without secrets."""
    return {"module_args": _shown_options(masked(options), spec)}


def _shown_options(options: Any, spec: Mapping[str, Any]) -> Any:
    """Return options without the values of unknown keys, which may be misspelt secrets, and credentials in URLs."""
    if not isinstance(options, Mapping):
        return options
    shown = {}
    for name, value in options.items():
        field = spec.get(name)
        if field is None:
            shown[name] = value if value in (None, "") else MASK
        elif isinstance(value, list) and "options" in field:
            shown[name] = [_shown_options(each, field["options"]) for each in value]
        elif "options" in field:
            shown[name] = _shown_options(value, field["options"])
        else:
            shown[name] = without_credentials(value) if name in ADDRESSES and isinstance(value, str) else value
    return shown


def _without_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_nulls(inner) for key, inner in value.items() if inner is not None}
    return [_without_nulls(inner) for inner in value] if isinstance(value, list) else value
