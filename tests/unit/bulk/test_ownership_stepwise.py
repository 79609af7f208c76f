# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Both strategies give back what a failed entry took, and report the same (design.md, rule 14)."""

from __future__ import annotations

from typing import Any

import pytest

from simulator import Fault, Simulator
from support.helpers import EVERYWHERE, Options, apply_list, counts, number, person, phone_book, user_row
from support.ownership import (
    STRATEGIES,
    assert_applied,
    belongings,
    fail_at_each_write,
    mailbox_at,
    mailboxes,
    make_mailbox,
    run,
    said,
)

pytestmark = [EVERYWHERE]
MAC = "00:08:5d:00:00:01"


def last_of(sim: Simulator) -> Options:
    """What an entry does after its voicemail, so that something can fail after it."""
    if sim.generation.name == "xivo15":
        return {"line": {"callerid": '"Desk"'}}
    return {"device": {"mac": MAC}}


@pytest.fixture
def desk(sim: Simulator) -> Any:
    """A free mailbox 1777, which entries name."""
    return make_mailbox(sim, 1777, "Front desk", email="desk@example.org", password="4711")


def assert_desk_is_free(sim: Simulator, where: str) -> None:
    box = mailbox_at(sim, 1777)
    assert (box.name, box.email, box.password) == ("Front desk", "desk@example.org", "4711"), where
    assert mailboxes(sim) == {"1777": []}, where


@STRATEGIES
def test_a_mailbox_is_given_back(sim: Simulator, desk: Any, strategy: str) -> None:
    """Ann is there already. Wherever the entry fails, the mailbox is nobody's, and as it was."""
    apply_list(sim, person("Ann A", 1200))
    before = belongings(sim, "Ann A")
    wanted = person("Ann A", 1200, voicemail={"number": "1777"}, **last_of(sim))
    for where, failed in fail_at_each_write(sim, wanted, strategy=strategy):
        assert belongings(sim, "Ann A") == before, where
        assert_desk_is_free(sim, where)
        assert said(failed)[0]["changes"] == [], where
    assert_applied(sim, wanted, expected=["updated"], strategy=strategy)
    assert mailboxes(sim) == {"1777": ["Ann"]}


@STRATEGIES
def test_a_new_user_is_not_left_behind(sim: Simulator, desk: Any, strategy: str) -> None:
    before = counts(sim)
    wanted = person("Ann A", 1200, 2200, voicemail={"number": "1777"}, **last_of(sim))
    for where, failed in fail_at_each_write(sim, wanted, strategy=strategy):
        assert counts(sim) == before, (where, failed.error)
        assert_desk_is_free(sim, where)
        assert "Left behind" not in failed.error, where
        assert [(each["status"], each["changes"]) for each in failed.results] == [("failed", [])], where
    assert_applied(sim, wanted, expected=["created"], strategy=strategy)


@STRATEGIES
@pytest.mark.parametrize("is_new", [True, False])
def test_what_a_failed_step_did_is_undone(sim: Simulator, desk: Any, strategy: str, is_new: bool) -> None:
    """The mailbox is associated, and then nothing can be read: the step fails, though it did its work."""
    if not is_new:
        apply_list(sim, person("Ann A", 1200))
    before = counts(sim)

    def blind(_method: str, _path: str) -> None:
        # A read is repeated once, but not the first one of a Wazo.
        sim.faults.add(Fault("500_before", method="GET", times=1 if sim.generation.name == "wazo" else 2))

    sim.faults.add(Fault("callback", method="P*", path="/users/*/voicemail*", after=True, callback=blind))
    failed = run(sim, person("Ann A", 1200, voicemail={"number": "1777"}, **last_of(sim)), strategy=strategy)
    sim.faults.clear()
    if not failed.error:
        return  # it was read again
    assert counts(sim) == before, failed.error
    assert_desk_is_free(sim, failed.error)
    assert failed.results[0]["changes"] == []


@pytest.mark.parametrize("continue_on_error", [False, True])
@pytest.mark.usefixtures("part_by_part")
def test_both_report_the_same_of_a_failure(sim: Simulator, continue_on_error: bool) -> None:
    """Ann and Bob swap, Cleo's entry fails, Dan comes."""
    apply_list(sim, person("Ann A", 1200, 2200), person("Bob B", 1201), person("Cleo C", 1202, voicemail={}))
    state = sim.state()
    wanted = [
        person("Ann A", 1201, 2205),
        person("Bob B", 1200),
        person("Cleo C", 1202, user={"userfield": "HR-1"}, voicemail={"email": "cleo@example.org"}),
        person("Dan D", 1203),
    ]
    reports, after = [], []
    for strategy in ("bulk", "stepwise"):
        sim.database.load(state)
        sim.faults.add(Fault("500_before", method="PUT", path="/voicemails/*", times=2))
        failed = run(sim, *wanted, strategy=strategy, continue_on_error=continue_on_error)
        sim.faults.clear()
        assert failed.error
        reports.append(said(failed))
        after.append(belongings(sim, *phone_book(sim)).keys())
        cleo = user_row(sim, "Cleo C")
        assert (cleo.userfield or "", mailbox_at(sim, 1202).email) == ("", None)
    assert reports[0] == reports[1]
    assert after[0] == after[1]


@STRATEGIES
def test_results_are_what_is_on_the_server(sim: Simulator, strategy: str) -> None:
    """Who is reported as created is there, with this id; who is skipped or failed is not."""
    wanted = [person("Ann A", 1200), person("Zoe Z", 1201, 2201), person("Cleo C", 1202)]
    is_whole = sim.generation.name != "xivo15" and strategy == "bulk"
    path, nth = ("/users*", 1) if is_whole else ("/extensions", 2)
    sim.faults.add(Fault("500_before", method="POST", path=path, nth=nth))
    failed = run(sim, *wanted, strategy=strategy)
    sim.faults.clear()
    there = {row.id: row.firstname for row in sim.database.users}
    reported = {each["user_id"]: each["name"].split()[0] for each in failed.results if each["status"] == "created"}
    assert there == reported
    assert {number(each["exten"])["exten"] for each in failed.results if each["status"] == "created"} == {
        exten for exten, _incalls in phone_book(sim).values()
    }
