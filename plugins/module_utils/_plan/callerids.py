# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plans that a line keeps its own caller ID when its user is written."""

from __future__ import annotations

from .._model.records import Extension, User
from .._operations.overwritten import KeptCallerid
from .._state.state import ServerState


def callerid_to_keep(
    state: ServerState, user: User, old_name: str = "", moved: Extension | None = None, old_exten: str = ""
) -> KeptCallerid | None:
    """Return the caller ID of a user's line, if the server overwrites it when it writes the user; otherwise None.

    The records have the new values already. old_name: the name of the user before, if it changes. moved, old_exten: the
    number that changes, and its exten before, if that changes. A number that is not known is not read.
    """
    line = state.line_of(user) if state.backend.overwrites_callerid and not user.predicted else None
    if line is None or line.predicted or not line.is_sip:
        return None
    knows_exten = state.complete or moved is not None
    if knows_exten and moved not in (None, state.extension_of(line)):
        # The write of a direct number does not write the user.
        return None
    number = state.extension_of(line) if knows_exten else None
    exten = number["exten"] if number else None
    return KeptCallerid(line, (old_name or user.name, user.name), (old_exten or exten, exten), knows_exten)
