# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Renders audit reports as Markdown, for merge requests, job summaries and wikis."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from .audit import COUNTED, LABELS, Finding, findings_of, logins_in_words, percent, verdict
from .audit_kinds import kinds_in
from .change_words import NOTHING
from .markdown_text import line, table, text


def markdown(report: Mapping[str, Any]) -> str:
    """Return the report as a document: a table of servers, then the findings of each."""
    names = [LABELS.get(name, name) for name in COUNTED]
    blocks = [
        f"# {text(report['title'])}",
        f"{'Drift.' if report['drift'] else 'No drift.'} {text(verdict(report))}. {text(report['time'])}",
        table(("server", "result", "conforms", *names), [_server_row(each) for each in report["servers"]]),
    ]
    for server in report["servers"]:
        found = findings_of(server)
        if found:
            blocks.append(f"## {text(server['name'])}")
            blocks.append(_findings(server, found))
        if server["logins"]:
            listed = "\n".join(f"- {line(each)}" for each in logins_in_words(server))
            blocks.append(f"Logins without a user on {text(server['name'])}, for information:\n\n{listed}")
        if server["unchecked"]:
            blocks.append("Not checked:\n\n" + "\n".join(f"- {line(each)}" for each in server["unchecked"]))
    if report["kinds"]:
        blocks.append("## What to do")
        rows = [(each.name, each.meaning, each.advice) for each in kinds_in(each["kind"] for each in report["kinds"])]
        blocks.append(table(("finding", "meaning", "what to do"), rows))
    return "\n\n".join(blocks) + "\n"


def _server_row(server: Mapping[str, Any]) -> Sequence[Any]:
    summary = server["summary"]
    share = "" if server["error"] else percent(summary)
    return (server["name"], server["status"], share, *(summary[name] for name in COUNTED))


def _findings(server: Mapping[str, Any], found: Iterable[Finding]) -> str:
    if server["error"]:
        return line(server["error"])
    columns = ("person", "finding", "what", "field", "wanted", "found")
    rows = [(each.who, each.kind, each.what, each.field, *_compared(each)) for each in found]
    return table(columns, rows)


def _compared(finding: Finding) -> tuple[str, str]:
    """Return the wanted and the found value. Without a field, nothing was compared."""
    empty = NOTHING if finding.field else ""
    return finding.wanted or empty, finding.found or empty
