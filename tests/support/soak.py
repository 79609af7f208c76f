# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A server's life: many runs in a row, each with a small change of the list, and every so often a fault.

``python -m support.soak --runs 500`` (make soak) runs it long; test_soak has a short one.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from simulator import Context, Fault, Range, Simulator
from support.helpers import Options
from support.normalise_state import meaning
from support.patience import no_pauses
from support.role import run_module

CONTEXTS = (
    Context("default", "internal", (Range("1000", "1999"),)),
    Context("sales", "internal", (Range("4000", "4999"),)),
    Context("from-extern", "incall", (Range("2000", "2999"),)),
)
KINDS = ("drop_before", "drop_after", "500_before", "500_after", "502", "503", "401", "restart", "truncated", "html")
VOICEMAIL = re.compile(r"'First\d+ Name\d*'")
MARK = re.compile(r"\b[0-9a-f]{10}\b")
PURGE: Options = {"purge": True, "purge_scope": {"userfield": "HR-"}, "purge_limit": 30, "purge_allow_empty": True}


@dataclass
class Staff:
    """The people who are wanted on the server, as the list says; they come, go, move, marry and swap numbers."""

    random: random.Random
    people: dict[str, Options] = field(default_factory=dict)
    hired: int = 0

    def change(self) -> str:
        """One small change; returns its name."""
        changes = [self.hire, self.hire, self.leave, self.move, self.rename, self.swap, self.call, self.follow]
        change = self.random.choice(changes if len(self.people) > 3 else [self.hire])
        change()
        return change.__name__

    def hire(self) -> None:
        """Somebody comes."""
        self.hired += 1
        self._enter(self._free("1", "extension"))

    def leave(self) -> None:
        """Somebody goes."""
        del self.people[self._anybody()]

    def follow(self) -> None:
        """Somebody comes, and gets the number of somebody who goes."""
        gone = self.people.pop(self._anybody())
        self.hired += 1
        self._enter(gone["extension"]["exten"])

    def move(self) -> None:
        """Somebody gets another number."""
        self.people[self._anybody()]["extension"]["exten"] = self._free("1", "extension")

    def rename(self) -> None:
        """Somebody has another name."""
        self.people[self._anybody()]["user"]["lastname"] = f"Name{self.random.randrange(1000)}"

    def swap(self) -> None:
        """Three people go round in a circle."""
        chosen = self.random.sample(sorted(self.people), 3)
        numbers = [self.people[each]["extension"] for each in chosen]
        for each, number in zip(chosen, [*numbers[1:], numbers[0]]):
            self.people[each]["extension"] = number

    def call(self) -> None:
        """Somebody gets a direct number, or loses it."""
        person = self.people[self._anybody()]
        fresh = {"exten": self._free("2", "incalls"), "context": "from-extern"}
        person["incalls"] = [] if person["incalls"] else [fresh]

    def entries(self) -> list[Options]:
        """The list."""
        return list(self.people.values())

    def _enter(self, exten: str) -> None:
        key = f"HR-{self.hired}"
        self.people[key] = {
            "match": {"userfield": key},
            "user": {"firstname": f"First{self.hired}", "lastname": "Name", "userfield": key},
            "extension": {"exten": exten, "context": "default"},
            "incalls": [],
            **({"voicemail": {"number": f"7{self.hired:04d}"}} if self.hired % 10 == 0 else {}),
        }

    def _anybody(self) -> str:
        return self.random.choice(sorted(self.people))

    def _free(self, first: str, where: str) -> str:
        entries: list[Any] = [person[where] for person in self.people.values()]
        numbers = [each for entry in entries for each in (entry if isinstance(entry, list) else [entry])]
        taken = {each["exten"] for each in numbers}
        return next(exten for exten in self._numbers(first) if exten not in taken)

    def _numbers(self, first: str) -> Iterator[str]:
        while True:
            yield f"{first}{self.random.randrange(800):03d}"


@dataclass
class Life:
    """What became of it."""

    runs: int = 0
    faults: int = 0
    failed: int = 0
    repeated: int = 0


def live(server: Simulator, runs: int, seed: int, fault_every: int = 2) -> Life:
    """Run after run on one server. Raises AssertionError when the server is not as wanted in the end.

    A run that fails is repeated without a fault, as an administrator does.
    """
    life, chance, empty = Life(), random.Random(seed), server.state()
    staff = Staff(chance)
    with no_pauses():
        for _each in range(runs):
            staff.change()
            if chance.randrange(fault_every) == 0:
                server.faults.add(_fault(server, chance.choice(KINDS), chance.randint(1, 25)))
                life.faults += 1
            _run(server, staff, life)
        server.faults.clear()
        _check(server, staff, empty)
    return life


def _fault(server: Simulator, kind: str, nth: int) -> Fault:
    if kind in ("401", "restart") and server.generation.name == "wazo":
        # Tokens are another service's, which outlive a restart of confd. What ends there is their time.
        return Fault("401", nth=nth, callback=lambda *_request: server.database.expire_tokens())
    return Fault(kind, nth=nth, retry_after=0 if kind == "503" else None)


def _run(server: Simulator, staff: Staff, life: Life) -> None:
    options = {"users": staff.entries(), **PURGE}
    life.runs += 1
    if not run_module(server, "confd_provisioned_users", options, check=False)["failed"]:
        server.faults.clear()
        return
    life.failed += 1
    server.faults.clear()
    again = run_module(server, "confd_provisioned_users", options, check=False)
    assert not again["failed"], again["msg"]


def _check(server: Simulator, staff: Staff, empty: Mapping[str, Any]) -> None:
    """Another run changes nothing, and the server is as one that has got the last list only."""
    before = server.state()
    again = run_module(server, "confd_provisioned_users", {"users": staff.entries(), **PURGE}, check=False)
    assert not again["failed"], again["msg"]
    assert not again["changed"], again["diff"]
    assert server.state() == before
    server.database.load(dict(empty))
    run_module(server, "confd_provisioned_users", {"users": staff.entries()}, check=False)
    lived, made = (_anonymous(meaning(state, empty)) for state in (before, server.state()))
    assert lived == made, sorted(set(lived) ^ set(made))


def _anonymous(texts: Sequence[str]) -> list[str]:
    """Without what a life leaves: SIP usernames of the number that a line was made for, voicemails of old names."""
    return sorted(VOICEMAIL.sub("a voicemail", MARK.sub("a line's", text)) for text in texts)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run it on each generation. Returns the exit status."""
    parser = argparse.ArgumentParser(prog="soak", description=__doc__)
    parser.add_argument("--runs", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--apis", nargs="+", default=["xivo15", "xivo16", "wazo"])
    options = parser.parse_args(arguments)
    for api in options.apis:
        with Simulator(api=api, tls=False, contexts=CONTEXTS, seed=1) as server:
            life = live(server, options.runs, options.seed)
        print(
            f"{api}: {life.runs} runs, {life.faults} faults, {life.failed} runs failed and were repeated; "
            "the server is as wanted",
            flush=True,
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
