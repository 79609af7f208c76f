# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Logins without a user: audits and exports list them, and nothing removes them (person-wazo-26.08.md, "1.5 Order,
state, idempotence").
"""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.xivo.confd.plugins.module_utils._backends.registry import choose_backend
from ansible_collections.xivo.confd.plugins.module_utils._bulk.provision import provision
from ansible_collections.xivo.confd.plugins.module_utils._reports.audit import findings, logins_in_words, report_of
from ansible_collections.xivo.confd.plugins.module_utils._reports.audit_console import console
from ansible_collections.xivo.confd.plugins.module_utils._reports.audit_markdown import markdown
from ansible_collections.xivo.confd.plugins.module_utils._reports.audit_reader import read_report
from ansible_collections.xivo.confd.plugins.module_utils._tasks.export import export
from ansible_collections.xivo.confd.plugins.module_utils._tasks.task import Task
from ansible_collections.xivo.confd.plugins.module_utils._tasks.user import ensure_user
from ansible_collections.xivo.confd.plugins.plugin_utils._audit_page import html
from simulator import Simulator
from simulator.wazo.logins.users import new_login
from support.helpers import Options, apply_list, asked, client_of, perform, person, written
from support.logins import JO, ON_WAZO, SECRET

JOHNNY = person("Johnny Depp", 1200, login=JO)


@pytest.fixture
def spare(sim: Simulator) -> str:
    """The uuid of a login whose user was deleted without it. Another user has a login, too."""
    apply_list(sim, JOHNNY, person("Left Behind", login={"username": "left", "password": SECRET}))
    uuid: str = sim.database.logins.first(username="left").id
    perform(sim, ensure_user, firstname="Left", lastname="Behind", state="absent", login="keep")
    sim.clear_log()
    return uuid


def audit(sim: Simulator, **options: Any) -> Options:
    result = apply_list(sim, JOHNNY, check=True, orphans="report", **options)
    return report_of([{"name": "pbx", "url": None, "result": result}], "Audit", "2026-01-01T00:00:00Z", strict=True)


@ON_WAZO
def test_an_audit_lists_them_for_information(sim: Simulator, spare: str) -> None:
    report = audit(sim)
    (server,) = report["servers"]
    assert f"left (uuid {spare})" in logins_in_words(server)
    assert "root" in [each["name"] for each in server["logins"]]
    assert {"johnny", "wazo-confd"}.isdisjoint(each["name"] for each in server["logins"])
    assert (report["drift"], findings(report), server["status"]) == (False, [], "conforming")
    assert read_report(report) == report
    assert any("logins without a user: " in line and "left" in line for line in console(report))
    assert spare in markdown(report)
    assert spare in html(report)
    assert written(sim) == []


@ON_WAZO
def test_a_report_of_an_earlier_release_has_none(sim: Simulator, spare: str) -> None:
    report = audit(sim)
    del report["servers"][0]["logins"]
    assert read_report(report)["servers"][0]["logins"] == []


@ON_WAZO
def test_an_export_lists_them(sim: Simulator, spare: str) -> None:
    exported = perform(sim, export)
    assert {"uuid": spare, "name": "left"} in exported["logins"]
    assert [each["user"]["firstname"] for each in exported["entries"]] == ["Johnny"]


@ON_WAZO
def test_nothing_removes_them(sim: Simulator, spare: str) -> None:
    scope = {"context": "default"}
    result = apply_list(sim, JOHNNY, purge=True, orphans="remove", purge_scope=scope, purge_limit=100)
    assert (result["changed"], result["orphans"]["logins"]) == (False, [])
    assert sim.database.logins.get(spare)


@ON_WAZO
def test_a_user_of_another_tenant_has_a_login(sim: Simulator) -> None:
    apply_list(sim, JOHNNY)
    theirs = sim.database.add_user("Their", "sub")
    new_login(sim.database, {"username": "their-login", "uuid": theirs.uuid}, theirs.tenant_uuid)
    new_login(sim.database, {"username": "their-spare"}, theirs.tenant_uuid)
    found = [each["name"] for each in audit(sim)["servers"][0]["logins"]]
    assert ("their-login" in found, "their-spare" in found) == (False, True)


@ON_WAZO
def test_an_account_that_may_not_look_says_so(sim: Simulator) -> None:
    apply_list(sim, person("Johnny Depp", 1200))
    sim.database.add_account("auditor", "auditors-password", ["confd.#"])
    backend = choose_backend("wazo", client_of(sim, username="auditor", password="auditors-password"))
    result = provision(Task(backend, {"users": [person("Johnny Depp", 1200)], "orphans": "report"}, True))
    (text,) = [each for each in result["unchecked"] if "login" in each]
    assert text.startswith("which logins have no user: ")
    assert "auth.users.read" in text
    exported = export(Task(backend, {}, False))
    assert (exported["logins"], "which logins have no user" in str(exported["warnings"])) == ([], True)


@ON_WAZO
def test_only_who_asks_for_orphans_pays_for_them(sim: Simulator, spare: str) -> None:
    apply_list(sim, person("Johnny Depp", 1200), check=True)
    assert [each for each in asked(sim) if "auth/0.1/users" in each] == []
    sim.clear_log()
    apply_list(sim, person("Johnny Depp", 1200), check=True, orphans="report")
    assert [each for each in asked(sim) if each.endswith("/users")] == [
        "GET /users",
        "GET /api/auth/0.1/users",
        "GET /users",
    ]


@pytest.mark.on("xivo15", "xivo16")
def test_a_xivo_has_none(sim: Simulator) -> None:
    apply_list(sim, JOHNNY)
    assert apply_list(sim, JOHNNY, check=True, orphans="report")["orphans"]["logins"] == []
    assert perform(sim, export)["logins"] == []
