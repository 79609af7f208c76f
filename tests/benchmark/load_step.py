# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One run of a load: without Ansible, and what it cost this process."""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import Any

from ansible_collections.xivo.confd.plugins.module_utils._backends.registry import choose_backend
from ansible_collections.xivo.confd.plugins.module_utils._bulk.provision import provision
from ansible_collections.xivo.confd.plugins.module_utils._http.client import Client
from ansible_collections.xivo.confd.plugins.module_utils._http.connection import Connection
from ansible_collections.xivo.confd.plugins.module_utils._reports.audit import report_of
from ansible_collections.xivo.confd.plugins.module_utils._tasks.export import export
from ansible_collections.xivo.confd.plugins.module_utils._tasks.task import Task
from ansible_collections.xivo.confd.plugins.plugin_utils._audit_formats import RENDERERS


def main() -> None:
    """Print {cpu, peak, changed, summary, purged, entries}: seconds, MB, and what was done."""
    wanted = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    names = ("URL", "USERNAME", "PASSWORD", "CA_PATH")
    url, username, password, ca_path = (os.environ[f"CONFD_{name}"] for name in names)
    begun = time.process_time()
    with closing(Client(Connection(url, username, password, ca_path=ca_path))) as client:
        options, check = wanted["options"], wanted["action"] in ("audit", "plan")
        task = Task(choose_backend("auto", client), options, check_mode=check)
        result = export(task) if wanted["action"] == "export" else provision(task)
    if wanted["action"] == "audit":
        _report(result)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    said = {"cpu": time.process_time() - begun, "peak": peak, "changed": result["changed"]}
    counts = {name: len(result.get(name, ())) for name in ("purged", "entries")}
    print(json.dumps({**said, **counts, "summary": result.get("summary")}))


def _report(result: dict[str, Any]) -> None:
    """Write all reports, as an audit does."""
    report = report_of([{"name": "pbx", "url": None, "result": result}], "Audit", "2026-11-23T08:00:00Z", strict=False)
    for name, render in RENDERERS.items():
        Path(f"audit.{name}").write_text(render(report), encoding="utf-8")


main()
