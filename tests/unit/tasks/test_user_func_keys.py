# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The function keys of a user, by the module confd_user_func_keys."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from ansible_collections.xivo.confd.plugins.module_utils._backends.base import Backend
from ansible_collections.xivo.confd.plugins.module_utils._backends.xivo.func_keys import XivoFuncKeys
from ansible_collections.xivo.confd.plugins.module_utils._model.errors import (
    InputError,
    NotAppliedError,
    RefusedError,
    ServerError,
)
from ansible_collections.xivo.confd.plugins.module_utils._model.func_keys import KeySet, canonical_keys
from ansible_collections.xivo.confd.plugins.module_utils._model.resources import FUNC_KEYS
from ansible_collections.xivo.confd.plugins.module_utils._tasks.export import export
from ansible_collections.xivo.confd.plugins.module_utils._tasks.user import ensure_user
from ansible_collections.xivo.confd.plugins.module_utils._tasks.user_parts import ensure_user_part
from simulator import Fault, Simulator
from support.func_keys import custom, make_template, to_user
from support.helpers import EVERYWHERE, asked, backend_of, perform, written
from support.user_parts import make_names
from support.voicemails import JOHNNY

Options = dict[str, Any]
KEYS: Options = {
    1: {"destination": {"user": {"firstname": "Anna", "lastname": "Karina"}}, "label": "Anna"},
    2: {"destination": {"forward": "busy", "exten": "1201"}},
    3: {"destination": {"service": "pickup"}, "blf": True},
    4: {"destination": {"custom": "*10"}, "label": "Time", "blf": False},
    12: {"destination": {"transfer": "attended"}},
}


def ensure(sim: Simulator, check: bool = False, **options: Any) -> Options:
    return perform(sim, partial(ensure_user_part, resource=FUNC_KEYS), check, **{"user": JOHNNY, **options})


@EVERYWHERE
def test_a_change_is_predicted_made_and_made_once(people: Simulator) -> None:
    predicted = ensure(people, check=True, keys=KEYS)
    assert written(people) == []
    done = ensure(people, keys=KEYS)

    assert predicted["changed"] and done["changed"]
    assert (predicted["diff"], predicted["user_func_keys"]) == (done["diff"], done["user_func_keys"])
    assert done["diff"][0]["before_header"] == "function keys of user Johnny Depp (id 1)"
    assert done["diff"][0]["before"] == {"keys": {}}
    shown = done["user_func_keys"]
    assert list(shown["keys"]) == ["1", "2", "3", "4", "12"]
    assert shown["keys"]["1"] == {**KEYS[1], "blf": True}
    assert shown["keys"]["3"] == {**KEYS[3], "label": None, "blf": False}
    assert shown["template"] is None

    people.clear_log()
    assert ensure(people, keys=KEYS)["changed"] is False
    assert ensure(people, keys={str(position): key for position, key in KEYS.items()})["changed"] is False
    assert written(people) == []


@EVERYWHERE
def test_a_diff_has_what_differs(people: Simulator) -> None:
    ensure(people, keys={1: custom("11"), 2: custom("12"), 3: custom("13")})
    result = ensure(people, keys={1: custom("11"), 2: custom("13"), 4: custom("12", label="Moved")})
    (diff,) = result["diff"]
    assert diff["before"]["keys"].keys() == {"2", "3"}
    assert diff["after"]["keys"] == {
        "2": {"destination": {"custom": "13"}, "label": None, "blf": True},
        "4": {"destination": {"custom": "12"}, "label": "Moved", "blf": True},
    }


@EVERYWHERE
def test_two_keys_are_exchanged(people: Simulator) -> None:
    ensure(people, keys={1: to_user("Anna Karina"), 2: custom("12")})
    swapped = {1: custom("12"), 2: to_user("Anna Karina")}
    assert ensure(people, keys=swapped)["changed"]
    assert ensure(people, keys=swapped)["changed"] is False


