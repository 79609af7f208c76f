# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Serve /voicemails (xivo-15.12.md, "voicemails and users/ID/voicemail")."""

from __future__ import annotations

from typing import Any

from ..database import Database, DuplicateKey, Voicemail, assign
from ..errors import input_error, not_found, resource_error
from ..generation import Answer, Call, Route
from ..listing import Columns, Paging
from .fields import Body, list_body, wrong_type
from .sql import INTEGER_MAX, DatabaseError, Statement, check_lengths, duplicate_key

BODY = Body(
    {
        "id": "integer",
        "name": "text",
        "number": "text",
        "context": "text",
        "password": "text",
        "email": "text",
        "language": "text",
        "timezone": "text",
        "pager": "text",
        "max_messages": "integer",
        "attach_audio": "boolean",
        "delete_messages": "boolean",
        "ask_password": "boolean",
    },
    required=("name", "number", "context"),
)
SIZES = {"name": 80, "number": 40, "password": 80, "email": 80, "pager": 80}
DEFAULTS = {"attach_audio": False, "delete_messages": False, "ask_password": True}
INSERT = Statement("voicemail", "voicemail", ("mailbox", "context", "fullname", "password", "email"))
SEARCHED = {
    "name": lambda voicemail: voicemail.name,
    "number": lambda voicemail: voicemail.number,
    "email": lambda voicemail: voicemail.email,
}
ORDERED = SEARCHED | {
    "context": lambda voicemail: voicemail.context,
    "language": lambda voicemail: voicemail.language,
    "timezone": lambda voicemail: voicemail.timezone,
}
LIST = Columns(searched=SEARCHED, ordered=ORDERED, default="number")
LANGUAGES = frozenset({"de_DE", "en_US", "es_ES", "fr_CA", "fr_FR", "it_IT", "nl_NL"})
TIMEZONES = frozenset({"eu-fr"})


def find_voicemail(database: Database, voicemail_id: int) -> Voicemail:
    voicemail = database.voicemails.get(voicemail_id)
    if voicemail is None:
        raise not_found("Voicemail", id=voicemail_id)
    return voicemail


def voicemail_view(call: Call, voicemail: Voicemail) -> dict[str, Any]:
    return {name: getattr(voicemail, name) for name in BODY.fields} | {"links": [call.link("voicemails", voicemail.id)]}


def list_voicemails(call: Call) -> Answer:
    page, total = LIST.page(list(call.database.voicemails), call.query, Paging.read(call.query))
    return Answer(body=list_body([voicemail_view(call, voicemail) for voicemail in page], total))


def get_voicemail(call: Call, voicemail_id: int) -> Answer:
    voicemail = find_voicemail(call.database, voicemail_id)
    return Answer(body=voicemail_view(call, voicemail), location=f"/voicemails/{voicemail.id}")


def create_voicemail(call: Call) -> Answer:
    """Create a voicemail; the answer echoes the request, null where nothing was given."""
    given = BODY.check(call.read_body())
    _check_values(call.database, given, voicemail_id=None)
    columns = {
        name: DEFAULTS.get(name) if given.get(name) is None else given[name] for name in BODY.fields if name != "id"
    }
    try:
        _check_sizes(columns)
        voicemail = call.database.voicemails.insert(id=given.get("id"), **columns)
    except DatabaseError as refused:
        raise INSERT.failed(refused, columns) from refused
    except DuplicateKey as error:
        raise INSERT.failed(duplicate_key("voicemail_pkey", "uniqueid", str(error.key)), columns) from error
    echo = {name: given.get(name) for name in BODY.fields} | {"id": voicemail.id}
    return Answer(
        201, echo | {"links": [call.link("voicemails", voicemail.id)]}, location=f"/voicemails/{voicemail.id}"
    )


def _check_values(database: Database, values: dict[str, Any], voicemail_id: int | None) -> None:
    missing = [name for name in BODY.required if values.get(name) is None]
    if missing or not values["name"].strip():
        raise input_error(f"missing parameters: {', '.join(missing or ['name'])}")
    number, context = values["number"], values["context"]
    for name in ("number", "password"):
        if values.get(name) is not None and not (values[name].isascii() and values[name].isdigit()):
            raise wrong_type(name, "Should be a numeric string")
    if (values.get("max_messages") or 0) < 0:
        raise wrong_type("max_messages", "Should be a numeric string")
    if context not in database.contexts:
        raise input_error("field 'context': Context was not found")
    if values.get("language") is not None and values["language"] not in LANGUAGES:
        raise input_error("field 'language': Language was not found")
    if values.get("timezone") is not None and values["timezone"] not in TIMEZONES:
        raise input_error("field 'timezone': Timezone was not found")
    if any(other.id != voicemail_id for other in database.voicemails.where(number=number, context=context)):
        raise resource_error("Voicemail already exists", number=number, context=context)


def _check_sizes(columns: dict[str, Any]) -> None:
    check_lengths((columns.get(name), size) for name, size in SIZES.items())
    if (columns.get("max_messages") or 0) > INTEGER_MAX:
        raise DatabaseError("DataError", "integer out of range")


def _check_free(database: Database, voicemail: Voicemail) -> None:
    if database.user_voicemails.first(voicemail_id=voicemail.id):
        raise resource_error("Voicemail is associated with a User")


def update_voicemail(call: Call, voicemail_id: int) -> Answer:
    """Change the given fields; if the database refuses one of them, change none and still answer 204."""
    voicemail = find_voicemail(call.database, voicemail_id)
    given = BODY.check(call.read_body())
    # The server looks for another voicemail of this number by the id in the body.
    _check_values(call.database, vars(voicemail) | given, given.get("id", voicemail.id))
    _check_free(call.database, voicemail)
    columns = {name: value for name, value in given.items() if not (value is None and name in DEFAULTS)}
    try:
        _check_sizes(columns)
    except DatabaseError:
        return Answer(204)
    assign(voicemail, columns)
    return Answer(204)


def delete_voicemail(call: Call, voicemail_id: int) -> Answer:
    voicemail = find_voicemail(call.database, voicemail_id)
    _check_free(call.database, voicemail)
    call.database.voicemails.delete(voicemail)
    return Answer(204)


ROUTES = (
    Route("GET", "/voicemails", list_voicemails),
    Route("POST", "/voicemails", create_voicemail),
    Route("GET", "/voicemails/<int:voicemail_id>", get_voicemail),
    Route("PUT", "/voicemails/<int:voicemail_id>", update_voicemail),
    Route("DELETE", "/voicemails/<int:voicemail_id>", delete_voicemail),
)
