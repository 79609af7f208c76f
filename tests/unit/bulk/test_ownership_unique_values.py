# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values that only one may have: who has them, who frees them, and who wants them (design.md, rule 14)."""

from __future__ import annotations

from typing import Any

import pytest

from simulator import Simulator
from support.helpers import Options, apply_list, leaver, line_row, person, user_row
from support.logins import names_of_login_of
from support.ownership import STRATEGIES, assert_applied, assert_refused, belongings, run

YOUNGER = pytest.mark.on("xivo16", "wazo")
pytestmark = STRATEGIES

KINDS = {
    "email": ("user", "ann@example.org", "bob@example.org"),
    "login name": ("user", "ann.login", "bob.login"),
    "SIP username": ("line", "annsip", "bobsip"),
    "code": ("line", "111222", "333444"),
    "login": ("login", "ann.account", "bob.account"),
    "address": ("user", "ann@example.org", "bob@example.org"),
}
FIELDS = {
    "email": "email",
    "login name": "username",
    "SIP username": "username",
    "code": "provisioning_extension",
    "login": "username",
    "address": "email",
}
APIS = ("xivo15", "xivo16", "wazo")
ONLY_ON = {"email": ("xivo16", "wazo"), "address": ("wazo",)}
"""XiVO 15 has no e-mail of users, and only Wazo has an address of a login."""
every_kind = pytest.mark.parametrize(
    ("sim", "kind"),
    [(api, kind) for api in APIS for kind in KINDS if api in ONLY_ON.get(kind, APIS)],
    indirect=["sim"],
)


def with_value(name: str, exten: int, kind: str, value: str | None, **more: Any) -> Options:
    login = {"login": {"username": name.casefold().replace(" ", "-")}} if kind == "address" else {}
    return person(name, exten, **{KINDS[kind][0]: {FIELDS[kind]: value}}, **login, **more)


def value_of(sim: Simulator, name: str, kind: str) -> str | None:
    if sim.generation.name == "wazo" and kind in ("login", "address"):
        return names_of_login_of(sim, name)[kind == "address"]
    row = line_row(sim, name) if KINDS[kind][0] == "line" else user_row(sim, name)
    found: str | None = getattr(row, FIELDS[kind])
    return found


# Wanted by two


@every_kind
def test_two_entries_cannot_have_one_value(sim: Simulator, strategy: str, kind: str) -> None:
    value = KINDS[kind][1]
    wanted = [with_value("Ann A", 1200, kind, value), with_value("Bob B", 1201, kind, value)]
    assert_refused(sim, *wanted, words=["entry 2", value, "is also in entry 1", "Ann A"], strategy=strategy)


@every_kind
def test_the_first_one_gets_it(sim: Simulator, strategy: str, kind: str) -> None:
    value = KINDS[kind][1]
    wanted = [with_value("Ann A", 1200, kind, value), with_value("Bob B", 1201, kind, value), person("Cleo C", 1202)]
    expected = ["created", "failed", "created"]
    assert_applied(sim, *wanted, expected=expected, strategy=strategy, continue_on_error=True)
    assert value_of(sim, "Ann A", kind) == value


@pytest.mark.on("xivo15")
def test_who_share_a_login_name_keep_it(sim: Simulator, strategy: str) -> None:
    """The server takes login names twice (xivo-15.12.md, "users"). A list does not give them twice."""
    apply_list(sim, person("Ann A", 1200), person("Bob B", 1201))
    for row in sim.database.users:
        row.username = "office"
    wanted = [person(name, exten, user={"username": "office"}) for name, exten in (("Ann A", 1200), ("Bob B", 1201))]
    assert_applied(sim, *wanted, expected=["unchanged", "unchanged"], strategy=strategy)


# Somebody has it


@every_kind
def test_what_somebody_has_is_theirs(sim: Simulator, strategy: str, kind: str) -> None:
    value = KINDS[kind][2]
    apply_list(sim, with_value("Bob B", 1201, kind, value), person("Ann A", 1200))
    words = [value, "already belongs to", *(["Bob B"] if KINDS[kind][0] != "line" else [])]
    assert_refused(sim, with_value("Ann A", 1200, kind, value), words=words, strategy=strategy)


@YOUNGER
def test_also_where_their_entry_leaves_it_alone(sim: Simulator, strategy: str) -> None:
    apply_list(sim, person("Bob B", 1201, user={"email": "bob@example.org"}), person("Ann A", 1200))
    wanted = [
        person("Ann A", 1200, user={"email": "bob@example.org"}),
        person("Bob B", 1201, user={"userfield": "HR-1"}),
    ]
    assert_refused(sim, *wanted, words=["bob@example.org", "already belongs to", "Bob B"], strategy=strategy)


@YOUNGER
def test_nobody_takes_an_email_in_other_letters(sim: Simulator, strategy: str) -> None:
    """E-mail is unique without case."""
    apply_list(sim, person("Bob B", 1201, user={"email": "Bob@Example.org"}))
    wanted = person("Ann A", 1200, user={"email": "bob@example.org"})
    assert_refused(sim, wanted, words=["bob@example.org", "already belongs to", "Bob B"], strategy=strategy)


@YOUNGER
def test_nor_do_two_entries(sim: Simulator, strategy: str) -> None:
    emails = {"Ann A": "office@example.org", "Bob B": "OFFICE@example.org"}
    wanted = [person(name, 1200 + index, user={"email": each}) for index, (name, each) in enumerate(emails.items())]
    assert_refused(sim, *wanted, words=["OFFICE@example.org", "is also in entry 1"], strategy=strategy)


