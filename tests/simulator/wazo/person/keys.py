# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Take, store and show function keys (person-wazo-26.08.md, "6. funckeys")."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from marshmallow import ValidationError, fields
from marshmallow.validate import OneOf

from ...errors import unexpected_error
from ...generation import Call
from ...schema import Body, StrictBoolean, Text, matches
from ..common import database_of, input_error, resource_error
from ..rows import User
from .destinations import Typed
from .rows import Destination, FuncKey, KeyTemplate


def _integer() -> fields.Integer:
    return fields.Integer(required=True, strict=True)


def _choice(*names: str) -> fields.String:
    return fields.String(required=True, validate=OneOf(names))


class Number(fields.String):
    """Take a number that is dialled; blanks around it are dropped."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text: str = super()._deserialize(value, attr, data, **kwargs)
        return text.strip()


SERVICES = (
    "phonestatus", "recsnd", "callrecord", "incallfilter", "pickup", "calllistening", "directoryaccess", "fwdundoall",
    "enablevm", "vmusermsg", "enablednd",
)  # fmt: skip
SHAPES: dict[str, dict[str, Any]] = {
    "agent": {"agent_id": _integer(), "action": _choice("login", "logout", "toggle")},
    "bsfilter": {"filter_member_id": _integer()},
    "conference": {"conference_id": _integer()},
    "custom": {"exten": Number(required=True, validate=matches(r"[A-Z0-9+*]{1,40}"))},
    "forward": {
        "forward": _choice("busy", "noanswer", "unconditional"),
        "exten": Number(load_default=None, allow_none=True, validate=matches(r"[A-Z0-9+*]{1,40}")),
    },
    "group": {"group_id": _integer()},
    "groupmember": {"group_id": _integer(), "action": _choice("join", "leave", "toggle")},
    "onlinerec": {},
    "paging": {"paging_id": _integer()},
    "park_position": {"parking_lot_id": _integer(), "position": _integer()},
    "parking": {"parking_lot_id": _integer()},
    "queue": {"queue_id": _integer()},
    "service": {"service": _choice(*SERVICES)},
    "transfer": {"transfer": _choice("blind", "attended")},
    "user": {"user_id": _integer()},
}
TARGETS = {
    "agent_id": ("Agent", "agents"),
    "conference_id": ("Conference", None),
    "group_id": ("Group", "groups"),
    "paging_id": ("Paging", None),
    "parking_lot_id": ("ParkingLot", None),
    "queue_id": ("Queue", None),
    "user_id": ("User", "users"),
}
FIXED_IDS = {name: place for place, name in enumerate((*SERVICES, "blind", "attended"), start=1)}
"""Of the keys that a new server has: services and transfers."""
BLF = frozenset({"agent", "bsfilter", "conference", "custom", "forward", "groupmember", "park_position", "user"})
BLF_SERVICES = frozenset({"callrecord", "enablednd", "enablevm", "incallfilter"})
TYPE_IDS = {"user": 1, "group": 2, "queue": 3, "conference": 4, "service": 5, "forward": 6, "transfer": 7,
            "park_position": 8, "custom": 10, "agent": 11, "bsfilter": 12, "groupmember": 13}  # fmt: skip
KEY = Body.from_dict(
    {
        "destination": Typed(SHAPES, required=True),
        "label": Text(),
        "blf": StrictBoolean(load_default=None, allow_none=False),
    }
)()
BAD_LABEL = "field 'label': wrong type. Should be a string without special characters (\\n \\r \\t ;)"


class Keys(fields.Field[dict[int, dict[str, Any]]]):
    """Take `{POSITION: key}`; in a public template no agent and no filter."""

    def __init__(self, excluded: tuple[str, ...] = (), **options: Any) -> None:
        super().__init__(**options)
        self._excluded = excluded

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> dict[int, dict[str, Any]]:
        if not isinstance(value, dict):
            raise ValidationError("FuncKey must be a dictionary")
        return {_position(name): self._key(name, each) for name, each in value.items()}

    def _key(self, name: str, given: Any) -> dict[str, Any]:
        try:
            key: dict[str, Any] = KEY.load(given)
            kind = key["destination"]["type"]
            if kind in self._excluded:
                raise ValidationError({"destination": {"type": [f'The "{kind}" funckey are excluded']}})
        except ValidationError as error:
            raise ValidationError({name: error.messages}) from error
        return key


def _position(name: Any) -> int:
    try:
        position = int(name)
    except (TypeError, ValueError) as error:
        raise ValidationError("Not a valid integer.") from error
    if position < 1:
        raise ValidationError("Must be greater than or equal to 1.")
    return position


OWN_SET = Body.from_dict({"name": Text(), "keys": Keys(load_default=dict)})()
PUBLIC_SET = Body.from_dict({"name": Text(), "keys": Keys(("agent", "bsfilter"), load_default=dict)})()


def check_keys(call: Call, keys: Mapping[int, dict[str, Any]], user: User | None) -> None:
    """Refuse a bad label, a target that does not exist, and one destination on two positions."""
    for key in keys.values():
        label = key["label"]
        if label is not None and not set(label).isdisjoint("\n\r\t;"):
            raise input_error(BAD_LABEL, label=label)
        _check_target(call, key["destination"], user)
    seen: list[Destination] = []
    for key in keys.values():
        if key["destination"] in seen:
            members = {name: value for name, value in key["destination"].items() if name != "type"}
            raise resource_error("destination already exists", **members)
        seen.append(key["destination"])


def _check_target(call: Call, destination: Destination, user: User | None) -> None:
    if destination["type"] == "bsfilter":
        raise resource_error("User must be associated with a BSFilter", user_id=user.id if user else None)
    for name, (resource, table) in TARGETS.items():
        identifier = destination.get(name)
        if name in destination and (table is None or getattr(database_of(call), table).get(identifier) is None):
            raise input_error(f"field '{name}': {resource} was not found", **{name: identifier})


def keys_of(database: Any, template: KeyTemplate) -> dict[int, dict[str, Any]]:
    """Return the keys of a template as a body gives them, in the order in which they were inserted."""
    return {
        row.position: {"destination": row.destination, "label": row.label, "blf": row.blf}
        for row in database.func_keys.where(template_id=template.id)
    }


def write_keys(call: Call, template: KeyTemplate, keys: Mapping[int, dict[str, Any]]) -> None:
    """Make all keys of a template anew, with new ids.

    Of several requests at once, those that write later than the first fail, and what they would have written is lost.
    """
    database = database_of(call)
    before = _ids(database, template)
    database.wait_for_race()
    if _ids(database, template) != before:
        position = next(iter(keys), 1)
        raise unexpected_error(_duplicate(template.id, position))
    for row in database.func_keys.where(template_id=template.id):
        database.func_keys.delete(row)
    for position, key in keys.items():
        _insert(database, template, position, key)


def _ids(database: Any, template: KeyTemplate) -> list[Any]:
    return [row.id for row in database.func_keys.where(template_id=template.id)]


def _insert(database: Any, template: KeyTemplate, position: int, key: dict[str, Any]) -> None:
    destination = key["destination"]
    fixed = FIXED_IDS.get(destination.get("service") or destination.get("transfer") or "")
    has_blf = destination["type"] in BLF or destination.get("service") in BLF_SERVICES
    database.func_keys.insert(
        id=f"{template.id}/{position}" if fixed else None,
        template_id=template.id,
        position=position,
        destination=destination,
        label=key["label"],
        blf=has_blf and key["blf"] is not False,
        fixed_id=fixed,
    )


def burn_ids(database: Any, keys: Mapping[int, dict[str, Any]]) -> int:
    """Let a write fail after it has made its keys anew: their ids are not given again. Returns the last one."""
    kinds = [key["destination"]["type"] for key in keys.values()]
    database.func_keys.sequence += sum(kind not in ("service", "transfer") for kind in kinds)
    return int(database.func_keys.sequence)


def _duplicate(template_id: int, position: int) -> str:
    return (
        "(psycopg2.errors.UniqueViolation) duplicate key value violates unique constraint "
        f'"func_key_mapping_template_id_position_key"\nDETAIL:  Key (template_id, "position")=({template_id}, '
        f"{position}) already exists."
    )


def bad_position(template_id: int, key_id: int, key: dict[str, Any]) -> str:
    """Return the database's refusal of position 0."""
    kind, label = TYPE_IDS.get(key["destination"]["type"], 9), key["label"]
    return (
        '(psycopg2.errors.CheckViolation) new row for relation "func_key_mapping" violates check constraint '
        f'"func_key_mapping_position_check"\nDETAIL:  Failing row contains ({template_id}, {key_id}, {kind}, '
        f"{label or 'null'}, 0, t).\n\n[SQL: INSERT INTO func_key_mapping (template_id, func_key_id, "
        "destination_type_id, label, position) VALUES (%(template_id)s, %(func_key_id)s, %(destination_type_id)s, "
        f"%(label)s, %(position)s)]\n[parameters: {{'template_id': {template_id}, 'func_key_id': {key_id}, "
        f"'destination_type_id': {kind}, 'label': {label!r}, 'position': 0}}]\n"
        "(Background on this error at: https://sqlalche.me/e/14/gkpj)"
    )


# Views


def keys_view(call: Call, template: KeyTemplate, inherited: bool) -> dict[str, Any]:
    """Return the keys of a template by position, which is text."""
    return {str(row.position): key_view(call, row, inherited) for row in _rows(database_of(call), template)}


def _rows(database: Any, template: KeyTemplate) -> Iterator[FuncKey]:
    yield from sorted(database.func_keys.where(template_id=template.id), key=lambda row: row.position)


def key_view(call: Call, row: FuncKey, inherited: bool) -> dict[str, Any]:
    return {
        "id": row.fixed_id or row.id,
        "inherited": inherited,
        "blf": row.blf,
        "label": row.label,
        "destination": _destination_view(call, row.destination),
    }


def _destination_view(call: Call, destination: Destination) -> Destination:
    database = database_of(call)
    if destination["type"] == "user":
        user = database.users.get(destination["user_id"])
        names = {"user_firstname": user.firstname, "user_lastname": user.lastname or None}
        return {**destination, "href": call.link("users", user.id)["href"], **names}
    if destination["type"] == "group":
        group = database.groups.get(destination["group_id"])
        return {**destination, "href": None, "group_name": group.name, "group_label": group.label}
    return {**destination, "href": None}
