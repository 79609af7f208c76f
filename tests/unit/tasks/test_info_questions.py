# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading: questions that make no sense are refused before any request."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ansible_collections.xivo.confd.plugins.module_utils._model.errors import InputError
from ansible_collections.xivo.confd.plugins.module_utils._tasks.info import read_devices, read_extensions, read_users
from simulator import Simulator
from support.helpers import perform
from support.readers import every_reader


@every_reader
@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"limit": 0}, "limit is 0, but must be at least 1"),
        ({"limit": -1}, "limit is -1"),
        ({"skip": -1}, "skip is -1, but must be at least 0"),
        ({"order": "nope"}, "order is 'nope', which is not a key of"),
        ({"direction": "up"}, "direction is 'up'"),
        ({"filters": {"nope": 1}}, "filters has unknown keys: nope.*Valid keys: id"),
        ({"id": 1, "search": "x"}, "search cannot be combined"),
        ({"id": 1, "limit": 1, "skip": 0}, "limit, skip cannot be combined"),
        ({"id": 1, "filters": {"id": 1}}, "filters cannot be combined"),
    ],
)
def test_bad_questions_are_refused_before_any_request(
    sim: Simulator, name: str, read: Callable[..., Any], options: dict[str, Any], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        perform(sim, read, **options)

    assert sim.requests == []


@pytest.mark.parametrize(
    ("read", "filters", "message"),
    [
        (read_extensions, {"exten": 50331648}, "quotes"),
        (read_extensions, {"commented": "perhaps"}, "true or false"),
        (read_users, {"id": "x"}, "must be an integer"),
        (read_users, {"firstname": ["x"]}, "must be a string"),
        (read_users, {"firstname": True}, "must be a string"),
        (read_devices, {"options": "x"}, "must be a dictionary"),
    ],
)
def test_bad_filters_are_refused(
    sim: Simulator, read: Callable[..., Any], filters: dict[str, Any], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        perform(sim, read, filters=filters)
