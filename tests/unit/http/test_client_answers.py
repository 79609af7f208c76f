# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The HTTP session: what becomes of every bad answer, and that no error shows a secret."""

from __future__ import annotations

import json
from typing import Any

import pytest
import requests
import responses

from ansible_collections.xivo.confd.plugins.module_utils._http.client import Client
from ansible_collections.xivo.confd.plugins.module_utils._http.connection import Connection
from ansible_collections.xivo.confd.plugins.module_utils._model.errors import (
    NotFoundError,
    RefusedError,
    RequestError,
    ServerError,
    UnreachableError,
    UnreadableError,
)
from simulator import Fault, Simulator
from support.fake_server import CANARY, URL, fake_client
from support.helpers import asked, client_of, written

# Answers that are none


@pytest.mark.parametrize(("kind", "words"), [("html", "text/html, 39 bytes"), ("truncated", "application/json, ")])
def test_unreadable_answer(sim: Simulator, kind: str, words: str) -> None:
    client_of(sim).post("/users", {"firstname": "A"})
    sim.faults.add(Fault(kind))
    with pytest.raises(
        UnreadableError, match=f"HTTP 200.*not confd's JSON but {words}.*Check that confd_url is the address of confd"
    ):
        client_of(sim).get("/users/1")


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (["Input Error - email: ['Not a valid email address.']", "x"], ["Input Error - email: ['Not a valid", "x"]),
        ({"message": "The method is not allowed for the requested URL."}, ["The method is not allowed"]),
        ({"reason": ["Authentication Failed"], "timestamp": [1.0], "status_code": 401}, ["Authentication Failed"]),
        ({"errors": [{"message": "Bad", "timestamp": 1, "details": {"row_number": 3, "row": {}}}]}, ["row 3: Bad"]),
        ({"errors": [{"message": "Bad", "timestamp": 1}]}, ["Bad"]),
        ("provd is down", ["provd is down"]),
        ({"other": 1}, ["{'other': 1}"]),
        (["('proformatique', 'confd.users.read')"], ["('********', 'confd.users.read')"]),
    ],
)
def test_whatever_shape_an_error_has_it_can_be_read(client: Client, body: Any, words: list[str]) -> None:
    response = requests.Response()
    response.status_code = 400
    response._content = json.dumps(body).encode()
    with pytest.raises(RequestError) as caught:
        client._check(response, "GET", "/users")
    said = caught.value.messages
    assert len(said) == len(words)
    assert all(text.startswith(start) for text, start in zip(said, words, strict=True))


@pytest.mark.parametrize("body", [[], "text", 7, None])
def test_json_of_another_program(fake: responses.RequestsMock, body: Any) -> None:
    fake.get(f"{URL}/1.1/users", json=body)
    fake.get(f"{URL}/1.1/users/1", json=body)
    fake.post(f"{URL}/1.1/users", json=body)
    client = fake_client()
    for call in (
        lambda: client.get_items("/users"),
        lambda: client.get("/users/1"),
        lambda: client.post("/users", {}),
    ):
        with pytest.raises(UnreadableError):
            call()


def test_list_without_items(fake: responses.RequestsMock) -> None:
    fake.get(f"{URL}/1.1/users", json={"total": 1})
    with pytest.raises(UnreadableError, match="has no list of items"):
        fake_client().get_items("/users")


@pytest.mark.parametrize("total", ["2", None, [2], 1.5])
def test_list_without_a_number_of_items(fake: responses.RequestsMock, total: Any) -> None:
    fake.get(f"{URL}/1.1/users", json={"items": [{"id": 1}], "total": total})
    with pytest.raises(UnreadableError, match="has no valid total"):
        fake_client().get_items("/users")


def test_only_errors_with_a_number_are_about_rows_of_a_table(fake: responses.RequestsMock) -> None:
    errors = [{"message": "Bad", "details": {"row_number": 2}}, {"message": "Worse", "details": {"row_number": "3"}}, 7]
    fake.post(f"{URL}/1.1/users/import", json={"errors": errors}, status=400)
    with pytest.raises(RefusedError, match="Worse") as caught:
        fake_client().post_table("/users/import", "firstname")
    assert caught.value.rows == {2: "Bad"}


def test_the_total_is_no_check_of_a_whole_list(fake: responses.RequestsMock) -> None:
    fake.get(f"{URL}/1.1/users", json={"items": [{"id": 1}], "total": 2})
    assert fake_client().get_items("/users") == [{"id": 1}]
    assert len(fake.calls) == 1


