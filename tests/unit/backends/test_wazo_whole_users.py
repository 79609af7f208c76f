# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Wazo creates a whole user in one request."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.xivo.confd.plugins.module_utils._backends.wazo.backend import Wazo
from ansible_collections.xivo.confd.plugins.module_utils._model.errors import (
    ConfdError,
    PlanError,
)
from ansible_collections.xivo.confd.plugins.module_utils._tasks.extension import ensure_extension
from simulator import Fault, Simulator
from support.helpers import (
    apply_list,
    number,
    perform,
    person,
    statuses,
    written,
)


def posts(wazo: Simulator) -> list[str]:
    return [each for each in written(wazo) if each.startswith("POST")]


WHOLE = person("Ann", 1200, 2200, 2201, voicemail={"password": "1234"}, user={"userfield": "x"}, line={"secret": "abc"})


def test_a_new_user_is_made_in_one_request(wazo: Simulator) -> None:
    result = apply_list(wazo, WHOLE)
    assert written(wazo) == ["POST /users"]
    assert statuses(result) == ["created"]
    (entry,) = result["results"]
    assert (entry["user_id"], entry["line_id"], entry["extension_id"]) == (1, 1, 1)
    assert [each["extension_id"] for each in entry["incalls"]] == [2, 3]
    (endpoint,) = wazo.database.endpoints
    assert endpoint.auth("password") == "abc"
    assert statuses(apply_list(wazo, WHOLE)) == ["unchanged"]


def test_one_request_makes_what_many_do(wazo: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    apply_list(wazo, WHOLE)
    at_once = shape(wazo)
    wazo.reset()
    monkeypatch.setattr(Wazo, "batch_size", 0)
    apply_list(wazo, WHOLE)
    assert len(posts(wazo)) > 5
    assert shape(wazo) == at_once


MADE_UP = {
    "uuid", "id", "name", "endpoint_uuid", "provisioning_extension", "auth_section_options", "created_at", "templates",
}  # fmt: skip


def shape(wazo: Simulator) -> dict[str, Any]:
    """The state without what is made up."""
    tables = {name: rows for name, rows in wazo.state().items() if isinstance(rows, list)}
    return {
        name: [{key: row[key] for key in row if not (key in MADE_UP or key.endswith("_id"))} for row in rows]
        for name, rows in tables.items()
        if name not in ("templates", "tenants", "context_rows")
    }


def test_a_free_number_is_not_taken_over_unseen(wazo: Simulator) -> None:
    perform(wazo, ensure_extension, **number(1200))
    wazo.clear_log()
    assert statuses(apply_list(wazo, person("Ann", 1200, 2200))) == ["created"]
    assert "PUT /lines/1/extensions/1" in written(wazo)


def test_an_incall_out_of_range_does_not_widen_the_range(wazo: Simulator) -> None:
    with pytest.raises(PlanError, match="outside of the ranges"):
        apply_list(wazo, person("Ann", 1200, incalls=[number(3500, "from-extern")]))
    assert wazo.database.context_rows.first(name="from-extern").incall_ranges[-1]["end"] == "0399999999"


@pytest.mark.usefixtures("the_server_decides")
def test_a_refused_user_leaves_nothing(wazo: Simulator) -> None:
    apply_list(wazo, person("Ann", 1200, line={"username": "ann"}))
    taken = person("Ben", 1201, line={"secret": "abc"}, user={"email": "no address"})
    before = {name: rows for name, rows in wazo.state().items() if name != "sequences"}
    with pytest.raises(ConfdError, match="Could not create user Ben: POST .*Not a valid email"):
        apply_list(wazo, taken)
    assert {name: rows for name, rows in wazo.state().items() if name != "sequences"} == before


def test_a_lost_answer_is_looked_up(wazo: Simulator) -> None:
    wazo.faults.add(Fault("drop_after", method="POST", path="/users"))
    (entry,) = apply_list(wazo, WHOLE)["results"]
    assert posts(wazo) == ["POST /users"]
    assert (entry["status"], entry["user_id"], entry["line_id"], entry["extension_id"]) == ("created", 1, 1, 1)
    assert [each["extension_id"] for each in entry["incalls"]] == [2, 3]


def test_a_lost_request_is_not_repeated(wazo: Simulator) -> None:
    wazo.faults.add(Fault("drop_before", method="POST", path="/users"))
    with pytest.raises(ConfdError, match="connection was lost"):
        apply_list(wazo, WHOLE)
    assert not len(wazo.database.users)
    assert statuses(apply_list(wazo, WHOLE)) == ["created"]


def test_requests_for_creating_users(wazo: Simulator) -> None:
    count = 15
    entries = [person(f"U{index}", 1200 + index, 2200 + index) for index in range(count)]
    apply_list(wazo, *entries)
    assert posts(wazo) == ["POST /users"] * count
    assert len(wazo.requests) <= count + 20
