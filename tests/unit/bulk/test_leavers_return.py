# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Leavers who come back are enabled again, and runs that disable or enable somebody can be interrupted."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import count
from typing import Any

import pytest

from ansible_collections.xivo.confd.plugins.module_utils._http.client import Client
from ansible_collections.xivo.confd.plugins.module_utils._model.errors import ProvisionError
from simulator import Fault, Simulator
from support.helpers import (
    EVERYWHERE,
    apply_list,
    extension_row,
    line_row,
    number,
    person,
    phone_book,
    statuses,
    user_row,
)
from support.leavers import BOB, Clock, ada_of, disable, has_user_switch, is_called_by, keep, secret_of
from support.logins import JO, enabling, may_sign_in
from support.ownership import assert_applied

pytestmark = EVERYWHERE


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


@pytest.fixture
def house(sim: Simulator) -> Simulator:
    """Ada with 1200, 2200, a voicemail and a login, and Bob with 1201."""
    apply_list(sim, ada_of(sim, user={"userfield": "HR-1", "description": "Desk 12"}), BOB)
    sim.clear_log()
    return sim


# Coming back


def test_who_comes_back_is_enabled_again(house: Simulator) -> None:
    disable(house)
    secret = secret_of(house)
    wanted = ada_of(house, login=JO)
    predicted = disable(house, wanted, BOB, check=True)
    result = disable(house, wanted, BOB)
    assert statuses(result) == statuses(predicted) == ["updated", "unchanged"]
    assert (may_sign_in(house), is_called_by(house)) == (True, [True, True])
    assert user_row(house, "Ada A").description == "Desk 12"
    assert secret_of(house) == secret
    if has_user_switch(house):
        assert user_row(house, "Ada A").enabled is True
    assert any("is enabled again" in each and "Provision the phone again" in each for each in result["warnings"])
    assert (result["leavers"], result["unmanaged"]) == ([], [])
    house.clear_log()
    assert disable(house, wanted, BOB)["changed"] is False


def test_an_entry_with_a_name_only_is_enough(house: Simulator) -> None:
    disable(house)
    apply_list(house, person("Ada A"), BOB)
    assert (may_sign_in(house), is_called_by(house)) == (True, [True, True])
    assert user_row(house, "Ada A").description == "Desk 12"


def test_what_was_off_before_stays_off(sim: Simulator) -> None:
    apply_list(sim, ada_of(sim, login={**enabling(sim), "enabled": False}), BOB)
    extension_row(sim, 2200).commented = True
    disable(sim)
    apply_list(sim, person("Ada A", 1200), BOB)
    assert (may_sign_in(sim), is_called_by(sim)) == (False, [True, False])
    assert not user_row(sim, "Ada A").description


def test_the_entry_decides_what_it_gives(house: Simulator) -> None:
    disable(house)
    off = {"extension": {**number(1200), "commented": True}, "login": {"enabled": False}}
    wanted = person("Ada A", user={"description": "Back"}, **off)
    apply_list(house, wanted, BOB)
    assert (may_sign_in(house), is_called_by(house)) == (False, [False, True])
    assert user_row(house, "Ada A").description == "Back"
    house.clear_log()
    assert apply_list(house, wanted, BOB)["changed"] is False


def test_who_comes_back_with_another_number(house: Simulator) -> None:
    disable(house)
    wanted = person("Ada A", 1210, 2210, match={"userfield": "HR-1"})
    apply_list(house, wanted, BOB)
    assert phone_book(house)["Ada A"] == ("1210", ["2210"])
    assert not any(extension_row(house, exten).commented for exten in (1210, 2210))
    house.clear_log()
    assert apply_list(house, wanted, BOB)["changed"] is False


def test_who_is_listed_as_absent_is_removed_at_once(house: Simulator) -> None:
    keep(house, 30)
    keep(house, 30, BOB, person("Ada A", 1200, state="absent"))
    assert set(phone_book(house)) == {"Bob B"}


