# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check that the core copes with each numbered trap of XiVO 15.12 (xivo-15.12.md, trap 1 to the last)."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.xivo.confd.plugins.module_utils._model.errors import ConfdError, ConflictError, NotAppliedError
from ansible_collections.xivo.confd.plugins.module_utils._tasks.associations import (
    ensure_line_extension,
    ensure_user_line,
)
from ansible_collections.xivo.confd.plugins.module_utils._tasks.extension import ensure_extension
from ansible_collections.xivo.confd.plugins.module_utils._tasks.line_sip import ensure_line_sip
from ansible_collections.xivo.confd.plugins.module_utils._tasks.user import ensure_user
from simulator import Simulator
from support.helpers import (
    Options,
    apply_list,
    asked,
    backend_of,
    client_of,
    counts,
    extension_row,
    line_row,
    number,
    perform,
    person,
    phone_book,
    user_row,
    world_of,
    written,
)

CLEARABLE = (
    "lastname",
    "outgoing_caller_id",
    "username",
    "password",
    "music_on_hold",
    "mobile_phone_number",
    "userfield",
    "timezone",
    "language",
    "description",
    "preprocess_subroutine",
)


# 1. A PUT can be dropped whole and still answer 204


@pytest.mark.parametrize("name", CLEARABLE)
def test_trap_1_every_field_can_be_cleared(sim: Simulator, name: str) -> None:
    value = "1234" if name in ("password", "mobile_phone_number") else "fr_FR"
    perform(sim, ensure_user, firstname="Ada", **{name: value})
    match = {"id": 1}
    assert perform(sim, ensure_user, match=match, firstname="Ada", **{name: ""})["changed"]
    assert not getattr(sim.database.users.get(1), name)
    assert not perform(sim, ensure_user, match=match, firstname="Ada", **{name: ""})["changed"]


def test_trap_1_all_fields_are_cleared_at_once(sim: Simulator) -> None:
    perform(sim, ensure_user, firstname="Ada", **dict.fromkeys(CLEARABLE, "1234"))
    cleared: Options = {"match": {"id": 1}, **dict.fromkeys(CLEARABLE, "")}
    assert perform(sim, ensure_user, **cleared)["changed"]
    assert not perform(sim, ensure_user, **cleared)["changed"]


@pytest.mark.usefixtures("the_server_decides")
@pytest.mark.parametrize(("name", "limit"), [("username", 64), ("userfield", 128), ("language", 20)])
def test_trap_1_a_dropped_put_is_an_error(sim: Simulator, name: str, limit: int) -> None:
    perform(sim, ensure_user, firstname="Ada")
    with pytest.raises(NotAppliedError, match=f"did not store it: {name} still has its old value") as caught:
        perform(sim, ensure_user, firstname="Ada", **{name: "x" * (limit + 1)})
    assert caught.value.fields == [name]
    assert perform(sim, ensure_user, firstname="Ada", **{name: "x" * limit})["changed"]


def test_trap_1_a_duplicate_sip_username_is_an_error(sim: Simulator) -> None:
    for username in ("one", "two"):
        perform(sim, ensure_line_sip, username=username, context="default")
    with pytest.raises(ConfdError, match="username") as caught:
        perform(sim, ensure_line_sip, id=2, username="one", device_slot=3)
    assert isinstance(caught.value, (NotAppliedError, ConflictError))
    assert [row.username for row in sim.database.lines] == ["one", "two"]


# 2. Digest nonce and session cookie belong together


def test_trap_2_a_run_survives_restarts(sim: Simulator) -> None:
    client = client_of(sim)
    for _each in range(3):
        assert client.get("/infos")["uuid"]
        sim.restart()
    assert client.get("/infos")["uuid"]


# 3. Paging loses and repeats rows


def test_trap_3_lists_are_read_in_one_unpaged_request(sim: Simulator) -> None:
    for _each in range(30):
        sim.database.users.insert(firstname="Same", lastname="Name")
    assert [user.id for user in world_of(sim).users()] == list(range(1, 31))
    assert all(not {"limit", "skip"} & set(request.query) for request in sim.requests)


# 4. Incalls hang on the line's main user


def test_trap_4_the_line_is_not_taken_from_a_user_with_incalls(sim: Simulator) -> None:
    apply_list(sim, person("Ada A", 1200, 2200))
    options = {"user": {"firstname": "Ada", "lastname": "A"}, "line": number(1200), "state": "absent"}
    with pytest.raises(ConflictError, match="has incalls that would lose their destination: 2200@from-extern"):
        perform(sim, ensure_user_line, **options)
    predicted = perform(sim, ensure_user_line, check=True, **options)
    assert predicted["changed"]
    assert "A real run fails here unless an earlier task changes this" in predicted["warnings"][0]
    assert phone_book(sim) == {"Ada A": ("1200", ["2200"])}


