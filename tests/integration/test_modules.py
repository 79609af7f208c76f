# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The life of an object under each module: every phase in check mode, then really, then again.

That check mode writes nothing shows in the log of the server: it has exactly the writes that the real tasks need, and
each real task that should change something did.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from simulator import Simulator
from support.playbooks import Result, TaskResult
from support.user_parts import make_names

RANDOM = frozenset(
    {"id", "uuid", "user_id", "line_id", "extension_id", "username", "secret", "provisioning_extension", "predicted"}
)
"""What a prediction cannot know."""
NAMED_LINE = re.compile(r"line \S+ \(id \d+\)")
IDENTIFIER = re.compile(r"\d+|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
WORDS_WITH_ID = re.compile(r" \(id \d+\)")
REAL_RUN_LACKS = frozenset({"unchecked", "plan"})
ENVELOPE = frozenset({"invocation", "_ansible_no_log", "failed", "warnings", "report"})


@dataclass(frozen=True)
class Phase:
    """One thing that a module is told. writes: what of that the server must see, ids as "*".

    elsewhere: the same for a generation that needs other requests.
    """

    name: str
    options: dict[str, Any]
    writes: tuple[str, ...]
    result: dict[str, Any] = field(default_factory=dict)
    elsewhere: dict[str, tuple[str, ...]] = field(default_factory=dict)


def module(name: str, options: dict[str, Any]) -> dict[str, Any]:
    return {f"xivo.confd.{name}": options}


def tasks_of(name: str, phases: tuple[Phase, ...]) -> list[dict[str, Any]]:
    """For every phase three tasks: "phase: check", "phase", "phase: again"."""
    tasks = []
    for phase in phases:
        body = module(name, phase.options)
        tasks += [
            {"name": f"{phase.name}: check", "check_mode": True, **body},
            {"name": phase.name, "register": phase.name, **body},
            {"name": f"{phase.name}: again", **body},
        ]
    return tasks


def comparable(value: Any) -> Any:
    """A result without ids and random values."""
    if isinstance(value, dict):
        return {
            key: comparable(inner)
            for key, inner in value.items()
            if key not in RANDOM | REAL_RUN_LACKS | ENVELOPE and not key.endswith("_header")
        }
    if isinstance(value, str):
        return WORDS_WITH_ID.sub("", NAMED_LINE.sub("the new line", value))
    return [comparable(inner) for inner in value] if isinstance(value, list) else value


def words(sim: Simulator) -> list[str]:
    """The writes, with "*" for ids."""
    parts = (f"{request.method} {request.path}".split("/") for request in sim.writes)
    return ["/".join("*" if IDENTIFIER.fullmatch(part) else part for part in path) for path in parts]


def assert_life(sim: Simulator, run: Result, phases: tuple[Phase, ...], writes_before: int = 0) -> None:
    for phase in phases:
        predicted, done, again = (run.task(phase.name + suffix) for suffix in (": check", "", ": again"))
        assert (predicted.changed, done.changed, again.changed) == (True, True, False), phase.name
        assert comparable(predicted.result) == comparable(done.result), phase.name
        assert done.diff, phase.name
        assert not again.diff, phase.name
        assert predicted["confd_api"] == sim.generation.name
        # The younger generations show their contexts, so all is checked.
        assert bool(predicted["unchecked"]) is (sim.generation.name == "xivo15")
        for key, value in phase.result.items():
            assert at(done, key) == value, phase.name
    expected = [phase.elsewhere.get(sim.generation.name, phase.writes) for phase in phases]
    assert words(sim)[writes_before:] == [write for writes in expected for write in writes]


def at(task: TaskResult, path: str) -> Any:
    value: Any = task.result
    for key in path.split("."):
        value = value[int(key) if key.isdigit() else key]
    return value


YOUNGER = ("xivo16", "wazo")
NEW_INCALL = ("POST /incalls", "PUT /incalls/*/extensions/*")
JOHN = {"firstname": "John", "lastname": "Doe"}
NUMBER = {"exten": 1200, "context": "default"}
INCALL = {"exten": "2200", "context": "from-extern"}

USER = (
    Phase("create", {**JOHN, "userfield": "HR-1"}, ("POST /users",), {"user.caller_id": '"John Doe"'}),
    Phase(
        "rename",
        {"match": JOHN, "firstname": "Johnny", "caller_id": "Boss", "userfield": ""},
        ("PUT /users/*",),
        {
            "diff.0.before": {"firstname": "John", "caller_id": '"John Doe"', "userfield": "HR-1"},
            "diff.0.after": {"firstname": "Johnny", "caller_id": '"Boss"', "userfield": None},
            "user.lastname": "Doe",
        },
    ),
    Phase("remove", {"firstname": "Johnny", "lastname": "Doe", "state": "absent"}, ("DELETE /users/*",)),
)
LINE = (
    Phase(
        "create",
        {"username": "ada", "context": "default"},
        ("POST /lines_sip",),
        {"line_sip.device_slot": 1},
        {"wazo": ("POST /lines",)},
    ),
    Phase(
        "change",
        {"username": "ada", "callerid": '"Ada" <1200>', "secret": "s3cr3tword"},
        ("PUT /lines_sip/*",),
        {"diff.0.after": {"callerid": '"Ada" <1200>', "secret": "********"}, "line_sip.secret": "********"},
        {"wazo": ("PUT /lines/*", "PUT /endpoints/sip/*")},
    ),
    Phase(
        "remove",
        {"username": "ada", "state": "absent"},
        ("DELETE /lines_sip/*",),
        elsewhere={"wazo": ("DELETE /lines/*",)},
    ),
)
EXTENSION = (
    Phase("create", NUMBER, ("POST /extensions",), {"extension.exten": "1200", "extension.commented": False}),
    Phase("renumber", {"id": "{{ create.extension.id }}", "exten": "1201"}, ("PUT /extensions/*",)),
    Phase("remove", {"exten": "1201", "context": "default", "state": "absent"}, ("DELETE /extensions/*",)),
)
USER_LINE = (
    Phase(
        "create",
        {"user": JOHN, "line": {"username": "ada"}},
        ("POST /users/*/lines",),
        {"user_line.main_user": True},
        {"wazo": ("PUT /users/*/lines/*",)},
    ),
    Phase("remove", {"user": JOHN, "line": {"username": "ada"}, "state": "absent"}, ("DELETE /users/*/lines/*",)),
)
LINE_EXTENSION = (
    Phase(
        "number",
        {"line": {"username": "ada"}, "extension": NUMBER},
        ("POST /lines/*/extensions",),
        elsewhere={"wazo": ("PUT /lines/*/extensions/*",)},
    ),
    Phase(
        "incall",
        {"line": NUMBER, "extension": INCALL},
        ("POST /lines/*/extensions",),
        elsewhere=dict.fromkeys(YOUNGER, NEW_INCALL),
    ),
    Phase(
        "no_incall",
        {"line": NUMBER, "extension": INCALL, "state": "absent"},
        ("DELETE /lines/*/extensions/*",),
        elsewhere=dict.fromkeys(YOUNGER, ("DELETE /incalls/*",)),
    ),
    Phase(
        "no_number",
        {"line": {"username": "ada"}, "extension": NUMBER, "state": "absent"},
        ("DELETE /lines/*/extensions/*",),
    ),
)
ENTRY = {"user": JOHN, "extension": NUMBER, "incall": INCALL}
PROVISIONED = (
    Phase(
        "create",
        {"users": [ENTRY]},
        (
            "POST /extensions",
            "POST /lines_sip",
            "POST /lines/*/extensions",
            "POST /users",
            "POST /users/*/lines",
            "POST /extensions",
            "POST /lines/*/extensions",
        ),
        {"summary.created": 1, "results.0.exten": "1200", "results.0.incalls.0.exten": "2200"},
        {"xivo16": ("POST /users/import",), "wazo": ("POST /users",)},
    ),
    Phase(
        "change",
        {
            "users": [
                {
                    "match": JOHN,
                    "user": {"firstname": "Johnny"},
                    "extension": {"exten": "1201", "context": "default"},
                    "incalls": [],
                }
            ]
        },
        (
            "PUT /lines_sip/*",
            "PUT /extensions/*",
            "PUT /users/*",
            "PUT /users/*",
            "DELETE /lines/*/extensions/*",
            "DELETE /extensions/*",
        ),
        {"summary.updated": 1, "results.0.incalls": []},
        dict.fromkeys(YOUNGER, ("PUT /extensions/*", "PUT /users/*", "DELETE /incalls/*", "DELETE /extensions/*")),
    ),
    Phase(
        "remove",
        {"users": [{"user": {"firstname": "Johnny", "lastname": "Doe"}, "state": "absent"}]},
        (
            "DELETE /lines/*/extensions/*",
            "DELETE /extensions/*",
            "DELETE /users/*/lines/*",
            "DELETE /lines_sip/*",
            "DELETE /users/*",
        ),
        {"summary.removed": 1},
        {
            "wazo": (
                "DELETE /lines/*/extensions/*",
                "DELETE /extensions/*",
                "DELETE /users/*/lines/*",
                "DELETE /lines/*",
                "DELETE /users/*",
            )
        },
    ),
)
LIVES = {
    "confd_user": USER,
    "confd_line_sip": LINE,
    "confd_extension": EXTENSION,
    "confd_provisioned_users": PROVISIONED,
}


SETTINGS = {
    "confd_user_services": (
        Phase("switch_on", {"user": JOHN, "dnd": True}, ("PUT /users/*/services/dnd",), {"user_services.dnd": True}),
        Phase("switch_off", {"user": JOHN, "dnd": False, "incallfilter": False}, ("PUT /users/*/services/dnd",)),
    ),
    "confd_user_forwards": (
        Phase(
            "forward",
            {"user": JOHN, "busy": {"enabled": True, "destination": "1300"}},
            ("PUT /users/*/forwards",),
            {
                "diff.0.after": {"busy.enabled": True, "busy.destination": "1300"},
                "user_forwards.busy": {"enabled": True, "destination": "1300"},
            },
        ),
        Phase("clear", {"user": JOHN, "busy": {"enabled": False, "destination": ""}}, ("PUT /users/*/forwards",)),
    ),
    "confd_user_fallbacks": (
        Phase(
            "lead",
            {"user": JOHN, "busy": {"user": JOHN, "ring_seconds": 20}, "fail": {"hangup": "busy"}},
            ("PUT /users/*/fallbacks",),
            {"user_fallbacks.busy.ring_seconds": 20, "user_fallbacks.fail": {"hangup": "busy"}},
        ),
        Phase(
            "lead_nowhere",
            {"user": JOHN, "busy": None},
            ("PUT /users/*/fallbacks",),
            {"user_fallbacks.busy": None, "user_fallbacks.fail": {"hangup": "busy"}},
        ),
    ),
    "confd_user_call_permissions": (
        Phase(
            "permit",
            {"user": JOHN, "call_permissions": ["mobile", "international"]},
            ("PUT /users/*/callpermissions/*",) * 2,
            {"user_call_permissions.call_permissions": ["international", "mobile"]},
        ),
        Phase("take_back", {"user": JOHN, "call_permissions": ["mobile"]}, ("DELETE /users/*/callpermissions/*",)),
    ),
    "confd_user_groups": (
        Phase(
            "join",
            {"user": JOHN, "groups": ["sales"]},
            ("PUT /groups/*/members/users",),
            {"user_groups.groups": ["sales"]},
            {"wazo": ("PUT /users/*/groups",)},
        ),
        Phase(
            "leave",
            {"user": JOHN, "groups": []},
            ("PUT /groups/*/members/users",),
            elsewhere={"wazo": ("PUT /users/*/groups",)},
        ),
    ),
}


@pytest.mark.parametrize("name", LIVES)
def test_life(sim: Simulator, play: Callable[..., Result], name: str) -> None:
    before = {**sim.state(), "sequences": None}
    run = play(tasks_of(name, LIVES[name]), diff=True).succeeded()
    assert_life(sim, run, LIVES[name])
    assert {**sim.state(), "sequences": None} == before


def test_life_of_associations(sim: Simulator, play: Callable[..., Result]) -> None:
    things = [
        module("confd_user", JOHN),
        module("confd_line_sip", {"username": "ada", "context": "default"}),
        module("confd_extension", NUMBER),
        module("confd_extension", INCALL),
    ]
    with_user, rest = USER_LINE[:1], USER_LINE[1:]
    tasks = [
        *tasks_of("confd_user_line", with_user),
        *tasks_of("confd_line_extension", LINE_EXTENSION),
        *tasks_of("confd_user_line", rest),
    ]
    run = play([*things, *tasks], diff=True).succeeded()
    assert_life(sim, run, (*with_user, *LINE_EXTENSION, *rest), writes_before=len(things))


@pytest.mark.on(*YOUNGER)
def test_life_of_settings(sim: Simulator, play: Callable[..., Result]) -> None:
    make_names(sim)
    things = [
        module("confd_user", JOHN),
        module("confd_line_sip", {"username": "ada", "context": "default"}),
        module("confd_user_line", {"user": JOHN, "line": {"username": "ada"}}),
    ]
    tasks = [task for name, phases in SETTINGS.items() for task in tasks_of(name, phases)]
    run = play([*things, *tasks], diff=True).succeeded()
    assert_life(sim, run, tuple(phase for phases in SETTINGS.values() for phase in phases), writes_before=len(things))


def test_bad_input(sim: Simulator, play: Callable[..., Result]) -> None:
    cases = {
        "no firstname": (
            module("confd_user", {"lastname": "Doe"}),
            "one of the following is required: firstname, match",
        ),
        "empty match": (module("confd_user", {"match": {}, **JOHN}), "match is empty, so it would match every user"),
        "empty value": (module("confd_user", {"match": {"userfield": ""}, **JOHN}), "match.userfield is empty"),
        "nothing names the line": (module("confd_line_sip", {"context": "default"}), "does not identify a SIP line"),
        "octal": (module("confd_extension", {"exten": 50331648, "context": "default"}), "Write the number in quotes"),
        "half a number": (module("confd_extension", {"exten": 1200}), "exten and context are required"),
        "unknown key": (module("confd_user_line", {"user": {"nam": "x"}, "line": {"id": 1}}), "unknown keys: nam"),
        "nobody": (module("confd_user_line", {"user": {"id": 9}, "line": {"id": 1}}), "There is no user with id 9"),
        "unknown sub-option": (
            module("confd_provisioned_users", {"users": [{"user": {"first_name": "X"}}]}),
            "first_name",
        ),
        "no entry": (module("confd_provisioned_users", {"users": [{}]}), "entry 1, user: user is missing"),
    }
    tasks = [{"name": name, "ignore_errors": True, **task} for name, (task, _words) in cases.items()]
    run = play(tasks)
    for name, (_task, message) in cases.items():
        result = run.task(name)
        assert result.failed, name
        assert message in result.msg, name
    assert "Traceback" not in run.output
    assert sim.writes == []
