# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Incalls as XiVO 16.13 and later have them: objects of their own that lead to a user."""

from __future__ import annotations

import pytest

from ansible_collections.xivo.confd.plugins.module_utils._bulk.purge import find_orphans
from ansible_collections.xivo.confd.plugins.module_utils._model.errors import ConflictError, PlanError
from ansible_collections.xivo.confd.plugins.module_utils._tasks.associations import ensure_line_extension
from ansible_collections.xivo.confd.plugins.module_utils._tasks.extension import ensure_extension
from ansible_collections.xivo.confd.plugins.module_utils._tasks.user import ensure_user
from simulator import Fault, Simulator
from support.helpers import (
    apply_list,
    backend_of,
    counts,
    extension_row,
    leaver,
    line_row,
    number,
    perform,
    person,
    phone_book,
    statuses,
    user_row,
    world_of,
    written,
)

pytestmark = pytest.mark.on("xivo16")


def test_an_incall_is_an_object_that_leads_to_the_user(sim: Simulator) -> None:
    apply_list(sim, person("Ada A", 1100, 2100))
    (incall,) = sim.database.incalls
    assert (incall.user_id, incall.exten) == (user_row(sim, "Ada A").id, "2100")
    assert not sim.database.line_extensions.where(extension_id=extension_row(sim, 2100).id)


def test_the_same_task_as_ever_makes_an_incall(sim: Simulator) -> None:
    apply_list(sim, person("Ada A", 1100))
    perform(sim, ensure_extension, **number(2100))
    line = {"id": line_row(sim, "Ada A").id}
    options = {"line": line, "extension": number(2100)}
    assert perform(sim, ensure_line_extension, check=True, **options)["changed"]
    assert perform(sim, ensure_line_extension, **options)["changed"]
    assert not perform(sim, ensure_line_extension, **options)["changed"]
    assert phone_book(sim) == {"Ada A": ("1100", ["2100"])}
    assert perform(sim, ensure_line_extension, **options, state="absent")["changed"]
    assert not perform(sim, ensure_line_extension, **options, state="absent")["changed"]
    assert len(sim.database.incalls) == 0
    assert extension_row(sim, 2100) is not None


def test_an_incall_moves_in_place(sim: Simulator) -> None:
    apply_list(sim, person("Ada A", 1100, 2100))
    sim.clear_log()
    perform(sim, ensure_extension, id=extension_row(sim, 2100).id, exten="2200")
    assert written(sim) == [f"PUT /extensions/{extension_row(sim, 2200).id}"]
    assert phone_book(sim) == {"Ada A": ("1100", ["2200"])}


def test_removal_leaves_no_incall_behind(sim: Simulator) -> None:
    apply_list(sim, person("Ada A", 1100, 2100, 2101))
    assert statuses(apply_list(sim, leaver("Ada A"))) == ["removed"]
    assert not any(counts(sim).values())


def test_an_incall_without_a_number_goes_with_its_user(sim: Simulator) -> None:
    user = perform(sim, ensure_user, firstname="Ada")["user"]
    backend_of(sim).client.post("/incalls", {"destination": {"type": "user", "user_id": user["id"]}})
    perform(sim, ensure_user, firstname="Ada", state="absent")
    assert (len(sim.database.users), len(sim.database.incalls)) == (0, 0)


def test_an_incall_without_a_number_is_used_for_the_next_one(sim: Simulator) -> None:
    apply_list(sim, person("Ada A", 1100))
    user_id = user_row(sim, "Ada A").id
    backend_of(sim).client.post("/incalls", {"destination": {"type": "user", "user_id": user_id}})
    apply_list(sim, person("Ada A", 1100, 2100))
    assert [incall.exten for incall in sim.database.incalls] == ["2100"]


def test_the_incall_of_a_dead_user_is_no_obstacle(sim: Simulator) -> None:
    sim.database.strand_incall("2100", "from-extern", 77)
    assert statuses(apply_list(sim, person("Ada A", 1100, 2100))) == ["created"]
    assert phone_book(sim) == {"Ada A": ("1100", ["2100"])}
    assert len(sim.database.incalls) == 1


def test_a_number_that_leads_elsewhere_is_taken(sim: Simulator) -> None:
    sim.database.insert_incall_to("2100", "from-extern", {"type": "queue", "queue_id": 3})
    with pytest.raises(PlanError, match="2100@from-extern already belongs to incall 1 to queue 3"):
        apply_list(sim, person("Ada A", 1100, 2100))


def test_an_incall_that_appears_while_its_user_is_removed(sim: Simulator) -> None:
    perform(sim, ensure_user, firstname="Ada")

    def appear(method: str, path: str) -> None:
        sim.database.strand_incall("2100", "from-extern", 1)

    sim.faults.add(Fault("callback", method="GET", path="/users/1", callback=appear, nth=2))
    with pytest.raises(ConflictError, match="has been given the incalls 2100@from-extern since the plan was made"):
        perform(sim, ensure_user, firstname="Ada", state="absent")


def test_orphans_are_found_by_the_list_of_all_numbers(sim: Simulator) -> None:
    apply_list(sim, person("Ada A", 1100, 2100))
    sim.database.extensions.insert(exten="1999", context="default")
    sim.database.strand_incall("2999", "from-extern", 77)
    sim.database.insert_incall_to("2998", "from-extern", {"type": "queue", "queue_id": 3})
    shown = find_orphans(world_of(sim), [], None, look=True).shown()
    assert [each["exten"] for each in shown["unclear"]] == ["1999"]
    assert [each["exten"] for each in shown["incalls"]] == ["2999"]
