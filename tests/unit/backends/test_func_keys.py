# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How the keys of a user are read and written on each generation, and how the template is found that is on a user."""

from __future__ import annotations

from contextlib import nullcontext
from typing import Any

import pytest

from ansible_collections.xivo.confd.plugins.module_utils._backends.base import Backend
from ansible_collections.xivo.confd.plugins.module_utils._model.errors import InputError, RefusedError, ServerError
from ansible_collections.xivo.confd.plugins.module_utils._model.records import WARNING
from ansible_collections.xivo.confd.plugins.module_utils._model.resources import FUNC_KEYS, canonical
from simulator import Fault, Simulator
from support.helpers import EVERYWHERE, asked, backend_of, written

Keys = dict[str, Any]


def custom(exten: str, **more: Any) -> Keys:
    return {"destination": {"type": "custom", "exten": exten}, **more}


def write(backend: Backend, keys: Keys) -> Keys:
    return backend.update(FUNC_KEYS, 1, {"keys": canonical("keys", keys)})


def stored(sim: Simulator) -> Keys:
    """Return {position: what the key leads to} of Johnny's own keys."""
    keys = (backend_of(sim).get(FUNC_KEYS, 1) or {})["keys"]
    return {position: key["destination"].target for position, key in keys.items()}


def make_template(sim: Simulator, name: str | None, **keys: str) -> int:
    """Make a template. keys: {"k1": what the key at position 1 leads to}."""
    body = {
        **({} if name is None else {"name": name}),
        "keys": {at[1:]: custom(exten) for at, exten in keys.items()},
    }
    return int(backend_of(sim).client.post("/funckeys/templates", body)["id"])


@EVERYWHERE
def test_a_set_is_written_whole_and_read_back(people: Simulator) -> None:
    backend = backend_of(people)
    wanted = {
        "10": custom("10", label="Ten", blf=False),
        "2": {"destination": {"type": "user", "user_id": 2}},
        "3": {"destination": {"type": "forward", "forward": "busy"}, "label": ""},
        "4": {"destination": {"type": "service", "service": "pickup"}, "blf": True},
    }
    row = write(backend, wanted)
    assert list(row["keys"]) == ["2", "3", "4", "10"]
    assert row["keys"] == canonical("keys", wanted)
    assert (row["keys"]["2"]["blf"], row["keys"]["4"]["blf"], row["keys"]["10"]["blf"]) == (True, False, False)

    assert stored(people).keys() == {"2", "3", "4", "10"}
    write(backend, {"2": custom("10")})
    assert stored(people) == {"2": "10"}
    write(backend, {})
    assert stored(people) == {}


@EVERYWHERE
def test_two_keys_are_exchanged(people: Simulator) -> None:
    backend = backend_of(people)
    write(backend, {"1": custom("11"), "2": custom("12"), "3": custom("13")})
    people.clear_log()
    write(backend, {"1": custom("12"), "2": custom("11"), "3": custom("13")})
    assert stored(people) == {"1": "12", "2": "11", "3": "13"}
    if people.generation.name == "xivo15":
        keys = [f"{method} /users/1/funckeys/{at}" for method, at in (("DELETE", 2), ("PUT", 1), ("PUT", 2))]
        assert written(people) == keys
    else:
        assert written(people) == ["PUT /users/1/funckeys"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"1": "11", "2": "12", "3": "13"}, {"1": "12", "2": "13", "3": "11"}),
        ({"1": "11", "2": "12"}, {"1": "12", "2": "11", "3": "19"}),
        ({"2": "12", "3": "13"}, {"1": "12", "2": "13", "3": "12x"}),
        ({"1": "11", "2": "12", "5": "15"}, {"2": "11", "1": "15"}),
        ({"1": "11", "2": "12", "3": "13", "4": "14"}, {"9": "11", "1": "12", "2": "11x", "3": "14", "4": "13"}),
    ],
)
def test_xivo15_writes_positions_in_an_order(people: Simulator, before: dict[str, str], after: dict[str, str]) -> None:
    backend = backend_of(people)
    write(backend, {at: custom(exten.upper()) for at, exten in before.items()})
    write(backend, {at: custom(exten.upper()) for at, exten in after.items()})
    assert stored(people) == {at: exten.upper() for at, exten in after.items()}


