# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two runs at once: lists that are the same, overlap, want one number, or have people of the same name."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations
from typing import Any

from faults.matrix import Outcome, bench
from faults.run import Results, Server, run_at_once, run_list
from faults.scenario import BYSTANDERS
from simulator import Simulator
from simulator.scheduler import Choose, PendingRequest
from support.func_keys import custom, to_user
from support.helpers import Options, person
from support.normalise_state import differences, meaning
from support.user_parts import for_generation, make_names


def ranged(name: str, **more: Any) -> Options:
    return person(name, None, extension={"range": "1220-1229", "context": "default"}, **more)


ADA = person("Ada Byron", 1210, 2210, voicemail={})
BOB = person("Bob Dylan", 1211, 2211, 2212)
KEYED = {**ADA, "func_keys": {"keys": {1: to_user("Bob Dylan"), 2: custom("*10"), 3: custom("*11")}}}
EVE = person("Eve Adams", 1212)
IDA = person("Ida Wells", 1213, 2213, voicemail={})
LISTS: dict[str, tuple[list[Options], list[Options]]] = {
    "one group": (
        [person("Ada Byron", 1210, groups=["sales"])],
        [person("Bob Dylan", 1211, groups=["sales", "night"])],
    ),
    "one login": (
        [person("Ada Byron", 1210, login={"username": "ada", "password": "s3cret-word"})],
        [person("Bob Dylan", 1211, login={"username": "ada", "password": "s3cret-word"})],
    ),
    "same": ([KEYED, BOB, EVE], [KEYED, BOB, EVE]),
    "overlapping": ([ADA, BOB, EVE], [EVE, BOB, IDA]),
    "prepared": ([EVE, ADA], [EVE, BOB]),
    "contested": ([ADA, person("Eve Adams", 1214)], [person("Bob Dylan", 1210, 2212), IDA]),
    "homonyms": ([person("Eve Adams", 1212, 2212)], [person("Eve Adams", 1213, 2213)]),
    "one number": ([person("Ada Byron", 1220, 2220)], [person("Bob Dylan", 1220)]),
    "next free": ([ranged("Ada Byron", voicemail={})], [ranged("Bob Dylan")]),
    "reversed": ([ranged("Ada Byron"), ranged("Bob Dylan")], [ranged("Bob Dylan"), ranged("Ada Byron")]),
}
"""prepared: the first number is there already, so that both put it on a line. contested, one number: a number that is
wanted for two people. homonyms: of two who bear a name, each list knows one. next free, reversed: the lowest free
numbers of a range."""


def lists_of(api: str, name: str) -> list[list[Options]]:
    """Return the two lists, without what the generation does not have."""
    return [[for_generation(api, entry) for entry in each] for each in LISTS[name]]


OVERLAPPING = [name for name in LISTS if name != "homonyms"]
"""The lists of which one may begin when the other one has made its people: a homonym would be taken for them."""
RANGED = ("next free", "reversed")
"""A number that another run has for a while is not free, so a higher one may be chosen."""
CONTESTED = ("contested", "one number", "one login")
SPLIT = {"bulk": ("bulk", "bulk"), "stepwise": ("stepwise", "stepwise"), "mixed": ("bulk", "stepwise")}
"""The strategies of the first and of the second run."""
COLLIDING = re.compile(r"/(lines/\d+/extensions(/\d+)?|users/[^/]+/lines(/\d+)?|extensions)")
READING = ("GET", "HEAD")
WRITES = 14
"""More than a run of one person writes."""


@dataclass(frozen=True)
class Round:
    """A race; the seed decides who is served when. strategy: a key of ``SPLIT``.

    nested: the second run starts in the middle of the first one, and otherwise nobody writes before all have read.
    """

    api: str
    strategy: str
    name: str
    seed: int
    nested: bool = False

    @property
    def group(self) -> str:
        return f"{self.api} {self.strategy} {'overlap' if self.nested else 'race'} {self.name}"

    @property
    def choose(self) -> Choose:
        return Nested(self.seed) if self.nested else Seeded(self.seed)

    def __str__(self) -> str:
        return f"{self.group}: seed {self.seed}"


