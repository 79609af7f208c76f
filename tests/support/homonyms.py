# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Users of one name, and entries for them."""

from __future__ import annotations

from typing import Any

from simulator import Simulator

from .helpers import Options, apply_list, make_user, person, user_row


def homonyms(sim: Simulator, *numbers: int | None) -> None:
    """Create users called Johnny Depp with these internal numbers; None for one without a line."""
    for exten in numbers:
        if exten is None:
            make_user(sim, "Johnny Depp")
        else:
            backend_entry = person("Temporary", exten)
            apply_list(sim, backend_entry)
            row = user_row(sim, "Temporary")
            row.firstname, row.lastname, row.caller_id = "Johnny", "Depp", '"Johnny Depp"'
    sim.clear_log()


def johnny(exten: int | None = None, **more: Any) -> Options:
    """Return an entry for Johnny Depp."""
    return person("Johnny Depp", exten, **more)