@YOUNGER
def test_ones_own_email_may_be_written_otherwise(sim: Simulator, strategy: str) -> None:
    apply_list(sim, person("Bob B", 1201, user={"email": "bob@example.org"}))
    wanted = person("Bob B", 1201, user={"email": "Bob@Example.org"})
    assert_applied(sim, wanted, expected=["updated"], strategy=strategy)
    assert user_row(sim, "Bob B").email == "Bob@Example.org"


@YOUNGER
def test_login_names_differ_by_case(sim: Simulator, strategy: str) -> None:
    names = {"Ann A": "office", "Bob B": "Office"}
    wanted = [person(name, 1200 + index, user={"username": each}) for index, (name, each) in enumerate(names.items())]
    assert_applied(sim, *wanted, expected=["created", "created"], strategy=strategy)


# An entry frees it


@every_kind
def test_a_swap_of_values_works(sim: Simulator, strategy: str, kind: str) -> None:
    _place, first, second = KINDS[kind]
    apply_list(sim, with_value("Ann A", 1200, kind, first), with_value("Bob B", 1201, kind, second))
    wanted = [with_value("Ann A", 1200, kind, second), with_value("Bob B", 1201, kind, first)]
    assert_applied(sim, *wanted, expected=["updated"] * 2, strategy=strategy)
    assert (value_of(sim, "Ann A", kind), value_of(sim, "Bob B", kind)) == (second, first)


@every_kind
@pytest.mark.one_of(2)
@pytest.mark.parametrize("in_order", [True, False])
@pytest.mark.parametrize("how", ["changes", "leaves"])
def test_what_an_entry_frees_is_free(sim: Simulator, strategy: str, kind: str, in_order: bool, how: str) -> None:
    _place, fresh, value = KINDS[kind]
    apply_list(sim, with_value("Bob B", 1201, kind, value), person("Cleo C", 1202))
    before = belongings(sim, "Cleo C")
    bob = with_value("Bob B", 1201, kind, fresh) if how == "changes" else leaver("Bob B")
    wanted = [with_value("Ann A", 1200, kind, value), bob]
    expected = ["created", "removed" if how == "leaves" else "updated"]
    if not in_order:
        wanted, expected = wanted[::-1], expected[::-1]
    assert_applied(sim, *wanted, expected=expected, strategy=strategy)
    assert value_of(sim, "Ann A", kind) == value
    assert belongings(sim, "Cleo C") == before


@YOUNGER
@pytest.mark.parametrize("kind", ["email", "login name", "login"])
def test_what_an_entry_clears_is_free(sim: Simulator, strategy: str, kind: str) -> None:
    value = KINDS[kind][2]
    apply_list(sim, with_value("Bob B", 1201, kind, value))
    wanted = [with_value("Ann A", 1200, kind, value), with_value("Bob B", 1201, kind, "")]
    assert_applied(sim, *wanted, expected=["created", "updated"], strategy=strategy)
    assert (value_of(sim, "Ann A", kind), value_of(sim, "Bob B", kind) or None) == (value, None)


@YOUNGER
def test_a_chain_of_emails_moves(sim: Simulator, strategy: str) -> None:
    """Each gets the address of the next one, and Cleo a new one."""
    names = {"Ann A": "a@example.org", "Bob B": "b@example.org", "Cleo C": "c@example.org"}
    apply_list(sim, *(person(name, 1200 + i, user={"email": each}) for i, (name, each) in enumerate(names.items())))
    after = dict(zip(names, ("b@example.org", "c@example.org", "d@example.org")))
    wanted = [person(name, 1200 + i, user={"email": each}) for i, (name, each) in enumerate(after.items())]
    assert_applied(sim, *wanted, expected=["updated"] * 3, strategy=strategy)
    assert {name: user_row(sim, name).email for name in names} == after


@YOUNGER
def test_who_waits_for_an_address_in_vain_fails(sim: Simulator, strategy: str) -> None:
    """Bob's entry fails, so his address is not free, and Ann's entry fails with it before the first write."""
    apply_list(sim, person("Bob B", 1201, user={"email": "bob@example.org"}), person("Ann A", 1200))
    before = belongings(sim, "Ann A", "Bob B")
    wanted = [
        person("Ann A", 1200, user={"email": "bob@example.org"}),
        person("Bob B", 5000, user={"email": "new@example.org"}),
        person("Cleo C", 1202),
    ]
    expected = ["failed", "failed", "created"]
    assert_applied(sim, *wanted, expected=expected, strategy=strategy, continue_on_error=True)
    assert belongings(sim, "Ann A", "Bob B") == before


# Wazo


@pytest.mark.on("wazo")
@pytest.mark.parametrize(("field", "value"), [("email", "bob@example.org"), ("username", "bob.login")])
def test_a_value_of_another_tenant_is_explained(sim: Simulator, strategy: str, field: str, value: str) -> None:
    """What another tenant has cannot be seen, so that only the server's refusal tells."""
    database: Any = sim.database
    theirs = database.users.insert(firstname="Their", tenant_uuid=database.tenant_named("sub").id, **{field: value})
    failed = run(sim, person("Ann A", 1200, user={field: value}), strategy=strategy)
    assert [each["status"] for each in failed.results] == ["failed"]
    assert value in failed.error
    assert "another tenant" in failed.error
    assert "Run again" not in failed.error
    assert [row.id for row in database.users] == [theirs.id]
    assert len(database.lines) == 0
