# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The settings of a user that have requests of their own, by their modules: services, forwards, permissions, groups."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from ansible_collections.xivo.confd.plugins.module_utils._model.errors import (
    ConflictError,
    InputError,
    NotAppliedError,
    UnsupportedError,
)
from ansible_collections.xivo.confd.plugins.module_utils._model.records import User
from ansible_collections.xivo.confd.plugins.module_utils._model.resources import (
    CALL_PERMISSIONS,
    FORWARDS,
    FUNC_KEYS,
    GROUPS,
    LOGIN,
    SERVICES,
    USER_PARTS,
    Resource,
)
from ansible_collections.xivo.confd.plugins.module_utils._state.state import ServerState
from ansible_collections.xivo.confd.plugins.module_utils._tasks.associations import (
    ensure_line_extension,
    ensure_user_line,
)
from ansible_collections.xivo.confd.plugins.module_utils._tasks.user_parts import ensure_user_part
from simulator import Fault, Simulator
from support.helpers import apply_list, asked, backend_of, number, perform, person, written
from support.user_parts import make_names, members_of, names_of
from support.voicemails import ANNA, JOHNNY

HAVE_THEM = pytest.mark.on("xivo16", "wazo")
WANTED: dict[str, dict[str, Any]] = {
    "user_call_permissions": {"call_permissions": ["mobile"]},
    "user_groups": {"groups": ["sales"]},
    "user_services": {"dnd": True},
    "user_fallbacks": {"noanswer": {"user": ANNA, "ring_seconds": 20}},
    "user_forwards": {"noanswer": {"enabled": True, "destination": "1300"}},
}
SETTINGS = [resource for resource in USER_PARTS.values() if resource not in (LOGIN, FUNC_KEYS)]
"""test_user_login.py has the logins, which not every user has, test_user_func_keys.py what every server has."""
PARTS = pytest.mark.parametrize("resource", SETTINGS, ids=lambda each: each.name)
SETS = pytest.mark.parametrize("resource", [CALL_PERMISSIONS, GROUPS], ids=lambda each: each.name)


@pytest.fixture
def people(people: Simulator) -> Simulator:
    """The same people, on a server with call permissions and groups."""
    if people.generation.name != "xivo15":
        make_names(people)
    return people


def ensure(sim: Simulator, resource: Resource, check: bool = False, **options: Any) -> dict[str, Any]:
    return perform(sim, partial(ensure_user_part, resource=resource), check, **{"user": JOHNNY, **options})


def stored(sim: Simulator, resource: Resource) -> dict[str, Any]:
    """What the server shows of Johnny."""
    return backend_of(sim).get(resource, 1) or {}


@HAVE_THEM
@PARTS
def test_a_change_is_predicted_made_and_made_once(people: Simulator, resource: Resource) -> None:
    wanted = WANTED[resource.name]
    predicted = ensure(people, resource, check=True, **wanted)
    assert written(people) == []

    done = ensure(people, resource, **wanted)
    assert len(written(people)) == 1
    assert predicted["changed"] and done["changed"]
    assert (predicted["diff"], predicted[resource.name]) == (done["diff"], done[resource.name])
    assert done["diff"][0]["before_header"] == f"{resource.label} of user Johnny Depp (id 1)"

    people.clear_log()
    assert ensure(people, resource, **wanted)["changed"] is False
    assert written(people) == []


@HAVE_THEM
def test_what_is_left_out_stays(people: Simulator) -> None:
    ensure(people, FORWARDS, busy={"enabled": True, "destination": "1301"}, noanswer={"destination": "1302"})
    ensure(people, FORWARDS, busy={"enabled": False})
    ensure(people, FORWARDS, unconditional={"destination": "0312345678"})

    assert stored(people, FORWARDS) == {
        "busy.enabled": False,
        "busy.destination": "1301",
        "noanswer.enabled": False,
        "noanswer.destination": "1302",
        "unconditional.enabled": False,
        "unconditional.destination": "0312345678",
    }
    ensure(people, SERVICES, dnd=True)
    ensure(people, SERVICES, incallfilter=True)
    assert stored(people, SERVICES) == {"dnd": True, "incallfilter": True}


