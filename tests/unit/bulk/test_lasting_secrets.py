# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""New secrets that stay when an entry is undone, because nobody knows the old ones: the error says so."""

from __future__ import annotations

from typing import Any

import pytest

from simulator import Fault, Simulator
from support.helpers import Options, apply_list, person
from support.logins import ON_WAZO, ON_XIVO, SECRET, may_sign_in, names_of_login_of
from support.ownership import run

ANN, BOB = "Ann A", "Bob B"
NEW = "an0ther-word"
RESET = "/api/auth/0.1/users/password/reset*"


def with_login(name: str, exten: int, username: str, password: str, **more: Any) -> Options:
    return person(name, exten, login={"username": username, "password": password}, **more)


@ON_WAZO
@pytest.mark.parametrize("strategy", ["bulk", "stepwise"])
@pytest.mark.parametrize("renamed", [True, False])
def test_a_new_password_of_a_login_is_said_to_stay(sim: Simulator, strategy: str, renamed: bool) -> None:
    """Bob's entry is complete when Ann's, on which it depends, fails."""
    apply_list(sim, with_login(ANN, 1200, "ann", SECRET), with_login(BOB, 1201, "bob", SECRET))
    apply_list(sim, person(ANN, 1200, 2200), person(BOB, 1201, 2201))
    wanted = [
        {**person(ANN, 1200, 2201, login={"enabled": False})},
        with_login(BOB, 1201, "robert" if renamed else "bob", NEW, incall={"exten": "2200", "context": "from-extern"}),
    ]
    wanted[1].pop("incalls", None)
    sim.faults.add(Fault("500_before", "PUT", "/api/auth/0.1/users/*", nth=2 if renamed else 1, times=2))
    failed = run(sim, *wanted, strategy=strategy)
    sim.faults.clear()
    what = (
        "the new password of the login of user Bob B (id 2)"
        if renamed
        else "update login of user Bob B (id 2): password"
    )
    assert f"Not put back: {what}." in failed.error, failed.error
    assert (SECRET in failed.error, NEW in failed.error) == (False, False)
    assert names_of_login_of(sim, BOB)[0] == "bob"
    assert may_sign_in(sim, "bob", NEW)


@ON_WAZO
@pytest.mark.parametrize("strategy", ["bulk", "stepwise"])
def test_a_password_comes_after_what_can_fail(sim: Simulator, strategy: str) -> None:
    apply_list(sim, with_login(ANN, 1200, "ann", SECRET))
    sim.faults.add(Fault("500_before", "POST", "/voicemails", times=9))
    failed = run(sim, with_login(ANN, 1200, "anna", NEW, voicemail={}), strategy=strategy)
    sim.faults.clear()
    assert ("Could not create voicemail" in failed.error, "Not put back" in failed.error) == (True, False)
    assert may_sign_in(sim, "ann", SECRET)


@ON_WAZO
@pytest.mark.parametrize("strategy", ["bulk", "stepwise"])
def test_a_password_without_an_answer_may_stay(sim: Simulator, strategy: str) -> None:
    apply_list(sim, with_login(ANN, 1200, "ann", SECRET))
    sim.faults.add(Fault("500_before", "POST", RESET, times=9))
    failed = run(sim, with_login(ANN, 1200, "anna", NEW), strategy=strategy)
    sim.faults.clear()
    doubt = "the new password of the login of user Ann A (id 1), if the server has written it"
    assert f"Not put back: {doubt}." in failed.error, failed.error
    assert may_sign_in(sim, "ann", SECRET)


@ON_WAZO
@pytest.mark.parametrize("strategy", ["bulk", "stepwise"])
def test_a_refused_address_leaves_the_old_names(sim: Simulator, strategy: str) -> None:
    """The address of a login is a request of its own, after that of the names."""
    apply_list(sim, with_login(ANN, 1200, "ann", SECRET, user={"email": "ann@example.org"}))
    sim.faults.add(
        Fault(
            "callback",
            "PUT",
            "/api/auth/0.1/admin/users/*/emails",
            callback=lambda *_request: sim.database.add_account(f"{strategy}@new.org", SECRET, []),
        )
    )
    entry = with_login(ANN, 1200, "anna", NEW, user={"email": f"{strategy}@new.org"})
    failed = run(sim, entry, strategy=strategy)
    assert "emails: HTTP 409" in failed.error, failed.error
    assert "Not put back" not in failed.error
    assert names_of_login_of(sim, ANN) == ("ann", "ann@example.org")
    assert may_sign_in(sim, "ann", SECRET)


@ON_XIVO
@pytest.mark.parametrize("strategy", ["bulk", "stepwise"])
def test_a_password_of_a_user_is_put_back_or_said_to_stay(sim: Simulator, strategy: str) -> None:
    """XiVO shows the passwords of users, but a plan of single steps does not contain them."""
    apply_list(sim, with_login(ANN, 1200, "ann", SECRET))
    sim.faults.add(Fault("500_before", "POST", "/voicemails", times=9))
    failed = run(sim, with_login(ANN, 1200, "anna", NEW, voicemail={}), strategy=strategy)
    sim.faults.clear()
    (row,) = sim.database.users
    said = "Not put back: the new password of user Ann A." in failed.error
    assert (row.username, row.password, said) == ("ann", NEW if said else SECRET, strategy == "stepwise"), failed.error
