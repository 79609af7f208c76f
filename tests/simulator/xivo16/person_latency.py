# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hold how long the requests about the rest of a person take (person-xivo-16.16.md, "Speed").

The facts are multiples of the time of a POST /users.
"""

from __future__ import annotations

from typing import Any

from flask import has_request_context, request

POST_USERS = 46.0
USER = "/users/<int:user_id>"
RATIOS = {
    ("PUT", f"{USER}/forwards"): 0.55,
    ("PUT", f"{USER}/services"): 0.57,
    ("PUT", f"{USER}/fallbacks"): 0.53,
    ("PUT", f"{USER}/callpermissions"): 0.46,
    ("PUT", f"{USER}/funckeys/templates"): 0.41,
    ("PUT", f"{USER}/funckeys"): 0.99,
    ("PUT", f"{USER}/cti"): 0.76,
    ("PUT", f"{USER}/agents"): 0.48,
    ("PUT", f"{USER}/entities"): 0.57,
    ("PUT", "/endpoints/sip"): 1.34,
    ("POST", "/voicemails"): 0.56,
    ("PUT", f"{USER}/voicemails"): 0.59,
    ("POST", "/groups"): 0.69,
    ("PUT", "/groups/<int:group_id>/extensions"): 0.5,
    ("GET", f"{USER}/funckeys"): 0.47,
    ("GET", f"{USER}/cti"): 0.41,
    ("GET", f"{USER}/callpermissions"): 0.30,
    ("GET", "/cti_profiles"): 0.11,
    ("GET", "/entities"): 0.09,
}
"""The rules that begin like that, the first one that fits."""
OF_A_LIST = {
    "/users/export": ("users", 0.0012),
    "/groups": ("groups", 0.29),
    "/callpermissions": ("call_permissions", 0.010),
    "/callpermissions/<int:permission_id>/users": ("user_call_permissions", 0.002),
    "/funckeys/templates": ("func_key_templates", 0.004),
    "/endpoints/sip": ("lines", 0.021),
}
"""{rule of a list: (its table, the ratio of each row)}."""
UPDATED_ROW = 2.3
MEMBERS, MEMBER = 0.6, 0.14
"""The ratios of a PUT of members: what it takes without any, and for each one."""


def ratio(method: str, rule: str, database: Any) -> float | None:
    """Return the time of a request in times of POST /users, None for one that is not among them."""
    rule = rule.replace("<uuid:", "<int:")
    if (method, rule) == ("PUT", "/users/import"):
        return UPDATED_ROW * max(0, _body().strip().count(b"\n"))
    if (method, rule) == ("PUT", "/groups/<int:group_id>/members/users"):
        return MEMBERS + MEMBER * _body().count(b"uuid")
    if method == "GET" and rule in OF_A_LIST:
        table, slope = OF_A_LIST[rule]
        return 0.1 + slope * len(getattr(database, table))
    return next((value for (verb, start), value in RATIOS.items() if verb == method and rule.startswith(start)), None)


def _body() -> bytes:
    return request.get_data() if has_request_context() else b""
