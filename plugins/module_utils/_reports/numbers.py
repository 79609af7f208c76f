# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the report of numbers: who or what has each number of several servers, as one document.

Its schema is docs/numbers-report.schema.json. What a number is used by was decided in ``_tasks/numbers.py``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .._model.texts import counted, without_accents
from .audit import CREDENTIALS

Row = dict[str, Any]

SCHEMA = "xivo.confd.numbers"
SCHEMA_VERSION = 1
PERSON, LINE, NOTHING, UNKNOWN, FREE = "person", "line", "nothing", "unknown", "free"
OTHER, CODES = "other", "codes"
"""The counts of numbers of groups, queues and the like, and of feature codes and patterns."""
COUNTED = ("numbers", PERSON, OTHER, LINE, NOTHING, UNKNOWN, CODES, FREE, "phones")
"""The counts of a summary, in the order in which reports show them."""
COUNT_LABELS = {
    PERSON: "of persons",
    OTHER: "of groups and other objects",
    CODES: "feature codes and patterns",
    LINE: "on lines without a person",
    NOTHING: "of nothing",
    UNKNOWN: "not told",
}
"""{count of a summary: what reports call it, where that is not its name}."""
USES = {
    LINE: "line without a person",
    UNKNOWN: "not told",
    "feature": "feature code",
    "ivr": "menu",
    "outcall": "outgoing route",
    "meetme": "conference",
    "none": NOTHING,
}
"""{what has a number: what people call it, where that is not its name with blanks}."""
MEANINGS = {
    PERSON: ("person", "The number of a user, or a direct number of a user."),
    LINE: (USES[LINE], "The number of a line without a user."),
    "object": (
        "group, queue, menu, ...",
        "Another object. For a direct number, it is the object that calls from outside reach.",
    ),
    "feature": ("feature code, pattern", "A code of the system, for example *98, or a pattern of numbers."),
    NOTHING: ("nothing", "The number has no destination: it is an orphan, or its user was deleted."),
    UNKNOWN: (
        USES[UNKNOWN],
        "No line that confd shows has the number, and the server may not show what else has it.",
    ),
    FREE: ("free", "These numbers of a range are not in use, and a new entry can get them."),
}
"""{what has a number, by colour: (what reports call it, meaning)}."""
RANGES = {
    "user": "persons",
    "group": "groups",
    "queue": "queues",
    "conference_room": "conferences",
    "incall": "direct numbers",
}
"""{what a range is for: what reports call it}."""
TYPES = {"internal": "internal", "incall": "direct", "outcall": "outgoing"}
"""{type of a context: what reports call its numbers}."""
NAMED_OBJECTS = ("group", "queue", "conference", "meetme")
"""What the sheet for the staff has besides persons."""
LEFT_OVER, TURNED_OFF = "left over by an interrupted run", "turned off"
NOT_SHOWN = "on no line that confd shows"


@dataclass(frozen=True)
class NumberLine:
    """A line of the table of numbers: a number, or free numbers from first to last.

    type, used_by and note are words for people, kind is used_by as the document has it.
    """

    server: str
    context: str
    first: str
    last: str
    numbers: int
    type: str
    kind: str
    used_by: str
    name: str
    note: str
    disabled: bool = False

    @property
    def shown(self) -> str:
        """Return the number, or the range."""
        return self.first if self.first == self.last else f"{self.first}\u2013{self.last}"


@dataclass(frozen=True)
class StaffLine:
    """A line of the sheet for the staff: somebody, or a group, with all numbers."""

    server: str
    name: str
    numbers: tuple[str, ...]
    direct_numbers: tuple[str, ...]


def report_of(servers: Iterable[Mapping[str, Any]], title: str, time: str) -> Row:
    """Return the report of one run. servers: each with ``name``, ``url`` and ``result`` of confd_numbers_info."""
    rows = [_server(each) for each in servers]
    read = [row for row in rows if not row["error"]]
    total = {name: sum(row["summary"][name] or 0 for row in read) for name in COUNTED}
    if read and not any(row["free_known"] for row in read):
        total[FREE] = None
    return {
        "schema": SCHEMA,
        "schema_version": SCHEMA_VERSION,
        "title": title,
        "time": time,
        "summary": {"servers": len(rows), "servers_failed": len(rows) - len(read), **total},
        "servers": rows,
    }


def _server(given: Mapping[str, Any]) -> Row:
    result = given["result"]
    row = {
        "name": given["name"],
        "url": CREDENTIALS.sub("//", given["url"]) if given.get("url") else None,
        "confd_api": result.get("confd_api"),
        "error": None,
        "free_known": bool(result.get("free_known")),
        **{key: result.get(key) or [] for key in ("contexts", "numbers", "devices", "not_told")},
    }
    if "numbers" not in result:
        row["error"] = str(result.get("msg") or "It was not read.")
    return {**row, "summary": _summary(row)}