def test_xivo15_writes_only_what_differs(people: Simulator) -> None:
    backend = backend_of(people)
    write(backend, {"1": custom("11"), "2": custom("12")})
    people.clear_log()
    write(backend, {"1": custom("11"), "2": custom("12", label="Two")})
    assert written(people) == ["PUT /users/1/funckeys/2"]


def test_xivo15_stores_a_key_and_answers_an_error(people: Simulator) -> None:
    database = people.database
    database.put_device_on_line(1, "dev1")
    group = database.insert_destination("group", "Sales")
    row = write(backend_of(people), {"1": {"destination": {"type": "group", "group_id": group}}, "2": custom("12")})

    assert "The function keys are stored, but the server could not write all of them to the phone" in row[WARNING]
    assert "HTTP 404: " in row[WARNING]
    assert row["keys"].keys() == {"1", "2"}


@pytest.mark.parametrize("status", ["500_before", "500_after"])
def test_xivo15_an_error_counts_by_what_is_stored(people: Simulator, status: str) -> None:
    people.faults.add(Fault(status, "PUT", "/users/1/funckeys/1"))
    if status == "500_after":
        assert write(backend_of(people), {"1": custom("11")})["keys"].keys() == {"1"}
    else:
        with pytest.raises(ServerError):
            write(backend_of(people), {"1": custom("11")})
        assert stored(people) == {}


@pytest.mark.parametrize("kind", ["html", "drop_after", "truncated"])
def test_xivo15_a_lost_answer_does_not_end_the_set(people: Simulator, kind: str) -> None:
    people.faults.add(Fault(kind, "PUT", "/users/1/funckeys/1", times=2))
    row = write(backend_of(people), {"1": custom("11"), "2": custom("12")})
    assert (row["keys"].keys(), row[WARNING]) == ({"1", "2"}, "")


@EVERYWHERE
def test_a_refusal_after_a_write_is_partial(people: Simulator) -> None:
    with pytest.raises(RefusedError) as caught:
        write(backend_of(people), {"1": custom("11"), "2": {"destination": {"type": "user", "user_id": 999}}})
    assert caught.value.is_partial
    assert stored(people) == ({"1": "11"} if people.generation.name == "xivo15" else {})


# Templates


@EVERYWHERE
def test_a_template_is_put_on_replaced_and_taken_off(people: Simulator) -> None:
    make_template(people, "Desk", k1="100", k3="300")
    make_template(people, "Lobby", k1="100", k3="301")
    backend = backend_of(people)
    write(backend, {"3": custom("11")})
    for name in ("Desk", "Lobby"):
        row = backend.update(FUNC_KEYS, 1, {"template": name})
        assert row["template"] == name
        assert stored(people) == {"3": "11"}, "keys of a template are not the user's"
    row = backend.update(FUNC_KEYS, 1, {"template": None})
    assert (row["template"], stored(people)) == (None, {"3": "11"})
    assert backend.update(FUNC_KEYS, 1, {"template": None})["template"] is None


@EVERYWHERE
def test_templates_that_look_the_same(people: Simulator) -> None:
    make_template(people, "Desk", k1="100")
    make_template(people, "Lobby", k1="100", k3="301")
    backend = backend_of(people)
    backend.update(FUNC_KEYS, 1, {"template": "Lobby", "keys": canonical("keys", {"3": custom("11")})})
    other = backend_of(people)
    other.expect_template(1, "Lobby")
    assert [(each.get(FUNC_KEYS, 1) or {})["template"] for each in (backend, other)] == ["Lobby"] * 2
    backend.update(FUNC_KEYS, 1, {"template": None})
    assert (other.get(FUNC_KEYS, 1) or {})["template"] is None


