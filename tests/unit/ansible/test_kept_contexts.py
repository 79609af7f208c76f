# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The contexts that an earlier task of the playbook has read save requests, and refuse nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ansible_collections.xivo.confd.plugins.module_utils._http import handover
from simulator import Context, Range, Simulator
from support.helpers import number, person
from support.tasks import Tasks

pytestmark = [pytest.mark.always, pytest.mark.on("xivo16", "wazo")]

NEW_NUMBER = {"exten": "7001", "context": "new"}


@pytest.fixture
def tasks(sim: Simulator) -> Tasks:
    """The tasks of a playbook, of which the first one has read the contexts."""
    begun = Tasks(sim)
    begun.run("confd_extension", **number(1200))
    sim.clear_log()
    return begun


def lists_of_contexts(sim: Simulator) -> int:
    return sum(request.path == "/contexts" for request in sim.requests)


def add_context(sim: Simulator, kind: str = "internal", label: str = "") -> None:
    sim.database.set_context(Context("new", kind, (Range("7000", "7999"),), label=label))


def test_the_next_tasks_do_not_read_them(sim: Simulator, tasks: Tasks) -> None:
    for exten in (1201, 1202):
        tasks.run("confd_extension", **number(exten))
    assert lists_of_contexts(sim) == 0


def test_they_are_read_again_after_a_minute(sim: Simulator, tasks: Tasks, monkeypatch: pytest.MonkeyPatch) -> None:
    now = handover.time.monotonic() + handover.SECONDS_OF_A_LIST
    monkeypatch.setattr(handover.time, "monotonic", lambda: now)
    tasks.run("confd_extension", **number(1201))
    assert lists_of_contexts(sim) == 1


def test_a_new_context_is_found(sim: Simulator, tasks: Tasks) -> None:
    add_context(sim)
    assert tasks.run("confd_extension", **NEW_NUMBER)["changed"]
    assert lists_of_contexts(sim) == 1


def test_a_new_line_in_a_new_context(sim: Simulator, tasks: Tasks) -> None:
    add_context(sim)
    assert tasks.run("confd_line_sip", username="somebody", context="new")["changed"]


def test_wider_ranges_are_found(sim: Simulator, tasks: Tasks) -> None:
    default = sim.database.contexts["default"]
    sim.database.set_context(replace(default, ranges=(*default.ranges, Range("8000", "8999"))))
    assert tasks.run("confd_extension", **number(8001))["changed"]


def test_a_new_context_of_incalls_is_known_to_be_one(sim: Simulator, tasks: Tasks) -> None:
    assert tasks.make_somebody()
    add_context(sim, "incall")
    extension = tasks.run("confd_extension", **NEW_NUMBER)["extension"]
    line = {"exten": "1200", "context": "default"}
    assert tasks.run("confd_line_extension", line=line, extension=extension)["changed"]
    assert tasks.run("confd_line_extension", line=line, extension=number(1200))["changed"] is False


@pytest.mark.on("wazo")
def test_a_new_label_is_found(sim: Simulator, tasks: Tasks) -> None:
    add_context(sim, label="Berlin")
    made = tasks.run("confd_extension", exten="7001", context="Berlin")
    assert made["extension"]["context"] == "new"


@pytest.fixture
def moved_label(sim: Simulator) -> Tasks:
    """Tasks, of which the first has seen the label Berlin at a context that no longer has it."""
    add_context(sim, label="Berlin")
    begun = Tasks(sim)
    begun.run("confd_extension", exten="7001", context="Berlin")
    add_context(sim, label="Old Berlin")
    sim.database.set_context(Context("newer", "internal", (Range("7000", "7999"),), label="Berlin"))
    return begun


@pytest.mark.on("wazo")
def test_a_label_means_the_context_that_has_it_now(moved_label: Tasks) -> None:
    number_there = {"exten": "7001", "context": "Berlin"}
    assert not moved_label.run("confd_extension", **number_there, state="absent")["changed"]
    assert moved_label.run("confd_extension", **number_there)["extension"]["context"] == "newer"


@pytest.mark.on("wazo")
def test_a_list_takes_the_label_of_now(moved_label: Tasks) -> None:
    entry = {"user": {"firstname": "Ann"}, "line": {}, "extension": {"exten": "7002", "context": "Berlin"}}
    assert moved_label.run("confd_provisioned_users", users=[entry])["changed"]
    assert moved_label.run("confd_extension", exten="7002", context="newer")["changed"] is False


@pytest.mark.on("wazo")
def test_a_label_that_two_contexts_have_now_is_refused(sim: Simulator, moved_label: Tasks) -> None:
    add_context(sim, label="Berlin")
    refused = moved_label.result("confd_extension", {"exten": "7001", "context": "Berlin", "state": "absent"})
    assert "2 contexts have the label 'Berlin'" in refused["msg"]


def types_asked_for(sim: Simulator) -> int:
    return sum("type" in request.query for request in sim.requests)


@pytest.mark.on("xivo15")
def test_types_are_kept_where_contexts_are_not_shown(sim: Simulator, tasks: Tasks) -> None:
    for exten in (1201, 1202):
        tasks.run("confd_extension", **number(exten))
    assert types_asked_for(sim) == 0


@pytest.mark.on("xivo15")
def test_a_list_does_not_use_kept_types(sim: Simulator, tasks: Tasks) -> None:
    tasks.run("confd_provisioned_users", users=[{"user": {"firstname": "Ann"}}], orphans="report")
    assert types_asked_for(sim)


def test_what_does_not_exist_is_refused(sim: Simulator, tasks: Tasks) -> None:
    refused = tasks.result("confd_extension", {**NEW_NUMBER})
    assert "There is no context 'new'." in refused["msg"]
    assert lists_of_contexts(sim) == 1


def test_a_list_is_planned_with_those_of_now(sim: Simulator, tasks: Tasks) -> None:
    """A list refuses everything before its first write, so it does not begin with what somebody knew before."""
    sim.database.remove_context("from-extern")
    refused = tasks.result("confd_provisioned_users", {"users": [person("Ann Lee", 1201, 2200)]})
    assert "There is no context 'from-extern'" in refused["msg"]
    assert all(request.method in ("GET", "HEAD") or "auth" in request.path for request in sim.requests)


def test_many_contexts_are_not_kept(sim: Simulator, tasks: Tasks, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handover, "LONGEST_LIST", 1)
    others = Tasks(sim)
    for exten in (1201, 1202):
        others.run("confd_extension", **number(exten))
    assert lists_of_contexts(sim) == 2
