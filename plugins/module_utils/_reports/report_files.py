# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Says where the files of a report belong, with which modes, and what text they can hold."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from typing import Any

from .file_modes import PRIVATE_FILE, folder_mode


def modes_of(files: Mapping[str, str], mode: int | None) -> dict[str, Any]:
    """Return the modes that the folder and each of the files have to get; None if it exists and keeps its own.

    files: {name: path}. mode: what the user gives, returned as ``given``.
    """
    folder = os.path.dirname(next(iter(files.values()), "")) or "."
    kept = {name: mode is None and os.path.exists(path) for name, path in files.items()}
    return {
        "given": mode,
        "folder": None if os.path.isdir(folder) else folder_mode(mode),
        "files": {name: None if kept[name] else PRIVATE_FILE if mode is None else mode for name in files},
    }


def as_utf8(report: Mapping[str, Any]) -> dict[str, Any]:
    """Return the report with a question mark for what UTF-8 cannot hold: Ansible refuses results with such texts."""
    text = json.dumps(report, ensure_ascii=False).encode("utf-8", errors="replace")
    cleaned: dict[str, Any] = json.loads(text)
    return cleaned
