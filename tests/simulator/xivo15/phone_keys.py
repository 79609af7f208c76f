# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Write the function keys of a person into the configuration of his telephone.

That happens when a key, a template or the person is written, and at no other time: a number that changes later stays
on the telephone (person-xivo-15.12.md, trap 11; person-xivo-15.12.md, trap 12).
"""

from __future__ import annotations

from typing import Any

from ..database.person import FuncKeyTemplate
from ..errors import not_found, unexpected_error
from ..func_keys import inherited_keys, own_keys
from .initial import FEATURE_EXTENSIONS

CODES = {feature: exten.strip("_*.") for exten, feature in FEATURE_EXTENSIONS}
FORWARDS = {"busy": "fwdbusy", "noanswer": "fwdrna", "unconditional": "fwdunc"}
ACTIONS = {"login": "agentstaticlogin", "logout": "agentstaticlogoff", "toggle": "agentstaticlogtoggle"}
TRANSFERS = {"blind": "*1", "attended": "*2"}
PROGRAMMED = "*735"
"""What a telephone dials for a key that has a lamp: *735, the user, and the code."""


def write_phones(database: Any, template: FuncKeyTemplate) -> None:
    """Write the telephones of all who have a set of keys, own or inherited. The keys are stored in any case."""
    people = database.users.where(private_template_id=template.id) + database.users.where(template_id=template.id)
    for person in people:
        write_phone(database, person)


def write_phone(database: Any, person: Any) -> None:
    """Write the telephone of a person's main line. Raises what a telephone without configuration leads to."""
    for line in database.lines_of_main_user(person.id):
        device = database.devices.get(line.device_id) if line.device_id else None
        if device is None:
            continue
        if not device.has_config:
            raise unexpected_error("provd config does not exist")
        keys = {**inherited_keys(database, person), **own_keys(database, person).keys}
        shown = {position: _phone_key(database, person, line, key) for position, key in keys.items()}
        row = database.phone_keys.get(device.id) or database.phone_keys.insert(id=device.id)
        row.keys = {position: key for position, key in shown.items() if key["value"] is not None}


def _phone_key(database: Any, person: Any, line: Any, key: dict[str, Any]) -> dict[str, Any]:
    kind = key["destination"]["type"]
    return {
        "label": key["label"] or "",
        "line": line.device_slot,
        "type": "park" if kind == "parking" else "blf" if key["blf"] else "speeddial",
        "value": _value(database, person, key),
    }


def _value(database: Any, person: Any, key: dict[str, Any]) -> str | None:
    destination = key["destination"]
    kind = destination["type"]
    if kind == "user":
        return _number_of_user(database, destination["user_id"])
    if kind in {"group", "queue", "conference", "paging"}:
        return _number_of_object(database, kind, destination[f"{kind}_id"])
    if kind == "custom":
        return str(destination["exten"])
    if kind == "park_position":
        return str(destination["position"])
    fixed = {"parking": "700", "onlinerec": "*3", "transfer": TRANSFERS.get(destination.get("transfer", ""))}
    return fixed[kind] if kind in fixed else _code(person, key)


def _code(person: Any, key: dict[str, Any]) -> str:
    destination = key["destination"]
    kind = destination["type"]
    if kind == "service" and not key["blf"]:
        return f"*{CODES[destination['service']]}"
    programmed = f"{PROGRAMMED}{person.id}***2"
    if kind == "service":
        return programmed + CODES[destination["service"]]
    if kind == "forward":
        exten = f"*{destination['exten']}" if destination["exten"] else ""
        return f"{programmed}{CODES[FORWARDS[destination['forward']]]}{exten}"
    if kind == "agent":
        return f"{programmed}{CODES[ACTIONS[destination['action']]]}***3{destination['agent_id']}"
    return f"{programmed}{CODES['bsfilter']}***3{destination['filter_member_id']}"


def _number_of_user(database: Any, user_id: int) -> str | None:
    for line in database.lines_of_main_user(user_id):
        extension = database.internal_extension_of(line.id)
        if extension:
            return str(extension.exten)
    return None


def _number_of_object(database: Any, kind: str, identifier: int) -> str:
    number = getattr(database, f"{kind}s").get(identifier).number
    if number is None:
        raise not_found("Extension", type=kind, typeval=str(identifier))
    return f"*11{number}" if kind == "paging" else str(number)
