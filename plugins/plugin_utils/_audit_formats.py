# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Renders an audit report in each of its formats. This runs on the controller, where Ansible brings Jinja2."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ansible_collections.xivo.confd.plugins.module_utils._reports.audit_junit import junit
from ansible_collections.xivo.confd.plugins.module_utils._reports.audit_markdown import markdown
from ansible_collections.xivo.confd.plugins.plugin_utils._audit_page import html
from ansible_collections.xivo.confd.plugins.plugin_utils._report_files import document

RENDERERS: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "json": document,
    "junit": junit,
    "markdown": markdown,
    "html": html,
}
"""{format: function that returns its text}."""