def _summary(row: Row) -> Row:
    kinds = [each["used_by"] for each in row["numbers"]]
    known = {name: kinds.count(name) for name in (PERSON, LINE, NOTHING, UNKNOWN)}
    known[CODES] = sum(kind in ("feature", "pattern") for kind in kinds)
    free = sum(part["numbers"] for context in row["contexts"] for part in context["free"] or ())
    return {
        "numbers": len(kinds),
        **known,
        OTHER: len(kinds) - sum(known.values()),
        FREE: free if row["free_known"] else None,
        "phones": len(row["devices"]),
    }


# In words


def verdict(report: Mapping[str, Any]) -> str:
    """Return the result of a run in a sentence without a full stop."""
    summary = report["summary"]
    failed = summary["servers_failed"]
    text = _counts_in_words(summary)
    servers = counted(summary["servers"], "server")
    return f"{text}, {failed} of {servers} could not be read" if failed else f"{text} on {servers}"


def verdict_of_server(server: Mapping[str, Any]) -> str:
    """Return the result of a server in words: the error if it was not read."""
    return server["error"] or _counts_in_words(server["summary"])


def _counts_in_words(summary: Mapping[str, Any]) -> str:
    parts = [f"{summary[name]} {COUNT_LABELS[name]}" for name in COUNTED if name in COUNT_LABELS and summary[name]]
    text = counted(summary["numbers"], "number") + (f": {', '.join(parts)}" if parts else "")
    free = "free numbers not told" if summary[FREE] is None else f"{summary[FREE]:,} free"
    return f"{text}; {free}; {counted(summary['phones'], 'phone')}"


def use_in_words(used_by: str) -> str:
    """Return what has a number as people call it."""
    return USES.get(used_by, used_by.replace("_", " "))


def context_labels(server: Mapping[str, Any]) -> dict[str, str]:
    """Return {name of a context: what people call it}; with the name where several have the same label."""
    labels = [each["label"] for each in server["contexts"]]
    return {
        each["name"]: each["label"] if labels.count(each["label"]) == 1 else f"{each['label']} ({each['name']})"
        for each in server["contexts"]
    }


# Tables


def number_lines(server: Mapping[str, Any]) -> list[NumberLine]:
    """Return the numbers of a server and the free ones between them, by context and number."""
    labels = context_labels(server)
    lines = [_line_of(server["name"], labels, each) for each in server["numbers"]]
    for context in server["contexts"]:
        kind = TYPES.get(context["type"], "")
        for part in context["free"] or ():
            first, last, count = part["first"], part["last"], part["numbers"]
            note = f"{count:,} {'number' if count == 1 else 'numbers'}"
            place = (server["name"], labels[context["name"]])
            lines.append(NumberLine(*place, first, last, count, kind, FREE, FREE, "", note))
    return sorted(lines, key=_sort_key)


def _line_of(server: str, labels: Mapping[str, str], row: Mapping[str, Any]) -> NumberLine:
    place = (server, labels.get(row["context"], row["context"]))
    number, used_by = row["exten"], row["used_by"]
    notes = {LEFT_OVER: row["left_over"], NOT_SHOWN: used_by == UNKNOWN, TURNED_OFF: row["disabled"]}
    note = ", ".join(text for text, applies in notes.items() if applies)
    kind = TYPES.get(row["type"] or "", "")
    words = use_in_words(used_by)
    return NumberLine(*place, number, number, 1, kind, used_by, words, row["name"], note, row["disabled"])


def _sort_key(line: NumberLine) -> tuple[Any, ...]:
    plain = line.first.isdigit()
    return line.context, not plain, int(line.first) if plain else 0, len(line.first), line.first, line.kind != FREE


def staff_lines(report: Mapping[str, Any]) -> list[StaffLine]:
    """Return everybody who has a number, and groups, queues and conferences, by last name as a telephone book."""
    lines = [line for server in report["servers"] for line in _staff_of(server)]
    return sorted(lines, key=lambda line: (without_accents(line.name), line.name, line.server))


def _staff_of(server: Mapping[str, Any]) -> Iterator[StaffLine]:
    found: dict[tuple[str, Any], tuple[str, list[Mapping[str, Any]]]] = {}
    for row in server["numbers"]:
        if not row["disabled"]:
            for key, name in _holders(row):
                found.setdefault(key, (name, []))[1].append(row)
    for name, rows in found.values():
        internal, direct = (
            tuple(row["exten"] for row in rows if (row["type"] == "incall") is is_direct) for is_direct in (False, True)
        )
        yield StaffLine(server["name"], name, internal, direct)


def _holders(row: Mapping[str, Any]) -> Iterator[tuple[tuple[str, Any], str]]:
    """Yield (what tells it from others, its name) of everybody, or the object, that the staff calls by a number."""
    for person in row["people"]:
        name = ", ".join(filter(None, (person["lastname"], person["firstname"])))
        if name:
            yield (PERSON, person["user_id"]), name
    if row["used_by"] in NAMED_OBJECTS and row["name"]:
        yield (row["used_by"], row["object_id"]), row["name"]
