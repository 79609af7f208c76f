# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Returns the results of filters as data: nothing in them is a template."""

from __future__ import annotations

from typing import Any

from ansible import template

TAKES_RESULTS_AS_DATA = hasattr(template, "trust_as_template")
"""Whether ansible-core treats no result of a filter as a template, as it does from 2.19 on."""

if not TAKES_RESULTS_AS_DATA:
    from ansible.utils.unsafe_proxy import wrap_var


def as_data(value: Any) -> Any:
    """Return a value in which no text is a template."""
    return value if TAKES_RESULTS_AS_DATA else wrap_var(value)
