# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who only stands in the list keeps everything when another entry fails, and so does who fails (design.md, rule 14)."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.xivo.confd.plugins.module_utils._tasks.extension import ensure_extension
from simulator import Fault, Simulator
from support.helpers import (
    EVERYWHERE,
    Options,
    apply_list,
    counts,
    extension_row,
    leaver,
    number,
    own_extensions,
    perform,
    person,
    phone_book,
    user_row,
)
from support.ownership import (
    STRATEGIES,
    assert_applied,
    assert_unchanged,
    belongings,
    fail_at_each_write,
    mailboxes,
    make_mailbox,
    run,
    said,
)

pytestmark = STRATEGIES
OLDEST = pytest.mark.on("xivo15")
"""It tells neither contexts nor ranges beforehand, so that a bad number fails at its POST."""
ZOE = person("Zoe Z", 9999)
PEOPLE = ("Ann A", "Bob B", "Cleo C")


def house(sim: Simulator) -> dict[str, Options]:
    """Ann has 1200, 2200 and voicemail, Bob 1201, Cleo 1202 and 2201. Return what belongs to them."""
    apply_list(sim, person("Ann A", 1200, 2200, voicemail={}), person("Bob B", 1201), person("Cleo C", 1202, 2201))
    sim.clear_log()
    return belongings(sim, *PEOPLE)


def assert_same_report(sim: Simulator, *entries: Options, **options: Any) -> None:
    """Both strategies report the same of a list that fails, on the same server."""
    before = sim.state()
    reports = []
    for strategy in ("bulk", "stepwise"):
        sim.database.load(before)
        reports.append(said(run(sim, *entries, strategy=strategy, **options)))
    assert reports[0] == reports[1]


# Others


@OLDEST
def test_who_comes_after_a_failure_keeps_everything(sim: Simulator, strategy: str) -> None:
    before = house(sim)
    wanted = [ZOE, person("Bob B", extension=number(4001, "sales")), person("Cleo C", 1202, 2205)]
    failed = run(sim, *wanted, strategy=strategy)
    assert [(each["status"], each["changes"]) for each in failed.results] == [
        ("failed", []),
        ("skipped", []),
        ("skipped", []),
    ]
    assert belongings(sim, *PEOPLE) == before
    assert own_extensions(sim) == ["1200", "1201", "1202", "2200", "2201"]


@OLDEST
def test_both_strategies_say_the_same_of_it(sim: Simulator, strategy: str) -> None:
    house(sim)
    moved = [person("Bob B", extension=number(4001, "sales")), person("Cleo C", 1202, 2205)]
    assert_same_report(sim, ZOE, *moved)
    assert_same_report(sim, moved[0], ZOE, moved[1])


@OLDEST
def test_the_others_go_on_where_that_is_wanted(sim: Simulator, strategy: str) -> None:
    house(sim)
    wanted = [ZOE, person("Bob B", extension=number(4001, "sales")), person("Cleo C", 1202, 2205)]
    failed = run(sim, *wanted, strategy=strategy, continue_on_error=True)
    assert [each["status"] for each in failed.results] == ["failed", "updated", "updated"]
    assert phone_book(sim) == {"Ann A": ("1200", ["2200"]), "Bob B": ("4001", []), "Cleo C": ("1202", ["2205"])}


@OLDEST
def test_who_is_matched_by_number_is_found_again(sim: Simulator, strategy: str) -> None:
    """The number is what identifies Bob. The corrected list has to find him."""
    before = house(sim)
    bob = person("Bob B", match=number(1201), extension=number(4001, "sales"))
    assert run(sim, ZOE, bob, strategy=strategy).error
    assert belongings(sim, *PEOPLE) == before
    assert_applied(sim, bob, person("Zoe Z", 1210), expected=["updated", "created"], strategy=strategy)


@OLDEST
def test_a_swap_that_does_not_begin_parks_nobody(sim: Simulator, strategy: str) -> None:
    """Who exchange numbers are carried out before those for whom nobody waits, so they are complete by then."""
    house(sim)
    failed = run(sim, ZOE, person("Ann A", 1201), person("Bob B", 1200), strategy=strategy)
    assert [each["status"] for each in failed.results] == ["failed", "updated", "updated"]
    assert {name: number for name, (number, _incalls) in phone_book(sim).items() if name in ("Ann A", "Bob B")} == {
        "Ann A": "1201",
        "Bob B": "1200",
    }


