# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Store function keys as both generations of XiVO do.

Facts: person-xivo-15.12.md, "users/ID/funckeys/POS"; person-xivo-16.16.md, "users/ID/funckeys, /funckeys/templates".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .database import PersonDatabase
from .database.person import FuncKeyTemplate
from .errors import input_error, resource_error, unexpected_error
from .generation import Call
from .python2 import Plain, py2_repr

Destination = dict[str, Any]
Keys = dict[str, dict[str, Any]]
"""{position: key as it is stored}."""

SUPERVISED_SERVICES = frozenset({"enablevm", "callrecord", "incallfilter", "enablednd"})
WITHOUT_LAMP = frozenset({"group", "queue", "paging", "transfer", "parking", "onlinerec"})
"""Types whose blf is silently made false."""
OWN_ROWS = frozenset({"custom", "forward", "park_position"})
"""Types of which each key is a row of its own, written anew with its set: their ids change at every write."""
OBJECTS = {
    "group": "Group",
    "queue": "Queue",
    "conference": "Conference",
    "paging": "Paging",
    "agent": "Agent",
    "user": "User",
}
"""{type of a key: what the server calls the object that it leads to}."""
PARK_POSITIONS = (701, 750)
LABEL_SIZE, EXTEN_SIZE = 128, 40
MAPPING = (
    "INSERT INTO func_key_mapping (template_id, func_key_id, destination_type_id, label, position, blf) VALUES "
    "(%(template_id)s, %(func_key_id)s, %(destination_type_id)s, %(label)s, %(position)s, %(blf)s)"
)
TYPE_IDS = {"user": 1, "group": 2, "queue": 3, "conference": 4, "service": 5, "forward": 6, "transfer": 7,
            "park_position": 7, "parking": 8, "onlinerec": 8, "paging": 9, "custom": 10, "agent": 11,
            "bsfilter": 12}  # fmt: skip


def own_keys(database: PersonDatabase, person: Any) -> FuncKeyTemplate:
    """Return the private set of a user."""
    template = database.func_key_templates.get(person.private_template_id)
    assert template is not None
    return template


def inherited_keys(database: PersonDatabase, person: Any) -> Keys:
    template = database.func_key_templates.get(person.template_id)
    return template.keys if template else {}


def check_destination(database: PersonDatabase, destination: Destination, owner: Any | None) -> None:
    """Refuse a key that leads nowhere. owner: the user whose key it is, None in a template."""
    kind = destination["type"]
    if kind == "park_position" and not PARK_POSITIONS[0] <= destination["position"] <= PARK_POSITIONS[1]:
        least, most = PARK_POSITIONS
        position = destination["position"]
        raise input_error(f"Parking position '{position}' is outside of range", max=most, min=least)
    if kind == "bsfilter":
        if owner is None or not database.filter_members.where(user_id=owner.id):
            raise resource_error("User must be associated with a BSFilter", user_id=owner.id if owner else None)
        if database.filter_members.get(destination["filter_member_id"]) is None:
            raise input_error(
                "field 'filter_member_id': FilterMember was not found",
                filter_member_id=destination["filter_member_id"],
            )
    if kind in OBJECTS:
        name = f"{kind}_id"
        if getattr(database, f"{kind}s").get(destination[name]) is None:
            raise input_error(f"field '{name}': {OBJECTS[kind]} was not found", **{name: destination[name]})


def has_row(database: PersonDatabase, destination: Destination) -> bool:
    """Return whether a key can lead to a destination: the web interface makes a row of each group, queue, agent ..."""
    kind = destination["type"]
    if kind in OWN_ROWS:
        return True
    return bool(database.func_keys.where(type=kind, target=_target(destination)))


def _target(destination: Destination) -> str:
    kind = destination["type"]
    name = {"service": "service", "transfer": "transfer", "bsfilter": "filter_member_id"}.get(kind, f"{kind}_id")
    return str(destination.get(name, ""))


def _identity(destination: Destination) -> dict[str, object]:
    """Return what two keys of a set must not have in common, as an error shows it."""
    kind = destination["type"]
    if kind in {"parking", "onlinerec"}:
        return {"feature": Plain(kind)}
    if kind == "forward":
        return {"forward": Plain(destination["forward"]), "exten": destination["exten"]}
    if kind == "agent":
        return {"action": Plain(destination["action"]), "agent_id": destination["agent_id"]}
    members = {name: value for name, value in destination.items() if name != "type"}
    return {name: Plain(value) if kind in {"service", "transfer"} else value for name, value in members.items()}


def check_unique(keys: Mapping[str, Mapping[str, Any]]) -> None:
    """Refuse a set in which two positions lead to the same destination."""
    seen = set()
    for key in keys.values():
        identity = _identity(key["destination"])
        shown = str(identity)
        if shown in seen:
            raise resource_error("destination already exists", **identity)
        seen.add(shown)


def keep_lamp(key: dict[str, Any]) -> dict[str, Any]:
    """Return a key with the blf that is stored: of most types it is made false."""
    destination = key["destination"]
    kind = destination["type"]
    dark = kind in WITHOUT_LAMP or (kind == "service" and destination["service"] not in SUPERVISED_SERVICES)
    return {**key, "blf": key["blf"] and not dark}


