# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The mark of a leaver is read as it was written, and a text that looks like one is left alone."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.xivo.confd.plugins.module_utils._model.leavers import Leave, read_leave, with_leave

DAY = date(2026, 11, 30)
OFF = frozenset({"user", "login", "1200@default", "2200@from-extern"})


@pytest.mark.parametrize("text", ["", "Desk 12, room [3]", "first line\nsecond line", "[left 2026-13-45]", "left"])
@pytest.mark.parametrize("leave", [Leave(DAY), Leave(DAY, False), Leave(DAY, True, OFF)])
def test_a_mark_is_read_as_written(text: str, leave: Leave) -> None:
    assert read_leave(with_leave(text, leave)) == (text, leave)


def test_what_a_mark_looks_like() -> None:
    mark = "[left 2026-11-30: 1200@default, 2200@from-extern, login, user]"
    assert with_leave("Desk 12", Leave(DAY, True, OFF)) == f"Desk 12 {mark}"
    assert str(Leave(DAY, False)) == "[leaving 2026-11-30]"


@pytest.mark.parametrize(
    "text", [None, "", "on leave", "[left]", "[left 2026-11-31]", "left 2026-11-30", "[left soon]"]
)
def test_other_texts_are_no_marks(text: str | None) -> None:
    assert read_leave(text) == (text or "", None)


@pytest.mark.parametrize("text", ["before [left 2026-11-30] after", "[left 2025-01-01] before [left 2026-11-30] after"])
def test_people_may_write_around_a_mark(text: str) -> None:
    assert read_leave(text) == ("before after", Leave(DAY))


@given(st.text(max_size=30), st.dates(), st.booleans())
def test_any_text_can_stand_before_a_mark(text: str, day: date, is_complete: bool) -> None:
    kept, leave = read_leave(with_leave(text, Leave(day, is_complete)))
    assert leave == Leave(day, is_complete)
    assert kept in (text, text.strip())
