# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the journals of runs tell about a person, a number and a day, from the files alone."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from ansible_collections.xivo.confd.plugins.module_utils._bulk.provision import provision
from ansible_collections.xivo.confd.plugins.module_utils._model.errors import InputError, ProvisionError
from ansible_collections.xivo.confd.plugins.module_utils._tasks.user import ensure_user
from ansible_collections.xivo.confd.plugins.modules.confd_journal_info import read_journal
from simulator import Fault, Simulator
from support.helpers import EVERYWHERE, Options, leaver, perform, person
from support.paths import ROOT

WHO = {"host": "pbx1", "awx_job_id": "77", "awx_user": "carla", "awx_job_template": "Nightly"}
VOLATILE, UUID = (
    re.compile(r"(\d{4}-\d\d-\d\d )?\d\d:\d\d:\d\d"),
    re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"),
)
RUN = "3c5e4e0c-4b4e-4fb8-9d1c-3f3f3ff2d1c9"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "journal.jsonl"


def run(sim: Simulator, file: Path, *entries: Options) -> None:
    with suppress(ProvisionError):
        perform(sim, provision, users=list(entries), journal=str(file), journal_run=WHO)


def history(path: Path, **options: Any) -> Options:
    return read_journal({"path": str(path), **options}, False)


def shown(path: Path, **options: Any) -> list[str]:
    """The lines with TIME and RUN in place of what every run has anew."""
    return [VOLATILE.sub("TIME", UUID.sub("RUN", line)) for line in history(path, **options)["lines"]]


@pytest.fixture
def recorded(sim: Simulator, file: Path) -> Path:
    """Ann and Bob are created, Ann is changed, Cleo fails, Ann is removed."""
    run(sim, file, person("Ann Archer", 1200, voicemail={"password": "4711"}), person("Bob", 1201))
    run(sim, file, person("Ann Archer", 1210, user={"description": "two"}, voicemail={"password": "4712"}))
    sim.faults.add(Fault("500_before", method="POST", path="/users*", times=99))
    run(sim, file, person("Cleo", 1300))
    sim.faults.clear()
    run(sim, file, leaver("Ann Archer", 1210))
    run(sim, file)
    return file


def test_a_day_has_a_line_for_each_person(recorded: Path) -> None:
    head = "TIME  pbx1  by carla (AWX job 77, Nightly), run RUN: "
    update = "extension 1200@default: exten 1200 -> 1210; description nothing -> two; voicemail 1200@default: "
    failure = "  failed   Cleo (1300@default)  create user Cleo - no certain answer: POST http://"
    lines = shown(recorded)
    assert lines.pop(6).startswith(failure)
    assert lines == [
        f"{head}2 created",
        "  created  Ann Archer (1200@default)",
        "  created  Bob (1201@default)",
        f"{head}1 changed",
        f"  changed  Ann Archer (1210@default)  {update}number 1200 -> 1210; voicemail 1200@default: password",
        f"{head}1 failed",
        f"{head}1 removed",
        "  removed  Ann Archer (1210@default)",
        f"{head}no changes",
    ]


@pytest.mark.parametrize(
    ("person", "runs"), [("Ann Archer", 3), ("ànn ARCHER", 3), ("Archer", 3), ("Arch", 0), ("Bob", 1), ("Cleo", 1)]
)
def test_who_changed_a_person(recorded: Path, person: str, runs: int) -> None:
    found = history(recorded, person=person)
    assert len(found["runs"]) == runs
    names = {change["person"].partition(" (")[0] for each in found["runs"] for change in each["changes"]}
    assert len(names) == bool(runs)
    assert (found["lines"] == ["nothing found"]) is not bool(runs)


def test_the_changes_of_a_person_are_shown_one_by_one(recorded: Path) -> None:
    text = "\n".join(history(recorded, person="Ann Archer")["lines"])
    for what in (
        "create user Ann Archer",
        "extension 1200@default: exten 1200 -> 1210",
        "description nothing -> two",
        "delete user Ann Archer (id 1)",
    ):
        assert f"  {what}\n" in f"{text}\n"


