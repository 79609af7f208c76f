# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Renders audit reports as lines for the output of Ansible: the servers, each with the first of its findings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from .._model.printable import one_line, printable
from .._model.texts import counted
from .audit import Finding, findings_beyond, findings_in_no_entry, findings_of_entry, verdict_of_server

MOST = 20
"""Number of findings that are shown."""
LONGEST = 300
"""Number of characters of a message after which it is cut; the files have all of it."""


def console(report: Mapping[str, Any], files: Iterable[str] = ()) -> list[str]:
    """Return a line for each server, one for each of the first findings, and one with the paths of the files.

    A line for information says which logins have no user.

    What entries say comes first: a server with many unmanaged users must not hide what is wrong on the others. What
    users have beyond the file comes last.
    """
    servers = [each for each in report["servers"] if not each["error"]]
    entries = ((server["name"], entry) for server in servers for entry in server["entries"])
    found = [finding for name, entry in entries for finding in findings_of_entry(name, entry)]
    found += [finding for server in servers for finding in findings_in_no_entry(server)]
    found += [finding for server in servers for finding in findings_beyond(server)]
    shown = found[:MOST]
    lines = []
    for server in report["servers"]:
        lines.append(_of_server(server))
        lines.extend(_of_finding(each) for each in shown if each.server == server["name"])
        if server["logins"]:
            names = ", ".join(each["name"] for each in server["logins"])
            count = counted(len(server["logins"]), "login without a user", "logins without a user")
            lines.append(_line("  information      ", f"{count}: {names}"))
    more = len(found) - len(shown)
    if more:
        lines.append(f"... and {counted(more, 'more finding')}")
    return [*lines, *([", ".join(files)] if files else [])]


def _of_server(server: Mapping[str, Any]) -> str:
    return _line(f"{server['name']:<20}", f"{server['status']:<10}", verdict_of_server(server))


def _of_finding(finding: Finding) -> str:
    return _line(f"  {finding.kind:<18}", f"{finding.who:<32}", finding.words)


def _line(*cells: str) -> str:
    return " ".join([*map(printable, cells[:-1]), one_line(cells[-1], LONGEST)]).rstrip()
