# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whole lists: who is removed with everything, and what is shared with others."""

from __future__ import annotations

import pytest

from ansible_collections.xivo.confd.plugins.module_utils._model.errors import PlanError
from ansible_collections.xivo.confd.plugins.module_utils._tasks.user import ensure_user
from simulator import Simulator
from support.helpers import (
    ADA,
    BOB,
    EVERYWHERE,
    apply_list,
    backend_of,
    changes,
    counts,
    extension_row,
    leaver,
    number,
    perform,
    person,
    share_line,
    statuses,
    unchanged_after,
    written,
)

pytestmark = EVERYWHERE


@pytest.mark.on("xivo15")
def test_the_order_of_removing(sim: Simulator) -> None:
    apply_list(sim, person("Ada A", 1200, 2200))
    sim.database.put_device_on_line(1, "dev1")
    backend = backend_of(sim)
    voicemail = backend.client.post("/voicemails", {"name": "Ada", "number": "1200", "context": "default"})["id"]
    backend.client.post("/users/1/voicemail", {"voicemail_id": voicemail})
    ids = {exten: extension_row(sim, exten).id for exten in (1200, 2200)}
    sim.clear_log()
    result = apply_list(sim, leaver("Ada A"))
    assert written(sim) == [
        "GET /devices/dev1/autoprov",
        f"DELETE /lines/1/extensions/{ids[2200]}",
        f"DELETE /extensions/{ids[2200]}",
        "DELETE /users/1/voicemail",
        f"DELETE /voicemails/{voicemail}",
        f"DELETE /lines/1/extensions/{ids[1200]}",
        f"DELETE /extensions/{ids[1200]}",
        "DELETE /users/1/lines/1",
        "DELETE /lines_sip/1",
        "DELETE /users/1",
    ]
    assert not any(counts(sim).values())
    assert any("is reset to autoprov" in warning for warning in result["warnings"])


def test_a_shared_voicemail_is_only_dissociated(sim: Simulator) -> None:
    apply_list(sim, ADA, BOB)
    voicemail = backend_of(sim).client.post("/voicemails", {"name": "Both", "number": "1200", "context": "default"})[
        "id"
    ]
    for user in (1, 2):
        sim.database.user_voicemails.insert(user_id=user, voicemail_id=voicemail)
    predicted = apply_list(sim, leaver("Ada A"), check=True)
    result = apply_list(sim, leaver("Ada A"))
    assert statuses(result) == ["removed"]
    assert (counts(sim)["voicemails"], counts(sim)["user_voicemails"]) == (1, 1)
    assert [row["user_id"] for row in sim.state()["user_voicemails"]] == [2]
    assert changes(result) == changes(predicted)
    about_voicemails = [text for text in changes(result) if "voicemail" in text]
    assert about_voicemails == ["dissociate voicemail 1200@default from user Ada A (id 1)"]


@pytest.mark.parametrize("leaving", ["Ada A", "Bob B"])
def test_a_shared_line_is_an_error(sim: Simulator, leaving: str) -> None:
    apply_list(sim, person("Ada A", 1200, 2200))
    perform(sim, ensure_user, firstname="Bob", lastname="B")
    share_line(sim, 2, 1)
    sim.clear_log()
    with pytest.raises(PlanError, match=rf"line \S+ \(id 1\) of user {leaving} .* is shared with user"):
        apply_list(sim, leaver(leaving))
    assert written(sim) == []


def test_a_shared_number_is_an_error(sim: Simulator) -> None:
    apply_list(sim, ADA, BOB)
    association = sim.database.line_extensions.first(line_id=2)
    sim.database.line_extensions.delete(association)
    sim.database.share_extension(2, extension_row(sim, 1200).id)
    sim.clear_log()
    with pytest.raises(
        PlanError, match=r"1200@default of user Ada A \(id 1\) is shared with line .* of user Bob B \(id 2\)"
    ):
        apply_list(sim, leaver("Ada A"))
    assert written(sim) == []


def test_a_secondary_user_cannot_change_the_number(sim: Simulator) -> None:
    apply_list(sim, ADA)
    perform(sim, ensure_user, firstname="Bob", lastname="B")
    share_line(sim, 2, 1)
    with pytest.raises(PlanError, match=r"belongs to user Ada A \(id 1\)\. user Bob B \(id 2\) is a secondary user"):
        apply_list(sim, BOB)
    assert unchanged_after(sim, person("Bob B"))


def test_incalls_of_a_shared_line_are_its_main_users(sim: Simulator) -> None:
    apply_list(sim, person("Ada A", 1200, incalls=[number(2100, "from-extern")]), {"user": {"firstname": "Bob"}})
    sim.database.user_lines.insert(user_id=2, line_id=1, main_user=False, main_line=True)
    bob = {"user": {"firstname": "Bob"}, "match": {"id": 2}}
    assert statuses(apply_list(sim, {**bob, "incalls": []})) == ["unchanged"]
    with pytest.raises(PlanError, match="who is only a secondary user of line"):
        apply_list(sim, {**bob, "incalls": [number(2101, "from-extern")]})
