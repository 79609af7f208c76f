# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""SIP accounts as the web interface makes them are exported and restored, with any username and secret."""

from __future__ import annotations

import pytest

from ansible_collections.xivo.confd.plugins.module_utils._model.errors import PlanError, ProvisionError
from ansible_collections.xivo.confd.plugins.module_utils._tasks.export import export
from ansible_collections.xivo.confd.plugins.module_utils._tasks.line_sip import ensure_line_sip
from simulator import Fault, Simulator
from support.helpers import EVERYWHERE, apply_list, counts, line_row, perform, person, statuses, unchanged_after

USERNAME, SECRET = "ann-1_x", "s p;c\"l,'\\"
ANN = person("Ann Archer", 1301, 2301, line={"username": USERNAME, "secret": SECRET}, voicemail={"password": "4711"})
OTHERS = (
    person("Bob Burton", 1302, line={"username": "_", "secret": "plain1"}),
    person("Cleo Cole", 1303, line={"username": "cleo1", "secret": "!"}),
    person("Dan Dole", 1304),
)


def account(sim: Simulator, name: str) -> tuple[str, str]:
    row = line_row(sim, name)
    return row.username, row.secret


@EVERYWHERE
def test_an_export_with_secrets_is_put_back(sim: Simulator) -> None:
    planned = apply_list(sim, ANN, *OTHERS, check=True)
    done = apply_list(sim, ANN, *OTHERS)
    assert statuses(planned) == statuses(done) == ["created"] * 4
    assert account(sim, "Ann Archer") == (USERNAME, SECRET)
    entries = perform(sim, export, return_secrets=True)["entries"]

    sim.reset()
    apply_list(sim, *entries)
    assert account(sim, "Ann Archer") == (USERNAME, SECRET)
    assert account(sim, "Cleo Cole") == ("cleo1", "!")
    assert unchanged_after(sim, *entries)


@EVERYWHERE
def test_an_account_in_use_gets_such_values(sim: Simulator) -> None:
    apply_list(sim, person("Ann Archer", 1301))
    assert statuses(apply_list(sim, ANN)) == ["updated"]
    assert account(sim, "Ann Archer") == (USERNAME, SECRET)
    assert unchanged_after(sim, ANN)


@EVERYWHERE
def test_a_single_module_stores_them(sim: Simulator) -> None:
    options = {"username": USERNAME, "secret": SECRET, "context": "default", "device_slot": 2}
    assert perform(sim, ensure_line_sip, update_password="on_create", **options)["changed"]
    (row,) = [sim.database.sip_line(each.id) for each in sim.database.lines]
    assert (row.username, row.secret, row.device_slot) == (USERNAME, SECRET, 2)
    assert not perform(sim, ensure_line_sip, **options)["changed"]


@pytest.mark.on("xivo16")
def test_a_failure_of_the_endpoint_leaves_nothing(sim: Simulator) -> None:
    before = counts(sim)
    sim.faults.add(Fault("500_before", "PUT", "/endpoints/sip/*", times=9))
    with pytest.raises(ProvisionError):
        apply_list(sim, ANN)
    assert counts(sim) == before


@pytest.mark.on("xivo16")
def test_a_line_of_an_interrupted_run_is_adopted(sim: Simulator) -> None:
    apply_list(sim, person("Ann Archer", 1301))
    for table in (sim.database.user_lines, sim.database.line_extensions, sim.database.users, sim.database.extensions):
        table.clear()
    assert statuses(apply_list(sim, ANN)) == ["created"]
    assert [row.username for row in sim.database.lines] == [USERNAME]


@pytest.mark.parametrize(("field", "value"), [("username", "ann@home"), ("username", "a" * 41), ("secret", "pä")])
@pytest.mark.on("xivo16")
def test_what_no_request_stores_is_refused(sim: Simulator, field: str, value: str) -> None:
    with pytest.raises(PlanError, match=rf"{field} .*of the SIP line cannot be stored: it must be 1 to"):
        apply_list(sim, person("Ann Archer", 1301, line={field: value}))


@pytest.mark.on("wazo")
def test_a_username_that_cannot_be_restored_is_left_out(sim: Simulator) -> None:
    apply_list(sim, person("Ann Archer", 1301, line={"username": "ann"}))
    (endpoint,) = sim.database.endpoints
    endpoint.auth_section_options[0] = ["username", "ann@home"]

    found = perform(sim, export, return_secrets=True)
    assert "username" not in found["entries"][0]["line"]
    assert found["entries"][0]["line"]["secret"] == endpoint.auth("password")
    (warning,) = found["warnings"]
    assert warning.startswith("username 'ann@home' of the SIP line cannot be stored: it must be 1 to 79 of")
    assert warning.endswith("It is left out of the entry of user Ann Archer (id 1).")
    assert unchanged_after(sim, *found["entries"])
