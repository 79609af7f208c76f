# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Renders the document of a plan as Markdown, for merge requests, approvals and wikis."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from .markdown_text import line, table, text
from .plan_words import BECAUSE, WOULD, values_of, verdict

COLUMNS = ("person", "what", "operation", "values")


def markdown(document: Mapping[str, Any]) -> str:
    """Return the document: what the plan does in one line, then the operations of each person in their order."""
    server = document["server"]
    blocks = [
        f"# Plan for {text(server['name'])}",
        f"{text(verdict(document)).capitalize()}. {text(document['time'])}, {text(server['url'] or 'no address')}",
    ]
    if document["errors"]:
        blocks.append(f"The plan cannot be carried out, nor approved:\n\n{_list(document['errors'])}")
    if document["people"]:
        blocks.append(table(COLUMNS, (row for person in document["people"] for row in _rows(person))))
    for heading, name in (("Warnings", "warnings"), ("Not checked", "unchecked")):
        if document[name]:
            blocks.append(f"{heading}:\n\n{_list(document[name])}")
    return "\n\n".join(blocks) + "\n"


def _rows(person: Mapping[str, Any]) -> Iterator[tuple[str, str, str, str]]:
    """Yield a row for each operation of a person; the first one names the person."""
    why = BECAUSE.get(person["origin"])
    what = f"{WOULD[person['status']]} ({why})" if why else WOULD[person["status"]]
    waits = f", after {', '.join(person['waits_for'])}" if person["waits_for"] else ""
    begin = (person["label"], f"{what}{waits}")
    for operation in person["operations"]:
        yield (*begin, operation["text"], values_of(operation))
        begin = ("", "")
    for warning in person["warnings"]:
        yield ("", "", f"Warning: {warning}", "")


def _list(texts: Iterable[str]) -> str:
    return "\n".join(f"- {line(each)}" for each in texts)
