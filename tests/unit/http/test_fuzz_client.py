# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever a server answers becomes a result or a ConfdError: without a traceback, a secret or a second POST."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.xivo.confd.plugins.module_utils._backends.detect import recognise
from ansible_collections.xivo.confd.plugins.module_utils._http import transport as _transport
from ansible_collections.xivo.confd.plugins.module_utils._http.client import Client
from ansible_collections.xivo.confd.plugins.module_utils._http.connection import Connection
from ansible_collections.xivo.confd.plugins.module_utils._model.errors import ConfdError
from support.raw_server import RawServer, answers, reply

ALL = settings.get_current_profile_name() == "all"
SOME = settings(max_examples=3000 if ALL else 20)
PASSWORD, TOKEN, SECRET = "canary-Pa5s wörd", "canary-T0ken", "canary-S3cret"
SENT = {"firstname": "Ann", "password": SECRET, "auth_section_options": [["username", "u"], ["password", SECRET]]}
CREDENTIALS: dict[str, dict[str, str]] = {
    "nothing": {},
    "digest": {"username": "admin", "password": PASSWORD},
    "token": {"token": TOKEN},
}
CALLS: dict[str, Callable[[Client], object]] = {
    "get": lambda client: client.get("/users/1"),
    "get_items": lambda client: client.get_items("/users"),
    "get_few": lambda client: client.get_filtered("/users", firstname="Ann"),
    "get_nothing": lambda client: client.get_no_content("/devices/1/autoprov"),
    "post": lambda client: client.post("/users", SENT)["id"],
    "put": lambda client: client.put("/users/1", SENT),
    "delete": lambda client: client.delete("/users/1"),
    "recognise": recognise,
}


@pytest.fixture(scope="module")
def server() -> Iterator[RawServer]:
    with RawServer() as server, pytest.MonkeyPatch.context() as patch:
        patch.setattr(_transport, "LONGEST_RETRY_AFTER", 0.0)
        yield server


def outcome(server: RawServer, sent: list[bytes], options: dict[str, Any], call: Callable[[Client], object]) -> None:
    """Make a call to a server that gives these answers, the last one again and again; see what comes of it."""
    server.asked.clear()
    statuses: list[bytes] = []

    def answer(_asked: object) -> bytes:
        given = sent[min(len(statuses), len(sent) - 1)]
        statuses.append(given.split(b" ")[1] if given.count(b" ") else b"")
        return given

    server.answer = answer
    try:
        client = Client(Connection(server.url, auth_url=f"{server.url}/auth", retries=1, timeout=5, **options))
        try:
            call(client)
        finally:
            client.close()
    except ConfdError as error:
        shown = "".join(traceback.format_exception(error)) + repr(error) + repr(vars(error))
        for secret in (PASSWORD, TOKEN, SECRET):
            assert secret not in shown, str(error)
        assert str(error).isprintable()
        assert len(str(error)) < 5000
    seen = zip(server.asked, statuses)
    posts = [status for asked, status in seen if asked.method == "POST" and not asked.path.startswith("/auth")]
    assert [status for status in posts[:-1] if status != b"401"] == [], "a POST was sent again that was not refused"


@pytest.mark.parametrize("name", CALLS)
@given(data=st.data())
@SOME
def test_any_answer(server: RawServer, name: str, data: st.DataObject) -> None:
    options = CREDENTIALS[data.draw(st.sampled_from(sorted(CREDENTIALS)))]
    known = [*options.values(), *([SECRET] if name in ("post", "put") else ["nothing"])]
    sent = data.draw(st.lists(answers(*known), min_size=1, max_size=4))
    outcome(server, sent, options, CALLS[name])


@given(data=st.data())
@SOME
def test_any_answer_of_the_auth_service(server: RawServer, data: st.DataObject) -> None:
    """Before a server with such a service lets anybody in, and while it is asked why it refuses."""
    options = CREDENTIALS[data.draw(st.sampled_from(("digest", "token")))]
    good = [reply(200, b'{"data": {"token": "canary-T0ken"}}'), reply(401, b'["no"]'), reply(200, b'{"items": []}')]
    lead = data.draw(st.integers(0, len(good)))
    sent = good[:lead] + data.draw(st.lists(answers(*options.values()), min_size=1, max_size=4))
    tenant = data.draw(st.sampled_from((None, "sub")))
    sign_in = data.draw(st.sampled_from((Client.use_wazo_auth, Client.use_xivo_auth)))

    def call(client: Client) -> None:
        sign_in(client)
        client.post("/users", SENT)

    outcome(server, sent, {**options, "tenant": tenant}, call)


@pytest.mark.parametrize("status", [400, 403, 409])
def test_an_answered_post_is_not_sent_again_for_a_challenge(server: RawServer, status: int) -> None:
    """requests would: to it, any 4xx with a challenge asks for credentials."""
    challenge = {"WWW-Authenticate": 'Digest realm="r", nonce="n"'}
    outcome(server, [reply(status, b'["no"]', challenge)], CREDENTIALS["digest"], CALLS["post"])
    assert [asked.method for asked in server.asked] == ["POST"]
