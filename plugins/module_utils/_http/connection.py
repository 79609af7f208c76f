# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Holds the address of a server, the credentials and the settings of the connection."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from .._model.errors import InputError

API_VERSION = "1.1"
EXAMPLE_URL = "https://pbx.example.org:9486"
CONFD = "/api/confd"
AUTH = "/api/auth/0.1"
"""The paths of the two services of a Wazo behind its nginx (wazo-26.08.md, "3. Auth, tenants, base URL")."""
DIRECT_PORT = 9486


@dataclass(frozen=True)
class Connection:
    """The address of a server, the credentials and the settings of the connection.

    url: "https://pbx:9486" or "https://wazo/api/confd", with or without "/1.1"; timeout: the longest wait for an answer
    in seconds; answer_timeout: the longest time from its first byte to its last one, in seconds; max_answer_size: its
    largest size in MB; retries: how often a repeatable request is repeated. Without token and username, the server has
    to trust the client's address. auth_url, tenant (a name or a UUID): Wazo only.
    """

    url: str
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    token: str | None = field(default=None, repr=False)
    validate_certs: bool = True
    ca_path: str | None = None
    timeout: float = 30.0
    retries: int = 3
    answer_timeout: float = 300.0
    max_answer_size: float = 256.0
    auth_url: str | None = None
    tenant: str | None = None

    @property
    def base_url(self) -> str:
        """Return the URL that paths are appended to, for example "https://pbx:9486/1.1". Raise InputError."""
        url = _check_url(self.url, "confd_url", EXAMPLE_URL)
        return url if url.endswith(f"/{API_VERSION}") else f"{url}/{API_VERSION}"

    @property
    def auth_base_url(self) -> str:
        """Return the URL of Wazo's auth service. By default, it is on the host of confd, behind the same nginx."""
        if self.auth_url:
            return _check_url(self.auth_url, "confd_auth_url", f"https://wazo.example.org{AUTH}")
        base = self.base_url
        behind_nginx, found, _version = base.partition(f"{CONFD}/")
        if found:
            return f"{behind_nginx}{AUTH}"
        parts = urlsplit(base)
        host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
        port = "" if parts.port in (None, DIRECT_PORT) else f":{parts.port}"
        return f"{parts.scheme}://{host}{port}{AUTH}"

    @property
    def verify(self) -> bool | str:
        """Return the argument ``verify`` of requests: a CA file, or whether to check certificates."""
        return (self.ca_path or True) if self.validate_certs else False


def _check_url(given: str, option: str, example: str) -> str:
    """Return a URL without the slashes at its end. Raise InputError if it is not valid or contains credentials."""
    url = given.strip().rstrip("/")
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if "@" in url:
        raise InputError(f"{option} contains credentials.", "Set confd_username and confd_password instead.")
    if not usable:
        raise InputError(f"{option} is {given!r}, which is not a valid URL.", f"Example: {example}")
    return url
