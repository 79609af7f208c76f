# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a module inside the process of its caller, which passes the options and receives the result."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NoReturn

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.common.parameters import remove_values


class ModuleExit(Exception):
    """Raised where a module in a process of its own would exit. result: what that module would print."""

    def __init__(self, result: dict[str, Any]) -> None:
        super().__init__("the module has ended")
        self.result = result


class ReturningModule(AnsibleModule):  # type: ignore[misc]
    """AnsibleModule that raises ModuleExit instead of ending the process.

    It keeps its own warnings: AnsibleModule collects those of the process, which has run other modules before.
    """

    no_log_values: set[str]

    def __init__(self, options: Mapping[str, Any], **arguments: Any) -> None:
        self._options = options
        self._warnings: list[str] = []
        super().__init__(**arguments)

    def _load_params(self) -> None:
        self.params = dict(self._options)

    def warn(self, warning: str, **_more: Any) -> None:
        """Add a warning to the result."""
        self._warnings.append(warning)

    def exit_json(self, **result: Any) -> NoReturn:
        """Raise ModuleExit with the result of a success."""
        raise ModuleExit(self._complete(result))

    def fail_json(self, msg: str, **result: Any) -> NoReturn:
        """Raise ModuleExit with the result of a failure."""
        raise ModuleExit(self._complete({**result, "failed": True, "msg": msg}))

    def _complete(self, result: dict[str, Any]) -> dict[str, Any]:
        """Return a result with the warnings, and with secrets masked."""
        # From ansible-core 2.21 on, the option says whether to return the options. Earlier versions expect them.
        if not self._options.get("_ansible_inject_invocation", True):
            result.pop("invocation", None)
        if self._warnings:
            result["warnings"] = self._warnings
        # A secret with the text "True" or "None" must not mask values that are True or None.
        plain = {name: value for name, value in result.items() if value is None or isinstance(value, bool)}
        return {**remove_values(result, self.no_log_values), **plain}
