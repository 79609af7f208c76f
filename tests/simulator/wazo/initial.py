# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fill a fresh Wazo: tenants, contexts, SIP templates, some devices.

Facts: wazo-26.08.md, "What a real Wazo confd 26.08 answers"; wazo-26.08.md, "5.2 Line".
"""

from __future__ import annotations

from typing import Any

from ..database import Database
from .logins.initial import add_logins
from .person.tables import populate_person
from .rows import SUB

TEMPLATES = (
    ("global", None, [["dtmf_mode", "rfc4733"], ["allow_transfer", "yes"], ["use_ptime", "yes"], ["callerid", "wazo"]]),
    ("webrtc", "global", [["webrtc", "yes"], ["dtls_auto_generate_cert", "yes"], ["max_audio_streams", "1"]]),
    ("meeting_guest", "webrtc", []),
    ("registration_trunk", "global", []),
    ("twilio_trunk", "registration_trunk", []),
)
DEVICES = (
    {"id": "dev1", "ip": "10.0.0.11", "mac": "00:08:5d:00:00:01", "plugin": "xivo-lab-sip", "vendor": "Aastra",
     "model": "6731i", "version": "3.3.1.2235", "status": "autoprov"},
    {"id": "dev2", "ip": "10.0.0.12", "mac": "00:08:5d:00:00:02", "plugin": "xivo-lab-sip", "vendor": "Aastra",
     "model": "6755i", "version": "3.3.1.2235", "status": "configured", "description": "reception",
     "template_id": "defaultconfigdevice"},
    {"id": "dev3", "ip": "10.0.0.13", "mac": "00:15:65:00:00:03", "vendor": "Yealink", "model": "T22P"},
)  # fmt: skip


def populate(database: Database) -> None:
    wazo: Any = database
    wazo.tenants.insert(id=wazo.master, name="master", parent_uuid=wazo.master)
    sub = wazo.tenants.insert(id=SUB, name="sub", parent_uuid=wazo.master)
    for context in wazo.contexts.values():
        wazo.set_context(context)
    for tenant in (wazo.master, sub.id):
        _add_templates(wazo, tenant)
    populate_person(wazo)
    for tenant in (wazo.master, sub.id):
        add_logins(wazo, tenant)
    for device in DEVICES:
        wazo.devices.insert(tenant_uuid=wazo.master, **device)


def _add_templates(database: Any, tenant: str) -> None:
    uuids: dict[str, str] = {}
    for label, parent, options in TEMPLATES:
        row = database.templates.insert(
            id=database.random_uuid(),
            tenant_uuid=tenant,
            name=database.random_account(),
            label=label,
            endpoint_section_options=[list(option) for option in options],
            templates=[uuids[parent]] if parent else [],
        )
        uuids[label] = row.id
