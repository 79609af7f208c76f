# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Serve /users (xivo-15.12.md, "users"; xivo-15.12.md, "users list"; xivo-15.12.md, "Renaming, renumbering")."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from ..database import Database, DuplicateKey, User, assign
from ..errors import input_error, not_found, resource_error, unexpected_error
from ..generation import Answer, Call, Route
from ..listing import Columns, Paging
from ..postgres.collation import collation_key
from ..postgres.like import ilike
from .callerid import refresh_after_put
from .devices import check_provisioning
from .fields import Body, Kind, list_body, wrong_type
from .phone_keys import write_phone
from .sql import DatabaseError, Statement, check_lengths, duplicate_key, null_value

TEXTS: tuple[str, ...] = (
    "firstname",
    "lastname",
    "caller_id",
    "outgoing_caller_id",
    "username",
    "password",
    "music_on_hold",
    "mobile_phone_number",
    "userfield",
    "timezone",
    "language",
    "description",
    "preprocess_subroutine",
)
FIELDS: dict[str, Kind] = {"id": "integer", **dict.fromkeys(TEXTS, "text")}
BODY = Body(FIELDS, required=("firstname",))
SHOWN = (
    "username",
    "mobile_phone_number",
    "userfield",
    "firstname",
    "lastname",
    "outgoing_caller_id",
    "caller_id",
    "music_on_hold",
    "language",
    "timezone",
    "preprocess_subroutine",
    "password",
    "id",
    "description",
)
NULL_CLEARS = frozenset({"lastname", "password", "mobile_phone_number"})
NULL_IS_REFUSED = ("outgoing_caller_id", "username", "music_on_hold", "userfield", "description")
EMPTY_IS_NULL = frozenset({"password", "mobile_phone_number"})
SIZES = {
    "firstname": 128,
    "lastname": 128,
    "caller_id": 160,
    "password": 64,
    "mobile_phone_number": 128,
    "preprocess_subroutine": 39,
    "timezone": 128,
    "language": 20,
    "outgoing_caller_id": 80,
    "username": 64,
    "music_on_hold": 128,
    "userfield": 128,
}
VOICEMAIL_NAME_SIZE = 80
PASSWORD_MIN_LENGTH = 4
MOBILE_PHONE_NUMBER = re.compile(r"\+?[0-9*#]+$")
INSERT = Statement(
    "User",
    "userfeatures",
    (
        "uuid",
        "firstname",
        "voicemailtype",
        "voicemailid",
        "agentid",
        "pictureid",
        "entityid",
        "callerid",
        "passwdclient",
        "cti_profile_id",
        "mobilephonenumber",
        "preprocess_subroutine",
        "timezone",
        "language",
        "ringintern",
        "ringextern",
        "ringgroup",
        "ringforward",
        "rightcallcode",
        "description",
        "func_key_template_id",
        "func_key_private_template_id",
    ),
)
LIST = Columns(
    searched={
        "fullname": lambda user: user.fullname,
        "caller_id": lambda user: user.caller_id,
        "description": lambda user: user.description,
        "userfield": lambda user: user.userfield,
    },
    ordered={
        "firstname": lambda user: user.firstname,
        "lastname": lambda user: user.lastname,
        "fullname": lambda user: user.fullname,
        "caller_id": lambda user: user.caller_id,
        "description": lambda user: user.description,
        "userfield": lambda user: user.userfield,
    },
    default="lastname",
)


def find_user(database: Database, user_id: int) -> User:
    user = database.users.get(user_id)
    if user is None:
        raise not_found("User", id=user_id)
    return user


def user_view(call: Call, user: User) -> dict[str, Any]:
    view: dict[str, Any] = {name: getattr(user, name) for name in SHOWN}
    for name in EMPTY_IS_NULL:
        view[name] = view[name] or None
    view["links"] = [call.link("users", user.id)]
    return view


def list_users(call: Call) -> Answer:
    users = list(call.database.users)
    if "q" in call.query:
        found = [user for user in users if ilike(user.fullname, call.query["q"])]
        found.sort(key=lambda user: (collation_key(user.lastname), collation_key(user.firstname)))
        return Answer(body=list_body([user_view(call, user) for user in found]))
    view = call.query.get("view", "directory")
    paging = Paging.read(call.query)
    if view != "directory":
        raise input_error(f"view '{view}' does not exist")
    page, total = LIST.page(users, call.query, paging)
    if "view" in call.query:
        return Answer(body=list_body([_directory_row(call.database, user) for user in page], total))
    return Answer(body=list_body([user_view(call, user) for user in page], total))


def _directory_row(database: Database, user: User) -> dict[str, Any]:
    association = database.user_lines.first(user_id=user.id)
    extension = database.internal_extension_of(association.line_id) if association else None
    return {
        "id": user.id,
        "line_id": association.line_id if association else None,
        "agent_id": getattr(user, "agent_id", None),
        "firstname": user.firstname,
        "lastname": user.lastname or None,
        "exten": extension.exten if extension and not extension.commented else None,
        "mobile_phone_number": user.mobile_phone_number or None,
    }


def get_user(call: Call, user_id: int) -> Answer:
    user = find_user(call.database, user_id)
    return Answer(body=user_view(call, user), location=f"/users/{user.id}")


