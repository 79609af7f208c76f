# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What goes wrong is one readable message (design.md, rule 11) without any secret in it (design.md, rule 10)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import certifi
import pytest

from simulator import Fault, Simulator
from support.helpers import free_port
from support.people import person
from support.playbooks import Result

JOHN = {"firstname": "John", "lastname": "Doe"}


@dataclass(frozen=True)
class Case:
    """A task that fails, and what its message must say; fault: what the server does to it.

    more: what it says on one generation only.
    """

    name: str
    module: str
    options: dict[str, Any]
    words: tuple[str, ...]
    fault: Fault | None = field(default=None)
    more: dict[str, tuple[str, ...]] = field(default_factory=dict)


CASES = (
    Case(
        "wrong password",
        "confd_user",
        {**JOHN, "confd_password": "wrong"},
        ("rejects confd_username 'admin' and confd_password",),
        more={
            "xivo15": ("a web services access",),
            "xivo16": ("a web services access",),
            "wazo": ("a user of wazo-auth",),
        },
    ),
    Case("wrong account", "confd_user", {**JOHN, "confd_username": "x"}, ("rejects confd_username 'x'",)),
    Case(
        "untrusted certificate",
        "confd_user",
        {**JOHN, "ca_path": certifi.where()},
        (
            "certificate is not trusted",
            "the PEM file of the CA that signed the certificate.",
            "confd_validate_certs) to false",
        ),
    ),
    Case(
        "refused connection",
        "confd_user",
        {**JOHN, "confd_url": f"http://127.0.0.1:{free_port()}", "retries": 0},
        ("No connection to http://127.0.0.1", "refused", "confd listens on port 9486"),
    ),
    Case("no URL", "confd_user", {**JOHN, "confd_url": "pbx"}, ("confd_url is 'pbx', which is not a valid URL",)),
    Case(
        "html",
        "confd_user",
        JOHN,
        ("the answer (HTTP 200) is not confd's JSON but text/html", "Check that confd_url is the address of confd"),
        Fault("html", method="GET", path="/users"),
    ),
    Case(
        "500",
        "confd_extension",
        {"exten": "1250", "context": "default"},
        ("GET ", "/extensions: HTTP 500: Unexpected error: simulated fault", "See the log of the server"),
        Fault("500_before", method="GET", path="/extensions"),
    ),
    Case(
        "unknown context",
        "confd_extension",
        {"exten": "1250", "context": "nowhere"},
        (),
        more={
            "xivo15": ("Could not create extension 1250@nowhere: ", "HTTP 400: Input Error", "Context was not found"),
            "xivo16": ("There is no context 'nowhere'. The server has ",),
            "wazo": ("There is no context 'nowhere'. The server has ",),
        },
    ),
    Case(
        "out of range",
        "confd_extension",
        {"exten": "5000", "context": "default"},
        (),
        more={
            "xivo15": ("Extension '5000' is outside of range for context 'default'",),
            "xivo16": ("5000@default is outside of the ranges of default: 1000-1999.",),
            "wazo": ("5000@default is outside of the ranges of default: 1000-1999.",),
        },
    ),
    Case(
        "number of another line",
        "confd_line_extension",
        {"line": {"username": "spare"}, "extension": {"exten": "1200", "context": "default"}},
        ("1200@default already belongs to line ada (id 1) of user Ada Lovelace (id 1).", "Dissociate it first"),
    ),
    Case(
        "number of another user",
        "confd_provisioned_users",
        {"users": [{"user": JOHN, "extension": {"exten": "1200", "context": "default"}}]},
        (
            "1 problem found, nothing was written:",
            "entry 1, John Doe (1200@default): 1200@default already belongs to line ada (id 1) of user Ada Lovelace",
            "Free it first, or choose another one.",
        ),
    ),
    Case(
        "one number twice",
        "confd_provisioned_users",
        {
            "users": [
                {"user": {"firstname": name}, "extension": {"exten": "1300", "context": "default"}}
                for name in ("One", "Two")
            ]
        },
        ("entry 2, Two (1300@default): 1300@default is also in entry 1, One (1300@default).",),
    ),
)