@pytest.mark.parametrize("target", ["https://evil.example.org/1.1/users", None])
def test_redirects_are_not_followed(fake: responses.RequestsMock, target: str | None) -> None:
    fake.get(f"{URL}/1.1/users", status=302, headers={"Location": target} if target else {})
    with pytest.raises(
        RefusedError,
        match="redirects to https://evil.example.org/1.1. Set" if target else "redirects to another address",
    ):
        fake_client(token=CANARY).get("/users")
    assert len(fake.calls) == 1


def test_page_of_an_unknown_url_is_not_an_absent_object(sim: Simulator) -> None:
    client = client_of(sim)
    with pytest.raises(RefusedError, match=r"not JSON.*confd_api"):
        client.get("/nonsense")
    with pytest.raises(NotFoundError, match="User was not found"):
        client.get("/users/9")


def test_forbidden(sim: Simulator) -> None:
    client = client_of(sim)
    line = client.post("/lines_sip", {"context": "default", "device_slot": 1})["id"]
    with pytest.raises(RefusedError, match="HTTP 403.*from localhost only"):
        client.get_no_content(f"/devices/dev1/associate_line/{line}")


def test_confds_words_are_kept(sim: Simulator) -> None:
    with pytest.raises(RefusedError, match="missing parameters: firstname") as caught:
        client_of(sim).post("/users", {})
    error = caught.value
    assert (error.method, error.path, error.status) == ("POST", "/users", 400)
    assert error.messages == ["Input Error - missing parameters: firstname"]
    assert not error.may_have_acted


@pytest.mark.parametrize(
    ("body", "messages"),
    [({"message": "no"}, ["no"]), ({"error": 1}, ["{'error': 1}"]), ("no", ["no"]), (["a", "b"], ["a", "b"])],
)
def test_other_shapes_of_error(fake: responses.RequestsMock, body: Any, messages: list[str]) -> None:
    fake.get(f"{URL}/1.1/users", json=body, status=400)
    with pytest.raises(RefusedError) as caught:
        fake_client().get("/users")
    assert caught.value.messages == messages


# Secrets


def test_representations_hold_no_secret() -> None:
    assert CANARY not in repr(Connection(URL, "admin", CANARY, token=CANARY))


def test_words_of_the_server_lose_the_credentials(fake: responses.RequestsMock) -> None:
    fake.get(f"{URL}/1.1/users", json=[f"token {CANARY} has expired"], status=400)
    with pytest.raises(RefusedError, match=r"token \*+ has expired"):
        fake_client(token=CANARY).get("/users")


@pytest.mark.parametrize(
    ("path", "body", "words"),
    [
        ("/users", {"firstname": "x" * 129, "password": "pin9"}, "value too long"),
        ("/lines_sip", {"context": "default", "device_slot": 1, "username": "u" * 41, "secret": "pin9"}, "too long"),
    ],
)
def test_sql_that_confd_shows_is_cut_off(sim: Simulator, path: str, body: dict[str, Any], words: str) -> None:
    with pytest.raises(ServerError, match=words) as caught:
        client_of(sim).post(path, body)
    assert "pin9" not in f"{caught.value}{caught.value.messages}{caught.value!r}"
    assert "INSERT" not in str(caught.value)
    assert len(written(sim)) == 1


@pytest.mark.parametrize("kind", ["drop_before", "html", "500_before"])
def test_no_secret_in_any_error(sim: Simulator, kind: str) -> None:
    client = client_of(sim, retries=0)
    client.get("/infos")
    sim.faults.add(Fault(kind))
    with pytest.raises(RequestError) as caught:
        client.put("/users/1", {"password": CANARY})
    assert CANARY not in f"{caught.value}{caught.value!r}{vars(caught.value)}"
    assert caught.value.__cause__ is None


def test_no_secret_in_the_error_of_a_wrong_password(sim: Simulator) -> None:
    with pytest.raises(RequestError) as caught:
        client_of(sim, password=CANARY).put("/users/1", {"password": CANARY})
    assert CANARY not in f"{caught.value}{caught.value!r}{vars(caught.value)}"
    assert asked(sim)


def test_a_value_that_cannot_be_sent_is_not_shown(fake: responses.RequestsMock) -> None:
    fake.get(f"{URL}/1.1/users", body=UnicodeError(CANARY))
    with pytest.raises(UnreachableError, match="/users: an option contains characters that cannot be sent") as caught:
        fake_client().get("/users")
    assert CANARY not in f"{caught.value}{caught.value!r}"
