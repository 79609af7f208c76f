# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Serve /endpoints/sip and its templates (wazo-26.08.md, "5.2 Line")."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from marshmallow import fields
from marshmallow.validate import Length, NoneOf

from ..database import assign
from ..errors import ConfdError
from ..generation import Answer, Call, Route
from ..listing import Columns
from ..schema import Body, Text, matches
from . import tenancy
from .callerid import refresh_callerid
from .common import (
    Listing,
    attribute_columns,
    database_of,
    input_error,
    load_body,
    load_object,
    recurses,
    resource_error,
)
from .rows import SipEndpoint
from .views import bare_endpoint_view, endpoint_view

SECTIONS = (
    "aor_section_options",
    "auth_section_options",
    "endpoint_section_options",
    "identify_section_options",
    "registration_section_options",
    "registration_outbound_auth_section_options",
    "outbound_auth_section_options",
)
ENDPOINT_OPTIONS = frozenset(
    [
        "allow",
        "allow_subscribe",
        "callerid",
        "context",
        "direct_media",
        "disallow",
        "dtmf_mode",
        "inband_progress",
        "language",
        "max_audio_streams",
        "max_video_streams",
        "notify_early_inuse_ringing",
        "rtp_timeout",
        "rtp_timeout_hold",
        "set_var",
        "timers",
        "timers_min_se",
        "timers_sess_expires",
        "trust_id_inbound",
        "use_ptime",
        "webrtc",
        "allow_transfer",
        "dtls_auto_generate_cert",
    ]
)
"""Those that the templates use; the real list is some hundred names long."""
AUTH_OPTIONS = frozenset(
    ["auth_type", "md5_cred", "nonce_lifetime", "oauth_clientid", "oauth_secret", "password", "realm", "refresh_token",
     "username"]
)  # fmt: skip
OPTION_NAMES = {"auth_section_options": AUTH_OPTIONS, "endpoint_section_options": ENDPOINT_OPTIONS}
"""The names that an option may have, by section. Those of the other sections are not checked."""
FIELDS: dict[str, Any] = {
    "name": Text(
        validate=[
            NoneOf(("global", "system"), error="Reserved Asterisk section name"),
            matches(r"[-_.a-zA-Z0-9]{1,79}", "Not a valid Asterisk section name"),
        ]
    ),
    "label": Text(),
    **{name: fields.List(fields.List(fields.String(), validate=Length(equal=2))) for name in SECTIONS},
    "templates": fields.List(fields.Nested(Body.from_dict({"uuid": fields.String(required=True)}))),
    "asterisk_id": Text(),
}
BODY = Body.from_dict(FIELDS)()
COLUMNS = attribute_columns("name", "label")
TEMPLATES = Listing(filters=COLUMNS, columns=Columns(searched=COLUMNS, ordered=COLUMNS, default="label"))
LIST = Listing(
    filters=COLUMNS | {"uuid": lambda row: row.id}, columns=Columns(searched=COLUMNS, ordered=COLUMNS, default="name")
)


def find_endpoint(call: Call, sip_uuid: UUID) -> SipEndpoint:
    table = database_of(call).endpoints
    return tenancy.find(table, str(sip_uuid), "SIPEndpoint", uuid=sip_uuid)


def list_endpoints(call: Call) -> Answer:
    rows = tenancy.rows(database_of(call).endpoints, recurses(call))
    return LIST.answer(call, rows, lambda row: endpoint_view(call, row))


def list_templates(call: Call) -> Answer:
    rows = tenancy.rows(database_of(call).templates)
    return TEMPLATES.answer(call, rows, lambda row: bare_endpoint_view(call, row, "endpoints/sip/templates"))


def get_endpoint(call: Call, sip_uuid: UUID) -> Answer:
    endpoint = find_endpoint(call, sip_uuid)
    view = endpoint_view(call, endpoint)
    if call.query.get("view") == "merged":
        view |= {name: _merged(call, endpoint, name) for name in SECTIONS}
    return Answer(body=view)


def _merged(call: Call, endpoint: SipEndpoint, section: str) -> list[list[str]]:
    merged: dict[str, str] = {}
    for uuid in endpoint.templates:
        merged |= dict(_merged(call, database_of(call).templates.get(uuid), section))
    merged |= dict(getattr(endpoint, section))
    return [[name, value] for name, value in merged.items()]


def new_endpoint(call: Call, given: Any) -> SipEndpoint:
    """Insert an endpoint. It gets a random name, but no username and password unless they are given."""
    database = database_of(call)
    values = load_object(given, BODY)
    columns = {name: value for name, value in values.items() if value is not None}
    columns["name"] = values["name"] or database.random_account()
    columns["templates"] = _templates(call, columns)
    _check(database, columns, None)
    endpoint: SipEndpoint = database.endpoints.insert(
        id=database.random_uuid(), tenant_uuid=tenancy.current().own, **columns
    )
    return endpoint


def _templates(call: Call, values: dict[str, Any]) -> list[str]:
    uuids = [template["uuid"] for template in values.get("templates", ())]
    for uuid in uuids:
        row = database_of(call).templates.get(uuid)
        if row is None or row.tenant_uuid not in tenancy.current().visible:
            raise input_error("field 'templates': SIPEndpointTemplate was not found", uuid=uuid)
    return uuids


def _check(database: Any, values: dict[str, Any], uuid: str | None) -> None:
    name = values.get("name")
    if any(other.id != uuid for other in database.endpoints.where(name=name)):
        raise resource_error("SIPEndpoint already exists", name=name)
    for section, names in OPTION_NAMES.items():
        for option in values.get(section, ()):
            if option[0] not in names:
                message = f"'{section}: invalid variable ({option[0]})' must be one of ({', '.join(sorted(names))})"
                raise ConfdError(400, f"Input Error - {message}")


def create_endpoint(call: Call) -> Answer:
    endpoint = new_endpoint(call, call.read_body())
    return Answer(201, endpoint_view(call, endpoint), location=f"/endpoints/sip/{endpoint.id}")


def update_endpoint(call: Call, sip_uuid: UUID) -> Answer:
    endpoint = find_endpoint(call, sip_uuid)
    values = load_body(call, BODY, is_update=True)
    _check(database_of(call), values, endpoint.id)
    if "templates" in values:
        values["templates"] = _templates(call, values)
    assign(endpoint, values)
    database = database_of(call)
    if line := database.line_of_endpoint(endpoint):
        refresh_callerid(database, line)
    return Answer(204)


def delete_endpoint(call: Call, sip_uuid: UUID) -> Answer:
    """Delete an endpoint, also one on the line of a user: the line stays without endpoint."""
    database = database_of(call)
    endpoint = find_endpoint(call, sip_uuid)
    line = database.line_of_endpoint(endpoint)
    if line:
        line.endpoint_uuid = None
    database.endpoints.delete(endpoint)
    return Answer(204)


ROUTES = (
    Route("GET", "/endpoints/sip", list_endpoints),
    Route("POST", "/endpoints/sip", create_endpoint),
    Route("GET", "/endpoints/sip/templates", list_templates),
    Route("GET", "/endpoints/sip/<uuid:sip_uuid>", get_endpoint),
    Route("PUT", "/endpoints/sip/<uuid:sip_uuid>", update_endpoint),
    Route("DELETE", "/endpoints/sip/<uuid:sip_uuid>", delete_endpoint),
)
