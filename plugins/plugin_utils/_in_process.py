# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Modules inside Ansible's own process, where they would only start Python on the same machine for each task.

Ansible packs a module, starts Python, and that Python reads Ansible's and our code, and requests, anew: a fifth of a
second for every task, and most of what a loop over modules takes.
"""

from __future__ import annotations

import gc
import json
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Any

from ansible import constants
from ansible.module_utils.common.text.converters import to_text
from ansible.module_utils.parsing.convert_bool import boolean
from ansible.plugins.action import ActionBase
from ansible.plugins.action.normal import ActionModule as NormalAction
from ansible.utils.display import Display

from ansible_collections.xivo.confd.plugins.module_utils._ansible.module import Module
from ansible_collections.xivo.confd.plugins.module_utils._http.transport import REQUESTS_IMPORT_ERROR

OWN_PROCESS = "confd_own_process"


class InProcess(NormalAction):  # type: ignore[misc]
    """Runs ``module`` here if that makes no difference but to time, and otherwise as Ansible runs any module."""

    module: Module

    def run(self, tmp: Any = None, task_vars: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """The result of a task."""
        variables = task_vars or {}
        if not self._makes_no_difference(variables):
            result: dict[str, Any] = super().run(tmp, task_vars)
            return result
        Display().vvv(f"{self._task.action} runs in Ansible's own process.", host=variables.get("inventory_hostname"))
        # Ansible has forked for this task and keeps its objects. To look through them for garbage would copy them, and
        # take as long as planning two hundred users.
        gc.freeze()
        # Past the parent, which is what starts a process.
        result = ActionBase.run(self, tmp, task_vars)
        options = _as_a_module_reads_it(self._options(variables))
        with _directory(self._loader.get_basedir()):
            return {**result, **_as_a_module_reads_it(self.module.result(options))}

    def _makes_no_difference(self, variables: Mapping[str, Any]) -> bool:
        """Whether a process of its own would run on this machine and with this Python, and nothing asks for one."""
        return (
            self._connection.transport == "local"
            and not self._asks_for_a_process(variables)
            and self._is_this_python(variables)
            and REQUESTS_IMPORT_ERROR is None
            # Ansible forks for every task, and what macOS asks about proxies does not survive that.
            and sys.platform != "darwin"
        )

    def _asks_for_a_process(self, variables: Mapping[str, Any]) -> bool:
        """Whether another user or environment is asked for, or a module that outlives its task, is ended or is kept."""
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
        """Whether Ansible's Python is the one that is asked for; if none is, there is nothing to discover."""
        delegate = self._task.delegate_to
        of_host = variables["ansible_delegated_vars"][delegate] if delegate else variables
        asked = constants.config.get_config_value("INTERPRETER_PYTHON", variables=of_host)
        python = self._templar.template(asked)
        return not python or python.startswith("auto") or python == sys.executable

    def _options(self, variables: Mapping[str, Any]) -> dict[str, Any]:
        """The task's options, with Ansible's own: check mode, diff, verbosity."""
        options = dict(self._task.args)
        self._update_module_args(self._task.action, options, variables)
        return options


def _as_a_module_reads_it(value: dict[str, Any]) -> dict[str, Any]:
    """Through JSON, as between processes, so that nothing of Ansible's kinds of text comes in or goes out."""
    plain: dict[str, Any] = json.loads(json.dumps(value, default=_text))
    return plain


def _text(value: Any) -> str:
    """A date of YAML, or a vaulted text."""
    return value.isoformat() if isinstance(value, date) else str(to_text(value))


@contextmanager
def _directory(path: str) -> Iterator[None]:
    """Where Ansible starts a local process: relative paths in options begin there."""
    before = os.getcwd()
    os.chdir(path)
    try:
        yield
    finally:
        os.chdir(before)
