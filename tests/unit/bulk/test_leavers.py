# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A purge can disable leavers, for ever or for a number of days before it removes them."""

from __future__ import annotations

import pytest

from ansible_collections.xivo.confd.plugins.module_utils._backends.registry import choose_backend
from ansible_collections.xivo.confd.plugins.module_utils._bulk.provision import provision
from ansible_collections.xivo.confd.plugins.module_utils._model.errors import InputError, PlanError, ProvisionError
from ansible_collections.xivo.confd.plugins.module_utils._tasks.task import Task
from simulator import Simulator
from support.helpers import (
    EVERYWHERE,
    Options,
    apply_list,
    client_of,
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
from support.leavers import BOB, DAY, Clock, ada_of, disable, has_user_switch, is_called_by, keep, purge, secret_of
from support.logins import may_sign_in

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


# Disabling


def test_a_leaver_can_neither_call_nor_sign_in(house: Simulator) -> None:
    secret = secret_of(house)
    assert (may_sign_in(house), is_called_by(house)) == (True, [True, True])
    result = disable(house, update_password="on_create")
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


def test_what_is_switched_on_by_hand_is_switched_off_again(house: Simulator) -> None:
    disable(house)
    secret = secret_of(house)
    extension_row(house, 1200).commented = False
    house.clear_log()
    result = disable(house)
    assert is_called_by(house) == [False, False]
    # The phone may have been provisioned again, too.
    assert (secret_of(house) != secret, statuses(result)) == (True, ["unchanged"])
    assert user_row(house, "Ada A").description.startswith(f"Desk 12 [left {DAY}: ")
    assert not disable(house)["changed"]


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


@pytest.mark.parametrize("mark", ["[left 2020-01-01]", "[leaving 2020-01-01: 1200@default]"])
def test_nobody_is_removed_who_can_still_be_called(house: Simulator, mark: str) -> None:
    # Typed by somebody, or copied from another user.
    user_row(house, "Ada A").description = f"Notebook {mark}"
    secret = secret_of(house)
    result = keep(house, 30)
    assert (is_called_by(house), secret_of(house) != secret) == ([False, False], True)
    assert [(each["since"], each["until"]) for each in result["leavers"]] == [(DAY, "2026-12-30")]
    assert user_row(house, "Ada A").description.startswith(f"Notebook [left {DAY}: 1200@default")
    assert not keep(house, 30)["changed"]


def test_an_audit_calls_nobody_a_leaver_who_can_be_called(house: Simulator) -> None:
    user_row(house, "Ada A").description = f"[left {DAY}]"
    result = apply_list(house, BOB, check=True, purge_grace=30)
    assert ([each["name"] for each in result["unmanaged"]], result["leavers"]) == (["Ada A"], [])


@pytest.mark.parametrize("options", [{}, {"purge_grace": 30}, {"purge_action": "disable"}])
def test_nobody_is_purged_while_an_entry_has_a_conflict(house: Simulator, options: Options) -> None:
    # Ada has married, and the list identifies nobody by an id.
    renamed = person("Ada Z", 1200, device={"mac": "00:11:22:33:44:55"})
    with pytest.raises(ProvisionError, match="Ada Z") as error:
        purge(house, BOB, renamed, continue_on_error=True, **options)
    assert written(house) == []
    warnings = error.value.results["warnings"]
    assert warnings.count("No user is purged, because the list has entries with problems.") == 1


def test_a_shared_line_is_refused_as_for_a_removal(house: Simulator) -> None:
    share_line(house, make_user(house, "Eve E"), line_row(house, "Ada A").id)
    with pytest.raises(PlanError, match=r"is shared with user Eve E"):
        disable(house, BOB, person("Eve E"))
    assert written(house) == []


def test_a_phone_that_cannot_be_locked(house: Simulator) -> None:
    give_other_line(house, "Dora D", 1203)
    with pytest.raises(PlanError, match=r"Dora D.* cannot be disabled: .* is not a SIP line"):
        disable(house)
    assert written(house) == []
    result = keep(house, 30)
    assert any("the phone on" in each and "can still call" in each for each in result["warnings"])
    assert extension_row(house, 1203).commented
    house.clear_log()
    assert not any("can still call" in each for each in keep(house, 30)["warnings"])
    assert written(house) == []


@pytest.mark.on("xivo16", "wazo")
def test_links_of_others_stay(sim: Simulator) -> None:
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


@pytest.mark.on("wazo")
@pytest.mark.parametrize("acl", [["confd.#"], ["confd.#", "auth.users.read", "auth.users.*.read"]])
def test_nobody_is_half_disabled_for_want_of_access(house: Simulator, acl: list[str]) -> None:
    house.database.add_account("clerk", "clerks-password", acl)
    backend = choose_backend("wazo", client_of(house, username="clerk", password="clerks-password"))
    scope = {"purge": True, "purge_scope": {"context": "default"}, "purge_limit": 1, "purge_action": "disable"}
    with pytest.raises(PlanError, match=r"Ada A.*auth\.users"):
        provision(Task(backend, {"users": [BOB], **scope}))
    assert (may_sign_in(house), is_called_by(house)) == (True, [True, True])


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


def test_a_leaver_is_disabled_first_and_removed_later(house: Simulator, clock: Clock) -> None:
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


# Without a purge


def test_without_a_purge_leavers_are_not_unmanaged(house: Simulator, clock: Clock) -> None:
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
