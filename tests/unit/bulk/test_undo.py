# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An undo gives people what they had before a run, says what does not come back, and overwrites nobody else's change."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ansible_collections.xivo.confd.plugins.module_utils._bulk.undo import undo
from ansible_collections.xivo.confd.plugins.module_utils._tasks.export import export
from simulator import Simulator
from support.func_keys import custom, to_user
from support.helpers import EVERYWHERE, Options, apply_list, leaver, perform, person, statuses, written
from support.user_parts import for_generation, make_names

BUSY = {"hangup": "busy"}
ANN, BOB = person("Ann Archer", 1200, 2200), person("Bob Baker", 1201)


@pytest.fixture
def file(tmp_path: Path) -> str:
    return str(tmp_path / "journal.jsonl")


def run(sim: Simulator, file: str, *entries: Options, **options: Any) -> None:
    """A run with a journal."""
    apply_list(sim, *entries, journal=file, **options)
    sim.clear_log()


def undone(sim: Simulator, file: str, check: bool = False, **options: Any) -> Options:
    return perform(sim, undo, check, from_journal=file, **options)


def exported(sim: Simulator) -> list[Options]:
    """Everybody as an entry, without what a run makes up."""
    entries: list[Options] = perform(sim, export)["entries"]
    return entries


def name_of(number: int) -> str:
    return f"Person N{number:02}"


LEAVERS = (3, 9, 16)


def crowd(sim: Simulator) -> list[Options]:
    """Twenty people with all that a person can have on the server. Each one's calls go to the next one."""
    people = []
    for at in range(20):
        other = name_of((at + 1) % 20)
        entry = person(
            name_of(at),
            1200 + at,
            2200 + at,
            user={"language": "fr_FR", "userfield": f"HR-{at}"},
            voicemail={"email": f"n{at}@example.org"} if at % 3 == 0 else None,
            login={"username": f"login{at}", "password": f"Pass-word-{at}"} if at % 4 == 0 else None,
            services={"dnd": True},
            forwards={"busy": {"destination": "0123", "enabled": True}},
            groups=["sales"] if at % 2 else None,
            call_permissions=["night"],
            fallbacks={"busy": {"user": dict(zip(("firstname", "lastname"), other.split(maxsplit=1)))}},
            # The server itself removes keys that lead to a leaver.
            func_keys={"keys": {"1": custom("*10"), **({} if (at + 1) in LEAVERS else {"2": to_user(other)})}},
        )
        people.append(for_generation(sim.generation.name, {key: each for key, each in entry.items() if each}))
    return people


def moved(sim: Simulator, people: list[Options]) -> list[Options]:
    """The same people after a busy day: some left, some changed, two exchanged their numbers, and somebody is new."""
    after = [{key: each for key, each in entry.items() if key not in ("fallbacks", "func_keys")} for entry in people]
    for at in LEAVERS:
        after[at] = leaver(name_of(at), 1200 + at)
    after[0]["extension"], after[1]["extension"] = after[1]["extension"], after[0]["extension"]
    after[4] |= {"user": {**after[4]["user"], "language": "de_DE", "userfield": ""}, "incalls": []}
    after[5] |= {"forwards": {"busy": {"destination": "", "enabled": False}}, "func_keys": {"keys": {}}}
    after[6] |= {"services": {"dnd": False}, "voicemail": {"email": "", "number": "1777", "context": "default"}}
    after[7] |= {"extension": {"exten": "4000", "context": "sales"}, "func_keys": {"keys": {"1": custom("*20")}}}
    after[8] |= {"login": {"state": "absent"}, "match": {"exten": "1208", "context": "default"}}
    after[8]["user"] = {**after[8]["user"], "firstname": "Renamed"}
    after[11] |= {"groups": ["support"], "call_permissions": [], "fallbacks": {"busy": "", "fail": BUSY}}
    new = person("New Newman", 1250, 2250, voicemail={})
    return [for_generation(sim.generation.name, entry) for entry in (*after, new)]


@pytest.mark.always
@EVERYWHERE
def test_twenty_people_get_everything_back(sim: Simulator, file: str) -> None:
    make_names(sim)
    people = crowd(sim)
    apply_list(sim, *people)
    before = exported(sim)
    run(sim, file, *moved(sim, people))
    assert exported(sim) != before
    sim.clear_log()
    planned = undone(sim, file, check=True)
    assert written(sim) == []
    done = undone(sim, file)
    assert statuses(planned) == statuses(done)
    assert sorted(set(statuses(done))) == ["created", "removed", "updated"]
    assert exported(sim) == before
    again = undone(sim, file)
    assert not again["changed"]
