# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""New users of a XiVO 16 in blocks: what a table carries, what follows, traps, and how many requests it takes."""

from __future__ import annotations

from typing import Any

import pytest
from requests.adapters import HTTPAdapter

from ansible_collections.xivo.confd.plugins.module_utils._backends.interface import NewUser
from ansible_collections.xivo.confd.plugins.module_utils._backends.xivo16.backend import Xivo16
from ansible_collections.xivo.confd.plugins.module_utils._backends.xivo16.user_import import (
    UserTable,
)
from ansible_collections.xivo.confd.plugins.module_utils._bulk.provision import provision
from ansible_collections.xivo.confd.plugins.module_utils._model.errors import PlanError, ProvisionError
from ansible_collections.xivo.confd.plugins.module_utils._tasks import progress
from ansible_collections.xivo.confd.plugins.module_utils._tasks.extension import ensure_extension
from ansible_collections.xivo.confd.plugins.module_utils._tasks.task import Task
from simulator import Fault, Simulator
from support.batches import BAD, EVERYTHING, IMPORT, WHOLE, crowd, errors, run, tables
from support.helpers import (
    Options,
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
    user_row,
    written,
)
from support.normalise_state import differences, meaning

pytestmark = pytest.mark.on("xivo16")


# What is made


def test_new_users_are_made_in_one_request(sim: Simulator) -> None:
    entries = [WHOLE, *crowd(5)]
    predicted = apply_list(sim, *entries, check=True)
    assert sim.writes == []
    result = apply_list(sim, *entries)
    assert written(sim) == [IMPORT]
    assert statuses(result) == ["created"] * 6
    assert changes(result) == changes(predicted)
    assert phone_book(sim)["F3 L"] == ("1103", ["2103"])
    (ann,) = (each for each in result["results"] if each["name"] == "Ann A")
    assert ann["user_id"] == user_row(sim, "Ann A").id
    assert ann["line_id"] == line_row(sim, "Ann A").id
    assert ann["extension_id"] == extension_row(sim, 1200).id
    assert [each["extension_id"] for each in ann["incalls"]] == [extension_row(sim, 2200).id]
    assert ann["provisioning_extension"] == line_row(sim, "Ann A").provisioning_extension
    assert statuses(apply_list(sim, *entries)) == ["unchanged"] * 6
    assert written(sim) == [IMPORT]


GIVEN = {"abc", "Secret1", "zoe1", "123456", "bob"}
"""Secrets, SIP usernames and a code of the entries below."""


