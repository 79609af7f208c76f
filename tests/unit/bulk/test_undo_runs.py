# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An undo takes one person alone, a run that was killed, and the right run of the right journal."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.xivo.confd.plugins.module_utils._http.client import Client
from ansible_collections.xivo.confd.plugins.module_utils._model.errors import InputError
from simulator import Simulator
from support.helpers import (
    EVERYWHERE,
    Options,
    apply_list,
    own_extensions,
    person,
    statuses,
    written,
)
from support.undoing import ANN, BOB, exported, lines, run, undone


@pytest.fixture
def file(tmp_path: Path) -> str:
    return str(tmp_path / "journal.jsonl")


# One person, and runs that were interrupted


@EVERYWHERE
def test_one_person_alone_can_go_back(sim: Simulator, file: str) -> None:
    apply_list(sim, ANN, BOB)
    run(sim, file, person("Ann Archer", 1210), person("Bob Baker", 1211))
    for name in ("ann archer", "1210", "1210@default", "Ann Archer (1210@default)", "1"):
        assert len(undone(sim, file, check=True, person=name)["results"]) == 1
    undone(sim, file, person="Ann Archer")
    assert sorted(each["extension"]["exten"] for each in exported(sim)) == ["1200", "1211"]
    with pytest.raises(InputError, match=r"has changed nobody called Zoe.*Ann Archer \(1210@default\), Bob Baker"):
        undone(sim, file, person="Zoe")


@EVERYWHERE
def test_a_person_of_whom_there_are_two_needs_more(sim: Simulator, file: str) -> None:
    run(sim, file, person("Ann Archer", 1200), person("Ann Archer", 1201))
    with pytest.raises(InputError, match="2 people .* are called Ann Archer"):
        undone(sim, file, person="Ann Archer")
    assert statuses(undone(sim, file, person="1201")) == ["removed"]


class Killed(BaseException):
    """Ends a run as a signal does."""


def killed_at(sim: Simulator, file: str, at: int, monkeypatch: pytest.MonkeyPatch, *entries: Options) -> None:
    """A run that has sent so many writes, and ends before the next one."""
    send, count = Client._send, iter(range(at))

    def send_or_die(client: Client, method: str, *args: Any, **kwargs: Any) -> Any:
        if method != "GET" and next(count, None) is None:
            if client.recorder:
                client.recorder.flush()
            client.recorder = None
            raise Killed
        return send(client, method, *args, **kwargs)

    with monkeypatch.context() as patch, suppress(Killed):
        patch.setattr(Client, "_send", send_or_die)
        apply_list(sim, *entries, journal=file)


@pytest.mark.always
@EVERYWHERE
def test_a_killed_run_goes_back_wherever_it_stopped(sim: Simulator, file: str, monkeypatch: pytest.MonkeyPatch) -> None:
    apply_list(sim, ANN, BOB)
    before, kept = exported(sim), sim.state()
    entries = [person("Ann Archer", 1201, 2201), person("Bob Baker", 1200), person("New Newman", 1250, 2250)]
    sim.clear_log()
    apply_list(sim, *entries)
    for at in range(1, len(written(sim))):
        sim.database.load(kept)
        Path(file).unlink(missing_ok=True)
        killed_at(sim, file, at, monkeypatch, *entries)
        undone(sim, file)
        assert exported(sim) == before, at
        assert own_extensions(sim) == ["1200", "1201", "2200"], at


@EVERYWHERE
def test_an_interrupted_run_is_warned_of(sim: Simulator, file: str, monkeypatch: pytest.MonkeyPatch) -> None:
    apply_list(sim, ANN, BOB)
    killed_at(sim, file, 1, monkeypatch, person("Ann Archer", 1210), person("Bob Baker", 1211))
    result = undone(sim, file)
    assert not result["undone"]["has_ended"]
    assert "was interrupted, or it is still running" in " ".join(result["warnings"])


@pytest.mark.on("xivo15")
def test_what_nobody_knows_is_warned_of(sim: Simulator, file: str) -> None:
    run(sim, file, BOB)
    rows = [{**row, "id": None, "outcome": "unknown"} if row.get("resource") == "user" else row for row in lines(file)]
    Path(file).write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")
    assert "no certain answer to 'create user Bob Baker'" in " ".join(undone(sim, file)["warnings"])


