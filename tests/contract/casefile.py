# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Case files: one fact a case, one request a line.

    == trap_1_put_dropped_null_username
    POST /users {"firstname": "F", "username": "fl"} -> 201 user
    PUT /users/<user.id> {"firstname": "Z", "username": null} -> 204
    GET /users/<user.id> -> 200 {"firstname": "F", "username": "fl"}

A name may be followed by ` +xivo16`: the fact is as true of that generation.

A request line is `METHOD PATH [BODY] -> STATUS [NAME] [EXPECTED]`. NAME keeps the answer's body, and `<name.field>`
quotes it. `<exten1>` and `<incall1>` are free numbers, `<mac1>` and `<upper_mac1>` a free MAC address in lower and
in upper case, `<tag>` is a word that nothing else on the server contains.
`raw BYTES` as BODY is sent as it is, `csv TEXT` as a table; both are literals of Python.
`> Header: value` lines set headers of the next request, `-` leaves one out. A value may quote answers as well.
EXPECTED is one of

    {...} or [...]   the body is that, objects may have more members
    has {...}        one of the list's items is that
    lacks {...}      none of the list's items is
    only [...]       the list's items are those, in that order
    keys a, b        the object's keys are exactly those
    ~ regex          the text of the body matches
    header Name ~ regex
    nothing          the body is empty

`simulator NAME ARGUMENTS` does what no client can: it calls a method of the simulator, or of its database. A case with
such a line is for the simulator only.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

REQUEST = re.compile(
    r"(?P<method>GET|POST|PUT|DELETE|OPTIONS|HEAD) (?P<path>\S+)(?: (?P<body>.*?))?"
    r" -> (?P<status>\d{3})(?: (?P<rest>.*))?"
)
NAME = re.compile(r"(?P<name>[a-z][a-z0-9_]*)(?: (?P<expected>.*))?")
KEYWORDS = frozenset({"has", "lacks", "only", "keys", "header", "nothing"})


@dataclass(frozen=True)
class Step:
    """Hold one request and the answer that it must get."""

    line: int
    method: str
    path: str
    body: str | None
    status: int
    name: str | None
    expected: str | None
    headers: dict[str, str]


@dataclass(frozen=True)
class SimulatorCall:
    """Hold a call of a method of the simulator or of its database."""

    line: int
    name: str
    arguments: str


@dataclass
class Case:
    """Hold one fact: its steps in order. also: the other generations that it is true of."""

    name: str
    file: Path
    steps: list[Step | SimulatorCall] = field(default_factory=list)
    also: tuple[str, ...] = ()

    @property
    def simulator_only(self) -> bool:
        return any(isinstance(step, SimulatorCall) for step in self.steps)


class _Parser:
    def __init__(self, file: Path) -> None:
        self._file = file
        self._headers: dict[str, str] = {}
        self.cases: list[Case] = []

    def take(self, number: int, line: str) -> None:
        if line.startswith("== "):
            name, *also = line[3:].split(" +")
            self.cases.append(Case(name.strip(), self._file, also=tuple(each.strip() for each in also)))
        elif line.startswith("> "):
            name, value = line[2:].split(":", 1)
            self._headers[name.strip()] = value.strip()
        elif line.startswith("simulator "):
            name, _separator, arguments = line.removeprefix("simulator ").partition(" ")
            self.cases[-1].steps.append(SimulatorCall(number, name, arguments))
        elif line and not line.startswith("#"):
            self.cases[-1].steps.append(self._request(number, line))
            self._headers = {}

    def _request(self, number: int, line: str) -> Step:
        found = REQUEST.fullmatch(line)
        if found is None:
            raise ValueError(f"{self._file}:{number}: not a request line: {line}")
        rest = found["rest"] or ""
        named = NAME.fullmatch(rest)
        name, expected = None, rest or None
        if named and named["name"] not in KEYWORDS:
            name, expected = named["name"], named["expected"]
        return Step(
            number, found["method"], found["path"], found["body"], int(found["status"]), name, expected, self._headers
        )


def read_cases(file: Path) -> list[Case]:
    parser = _Parser(file)
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
        parser.take(number, line.strip())
    return parser.cases
