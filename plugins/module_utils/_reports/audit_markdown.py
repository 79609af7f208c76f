# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Renders audit reports as Markdown, for merge requests, job summaries and wikis."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from .._model.printable import printable
from .audit import COUNTED, LABELS, Finding, findings_of, logins_in_words, percent, verdict
from .change_words import NOTHING

SPECIAL = re.compile(r"([\\`*_\[\]#|~$])")
"""Characters with a meaning in Markdown, or in what GitLab and GitHub add to it (formulas)."""
LIVE = re.compile(
    r"""
    :(?=//)                                # https://example.org becomes a link,
    | \bwww(?=\.)                          # and so does www.example.org
    | @(?=[\w-]+\.)                        # a mail address
    | (?<![A-Za-z0-9])@(?=\w)              # @all notifies people; 1201@default does not
    | :(?=(?!\d\d:)[\w+-]+:)              # :warning: becomes a picture; 08:00:00 does not
    | [#!%~$&^](?=[\w"])                   # #1, !1, %1, ~1, $1 and &1 link issues, merge requests, milestones, labels
    | \bGH(?=-\d)                          # another spelling of #1
    | \[(?=\[|\w+:)                        # [[page]] links a wiki, and [issue:1] what GitLab has
    """,
    re.VERBOSE | re.ASCII | re.IGNORECASE,
)
"""The beginning of what GitLab and GitHub bring to life in a text. They look for most of it in the finished page, where
a backslash or an entity is a plain character again."""
BLOCK = re.compile(r"\A([-+=/]|\d+(?=[.)]))")
"""What makes a list, a heading or a quick action (/close) at the beginning of a line."""
ZERO_WIDTH_SPACE = "\u200b"
"""Breaks a word and cannot be seen."""


def markdown(report: Mapping[str, Any]) -> str:
    """Return the report as a document: a table of servers, then the findings of each."""
    names = [LABELS.get(name, name) for name in COUNTED]
    blocks = [
        f"# {_text(report['title'])}",
        f"{'Drift.' if report['drift'] else 'No drift.'} {_text(verdict(report))}. {_text(report['time'])}",
        _table(("server", "result", "conforms", *names), [_server_row(each) for each in report["servers"]]),
    ]
    for server in report["servers"]:
        found = findings_of(server)
        if found:
            blocks.append(f"## {_text(server['name'])}")
            blocks.append(_findings(server, found))
        if server["logins"]:
            listed = "\n".join(f"- {_line(each)}" for each in logins_in_words(server))
            blocks.append(f"Logins without a user on {_text(server['name'])}, for information:\n\n{listed}")
        if server["unchecked"]:
            blocks.append("Not checked:\n\n" + "\n".join(f"- {_line(each)}" for each in server["unchecked"]))
    return "\n\n".join(blocks) + "\n"


def _server_row(server: Mapping[str, Any]) -> Sequence[Any]:
    summary = server["summary"]
    share = "" if server["error"] else percent(summary)
    return (server["name"], server["status"], share, *(summary[name] for name in COUNTED))


def _findings(server: Mapping[str, Any], found: Iterable[Finding]) -> str:
    if server["error"]:
        return _line(server["error"])
    columns = ("person", "finding", "what", "field", "wanted", "found")
    rows = [(each.who, each.kind, each.what, each.field, *_compared(each)) for each in found]
    return _table(columns, rows)


def _compared(finding: Finding) -> tuple[str, str]:
    """Return the wanted and the found value. Without a field, nothing was compared."""
    empty = NOTHING if finding.field else ""
    return finding.wanted or empty, finding.found or empty


def _table(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    lines = [columns, ["---"] * len(columns), *([_text(cell) for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _line(value: Any) -> str:
    """Return any text as a line of its own without markup."""
    return BLOCK.sub(rf"\1{_entity(ZERO_WIDTH_SPACE)}", _text(value))


def _text(value: Any) -> str:
    """Return any text as one line without markup, links, mentions and pictures."""
    line = LIVE.sub(rf"\g<0>{ZERO_WIDTH_SPACE}", printable(" ".join(str(value).split())))
    escaped = line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return SPECIAL.sub(r"\\\1", escaped).replace(ZERO_WIDTH_SPACE, _entity(ZERO_WIDTH_SPACE))


def _entity(character: str) -> str:
    return f"&#{ord(character)};"