@EVERYWHERE
def test_keys_and_template_are_managed_where_given(people: Simulator) -> None:
    make_template(people, "Desk", {"1": "100", "7": "700"})
    ensure(people, keys={1: custom("11")})
    assert ensure(people, template="Desk")["user_func_keys"]["keys"].keys() == {"1"}
    assert ensure(people, keys={2: custom("12")})["user_func_keys"]["template"] == "Desk"
    assert ensure(people)["changed"] is False

    inherited = {"2": custom("12")}
    assert ensure(people, template="Desk", keys=inherited)["changed"] is False, "keys of a template are not managed"
    result = ensure(people, template="")
    assert result["diff"][0]["before"] == {"template": "Desk"}
    assert (result["user_func_keys"]["template"], result["user_func_keys"]["keys"].keys()) == (None, {"2"})
    assert ensure(people, template="", keys={})["user_func_keys"]["keys"] == {}


@EVERYWHERE
def test_the_same_destination_as_the_template(people: Simulator) -> None:
    make_template(people, "Desk", {"1": "100"})
    wanted: Options = {"template": "Desk", "keys": {5: custom("100")}}
    assert ensure(people, **wanted)["changed"]
    assert ensure(people, **wanted)["changed"] is False


@EVERYWHERE
@pytest.mark.parametrize("check", [True, False])
def test_an_unknown_template_is_an_error(people: Simulator, check: bool) -> None:
    make_template(people, "Desk", {})
    with pytest.raises(InputError, match="the server has no template 'Dsek'. The server has '.*Desk"):
        ensure(people, check=check, template="Dsek")
    assert written(people)[1:] == []


@EVERYWHERE
def test_all_that_is_wrong_is_said_at_once(people: Simulator) -> None:
    wrong: Options = {
        0: custom("1"),
        "x": custom("2"),
        1: "1200",
        2: {"label": "nothing"},
        "03": {**custom("3"), "lable": "x"},
        3: {"destination": {"custom": "4", "service": "pickup"}, "label": 5, "blf": "maybe"},
        4: {"destination": {"user": {}}},
        5: {"destination": {"nosuch": 1}},
        6: custom("6"),
        "6": custom("7"),
    }
    with pytest.raises(InputError) as caught:
        ensure(people, keys=wrong)
    for said in (
        "func_keys.keys has the position 0. A position is a whole number from 1 to 2147483647.",
        "func_keys.keys has the position 'x'.",
        "keys.1 is '1200', but must be a dictionary with destination, label, blf.",
        "keys.2.destination is missing.",
        "keys.03 has the unknown key 'lable'.",
        "keys.3.label is 5, but must be a string.",
        "keys.3.blf is 'maybe', but must be true or false.",
        "keys.4.destination.user has no value.",
        "keys.5.destination has nosuch, but it needs exactly one type.",
        "has the position 6 twice.",
    ):
        assert said in str(caught.value)
    assert asked(people) == [] or written(people) == []


@EVERYWHERE
@pytest.mark.parametrize(
    ("key", "said"),
    [
        (custom("1", label="a;b"), "func_keys.keys.1.label 'a;b' contains ';', which cannot be stored"),
        (custom("1", label="x" * 129), "func_keys.keys.1.label has 129 characters, but the server stores at most 128"),
        (custom("1", label="a\x07"), r"label 'a\\x07' contains '\\x07', which cannot be stored"),
        (custom("1\u0663"), "keys.1.destination.custom leads to '1.*', but the number must be "),
        (custom("abc"), "keys.1.destination.custom leads to 'abc', but the number must be "),
        (custom("1" * 41), "keys.1.destination.custom leads to '1{41}', but the number must be "),
        ({"destination": {"forward": "busy", "exten": "abc"}}, "keys.1.destination.forward leads to 'abc'"),
    ],
)
def test_values_that_no_server_stores(people: Simulator, key: Options, said: str) -> None:
    with pytest.raises(InputError, match=said):
        ensure(people, keys={1: key})
    assert written(people) == []


@EVERYWHERE
def test_a_destination_is_at_one_position(people: Simulator) -> None:
    with pytest.raises(InputError, match="func_keys.keys.1 and func_keys.keys.4 have the same destination"):
        ensure(people, keys={1: to_user("Anna Karina"), 4: {"destination": {"user": {"id": 2}}, "label": "Again"}})
    assert written(people) == []


