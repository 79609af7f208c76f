# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the runs of the fault matrix shall do: three people come with all that people have, change, and leave."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from faults.run import Server, run_list
from simulator import Simulator
from support.func_keys import custom, to_user
from support.helpers import Options, number, person
from support.user_parts import for_generation, make_names

SECRET, CODE, PASSWORD = "secretofjohnny", "123456", "pAssword77"
GIVEN = frozenset({SECRET, SECRET + "2", CODE, PASSWORD, PASSWORD + "2"})

VANESSA = {"firstname": "Vanessa", "lastname": "Paradis"}
PEOPLE = [
    person(
        "Johnny Depp",
        1200,
        2200,
        2201,
        user={"description": "pirate", "userfield": "HR-1"},
        line={"secret": SECRET},
        login={"username": "johnny", "password": PASSWORD},
        forwards={"busy": {"enabled": True, "destination": "1300"}},
        services={"dnd": True},
        call_permissions=["mobile"],
        groups=["sales"],
        fallbacks={"noanswer": {"voicemail": "own"}, "busy": {"user": VANESSA}},
        voicemail={"password": "1234", "email": "johnny@house.example"},
        func_keys={"keys": {1: to_user("Lily Depp", label="Lily"), 2: to_user("Vanessa Paradis"), 3: custom("*10")}},
    ),
    person(
        "Vanessa Paradis",
        1201,
        2202,
        user={"language": "fr_FR", "userfield": "HR-2"},
        line={"provisioning_extension": CODE},
        login={"username": "vanessa", "password": PASSWORD},
        groups=["sales", "night"],
        # The two lead to each other.
        fallbacks={"noanswer": {"user": {"firstname": "Johnny", "lastname": "Depp"}, "ring_seconds": 20}},
        voicemail={},
        func_keys={"keys": {1: to_user("Johnny Depp")}},
    ),
    person("Lily Depp", 1202, 2203, voicemail={"max_messages": 10}),
]
CHANGED = [
    # Another number, an incall less and one more, and what belongs to user, line and voicemail.
    person(
        "Johnny Depp",
        1203,
        2201,
        2204,
        user={"description": "captain", "userfield": "HR-1"},
        line={"secret": SECRET + "2"},
        login={"username": "captain", "password": PASSWORD + "2"},
        forwards={"busy": {"enabled": False}, "noanswer": {"enabled": True, "destination": "1202"}},
        services={"dnd": False, "incallfilter": True},
        call_permissions=["mobile", "international"],
        fallbacks={"noanswer": None, "busy": {"group": "sales"}, "fail": {"user": {**VANESSA, "lastname": "Cantor"}}},
        groups=["support"],
        voicemail={"password": "1234", "email": "captain@house.example", "number": "1200", "context": "default"},
        # Two keys change their places.
        func_keys={"keys": {1: to_user("Vanessa Cantor"), 2: to_user("Lily Depp", label="Lily"), 4: custom("*11")}},
    ),
    # A marriage and another context.
    {
        **person("Vanessa Cantor", None, 2202, user={"userfield": "HR-2"}),
        "match": {"userfield": "HR-2"},
        "login": {"enabled": False},
        "groups": ["night"],
        "extension": number(4001, "sales"),
    },
    # The number that Johnny gives back.
    person("Lily Depp", 1200, 2203, 2200, voicemail={"max_messages": 20, "number": "1202", "context": "default"}),
]
LEAVERS = [{**entry, "state": "absent"} for entry in PEOPLE]
BYSTANDERS = [person("Ada Lovelace", 1300, 2300, voicemail={}), person("Johnny Depp Senior")]


@dataclass(frozen=True)
class Scenario:
    """A list that is applied to a server on which other lists were applied before."""

    name: str
    before: tuple[tuple[Options, ...], ...]
    users: tuple[Options, ...]

    def users_of(self, api: str) -> list[Options]:
        """Return the list, without what the generation does not have."""
        return [for_generation(api, entry) for entry in self.users]

    def prepare(self, sim: Simulator) -> dict[str, Any]:
        """Make the server as it is before the run. Returns its state."""
        sim.reset()
        make_names(sim)
        for users in self.before:
            fitting = [for_generation(sim.generation.name, entry) for entry in users]
            outcome = run_list(Server.of(sim), "bulk", fitting)
            assert not outcome["failed"], outcome["msg"]
        return sim.state()


SCENARIOS = {
    each.name: each
    for each in (
        Scenario("provision", (tuple(BYSTANDERS),), tuple(PEOPLE)),
        Scenario("change", (tuple(BYSTANDERS), tuple(PEOPLE)), tuple(CHANGED)),
        Scenario("remove", (tuple(BYSTANDERS), tuple(PEOPLE)), tuple(LEAVERS)),
    )
}
