# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The fault matrix: every request of a run, and everything that can happen to it.

A case injects one fault into a run, lets the run end as it may, and runs again without a fault. Then the server must
be as after a run without fault, and a third run must change nothing.
"""

from __future__ import annotations

import os
import signal
import threading
import traceback
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from faults.run import Server, child, connections, run_list
from faults.scenario import GIVEN, SCENARIOS, Scenario
from simulator import Fault, Simulator
from simulator.faults import EVERYTHING
from support.helpers import wait_until
from support.normalise_state import differences, meaning
from support.servers import CONTEXTS

APIS = ("xivo15", "xivo16", "wazo")
BEFORE = (
    "refused",
    "down",
    "drop_before",
    "500_before",
    "502",
    "502_later",
    "503",
    "503_later",
    "hang_before",
    "restart",
)
AFTER = ("drop_after", "500_after", "502_after", "truncated", "html", "hang_after", "hang_late")
KILLS = ("kill_before", "kill_after")
KINDS = (*BEFORE, *AFTER, *KILLS)
SAME_FOR_READING = frozenset({"drop_after", "500_after", "502_after", "hang_after", "hang_late", "kill_after"})
"""What is no other case than its twin where the request only reads."""
READING = ("GET", "HEAD")
BLOCK = 20
"""Cases that a process runs one after the other."""
LATER = 7
"""Seconds of a Retry-After."""


@dataclass(frozen=True)
class Case:
    """A fault at the nth request of a run."""

    api: str
    strategy: str
    scenario: str
    kind: str
    nth: int
    request: str
    is_refused: bool = False
    """Whether the server refuses the request also without a fault."""

    def __str__(self) -> str:
        return f"{self.group}: {self.kind} at request {self.nth}, {self.request}"

    @property
    def group(self) -> str:
        return f"{self.api} {self.strategy} {self.scenario}"

    @property
    def is_hidden(self) -> bool:
        """Whether a repetition or a look may hide the fault, so that already the first run has to succeed."""
        method, path = self.request.split()
        if self.kind in ("down", "500_before", *KILLS):
            return False
        if method in READING:
            return self.kind not in ("truncated", "html")
        if self.is_refused and self.kind in ("500_after", "truncated", "html"):
            # The refusal would have said what to do; what is said in its place does not.
            return False
        if method == "POST" and self.kind in ("hang_before", "hang_late"):
            # The server may be doing it right now, so that nothing is repeated.
            return False
        if path.endswith("/token"):
            return self.kind == "refused"
        if self.is_whole:
            # Found if it was done, and never repeated.
            return self.kind in ("refused", "restart", *AFTER) and path == "/users"
        return True

    @property
    def is_whole(self) -> bool:
        """Whether the request makes whole users."""
        return (
            self.request in ("POST /users", "POST /users/import") and self.strategy == "bulk" and self.api != "xivo15"
        )


CaseT = TypeVar("CaseT")


@dataclass(frozen=True)
class Outcome(Generic[CaseT]):
    """What became of a case; ``problem`` is '' where it survived."""

    case: CaseT
    problem: str = ""


class Bench:
    """The servers that cases run on, and what runs without fault leave there."""

    def __init__(self) -> None:
        self._stack = ExitStack()
        self._sims: dict[str, Simulator] = {}
        self._references: dict[tuple[str, str, str], Reference] = {}

    def close(self) -> None:
        self._stack.close()

    def sim(self, api: str) -> Simulator:
        if api not in self._sims:
            self._sims[api] = self._stack.enter_context(Simulator(api=api, tls=False, contexts=CONTEXTS, seed=1))
        return self._sims[api]

    def reference(self, api: str, strategy: str, scenario: str) -> Reference:
        key = (api, strategy, scenario)
        if key not in self._references:
            self._references[key] = Reference.of(self.sim(api), strategy, SCENARIOS[scenario])
        return self._references[key]

    def cases(self, api: str, strategy: str, scenario: str, every: bool = False) -> Iterator[Case]:
        """All cases of a run: its requests, and what can happen to each.

        Step by step, three quarters of the requests are the same few reads again and again, of which each meets one
        fault in turn, unless every case is wanted.
        """
        reference = self.reference(api, strategy, scenario)
        for nth, (request, status) in enumerate(zip(reference.requests, reference.statuses), 1):
            for kind in _kinds(request, nth, strategy == "stepwise" and not every):
                yield Case(api, strategy, scenario, kind, nth, request, status >= 400)

    def judge(self, case: Case) -> Outcome[Case]:
        """Run a case."""
        try:
            return Outcome(case, _Trial(self, case).problem())
        except Exception:
            return Outcome(case, traceback.format_exc())


def _kinds(request: str, nth: int, in_turn: bool) -> Sequence[str]:
    if not request.startswith(READING):
        return KINDS
    kinds = [kind for kind in KINDS if kind not in SAME_FOR_READING]
    return [kinds[nth % len(kinds)]] if in_turn else kinds


@dataclass(frozen=True)
class Reference:
    """A run without fault: the state before it, what its result means, its requests and their answers."""

    before: dict[str, Any]
    wanted: list[str]
    requests: list[str]
    statuses: list[int]

    @classmethod
    def of(cls, sim: Simulator, strategy: str, scenario: Scenario) -> Reference:
        before = scenario.prepare(sim)
        sim.faults.clear()
        sim.clear_log()
        outcome = run_list(Server.of(sim), strategy, scenario.users_of(sim.generation.name))
        assert not outcome["failed"], outcome["msg"]
        # A 401 is no request of its own, but the way to one, except where a password is compared by signing in.
        asked = [request for request in sim.requests if request.status != 401 or request.path.endswith("/token")]
        assert len(asked) == sim.faults.taken
        return cls(
            before,
            meaning(sim.state(), before, GIVEN),
            [f"{request.method} {request.path}" for request in asked],
            [request.status or 0 for request in asked],
        )


class _Trial:
    """One case on its server."""

    def __init__(self, bench: Bench, case: Case) -> None:
        self.case = case
        self.sim = bench.sim(case.api)
        self.reference = bench.reference(case.api, case.strategy, case.scenario)
        self.users = SCENARIOS[case.scenario].users_of(case.api)

    def problem(self) -> str:
        """What is wrong after all; '' if nothing is."""
        self.sim.faults.clear()
        self.sim.database.load(self.reference.before)
        self.sim.clear_log()
        first = self._first_run()
        if self.case.is_hidden and first["failed"]:
            return f"the first run failed: {first['msg']}"
        again = self._run()
        if again["failed"]:
            return f"the second run failed: {again['msg']}\nafter the first: {first['msg'] or 'succeeded'}"
        state = self.sim.state()
        found = differences(meaning(state, self.reference.before, GIVEN), self.reference.wanted)
        if found:
            return "\n".join((f"after the first: {first['msg'] or 'succeeded'}", *found))
        self.sim.clear_log()
        last = self._run()
        if last["failed"] or last["changed"] or self.sim.writes:
            return f"a third run changes something: {last['msg']} {self.sim.writes}"
        return ""

    def _run(self) -> dict[str, Any]:
        return run_list(Server.of(self.sim), self.case.strategy, self.users)

    def _first_run(self) -> dict[str, Any]:
        kind, nth = self.case.kind, self.case.nth
        if kind in KILLS:
            return self._killed()
        if kind in ("refused", "down"):
            return self._refused(for_good=kind == "down")
        name, _later, later = kind.partition("_later")
        self.sim.faults.add(self._fault(name, nth, LATER if later else None))
        hangs = kind.startswith("hang")
        with connections(lambda: False, lambda: hangs and self.sim.faults.taken == nth - 1):
            result = self._run()
        assert len(self.sim.faults) == 0, "the fault did not happen"
        self.sim.faults.release_late()
        wait_until(lambda: any(request.fault for request in self.sim.requests))
        return result

    def _fault(self, name: str, nth: int, retry_after: int | None) -> Fault:
        if name == "restart" and self.case.api == "wazo":
            # confd's tokens are those of another service, whose restart they do not survive.
            return Fault(
                "401", path=EVERYTHING, nth=nth, callback=lambda method, path: self.sim.database.expire_tokens()
            )
        return Fault(name, path=EVERYTHING, nth=nth, retry_after=retry_after)

    def _refused(self, for_good: bool) -> dict[str, Any]:
        refusals: list[int] = []

        def is_refused() -> bool:
            due = self.sim.faults.taken >= self.case.nth - 1 and (for_good or not refusals)
            refusals.extend([1] if due else [])
            return due

        with connections(is_refused, lambda: False):
            result = self._run()
        assert refusals, "the fault did not happen"
        return result

    def _killed(self) -> dict[str, Any]:
        process = child(Server.of(self.sim), self.case.strategy, self.users)
        started = threading.Event()

        def kill(method: str, path: str) -> None:
            started.wait()
            os.kill(process.pid, signal.SIGKILL)

        kind = "drop_before" if self.case.kind == "kill_before" else "drop_after"
        self.sim.faults.add(Fault(kind, path=EVERYTHING, nth=self.case.nth, callback=kill))
        process.start()
        started.set()
        process.join()
        assert process.exitcode == -signal.SIGKILL, f"the process ended with {process.exitcode}"
        wait_until(lambda: any(request.fault for request in self.sim.requests))
        return {"failed": True, "msg": "killed"}


@contextmanager
def bench() -> Iterator[Bench]:
    """Servers that are stopped at the end."""
    made = Bench()
    try:
        yield made
    finally:
        made.close()


def judge_block(run: tuple[str, str, str], every: bool, start: int, one_of: int) -> list[Outcome[Case]]:
    """The outcomes of some cases of a run: one of so many, from a start; for a process of its own."""
    with bench() as own:
        return [own.judge(case) for case in list(own.cases(*run, every))[start : start + BLOCK * one_of : one_of]]
