# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs confd_device and confd_line_device."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._model.errors import InputError
from .._model.records import Device, Line
from .._model.resources import DEVICE, DEVICE_SETTINGS, NOT_CONFIGURED
from .._operations.device import AUTOPROV, RESET_TIMEOUT
from .._state.devices import check_devices_supported, find_device
from .._state.lookup import MissingReferenceError, resolve_line
from .task import Task


def ensure_device(task: Task) -> dict[str, Any]:
    """Run confd_device, and return its results with ``device``."""
    options = task.options
    given_timeout = options.get("wait_timeout")
    timeout = RESET_TIMEOUT if given_timeout is None else given_timeout
    if timeout < 0:
        raise InputError(f"wait_timeout is {timeout:g}, but must not be negative.")
    device = find_device(task.backend, options, "The task")
    may_lack_config = device["status"] == NOT_CONFIGURED and not device["template_id"]
    if options.get("state") == AUTOPROV:
        task.planner.reset_device(device, timeout)
    task.planner.ensure_device(device, {name: options.get(name) for name in DEVICE_SETTINGS})
    if options.get("synchronize"):
        task.planner.synchronize_device(device)
    if task.check_mode and may_lack_config and task.planner.operations:
        task.warnings.append(
            f"{device} is not configured. If it has no configuration on the provisioning server at all, which the API "
            "does not show, a real run fails."
        )
    result = task.finish()
    return {**result, "device": device.result()}


def ensure_line_device(task: Task) -> dict[str, Any]:
    """Run confd_line_device, and return its results with ``line_device``."""
    check_devices_supported(task.state, "A line's phone")
    try:
        line = resolve_line(task.state, task.options["line"], task.check_mode)
    except MissingReferenceError:
        if task.absent:
            return task.finish(line_device=None)
        raise
    device = _find_device(task, task.options["device"])
    if task.absent:
        task.planner.dissociate_line_device(line, device)
    else:
        _check_line_is_complete(task, line)
        task.planner.associate_line_device(line, device, bool(task.options["synchronize"]))
    result = task.finish()
    pair = {"line_id": line.id, "device_id": device.id}
    return {**result, "line_device": {**pair, "predicted": True} if line.predicted else pair}


def _find_device(task: Task, reference: Mapping[str, Any]) -> Device:
    """Return the device of a reference: a dict with one of DEVICE.keys, or a device that another task returned.

    Raise InputError if the reference has unknown keys.
    """
    unknown = sorted(set(reference) - {"id", *DEVICE.field_names})
    if unknown:
        raise InputError(f"device has unknown keys: {', '.join(unknown)}.", f"Valid keys: {', '.join(DEVICE.keys)}.")
    has_id = reference.get("id") not in (None, "")
    return find_device(task.backend, {"id": reference["id"]} if has_id else reference)


def _check_line_is_complete(task: Task, line: Line) -> None:
    """Refuse to associate a device with a line that has no extension or no user, as confd does."""
    missing = [
        name
        for name, found in (("extension", task.state.extension_of(line)), ("user", task.state.main_user_of(line)))
        if found is None
    ]
    if missing:
        task.refuse(
            f"{line} has no {' and no '.join(missing)}. A phone needs a line with an extension and a user.",
            "Associate them with the line first (confd_line_extension, confd_user_line).",
        )
