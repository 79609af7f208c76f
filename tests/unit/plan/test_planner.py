# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the planner foresees of new objects, and what it refuses before any write, by itself."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.xivo.confd.plugins.module_utils._model.errors import (
    ConflictError,
    InputError,
    UnsupportedError,
)
from ansible_collections.xivo.confd.plugins.module_utils._operations.line import CreateLine
from ansible_collections.xivo.confd.plugins.module_utils._operations.user import CreateUser
from ansible_collections.xivo.confd.plugins.module_utils._plan.planner import Planner
from ansible_collections.xivo.confd.plugins.module_utils._tasks.extension import ensure_extension
from simulator import Simulator
from support.helpers import (
    Options,
    apply_list,
    extension_row,
    make_user,
    number,
    perform,
    person,
    statuses,
    unchanged_after,
    world_of,
    written,
)


def planner_of(sim: Simulator) -> Planner:
    return Planner(world_of(sim))


# New users and lines


@pytest.mark.parametrize(
    ("given", "caller_id"),
    [
        ({}, '"Ann A"'),
        ({"caller_id": "Reception"}, '"Reception"'),
        ({"caller_id": '"Reception"'}, '"Reception"'),
        ({"caller_id": ""}, '"Ann A"'),
    ],
)
def test_the_caller_id_of_a_new_user(given: Options, caller_id: str, sim: Simulator) -> None:
    user = planner_of(sim).ensure_user(None, {"firstname": "Ann", "lastname": "A", **given})
    assert user["caller_id"] == caller_id


@pytest.mark.on("xivo16")
def test_what_a_new_user_gets_of_the_server(sim: Simulator) -> None:
    user = planner_of(sim).ensure_user(None, {"firstname": "Ann"})
    assert (user["ring_seconds"], user["enabled"], user["email"]) == (30, True, None)


def test_a_new_user_knows_the_namesakes(sim: Simulator) -> None:
    for name in ("Ann A", "Ann A", "Ann B", "Bob A"):
        make_user(sim, name)
    planner = planner_of(sim)
    planner.ensure_user(None, {"firstname": "Ann", "lastname": "A"})
    (step,) = planner.operations
    assert isinstance(step, CreateUser)
    assert [user.id for user in step.namesakes] == [1, 2]


def test_a_new_line_is_known_whole(sim: Simulator) -> None:
    planner = planner_of(sim)
    line = planner.ensure_line(None, {"context": "default", "callerid": ""}, "1200@default")
    (step,) = planner.operations
    assert isinstance(step, CreateLine)
    assert step.text == "create SIP line for 1200@default"
    assert (line.details_known, line["device_slot"], line["callerid"], line["webrtc"]) == (True, 1, None, None)
    sim.clear_log()
    line.id = 99
    assert planner.state.users_of(line) == []
    assert planner.state.extension_of(line) is None
    assert sim.requests == []


@pytest.mark.on("wazo")
def test_what_a_new_line_gets_of_the_server(sim: Simulator) -> None:
    assert planner_of(sim).ensure_line(None, {"context": "default"}, "1200@default")["webrtc"] is False


# What a generation does not have, or does not store


@pytest.mark.on("xivo15", "xivo16")
@pytest.mark.always
def test_a_field_that_a_generation_lacks_is_refused(sim: Simulator) -> None:
    api = sim.generation.name
    with pytest.raises(UnsupportedError, match=rf"subscription_type cannot be set on a server of generation {api}\."):
        planner_of(sim).ensure_user(None, {"firstname": "Ann", "subscription_type": 1})
    if api == "xivo15":
        with pytest.raises(UnsupportedError, match=r"webrtc cannot be set on a server of generation xivo15\."):
            planner_of(sim).ensure_line(None, {"context": "default", "webrtc": True}, "1200@default")
        with pytest.raises(UnsupportedError, match=r"email cannot be set on a server of generation xivo15\."):
            planner_of(sim).ensure_user(None, {"firstname": "Ann", "email": "a@example.org"})


@pytest.mark.on("xivo15", "xivo16")
@pytest.mark.always
def test_a_value_that_a_generation_does_not_store_is_refused(sim: Simulator) -> None:
    values: dict[str, dict[str, Any]] = {
        "xivo15": {"firstname": "Ann", "username": "a" * 65},
        "xivo16": {"firstname": "Ann", "ring_seconds": 61},
    }
    with pytest.raises(InputError, match=r"^(username|ring_seconds) "):
        planner_of(sim).ensure_user(None, values[sim.generation.name])


# Numbers


@pytest.mark.on("xivo16")
@pytest.mark.parametrize(
    ("change", "wanted"), [({"exten": "4000"}, "4000@default"), ({"context": "from-extern"}, "1000@from-extern")]
)
def test_a_number_moves_within_the_ranges_only(change: Options, wanted: str, sim: Simulator) -> None:
    perform(sim, ensure_extension, **number(1000))
    sim.clear_log()
    with pytest.raises(ConflictError, match=f"{wanted} is outside of the ranges of"):
        perform(sim, ensure_extension, id=extension_row(sim, 1000).id, **change)
    assert written(sim) == []


@pytest.mark.on("xivo15", "xivo16", "wazo")
@pytest.mark.always
@pytest.mark.parametrize("which", [number(1000), {"range": "1000-1009", "context": "default"}])
def test_a_number_is_switched_off_and_on_once(which: Options, sim: Simulator) -> None:
    """Also where lists and other objects show no more of a number than the number."""
    for commented in (True, False):
        entry = person("Ann A", extension={**which, "commented": commented})
        assert statuses(apply_list(sim, entry)) == ["created" if commented else "updated"]
        assert unchanged_after(sim, entry)
        assert bool(extension_row(sim, 1000).commented) is commented


@pytest.mark.on("xivo15", "xivo16", "wazo")
@pytest.mark.always
def test_a_number_that_moves_and_stays_on_only_moves(sim: Simulator) -> None:
    apply_list(sim, person("Ann A", 1000))
    moved = apply_list(sim, person("Ann A", extension={**number(1001), "commented": False}))
    assert [diff["after"] for diff in moved["diff"]] == [{"exten": "1001"}]


def test_who_goes_takes_the_voicemail_along(sim: Simulator) -> None:
    apply_list(sim, person("Ann A", 1000, voicemail={"password": "1234"}))
    planner = planner_of(sim)
    (ann,) = planner.state.users()
    assert planner.state.voicemails.of(ann) is planner.state.voicemails.at("1000", "default")
    planner.remove_user(ann)
    assert planner.state.voicemails.of(ann) is None
    assert planner.state.voicemails.at("1000", "default") is None
    assert planner.state.users_named("Ann", "A") == []