class Seeded:
    """Serves now this client, now that one, and at times both at the same moment.

    Some seeds change often, some stay with a client for long, and some keep both in step. Nobody writes before all have
    read what they plan on.
    """

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._stays, self._meets = ((0.0, 1.0), (0.1, 0.5), (0.5, 0.5), (0.9, 0.5))[seed % 4]
        self._served: Counter[str] = Counter()
        self._writing = False
        self._last = ""

    def __call__(self, asked: Mapping[str, PendingRequest]) -> Sequence[str]:
        names = sorted(asked)
        readers = [name for name in names if not _writes(asked[name])]
        if readers and not self._writing:
            return [self._random.choice(readers)]
        self._writing = True
        if len(names) > 1 and _collide(asked) and self._random.random() < self._meets:
            self._random.shuffle(names)
            self._served.update(names)
            return names
        if self._last not in names or self._random.random() > self._stays:
            behind = min(names, key=lambda name: self._served[name])
            self._last = behind if self._meets == 1.0 else self._random.choice(names)
        self._served.update([self._last])
        return [self._last]


class Nested:
    """Lets the second run begin after some writes of the first one, and the first one go on after some of the second.

    The seed counts both: first every point of the first run with a second run that ends before the first one goes on,
    then also the points of the second run.
    """

    def __init__(self, seed: int) -> None:
        self._pause = 1 + seed % WRITES
        self._resume = seed // WRITES or None
        self._writes: Counter[str] = Counter()

    def __call__(self, asked: Mapping[str, PendingRequest]) -> Sequence[str]:
        name = self._turn(asked)
        self._writes[name] += _writes(asked[name])
        return [name]

    def _turn(self, asked: Mapping[str, PendingRequest]) -> str:
        if len(asked) == 1:
            return next(iter(asked))
        if self._writes["first"] < self._pause:
            return "first"
        return "first" if self._resume and self._writes["second"] >= self._resume else "second"


def _writes(asked: PendingRequest) -> bool:
    """Whether a request changes what the runs are about: no token is one of that."""
    method, path = asked[:2]
    return method not in READING and "/token" not in path


def _collide(asked: Mapping[str, PendingRequest]) -> bool:
    """Whether the server could look for both before it writes for both."""
    kinds = {re.sub(r"\d+", "", path) for method, path in asked.values() if method in ("POST", "PUT")}
    return len(kinds) == 1 and all(COLLIDING.fullmatch(path) for _method, path in asked.values())


def judge(track: Track, each: Round) -> Outcome[Round]:
    """Run a round: the race, what it left, and one more run of each list."""
    wanted = track.wanted(each.name)
    _rewind(track.sim, track.before)
    named = dict(zip(("first", "second"), lists_of(each.api, each.name)))
    results = run_at_once(track.sim, SPLIT[each.strategy], named, each.choose)
    problem = _problem(track.sim, each, results, track.before, wanted)
    if problem:
        told = "\n".join(
            f"{name}: {'failed: ' + one['msg'] if one['failed'] else 'done'}" for name, one in results.items()
        )
        problem = f"{problem}\n{told}"
    return Outcome(each, problem)


def judge_rounds(api: str, strategy: str, name: str, nested: bool, rounds: int) -> list[Outcome[Round]]:
    """The outcomes of some rounds; for a process of its own."""
    with bench() as own:
        track = Track(own.sim(api))
        return [judge(track, Round(api, strategy, name, seed, nested)) for seed in range(rounds)]


def _problem(sim: Simulator, each: Round, results: Results, before: dict[str, Any], wanted: list[list[str]]) -> str:
    return (
        _problem_of_the_race(sim, each, results, before)
        or _problem_of_what_was_reported(sim, each, results, before, wanted)
        or _problem_of_the_next_runs(sim, each, before, wanted)
    )


def _problem_of_what_was_reported(
    sim: Simulator, each: Round, results: Results, before: dict[str, Any], wanted: list[list[str]]
) -> str:
    """Two runs that both ended well have left what both mean together."""
    if each.name in RANGED or any(one["failed"] for one in results.values()):
        return ""
    found = min((differences(meaning(sim.state(), before), one) for one in wanted), key=len)
    return "\n".join(("after two runs that ended well:", *found)) if found else ""


def _problem_of_the_race(sim: Simulator, each: Round, results: Results, before: dict[str, Any]) -> str:
    for one in results.values():
        if "traceback" in one:
            return "".join(one["traceback"])
        # Who has a login is read after the users, so that the second run may see the login of the first one.
        may_see = each.nested or each.name == "one login"
        is_conflict = may_see and each.name in CONTESTED and "belongs to" in one["msg"]
        if one["failed"] and "un again" not in one["msg"] and not is_conflict:
            return f"a failure does not say to run again: {one['msg']}"
    state = sim.state()
    left = leftovers(state, before)
    if left:
        return f"left by the race: {'; '.join(left)}"
    succeeded = sum(not one["failed"] for one in results.values())
    if each.name == "homonyms" and len(state["users"]) - len(before["users"]) != succeeded:
        return "a run that ended well has no user of its own"
    return ""


