# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading from the younger generations: searches and filters mean what they mean on the oldest one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ansible_collections.xivo.confd.plugins.module_utils._tasks.info import (
    read_devices,
    read_extensions,
    read_lines,
    read_users,
    read_voicemails,
)
from simulator import Simulator
from support.helpers import apply_list, asked, line_row, number, perform, person

pytestmark = [pytest.mark.always, pytest.mark.on("xivo16", "wazo")]


@pytest.fixture
def house(sim: Simulator) -> Simulator:
    """Ada 1100 with voicemail, Bob 1101 with a phone."""
    apply_list(sim, person("Ada A", 1100, voicemail={"password": "1234"}), person("Bob B", 1101))
    sim.database.put_device_on_line(line_row(sim, "Bob B").id, "dev1")
    sim.clear_log()
    return sim


@pytest.mark.parametrize(
    ("read", "name", "search", "field", "found"),
    [
        (read_users, "users", "Bob", "firstname", ["Bob"]),
        (read_users, "users", "B%b", "firstname", []),
        (read_extensions, "extensions", "1101", "exten", ["1101"]),
        (read_voicemails, "voicemails", "1100", "number", ["1100"]),
        (read_voicemails, "voicemails", "1101", "number", []),
        (read_devices, "devices", "00:08:5d:00:00:02", "id", ["dev2"]),
    ],
)
def test_a_search_finds_what_holds_the_text(
    house: Simulator, read: Callable[..., Any], name: str, search: str, field: str, found: list[str]
) -> None:
    assert [row[field] for row in perform(house, read, search=search)[name]] == found


def test_lines_are_found_and_ordered_by_their_phone(house: Simulator) -> None:
    found = perform(house, read_lines, filters={"device_id": "dev1"})["lines_sip"]
    assert [each["id"] for each in found] == [line_row(house, "Bob B").id]
    assert len(perform(house, read_lines, order="device_id")["lines_sip"]) == 2


def test_lines_are_found_by_caller_id_with_one_request(house: Simulator) -> None:
    found = perform(house, read_lines, filters={"callerid": '"Bob B" <1101>'})["lines_sip"]
    assert [each["callerid"] for each in found] == ['"Bob B" <1101>']
    assert not [each for each in asked(house) if each.startswith("GET /lines_sip/")]


def test_a_number_by_filter(house: Simulator) -> None:
    (row,) = perform(house, read_extensions, filters=number(1100))["extensions"]
    assert (row["exten"], row["context"]) == ("1100", "default")
