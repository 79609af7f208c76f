# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Accept a token beside digest (xivo-16.16.md, "Digest / token")."""

from __future__ import annotations

from flask import Response, request

from ..digest import DigestAuthentication

TOKEN = "11111111-2222-4333-8444-555555555555"
"""The token that every simulated server of this generation takes."""


class TokenOrDigest(DigestAuthentication):
    """Accept a good token in X-Auth-Token, or good digest credentials; a bad token beside them is ignored."""

    def refusal(self) -> Response | None:
        if request.headers.get("X-Auth-Token") == TOKEN:
            return None
        return super().refusal()
