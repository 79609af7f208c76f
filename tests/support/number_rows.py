# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What confd_numbers_info returns, for tests of reports."""

from __future__ import annotations

from typing import Any

TIME = "2026-11-23T08:00:00Z"
HOSTILE = "<script>document.title='taken'</script><img src=x onerror=\"document.title='taken'\">\"'"


def number_row(exten: str, name: str = "", context: str = "default", **more: Any) -> dict[str, Any]:
    """A number of a person; without a name, a feature code."""
    first, _space, last = name.partition(" ")
    user_id = more.pop("user_id", sum(map(ord, name)))
    people = [{"user_id": user_id, "firstname": first, "lastname": last or None}] if name else []
    return {
        "exten": exten,
        "context": context,
        "type": "internal",
        "used_by": "person" if name else "feature",
        "name": name,
        "people": people,
        "line_ids": [1],
        "object_id": None,
        "extension_id": 1,
        "disabled": False,
        "left_over": False,
        **more,
    }


def free(first: str, last: str, name: str = "default", **more: Any) -> dict[str, Any]:
    """A context of one range, all of whose numbers are free."""
    count = int(last) - int(first) + 1
    part = {"first": first, "last": last, "numbers": count}
    whole = {"use": "user", **part, "taken": 0, "free": count, "next_free": first}
    return {"name": name, "label": name, "type": "internal", "ranges": [whole], "free": [part], **more}


def phone(mac: str, exten: str | None = None, name: str = "", **more: Any) -> dict[str, Any]:
    lines = [{"line_id": 1, "exten": exten, "context": "default", "name": name}] if exten else []
    known = {"vendor": "Aastra", "model": "6755i", "plugin": "xivo-aastra", "version": "3.3", "ip": "10.0.0.1"}
    return {"id": mac, "mac": mac, **known, "description": None, "status": "configured", "lines": lines, **more}


def numbers(name: str, *rows: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A server with what was read from it."""
    result = {"numbers": list(rows), "contexts": [], "free_known": True, "devices": [], "not_told": [], **more}
    return {"name": name, "url": None, "result": result}
