# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Make the cases of the search, and carry them out: a server, a list with options, and perhaps a fault."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from fuzz.lists import GIVEN, ListMaker
from fuzz.picture import Picture
from fuzz.servers import fill
from simulator import Request
from support.direct_server import FAULT_KINDS, Direct, WriteFault
from support.helpers import Options
from support.normalise_state import KEPT, meaning
from support.patience import no_pauses
from support.role import Role, run_module
from support.servers import CONTEXTS

APIS = ("xivo15", "xivo16", "wazo")
STRATEGIES = ("bulk", "stepwise")
WITHOUT_FAULT = (*KEPT, "extensions", "endpoints")
"""The tables in which an object stays the same one where nothing came between."""
SCOPES: tuple[Options, ...] = (
    {"context": "default"},
    {"userfield": "HR-"},
    {"context": "default", "range": "1002-1004"},
)


@dataclass(frozen=True)
class Fault:
    """A fault at one write of a run. position: from 0 to 1, of all writes of the run."""

    kind: str
    position: float
    times: int


@dataclass(frozen=True)
class Case:
    """What is done on which server. before: the state of the server as the simulator dumps it."""

    seed: int
    api: str
    before: dict[str, Any]
    users: list[Options]
    options: Options
    fault: Fault | None = None

    @cached_property
    def picture(self) -> Picture:
        return Picture(self.before)

    @property
    def strategies(self) -> Sequence[str]:
        """Return the strategies that can carry it out: stepwise has no purge."""
        return STRATEGIES[:1] if self.options.get("purge") else STRATEGIES

    def but(self, **changes: Any) -> Case:
        """Return the case with other parts."""
        return replace(self, **changes)


def make_case(server: Direct, seed: int) -> Case:
    """Return the case of a seed on the generation of the server."""
    chance = random.Random(seed)
    api = server.generation.name
    server.reset()
    fill(api, server.database, chance)
    before = server.state()
    users = ListMaker(api, Picture(before), chance).make()
    options: Options = {"continue_on_error": chance.random() < 0.5, "reset_device": chance.random() < 0.5}
    if chance.random() < 0.15:
        options |= {"purge": True, "purge_scope": chance.choice(SCOPES), "purge_limit": 10, "purge_allow_empty": True}
    fault = Fault(chance.choice(FAULT_KINDS), chance.random(), chance.choice((1, 2, 9)))
    return Case(seed, api, before, users, options, fault if chance.random() < 0.6 else None)


@dataclass(frozen=True)
class Outcome:
    """What a run left on the server, wrote, and returned."""

    state: dict[str, Any]
    result: dict[str, Any]
    writes: Sequence[Request]
    fault: WriteFault | None = None

    @cached_property
    def picture(self) -> Picture:
        return Picture(self.state)

    @property
    def results(self) -> list[Options]:
        return list(self.result.get("results", ()))

    @property
    def failed(self) -> bool:
        return bool(self.result["failed"])

    @property
    def message(self) -> str:
        return str(self.result.get("msg") or "")

    @property
    def is_refused(self) -> bool:
        """Return whether nothing was begun, because the list as a whole is wrong."""
        return self.failed and not self.results

    def indexes(self, *statuses: str) -> set[int]:
        """Return the positions of the entries with one of these statuses."""
        return {each["index"] for each in self.results if each["status"] in statuses}


class Runner:
    """Carries a case out on one server, again and again."""

    def __init__(self, server: Direct, case: Case) -> None:
        self.server = server
        self.case = case
        self._runs = 0

    def run(self, strategy: str, check: bool = False, again: bool = False, fault: WriteFault | None = None) -> Outcome:
        """Run the list. again: on the server as the last run left it, not as it was before."""
        if not again:
            self.server.database.load(self.case.before)
        # The server's next random values must be fresh ones, and the same whenever the case is repeated.
        self._runs += 1
        self.server.database.random.seed(f"run {self._runs}")
        self.server.clear_log()
        self.server.fault = fault
        with self.server.reachable():
            result = self._stepwise(check) if strategy == "stepwise" else self._bulk(check)
        return Outcome(self.server.state(), result, list(self.server.writes), fault)

    def meaning(self, outcome: Outcome, kept: Sequence[str] = WITHOUT_FAULT) -> list[str]:
        """Return what a state means, without the random values of what was not there before."""
        return meaning(outcome.state, self.case.before, GIVEN, kept)

    def _bulk(self, check: bool) -> dict[str, Any]:
        options = {"users": self.case.users, **self.case.options}
        return run_module(self.server, "confd_provisioned_users", options, check)

    def _stepwise(self, check: bool) -> dict[str, Any]:
        options = {f"provision_{name}": value for name, value in self.case.options.items()}
        role = Role(self.server, check, provision_users=self.case.users, provision_strategy="stepwise", **options).run()
        changed = any(each["changes"] for each in role.results)
        return {"results": role.results, "failed": bool(role.error), "msg": role.error, "changed": changed}


@contextmanager
def servers(apis: Sequence[str]) -> Iterator[dict[str, Direct]]:
    """Yield a server of each generation, without HTTP and without pauses between repetitions."""
    with no_pauses():
        yield {api: Direct(api, CONTEXTS) for api in apis}
