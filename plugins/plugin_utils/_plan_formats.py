# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Renders the document of a plan in each of its formats. This runs on the controller, where Ansible brings Jinja2."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ansible_collections.xivo.confd.plugins.module_utils._reports.plan_markdown import markdown
from ansible_collections.xivo.confd.plugins.module_utils._reports.plan_words import (
    BECAUSE,
    COUNTS,
    WOULD,
    values_of,
    verdict,
)
from ansible_collections.xivo.confd.plugins.plugin_utils._audit_formats import document
from ansible_collections.xivo.confd.plugins.plugin_utils._page import render_page

CLASSES = {
    "created": "missing",
    "updated": "different",
    "removed": "surplus",
    "purged": "surplus",
    "orphans_removed": "orphan",
    "unchanged": "conforming",
    "failed": "conflict",
}
"""{count of a summary, or status of a person: class that colours it}."""


def html(plan: Mapping[str, Any]) -> str:
    """Return the plan as a page that needs no other file."""
    return render_page(
        "plan.html.j2",
        plan=plan,
        verdict=verdict(plan),
        counts=[(name, word, CLASSES[name]) for name, word in COUNTS.items()],
        classes=CLASSES,
        because=BECAUSE,
        would=WOULD,
        kinds=[would for status, would in WOULD.items() if any(each["status"] == status for each in plan["people"])],
        values_of=values_of,
    )


RENDERERS: dict[str, Callable[[Mapping[str, Any]], str]] = {"json": document, "markdown": markdown, "html": html}
"""{format: function that returns its text}."""
