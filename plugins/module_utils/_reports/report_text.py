# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the values of reports fit for files and for the results of Ansible."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timezone
from typing import Any

Report = dict[str, Any]


def time_of_report() -> str:
    """Return the current time in UTC as reports show it: 2026-11-30T08:00:00Z."""
    return datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def with_missing_servers(servers: Sequence[Mapping[str, Any]], expected: Iterable[str] | None) -> list[Any]:
    """Return the servers of a report, and those that have no result. expected: the names of all servers, if known."""
    known = {each["name"] for each in servers}
    return [*servers, *({"name": name, "result": {}} for name in expected or () if name not in known)]


def as_utf8(report: Report) -> Report:
    """Return the report with a question mark for what UTF-8 cannot hold: Ansible refuses results with such texts."""
    text = json.dumps(report, ensure_ascii=False).encode("utf-8", errors="replace")
    cleaned: Report = json.loads(text)
    return cleaned
