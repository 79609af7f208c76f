# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of purges that disable share: people, runs, and what leavers can still do."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from ansible_collections.xivo.confd.plugins.module_utils._bulk import leavers
from ansible_collections.xivo.confd.plugins.module_utils._model.resources import LINE
from simulator import Simulator
from support.helpers import Options, apply_list, backend_of, extension_row, line_row, person
from support.logins import enabling

BOB = person("Bob B", 1201)
DAY = "2026-11-30"


class Clock:
    """The date that the collection sees."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._monkeypatch = monkeypatch
        self.set(DAY)

    def set(self, day: str) -> None:
        self._monkeypatch.setattr(leavers, "today", lambda: date.fromisoformat(day))


def ada_of(sim: Simulator, **more: Any) -> Options:
    return person("Ada A", 1200, 2200, **{"login": enabling(sim), "voicemail": {}, **more})


def purge(sim: Simulator, *entries: Options, check: bool = False, **options: Any) -> Options:
    given = {"purge": True, "purge_scope": {"range": "1200-1299"}, "purge_limit": 10, **options}
    return apply_list(sim, *entries, check=check, **given)


def disable(sim: Simulator, *entries: Options, **options: Any) -> Options:
    return purge(sim, *(entries or (BOB,)), **{"purge_action": "disable", **options})


def keep(sim: Simulator, days: int, *entries: Options, **options: Any) -> Options:
    return purge(sim, *(entries or (BOB,)), purge_grace=days, **options)


def secret_of(sim: Simulator, name: str = "Ada A") -> str:
    return str((backend_of(sim).get(LINE, line_row(sim, name).id) or {})["secret"])


def is_called_by(sim: Simulator) -> list[bool]:
    """Whether people can call Ada inside, and from outside."""
    return [not extension_row(sim, exten).commented for exten in (1200, 2200)]


def has_user_switch(sim: Simulator) -> bool:
    return sim.generation.name != "xivo15"