def create_user(call: Call) -> Answer:
    given = BODY.check(call.read_body())
    _check_values(given)
    columns = {name: value or "" for name, value in given.items() if name not in {"id", "caller_id"}}
    columns |= {name: given.get(name) for name in ("timezone", "language", "preprocess_subroutine")}
    user = User(id=0, **columns)
    user.caller_id = quoted(given["caller_id"]) if given.get("caller_id") else f'"{user.fullname}"'
    stored = _insert(call.database, user, given.get("id"))
    lastname = given.get("lastname") if given.get("caller_id") else stored.lastname
    echo = {name: given.get(name) for name in SHOWN} | {"id": stored.id, "lastname": lastname}
    return Answer(201, echo | {"links": [call.link("users", stored.id)]}, location=f"/users/{stored.id}")


def _insert(database: Database, user: User, user_id: int | None) -> User:
    columns = {name: value for name, value in vars(user).items() if name != "id"}
    try:
        _check_lengths(user)
        return database.users.insert(id=user_id, **columns)
    except DuplicateKey as error:
        raise INSERT.failed(duplicate_key("userfeatures_pkey", "id", str(error.key)), _sent(user)) from error
    except DatabaseError as refused:
        raise INSERT.failed(refused, _sent(user)) from refused


def _sent(user: User) -> dict[str, object]:
    return {
        "firstname": user.firstname,
        "callerid": user.caller_id,
        "passwdclient": user.password,
        "mobilephonenumber": user.mobile_phone_number,
        "timezone": user.timezone,
        "language": user.language,
        "preprocess_subroutine": user.preprocess_subroutine,
        "description": user.description,
    }


def quoted(caller_id: str) -> str:
    """Put quotes around a caller ID, which mangles one that has a number behind its quotes."""
    return '"{}"'.format(caller_id.strip('"'))


def _check_values(values: dict[str, Any]) -> None:
    BODY.check_required(values)
    mobile = values.get("mobile_phone_number")
    if mobile and not MOBILE_PHONE_NUMBER.match(mobile):
        raise wrong_type("mobile_phone_number", "Should be a numeric phone number")
    password = values.get("password")
    if password is not None and len(password) < PASSWORD_MIN_LENGTH:
        raise input_error(f"field 'password': must have a minimum length of {PASSWORD_MIN_LENGTH}")


def _check_lengths(user: User) -> None:
    check_lengths((getattr(user, name), size) for name, size in SIZES.items())


def update_user(call: Call, user_id: int) -> Answer:
    """Change the given fields; if the database refuses one of them, change none and still answer 204.

    Voicemail and line get the new name in any case (observations.md, "XiVO 15.12: users and their lines").
    """
    user = find_user(call.database, user_id)
    given = BODY.check(call.read_body())
    _check_values({"firstname": user.firstname} | given)
    if given.get("id", user.id) != user.id:
        find_user(call.database, given["id"])
        raise input_error("unknown parameters: private_template_id")
    if "caller_id" in given and given["caller_id"] is None:
        raise unexpected_error("'NoneType' object has no attribute 'strip'")
    try:
        changed = _changed(user, given)
    except DatabaseError:
        names = {name: given[name] or "" for name in ("firstname", "lastname") if name in given}
        _update_names(call.database, replace(user, **names))
        return Answer(204)
    assign(user, vars(changed))
    _update_names(call.database, user)
    return Answer(204)


def _update_names(database: Database, user: User) -> None:
    """Write the user's name into its voicemail, and into the line whose main user it is; not one that is too long."""
    _name_voicemails(database, user)
    for line in database.lines_of_main_user(user.id):
        refresh_after_put(database, line, user)
        check_provisioning(database, line)
    write_phone(database, user)


def _name_voicemails(database: Database, user: User) -> None:
    """Write the user's name into its voicemail; a name that is too long is not written.

    Source: person-xivo-15.12.md, trap 7; person-xivo-15.12.md, trap 8.
    """
    for association in database.user_voicemails.where(user_id=user.id):
        voicemail = database.voicemails.get(association.voicemail_id)
        if voicemail and len(user.fullname) <= VOICEMAIL_NAME_SIZE:
            voicemail.name = user.fullname


def _changed(user: User, given: dict[str, Any]) -> User:
    for name in NULL_IS_REFUSED:
        if name in given and given[name] is None:
            raise null_value(name)
    columns: dict[str, Any] = {
        name: "" if value is None and name in NULL_CLEARS else value for name, value in given.items()
    }
    given_caller_id = columns.pop("caller_id", None)
    changed = replace(user, **columns)
    if given_caller_id is not None and quoted(given_caller_id) != user.caller_id:
        changed.caller_id = quoted(given_caller_id)
    elif changed.fullname != user.fullname:
        changed.caller_id = f'"{changed.fullname}"'
    else:
        # That of a name that begins or ends with a quote loses it.
        changed.caller_id = quoted(user.caller_id)
    _check_lengths(changed)
    return changed


def delete_user(call: Call, user_id: int) -> Answer:
    """Delete a user without line and voicemail; its incalls stay, and lead nowhere."""
    database = call.database
    user = find_user(database, user_id)
    if association := database.user_voicemails.first(user_id=user.id):
        raise resource_error(
            "User is associated with a Voicemail", voicemail_id=association.voicemail_id, user_id=user.id
        )
    if lines := database.user_lines.where(user_id=user.id):
        raise resource_error("User is associated with a Line", line_ids=tuple(line.line_id for line in lines))
    database.users.delete(user)
    return Answer(204)


ROUTES = (
    Route("GET", "/users", list_users),
    Route("POST", "/users", create_user),
    Route("GET", "/users/<int:user_id>", get_user),
    Route("PUT", "/users/<int:user_id>", update_user),
    Route("DELETE", "/users/<int:user_id>", delete_user),
)
