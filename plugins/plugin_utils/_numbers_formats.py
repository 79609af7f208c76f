# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Renders the report of numbers in each of its files. This runs on the controller, where Ansible brings Jinja2."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ansible_collections.xivo.confd.plugins.module_utils._reports.numbers_csv import (
    CsvStyle,
    numbers_csv,
    phones_csv,
    staff_csv,
)
from ansible_collections.xivo.confd.plugins.plugin_utils._numbers_page import numbers_page, staff_page
from ansible_collections.xivo.confd.plugins.plugin_utils._report_files import document

Made = Mapping[str, Any]
"""What the module makes: report, delimiter, separator."""


def _table(render: Callable[[Mapping[str, Any], CsvStyle], str]) -> Callable[[Made], str]:
    return lambda made: render(made["report"], CsvStyle(made["delimiter"], made["separator"]))


RENDERERS: dict[str, Callable[[Made], str]] = {
    "json": lambda made: document(made["report"]),
    "csv": _table(numbers_csv),
    "phones_csv": _table(phones_csv),
    "staff_csv": _table(staff_csv),
    "html": lambda made: numbers_page(made["report"]),
    "staff_html": lambda made: staff_page(made["report"]),
}
"""{key of a file: function that returns its text}."""