@pytest.mark.parametrize(
    ("number", "texts"),
    [
        ("1210", {"update extension 1200@default: exten", "delete extension 1210@default"}),
        ("1210@default", {"update extension 1200@default: exten", "delete extension 1210@default"}),
        ("1210@sales", set()),
        ("121", set()),
        ("1300", {"create extension 1300@default", "delete extension 1300@default"}),
    ],
)
def test_who_changed_a_number(recorded: Path, number: str, texts: set[str]) -> None:
    runs = history(recorded, number=number)["runs"]
    found = {change["text"] for each in runs for change in each["changes"] if change["resource"] == "extension"}
    assert found == texts


def test_what_was_put_back_says_so(recorded: Path) -> None:
    lines = history(recorded, person="Cleo")["lines"]
    assert any(line.endswith("create extension 1300@default - put back later") for line in lines)
    assert any(line.endswith("delete extension 1300@default - puts back an earlier change") for line in lines)


def test_a_run_is_found_by_the_beginning_of_its_id(recorded: Path) -> None:
    second = history(recorded)["runs"][1]
    assert history(recorded, run=second["run"][:8])["runs"] == [second]
    assert second["ran_by"]["awx_user"] == "carla"
    (update,) = (each for each in second["changes"] if each["resource"] == "extension")
    assert (update["before"], update["after"], update["outcome"]) == ({"exten": "1200"}, {"exten": "1210"}, "done")
    assert update["requests"][-1].startswith("PUT /")


def test_of_many_runs_the_newest_are_shown(recorded: Path) -> None:
    whole = history(recorded)
    some = history(recorded, limit=3)
    assert some["runs"] == whole["runs"][-1:]
    left_out = "4 older runs left out. Give a person, a number or a time, or a higher limit."
    assert (some["lines"][-1], some["problems"]) == (left_out, [left_out])
    assert history(recorded, limit=0) == history(recorded, limit=999) == whole
    assert len(history(recorded, limit=1, person="Cleo")["runs"]) == 1


def test_a_single_task_is_a_run(sim: Simulator, file: Path) -> None:
    perform(sim, ensure_user, firstname="Ann", journal=str(file), journal_run=WHO)
    assert shown(file, person="Ann") == [
        "TIME  pbx1  by carla (AWX job 77, Nightly), run RUN: one task",
        "  TIME  -  create user Ann",
    ]


# Days


def line(time: str, text: str = "create user Ann", **members: Any) -> str:
    row = {
        "version": 1, "run": RUN, "sequence": 1, "time": time, "server": "https://pbx", "event": "write",
        "ran_by": {"user": "root"}, "text": text, "request": {"method": "POST", "path": "/users"}, "outcome": "done",
    }  # fmt: skip
    return json.dumps({**row, **members}) + "\n"


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ({"day": "2026-11-30"}, ["b", "c"]),
        ({"begin": "2026-11-30"}, ["b", "c", "d"]),
        ({"end": "2026-11-30"}, ["a", "b", "c"]),
        ({"begin": "2026-11-30 14:00", "end": "2026-12-01"}, ["c", "d"]),
        ({"end": "2026-11-30T14:59Z"}, ["a", "b", "c"]),
        ({"end": "2026-11-30 14:00"}, ["a", "b"]),
    ],
)
def test_a_time_counts_as_a_whole(tmp_path: Path, question: dict[str, str], found: list[str]) -> None:
    times = (
        "2026-11-29T23:59:59.999Z",
        "2026-11-30T00:00:00.000Z",
        "2026-11-30T14:59:59.000Z",
        "2026-12-01T00:00:00.000Z",
    )
    for time, text in zip(times, "abcd"):
        with (tmp_path / f"{time[:10]}.jsonl").open("a") as stream:
            stream.write(line(time, text, run=f"run {text}"))
    runs = history(tmp_path, **question)["runs"]
    assert [each["changes"][0]["text"] for each in runs] == found


