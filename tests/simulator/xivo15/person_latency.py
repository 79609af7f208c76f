# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hold how long the requests about the rest of a person take (person-xivo-15.12.md, "Speed").

The facts are multiples of the time of a POST /users. Each write of a key writes the whole set.
"""

from __future__ import annotations

from typing import Any

from flask import has_request_context, request

USER = "/users/<int:user_id>"
KEY, TEMPLATE_KEY = f"{USER}/funckeys/<int:position>", "/funckeys/templates/<int:template_id>/<int:position>"
RATIOS = {
    ("PUT", f"{USER}/cti"): 1.0,
    ("GET", f"{USER}/cti"): 0.75,
    ("GET", f"{USER}/funckeys"): 0.9,
    ("PUT", f"{USER}/funckeys/templates/<int:template_id>"): 0.8,
    ("DELETE", f"{USER}/funckeys/templates/<int:template_id>"): 0.7,
    ("POST", "/funckeys/templates"): 0.55,
    ("POST", "/voicemails"): 0.8,
    ("POST", f"{USER}/voicemail"): 1.3,
    ("DELETE", f"{USER}/voicemail"): 1.15,
    ("GET", f"{USER}/voicemail"): 0.5,
    ("GET", "/cti_profiles"): 0.4,
}
FIRST_KEY, NEXT_KEY = 0.9, 0.4
LISTED_KEY = 0.11
"""The list of templates asks the database for each key."""


def ratio(method: str, rule: str, database: Any) -> float | None:
    """Return the time of a request in times of POST /users, None for one that is not among them."""
    if method in {"PUT", "DELETE"} and rule in {KEY, TEMPLATE_KEY}:
        return FIRST_KEY + NEXT_KEY * _other_keys(database)
    if (method, rule) == ("GET", "/funckeys/templates"):
        return 0.4 + LISTED_KEY * sum(len(row.keys) for row in database.func_key_templates.where(private=False))
    return RATIOS.get((method, rule))


def _other_keys(database: Any) -> int:
    """Return how many keys the set of the current request has."""
    ids: dict[str, Any] = (request.view_args or {}) if has_request_context() else {}
    person = database.users.get(ids.get("user_id"))
    template_id = person.private_template_id if person else ids.get("template_id")
    template = database.func_key_templates.get(template_id)
    return len(template.keys) if template else 0