@pytest.mark.always
def test_stepwise_enables_who_comes_back_as_well(house: Simulator) -> None:
    disable(house)
    wanted = [ada_of(house, login=JO, user={"userfield": "HR-1"}), BOB]
    done = assert_applied(house, *wanted, expected=["updated", "unchanged"], strategy="stepwise")
    assert not done.error
    assert (may_sign_in(house), is_called_by(house)) == (True, [True, True])
    assert user_row(house, "Ada A").description in ("Desk 12", None)


# Telephones

MAC = "00:08:5d:00:00:01"


@pytest.mark.on("xivo16", "wazo")
def test_the_phone_of_a_leaver_can_be_given_away(sim: Simulator) -> None:
    apply_list(sim, person("Ada A", 1200, device={"mac": MAC}), BOB)
    disable(sim, {**BOB, "device": {"mac": MAC}})
    assert (line_row(sim, "Ada A").device_id, line_row(sim, "Bob B").device_id) == (None, "dev1")
    apply_list(sim, person("Ada A", 1200), BOB)
    assert line_row(sim, "Ada A").device_id is None


# Interrupted runs


class Killed(BaseException):
    """The run ends without another request, as by SIGKILL."""


def is_killed_after(monkeypatch: pytest.MonkeyPatch, writes: int, run: Callable[[], object]) -> bool:
    """End a run when it has sent a number of writes. Return whether it had more of them."""
    left, send = [writes], Client._send

    def send_some(client: Client, method: str, *given: Any, **options: Any) -> Any:
        if method != "GET":
            if not left[0]:
                raise Killed
            left[0] -= 1
        return send(client, method, *given, **options)

    with monkeypatch.context() as patch:
        patch.setattr(Client, "_send", send_some)
        try:
            run()
        except Killed:
            return True
    return False


@pytest.mark.always
def test_wherever_a_run_is_killed_the_next_completes_it(house: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    disable(house)
    wanted = user_row(house, "Ada A").description
    for nth in count(1):
        house.reset()
        apply_list(house, ada_of(house, user={"userfield": "HR-1", "description": "Desk 12"}), BOB)
        secret = secret_of(house)
        is_killed = is_killed_after(monkeypatch, nth, partial(disable, house))
        disable(house)
        assert user_row(house, "Ada A").description == wanted
        assert (may_sign_in(house), is_called_by(house)) == (False, [False, False])
        assert secret_of(house) != secret
        house.clear_log()
        assert not disable(house)["changed"]
        if not is_killed:
            assert nth > 5
            return


@pytest.mark.always
def test_wherever_a_return_is_killed_the_next_completes_it(house: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = person("Ada A", user={"userfield": "HR-1"})
    for nth in count():
        disable(house)
        is_killed = is_killed_after(monkeypatch, nth, partial(apply_list, house, wanted, BOB))
        apply_list(house, wanted, BOB)
        assert (may_sign_in(house), is_called_by(house)) == (True, [True, True])
        assert user_row(house, "Ada A").description == "Desk 12"
        if not is_killed:
            assert nth > 3
            return


def test_an_interrupted_run_is_continued(house: Simulator, clock: Clock) -> None:
    disable(house)
    complete = user_row(house, "Ada A").description
    user_row(house, "Ada A").description = complete.replace("[left", "[leaving")
    secret = secret_of(house)
    clock.set("2026-12-05")
    result = disable(house)
    assert result["summary"]["disabled"] == 1
    assert user_row(house, "Ada A").description == complete
    assert secret_of(house) != secret


def test_a_failure_puts_everything_back(house: Simulator) -> None:
    before = (may_sign_in(house), is_called_by(house), secret_of(house), user_row(house, "Ada A").description)
    line = "endpoints/sip" if house.generation.name == "wazo" else "lines_sip"
    house.faults.add(Fault("500_before", "PUT", f"/{line}/*"))
    with pytest.raises(ProvisionError, match="Ada A"):
        disable(house)
    after = (may_sign_in(house), is_called_by(house), secret_of(house), user_row(house, "Ada A").description)
    assert after == before
