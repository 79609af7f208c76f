# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes audit reports: what check mode found on several servers, as one document.

Its schema is docs/audit-report.schema.json. Nothing is compared here: ``_bulk/provision.py`` says what would change,
this file counts it and names it for auditors.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .._model.errors import InputError
from .._model.texts import counted
from .audit_kinds import kinds_in
from .audit_reader import (
    BEYOND,
    ENTRY_STATUSES,
    IN_NO_ENTRY,
    SCHEMA,
    SCHEMA_VERSION,
    SERVER_STATUSES,
    read_report,
)
from .change_words import shown, words_of, words_of_beyond

Row = dict[str, Any]

CONFORMING, DRIFT, FAILED = SERVER_STATUSES
STATUSES = {
    "unchanged": CONFORMING,
    "created": "missing",
    "updated": "different",
    "removed": "surplus",
    "failed": "conflict",
    "skipped": "conflict",
}
"""{status of an entry in ``_bulk/provision.py``: its status in an audit}."""
ENTRY_KEYS = ("index", "label", "name", "user_id", "exten", "context", "error")
ENTRY_LISTS = ("changes", "differences", BEYOND)
COUNTED = (*ENTRY_STATUSES, *IN_NO_ENTRY, BEYOND)
"""The counts of a summary, in the order in which reports show them."""
LABELS = {BEYOND: "beyond the file"}
"""{count of a summary: what reports call it, where that is not its name}."""
NOT_MENTIONED = "not mentioned"
"""What reports show as the wanted value of what a user has beyond the file."""
MAY_BE_USED = "it may belong to something that the server does not show"
CREDENTIALS = re.compile(r"//[^/?#]*@")
"""A username and a password in a URL."""
ORPHANS = {"lines": "line", "numbers": "number", "incalls": "incall"}
"""{list of orphans: kind of each}. Users without a line are not here: they are unmanaged users already."""
UNCLEAR = {"unclear": "number"}
"""The same for what may belong to something that the server does not show. It is no drift."""
LEAVER = "leaver"
"""The kind of a user in no entry whom a purge has disabled. It is no drift."""
NO_DRIFT = (LEAVER, "unclear")
"""The kinds of findings in no entry that are shown and are no drift, however strict the audit is."""


def report_of(servers: Iterable[Mapping[str, Any]], title: str, time: str, strict: bool) -> Row:
    """Return the report of one run.

    servers: {name, url, result} each; result is what confd_provisioned_users returned in check mode, or its failure.
    strict: whether unmanaged users, orphans and what users have beyond the file count as drift. time: of the audit, as
    the report shows it.
    """
    return _report([_server(each, time, strict) for each in servers], title, time, strict)


def merged(reports: Sequence[Mapping[str, Any]], title: str = "") -> Row:
    """Return one report of several, of the slices of a job. If a server is in more than one, the latest counts.

    Counts and statuses of servers are not taken from the reports but made again of their entries. Raises InputError if
    one of them is not a report, has another version of the schema, or does not agree with it.
    """
    if not reports:
        raise InputError("There is no report to merge.")
    read = [read_report(report) for report in reports]
    latest: dict[tuple[str, str], Row] = {}
    for server in (server for report in read for server in report["servers"]):
        key = (server["name"], server["url"] or "")
        if key not in latest or latest[key]["time"] <= server["time"]:
            latest[key] = server
    strict = any(report["strict"] for report in read)
    servers = [_counted(server, strict) for server in latest.values()]
    return _report(servers, title or read[0]["title"], max(report["time"] for report in read), strict)


def _report(servers: Iterable[Row], title: str, time: str, strict: bool) -> Row:
    ordered = sorted(servers, key=lambda server: (str(server["name"]), server["url"] or ""))
    summary = _total([server["summary"] for server in ordered])
    found = (finding.kind for server in ordered for finding in findings_of(server))
    return {
        "schema": SCHEMA,
        "schema_version": SCHEMA_VERSION,
        "title": title,
        "time": time,
        "strict": strict,
        "drift": any(server["status"] != CONFORMING for server in ordered),
        "summary": {
            "servers": len(ordered),
            "servers_failed": sum(server["status"] == FAILED for server in ordered),
            **summary,
        },
        "kinds": [kind.as_row() for kind in kinds_in(found)],
        "servers": ordered,
    }


