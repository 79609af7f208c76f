# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A pattern takes the part of a cell that is the value."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.xivo.confd.plugins.module_utils._model.errors import InputError
from ansible_collections.xivo.confd.plugins.module_utils._reports.csv_entries import entries_of_csv

COLUMNS = {"firstname": "f", "userfield": "id", "exten": "n"}


def test_a_pattern_takes_a_part_of_a_cell() -> None:
    text = "f,id,n\nAnn,1,+33 1 99 00 13 01\nBob,2,1302\nCleo,3,\nDan,4,home\n"
    pattern = {"exten": r"\+33 1 99 00 (\d\d) (\d\d)|(\d{4})"}
    with pytest.raises(InputError, match=r"^CSV, line 5, column 'n': 'home' does not match the pattern .*Correct"):
        entries_of_csv(text, COLUMNS, patterns=pattern)
    found = entries_of_csv(text, COLUMNS, patterns=pattern, values={"exten": {"home": "1304", "1302": "1312"}})
    assert [each.get("extension", {}).get("exten") for each in found] == ["1301", "1312", None, "1304"]
    found = entries_of_csv(text, COLUMNS, patterns=pattern, values={"exten": {"*": ""}})
    assert [each.get("extension", {}).get("exten") for each in found] == ["1301", "1302", None, None]
    whole = entries_of_csv(text, COLUMNS, patterns={"exten": r"\d+"}, values={"exten": {"*": ""}})
    assert [each.get("extension", {}).get("exten") for each in whole] == [None, "1302", None, None]


@pytest.mark.parametrize(
    ("patterns", "problem"),
    [
        ([1], "patterns is a list, but must be a dictionary"),
        ({"exten": "("}, r"patterns of exten is not a regular expression: missing \), .*It is '\('"),
        ({"exten": 12}, "patterns of exten is a number, but must be a text"),
        ({"email": "x"}, "patterns has keys that columns does not have: email"),
    ],
)
def test_a_mistake_in_patterns(patterns: Any, problem: str) -> None:
    with pytest.raises(InputError, match=f"^{problem}"):
        entries_of_csv("f,id,n\nAnn,1,1201\n", COLUMNS, patterns=patterns)
