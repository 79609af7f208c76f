# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Renders an audit report as one HTML page: summary with a chart, servers, a table of findings to sort and filter.

The page itself is ``_templates/audit.html.j2``. Jinja2 escapes every text of a server or a variables file.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from ansible_collections.xivo.confd.plugins.module_utils._model.printable import printable_lines
from ansible_collections.xivo.confd.plugins.module_utils._reports.audit import (
    CONFORMING,
    COUNTED,
    DRIFT,
    FAILED,
    LABELS,
    NOT_MENTIONED,
    conformity,
    findings,
    logins_in_words,
    percent,
    verdict,
)
from ansible_collections.xivo.confd.plugins.module_utils._reports.audit_reader import ENTRY_STATUSES

Report = Mapping[str, Any]

TEMPLATES = Path(__file__).with_name("_templates")
RESULTS = {CONFORMING: "conforms", DRIFT: "drift", FAILED: "not audited"}
KINDS = (*ENTRY_STATUSES[1:], *LABELS.values(), "unmanaged", "orphan", "unclear", "not audited")
COUNTS = [(name, LABELS.get(name, name), "orphan" if name == "orphans" else name) for name in COUNTED]
"""(key of a summary, what the page calls it, class that colours it)."""


@dataclass(frozen=True)
class Share:
    """A part of a chart whose whole is 100 long."""

    status: str
    count: int
    start: float
    length: float


def html(report: Report) -> str:
    """Return the report as a page that needs no other file."""
    summary, found = report["summary"], findings(report)
    all_failed = summary["servers_failed"] == summary["servers"]
    return _template().render(
        report=report,
        result=FAILED if all_failed else DRIFT if report["drift"] else CONFORMING,
        results=RESULTS,
        counts=COUNTS,
        servers=_unique(server["name"] for server in report["servers"]),
        kinds=[kind for kind in KINDS if any(each.kind == kind for each in found)],
        findings=found,
        logins=[f"{server['name']}: {login}" for server in report["servers"] for login in logins_in_words(server)],
        unchecked=_unique(text for server in report["servers"] for text in server["unchecked"]),
    )


@cache
def _template() -> Template:
    """Return the template of the page. It knows only what it is given, or fails."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=_shown,
    )
    environment.filters["csp_source"] = _csp_source
    environment.globals.update(
        conformity=conformity, percent=percent, verdict=verdict, shares=_shares, not_mentioned=NOT_MENTIONED
    )
    return environment.get_template("audit.html.j2")


def _shown(value: Any) -> Any:
    """Return what an expression of the template shows. A name could otherwise reverse the text of the page after it."""
    return printable_lines(value) if isinstance(value, str) and not hasattr(value, "__html__") else value


def _csp_source(text: str) -> str:
    """Return the source expression of a Content Security Policy that allows exactly this text."""
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def _shares(summary: Report) -> Iterator[Share]:
    """Yield the share of each status, empty ones left out."""
    start = 0.0
    for status in ENTRY_STATUSES:
        length = 100 * summary[status] / max(summary["entries"], 1)
        if length:
            yield Share(status, summary[status], start, length)
        start += length


def _unique(texts: Iterable[str]) -> list[str]:
    """Return the texts without repetitions, in their order."""
    return list(dict.fromkeys(texts))
