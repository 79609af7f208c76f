# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check digest authentication tied to a signed session cookie (xivo-15.12.md, "Digest / session").

Flask-HTTPAuth is what the real server uses. Without qop its challenge is that of 2015. Nonce and opaque are stored in
the cookie, which is signed with a key that is new in every confd process.
"""

from __future__ import annotations

import secrets
import time
from functools import lru_cache
from typing import Any

from flask import Flask, Response
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from flask_httpauth import HTTPDigestAuth  # type: ignore[import-untyped]
from itsdangerous import URLSafeTimedSerializer

from .database import Database


class _Signing:
    """Sign and check cookies with one key, each only once, since the same few come with every request."""

    def __init__(self, serializer: URLSafeTimedSerializer) -> None:
        self.loads = lru_cache(maxsize=256)(serializer.loads)
        self._dumps = lru_cache(maxsize=256)(lambda items, _second: serializer.dumps(dict(items)))

    def dumps(self, session: dict[str, str]) -> Any:
        """Return the signed cookie of a session; it contains the second in which it is signed."""
        return self._dumps(tuple(session.items()), int(time.time()))


class _AlwaysSetCookie(SecureCookieSessionInterface):
    _key: Any = None

    def get_signing_serializer(self, app: Flask) -> Any:
        if app.secret_key != self._key:
            serializer = super().get_signing_serializer(app)
            assert serializer is not None
            self._key, self._signing = app.secret_key, _Signing(serializer)
        return self._signing

    def should_set_cookie(self, app: Flask, session: SessionMixin) -> bool:
        return bool(session)


class DigestAuthentication:
    """Check the credentials. With username None the server trusts the client's address: no credentials, no cookie."""

    def __init__(self, app: Flask, database: Database, username: str | None, password: str) -> None:
        self._app = app
        self._trusted = username is None
        self._digest = HTTPDigestAuth(qop=None)
        self._digest.get_password(lambda name: password if name == username else None)
        app.session_interface = _AlwaysSetCookie()
        self.forget_sessions()

    def forget_sessions(self) -> None:
        """Take a new key, as a restarted confd does, so that earlier cookies become invalid."""
        self._app.secret_key = secrets.token_hex(32)

    def refusal(self) -> Response | None:
        """Return the challenge for a request without good credentials, None for a good one."""
        if self._trusted:
            return None
        authorization = self._digest.get_auth()
        password = self._digest.get_auth_password(authorization)
        if self._digest.authenticate(authorization, password):
            return None
        return self.challenge()

    def challenge(self) -> Response:
        response: Response = self._digest.auth_error_callback(401)
        return response
