# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""People who exchange everything that only one may have, and get new secrets (design.md, rule 14), step by step."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from simulator import Simulator
from support.helpers import world_of
from support.people import fill, person
from support.playbooks import Result

NAMES = ("Ada", "Bob")


def people(sim: Simulator, own: tuple[int, int], age: str, commented: bool) -> list[dict[str, Any]]:
    """Two people, with what is Ada's (0) and Bob's (1) in the beginning."""
    entries = []
    for name, at in zip(NAMES, own):
        entry = person(name, "Lee", f"120{at}", f"220{at}", match={"firstname": name}, voicemail={})
        entry["line"] = {
            "username": f"account{at}",
            "provisioning_extension": f"12345{at}",
            "secret": f"{age}Secret{name}7q",
        }
        entry["extension"]["commented"] = commented
        entry["user"]["description"] = age
        if sim.generation.name != "xivo15":
            entry["user"].update(username=f"login{at}", email=f"mail{at}@example.org", password=f"{age}Word{name}8w")
        entry["voicemail"] = {"email": f"{name.lower()}@example.org", "password": f"4711{at}"}
        entries.append(entry)
    return entries


def role(entries: list[dict[str, Any]]) -> dict[str, Any]:
    variables = {"provision_users": entries, "provision_strategy": "stepwise"}
    return {"ansible.builtin.include_role": {"name": "xivo.confd.provision"}, "vars": variables}


def of_each(sim: Simulator) -> dict[str, tuple[Any, ...]]:
    """What the server shows of each person."""
    state = world_of(sim)
    found = {}
    for user in state.users():
        line, voicemail = state.line_of(user), state.voicemails.of(user)
        assert line and voicemail
        number, details = state.extension_of(line), state.load_line_details(line)
        assert number
        state.load_full_extension(number)
        found[user["firstname"]] = (
            *(number["exten"], number["commented"], line["username"], details["secret"]),
            *(line["provisioning_extension"], [each["exten"] for each in state.incalls_of(user)]),
            *(voicemail.id, voicemail["number"], voicemail["password"], user["description"]),
            *((user["username"], user["email"]) if sim.generation.name != "xivo15" else ()),
        )
    return found


def expected(sim: Simulator, name: str, at: int, voicemail_id: int) -> tuple[Any, ...]:
    """What is to be Ada's or Bob's once they have what was of the person in this place."""
    names = () if sim.generation.name == "xivo15" else (f"login{at}", f"mail{at}@example.org")
    line = (f"account{at}", f"newSecret{name}7q", f"12345{at}", [f"220{at}"])
    return (f"120{at}", False, *line, voicemail_id, f"120{at}", f"4711{at}", "new", *names)


def test_people_exchange_what_is_theirs(sim: Simulator, play: Callable[..., Result]) -> None:
    fill(sim, people(sim, (0, 1), "old", commented=True))
    before = of_each(sim)
    assert [row[:3] for row in before.values()] == [("1200", True, "account0"), ("1201", True, "account1")]
    wanted = people(sim, (1, 0), "new", commented=False)

    play([role(wanted)]).succeeded()

    after = of_each(sim)
    for name, at in (("Ada", 1), ("Bob", 0)):
        assert after[name] == expected(sim, name, at, before[name][6])
    assert play([role(wanted)], check=True).succeeded().changed == 0
