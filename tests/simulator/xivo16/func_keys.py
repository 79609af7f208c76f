# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Serve users/ID/funckeys and /funckeys (person-xivo-16.16.md, "users/ID/funckeys, /funckeys/templates")."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields
from marshmallow.validate import OneOf

from .. import func_keys as store
from ..database.person import SERVICES, FuncKeyTemplate
from ..errors import ConfdError, input_error, not_found, unexpected_error
from ..func_keys import Keys
from ..generation import Answer, Call, Route
from ..python2 import Plain, py2_repr
from ..schema import Body, StrictBoolean, Text, matches
from .fields import Integer
from .http import load_body
from .lists import ListColumns, answer_list
from .lookup import by_id_or_uuid, find_user
from .variants import NOT_A_CHOICE, Variant, Variants, members

FORWARDS, TRANSFERS, ACTIONS = (
    ("busy", "noanswer", "unconditional"),
    ("blind", "attended"),
    (*("login", "logout", "toggle"),),
)
EXTEN = matches(r"[A-Z0-9+*](?s:.*)")
AUTOFLUSH = (
    "(raised as a result of Query-invoked autoflush; consider using a session.no_autoflush block if this flush is "
    "occurring prematurely) "
)
NOT_IN_TEMPLATES = frozenset({"agent", "bsfilter"})
SPECIAL = frozenset("\n\r\t;")


def _choice(*choices: str) -> fields.String:
    return fields.String(required=True, validate=OneOf(choices, error=NOT_A_CHOICE))


def _exten(**options: Any) -> fields.String:
    return fields.String(validate=EXTEN, **options)


def _id(name: str) -> dict[str, Any]:
    return {name: Integer(required=True)}


VARIANTS = Variants(
    "type",
    {
        **{kind: members(**_id(f"{kind}_id")) for kind in ("user", "group", "queue", "conference", "paging")},
        "custom": members(exten=_exten(required=True)),
        "service": members(service=_choice(*SERVICES)),
        "forward": members(forward=_choice(*FORWARDS), exten=_exten(load_default=None, allow_none=True)),
        "transfer": members(transfer=_choice(*TRANSFERS)),
        "park_position": members(**_id("position")),
        "parking": members(),
        "onlinerec": members(),
        "agent": members(**_id("agent_id"), action=_choice(*ACTIONS)),
        "bsfilter": members(**_id("filter_member_id")),
    },
)
KEY = Body.from_dict(
    {
        "label": Text(),
        "blf": StrictBoolean(load_default=True),
        "destination": Variant(VARIANTS, required=True),
    }
)()
NAME = Body.from_dict({"name": fields.String(load_default=None, allow_none=False)})()
LIST = ListColumns({"name": lambda row: row.name}, searched=("name",), default="name")
PARAMETERS: Mapping[str, tuple[tuple[str, tuple[str, ...]], ...]] = {
    "park_position": (("position", ()),),
    "agent": (("action", ACTIONS), ("agent_id", ())),
    "onlinerec": (),
    "user": (("user_id", ()),),
    "parking": (),
    "conference": (("conference_id", ()),),
    "group": (("group_id", ()),),
    "service": (("service", SERVICES),),
    "transfer": (("transfer", TRANSFERS),),
    "bsfilter": (("filter_member_id", ()),),
    "custom": (("exten", ()),),
    "queue": (("queue_id", ()),),
    "paging": (("paging_id", ()),),
    "forward": (("forward", FORWARDS), ("exten", ())),
}


def list_destinations(call: Call) -> Answer:
    return Answer(
        body=[
            {"type": kind, "parameters": [_parameter(call, *each) for each in parameters]}
            for kind, parameters in PARAMETERS.items()
        ]
    )


def _parameter(call: Call, name: str, values: tuple[str, ...]) -> dict[str, Any]:
    shown: dict[str, Any] = {"name": name}
    if values:
        shown["values"] = list(values)
    if name == "user_id":
        shown["collection"] = call.url("/users")
    return shown


# Checks


def _load_key(given: dict[str, Any], in_template: bool) -> dict[str, Any]:
    """Return a key with its defaults. Raises ValidationError."""
    if "destination" not in given:
        given = {**given, "destination": {}}
    key: dict[str, Any] = KEY.load(given)
    if in_template and key["destination"]["type"] in NOT_IN_TEMPLATES:
        text = f'The "{key["destination"]["type"]}" funckey are excluded'
        raise ValidationError({"destination": {"type": [Plain(text)]}})
    return key


