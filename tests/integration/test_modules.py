# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The life of an object under each module, as the targets of ansible-test have it: what the server is asked for.

Each step is taken in check mode, then really, then again. That check mode writes nothing shows in the log of the
server: it has exactly the writes that the real tasks need, and each real task that should change something did.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from simulator import Simulator
from support.playbooks import Result
from support.targets import run_targets
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
    """The writes that the server must see of one step of a target, ids as "*"; elsewhere: on other generations."""

    writes: tuple[str, ...]
    elsewhere: dict[str, tuple[str, ...]] = field(default_factory=dict)


def module(name: str, options: dict[str, Any]) -> dict[str, Any]:
    return {f"xivo.confd.{name}": options}


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


def assert_phase(sim: Simulator, run: Result, title: str) -> None:
    """The three tasks of a step: in check mode, really, and again."""
    predicted, done, again = (run.task(title + suffix) for suffix in (", in check mode", "", ", again"))
    assert (predicted.changed, done.changed, again.changed) == (True, True, False), title
    if title not in UNPREDICTABLE:
        assert comparable(predicted.result) == comparable(done.result), title
    assert done.diff, title
    assert not again.diff, title
    assert predicted["confd_api"] == sim.generation.name
    # The younger generations show their contexts, so all is checked.
    assert sim.generation.name == "xivo15" or title in UNCHECKED or not predicted["unchecked"], title


UNPREDICTABLE = {"confd_voicemail : Create the voicemail"}
"""The association of a new voicemail has no id to show in check mode."""
JOHN = {"firstname": "John", "lastname": "Doe"}
UNCHECKED = {"confd_line_extension : Put the number on the line"}
"""The number is of an extension without a line, which may belong to something else."""
YOUNGER = ("xivo16", "wazo")
NEW_INCALL = ("POST /incalls", "PUT /incalls/*/extensions/*")
NEW_LINE = {"wazo": ("POST /lines",)}
OLD_LINE = {"wazo": ("DELETE /lines/*",)}
NEW_PERSON = Phase(
    ("POST /extensions", "POST /lines_sip", "POST /lines/*/extensions", "POST /users", "POST /users/*/lines"),
    {"xivo16": ("POST /users/import",), "wazo": ("POST /users",)},
)
OLD_PERSON = Phase(
    (
        "DELETE /lines/*/extensions/*",
        "DELETE /extensions/*",
        "DELETE /users/*/lines/*",
        "DELETE /lines_sip/*",
        "DELETE /users/*",
    ),
    {
        "wazo": (
            "DELETE /lines/*/extensions/*",
            "DELETE /extensions/*",
            "DELETE /users/*/lines/*",
            "DELETE /lines/*",
            "DELETE /users/*",
        )
    },
)


def shared(change: str) -> Phase:
    """One change of a voicemail that somebody has: XiVO 15.12 does not let it change meanwhile."""
    lent = ("PUT /voicemails/*", "DELETE /users/*/voicemail", change, "POST /users/*/voicemail")
    return Phase((change,), {"xivo15": lent})


