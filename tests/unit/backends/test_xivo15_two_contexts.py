# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check that a number that exists in two contexts of a XiVO 15.12 is never taken for somebody else's.

Source: xivo-15.12.md, "Renaming, renumbering".
"""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.xivo.confd.plugins.module_utils._model.errors import RefusedError, ServerError
from ansible_collections.xivo.confd.plugins.module_utils._tasks.associations import ensure_line_extension
from ansible_collections.xivo.confd.plugins.module_utils._tasks.extension import ensure_extension
from simulator import Fault, Simulator
from support.helpers import (
    apply_list,
    asked,
    backend_of,
    extension_row,
    line_row,
    number,
    perform,
    person,
    statuses,
    unchanged_after,
    world_of,
    written,
)

ANN = person("Ann A", 1201)
BOB_IN_SALES = person("Bob B", extension=number(1201, "sales"))


@pytest.fixture
def two(sim: Simulator) -> Simulator:
    """Ann has 1201@default and Bob 1201@sales, but Bob's line and account say default, as after a move by hand."""
    apply_list(sim, person("Bob B", 1201))
    apply_list(sim, BOB_IN_SALES)
    stored(sim, "Bob B").context = stored(sim, "Bob B").sip_context = "default"
    apply_list(sim, ANN)
    sim.clear_log()
    return sim


def stored(sim: Simulator, name: str) -> Any:
    """Return the row of somebody's line, with both contexts."""
    return sim.database.lines.get(line_row(sim, name).id)


def numbers(sim: Simulator) -> dict[str, str]:
    """Return {name: "number@context"}, as the state has it after it has been read."""
    state = world_of(sim)
    found = {user.name: state.extension_of_user(user) for user in state.users()}
    return {name: str(extension) for name, extension in found.items() if extension}


def test_everybody_has_the_own_number(two: Simulator) -> None:
    assert numbers(two) == {"Ann A": "1201@default", "Bob B": "1201@sales"}


def test_somebody_else_is_not_renumbered(two: Simulator) -> None:
    assert statuses(apply_list(two, person("Bob B", 1210))) == ["updated"]
    assert numbers(two) == {"Ann A": "1201@default", "Bob B": "1210@default"}
    assert unchanged_after(two, person("Bob B", 1210), ANN)


def test_an_internal_number_is_not_removed_as_an_incall(two: Simulator) -> None:
    assert statuses(apply_list(two, {**person("Bob B"), "incalls": []})) == ["unchanged"]
    assert extension_row(two, 1201, "sales")


@pytest.mark.parametrize("known", [None, 99])
def test_the_internal_number_is_no_incall_whatever_is_known(two: Simulator, known: int | None) -> None:
    apply_list(two, {**BOB_IN_SALES, "incalls": [number(2201)]})
    incall, line_id = extension_row(two, 2201).id, line_row(two, "Bob B").id
    assert backend_of(two).incalls_of_user(1, line_id, known) == [incall]


def test_a_purge_counts_people_by_their_real_number(two: Simulator) -> None:
    result = apply_list(two, ANN, purge=True, purge_scope={"context": "default"}, purge_limit=10)
    assert (result["purged"], result["changed"]) == ([], False)
    result = apply_list(two, ANN, purge=True, purge_scope={"context": "sales"}, purge_limit=10)
    assert [each["name"] for each in result["purged"]] == ["Bob B"]


def test_only_a_number_in_two_contexts_is_asked_for(two: Simulator) -> None:
    apply_list(two, person("Cleo C", 1202))
    two.clear_log()
    world_of(two)
    lines = sorted(stored(two, name).id for name in ("Ann A", "Bob B"))
    assert sorted(each for each in asked(two) if each.endswith("/extension")) == [
        f"GET /lines/{line}/extension" for line in lines
    ]


# The account moves with the number


def test_a_list_moves_the_account_too(sim: Simulator) -> None:
    apply_list(sim, person("Bob B", 1201, 2201))
    sim.clear_log()
    apply_list(sim, BOB_IN_SALES)
    line_id = line_row(sim, "Bob B").id
    assert [each for each in written(sim) if each.startswith("PUT")] == [f"PUT /lines_sip/{line_id}"]
    apply_list(sim, {**BOB_IN_SALES, "user": {**BOB_IN_SALES["user"], "description": "moved"}})
    assert (stored(sim, "Bob B").context, stored(sim, "Bob B").sip_context) == ("sales", "sales")


def test_a_move_of_the_extension_moves_the_account_too(sim: Simulator) -> None:
    apply_list(sim, person("Bob B", 1201))
    moved = {"id": extension_row(sim, 1201).id, "context": "sales"}
    assert perform(sim, ensure_extension, **moved)["changed"]
    assert (stored(sim, "Bob B").context, stored(sim, "Bob B").sip_context) == ("sales", "sales")
    assert not perform(sim, ensure_extension, **moved)["changed"]


def test_the_account_of_a_refused_move_stays(sim: Simulator) -> None:
    apply_list(sim, person("Bob B", 1201))
    with pytest.raises(RefusedError, match="outside of range"):
        perform(sim, ensure_extension, id=extension_row(sim, 1201).id, exten="9999", context="sales")
    assert stored(sim, "Bob B").sip_context == "default"
    assert extension_row(sim, 1201)


def test_the_account_goes_back_when_the_association_fails(sim: Simulator) -> None:
    apply_list(sim, person("Bob B", 1201))
    line_id, number_id = line_row(sim, "Bob B").id, extension_row(sim, 1201).id
    sim.faults.add(Fault("500_before", "POST", f"/lines/{line_id}/extensions"))
    with pytest.raises(ServerError):
        perform(sim, ensure_extension, id=number_id, context="sales")
    assert numbers(sim) == {"Bob B": f"1201@{stored(sim, 'Bob B').sip_context}"}


def test_an_association_moves_an_account_of_another_context(sim: Simulator) -> None:
    apply_list(sim, person("Bob B", 1201))
    line_id, number_id = line_row(sim, "Bob B").id, extension_row(sim, 1201).id
    perform(sim, ensure_line_extension, line={"id": line_id}, extension={"id": number_id}, state="absent")
    perform(sim, ensure_extension, exten="1201", context="sales")
    perform(sim, ensure_line_extension, line={"id": line_id}, extension=number(1201, "sales"))
    assert stored(sim, "Bob B").sip_context == "sales"


def test_an_association_in_the_same_context_is_one_request(sim: Simulator) -> None:
    apply_list(sim, person("Bob B", 1201))
    line_id, number_id = line_row(sim, "Bob B").id, extension_row(sim, 1201).id
    perform(sim, ensure_line_extension, line={"id": line_id}, extension={"id": number_id}, state="absent")
    sim.clear_log()
    perform(sim, ensure_line_extension, line={"id": line_id}, extension={"id": number_id})
    assert written(sim) == [f"POST /lines/{line_id}/extensions"]