def _load_keys(call: Call, in_template: bool) -> tuple[str | None, Keys]:
    """Return the name and all keys of a body."""
    given = call.read_body()
    name = load_body(call, NAME)["name"]
    keys = given.get("keys", {})
    if keys is None:
        raise _bad("keys", ["Field may not be null."])
    if not isinstance(keys, dict):
        raise _bad("keys", [Plain("FuncKey must be a dictionary")])
    loaded, problems = {}, {}
    for position, each in keys.items():
        _check_position(position)
        try:
            if not isinstance(each, dict):
                text = "Field may not be null." if each is None else "Invalid input type."
                raise ValidationError([text] if each is None else {"_schema": [text]})
            loaded[str(int(position))] = _load_key(each, in_template)
        except ValidationError as error:
            problems[position] = error.messages
    if problems:
        raise _bad("keys", problems)
    return name, loaded


def _check_position(position: str) -> None:
    try:
        if int(position) < 1:
            raise _bad("keys", ["Must be at least 1."])
    except ValueError as error:
        raise _bad("keys", ["Not a valid integer."]) from error


def _load_body_key(call: Call, in_template: bool) -> dict[str, Any]:
    try:
        return _load_key(call.read_body(), in_template)
    except ValidationError as error:
        texts = (f"Input Error - {name}: {py2_repr(found)}" for name, found in error.messages_dict.items())
        raise ConfdError(400, *texts) from error


def _bad(name: str, problems: object) -> ConfdError:
    return ConfdError(400, f"Input Error - {name}: {py2_repr(problems)}")


def _check(database: Any, keys: Keys, owner: Any | None) -> None:
    for key in keys.values():
        label = key["label"]
        if label and SPECIAL & set(label):
            text = "field 'label': wrong type. Should be a string without special characters (\\n \\r \\t ;)"
            raise input_error(text, label=label)
        store.check_destination(database, key["destination"], owner)
        if not store.has_row(database, key["destination"]):
            raise input_error(
                "field 'destination': func key representing destination was not found",
                type=Plain(key["destination"]["type"]),
            )


# Writes


def _write(database: Any, template: FuncKeyTemplate, keys: Keys) -> None:
    store.check_unique(keys)
    try:
        store.write_keys(database, template, keys)
    except ConfdError as error:
        if "position_check" in error.texts[0]:
            raise unexpected_error(AUTOFLUSH + error.texts[0].removeprefix("Unexpected error: ")) from error
        raise


def _write_position(call: Call, template: FuncKeyTemplate, position: int, owner: Any | None) -> Answer:
    """Write one key with all others. Of several requests at the same moment one is stored, the others are 500."""
    database: Any = call.database
    key = _load_body_key(call, in_template=owner is None)
    _check(database, {str(position): key}, owner)
    seen = template.keys
    store.check_unique({**seen, str(position): key})
    database.wait_for_race()
    if template.keys is not seen:
        raise _lost()
    _write(database, template, {**seen, str(position): key})
    return Answer(204)


def _lost() -> ConfdError:
    return unexpected_error(
        '(IntegrityError) duplicate key value violates unique constraint "func_key_mapping_template_id_position_key"'
    )


def _delete_position(call: Call, template: FuncKeyTemplate, position: int) -> Answer:
    kept = {each: key for each, key in template.keys.items() if each != str(position)}
    store.write_keys(call.database, template, kept)  # type: ignore[arg-type]
    return Answer(204)


def get_keys(call: Call, user_id: Any) -> Answer:
    return Answer(body=store.unified_view(call, find_user(call.database, user_id)))


def update_keys(call: Call, user_id: Any) -> Answer:
    """Replace all own keys. Different sets at the same moment are all stored, together; the same one is a 500."""
    database: Any = call.database
    user = find_user(database, user_id)
    name, keys = _load_keys(call, in_template=False)
    _check(database, keys, user)
    store.check_unique(keys)
    template = store.own_keys(database, user)
    seen = template.keys
    database.wait_for_race()
    others = {} if template.keys is seen else template.keys
    if set(others) & set(keys):
        raise _lost()
    _write(database, template, {**others, **keys})
    template.name = name
    return Answer(204)


def _find_key(keys: Keys, position: int, template_id: int | None) -> dict[str, Any]:
    key = keys.get(str(position))
    if key is None:
        raise not_found("FuncKey", position=position, template_id=template_id)
    return key


def get_key(call: Call, user_id: Any, position: int) -> Answer:
    user = find_user(call.database, user_id)
    shown = store.unified_view(call, user)["keys"]
    return Answer(body={**_find_key(shown, position, user.private_template_id), "links": []})


def update_key(call: Call, user_id: Any, position: int) -> Answer:
    database: Any = call.database
    user = find_user(database, user_id)
    return _write_position(call, store.own_keys(database, user), position, user)


