# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Serve /extensions (xivo-15.12.md, "extensions")."""

from __future__ import annotations

from typing import Any

from ..database import Database, DuplicateKey, Extension, assign
from ..errors import input_error, not_found, resource_error
from ..generation import Answer, Call, Route
from ..listing import Columns, Paging
from .fields import MESSAGES, Body, list_body, wrong_type
from .sql import Statement, duplicate_key

BODY = Body(
    {"id": "integer", "exten": "text", "context": "text", "commented": "boolean"}, required=("exten", "context")
)
INSERT = Statement("Extension", "extensions", ("commented", "context", "exten", "type", "typeval"))
COLUMNS = {"exten": lambda extension: extension.exten, "context": lambda extension: extension.context}
LIST = Columns(searched=COLUMNS, ordered=COLUMNS, default="exten")


def find_extension(database: Database, extension_id: int) -> Extension:
    extension = database.extensions.get(extension_id)
    if extension is None:
        raise not_found("Extension", id=extension_id)
    return extension


def extension_view(call: Call, extension: Extension) -> dict[str, Any]:
    return {
        "exten": extension.exten,
        "links": [call.link("extensions", extension.id)],
        "id": extension.id,
        "context": extension.context,
        "commented": extension.commented,
    }


def list_extensions(call: Call) -> Answer:
    extensions = list(call.database.extensions)
    if context_type := call.query.get("type"):
        extensions = [extension for extension in extensions if call.database.context_type(extension) == context_type]
    page, total = LIST.page(extensions, call.query, Paging.read(call.query))
    return Answer(body=list_body([extension_view(call, extension) for extension in page], total))


def get_extension(call: Call, extension_id: int) -> Answer:
    extension = find_extension(call.database, extension_id)
    return Answer(body=extension_view(call, extension), location=f"/extensions/{extension.id}")


def create_extension(call: Call) -> Answer:
    given = BODY.check(call.read_body())
    _check_values(call.database, given, extension_id=None)
    columns = {"exten": given["exten"], "context": given["context"], "commented": bool(given.get("commented"))}
    call.database.wait_for_race()
    if call.database.extensions.first(exten=given["exten"], context=given["context"]):
        number = f"{given['exten']}, {given['context']}"
        raise INSERT.failed(duplicate_key("extensions_exten_context_key", "exten, context", number), columns)
    try:
        extension = call.database.extensions.insert(id=given.get("id"), **columns)
    except DuplicateKey as error:
        raise INSERT.failed(duplicate_key("extensions_pkey", "id", str(error.key)), columns) from error
    return Answer(201, extension_view(call, extension), location=f"/extensions/{extension.id}")


def _check_values(database: Database, values: dict[str, Any], extension_id: int | None) -> None:
    BODY.check_required(values)
    exten, context = values["exten"], database.contexts.get(values["context"])
    if context is None:
        raise input_error("field 'context': Context was not found")
    if any(other.id != extension_id for other in database.extensions.where(exten=exten, context=context.name)):
        raise resource_error("Extension already exists", exten=exten, context=context.name)
    if not exten.isdigit():
        raise wrong_type("exten", "Should be a numeric string")
    # Digits of other scripts are digits for Python, but in no range.
    if not exten.isascii() or not context.allows(exten):
        raise input_error(f"Extension '{exten}' is outside of range for context '{context.name}'")


def update_extension(call: Call, extension_id: int) -> Answer:
    """Change number, context or comment; an incall keeps the old number."""
    extension = find_extension(call.database, extension_id)
    given = BODY.check(call.read_body())
    if "commented" in given and given["commented"] is None:
        raise wrong_type("commented", MESSAGES["boolean"])
    # The server looks for another extension of this number by the id in the body.
    own_id = find_extension(call.database, given.get("id", extension.id)).id
    _check_values(call.database, {"exten": extension.exten, "context": extension.context} | given, own_id)
    if given.get("id", extension.id) != extension.id:
        raise not_found("Extension", id=given["id"])
    assign(extension, given)
    for association in call.database.line_extensions.where(extension_id=extension.id):
        line = call.database.lines.get(association.line_id)
        if line:
            line.context = extension.context
    return Answer(204)


def check_not_associated(database: Database, extension: Extension) -> None:
    if extension.type != "user":
        raise resource_error(
            f"Extension is associated with a {extension.type}",
            associated_id=extension.typeval,
            extension_id=extension.id,
        )
    if association := database.line_extensions.first(extension_id=extension.id):
        raise resource_error(
            "Extension is associated with a Line", line_id=association.line_id, extension_id=extension.id
        )


def delete_extension(call: Call, extension_id: int) -> Answer:
    extension = find_extension(call.database, extension_id)
    check_not_associated(call.database, extension)
    call.database.extensions.delete(extension)
    return Answer(204)


ROUTES = (
    Route("GET", "/extensions", list_extensions),
    Route("POST", "/extensions", create_extension),
    Route("GET", "/extensions/<int:extension_id>", get_extension),
    Route("PUT", "/extensions/<int:extension_id>", update_extension),
    Route("DELETE", "/extensions/<int:extension_id>", delete_extension),
)