@pytest.mark.parametrize(
    ("question", "problem"),
    [
        ({"day": "30.11.2026"}, "day is '30.11.2026', which is not a day"),
        ({"begin": "yesterday"}, "'yesterday' is not a time"),
        ({"number": "12x"}, "number is '12x', which is not a number"),
        ({"day": "2026-11-30", "begin": "2026-11-30"}, "mutually exclusive"),
    ],
)
def test_a_question_is_checked(tmp_path: Path, question: dict[str, str], problem: str) -> None:
    with pytest.raises(InputError, match=problem):
        history(tmp_path, **question)


def test_a_journal_that_is_not_there_is_an_error(file: Path) -> None:
    with pytest.raises(InputError, match=r"The journal .*journal.jsonl does not exist. Give the file or the folder"):
        history(file)


# Files that are not as they should be


def test_a_folder_without_a_journal_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="has no journal: it contains no file"):
        history(tmp_path)


def test_damaged_lines_and_unknown_versions_are_said(file: Path) -> None:
    whole = line("2026-11-30T14:00:00.000Z", run="a")
    cut = line("2026-11-30T14:00:00.000Z", run="lost")[:60] + line("2026-11-30T14:00:00.000Z", run="b")
    odd = line("2026-11-30T14:00:00.000Z", ran_by="root") + line("2026-11-30T14:00:00.000Z", operations=[1]) + "[]\n1\n"
    later = line("2026-11-30T14:00:00.000Z", version=2)
    file.write_bytes((whole + cut + "\n" + odd + later).encode() + b"\xff\xfe\n")
    found = history(file)
    assert [each["run"] for each in found["runs"]] == ["a", "b"]
    assert found["problems"] == [
        "6 lines of journal.jsonl left out: damaged, for example by a full disk, or not of a journal.",
        "1 line left out: version 2 of the journal, which this release of xivo.confd does not know. It reads version "
        "1.",
    ]
    assert found["lines"][-2:] == found["problems"]


def test_texts_of_files_are_printable(file: Path) -> None:
    evil = "Ann\x1b[2J\n\u202eforged"
    file.write_text(
        line("2026-11-30T14:00:00.000Z\x1b[2J", evil, run=evil, host=evil, person=evil, ran_by={"user": evil})
        + line("2026-11-30T14:00:00.000Z", evil, run="b", server=evil, error=evil, outcome="failed", object=evil)
        + line("2026-11-30T14:00:00.000Z", run="c", server=f"{evil}2", version=evil)
    )
    found = history(file, details=True)
    assert len(found["runs"]) == 2
    assert all(text.isprintable() for text in found["lines"])
    assert not any(text.startswith(("forged", "\u202e")) for text in found["lines"])


def test_several_servers_are_said(file: Path) -> None:
    file.write_text(
        line("2026-11-30T14:00:00.000Z", run="a") + line("2026-11-30T14:00:00.000Z", run="b", server="https://b")
    )
    assert history(file)["lines"][0] == "2 servers: https://b, https://pbx"


def test_a_run_that_was_killed_has_not_ended(sim: Simulator, file: Path) -> None:
    run(sim, file, person("Ann", 1200))
    file.write_text("".join(file.read_text().splitlines(keepends=True)[:-2]))
    (killed,) = history(file)["runs"]
    assert not killed["has_ended"]
    assert shown(file)[0].endswith(": not ended")


# The schema


@EVERYWHERE
def test_lines_are_as_the_schema_says(sim: Simulator, recorded: Path) -> None:
    schema = json.loads((ROOT / "docs" / "journal.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    perform(sim, ensure_user, firstname="Dan", journal=str(recorded))
    lines = [json.loads(each) for each in recorded.read_text(encoding="utf-8").splitlines()]
    assert {each["event"] for each in lines} == {"start", "person", "write", "end"}
    for each in lines:
        validator.validate(each)
        assert not validator.is_valid({**each, "version": 2})
        assert not validator.is_valid({name: value for name, value in each.items() if name != "run"})
