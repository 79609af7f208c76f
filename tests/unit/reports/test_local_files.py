# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files of the controller: written as a whole, and only if their text differs."""

from __future__ import annotations

from pathlib import Path

import pytest

from ansible_collections.xivo.confd.plugins.plugin_utils._local_files import write_text


def test_a_file_is_written_once(tmp_path: Path) -> None:
    path = tmp_path / "reports" / "audit.md"
    assert write_text(str(path), "é", check_mode=True) is True
    assert not path.parent.exists()
    assert write_text(str(path), "é", check_mode=False) is True
    assert write_text(str(path), "é", check_mode=False) is False
    assert path.read_text(encoding="utf-8") == "é"
    assert [each.name for each in path.parent.iterdir()] == ["audit.md"]


def test_a_file_keeps_its_mode(tmp_path: Path) -> None:
    path = tmp_path / "audit.md"
    path.write_text("old", encoding="utf-8")
    path.chmod(0o640)
    assert write_text(str(path), "new", check_mode=False) is True
    assert path.stat().st_mode & 0o777 == 0o640


def test_a_file_that_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "audit.md"
    (folder / "full").mkdir(parents=True)
    with pytest.raises(OSError):
        write_text(str(folder), "new", check_mode=False)
    assert [each.name for each in tmp_path.iterdir()] == ["audit.md"]