@EVERYWHERE
def test_what_a_generation_does_not_have(people: Simulator) -> None:
    is_wazo = people.generation.name == "wazo"
    parking = {1: {"destination": {"parking": True}}}
    lot = {1: {"destination": {"parking": True, "parking_lot_id": 1}}}
    member = {1: {"destination": {"groupmember": {"id": 1}, "action": "join"}}}
    purge = {1: {"destination": {"service": "vmuserpurge"}}}
    if is_wazo:
        with pytest.raises(InputError, match=r"destination.parking: this server requires parking_lot_id beside it"):
            ensure(people, keys=parking)
        with pytest.raises(InputError, match="service 'vmuserpurge' does not exist on this server"):
            ensure(people, keys=purge)
    else:
        assert ensure(people, keys=parking)["changed"]
        assert ensure(people, keys=parking)["changed"] is False
        with pytest.raises(InputError, match=r"destination.parking: this server does not have parking_lot_id"):
            ensure(people, keys=lot)
        if people.generation.name == "xivo15":
            with pytest.raises(InputError, match="groupmember does not exist on this server"):
                ensure(people, keys=member)


def every_type(sim: Simulator) -> Options:
    """A key of each type that the server has. XiVO gets what only its web interface makes."""
    api, database = sim.generation.name, sim.database
    destinations: list[Options] = [
        {"user": {"firstname": "Anna", "lastname": "Karina"}},
        {"custom": "*10"},
        *({"forward": kind} for kind in ("busy", "noanswer", "unconditional")),
        {"forward": "busy", "exten": "1201"},
        {"service": "enablevm"},
        {"service": "pickup"},
        {"transfer": "blind"},
        {"transfer": "attended"},
        {"onlinerec": True},
    ]
    if api == "wazo":
        make_names(sim)
        agent = backend_of(sim).client.post("/agents", {"number": "2001"})["id"]
        destinations += [{"group": "sales"}, {"groupmember": "sales", "action": "toggle"}]
    else:
        agent = database.insert_agent("2001")
        destinations += [
            {"parking": True},
            {"park_position": 705},
            {"bsfilter": {"id": database.insert_filter_member(1)}},
        ]
        destinations += [
            {kind: {"id": database.insert_destination(kind, kind, "3000")}}
            for kind in ("queue", "conference", "paging")
        ]
        group = database.insert_destination("group", "sales", "3001")
        destinations.append({"group": "sales" if api == "xivo16" else {"id": group}})
    destinations += [{"agent": {"id": agent}, "action": action} for action in ("login", "logout", "toggle")]
    return {str(at): {"destination": each} for at, each in enumerate(destinations, start=1)}


@EVERYWHERE
def test_every_type_is_stored_shown_and_exported(people: Simulator) -> None:
    keys = every_type(people)
    predicted = ensure(people, check=True, keys=keys)
    done = ensure(people, keys=keys)
    assert done["user_func_keys"] == predicted["user_func_keys"]
    shown = done["user_func_keys"]["keys"]
    assert {at: key["destination"] for at, key in shown.items()} == {at: key["destination"] for at, key in keys.items()}
    assert ensure(people, keys=keys)["changed"] is False
    assert ensure(people, keys=shown)["changed"] is False
    entries = perform(people, export)["entries"]
    (johnny,) = [each for each in entries if each["user"]["firstname"] == "Johnny"]
    assert johnny["func_keys"] == {"keys": keys}
    unchecked = predicted["unchecked"]
    assert "whether the server has the agent that a function key leads to" in unchecked


@EVERYWHERE
def test_a_group_on_a_key(people: Simulator) -> None:
    api = people.generation.name
    if api == "xivo15":
        group = people.database.insert_destination("group", "sales")
        with pytest.raises(InputError, match=r"destination.group is 'sales', but this server does not show groups"):
            ensure(people, keys={1: {"destination": {"group": "sales"}}})
        assert ensure(people, keys={1: {"destination": {"group": {"id": group}}}})["changed"]
        return
    make_names(people)
    wanted = {1: {"destination": {"group": "sales"}}}
    if api == "xivo16":
        with pytest.raises(RefusedError, match="A group that an API client has created cannot be on a key"):
            ensure(people, keys=wanted)
    else:
        result = ensure(people, keys=wanted)
        assert result["user_func_keys"]["keys"]["1"] == {"destination": {"group": "sales"}, "label": None, "blf": False}
        assert ensure(people, keys=wanted)["changed"] is False


