# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A line and its SIP endpoint as the one SIP line that the core knows (facts file wazo-26.08, section 5.2)."""

from __future__ import annotations

import re
from typing import Any

from ..._model.records import Row
from ..._model.resources import LINE, normalised
from ..xivo import new_secret

ON_LINE = {"context": "context", "device_slot": "position", "provisioning_extension": "provisioning_code"}
"""Our fields, and what they are called in a line."""
ON_ENDPOINT = {"username": "username", "secret": "password"}
"""Our fields, and what they are called in the endpoint's auth_section_options, a list of pairs."""
NAME = re.compile(r"[-_.a-zA-Z0-9]{1,79}")
"""What the server takes as the name of an endpoint, which is unique over all tenants."""
NUMBERED = re.compile(r'"(?P<name>.*)"(?: <(?P<number>.*)>)?', re.DOTALL)


def line_row(line: Row, endpoint: Row | None = None) -> Row:
    """A line as the core knows one; its secret only with its endpoint, which lists of lines do not show whole."""
    shown = endpoint or line["endpoint_sip"] or {}
    auth = dict(shown.get("auth_section_options", ()))
    fields: Row = {ours: line[theirs] for ours, theirs in ON_LINE.items()}
    fields["username"] = auth.get("username")
    fields["callerid"] = callerid(line)
    fields["webrtc"] = line["is_webrtc"]
    if endpoint:
        fields["secret"] = auth.get("password")
    return {"id": line["id"], "device_id": line["device_id"], **normalised(LINE, fields)}


def callerid(line: Row) -> str | None:
    """What XiVO calls a line's callerid; the server makes it of its user's caller ID and its number."""
    name, number = line["caller_id_name"], line["caller_id_num"]
    if not name and not number:
        return None
    return f'"{name or ""}" <{number}>' if number else f'"{name}"'


def new_line(values: Row, template: str) -> Row:
    """The body that makes a line with its endpoint. The server would make neither username nor secret."""
    auth = {"username": values["username"], "password": values.get("secret") or new_secret()}
    endpoint: Row = {
        "auth_section_options": [[name, value] for name, value in auth.items()],
        "templates": [{"uuid": template}],
    }
    if NAME.fullmatch(values["username"]):
        endpoint["name"] = values["username"]
    return {**line_body(values), "endpoint_sip": endpoint}


def line_body(values: Row) -> Row:
    """What of our fields belongs to the line itself, as PUT and POST take it."""
    body = {theirs: values[ours] for ours, theirs in ON_LINE.items() if ours in values}
    if "callerid" in values:
        found = NUMBERED.fullmatch(values["callerid"] or "")
        body["caller_id_name"] = found["name"] if found else None
        body["caller_id_num"] = found["number"] if found else None
    return body


def endpoint_body(values: Row, endpoint: Row) -> Row:
    """What of our fields belongs to the endpoint: the options are replaced as a whole, so the others are kept."""
    changes = {theirs: values[ours] for ours, theirs in ON_ENDPOINT.items() if ours in values}
    if not changes:
        return {}
    others = [pair for pair in endpoint["auth_section_options"] if pair[0] not in changes]
    return {"auth_section_options": [*others, *([name, value] for name, value in changes.items())]}


def templates_body(endpoint: Row, old: str, new: str) -> Row:
    """Another template in the place of one; those that somebody added are kept."""
    uuids: list[Any] = [each["uuid"] for each in endpoint["templates"] if each["uuid"] not in (old, new)]
    return {"templates": [{"uuid": uuid} for uuid in (new, *uuids)]}