def write_keys(database: PersonDatabase, template: FuncKeyTemplate, keys: Keys) -> None:
    """Replace a set by another one. Every write of one position does so. Raises the database's own errors as 500."""
    written = {position: _stored(database, template, position, key) for position, key in keys.items()}
    template.keys = written


def _stored(database: PersonDatabase, template: FuncKeyTemplate, position: str, key: dict[str, Any]) -> dict[str, Any]:
    destination = key["destination"]
    identifier = _row_id(database, destination)
    if destination["type"] == "custom" and len(destination["exten"]) > EXTEN_SIZE:
        raise unexpected_error(
            f"(DataError) value too long for type character varying({EXTEN_SIZE})\n"
            " 'INSERT INTO func_key_dest_custom (func_key_id, exten) VALUES (%(func_key_id)s, %(exten)s) RETURNING "
            "func_key_dest_custom.destination_type_id' "
            f"{{'exten': {py2_repr(destination['exten'])}, 'func_key_id': {identifier}}}"
        )
    stored = {**key, "id": identifier}
    _check_mapping(template, position, stored)
    return keep_lamp(stored)


def _check_mapping(template: FuncKeyTemplate, position: str, key: dict[str, Any]) -> None:
    kind, label, blf = key["destination"]["type"], key["label"], keep_lamp(key)["blf"]
    reason = ""
    if int(position) < 1:
        row = f"{template.id}, {key['id']}, {TYPE_IDS[kind]}, {label or 'null'}, {position}, {str(blf)[0].lower()}"
        reason = (
            '(IntegrityError) new row for relation "func_key_mapping" violates check constraint '
            f'"func_key_mapping_position_check"\nDETAIL:  Failing row contains ({row}).'
        )
    elif int(position) >= 2**31:
        reason = "(DataError) integer out of range"
    elif label is not None and len(label) > LABEL_SIZE:
        reason = f"(DataError) value too long for type character varying({LABEL_SIZE})"
    if reason:
        sent = {
            "func_key_id": key["id"],
            "label": label,
            "destination_type_id": TYPE_IDS[kind],
            "position": int(position),
            "blf": blf,
            "template_id": template.id,
        }
        raise unexpected_error(f"{reason}\n '{MAPPING}' {py2_repr(sent)}")


def _row_id(database: PersonDatabase, destination: Destination) -> int:
    """Return the id of a key: that of its destination, or a new one."""
    if destination["type"] in OWN_ROWS:
        database.func_keys.sequence += 1
        return database.func_keys.sequence
    row = database.func_keys.first(type=destination["type"], target=_target(destination))
    if row is None:
        raise unexpected_error("'NoneType' object has no attribute 'func_key_id'")
    return row.id


# What is shown


def destination_view(call: Call, destination: Destination) -> dict[str, Any]:
    href = call.url(f"/users/{destination['user_id']}") if destination["type"] == "user" else None
    return {**destination, "href": href}


def key_view(call: Call, key: Mapping[str, Any], inherited: bool) -> dict[str, Any]:
    return {
        "id": key["id"],
        "label": key["label"],
        "blf": key["blf"],
        "inherited": inherited,
        "destination": destination_view(call, key["destination"]),
    }


def keys_view(call: Call, keys: Mapping[str, Mapping[str, Any]], inherited: bool) -> dict[str, Any]:
    return {position: key_view(call, key, inherited) for position, key in keys.items()}


def template_view(call: Call, template: FuncKeyTemplate) -> dict[str, Any]:
    """Return a template, or a private set that is asked for by its id."""
    return {
        "id": template.id,
        "name": template.name,
        "keys": keys_view(call, template.keys, inherited=not template.private),
        "links": [call.link("funckeys/templates", template.id)],
    }


def unified_view(call: Call, person: Any) -> dict[str, Any]:
    """Return the keys of a user: the own ones over those of the template. With a template there is no id."""
    database: Any = call.database
    own = own_keys(database, person)
    keys = {
        **keys_view(call, inherited_keys(database, person), inherited=True),
        **keys_view(call, own.keys, inherited=False),
    }
    if person.template_id is not None:
        return {"id": None, "name": None, "keys": keys, "links": []}
    return {"id": own.id, "name": own.name, "keys": keys, "links": [call.link("funckeys/templates", own.id)]}


# Templates of users


def put_template(person: Any, template: FuncKeyTemplate) -> None:
    if template.private:
        raise resource_error(
            "Operation not permitted. Cannot associate a private template with a user", template_id=template.id
        )
    person.template_id = template.id


def check_template_name(name: str | None) -> None:
    """Refuse the name of a template that is too long for the database."""
    if name is not None and len(name) > LABEL_SIZE:
        raise unexpected_error(
            f"(DataError) value too long for type character varying({LABEL_SIZE})\n 'INSERT INTO func_key_template "
            "(name, private) VALUES (%(name)s, %(private)s) RETURNING func_key_template.id' "
            f"{{'name': {py2_repr(name)}, 'private': False}}"
        )


def delete_template(database: PersonDatabase, template: FuncKeyTemplate) -> None:
    """Delete a template; its users lose it."""
    if template.private:
        raise resource_error(
            "Operation not permitted. Deleting private templates is not allowed", template_id=template.id
        )
    for person in database.users.where(template_id=template.id):
        person.template_id = None  # type: ignore[attr-defined]
    database.func_key_templates.delete(template)