def test_trap_4_the_main_user_stays_while_there_are_others(sim: Simulator) -> None:
    apply_list(sim, person("Ada A", 1200), person("Bob"))
    result = perform(sim, ensure_user_line, user={"firstname": "Bob"}, line=number(1200))
    assert result["user_line"]["main_user"] is False
    assert "becomes a secondary user" in result["warnings"][0]
    with pytest.raises(ConflictError, match=r"has secondary users: user Bob \(id 2\)"):
        perform(sim, ensure_user_line, user={"id": 1}, line=number(1200), state="absent")
    perform(sim, ensure_user_line, user={"id": 2}, line=number(1200), state="absent")
    assert perform(sim, ensure_user_line, user={"id": 1}, line=number(1200), state="absent")["changed"]


def test_trap_4_an_incall_waits_for_a_user(sim: Simulator) -> None:
    perform(sim, ensure_line_sip, username="ada", context="default")
    perform(sim, ensure_extension, **number(2200))
    pair = {"line": {"username": "ada"}, "extension": number(2200)}
    with pytest.raises(ConflictError, match="has no user, so the incall 2200@from-extern has no destination"):
        perform(sim, ensure_line_extension, **pair)
    assert perform(sim, ensure_line_extension, check=True, **pair)["changed"]


# 5. caller_id and callerid move by themselves


@pytest.mark.parametrize("lastname", ["", "Lovelace"])
def test_trap_5_a_rename_converges_in_one_run(sim: Simulator, lastname: str) -> None:
    perform(sim, ensure_user, firstname="Ada", lastname=lastname, caller_id="Countess")
    wanted: Options = {"match": {"id": 1}, "firstname": "Augusta", "lastname": lastname, "caller_id": "Countess"}
    assert perform(sim, ensure_user, **wanted)["changed"]
    assert sim.database.users.get(1).caller_id == '"Countess"'
    assert not perform(sim, ensure_user, **wanted)["changed"]


@pytest.mark.parametrize(
    ("before", "given", "after"),
    [
        ({}, {}, '"Augusta King"'),
        ({"caller_id": "Countess"}, {}, '"Countess"'),
        ({"caller_id": "Countess"}, {"caller_id": ""}, '"Augusta King"'),
        ({"caller_id": "Countess"}, {"caller_id": "Augusta King"}, '"Augusta King"'),
        ({}, {"caller_id": "Ada Lovelace"}, '"Ada Lovelace"'),
    ],
    ids=["generated follows", "custom is kept", "empty generates", "given", "old name kept as custom"],
)
def test_trap_5_caller_id_after_a_rename(sim: Simulator, before: Options, given: Options, after: str) -> None:
    perform(sim, ensure_user, firstname="Ada", lastname="Lovelace", **before)
    wanted: Options = {"match": {"id": 1}, "firstname": "Augusta", "lastname": "King", **given}
    perform(sim, ensure_user, **wanted)
    assert sim.database.users.get(1).caller_id == after
    assert not perform(sim, ensure_user, **wanted)["changed"]


NAMES = st.text(alphabet='abÉ "<>1', min_size=1, max_size=6).filter(str.strip)


CALLER_IDS = NAMES.filter(lambda text: text.strip('" '))


@given(NAMES, NAMES, st.none() | CALLER_IDS, st.none() | CALLER_IDS)
def test_trap_5_any_rename_converges_in_one_run(
    sim: Simulator, first: str, second: str, old: str | None, new: str | None
) -> None:
    sim.reset()
    perform(sim, ensure_user, firstname=first, **({"caller_id": old} if old else {}))
    wanted: Options = {"match": {"id": 1}, "firstname": second, **({"caller_id": new} if new else {})}
    perform(sim, ensure_user, **wanted)
    assert not perform(sim, ensure_user, **wanted)["changed"]


def test_trap_5_a_lines_callerid_follows_a_number_that_moves(sim: Simulator) -> None:
    apply_list(sim, person("Ada A", 1200, user={"caller_id": "Countess"}))
    perform(sim, ensure_extension, id=extension_row(sim, 1200).id, exten=1300)
    assert line_row(sim, "Ada A").callerid == '"Ada A" <1300>'
    assert user_row(sim, "Ada A").caller_id == '"Countess"'


# 6. search is a substring search with wildcards


@pytest.mark.parametrize("name", ["50%", "a_b", "a\\b", "\\", "%", "É", "o'Hara", "ß", "x  x"])
def test_trap_6_search_and_compare(sim: Simulator, name: str) -> None:
    for near in (f"{name}x", f"x{name}", "50 percent", "axb", "a/b", "E", name.swapcase()):
        sim.database.users.insert(firstname=near, caller_id="x")
    wanted = sim.database.users.insert(firstname=name, caller_id="x", userfield=name).id
    backend = backend_of(sim)
    exact = [row["id"] for row in backend.find_users(firstname=name, lastname=None)]
    assert exact == [row.id for row in sim.database.users if row.firstname == name]
    assert wanted in exact
    assert [row["id"] for row in backend.find_users(userfield=name)] == [wanted]


