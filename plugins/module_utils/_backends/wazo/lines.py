# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A line and its SIP endpoint as the one SIP line that the core knows (wazo-26.08.md, "5.2 Line")."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from ..._model.records import Row
from ..._model.resources import LINE, normalised
from ..._model.sip_usernames import new_secret

ON_LINE = {"context": "context", "device_slot": "position", "provisioning_extension": "provisioning_code"}
"""{our field: its name in a line}."""
DEFAULT_TEMPLATE, WEBRTC_TEMPLATE = "global", "webrtc"
"""Labels of the SIP templates that Wazo's own interface gives to lines."""
DESCRIBED_OPTIONS = ("username", "password", "callerid", "context", "webrtc")
"""The options of an endpoint that a line describes, or that the server writes itself."""
ON_ENDPOINT = {"username": "username", "secret": "password"}
"""{our field: its name in the endpoint's auth_section_options, a list of pairs}."""


def line_row(line: Row, endpoint: Row | None = None, webrtc: bool | None = None) -> Row:
    """Return a line as the core knows it. The secret is in the endpoint alone; lists of lines show a part of that.

    webrtc: whether it is a WebRTC line; None if the line itself says so.
    """
    shown = endpoint or line["endpoint_sip"] or {}
    auth = dict(shown.get("auth_section_options", ()))
    fields: Row = {ours: line[theirs] for ours, theirs in ON_LINE.items()}
    fields["username"] = auth.get("username")
    fields["callerid"] = callerid(line)
    fields["webrtc"] = line["is_webrtc"] if webrtc is None else webrtc
    if endpoint:
        fields["secret"] = auth.get("password")
    kept = {"device_id": line["device_id"], "protocol": line["protocol"], "endpoint_name": line["name"]}
    return {"id": line["id"], **kept, **normalised(LINE, fields)}


def callerid(line: Row) -> str | None:
    """Return what XiVO calls a line's callerid. The server derives it from the user's caller ID and the number."""
    name, number = line["caller_id_name"], line["caller_id_num"]
    if not name and not number:
        return None
    return f'"{name or ""}" <{number}>' if number else f'"{name}"'


def new_line(values: Row, template: str) -> Row:
    """Return the body of a POST for a line with its endpoint. The server generates neither username nor secret.

    Asterisk finds an endpoint by its name, which therefore is the username.
    """
    auth = {"username": values["username"], "password": values.get("secret") or new_secret()}
    endpoint: Row = {
        "name": values["username"],
        "auth_section_options": [[name, value] for name, value in auth.items()],
        "templates": [{"uuid": template}],
    }
    return {**line_body(values), "endpoint_sip": endpoint}


def line_body(values: Row) -> Row:
    """Return the part of our fields that the line itself has, as PUT and POST take it."""
    body = {theirs: values[ours] for ours, theirs in ON_LINE.items() if ours in values}
    if "callerid" in values:
        body["caller_id_name"], body["caller_id_num"] = _split_callerid(values["callerid"] or "")
    return body


def _split_callerid(text: str) -> tuple[str | None, str | None]:
    """Return the name and the number of ``"Name" <number>`` or ``"Name"``; None for what the text does not have."""
    if len(text) > 1 and text[0] == text[-1] == '"':
        return text[1:-1], None
    name, found, number = text[1:-1].rpartition('" <')
    return (name, number) if found and text[0] == '"' and text[-1] == ">" else (None, None)


def endpoint_body(values: Row, endpoint: Row) -> Row:
    """Return the part of our fields that the endpoint has. A PUT replaces all options, so the others are included.

    The name follows the username, because Asterisk finds an endpoint by its name.
    """
    changes = {theirs: values[ours] for ours, theirs in ON_ENDPOINT.items() if ours in values}
    if not changes:
        return {}
    others = [pair for pair in endpoint["auth_section_options"] if pair[0] not in changes]
    name = {"name": values["username"]} if values.get("username") else {}
    return {**name, "auth_section_options": [*others, *([name, value] for name, value in changes.items())]}


def undescribed_account(endpoint: Row) -> dict[str, str]:
    """Return {what in words: names} of the templates and options of an endpoint that no entry can describe."""
    templates = [each["label"] or each["uuid"] for each in endpoint["templates"]]
    options = {
        pair[0]
        for section, pairs in endpoint.items()
        if section.endswith("_section_options")
        for pair in pairs
        if pair[0] not in DESCRIBED_OPTIONS
    }
    found = {
        "SIP templates": ", ".join(each for each in templates if each not in (DEFAULT_TEMPLATE, WEBRTC_TEMPLATE)),
        # Without the values, which can be secrets.
        "SIP options": ", ".join(sorted(options)),
    }
    return {what: names for what, names in found.items() if names}


def accounts_of(endpoints: Iterable[Row]) -> dict[str, Row]:
    """Return {uuid: the members of a SIP endpoint that are used}: its line, its templates and its options.

    The options callerid and context are left out, because the line has them. As the server shows them, the endpoints of
    10,000 users take 27 MB while the list of users is read. Endpoints with the same templates share one list of them.
    """
    shared: dict[tuple[str, ...], list[Row]] = {}
    accounts: dict[str, Row] = {}
    for endpoint in endpoints:
        templates = shared.setdefault(tuple(each["uuid"] for each in endpoint["templates"]), endpoint["templates"])
        auth, account = endpoint["auth_section_options"], endpoint["endpoint_section_options"]
        others = {
            name: pairs
            for name, pairs in endpoint.items()
            if name.endswith("_section_options") and pairs and pairs is not auth and pairs is not account
        }
        accounts[endpoint["uuid"]] = {
            **others,
            "line": endpoint["line"],
            "templates": templates,
            "auth_section_options": auth,
            "endpoint_section_options": [pair for pair in account if pair[0] not in ("callerid", "context")],
        }
    return accounts


def has_webrtc_option(endpoint: Row) -> bool:
    """Return whether an endpoint or a template itself makes lines WebRTC lines."""
    return ["webrtc", "yes"] in [list(option) for option in endpoint["endpoint_section_options"]]


def templates_body(endpoint: Row, old: Collection[str], new: str) -> Row:
    """Return the templates of an endpoint with the old ones replaced by a new one; the others are kept."""
    uuids: list[Any] = [each["uuid"] for each in endpoint["templates"] if each["uuid"] not in (*old, new)]
    return {"templates": [{"uuid": uuid} for uuid in (new, *uuids)]}