@HAVE_THEM
def test_an_empty_destination_clears(people: Simulator) -> None:
    ensure(people, FORWARDS, busy={"enabled": True, "destination": "1301"})
    result = ensure(people, FORWARDS, busy={"enabled": False, "destination": ""})

    assert result["user_forwards"]["busy"] == {"enabled": False, "destination": None}
    assert ensure(people, FORWARDS, busy={"destination": ""})["changed"] is False


@HAVE_THEM
@pytest.mark.parametrize("check", [True, False])
@pytest.mark.parametrize("wrong", [{"enabled": True}, {"enabled": True, "destination": ""}])
def test_a_forward_needs_a_destination(people: Simulator, wrong: dict[str, Any], check: bool) -> None:
    with pytest.raises(InputError, match="forwards.busy is enabled, but has no destination. Give a destination"):
        ensure(people, FORWARDS, check=check, busy=wrong)
    assert written(people) == []


@HAVE_THEM
def test_a_destination_cannot_be_too_long(people: Simulator) -> None:
    with pytest.raises(InputError, match="busy.destination '1{59}... of the forwards cannot be stored: it has 129"):
        ensure(people, FORWARDS, busy={"destination": "1" * 129})
    assert written(people) == []


@PARTS
def test_an_old_server_has_none_of_them(people: Simulator, resource: Resource) -> None:
    with pytest.raises(UnsupportedError, match=f"{resource.label} cannot be set on a server of generation xivo15"):
        ensure(people, resource, **WANTED[resource.name])
    assert written(people) == []


@HAVE_THEM
@PARTS
def test_a_user_of_the_task_before_in_check_mode(people: Simulator, resource: Resource) -> None:
    new = {"id": None, "predicted": True, "firstname": "New", "lastname": "One"}
    result = ensure(people, resource, check=True, user=new, **WANTED[resource.name])

    assert result["changed"]
    assert (result[resource.name]["user_id"], result[resource.name]["predicted"]) == (None, True)
    with pytest.raises(InputError, match="predicted"):
        ensure(people, resource, user=new, **WANTED[resource.name])


@HAVE_THEM
@PARTS
def test_an_unknown_user_is_an_error(people: Simulator, resource: Resource) -> None:
    for check in (True, False):
        with pytest.raises(InputError, match="There is no user with firstname 'Nobody'"):
            ensure(people, resource, check=check, user={"firstname": "Nobody"}, **WANTED[resource.name])


@HAVE_THEM
@PARTS
def test_nothing_wanted_changes_nothing(people: Simulator, resource: Resource) -> None:
    assert ensure(people, resource)["changed"] is False
    assert written(people) == []


@HAVE_THEM
@PARTS
def test_a_lost_answer_is_no_failure(people: Simulator, resource: Resource) -> None:
    people.faults.add(Fault("drop_after", "PUT"))
    assert ensure(people, resource, **WANTED[resource.name])["changed"]
    assert ensure(people, resource, **WANTED[resource.name])["changed"] is False


