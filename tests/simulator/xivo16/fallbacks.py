# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Serve users/ID/fallbacks, groups/ID/fallbacks (person-xivo-16.16.md, "users/ID/fallbacks").

A PUT checks the destinations that were stored before, not those of the body (person-xivo-16.16.md, trap 1).
"""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields
from marshmallow.validate import OneOf

from ..errors import input_error, unexpected_error
from ..generation import Answer, Call, Route
from ..schema import Body, StrictBoolean, matches
from .fields import Integer
from .http import load_body
from .lookup import by_id_or_uuid, find_group, find_user
from .variants import NOT_A_CHOICE, Variant, Variants, members

FALLBACKS = ("noanswer_destination", "busy_destination", "congestion_destination", "fail_destination")
GROUP_FALLBACKS = ("noanswer_destination",)
COMMAND = r"(?!(?:try)?system\()[a-zA-Z]{3,}\(.*\)"


def _choice(*choices: str, **options: Any) -> fields.String:
    return fields.String(validate=OneOf(choices, error=NOT_A_CHOICE), **options)


def _text(**options: Any) -> fields.String:
    return fields.String(**options)


def _ring_time() -> fields.Float:
    return fields.Float(load_default=None, allow_none=True)


EXTEN = matches("[a-zA-Z0-9_-]{1,39}")
PIN = _text(load_default=None, allow_none=True, validate=matches(r"[0-9]{1,40}"))
CONTEXT = {"context": _text(required=True)}
TIMED = members(timeout=fields.Float(load_default=None, allow_none=True))
APPLICATIONS = Variants(
    "application",
    {
        "callback_disa": members(**CONTEXT, pin=PIN),
        "disa": members(**CONTEXT, pin=PIN),
        "directory": members(**CONTEXT),
        "voicemail": members(**CONTEXT),
        "fax_to_mail": members(email=_text(required=True)),
    },
)


class _Hangup(Variants):
    """Hold the variants of a hangup, whose cause is normal where it is left out."""

    def load(self, value: Any) -> dict[str, Any]:
        return super().load({"cause": "normal", **value})


HANGUPS = _Hangup("cause", {"busy": TIMED, "congestion": TIMED, "normal": members()})
VARIANTS = Variants(
    "type",
    {
        "user": members(user_id=Integer(required=True), ring_time=_ring_time()),
        "group": members(group_id=Integer(required=True), ring_time=_ring_time()),
        "queue": members(queue_id=Integer(required=True), ring_time=_ring_time()),
        "voicemail": members(
            voicemail_id=Integer(required=True),
            skip_instructions=StrictBoolean(load_default=False),
            greeting=_choice("busy", "unavailable", load_default=None, allow_none=True),
        ),
        "ivr": members(ivr_id=Integer(required=True)),
        "conference": members(conference_id=Integer(required=True)),
        "meetme": members(conference_id=Integer(required=True)),
        "outcall": members(outcall_id=Integer(required=True), exten=_text(required=True, validate=EXTEN)),
        "extension": members(exten=_text(required=True, validate=EXTEN), **CONTEXT),
        "custom": members(command=_text(required=True, validate=matches(COMMAND))),
        "sound": members(
            filename=_text(required=True),
            skip=StrictBoolean(load_default=False),
            no_answer=StrictBoolean(load_default=False),
        ),
        "hangup": HANGUPS,
        "application": APPLICATIONS,
        "none": members(),
    },
)
OBJECTS = {
    "user": ("User", "users"),
    "voicemail": ("Voicemail", "voicemails"),
    "group": ("Group", "groups"),
    "queue": ("Queue", "queues"),
    "ivr": ("IVR", "ivrs"),
    "conference": ("Conference", "conferences"),
    "meetme": ("Conference", "conferences"),
    "outcall": ("Outcall", "outcalls"),
}
"""{type: (what an error calls the object, its table)}."""
IDS = {"meetme": "conference_id"}


def _schema(names: tuple[str, ...]) -> Schema:
    return Body.from_dict({name: Variant(VARIANTS, load_default=None, allow_none=True) for name in names})()


OF_USERS, OF_GROUPS = _schema(FALLBACKS), _schema(GROUP_FALLBACKS)


def find_object(database: Any, destination: dict[str, Any]) -> Any:
    """Return the row that a destination leads to, None if it is gone."""
    kind = destination["type"]
    return getattr(database, OBJECTS[kind][1]).get(destination[IDS.get(kind, f"{kind}_id")])


def destination_view(database: Any, destination: dict[str, Any] | None) -> dict[str, Any] | None:
    """Return a destination with the names of what it leads to, read fresh; those of a dead one are missing."""
    if destination is None or destination["type"] not in {"user", "voicemail", "group"}:
        return destination
    row = find_object(database, destination)
    if row is None:
        return destination
    if destination["type"] == "user":
        return {**destination, "user_firstname": row.firstname, "user_lastname": row.lastname or None}
    return {**destination, f"{destination['type']}_name": row.name}


def fallbacks_view(database: Any, owner: Any, names: tuple[str, ...] = FALLBACKS) -> dict[str, Any]:
    return {name: destination_view(database, owner.fallbacks.get(name)) for name in names}


def _replace(call: Call, owner: Any, schema: Schema) -> Answer:
    """Replace all fallbacks: one that is missing in the body is cleared."""
    database: Any = call.database
    given = load_body(call, schema)
    for destination in owner.fallbacks.values():
        _check_stored(database, destination)
    before = owner.fallbacks
    database.wait_for_race()
    if not before and owner.fallbacks:
        raise unexpected_error('(IntegrityError) duplicate key value violates unique constraint "dialaction_pkey"')
    owner.fallbacks = {name: destination for name, destination in given.items() if destination}
    return Answer(204)


def _check_stored(database: Any, destination: dict[str, Any]) -> None:
    """Refuse any change while a stored destination leads nowhere: nobody but the deletion of the owner helps."""
    kind = destination["type"]
    if kind in OBJECTS and find_object(database, destination) is None:
        identifier = str(destination[IDS.get(kind, f"{kind}_id")])
        raise input_error(f"field 'actionarg1': {OBJECTS[kind][0]} was not found", actionarg1=identifier)


def get_fallbacks(call: Call, user_id: Any) -> Answer:
    return Answer(body=fallbacks_view(call.database, find_user(call.database, user_id)))


def update_fallbacks(call: Call, user_id: Any) -> Answer:
    return _replace(call, find_user(call.database, user_id), OF_USERS)


def get_group_fallbacks(call: Call, group_id: int) -> Answer:
    return Answer(body=fallbacks_view(call.database, find_group(call.database, group_id), GROUP_FALLBACKS))


def update_group_fallbacks(call: Call, group_id: int) -> Answer:
    return _replace(call, find_group(call.database, group_id), OF_GROUPS)


ROUTES = (
    *by_id_or_uuid("GET", "/users/<user_id>/fallbacks", get_fallbacks),
    *by_id_or_uuid("PUT", "/users/<user_id>/fallbacks", update_fallbacks),
    Route("GET", "/groups/<int:group_id>/fallbacks", get_group_fallbacks),
    Route("PUT", "/groups/<int:group_id>/fallbacks", update_group_fallbacks),
)
