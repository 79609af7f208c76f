# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Serve /extensions (xivo-16.16.md, "extensions")."""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from ..database import Context, Database, Extension, assign
from ..errors import ConfdError, input_error, resource_error, unexpected_error
from ..generation import Answer, Call, Route
from ..schema import Body
from ..xivo15.extensions import find_extension
from . import callerid
from .fields import LooseBoolean, matches
from .http import load_body
from .lists import ListColumns, answer_list

SCHEMA = Body.from_dict(
    {
        "exten": fields.String(required=True, validate=matches(r"[*#0-9]{1,40}|_[*#0-9_XxZzNn\[\].!-]{1,39}")),
        "context": fields.String(required=True),
        "commented": LooseBoolean(load_default=False),
    }
)()
DESTINATIONS = ("conference", "group", "incall", "outcall")


def extension_view(call: Call, extension: Extension) -> dict[str, Any]:
    lines = call.database.line_extensions.where(extension_id=extension.id)
    leads_to = {name: {"id": int(extension.typeval)} if extension.type == name else None for name in DESTINATIONS}
    return {
        "id": extension.id,
        "exten": extension.exten,
        "context": extension.context,
        "commented": extension.commented,
        "links": [call.link("extensions", extension.id)],
        "conference": leads_to["conference"],
        "group": leads_to["group"],
        "incall": leads_to["incall"],
        "lines": [{"id": each.line_id} for each in lines],
        "outcall": leads_to["outcall"],
    }


COLUMNS: dict[str, Any] = {
    "exten": lambda row: row[1].exten,
    "context": lambda row: row[1].context,
    "type": lambda row: row[0].context_type(row[1]),
}
LIST = ListColumns(COLUMNS, searched=("exten", "context"), default="exten", unordered=("type",))


def list_extensions(call: Call) -> Answer:
    rows = [(call.database, extension) for extension in call.database.extensions]
    return answer_list(call, LIST, rows, lambda row: extension_view(call, row[1]))


def get_extension(call: Call, extension_id: int) -> Answer:
    return Answer(body=extension_view(call, find_extension(call.database, extension_id)))


def create_extension(call: Call) -> Answer:
    given = load_body(call, SCHEMA)
    _check(call.database, given["exten"], given["context"], None)
    call.database.wait_for_race()
    if call.database.extensions.first(exten=given["exten"], context=given["context"]):
        # Another request passed the check at the same moment: the database refuses (xivo-16.16.md, "Concurrency").
        raise unexpected_error('duplicate key value violates unique constraint "extensions_exten_context_key"')
    extension = call.database.extensions.insert(**given)
    return Answer(201, extension_view(call, extension), location=f"/extensions/{extension.id}")


def _check(database: Database, exten: str, name: str, extension_id: int | None) -> None:
    context = database.contexts.get(name)
    if context is None:
        raise input_error("field 'context': Context was not found", context=name)
    if any(each.id != extension_id for each in database.extensions.where(exten=exten, context=name)):
        raise resource_error("Extension already exists", exten=exten, context=name)
    if not _is_in_range(exten, context):
        raise input_error(f"Extension '{exten}' is outside of range for context '{name}'")


def _is_in_range(exten: str, context: Context) -> bool:
    """Return whether the server checks no range, or finds the number in one. Raises a 500 for a feature code."""
    if context.type == "outcall" or exten.startswith("_"):
        return True
    if {"*", "#"} & {*exten}:
        raise unexpected_error(f"invalid literal for int() with base 10: '{exten}'")
    return context.allows(exten)


def update_extension(call: Call, extension_id: int) -> Answer:
    """Change number, context or comment; associations stay, and the caller ID of the line follows."""
    database = call.database
    extension = find_extension(database, extension_id)
    given = load_body(call, SCHEMA, is_update=True)
    exten, context = given.get("exten", extension.exten), given.get("context", extension.context)
    _check(database, exten, context, extension.id)
    links = database.line_extensions.where(extension_id=extension.id)
    if links and database.contexts[context].type != "internal":
        raise resource_error(f"ContextType '{database.contexts[context].type}' cannot be associated")
    assign(extension, given)
    for link in links:
        line = database.lines.get(link.line_id)
        if line:
            callerid.after_move(database, line)
    incall = database.incall_of(extension)
    if incall:
        incall.exten, incall.context = extension.exten, extension.context
    return Answer(204)


def check_not_associated(database: Database, extension: Extension, id_name: str = "extension_id") -> None:
    if extension.type != "user":
        values = {"associated_id": extension.typeval, id_name: extension.id}
        raise resource_error(f"Extension is associated with a {extension.type}", **values)


def check_context(database: Database, extension: Extension, wanted: str) -> None:
    kind = database.context_type(extension)
    if kind != wanted:
        raise resource_error(f"ContextType '{kind}' cannot be associated", id=extension.id, context=extension.context)


def delete_extension(call: Call, extension_id: int) -> Answer:
    database = call.database
    extension = find_extension(database, extension_id)
    refusal = _refusal(database, extension)
    if refusal:
        raise refusal
    database.extensions.delete(extension)
    return Answer(204)


def _refusal(database: Database, extension: Extension) -> ConfdError | None:
    if extension.context not in database.contexts:
        return input_error("field 'context': Context was not found", context=extension.context)
    check_not_associated(database, extension)
    link = database.line_extensions.first(extension_id=extension.id)
    if link:
        return resource_error("Extension is associated with a Line", line_id=link.line_id, extension_id=extension.id)
    return None


ROUTES = (
    Route("GET", "/extensions", list_extensions),
    Route("POST", "/extensions", create_extension),
    Route("GET", "/extensions/<int:extension_id>", get_extension),
    Route("PUT", "/extensions/<int:extension_id>", update_extension),
    Route("DELETE", "/extensions/<int:extension_id>", delete_extension),
)