LIVES: dict[str, dict[str, Phase]] = {
    "confd_user": {
        "Create the user": Phase(("POST /users",)),
        "Rename the user": Phase(("PUT /users/*",)),
        "Remove the user": Phase(("DELETE /users/*",)),
    },
    "confd_line_sip": {
        "Create the line": Phase(("POST /lines_sip",), NEW_LINE),
        "Change the line": Phase(("PUT /lines_sip/*",), {"wazo": ("PUT /lines/*", "PUT /endpoints/sip/*")}),
        "Remove the line": Phase(("DELETE /lines_sip/*",), OLD_LINE),
    },
    "confd_extension": {
        "Create the extension": Phase(("POST /extensions",)),
        "Renumber the extension": Phase(("PUT /extensions/*",)),
        "Remove the extension": Phase(("DELETE /extensions/*",)),
    },
    "confd_provisioned_users": {
        "Create a user with numbers": Phase(
            (*NEW_PERSON.writes, "POST /extensions", "POST /lines/*/extensions"), NEW_PERSON.elsewhere
        ),
        "Rename and renumber the user": Phase(
            (
                "PUT /lines_sip/*",
                "PUT /extensions/*",
                "PUT /users/*",
                "PUT /users/*",
                "DELETE /lines/*/extensions/*",
                "DELETE /extensions/*",
            ),
            dict.fromkeys(YOUNGER, ("PUT /extensions/*", "PUT /users/*", "DELETE /incalls/*", "DELETE /extensions/*")),
        ),
        "Remove the user and the numbers": OLD_PERSON,
    },
    "confd_user_line": {
        "": Phase(("POST /users", "POST /lines_sip"), {"wazo": ("POST /users", "POST /lines")}),
        "Give the user the line": Phase(("POST /users/*/lines",), {"wazo": ("PUT /users/*/lines/*",)}),
        "Take the line away": Phase(("DELETE /users/*/lines/*",)),
    },
    "confd_line_extension": {
        "": Phase(
            ("POST /users/*/lines", "POST /extensions", "POST /extensions"),
            {"wazo": ("PUT /users/*/lines/*", "POST /extensions", "POST /extensions")},
        ),
        "Put the number on the line": Phase(("POST /lines/*/extensions",), {"wazo": ("PUT /lines/*/extensions/*",)}),
        "Lead calls from outside to the line": Phase(("POST /lines/*/extensions",), dict.fromkeys(YOUNGER, NEW_INCALL)),
        "Lead no more calls from outside to the line": Phase(
            ("DELETE /lines/*/extensions/*",), dict.fromkeys(YOUNGER, ("DELETE /incalls/*",))
        ),
        "Take the number from the line": Phase(("DELETE /lines/*/extensions/*",)),
        " ": Phase(("DELETE /users/*/lines/*",)),
    },
}
"""The steps of targets, in their order; without a title: what comes before and after."""
LEFT = Phase(
    ("DELETE /users/*", "DELETE /lines_sip/*", "DELETE /extensions/*", "DELETE /extensions/*"),
    {"wazo": ("DELETE /users/*", "DELETE /lines/*", "DELETE /extensions/*", "DELETE /extensions/*")},
)
"""The clean-up after them."""
VOICEMAIL = {
    "confd_voicemail": {
        "": NEW_PERSON,
        "Create the voicemail": Phase(
            ("POST /voicemails", "POST /users/*/voicemail"), {"wazo": ("POST /voicemails", "PUT /users/*/voicemails/*")}
        ),
        "Change the voicemail": shared("PUT /voicemails/*"),
        "Renumber the voicemail": shared("PUT /voicemails/*"),
        "Remove the voicemail": Phase(
            ("DELETE /voicemails/*", "DELETE /users/*/voicemail", "DELETE /voicemails/*"),
            {"wazo": ("DELETE /voicemails/*", "DELETE /users/*/voicemails", "DELETE /voicemails/*")},
        ),
    },
}
SETTINGS = {
    "confd_user_services": {
        "Switch a service on": Phase(("PUT /users/*/services/dnd",)),
        "Switch a service off": Phase(("PUT /users/*/services/dnd",)),
    },
    "confd_user_forwards": {
        "Forward the calls of the user": Phase(("PUT /users/*/forwards",)),
        "Clear the forward": Phase(("PUT /users/*/forwards",)),
    },
    "confd_user_fallbacks": {
        "Lead unanswered calls elsewhere": Phase(("PUT /users/*/fallbacks",)),
        "Clear one fallback": Phase(("PUT /users/*/fallbacks",)),
    },
    "confd_user_call_permissions": {
        "Give the user call permissions": Phase(("PUT /users/*/callpermissions/*",) * 2),
        "Take one call permission away": Phase(("DELETE /users/*/callpermissions/*",)),
    },
    "confd_user_groups": {
        "Let the user join a group": Phase(("PUT /groups/*/members/users",), {"wazo": ("PUT /users/*/groups",)}),
        "Let the user leave the group": Phase(("PUT /groups/*/members/users",), {"wazo": ("PUT /users/*/groups",)}),
    },
}
"""The same of settings that XiVO up to 16.12 does not have."""
Lives = dict[str, dict[str, Phase]]


def assert_lives(sim: Simulator, play: Callable[..., Result], lives: Lives, left: Phase) -> None:
    """Targets of ansible-test. That they say what they should, and remove what they made, they check themselves."""
    before = {**sim.state(), "sequences": None}

    run = run_targets(play, sim, *lives).succeeded()

    for target, phases in lives.items():
        for title in filter(str.strip, phases):
            assert_phase(sim, run, f"{target} : {title}")
    every = [*(phase for phases in lives.values() for phase in phases.values()), left]
    assert words(sim) == [write for each in every for write in each.elsewhere.get(sim.generation.name, each.writes)]
    assert {**sim.state(), "sequences": None} == before


def test_targets_of_things(sim: Simulator, play: Callable[..., Result]) -> None:
    assert_lives(sim, play, LIVES, LEFT)


def test_target_of_a_voicemail(sim: Simulator, play: Callable[..., Result]) -> None:
    assert_lives(sim, play, VOICEMAIL, OLD_PERSON)


@pytest.mark.on(*YOUNGER)
def test_targets_of_settings(sim: Simulator, play: Callable[..., Result]) -> None:
    make_names(sim)
    (first, steps), *others = SETTINGS.items()
    assert_lives(sim, play, {first: {"": NEW_PERSON, **steps}, **dict(others)}, OLD_PERSON)


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
