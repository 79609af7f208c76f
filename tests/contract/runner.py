# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run a case: send each request, compare each answer."""

from __future__ import annotations

import ast
import json
import re
from typing import Any

import requests

from simulator import Simulator

from .casefile import Case, SimulatorCall, Step
from .target import Target

CSV_TYPE = "text/csv; charset=utf-8"
REFERENCE = re.compile(r"<([a-z][a-z0-9_]*(?:\.[a-z0-9_]+)*)>")


class Runner:
    """Run one case, and keep the answers that its steps named."""

    def __init__(self, target: Target, simulator: Simulator | None) -> None:
        self._target = target
        self._simulator = simulator
        self._values: dict[str, Any] = target.values()

    def run(self, case: Case) -> None:
        for step in case.steps:
            place = f"{case.file.name}:{step.line}"
            if isinstance(step, SimulatorCall):
                self._call(step)
            else:
                self._send(step, place)

    def _call(self, call: SimulatorCall) -> None:
        assert self._simulator is not None
        arguments = json.loads(f"[{self._fill(call.arguments)}]")
        owner: Any = self._simulator if hasattr(self._simulator, call.name) else self._simulator.database
        getattr(owner, call.name)(*arguments)

    def _send(self, step: Step, place: str) -> None:
        headers = {name: self._fill(value) for name, value in step.headers.items()}
        if _is_table(step):
            headers = {"Content-Type": CSV_TYPE, **headers}
        answer = self._target.ask(step.method, self._fill(step.path), self._body(step), headers)
        assert answer.status_code == step.status, f"{place}: {answer.status_code} {answer.text[:500]}"
        if step.name:
            self._values[step.name] = answer.json()
        if step.expected:
            difference = compare(answer, self._fill(step.expected))
            assert not difference, f"{place}: {difference}"

    def _body(self, step: Step) -> str | bytes | None:
        if step.body is None:
            return b"" if step.method in {"POST", "PUT"} else None
        if step.body.startswith("raw "):
            return bytes(ast.literal_eval(step.body[4:]))
        if _is_table(step):
            return str(ast.literal_eval(self._fill(step.body[4:])))
        return self._fill(step.body)

    def _fill(self, text: str) -> str:
        """Replace `<name.field>` by its value; anything else in angle brackets, HTML for example, stays."""
        return REFERENCE.sub(lambda found: str(self._value(found[1])) if self._is_given(found[1]) else found[0], text)

    def _is_given(self, dotted: str) -> bool:
        return dotted.split(".", 1)[0] in self._values

    def _value(self, dotted: str) -> Any:
        name, *members = dotted.split(".")
        value = self._values[name]
        for member in members:
            value = value[int(member)] if isinstance(value, list) else value[member]
        return value


def _is_table(step: Step) -> bool:
    return step.body is not None and step.body.startswith("csv ")


def compare(answer: requests.Response, expected: str) -> str | None:
    """Return how the answer differs from what a case file expects, or None if it does not."""
    keyword, _separator, argument = expected.partition(" ")
    if keyword == "~":
        return (
            None
            if re.search(argument, answer.text, re.DOTALL)
            else f"no match for {argument!r} in {answer.text[:500]!r}"
        )
    if keyword == "header":
        name, pattern = argument.split(" ~ ", 1)
        value = answer.headers.get(name, "")
        return None if re.search(pattern, value) else f"no match for {pattern!r} in {name}: {value!r}"
    if keyword == "nothing":
        return f"a body: {answer.text!r}" if answer.text else None
    body = answer.json()
    if keyword == "keys":
        wanted = sorted(re.split(r",\s*", argument))
        return None if sorted(body) == wanted else f"keys are {sorted(body)}"
    checks = {"has": _has, "lacks": _lacks, "only": _only}
    if keyword in checks:
        matches = checks[keyword](body["items"], json.loads(argument))
    else:
        matches = is_within(json.loads(expected), body)
    return None if matches else f"wanted {expected}, got {json.dumps(body)[:1500]}"


def is_within(wanted: Any, got: Any) -> bool:
    """Return whether a value contains what is wanted: objects may have more members, lists not more items."""
    if isinstance(wanted, dict) and isinstance(got, dict):
        return all(name in got and is_within(value, got[name]) for name, value in wanted.items())
    if isinstance(wanted, list) and isinstance(got, list):
        return len(wanted) == len(got) and all(is_within(*pair) for pair in zip(wanted, got, strict=True))
    return type(wanted) is type(got) and bool(wanted == got)


def _has(items: list[Any], wanted: Any) -> bool:
    return any(is_within(wanted, item) for item in items)


def _lacks(items: list[Any], wanted: Any) -> bool:
    return not _has(items, wanted)


def _only(items: list[Any], wanted: Any) -> bool:
    return is_within(wanted, items)
