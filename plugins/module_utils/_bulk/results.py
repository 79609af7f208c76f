# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the rows of ``results``, one for each entry. Both strategies of the role report them in this shape."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from .._model.printable import printable
from .._model.records import Row, User
from .._model.resources import USER
from .._operations.differences import Difference, differences_of
from .._reports.change_words import all_words_of
from .._reports.status_words import WORDS, past_of
from .._state.state import ServerState
from .entries import Entry
from .purge import Orphans

STATUSES = ("created", "updated", "unchanged", "removed", "failed", "skipped")
PURGES = {"removed": "purged", "disabled": "disabled"}
"""{status of a user who is in no list: what a report calls it}."""
WIDTHS = {False: 9, True: 12}
"""{whether it is a prediction: number of characters of the first column of a report}."""
DIRECT_NUMBER = re.compile(r"(?:associate|dissociate) incall (\S+)@")
VOICEMAIL = re.compile(r"(?:associate|delete) voicemail (\S+)@")
OF_OTHERS = "update fallbacks of "
SETTING_VERBS = ("create ", "update ")
"""Beginnings of ``changes``: what a user gets or had. What a removal changes of others begins with OF_OTHERS."""
OF_A_USER = re.compile(r" of user .* \(id (\d+)\)$")
"""How the object of a difference ends that is a part of a user."""
PURGED, ORPHAN = "purge: not in the list", "orphan"
NO_USER = "belongs to no user"
UNCLEAR = "may belong to something that the server does not show"


def summary_of(results: Sequence[Row], purged: Sequence[Row] = (), orphans_removed: Sequence[str] = ()) -> Row:
    """Return {status: number of entries} for all statuses, and the numbers of purged users and removed orphans.

    purged: the results of users who are in no list, removed or disabled.
    """
    counts = {status: sum(each["status"] == status for each in results) for status in STATUSES}
    gone = sum(each["status"] == "removed" for each in purged)
    disabled = sum(each["status"] == "disabled" for each in purged)
    return {**counts, "purged": gone, "disabled": disabled, "orphans_removed": len(orphans_removed)}


def report_of(
    results: Iterable[Row], purged: Iterable[Row], orphans_removed: Iterable[str], is_prediction: bool
) -> list[str]:
    """Return a line for everybody who is created, changed or removed, and for each orphan that is removed.

    is_prediction: the lines say what a real run would do.
    """
    left = [row for row in purged if row["status"] in PURGES]
    rows = [
        *(
            (_verb(row["status"], is_prediction), row["name"], row["exten"] or "-", _details(row))
            for row in results
            if row["status"] in WORDS
        ),
        *(
            # The last column says that it would be a purge.
            (
                _verb(row["status"] if is_prediction else PURGES[row["status"]], is_prediction),
                row["name"],
                row["exten"] or "-",
                _purged(row),
            )
            for row in left
        ),
        *((_verb("removed", is_prediction), label, "", ORPHAN) for label in orphans_removed),
    ]
    return [_line(row, WIDTHS[is_prediction]) for row in rows]


def report_of_orphans(orphans: Orphans, is_prediction: bool) -> list[str]:
    """Return a line for each orphan that was found, each extension of which it is unclear, and each login."""
    rows = [
        *(
            ("orphan", str(each), "", "")
            for each in (*orphans.users, *orphans.lines, *orphans.numbers, *orphans.incalls)
        ),
        *(("unclear", str(each), "", UNCLEAR) for each in orphans.unclear),
        *(("login", str(each["name"]), "", f"{NO_USER} (uuid {each['uuid']})") for each in orphans.logins),
    ]
    return [_line(row, WIDTHS[is_prediction]) for row in rows]


def _purged(row: Row) -> str:
    return f"{PURGED}; to be removed on {row['until']}" if row.get("until") else PURGED


def _details(row: Row) -> str:
    """Return what a line says after the number: of a new user what the user has, of a removed one what the user had."""
    if row["status"] == "updated":
        return all_words_of(_without_name(row)) or "; ".join(row["changes"])
    code = row["provisioning_extension"]
    words = [f"provisioning code {code}"] if row["status"] == "created" and code else []
    return "; ".join([*words, *_numbers(row), *(_settings(row) if row["status"] == "created" else _of_others(row))])


