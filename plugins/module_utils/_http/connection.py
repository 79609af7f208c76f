# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Holds the address of a server, the credentials and the settings of the connection."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from ipaddress import ip_address
from urllib.parse import urlsplit

from .._model.errors import InputError
from .._model.masking import MASK
from .handover import Handover
from .pace import Pace

API_VERSION = "1.1"
AUTH_VERSION = "0.1"
EXAMPLE_URL = "https://pbx.example.org:9486"
EXAMPLE_XIVO_AUTH_URL = "https://pbx.example.org:9497"
CONFD = "/api/confd"
AUTH = f"/api/auth/{AUTH_VERSION}"
"""The paths of the two services of a Wazo behind its nginx (wazo-26.08.md, "3. Auth, tenants, base URL")."""
DIRECT_PORT = 9486
XIVO_AUTH_PORT = 9497
"""The port of a XiVO's auth service (auth_xivo.py says where that is documented)."""
XIVO_BACKEND = "xivo_service"
"""The backend of xivo-auth for a web services access, the account that confd's digest authentication takes too."""
DEFAULT_PORTS = {"http": 80, "https": 443}
HOST = re.compile(r"[\w.-]+|[0-9a-f:.]+(?:%[\w.-]+)?", re.IGNORECASE)
"""The names and addresses of hosts. Libraries read others differently, for example one with a backslash."""


