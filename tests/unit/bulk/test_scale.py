# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What long lists cost, counted: calls of functions, which do not depend on the machine as seconds do."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import fields
from types import FrameType
from typing import Any

import pytest

from ansible_collections.xivo.confd.plugins.module_utils._bulk.entries import Entry
from simulator import Simulator
from support.helpers import Options, apply_list, person

STEP = 10
"""How many users the second list has more than the first one, and the third more than the second."""


@contextmanager
def counted_calls() -> Iterator[Counter[str]]:
    """Count the calls of the collection's functions by their names, steps of generators included."""
    calls: Counter[str] = Counter()

    def count(frame: FrameType, event: str, _argument: Any) -> None:
        if event == "call" and "module_utils" in frame.f_code.co_filename:
            calls[frame.f_code.co_name] += 1

    before: Callable[..., Any] | None = sys.getprofile()
    sys.setprofile(count)
    try:
        yield calls
    finally:
        sys.setprofile(before)


def people(size: int) -> list[Options]:
    return [person(f"Ada{index:02} Ash", 1200 + index) for index in range(size)]


def calls_of_runs(sim: Simulator, check: bool) -> list[Counter[str]]:
    """The calls of unchanged runs of three lists, each STEP users longer than the one before."""
    found = []
    for size in (STEP, 2 * STEP, 3 * STEP):
        apply_list(sim, *people(size))
        with counted_calls() as calls:
            result = apply_list(sim, *people(size), check=check)
        assert result["summary"]["unchanged"] == size
        found.append(calls)
    return found


@pytest.mark.on("xivo15", "xivo16", "wazo")
@pytest.mark.parametrize("check", [False, True])
def test_calls_grow_with_the_list_and_not_faster(sim: Simulator, check: bool) -> None:
    first, second, third = calls_of_runs(sim, check)
    faster = {name: third[name] - second[name] - (second[name] - first[name]) for name in third}
    assert {name: more for name, more in faster.items() if more > STEP} == {}


NORMALISED = {"xivo15": 3, "xivo16": 3, "wazo": 5}
"""{generation: how many rows are brought into canonical form for a user who does not change}."""


@pytest.mark.on("xivo15", "xivo16", "wazo")
def test_rows_of_an_unchanged_user_are_read_once(sim: Simulator) -> None:
    first, second, _third = calls_of_runs(sim, check=True)
    each = {name: (second[name] - first[name]) / STEP for name in ("normalised", "_parse", "identify", "_store_part")}
    assert each == {"normalised": NORMALISED[sim.generation.name], "_parse": 1, "identify": 0, "_store_part": 0}


CALLS = {"xivo15": 540, "xivo16": 580, "wazo": 660}
"""{generation: how many calls of functions a user who does not change may take}."""
CALLS_OF_NEW = {"xivo15": 1100, "xivo16": 1130, "wazo": 1160}
"""{generation: the same of a new user}."""


@pytest.mark.on("xivo15", "xivo16", "wazo")
def test_an_unchanged_user_takes_few_calls(sim: Simulator) -> None:
    first, second, _third = calls_of_runs(sim, check=True)
    assert (sum(second.values()) - sum(first.values())) / STEP <= CALLS[sim.generation.name]


@pytest.mark.on("xivo15", "xivo16", "wazo")
def test_a_new_user_takes_few_calls(sim: Simulator) -> None:
    found = []
    for size in (STEP, 2 * STEP):
        with counted_calls() as calls:
            assert apply_list(sim, *people(size), check=True)["summary"]["created"] == size
        found.append(sum(calls.values()))
    first, second = found
    assert (second - first) / STEP <= CALLS_OF_NEW[sim.generation.name]


def test_an_entry_has_all_its_attributes_from_the_beginning() -> None:
    # Python keeps the names of up to 30 attributes once for all entries. One that is set later takes 1.5 KB an entry.
    names = {field.name for field in fields(Entry)}
    assert vars(Entry(0)).keys() == names
    assert len(names) <= 30
