# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the planner refuses, in the words that an administrator reads: to the letter, the advice included."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ansible_collections.xivo.confd.plugins.module_utils._model.errors import ConfdError
from ansible_collections.xivo.confd.plugins.module_utils._tasks.associations import (
    ensure_line_extension,
    ensure_user_line,
)
from ansible_collections.xivo.confd.plugins.module_utils._tasks.extension import ensure_extension
from ansible_collections.xivo.confd.plugins.module_utils._tasks.line_sip import ensure_line_sip
from ansible_collections.xivo.confd.plugins.module_utils._tasks.task import Task
from ansible_collections.xivo.confd.plugins.module_utils._tasks.user import ensure_user
from ansible_collections.xivo.confd.plugins.module_utils._tasks.voicemail import ensure_voicemail
from simulator import Simulator
from support.helpers import Options, apply_list, extension_row, leaver, number, perform, person, written

ANN = person("Ann A", 1000, line={"username": "ann"})
BOB = person("Bob B", 1001, line={"username": "bob"})
ANNS = "line ann (id 1) of user Ann A (id 1)"

Case = tuple[Callable[[Task], Options], Options, str]
CASES: dict[str, Case] = {
    "no firstname": (
        ensure_user,
        {"match": {"firstname": "Ann", "lastname": "A"}, "firstname": ""},
        "firstname cannot be empty: confd requires it.",
    ),
    "a line of nowhere": (
        ensure_line_sip,
        {"username": "new"},
        "A new line needs a context. Give the context of its extension.",
    ),
    "a second line": (
        ensure_user_line,
        {"user": {"firstname": "Ann", "lastname": "A"}, "line": {"username": "bob"}},
        "user Ann A (id 1) already has line ann (id 1). Dissociate that line first (confd_user_line). "
        "If another run has just associated it, run again.",
    ),
    "a second number": (
        ensure_line_extension,
        {"line": {"username": "ann"}, "extension": number(1009)},
        "line ann (id 1) already has extension 1000@default. "
        "Change its number to 1009 (confd_extension with its id), or dissociate it first.",
    ),
    "a number of somebody else": (
        ensure_line_extension,
        {"line": {"username": "spare"}, "extension": number(1000)},
        f"1000@default already belongs to {ANNS}. "
        "Dissociate it first (confd_line_extension with state absent), or use another number. "
        "If another run has just associated it, run again.",
    ),
}


@pytest.fixture
def house(sim: Simulator) -> Simulator:
    """Ann 1000, Bob 1001, a free number 1009 and a spare line."""
    apply_list(sim, ANN, BOB)
    perform(sim, ensure_extension, **number(1009))
    perform(sim, ensure_line_sip, username="spare", context="default")
    sim.clear_log()
    return sim


@pytest.mark.parametrize("name", CASES)
def test_what_is_refused_is_said_to_the_letter(name: str, house: Simulator) -> None:
    action, options, words = CASES[name]
    with pytest.raises(ConfdError) as caught:
        perform(house, action, **options)
    assert str(caught.value) == words
    assert written(house) == []


def test_a_number_does_not_move_where_somebody_is(house: Simulator) -> None:
    with pytest.raises(ConfdError) as caught:
        perform(house, ensure_extension, id=extension_row(house, 1000).id, **number(1001))
    assert str(caught.value) == (
        "1001@default already belongs to line bob (id 2) of user Bob B (id 2). "
        "Dissociate it first, or use another number."
    )


@pytest.mark.on("xivo16")
def test_the_caller_id_of_a_line_is_its_users_to_say(sim: Simulator) -> None:
    apply_list(sim, ANN)
    with pytest.raises(ConfdError) as caught:
        perform(sim, ensure_line_sip, username="ann", callerid='"Other" <1000>')
    assert str(caught.value) == (
        "callerid of line ann (id 1) cannot be set: this server makes it from the caller_id of user Ann A (id 1) "
        "and the number. Set the user's caller_id instead."
    )
    perform(sim, ensure_line_sip, username="spare", context="default")
    perform(sim, ensure_line_sip, username="spare", callerid='"Other" <1000>')