def test_messages(sim: Simulator, play: Callable[..., Result]) -> None:
    for case in CASES:
        if case.fault:
            # A copy, for a fault remembers what it has seen.
            sim.faults.add(replace(case.fault))
    ada = {"user": {"firstname": "Ada", "lastname": "Lovelace"}, "line": {"username": "ada"}}
    prepare = [
        {
            "xivo.confd.confd_provisioned_users": {
                "users": [{**ada, "extension": {"exten": "1200", "context": "default"}}]
            }
        },
        {"xivo.confd.confd_line_sip": {"username": "spare", "context": "default"}},
    ]
    # Faults wait for the tasks that they are meant for, so those come first.
    faulty = [case for case in CASES if case.fault]
    ordered = [*map(task_of, faulty), *prepare, *(task_of(case) for case in CASES if not case.fault)]
    run = play(ordered)
    assert not sim.faults
    for case in CASES:
        result = run.task(case.name)
        assert result.failed, case.name
        for words in (*case.words, *case.more.get(sim.generation.name, ())):
            assert words in result.msg, case.name
    assert "Traceback" not in run.output
    assert len(sim.database.users) == 1


def task_of(case: Case) -> dict[str, Any]:
    return {"name": case.name, f"xivo.confd.{case.module}": case.options, "ignore_errors": True}


def test_missing_requests(sim: Simulator, play: Callable[..., Result], tmp_path: Path) -> None:
    (tmp_path / "requests.py").write_text("raise ImportError('No module named requests')\n")
    run = play([{"name": "try", "xivo.confd.confd_user": JOHN}], env={"PYTHONPATH": str(tmp_path)})
    assert "Failed to import the required Python library (requests)" in run.task("try").msg
    assert "Traceback" not in run.output


# Secrets


CANARIES = {
    "confd": "canary-Confd-8Kq2",
    "password": "canary-User-5Zt9",
    "secret": "canaryLine3Vx7",
    "token": "canary-Token-1Wd4",
    "short": "pW7",
}


def tasks_with_secrets() -> list[dict[str, Any]]:
    """Some that succeed and some that fail, with each of the canaries."""
    entry = {
        "user": {**JOHN, "password": "{{ password }}"},
        "line": {"secret": "{{ secret }}"},
        "extension": {"exten": "1200", "context": "default"},
    }
    pin = {"firstname": "Pin", "password": "{{ pin }}", "description": "calls 1200"}
    return [
        {"name": "entry", "xivo.confd.confd_provisioned_users": {"users": [entry]}},
        {"name": "change", "xivo.confd.confd_user": {**JOHN, "password": "{{ password }}2"}},
        {"name": "pin", "xivo.confd.confd_user": pin},
        {
            "name": "line",
            "xivo.confd.confd_line_sip": {"username": "x", "context": "default", "secret": "{{ short }}"},
        },
        {
            "name": "error of the database",
            "xivo.confd.confd_user": {"firstname": "x" * 129, "password": "{{ short }}!"},
            "ignore_errors": True,
        },
        {
            "name": "wrong token",
            "xivo.confd.confd_user": {**JOHN, "confd_token": "{{ token }}"},
            "ignore_errors": True,
        },
        {
            "name": "wrong password",
            "xivo.confd.confd_user": {**JOHN, "confd_password": "{{ confd }}"},
            "ignore_errors": True,
        },
        {
            "name": "bad entry",
            "xivo.confd.confd_provisioned_users": {"users": [{**entry, "match": {}}]},
            "ignore_errors": True,
        },
    ]


@pytest.mark.parametrize("check", [True, False])
def test_no_secret_is_printed(sim: Simulator, play: Callable[..., Result], check: bool) -> None:
    """At -vvv with diff, in results and in errors; a PIN that equals the number hides no number."""
    run = play(
        tasks_with_secrets(), check=check, diff=True, args=["-vvv"], extra_vars={**CANARIES, "pin": "1200"}
    ).succeeded()
    shown = run.output + "".join(str(task.result) for task in run.tasks)
    assert [name for name, secret in CANARIES.items() if secret in shown] == []
    assert sim.password not in shown
    assert run.task("entry")["results"][0]["exten"] == "1200"
    assert run.task("pin")["user"]["description"] == "calls 1200"
    assert run.task("pin")["user"]["password"] == "********"
    assert {task.name for task in run.tasks if task.failed} >= {"wrong token", "wrong password", "bad entry"}
    assert "calls 1200" in run.stdout
    assert bool(sim.writes) is not check


def test_after_a_time_out_everything_stays_for_the_next_run(sim: Simulator, play: Callable[..., Result]) -> None:
    """The server makes the user although nobody waits for it any more: that user must find line and number."""
    late = Fault("hang_late", method="POST", path="/users")
    sim.faults.add(late)
    wanted = {"provision_strategy": "stepwise", "provision_users": [person("Johnny", "Depp", "1200")]}
    answers = {"confd_hosts": "localhost", "confd_timeout": 3, **wanted}

    first = play("xivo.confd.provision", extra_vars=answers)
    late.late.set()

    assert first.rc != 0
    assert "no answer within 3 seconds" in first.failed[-1].msg
    assert [request for request in sim.writes if request.method == "DELETE"] == []
    play("xivo.confd.provision", extra_vars=answers).succeeded()
    assert play("xivo.confd.provision", extra_vars=answers).succeeded().changed == 0
    assert [len(sim.state()[kind]) for kind in ("users", "lines", "line_extensions")] == [1, 1, 1]


