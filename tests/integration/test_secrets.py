# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Canaries as secrets, in every way to run and to show a playbook: none of them gets out (design.md, rule 10)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from simulator import Fault, Simulator
from support.playbooks import Result, run_playbook
from support.secrecy import files_in, leaks

CANARIES = {
    "password": "canaryUser5Zt9",
    "secret": "canaryLine3Vx7",
    "pin": "9081726354",
    "code": "80917263*#",
    "changed": "canaryNew7Qr2",
    "wrong": "canary-Wrong-1Wd4",
    "token": "canary-Token-6Hj3",
}
"""The playbooks take them from variables, as from a vault. The PIN is a number of ten digits."""
CALLBACKS: dict[str, dict[str, str]] = {
    "minimal": {"ANSIBLE_STDOUT_CALLBACK": "minimal"},
    "yaml": {"ANSIBLE_CALLBACK_RESULT_FORMAT": "yaml", "ANSIBLE_DISPLAY_FAILED_STDERR": "1"},
    "junit": {"ANSIBLE_CALLBACKS_ENABLED": "events,ansible.builtin.junit", "JUNIT_OUTPUT_DIR": "junit"},
}


def entry(number: str, name: str, password: str = "{{ password }}", **user: Any) -> dict[str, Any]:
    """Somebody with every secret there is."""
    return {
        "user": {"firstname": name, "lastname": "Canary", "password": password, **user},
        "line": {"secret": "{{ secret }}"},
        "extension": {"exten": number, "context": "default"},
        "voicemail": {"password": "{{ pin }}"},
    }


def role(strategy: str, *entries: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": f"role, {strategy}",
        "ansible.builtin.include_role": {"name": "xivo.confd.provision"},
        "vars": {"provision_strategy": strategy, "provision_users": list(entries)},
    }


def shown(run: Result) -> list[tuple[str, str]]:
    """Everything that a run printed, and every result as callbacks get it."""
    return [("stdout", run.stdout), ("stderr", run.stderr), *((task.name, str(task.result)) for task in run.tasks)]


@pytest.mark.on("xivo16")
def test_the_role_and_the_modules(sim: Simulator, play: Callable[..., Result]) -> None:
    """A user made step by step, changed in one task, read, and left alone by tasks that fail.

    With all that Ansible can print, of which other verbosities are a part.
    """
    code = {"call_permission_password": "{{ code }}"}
    failing: dict[str, dict[str, Any]] = {
        "wrong password": {"firstname": "A", "confd_username": "admin", "confd_password": "{{ wrong }}"},
        "wrong token": {"firstname": "A", "confd_token": "{{ token }}"},
        "wrong password for a token": {
            "firstname": "A",
            "confd_auth_url": sim.url,
            "confd_username": "admin",
            "confd_password": "{{ wrong }}",
        },
        "unknown key": {"firstname": "A", "password": "{{ password }}", "passwrd": "{{ password }}"},
        "error of the server": {"firstname": "Broken", "password": "{{ password }}"},
    }
    sim.faults.add(Fault("500_before", method="POST", path="/users", nth=2))
    tasks = [
        role("stepwise", entry("1200", "Ann", **code)),
        role("bulk", entry("1200", "Ann", "{{ changed }}", **code)),
        {
            "name": "pin",
            "xivo.confd.confd_voicemail": {"number": "1201", "context": "default", "name": "B", "password": "1201"},
        },
        {"name": "read", "xivo.confd.confd_user_info": {"with_lines": True}},
        {"name": "secrets", "xivo.confd.confd_line_sip_info": {"return_secrets": True}, "no_log": True},
        *({"name": name, "xivo.confd.confd_user": options, "ignore_errors": True} for name, options in failing.items()),
    ]

    run = play(tasks, extra_vars=CANARIES, diff=True, args=["-vvvv"]).succeeded()

    assert leaks(CANARIES.values(), shown(run)) == []
    assert {task.name for task in run.tasks if task.failed} == {*failing}
    assert run.task("pin")["voicemail"]["number"] == "1201"
    assert run.task("read")["users"][0]["extension"]["exten"] == "1200"


