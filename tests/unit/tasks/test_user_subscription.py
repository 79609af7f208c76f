# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The subscription type of a user, which only Wazo has (person-wazo-26.08.md, "1.1 Through confd")."""

from __future__ import annotations

import pytest

from ansible_collections.xivo.confd.plugins.module_utils._model.errors import InputError, PlanError, UnsupportedError
from ansible_collections.xivo.confd.plugins.module_utils._tasks.export import export
from ansible_collections.xivo.confd.plugins.module_utils._tasks.info import read_users
from ansible_collections.xivo.confd.plugins.module_utils._tasks.user import ensure_user
from simulator import Simulator
from support.helpers import apply_list, perform, person, statuses, unchanged_after, written
from support.voicemails import JOHNNY

ON_WAZO = pytest.mark.on("wazo")


@ON_WAZO
def test_it_is_set_kept_shown_and_reset(sim: Simulator) -> None:
    entry = person("Johnny Depp", 1200, user={"subscription_type": 3})
    assert statuses(apply_list(sim, entry)) == ["created"]
    assert unchanged_after(sim, entry)
    assert unchanged_after(sim, person("Johnny Depp", 1200))
    assert perform(sim, export)["entries"][0]["user"]["subscription_type"] == 3
    assert perform(sim, read_users, filters={"subscription_type": "3"})["total"] == 1

    assert statuses(apply_list(sim, person("Johnny Depp", 1200, user={"subscription_type": 0}))) == ["updated"]
    assert "subscription_type" not in perform(sim, export)["entries"][0]["user"]


@ON_WAZO
@pytest.mark.parametrize("value", [-1, 11])
def test_a_value_out_of_range_is_refused(people: Simulator, value: int) -> None:
    said = f"subscription_type {value} of the user cannot be stored: it must be between 0 and 10"
    for check in (True, False):
        with pytest.raises(InputError, match=said):
            perform(people, ensure_user, check, **JOHNNY, subscription_type=value)
    assert written(people) == []


@pytest.mark.on("xivo15", "xivo16")
def test_no_xivo_has_it(people: Simulator) -> None:
    with pytest.raises(UnsupportedError, match="subscription_type cannot be set on a server of generation xivo"):
        perform(people, ensure_user, **JOHNNY, subscription_type=1)
    with pytest.raises(PlanError, match="subscription_type cannot be set on a server of generation xivo"):
        apply_list(people, person("Johnny Depp", 1200, user={"subscription_type": 1}))
    assert written(people) == []
