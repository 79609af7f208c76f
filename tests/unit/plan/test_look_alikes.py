# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names and ids that look equal are the same one, however server and list spell them, and are written in NFC."""

from __future__ import annotations

import pytest

from ansible_collections.xivo.confd.plugins.module_utils._bulk.provision import provision
from ansible_collections.xivo.confd.plugins.module_utils._model.errors import InputError, PlanError
from ansible_collections.xivo.confd.plugins.module_utils._tasks.associations import ensure_user_line
from ansible_collections.xivo.confd.plugins.module_utils._tasks.info import read_users
from ansible_collections.xivo.confd.plugins.module_utils._tasks.user import ensure_user
from simulator import Simulator
from support.helpers import apply_list, perform, person

COMPOSED = "Zo\u00e9"
SPELLINGS = {
    "decomposed": "Zoe\u0301",
    "zero-width blank": "Zo\u200b\u00e9",
    "zero-width joiner": "Z\u200do\u00e9",
    "byte order mark": "\ufeffZo\u00e9",
    "soft hyphen": "Zo\u00ad\u00e9",
    "no-break blank at the end": "Zo\u00e9\u00a0",
    "blank at the end": "Zo\u00e9 ",
}
ARCHER = "van Archer"
NO_BREAK = "van\u00a0Archer"
ID = "HR-1"

every_spelling = pytest.mark.parametrize("spelling", SPELLINGS.values(), ids=SPELLINGS)
every_generation = pytest.mark.on("xivo15", "xivo16", "wazo")


def add_by_hand(sim: Simulator, firstname: str, userfield: str = "") -> int:
    """Somebody whom the web interface has stored as it got them, with a telephone."""
    apply_list(sim, person("Somebody", 1250))
    (row,) = sim.database.users
    row.firstname, row.lastname, row.userfield = firstname, NO_BREAK, userfield
    return int(row.id)


@every_generation
@every_spelling
def test_a_list_finds_the_person(sim: Simulator, spelling: str) -> None:
    add_by_hand(sim, spelling)
    names = {"firstname": COMPOSED, "lastname": ARCHER}
    for entry in ({"user": names, "extension": {"exten": "1250", "context": "default"}}, {"user": names}):
        result = apply_list(sim, entry)
        assert [each["status"] for each in result["results"]] == ["unchanged"]
    assert len(list(sim.database.users)) == 1


@every_generation
@every_spelling
def test_a_list_in_another_spelling_finds_the_person(sim: Simulator, spelling: str) -> None:
    apply_list(sim, person(f"{COMPOSED} Archer", 1250))
    entry = person("Somebody", 1250, user={"firstname": spelling, "lastname": "Archer"})
    assert not apply_list(sim, entry)["changed"]


@every_generation
@every_spelling
def test_a_module_finds_the_person(sim: Simulator, spelling: str) -> None:
    user_id = add_by_hand(sim, spelling)
    result = perform(sim, ensure_user, firstname=COMPOSED, lastname=ARCHER)
    assert (result["changed"], result["user"]["id"]) == (False, user_id)
    reference = {"firstname": spelling, "lastname": ARCHER}
    line = {"exten": "1250", "context": "default"}
    assert not perform(sim, ensure_user_line, user=reference, line=line)["changed"]


@every_generation
@every_spelling
def test_an_info_module_finds_the_person(sim: Simulator, spelling: str) -> None:
    user_id = add_by_hand(sim, spelling)
    for question in ({"filters": {"firstname": spelling}}, {"search": f"{COMPOSED} {ARCHER}"}):
        assert [each["id"] for each in perform(sim, read_users, **question)["users"]] == [user_id]


@every_generation
@pytest.mark.parametrize("spelling", [f"{ID} ", f"{ID}\u00a0", f"\u200b{ID}", "HR-\u20601"])
def test_an_id_finds_the_person(sim: Simulator, spelling: str) -> None:
    user_id = add_by_hand(sim, COMPOSED, userfield=spelling)
    entry = {"match": {"userfield": ID}, "user": {"firstname": COMPOSED, "lastname": ARCHER}}
    assert not apply_list(sim, entry)["changed"]
    assert perform(sim, ensure_user, match={"userfield": ID}, firstname=COMPOSED)["user"]["id"] == user_id
    again = {"match": {"userfield": spelling}, "user": {"firstname": COMPOSED, "userfield": ID}}
    assert not apply_list(sim, again)["changed"]


@every_generation
@every_spelling
def test_names_are_written_in_nfc(sim: Simulator, spelling: str) -> None:
    user = {"firstname": spelling, "lastname": NO_BREAK, "userfield": f"{ID} "}
    apply_list(sim, {"user": user})
    (row,) = sim.database.users
    assert (row.firstname, row.lastname, row.userfield) == (COMPOSED, ARCHER, ID)
    assert not apply_list(sim, {"user": user})["changed"]


def test_secrets_are_written_as_they_are(sim: Simulator) -> None:
    apply_list(sim, {"user": {"firstname": "Ann", "password": "Zoe\u0301 \u00a0"}})
    (row,) = sim.database.users
    assert row.password == "Zoe\u0301 \u00a0"


def test_a_list_with_one_person_in_two_spellings_is_refused(sim: Simulator) -> None:
    with pytest.raises(PlanError, match="several entries have this name"):
        perform(sim, provision, users=[{"user": {"firstname": each}} for each in (COMPOSED, SPELLINGS["decomposed"])])


def test_a_purge_keeps_who_is_spelt_in_another_way(sim: Simulator) -> None:
    add_by_hand(sim, SPELLINGS["decomposed"], userfield="HR-1 ")
    entry = {"match": {"userfield": ID}, "user": {"firstname": COMPOSED, "lastname": ARCHER}}
    assert not apply_list(sim, entry, purge=True, purge_scope={"userfield": "HR\u200b-"})["changed"]


def test_what_nobody_sees_identifies_nobody(sim: Simulator) -> None:
    apply_list(sim, person("Ann Archer", 1250))
    before = sim.state()
    with pytest.raises(PlanError, match=r"match\.userfield has only invisible characters"):
        perform(sim, provision, users=[{"match": {"userfield": "\u200b"}, "user": {"firstname": "Bob"}}])
    with pytest.raises(InputError, match=r"user\.username has only invisible characters"):
        perform(sim, ensure_user_line, user={"username": "\ufeff"}, line={"id": 1})
    with pytest.raises(InputError, match="purge_scope is empty"):
        perform(sim, provision, users=[person("Bob", 1251)], purge=True, purge_scope={"userfield": "\u200b"})
    assert sim.state() == before


def test_the_message_says_what_differs(sim: Simulator) -> None:
    """A Cyrillic letter is another one, and the message would otherwise show the same name twice."""
    apply_list(sim, person("\u0410nn Archer", 1250))
    said = (
        r"1250@default already belongs to .*The two names look alike, but character 1 is U\+0041 "
        r"\(LATIN CAPITAL LETTER A\) in the entry and U\+0410 \(CYRILLIC CAPITAL LETTER A\) on the server. Correct one"
    )
    with pytest.raises(PlanError, match=said):
        perform(sim, provision, users=[person("Ann Archer", 1250)])
