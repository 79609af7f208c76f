# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which numbers a context takes, by what GET /contexts shows of it."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.xivo.confd.plugins.module_utils._model.contexts import ContextInfo, context_info


def context(kind: str, *ranges: dict[str, Any]) -> ContextInfo:
    return context_info({"name": "c", "type": kind, "user_ranges": [], f"{kind}_ranges": list(ranges)})


@pytest.mark.parametrize(
    ("exten", "taken"), [("1000", True), ("01000", True), ("1999", True), ("2000", False), ("abc", False)]
)
def test_numbers_are_held_against_ranges_as_integers(exten: str, taken: bool) -> None:
    assert context("user", {"start": "1000", "end": "1999"}).takes(exten) is taken


@pytest.mark.parametrize("exten", ["0123456701", "6701"])
def test_incalls_may_be_given_whole_or_by_their_last_digits(exten: str) -> None:
    shortened = context("incall", {"start": "0123456700", "end": "0123456799", "did_length": 4})
    assert shortened.takes(exten)
    assert not shortened.takes("6800")


def test_a_range_may_have_no_end_or_no_digits() -> None:
    assert context("incall", {"start": "2000", "end": None, "did_length": 0}).ranges == (("2000", "2000"),)
    assert context("incall", {"start": "", "end": ""}).ranges == ()


@pytest.mark.parametrize("exten", ["123", "_0X.", "anything"])
def test_an_outgoing_context_takes_any_extension(exten: str) -> None:
    assert context("outcall").takes(exten)


def test_a_pattern_is_held_against_no_range() -> None:
    assert context("user", {"start": "1000", "end": "1999"}).takes("_9XXX")