@HAVE_THEM
def test_a_dropped_write_is_an_error(people: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    backend = type(backend_of(people))
    monkeypatch.setattr(backend, "update", lambda self, resource, object_id, changes: self.get(resource, object_id))
    with pytest.raises(NotAppliedError, match="dnd"):
        ensure(people, SERVICES, dnd=True)


@HAVE_THEM
def test_a_change_costs_few_requests(people: Simulator) -> None:
    ensure(people, FORWARDS, **WANTED["user_forwards"], user={"id": 1})
    requests = [each for each in asked(people) if "token" not in each]
    assert len(requests) <= 5, requests


# Call permissions and groups


@HAVE_THEM
@SETS
def test_a_set_is_exactly_what_is_given(people: Simulator, resource: Resource) -> None:
    (option,) = resource.field_names
    both = names_of(people, resource)[:2]
    ensure(people, resource, **{option: [*reversed(both), both[0]]})
    assert stored(people, resource) == {option: tuple(sorted(both))}
    people.clear_log()
    assert ensure(people, resource, **{option: both})["changed"] is False
    assert written(people) == []

    result = ensure(people, resource, **{option: both[1:]})
    assert result[resource.name][option] == both[1:]
    assert result["diff"][0]["before"] == {option: tuple(sorted(both))}
    assert ensure(people, resource, **{option: []})[resource.name][option] == []
    assert ensure(people, resource, **{option: []})["changed"] is False


@HAVE_THEM
@SETS
@pytest.mark.parametrize("check", [True, False])
def test_an_unknown_name_is_an_error(people: Simulator, resource: Resource, check: bool) -> None:
    (option,) = resource.field_names
    said = rf"{resource.label}: the server has no 'nosuch'. The server has .*{WANTED[resource.name][option][0]}"
    with pytest.raises(InputError, match=said):
        ensure(people, resource, check=check, **{option: [*WANTED[resource.name][option], "nosuch"]})
    assert written(people) == []


@pytest.mark.on("wazo")
def test_groups_of_one_label_are_ambiguous(people: Simulator) -> None:
    backend_of(people).client.post("/groups", {"label": "sales"})
    people.clear_log()
    with pytest.raises(InputError, match="groups: 2 of them are called 'sales'. Rename all but one of them."):
        ensure(people, GROUPS, groups=["sales"])
    assert written(people) == []


@HAVE_THEM
def test_the_other_members_of_a_group_stay(people: Simulator) -> None:
    ensure(people, GROUPS, user=ANNA, groups=["sales"])
    ensure(people, GROUPS, user=JOHNNY, groups=["sales", "support"])
    assert members_of(people, "sales") == ["Anna Karina", "Johnny Depp"]
    ensure(people, GROUPS, user=ANNA, groups=[])
    assert members_of(people, "sales") == ["Johnny Depp"]


@HAVE_THEM
def test_groups_require_a_line(people: Simulator) -> None:
    bob = {"firstname": "Bob"}
    with pytest.raises(ConflictError, match="user Bob .* has no line, but groups require one. Associate a line"):
        ensure(people, GROUPS, user=bob, groups=["sales"])
    assert written(people) == []
    predicted = ensure(people, GROUPS, check=True, user=bob, groups=["sales"])
    assert "A real run fails here unless an earlier task changes this" in predicted["warnings"][0]
    assert ensure(people, GROUPS, user=bob, groups=[])["changed"] is False


@HAVE_THEM
def test_who_loses_the_line_leaves_the_groups(people: Simulator) -> None:
    ensure(people, GROUPS, user=ANNA, groups=["sales"])
    ensure(people, GROUPS, groups=["sales"])
    options = {"user": JOHNNY, "line": {"id": 1}, "state": "absent"}
    apply_list(people, person("Johnny Depp", 1200, 2200))
    taken = perform(people, ensure_line_extension, line={"id": 1}, extension=number(2200), state="absent")
    assert taken["changed"]
    predicted = perform(people, ensure_user_line, True, **options)
    done = perform(people, ensure_user_line, **options)

    assert predicted["diff"] == done["diff"]
    assert done["diff"][0]["before"] == {"groups": ("sales",)}
    assert members_of(people, "sales") == ["Anna Karina"]


@HAVE_THEM
@pytest.mark.parametrize("resource", [CALL_PERMISSIONS, LOGIN], ids=lambda each: each.name)
def test_an_empty_answer_is_an_answer(sim: Simulator, resource: Resource) -> None:
    backend = backend_of(sim)
    backend.read_snapshot()
    backend.list_parts(resource, [])
    sim.clear_log()
    backend.list_parts(resource, [])
    assert asked(sim) == []


@HAVE_THEM
@pytest.mark.parametrize("resource", [CALL_PERMISSIONS, GROUPS, LOGIN], ids=lambda each: each.name)
def test_a_list_planned_anew_reads_anew(people: Simulator, resource: Resource) -> None:
    # A backend can outlive a plan. What somebody else changed in between must not stay hidden.
    backend = backend_of(people)
    state = ServerState(backend).read_snapshot()
    before = dict(state.part_of(state.user(1) or User(), resource).fields)
    login = {"username": "johnny", "password": "sEcret77", **({"profile": "Client"} if backend.api == "xivo16" else {})}
    ensure(people, resource, **(login if resource is LOGIN else WANTED[resource.name]))
    state = ServerState(backend).read_snapshot()
    assert before != state.part_of(state.user(1) or User(), resource).fields
