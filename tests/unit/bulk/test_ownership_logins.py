# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names by which people sign in: who has them, who frees them, and who wants them (design.md, rule 14).

On Wazo, a username and an e-mail address are one kind of name, without case (person-wazo-26.08.md, "1.2 Straight at
wazo-auth").
"""

from __future__ import annotations

from typing import Any

import pytest

from simulator import Fault, Simulator
from support.helpers import Options, apply_list, asked, leaver, person, statuses, written
from support.logins import ON_WAZO, ON_XIVO, SECRET, may_sign_in, names_of_login_of
from support.ownership import assert_applied, assert_refused, run

ANN, BOB, CLEO = "Ann A", "Bob B", "Cleo C"


def with_login(name: str, exten: int, username: str, email: str = "", **login: Any) -> Options:
    more = {"user": {"email": email}} if email else {}
    return person(name, exten, login={"username": username, **login}, **more)


@ON_WAZO
@pytest.mark.parametrize("strategy", ["bulk", "stepwise"])
def test_names_and_addresses_move_in_a_circle(sim: Simulator, strategy: str) -> None:
    """Ann gets Bob's address as her username, Bob gets Cleo's address, and Cleo gets Ann's username."""
    apply_list(
        sim,
        with_login(ANN, 1200, "Ann", password=SECRET),
        with_login(BOB, 1201, "bob", "bob@example.org"),
        with_login(CLEO, 1202, "cleo", "cleo@example.org"),
    )
    wanted = [
        with_login(ANN, 1200, "BOB@example.org", password=SECRET),
        with_login(BOB, 1201, "bob", "Cleo@example.org"),
        with_login(CLEO, 1202, "ann", "new@example.org"),
    ]
    assert_applied(sim, *wanted, expected=["updated"] * 3, strategy=strategy)
    found = [names_of_login_of(sim, name) for name in (ANN, BOB, CLEO)]
    assert found == [("BOB@example.org", None), ("bob", "Cleo@example.org"), ("ann", "new@example.org")]
    assert may_sign_in(sim, "BOB@example.org")


@ON_WAZO
def test_a_circle_of_names_keeps_the_passwords(sim: Simulator) -> None:
    """The password is compared under the name that the login has, not under the one that the plan gives it first."""
    apply_list(
        sim, with_login(ANN, 1200, "ann", password=SECRET), with_login(BOB, 1201, "bob", password="an0ther-word")
    )
    sim.clear_log()
    apply_list(
        sim, with_login(ANN, 1200, "bob", password=SECRET), with_login(BOB, 1201, "ann", password="an0ther-word")
    )
    assert [each for each in written(sim) if "password" in each] == []
    assert may_sign_in(sim, "bob", SECRET)
    assert may_sign_in(sim, "ann", "an0ther-word")


@ON_XIVO
def test_a_circle_of_usernames_keeps_the_passwords(sim: Simulator) -> None:
    """Without a username, the login would count as new, and its password would be written in any case."""
    old = with_login(ANN, 1200, "ann.account", password="first-word")
    apply_list(sim, old, with_login(BOB, 1201, "bob.account", password="second-word"))
    wanted = [with_login(ANN, 1200, "bob.account", password="x-" + SECRET), with_login(BOB, 1201, "ann.account")]
    apply_list(sim, *wanted, update_password="on_create")
    assert [(row.username, row.password) for row in sim.database.users] == [
        ("bob.account", "first-word"),
        ("ann.account", "second-word"),
    ]


@ON_WAZO
@pytest.mark.parametrize("strategy", ["bulk", "stepwise"])
def test_a_circle_that_fails_leaves_the_names(sim: Simulator, strategy: str) -> None:
    apply_list(sim, with_login(ANN, 1200, "ann", "ann@example.org"), with_login(BOB, 1201, "bob", "bob@example.org"))
    before = sim.state()
    wanted = [
        {**with_login(ANN, 1200, "bob", "bob@example.org"), "voicemail": {}},
        {**with_login(BOB, 1201, "ann", "ann@example.org"), "voicemail": {}},
    ]
    sim.faults.add(Fault("500_before", "POST", "/voicemails", times=9))
    assert "Could not create voicemail" in run(sim, *wanted, strategy=strategy).error
    sim.faults.clear()
    assert [names_of_login_of(sim, name) for name in (ANN, BOB)] == [
        ("ann", "ann@example.org"),
        ("bob", "bob@example.org"),
    ]
    assert sim.state()["users"] == before["users"]


@ON_WAZO
@pytest.mark.parametrize("name", ["root", "ROOT", "left@example.org"])
def test_a_name_of_nobody_in_the_list_is_refused(sim: Simulator, name: str) -> None:
    sim.database.add_account("left@example.org", SECRET, [])
    assert_refused(sim, with_login(ANN, 1200, name), words=[name, "belongs to a login without a user"])


@ON_WAZO
def test_two_entries_cannot_have_one_name_as_two_kinds(sim: Simulator) -> None:
    wanted = [with_login(ANN, 1200, "office@example.org"), with_login(BOB, 1201, "bob", "Office@example.org")]
    assert_refused(sim, *wanted, words=["login name 'Office@example.org' is also in entry 1"])


@ON_WAZO
def test_an_entry_without_login_keeps_its_name(sim: Simulator) -> None:
    apply_list(sim, with_login(BOB, 1201, "bob"))
    wanted = [with_login(ANN, 1200, "bob"), person(BOB, 1201)]
    assert_refused(sim, *wanted, words=["login name 'bob' already belongs to user Bob B"])


@ON_WAZO
@pytest.mark.parametrize("how", ["leaves", "renames", "removes the login"])
def test_a_free_name_meets_no_refusal_with_workers(sim: Simulator, how: str) -> None:
    """Who gets a name waits for the entry that frees it, and other entries go on meanwhile."""
    apply_list(sim, *(with_login(f"Old{at} O", 1200 + at, f"name{at}") for at in range(4)))
    freeing = {
        "leaves": lambda at: leaver(f"Old{at} O"),
        "renames": lambda at: with_login(f"Old{at} O", 1200 + at, f"other{at}"),
        "removes the login": lambda at: person(f"Old{at} O", 1200 + at, login={"state": "absent"}),
    }[how]
    coming = [with_login(f"New{at} N", 1210 + at, f"NAME{at}") for at in range(4)]
    sim.clear_log()
    done = apply_list(sim, *coming, *(freeing(at) for at in range(4)), max_workers=4)
    assert statuses(done)[:4] == ["created"] * 4
    assert [each for each in sim.requests if each.status == 409] == []
    assert [names_of_login_of(sim, f"New{at} N")[0] for at in range(4)] == [f"NAME{at}" for at in range(4)]


@ON_WAZO
def test_names_are_looked_up_once_for_a_whole_list(sim: Simulator) -> None:
    apply_list(sim, *(with_login(f"P{at} P", 1200 + at, f"name{at}") for at in range(5)))
    sim.clear_log()
    apply_list(sim, *(with_login(f"P{at} P", 1200 + at, f"new{at}") for at in range(5)), check=True)
    assert [each for each in asked(sim) if "auth/0.1/users" in each] == ["GET /api/auth/0.1/users"]
