# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Serve /extensions and /contexts (wazo-26.08.md, "5.3 Extension")."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from marshmallow import fields

from ..database import assign
from ..errors import ConfdError
from ..generation import Answer, Call, Route
from ..listing import Columns
from ..schema import Body, StrictBoolean
from . import tenancy
from .common import (
    Listing,
    attribute_columns,
    database_of,
    input_error,
    load_body,
    load_object,
    recurses,
    resource_error,
)
from .lines import check_context, refresh_lines_and_incalls
from .rows import Context, Extension
from .views import extension_view

PATTERN = "_"
"""What the number of a pattern begins with."""
EXTEN = r"\+?[*#0-9]{1,40}|_[*#0-9_XxZzNn\[\].!-]{1,39}"
FIELDS: dict[str, Any] = {
    "exten": fields.String(required=True),
    "context": fields.String(required=True),
    "commented": fields.Boolean(load_default=False, allow_none=True),
    "enabled": StrictBoolean(load_default=None),
}
BODY = Body.from_dict(FIELDS)()
RANGE = Body.from_dict({"start": fields.String(required=True), "end": fields.String(required=True)})
RANGES = Body.from_dict({name: fields.List(fields.Nested(RANGE)) for name in ("user_ranges", "group_ranges")})()
COLUMNS = attribute_columns("exten", "context")
CONTEXT_COLUMNS = attribute_columns("name", "label", "type")
CONTEXTS = Listing(
    filters=CONTEXT_COLUMNS, columns=Columns(searched=CONTEXT_COLUMNS, ordered=CONTEXT_COLUMNS, default="name")
)


def find_extension(call: Call, extension_id: int) -> Extension:
    return tenancy.find(database_of(call).extensions, extension_id, "Extension")


def list_extensions(call: Call) -> Answer:
    database = database_of(call)
    filters = COLUMNS | {"type": database.context_type}
    lists = Listing(filters=filters, columns=Columns(searched=COLUMNS, ordered=COLUMNS, default="exten"))
    rows = tenancy.rows(database.extensions, recurses(call))
    return lists.answer(call, rows, lambda row: extension_view(call, row))


def get_extension(call: Call, extension_id: int) -> Answer:
    return Answer(body=extension_view(call, find_extension(call, extension_id)))


def new_extension(call: Call, given: Any) -> Extension:
    """Insert an extension; the ranges of its context are not checked yet."""
    database = database_of(call)
    values = load_object(given, BODY)
    _check(database, values, None)
    commented = bool(values["commented"]) if values["enabled"] is None else not values["enabled"]
    extension: Extension = database.extensions.insert(
        tenant_uuid=tenancy.current().own, exten=values["exten"], context=values["context"], commented=commented
    )
    return extension


def _check(database: Any, values: dict[str, Any], extension_id: int | None) -> None:
    exten, context = values["exten"], values["context"]
    if re.fullmatch(EXTEN, exten) is None:
        raise ConfdError(400, "exten: ['String does not match expected pattern.']")
    check_context(database, context)
    if any(other.id != extension_id for other in database.extensions.where(exten=exten, context=context)):
        raise resource_error("Extension already exists", exten=exten, context=context)


def find_or_create_extension(call: Call, given: Any) -> Extension:
    """Return the extension of an embedded body: an existing one without an error, or else a new one."""
    found = database_of(call).extensions.first(exten=given.get("exten"), context=given.get("context"))
    return found or new_extension(call, given)


def check_range(database: Any, extension: Extension) -> None:
    """Refuse a number outside of the ranges of its context. A pattern is not checked."""
    context = database.context_of(extension)
    if not extension.exten.startswith(PATTERN) and not context.allows(extension.exten):
        raise input_error(f"Extension '{extension.exten}' is outside of range for context '{context.name}'")


def create_extension(call: Call) -> Answer:
    extension = new_extension(call, call.read_body())
    return Answer(201, extension_view(call, extension), location=f"/extensions/{extension.id}")


