# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Renders the report of numbers as HTML pages: everything with filters, and a sheet with names and numbers alone.

The pages themselves are ``_templates/numbers.html.j2`` and ``_templates/staff.html.j2``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ansible_collections.xivo.confd.plugins.module_utils._reports.numbers import (
    COUNT_LABELS,
    COUNTED,
    FREE,
    LINE,
    MEANINGS,
    NOTHING,
    PERSON,
    RANGES,
    UNKNOWN,
    context_labels,
    number_lines,
    staff_lines,
    verdict,
)
from ansible_collections.xivo.confd.plugins.plugin_utils._page import render_page

Report = Mapping[str, Any]

COUNTS = [(name, COUNT_LABELS.get(name, name)) for name in COUNTED]
COLOURED = (PERSON, LINE, NOTHING, UNKNOWN, FREE, "feature", "pattern")
"""What has a number: the kinds that have a colour of their own. The others share one."""


def numbers_page(report: Report) -> str:
    """Return the report as a page that needs no other file."""
    lines = [line for server in report["servers"] for line in number_lines(server)]
    phones = [(server["name"], each) for server in report["servers"] for each in server["devices"]]
    return render_page(
        "numbers.html.j2",
        report=report,
        verdict=verdict(report),
        counts=COUNTS,
        failed=[server for server in report["servers"] if server["error"]],
        several=len(report["servers"]) > 1,
        ranges=list(_ranges(report)),
        untold=[server["name"] for server in report["servers"] if not server["error"] and not server["free_known"]],
        lines=lines,
        servers=_unique(server["name"] for server in report["servers"]),
        contexts=_unique(line.context for line in lines),
        uses=_unique(line.used_by for line in lines),
        coloured=COLOURED,
        phones=phones,
        words=[(word, kind, meaning) for kind, (word, meaning) in MEANINGS.items()],
        statuses=_unique((each["status"] or "").replace("_", " ") for _server, each in phones),
    )


def staff_page(report: Report) -> str:
    """Return the sheet for the staff as a page that needs no other file."""
    several = len(report["servers"]) > 1
    lines = staff_lines(report)
    servers = _unique(line.server for line in lines)
    failed = [server["name"] for server in report["servers"] if server["error"]]
    return render_page("staff.html.j2", report=report, several=several, lines=lines, servers=servers, failed=failed)


def _ranges(report: Report) -> Iterator[tuple[str, str, str, Mapping[str, Any]]]:
    """Yield (server, context, what it is for, the range) of all ranges."""
    for server in report["servers"]:
        labels = context_labels(server)
        for context in server["contexts"]:
            for each in context["ranges"] or ():
                yield server["name"], labels[context["name"]], RANGES.get(each["use"], each["use"]), each


def _unique(texts: Iterable[str]) -> list[str]:
    """Return the texts that are not empty without repetitions, in their order."""
    return list(dict.fromkeys(filter(None, texts)))
