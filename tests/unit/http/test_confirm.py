# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A POST whose answer was lost is not repeated while the server may still process it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import responses

from ansible_collections.xivo.confd.plugins.module_utils._http.client import Client
from ansible_collections.xivo.confd.plugins.module_utils._http.confirm import create_once, ensure_deleted
from ansible_collections.xivo.confd.plugins.module_utils._http.connection import Connection
from ansible_collections.xivo.confd.plugins.module_utils._model.errors import (
    LostAnswerError,
    NotAppliedError,
    ServerError,
    TimedOutError,
)
from ansible_collections.xivo.confd.plugins.module_utils._model.records import Line, id_of
from ansible_collections.xivo.confd.plugins.module_utils._operations.verify import verify

ROW = {"id": 7}


class Post:
    """A POST whose answer is always lost."""

    def __init__(self, error: Exception) -> None:
        self.error = error
        self.sent = 0

    def __call__(self) -> dict[str, int]:
        self.sent += 1
        raise self.error


def answers(*rows: dict[str, int] | None) -> Iterator[dict[str, int] | None]:
    return iter(rows)


def test_a_late_creation_is_found_before_the_repetition() -> None:
    post, looks = Post(LostAnswerError("lost")), answers(None, ROW)
    assert create_once(post, lambda: next(looks)) == ROW
    assert post.sent == 1


def test_what_was_twice_not_there_is_sent_again() -> None:
    post, looks = Post(LostAnswerError("lost")), answers(None, None, ROW)
    assert create_once(post, lambda: next(looks)) == ROW
    assert post.sent == 2


def test_after_a_time_out_nothing_is_sent_again() -> None:
    post = Post(TimedOutError("slow"))
    with pytest.raises(TimedOutError):
        create_once(post, lambda: None)
    assert post.sent == 1


def test_a_proxy_that_stops_waiting_is_a_time_out() -> None:
    with responses.RequestsMock() as server:
        server.post("https://pbx:9486/1.1/users", status=504, body="<html>Gateway Time-out</html>")
        client = Client(Connection("https://pbx:9486"))
        with pytest.raises(TimedOutError, match="HTTP 504"):
            client.post("/users", {"firstname": "Ann"})
        assert len(server.calls) == 1


def test_a_server_that_fails_is_asked_once_more_to_delete() -> None:
    outcomes = iter([ServerError("500"), None])

    def delete() -> None:
        error = next(outcomes)
        if error:
            raise error

    ensure_deleted(delete, lambda: ROW)
    assert next(outcomes, "asked twice") == "asked twice"


def test_a_server_that_fails_again_has_failed() -> None:
    delete = Post(ServerError("500"))
    with pytest.raises(ServerError):
        ensure_deleted(delete, lambda: ROW)
    assert delete.sent == 2


def test_what_was_gone_when_it_was_read_back_was_not_stored() -> None:
    with pytest.raises(NotAppliedError) as caught:
        verify("line 1", {}, {"secret": "s", "context": "default"})
    assert caught.value.fields == ["context", "secret"]


def test_an_operation_on_a_missing_object_is_a_plan_error() -> None:
    with pytest.raises(AssertionError, match="new line does not exist yet"):
        id_of(Line())
