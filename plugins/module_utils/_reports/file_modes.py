# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Says which modes files with anything of a person get. A mode is a number, for example 0o640."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from typing import Any

from .._model.errors import InputError

PRIVATE_FILE, PRIVATE_FOLDER = 0o600, 0o700
OCTAL = re.compile(r"0?[0-7]{3}")


def read_mode(value: Any) -> int | None:
    """Return the mode that an option gives; None if it is left out. Raises InputError.

    value: a text such as "0640". A number is refused: YAML makes 416 of 0640 without quotes, and 440 of 440.
    """
    if value is None:
        return None
    if isinstance(value, str) and OCTAL.fullmatch(value):
        return int(value, 8)
    raise InputError(f"mode is {value!r}, and must be three octal digits in quotes.", 'For example, mode: "0640".')


def folder_mode(mode: int | None) -> int:
    """Return the mode of a new folder for files of this mode: whoever can read these can enter it."""
    return PRIVATE_FOLDER if mode is None else mode | PRIVATE_FOLDER | (mode & 0o444) >> 2


def modes_of(files: Mapping[str, str], mode: int | None) -> dict[str, Any]:
    """Return the modes as ``ReportAction`` takes them: given, and what the folder and each of the files have to get.

    files: {format: path}. mode: what the user asks for. None means that it exists and keeps its own.
    """
    folder = os.path.dirname(next(iter(files.values()), "")) or "."
    kept = {name: mode is None and os.path.exists(path) for name, path in files.items()}
    return {
        "given": mode,
        "folder": None if os.path.isdir(folder) else folder_mode(mode),
        "files": {name: None if kept[name] else PRIVATE_FILE if mode is None else mode for name in files},
    }
