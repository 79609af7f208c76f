# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hold the tables of 15.12 (person-xivo-15.12.md, "What concerns a person here: all routes")."""

from __future__ import annotations

from collections.abc import Iterable

from ..database import Context, PersonDatabase, Table
from ..database.person import Person, PersonTable


class Xivo15Database(PersonDatabase):
    """Hold users with what they have beside the telephone."""

    def __init__(self, contexts: Iterable[Context] | None = None, seed: int | None = None) -> None:
        super().__init__(contexts, seed)
        self.users: Table[Person] = PersonTable(Person, self)  # type: ignore[assignment]
        self.live_reload = True
