# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keeps the cookies of a session by the rules of requests, which are applied only where they can change something.

confd sets its cookie again with every answer (xivo-15.12.md, "Digest / session"). Parsing it each time would be a fifth
of what a request costs here.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from typing import Any

with contextlib.suppress(ImportError):
    import requests
    from requests.cookies import RequestsCookieJar, extract_cookies_to_jar, get_cookie_header

PARTS = ("name", "value", "domain", "path")
"""What makes a cookie one that belongs to the server."""
FOR_ALL_PATHS = "path=/"
HARMLESS = frozenset({FOR_ALL_PATHS, "httponly", "secure"})
"""Attributes with which a cookie means the same in every answer of a server, whatever the path and the time are."""


class Cookies:
    """The cookies of one session."""

    def __init__(self) -> None:
        self._jar = RequestsCookieJar()
        self._headers: dict[str, str | None] = {}
        """{base URL: the Cookie header of all requests below it}, until a cookie changes."""
        self._kept: dict[str, str] = {}
        """{base URL: the Set-Cookie header that was kept last}, if keeping it again would change nothing."""

    def header_for(self, request: requests.PreparedRequest, base_url: str) -> str | None:
        """Return the Cookie header of a request to a server; None for none."""
        if base_url in self._headers:
            return self._headers[base_url]
        header: str | None = get_cookie_header(self._jar, request)  # type: ignore[no-untyped-call, unused-ignore]
        if all(each.path == "/" and each.expires is None for each in self._jar):
            self._headers[base_url] = header
        return header

    def keep(self, response: requests.Response, base_url: str) -> None:
        """Keep the cookies that an answer sets."""
        given = response.headers.get("Set-Cookie")
        if given is None or given == self._kept.get(base_url):
            return
        self._headers.clear()
        self._kept.clear()
        extract_cookies_to_jar(self._jar, response.request, response.raw)  # type: ignore[no-untyped-call, unused-ignore]
        if _is_simple(given):
            self._kept[base_url] = given

    def replace_by(self, response: requests.Response, base_url: str) -> None:
        """Keep the cookies that an answer sets, and no others."""
        self.replace(())
        self.keep(response, base_url)

    def replace(self, cookies: Iterable[dict[str, Any]]) -> None:
        """Keep cookies that ``parts`` returned, and no others."""
        self._headers.clear()
        self._kept.clear()
        self._jar.clear()
        for each in cookies:
            self._jar.set(**each)

    def parts(self) -> list[dict[str, Any]]:
        """Return the cookies as JSON values, for another session with the same server."""
        return [{name: getattr(each, name) for name in PARTS} for each in self._jar]


def _is_simple(header: str) -> bool:
    """Return whether a Set-Cookie header holds one cookie for the whole server, which has no end."""
    attributes = {each.strip().lower() for each in header.split(";")[1:]}
    return "," not in header and FOR_ALL_PATHS in attributes and attributes <= HARMLESS
