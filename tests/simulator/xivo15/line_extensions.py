# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Serve /lines/ID/extensions, /lines/ID/extension and /extensions/ID/line (xivo-15.12.md, "lines/ID/extensions").

An internal extension is on the line itself. An incall leads to the line's main user, and is found by number and
context.
"""

from __future__ import annotations

from typing import Any

from ..database import Database, Extension, Incall, Line
from ..errors import input_error, not_found, resource_error, unexpected_error
from ..generation import Answer, Call, Route
from .callerid import after_association
from .devices import check_no_device
from .extensions import check_not_associated, find_extension
from .fields import Body, list_body
from .lines import find_line
from .sql import Statement, duplicate_key

BODY = Body({"line_id": "integer", "extension_id": "integer"}, required=("extension_id",))
INSERT_INCALL = Statement("Incall", "incall", ("exten", "context", "preprocess_subroutine", "commented", "description"))


def association_view(call: Call, line_id: int, extension_id: int) -> dict[str, Any]:
    return {
        "line_id": line_id,
        "extension_id": extension_id,
        "links": [call.link("extensions", extension_id), call.link("lines", line_id)],
    }


def incalls_of(database: Database, line: Line) -> list[tuple[Incall, Extension]]:
    """Return the incalls of the line's users that have an extension of their number."""
    users = {association.user_id for association in database.user_lines.where(line_id=line.id, main_line=True)}
    incalls = (incall for user_id in sorted(users) for incall in database.incalls.where(user_id=user_id))
    pairs = ((incall, database.extensions.first(exten=incall.exten, context=incall.context)) for incall in incalls)
    return [(incall, extension) for incall, extension in pairs if extension is not None]


def list_line_extensions(call: Call, line_id: int) -> Answer:
    database = call.database
    line = find_line(database, line_id)
    internal = [association.extension_id for association in database.line_extensions.where(line_id=line.id)]
    incoming = [extension.id for _incall, extension in incalls_of(database, line)]
    return Answer(body=list_body([association_view(call, line.id, found) for found in internal + incoming]))


def get_line_extension(call: Call, line_id: int) -> Answer:
    line = find_line(call.database, line_id)
    association = call.database.line_extensions.first(line_id=line.id)
    if association is None:
        raise not_found("LineExtension", line_id=line.id)
    return Answer(body=association_view(call, line.id, association.extension_id))


def get_extension_line(call: Call, extension_id: int) -> Answer:
    database = call.database
    extension = find_extension(database, extension_id)
    if database.context_type(extension) is None:
        raise not_found("Extension", id=extension.id)
    line_id = _line_of(database, extension)
    if line_id is None:
        raise not_found("LineExtension", extension_id=extension.id)
    return Answer(body=association_view(call, line_id, extension.id), location=f"/extensions/{extension.id}/line")


def _line_of(database: Database, extension: Extension) -> int | None:
    if database.context_type(extension) == "incall":
        users = [incall.user_id for incall in database.incalls.where(exten=extension.exten, context=extension.context)]
        lines = [each.line_id for user in users for each in database.user_lines.where(user_id=user, main_line=True)]
        return min(lines, default=None)
    association = database.line_extensions.first(extension_id=extension.id)
    return association.line_id if association else None


def associate_extension(call: Call, line_id: int) -> Answer:
    line = find_line(call.database, line_id)
    extension_id = _associate(call, line)
    return Answer(201, association_view(call, line.id, extension_id), location=f"/lines/{line.id}/extensions")


def associate_single_extension(call: Call, line_id: int) -> Answer:
    """Do as POST lines/ID/extensions does."""
    line = find_line(call.database, line_id)
    extension_id = _associate(call, line)
    return Answer(201, association_view(call, line.id, extension_id), location=f"/lines/{line.id}/extension")


def _associate(call: Call, line: Line) -> int:
    """Put the extension of the body on a line. Returns its id."""
    database = call.database
    given = BODY.check(call.read_body())
    BODY.check_required(given)
    extension = database.extensions.get(given["extension_id"])
    if extension is None:
        raise input_error("field 'extension_id': Extension was not found")
    context_type = database.context_type(extension)
    if context_type is None:
        raise not_found("Context", extension_id=extension.id)
    associate = {"incall": _associate_incall, "internal": _associate_internal}.get(context_type)
    if associate is None:
        raise unexpected_error(f"Associator for contexts of type '{context_type}' not implemented")
    associate(database, line, extension)
    return extension.id


def _associate_internal(database: Database, line: Line, extension: Extension) -> None:
    if present := database.line_extensions.first(line_id=line.id):
        raise resource_error("Line is associated with a Extension", line_id=line.id, extension_id=present.extension_id)
    check_not_associated(database, extension)
    database.wait_for_race()
    database.line_extensions.insert(line_id=line.id, extension_id=extension.id)
    line.had_number = True
    after_association(database, line)


def _associate_incall(database: Database, line: Line, extension: Extension) -> None:
    if database.user_lines.first(line_id=line.id) is None:
        raise resource_error("Line must be associated with a User", line_id=line.id)
    user = database.main_user_of(line.id)
    if user is None:
        raise unexpected_error("'NoneType' object has no attribute 'user_id'")
    columns = {"exten": extension.exten, "context": extension.context}
    if database.incalls.first(**columns):
        refused = duplicate_key("incall_exten_context_key", "exten, context", f"{extension.exten}, {extension.context}")
        raise INSERT_INCALL.failed(refused, columns)
    incall = database.incalls.insert(user_id=user.id, **columns)
    extension.type, extension.typeval = "incall", str(incall.id)


def dissociate_extension(call: Call, line_id: int, extension_id: int) -> Answer:
    database = call.database
    line, extension = find_line(database, line_id), find_extension(database, extension_id)
    internal = database.line_extensions.first(line_id=line.id, extension_id=extension.id)
    incall = next((incall for incall, found in incalls_of(database, line) if found is extension), None)
    if internal is None and incall is None:
        raise resource_error("Line must be associated with a Extension", line_id=line.id, extension_id=extension.id)
    if database.context_type(extension) != "incall" and internal:
        check_no_device(line)
        database.line_extensions.delete(internal)
    elif incall:
        database.incalls.delete(incall)
    else:
        raise unexpected_error("'NoneType' object has no attribute 'id'")
    extension.type, extension.typeval = "user", "0"
    return Answer(204)


def dissociate_single_extension(call: Call, line_id: int) -> Answer:
    """Take the internal extension off a line."""
    line = find_line(call.database, line_id)
    association = call.database.line_extensions.first(line_id=line.id)
    if association is None:
        raise not_found("LineExtension", line_id=line.id)
    return dissociate_extension(call, line.id, association.extension_id)


ROUTES = (
    Route("GET", "/lines/<int:line_id>/extensions", list_line_extensions),
    Route("POST", "/lines/<int:line_id>/extensions", associate_extension),
    Route("DELETE", "/lines/<int:line_id>/extensions/<int:extension_id>", dissociate_extension),
    Route("GET", "/lines/<int:line_id>/extension", get_line_extension),
    Route("POST", "/lines/<int:line_id>/extension", associate_single_extension),
    Route("DELETE", "/lines/<int:line_id>/extension", dissociate_single_extension),
    Route("GET", "/extensions/<int:extension_id>/line", get_extension_line),
)
