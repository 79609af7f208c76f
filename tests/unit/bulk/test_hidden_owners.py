# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A number that belongs to something that the server does not show: the message says so."""

from __future__ import annotations

import pytest

from ansible_collections.xivo.confd.plugins.module_utils._model.errors import ConfdError
from simulator import Simulator
from support.helpers import apply_list, person

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
