# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""On Wazo, call_record_enabled means four flags (person-wazo-26.08.md, trap 12)."""

from __future__ import annotations

import pytest

from ansible_collections.xivo.confd.plugins.module_utils._model.errors import PlanError
from ansible_collections.xivo.confd.plugins.module_utils._tasks.export import export
from ansible_collections.xivo.confd.plugins.module_utils._tasks.user import ensure_user
from simulator import Simulator
from support.helpers import Options, apply_list, perform, person, statuses, unchanged_after, user_row

WAYS = [f"call_record_{way}_{where}_enabled" for way in ("outgoing", "incoming") for where in ("external", "internal")]
ONE = WAYS[2]


def ann(**user: bool) -> Options:
    return person("Ann Archer", 1301, user=user)


def recorded(sim: Simulator) -> list[bool]:
    return [getattr(user_row(sim, "Ann Archer"), name) for name in WAYS]


@pytest.mark.parametrize("wanted", [True, False])
@pytest.mark.on("wazo")
def test_the_old_field_means_all_four(sim: Simulator, wanted: bool) -> None:
    apply_list(sim, ann(**{ONE: not wanted}))
    planned = apply_list(sim, ann(call_record_enabled=wanted), check=True)
    done = apply_list(sim, ann(call_record_enabled=wanted))

    assert statuses(planned) == statuses(done) == ["updated"]
    assert planned["results"] == done["results"]
    assert recorded(sim) == [wanted] * 4
    assert unchanged_after(sim, ann(call_record_enabled=wanted))


@pytest.mark.on("wazo")
def test_each_of_the_four_is_a_field(sim: Simulator) -> None:
    for name in WAYS:
        entry = ann(**{name: True})
        assert apply_list(sim, entry)["changed"]
        assert unchanged_after(sim, entry)
    assert recorded(sim) == [True] * 4
    result = perform(sim, ensure_user, firstname="Ann", lastname="Archer", **{ONE: False})
    assert (result["user"][ONE], result["user"]["call_record_enabled"]) == (False, False)
    assert recorded(sim) == [True, True, False, True]


@pytest.mark.on("wazo")
def test_a_new_user_gets_them_in_one_request_and_in_several(sim: Simulator) -> None:
    apply_list(sim, ann(call_record_enabled=True))
    perform(sim, ensure_user, firstname="Bob", call_record_enabled=True)
    assert recorded(sim) == [True] * 4
    assert [getattr(user_row(sim, "Bob"), name) for name in WAYS] == [True] * 4


@pytest.mark.on("wazo")
def test_a_contradiction_is_refused(sim: Simulator) -> None:
    with pytest.raises(PlanError, match=f"call_record_enabled is false and sets .*, but {ONE} is true"):
        apply_list(sim, ann(call_record_enabled=False, **{ONE: True}))
    assert statuses(apply_list(sim, ann(call_record_enabled=True, **{ONE: True}))) == ["created"]


@pytest.mark.parametrize(
    ("given", "expected"),
    [({ONE: True}, {ONE: True}), (dict.fromkeys(WAYS, True), {"call_record_enabled": True})],
)
@pytest.mark.on("wazo")
def test_an_export_says_it_once(sim: Simulator, given: dict[str, bool], expected: dict[str, bool]) -> None:
    apply_list(sim, ann(**given))
    (entry,) = perform(sim, export)["entries"]
    assert {name: value for name, value in entry["user"].items() if name.startswith("call_record")} == expected
    assert unchanged_after(sim, entry)


@pytest.mark.on("xivo16", "xivo15")
def test_xivo_does_not_have_the_four(sim: Simulator) -> None:
    with pytest.raises(PlanError, match=f"{ONE} cannot be set on a server of generation xivo1"):
        apply_list(sim, ann(**{ONE: True}))