def _without_name(row: Row) -> Iterator[Row]:
    """Yield the differences without the name that the line begins with: "login of user Ann (id 1)" is "login"."""
    for each in row["differences"]:
        found = OF_A_USER.search(each["object"])
        is_own = found and found[1] == str(row["user_id"])
        yield {**each, "object": each["object"][: found.start()]} if found and is_own else each


def _numbers(row: Row) -> Iterator[str]:
    """Yield the direct numbers, and the voicemail with its number if this is not the internal number."""
    direct = [found[1] for text in row["changes"] if (found := DIRECT_NUMBER.match(text))]
    if direct:
        yield f"direct number{'s' if len(direct) > 1 else ''} {', '.join(dict.fromkeys(direct))}"
    for number in dict.fromkeys(found[1] for text in row["changes"] if (found := VOICEMAIL.match(text))):
        yield "voicemail" if number == row["exten"] else f"voicemail {number}"


def _settings(row: Row) -> Iterator[str]:
    """Yield the names of the other things that a new user gets: "login", "function keys"."""
    # Not an expression with the name: to compile one for each user takes longer than planning the user.
    owner = f" of user {printable(row['name'])}"
    found = (text.partition(" ")[2].rpartition(owner) for text in row["changes"] if text.startswith(SETTING_VERBS))
    yield from dict.fromkeys(thing for thing, owned, rest in found if thing and owned and rest[:1] in ("", ":"))


def _of_others(row: Row) -> Iterator[str]:
    """Yield what the removal of a user changes of others."""
    own = f"{OF_OTHERS}user {row['name']} (id {row['user_id']})"
    yield from (text for text in row["changes"] if text.startswith(OF_OTHERS) and not text.startswith(own))


def _verb(status: str, is_prediction: bool) -> str:
    return f"would {WORDS[status][1]}" if is_prediction else past_of(status)


def _line(row: tuple[str, str, str, str], width: int) -> str:
    verb, name, exten, details = row
    return printable(f"{verb:<{width}} {name:<32} {exten:<10} {details}".rstrip())


def removal_warnings(
    purged: Iterable[Mapping[str, Any]], orphans_removed: Sequence[str], is_prediction: bool
) -> list[str]:
    """Return warnings that name the disabled and purged users and the removed orphans."""
    verb = "Would remove" if is_prediction else "Removed"
    locks = "Would disable" if is_prediction else "Disabled"
    rows = [*purged]
    users = [row["label"] for row in rows if row["status"] == "removed"]
    disabled = [
        f"{row['label']} (to be removed on {row['until']})" if row.get("until") else row["label"]
        for row in rows
        if row["status"] == "disabled"
    ]
    return [
        *([f"{locks} because they are not in the list (purge): {', '.join(disabled)}."] if disabled else []),
        *([f"{verb} because they are not in the list (purge): {', '.join(users)}."] if users else []),
        *([f"{verb} as orphans: {', '.join(orphans_removed)}."] if orphans_removed else []),
    ]


def row_of_user(state: ServerState, user: User | None) -> dict[str, Any]:
    """Return the part of a result about the user, the line and the internal number; all None without a user."""
    line = state.line_of(user) if user else None
    number = state.extension_of(line) if line else None
    return {
        "user_id": user.id if user else None,
        "line_id": line.id if line else None,
        "extension_id": number.id if number else None,
        "exten": number["exten"] if number else None,
        "context": number["context"] if number else None,
        "provisioning_extension": line["provisioning_extension"] if line and line.id else None,
    }


def rows_of_incalls(state: ServerState, user: User) -> list[dict[str, Any]]:
    """Return the part of a result about the incalls of a user."""
    return [
        {"extension_id": each.id, "exten": each["exten"], "context": each["context"]} for each in state.incalls_of(user)
    ]


def differences_of_entries(entries: Iterable[Entry]) -> dict[int, list[Difference]]:
    """Return {id of an operation: its differences}. Users have the names that they had before the run."""
    found: dict[int, list[Difference]] = {}
    for entry in entries:
        operations = entry.operations
        if operations:
            users = [each for each in operations if each.resource_type == USER.name]
            name = users[0].subject if users else f"user {entry.found.name}" if entry.found else ""
            found.update((id(each), differences_of(each, entry.found, printable(name))) for each in operations)
    return found