def _problem_of_the_next_runs(sim: Simulator, each: Round, before: dict[str, Any], wanted: list[list[str]]) -> str:
    """One more run of each list, in this order, makes what both mean together, and then there is nothing to do."""
    for one in _run_all(sim, each):
        is_conflict = each.name in CONTESTED and "belongs to" in one["msg"]
        if one["failed"] and not is_conflict:
            return f"the next run failed: {one['msg']}"
    state = sim.state()
    found = _oddities(state, before, each)
    if each.name not in RANGED:
        found += min((differences(meaning(state, before), one) for one in wanted), key=len)
    if found:
        return "\n".join(("after the next runs:", *found))
    last = _run_all(sim, each)
    return "" if sim.state() == state else f"a third run changes something: {last}"


def _oddities(state: dict[str, Any], before: dict[str, Any], each: Round) -> list[str]:
    """Return what no two lists can mean: something of nobody, and the same person twice."""
    names = Counter((row["firstname"], row["lastname"]) for row in state["users"] if row not in before["users"])
    twice = [] if each.name == "homonyms" else [f"{name} {count} times" for name, count in names.items() if count > 1]
    return [*leftovers(state, before), *twice]


def _run_all(sim: Simulator, each: Round) -> list[dict[str, Any]]:
    both = zip(SPLIT[each.strategy], lists_of(each.api, each.name))
    return [run_list(Server.of(sim), strategy, users) for strategy, users in both]


def leftovers(state: Mapping[str, Any], before: Mapping[str, Any]) -> list[str]:
    """What belongs to nobody, and what belongs to two, in words."""
    fresh = {
        table: [row for row in state[table] if row not in before[table]]
        for table in state
        if isinstance(state[table], list)
    }
    with_line = {row["user_id"] for row in state["user_lines"]}
    with_user = Counter(row["line_id"] for row in state["user_lines"])
    with_number = {row["line_id"] for row in state["line_extensions"]}
    numbers = Counter(row["extension_id"] for row in state["line_extensions"])
    called = {(row["exten"], row["context"]) for row in state["incalls"]}
    boxes = {row["voicemail_id"] for row in state["user_voicemails"]}
    lines = Counter(row["user_id"] for row in state["user_lines"])
    users = {row["id"] for row in state["users"]}
    return [
        *(f"user {row['firstname']} without line" for row in fresh["users"] if row["id"] not in with_line),
        *(f"line {row['id']} without user" for row in fresh["lines"] if not with_user[row["id"]]),
        *(f"line {row['id']} without number" for row in fresh["lines"] if row["id"] not in with_number),
        *(f"line {each} of {count} users" for each, count in with_user.items() if count > 1),
        *(f"user {each} has {count} lines" for each, count in lines.items() if count > 1),
        *(f"number {each} on {count} lines" for each, count in numbers.items() if count > 1),
        *(
            f"free number {row['exten']}"
            for row in fresh["extensions"]
            if not numbers[row["id"]] and (row["exten"], row["context"]) not in called
        ),
        *(f"incall of nobody {row}" for row in fresh["incalls"] if row["user_id"] not in users or not row["exten"]),
        *(f"voicemail of nobody {row['number']}" for row in fresh["voicemails"] if row["id"] not in boxes),
    ]


def _one_after_the_other(sim: Simulator, before: dict[str, Any], name: str) -> list[list[str]]:
    """What the lists mean together, whichever comes first."""
    meanings = []
    for first, second in permutations(lists_of(sim.generation.name, name)):
        _rewind(sim, before)
        # By name alone, a list would take a homonym of the other one for whom it means: one list tells them apart.
        for users in ([*first, *second],) if name == "homonyms" else (first, second):
            run_list(Server.of(sim), "bulk", users)
        meanings.append(meaning(sim.state(), before))
    return meanings


def _rewind(sim: Simulator, before: dict[str, Any]) -> None:
    sim.faults.clear()
    sim.database.load(before)
    sim.clear_log()


class Track:
    """Where the rounds of one generation run: a server, and what it is like before and after them."""

    def __init__(self, sim: Simulator) -> None:
        self.sim = sim
        sim.reset()
        make_names(sim)
        outcome = run_list(Server.of(sim), "bulk", BYSTANDERS)
        assert not outcome["failed"], outcome["msg"]
        # What an interrupted run left: nobody has to make it, so that both may put it on a line.
        sim.database.extensions.insert(exten="1212", context="default")
        self.before = sim.state()
        self._wanted: dict[str, list[list[str]]] = {}

    def wanted(self, name: str) -> list[list[str]]:
        if name not in self._wanted:
            self._wanted[name] = _one_after_the_other(self.sim, self.before, name)
        return self._wanted[name]
