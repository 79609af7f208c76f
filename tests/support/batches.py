# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of new users in blocks share: entries, the tables that were sent, runs of which entries fail."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest

from ansible_collections.xivo.confd.plugins.module_utils._model.errors import ProvisionError
from simulator import Simulator
from support.helpers import Options, apply_list, person

IMPORT = "POST /users/import"
BAD = person("Bad B", 1500, 2500, user={"language": "klingon"})
WHOLE = person("Ann A", 1200, 2200, voicemail={"password": "1234"}, user={"userfield": "x"}, line={"secret": "abc"})
EVERYTHING = person(
    "Zoé \"Z\", d'Été", 1300, 2300, 2301,
    user={
        "caller_id": '"Boss"', "description": "a\nb", "timezone": "Europe/Paris", "language": "fr_FR", "email": "z@b.c",
        "password": "1234", "username": "zoe", "userfield": "=1+1", "outgoing_caller_id": "anonymous",
        "mobile_phone_number": "+33123", "ring_seconds": 12, "simultaneous_calls": 3, "enabled": False,
        "supervision_enabled": False, "call_transfer_enabled": True, "call_permission_password": "99",
    },
    line={"device_slot": 2, "provisioning_extension": "123456", "username": "zoe1", "secret": "Secret1"},
    voicemail={"password": "1234", "email": "z@b.c", "ask_password": False, "attach_audio": True},
    device={"mac": "00:08:5d:00:00:01"},
)  # fmt: skip


def crowd(count: int, **more: Any) -> list[Options]:
    return [person(f"F{each} L", 1100 + each, 2100 + each, **more) for each in range(count)]


def tables(sim: Simulator) -> list[list[dict[str, str]]]:
    """The rows of every table that was sent."""
    bodies = [str(each.body) for each in sim.requests if each.path == "/users/import" and each.reached_view]
    return [list(csv.DictReader(io.StringIO(body))) for body in bodies]


def run(sim: Simulator, *entries: Options, **options: Any) -> Options:
    """A run of which some entries fail; what it reports all the same."""
    with pytest.raises(ProvisionError) as caught:
        apply_list(sim, *entries, **options)
    return caught.value.results


def errors(result: Options) -> list[str | None]:
    return [each["error"] for each in result["results"]]
