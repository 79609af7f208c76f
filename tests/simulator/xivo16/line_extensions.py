# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Serve /lines/ID/extensions, /lines/ID/extension and /extensions/ID/line(s).

Facts: xivo-16.16.md, "users/ID/lines, lines/ID/extensions"; xivo-16.16.md, "Newer equivalents".
"""

from __future__ import annotations

from typing import Any

from ..database import Database, Extension
from ..errors import input_error, not_found, resource_error
from ..generation import Answer, Call, Route
from ..schema import Body
from ..xivo15.devices import check_no_device
from ..xivo15.extensions import find_extension
from . import callerid
from .extensions import check_context, check_not_associated
from .fields import Integer
from .http import load_body
from .lookup import find_line
from .rows import Line16

SCHEMA = Body.from_dict({"extension_id": Integer(required=True)})()


def association_view(call: Call, line_id: int, extension_id: int) -> dict[str, Any]:
    return {
        "line_id": line_id,
        "extension_id": extension_id,
        "links": [call.link("lines", line_id), call.link("extensions", extension_id)],
    }


def _list(call: Call, links: list[Any]) -> Answer:
    items = [association_view(call, link.line_id, link.extension_id) for link in links]
    return Answer(body={"items": items, "total": len(items)})


def list_line_extensions(call: Call, line_id: int) -> Answer:
    return _list(call, call.database.line_extensions.where(line_id=find_line(call.database, line_id).id))


def list_extension_lines(call: Call, extension_id: int) -> Answer:
    return _list(call, call.database.line_extensions.where(extension_id=find_extension(call.database, extension_id).id))


def get_line_extension(call: Call, line_id: int) -> Answer:
    line = find_line(call.database, line_id)
    link = call.database.line_extensions.first(line_id=line.id)
    if link is None:
        raise not_found("LineExtension", line_id=line.id)
    return Answer(body=association_view(call, line.id, link.extension_id))


def get_extension_line(call: Call, extension_id: int) -> Answer:
    extension = find_extension(call.database, extension_id)
    link = call.database.line_extensions.first(extension_id=extension.id)
    if link is None:
        raise not_found("LineExtension", extension_id=extension.id)
    return Answer(body=association_view(call, link.line_id, extension.id))


def create_association(call: Call, line_id: int) -> Answer:
    database = call.database
    line = find_line(database, line_id)
    extension = database.extensions.get(load_body(call, SCHEMA)["extension_id"])
    if extension is None:
        raise input_error("field 'extension_id': Extension was not found")
    _associate(database, line, extension)
    location = f"/lines/{line.id}/extensions/{extension.id}"
    return Answer(201, association_view(call, line.id, extension.id), location=location)


def put_association(call: Call, line_id: int, extension_id: int) -> Answer:
    _associate(call.database, find_line(call.database, line_id), find_extension(call.database, extension_id))
    return Answer(204)


def _associate(database: Database, line: Line16, extension: Extension) -> None:
    """Put an extension on a line. Another line that has it matters only if both have users."""
    present = database.line_extensions.first(line_id=line.id)
    if present:
        raise resource_error("Line is associated with a Extension", line_id=line.id, extension_id=present.extension_id)
    if database.context_type(extension) == "internal" or extension.context not in database.contexts:
        check_not_associated(database, extension, "id")
    check_context(database, extension, "internal")
    _refuse_other_users(database, line, extension)
    database.wait_for_race()
    database.line_extensions.insert(line_id=line.id, extension_id=extension.id)
    callerid.after_change(database, line)


def _refuse_other_users(database: Database, line: Line16, extension: Extension) -> None:
    own = {each.user_id for each in database.user_lines.where(line_id=line.id)}
    if not own:
        return
    for link in reversed(database.line_extensions.where(extension_id=extension.id)):
        for other in database.user_lines.where(line_id=link.line_id):
            if other.user_id not in own:
                raise resource_error("User is associated with a Line", line_id=other.line_id, user_id=other.user_id)


def delete_association(call: Call, line_id: int, extension_id: int) -> Answer:
    """Dissociate an extension from a line without a device; the caller ID keeps the name alone."""
    database = call.database
    line, extension = find_line(database, line_id), find_extension(database, extension_id)
    link = database.line_extensions.first(line_id=line.id, extension_id=extension.id)
    if link is None:
        raise not_found("LineExtension", line_id=line.id, extension_id=extension.id)
    check_no_device(line)
    database.line_extensions.delete(link)
    callerid.refresh(database, line)
    return Answer(204)


ROUTES = (
    Route("GET", "/lines/<int:line_id>/extensions", list_line_extensions),
    Route("POST", "/lines/<int:line_id>/extensions", create_association),
    Route("PUT", "/lines/<int:line_id>/extensions/<int:extension_id>", put_association),
    Route("DELETE", "/lines/<int:line_id>/extensions/<int:extension_id>", delete_association),
    Route("GET", "/lines/<int:line_id>/extension", get_line_extension),
    Route("GET", "/extensions/<int:extension_id>/line", get_extension_line),
    Route("GET", "/extensions/<int:extension_id>/lines", list_extension_lines),
)