@EVERYWHERE
def test_a_user_of_the_task_before_in_check_mode(people: Simulator) -> None:
    new = {"id": None, "predicted": True, "firstname": "New", "lastname": "One"}
    result = ensure(people, check=True, user=new, keys={1: {"destination": {"user": new}}, 2: to_user("Anna Karina")})
    assert result["changed"]
    assert (result["user_func_keys"]["user_id"], result["user_func_keys"]["predicted"]) == (None, True)


@EVERYWHERE
def test_a_target_as_another_task_returned_it(people: Simulator) -> None:
    anna = perform(people, ensure_user, firstname="Anna", lastname="Karina")["user"]
    assert ensure(people, keys={1: {"destination": {"user": anna}}})["changed"]
    assert ensure(people, keys={1: to_user("Anna Karina")})["changed"] is False
    with pytest.raises(InputError, match="has unknown keys: frstname"):
        ensure(people, keys={1: {"destination": {"user": {"id": 2, "frstname": "Anna"}}}})


@EVERYWHERE
def test_an_unknown_target_is_an_error(people: Simulator) -> None:
    for check in (True, False):
        with pytest.raises(InputError, match="There is no user with firstname 'Nobody'"):
            ensure(people, check=check, keys={1: to_user("Nobody")})
    assert written(people) == []


@EVERYWHERE
def test_a_lost_answer_is_no_failure(people: Simulator) -> None:
    people.faults.add(Fault("drop_after", "PUT"))
    assert ensure(people, keys=KEYS)["changed"]
    assert ensure(people, keys=KEYS)["changed"] is False


@EVERYWHERE
def test_a_dropped_write_is_an_error(people: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    backend: type[Backend] = type(backend_of(people))
    monkeypatch.setattr(backend, "_write_keys", lambda *_given: "")
    with pytest.raises(NotAppliedError, match="keys"):
        ensure(people, keys=KEYS)


@EVERYWHERE
def test_another_writer_is_noticed(people: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    backend = type(backend_of(people))
    assert issubclass(backend, XivoFuncKeys)
    write = backend._write_keys

    def together(self: XivoFuncKeys, user_id: int, keys: KeySet) -> str:
        said = write(self, user_id, keys)
        write(self, user_id, canonical_keys({"9": {"destination": {"type": "custom", "exten": "99"}}}))
        return said

    monkeypatch.setattr(backend, "_write_keys", together)
    with pytest.raises(NotAppliedError, match="did not store it: keys"):
        ensure(people, keys=KEYS)


@EVERYWHERE
def test_a_failure_puts_the_old_set_back(people: Simulator) -> None:
    make_template(people, "Desk", {"9": "900"})
    old = {1: custom("11"), 2: custom("12")}
    ensure(people, keys=old)
    people.faults.add(Fault("500_before", "PUT", "/users/1/funckeys/templates/*", times=4))
    with pytest.raises(ServerError):
        ensure(people, template="Desk", keys={1: custom("12"), 2: custom("11"), 3: to_user("Anna Karina")})
    people.faults.clear()
    assert ensure(people, keys=old, template="")["changed"] is False


def test_xivo15_puts_back_what_a_refusal_interrupts(people: Simulator) -> None:
    old = {1: custom("11"), 2: custom("12")}
    ensure(people, keys=old)
    with pytest.raises(RefusedError, match="Agent was not found"):
        ensure(people, keys={1: custom("12"), 2: {"destination": {"agent": {"id": 99}, "action": "login"}}})
    assert ensure(people, keys=old)["changed"] is False


def test_xivo15_says_that_the_phone_was_not_written(people: Simulator) -> None:
    people.database.put_device_on_line(1, "dev1")
    group = people.database.insert_destination("group", "Sales")
    result = ensure(people, keys={1: {"destination": {"group": {"id": group}}}, 2: custom("12")})
    assert "The function keys are stored, but the server could not write all of them" in result["warnings"][0]


@EVERYWHERE
def test_an_unchanged_user_costs_few_requests(people: Simulator) -> None:
    ensure(people, keys=KEYS)
    people.clear_log()
    ensure(people, user={"id": 1}, keys={1: {"destination": {"user": {"id": 2}}, "label": "Anna"}}, check=True)
    requests = [each for each in asked(people) if "token" not in each]
    assert len(requests) <= 5, requests
