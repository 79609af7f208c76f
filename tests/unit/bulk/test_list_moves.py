# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whole lists: numbers that move from one to another, in place or in a circle."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.xivo.confd.plugins.module_utils._bulk import order
from ansible_collections.xivo.confd.plugins.module_utils._model.errors import PlanError
from ansible_collections.xivo.confd.plugins.module_utils._state.voicemails import Voicemails
from ansible_collections.xivo.confd.plugins.module_utils._tasks.extension import ensure_extension
from ansible_collections.xivo.confd.plugins.module_utils._tasks.line_sip import ensure_line_sip
from simulator import Fault, Simulator
from support.helpers import (
    ADA,
    BOB,
    EVERYWHERE,
    Options,
    apply_list,
    extension_row,
    leaver,
    line_row,
    number,
    own_extensions,
    perform,
    person,
    phone_book,
    statuses,
    unchanged_after,
    written,
)
from support.role import Role
from support.voicemails import owners

pytestmark = EVERYWHERE


def move(*extens: int, **more: Any) -> list[Options]:
    return [person(name, exten, **more) for name, exten in zip(("Ada A", "Bob B", "Cleo C"), extens, strict=False)]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ((1200,), (1300,)),
        ((1200, 1201), (1201, 1200)),
        ((1200, 1201, 1202), (1201, 1202, 1200)),
        ((1200, 1201, 1202), (1201, 1200, 1300)),
        ((1200, 1201, 1202), (1201, 1202, 1203)),
        ((1203, 1202, 1201), (1202, 1201, 1200)),
    ],
    ids=["one", "swap", "cycle of three", "swap and one", "chain", "chain backwards"],
)
@pytest.mark.parametrize("in_order", [True, False])
def test_numbers_move(sim: Simulator, before: tuple[int, ...], after: tuple[int, ...], in_order: bool) -> None:
    apply_list(sim, *move(*before))
    lines = {name: line_row(sim, name).id for name in phone_book(sim)}
    wanted = move(*after) if in_order else move(*after)[::-1]
    assert set(statuses(apply_list(sim, *wanted))) == {"updated"}
    assert [exten for exten, _incalls in phone_book(sim).values()] == [str(exten) for exten in after]
    assert lines == {name: line_row(sim, name).id for name in phone_book(sim)}
    for name, (exten, _incalls) in phone_book(sim).items():
        assert line_row(sim, name).callerid == f'"{name}" <{exten}>'
    assert own_extensions(sim) == sorted(map(str, after))
    assert unchanged_after(sim, *wanted)


def test_a_number_moves_in_place_with_a_phone(sim: Simulator) -> None:
    apply_list(sim, ADA)
    sim.database.put_device_on_line(1, "dev1")
    sim.clear_log()
    assert statuses(apply_list(sim, person("Ada A", 1300))) == ["updated"]
    # The oldest server has to be told to refresh the caller ID of the line (design.md, rule 8),
    # and beforehand what it will be.
    is_oldest = sim.generation.name == "xivo15"
    told, refreshed = (["PUT /lines_sip/1"], ["PUT /users/1"]) if is_oldest else ([], [])
    moved = f"PUT /extensions/{extension_row(sim, 1300).id}"
    assert written(sim) == [*told, moved, *refreshed, "GET /devices/dev1/synchronize"]
    assert line_row(sim, "Ada A").callerid == '"Ada A" <1300>'
    assert line_row(sim, "Ada A").device_id == "dev1"


def test_a_free_extension_of_the_new_number_goes(sim: Simulator) -> None:
    apply_list(sim, ADA)
    perform(sim, ensure_extension, **number(1300))
    apply_list(sim, person("Ada A", 1300))
    assert own_extensions(sim) == ["1300"]


def test_a_swap_with_phones_parks_the_one_without(sim: Simulator) -> None:
    apply_list(sim, ADA, BOB)
    sim.database.put_device_on_line(1, "dev1")
    assert statuses(apply_list(sim, *move(1201, 1200))) == ["updated", "updated"]
    assert phone_book(sim) == {"Ada A": ("1201", []), "Bob B": ("1200", [])}


def test_a_swap_of_two_phones_is_an_error(sim: Simulator) -> None:
    apply_list(sim, ADA, BOB)
    for line, device in ((1, "dev1"), (2, "dev2")):
        sim.database.put_device_on_line(line, device)
    sim.clear_log()
    with pytest.raises(PlanError, match=r"cannot be dissociated from line .* has a phone \(device dev1\)"):
        apply_list(sim, *move(1201, 1200))
    assert written(sim) == []


