# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tables that a ServerState is kept in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .._model.numbers import ExtensionKey
from .._model.records import Extension, Line, Owner, User
from .tables import RecordTable
from .voicemails import Voicemails

if TYPE_CHECKING:
    from .._backends.base import Backend


class BaseState:
    """What all parts of a ServerState share: the backend, and what is known so far.

    complete: whether ``read_snapshot`` has read all users and lines, so that no single one is asked for.
    In the tables of associations, a missing key is unknown, and None or an empty list means that there is none.
    """

    def __init__(self, backend: Backend) -> None:
        self.backend = backend
        self.complete = False
        self.voicemails = Voicemails(backend)
        self._users: RecordTable[User] = RecordTable(User)
        self._lines: RecordTable[Line] = RecordTable(Line)
        self._extensions: RecordTable[Extension] = RecordTable(Extension)
        self._line_of: dict[User, Line | None] = {}
        self._other_lines: dict[User, list[Line]] = {}
        self._users_of: dict[Line, list[User]] = {}
        self._extension_of: dict[Line, Extension | None] = {}
        self._lines_of_extension: dict[Extension, list[Line]] = {}
        self._incalls_of: dict[User, list[Extension]] = {}
        self._owner_of: dict[Extension, Owner | None] = {}
        self._extensions_by_key: dict[ExtensionKey, Extension | None] = {}
        self._users_by_name: dict[tuple[str | None, str | None], list[User]] = {}
