# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check authentication (xivo-15.12.md, "Digest / session"; xivo-15.12.md, trap 2)."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator

import pytest
import requests
from requests.auth import HTTPBasicAuth, HTTPDigestAuth

from simulator import Simulator

JSON = {"Accept": "application/json"}
CHALLENGE = re.compile(
    r'Digest realm="Authentication Required",nonce="(?P<nonce>[0-9a-f]{32})",opaque="(?P<opaque>[0-9a-f]{32})"'
)

pytestmark = pytest.mark.simulator_only


@pytest.fixture(scope="module")
def server() -> Iterator[Simulator]:
    with Simulator(api="xivo15", tls=True) as simulator:
        yield simulator


@pytest.fixture
def users_url(server: Simulator) -> str:
    server.reset()
    return f"{server.url}/1.1/users"


def digest(server: Simulator) -> HTTPDigestAuth:
    return HTTPDigestAuth(server.username or "", server.password)


def session_on(server: Simulator) -> requests.Session:
    session = requests.Session()
    session.auth = digest(server)
    session.headers.update(JSON)
    return session


def get(session: requests.Session, server: Simulator) -> requests.Response:
    return session.get(f"{server.url}/1.1/users", verify=server.ca_path, timeout=30)


@pytest.mark.parametrize(
    "auth",
    [None, HTTPDigestAuth("admin", "wrong"), HTTPDigestAuth("nobody", "x"), HTTPBasicAuth("admin", "proformatique")],
    ids=["no", "wrong", "unknown", "basic"],
)
def test_bad_credentials_get_the_same_challenge(
    auth: HTTPBasicAuth | HTTPDigestAuth | None, server: Simulator, users_url: str
) -> None:
    answer = requests.get(users_url, auth=auth, headers=JSON, verify=server.ca_path, timeout=30)
    assert answer.status_code == 401
    assert CHALLENGE.fullmatch(answer.headers["WWW-Authenticate"])
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert answer.text == "Unauthorized Access"
    assert re.fullmatch(r"session=[^;]+; (Path=/; HttpOnly|HttpOnly; Path=/)", answer.headers["Set-Cookie"])


def test_401_comes_before_the_accept_check(server: Simulator, users_url: str) -> None:
    answer = requests.get(users_url, headers={"Accept": "text/html"}, verify=server.ca_path, timeout=30)
    assert answer.status_code == 401


def test_401_comes_before_the_body_is_read(server: Simulator, users_url: str) -> None:
    assert requests.post(users_url, data=b"{bad", verify=server.ca_path, timeout=30).status_code == 401


def test_unknown_url_is_404_without_credentials(server: Simulator) -> None:
    answer = requests.get(f"{server.url}/1.1/incalls", headers=JSON, verify=server.ca_path, timeout=30)
    assert answer.status_code == 404


def test_without_the_cookie_of_its_401_a_good_answer_is_refused(server: Simulator, users_url: str) -> None:
    challenged = requests.get(users_url, headers=JSON, verify=server.ca_path, timeout=30)
    auth = digest(server)
    auth.init_per_thread_state()
    auth._thread_local.chal = requests.utils.parse_dict_header(challenged.headers["WWW-Authenticate"][7:])
    header = auth.build_digest_header("GET", users_url) or ""
    headers = JSON | {"Authorization": header}
    refused = requests.get(users_url, headers=headers, verify=server.ca_path, timeout=30)
    cookies = challenged.cookies.get_dict()
    accepted = requests.get(users_url, headers=headers, cookies=cookies, verify=server.ca_path, timeout=30)
    assert (refused.status_code, accepted.status_code) == (401, 200)


def test_without_a_session_each_call_is_two_requests(server: Simulator, users_url: str) -> None:
    auth = digest(server)
    for _each in range(2):
        assert requests.get(users_url, auth=auth, headers=JSON, verify=server.ca_path, timeout=30).status_code == 200
    assert [request.status for request in server.requests] in ([401, 200, 401, 200], [401, 200, 401, 401, 200])


def test_session_has_one_401_at_its_start(server: Simulator, users_url: str) -> None:
    session = session_on(server)
    assert [get(session, server).status_code for _each in range(3)] == [200, 200, 200]
    assert [request.status for request in server.requests] == [401, 200, 200, 200]


def test_each_answer_sets_the_cookie_again(server: Simulator, users_url: str) -> None:
    session = session_on(server)
    get(session, server)
    assert get(session, server).headers["Set-Cookie"].startswith("session=")


def test_trap_2_after_a_restart_401_until_cookies_are_cleared(server: Simulator, users_url: str) -> None:
    session = session_on(server)
    assert get(session, server).status_code == 200
    server.restart()
    for _each in range(4):
        answer = get(session, server)
        assert (answer.status_code, [past.status_code for past in answer.history]) == (401, [401])
    session.cookies.clear()
    answer = get(session, server)
    assert (answer.status_code, [past.status_code for past in answer.history]) == (200, [401])


def test_trap_2_session_of_another_thread_gets_401(server: Simulator, users_url: str) -> None:
    session = session_on(server)
    assert get(session, server).status_code == 200
    statuses: list[int] = []
    thread = threading.Thread(target=lambda: statuses.extend(get(session, server).status_code for _each in range(3)))
    thread.start()
    thread.join()
    assert statuses == [401, 401, 401]


@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_write_as_first_request_is_done_once(method: str, server: Simulator, users_url: str) -> None:
    created = session_on(server).post(users_url, json={"firstname": "A"}, verify=server.ca_path, timeout=30).json()
    server.clear_log()
    path = users_url if method == "POST" else f"{users_url}/{created['id']}"
    answer = session_on(server).request(method, path, json={"firstname": "B"}, verify=server.ca_path, timeout=30)
    assert answer.ok
    assert [request.status for request in server.requests] == [401, answer.status_code]
    assert [request.body for request in server.writes] == [{"firstname": "B"}]


def test_trusted_client_needs_no_credentials_and_gets_no_cookie() -> None:
    with Simulator(api="xivo15", tls=False, username=None) as simulator:
        answer = requests.get(f"{simulator.url}/1.1/users", headers=JSON, timeout=30)
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers


def test_trap_8_environment_beats_the_sessions_verify(
    server: Simulator, users_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", requests.certs.where())
    session = session_on(server)
    session.verify = False
    with pytest.raises(requests.exceptions.SSLError):
        session.get(users_url, timeout=30)
    assert get(session, server).status_code == 200