@OLDEST
def test_a_swap_of_which_one_fails_is_put_back(sim: Simulator, strategy: str) -> None:
    """Bob's direct number is out of range. Ann is parked by then, or has Bob's number."""
    before = house(sim)
    entries = [person("Ann A", 1201), person("Bob B", 1200, 22000)]
    for wanted in (entries, entries[::-1]):
        failed = run(sim, *wanted, strategy=strategy, continue_on_error=True)
        assert [(each["status"], each["changes"]) for each in failed.results] == [("failed", [])] * 2
        assert belongings(sim, *PEOPLE) == before


@OLDEST
def test_who_waits_for_a_failure_keeps_everything(sim: Simulator, strategy: str) -> None:
    """Ann moves out of the range, which fails, so Bob does not get her number, and keeps his."""
    before = house(sim)
    wanted = [person("Bob B", 1200), person("Ann A", 9999), person("Dan D", 1201)]
    failed = run(sim, *wanted, strategy=strategy, continue_on_error=True)
    assert [each["status"] for each in failed.results] == ["failed"] * 3
    assert [each["changes"] for each in failed.results] == [[]] * 3
    assert belongings(sim, *PEOPLE) == before
    assert set(phone_book(sim)) == set(PEOPLE)


@EVERYWHERE
def test_a_swap_that_fails_is_put_back(sim: Simulator, strategy: str) -> None:
    """Wherever it fails: each has the own number again, and a second run swaps them."""
    before = house(sim)
    wanted = [person("Ann A", 1201), person("Bob B", 1200), person("Cleo C", 1202)]
    for where, failed in fail_at_each_write(sim, *wanted, strategy=strategy):
        assert belongings(sim, *PEOPLE) == before, where
        assert {each["status"] for each in failed.results} <= {"failed", "skipped", "unchanged"}, where
        assert [each["changes"] for each in failed.results] == [[]] * 3, where
    assert_applied(sim, *wanted, expected=["updated", "updated", "unchanged"], strategy=strategy)
    assert [exten for exten, _incalls in phone_book(sim).values()] == ["1201", "1200", "1202"]


# The one that fails


def changed(**more: Any) -> Options:
    """Everything of Ann's changes."""
    entry = person(
        "Ann A",
        1210,
        2205,
        user={"userfield": "HR-1", "language": "fr_FR"},
        line={"secret": "newsecret"},
        voicemail={"name": "Front desk"},
    )
    return {**entry, **more}


@OLDEST
@pytest.mark.parametrize(
    "bad",
    [
        {"incalls": [number("22000", "from-extern")]},
        {"incalls": [number(2205, "nowhere")]},
        {"extension": number(1200, "nowhere")},
        {"extension": number(9999)},
    ],
    ids=["incall out of range", "incall of no context", "number of no context", "number out of range"],
)
def test_a_bad_number_costs_nothing(sim: Simulator, strategy: str, bad: Options) -> None:
    before = house(sim)
    failed = run(sim, changed(**bad), strategy=strategy)
    assert [(each["status"], each["changes"]) for each in failed.results] == [("failed", [])]
    assert belongings(sim, *PEOPLE) == before
    assert own_extensions(sim) == ["1200", "1201", "1202", "2200", "2201"]


@EVERYWHERE
def test_a_number_of_a_queue_costs_nothing(sim: Simulator, strategy: str) -> None:
    """XiVO 15 shows only a number that looks free; the others show whose it is."""
    before = house(sim)
    if sim.generation.name == "xivo15":
        queue = sim.database.extensions.insert(exten="2205", context="from-extern", type="incall", typeval="77")
        sim.database.strand_incall("2205", "from-extern", 99)
    else:
        queue = sim.database.extensions.insert(exten="2205", context="from-extern")
        incall = sim.database.incalls.insert(
            **({"tenant_uuid": sim.database.master} if sim.generation.name == "wazo" else {}),
            destination={"type": "queue", "queue_id": 3},
            exten="2205",
            context="from-extern",
            extension_id=queue.id,
            user_id=None,
        )
        if sim.generation.name == "xivo16":
            queue.type, queue.typeval = "incall", str(incall.id)
    failed = run(sim, person("Ann A", 1200, 2205), strategy=strategy)
    assert "2205" in failed.error
    assert [(each["status"], each["changes"]) for each in failed.results] in ([], [("failed", [])])
    assert belongings(sim, *PEOPLE) == before
    assert extension_row(sim, 2205).id == queue.id