def test_a_failed_entry_is_undone_and_the_others_go_on(sim: Simulator, play: Callable[..., Result]) -> None:
    """Bob takes over Ada's number, so he waits for her; Cleo's user cannot be created; Dan is a new user."""
    people = [("Ada", "1200"), ("Bob", "1201")]
    wanted: dict[str, Any] = {"provision_strategy": "stepwise", "confd_hosts": "localhost"}
    first = {**wanted, "provision_users": [person(name, "A", exten) for name, exten in people]}
    play("xivo.confd.provision", extra_vars=first).succeeded()
    before = {table: len(rows) for table, rows in sim.state().items() if isinstance(rows, list)}
    people = [("Ada", "1205"), ("Bob", "1200"), ("Cleo", "1202"), ("Dan", "1203")]
    sim.faults.add(Fault("500_before", method="PUT", path="/extensions/*", times=9))
    sim.faults.add(Fault("500_before", method="POST", path="/users"))

    run = play(
        "xivo.confd.provision",
        extra_vars={
            **wanted,
            "provision_users": [person(name, "A", exten) for name, exten in people],
            "provision_continue_on_error": True,
        },
    )

    assert run.rc != 0
    assert "3 of 4 entries failed" in run.failed[-1].msg
    assert "entry 1, Ada A (1205@default): Could not update extension 1200@default" in run.failed[-1].msg
    assert "entry 2, Bob A (1200@default): depends on entry 1" in run.failed[-1].msg
    assert "entry 3, Cleo A (1202@default): Could not create user Cleo A" in run.failed[-1].msg
    after = {table: len(rows) for table, rows in sim.state().items() if isinstance(rows, list)}
    assert {table: after[table] - before[table] for table in ("users", "lines", "extensions")} == {
        "users": 1,
        "lines": 1,
        "extensions": 1,
    }


# What is wrong with the variables of the role

NO_DICTIONARY = {"user": {"firstname": "Eve"}, "voicemail": True, "extension": 1201}
BAD_ENTRY = {"user": {"firstname": "John", "surname": "Doe"}, "extension": {"exten": "1200"}}


@pytest.mark.parametrize("strategy", ["stepwise", "bulk"])
def test_all_problems_of_the_variables_are_reported_at_once(
    sim: Simulator, play: Callable[..., Result], strategy: str
) -> None:
    wrong = {
        "provision_users": [person("Ada", "Lovelace", "1200"), BAD_ENTRY, NO_DICTIONARY],
        "provision_strategy": strategy,
        "provision_purge_limit": "few",
        "provision_max_workers": "many",
        "provision_update_password": "sometimes",
    }

    run = play("xivo.confd.provision", extra_vars={**wrong, "confd_hosts": "localhost"})

    (failed,) = run.failed
    assert set(failed.msg.splitlines()) == {
        "7 problems found, nothing was written:",
        "- entry 3, Eve: voicemail is a boolean, but must be a dictionary.",
        "- entry 3, Eve: extension is a number, but must be a dictionary.",
        "- entry 2, John: user.surname is not a valid key. Did you mean username?",
        "- entry 2, John: extension.context is missing.",
        "- update_password is 'sometimes', but must be always or on_create.",
        "- purge_limit is 'few', but must be an integer.",
        "- max_workers is 'many', but must be an integer.",
    }
    assert sim.requests == []


def test_the_role_in_a_play_names_the_wrong_entry(play: Callable[..., Result]) -> None:
    role = {"role": "xivo.confd.provision", "provision_users": [person("Ada", "Lovelace", "1200"), BAD_ENTRY]}

    run = play([{"hosts": "localhost", "gather_facts": False, "connection": "local", "roles": [role]}])

    (failed,) = run.failed
    assert "- entry 2, John: extension.context is missing." in failed.msg


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"provision_strategy": "blk"}, "provision_strategy is blk, but must be auto, bulk or stepwise."),
        ({"provision_users": None}, "users is missing."),
        ({"provision_users": "ada"}, "users is a string, but must be a list."),
    ],
)
def test_a_variable_that_is_something_else_is_named(
    sim: Simulator, play: Callable[..., Result], wrong: dict[str, Any], words: str
) -> None:
    answers = {"confd_hosts": "localhost", "provision_users": [person("Ada", "Lovelace", "1200")]}

    run = play("xivo.confd.provision", extra_vars={**answers, **wrong})

    assert words in run.failed[-1].msg
    assert sim.requests == []
