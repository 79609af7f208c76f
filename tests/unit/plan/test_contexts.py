# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which numbers a context takes, by what GET /contexts shows of it."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.xivo.confd.plugins.module_utils._model.contexts import ContextInfo, context_info
from ansible_collections.xivo.confd.plugins.module_utils._model.errors import ConflictError, PlanError, RequestError
from ansible_collections.xivo.confd.plugins.module_utils._tasks.extension import ensure_extension
from simulator import Simulator
from support.helpers import apply_list, client_of, number, perform, person, unchanged_after, written


def context(kind: str, *ranges: dict[str, Any]) -> ContextInfo:
    return context_info({"name": "c", "type": kind, "user_ranges": [], f"{kind}_ranges": list(ranges)}, False)


@pytest.mark.parametrize(
    ("exten", "taken"), [("1000", True), ("01000", True), ("1999", True), ("2000", False), ("abc", False)]
)
def test_numbers_are_held_against_ranges_as_integers(exten: str, taken: bool) -> None:
    assert context("user", {"start": "1000", "end": "1999"}).takes(exten) is taken


@pytest.mark.parametrize(("takes_full", "taken"), [(True, True), (False, False)])
def test_full_direct_numbers_of_a_shortened_range(takes_full: bool, taken: bool) -> None:
    """XiVO takes the last digits alone, Wazo both forms."""
    ranges = [{"start": "0123456700", "end": "0123456799", "did_length": 4}]
    shortened = context_info({"name": "c", "type": "incall", "incall_ranges": ranges}, takes_full)
    assert shortened.takes("0123456701") is taken
    assert shortened.takes("6701")
    assert not shortened.takes("6800")


def test_a_direct_number_in_both_forms_is_one() -> None:
    ranges = [{"start": "0123456700", "end": "0123456799", "did_length": 4}, {"start": "2000", "end": "2999"}]
    shortened = context_info({"name": "c", "type": "incall", "incall_ranges": ranges}, takes_full_numbers=True)
    assert shortened.forms_of("6701") == ["6701", "0123456701"]
    assert shortened.forms_of("0123456701") == ["0123456701", "6701"]
    assert [shortened.forms_of(each) for each in ("6800", "2000", "_67XX")] == [["6800"], ["2000"], ["_67XX"]]
    only_short = context_info({"name": "c", "type": "incall", "incall_ranges": ranges}, takes_full_numbers=False)
    assert only_short.forms_of("6701") == ["6701"]


def test_a_length_of_zero_means_the_whole_number() -> None:
    whole = context("incall", {"start": "0123456700", "end": "0123456799", "did_length": 0})
    assert (whole.takes("0123456701"), whole.takes("6701")) == (True, False)


def test_a_range_may_have_no_end_or_no_digits() -> None:
    assert context("incall", {"start": "2000", "end": None, "did_length": 0}).ranges == (("2000", "2000"),)
    assert context("incall", {"start": "", "end": ""}).ranges == ()


@pytest.mark.parametrize("exten", ["123", "_0X.", "anything"])
def test_an_outgoing_context_takes_any_extension(exten: str) -> None:
    assert context("outcall").takes(exten)


def test_a_pattern_is_held_against_no_range() -> None:
    assert context("user", {"start": "1000", "end": "1999"}).takes("_9XXX")


@pytest.fixture
def shortened(sim: Simulator) -> Simulator:
    """Return a server whose provider sends the last four digits of direct numbers."""
    sim.database.add_context("from-provider", "incall", "0300000000", "0300009999", 4)
    return sim


@pytest.mark.on("xivo16")
@pytest.mark.parametrize("check", [True, False])
def test_a_full_direct_number_of_a_shortened_range_is_refused(shortened: Simulator, check: bool) -> None:
    full = number("0300000001", "from-provider")
    with pytest.raises(RequestError, match="outside of range"):
        client_of(shortened).post("/extensions", full)
    shortened.clear_log()
    words = "0300000001@from-provider is outside of the ranges of from-provider: 0000-9999"
    with pytest.raises(PlanError, match=words):
        apply_list(shortened, person("Ann Lee", 1200, incalls=[full]), check=check)
    with pytest.raises(ConflictError, match=words):
        perform(shortened, ensure_extension, check, **full)
    assert written(shortened) == []


@pytest.mark.on("xivo16")
def test_a_shortened_direct_number_is_taken(shortened: Simulator) -> None:
    entry = person("Ann Lee", 1200, incalls=[number("0001", "from-provider")])
    apply_list(shortened, entry)
    assert unchanged_after(shortened, entry)
