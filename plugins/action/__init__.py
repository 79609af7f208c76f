# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The action plugin of all modules: runs them in Ansible's own process where that makes no difference but to time.

Ansible packs a module, starts Python, and that Python reads Ansible's code, ours and requests again. This takes longer
than the requests of most tasks, and is most of what a loop over modules takes.

A file beside this one for each module makes it the action of the module. Ansible looks up the action of a task before
it forks for the task. So a playbook reads the module, and what this file imports, once for all its tasks and servers.
With the key action_plugin of a module in meta/runtime.yml it would read it anew for every task. With a redirect there,
Ansible would give the module_defaults of one module to all, because it finds them under the name of the action.
"""

from __future__ import annotations

import gc
import json
import os
import shutil
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from importlib import import_module
from typing import Any

from ansible import constants
from ansible.module_utils.common.text.converters import to_text
from ansible.module_utils.parsing.convert_bool import boolean
from ansible.plugins.action import ActionBase
from ansible.plugins.action.normal import ActionModule as NormalAction
from ansible.plugins.loader import module_loader
from ansible.utils.display import Display

from ansible_collections.xivo.confd.plugins.module_utils._ansible.module import Module
from ansible_collections.xivo.confd.plugins.module_utils._ansible.session_store import open_store
from ansible_collections.xivo.confd.plugins.module_utils._http.transport import REQUESTS_IMPORT_ERROR

MODULES = "ansible_collections.xivo.confd.plugins.modules"
OWN_PROCESS = "confd_own_process"


STORE = open_store()
"""Made before Ansible forks, so that the tasks of the playbook share it."""
JOURNAL, JOURNAL_RUN, JOURNAL_VARIABLE = "journal", "journal_run", "CONFD_JOURNAL"
KNOWN_OF_RUN = {
    "host": ("inventory_hostname",),
    "awx_job_id": ("awx_job_id", "tower_job_id"),
    "awx_user": ("awx_user_name", "tower_user_name"),
    "awx_job_template": ("awx_job_template_name", "tower_job_template_name"),
    "awx_workflow_job_id": ("awx_workflow_job_id", "tower_workflow_job_id"),
}
"""{suboption of journal_run: the variables that tell it}. AWX passes its variables to every job, under both names."""


class ActionModule(NormalAction):  # type: ignore[misc]
    """Runs the module of a task here, or as Ansible runs any module where a process of its own is needed."""

    def __init_subclass__(cls) -> None:
        """Import the module of an action, which has its name, before Ansible forks for the task."""
        import_module(f"{MODULES}.{cls.__module__.rpartition('.')[2]}")

    def run(self, tmp: Any = None, task_vars: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Return the result of the task."""
        variables = task_vars or {}
        # Ansible gives a process of its own the text of a date, which the module could not refuse.
        has_dates = _has_dates(self._task.args)
        if not (has_dates or self._makes_no_difference(variables)):
            result: dict[str, Any] = super().run(tmp, task_vars)
            return result
        Display().vvv(f"{self._task.action} runs in Ansible's own process.", host=variables.get("inventory_hostname"))
        # Ansible has forked for this task and keeps its objects. To look through them for garbage would copy them, and
        # take as long as planning two hundred users.
        gc.freeze()
        # Past the parent, which is what starts a process.
        result = ActionBase.run(self, tmp, task_vars)
        options = (_with_dates if has_dates else _as_a_module_reads_it)(self._options(variables))
        with _directory(self._loader.get_basedir()):
            return {**result, **_as_a_module_reads_it(self._module().result(options, STORE))}

    def _update_module_args(self, module_name: str, module_args: Any, task_vars: Any, *more: Any, **named: Any) -> None:
        """Add Ansible's own options, and for a journal the user and the server of the task, which are variables."""
        super()._update_module_args(module_name, module_args, task_vars, *more, **named)
        given = module_args.get(JOURNAL_RUN) or {}
        wants_journal = module_args.get(JOURNAL) or os.environ.get(JOURNAL_VARIABLE)
        if wants_journal and isinstance(given, Mapping) and JOURNAL in self._module().spec:
            known = {name: _first(task_vars or {}, variables) for name, variables in KNOWN_OF_RUN.items()}
            module_args[JOURNAL_RUN] = {**{name: str(each) for name, each in known.items() if each}, **given}

    def _module(self) -> Module:
        """Return the module that the task means, whether by its full name, a short one or a redirected one."""
        found = module_loader.find_plugin_with_context(self._task.action, collection_list=self._task.collections)
        name = found.resolved_fqcn.rpartition(".")[2]
        module: Module = import_module(f"{MODULES}.{name}").MODULE
        return module

    def _makes_no_difference(self, variables: Mapping[str, Any]) -> bool:
        """Return whether a process of its own would run on this machine with this Python, and nothing asks for one."""
        return (
            self._connection.transport == "local"
            and not self._asks_for_a_process(variables)
            and self._is_this_python(variables)
            and REQUESTS_IMPORT_ERROR is None
            # Ansible forks for every task, and what macOS asks about proxies does not survive that.
            and sys.platform != "darwin"
        )

    def _asks_for_a_process(self, variables: Mapping[str, Any]) -> bool:
        """Return whether the task needs another user or environment, or a module that outlives it, is ended or kept."""
        task = self._task
        return bool(
            self._connection.become
            or any(task.environment or ())
            or task.async_val
            or task.timeout
            or constants.DEFAULT_KEEP_REMOTE_FILES
            or boolean(self._templar.template(variables.get(OWN_PROCESS, False)))
        )

    def _is_this_python(self, variables: Mapping[str, Any]) -> bool:
        """Return whether Ansible's Python is the one that is asked for; if none is, there is nothing to discover."""
        delegate = self._task.delegate_to
        of_host = variables["ansible_delegated_vars"][delegate] if delegate else variables
        asked = constants.config.get_config_value("INTERPRETER_PYTHON", variables=of_host)
        python = self._templar.template(asked)
        return not python or python.startswith("auto") or _is_own_python(python)

    def _options(self, variables: Mapping[str, Any]) -> dict[str, Any]:
        """Return the task's options, with Ansible's own: check mode, diff, verbosity."""
        options = dict(self._task.args)
        self._update_module_args(self._task.action, options, variables)
        return options