@EVERYWHERE
def test_an_entry_that_fails_is_put_back(sim: Simulator, strategy: str) -> None:
    """Wherever it fails: updates of user, line and voicemail are taken back as well."""
    before = house(sim)
    for where, failed in fail_at_each_write(sim, changed(), strategy=strategy):
        assert belongings(sim, *PEOPLE) == before, where
        assert own_extensions(sim) == ["1200", "1201", "1202", "2200", "2201"], where
        assert [(each["status"], each["changes"]) for each in failed.results] == [("failed", [])], where
    assert_applied(sim, changed(), expected=["updated"], strategy=strategy)
    assert phone_book(sim)["Ann A"] == ("1210", ["2205"])


@EVERYWHERE
def test_a_free_extension_that_gave_way_is_put_back(sim: Simulator, strategy: str) -> None:
    apply_list(sim, person("Ann A", 1200))
    perform(sim, ensure_extension, **number(1210))
    before, numbers = belongings(sim, "Ann A"), own_extensions(sim)
    for where, failed in fail_at_each_write(sim, person("Ann A", 1210, 2205), strategy=strategy):
        assert belongings(sim, "Ann A") == before, where
        assert own_extensions(sim) == numbers, where
        assert "Left behind" not in failed.error, where


@EVERYWHERE
def test_a_new_entry_that_fails_leaves_nothing(sim: Simulator, strategy: str) -> None:
    """Wherever it fails: the mailbox that it takes over by its number is as before, and free."""
    make_mailbox(sim, 1777, "Front desk", email="desk@example.org")
    objects = counts(sim)
    wanted = person("Ann A", 1200, 2200, 2201, voicemail={"number": "1777", "email": "ann@example.org"})
    for where, failed in fail_at_each_write(sim, wanted, strategy=strategy):
        assert counts(sim) == objects, where
        (box,) = sim.database.voicemails
        assert (box.number, box.name, box.email) == ("1777", "Front desk", "desk@example.org"), where
        assert [(each["status"], each["changes"]) for each in failed.results] == [("failed", [])], where
    assert_applied(sim, wanted, expected=["created"], strategy=strategy)
    assert mailboxes(sim) == {"1777": ["Ann"]}


@EVERYWHERE
def test_a_removal_that_fails_is_completed(sim: Simulator, strategy: str) -> None:
    """What was deleted cannot come back as it was. Nobody else loses anything, and the next run removes the rest."""
    house(sim)
    others = belongings(sim, "Bob B", "Cleo C")
    for where, _failed in fail_at_each_write(sim, leaver("Ann A", 1200), strategy=strategy):
        assert belongings(sim, "Bob B", "Cleo C") == others, where
        assert not run(sim, leaver("Ann A", 1200), strategy=strategy).error, where
        assert (set(phone_book(sim)), own_extensions(sim)) == ({"Bob B", "Cleo C"}, ["1201", "1202", "2201"]), where
        assert mailboxes(sim) == {}, where


# A direct number whose deletion is lost (point 14)


@EVERYWHERE
@pytest.mark.parametrize("kind", ["500_before", "drop_before"])
def test_a_direct_number_that_stays_is_found_again(sim: Simulator, strategy: str, kind: str) -> None:
    before = house(sim)
    wanted = person("Ann A", 1200, incalls=[])
    sim.faults.add(Fault(kind, method="DELETE", path="/extensions/*", times=20))
    failed = run(sim, wanted, strategy=strategy)
    sim.faults.clear()
    assert [each["status"] for each in failed.results] == ["failed"]
    if kind == "500_before":
        assert belongings(sim, *PEOPLE) == before
        assert failed.results[0]["changes"] == []
    assert_applied(sim, wanted, expected=["updated"], strategy=strategy)
    assert own_extensions(sim) == ["1200", "1201", "1202", "2201"]


@pytest.mark.on("xivo15")
@pytest.mark.parametrize("times", [1, 2, 9])
def test_a_rename_keeps_a_custom_caller_id_or_fails(sim: Simulator, strategy: str, times: int) -> None:
    """The server makes a new caller ID with each name (xivo-15.12.md, trap 5). A second PUT restores a custom one."""
    apply_list(sim, person("Ann A", 1200, user={"caller_id": '"Front desk"', "userfield": "HR-1"}))
    sim.faults.add(Fault("drop_before", method="PUT", path="/users/*", nth=2, times=times))
    renamed = person("Ann Z", 1200, match={"userfield": "HR-1"})
    failed = run(sim, renamed, strategy=strategy)
    sim.faults.clear()
    if not failed.error or "Left behind" not in failed.error:
        assert user_row(sim, "Ann Z" if not failed.error else "Ann A").caller_id == '"Front desk"'
    if not failed.error:
        assert_unchanged(sim, renamed, strategy=strategy)
