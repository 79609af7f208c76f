# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Says a plan in words: the same ones in the output of a run, in Markdown and on the page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._model.printable import one_line
from .._model.texts import counted
from .change_words import LONGEST, NOTHING, shown
from .plan_document import CHANGES, FROM_ORPHANS, FROM_PURGE
from .status_words import ORPHANS_REMOVED, WORDS, future_of, past_of

Row = Mapping[str, Any]
WOULD = {status: f"would be {past_of(status)}" for status in ("created", "updated", "disabled", "removed")}
"""{status: what happens to a person}."""
BECAUSE = {FROM_PURGE: "purge: not in the list", FROM_ORPHANS: "orphan"}
"""{origin: why it is planned}, except for entries of the list."""
COUNTS = {name: future_of(name) for name in (*WORDS, ORPHANS_REMOVED, "unchanged", "failed")}
"""{count of a summary: what a plan calls it}."""


def verdict(document: Row) -> str:
    """Return what a plan does, in one line without a full stop."""
    if document["errors"]:
        count = counted(len(document["errors"]), "error")
        return f"cannot be carried out, {count}: {one_line(document['errors'][0], LONGEST)}"
    summary = document["summary"]
    counts = [f"{summary[name]} {word}" for name, word in COUNTS.items() if summary[name] and name != "unchanged"]
    unchanged = f"{counted(summary['unchanged'], 'entry', 'entries')} unchanged"
    return f"{', '.join(counts) or 'nothing to do'}, {unchanged}"


def values_of(operation: Row) -> str:
    """Return what an operation writes, in one line: new values of an object, old and new ones of a change."""
    if operation["action"] == "delete":
        return ""
    return "; ".join(filter(None, (_value(each, operation["action"]) for each in operation["fields"])))


def _value(field: Row, action: str) -> str:
    after = one_line(shown(field["after"]), LONGEST)
    if field["after"] == CHANGES and field["before"] is None:
        return f"{field['name']} {CHANGES}"
    if action == "create":
        return f"{field['name']} {after}" if after else ""
    return f"{field['name']} {one_line(shown(field['before']), LONGEST) or NOTHING} -> {after or NOTHING}"
