# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The results of audits in words: one is not many."""

from __future__ import annotations

from ansible_collections.xivo.confd.plugins.module_utils._reports.audit import report_of, verdict_of_server
from ansible_collections.xivo.confd.plugins.module_utils._reports.audit_markdown import markdown
from ansible_collections.xivo.confd.plugins.plugin_utils._audit_page import html
from support.helpers import Options

USER = {"user_id": 1, "name": "Ann A", "userfield": None, "exten": None, "context": None}
ENTRY = {"index": 0, "label": "x", "name": "x", "status": "unchanged", "changes": [], "differences": []}


def report(*results: Options) -> Options:
    servers = [{"name": f"pbx{at}", "url": None, "result": result} for at, result in enumerate(results)]
    return report_of(servers, "Audit", "2026-02-01T12:00:00Z", strict=False)


def test_one() -> None:
    number = {"extension_id": 5, "exten": "1998", "context": "default"}
    one = report({"results": [ENTRY], "unmanaged": [USER], "orphans": {"numbers": [number], "unclear": [number]}})
    verdict = "1 of 1 entry conforms, 1 unmanaged user, 1 orphan, 1 unclear number"
    assert verdict_of_server(one["servers"][0]) == verdict
    assert "1 of 1 entry conforms" in markdown(one)
    assert html(one).count("1 of 1 entry conforms") == 2
    assert "1 of 1 server could not be audited" in markdown(report({"msg": "No."}))


def test_many() -> None:
    two = report({"results": [ENTRY, {**ENTRY, "index": 1}], "unmanaged": [USER, USER]}, {"msg": "No."})
    assert verdict_of_server(two["servers"][0]) == "2 of 2 entries conform, 2 unmanaged users"
    assert verdict_of_server(two["servers"][1]) == "No."
    assert "2 of 2 entries conform, 1 of 2 servers could not be audited" in markdown(two)
