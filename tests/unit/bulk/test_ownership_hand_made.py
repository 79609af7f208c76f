# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What somebody made by hand is not taken, and nobody is removed who is not meant (design.md, rule 14)."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.xivo.confd.plugins.module_utils._model.sip_usernames import new_username
from ansible_collections.xivo.confd.plugins.module_utils._tasks.extension import ensure_extension
from ansible_collections.xivo.confd.plugins.module_utils._tasks.line_sip import ensure_line_sip
from simulator import Simulator
from support.helpers import (
    EVERYWHERE,
    Options,
    apply_list,
    counts,
    extension_row,
    line_row,
    make_user,
    number,
    perform,
    person,
    phone_book,
    user_row,
)
from support.ownership import STRATEGIES, assert_applied, assert_refused, belongings, make_mailbox, run

pytestmark = EVERYWHERE
ANN = person("Ann A", 1250, line={"secret": "annsecret"})


def account(sim: Simulator, username: str, exten: int | None = 1250) -> int:
    """A SIP account with a number and without a user. Return the line's id."""
    made = perform(sim, ensure_line_sip, username=username, secret="faxsecret", context="default")
    line = int(made["line_sip"]["id"])
    if exten:
        perform(sim, ensure_extension, **number(exten))
        sim.database.share_extension(line, extension_row(sim, exten).id)
    sim.clear_log()
    return line


# SIP accounts


@STRATEGIES
def test_a_hand_made_account_is_not_taken(sim: Simulator, strategy: str) -> None:
    """A fax has the number, and nobody."""
    line = account(sim, "fax01")
    assert_refused(sim, ANN, words=["1250@default", "fax01", "line.username"], strategy=strategy)
    assert sim.database.sip_line(line).secret == "faxsecret"


@STRATEGIES
def test_nor_for_somebody_who_is_there(sim: Simulator, strategy: str) -> None:
    apply_list(sim, person("Ann A", user={"userfield": "HR-1"}), person("Bob B", 1201))
    account(sim, "fax01")
    assert_refused(sim, person("Ann A", 1250), words=["1250@default", "fax01"], strategy=strategy)
    assert_refused(sim, person("Bob B", 1250), words=["1250@default", "fax01"], strategy=strategy)


@STRATEGIES
def test_an_account_that_the_entry_names_is_taken(sim: Simulator, strategy: str) -> None:
    line = account(sim, "fax01")
    wanted = person("Ann A", 1250, line={"username": "fax01", "secret": "annsecret"})
    assert_applied(sim, wanted, expected=["created"], strategy=strategy)
    assert (line_row(sim, "Ann A").id, line_row(sim, "Ann A").secret) == (line, "annsecret")
    assert counts(sim)["lines"] == 1


@STRATEGIES
def test_another_name_does_not_take_it(sim: Simulator, strategy: str) -> None:
    account(sim, "fax01")
    wanted = person("Ann A", 1250, line={"username": "ann1"})
    assert_refused(sim, wanted, words=["1250@default", "fax01"], strategy=strategy)


@STRATEGIES
def test_what_an_interrupted_run_left_is_taken(sim: Simulator, strategy: str) -> None:
    line = account(sim, new_username("1250@default"))
    assert_applied(sim, ANN, expected=["created"], strategy=strategy)
    assert (line_row(sim, "Ann A").id, counts(sim)["lines"]) == (line, 1)


@STRATEGIES
def test_but_not_what_was_left_of_another_number(sim: Simulator, strategy: str) -> None:
    account(sim, new_username("1300@default"))
    assert_refused(sim, ANN, words=["1250@default"], strategy=strategy)


@STRATEGIES
def test_no_range_chooses_the_number_of_a_fax(sim: Simulator, strategy: str) -> None:
    account(sim, "fax01")
    wanted = person("Ann A", extension={"range": "1250-1259", "context": "default"})
    assert_applied(sim, wanted, expected=["created"], strategy=strategy)
    assert phone_book(sim) == {"Ann A": ("1251", [])}


# Orphans


def lonely(sim: Simulator, what: str) -> None:
    """Somebody without a line, with a voicemail or a direct number."""
    make_user(sim, "Lonely L", userfield="HR-9")
    if what == "voicemail":
        make_mailbox(sim, 1777, "Lonely L", "Lonely L", email="lonely@example.org")
    else:
        user = user_row(sim, "Lonely L").id
        extension = sim.database.extensions.insert(exten="2777", context="from-extern")
        values: dict[str, Any] = {"destination": {"type": "user", "user_id": user}, "extension_id": extension.id}
        if sim.generation.name == "wazo":
            values["tenant_uuid"] = sim.database.master
        incall = sim.database.incalls.insert(user_id=user, exten="2777", context="from-extern", **values)
        if sim.generation.name == "xivo16":
            extension.type, extension.typeval = "incall", str(incall.id)
    sim.clear_log()


@pytest.mark.on("xivo16", "wazo")
@pytest.mark.parametrize("what", ["voicemail", "direct number"])
def test_who_has_something_is_no_orphan(sim: Simulator, what: str) -> None:
    apply_list(sim, person("Ann A", 1200))
    lonely(sim, what)
    before = belongings(sim, "Lonely L")
    options = {"orphans": "remove", "purge_limit": 10, "purge_scope": {"userfield": "HR-"}}
    done = assert_applied(sim, person("Ann A", 1200), expected=["unchanged"], **options)
    assert belongings(sim, "Lonely L") == before
    assert done.variables["provision__run"]["orphans"]["users"] == []


def test_who_has_nothing_is_one(sim: Simulator) -> None:
    apply_list(sim, person("Ann A", 1200))
    make_user(sim, "Lonely L", userfield="HR-9")
    scope: Options = {"orphans": "remove", "purge_limit": 10, "purge_scope": {"userfield": "HR-"}}
    assert not run(sim, person("Ann A", 1200), **scope).error
    assert set(phone_book(sim)) == {"Ann A"}


# Leavers


@STRATEGIES
@pytest.mark.parametrize(
    "entry",
    [
        {"match": {"firstname": "Ann", "lastname": "A"}},
        {"match": {"userfield": "HR-1"}},
        {"user": {"firstname": "Ann", "lastname": "A"}},
    ],
    ids=["match names", "match userfield", "names"],
)
def test_who_has_another_number_does_not_leave(sim: Simulator, strategy: str, entry: Options) -> None:
    apply_list(sim, person("Ann A", 1300, 2300, user={"userfield": "HR-1"}, voicemail={}))
    before = belongings(sim, "Ann A")
    wanted = {**entry, "extension": number(1200), "state": "absent"}
    done = assert_applied(sim, wanted, expected=["unchanged"], strategy=strategy)
    assert belongings(sim, "Ann A") == before
    assert any("1300" in each for each in done.results[0].get("warnings") or _warnings(done))


def _warnings(done: Any) -> list[str]:
    planned = done.variables.get("provision__planned") or {}
    return [*(done.variables.get("provision__run") or {}).get("warnings", ()), *planned.get("warnings", ())]


@STRATEGIES
@pytest.mark.parametrize("has_number", [True, False])
def test_who_has_the_number_or_none_leaves(sim: Simulator, strategy: str, has_number: bool) -> None:
    apply_list(sim, person("Ann A", 1200 if has_number else None), person("Ann B", 1300))
    before = belongings(sim, "Ann B")
    wanted = {"match": {"firstname": "Ann", "lastname": "A"}, "extension": number(1200), "state": "absent"}
    assert_applied(sim, wanted, expected=["removed"], strategy=strategy)
    assert belongings(sim, "Ann B") == before
    assert set(phone_book(sim)) == {"Ann B"}
