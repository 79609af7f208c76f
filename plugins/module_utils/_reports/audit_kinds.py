# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Defines the words of an audit report, and what to do about each kind of finding.

All formats of the report take the sentences from here. ``make generate`` writes them into the guide about audits.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    """A kind of finding. name: what reports call it; advice: what to do about it, as one sentence."""

    name: str
    meaning: str
    advice: str

    def as_row(self) -> dict[str, str]:
        """Return the kind as the JSON report has it."""
        return {"kind": self.name, "meaning": self.meaning, "what_to_do": self.advice}


KINDS = {
    each.name: each
    for each in (
        Kind(
            "missing",
            "The entry describes a user who is not on the server.",
            "Run xivo.confd.provision to create the user, or delete the entry if the user has left.",
        ),
        Kind(
            "different",
            "The user is on the server and differs from the entry.",
            "Run xivo.confd.provision to change the server, or change the entry if the server is right.",
        ),
        Kind(
            "surplus",
            "The entry has state: absent, and the user is still on the server.",
            "Run xivo.confd.provision to remove the user, or delete state: absent from the entry if the user stays.",
        ),
        Kind(
            "conflict",
            "The entry contradicts another entry or the server, so a run cannot carry it out.",
            "Correct the entry or the server as the message says, and run the audit again.",
        ),
        Kind(
            "beyond the file",
            "The user has a setting on the server that the entry does not mention. A run does not change it.",
            "Add the setting to the entry, or remove it from the server.",
        ),
        Kind(
            "unmanaged",
            "The user is on the server, and no entry describes the user.",
            "Add an entry for the user, or remove the user with a purge or an entry with state: absent.",
        ),
        Kind(
            "leaver",
            "A purge has disabled the user, whom no entry describes.",
            "Do nothing if the user has left. Add an entry if the user stays.",
        ),
        Kind(
            "orphan",
            "A line or a number on the server has no user.",
            "Remove it with provision_orphans: remove. Remove a direct number in the web interface of the server.",
        ),
        Kind(
            "unclear",
            "A number has no user, but it may belong to something that the server does not show.",
            "Find out in the web interface of the server what uses the number. Remove it there if nothing does.",
        ),
        Kind(
            "not audited",
            "The server could not be audited, so nothing is known about its users.",
            "Resolve the error that the report shows, and run the audit again.",
        ),
    )
}
"""{name: kind of finding}, in the order in which reports show them."""
MEANINGS = {
    "conforming": "The server matches the entry.",
    "conforms": "The server matches its entries.",
    "drift": "Something on the server differs from the entries.",
}
"""{word: its meaning} of the results that are no findings: of an entry, then of a server."""


def kinds_in(names: Iterable[str]) -> list[Kind]:
    """Return the kinds of these names, each once, in the order of reports."""
    found = set(names)
    return [kind for name, kind in KINDS.items() if name in found]
