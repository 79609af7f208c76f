# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Define the interface between the shared simulator and one generation of confd.

A generation is a package that fills in a `Generation`: its routes, and how it reads headers and bodies. Everything else
(database, authentication, server, faults, request log) does not know which generation it serves.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from flask import Flask, Response
from werkzeug.exceptions import HTTPException

from .database import Database
from .digest import DigestAuthentication
from .html_pages import routing_error

BASE = "/1.1"
Json = Any


@dataclass(frozen=True)
class Answer:
    """Hold the answer of a view: body None is an empty answer; location is a path below /1.1.

    table: the text of an answer that is a CSV table, instead of the body.
    """

    status: int = 200
    body: Json = None
    location: str | None = None
    table: str | None = None


@dataclass(frozen=True)
class Call:
    """Hold what a view is given: the database, the query, and the request's other parts on demand.

    exchange: the request as it came, for bodies that are not JSON.
    """

    database: Database
    method: str
    query: Mapping[str, str]
    read_body: Callable[[], Json]
    url: Callable[[str], str]
    exchange: Exchange | None = None

    def link(self, resource: str, identifier: object) -> dict[str, str]:
        """Return a member of `links`, absolute, from the Host header."""
        return {"href": self.url(f"/{resource}/{identifier}"), "rel": resource}


View = Callable[..., Answer]


@dataclass(frozen=True)
class Route:
    """Hold one method of one URL rule below /1.1; `acts` marks a GET that changes something.

    bases: other prefixes than the generation's; public: whether it is served without credentials; check_headers: how
    its headers are checked, where that differs from the rest of the generation.
    """

    method: str
    rule: str
    view: View
    acts: bool = False
    bases: tuple[str, ...] | None = None
    public: bool = False
    check_headers: Callable[[Exchange], None] | None = None


@dataclass(frozen=True)
class Exchange:
    """Hold the parts of an HTTP request that a generation checks."""

    method: str
    accept: str | None
    content_type: str | None
    raw_body: bytes


class Authentication(Protocol):
    """Decide whether a request is allowed."""

    def refusal(self) -> Response | None:
        """Return the answer to the current request if it is not allowed, else None."""

    def challenge(self) -> Response:
        """Return the answer to a request without credentials."""

    def forget_sessions(self) -> None:
        """Forget what a restart of confd makes invalid."""


@dataclass(frozen=True)
class Generation:
    """Describe one generation of the API.

    bases: the prefixes that its routes have; authentication is created with (app, database, username, password), where
    username None is a server that trusts the client's address.
    """

    name: str
    routes: tuple[Route, ...]
    populate: Callable[[Database], None]
    check_headers: Callable[[Exchange], None]
    parse_body: Callable[[Exchange], Json]
    milliseconds: Callable[[str, str, Database], float]
    bases: tuple[str, ...] = (BASE,)
    database: Callable[..., Database] = Database
    authentication: Callable[[Flask, Database, str | None, str], Authentication] = DigestAuthentication
    routing_error: Callable[[HTTPException], Response] = routing_error
