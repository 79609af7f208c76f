# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A token beside digest (facts file xivo-16.16, section Digest / token)."""

from __future__ import annotations

from flask import Response, request

from ..digest import DigestAuthentication

TOKEN = "11111111-2222-4333-8444-555555555555"
"""The token that every simulated server of this generation takes."""


class TokenOrDigest(DigestAuthentication):
    """A good token in X-Auth-Token is enough; a bad one does not matter to whoever has good digest credentials."""

    def refusal(self) -> Response | None:
        if request.headers.get("X-Auth-Token") == TOKEN:
            return None
        return super().refusal()
