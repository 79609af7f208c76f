# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""All that the info modules read."""

from __future__ import annotations

import pytest

from ansible_collections.xivo.confd.plugins.module_utils._tasks.info import (
    read_devices,
    read_extensions,
    read_lines,
    read_users,
    read_voicemails,
)

READERS = {
    "users": read_users,
    "lines_sip": read_lines,
    "extensions": read_extensions,
    "devices": read_devices,
    "voicemails": read_voicemails,
}
every_reader = pytest.mark.parametrize(("name", "read"), READERS.items(), ids=READERS)
