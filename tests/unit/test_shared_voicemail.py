# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two entries of a list that want one voicemail which is not there yet."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.xivo.confd.plugins.module_utils._errors import PlanError
from ansible_collections.xivo.confd.plugins.module_utils._provision import ProvisionError
from simulator import Fault, Simulator
from unit.helpers import EVERYWHERE, apply_list, counts, person, statuses

pytestmark = EVERYWHERE


def together(**more: Any) -> list[dict[str, Any]]:
    box = {"number": "1777", "context": "default"}
    return [
        person("Ada A", 1200, voicemail=dict(box)),
        person("Bob B", 1201, voicemail={**box, **more}),
        person("Cleo C", 1202),
    ]


@pytest.mark.parametrize("workers", [1, 4])
def test_one_makes_it_and_the_other_gets_it(sim: Simulator, workers: int) -> None:
    assert statuses(apply_list(sim, *together(), max_workers=workers)) == ["created"] * 3
    assert (counts(sim)["voicemails"], counts(sim)["user_voicemails"]) == (1, 2)
    assert not apply_list(sim, *together())["changed"]


def test_they_may_not_disagree_about_it(sim: Simulator) -> None:
    with pytest.raises(PlanError, match="they disagree about its email"):
        ada, bob, cleo = together(email="bob@example.org")
        ada["voicemail"]["email"] = "ada@example.org"
        apply_list(sim, ada, bob, cleo)


@pytest.mark.usefixtures("part_by_part")
@pytest.mark.parametrize("workers", [1, 4])
def test_where_it_cannot_be_made_the_other_waits_in_vain(sim: Simulator, workers: int) -> None:
    sim.faults.add(Fault("500_before", method="POST", path="/voicemails", times=9))
    sim.faults.add(Fault("500_before", method="POST", path="/users/*/voicemails", times=9))
    with pytest.raises(ProvisionError, match="Bob B .*waits for a number of entry 1"):
        apply_list(sim, *together(), continue_on_error=True, max_workers=workers)
    assert counts(sim)["users"] == 1
