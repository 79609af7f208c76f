# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Returns the results of filters as data: nothing in them is a template."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from ansible import template

# Ansible-core from 2.19 on treats no result of a filter as a template, and is about to remove the module.
UNSAFE_PROXY = None if hasattr(template, "trust_as_template") else import_module("ansible.utils.unsafe_proxy")


def as_data(value: Any) -> Any:
    """Return a value in which no text is a template."""
    return UNSAFE_PROXY.wrap_var(value) if UNSAFE_PROXY else value
