# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a module without a process of its own: the caller passes the options and receives the result."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NoReturn

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.common.parameters import remove_values


class ModuleExit(Exception):
    """Raised where a module would end its process. result: what it would print."""

    def __init__(self, result: dict[str, Any]) -> None:
        super().__init__("the module has ended")
        self.result = result


class ReturningModule(AnsibleModule):  # type: ignore[misc]
    """AnsibleModule that raises ModuleExit instead of ending the process.

    It keeps its own warnings, because AnsibleModule collects those of the process, which has run other modules before.
    """

    no_log_values: set[str]

    def __init__(self, options: Mapping[str, Any], **arguments: Any) -> None:
        self._options = options
        self._warnings: list[str] = []
        super().__init__(**arguments)

    def _load_params(self) -> None:
        self.params = dict(self._options)

    def warn(self, warning: str, **_more: Any) -> None:
        """Keep a warning for the result."""
        self._warnings.append(warning)

    def exit_json(self, **result: Any) -> NoReturn:
        """Raise ModuleExit with a result."""
        raise ModuleExit(self._shown(result))

    def fail_json(self, msg: str, **result: Any) -> NoReturn:
        """Raise ModuleExit with a failure."""
        raise ModuleExit(self._shown({**result, "failed": True, "msg": msg}))

    def _shown(self, result: dict[str, Any]) -> dict[str, Any]:
        # From ansible-core 2.21 on, Ansible says whether it wants the options repeated; before, it always does.
        if not self._options.get("_ansible_inject_invocation", True):
            result.pop("invocation", None)
        if self._warnings:
            result["warnings"] = self._warnings
        # A secret such as "True" or "None" must not mask booleans and nulls.
        plain = {name: value for name, value in result.items() if value is None or isinstance(value, bool)}
        return {**remove_values(result, self.no_log_values), **plain}
