# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Nobody gets the mailbox of somebody else, whatever becomes of its number (design.md, rule 14)."""

from __future__ import annotations

from functools import partial

import pytest

from simulator import Fault, Simulator
from support import role
from support.helpers import EVERYWHERE, Options, apply_list, client_of, leaver, person, phone_book, user_row, written
from support.ownership import (
    STRATEGIES,
    assert_applied,
    assert_refused,
    assert_unchanged,
    belongings,
    mailbox_at,
    mailboxes,
    make_mailbox,
    run,
)

pytestmark = [EVERYWHERE, STRATEGIES]
BOB = person("Bob B", 1200, voicemail={"password": "4711"})
ANN = person("Ann A", 1200, voicemail={})
"""Ann comes, and Bob has her number."""


def bob_has_mail(sim: Simulator) -> None:
    """Bob has 1200 with a mailbox, which mails to him."""
    apply_list(sim, BOB)
    mailbox_at(sim, 1200).email = "bob@example.org"
    sim.clear_log()


# A number is recycled


@pytest.mark.parametrize("in_order", [True, False])
def test_a_recycled_number_is_not_a_mailbox(sim: Simulator, strategy: str, in_order: bool) -> None:
    bob_has_mail(sim)
    entries = [person("Bob B", 1210), person("Ann A", 1200, voicemail={"email": "ann@example.org", "password": "0815"})]
    wanted = entries if in_order else entries[::-1]
    assert_refused(sim, *wanted, words=["1200@default", "belongs to", "Bob B"], strategy=strategy)


def test_nor_one_of_somebody_who_is_not_listed(sim: Simulator, strategy: str) -> None:
    bob_has_mail(sim)
    apply_list(sim, person("Bob B", 1210))
    assert mailboxes(sim) == {"1200": ["Bob"]}
    assert_refused(sim, ANN, words=["1200@default", "belongs to", "Bob B"], strategy=strategy)


def test_nor_for_somebody_who_is_there_already(sim: Simulator, strategy: str) -> None:
    bob_has_mail(sim)
    apply_list(sim, person("Bob B", 1210), person("Ann A", 1201))
    assert_refused(sim, ANN, words=["1200@default", "belongs to", "Bob B"], strategy=strategy)


def test_nor_where_the_entry_names_its_number(sim: Simulator, strategy: str) -> None:
    bob_has_mail(sim)
    wanted = person("Ann A", 1201, voicemail={"number": "1200"})
    assert_refused(sim, wanted, words=["1200@default", "belongs to", "Bob B"], strategy=strategy)


def test_who_has_a_problem_does_not_hinder_the_owner(sim: Simulator, strategy: str) -> None:
    """With continue_on_error only the entry that would take the mailbox fails."""
    bob_has_mail(sim)
    entries = [person("Bob B", 1210), ANN]
    assert_applied(sim, *entries, expected=["updated", "failed"], strategy=strategy, continue_on_error=True)
    assert mailboxes(sim) == {"1200": ["Bob"]}
    assert mailbox_at(sim, 1200).email == "bob@example.org"


@pytest.mark.parametrize("in_order", [True, False])
def test_a_mailbox_that_moves_makes_room(sim: Simulator, strategy: str, in_order: bool) -> None:
    bob_has_mail(sim)
    entries = [person("Bob B", 1210, voicemail={}), ANN]
    expected = ["updated", "created"]
    if not in_order:
        entries, expected = entries[::-1], expected[::-1]
    assert_applied(sim, *entries, expected=expected, strategy=strategy)
    assert mailboxes(sim) == {"1210": ["Bob"], "1200": ["Ann"]}
    assert (mailbox_at(sim, 1210).email, mailbox_at(sim, 1210).password) == ("bob@example.org", "4711")
    assert (mailbox_at(sim, 1200).name, mailbox_at(sim, 1200).email) == ("Ann A", None)
    assert mailbox_at(sim, 1200).password != "4711"


@pytest.mark.parametrize("in_order", [True, False])
def test_a_mailbox_that_goes_makes_room(sim: Simulator, strategy: str, in_order: bool) -> None:
    bob_has_mail(sim)
    entries, expected = [leaver("Bob B"), ANN], ["removed", "created"]
    if not in_order:
        entries, expected = entries[::-1], expected[::-1]
    assert_applied(sim, *entries, expected=expected, strategy=strategy)
    assert mailboxes(sim) == {"1200": ["Ann"]}
    assert (mailbox_at(sim, 1200).name, mailbox_at(sim, 1200).email) == ("Ann A", None)