@EVERYWHERE
def test_names_of_templates_are_not_unique(people: Simulator) -> None:
    first, second = make_template(people, "Desk", k1="100"), make_template(people, "Desk", k1="200")
    nameless = make_template(people, None, k1="300")
    backend = backend_of(people)
    backend.client.put(f"/users/1/funckeys/templates/{second}", {})
    assert (backend.get(FUNC_KEYS, 1) or {})["template"] == f"Desk (id {second})"
    backend.client.put(f"/users/1/funckeys/templates/{nameless}", {})
    assert (backend.get(FUNC_KEYS, 1) or {})["template"] == f"(id {nameless})"

    said = rf"function keys: 2 templates are called 'Desk'. Write one of 'Desk \(id {first}\)', 'Desk \(id {second}\)'"
    with pytest.raises(InputError, match=said):
        backend.check_part(FUNC_KEYS, {"template": "Desk"})
    with pytest.raises(InputError, match="the server has no template 'Dsek'. The server has '.*Desk"):
        backend.check_part(FUNC_KEYS, {"template": "Dsek"})
    assert backend.update(FUNC_KEYS, 1, {"template": f"Desk (id {first})"})["template"] == f"Desk (id {first})"


@EVERYWHERE
def test_reading_costs_a_request_a_person(people: Simulator) -> None:
    make_template(people, "Desk", k1="100")
    backend_of(people).update(FUNC_KEYS, 1, {"template": "Desk"})
    backend = backend_of(people)
    backend.get(FUNC_KEYS, 1)
    people.clear_log()
    backend.get(FUNC_KEYS, 1)
    assert [each for each in asked(people) if "token" not in each] == ["GET /users/1/funckeys"]


@EVERYWHERE
def test_an_unknown_user_has_no_keys(people: Simulator) -> None:
    assert backend_of(people).get(FUNC_KEYS, 99) is None


# The rules, held against the servers


@pytest.mark.on("xivo15", "xivo16")
def test_a_label_has_128_characters(people: Simulator) -> None:
    backend = backend_of(people)
    for size, refusal in ((128, nullcontext()), (129, pytest.raises(ServerError))):
        with refusal:
            backend.client.put("/users/1/funckeys/1", custom("1", label="x" * size))
        keys = canonical("keys", {"1": custom("1", label="x" * size)})
        assert len(backend.problems_of_values(FUNC_KEYS, {"keys": keys})) == size - 128


@EVERYWHERE
@pytest.mark.parametrize(
    ("key", "is_taken"),
    [
        (custom("1" * 40), True),
        (custom("1" * 41), False),
        (custom("+A*1"), True),
        (custom("abc"), False),
        ({"destination": {"type": "forward", "forward": "busy", "exten": "abc"}}, False),
        ({"destination": {"type": "service", "service": "nosuch"}}, False),
    ],
)
def test_the_server_agrees_with_the_rules(people: Simulator, key: Keys, is_taken: bool) -> None:
    backend = backend_of(people)
    with nullcontext() if is_taken else pytest.raises((RefusedError, ServerError)):
        backend.client.put("/users/1/funckeys/1", key)
    keys = canonical("keys", {"1": key})
    assert bool(backend.problems_of_values(FUNC_KEYS, {"keys": keys})) != is_taken or "nosuch" in str(key)


@EVERYWHERE
def test_the_server_stores_one_destination_once(people: Simulator) -> None:
    backend = backend_of(people)
    with pytest.raises(RefusedError, match="destination already exists"):
        for position in ("1", "2"):
            backend.client.put(f"/users/1/funckeys/{position}", custom("11"))
    keys = canonical("keys", {"1": custom("11"), "2": custom("11")})
    (problem,) = backend.problems_of_combination(FUNC_KEYS, {"keys": keys}, ["keys"], lambda _name: False)
    assert "have the same destination" in problem
