# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Renders the document of a plan in each of its formats. This runs on the controller, where Ansible brings Jinja2."""

from __future__ import annotations

import json
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
from ansible_collections.xivo.confd.plugins.plugin_utils._page import render_page


def document(plan: Mapping[str, Any]) -> str:
    """Return the plan as JSON: a line for each person and entry, with escapes for what a terminal would not print."""
    return "\n".join(map(_printable, f"{_block(plan, '')}\n".split("\n")))


def _block(value: Any, margin: str) -> str:
    """Return a value as JSON. What contains objects in a list is divided into lines."""
    inner = f"{margin}  "
    if isinstance(value, Mapping) and (not margin or any(isinstance(each, list) for each in value.values())):
        lines = [f"{inner}{json.dumps(key)}: {_block(each, inner)}" for key, each in value.items()]
        return "\n".join(["{", ",\n".join(lines), f"{margin}}}"])
    if isinstance(value, list) and value:
        lines = [f"{inner}{json.dumps(each, ensure_ascii=False)}" for each in value]
        return "\n".join(["[", ",\n".join(lines), f"{margin}]"])
    return json.dumps(value, ensure_ascii=False)


def _printable(line: str) -> str:
    if line.isprintable():
        return line
    return "".join(sign if sign.isprintable() else json.dumps(sign)[1:-1] for sign in line)


def html(plan: Mapping[str, Any]) -> str:
    """Return the plan as a page that needs no other file."""
    return render_page(
        "plan.html.j2",
        plan=plan,
        verdict=verdict(plan),
        counts=COUNTS,
        because=BECAUSE,
        would=WOULD,
        kinds=[would for status, would in WOULD.items() if any(each["status"] == status for each in plan["people"])],
        values_of=values_of,
        ordered=any(each["waits_for"] for each in plan["people"]),
    )


RENDERERS: dict[str, Callable[[Mapping[str, Any]], str]] = {"json": document, "markdown": markdown, "html": html}
"""{format: function that returns its text}."""