@pytest.mark.parametrize("names", [True, False], ids=["named", "by number"])
def test_mailboxes_swap_with_their_owners(sim: Simulator, strategy: str, names: bool) -> None:
    def wanted(ann: str, bob: str) -> list[Options]:
        boxes = [{"number": each} if names else {} for each in (ann, bob)]
        return [person("Ann A", ann, voicemail=boxes[0]), person("Bob B", bob, voicemail=boxes[1])]

    apply_list(sim, *wanted("1200", "1201"))
    mailbox_at(sim, 1200).email, mailbox_at(sim, 1201).email = "ann@example.org", "bob@example.org"
    ids = {row.number: row.id for row in sim.database.voicemails}
    assert_applied(sim, *wanted("1201", "1200"), expected=["updated", "updated"], strategy=strategy)
    assert mailboxes(sim) == {"1201": ["Ann"], "1200": ["Bob"]}
    assert (mailbox_at(sim, 1201).email, mailbox_at(sim, 1200).email) == ("ann@example.org", "bob@example.org")
    assert {row.number: row.id for row in sim.database.voicemails} == {"1200": ids["1201"], "1201": ids["1200"]}


# What was interrupted


@pytest.mark.parametrize("kind", ["hang_before", "500_before"])
@pytest.mark.parametrize("named", [{"voicemail": {}}, {}], ids=["named", "unnamed"])
def test_a_lost_deletion_gives_nobody_a_mailbox(
    sim: Simulator, strategy: str, kind: str, named: Options, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The leaver's mailbox stays without a user. The successor gets nothing of it, then or when the list runs again."""
    bob_has_mail(sim)
    entries = [leaver("Bob B", 1200, **named), ANN]
    monkeypatch.setattr(role, "client_of", partial(client_of, timeout=0.3))
    sim.faults.add(Fault(kind, method="DELETE", path="/voicemails/*", times=20))
    assert run(sim, *entries, strategy=strategy).error
    assert "Ann" not in str(mailboxes(sim))
    sim.faults.clear()
    again = run(sim, *entries, strategy=strategy)
    if again.error and not named:
        # Then somebody has to say what becomes of it.
        assert "1200@default" in again.error
        assert mailboxes(sim) in ({"1200": []}, {"1200": ["Bob"]})
        return
    assert not again.error, again.error
    assert mailboxes(sim) == {"1200": ["Ann"]}
    box = mailbox_at(sim, 1200)
    assert (box.name, box.email, box.password) == ("Ann A", None, None)
    assert_unchanged(sim, *entries, strategy=strategy)


# Mailboxes that nobody has


OLD: Options = {"email": "old@example.org", "password": "4711", "max_messages": 7, "attach_audio": True}


def test_a_free_mailbox_is_not_taken_unsaid(sim: Simulator, strategy: str) -> None:
    make_mailbox(sim, 1200, "Old Owner", **OLD)
    assert_refused(sim, ANN, words=["1200@default", "Old Owner", "voicemail.number"], strategy=strategy)


@pytest.mark.parametrize("values", [{}, {"email": "ann@example.org", "password": "0815", "name": "Front desk"}])
def test_of_a_named_mailbox_nothing_old_stays(sim: Simulator, strategy: str, values: Options) -> None:
    make_mailbox(sim, 1200, "Old Owner", **OLD, ask_password=False, pager="old@pager.example.org")
    wanted = person("Ann A", 1200, voicemail={"number": "1200", **values})
    assert_applied(sim, wanted, expected=["created"], strategy=strategy)
    assert mailboxes(sim) == {"1200": ["Ann"]}
    taken = mailbox_at(sim, 1200)
    assert taken.name == values.get("name", "Ann A")
    assert taken.email == values.get("email")
    assert taken.password == values.get("password")
    assert (taken.max_messages, taken.ask_password, taken.delete_messages) == (None, True, False)
    assert not taken.attach_audio
    assert not taken.pager


def test_a_mailbox_of_an_interrupted_run_is_adopted(sim: Simulator, strategy: str) -> None:
    wanted = person("Ann A", 1200, voicemail={"email": "ann@example.org"})
    left = make_mailbox(sim, 1200, "Ann A", email="ann@example.org")
    assert_applied(sim, wanted, expected=["created"], strategy=strategy)
    assert mailbox_at(sim, 1200).id == left.id
    assert mailboxes(sim) == {"1200": ["Ann"]}


def test_one_with_other_values_was_not_interrupted(sim: Simulator, strategy: str) -> None:
    wanted = person("Ann A", 1200, voicemail={"email": "ann@example.org"})
    make_mailbox(sim, 1200, "Ann A", email="old@example.org")
    assert_refused(sim, wanted, words=["1200@default", "voicemail.number"], strategy=strategy)


def test_a_leaver_takes_no_hand_made_mailbox_away(sim: Simulator, strategy: str) -> None:
    apply_list(sim, person("Ann A", 1200))
    make_mailbox(sim, 1200, "Info desk", email="info@example.org")
    before = sim.state()["voicemails"]
    done = assert_applied(sim, leaver("Ann A", 1200, voicemail={}), expected=["removed"], strategy=strategy)
    assert not [each for each in done.results[0]["changes"] if "voicemail" in each]
    assert sim.state()["voicemails"] == before


def test_but_what_an_interrupted_removal_left(sim: Simulator, strategy: str) -> None:
    apply_list(sim, person("Ann A", 1200))
    make_mailbox(sim, 1200, "Ann A", email="ann@example.org")
    assert_applied(sim, leaver("Ann A", 1200, voicemail={}), expected=["removed"], strategy=strategy)
    assert mailboxes(sim) == {}


# Mailboxes of two


def shared(sim: Simulator) -> None:
    """Ann 1200 and Bob 1201 have one mailbox, 1200."""
    apply_list(sim, person("Ann A", 1200), person("Bob B", 1201))
    make_mailbox(sim, 1200, "Office", "Ann A", "Bob B", email="office@example.org", password="4711")
    sim.clear_log()


def test_a_shared_mailbox_stays_where_it_is(sim: Simulator, strategy: str) -> None:
    """Ann gets another number. Her mailbox is Bob's as well, and he dials 1200 for it."""
    shared(sim)
    before = belongings(sim, "Bob B")
    wanted = person("Ann A", 1210, voicemail={})
    assert_applied(sim, wanted, expected=["updated"], strategy=strategy)
    assert mailboxes(sim) == {"1200": ["Ann", "Bob"]}
    assert belongings(sim, "Bob B") == before


def test_it_does_not_move_for_one_of_them(sim: Simulator, strategy: str) -> None:
    shared(sim)
    wanted = person("Ann A", 1210, voicemail={"number": "1210"})
    assert_refused(sim, wanted, words=["1200@default", "Bob B"], strategy=strategy)
    listed = person("Bob B", 1201, user={"userfield": "HR-1"})
    assert_refused(sim, wanted, listed, words=["1200@default", "Bob B"], strategy=strategy)


def test_it_moves_for_all_of_them(sim: Simulator, strategy: str) -> None:
    shared(sim)
    wanted = [
        person("Ann A", 1210, voicemail={"number": "1210"}),
        person("Bob B", 1201, voicemail={"number": "1210"}),
    ]
    assert_applied(sim, *wanted, expected=["updated", "unchanged"], strategy=strategy)
    assert mailboxes(sim) == {"1210": ["Ann", "Bob"]}
    assert mailbox_at(sim, 1210).email == "office@example.org"


@pytest.mark.parametrize("in_order", [True, False])
def test_it_moves_for_the_last_of_them(sim: Simulator, strategy: str, in_order: bool) -> None:
    """Ann leaves, so that Bob has the mailbox alone: it moves in this run, and not only in the next one."""
    shared(sim)
    wanted = [leaver("Ann A", 1200), person("Bob B", 1210, voicemail={})]
    expected = ["removed", "updated"]
    if not in_order:
        wanted, expected = wanted[::-1], expected[::-1]
    assert_applied(sim, *wanted, expected=expected, strategy=strategy)
    assert mailboxes(sim) == {"1210": ["Bob"]}
    assert mailbox_at(sim, 1210).email == "office@example.org"


@pytest.mark.parametrize("in_order", [True, False])
def test_a_successor_does_not_get_a_shared_mailbox(sim: Simulator, strategy: str, in_order: bool) -> None:
    """Ann leaves, Bob keeps the mailbox, and Cleo gets Ann's number."""
    shared(sim)
    entries = [leaver("Ann A", 1200), person("Cleo C", 1200, voicemail={})]
    wanted = entries if in_order else entries[::-1]
    for _run in range(2):
        assert_refused(sim, *wanted, words=["1200@default", "belongs to", "Bob B"], strategy=strategy)
    assert mailboxes(sim) == {"1200": ["Ann", "Bob"]}


# A deletion that does not happen (point 15)


@pytest.mark.parametrize("more", [{}, {"voicemail": {}}], ids=["unnamed", "named"])
def test_who_leaves_a_shared_mailbox_deletes_nothing(sim: Simulator, strategy: str, more: Options) -> None:
    shared(sim)
    before = belongings(sim, "Ann A")
    done = assert_applied(sim, leaver("Bob B", 1201, **more), expected=["removed"], strategy=strategy)
    assert not [each for each in done.results[0]["changes"] if "delete voicemail" in each]
    assert belongings(sim, "Ann A") == before


def test_nor_does_it_ask_the_server_to(sim: Simulator, strategy: str) -> None:
    shared(sim)
    run(sim, leaver("Bob B"), strategy=strategy)
    assert not [each for each in written(sim) if each.startswith("DELETE /voicemails")]


def test_the_last_one_deletes_a_shared_mailbox(sim: Simulator, strategy: str) -> None:
    shared(sim)
    done = assert_applied(
        sim, leaver("Ann A", 1200), leaver("Bob B", 1201), expected=["removed", "removed"], strategy=strategy
    )
    said = [text for each in done.results for text in each["changes"] if "delete voicemail" in text]
    assert said == ["delete voicemail 1200@default"]
    assert mailboxes(sim) == {}


def test_nor_does_a_purge(sim: Simulator, strategy: str) -> None:
    """A purge is bulk; then the list is done in either strategy."""
    shared(sim)
    before = belongings(sim, "Ann A")
    scope: Options = {"purge": True, "purge_limit": 10, "purge_scope": {"context": "default"}}
    done = run(sim, person("Ann A", 1200), **scope)
    (purged,) = done.variables["provision__run"]["purged"]
    assert not [each for each in purged["changes"] if "delete voicemail" in each]
    assert belongings(sim, "Ann A") == before
    assert_unchanged(sim, person("Ann A", 1200), strategy=strategy)


# While the run goes on


@pytest.mark.on("xivo16", "wazo")
@pytest.mark.parametrize("owner", ["Bob B", ""], ids=["of Bob", "of nobody"])
def test_a_mailbox_made_meanwhile_is_not_taken(sim: Simulator, strategy: str, owner: str) -> None:
    """The import of XiVO 16 takes any mailbox of that number, renames it, and says 201 (the plan saw none)."""
    apply_list(sim, person("Bob B", 1201))
    names = [owner] if owner else []
    path = "/users" if sim.generation.name == "wazo" or strategy == "stepwise" else "/users/import"
    sim.faults.add(
        Fault("callback", method="POST", path=path,
              callback=lambda *_: make_mailbox(sim, 1200, "Theirs", *names, email="bob@example.org", password="4711"))
    )  # fmt: skip
    failed = run(
        sim, person("Ann A", 1200, voicemail={"email": "ann@example.org", "password": "0815"}), strategy=strategy
    )
    assert [each["status"] for each in failed.results] == ["failed"]
    assert "1200" in failed.error
    assert mailboxes(sim) == {"1200": [owner[:3]] if owner else []}
    theirs = mailbox_at(sim, 1200)
    assert (theirs.email, theirs.password) == ("bob@example.org", "4711")
    assert theirs.name == ("Ann A" if path == "/users/import" else "Theirs")
    assert not sim.database.users.where(firstname="Ann")
    assert user_row(sim, "Bob B")


def test_the_last_user_of_a_shared_mailbox_takes_it_along(sim: Simulator, strategy: str) -> None:
    """Nobody shares it any more when the entry of the leaver is carried out, so it moves in the same run."""
    shared(sim)
    wanted = [leaver("Ann A"), person("Bob B", 1250, voicemail={})]
    assert_applied(sim, *wanted, expected=["removed", "updated"], strategy=strategy)


def test_nobody_gets_a_mailbox_of_an_entry_that_fails(sim: Simulator, strategy: str) -> None:
    """The other entry shares the mailbox of this one; it gets nothing if this one fails."""
    apply_list(sim, person("Cleo C", 1200, voicemail={}))
    before = belongings(sim, "Cleo C")
    owner = person("Cleo C", 1200, user={"description": "Sales"}, voicemail={"number": "1200", "context": "default"})
    sharer = person("Newer N", 1205, voicemail={"number": "1200", "context": "default"})
    for wanted in ([owner, sharer], [sharer, owner]):
        sim.faults.add(Fault("500_before", method="PUT", path="/users/*", times=4))
        role = run(sim, *wanted, strategy=strategy, continue_on_error=True)
        sim.faults.clear()
        assert {each["status"] for each in role.results} == {"failed"}, role.error
        assert belongings(sim, "Cleo C") == before
        assert "Newer N" not in phone_book(sim)
