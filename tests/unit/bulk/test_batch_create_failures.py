# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""New users of a XiVO 16 in blocks: what becomes of a block that is refused, lost, or answered in part."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from threading import Event
from typing import Any

import pytest

from ansible_collections.xivo.confd.plugins.module_utils._backends.interface import NewUser
from ansible_collections.xivo.confd.plugins.module_utils._backends.xivo16 import user_import
from ansible_collections.xivo.confd.plugins.module_utils._bulk import batch_create
from ansible_collections.xivo.confd.plugins.module_utils._bulk.provision import provision
from ansible_collections.xivo.confd.plugins.module_utils._http.client import Client
from ansible_collections.xivo.confd.plugins.module_utils._model.errors import (
    ConfdError,
    UnreachableError,
    UnreadableError,
)
from simulator import Fault, Simulator
from simulator.database import assign
from support.batches import BAD, EVERYTHING, IMPORT, WHOLE, crowd, errors, run, tables
from support.helpers import (
    apply_list,
    backend_of,
    changes,
    counts,
    extension_row,
    line_row,
    number,
    perform,
    person,
    phone_book,
    statuses,
    wait_until,
    written,
)

pytestmark = pytest.mark.on("xivo16")


# A block that is refused


@pytest.mark.usefixtures("the_server_decides")
def test_a_bad_entry_fails_alone(sim: Simulator) -> None:
    entries = [*crowd(3), BAD, person("Ann A", 1200), {**BAD, "user": {"firstname": "Bad2", "language": "x"}}]
    entries[-1]["extension"] = number(1501)
    entries[-1]["incalls"] = []
    result = run(sim, *entries, continue_on_error=True)
    assert statuses(result) == [*["created"] * 3, "failed", "created", "failed"]
    assert written(sim) == [IMPORT, IMPORT]
    assert str(errors(result)[3]).startswith("Could not create user Bad B with line and numbers: POST /users/import: ")
    assert "{'language': [" in str(errors(result)[3])
    assert result["results"][3]["failed_request"] == {
        "method": "POST",
        "path": "/users/import",
        "status": 400,
        "messages": ["{'language': [u'String does not match expected pattern.']}"],
    }
    assert [each["failed_request"] for each in result["results"][:3]] == [None] * 3
    assert set(phone_book(sim)) == {"F0 L", "F1 L", "F2 L", "Ann A"}
    assert extension_row(sim, 1500) is None


@pytest.mark.usefixtures("the_server_decides")
def test_a_bad_entry_stops_the_run_at_its_turn(sim: Simulator) -> None:
    result = run(sim, *crowd(2), BAD, person("Ann A", 1200))
    assert statuses(result) == ["created", "created", "failed", "skipped"]
    assert set(phone_book(sim)) == {"F0 L", "F1 L"}
    assert result["results"][3]["changes"] == []


@pytest.mark.usefixtures("the_server_decides")
def test_a_first_bad_entry_stops_the_run_before_anybody_is_made(sim: Simulator) -> None:
    assert statuses(run(sim, BAD, *crowd(2))) == ["failed", "skipped", "skipped"]
    assert not any(counts(sim).values())
    assert written(sim) == [IMPORT]


@pytest.mark.usefixtures("the_server_decides")
def test_where_all_are_refused_the_steps_tell_why(sim: Simulator) -> None:
    others = [{**BAD, "user": {"firstname": f"B{each}", "language": "x"}} for each in range(2)]
    entries = [{**entry, "extension": number(1500 + at), "incalls": []} for at, entry in enumerate(others)]
    result = run(sim, *entries, continue_on_error=True)
    assert statuses(result) == ["failed", "failed"]
    assert "Could not create user B0: POST" in str(errors(result)[0])
    assert not any(counts(sim).values())


