# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check the cases in cases/wazo/; on a real Wazo with --confd-url and --confd-api wazo."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from simulator import Simulator

from .casefile import Case, read_cases
from .runner import Runner
from .target import Target
from .test_cases import as_parameter

CASES = [
    case for file in sorted((Path(__file__).with_name("cases") / "wazo").glob("*.txt")) for case in read_cases(file)
]
COLLECTIONS = (
    *("incalls", "lines", "users", "groups", "extensions", "endpoints/sip", "voicemails", "devices", "moh"),
    *("callpermissions", "schedules", "agents", "callpickups", "funckeys/templates"),
)
AUTH = "AUTH/"
"""What the path of a request to the auth service begins with."""
LISTED = ("users", "policies", "groups")


pytestmark = pytest.mark.generation("wazo")


class WazoTarget(Target):
    """Send requests with a token; delete what was created together with what is associated with it."""

    def __init__(self, url: str, auth_url: str, username: str, password: str, verify: bool | str) -> None:
        super().__init__(url, None, "", verify)
        self._auth_url = auth_url
        answer = requests.post(f"{auth_url}/token", auth=(username, password), json={}, verify=verify, timeout=30)
        self._session.headers["X-Auth-Token"] = answer.json()["data"]["token"]

    def ask(self, method: str, path: str, body: str | bytes | None, headers: dict[str, str]) -> requests.Response:
        if path.startswith(AUTH):
            return self._ask_auth(method, path.removeprefix(AUTH), body, headers)
        answer = super().ask(method, path, body, headers)
        if answer.status_code == 201:
            self._created.extend(_embedded(answer.json()))
        return answer

    def _ask_auth(self, method: str, path: str, body: str | bytes | None, headers: dict[str, str]) -> requests.Response:
        """Send a request to the auth service; an Authorization header names user and password in clear."""
        name, _colon, password = headers.pop("Authorization", "").removeprefix("Basic ").partition(":")
        answer = self._session.request(
            method,
            f"{self._auth_url}/{path}",
            headers=headers,
            auth=(name, password) if name else None,
            data=body.encode() if isinstance(body, str) else body,
            verify=self._verify,
            timeout=30,
        )
        if method == "POST" and answer.ok and path in LISTED:
            self._created.append(f"{AUTH}{path}/{answer.json()['uuid']}")
        return answer

    def clean(self) -> None:
        for path in [path for path in self._created if path.startswith(AUTH)]:
            self.ask("DELETE", path, None, {})
        created = [(path.strip("/").rpartition("/")[0], path) for path in self._created]
        known = [(COLLECTIONS.index(collection), path) for collection, path in created if collection in COLLECTIONS]
        for _place, path in sorted(known):
            for incall in self._incalls_of(path) if path.startswith("/users/") else []:
                self.ask("DELETE", f"/incalls/{incall['id']}", None, {})
                for extension in incall["extensions"]:
                    self.ask("DELETE", f"/extensions/{extension['id']}", None, {})
            self.ask("DELETE", f"{path}?recursive=true", None, {})
        self._created.clear()


def _embedded(created: dict[str, Any]) -> Iterator[str]:
    """Yield the paths of what was created together with an object."""
    lines = created.get("lines", ())
    yield from (f"/lines/{line['id']}" for line in lines)
    for owner in (created, *lines, *created.get("incalls", ())):
        # The extensions of a call permission are patterns.
        extensions = (each for each in owner.get("extensions", ()) if isinstance(each, dict))
        yield from (f"/extensions/{each['id']}" for each in extensions)


@pytest.fixture(scope="module")
def wazo(request: pytest.FixtureRequest) -> Iterator[Simulator | None]:
    if request.config.getoption("--confd-url"):
        yield None
        return
    with Simulator(api="wazo", tls=False) as simulator:
        yield simulator


@pytest.fixture
def wazo_target(request: pytest.FixtureRequest, wazo: Simulator | None) -> Iterator[WazoTarget]:
    option: Any = request.config.getoption
    if wazo is None:
        verify = False if option("--no-validate-certs") else option("--confd-ca-path") or True
        url = option("--confd-url")
        auth_url = option("--confd-auth-url") or url.partition("/api/confd")[0] + "/api/auth/0.1"
        target = WazoTarget(url, auth_url, option("--confd-username"), option("--confd-password"), verify)
        yield target
        target.clean()
        return
    wazo.reset()
    assert wazo.username is not None
    yield WazoTarget(wazo.url, f"{wazo.url}/api/auth/0.1", wazo.username, wazo.password, True)


@pytest.mark.parametrize("case", [as_parameter(case) for case in CASES])
def test_fact(case: Case, wazo_target: WazoTarget, wazo: Simulator | None) -> None:
    Runner(wazo_target, wazo).run(case)
