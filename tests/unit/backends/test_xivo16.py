# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is XiVO 16.13's and later's own: embedded users, contexts, phones, requests."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.xivo.confd.plugins.module_utils._backends.registry import choose_backend
from ansible_collections.xivo.confd.plugins.module_utils._backends.xivo16.backend import Xivo16
from ansible_collections.xivo.confd.plugins.module_utils._bulk.provision import provision as provision_list
from ansible_collections.xivo.confd.plugins.module_utils._model.errors import (
    ConflictError,
    NotAppliedError,
    PlanError,
    ProvisionError,
    RefusedError,
    ServerError,
    UnsupportedError,
)
from ansible_collections.xivo.confd.plugins.module_utils._model.resources import DEVICE
from ansible_collections.xivo.confd.plugins.module_utils._tasks.extension import ensure_extension
from ansible_collections.xivo.confd.plugins.module_utils._tasks.info import read_devices, read_lines, read_users
from ansible_collections.xivo.confd.plugins.module_utils._tasks.line_sip import ensure_line_sip
from ansible_collections.xivo.confd.plugins.module_utils._tasks.task import Task
from ansible_collections.xivo.confd.plugins.module_utils._tasks.user import ensure_user
from simulator import Fault, Simulator
from simulator.xivo16 import TOKEN
from simulator.xivo16.users import SCHEMA
from support.helpers import (
    apply_list,
    asked,
    backend_of,
    changes,
    client_of,
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

MAC = "00:08:5d:00:00:01"


def lists(sim: Simulator) -> list[str]:
    """The requests for lists, in words, the 401 left out."""
    return [f"{each.method} {each.path}" for each in sim.requests if each.status != 401 and each.path.count("/") == 1]


def provision(sim: Simulator, count: int) -> list[dict[str, Any]]:
    """Entries of people who are on the server already."""
    entries = [person(f"F{each} L", 1000 + each, 2000 + each) for each in range(count)]
    database = sim.database
    for entry in entries:
        user = database.users.insert(**entry["user"])
        user.caller_id = f'"{user.fullname}"'
        extension = database.extensions.insert(**entry["extension"])
        line = database.lines.insert(
            username=f"u{user.id}", secret="s", context="default", sip_context="default", device_slot=1,
            provisioning_extension=str(100000 + user.id), named=True,
        )  # fmt: skip
        database.user_lines.insert(user_id=user.id, line_id=line.id, main_user=True, main_line=True)
        database.line_extensions.insert(line_id=line.id, extension_id=extension.id)
        database.strand_incall(entry["incalls"][0]["exten"], "from-extern", user.id)
    return entries


# Requests


@pytest.mark.no_cover
def test_planning_1000_unchanged_users_takes_three_lists(sim: Simulator) -> None:
    entries = provision(sim, 900)
    result = apply_list(sim, *entries, check=True)
    assert set(statuses(result)) == {"unchanged"}
    assert asked(sim) == ["GET /users", "GET /users", "GET /lines_sip", "GET /contexts"]


def test_many_unknown_extensions_are_read_with_one_list(sim: Simulator) -> None:
    apply_list(sim, *(person(f"F{each} L", 1100 + each, 2100 + each) for each in range(30)), check=True)
    assert [request.query for request in sim.requests if request.path == "/extensions"] == [
        {"context": "default", "limit": "1"},
        {"context": "default"},
        {"context": "from-extern", "limit": "1"},
        {"context": "from-extern"},
    ]


def test_few_unknown_numbers_are_asked_for_exactly(sim: Simulator) -> None:
    apply_list(sim, person("Ada A", 1100), person("Bob B", 1101), check=True)
    queries = [request.query for request in sim.requests if request.path == "/extensions"]
    assert queries == [{"exten": exten, "context": "default"} for exten in ("1100", "1101")]


def test_few_numbers_in_a_large_context_are_asked_for_exactly(sim: Simulator) -> None:
    for each in range(200):
        sim.database.extensions.insert(exten=str(1500 + each), context="default")
    apply_list(sim, *(person(f"F{each} L", 1100 + each) for each in range(12)), check=True)
    assert sum("exten" in request.query for request in sim.requests) == 12


def test_a_single_user_is_looked_up_exactly(sim: Simulator) -> None:
    """Then once more, because the server may have the name in another spelling."""
    perform(sim, ensure_user, firstname="Ada", lastname="A")
    assert [(each.path, each.query) for each in sim.requests if each.status != 401] == [
        ("/users", {"firstname": "Ada", "lastname": "A"}),
        ("/users", {"view": "directory"}),
        ("/users", {}),
    ]


# Users


def test_the_fields_of_this_generation(sim: Simulator) -> None:
    wanted = {"firstname": "Ada", "email": "ada@example.org", "ring_seconds": 20, "supervision_enabled": False}
    perform(sim, ensure_user, **wanted, call_permission_password="1234")
    assert not perform(sim, ensure_user, **wanted, call_permission_password="1234")["changed"]
    row = user_row(sim, "Ada")
    assert (row.email, row.ring_seconds, row.supervision_enabled) == ("ada@example.org", 20, False)
    result = perform(sim, ensure_user, firstname="Ada", email="")
    assert result["diff"][0]["after"] == {"email": None}
    assert result["user"]["uuid"] == row.uuid


@pytest.mark.on("xivo15")
def test_they_are_refused_by_name_where_they_do_not_exist(sim: Simulator) -> None:
    with pytest.raises(UnsupportedError, match="email, ring_seconds cannot be set on a server of generation xivo15"):
        perform(sim, ensure_user, firstname="Ada", email="a@b.c", ring_seconds=20)
    with pytest.raises(PlanError, match="entry 1, Ada: enabled cannot be set"):
        apply_list(sim, person("Ada", user={"enabled": False}))
    assert sim.writes == []


def test_a_field_that_a_server_ignores_in_silence_is_told(sim: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    """Check the error, since such a server answers 201 or 204 nevertheless (xivo-16.16.md, trap 2)."""
    monkeypatch.delitem(SCHEMA.load_fields, "ring_seconds")
    with pytest.raises(NotAppliedError, match="did not store it: ring_seconds"):
        perform(sim, ensure_user, firstname="Ada", ring_seconds=20, enabled=True)
    assert len(sim.database.users) == 0
    perform(sim, ensure_user, firstname="Ada", ring_seconds=30)
    with pytest.raises(NotAppliedError, match="did not store it: ring_seconds"):
        perform(sim, ensure_user, firstname="Ada", ring_seconds=20)


def test_a_token_does_what_a_password_does(sim: Simulator) -> None:
    backend = choose_backend("xivo16", client_of(sim, username=None, password=None, token=TOKEN))
    result = provision_list(Task(backend, {"users": [person("Ada A", 1100, 2100), person("Bob B", 1101)]}))
    assert statuses(result) == ["created", "created"]
    assert {each.status for each in sim.requests} <= {200, 201}


def test_match_by_uuid(sim: Simulator) -> None:
    perform(sim, ensure_user, firstname="Ada")
    uuid = user_row(sim, "Ada").uuid
    result = perform(sim, ensure_user, match={"uuid": uuid}, firstname="Ava")
    assert result["user"]["firstname"] == "Ava"
    assert statuses(apply_list(sim, person("Eva", match={"uuid": uuid}))) == ["updated"]


def test_a_rename_and_its_generated_caller_id_are_one_put(sim: Simulator) -> None:
    apply_list(sim, person("Ada A", 1100))
    sim.clear_log()
    perform(sim, ensure_user, match={"firstname": "Ada", "lastname": "A"}, firstname="Ava")
    assert written(sim) == ["PUT /users/1"]
    assert line_row(sim, "Ava A").callerid == '"Ava A" <1100>'


@pytest.mark.usefixtures("the_server_decides")
def test_a_refused_value_is_named(sim: Simulator) -> None:
    with pytest.raises(RefusedError, match="Input Error - language"):
        perform(sim, ensure_user, firstname="Ada", language="klingon")


# Lines


def test_the_caller_id_of_a_line_with_a_user_is_not_to_be_set(sim: Simulator) -> None:
    apply_list(sim, person("Ada A", 1100))
    line_id = line_row(sim, "Ada A").id
    with pytest.raises(ConflictError, match="Set the user's caller_id instead"):
        perform(sim, ensure_line_sip, id=line_id, callerid='"Boss"')
    assert not perform(sim, ensure_line_sip, id=line_id, callerid='"Ada A" <1100>')["changed"]
    entry = person("Ada A", 1100, line={"callerid": '"Ada A" <1100>'})
    assert statuses(apply_list(sim, entry)) == ["unchanged"]


def test_several_lines_of_a_user(sim: Simulator) -> None:
    """The main line counts; another one is nobody else's."""
    apply_list(sim, person("Ada A", 1100))
    client = backend_of(sim).client
    second = client.post("/lines_sip", {"context": "default"})["id"]
    client.post("/users/1/lines", {"line_id": second})
    world = world_of(sim)
    (user,) = world.users()
    assert world.line_of(user).id != second
    assert world.users_of(world.line(second)) == [user]
    assert statuses(apply_list(sim, person("Ada A", 1100))) == ["unchanged"]


# Contexts


@pytest.mark.parametrize(
    ("entry", "problem"),
    [
        (person("Ada A", 5000), "5000@default is outside of the ranges of default: 1000-1999"),
        (person("Ada A", 1100, 9999), "9999@from-extern|9999@default"),
        (person("Ada A", extension=number(1100, "nowhere")), "There is no context 'nowhere'. The server has default"),
        (person("Ada A", extension=number(2100)), "2100@from-extern cannot be an internal extension"),
        (person("Ada A", 1100, incall=number(1200)), "1200@default cannot be an incall"),
    ],
)
def test_wrong_numbers_are_told_before_any_write(entry: dict[str, Any], problem: str, sim: Simulator) -> None:
    with pytest.raises(PlanError, match=problem):
        apply_list(sim, entry, check=True)
    assert sim.writes == []


def test_nothing_is_left_unchecked(sim: Simulator) -> None:
    assert perform(sim, ensure_extension, check=True, **number(1100))["unchecked"] == []
    with pytest.raises(ConflictError, match="outside of the ranges"):
        perform(sim, ensure_extension, check=True, **number(5000))


# Phones


def test_a_line_is_put_on_a_phone(sim: Simulator) -> None:
    entry = person("Ada A", 1100, device={"mac": "00-08-5D-00-00-01"})
    assert statuses(apply_list(sim, entry, check=True)) == ["created"]
    assert changes(apply_list(sim, entry))[-2:] == [
        "associate phone 00:08:5d:00:00:01 10.0.0.11 (device dev1) with the new line",
        "synchronize phone 00:08:5d:00:00:01 10.0.0.11 (device dev1)",
    ]
    assert line_row(sim, "Ada A").device_id == "dev1"
    assert statuses(apply_list(sim, entry)) == ["unchanged"]


def test_a_line_changes_its_phone(sim: Simulator) -> None:
    apply_list(sim, person("Ada A", 1100, device={"mac": MAC}))
    result = apply_list(sim, person("Ada A", 1100, device={"mac": "00:08:5d:00:00:02"}))
    assert statuses(result) == ["updated"]
    assert line_row(sim, "Ada A").device_id == "dev2"
    assert sim.database.devices.get("dev1").status == "autoprov"


def test_a_phone_of_somebody_else_is_not_taken_away(sim: Simulator) -> None:
    apply_list(sim, person("Ada A", 1100, device={"mac": MAC}))
    with pytest.raises(PlanError, match=f"slot 1 of phone {MAC} .* already belongs to line .* of user Ada A"):
        apply_list(sim, person("Bob B", 1101, device={"mac": MAC}))


@pytest.mark.parametrize(
    ("device", "problem"),
    [({"mac": "zz"}, "is not a MAC address"), ({"mac": "00:00:00:00:00:00"}, "There is no phone with mac")],
)
def test_a_phone_that_is_not_there(device: dict[str, str], problem: str, sim: Simulator) -> None:
    with pytest.raises(PlanError, match=problem):
        apply_list(sim, person("Ada A", 1100, device=device))


@pytest.mark.parametrize("kind", ["drop_after", "500_after", "502"])
def test_putting_on_a_phone_survives_a_lost_answer(kind: str, sim: Simulator) -> None:
    sim.faults.add(Fault(kind, method="PUT", path="/lines/*/devices/*"))
    apply_list(sim, person("Ada A", 1100, device={"mac": MAC}))
    assert line_row(sim, "Ada A").device_id == "dev1"


def test_removal_frees_the_phone_first(sim: Simulator) -> None:
    apply_list(sim, person("Ada A", 1100, device={"mac": MAC}))
    assert statuses(apply_list(sim, leaver("Ada A"))) == ["removed"]
    assert sim.database.devices.get("dev1").status == "autoprov"
    assert not any(counts(sim).values())


def test_a_phone_without_configuration(sim: Simulator) -> None:
    sim.database.corrupt_device("dev3")
    with pytest.raises(ServerError, match="with its id and state autoprov"):
        perform(sim, read_devices)
    assert perform(sim, read_devices, search=MAC)["devices"][0]["id"] == "dev1"
    backend = backend_of(sim)
    assert backend.get(DEVICE, "dev3")["status"] == "corrupt"
    backend.reset_device("dev3")
    assert [row["id"] for row in perform(sim, read_devices)["devices"]] == ["dev1", "dev2", "dev3"]


# Reading


def test_users_with_lines_are_read_whole(sim: Simulator) -> None:
    apply_list(sim, person("Ada A", 1100, device={"mac": MAC}))
    (user,) = perform(sim, read_users, with_lines=True)["users"]
    assert user["extension"] == {"id": extension_row(sim, 1100).id, **number(1100), "commented": False}
    assert user["line"]["device_id"] == "dev1"


def test_many_users_with_lines_are_read_with_lists(sim: Simulator) -> None:
    provision(sim, 30)
    result = perform(sim, read_users, with_lines=True)
    assert {user["extension"]["commented"] for user in result["users"]} == {False}
    # The second GET /users is the quick view with the entities. The first GET /extensions is of one row: whether the
    # list is quicker than asking for each number.
    users, numbers = ["GET /users", "GET /lines_sip", "GET /users"], ["GET /extensions"] * 2
    assert lists(sim) == [*users, "GET /lines", *numbers]


@pytest.mark.parametrize(("count", "wanted"), [(3, ["GET /lines_sip"]), (30, ["GET /lines_sip", "GET /lines"])])
def test_lines_are_read_with_their_phones(count: int, wanted: list[str], sim: Simulator) -> None:
    provision(sim, count)
    sim.database.put_device_on_line(1, "dev1")
    rows = perform(sim, read_lines)["lines_sip"]
    assert [row["device_id"] for row in rows] == ["dev1"] + [None] * (count - 1)
    assert lists(sim) == wanted


# Races


def test_the_loser_of_a_race_for_a_number_takes_back_its_own(sim: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another line has got the number meanwhile: this generation refuses the second user."""
    monkeypatch.setattr(Xivo16, "batch_size", 0)
    apply_list(sim, person("Bob B", 1101))
    bobs = line_row(sim, "Bob B").id

    def share(method: str, path: str) -> None:
        old = sim.database.line_extensions.first(line_id=bobs)
        sim.database.line_extensions.delete(old)
        sim.database.share_extension(bobs, extension_row(sim, 1100).id)

    sim.faults.add(Fault("callback", method="POST", path="/users", callback=share))
    with pytest.raises(ProvisionError, match="Line is associated with a Extension"):
        apply_list(sim, person("Ada A", 1100))
    assert phone_book(sim) == {"Bob B": ("1100", [])}
