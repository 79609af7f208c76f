# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Cookies of a session: sent as requests would send them, and parsed only when they change."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import pytest
import responses

from ansible_collections.xivo.confd.plugins.module_utils._http import cookies as _cookies
from ansible_collections.xivo.confd.plugins.module_utils._http.connection import Connection
from ansible_collections.xivo.confd.plugins.module_utils._http.transport import Transport
from simulator import Simulator
from support.fake_server import URL
from support.helpers import client_of

SIMPLE = "session=one; HttpOnly; Path=/"


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The Set-Cookie headers that were parsed."""
    found: list[str] = []
    real = _cookies.extract_cookies_to_jar

    def extract(jar: object, request: object, raw: object) -> None:
        found.append(raw.headers["Set-Cookie"])  # type: ignore[attr-defined]
        real(jar, request, raw)

    monkeypatch.setattr(_cookies, "extract_cookies_to_jar", extract)
    yield found


def sent_after(fake: responses.RequestsMock, *given: str, paths: tuple[str, ...] = ("/users", "/lines")) -> list[str]:
    """The cookies that requests to paths have after a session got answers with cookies; '' for none."""
    session = Transport(Connection(URL))
    for header in given:
        fake.get(f"{URL}/first/answer", headers={"Set-Cookie": header})
        session.exchange("GET", URL, "/first/answer")
    for path in paths:
        fake.get(f"{URL}{path}")
    return [str(session.exchange("GET", URL, path).request.headers.get("Cookie", "")) for path in paths]


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        ([SIMPLE], ["session=one", "session=one"]),
        ([SIMPLE, SIMPLE], ["session=one", "session=one"]),
        ([SIMPLE, "session=two; Path=/"], ["session=two", "session=two"]),
        ([SIMPLE, "other=two; Path=/"], ["session=one; other=two", "session=one; other=two"]),
        ([SIMPLE, "session=; Path=/; Max-Age=0"], ["", ""]),
        ([SIMPLE, "session=; Path=/; Expires=Thu, 01-Jan-1970 00:00:00 GMT"], ["", ""]),
        ([SIMPLE, "session=; Path=/; Max-Age=0", SIMPLE], ["session=one", "session=one"]),
        (["session=one; Path=/users"], ["session=one", ""]),
        (["session=one"], ["", ""]),
        (["session=one; Path=/; Domain=elsewhere.example.com"], ["", ""]),
    ],
)
def test_cookies_are_sent_by_the_rules(fake: responses.RequestsMock, given: list[str], sent: list[str]) -> None:
    assert sent_after(fake, *given) == sent


def test_a_cookie_stays_with_its_server(fake: responses.RequestsMock) -> None:
    other = "https://auth.example.com:9497"
    fake.get(f"{URL}/users", headers={"Set-Cookie": SIMPLE})
    fake.get(f"{other}/users")
    session = Transport(Connection(URL))
    session.exchange("GET", URL, "/users")
    assert "Cookie" not in session.exchange("GET", other, "/users").request.headers


def test_the_same_cookie_is_parsed_once(fake: responses.RequestsMock, parsed: list[str]) -> None:
    sent_after(fake, SIMPLE, SIMPLE, SIMPLE)
    assert parsed == [SIMPLE]


@pytest.mark.parametrize("header", ["session=one", "session=one; Path=/; Max-Age=9", "a=1; Path=/, b=2; Path=/"])
def test_what_depends_on_time_or_path_is_parsed_again(
    fake: responses.RequestsMock, parsed: list[str], header: str
) -> None:
    sent_after(fake, header, header)
    assert parsed == [header, header]


def test_a_cookie_that_changes_is_the_one_that_is_sent(sim: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    """confd signs its cookie again, with the second in which it does so."""
    monkeypatch.setattr("time.time", count(1_800_000_000).__next__)
    client = client_of(sim)
    sent = []
    for _each in range(3):
        client.get("/infos")
        sent.append(client._transport.cookies.parts()[0]["value"])
    assert len(set(sent)) == 3
    assert [request.status for request in sim.requests] == [401, 200, 200, 200]
