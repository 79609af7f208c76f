# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every PUT of a user writes the full name into the voicemail on XiVO. A name of its own is put back in the same run.

Source: person-xivo-15.12.md, trap 7; person-xivo-16.16.md, "users/ID/voicemails".
"""

from __future__ import annotations

import pytest

from ansible_collections.xivo.confd.plugins.module_utils._tasks.extension import ensure_extension
from ansible_collections.xivo.confd.plugins.module_utils._tasks.user import ensure_user
from simulator import Fault, Simulator
from support.helpers import EVERYWHERE, Options, apply_list, number, perform, person, statuses, unchanged_after
from support.ownership import run

ANN = {"firstname": "Ann", "lastname": "Archer"}


def ann(exten: int = 1301, description: str = "", voicemail: Options | None = None, **more: Options) -> Options:
    mailbox = {} if voicemail is None else {"voicemail": voicemail}
    return person("Ann Archer", exten, user={"description": description} if description else {}, **mailbox, **more)


def name(sim: Simulator) -> str:
    (row,) = sim.database.voicemails
    return str(row.name).strip()


@pytest.fixture
def own_name(sim: Simulator) -> Simulator:
    apply_list(sim, ann(voicemail={"name": "Front desk", "number": "1301"}))
    assert name(sim) == "Front desk"
    return sim


@EVERYWHERE
@pytest.mark.parametrize("voicemail", [None, {"password": "4711"}, {"name": "Front desk"}])
def test_a_changed_description_keeps_the_name(own_name: Simulator, voicemail: Options | None) -> None:
    entry = ann(description="second floor", voicemail=voicemail)
    planned = apply_list(own_name, entry, check=True)
    done = apply_list(own_name, entry)

    assert statuses(done) == ["updated"]
    assert planned["results"] == done["results"]
    assert name(own_name) == "Front desk"
    assert [each.user_id for each in own_name.database.user_voicemails] == [1]
    assert unchanged_after(own_name, entry)


@EVERYWHERE
def test_a_new_number_keeps_the_name(own_name: Simulator) -> None:
    apply_list(own_name, {**ann(1302), "match": ANN})
    assert name(own_name) == "Front desk"
    perform(own_name, ensure_extension, id=own_name.database.extensions.first(**number(1302)).id, exten="1303")
    assert name(own_name) == "Front desk"


@EVERYWHERE
def test_a_single_module_keeps_the_name(own_name: Simulator) -> None:
    assert perform(own_name, ensure_user, **ANN, description="second floor")["changed"]
    perform(own_name, ensure_user, firstname="Anna", lastname="Archer", match=ANN)
    assert name(own_name) == "Front desk"


@pytest.mark.on("xivo15", "xivo16")
def test_a_name_made_of_the_user_follows_a_rename(sim: Simulator) -> None:
    apply_list(sim, ann(voicemail={"number": "1301"}))
    entry = {**ann(voicemail={"password": "4711"}), "user": {"firstname": "Anna", "lastname": "Archer"}, "match": ANN}
    apply_list(sim, entry)
    assert name(sim) == "Anna Archer"
    assert unchanged_after(sim, entry)


@EVERYWHERE
@pytest.mark.parametrize("strategy", ["bulk", "stepwise"])
def test_a_failed_entry_keeps_the_name(own_name: Simulator, strategy: str) -> None:
    own_name.faults.add(Fault("500_before", "POST", "/extensions", times=9))
    entry = person("Ann Archer", 1301, 2301, user={"description": "second floor"})
    assert run(own_name, entry, strategy=strategy).error
    assert name(own_name) == "Front desk"


@pytest.mark.on("xivo16")
def test_a_name_that_is_lost_is_said(own_name: Simulator) -> None:
    own_name.faults.add(Fault("500_before", "PUT", "/voicemails/*", times=9))
    result = apply_list(own_name, ann(description="second floor"))
    (warning,) = result["warnings"]
    assert "voicemail 1301@default of user Ann Archer (id 1) another name than 'Front desk'" in warning