@pytest.mark.parametrize(("status", "body"), [(404, "<html></html>"), (403, '{"message": "no"}'), (400, '["bad"]')])
def test_a_server_that_takes_no_table_gets_single_steps(
    status: int, body: str, sim: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer_imports(monkeypatch, status, body)
    assert statuses(apply_list(sim, *crowd(2))) == ["created", "created"]
    assert phone_book(sim) == {"F0 L": ("1100", ["2100"]), "F1 L": ("1101", ["2101"])}


def answer_imports(monkeypatch: pytest.MonkeyPatch, status: int, body: str) -> None:
    """Let the server answer imports like that, without doing anything."""
    send = Client._send

    def answered(client: Client, method: str, path: str, sent: Any = None, **kwargs: Any) -> Any:
        if path != "/users/import":
            return send(client, method, path, sent, **kwargs)
        response = send(client, "GET", "/infos")
        response.status_code, response.parts = status, [body.encode()]
        client._check(response, method, path, sent)
        return response

    monkeypatch.setattr(Client, "_send", answered)


def test_no_secret_of_a_refused_row_is_shown(sim: Simulator) -> None:
    secret = {"user": {"firstname": "Bad", "language": "x", "password": "hush-hush"}, "line": {"secret": "hushhush"}}
    result = run(sim, *crowd(1), {**secret, "extension": number(1500)}, continue_on_error=True)
    assert "hush" not in str(errors(result))
    with pytest.raises(ConfdError) as caught:
        row = NewUser({**secret["user"]}, {"username": "x1", "secret": "hushhush"}, ("1500", "default"))
        backend_of(sim).create_batch([row])
    assert "hush" not in str(caught.value)
    assert caught.value.rows == {1: "{'language': [u'String does not match expected pattern.']}"}


@pytest.mark.parametrize("status", [400, 500])
def test_no_secret_is_shown_that_a_server_repeats(status: int, sim: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    row = NewUser({"firstname": "A", "password": "hush-hush"}, {"username": "x1", "secret": "Hushhush"}, ("1500", "c"))
    error = {"message": "bad: hush-hush, Hushhush", "details": {"row_number": 1, "row": {"sip_secret": "Hushhush"}}}
    answer_imports(monkeypatch, status, json.dumps({"errors": [error]}))
    with pytest.raises(ConfdError, match="bad: ") as caught:
        backend_of(sim).create_batch([row])
    assert "ush" not in f"{caught.value} {caught.value.rows}"


# A block whose answer is lost


@pytest.mark.parametrize("kind", ["drop_after", "500_after", "truncated", "html"])
def test_a_lost_answer_is_looked_up(kind: str, sim: Simulator) -> None:
    sim.faults.add(Fault(kind, method="POST", path="/users/import"))
    entries = [WHOLE, EVERYTHING, *crowd(3)]
    result = apply_list(sim, *entries)
    assert statuses(result) == ["created"] * 5
    assert [each for each in written(sim) if each == IMPORT] == [IMPORT]
    assert result["results"][0]["provisioning_extension"] == line_row(sim, "Ann A").provisioning_extension
    assert all(each["user_id"] and each["line_id"] and each["extension_id"] for each in result["results"])
    assert statuses(apply_list(sim, *entries)) == ["unchanged"] * 5


def test_a_server_that_cannot_be_reached_has_made_nobody(sim: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    def unreachable(client: Client, *_given: Any) -> Any:
        raise UnreachableError("No connection.", method="POST", path="/users/import")

    monkeypatch.setattr(Client, "post_table", unreachable)
    result = run(sim, *crowd(2), continue_on_error=True)
    assert errors(result) == [
        f"Could not create user F{each} L with line and numbers: No connection." for each in (0, 1)
    ]
    assert sim.writes == []


def test_a_lost_request_is_never_repeated(sim: Simulator) -> None:
    fault = Fault("drop_before", method="POST", path="/users/import")
    sim.faults.add(fault)
    result = run(sim, *crowd(25), continue_on_error=True)
    assert statuses(result) == ["failed"] * 20 + ["created"] * 5
    assert "the connection was lost" in str(errors(result)[0])
    assert "Run again. If the server created the user, the next run finds the user." in str(errors(result)[0])
    assert statuses(apply_list(sim, *crowd(25))) == ["created"] * 20 + ["unchanged"] * 5


def test_a_lost_request_stops_the_run(sim: Simulator) -> None:
    sim.faults.add(Fault("drop_before", method="POST", path="/users/import"))
    assert statuses(run(sim, *crowd(25))) == ["failed"] + ["skipped"] * 24
    assert not any(counts(sim).values())


def test_single_steps_explain_a_server_error_without_effect(sim: Simulator) -> None:
    """A value that its database does not take brings the whole table down."""
    sim.faults.add(Fault("500_before", method="POST", path="/users/import"))
    sim.faults.add(Fault("500_before", method="POST", path="/users", nth=2))
    result = run(sim, *crowd(3), continue_on_error=True)
    assert statuses(result) == ["created", "failed", "created"]
    assert written(sim).count(IMPORT) == 0
    assert phone_book(sim) == {"F0 L": ("1100", ["2100"]), "F2 L": ("1102", ["2102"])}


@pytest.fixture
def slow(sim: Simulator) -> Iterator[Event]:
    """An import that is answered later than the client waits, but done."""
    enough = Event()
    sim.faults.add(
        Fault("callback", method="POST", path="/users/import", after=True, callback=lambda *_: enough.wait(10))
    )
    yield enough
    enough.set()
    wait_until(lambda: written(sim))


def test_a_time_out_after_which_it_was_done(sim: Simulator, slow: Event) -> None:
    result = perform(sim, provision, timeout=0.3, users=crowd(1))
    assert statuses(result) == ["created"]
    assert len(sim.database.users) == 1


def test_a_slow_server_gets_smaller_blocks(sim: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    """It carries the first block out while the run looks for its users, so the run goes on."""
    monkeypatch.setattr(user_import.UserTable, "seconds_a_user", 0.001)
    monkeypatch.setattr(batch_create, "LOOK_PAUSE", 0.01)
    in_time = Event()
    sim.faults.add(Fault("callback", method="POST", path="/users/import", callback=lambda *_: in_time.wait(10)))
    sim.faults.add(Fault("callback", method="GET", path="/users", nth=3, callback=lambda *_: in_time.set()))

    result = perform(sim, provision, timeout=1.0, users=crowd(50))

    assert statuses(result) == ["created"] * 50
    assert [len(rows) for rows in tables(sim)] == [20, 10, 10, 10]


def test_an_interrupted_import_is_found_whole(sim: Simulator) -> None:
    """The client is killed after the server acted: it can neither read the answer nor look anything up."""
    sim.faults.add(Fault("drop_after", method="POST", path="/users/import"))
    sim.faults.add(Fault("500_before", method="GET", path="/users", nth=2, times=9))
    with pytest.raises(ConfdError):
        apply_list(sim, WHOLE, *crowd(4))
    sim.faults.clear()
    sim.clear_log()
    assert statuses(apply_list(sim, WHOLE, *crowd(4))) == ["unchanged"] * 5
    assert sim.writes == []


def test_an_import_that_was_interrupted_before_what_follows(sim: Simulator) -> None:
    entry = person("Ann A", 1200, 2200, user={"description": "x"})
    sim.faults.add(Fault("drop_after", method="POST", path="/users/import"))
    sim.faults.add(Fault("500_before", method="GET", path="/users", nth=2, times=9))
    with pytest.raises(ConfdError):
        apply_list(sim, entry)
    sim.faults.clear()
    assert changes(apply_list(sim, entry)) == ["update user Ann A: description"]


# Answers that do not say everything


@pytest.mark.parametrize(
    "body",
    ["{}", '{"created": null}', '{"created": []}', '{"created": [{"row_number": 1, "user_id": 1, "line_id": null}]}'],
)
def test_an_answer_without_ids_is_an_error(body: str, sim: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    answer_imports(monkeypatch, 201, body)
    result = run(sim, *crowd(2))
    assert "the answer contains the ids of 0 of 2 new users. Run again. If the server created" in str(errors(result)[0])


def test_an_answer_without_ids_is_no_error_if_they_are_found(sim: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    def silent(answer: Any, users: Any) -> Any:
        return user_import.imported({"created": answer["created"][:1]}, users)

    monkeypatch.setattr("ansible_collections.xivo.confd.plugins.module_utils._backends.xivo16.users.imported", silent)
    result = apply_list(sim, *crowd(3))
    assert statuses(result) == ["created"] * 3
    assert written(sim) == [IMPORT]


def test_rows_of_the_answer_are_taken_by_their_numbers() -> None:
    users = [NewUser({"firstname": name}, {"username": name, "secret": "s"}, (name, "default")) for name in "ab"]
    rows = [{"row_number": at, "user_id": at, "user_uuid": f"u{at}", "line_id": 10 + at, "extension_id": 20 + at}
            for at in (2, 1)]  # fmt: skip
    made = user_import.imported({"created": rows}, users)
    assert [(each.user["id"], each.line["id"], each.numbers) for each in made] == [
        (1, 11, {("a", "default"): 21}),
        (2, 12, {("b", "default"): 22}),
    ]
    with pytest.raises(UnreadableError, match="1 of 2"):
        user_import.imported({"created": rows[:1]}, users)


def lose_incall(database: Any) -> None:
    (incall,) = database.incalls
    assign(database.extension_of(incall), {"type": "user", "typeval": "0"})
    database.incalls.delete(incall)


@pytest.mark.parametrize(
    ("spoil", "is_healed"),
    [
        (lambda database: setattr(database.users.get(1), "email", None), True),
        (lambda database: setattr(database.users.get(1), "enabled", True), True),
        (lambda database: setattr(database.lines.get(1), "secret", "other"), True),
        (lambda database: setattr(database.voicemails.get(1), "email", None), True),
        (lambda database: database.line_extensions.clear(), False),
        (lose_incall, False),
    ],
)
def test_what_a_server_dropped_is_seen_and_written(
    spoil: Callable[[Any], None], is_healed: bool, sim: Simulator
) -> None:
    """Unknown columns are ignored in silence, and the answer shows ids alone: the reading at the end tells."""
    entry = person(
        "Ann A", 1200, 2200,
        user={"email": "a@b.c", "enabled": False}, line={"secret": "Secret1"}, voicemail={"email": "a@b.c"},
    )  # fmt: skip
    sim.faults.add(
        Fault("callback", method="POST", path="/users/import", after=True, callback=lambda *_: spoil(sim.database))
    )
    if not is_healed:
        assert "is incomplete" in str(errors(run(sim, entry))[0])
        return
    assert statuses(apply_list(sim, entry)) == ["created"]
    assert statuses(apply_list(sim, entry)) == ["unchanged"]