@pytest.mark.on("xivo16")
@pytest.mark.parametrize("callback", CALLBACKS)
def test_other_callbacks(sim: Simulator, play: Callable[..., Result], callback: str) -> None:
    broken = {**entry("1201", "Bob"), "match": {}}
    tasks = [
        {"name": "good", "xivo.confd.confd_provisioned_users": {"users": [entry("1200", "Ann")]}},
        {"name": "bad", "xivo.confd.confd_provisioned_users": {"users": [broken]}, "ignore_errors": True},
    ]

    run = play(tasks, extra_vars=CANARIES, diff=True, args=["-vvvv"], env=CALLBACKS[callback])

    assert leaks(CANARIES.values(), shown(run)) == []
    assert run.task("good").changed
    assert run.task("bad").failed


@pytest.mark.on("xivo16")
def test_only_what_is_asked_for_is_shown(sim: Simulator, play: Callable[..., Result]) -> None:
    tasks = [
        {"xivo.confd.confd_provisioned_users": {"users": [entry("1200", "Ann")]}},
        {"name": "line", "xivo.confd.confd_line_sip_info": {"return_secrets": True}},
    ]

    run = play(tasks, extra_vars=CANARIES, args=["-vvvv"], shows_secrets=True).succeeded()

    assert run.task("line")["lines_sip"][0]["secret"] == CANARIES["secret"]
    others = {value for name, value in CANARIES.items() if name != "secret"}
    assert leaks({*others, str(sim.password)}, shown(run)) == []


@pytest.mark.on("xivo16")
def test_reports_and_exports(sim: Simulator, play: Callable[..., Result], tmp_path: Path) -> None:
    """Of a server whose secrets differ from those of the list: both stay out of all files."""
    people = [entry("1200", "Ann", "{{ changed }}")]
    play([{"xivo.confd.confd_provisioned_users": {"users": [entry("1200", "Ann")]}}], extra_vars=CANARIES).succeeded()
    told = {
        **CANARIES,
        "provision_users": people,
        "audit_directory": str(tmp_path / "audit"),
        "audit_artifact": "report",
    }

    audit = play("xivo.confd.audit", extra_vars=told, diff=True, args=["-vvvv"]).succeeded()
    issued = sim.database.accounts.issued
    issued.ever.clear()
    by_token = {"confd_auth_url": sim.url, "confd_auth_backend": "xivo_service"}
    told = {**by_token, "export_directory": str(tmp_path / "export")}
    export = play("xivo.confd.export", extra_vars=told, args=["-vvvv"])
    assert issued.ever and list(issued) == []
    progress = {"users": people, "progress_file": str(tmp_path / "progress")}
    play([{"xivo.confd.confd_provisioned_users": progress}], extra_vars=CANARIES).succeeded()

    written = list(files_in(tmp_path))
    assert {Path(name).name for name, _text in written} >= {
        "audit.html",
        "audit.json",
        "audit.md",
        "audit.xml",
        "progress",
    }
    assert "users.yml" in {Path(name).name for name, _text in written}
    secrets = [*CANARIES.values(), *issued.ever]
    assert leaks(secrets, [*written, *shown(audit), *shown(export.succeeded())]) == []


def test_validate_certs_false_is_said_once(sim: Simulator, play: Callable[..., Result]) -> None:
    """Once in each result, for callbacks and AWX; on the screen once in a run."""
    off = {"validate_certs": False}
    tasks = [{"name": name, "xivo.confd.confd_user": {"firstname": name, **off}} for name in ("one", "two")]

    run = play(tasks, env={"CONFD_CA_PATH": None}).succeeded()

    assert [len(run.task(name).warnings) for name in ("one", "two")] == [1, 1]
    assert " ".join(run.output.split()).count("validate_certs is false") == 1
    assert "InsecureRequestWarning" not in run.output


