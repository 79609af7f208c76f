# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""XiVO 15.12 where what it lists does not fit together, or says less than is asked."""

from __future__ import annotations

import pytest

from ansible_collections.xivo.confd.plugins.module_utils._model.errors import UnsupportedError
from ansible_collections.xivo.confd.plugins.module_utils._model.records import Extension, User
from simulator import Fault, Simulator
from support.helpers import backend_of, line_row, world_of
from support.voicemails import ANNA, KEY, ensure


def test_an_incall_needs_a_line(sim: Simulator) -> None:
    user, incall = User(id=1, fields={"firstname": "Ada"}), Extension(id=7)
    for act in (backend_of(sim).associate_incall, backend_of(sim).dissociate_incall):
        with pytest.raises(UnsupportedError, match=r"Ada .*has no line, and this server associates incalls with lines"):
            act(user, None, incall)
    assert sim.requests == []


def test_nobody_is_asked_twice_whose_a_voicemail_is(people: Simulator) -> None:
    ensure(people, **KEY, name="House")
    people.clear_log()
    assert list(backend_of(people).owners_of_voicemail(1, [2, 3])) == []
    answered = [request.path for request in people.requests if request.status != 401]
    assert [each for each in answered if each.endswith("/voicemail")] == [
        f"/users/{each}/voicemail" for each in (2, 3, 1)
    ]
    ensure(people, **KEY, user=ANNA)
    assert [each.user_id for each in backend_of(people).owners_of_voicemail(1)] == [2]


def test_the_number_of_a_line_in_another_context_is_asked_for(people: Simulator) -> None:
    """A line may show another context than its number's."""
    line = line_row(people, "Johnny Depp")
    line.context = "sales"
    world = world_of(people)
    number = world.extension_of(world.line(line.id))
    assert number and number.key == ("1200", "default")


def test_an_extension_dissociated_while_reading_is_none(people: Simulator) -> None:
    line = line_row(people, "Johnny Depp")
    line.context = "sales"

    def take_off(method: str, path: str) -> None:
        people.database.line_extensions.delete(people.database.line_extensions.first(line_id=line.id))

    people.faults.add(Fault("callback", "GET", f"/lines/{line.id}/extension", callback=take_off))
    world = world_of(people)
    assert world.extension_of(world.line(line.id)) is None
