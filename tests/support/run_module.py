# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whole modules in this process, on whatever ansible-core: from their options to what they print."""

from __future__ import annotations

import importlib
import json
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack
from importlib.util import find_spec
from typing import Any
from unittest import mock

import pytest
from ansible.module_utils import basic
from ansible.module_utils.common import warnings
from ansible.module_utils.common.parameters import PASS_VARS

MODULES = "ansible_collections.xivo.confd.plugins.modules"
# From ansible-core 2.21 on, results repeat their options only where Ansible asks for it.
INVOCATION = {"_ansible_inject_invocation": True} if "inject_invocation" in PASS_VARS else {}


def run_module(name: str, options: Mapping[str, Any]) -> None:
    """Run the main() of a module with options as Ansible would give them; it prints its result."""
    given = json.dumps({"ANSIBLE_MODULE_ARGS": {**options, **INVOCATION}}).encode()
    with ExitStack() as stack:
        for replaced in _as_in_a_process_of_its_own(given):
            stack.enter_context(replaced)
        stack.enter_context(pytest.raises(SystemExit))
        importlib.import_module(f"{MODULES}.{name}").main()


def _as_in_a_process_of_its_own(given: bytes) -> Iterator[AbstractContextManager[Any]]:
    """What Ansible's wrapper sets, and what a process has that has run no other module and is no controller."""
    yield mock.patch.object(basic, "_ANSIBLE_ARGS", given)
    yield mock.patch.object(basic, "_ANSIBLE_PROFILE", "legacy", create=True)
    yield mock.patch.object(warnings, "_global_warnings", type(warnings._global_warnings)())
    if find_spec("ansible.module_utils._internal"):
        yield mock.patch("ansible.module_utils._internal.is_controller", False, create=True)
