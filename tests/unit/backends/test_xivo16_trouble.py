# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""XiVO 16.13 and later where something is in the way: objects that go or come meanwhile, answers of a broken server."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.xivo.confd.plugins.module_utils._backends.interface import NewUser
from ansible_collections.xivo.confd.plugins.module_utils._backends.xivo16.user_import import found_again
from ansible_collections.xivo.confd.plugins.module_utils._bulk.purge import find_orphans
from ansible_collections.xivo.confd.plugins.module_utils._model.errors import ProvisionError, RefusedError, ServerError
from ansible_collections.xivo.confd.plugins.module_utils._model.resources import EXTENSION
from ansible_collections.xivo.confd.plugins.module_utils._tasks.extension import ensure_extension
from ansible_collections.xivo.confd.plugins.module_utils._tasks.info import read_devices
from simulator import Fault, Simulator
from support.helpers import (
    apply_list,
    asked,
    backend_of,
    extension_row,
    number,
    perform,
    person,
    phone_book,
    user_row,
    world_of,
)

pytestmark = pytest.mark.on("xivo16")

ADA = person("Ada A", 1100)


# Incalls


@pytest.mark.parametrize(("count", "single"), [(3, 3), (20, 0)])
def test_many_incalls_of_others_are_read_with_one_list(sim: Simulator, count: int, single: int) -> None:
    for each in range(count):
        sim.database.insert_incall_to(str(2100 + each), "from-extern", {"type": "queue", "queue_id": each})
    sim.database.strand_incall("2999", "from-extern", 77)
    shown = find_orphans(world_of(sim), [], None, look=True).shown()
    assert [each["exten"] for each in shown["incalls"]] == ["2999"]
    incalls = [each for each in asked(sim) if each.startswith("GET /incalls")]
    assert len(incalls) == (single + 1 if single else 1)
    assert ("GET /incalls" in incalls) is (not single)


def test_the_number_of_a_dead_user_can_be_deleted(sim: Simulator) -> None:
    """Check a number whose incall still exists and leads to nobody (xivo-16.16.md, trap 5)."""
    sim.database.strand_incall("2100", "from-extern", 77)
    assert perform(sim, ensure_extension, **number(2100), state="absent")["changed"]
    assert extension_row(sim, 2100) is None
    assert len(sim.database.incalls) == 0


def test_a_number_that_leads_to_somebody_is_not_deleted(sim: Simulator) -> None:
    apply_list(sim, person("Ada A", 1100, 2100))
    with pytest.raises(RefusedError, match="Extension is associated with"):
        backend_of(sim).delete(EXTENSION, extension_row(sim, 2100).id)
    assert phone_book(sim) == {"Ada A": ("1100", ["2100"])}


def test_a_refused_repetition_of_an_association_succeeded(sim: Simulator) -> None:
    """Check that the repetition of a PUT whose answer was lost counts as done (xivo-16.16.md, trap 3)."""
    sim.faults.add(Fault("drop_after", method="PUT", path="/incalls/*/extensions/*"))
    apply_list(sim, ADA)
    assert apply_list(sim, person("Ada A", 1100, 2100))["changed"]
    assert phone_book(sim) == {"Ada A": ("1100", ["2100"])}
    assert not sim.faults


def test_an_incall_that_lost_its_extension_is_deleted(sim: Simulator) -> None:
    apply_list(sim, ADA, person("Bob B", 1101))
    perform(sim, ensure_extension, **number(2100))

    def snatch(method: str, path: str) -> None:
        sim.database.strand_incall("2100", "from-extern", user_row(sim, "Bob B").id)

    sim.faults.add(Fault("callback", method="PUT", path="/incalls/*/extensions/*", callback=snatch))
    with pytest.raises(ProvisionError, match="1 of 1 entry failed"):
        apply_list(sim, person("Ada A", 1100, 2100))
    assert phone_book(sim) == {"Ada A": ("1100", []), "Bob B": ("1101", ["2100"])}
    assert len(sim.database.incalls) == 1


# Phones


@pytest.mark.parametrize("fault", ["/devices", "/devices/dev1"])
def test_a_provisioning_server_that_is_down_is_an_error(sim: Simulator, fault: str) -> None:
    sim.faults.add(Fault("500_before", method="GET", path=fault))
    with pytest.raises(ServerError, match="simulated fault") as caught:
        perform(sim, read_devices, **({"id": "dev1"} if fault.endswith("dev1") else {}))
    assert "with its id and state autoprov" not in str(caught.value)


# Users


def test_a_user_who_is_deleted_meanwhile_owns_no_voicemail(sim: Simulator) -> None:
    apply_list(sim, person("Ada A", 1100, voicemail={"password": "1234"}))

    def delete(method: str, path: str) -> None:
        sim.database.users.clear()

    sim.faults.add(Fault("callback", method="GET", path="/voicemails/1", callback=delete, after=True))
    assert list(backend_of(sim).owners_of_voicemail(1)) == []
    assert list(backend_of(sim).owners_of_voicemail(99)) == []


def new(username: str, *incalls: tuple[str, str], voicemail: dict[str, Any] | None = None) -> NewUser:
    return NewUser({"firstname": "Ada"}, {"username": username, "secret": "s"}, ("1100", "default"), incalls, voicemail)


def test_who_is_only_half_there_is_not_found_whole(sim: Simulator) -> None:
    entry = person("Ada A", 1100, 2100, line={"username": "ada"}, voicemail={"password": "1234"})
    apply_list(sim, entry, person("Bob B", 1101))
    incall = ("2100", "from-extern")
    backend = backend_of(sim)
    assert [bool(each) for each in backend.find_batch([new("ada", incall, voicemail={}), new("eve")])] == [
        True,
        False,
    ]
    assert backend.find_batch([new("ada", incall, ("2101", "from-extern"))]) == [None]
    sim.database.user_voicemails.clear()
    assert backend.find_batch([new("ada", incall, voicemail={"name": "Ada"})]) == [None]


def test_a_line_without_a_sip_account_is_nobody_who_was_made(sim: Simulator) -> None:
    apply_list(sim, person("Ada A", 1100, line={"username": "ada"}))
    (row,) = backend_of(sim).client.get_items("/users")
    other = {**row, "lines": [{**row["lines"][0], "endpoint_sip": None}]}
    assert found_again([other], [new("ada")]) == [None]
    (found,) = found_again([other, row], [new("ada")])
    assert found and found.user["id"] == row["id"]
