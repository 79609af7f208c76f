# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the filters that make entries of a table: their warnings, errors and results."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ansible.errors import AnsibleFilterError
from ansible.utils.display import Display

from ansible_collections.xivo.confd.plugins.module_utils._model.errors import InputError
from ansible_collections.xivo.confd.plugins.module_utils._model.texts import is_true
from ansible_collections.xivo.confd.plugins.plugin_utils._filter_results import as_data


def filtered(
    make: Callable[..., list[dict[str, Any]]], source: Any, options: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """Return the entries that a function makes of a source, as data: nothing in them is a template.

    Raises one AnsibleFilterError that names every mistake.
    """
    options = {**options, "match": is_true(options["match"])}
    try:
        entries: list[dict[str, Any]] = as_data(make(source, warn=Display().warning, tell=Display().v, **options))
    except InputError as error:
        raise AnsibleFilterError(str(error)) from None
    return entries
