# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fill a fresh server: feature extensions and three devices.

Facts: xivo-15.12.md, "What a real XiVO confd 15.12 answers"; xivo-15.12.md, "devices".
"""

from __future__ import annotations

from ..database import Database
from ..database.person import populate_person

FEATURES_CONTEXT = "xivo-features"
FEATURE_EXTENSIONS = (
    ("_*31.", "agentstaticlogin"),
    ("_*32.", "agentstaticlogoff"),
    ("_*30.", "agentstaticlogtoggle"),
    ("_*37.", "bsfilter"),
    ("_*664.", "callgroup"),
    ("*34", "calllistening"),
    ("_*667.", "callmeetme"),
    ("_*665.", "callqueue"),
    ("*26", "callrecord"),
    ("_*666.", "calluser"),
    ("*36", "directoryaccess"),
    ("*25", "enablednd"),
    ("*90", "enablevm"),
    ("_*90.", "enablevmslot"),
    ("_*23.", "fwdbusy"),
    ("_*22.", "fwdrna"),
    ("_*21.", "fwdunc"),
    ("*20", "fwdundoall"),
    ("*48378", "guestprov"),
    ("*27", "incallfilter"),
    ("*10", "phonestatus"),
    ("_*735.", "phoneprogfunckey"),
    ("_*8.", "pickup"),
    ("*9", "recsnd"),
    ("_*99.", "vmboxmsgslt"),
    ("_*93.", "vmboxpurgeslt"),
    ("_*97.", "vmboxslt"),
    ("*98", "vmusermsg"),
    ("*92", "vmuserpurge"),
    ("_*92.", "vmuserpurgeslt"),
    ("_*96.", "vmuserslt"),
    ("_*11.", "paging"),
    ("*40", "cctoggle"),
)
COMMENTED = frozenset({"*34", "*26", "*92", "_*92.", "_*93."})
DEVICES = (
    {
        "id": "dev1",
        "ip": "10.0.0.11",
        "mac": "00:08:5d:00:00:01",
        "plugin": "xivo-lab-sip",
        "vendor": "Aastra",
        "model": "6731i",
        "version": "3.3.1.2235",
        "status": "autoprov",
    },
    {
        "id": "dev2",
        "ip": "10.0.0.12",
        "mac": "00:08:5d:00:00:02",
        "plugin": "xivo-lab-sip",
        "vendor": "Aastra",
        "model": "6755i",
        "version": "3.3.1.2235",
        "status": "configured",
        "description": "reception",
        "template_id": "defaultconfigdevice",
    },
    {
        "id": "dev3",
        "ip": "10.0.0.13",
        "mac": "00:15:65:00:00:03",
        "vendor": "Yealink",
        "model": "T22P",
        "status": "not_configured",
        "has_config": False,
    },
)


def populate(database: Database) -> None:
    populate_server(database)
    populate_person(database)


def populate_server(database: Database) -> None:
    """Insert what the older and the younger generation of XiVO have in common."""
    for exten, feature in FEATURE_EXTENSIONS:
        database.extensions.insert(
            exten=exten, context=FEATURES_CONTEXT, commented=exten in COMMENTED, type="extenfeatures", typeval=feature
        )
    for device in DEVICES:
        database.devices.insert(**device)