@pytest.mark.parametrize("successor_first", [True, False])
def test_a_leavers_number_goes_to_the_successor(sim: Simulator, successor_first: bool) -> None:
    apply_list(sim, person("Ada A", 1200, 2200))
    entries = [leaver("Ada A"), person("New N", 1200, 2200)]
    result = apply_list(sim, *(entries[::-1] if successor_first else entries))
    assert sorted(statuses(result)) == ["created", "removed"]
    assert phone_book(sim) == {"New N": ("1200", ["2200"])}


def test_an_incall_goes_from_one_to_the_other(sim: Simulator) -> None:
    apply_list(sim, person("Ada A", 1200, 2200), BOB)
    wanted = [{**ADA, "incalls": []}, person("Bob B", 1201, 2200)]
    apply_list(sim, *wanted)
    assert phone_book(sim) == {"Ada A": ("1200", []), "Bob B": ("1201", ["2200"])}
    assert unchanged_after(sim, *wanted)


@pytest.mark.parametrize("phone", [False, True])
def test_a_number_moves_to_another_context(sim: Simulator, phone: bool) -> None:
    apply_list(sim, person("Ada A", 1200, 2200))
    wanted = person("Ada A", extension=number(4000, "sales"))
    if phone:
        sim.database.put_device_on_line(1, "dev1")
        with pytest.raises(PlanError, match="while the line has a phone"):
            apply_list(sim, wanted)
    assert statuses(apply_list(sim, wanted, reset_device=phone)) == ["updated"]
    assert phone_book(sim) == {"Ada A": ("4000", ["2200"])}
    assert line_row(sim, "Ada A").context == "sales"
    assert unchanged_after(sim, wanted)


@pytest.mark.on("xivo16", "wazo")
def test_an_extension_on_two_lines_keeps_its_context(sim: Simulator) -> None:
    """It cannot be taken off one of them and deleted, which is known beforehand."""
    apply_list(sim, ADA)
    perform(sim, ensure_line_sip, username="second", context="default")
    sim.database.user_lines.insert(user_id=1, line_id=2, main_user=True, main_line=False)
    sim.database.line_extensions.insert(line_id=2, extension_id=extension_row(sim, 1200).id)
    sim.clear_log()
    with pytest.raises(PlanError, match=r"1200@default of user Ada A .* is shared with line second \(id 2\) "):
        apply_list(sim, person("Ada A", extension=number(4000, "sales")))
    assert written(sim) == []


def test_who_left_by_number_is_not_the_successor(sim: Simulator) -> None:
    apply_list(sim, person("Ada A", 1200))
    leaver = {"match": number(1200), "state": "absent"}
    assert statuses(apply_list(sim, leaver, person("Bob B", 1200))) == ["removed", "created"]
    assert statuses(apply_list(sim, leaver, person("Bob B", 1200))) == ["unchanged", "unchanged"]
    with pytest.raises(PlanError, match="identifies the same user"):
        apply_list(sim, {**leaver, "user": {"firstname": "Bob", "lastname": "B"}}, person("Bob B", 1200))


def test_a_dissociated_extension_goes_when_its_owner_moves(sim: Simulator) -> None:
    apply_list(sim, ADA)
    sim.database.line_extensions.clear()
    predicted = apply_list(sim, *move(1300), check=True)
    done = apply_list(sim, *move(1300))
    assert done["results"][0]["changes"] == predicted["results"][0]["changes"]
    assert own_extensions(sim) == ["1300"]
    assert unchanged_after(sim, *move(1300))


def test_a_dissociated_extension_is_associated_again(sim: Simulator) -> None:
    apply_list(sim, ADA)
    ids = extension_row(sim, 1200).id
    sim.database.line_extensions.clear()
    apply_list(sim, ADA)
    assert phone_book(sim) == {"Ada A": ("1200", [])}
    assert extension_row(sim, 1200).id == ids


