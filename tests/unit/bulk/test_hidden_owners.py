# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A number that belongs to something that the server does not show: the message says so."""

from __future__ import annotations

import pytest

from ansible_collections.xivo.confd.plugins.module_utils._model.errors import ConfdError
from ansible_collections.xivo.confd.plugins.module_utils._tasks.extension import ensure_extension
from simulator import Simulator
from support.helpers import apply_list, number, perform, person

PROBABLY = "The number probably belongs to a queue, a group or something else that this server does not show"


@pytest.mark.on("xivo15", "xivo16")
@pytest.mark.always
@pytest.mark.parametrize("kind", ["queue", "extenfeatures"])
def test_a_number_of_something_hidden_is_called_that(sim: Simulator, kind: str) -> None:
    sim.database.extensions.insert(exten="1300", context="default", type=kind, typeval="3")
    with pytest.raises(ConfdError, match=PROBABLY):
        apply_list(sim, person("Zoe Zimmer", 1300))


def test_a_direct_number_of_a_queue_is_called_that(sim: Simulator) -> None:
    sim.database.extensions.insert(exten="2205", context="from-extern", type="incall", typeval="77")
    sim.database.strand_incall("2205", "from-extern", 99)
    with pytest.raises(ConfdError, match=PROBABLY):
        apply_list(sim, person("Zoe Zimmer", 1300, 2205))


@pytest.mark.on("xivo15", "xivo16")
@pytest.mark.always
def test_check_mode_says_that_the_owner_is_unchecked(sim: Simulator) -> None:
    sim.database.extensions.insert(exten="1300", context="default", type="queue", typeval="3")
    found = apply_list(sim, person("Zoe Zimmer", 1300), check=True)["unchecked"]
    assert "whether an extension without a line belongs to something else (a queue, a menu)" in found


@pytest.mark.on("xivo16")
def test_a_new_extension_leaves_nothing_unchecked(sim: Simulator) -> None:
    assert apply_list(sim, person("Zoe Zimmer", 1300), check=True)["unchecked"] == []


@pytest.mark.on("wazo")
def test_wazo_shows_every_owner(sim: Simulator) -> None:
    perform(sim, ensure_extension, **number(1300))
    assert apply_list(sim, person("Zoe Zimmer", 1300), check=True)["unchecked"] == []
