# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An audit of a server, and the report of it."""

from __future__ import annotations

import json
from typing import Any

import jsonschema

from ansible_collections.xivo.confd.plugins.module_utils._bulk.provision import provision
from ansible_collections.xivo.confd.plugins.module_utils._model.errors import ProvisionError
from ansible_collections.xivo.confd.plugins.module_utils._model.masking import masked
from ansible_collections.xivo.confd.plugins.module_utils._reports.audit import report_of
from simulator import Simulator
from support.helpers import Options, leaver, perform, person
from support.paths import ROOT

SCHEMA = json.loads((ROOT / "docs" / "audit-report.schema.json").read_text(encoding="utf-8"))
TIME = "2026-11-23T08:00:00Z"

THERE = [
    person("Ada Lovelace", 1201, 2201, line={"secret": "oldsecret"}),
    person("Bob Burton", 1202),
    person("Cher", 1203),
    person("Dan Dare", 1204),
]
WANTED = [
    person("Ada Lovelace", 1211, 2202, user={"language": "fr_FR"}, line={"secret": "newsecret"}),
    person("Bob Burton", 1202),
    leaver("Cher"),
    person("Eve New", 1205),
    person("Thief", 1204),
]


def audit(sim: Simulator, *entries: Options, **options: Any) -> Options:
    """What the module returns to the playbook in check mode."""
    try:
        reports = {"orphans": "report", "report_beyond": True}
        result = perform(sim, provision, True, users=list(entries), continue_on_error=True, **reports, **options)
    except ProvisionError as error:
        result = {"msg": str(error), **error.results}
    shown: Options = masked(result)
    return shown


def report(*servers: tuple[str, Options], strict: bool = False, time: str = TIME) -> Options:
    given_servers = [{"name": name, "url": "https://u:p@pbx:9486", "result": result} for name, result in servers]
    made: Options = report_of(given_servers, "Audit", time, strict)
    jsonschema.validate(made, SCHEMA)
    return made


def rows_of(entry: Options) -> list[tuple[Any, ...]]:
    """Its differences without ids, which are in some names."""
    return [(row["object"].split(" (id")[0], row["field"], row["wanted"], row["found"]) for row in entry["differences"]]