BROKEN: dict[str, tuple[dict[str, Any], str]] = {
    "float": (
        {"extension": {"exten": 1200.0, "context": "default"}},
        "extension.exten is 1200.0, which is not a valid",
    ),
    "octal": ({"extension": {"exten": 50331648, "context": "default"}}, "is what YAML makes of 0300000000"),
    "boolean": ({"user": {"firstname": False}}, "user.firstname is False, but must be a string. Write it in quotes."),
    "NUL": ({"user": {"firstname": "A\0"}}, "user.firstname contains the character U+0000"),
    "control": ({"user": {"firstname": "A\x07"}}, "firstname of the user contains the character U+0007"),
    "long": ({"user": {"firstname": "x" * 129}}, "but the server stores at most 128"),
    "look-alike": ({"extension": {"exten": "１２００", "context": "default"}}, "extension.exten is '１２００'"),
    "key": ({"user": {"firstnam": "A"}}, "user.firstnam is not a valid key. Did you mean firstname?"),
    "match": ({"match": {"userfield": ""}}, "match.userfield is empty"),
    "both": ({"incall": {"exten": "2200", "context": "c"}, "incalls": []}, "incall and incalls are mutually exclusive"),
    "nested": ({"incalls": [[{"exten": "2200"}]]}, "incalls[0] is a list, but must be a dictionary"),
}


@pytest.mark.on("xivo15")
@pytest.mark.parametrize("timeout", ["{{ site_timeout }}", "{{ 1"])
def test_an_error_beside_the_password(sim: Simulator, tmp_path: Path, timeout: str) -> None:
    """From 2.19 on, Ansible quotes the lines around what it cannot evaluate."""
    host = {"confd_username": sim.username, "confd_password": sim.password, "confd_timeout": timeout}
    inventory = tmp_path / "inventory.yml"
    text = yaml.safe_dump({"confd": {"hosts": {"pbx": {"confd_url": sim.url, **host}}}}, sort_keys=False)
    inventory.write_text(text, encoding="utf-8")
    variables = {"provision_users": []}
    run = run_playbook(None, "xivo.confd.provision", inventory=inventory, extra_vars=variables, args=["-vvv"])
    (failed,) = run.failed
    assert "The variable confd_timeout cannot be evaluated" in failed.msg
    assert sim.password not in run.output


def test_broken_entries_by_the_real_ansible(sim: Simulator, play: Callable[..., Result]) -> None:
    """A sample of tests/support/bad_input.py, through the module and through the role."""
    good = {"user": {"firstname": "Ann"}, "extension": {"exten": "1200", "context": "default"}}
    tasks: list[dict[str, Any]] = []
    for name, (changes, _words) in BROKEN.items():
        users = [{"user": {"firstname": "Bob"}}, {**good, **changes}]
        module = {"xivo.confd.confd_provisioned_users": {"users": users}}
        tasks.append({"name": name, **module, "ignore_errors": True})

    run = play(tasks)

    for name, (_changes, words) in BROKEN.items():
        assert run.task(name).failed, name
        assert words in run.task(name).msg, name
        assert "entry 2" in run.task(name).msg, name
    assert "Traceback" not in run.output
    assert sim.writes == []


@pytest.mark.parametrize("kind", ["boolean", "key"])
def test_broken_entries_in_the_role(sim: Simulator, play: Callable[..., Result], kind: str) -> None:
    """What Ansible's own check of the role's variables lets pass, the plan names; what it refuses, it names."""
    changes, words = BROKEN[kind]
    good = {"user": {"firstname": "Ann"}, "extension": {"exten": "1200", "context": "default"}}

    run = play([role("stepwise", {**good, **changes})])

    key = words.split(" ")[0].split(".")[-1].split("[")[0]
    assert run.rc != 0
    assert key in run.failed[0].msg
    assert "Traceback" not in run.output
    assert sim.writes == []