def delete_key(call: Call, user_id: Any, position: int) -> Answer:
    database: Any = call.database
    return _delete_position(call, store.own_keys(database, find_user(database, user_id)), position)


# Templates


def find_template(database: Any, template_id: int) -> FuncKeyTemplate:
    template = database.func_key_templates.get(template_id)
    if template is None:
        raise not_found("FuncKeyTemplate", id=template_id)
    return template  # type: ignore[no-any-return]


def list_templates(call: Call) -> Answer:
    """List templates; the private sets of users are not among them."""
    database: Any = call.database
    rows = database.func_key_templates.where(private=False)
    return answer_list(call, LIST, rows, lambda row: store.template_view(call, row))


def create_template(call: Call) -> Answer:
    database: Any = call.database
    name, keys = _load_keys(call, in_template=True)
    _check(database, keys, None)
    store.check_unique(keys)
    store.check_template_name(name)
    template = database.func_key_templates.insert(name=name)
    try:
        _write(database, template, keys)
    except ConfdError:
        database.func_key_templates.delete(template)
        raise
    return Answer(201, store.template_view(call, template), location=f"/funckeys/templates/{template.id}")


def get_template(call: Call, template_id: int) -> Answer:
    return Answer(body=store.template_view(call, find_template(call.database, template_id)))


def delete_template(call: Call, template_id: int) -> Answer:
    database: Any = call.database
    store.delete_template(database, find_template(database, template_id))
    return Answer(204)


def get_template_key(call: Call, template_id: int, position: int) -> Answer:
    template = find_template(call.database, template_id)
    key = _find_key(template.keys, position, template.id)
    return Answer(body={**store.key_view(call, key, inherited=not template.private), "links": []})


def update_template_key(call: Call, template_id: int, position: int) -> Answer:
    return _write_position(call, find_template(call.database, template_id), position, None)


def delete_template_key(call: Call, template_id: int, position: int) -> Answer:
    return _delete_position(call, find_template(call.database, template_id), position)


# Templates of users


def _associations(call: Call, users: list[Any]) -> Answer:
    items = [
        {
            "user_id": user.id,
            "template_id": user.template_id,
            "links": [call.link("users", user.id), call.link("funckeys/templates", user.template_id)],
        }
        for user in users
    ]
    return Answer(body={"items": items, "total": len(items)})


def list_user_templates(call: Call, user_id: Any) -> Answer:
    user = find_user(call.database, user_id)
    return _associations(call, [user] if user.template_id is not None else [])


def list_template_users(call: Call, template_id: int) -> Answer:
    template = find_template(call.database, template_id)
    return _associations(call, call.database.users.where(template_id=template.id))


def associate_template(call: Call, user_id: Any, template_id: int) -> Answer:
    database: Any = call.database
    user = find_user(database, user_id)
    store.put_template(user, find_template(database, template_id))
    return Answer(204)


def dissociate_template(call: Call, user_id: Any, template_id: int) -> Answer:
    user = find_user(call.database, user_id)
    if user.template_id != template_id:
        raise not_found("FuncKeyTemplate", template_id=template_id)
    user.template_id = None
    return Answer(204)


OF_USER, OF_TEMPLATE = "/users/<user_id>/funckeys/<int:position>", "/funckeys/templates/<int:template_id>"
TEMPLATE_OF_USER = "/users/<user_id>/funckeys/templates/<int:template_id>"
ROUTES = (
    Route("GET", "/funckeys/destinations", list_destinations),
    Route("GET", "/funckeys/templates", list_templates),
    Route("POST", "/funckeys/templates", create_template),
    Route("GET", OF_TEMPLATE, get_template),
    Route("DELETE", OF_TEMPLATE, delete_template),
    Route("GET", f"{OF_TEMPLATE}/<int:position>", get_template_key),
    Route("PUT", f"{OF_TEMPLATE}/<int:position>", update_template_key),
    Route("DELETE", f"{OF_TEMPLATE}/<int:position>", delete_template_key),
    Route("GET", f"{OF_TEMPLATE}/users", list_template_users),
    *by_id_or_uuid("GET", "/users/<user_id>/funckeys", get_keys),
    *by_id_or_uuid("PUT", "/users/<user_id>/funckeys", update_keys),
    *by_id_or_uuid("GET", OF_USER, get_key),
    *by_id_or_uuid("PUT", OF_USER, update_key),
    *by_id_or_uuid("DELETE", OF_USER, delete_key),
    *by_id_or_uuid("GET", "/users/<user_id>/funckeys/templates", list_user_templates),
    *by_id_or_uuid("PUT", TEMPLATE_OF_USER, associate_template),
    *by_id_or_uuid("DELETE", TEMPLATE_OF_USER, dissociate_template),
)
