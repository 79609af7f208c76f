# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bounds where the credentials of the environment may go.

In a job, the environment has the credentials, and the inventory has the addresses of the servers. Whoever may write an
address there must not get the credentials of another server (design.md, rule 17).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from .._http.connection import Connection, Origin, is_address, origin_of
from .._model.errors import InputError

HOSTS = "CONFD_HOSTS"
SECRETS = {"confd_password": "CONFD_PASSWORD", "confd_token": "CONFD_TOKEN"}
ADDRESSES = {"confd_url": "CONFD_URL", "confd_auth_url": "CONFD_AUTH_URL"}
OF_ADDRESSES = re.compile(r"[\d.*]*\d[\d.*]*(:|$)")
"""A pattern of digits, dots and ``*``, perhaps with a port."""
SEPARATORS = re.compile(r"[\s,]+")


def secrets_of_environment(given: Collection[str], environ: Mapping[str, str]) -> list[str]:
    """Return the secret options that come from the environment. given: the options that the task has itself."""
    return [name for name, variable in SECRETS.items() if name not in given and environ.get(variable)]


def refuse_other_servers(connection: Connection, secrets: Collection[str], environ: Mapping[str, str]) -> None:
    """Raise InputError if secrets of the environment would go to a server that the environment does not name.

    If it names no server at all, neither by CONFD_URL nor by CONFD_HOSTS, they go where the options say.
    secrets: what ``secrets_of_environment`` returned.
    """
    used = "confd_token" if connection.token else "confd_password"
    known = [origin_of(environ[variable], variable) for variable in ADDRESSES.values() if environ.get(variable)]
    patterns = [each for each in SEPARATORS.split(environ.get(HOSTS, "")) if each]
    if used not in secrets or not (environ.get("CONFD_URL") or environ.get(HOSTS)):
        return
    for option, origin in _targets(connection):
        if origin not in known and not any(_matches(origin, pattern) for pattern in patterns):
            raise InputError(
                f"{used} comes from the environment variable {SECRETS[used]}, which the environment does not allow for "
                f"{option} {origin}: {_allowed(known, patterns)}.",
                f"Correct {option}, add the host to {HOSTS}, or give this server credentials of its own.",
            )


def _targets(connection: Connection) -> Iterator[tuple[str, Origin]]:
    """Yield the addresses that get credentials. The auth service is on the host of confd unless an option says else."""
    yield "confd_url", origin_of(connection.base_url, "confd_url")
    if connection.auth_url:
        yield "confd_auth_url", origin_of(connection.auth_base_url, "confd_auth_url")


def _matches(origin: Origin, pattern: str) -> bool:
    """Return whether a pattern of CONFD_HOSTS matches: a host with TLS on any port, or a host and a port.

    ``*`` stands for any characters. A pattern of digits, such as ``10.1.2.*``, is one of addresses: anybody can have a
    name that begins like it.
    """
    scheme, found, rest = pattern.lower().rpartition("://")
    if origin.scheme != (scheme if found else "https"):
        return False
    rest = rest.partition("/")[0]
    if OF_ADDRESSES.match(rest) and not is_address(origin.host):
        return False
    expression = re.compile(".*".join(map(re.escape, rest.split("*"))))
    return any(expression.fullmatch(text) for text in (origin.host, f"[{origin.host}]", origin.netloc))


def _allowed(known: Collection[Any], patterns: Collection[str]) -> str:
    parts = []
    if known:
        parts.append(f"{' and '.join(ADDRESSES.values())} name {' and '.join(sorted(map(str, set(known))))}")
    if patterns:
        parts.append(f"{HOSTS} has {' '.join(patterns)}")
    return ", ".join(parts) or f"{HOSTS} has no host"
