# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One session below the client: what its errors carry, what they hide, and what is repeated where."""

from __future__ import annotations

from typing import Any

import pytest
import requests
import responses
from urllib3.exceptions import MaxRetryError, ProtocolError, SSLError

from ansible_collections.xivo.confd.plugins.module_utils._http.connection import Connection
from ansible_collections.xivo.confd.plugins.module_utils._http.transport import RETRIED_METHODS, Transport
from ansible_collections.xivo.confd.plugins.module_utils._model.errors import RefusedError, RequestError
from support.fake_server import CANARY, URL


def transport(**options: Any) -> Transport:
    return Transport(Connection(URL, **options))


def retried(below: Transport, url: str) -> frozenset[str]:
    return below.session.get_adapter(url).max_retries.allowed_methods


def test_an_error_says_what_was_asked(fake: responses.RequestsMock) -> None:
    fake.put(f"{URL}/users/1", body=requests.ConnectionError("gone"))
    with pytest.raises(RequestError) as caught:
        transport().exchange("PUT", URL, "/users/1")
    assert (caught.value.method, caught.value.path) == ("PUT", "/users/1")
    assert f"PUT {URL}/users/1" in caught.value.message


def test_a_path_that_holds_a_secret_is_shown_without_it(fake: responses.RequestsMock) -> None:
    fake.delete(f"{URL}/token/{CANARY}", body=requests.ConnectionError(f"/token/{CANARY}"))
    session = transport()
    session.hide(CANARY)
    with pytest.raises(RequestError) as caught:
        session.exchange("DELETE", URL, f"/token/{CANARY}", "/token/...")
    assert caught.value.path == "/token/..."
    assert CANARY not in str(caught.value)


@pytest.mark.parametrize("body", [{"json": {"secret": CANARY}}, {"data": f"password\n{CANARY}\n".encode()}])
def test_no_secret_that_was_sent_is_in_what_became_of_it(body: dict[str, Any], fake: responses.RequestsMock) -> None:
    fake.post(f"{URL}/users", body=requests.ConnectionError(f"could not send {CANARY}"))
    with pytest.raises(RequestError) as caught:
        transport().exchange("POST", URL, "/users", **body)
    assert CANARY not in str(caught.value)


def test_what_the_options_and_the_session_hold_is_secret() -> None:
    session = transport(username="me", password="pa55", token="t0ken")
    session.hide(CANARY)
    assert sorted(session.secrets) == [CANARY, "me:pa55", "pa55", "t0ken"]
    assert transport().secrets == ()


def test_posts_are_repeated_only_where_they_do_no_harm() -> None:
    session = transport()
    session.repeat_posts(f"{URL}/token")
    assert retried(session, f"{URL}/token") == RETRIED_METHODS | {"POST"}
    assert retried(session, f"{URL}/users") == RETRIED_METHODS == {"GET", "HEAD", "PUT", "DELETE"}


def test_what_a_repetition_cannot_mend_is_not_repeated() -> None:
    retry = transport(retries=3).session.get_adapter(URL).max_retries
    assert retry.increment("PUT", URL, error=ProtocolError("gone")).total == 2
    with pytest.raises(MaxRetryError):
        retry.increment("PUT", URL, error=SSLError("a bad certificate"))


@pytest.mark.parametrize("status", [300, 302, 399])
def test_who_leads_elsewhere_is_said_and_not_followed(status: int, fake: responses.RequestsMock) -> None:
    fake.get(f"{URL}/users", status=status, headers={"Location": "https://elsewhere.example.org/"})
    with pytest.raises(RefusedError) as caught:
        transport().exchange("GET", URL, "/users")
    assert (caught.value.method, caught.value.path, caught.value.status) == ("GET", "/users", status)