@pytest.mark.parametrize(
    "entries",
    [
        [WHOLE],
        [EVERYTHING],
        [EVERYTHING, *crowd(3), WHOLE],
        [person("Ann A", 1200, voicemail={"language": "fr_FR", "max_messages": 3})],
        [person("Ann A", 1200, user={"description": "d"}, voicemail={"name": "Front desk"})],
        [person("Ann A", extension={**number(1200), "commented": True})],
        [person("Ann A", 1200, incalls=[{**number(2200), "commented": True}, number(2201)])],
        [person("Ann A", 1200, user={"caller_id": '"Ann A"', "lastname": "A"})],
        [person("Ann A", 1200, user={"userfield": ""}, line={"callerid": '"Ann A" <1200>'})],
        [person("Ann A"), person("Bob B", line={"username": "bob", "context": "default"})],
    ],
)
def test_at_once_is_the_same_as_step_by_step(
    entries: list[Options], sim: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = sim.state()
    at_once = apply_list(sim, *entries)
    made = meaning(sim.state(), before, GIVEN)
    sim.reset()
    monkeypatch.setattr(Xivo16, "batch_size", 0)
    by_step = apply_list(sim, *entries)
    assert differences(meaning(sim.state(), before, GIVEN), made) == []
    assert reported(at_once) == reported(by_step)


def reported(result: Options) -> Any:
    """A report without ids and what is made up."""
    hidden = {"user_id", "line_id", "extension_id", "voicemail_id", "provisioning_extension", "username", "secret"}

    def plain(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: plain(inner) for key, inner in value.items() if key not in hidden}
        return [plain(each) for each in value] if isinstance(value, list) else value

    keys = [sorted(each["after"]) for each in result["diff"]]
    return plain({name: result[name] for name in ("results", "summary", "changed", "diff", "warnings")}), keys


def test_values_arrive_unharmed(sim: Simulator) -> None:
    user = {"lastname": 'O"Neil, the 2nd', "userfield": "=1+1;'x'", "email": "é@b.c", "mobile_phone_number": "+33123"}
    apply_list(sim, person("Élodie", 1200, user=user), person("李", 1201, user={"userfield": "@SUM(A1)"}))
    assert written(sim) == [IMPORT]
    row = sim.database.users.get(1)
    assert {name: getattr(row, name) for name in user} == user
    assert sim.database.users.get(2).userfield == "@SUM(A1)"


@pytest.mark.usefixtures("the_server_decides")
@pytest.mark.parametrize("value", ["two\nlines", "tab\there"])
def test_values_that_a_table_may_harm_are_written_otherwise(value: str, sim: Simulator) -> None:
    apply_list(sim, person("Ann A", 1200, user={"userfield": value}))
    assert IMPORT not in written(sim)
    assert user_row(sim, "Ann A").userfield == value


def test_a_column_that_one_needs_has_a_value_for_all(sim: Simulator) -> None:
    apply_list(
        sim,
        person("Ann A", 1200, user={"enabled": False, "ring_seconds": 10}),
        person("Bob B", 1201, voicemail={"ask_password": False}),
        person("Cleo C", 1202, voicemail={"attach_audio": True}),
    )
    ((ann, bob, cleo),) = tables(sim)
    columns = ("enabled", "ring_seconds", "voicemail_ask_password", "voicemail_attach_audio", "voicemail_number")
    assert [[row[name] for name in columns] for row in (ann, bob, cleo)] == [
        ["0", "10", "", "", ""],
        ["1", "30", "0", "", "1201"],
        ["1", "30", "1", "1", "1202"],
    ]
    assert {row["entity_id"] for row in (ann, bob, cleo)} == {""}
    assert not any(name in ann for name in ("caller_id", "description", "device_slot"))


def test_every_row_has_a_line_with_context_username_and_secret(sim: Simulator) -> None:
    apply_list(sim, *crowd(3), person("No Phone"))
    (rows,) = tables(sim)
    assert len(rows) == 3
    for row in rows:
        assert (row["line_protocol"], row["context"]) == ("sip", "default")
        assert row["sip_username"].isalnum()
        assert row["sip_secret"].isalnum()
        assert len(row["sip_secret"]) == 20
    assert len({row["sip_username"] for row in rows}) == len({row["sip_secret"] for row in rows}) == 3
    assert len(sim.database.orphan_endpoints) == 0


@pytest.mark.usefixtures("the_server_decides")
def test_an_account_that_is_none_is_refused_as_ever(sim: Simulator) -> None:
    result = run(sim, person("Ann A", 1200, line={"username": "a" * 41}))
    assert "Could not create SIP line" in str(errors(result)[0])
    assert IMPORT not in written(sim)
    assert not any(counts(sim).values())


def test_what_a_table_does_not_carry_follows(sim: Simulator) -> None:
    apply_list(sim, EVERYTHING)
    user, line, second = sim.database.users.get(1), sim.database.lines.get(1), extension_row(sim, 2301).id
    assert written(sim) == [
        *(IMPORT, "PUT /users/1", "PUT /lines_sip/1", "PUT /lines_sip/1", "POST /extensions", "POST /incalls"),
        *(f"PUT /incalls/2/extensions/{second}", "PUT /lines/1/devices/dev1", "GET /devices/dev1/synchronize"),
    ]
    assert (user.caller_id, user.description, user.timezone) == ('"Boss"', "a\nb", "Europe/Paris")
    assert (line.device_slot, line.provisioning_extension, line.device_id) == (2, "123456", "dev1")
    assert statuses(apply_list(sim, EVERYTHING)) == ["unchanged"]


def test_what_follows_and_fails_takes_everything_back(sim: Simulator) -> None:
    before = {**sim.state(), "sequences": None}
    sim.faults.add(Fault("500_before", method="PUT", path="/users/*"))
    result = run(sim, EVERYTHING)
    assert "Could not update user" in str(errors(result)[0])
    assert result["changed"] is False
    assert {**sim.state(), "sequences": None} == before


def test_a_stopped_run_leaves_nobody_half_made(sim: Simulator) -> None:
    """Who is in the block of somebody for whom what follows fails gets everything all the same."""
    sim.faults.add(Fault("500_before", method="PUT", path="/users/*"))
    described = [person(f"F{each}", 1100 + each, user={"description": "x"}) for each in range(3)]
    assert statuses(run(sim, *described)) == ["failed", "created", "created"]
    assert [row.description for row in sim.database.users] == ["x", "x"]


# Traps


def test_a_free_number_is_not_taken_over_unseen(sim: Simulator) -> None:
    perform(sim, ensure_extension, **number(1200))
    sim.clear_log()
    assert statuses(apply_list(sim, person("Ann A", 1200, 2200))) == ["created"]
    assert IMPORT not in written(sim)


def test_a_free_incall_follows_by_its_own_step(sim: Simulator) -> None:
    perform(sim, ensure_extension, **number(2200))
    sim.clear_log()
    result = apply_list(sim, person("Ann A", 1200, 2200, 2201))
    assert statuses(result) == ["created"]
    (rows,) = tables(sim)
    assert rows[0]["incall_exten"] == "2201"
    assert phone_book(sim) == {"Ann A": ("1200", ["2200", "2201"])}


@pytest.mark.parametrize("entry", [person("Ann A", 1999, 3500), person("Ann A", 5000)])
def test_a_number_out_of_range_is_told_before(entry: Options, sim: Simulator) -> None:
    with pytest.raises(PlanError, match="outside of the ranges"):
        apply_list(sim, {**entry, "incalls": [number(3500, "from-extern")]} if len(entry) > 2 else entry)
    assert sim.writes == []


def test_a_number_that_is_released_in_the_same_list(sim: Simulator) -> None:
    apply_list(sim, person("Ann A", 1200, 2200))
    result = apply_list(sim, person("Ann A", state="absent"), person("Bob B", 1200, 2200))
    assert statuses(result) == ["removed", "created"]
    assert written(sim)[-1] == IMPORT
    assert phone_book(sim) == {"Bob B": ("1200", ["2200"])}


def test_a_number_that_could_not_be_released_is_not_handed_over(sim: Simulator) -> None:
    apply_list(sim, person("Ann A", 1200))
    sim.faults.add(Fault("500_before", method="DELETE", path="/users/*", times=2))
    result = run(sim, person("Ann A", state="absent"), person("Bob B", 1200), *crowd(2), continue_on_error=True)
    assert statuses(result) == ["failed", "failed", "created", "created"]
    assert len(tables(sim)[-1]) == 2


def test_a_number_that_another_gets_at_the_same_moment(sim: Simulator) -> None:
    """The server refuses the row; nothing is taken away."""
    apply_list(sim, person("Bob B", 1101))
    bobs = line_row(sim, "Bob B").id

    def take(method: str, path: str) -> None:
        extension = sim.database.extensions.insert(exten="1200", context="default")
        sim.database.line_extensions.delete(sim.database.line_extensions.first(line_id=bobs))
        sim.database.share_extension(bobs, extension.id)

    sim.faults.add(Fault("callback", method="POST", path="/users/import", callback=take))
    result = run(sim, *crowd(1, match=None), person("Ann A", 1200), person("Cleo C", 1201), continue_on_error=True)
    assert statuses(result) == ["created", "failed", "created"]
    assert "User is associated with a Line" in str(errors(result)[1])
    assert phone_book(sim)["Bob B"] == ("1200", [])
    assert "Ann A" not in phone_book(sim)


# How many requests


@pytest.mark.parametrize(("timeout", "size"), [(30, 20), (120, 20), (10, 7), (3, 2), (1, 1), (0.1, 1)])
def test_no_block_outlasts_the_timeout(timeout: float, size: int) -> None:
    assert UserTable().block_size(timeout) == size


def test_blocks_are_as_long_as_the_timeout_allows(sim: Simulator) -> None:
    perform(sim, provision, timeout=10, users=crowd(15))
    assert [len(rows) for rows in tables(sim)] == [7, 7, 1]


def test_the_table_is_sent_as_one_and_json_is_wanted(sim: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    backend = backend_of(sim)
    seen: list[Any] = []
    real = HTTPAdapter.send

    def send(adapter: HTTPAdapter, request: Any, **options: Any) -> Any:
        seen.append(request)
        return real(adapter, request, **options)

    monkeypatch.setattr(HTTPAdapter, "send", send)
    part = UserTable().supported_part(
        NewUser({"firstname": "Zoé"}, {"username": "z1", "context": "default"}, ("1200", "default"))
    )
    assert part
    backend.create_batch([part])
    headers, body = seen[-1].headers, seen[-1].body
    assert headers["Content-Type"] == "text/csv; charset=utf-8"
    assert headers["Accept"] == "application/json"
    assert body == UserTable().body([part]).encode("utf-8")


@pytest.mark.usefixtures("the_server_decides")
@pytest.mark.parametrize("workers", [1, 4])
def test_workers_and_progress(workers: int, sim: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "PROGRESS_INTERVAL", 0)
    monkeypatch.setattr(progress, "clock", lambda: 0.0)
    lines: list[str] = []
    options = {"users": [*crowd(45), BAD], "max_workers": workers, "continue_on_error": True}
    with pytest.raises(ProvisionError) as caught:
        provision(Task(backend_of(sim), options, report_progress=lines.append))
    assert statuses(caught.value.results) == ["created"] * 45 + ["failed"]
    assert sorted(map(len, tables(sim))) == [5, 6, 20, 20]
    assert lines[-1] == "46 of 46 entries with changes, 1 failed"
    assert "20 of 46 entries with changes, 0 failed" in lines
    assert len(phone_book(sim)) == 45