# Which run


@EVERYWHERE
def test_an_undo_can_be_undone_by_its_name(sim: Simulator, file: str) -> None:
    apply_list(sim, ANN)
    run(sim, file, person("Ann Archer", 1210, 2210), BOB)
    after = exported(sim)
    undone(sim, file, journal=file)
    last = lines(file)[-1]["run"]
    assert not undone(sim, file)["changed"]
    undone(sim, file, run=last)
    assert exported(sim) == after


@EVERYWHERE
def test_an_earlier_run_can_be_named(sim: Simulator, file: str) -> None:
    run(sim, file, ANN)
    run(sim, file, BOB)
    assert [each["name"] for each in undone(sim, file, check=True)["results"]] == ["Bob Baker"]
    first = lines(file)[0]["run"]
    assert [each["name"] for each in undone(sim, file, check=True, run=first)["results"]] == ["Ann Archer"]


def refused(sim: Simulator, file: str, **options: Any) -> str:
    with pytest.raises(InputError) as error:
        undone(sim, file, **options)
    return str(error.value)


def rewritten(file: str, **values: Any) -> str:
    """The path of the same journal with other values in every line and operation."""
    rows = [{**row, **values} for row in lines(file)]
    for row in rows:
        row["operations"] = [{**each, **values} for each in row.get("operations", ())]
    Path(file).write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")
    return file


@EVERYWHERE
def test_a_journal_that_does_not_fit_is_refused(sim: Simulator, file: str) -> None:
    assert "does not exist" in refused(sim, file)
    Path(file).write_text("\n", encoding="utf-8")
    assert "is empty" in refused(sim, file)
    Path(file).unlink()
    run(sim, file, ANN)
    assert "has no run nobody" in refused(sim, file, run="nobody")
    name = lines(file)[0]["run"]
    assert f"Give the whole id, {name}." in refused(sim, file, run=name[:8])
    good = Path(file).read_text(encoding="utf-8")
    Path(file).write_text(f"{good}{{broken\n", encoding="utf-8")
    number = len(good.splitlines()) + 1
    assert f"Line {number} of" in refused(sim, file)
    Path(file).write_text("".join(good.splitlines(keepends=True)[:1] + good.splitlines(keepends=True)[2:]))
    assert "is not complete: line 2 of run" in refused(sim, file)
    Path(file).write_text(good, encoding="utf-8")
    assert "has values that no run writes" in refused(sim, rewritten(file, resource=["user"]))
    assert "has version 2" in refused(sim, rewritten(file, version=2))


@EVERYWHERE
def test_the_journal_of_another_server_is_refused(sim: Simulator, file: str) -> None:
    run(sim, file, ANN)
    other = lines(rewritten(file, server="https://other.example.org:9486"))[0]["run"]
    assert "It has runs on https://other.example.org:9486" in refused(sim, file)
    assert "was on the server https://other.example.org:9486" in refused(sim, file, run=other)


@EVERYWHERE
def test_a_run_that_changed_nothing_is_refused(sim: Simulator, file: str) -> None:
    apply_list(sim, ANN)
    run(sim, file, ANN)
    assert "has no run of a list on this server that has changed something" in refused(sim, file)
    assert "has changed nothing" in refused(sim, file, run=lines(file)[0]["run"])


@EVERYWHERE
def test_the_folder_of_a_journal_has_all_days(sim: Simulator, tmp_path: Path) -> None:
    apply_list(sim, ANN, journal=str(tmp_path))
    (file,) = tmp_path.iterdir()
    text = file.read_text(encoding="utf-8").splitlines(keepends=True)
    (tmp_path / "2020-01-01.jsonl").write_text("".join(text[:2]), encoding="utf-8")
    file.write_text("".join(text[2:]), encoding="utf-8")
    # Older than the run, and not read.
    (tmp_path / "2019-12-31.jsonl").write_text("{", encoding="utf-8")
    assert statuses(undone(sim, str(tmp_path))) == ["removed"]
