# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Nothing is removed that fallbacks lead to: they would be locked for ever (person-xivo-16.16.md, trap 1)."""

from __future__ import annotations

import pytest

from ansible_collections.xivo.confd.plugins.module_utils._model.errors import ConflictError, PlanError
from ansible_collections.xivo.confd.plugins.module_utils._tasks.user import ensure_user
from ansible_collections.xivo.confd.plugins.module_utils._tasks.voicemail import ensure_voicemail
from simulator import Simulator
from support.helpers import apply_list, backend_of, leaver, perform, person, statuses, written

LOCKS = pytest.mark.on("xivo16")
SAID = "The fallbacks of user Ann Archer .* lead to {}. If it is removed, the server refuses every later change of them"


@pytest.fixture
def two(sim: Simulator) -> Simulator:
    """Ann (1), whose calls go to Bob (2) if she does not answer, and to his voicemail if she is on the phone."""
    apply_list(sim, person("Ann Archer", 1301), person("Bob Burton", 1302, voicemail={}))
    if sim.generation.name != "xivo15":
        to_bob = {"type": "user", "user_id": 2}
        to_voicemail = {"type": "voicemail", "voicemail_id": sim.state()["voicemails"][0]["id"]}
        body = {"noanswer_destination": to_bob, "busy_destination": to_voicemail}
        backend_of(sim).client.put("/users/1/fallbacks", body)
    sim.clear_log()
    return sim


@LOCKS
@pytest.mark.parametrize("check", [True, False])
def test_who_is_a_fallback_is_not_removed(two: Simulator, check: bool) -> None:
    with pytest.raises(PlanError, match=SAID.format("user Bob Burton .*")):
        apply_list(two, leaver("Bob Burton", 1302), check=check)
    assert written(two) == []


@LOCKS
def test_nor_by_a_purge(two: Simulator) -> None:
    options = {"purge": True, "purge_scope": {"context": "default"}, "purge_limit": 5}
    with pytest.raises(PlanError, match=SAID.format("user Bob Burton .*")):
        apply_list(two, person("Ann Archer", 1301), **options)
    assert written(two) == []


@LOCKS
@pytest.mark.parametrize("order", [1, -1])
def test_both_may_be_removed(two: Simulator, order: int) -> None:
    both = [leaver("Ann Archer", 1301), leaver("Bob Burton", 1302)][::order]
    assert statuses(apply_list(two, *both)) == ["removed", "removed"]


@LOCKS
def test_a_changed_fallback_is_no_obstacle(two: Simulator) -> None:
    backend_of(two).client.put("/users/1/fallbacks", {})
    assert statuses(apply_list(two, leaver("Bob Burton", 1302))) == ["removed"]


@LOCKS
def test_nor_do_the_modules_remove_it(two: Simulator) -> None:
    perform(two, ensure_user, firstname="Solo")
    backend_of(two).client.put("/users/1/fallbacks", {"noanswer_destination": {"type": "user", "user_id": 3}})
    two.clear_log()
    with pytest.raises(ConflictError, match=SAID.format("user Solo .*")):
        perform(two, ensure_user, firstname="Solo", state="absent")
    backend_of(two).client.put("/users/1/fallbacks", {"busy_destination": {"type": "voicemail", "voicemail_id": 1}})
    two.clear_log()
    with pytest.raises(ConflictError, match=SAID.format("voicemail 1302@default")):
        perform(two, ensure_voicemail, number="1302", context="default", state="absent")
    assert written(two) == []


@pytest.mark.on("xivo15", "wazo")
def test_elsewhere_the_server_clears_it(two: Simulator) -> None:
    assert statuses(apply_list(two, leaver("Bob Burton", 1302))) == ["removed"]
    if two.generation.name == "wazo":
        assert backend_of(two).client.get("/users/1/fallbacks")["noanswer_destination"] is None
