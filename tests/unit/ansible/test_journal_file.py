# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The file of a journal: private, one write a line, and never a reason for a run to fail."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.xivo.confd.plugins.module_utils._ansible import journal_file
from ansible_collections.xivo.confd.plugins.module_utils._ansible.journal_file import JournalFile, journal_of
from ansible_collections.xivo.confd.plugins.module_utils._http.journal import LONGEST_LINE, Journal
from simulator import Fault, Simulator
from support.helpers import person, written

URL = "https://me:Sesam-oeffne-dich@pbx.example.org:9486"
DAY = "2026-11-30"


@pytest.fixture
def warnings() -> list[str]:
    return []


def journal(path: Path, warnings: list[str], secrets: tuple[str, ...] = (), **run: Any) -> Journal:
    found = journal_of({"confd_url": URL, "journal": str(path), "journal_run": run}, False, secrets, warnings.append)
    assert found
    return found


def lines(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def write(journal: Journal, **members: Any) -> None:
    journal.add("write", lambda: {"operation": journal.number_operation(), **members})


def test_a_folder_has_a_file_for_each_day(tmp_path: Path, warnings: list[str]) -> None:
    folder = tmp_path / "new" / "journal"
    file = JournalFile(str(folder), warnings.append)
    for day in ("2026-11-30", "2026-12-01", "2026-12-01"):
        file.append(day, "{}\n")
    assert sorted(each.name for each in folder.iterdir()) == ["2026-11-30.jsonl", "2026-12-01.jsonl"]
    assert (folder / "2026-12-01.jsonl").read_text() == "{}\n{}\n"
    assert [each.stat().st_mode & 0o777 for each in (folder, folder.parent)] == [0o700, 0o700]
    assert (folder / "2026-11-30.jsonl").stat().st_mode & 0o777 == 0o600
    assert warnings == []


def test_a_line_has_the_time_in_utc_and_no_credentials(tmp_path: Path, warnings: list[str]) -> None:
    write(journal(tmp_path, warnings))
    (file,) = tmp_path.iterdir()
    (line,) = lines(file)
    assert file.name == f"{line['time'][:10]}.jsonl"
    assert line["time"].endswith("Z")
    assert len(line["time"]) == len("2026-11-30T14:51:55.123Z")
    assert line["server"].endswith("@pbx.example.org:9486")
    assert "Sesam" not in file.read_text()


# What it must not write to, or cannot


def to_link(path: Path) -> None:
    path.symlink_to(path.with_name("victim"))


def to_dangling_link(path: Path) -> None:
    path.symlink_to(path.with_name("nowhere"))


def to_pipe(path: Path) -> None:
    os.mkfifo(path)


def below_a_file(path: Path) -> None:
    path.parent.rmdir()
    path.parent.write_text("")


@pytest.mark.parametrize("make", [to_link, to_dangling_link, to_pipe, Path.mkdir, below_a_file])
def test_only_a_regular_file_is_written(tmp_path: Path, warnings: list[str], make: Callable[[Path], None]) -> None:
    path = tmp_path / "folder" / "journal.jsonl"
    path.parent.mkdir()
    make(path)
    target = journal(path, warnings)
    write(target)
    # A later task of the same run looks for the lines before, and must not wait for them either.
    write(journal(path, [], id="run-1"))
    (warning,) = warnings
    assert warning.startswith(f"The journal of this run is not complete: '{path}' cannot be written: ")
    assert warning.endswith(". The run goes on.")
    assert not path.with_name("victim").exists()


def test_a_full_disk_is_one_warning(warnings: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    file = JournalFile("/dev/full.jsonl", warnings.append)
    monkeypatch.setattr(file, "_file_of", lambda _day: "/dev/full")
    file.append(DAY, "{}\n")
    assert len(warnings) == 1


@pytest.fixture
def _little_space() -> Iterator[None]:
    """No file of this process gets longer than a hundred bytes."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.fixture
def short_of_space(request: pytest.FixtureRequest, tmp_path: Path, warnings: list[str]) -> Path:
    """A file whose second line was written in part."""
    path = tmp_path / "journal.jsonl"
    file = JournalFile(str(path), warnings.append)
    request.getfixturevalue("_little_space")
    file.append(DAY, f'{{"a": "{"x" * 60}"}}\n')
    file.append(DAY, f'{{"a": "{"x" * 60}"}}\n')
    file.append(DAY, "{}\n")
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    return path


def test_a_line_after_a_part_of_one_is_whole(short_of_space: Path, warnings: list[str]) -> None:
    assert len(warnings) == 1
    assert "No space left on device" in warnings[0]
    JournalFile(str(short_of_space), warnings.append).append(DAY, '{"later": true}\n')
    text = short_of_space.read_text()
    assert text.splitlines()[-1] == '{"later": true}'
    assert json.loads(text.splitlines()[0])


def test_a_defect_is_a_warning(tmp_path: Path, warnings: list[str]) -> None:
    journal(tmp_path / "a.jsonl", warnings).add("write", lambda: {}["missing"])
    assert warnings == [
        "The journal of this run is not complete: A line of the journal could not be made (KeyError). The run goes on."
    ]


# What is in a line


def test_a_line_is_bounded_and_printable(tmp_path: Path, warnings: list[str]) -> None:
    file = tmp_path / "a.jsonl"
    target = journal(file, warnings)
    write(target, text="Ann\u202e\x1b[2J\nÉlodie\ud800", after={"long": "x" * 9999})
    many = {f"k{each}": "x" * 1999 for each in range(200)}
    write(target, before=many, after=many, operations=[{"before": many, "text": "kept"}])
    raw = file.read_text(encoding="utf-8")
    assert all(line.isprintable() for line in raw.splitlines())
    assert "Élodie" in raw
    first, second = lines(file)
    assert first["text"] == "Ann\u202e\x1b[2J\nÉlodie\ud800"
    assert len(first["after"]["long"]) == 2003
    assert max(map(len, raw.splitlines())) <= LONGEST_LINE
    assert (second["shortened"], second["before"], second["operations"][0]) == (
        True,
        None,
        {"before": None, "text": "kept"},
    )


def test_secrets_are_found_by_key_and_in_texts(tmp_path: Path, warnings: list[str]) -> None:
    file = tmp_path / "a.jsonl"
    target = journal(file, warnings, ("Canary-in-Text", "1200"))
    write(target, after={"secret": "Canary-by-Key", "password": None}, error="it was Canary-in-Text", person="Ann 1200")
    (line,) = lines(file)
    assert line["after"] == {"secret": "changes", "password": None}
    assert (line["error"], line["person"]) == ("it was ********", "Ann 1200")
    assert "Canary" not in file.read_text()


# One run in several processes, and several runs in one file


def test_a_later_task_of_a_run_continues_its_numbers(
    tmp_path: Path, warnings: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal_file, "BLOCK", 64)
    file = tmp_path / "a.jsonl"
    for each in range(3):
        write(journal(file, warnings, id="run-1"), step=each)
        write(journal(file, warnings, id="run-2"), step=each)
    with file.open("a") as stream:
        stream.write('{"run": "run-1", damaged\n')
    write(journal(file, warnings, id="run-1"))
    own = [
        (line["sequence"], line["operation"])
        for line in map(json.loads, filter(lambda text: "damaged" not in text, file.read_text().splitlines()))
        if line["run"] == "run-1"
    ]
    assert own == [(1, 1), (2, 2), (3, 3), (4, 4)]


def test_nothing_before_the_first_line_of_a_run_is_read(tmp_path: Path, warnings: list[str]) -> None:
    file = tmp_path / "a.jsonl"
    write(journal(file, warnings, id="run-0"), text="about run-1")
    write(journal(file, warnings, id="run-1"))
    write(journal(file, warnings, id="run-2"), text="undoes run-1")
    found = [(row["run"], row["sequence"]) for row in JournalFile(str(file), warnings.append).last_lines_of("run-1")]
    assert found == [("run-1", 1)]


KILLED = """
import sys
from types import SimpleNamespace
from support.helpers import apply_list, person
url, api, journal = sys.argv[1:]
server = SimpleNamespace(url=url, username=None, password=None, ca_path=None, generation=SimpleNamespace(name=api))
apply_list(server, person("Ann Archer", 1200, 2200), person("Bob", 1201), journal=journal)
"""


def test_a_killed_run_loses_no_line(sim: Simulator, tmp_path: Path) -> None:
    file = tmp_path / "journal.jsonl"
    with Simulator(api="xivo15", tls=False, username=None) as server:
        run = [sys.executable, "-c", KILLED, server.url, "xivo15", str(file)]
        with subprocess.Popen(run) as process:
            server.faults.add(
                Fault(
                    "drop_after",
                    method="POST",
                    path="/users/1/lines",
                    callback=lambda *_: os.kill(process.pid, signal.SIGKILL),
                )
            )
    # The server has stopped, so it has recorded the request during which the run was killed.
    done = written(server)
    recorded = [f"{each['request']['method']} {each['request']['path']}" for each in lines(file) if "request" in each]
    assert done[-1] == "POST /users/1/lines"
    assert recorded == done[:-1]
    assert person("Ann Archer")["user"]["lastname"] in file.read_text()


def test_two_runs_at_once_share_a_file(tmp_path: Path) -> None:
    file = tmp_path / "journal.jsonl"
    write = (
        "import sys\n"
        "from ansible_collections.xivo.confd.plugins.module_utils._ansible.journal_file import JournalFile\n"
        "file = JournalFile(sys.argv[1], sys.exit)\n"
        "for each in range(300): file.append('2026-11-30', '[' + sys.argv[2] * 9000 + ']\\n')"
    )
    runs = [subprocess.Popen([sys.executable, "-c", write, str(file), digit]) for digit in "12"]
    assert [each.wait() for each in runs] == [0, 0]
    found = [line for line in file.read_text().splitlines() if line]
    assert sorted(set(found)) == [f"[{digit * 9000}]" for digit in "12"]
    assert len(found) == 600
