# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Voicemails of two users: which two entries of a list want, or which somebody outside of the list has as well."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.xivo.confd.plugins.module_utils._model.errors import PlanError, ProvisionError
from simulator import Fault, Simulator
from support.helpers import EVERYWHERE, apply_list, asked, counts, leaver, person, statuses, user_row, written
from support.role import Role

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
    with pytest.raises(PlanError, match="the two entries have different values for its email"):
        ada, bob, cleo = together(email="bob@example.org")
        ada["voicemail"]["email"] = "ada@example.org"
        apply_list(sim, ada, bob, cleo)


@pytest.mark.usefixtures("part_by_part")
@pytest.mark.parametrize("workers", [1, 4])
def test_where_it_cannot_be_made_the_other_waits_in_vain(sim: Simulator, workers: int) -> None:
    sim.faults.add(Fault("500_before", method="POST", path="/voicemails", times=9))
    with pytest.raises(ProvisionError, match="Bob B .*depends on entry 1"):
        apply_list(sim, *together(), continue_on_error=True, max_workers=workers)
    assert counts(sim)["users"] == 1


@pytest.mark.parametrize("workers", [1, 4])
def test_what_the_other_one_changes_of_it_stays_changed(sim: Simulator, workers: int) -> None:
    assert statuses(apply_list(sim, *together(name="Front desk"), max_workers=workers)) == ["created"] * 3
    assert [voicemail.name for voicemail in sim.database.voicemails] == ["Front desk"]
    assert not apply_list(sim, *together(name="Front desk"))["changed"]


def sharing(sim: Simulator) -> None:
    """Ada and Bob have one voicemail, with Ada's number."""
    voicemail = {"number": "1200", "context": "default"}
    apply_list(sim, person("Ada A", 1200, voicemail={**voicemail, "name": "Ada"}))
    apply_list(sim, person("Ada A", 1200, voicemail=voicemail), person("Bob B", 1201, voicemail=voicemail))


STRATEGIES = pytest.mark.parametrize("strategy", ["bulk", "stepwise"])


@STRATEGIES
def test_a_successor_does_not_get_a_voicemail_in_use(sim: Simulator, strategy: str) -> None:
    sharing(sim)
    sim.clear_log()
    entries = [leaver("Ada A", 1200), person("Cleo C", 1200, voicemail={})]
    role = Role(sim, provision_users=entries, provision_strategy=strategy).run()
    assert f"voicemail 1200@default already belongs to user Bob B (id {user_row(sim, 'Bob B').id})" in role.error
    assert written(sim) == []


@STRATEGIES
def test_nobody_gets_the_voicemail_of_somebody_unasked(sim: Simulator, strategy: str) -> None:
    """Only an entry that describes the voicemail shares it: its user may not be the last to know."""
    apply_list(sim, person("Ada A", 1200, voicemail={"name": "Ada"}))
    sim.clear_log()
    for entries in ([], [person("Renamed", 1200, match={"id": user_row(sim, "Ada A").id})]):
        comer = person("Cleo C", 1300, voicemail={"number": "1200", "name": "Front desk"})
        role = Role(sim, provision_users=[comer, *entries], provision_strategy=strategy).run()
        assert f"voicemail 1200@default already belongs to user Ada A (id {user_row(sim, 'Ada A').id})" in role.error
        assert written(sim) == []


@STRATEGIES
def test_who_gets_the_voicemail_of_somebody_comes_after_them(sim: Simulator, strategy: str) -> None:
    """XiVO gives a voicemail the new name of its user: what the other one wants of it has to be written later."""
    apply_list(sim, person("Ada A", 1200, voicemail={"name": "Ada"}))
    renamed = person("Renamed", 1200, match={"id": user_row(sim, "Ada A").id}, voicemail={"number": "1200"})
    comer = person("Cleo C", 1300, voicemail={"number": "1200", "name": "Front desk"})
    assert not Role(sim, provision_users=[comer, renamed], provision_strategy=strategy).run().error
    (voicemail,) = sim.database.voicemails
    assert voicemail.name == "Front desk"
    assert counts(sim)["user_voicemails"] == 2
    assert not apply_list(sim, comer, renamed)["changed"]


@pytest.mark.on("xivo15")
def test_who_else_has_ones_own_voicemail_is_not_asked(sim: Simulator) -> None:
    """No list of XiVO 15.12 shows it: one request for each user of the server."""
    ada = person("Ada A", 1200, voicemail={"email": "ada@example.org"})
    apply_list(sim, ada, person("Bob B", 1201), person("Cleo C", 1202))
    sim.clear_log()
    apply_list(sim, ada)
    apply_list(sim, {**ada, "voicemail": {"email": "a@example.org"}}, check=True)
    own = f"GET /users/{user_row(sim, 'Ada A').id}/voicemail"
    assert [words for words in asked(sim) if words.endswith("/voicemail")] == [own, own]
