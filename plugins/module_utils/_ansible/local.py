# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs modules that do not connect to a server themselves."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ansible.module_utils.basic import AnsibleModule

from .._model.errors import ConfdError, UnsupportedError


def run_local(
    action: Callable[[Mapping[str, Any], bool], dict[str, Any]],
    spec: Mapping[str, Any],
    bulky: Iterable[str] = (),
    **constraints: Any,
) -> None:
    """Run a module. action: a function of (options, check mode) that returns the results or raises ConfdError.

    bulky: options that ``invocation`` leaves out. constraints: arguments of AnsibleModule such as required_one_of.
    """
    module = AnsibleModule(argument_spec=dict(spec), supports_check_mode=True, **constraints)
    repeated = {name: value for name, value in module.params.items() if name not in set(bulky)}
    invocation = {"module_args": repeated}
    try:
        result = action(module.params, module.check_mode)
    except ConfdError as error:
        module.fail_json(msg=str(error), invocation=invocation)
    else:
        module.exit_json(**result, invocation=invocation)


def refuse_on_host(name: str, spec: Mapping[str, Any]) -> None:
    """Run a module whose work its action plugin does: it fails, and says so."""

    def refuse(_options: Mapping[str, Any], _check_mode: bool) -> dict[str, Any]:
        raise UnsupportedError(f"{name} is an action plugin: it runs on the controller only, in a task of a playbook.")

    run_local(refuse, spec)