def update_extension(call: Call, extension_id: int) -> Answer:
    """Change a number in place: its line or incall keeps it, and the caller ID of the line follows."""
    database = database_of(call)
    extension = find_extension(call, extension_id)
    values = load_body(call, BODY, is_update=True)
    changed = Extension(**{**asdict(extension), **{name: values[name] for name in COLUMNS if name in values}})
    _check(database, {"exten": changed.exten, "context": changed.context}, extension.id)
    if database.line_extensions.first(extension_id=extension.id):
        kind = database.context_type(changed)
        if kind != "internal":
            raise resource_error(f"ContextType '{kind}' cannot be associated")
        check_range(database, changed)
    extension.exten, extension.context = changed.exten, changed.context
    if values.get("enabled") is not None:
        extension.commented = not values["enabled"]
    elif values.get("commented") is not None:
        extension.commented = values["commented"]
    refresh_lines_and_incalls(database, extension)
    return Answer(204)


def delete_extension(call: Call, extension_id: int) -> Answer:
    database = database_of(call)
    extension = find_extension(call, extension_id)
    lines = [row.line_id for row in database.line_extensions.where(extension_id=extension.id)]
    if lines:
        raise resource_error("Extension is associated with a line", extension_id=extension.id, associated_ids=lines)
    if incall := database.incalls.first(extension_id=extension.id):
        raise resource_error(
            "Extension is associated with a incall", extension_id=extension.id, associated_id=str(incall.id)
        )
    if group := database.groups.first(extension_id=extension.id):
        raise resource_error(
            "Extension is associated with a group", extension_id=extension.id, associated_id=str(group.id)
        )
    if other := database.object_numbers.get(extension.id):
        raise resource_error(
            f"Extension is associated with a {other.kind}",
            extension_id=extension.id,
            associated_id=str(other.shown["id"]),
        )
    database.extensions.delete(extension)
    return Answer(204)


# Contexts


def context_view(call: Call, context: Context) -> dict[str, Any]:
    no_ranges: dict[str, list[Any]] = {f"{kind}_ranges": [] for kind in ("queue", "conference_room")}
    return {
        **asdict(context),
        **no_ranges,
        "description": "",
        "enabled": True,
        "links": [call.link("contexts", context.id)],
        "contexts": [],
    }


def list_contexts(call: Call) -> Answer:
    rows = tenancy.rows(database_of(call).context_rows, recurses(call))
    return CONTEXTS.answer(call, rows, lambda row: context_view(call, row))


def _find_context(call: Call, context_id: int) -> Context:
    return tenancy.find(database_of(call).context_rows, context_id, "Context")


def get_context(call: Call, context_id: int) -> Answer:
    return Answer(body=context_view(call, _find_context(call, context_id)))


def update_context(call: Call, context_id: int) -> Answer:
    """Change the ranges of numbers of users and of groups."""
    context = _find_context(call, context_id)
    assign(context, load_body(call, RANGES, is_update=True))
    return Answer(204)


def list_ranges(call: Call, context_id: int, kind: str) -> Answer:
    """List the ranges of a context; with availability=available what is free of them."""
    context = _find_context(call, context_id)
    ranges = getattr(context, f"{kind}_ranges", [])
    items = [{"start": each["start"], "end": each["end"]} for each in ranges]
    if call.query.get("availability") == "available":
        used = {
            int(row.exten) for row in database_of(call).extensions.where(context=context.name) if row.exten.isdigit()
        }
        items = [free for each in items for free in _free(each, used)]
    return Answer(body={"total": len(items), "items": items})


def _free(numbers: dict[str, str], used: set[int]) -> Iterator[dict[str, str]]:
    start, end = int(numbers["start"]), int(numbers["end"])
    for stop in sorted(number for number in used if start <= number <= end) + [end + 1]:
        if start < stop:
            width = len(numbers["start"])
            yield {"start": f"{start:0{width}}", "end": f"{stop - 1:0{width}}"}
        start = stop + 1


ROUTES = (
    Route("GET", "/extensions", list_extensions),
    Route("POST", "/extensions", create_extension),
    Route("GET", "/extensions/<int:extension_id>", get_extension),
    Route("PUT", "/extensions/<int:extension_id>", update_extension),
    Route("DELETE", "/extensions/<int:extension_id>", delete_extension),
    Route("GET", "/contexts", list_contexts),
    Route("GET", "/contexts/<int:context_id>", get_context),
    Route("PUT", "/contexts/<int:context_id>", update_context),
    Route("GET", "/contexts/<int:context_id>/ranges/<kind>", list_ranges),
)
