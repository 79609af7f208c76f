# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Read the bodies of /funckeys, which differ from all others (person-xivo-15.12.md, "users/ID/funckeys/POS").

The first bad member alone is reported, as in fields.py.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from werkzeug.http import parse_options_header

from ..database.person import SERVICES
from ..errors import input_error, unexpected_error
from ..func_keys import Keys
from ..generation import Call, Exchange
from ..html_pages import UNSUPPORTED_MEDIA_TYPE, HtmlError
from ..python2 import dict_order, py2_type_name
from .fields import MESSAGES, Kind, wrong_type
from .http import JSON_TYPE, check_accept

BAD_REQUEST = "The browser (or proxy) sent a request that this server could not understand."
EXTEN = "[A-Z0-9+*]+"
NOT_IN_TEMPLATES = frozenset({"agent", "bsfilter"})


@dataclass(frozen=True)
class _Member:
    """Hold a member of a destination."""

    kind: Kind
    required: bool = True
    choices: tuple[str, ...] = ()
    pattern: str = ""


_ID = _Member("integer")
_EXTEN, _OPTIONAL_EXTEN = _Member("text", pattern=EXTEN), _Member("text", required=False, pattern=EXTEN)
DESTINATIONS: Mapping[str, Mapping[str, _Member]] = {
    **{kind: {f"{kind}_id": _ID} for kind in ("user", "group", "queue", "conference", "paging")},
    "agent": {"agent_id": _ID, "action": _Member("text", choices=("login", "logout", "toggle"))},
    "bsfilter": {"filter_member_id": _ID},
    "service": {"service": _Member("text")},
    "custom": {"exten": _EXTEN},
    "forward": {
        "forward": _Member("text", choices=("noanswer", "busy", "unconditional")),
        "exten": _OPTIONAL_EXTEN,
    },
    "transfer": {"transfer": _Member("text", choices=("blind", "attended"))},
    "park_position": {"position": _ID},
    "parking": {},
    "onlinerec": {},
}


def check_headers(exchange: Exchange) -> None:
    """Accept any parameter of the Content-Type."""
    check_accept(exchange)
    if exchange.method in {"POST", "PUT"}:
        mimetype, _options = parse_options_header(exchange.content_type or "")
        if mimetype != JSON_TYPE:
            raise HtmlError(415, UNSUPPORTED_MEDIA_TYPE)


def read_body(call: Call) -> dict[str, Any]:
    """Return the JSON object of the body; one that is no JSON is a page."""
    assert call.exchange is not None
    try:
        body = json.loads(call.exchange.raw_body.decode("utf-8"))
    except ValueError as error:
        raise HtmlError(400, BAD_REQUEST) from error
    if not isinstance(body, dict):
        raise unexpected_error(f"'{py2_type_name(body)}' object has no attribute 'keys'")
    return body


def load_key(given: dict[str, Any], in_template: bool = False) -> dict[str, Any]:
    """Return a key with its defaults: blf false, label null."""
    _refuse_unknown(given, ("label", "blf", "destination"))
    destination = _load_destination(given.get("destination"), in_template)
    label, blf = given.get("label"), given.get("blf")
    if label is not None and not isinstance(label, str):
        raise wrong_type("label", MESSAGES["text"])
    if blf is not None and not isinstance(blf, bool):
        raise wrong_type("blf", MESSAGES["boolean"])
    return {"label": label, "blf": bool(blf), "destination": destination}


def _refuse_unknown(given: Mapping[str, Any], known: tuple[str, ...]) -> None:
    unknown = dict_order(name for name in dict_order(given) if name not in known)
    if unknown:
        raise input_error(f"unknown parameters: {', '.join(unknown)}")


def _load_destination(value: Any, in_template: bool) -> dict[str, Any]:
    if value is None:
        raise input_error("field 'destination': field is required")
    if not isinstance(value, dict):
        raise wrong_type("destination", "Should be a dict-like structure")
    kind = value.get("type")
    if kind not in DESTINATIONS or (in_template and kind in NOT_IN_TEMPLATES):
        raise input_error("field 'destination': type was not found")
    loaded = {"type": kind}
    for name, member in DESTINATIONS[kind].items():
        loaded[name] = _load_member(name, member, value.get(name))
    if kind == "service" and loaded["service"] not in SERVICES:
        raise input_error(f"field 'service': {loaded['service']} was not found")
    return loaded


def _load_member(name: str, member: _Member, value: Any) -> Any:
    if value is None:
        if member.required:
            raise input_error(f"field '{name}': field is required")
        return None
    is_right = (
        isinstance(value, int) and not isinstance(value, bool) if member.kind == "integer" else isinstance(value, str)
    )
    if not is_right:
        raise wrong_type(name, MESSAGES[member.kind])
    if member.choices and value not in member.choices:
        raise input_error(f"field '{name}': must be one of the following choices: {', '.join(member.choices)}")
    if member.pattern and not re.match(member.pattern, value):
        raise input_error(f"field '{name}': must match regex: '{member.pattern}'")
    return value


def load_template(given: dict[str, Any]) -> tuple[str | None, Keys]:
    """Return the name and the keys of a template."""
    _refuse_unknown(given, ("id", "name", "keys", "links"))
    name, keys = given.get("name"), given.get("keys", {})
    if name is not None and not isinstance(name, str):
        raise wrong_type("name", MESSAGES["text"])
    if not isinstance(keys, dict):
        raise unexpected_error(f"'{py2_type_name(keys)}' object has no attribute 'iteritems'")
    loaded = {}
    for position, key in keys.items():
        if not re.fullmatch(r"[+-]?\d+", position):
            raise unexpected_error(f"invalid literal for int() with base 10: {position!r}")
        if int(position) < 1:
            raise wrong_type("keys", "Should be a numeric positions")
        if not isinstance(key, dict):
            raise wrong_type("keys", "Should be a dict-like structures")
        loaded[str(int(position))] = load_key(key, in_template=True)
    return name, loaded
