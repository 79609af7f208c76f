# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A purge can disable leavers, for ever or for a number of days, and enables those who come back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from itertools import count
from typing import Any

import pytest

from ansible_collections.xivo.confd.plugins.module_utils._bulk import leavers
from ansible_collections.xivo.confd.plugins.module_utils._http.client import Client
from ansible_collections.xivo.confd.plugins.module_utils._model.errors import InputError, PlanError, ProvisionError
from ansible_collections.xivo.confd.plugins.module_utils._model.resources import LINE
from simulator import Fault, Simulator
from support.helpers import (
    EVERYWHERE,
    Options,
    apply_list,
    backend_of,
    extension_row,
    give_other_line,
    line_row,
    make_user,
    number,
    own_extensions,
    person,
    phone_book,
    share_line,
    statuses,
    user_row,
    written,
)
from support.logins import JO, enabling, may_sign_in
from support.ownership import assert_applied

pytestmark = EVERYWHERE
BOB = person("Bob B", 1201)
DAY = "2026-11-30"


class Clock:
    """The date that the collection sees."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._monkeypatch = monkeypatch
        self.set(DAY)

    def set(self, day: str) -> None:
        self._monkeypatch.setattr(leavers, "today", lambda: date.fromisoformat(day))


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


def ada_of(sim: Simulator, **more: Any) -> Options:
    return person("Ada A", 1200, 2200, **{"login": enabling(sim), "voicemail": {}, **more})


@pytest.fixture
def house(sim: Simulator) -> Simulator:
    """Ada with 1200, 2200, a voicemail and a login, and Bob with 1201."""
    apply_list(sim, ada_of(sim, user={"userfield": "HR-1", "description": "Desk 12"}), BOB)
    sim.clear_log()
    return sim


def purge(sim: Simulator, *entries: Options, check: bool = False, **options: Any) -> Options:
    given = {"purge": True, "purge_scope": {"range": "1200-1299"}, "purge_limit": 10, **options}
    return apply_list(sim, *entries, check=check, **given)


def disable(sim: Simulator, *entries: Options, **options: Any) -> Options:
    return purge(sim, *(entries or (BOB,)), **{"purge_action": "disable", **options})


def keep(sim: Simulator, days: int, *entries: Options, **options: Any) -> Options:
    return purge(sim, *(entries or (BOB,)), purge_grace=days, **options)


def secret_of(sim: Simulator, name: str = "Ada A") -> str:
    return str((backend_of(sim).get(LINE, line_row(sim, name).id) or {})["secret"])


def is_called_by(sim: Simulator) -> list[bool]:
    """Whether people can call Ada inside, and from outside."""
    return [not extension_row(sim, exten).commented for exten in (1200, 2200)]


def has_user_switch(sim: Simulator) -> bool:
    return sim.generation.name != "xivo15"


# Disabling


def test_a_disabled_leaver_stays_and_can_neither_call_nor_sign_in(house: Simulator) -> None:
    secret = secret_of(house)
    assert (may_sign_in(house), is_called_by(house)) == (True, [True, True])
    result = disable(house)
    assert phone_book(house)["Ada A"] == ("1200", ["2200"])
    assert (may_sign_in(house), is_called_by(house)) == (False, [False, False])
    assert secret_of(house) not in (secret, "", "None")
    row = user_row(house, "Ada A")
    assert row.userfield == "HR-1"
    off = ["1200@default", "2200@from-extern", "login", *(["user"] if has_user_switch(house) else [])]
    assert row.description == f"Desk 12 [left {DAY}: {', '.join(off)}]"
    if has_user_switch(house):
        assert row.enabled is False
    assert [each["status"] for each in result["purged"]] == ["disabled"]
    assert (result["summary"]["disabled"], result["summary"]["purged"]) == (1, 0)
    assert result["report"] == [f"disabled  {'Ada A':<32} {'1200':<10} purge: not in the list"]
    assert "Disabled because they are not in the list (purge): Ada A (1200@default)." in result["warnings"]
    assert [(each["name"], each["since"], each["until"]) for each in result["leavers"]] == [("Ada A", DAY, None)]


def test_the_second_run_changes_nothing(house: Simulator, clock: Clock) -> None:
    disable(house)
    clock.set("2027-05-01")
    house.clear_log()
    result = disable(house, purge_limit=0)
    assert (result["changed"], written(house), result["purged"], result["unmanaged"]) == (False, [], [], [])
    assert [(each["name"], each["since"]) for each in result["leavers"]] == [("Ada A", DAY)]


def test_check_mode_tells_the_same_and_writes_nothing(house: Simulator) -> None:
    predicted = disable(house, check=True)
    assert written(house) == []
    assert predicted["report"] == [f"would disable {'Ada A':<32} {'1200':<10} purge: not in the list"]
    old = secret_of(house)
    done = disable(house)
    assert predicted["purged"][0]["changes"] == done["purged"][0]["changes"]
    assert predicted["leavers"] == done["leavers"]
    # The edge masks the diff by its keys.
    shown = str([{**each, "diff": None} for each in (predicted, done)])
    assert not any(secret in shown for secret in (old, secret_of(house)))


def test_what_somebody_switches_on_by_hand_is_switched_off_again(house: Simulator) -> None:
    disable(house)
    secret = secret_of(house)
    extension_row(house, 1200).commented = False
    house.clear_log()
    result = disable(house)
    assert is_called_by(house) == [False, False]
    assert (len(written(house)), secret_of(house), statuses(result)) == (1, secret, ["unchanged"])


def test_the_limit_counts_whom_a_run_disables(house: Simulator) -> None:
    with pytest.raises(PlanError, match=r"purge would disable 1, but purge_limit is 0: user Ada A .*to be disabled"):
        disable(house, purge_limit=0)
    assert written(house) == []
    disable(house)
    extension_row(house, 1200).commented = False
    house.clear_log()
    with pytest.raises(PlanError, match="purge would disable 1, but purge_limit is 0"):
        disable(house, purge_limit=0)
    assert written(house) == []


def test_nobody_is_disabled_while_an_entry_has_an_error(house: Simulator) -> None:
    with pytest.raises(ProvisionError):
        disable(house, BOB, person("Cleo C", 1299, extension={"exten": "12"}), continue_on_error=True)
    assert is_called_by(house) == [True, True]


def test_a_shared_line_is_refused_as_for_a_removal(house: Simulator) -> None:
    share_line(house, make_user(house, "Eve E"), line_row(house, "Ada A").id)
    with pytest.raises(PlanError, match=r"is shared with user Eve E"):
        disable(house, BOB, person("Eve E"))
    assert written(house) == []


def test_a_phone_that_cannot_be_locked_is_an_error_or_a_warning(house: Simulator) -> None:
    give_other_line(house, "Dora D", 1203)
    with pytest.raises(PlanError, match=r"Dora D.* cannot be disabled: .* is no SIP line"):
        disable(house)
    assert written(house) == []
    result = keep(house, 30)
    assert any("the phone on" in each and "can still call" in each for each in result["warnings"])
    assert extension_row(house, 1203).commented
    house.clear_log()
    assert not any("can still call" in each for each in keep(house, 30)["warnings"])
    assert written(house) == []


def test_links_of_others_stay(sim: Simulator) -> None:
    if sim.generation.name == "xivo15":
        pytest.skip("XiVO up to 16.12 has no fallbacks.")
    bob = {**BOB, "fallbacks": {"noanswer": {"user": number(1200)}}}
    apply_list(sim, ada_of(sim), bob)
    disable(sim, bob)
    sim.clear_log()
    assert not disable(sim, bob)["changed"]
    assert written(sim) == []


@pytest.mark.parametrize("wanted", [person("Cleo C", 1200), {**BOB, "incall": number(2200)}])
def test_numbers_of_leavers_are_not_given_away(house: Simulator, wanted: Options) -> None:
    entries = [BOB, wanted] if wanted["user"] != BOB["user"] else [wanted]
    with pytest.raises(PlanError, match=r"belongs to .*user Ada A.*is a leaver.*state: absent"):
        disable(house, *entries)
    disable(house)
    with pytest.raises(PlanError, match=r"belongs to .*user Ada A.*is a leaver.*state: absent"):
        disable(house, *entries)


# Options


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"purge_grace": 30, "purge_action": "disable"}, "purge_grace is for purge_action=remove"),
        ({"purge_grace": -1}, "purge_grace is -1"),
        ({"purge_grace": 3651}, "from 0 to 3650"),
    ],
)
def test_bad_options(house: Simulator, options: Options, words: str) -> None:
    with pytest.raises(InputError, match=words):
        purge(house, BOB, **options)


# Days of grace


def test_a_leaver_is_disabled_first_and_removed_after_the_grace(house: Simulator, clock: Clock) -> None:
    first = keep(house, 30)
    assert may_sign_in(house) is False
    assert first["report"][0].endswith("purge: not in the list; to be removed on 2026-12-30")
    assert first["leavers"][0]["until"] == "2026-12-30"
    for day in (DAY, "2026-12-29", "2025-01-01"):
        clock.set(day)
        house.clear_log()
        assert keep(house, 30, purge_limit=0)["changed"] is False
        assert written(house) == []
    clock.set("2026-12-30")
    predicted = keep(house, 30, check=True)
    with pytest.raises(PlanError, match="purge would remove 1, but purge_limit is 0"):
        keep(house, 30, purge_limit=0)
    done = keep(house, 30)
    assert predicted["report"] == [f"would remove {'Ada A':<32} {'1200':<10} purge: not in the list"]
    assert [each["status"] for each in done["purged"]] == ["removed"]
    assert (done["leavers"], done["summary"]["purged"]) == ([], 1)
    assert set(phone_book(house)) == {"Bob B"}
    assert own_extensions(house) == ["1201"]


def test_without_grace_a_disabled_leaver_is_removed_at_once(house: Simulator) -> None:
    disable(house)
    purge(house, BOB)
    assert set(phone_book(house)) == {"Bob B"}


def test_people_can_keep_somebody_longer_by_hand(house: Simulator, clock: Clock) -> None:
    keep(house, 30)
    row = user_row(house, "Ada A")
    row.description = row.description.replace(DAY, "2027-01-31")
    clock.set("2027-02-15")
    assert keep(house, 30)["changed"] is False
    clock.set("2027-03-02")
    assert keep(house, 30)["summary"]["purged"] == 1


@pytest.mark.parametrize("spoilt", ["", "Desk 12", "Desk 12 [left 2026-11-3]", "Desk 12 [left 2026-11-31: login]"])
def test_without_a_readable_mark_the_grace_begins_anew(house: Simulator, clock: Clock, spoilt: str) -> None:
    keep(house, 30)
    user_row(house, "Ada A").description = spoilt
    clock.set("2027-01-15")
    result = keep(house, 30)
    assert (result["summary"]["disabled"], result["summary"]["purged"]) == (1, 0)
    assert result["leavers"][0]["until"] == "2027-02-14"
    assert user_row(house, "Ada A").description.startswith(f"{spoilt} [left 2027-01-15".strip())
    house.clear_log()
    assert keep(house, 30)["changed"] is False


def test_a_scope_by_userfield_still_finds_the_leaver(house: Simulator, clock: Clock) -> None:
    scope = {"userfield": "HR-", "context": "default"}
    keep(house, 7, purge_scope=scope)
    clock.set("2026-12-07")
    assert keep(house, 7, purge_scope=scope)["summary"]["purged"] == 1


def test_the_farthest_date(house: Simulator) -> None:
    keep(house, 3650)
    row = user_row(house, "Ada A")
    row.description = row.description.replace(DAY, "9999-12-30")
    assert keep(house, 3650)["leavers"][0]["until"] == "9999-12-31"


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
    assert any("is enabled again" in each and "provisioned anew" in each for each in result["warnings"])
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
def test_the_phone_of_a_leaver_is_reset_and_can_be_given_away(sim: Simulator) -> None:
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
def test_wherever_a_run_is_killed_the_next_one_completes_it(house: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
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
def test_wherever_a_return_is_killed_the_next_run_completes_it(
    house: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
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


def test_an_interrupted_run_is_continued_and_nothing_is_forgotten(house: Simulator, clock: Clock) -> None:
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


# Without a purge


def test_without_a_purge_leavers_are_shown_and_not_unmanaged(house: Simulator, clock: Clock) -> None:
    keep(house, 30)
    result = apply_list(house, BOB, orphans="report", purge_grace=30)
    assert (result["unmanaged"], result["orphans"]["users"]) == ([], [])
    assert [(each["name"], each["until"]) for each in result["leavers"]] == [("Ada A", "2026-12-30")]
    assert apply_list(house, BOB)["leavers"][0]["until"] is None
    clock.set("2026-12-30")
    result = apply_list(house, BOB, purge_grace=30)
    assert [each["name"] for each in result["unmanaged"]] == ["Ada A"]
    assert result["leavers"] == []


def test_a_leaver_with_nothing_but_a_name_is_no_orphan(sim: Simulator) -> None:
    apply_list(sim, {**person("Ada A"), "user": {"firstname": "Ada", "userfield": "HR-1"}}, BOB)
    scope = {"purge_scope": {"userfield": "HR-"}, "orphans": "remove"}
    disable(sim, **scope)
    assert "Ada" in phone_book(sim)
    assert disable(sim, **scope)["changed"] is False
    apply_list(sim, BOB, **scope)
    assert "Ada" in phone_book(sim)