@pytest.mark.on("xivo15")
@pytest.mark.parametrize("shift", [{0: 1, 1: 1}, {0: 1, 1: -1}], ids=["chain", "pairs"])
def test_who_moves_next_is_not_searched_for(
    shift: dict[int, int], sim: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To look through all who wait, for each link of a chain and each pair that swaps, takes minutes of thousands."""
    length = 50
    people = [person(f"Link {index}", 1100 + index) for index in range(length)]
    apply_list(sim, *people)
    asked = counted(monkeypatch, order, "waits_for")
    moved = [person(f"Link {index}", 1100 + index + shift[index % 2]) for index in range(length)]
    assert statuses(apply_list(sim, *moved)) == ["updated"] * length
    assert len(asked) <= 4 * length
    assert unchanged_after(sim, *moved)


@pytest.mark.on("xivo15")
def test_whose_voicemail_moves_next_is_not_searched_for(sim: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    length = 20
    people = [person(f"Link {index}", 1100 + index, voicemail={}) for index in range(length)]
    apply_list(sim, *people)
    asked = counted(monkeypatch, Voicemails, "at")
    moved = [person(f"Link {index}", 1101 + index, voicemail={}) for index in range(length)]
    assert statuses(apply_list(sim, *moved)) == ["updated"] * length
    assert len(asked) <= 5 * length
    assert unchanged_after(sim, *moved)


def counted(monkeypatch: pytest.MonkeyPatch, kind: object, name: str) -> list[tuple[Any, ...]]:
    """The arguments of each call of a function or method from now on."""
    calls: list[tuple[Any, ...]] = []
    method = getattr(kind, name)

    def called(*arguments: Any) -> Any:
        calls.append(arguments)
        return method(*arguments)

    monkeypatch.setattr(kind, name, called)
    return calls


@pytest.mark.parametrize("strategy", ["bulk", "stepwise"])
@pytest.mark.parametrize("second_leaves", [False, True])
def test_a_voicemail_moves_when_its_new_number_is_free(sim: Simulator, second_leaves: bool, strategy: str) -> None:
    """Whoever comes later in the list may have it still."""
    ada, bob = (person(name, exten, voicemail={}) for name, exten in (("Ada A", 1200), ("Bob B", 1201)))
    apply_list(sim, ada, bob)
    after = leaver("Bob B") if second_leaves else person("Bob B", 1202, voicemail={})
    wanted = [person("Ada A", 1201, voicemail={}), after]
    role = Role(sim, provision_users=wanted, provision_strategy=strategy).run()
    assert not role.error
    numbers = [voicemail.number for voicemail in sim.database.voicemails]
    assert numbers == ["1201"] if second_leaves else ["1201", "1202"]
    assert unchanged_after(sim, *wanted)


@pytest.mark.parametrize("others", [{}, {"voicemail": {"number": "1999"}}])
def test_voicemails_swap_their_numbers(sim: Simulator, others: Options) -> None:
    """Everybody keeps the own voicemail, and never has the number of a voicemail that still belongs to another."""
    people = [
        person(name, exten, voicemail={"number": str(exten)}) for name, exten in (("Ada A", 1200), ("Bob B", 1201))
    ]
    free = person("Cleo C", 1202, **others)
    apply_list(sim, *people, free)
    before = {row["id"]: row["number"] for row in sim.state()["voicemails"]}
    owned = owners(sim)
    for entry, other in zip(people, ("1201", "1200")):
        entry["voicemail"] = {"number": other}
    predicted = apply_list(sim, *people, free, check=True)
    done = apply_list(sim, *people, free)
    assert statuses(done) == statuses(predicted) == ["updated", "updated", "unchanged"]
    swapped = {"1200": "1201", "1201": "1200", "1999": "1999"}
    assert {row["id"]: row["number"] for row in sim.state()["voicemails"]} == {
        voicemail_id: swapped[exten] for voicemail_id, exten in before.items()
    }
    assert owners(sim) == owned
    assert unchanged_after(sim, *people, free)


@pytest.mark.parametrize("strategy", ["bulk", "stepwise"])
def test_a_failed_entry_gives_the_voicemail_its_old_number(sim: Simulator, strategy: str) -> None:
    apply_list(sim, person("Ada A", 1200, voicemail={}))
    before = sim.state()
    sim.faults.add(Fault("500_before", method="PUT", path="/users/*", times=9))
    box = {"number": "1999", "email": "ada@example.org"}
    entry = person("Ada A", 1200, user={"userfield": "HR-1"}, voicemail=box)
    role = Role(sim, provision_users=[entry], provision_strategy=strategy)
    assert "Ada A" in role.run().error
    assert sim.state() == before
    sim.faults.clear()
    assert statuses(apply_list(sim, entry)) == ["updated"]
    (voicemail,) = sim.database.voicemails
    assert (voicemail.number, voicemail.email) == ("1999", "ada@example.org")
