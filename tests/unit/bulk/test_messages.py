# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the problem of an entry says besides the words of the server."""

from __future__ import annotations

import pytest

from ansible_collections.xivo.confd.plugins.module_utils._bulk.entries import Entry
from ansible_collections.xivo.confd.plugins.module_utils._bulk.history import RunHistory
from ansible_collections.xivo.confd.plugins.module_utils._bulk.plan_reader import PerformedStep
from ansible_collections.xivo.confd.plugins.module_utils._model.errors import PlanError, RefusedError
from simulator import Simulator
from support.helpers import EVERYWHERE, apply_list, backend_of, person


def test_words_of_the_server_do_not_run_into_ours(sim: Simulator) -> None:
    history, entry = RunHistory(continue_on_error=True), Entry(0, user={"firstname": "Ann"})
    history.operations_of(entry).append(PerformedStep("create extension 1200@default"))
    history.fail(entry, RefusedError("POST /users: HTTP 400: no", method="POST"), backend_of(sim))
    assert entry.problem == "POST /users: HTTP 400: no. Not put back: create extension 1200@default."


@EVERYWHERE
def test_an_id_that_the_server_does_not_have_yet(sim: Simulator) -> None:
    """The first run of a table with ids, on a server whose users were made by hand."""
    apply_list(sim, person("Ann Archer", 1200))
    row = person("Ann Archer", 1200, match={"userfield": "HR-1"})
    with pytest.raises(PlanError, match="1200@default already belongs to .*set it to 'HR-1' first.*match=false"):
        apply_list(sim, row)
    apply_list(sim, person("Ann Archer", 1200, user={"userfield": "HR-1"}))
    assert not apply_list(sim, row)["changed"]


@pytest.mark.parametrize("change", [{"match": {"userfield": "HR-2"}}, {"user": {"firstname": "Eve"}}])
def test_it_is_not_said_of_others(sim: Simulator, change: dict[str, dict[str, str]]) -> None:
    apply_list(sim, person("Ann Archer", 1200, user={"userfield": "HR-1"}))
    row = {**person("Ann Archer", 1200, match={"userfield": "HR-2"}), **change}
    with pytest.raises(PlanError, match="Free it first, or choose another one"):
        apply_list(sim, row)
