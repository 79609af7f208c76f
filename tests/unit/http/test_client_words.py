# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The HTTP session: what it asks for, and what its errors say, to the letter."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import responses
from responses import matchers

from ansible_collections.xivo.confd.plugins.module_utils._http.client import Client
from ansible_collections.xivo.confd.plugins.module_utils._model.errors import (
    AuthenticationError,
    RequestError,
    UnreadableError,
)
from support.fake_server import CANARY, URL, fake_client

USERS = f"{URL}/1.1/users"
NOT_OURS = "Check that confd_url is the address of confd and that no proxy answers in its place."
WRONG_SERVER = "Check that confd_url is the address of confd and that confd_api is the generation of the server."
NO_CONFIG = (
    "The phone has no configuration on the provisioning server. Save the phone in the web interface of the server, "
    "which gives it one, or delete it there; then run again."
)
TENANTS = "Give the account the permission auth.tenants.read: Wazo needs it wherever confd_tenant is set."
REQUESTS: dict[str, Callable[[Client], Any]] = {
    "GET": lambda client: client.get("/users"),
    "POST": lambda client: client.post("/users", {}),
    "PUT": lambda client: client.put("/users", {}),
    "DELETE": lambda client: client.delete("/users"),
}


def failure(request: Callable[[Client], Any]) -> RequestError:
    with pytest.raises(RequestError) as caught:
        request(fake_client())
    return caught.value


@pytest.mark.parametrize("method", REQUESTS)
def test_a_page_instead_of_an_answer(method: str, fake: responses.RequestsMock) -> None:
    fake.add(method, USERS, body="<html>", content_type="text/html")
    error = failure(REQUESTS[method])
    assert isinstance(error, UnreadableError)
    said = f"{method} {USERS}: the answer (HTTP 200) is not confd's JSON but text/html, 6 bytes."
    assert (error.message, error.hint) == (said, NOT_OURS)
    assert (error.method, error.path, error.status) == (method, "/users", 200)


def test_a_table_that_a_page_answers(fake: responses.RequestsMock) -> None:
    sent = matchers.header_matcher({"Content-Type": "text/csv; charset=utf-8"})
    fake.post(USERS, body="<html>", content_type="text/html", match=[sent])
    error = failure(lambda client: client.post_table("/users", "firstname\nÉlodie"))
    assert error.message.startswith(f"POST {USERS}: the answer (HTTP 200) is not confd's JSON")
    assert fake.calls[0].request.body == "firstname\nÉlodie".encode()


def test_an_answer_without_a_content_type(fake: responses.RequestsMock) -> None:
    fake.get(USERS, body="no", content_type=None)
    assert "confd's JSON but no content type, 2 bytes." in failure(REQUESTS["GET"]).message


def test_what_only_javascript_takes_for_a_number_is_no_json(fake: responses.RequestsMock) -> None:
    fake.get(USERS, body='{"total": NaN}', content_type="application/json")
    assert isinstance(failure(REQUESTS["GET"]), UnreadableError)


def test_a_member_that_is_not_there(fake: responses.RequestsMock) -> None:
    fake.get(USERS, json={"items": [{"firstname": "A"}]})
    error = failure(lambda client: client.get_items("/users")[0]["id"])
    assert error.message == f"GET {USERS}: the answer has no member 'id'."
    assert error.hint == WRONG_SERVER


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        ({"items": 1}, "has no list of items"),
        ({"items": [1]}, "has no list of items"),
        ({"items": [], "total": "1"}, "has no valid total"),
    ],
)
def test_a_list_that_is_none(answer: dict[str, Any], problem: str, fake: responses.RequestsMock) -> None:
    fake.get(USERS, json=answer)
    error = failure(lambda client: client.get_items("/users"))
    assert error.message == f"GET {USERS}: the answer (HTTP 200) {problem}."
    assert (error.method, error.path, error.status) == ("GET", "/users", 200)


def test_a_list_without_a_total_is_whole(fake: responses.RequestsMock) -> None:
    fake.get(USERS, json={"items": [{"id": 1}]})
    assert fake_client().get_items("/users") == [{"id": 1}]


def test_a_few_rows_are_asked_for_and_all_where_they_are_more(fake: responses.RequestsMock) -> None:
    few = matchers.query_param_matcher({"search": "a", "limit": "2"})
    all_of_them = matchers.query_param_matcher({"search": "a"})
    fake.get(USERS, json={"items": [{"id": 1}, {"id": 2}], "total": 3}, match=[few])
    rows = [{"id": 1}, {"id": 2}, {"id": 3}]
    fake.get(USERS, json={"items": rows, "total": 3}, match=[all_of_them])
    assert fake_client().get_filtered("/users", search="a") == rows


