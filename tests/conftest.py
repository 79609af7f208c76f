# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""On which generations of the API tests run, and which of the cases of a test (the marks ``on`` and ``one_of``).

Without --all-generations it is a fixed sample. Also which tests the coverage of the core is measured with, and how
seldom garbage is collected.
"""

from __future__ import annotations

import gc
import os
import sys
import zlib
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

TESTS = Path(__file__).parent
if str(TESTS) not in sys.path:  # ansible-test has settings of its own for pytest, and does not read pyproject.toml.
    sys.path.insert(0, str(TESTS))
    # The same for the programs that tests start: support and simulator, and the collection.
    os.environ["PYTHONPATH"] = os.pathsep.join(
        [str(TESTS), *filter(None, map(os.environ.get, ("ANSIBLE_COLLECTIONS_PATH", "PYTHONPATH")))]
    )

SAMPLED = ("xivo16", "wazo")
ONE_OF = 8
"""Of the tests on several generations, the first one runs, and of the younger ones a fixed sample of one in so many."""

GARBAGE_THRESHOLDS = (50_000, 20, 50)
"""Garbage is collected less often than by default (700, 10, 10): thousands of tests are looked through each time."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--all-generations", action="store_true", help="every case of every test on every generation, not a sample"
    )


def pytest_configure(config: pytest.Config) -> None:
    gc.set_threshold(*GARBAGE_THRESHOLDS)
    config.addinivalue_line("markers", "on(*apis): the generations on which a test with the fixture sim runs")
    config.addinivalue_line("markers", "fault_may_not_happen: the simulator's fault is later than the test")
    config.addinivalue_line("markers", "always: runs on every generation also in a sample")
    config.addinivalue_line("markers", "one_of(count): of the cases, one in so many runs without --all-generations")
    config.addinivalue_line("markers", "no_cover: without measuring the coverage (pytest-cov)")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    marker = metafunc.definition.get_closest_marker("on")
    if marker and "sim" in metafunc.fixturenames:
        metafunc.parametrize("sim", marker.args, indirect=True)


@pytest.hookimpl(trylast=True)  # Hypothesis marks its tests here.
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    _measure(items)
    if config.getoption("--all-generations"):
        return
    chosen = _chosen(items)
    kept = set(chosen)
    config.hook.pytest_deselected(items=[item for item in items if item not in kept])
    items[:] = chosen


def pytest_collection_finish() -> None:
    gc.freeze()  # The tests stay until the end, so they are no garbage.


def _measure(items: list[pytest.Item]) -> None:
    """Choose the tests that count for the coverage of the core: the first of the cases of each."""
    seen = set()
    for item in items:
        test = item.nodeid.partition("[")[0]
        if test in seen or not _is_measured(item):
            item.add_marker("no_cover")
        seen.add(test)


def _is_measured(item: pytest.Item) -> bool:
    """Return whether a test may count for the coverage of the core, which adds more than half of its time.

    Only unit tests with known examples do. Random examples reach a line by chance; a playbook runs in other processes.
    The tests of ownership repeat whole runs, a write failing in each. Those and the other cases of a test add time and
    next to no line. So the gate is stricter than it says: what only they reach counts as not covered.
    """
    room = item.path.relative_to(TESTS).parts[:2]
    if room[0] != "unit" or room == ("unit", "docs") or item.path.name.startswith("test_ownership_"):
        return False
    return not item.get_closest_marker("hypothesis")


def _chosen(items: list[pytest.Item]) -> list[pytest.Item]:
    """Return the tests of the sample.

    Of the cases of a test with ``one_of(count)``, choose those for which the positions of their values in the lists of
    the parameters add up to a multiple of count. So the first case is chosen, and for each combination of the other
    parameters at least one value of a parameter that has count values or more.
    """
    places: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    return [item for item in items if _has_a_chosen_place(item, places) and _is_chosen_by_generation(item)]


def _has_a_chosen_place(item: pytest.Item, places: dict[tuple[str, str], dict[str, int]]) -> bool:
    """Return whether a case is one of those that are chosen of its test.

    places: {(test, parameter): {value: its place}}, which grows with each case.
    """
    marker = item.get_closest_marker("one_of")
    if marker is None:
        return True
    total, test = 0, item.nodeid.partition("[")[0]
    for name, value in _parameters(item).items():
        known = places[test, name]
        total += known.setdefault(repr(value), len(known))
    return total % marker.args[0] == 0 or _is_sampled(item)


def _is_chosen_by_generation(item: pytest.Item) -> bool:
    return not _is_sampled(item) or is_chosen_by_name(item.nodeid)


def _parameters(item: pytest.Item) -> dict[str, object]:
    callspec = getattr(item, "callspec", None)
    return callspec.params if callspec else {}


def is_chosen_by_name(name: str) -> bool:
    return zlib.crc32(name.encode()) % ONE_OF == 0


@pytest.fixture
def is_in_sample(request: pytest.FixtureRequest) -> Callable[[str], bool]:
    """Whether a test that has several cases in one run (marked ``always``) is to run the case of this name here."""
    everything = request.config.getoption("--all-generations") or not _is_on_a_younger(request.node)
    return lambda name: everything or is_chosen_by_name(f"{request.node.nodeid} {name}")


def _is_sampled(item: pytest.Item) -> bool:
    return _is_on_a_younger(item) and not item.get_closest_marker("always")


def _is_on_a_younger(item: pytest.Item) -> bool:
    """Whether a test runs here on a younger generation besides another one."""
    marker: Any = item.get_closest_marker("on")
    if marker and len(marker.args) < 2:
        return False
    api = _parameters(item).get("sim")
    return api in SAMPLED and (marker is None or api != marker.args[0])
