# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What confd_device does: find the phone, plan, apply."""

from __future__ import annotations

from typing import Any

from ._ensure import Task
from ._errors import InputError
from ._plan_device import find_device, plan_device, plan_reset, plan_synchronize
from ._resources import DEVICE_SETTINGS
from ._steps_device import AUTOPROV, RESET_TIMEOUT


def ensure_device(task: Task) -> dict[str, Any]:
    """confd_device: results ``device``."""
    options = task.options
    given_timeout = options.get("wait_timeout")
    timeout = RESET_TIMEOUT if given_timeout is None else given_timeout
    if timeout < 0:
        raise InputError(f"wait_timeout is {timeout:g}, but must not be negative.")
    device = find_device(task.backend, options, "The task")
    if options.get("state") == AUTOPROV:
        plan_reset(task.planner, device, timeout)
    plan_device(task.planner, device, {name: options.get(name) for name in DEVICE_SETTINGS})
    if options.get("synchronize"):
        plan_synchronize(task.planner, device)
    result = task.finish()
    return {**result, "device": device.result()}
