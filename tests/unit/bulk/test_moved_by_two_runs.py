# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two runs give one person different numbers at once: the one whose number was replaced gives way."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.xivo.confd.plugins.module_utils._model.errors import RUN_AGAIN
from simulator import Fault, Simulator
from support.helpers import EVERYWHERE, apply_list, line_row, number, person, unchanged_after
from support.ownership import STRATEGIES, run

INCALL = {"incall": number(2301)}


@pytest.fixture
def ann(sim: Simulator) -> Simulator:
    apply_list(sim, person("Ann Archer", 1301))
    return sim


def exten_of_ann(sim: Simulator) -> str:
    return str(sim.database.internal_extension_of(line_row(sim, "Ann Archer").id).exten)


@EVERYWHERE
@STRATEGIES
@pytest.mark.parametrize(
    ("wanted", "nth"), [(number(1302), 1), (number(4001, "sales"), 2)], ids=["in place", "another context"]
)
def test_a_number_that_was_replaced_is_an_error(
    ann: Simulator, strategy: str, wanted: dict[str, Any], nth: int
) -> None:
    """The other run comes when this one has given the number, and makes the direct number."""

    def renumber(_method: str, _path: str) -> None:
        row = ann.database.internal_extension_of(line_row(ann, "Ann Archer").id)
        row.exten = "1305" if wanted["context"] == "default" else "4005"

    ann.faults.add(Fault("callback", "POST", "/extensions", nth=nth, callback=renumber))
    entry = {**person("Ann Archer", None, **INCALL), "extension": wanted}
    done = run(ann, entry, strategy=strategy)
    assert "Another run gave" in done.error
    assert RUN_AGAIN in done.error
    assert exten_of_ann(ann) in ("1305", "4005")
    assert not run(ann, entry, strategy=strategy).error
    assert exten_of_ann(ann) == wanted["exten"]
    assert unchanged_after(ann, entry)
