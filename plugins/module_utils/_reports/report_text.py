# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the values of reports fit for files and for the results of Ansible."""

from __future__ import annotations

import json
from typing import Any

Report = dict[str, Any]


def as_utf8(report: Report) -> Report:
    """Return the report with a question mark for what UTF-8 cannot hold: Ansible refuses results with such texts."""
    text = json.dumps(report, ensure_ascii=False).encode("utf-8", errors="replace")
    cleaned: Report = json.loads(text)
    return cleaned