def test_trap_6_a_number_is_not_a_part_of_a_number(sim: Simulator) -> None:
    for exten, context in (("0312000000", "from-extern"), ("1200", "sales"), ("01200", "default")):
        sim.database.extensions.insert(exten=exten, context=context)
    backend = backend_of(sim)
    assert backend.find_extension("1200", "default") is None
    assert (backend.find_extension("1200", "sales") or {})["context"] == "sales"
    assert perform(sim, ensure_extension, **number(1200))["changed"]


# 7. GET /lines_sip runs one query per line


def test_trap_7_lines_are_read_from_lines(sim: Simulator) -> None:
    entries = [person(f"User {index}", 1100 + index) for index in range(3)]
    apply_list(sim, *entries)
    sim.clear_log()
    apply_list(sim, *entries)
    assert "GET /lines" in asked(sim)
    assert not any("lines_sip" in words for words in asked(sim))


# 8. REQUESTS_CA_BUNDLE


def test_trap_8_the_environment_does_not_switch_verification_on(
    tls_sim: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/nowhere.pem")
    assert client_of(tls_sim, validate_certs=False, ca_path=None).get_items("/users") == []


# And what xivo-15.12.md, "Renaming, renumbering" and "lines/ID/extensions" say.


def test_an_incall_moves_with_its_user(sim: Simulator) -> None:
    apply_list(sim, person("Ada A", 1200, 2200))
    assert perform(sim, ensure_extension, id=extension_row(sim, 2200).id, exten="2300")["changed"]
    assert phone_book(sim) == {"Ada A": ("1200", ["2300"])}
    assert counts(sim)["incalls"] == 1


@pytest.mark.parametrize(("exten", "line"), [(1200, 1), (2200, 1)])
def test_a_number_of_another_line_is_refused(sim: Simulator, exten: int, line: int) -> None:
    apply_list(sim, person("Ada A", 1200, 2200), person("Bob B", 1201))
    sim.clear_log()
    with pytest.raises(ConflictError, match=rf"{exten}@.* already belongs to line \S+ \(id {line}\) of user Ada A"):
        perform(sim, ensure_line_extension, line=number(1201), extension=number(exten))
    with pytest.raises(ConflictError, match=r"already has extension 1201@default\. Change its number to 1300"):
        perform(sim, ensure_extension, **number(1300))
        perform(sim, ensure_line_extension, line=number(1201), extension=number(1300))


def test_a_line_may_show_another_context_than_its_number(sim: Simulator) -> None:
    entry = person("Ada A", 1200)
    apply_list(sim, entry)
    row = line_row(sim, "Ada A")
    row.context = row.sip_context = "sales"
    world = world_of(sim)
    (user,) = world.users()
    assert (world.extension_of_user(user) or {})["context"] == "default"
    assert not [change for change in apply_list(sim, entry)["results"][0]["changes"] if "1200" in change]


def test_of_a_shared_line_the_main_user_comes_first(sim: Simulator) -> None:
    apply_list(sim, person("Zed"), person("Main M", 1200))
    perform(sim, ensure_user_line, user={"firstname": "Zed"}, line=number(1200))
    for complete in (True, False):
        world = world_of(sim, complete)
        line = world.line(1)
        assert line is not None
        assert [user["firstname"] for user in world.users_of(line)] == ["Main", "Zed"]


def test_predicted_objects_are_accepted_in_check_mode(sim: Simulator) -> None:
    def predict(action: Any, **options: Any) -> Options:
        return perform(sim, action, check=True, **options)

    user = predict(ensure_user, firstname="Ada")["user"]
    extension = predict(ensure_extension, **number(1200))["extension"]
    line = predict(ensure_line_sip, context="default", match={"extension": extension})["line_sip"]
    assert all(each["predicted"] and each["id"] is None for each in (user, extension, line))
    number_pair = predict(ensure_line_extension, line=line, extension=extension)
    user_pair = predict(ensure_user_line, user=user, line=line)
    assert number_pair["line_extension"]["predicted"] and user_pair["user_line"]["predicted"]
    assert number_pair["changed"] and user_pair["changed"]
    assert written(sim) == []


@pytest.mark.parametrize("phone", [True, False])
def test_what_is_held_is_not_removed(sim: Simulator, phone: bool) -> None:
    apply_list(sim, person("Ada A", 1200, 2200))
    if phone:
        sim.database.put_device_on_line(1, "dev1")
    sim.clear_log()
    held = r"Ada A \(id 1\) is associated with line .*incall 2200@from-extern"
    with pytest.raises(ConflictError, match=held):
        perform(sim, ensure_user, firstname="Ada", lastname="A", state="absent")
    with pytest.raises(ConflictError, match=rf"is associated with .*1200@default{'.*device dev1' if phone else ''}"):
        perform(sim, ensure_line_sip, id=1, state="absent")
    with pytest.raises(ConflictError, match="extension 1200@default .* is associated with line"):
        perform(sim, ensure_extension, state="absent", **number(1200))
    if phone:
        with pytest.raises(ConflictError, match=r"has a phone \(device dev1\)"):
            perform(sim, ensure_line_extension, line={"id": 1}, extension=number(1200), state="absent")
    assert written(sim) == []
