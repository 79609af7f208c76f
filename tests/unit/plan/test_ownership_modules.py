# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The single modules look as well whose a value is, before they write (design.md, rule 14)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ansible_collections.xivo.confd.plugins.module_utils._model.errors import ConfdError, ConflictError
from ansible_collections.xivo.confd.plugins.module_utils._tasks.line_sip import ensure_line_sip
from ansible_collections.xivo.confd.plugins.module_utils._tasks.task import Task
from ansible_collections.xivo.confd.plugins.module_utils._tasks.user import ensure_user
from simulator import Simulator
from support.helpers import EVERYWHERE, Options, apply_list, line_row, number, perform, person, user_row, written
from support.ownership import belongings

YOUNGER = pytest.mark.on("xivo16", "wazo")
pytestmark = pytest.mark.always
BOB = {"firstname": "Bob", "lastname": "B"}
Action = Callable[[Task], Options]


@pytest.fixture
def two(sim: Simulator) -> Simulator:
    """Ann and Bob, each with a line of a name and a code of its own."""
    ann, bob = ({"username": f"{name}sip", "provisioning_extension": code} for name, code in
                (("ann", "111222"), ("bob", "333444")))  # fmt: skip
    apply_list(sim, person("Ann A", 1200, line=ann), person("Bob B", 1201, line=bob))
    user_row(sim, "Ann A").username = "ann.login"
    if sim.generation.name != "xivo15":
        user_row(sim, "Ann A").email = "ann@example.org"
    sim.clear_log()
    return sim


def assert_refused(sim: Simulator, action: Action, *words: str, **options: Any) -> None:
    """Check mode and the run are errors before the first write, with a message that contains the words."""
    before = sim.state()
    for check in (True, False):
        with pytest.raises(ConflictError) as caught:
            perform(sim, action, check, **options)
        assert [word for word in words if word not in str(caught.value)] == [], str(caught.value)
        assert (written(sim), sim.state() == before) == ([], True)


def assert_applied(sim: Simulator, action: Action, **options: Any) -> None:
    """Check mode predicts a change, the run makes it, and the second run makes none."""
    before = sim.state()
    assert perform(sim, action, True, **options)["changed"]
    assert (written(sim), sim.state() == before) == ([], True)
    assert perform(sim, action, False, **options)["changed"]
    sim.clear_log()
    assert not perform(sim, action, False, **options)["changed"]
    assert written(sim) == []


# Users


@YOUNGER
@pytest.mark.parametrize(("field", "value"), [("email", "ann@example.org"), ("username", "ann.login")])
@pytest.mark.parametrize("who", [BOB, {"firstname": "New", "lastname": "N"}], ids=["changed", "new"])
def test_a_value_of_another_user(two: Simulator, who: Options, field: str, value: str) -> None:
    assert_refused(two, ensure_user, value, "already belongs to", "Ann A", **who, **{field: value})


@YOUNGER
def test_an_email_of_another_user_in_other_letters(two: Simulator) -> None:
    assert_refused(two, ensure_user, "ANN@example.org", "Ann A", **BOB, email="ANN@example.org")


@YOUNGER
@pytest.mark.parametrize(("field", "value"), [("email", "Ann@Example.org"), ("username", "Ann.Login")])
def test_ones_own_value_in_other_letters(two: Simulator, field: str, value: str) -> None:
    assert_applied(two, ensure_user, firstname="Ann", lastname="A", **{field: value})


@YOUNGER
def test_a_login_name_in_other_letters_is_another(two: Simulator) -> None:
    assert_applied(two, ensure_user, **BOB, username="Ann.login")


@YOUNGER
@pytest.mark.parametrize("value", ["", "free@example.org"])
def test_a_value_that_nobody_has(two: Simulator, value: str) -> None:
    before = belongings(two, "Ann A")
    user_row(two, "Bob B").email = "bob@example.org"
    assert_applied(two, ensure_user, **BOB, email=value)
    assert belongings(two, "Ann A") == before


@pytest.mark.on("wazo")
@pytest.mark.parametrize(("field", "value"), [("email", "x@example.org"), ("username", "x.login")])
def test_a_value_of_another_tenant(two: Simulator, field: str, value: str) -> None:
    database: Any = two.database
    database.users.insert(firstname="Their", tenant_uuid=database.tenant_named("sub").id, **{field: value})
    with pytest.raises(ConfdError) as caught:
        perform(two, ensure_user, **BOB, **{field: value})
    assert value in str(caught.value)
    assert "another tenant" in str(caught.value)
    assert "run again" not in str(caught.value).lower()


# Lines


@EVERYWHERE
def test_the_sip_username_of_another_line(two: Simulator) -> None:
    """On Wazo two lines would have it."""
    line = line_row(two, "Bob B").id
    assert_refused(two, ensure_line_sip, "annsip", id=line, username="annsip")


@EVERYWHERE
@pytest.mark.parametrize("match", ["user", "extension"])
def test_however_the_line_is_named(two: Simulator, match: str) -> None:
    reference: Options = {"user": BOB, "extension": number(1201)}
    assert_refused(two, ensure_line_sip, "annsip", match={match: reference[match]}, username="annsip")


@EVERYWHERE
def test_the_code_of_another_line(two: Simulator) -> None:
    """A telephone on which somebody dials it would get either line."""
    line = line_row(two, "Bob B").id
    words = ["111222", "already belongs to", "annsip"]
    assert_refused(two, ensure_line_sip, *words, id=line, provisioning_extension="111222")


@EVERYWHERE
def test_the_code_of_another_line_for_a_new_one(two: Simulator) -> None:
    words = ["111222", "already belongs to", "annsip"]
    new = {"username": "newsip", "context": "default"}
    assert_refused(two, ensure_line_sip, *words, **new, provisioning_extension="111222")


@EVERYWHERE
@pytest.mark.parametrize(("field", "value"), [("username", "freesip"), ("provisioning_extension", "555666")])
def test_a_value_that_no_line_has(two: Simulator, field: str, value: str) -> None:
    before = belongings(two, "Ann A")
    assert_applied(two, ensure_line_sip, id=line_row(two, "Bob B").id, **{field: value})
    assert belongings(two, "Ann A") == before


@EVERYWHERE
@pytest.mark.parametrize(("field", "value"), [("username", "bobsip"), ("provisioning_extension", "333444")])
def test_ones_own_value_is_no_conflict(two: Simulator, field: str, value: str) -> None:
    result = perform(two, ensure_line_sip, id=line_row(two, "Bob B").id, **{field: value})
    assert (result["changed"], written(two)) == (False, [])