@dataclass(frozen=True)
class Origin:
    """Where a URL leads: the scheme, the host in lower case, and the port, also if it is the default one."""

    scheme: str
    host: str
    port: int

    @property
    def netloc(self) -> str:
        """Return the host with the port."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"

    @property
    def is_exposed(self) -> bool:
        """Return whether others in a network can read what is sent: there is no TLS, and it leaves this machine."""
        return self.scheme == "http" and not is_loopback(self.host)

    def __str__(self) -> str:
        return f"{self.scheme}://{self.netloc}"


def origin_of(url: str, option: str) -> Origin:
    """Return where a URL leads. option: its name in messages. Raise InputError for one that is not valid."""
    parts = urlsplit(_check_url(url, option, EXAMPLE_URL))
    return Origin(parts.scheme, parts.hostname or "", parts.port or DEFAULT_PORTS[parts.scheme])


def is_address(host: str) -> bool:
    """Return whether a host is an address, and not a name."""
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def is_loopback(host: str) -> bool:
    """Return whether a host is this machine."""
    return host == "localhost" or (is_address(host) and ip_address(host).is_loopback)


def without_credentials(url: str) -> str:
    """Return the URL of an option without what may be secret in it, also if it is not valid."""
    _userinfo, sign, address = url.rpartition("@")
    return re.split("[?#]", f"{MASK}@{address}" if sign else url)[0]


@dataclass(frozen=True)
class Connection:
    """The address of a server, the credentials and the settings of the connection.

    url: "https://pbx:9486" or "https://wazo/api/confd", with or without "/1.1"; timeout: the longest wait for an answer
    in seconds; answer_timeout: the longest time from its first byte to its last one, in seconds; max_answer_size: its
    largest size in MB; retries: how often a repeatable request is repeated; pace: how quickly requests may follow each
    other in all sessions of this connection; handover: what these sessions get from earlier ones. Without token and
    username, the server has to trust the client's address. auth_url: not for XiVO up to 16.12; auth_backend: XiVO only;
    tenant (a name or a UUID): Wazo only.
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
    auth_backend: str | None = None
    tenant: str | None = None
    pace: Pace = field(default_factory=Pace, repr=False, compare=False)
    handover: Handover = field(default_factory=Handover, repr=False, compare=False)

    @property
    def base_url(self) -> str:
        """Return the URL that paths are appended to, for example "https://pbx:9486/1.1". Raise InputError."""
        url = _check_url(self.url, "confd_url", EXAMPLE_URL)
        return url if url.endswith(f"/{API_VERSION}") else f"{url}/{API_VERSION}"

    @property
    def auth_base_url(self) -> str:
        """Return the URL of Wazo's auth service. By default, it is on the host of confd, behind the same nginx."""
        if self.auth_url:
            return self._given_auth_url(f"https://wazo.example.org{AUTH}")
        base = self.base_url
        behind_nginx, found, _version = base.partition(f"{CONFD}/")
        if found:
            return f"{behind_nginx}{AUTH}"
        parts = urlsplit(base)
        port = "" if parts.port in (None, DIRECT_PORT) else f":{parts.port}"
        return f"{parts.scheme}://{_host_of(base)}{port}{AUTH}"

    @property
    def wants_xivo_auth(self) -> bool:
        """Return whether a XiVO is to get a token of its auth service instead of a digest."""
        return bool(self.auth_url or self.auth_backend)

    @property
    def xivo_auth_base_url(self) -> str:
        """Return the URL of a XiVO's auth service. By default, it is on the host of confd, with TLS in any case.

        Raise InputError if that host is not known: behind another port or path than confd's own, another server can
        have the port of the service.
        """
        if self.auth_url:
            return self._given_auth_url(EXAMPLE_XIVO_AUTH_URL)
        parts = urlsplit(self.base_url)
        if parts.port != DIRECT_PORT or parts.path != f"/{API_VERSION}":
            raise InputError(
                f"confd_auth_backend is given without confd_auth_url, which cannot be derived from {self.base_url}, "
                f"because that is not port {DIRECT_PORT} of the server itself.",
                f"Set confd_auth_url, for example to {EXAMPLE_XIVO_AUTH_URL}.",
            )
        return f"https://{_host_of(self.base_url)}:{XIVO_AUTH_PORT}/{AUTH_VERSION}"

    @property
    def xivo_auth_backend(self) -> str:
        """Return the backend of xivo-auth that checks the password."""
        return self.auth_backend or XIVO_BACKEND

    def _given_auth_url(self, example: str) -> str:
        url = _check_url(self.auth_url or "", "confd_auth_url", example)
        return url if url.endswith(f"/{AUTH_VERSION}") else f"{url}/{AUTH_VERSION}"

    @property
    def given_options(self) -> set[str]:
        """Return the given options that not all generations of the API have."""
        values = {"confd_auth_url": self.auth_url, "confd_auth_backend": self.auth_backend, "confd_tenant": self.tenant}
        return {option for option, value in values.items() if value}

    @property
    def has_credentials(self) -> bool:
        """Return whether anything secret is sent to the server."""
        return bool(self.token) or self.username is not None

    @property
    def secrets(self) -> tuple[str, ...]:
        """Return what no message may show. Basic authentication sends username and password as one text."""
        pair = f"{self.username}:{self.password}" if self.username and self.password else None
        return tuple(each for each in (self.password, self.token, pair) if each)

    def without_patience(self, seconds: float) -> Connection:
        """Return the same connection for requests that are sent once, and wait for a few seconds at most."""
        return replace(self, timeout=min(self.timeout, seconds), answer_timeout=seconds, retries=0)

    def exposed_addresses(self) -> list[str]:
        """Return the URLs of the options at which others in the network can read what is sent."""
        urls = {"confd_url": self.base_url, **({"confd_auth_url": self.auth_base_url} if self.auth_url else {})}
        return [option for option, url in urls.items() if origin_of(url, option).is_exposed]

    @property
    def verify(self) -> bool | str:
        """Return the argument ``verify`` of requests: a CA file, or whether to check certificates."""
        return (self.ca_path or True) if self.validate_certs else False


def _host_of(url: str) -> str:
    """Return the host of a URL, as URLs have it."""
    host = urlsplit(url).hostname or ""
    return f"[{host}]" if ":" in host else host


def _check_url(given: str, option: str, example: str) -> str:
    """Return a URL without the slashes at its end. Raise InputError if it is not valid or may contain credentials."""
    url = given.strip().rstrip("/")
    try:
        parts = urlsplit(url)
        # urlsplit drops tabs and line breaks, where other libraries do not.
        is_plain = url.isprintable() and HOST.fullmatch(parts.hostname or "") is not None
        usable = parts.scheme in ("http", "https") and is_plain and parts.port != 0
    except ValueError:
        usable = False
    if "@" in url:
        raise InputError(f"{option} contains credentials.", "Set confd_username and confd_password instead.")
    if "?" in url or "#" in url:
        raise InputError(f"{option} contains a query or a fragment.", "Set confd_token to use a token.")
    if not usable:
        raise InputError(f"{option} is {given!r}, which is not a valid URL.", f"Example: {example}")
    return url
