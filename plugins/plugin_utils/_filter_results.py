# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Returns the results of filters as data: nothing in them is a template."""

from __future__ import annotations

from typing import Any

from ansible import template

if hasattr(template, "trust_as_template"):

    def as_data(value: Any) -> Any:
        """Return the value: ansible-core from 2.19 on treats no result of a filter as a template."""
        return value

else:
    from ansible.utils.unsafe_proxy import wrap_var as as_data

__all__ = ["as_data"]
