# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a module prints and logs when everything goes wrong: no secret, and no number that equals a PIN is hidden."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from ansible.module_utils.basic import AnsibleModule

from ansible_collections.xivo.confd.plugins.module_utils._ansible import module as module_runner
from ansible_collections.xivo.confd.plugins.module_utils._model.masker import Masker
from ansible_collections.xivo.confd.plugins.module_utils._model.secrets import maskable_secrets, parse_csv
from simulator import Fault, Simulator
from support.raw_server import Asked, RawServer, reply
from support.run_module import run_module

PASSWORD, SECRET, ADMIN, SHORT = "canary-Us3r", "canary-L1ne", "canary-Adm1n", "pW7x"
Fails = Callable[..., dict[str, Any]]


@pytest.fixture
def logged(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What modules write into the log of the system."""
    lines: list[str] = []
    monkeypatch.setattr(AnsibleModule, "log", lambda self, msg, log_args=None: lines.append(f"{msg} {log_args}"))
    return lines


@pytest.fixture
def result_of(capsys: pytest.CaptureFixture[str]) -> Fails:
    """Run the main() of a module, and return what it printed for Ansible."""

    def run(module_name: str, /, **options: Any) -> dict[str, Any]:
        run_module(module_name, options)
        printed = capsys.readouterr()
        assert printed.err == ""
        found: dict[str, Any] = json.loads(printed.out)
        return found

    return run


@pytest.fixture
def echo() -> Iterator[RawServer]:
    """An empty server that refuses every POST, and repeats what it got as Python and JSON show it."""

    def answer(asked: Asked) -> bytes:
        if asked.method == "GET":
            return reply(404, b'["no"]') if "/incalls" in asked.path else reply(200, b'{"items": [], "total": 0}')
        sent = json.loads(asked.body)
        return reply(400, json.dumps([f"Input Error - {sent!r}", json.dumps(sent)]).encode())

    with RawServer(answer) as server:
        yield server


def test_a_server_that_repeats_what_it_was_sent(echo: RawServer, result_of: Fails) -> None:
    for password in (PASSWORD, SHORT, "pä ss'w\"örd\\1"):
        result = result_of("confd_user", firstname="Ann", password=password, confd_url=echo.url)
        assert result["failed"]
        assert "HTTP 400: Input Error - {'firstname': 'Ann'" in result["msg"]
        for spelling in (password, repr(password)[1:-1], json.dumps(password)[1:-1]):
            assert spelling not in json.dumps(result, ensure_ascii=False)


def test_a_pin_that_equals_the_number_hides_no_number(echo: RawServer, result_of: Fails) -> None:
    options = {"number": "1200", "context": "default", "name": "Ann", "confd_url": echo.url}
    same = result_of("confd_voicemail", password="1200", **options)
    assert "'number': '1200'" in same["msg"]
    other = result_of("confd_voicemail", password="4711", **options)
    assert "'number': '1200'" in other["msg"]
    assert "4711" not in json.dumps(other)


def test_the_log_of_the_system(sim: Simulator, result_of: Fails, logged: list[str]) -> None:
    """It gets all options before the module begins, those that are plain dictionaries included."""
    told = {"confd_url": sim.url, "confd_username": "admin", "confd_password": ADMIN}
    result_of("confd_user_line", user={"id": 1, "password": PASSWORD}, line={"id": 1, "secret": SECRET}, **told)
    entry = {
        "user": {"firstname": "A", "password": PASSWORD},
        "line": {"secret": SECRET},
        "voicemail": {"password": "98765432"},
    }
    result_of("confd_provisioned_users", users=[entry], **told)
    text = "".join(logged)
    assert text.count("Invoked with") == 2
    assert [each for each in (PASSWORD, SECRET, ADMIN, "98765432") if each in text] == []


@pytest.mark.parametrize(
    ("name", "options", "words"),
    [
        ("confd_user_line", {"line": {"id": 1, "secret": SECRET}}, "missing required arguments: user"),
        (
            "confd_user_line",
            {"user": {"password": PASSWORD}, "line": {"id": 1}, "nope": 1},
            "nope is not a valid option",
        ),
        ("confd_provisioned_users", {"users": [{"user": {"firstname": "A", "passwrd": PASSWORD}}]}, "user.passwrd is"),
        ("confd_user", {"firstname": "A", "password": [PASSWORD]}, "password is a list, but must be a string"),
        ("confd_user", {"firstname": "A", "password": {"x": PASSWORD}}, "password is a dictionary"),
        ("confd_user_info", {"filters": {"password": [PASSWORD]}}, "filters.password is a list, but must be a string"),
        ("confd_user", {"firstname": "A", "confd_token": f"{SECRET}\n"}, "confd_token contains characters"),
        ("confd_user", {"firstname": "A", "confd_url": f"http://a:{SECRET}@pbx"}, "confd_url contains credentials"),
    ],
)
def test_wrong_options(result_of: Fails, logged: list[str], name: str, options: dict[str, Any], words: str) -> None:
    result = result_of(name, **{"confd_url": "http://127.0.0.1:1", "confd_api": "xivo15", "retries": 0, **options})
    assert words in result["msg"]
    shown = dict(result)
    shown["invocation"]["module_args"].pop("confd_url")
    if name == "confd_user_info":
        shown["invocation"]["module_args"].pop("filters")
    assert not [each for each in (PASSWORD, SECRET) if each in f"{shown}"]


@pytest.mark.parametrize(
    "planned",
    [
        json.dumps({"values": {"password": PASSWORD}}),
        f"values={{'password': '{PASSWORD}'}}",
        f"{{'values': {{'x': '{PASSWORD}', 'y': date()}}}}",
        [{"values": {"x": PASSWORD}}],
        {"values": json.dumps({"password": PASSWORD})},
        {"values": [PASSWORD]},
    ],
)
def test_planned_values_that_are_no_dictionary(
    sim: Simulator, result_of: Fails, logged: list[str], planned: Any
) -> None:
    """Not even in the notations of a dictionary: the module would leave out the values, and show them."""
    connection = {"confd_url": sim.url, "confd_username": sim.username, "confd_password": sim.password}
    result = result_of("confd_user", **connection, firstname="Ann", planned=planned)
    assert result["failed"]
    assert "but must be a dictionary" in result["msg"]
    assert PASSWORD not in json.dumps([result, logged])
    assert not sim.requests


def test_what_nobody_thought_of(sim: Simulator, result_of: Fails, monkeypatch: pytest.MonkeyPatch) -> None:
    """The place of a defect is shown, and nothing of what it was about."""

    def crash(*_arguments: object) -> None:
        raise LookupError(PASSWORD)

    monkeypatch.setattr(module_runner, "choose_backend", crash)
    result = result_of("confd_user", firstname="Ann", password=PASSWORD, confd_url=sim.url)
    assert "unexpected error (LookupError)" in result["msg"]
    assert result["places"][-1].endswith("in crash")
    assert PASSWORD not in json.dumps(result)


def test_a_change_that_the_server_drops(sim: Simulator, result_of: Fails) -> None:
    """Check that the error of a dropped PUT names the fields, not their values (xivo-15.12.md, trap 1)."""
    told = {"confd_url": sim.url, "confd_username": "admin", "confd_password": sim.password, "context": "default"}
    for name in ("one", "two"):
        assert result_of("confd_line_sip", username=name, secret=f"{SECRET}-{name}", **told)["changed"]
    one, two = sim.database.lines
    take = Fault("callback", "PUT", f"/lines_sip/{two.id}", callback=lambda *_: setattr(one, "username", "three"))
    sim.faults.add(take)
    result = result_of("confd_line_sip", id=two.id, username="three", secret=f"{SECRET}-new", **told)
    assert "did not store it: secret, username" in result["msg"]
    assert SECRET not in json.dumps(result)


@pytest.mark.parametrize("option", ["confd_url", "confd_auth_url"])
@pytest.mark.parametrize(
    "url", [f"https://root:{ADMIN}@pbx", f"https://pbx/?token={ADMIN}", f"pbx/#{ADMIN}@x", f"u:{ADMIN}@x"]
)
def test_credentials_in_a_url_are_not_repeated(option: str, url: str, sim: Simulator, result_of: Fails) -> None:
    result = result_of(
        "confd_user_info", **{"confd_url": sim.url, "confd_token": "t", "confd_api": "wazo", option: url}
    )
    assert f"{option} contains" in result["msg"]
    assert ADMIN not in json.dumps(result)


# How words lose their secrets


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("password is 1200", "password is ********"),
        ("12000 and a1200", "12000 and a1200"),
        ("'abc-defgh'x", "'********'x"),
        ("p%C3%A4%20s", "********"),
        ("nothing", "nothing"),
    ],
)
def test_remove_secrets(text: str, shown: str) -> None:
    assert Masker(["1200", "abc-defgh", "pä s", ""]).mask(text) == shown


def test_confidential_is_what_stands_under_secret_keys_only() -> None:
    body = {"number": 1200, "password": "1200", "options": [["password", "x"], ["username", "y"]], "secret": None}
    assert maskable_secrets(body) == {"x"}
    assert maskable_secrets(None) == frozenset()
    table = b"firstname,password,sip_secret,exten,voicemail_password\r\nAnn,p1,s1,1200,1200\r\nBob,,s2,1201,1202\r\n"
    assert maskable_secrets(parse_csv(table)) == {"p1", "s1", "s2", "1202"}
