# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of voicemails share: two people who want one."""

from __future__ import annotations

from typing import Any

from ansible_collections.xivo.confd.plugins.module_utils._tasks.voicemail import ensure_voicemail
from simulator import Simulator
from support.helpers import perform

JOHNNY = {"firstname": "Johnny", "lastname": "Depp"}
ANNA = {"firstname": "Anna", "lastname": "Karina"}
KEY = {"number": "1200", "context": "default"}


def owners(sim: Simulator) -> dict[int, tuple[int, bool]]:
    """{user id: (voicemail id, enabled)}."""
    return {row.user_id: (row.voicemail_id, row.enabled) for row in sim.database.user_voicemails}


def ensure(sim: Simulator, check: bool = False, **options: Any) -> dict[str, Any]:
    return perform(sim, ensure_voicemail, check, **options)
