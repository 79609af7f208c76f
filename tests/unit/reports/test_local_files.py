# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files of the controller: written as a whole, and only if their text differs."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ansible_collections.xivo.confd.plugins.module_utils._model.errors import InputError
from ansible_collections.xivo.confd.plugins.module_utils._reports.file_modes import read_mode
from ansible_collections.xivo.confd.plugins.plugin_utils import _local_files
from ansible_collections.xivo.confd.plugins.plugin_utils._local_files import create_text, write_text


def test_a_file_is_written_once(tmp_path: Path) -> None:
    path = tmp_path / "reports" / "audit.md"
    assert write_text(str(path), "é", check_mode=True) is True
    assert not path.parent.exists()
    assert write_text(str(path), "é", check_mode=False) is True
    assert write_text(str(path), "é", check_mode=False) is False
    assert path.read_text(encoding="utf-8") == "é"
    assert [each.name for each in path.parent.iterdir()] == ["audit.md"]


@pytest.fixture(params=[0o077, 0o022, 0o000])
def _any_umask(request: pytest.FixtureRequest) -> Iterator[None]:
    before = os.umask(request.param)
    yield
    os.umask(before)


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.usefixtures("_any_umask")
@pytest.mark.parametrize("write", [lambda path: write_text(str(path), "x", False), lambda path: create_text(path, "x")])
def test_what_is_new_is_private(write: Callable[[Path], object], tmp_path: Path) -> None:
    path = tmp_path / "host_vars" / "pbx" / "users.yml"
    before = mode_of(tmp_path)

    write(path)

    assert mode_of(path) == 0o600
    assert [mode_of(folder) for folder in path.parents[:3]] == [0o700, 0o700, before]


@pytest.mark.usefixtures("_any_umask")
@pytest.mark.parametrize("mode", [0o600, 0o640, 0o664])
def test_what_exists_keeps_its_mode(mode: int, tmp_path: Path) -> None:
    path = tmp_path / "audit" / "audit.md"
    path.parent.mkdir()
    path.parent.chmod(0o750)
    path.write_text("old", encoding="utf-8")
    path.chmod(mode)

    assert write_text(str(path), "new", check_mode=False) is True

    assert (mode_of(path), mode_of(path.parent)) == (mode, 0o750)


@pytest.mark.usefixtures("_any_umask")
def test_a_mode_that_is_given(tmp_path: Path) -> None:
    path = tmp_path / "audit" / "audit.md"
    assert write_text(str(path), "x", check_mode=False, mode=0o640) is True
    assert (mode_of(path), mode_of(path.parent)) == (0o640, 0o750)
    assert write_text(str(path), "x", check_mode=False, mode=0o640) is False
    assert write_text(str(path), "x", check_mode=True, mode=0o644) is True
    assert mode_of(path) == 0o640
    assert write_text(str(path), "x", check_mode=False, mode=0o644) is True
    assert mode_of(path) == 0o644


@pytest.mark.parametrize("text", ["old", "new"])
def test_what_a_link_leads_to_stays(tmp_path: Path, text: str) -> None:
    target, link = tmp_path / "target", tmp_path / "audit.md"
    target.write_text("old", encoding="utf-8")
    target.chmod(0o666)
    link.symlink_to(target)

    assert write_text(str(link), text, check_mode=False, mode=None if text == "new" else 0o640) is True

    assert (target.read_text(encoding="utf-8"), mode_of(target)) == ("old", 0o666)
    assert not link.is_symlink()
    assert mode_of(link) == (0o600 if text == "new" else 0o640)


def test_another_group_does_not_get_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """This user may not give the new file the group of the old one."""
    path = tmp_path / "audit.md"
    path.write_text("old", encoding="utf-8")
    path.chmod(0o664)
    monkeypatch.setattr(_local_files.os, "chown", refuse)
    monkeypatch.setattr(_local_files, "_owner", lambda each: (0, 7 if each == path else 8))

    assert write_text(str(path), "new", check_mode=False) is True

    assert mode_of(path) == 0o604


def refuse(*_arguments: object) -> None:
    raise PermissionError


@pytest.mark.parametrize(("value", "mode"), [(None, None), ("0640", 0o640), ("644", 0o644)])
def test_modes_that_are_read(value: object, mode: int | None) -> None:
    assert read_mode(value) == mode


@pytest.mark.parametrize("value", [640, 440, 0o640, "u=rw", "4755", "999", "", True, [], 0o4755, -1])
def test_modes_that_are_refused(value: object) -> None:
    with pytest.raises(InputError, match="must be three octal digits in quotes"):
        read_mode(value)


def test_a_file_that_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "audit.md"
    (folder / "full").mkdir(parents=True)
    with pytest.raises(OSError):
        write_text(str(folder), "new", check_mode=False)
    assert [each.name for each in tmp_path.iterdir()] == ["audit.md"]
