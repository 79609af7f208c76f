# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A plan that disables leavers can be approved, and carried out on a later day."""

from __future__ import annotations

from functools import partial

import pytest

from simulator import Simulator
from support.helpers import EVERYWHERE, Options, apply_list
from support.leavers import BOB, DAY, Clock, ada_of
from support.plans import apply_approved, plan_of, refused

pytestmark = EVERYWHERE

NEXT_DAY = "2026-12-01"
DISABLE: Options = {
    "purge": True,
    "purge_action": "disable",
    "purge_limit": 10,
    "purge_scope": {"range": "1200-1299"},
    "update_password": "on_create",
}


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


@pytest.fixture
def staff(sim: Simulator) -> Simulator:
    apply_list(sim, ada_of(sim), BOB)
    sim.clear_log()
    return sim


def test_a_plan_says_who_would_be_disabled(staff: Simulator) -> None:
    plan = plan_of(staff, BOB, **DISABLE)
    [ada] = plan["people"]

    assert (ada["origin"], ada["status"]) == ("purge", "disabled")
    assert (plan["summary"]["disabled"], plan["summary"]["purged"]) == (1, 0)
    assert any(DAY in str(each["fields"]) for each in ada["operations"])


def test_leavers_are_disabled_on_a_later_day(staff: Simulator, clock: Clock) -> None:
    plan = plan_of(staff, BOB, **DISABLE)
    clock.set(NEXT_DAY)

    assert apply_approved(staff, plan, BOB, **DISABLE)["approval"]["state"] == "same"
    assert apply_approved(staff, plan, BOB, **DISABLE)["approval"]["state"] == "done"


def test_a_disabling_that_is_not_planned_any_more(staff: Simulator) -> None:
    plan = plan_of(staff, BOB, **DISABLE)

    message = refused(staff, plan, BOB, **{**DISABLE, "purge": False})

    assert "This user is no longer to be disabled, and is not disabled yet." in message
    assert not staff.writes


def test_a_removal_after_the_grace(staff: Simulator, clock: Clock) -> None:
    grace = {**DISABLE, "purge_action": "remove", "purge_grace": 1}
    apply_list(staff, BOB, **grace)
    clock.set(NEXT_DAY)
    plan = partial(plan_of, staff, BOB)
    [ada] = plan(**grace)["people"]

    assert ada["status"] == "removed"
    assert "but is still on the server" in refused(staff, plan(**grace), BOB, **DISABLE)
