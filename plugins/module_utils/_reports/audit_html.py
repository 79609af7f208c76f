# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Audit reports as one HTML page: a summary with a chart, the servers, a table of findings to sort and filter.

Every text of a server or a variables file is escaped; the page's own policy lets no other script run, and nothing load.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Mapping
from hashlib import sha256
from html import escape
from typing import Any

from .audit import CONFORMING, ENTRY_STATUSES, FAILED, Finding, findings, percent, verdict
from .audit_page import PAGE, SCRIPT, STYLE

Report = Mapping[str, Any]

RESULTS = {CONFORMING: "conforms", "drift": "drift", FAILED: "not audited"}
KINDS = (*ENTRY_STATUSES[1:], "unmanaged", "orphan", "not audited")
COUNTS = (*((status, status) for status in ENTRY_STATUSES), ("unmanaged", "unmanaged"), ("orphans", "orphan"))
"""Keys of a summary, and the class that colours each."""
SERVER_COLUMNS = ("server", "result", "conforms", "", *(key for key, _kind in COUNTS[1:]))
FINDING_COLUMNS = ("server", "person", "finding", "what", "field", "wanted", "found")


def html(report: Report) -> str:
    """The report as a page that needs no other file."""
    summary = report["summary"]
    found = findings(report)
    result = FAILED if summary["servers_failed"] == summary["servers"] else "drift" if report["drift"] else CONFORMING
    kinds = [kind for kind in KINDS if any(each.kind == kind for each in found)]
    return PAGE.substitute(
        policy=_policy(),
        style=STYLE,
        script=SCRIPT,
        title=escape(report["title"]),
        time=escape(report["time"]),
        schema_version=report["schema_version"],
        result=RESULTS[result],
        result_class=result,
        verdict=escape(verdict(report)),
        chart=_donut(summary),
        counts="\n".join(_count(key, kind, summary[key]) for key, kind in COUNTS),
        server_columns=_columns(SERVER_COLUMNS, {key for key, _kind in COUNTS}),
        server_rows="\n".join(_server(each) for each in report["servers"]),
        server_options=_options(each["name"] for each in report["servers"]),
        kind_options=_options(kinds),
        finding_columns=_columns(FINDING_COLUMNS),
        finding_rows="\n".join(_finding(each) for each in found),
        nothing_hidden=" hidden" if found else "",
        unchecked=_unchecked(report),
    )


def _policy() -> str:
    sources = {"style-src": STYLE, "script-src": SCRIPT}
    hashes = (f"{name} 'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'" for name, text in sources.items())
    return f"default-src 'none'; img-src data:; base-uri 'none'; form-action 'none'; {'; '.join(hashes)}"


# Charts


def _shares(summary: Report) -> list[tuple[str, float, float]]:
    """(status, beginning, length) of the parts of a whole of 100, without empty ones."""
    shares, beginning = [], 0.0
    for status in ENTRY_STATUSES:
        length = 100 * summary[status] / max(summary["entries"], 1)
        if length:
            shares.append((status, beginning, length))
        beginning += length
    return shares


def _donut(summary: Report) -> str:
    # A radius of 100/2π makes the circle 100 long.
    ring = 'cx="21" cy="21" r="15.9155"'
    parts = "".join(
        f'<circle class="part {status}" {ring} stroke-dasharray="{length:.3f} {100 - length:.3f}"'
        f' stroke-dashoffset="{25 - beginning:.3f}"><title>{status}: {summary[status]}</title></circle>'
        for status, beginning, length in _shares(summary)
    )
    label = f"{summary[CONFORMING]} of {summary['entries']} entries conform"
    share = summary["conforming_percent"]
    return (
        f'<svg class="donut" viewBox="0 0 42 42" role="img" aria-label="{label}"><circle class="track" {ring}/>{parts}'
        f'<text x="21" y="22.5">{"–" if share is None else f"{share:g}%"}</text>'
        f'<text class="sub" x="21" y="27">of {summary["entries"]} conform</text></svg>'
    )


def _bar(summary: Report) -> str:
    parts = "".join(
        f'<rect class="part {status}" x="{beginning:.3f}" width="{length:.3f}" height="8">'
        f"<title>{status}: {summary[status]}</title></rect>"
        for status, beginning, length in _shares(summary)
    )
    return (
        '<svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">'
        f'<rect class="track" width="100" height="8"/>{parts}</svg>'
    )


# Tables


def _count(key: str, kind: str, count: int) -> str:
    zero = "" if count else " zero"
    return f'<div class="{kind}{zero}"><dt>{key}</dt><dd>{count}</dd></div>'


def _columns(names: Iterable[str], numbers: Iterable[str] = ()) -> str:
    right = frozenset(numbers)
    aligned = {name: _class("number" if name in right else "") for name in names}
    return "".join(
        f'<th scope="col"{kind}><span{" data-sort" if name else ""}>{name}</span></th>'
        for name, kind in aligned.items()
    )


def _server(server: Report) -> str:
    summary, failed = server["summary"], bool(server["error"])
    address = f'<br><span class="quiet">{escape(server["url"])}</span>' if server["url"] else ""
    cells = [
        _cell("server", f"{escape(server['name'])}{address}", "host"),
        _cell("result", _badge(RESULTS[server["status"]], server["status"])),
        _cell("conforms", "" if failed else f"{percent(summary)} of {summary['entries']}", "number", _share(summary)),
        _cell("", "" if failed else _bar(summary), "bar"),
        *(_counted(key, None if failed else summary[key]) for key, _kind in COUNTS[1:]),
    ]
    return f"<tr>{''.join(cells)}</tr>"


def _finding(finding: Finding) -> str:
    is_compared = bool(finding.field)
    nothing = '<span class="empty">nothing</span>' if is_compared else ""
    cells = [
        _cell("server", escape(finding.server), "host"),
        _cell("person", escape(finding.who), "person"),
        _cell("finding", _badge(finding.kind, finding.kind.replace(" ", "-"))),
        _cell("what", escape(finding.what), "what"),
        _cell("field", escape(finding.field)),
        _cell("wanted", escape(finding.wanted) or nothing, "wanted"),
        _cell("found", escape(finding.found) or nothing, "found"),
    ]
    data = f'data-server="{escape(finding.server)}" data-kind="{escape(finding.kind)}"'
    return f"<tr {data}>{''.join(cells)}</tr>"


def _counted(label: str, count: int | None) -> str:
    return _cell(label, "" if count is None else str(count), "number" if count else "number zero")


def _share(summary: Report) -> str:
    """What the column is sorted by."""
    return str(summary["conforming_percent"] or 0)


def _cell(label: str, content: str, kind: str = "", value: str = "") -> str:
    inner = f"<div>{content}</div>" if content else ""
    data = f' data-value="{value}"' if value else ""
    return f'<td data-label="{label}"{_class(kind)}{data}>{inner}</td>'


def _badge(text: str, kind: str) -> str:
    return f'<span class="badge {kind}">{text}</span>'


def _class(name: str) -> str:
    return f' class="{name}"' if name else ""


def _options(names: Iterable[str]) -> str:
    return "".join(f"<option>{escape(name)}</option>" for name in dict.fromkeys(names))


def _unchecked(report: Report) -> str:
    """What the servers do not tell, once each."""
    texts = list(dict.fromkeys(text for server in report["servers"] for text in server["unchecked"]))
    items = "".join(f"<li>{escape(text)}</li>" for text in texts)
    return f'<section class="quiet"><h2>Not checked</h2><ul>{items}</ul></section>' if texts else ""
