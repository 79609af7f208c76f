# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Renders audit reports as Markdown, for merge requests, job summaries and wikis."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from .._model.printable import printable
from .audit import ENTRY_STATUSES, Finding, findings_of, percent, verdict

SPECIAL = re.compile(r"([\\`*_\[\]#|~$])")
"""Characters with a meaning in Markdown, or in what GitLab and GitHub add to it (formulas)."""
COUNTS = (*ENTRY_STATUSES, "unmanaged", "orphans")


def markdown(report: Mapping[str, Any]) -> str:
    """Return the report as a document: a table of servers, then the findings of each."""
    blocks = [
        f"# {_text(report['title'])}",
        f"{'Drift.' if report['drift'] else 'No drift.'} {_text(verdict(report))}. {_text(report['time'])}",
        _table(("server", "result", "conforms", *COUNTS), [_server_row(each) for each in report["servers"]]),
    ]
    for server in report["servers"]:
        found = findings_of(server)
        if found:
            blocks.append(f"## {_text(server['name'])}")
            blocks.append(_findings(server, found))
        if server["unchecked"]:
            blocks.append("Not checked:\n\n" + "\n".join(f"- {_text(each)}" for each in server["unchecked"]))
    return "\n\n".join(blocks) + "\n"


def _server_row(server: Mapping[str, Any]) -> Sequence[Any]:
    summary = server["summary"]
    share = "" if server["error"] else percent(summary)
    return (server["name"], server["status"], share, *(summary[name] for name in COUNTS))


def _findings(server: Mapping[str, Any], found: Iterable[Finding]) -> str:
    if server["error"]:
        return _text(server["error"])
    columns = ("person", "finding", "what", "field", "wanted", "found")
    rows = [(each.who, each.kind, each.what, each.field, each.wanted, each.found) for each in found]
    return _table(columns, rows)


def _table(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    lines = [columns, ["---"] * len(columns), *([_text(cell) for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _text(value: Any) -> str:
    """Return any text as one line without markup."""
    line = printable(" ".join(str(value).split()))
    escaped = line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return SPECIAL.sub(r"\\\1", escaped)