def test_a_few_rows_that_are_all_there_are(fake: responses.RequestsMock) -> None:
    fake.get(USERS, json={"items": [{"id": 1}, {"id": 2}], "total": 2})
    assert fake_client().get_filtered("/users") == [{"id": 1}, {"id": 2}]
    assert len(fake.calls) == 1


def test_a_look_asks_with_its_parameters(fake: responses.RequestsMock) -> None:
    fake.get(USERS, json={"items": []}, match=[matchers.query_param_matcher({"limit": "1"})])
    assert fake_client().probe("/users", limit=1).status == 200


def test_a_look_that_fails_says_what_it_asked(fake: responses.RequestsMock) -> None:
    fake.get(USERS, json=["no"], status=403)
    error = failure(lambda client: client.probe("/users"))
    assert error.message == f"GET {USERS}: HTTP 403: no"
    assert (error.method, error.path) == ("GET", "/users")


@pytest.mark.parametrize(
    ("status", "answer", "hint"),
    [
        (403, ["no"], "The account lacks the permission, or the server accepts this request from localhost only."),
        (404, None, WRONG_SERVER),
        (405, None, WRONG_SERVER),
        (404, ["no such user"], ""),
        (406, None, ""),
        (400, ["bad"], ""),
        (500, ["Unexpected error: Invalid tenant"], TENANTS),
        (500, ["Unexpected error: provd config does not exist"], NO_CONFIG),
        (500, ["bad"], "See the log of the server: /var/log/xivo-confd.log or /var/log/wazo-confd.log."),
    ],
)
def test_what_to_do_about_a_refusal(status: int, answer: Any, hint: str, fake: responses.RequestsMock) -> None:
    if answer is None:
        fake.post(USERS, body="<html>", content_type="text/html", status=status)
    else:
        fake.post(USERS, json=answer, status=status)
    error = failure(REQUESTS["POST"])
    assert (error.hint, error.status, error.method, error.path) == (hint, status, "POST", "/users")


def test_a_proxy_that_refuses(fake: responses.RequestsMock) -> None:
    fake.get(USERS, body="<html>", content_type="text/html", status=407)
    assert failure(REQUESTS["GET"]).hint.startswith("The answer comes from a proxy. Check the environment")


def test_who_is_not_known_is_told_what_was_asked(fake: responses.RequestsMock) -> None:
    fake.get(USERS, json=["Unauthorized"], status=401)
    error = failure(REQUESTS["GET"])
    assert isinstance(error, AuthenticationError)
    assert (error.method, error.path, error.status) == ("GET", "/users", 401)


def test_an_answer_without_words_or_reason(fake: responses.RequestsMock) -> None:
    fake.get(USERS, body="<html>", content_type="text/html", status=499)
    assert failure(REQUESTS["GET"]).message == f"GET {USERS}: HTTP 499: no reason given (not JSON)"


def test_several_messages_and_none(fake: responses.RequestsMock) -> None:
    fake.get(USERS, json=["one", "two"], status=400)
    assert failure(REQUESTS["GET"]).message == f"GET {USERS}: HTTP 400: one; two"
    fake.replace(responses.GET, USERS, body="<html>", content_type="text/html", status=400)
    assert failure(REQUESTS["GET"]).message == f"GET {USERS}: HTTP 400: Bad Request (not JSON)"


def test_a_long_message_is_cut(fake: responses.RequestsMock) -> None:
    fake.get(USERS, json=["x" * 2001], status=400)
    assert failure(REQUESTS["GET"]).messages == [f"{'x' * 2000}..."]


def test_nothing_stands_in_place_of_a_statement_of_sql(fake: responses.RequestsMock) -> None:
    fake.get(USERS, json=["taken  'INSERT INTO userfeatures' {'passwdclient': 'x'}"], status=500)
    assert failure(REQUESTS["GET"]).messages == ["taken"]


def test_no_secret_that_was_sent_comes_back(fake: responses.RequestsMock) -> None:
    fake.post(USERS, json=[f"bad {CANARY}"], status=400)
    assert CANARY not in str(failure(lambda client: client.post("/users", {"password": CANARY})))
    assert CANARY not in str(failure(lambda client: client.post_table("/users", "x", sent=[{"password": CANARY}])))
    assert CANARY not in str(failure(lambda client: client.post_table("/users", f"password\n{CANARY}\n")))


def test_no_secret_of_a_row_comes_back(fake: responses.RequestsMock) -> None:
    details = {"row_number": 3, "row": {}}
    fake.post(USERS, json={"errors": [{"message": f"bad {CANARY}", "details": details}]}, status=400)
    error = failure(lambda client: client.post_table("/users", "x", sent=[{"password": CANARY}]))
    assert error.rows == {3: "bad ********"}
    fake.replace(responses.POST, USERS, json={"errors": [{"details": details}]}, status=400)
    error = failure(lambda client: client.post_table("/users", "x"))
    assert (error.rows, error.messages) == ({3: "rejected, no reason given"}, ["row 3: rejected, no reason given"])