def _server(given: Mapping[str, Any], time: str, strict: bool) -> Row:
    result = given.get("result") or {}
    entries = [_entry(each) for each in result.get("results") or ()]
    server = {
        "name": str(given["name"]),
        "url": given.get("url"),
        "confd_api": result.get("confd_api"),
        "time": time,
        "error": _error(result),
        "unchecked": list(result.get("unchecked") or ()),
        "entries": entries,
        "unmanaged": list(result.get("unmanaged") or ()),
        "orphans": _orphans(result.get("orphans") or {}, ORPHANS),
        "unclear": _orphans(result.get("orphans") or {}, UNCLEAR),
        "leavers": list(result.get("leavers") or ()),
        "logins": list((result.get("orphans") or {}).get("logins") or ()),
    }
    return _counted(server, strict)


def _counted(server: Row, strict: bool) -> Row:
    """Return a server with what follows from the rest: its summary and status, and whether anything was compared."""
    error = server["error"]
    if not error and not server["entries"]:
        error = "The list of entries is empty, so nothing was compared."
    whole = {**server, "url": _without_credentials(server["url"]), "error": error}
    summary = _summary(whole)
    return {**whole, "status": _status(whole, summary, strict), "summary": summary}


def _error(result: Mapping[str, Any]) -> str | None:
    """Return why a server was not audited; None if it was."""
    if "results" in result:
        return None
    return str(result.get("msg") or "").strip() or "The server was not audited."


def _entry(result: Mapping[str, Any]) -> Row:
    lists = {key: list(result.get(key) or ()) for key in ENTRY_LISTS}
    return {"status": STATUSES[result["status"]], **{key: result.get(key) for key in ENTRY_KEYS}, **lists}


def _orphans(found: Mapping[str, Any], kinds: Mapping[str, str]) -> list[Row]:
    return [
        {
            "kind": kind,
            "id": each.get("line_id", each.get("extension_id")),
            "name": each.get("username", each.get("exten")),
            "context": each.get("context"),
        }
        for key, kind in kinds.items()
        for each in found.get(key) or ()
    ]


def _summary(server: Mapping[str, Any]) -> Row:
    counts = {status: sum(entry["status"] == status for entry in server["entries"]) for status in ENTRY_STATUSES}
    return _with_share(
        {
            "entries": len(server["entries"]),
            **counts,
            **{name: len(server[name]) for name in IN_NO_ENTRY},
            BEYOND: sum(bool(entry[BEYOND]) for entry in server["entries"]),
        }
    )


def _total(summaries: Sequence[Row]) -> Row:
    names = ("entries", *COUNTED)
    return _with_share({name: sum(summary[name] for summary in summaries) for name in names})


