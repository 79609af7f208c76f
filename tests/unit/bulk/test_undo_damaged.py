# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An undo ignores a damaged line of another run, and fails if the line may belong to the run that it undoes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ansible_collections.xivo.confd.plugins.module_utils._model.errors import InputError
from simulator import Simulator
from support.helpers import Options, statuses, written
from support.undoing import ANN, BOB, run, undone

OF_ANOTHER = '{"version": 1, "run": "another", "server": "https://pb'
CUT = '{"vers'


@pytest.fixture
def file(tmp_path: Path) -> str:
    return str(tmp_path / "2026-11-30.jsonl")


def texts(file: str) -> list[str]:
    return Path(file).read_text(encoding="utf-8").splitlines()


def lines_of(given: list[str]) -> list[Options]:
    return [json.loads(line) for line in given]


def write(file: str, *given: str) -> None:
    Path(file).write_text("".join(f"{line}\n" for line in given), encoding="utf-8")


def refusal(sim: Simulator, file: str, **options: object) -> str:
    sim.clear_log()
    with pytest.raises(InputError) as error:
        undone(sim, file, **options)
    assert written(sim) == []
    return str(error.value)


def warnings(result: Options) -> str:
    assert statuses(result) == ["removed"]
    return " ".join(result["warnings"])


def left_out(number: int) -> str:
    return f"Line {number} of the journal 2026-11-30.jsonl cannot be read. It belongs to another run and is ignored."


@pytest.mark.parametrize("damaged", [OF_ANOTHER, CUT, "\x00\x00", '{"version": 1}', '{"version": 2, "run": "another"}'])
def test_a_last_line_of_a_later_run(sim: Simulator, file: str, damaged: str) -> None:
    """The named run has its own last line, so that it has no other."""
    run(sim, file, ANN)
    whole = texts(file)
    write(file, *whole, damaged)
    assert left_out(len(whole) + 1) in warnings(undone(sim, file, run=lines_of(whole)[0]["run"]))


def test_the_last_run_is_not_guessed_past_it(sim: Simulator, file: str) -> None:
    """What the last run has done may be what cannot be read."""
    run(sim, file, ANN)
    whole = texts(file)
    write(file, *whole, CUT)
    said = refusal(sim, file)
    assert f"Line {len(whole) + 1} of the journal" in said and "may belong to a later run than the last one" in said
    assert f"To undo run {lines_of(whole)[0]['run']}, give its id" in said


def test_a_damaged_line_before_the_last_run(sim: Simulator, file: str) -> None:
    run(sim, file, BOB)
    first = texts(file)
    run(sim, file, ANN)
    write(file, *first[:-1], CUT, *texts(file)[len(first) :])
    result = undone(sim, file)
    assert [each["name"] for each in result["results"]] == ["Ann Archer"]
    assert left_out(len(first)) in warnings(result)


def test_several_are_counted(sim: Simulator, file: str) -> None:
    run(sim, file, ANN)
    write(file, CUT, "", CUT, *texts(file))
    said = warnings(undone(sim, file))
    assert "Line 1 of the journal 2026-11-30.jsonl and 1 other line cannot be read. They belong to other runs" in said


def interrupted(sim: Simulator, file: str) -> list[str]:
    """The lines of a run that has no last line."""
    run(sim, file, ANN)
    return texts(file)[:-1]


def test_of_a_run_that_was_killed_it_may_be_the_next_line(sim: Simulator, file: str) -> None:
    whole = interrupted(sim, file)
    name = lines_of(whole)[0]["run"]
    for damaged in (CUT, f'{{"version": 1, "run": "{name}", "ser'):
        write(file, *whole, damaged)
        assert f"Line {len(whole) + 1} of" in refusal(sim, file, run=name)
    write(file, *whole, OF_ANOTHER)
    assert left_out(len(whole) + 1) in warnings(undone(sim, file, run=name))


def test_a_killed_run_has_no_line_before_its_first_one(sim: Simulator, file: str) -> None:
    write(file, CUT, *interrupted(sim, file))
    assert left_out(1) in warnings(undone(sim, file))


def test_a_line_in_the_middle_of_the_run(sim: Simulator, file: str) -> None:
    run(sim, file, ANN)
    whole = texts(file)
    name = lines_of(whole)[0]["run"]
    for damaged in (CUT, whole[2][:-10], OF_ANOTHER):
        write(file, *whole[:2], damaged, *whole[3:])
        said = refusal(sim, file, run=name)
        assert ("is not complete: line 3 of run" if damaged == OF_ANOTHER else "Line 3 of") in said


def test_a_line_behind_a_cut_one_is_read(sim: Simulator, file: str) -> None:
    """Two runs can write at the same moment when the disk is full."""
    run(sim, file, ANN)
    first, *rest = texts(file)
    write(file, f"{OF_ANOTHER}{first}", *rest)
    assert left_out(1) in warnings(undone(sim, file, run=json.loads(first)["run"]))


def test_a_cut_line_behind_a_cut_one_is_seen(sim: Simulator, file: str) -> None:
    """The disk was full for both runs. The second part is of the run that is to be undone."""
    *whole, last = interrupted(sim, file)
    write(file, *whole, f"{OF_ANOTHER}{last[:-10]}")
    assert f"Line {len(whole) + 1} of" in refusal(sim, file, run=lines_of(whole)[0]["run"])


def test_several_lines_behind_a_cut_one_are_read(sim: Simulator, file: str) -> None:
    run(sim, file, ANN)
    first, second, *rest = texts(file)
    write(file, f"{OF_ANOTHER}{first}{second}", *rest)
    assert left_out(1) in warnings(undone(sim, file, run=json.loads(first)["run"]))


def test_of_a_folder_the_older_files_count_as_before(sim: Simulator, file: str) -> None:
    run(sim, file, ANN)
    whole = texts(file)
    folder = Path(file).parent
    write(file, *whole[2:])
    write(str(folder / "2026-11-29.jsonl"), CUT, *whole[:2])
    result = undone(sim, str(folder))
    assert "Line 1 of the journal 2026-11-29.jsonl cannot be read." in warnings(result)
