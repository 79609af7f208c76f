# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Accept a token beside digest (xivo-16.16.md, "Digest / token")."""

from __future__ import annotations

from flask import Flask, Response, request

from ..digest import DigestAuthentication
from ..tokens import access_of, given_token
from .rows import Xivo16Database

TOKEN = "11111111-2222-4333-8444-555555555555"
"""The token that every simulated server of this generation takes."""


class TokenOrDigest(DigestAuthentication):
    """Accept a good token in X-Auth-Token, or good digest credentials; a bad token beside them is ignored.

    A token that is not good, or lacks the permission, is answered with the challenge of digest.
    """

    def __init__(self, app: Flask, database: Xivo16Database, username: str | None, password: str) -> None:
        super().__init__(app, database, username, password)
        self._accounts = database.accounts
        if username is not None:
            self._accounts.add(username, password)

    def refusal(self) -> Response | None:
        if given_token() == TOKEN:
            return None
        token = self._accounts.issued.get(given_token())
        return None if token and token.allows(access_of(request.path)) else super().refusal()
