# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Renders an audit report as one HTML page: summary with a chart, servers, a table of findings to sort and filter.

The page itself is ``_templates/audit.html.j2``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ansible_collections.xivo.confd.plugins.module_utils._reports.audit import (
    CONFORMING,
    COUNTED,
    DRIFT,
    FAILED,
    LABELS,
    NOT_MENTIONED,
    conformity,
    findings_of,
    logins_in_words,
    percent,
    verdict,
)
from ansible_collections.xivo.confd.plugins.module_utils._reports.audit_kinds import KINDS, MEANINGS, kinds_in
from ansible_collections.xivo.confd.plugins.module_utils._reports.audit_reader import ENTRY_STATUSES
from ansible_collections.xivo.confd.plugins.plugin_utils._page import render_page

Report = Mapping[str, Any]

RESULTS = {CONFORMING: "conforms", DRIFT: "drift", FAILED: "not audited"}
KIND_OF = {**LABELS, "orphans": "orphan"}
"""{key of a summary: kind of its findings, where that is not its name}."""
COUNTS = [
    (name, LABELS.get(name, name), kind, kind.replace(" ", "-"))
    for name in COUNTED
    for kind in [KIND_OF.get(name, name)]
]
"""(key of a summary, what the page calls it, kind of its findings, class that colours it)."""


@dataclass(frozen=True)
class Share:
    """A part of a chart whose whole is 100 long."""

    status: str
    count: int
    start: float
    length: float


def html(report: Report) -> str:
    """Return the report as a page that needs no other file."""
    summary = report["summary"]
    servers = [(server, findings_of(server)) for server in report["servers"]]
    counts = Counter(finding.kind for _server, found in servers for finding in found)
    all_failed = summary["servers_failed"] == summary["servers"]
    return render_page(
        "audit.html.j2",
        report=report,
        result=FAILED if all_failed else DRIFT if report["drift"] else CONFORMING,
        results=RESULTS,
        counts=COUNTS,
        servers=servers,
        names=_unique(server["name"] for server in report["servers"]),
        kinds={kind: counts[kind.name] for kind in kinds_in(counts)},
        words=[(word, word.replace(" ", "-"), meaning) for word, meaning in _meanings()],
        logins=[f"{server['name']}: {login}" for server in report["servers"] for login in logins_in_words(server)],
        unchecked=_unique(text for server in report["servers"] for text in server["unchecked"]),
        conformity=conformity,
        percent=percent,
        verdict=verdict,
        shares=_shares,
        not_mentioned=NOT_MENTIONED,
    )


def _shares(summary: Report) -> Iterator[Share]:
    """Yield the share of each status, empty ones left out."""
    start = 0.0
    for status in ENTRY_STATUSES:
        length = 100 * summary[status] / max(summary["entries"], 1)
        if length:
            yield Share(status, summary[status], start, length)
        start += length


def _meanings() -> Iterator[tuple[str, str]]:
    """Yield the words of the page with their meanings."""
    yield from MEANINGS.items()
    yield from ((kind.name, kind.meaning) for kind in KINDS.values())


def _unique(texts: Iterable[str]) -> list[str]:
    """Return the texts without repetitions, in their order."""
    return list(dict.fromkeys(texts))