def _with_share(counts: Row) -> Row:
    """Return counts and the percentage of entries that conform, rounded down: 100 means all. Null without entries."""
    entries = counts["entries"]
    return {**counts, "conforming_percent": 1000 * counts[CONFORMING] // entries / 10 if entries else None}


def _status(server: Mapping[str, Any], summary: Mapping[str, Any], strict: bool) -> str:
    if server["error"]:
        return FAILED
    drifting = summary["entries"] - summary[CONFORMING]
    if strict:
        drifting += summary["unmanaged"] + summary["orphans"] + summary[BEYOND]
    return DRIFT if drifting else CONFORMING


def _without_credentials(url: Any) -> str | None:
    return CREDENTIALS.sub("//", str(url), count=1) if url else None


# What the formats for people show


@dataclass(frozen=True)
class Finding:
    """A line of the table of findings. who: the person; what: an object, or a message; change: it as a change."""

    server: str
    who: str
    kind: str
    what: str
    field: str = ""
    wanted: str = ""
    found: str = ""
    change: str = ""

    @property
    def words(self) -> str:
        """The finding in words, without the person."""
        return self.change or self.what


def findings(report: Mapping[str, Any]) -> list[Finding]:
    """Return everything that an auditor has to look at, server by server."""
    return [finding for server in report["servers"] for finding in findings_of(server)]


def findings_of(server: Mapping[str, Any]) -> list[Finding]:
    """Return the findings of one server: why it was not audited; or of its entries, then what is in no entry."""
    name = server["name"]
    if server["error"]:
        return [Finding(name, "", "not audited", server["error"])]
    of_entries = [finding for entry in server["entries"] for finding in findings_of_entry(name, entry)]
    return [*of_entries, *findings_beyond(server), *findings_in_no_entry(server)]


def findings_beyond(server: Mapping[str, Any]) -> list[Finding]:
    """Return findings of what users have on a server and their entries do not mention."""
    return [finding for entry in server["entries"] for finding in findings_beyond_entry(server["name"], entry)]


def findings_beyond_entry(server: str, entry: Mapping[str, Any]) -> list[Finding]:
    """Return findings of what the user of an entry has and the entry does not mention."""
    return [
        Finding(
            server,
            entry["label"],
            LABELS[BEYOND],
            each["object"],
            each["field"],
            NOT_MENTIONED,
            shown(each["found"]),
            words_of_beyond(each),
        )
        for each in entry[BEYOND]
    ]


def findings_in_no_entry(server: Mapping[str, Any]) -> list[Finding]:
    """Return findings of what is on a server and in no entry."""
    name = server["name"]
    return [
        *(Finding(name, user["name"], "unmanaged", _user_in_words(user)) for user in server["unmanaged"]),
        *(Finding(name, user["name"], LEAVER, _leaver_in_words(user)) for user in server["leavers"]),
        *(Finding(name, "", "orphan", _orphan_in_words(orphan)) for orphan in server["orphans"]),
        *(Finding(name, "", "unclear", f"{_orphan_in_words(each)}: {MAY_BE_USED}") for each in server["unclear"]),
    ]


def findings_of_entry(server: str, entry: Mapping[str, Any]) -> list[Finding]:
    """Return the findings of one entry; none if it conforms."""
    status, label = entry["status"], entry["label"]
    if status == "conflict":
        return [Finding(server, label, status, str(entry["error"] or "Another entry conflicts with it."))]
    return [
        Finding(server, label, status, each["object"], each["field"], wanted, found, words_of(each))
        for each in entry["differences"]
        for wanted, found in [(shown(each["wanted"]), shown(each["found"]))]
    ]


def logins_in_words(server: Mapping[str, Any]) -> list[str]:
    """Return the logins without a user, for information: the account of an administrator looks like one."""
    return [f"{login['name']} (uuid {login['uuid']})" for login in server["logins"]]


def percent(summary: Mapping[str, Any]) -> str:
    """Return the percentage of entries that conform as a text, a dash without entries."""
    share = summary["conforming_percent"]
    return "–" if share is None else f"{share:g} %"


def verdict(report: Mapping[str, Any]) -> str:
    """Return the report in one sentence, without a full stop."""
    summary = report["summary"]
    failed = summary["servers_failed"]
    servers = f", {failed} of {counted(summary['servers'], 'server')} could not be audited" if failed else ""
    return f"{conformity(summary)}{servers}"


def verdict_of_server(server: Mapping[str, Any]) -> str:
    """Return the result of a server in a line: why it was not audited; or what conforms, and what is not mentioned."""
    if server["error"]:
        return str(server["error"])
    summary = server["summary"]
    more = [counted(summary["unmanaged"], "unmanaged user")]
    more += [counted(len(server["leavers"]), "leaver")] if server["leavers"] else []
    more += [counted(summary["orphans"], "orphan")] if summary["orphans"] else []
    more += [counted(summary["unclear"], "unclear number")] if summary["unclear"] else []
    more += [f"{counted(summary[BEYOND], 'user')} with something {LABELS[BEYOND]}"] if summary[BEYOND] else []
    return ", ".join((conformity(summary), *more))


def conformity(summary: Mapping[str, Any]) -> str:
    """Return how many of the entries conform, in words."""
    entries = summary["entries"]
    return f"{summary[CONFORMING]} of {counted(entries, 'entry', 'entries')} conform{'s' if entries == 1 else ''}"


def _user_in_words(user: Mapping[str, Any]) -> str:
    number = f", {user['exten']}@{user['context']}" if user.get("exten") else ", no number"
    userfield = f", userfield {user['userfield']}" if user.get("userfield") else ""
    return f"user id {user['user_id']}{number}{userfield}"


def _leaver_in_words(user: Mapping[str, Any]) -> str:
    until = f", to be removed on {user['until']}" if user.get("until") else ""
    return f"{_user_in_words(user)}, disabled since {user['since']}{until}"


def _orphan_in_words(orphan: Mapping[str, Any]) -> str:
    kind = "direct number" if orphan["kind"] == "incall" else orphan["kind"]
    return f"{kind} {orphan['name']}@{orphan['context']} (id {orphan['id']})"
