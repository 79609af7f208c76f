# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The progress file is a regular file, and nothing else is written to in its place."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from ansible_collections.xivo.confd.plugins.module_utils._ansible.progress_file import progress_of
from ansible_collections.xivo.confd.plugins.module_utils._model.errors import InputError

URL = "https://me:secret@pbx.example.org:9486"


def test_lines_are_appended_to_a_private_file(tmp_path: Path) -> None:
    file = tmp_path / "progress"
    report = progress_of(str(file), URL)
    assert report is not None
    report("1 of 2")
    report("2 of 2")
    assert [line.partition(" ")[2] for line in file.read_text().splitlines()] == [
        "pbx.example.org:9486: 1 of 2",
        "pbx.example.org:9486: 2 of 2",
    ]
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_line_of_progress_is_one_printable_line(tmp_path: Path) -> None:
    report = progress_of(str(tmp_path / "progress"), URL)
    assert report is not None
    report("Ann\x1b[2J\nforged")
    assert (tmp_path / "progress").read_text().endswith(r"Ann\x1b[2J\nforged" + "\n")


def to_link(path: Path) -> None:
    path.symlink_to(path.with_name("victim"))


def to_dangling_link(path: Path) -> None:
    path.symlink_to(path.with_name("nowhere"))


def to_pipe(path: Path) -> None:
    os.mkfifo(path)


@pytest.mark.parametrize("make", [to_link, to_dangling_link, to_pipe, Path.mkdir])
def test_only_a_regular_file_is_written(tmp_path: Path, make: Callable[[Path], None]) -> None:
    (tmp_path / "victim").write_text("precious")
    make(tmp_path / "progress")
    with pytest.raises(InputError, match="progress_file .* cannot be written"):
        progress_of(str(tmp_path / "progress"), URL)
    assert (tmp_path / "victim").read_text() == "precious"
    assert not (tmp_path / "nowhere").exists()


def test_a_pipe_with_a_reader_is_refused_too(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "progress")
    reader = os.open(tmp_path / "progress", os.O_RDONLY | os.O_NONBLOCK)
    try:
        with pytest.raises(InputError, match="not a regular file"):
            progress_of(str(tmp_path / "progress"), URL)
    finally:
        os.close(reader)


def test_a_link_that_is_put_there_later_is_not_followed(tmp_path: Path) -> None:
    report = progress_of(str(tmp_path / "progress"), URL)
    assert report is not None
    (tmp_path / "victim").write_text("precious")
    (tmp_path / "progress").unlink()
    to_link(tmp_path / "progress")
    report("1 of 2")
    assert (tmp_path / "victim").read_text() == "precious"


def test_no_file_is_no_progress() -> None:
    assert progress_of(None, URL) is None