def test_a_second_user_of_a_line_is_warned_of(house: Simulator) -> None:
    perform(house, ensure_user, firstname="Cleo")
    done = perform(house, ensure_user_line, user={"firstname": "Cleo"}, line={"username": "ann"})
    assert done["warnings"] == [
        "line ann (id 1) already has a main user, user Ann A (id 1); user Cleo (id 3) becomes a secondary user."
    ]
    with pytest.raises(ConfdError) as caught:
        apply_list(house, leaver("Ann A"))
    assert str(caught.value).endswith(
        "line ann (id 1) of user Ann A (id 1) is shared with user Cleo (id 3). "
        "Dissociate one of the users from it first (confd_user_line)."
    )


@pytest.mark.on("wazo")
def test_who_else_has_a_number_is_listed(house: Simulator) -> None:
    number_of_bob = house.database.line_extensions.first(line_id=2)
    house.database.line_extensions.delete(number_of_bob)
    shared = extension_row(house, 1000).id
    house.database.share_extension(2, shared)
    house.database.share_extension(3, shared)
    with pytest.raises(ConfdError) as caught:
        apply_list(house, leaver("Ann A"))
    assert str(caught.value).endswith(
        "1000@default of user Ann A (id 1) is shared with line bob (id 2) of user Bob B (id 2), line spare (id 3). "
        "Dissociate it from one of the lines first (confd_line_extension)."
    )


@pytest.mark.on("xivo16")
def test_a_user_with_two_lines_on_one_number_goes_whole(house: Simulator) -> None:
    house.database.user_lines.insert(user_id=1, line_id=3, main_user=True, main_line=False)
    house.database.share_extension(3, extension_row(house, 1000).id)
    result = apply_list(house, leaver("Ann A"))
    assert [diff["before_header"] for diff in result["diff"]].count("extension 1000@default") == 1
    assert list(house.database.lines.where()) == [house.database.lines.first(id=2)]


@pytest.mark.on("xivo16")
def test_a_line_besides_the_main_one_can_be_taken_away(house: Simulator) -> None:
    house.database.user_lines.insert(user_id=1, line_id=3, main_user=True, main_line=False)
    parting = {"user": {"id": 1}, "line": {"id": 3}, "state": "absent"}
    assert perform(house, ensure_user_line, **parting)["changed"]
    assert not perform(house, ensure_user_line, **parting)["changed"]
    assert house.database.user_lines.where(user_id=1, line_id=1)


@pytest.mark.on("xivo16")
def test_a_line_moves_to_a_context_that_exists(sim: Simulator) -> None:
    perform(sim, ensure_line_sip, username="spare", context="default")
    with pytest.raises(ConfdError, match="There is no context 'nowhere'"):
        perform(sim, ensure_line_sip, username="spare", id=1, context="nowhere")
    assert perform(sim, ensure_line_sip, username="spare", id=1, context="sales")["changed"]


@pytest.mark.on("xivo16")
def test_a_voicemail_moves_to_a_context_that_exists(sim: Simulator) -> None:
    perform(sim, ensure_voicemail, number="1000", context="default", name="House")
    with pytest.raises(ConfdError, match="There is no context 'nowhere'"):
        perform(sim, ensure_voicemail, id=1, context="nowhere")
    assert perform(sim, ensure_voicemail, id=1, context="sales")["voicemail"]["context"] == "sales"


def test_a_disabled_number_stays_where_it_is(house: Simulator) -> None:
    """Enabling and disabling asks for what the lists leave out, and for no other number."""
    row = extension_row(house, 1000)
    for commented in (True, False):
        options = {**number(1000), "commented": commented}
        assert perform(house, ensure_extension, **options)["diff"][0]["after"] == {"commented": commented}
        assert not perform(house, ensure_extension, **options)["changed"]
    assert extension_row(house, 1000).id == row.id