def _is_own_python(path: str) -> bool:
    """Return whether a path leads to Ansible's Python, which can have several names.

    The folder must be the same, too. A virtual environment has its own, with a link to a Python elsewhere.
    """
    found, own = shutil.which(path), sys.executable
    return path == own or bool(
        found and os.path.samefile(found, own) and os.path.samefile(os.path.dirname(found), os.path.dirname(own))
    )


def _first(variables: Mapping[str, Any], names: Iterable[str]) -> Any:
    """Return the value of the first of some variables that has one; None if none has."""
    return next((variables[name] for name in names if variables.get(name)), None)


def _as_a_module_reads_it(value: dict[str, Any]) -> dict[str, Any]:
    """Pass a value through JSON, as between processes, so that no text type of Ansible comes in or goes out."""
    plain: dict[str, Any] = json.loads(json.dumps(value, default=_text))
    return plain


def _text(value: Any) -> str:
    """Return the text of a date of YAML, or of a vaulted text."""
    return value.isoformat() if isinstance(value, date) else str(to_text(value))


def _has_dates(value: Any) -> bool:
    """Return whether there is a date of YAML in a value."""
    if isinstance(value, Mapping):
        return any(_has_dates(inner) for inner in value.values())
    return any(map(_has_dates, value)) if isinstance(value, list) else isinstance(value, date)


def _with_dates(value: Any) -> Any:
    """Return a value as ``_as_a_module_reads_it`` does, but with its dates, so that the module refuses them."""
    if isinstance(value, Mapping):
        return {str(key): _with_dates(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_with_dates(inner) for inner in value]
    plain = value is None or isinstance(value, (str, int, float, date))
    return value if plain else _text(value)


@contextmanager
def _directory(path: str) -> Iterator[None]:
    """Change to the directory where Ansible starts a local process: relative paths in options begin there."""
    before = os.getcwd()
    os.chdir(path)
    try:
        yield
    finally:
        os.chdir(before)
