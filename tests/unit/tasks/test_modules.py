# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a single module does beyond creating and removing: numbers that change context, lines by whose they are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from ansible_collections.xivo.confd.plugins.module_utils._backends.registry import choose_backend
from ansible_collections.xivo.confd.plugins.module_utils._model.errors import ConflictError, InputError
from ansible_collections.xivo.confd.plugins.module_utils._model.sip_usernames import username_prefix
from ansible_collections.xivo.confd.plugins.module_utils._tasks.associations import (
    ensure_line_extension,
    ensure_user_line,
)
from ansible_collections.xivo.confd.plugins.module_utils._tasks.extension import ensure_extension
from ansible_collections.xivo.confd.plugins.module_utils._tasks.line_sip import ensure_line_sip
from ansible_collections.xivo.confd.plugins.module_utils._tasks.user import ensure_user
from simulator import Context, Range, Simulator
from support.helpers import (
    EVERYWHERE,
    apply_list,
    counts,
    extension_row,
    line_row,
    number,
    own_extensions,
    perform,
    person,
    phone_book,
    written,
)
from support.servers import CONTEXTS

ADA = {"firstname": "Ada", "lastname": "A"}

pytestmark = EVERYWHERE


@pytest.fixture
def ada(sim: Simulator) -> Simulator:
    """Ada A, 1200, called from outside by 2200."""
    apply_list(sim, person("Ada A", 1200, 2200))
    sim.clear_log()
    return sim


@pytest.fixture
def wide(sim: Simulator) -> Iterator[Simulator]:
    """A server of the same generation that has one more context for calls from outside: abroad."""
    abroad = Context("abroad", "incall", (Range("2000", "2999"),))
    with Simulator(api=sim.generation.name, tls=False, contexts=(*CONTEXTS, abroad), seed=1) as simulator:
        yield simulator


# Extensions


@pytest.mark.parametrize(
    ("exten", "wanted", "expected"),
    [
        (1200, number(4000, "sales"), ("4000", ["2200"])),
        (1200, {"context": "sales"}, ("1200", ["2200"])),
        (2200, {"exten": "1300", "context": "default"}, None),
    ],
)
def test_another_context(ada: Simulator, exten: int, wanted: dict[str, Any], expected: Any) -> None:
    options = {"id": extension_row(ada, exten).id, **wanted}
    if expected is None:
        with pytest.raises(ConflictError, match="already has extension 1200@default"):
            perform(ada, ensure_extension, **options)
        return
    predicted = perform(ada, ensure_extension, check=True, **options)
    assert written(ada) == []
    done = perform(ada, ensure_extension, **options)
    assert done["diff"] == predicted["diff"]
    assert phone_book(ada) == {"Ada A": expected}
    assert not perform(ada, ensure_extension, **options)["changed"]


@pytest.mark.always
@pytest.mark.on("xivo16", "wazo")
def test_an_incall_moves_to_another_incall_context(wide: Simulator) -> None:
    apply_list(wide, person("Ada A", 1200, 2200))
    options = {"id": extension_row(wide, 2200).id, "context": "abroad"}
    predicted = perform(wide, ensure_extension, check=True, **options)
    done = perform(wide, ensure_extension, **options)
    assert done["diff"] == predicted["diff"]
    assert phone_book(wide) == {"Ada A": ("1200", ["2200"])}
    assert not perform(wide, ensure_extension, **options)["changed"]


@pytest.mark.always
@pytest.mark.on("xivo16", "wazo")
def test_a_moved_incall_keeps_what_the_web_interface_has_set(wide: Simulator) -> None:
    apply_list(wide, person("Ada A", 1200, 2200))
    (incall,) = wide.database.incalls
    incall.description, incall.preprocess_subroutine = "hotline", "greet"
    incall.destination = {**incall.destination, "ring_time": 20.0}
    for values in ({"context": "abroad"}, {"exten": "2201"}, {"exten": "2202", "context": "from-extern"}):
        result = perform(wide, ensure_extension, id=incall.extension_id, **values)
        assert result["changed"]
        assert result["warnings"] == []
    (kept,) = wide.database.incalls
    assert (kept.exten, kept.context) == ("2202", "from-extern")
    assert (kept.description, kept.preprocess_subroutine) == ("hotline", "greet")
    assert kept.destination["ring_time"] == 20.0


@pytest.mark.parametrize("check", [True, False])
@pytest.mark.on("xivo15")
def test_xivo15_says_what_a_moved_incall_loses(sim: Simulator, check: bool) -> None:
    apply_list(sim, person("Ada A", 1200, 2200))
    result = perform(sim, ensure_extension, check, id=extension_row(sim, 2200).id, exten="2201")
    (warning,) = result["warnings"]
    assert warning.startswith("extension 2200@from-extern: this server creates the incall again for the new number.")
    assert perform(sim, ensure_extension, id=extension_row(sim, 1200).id, exten="1201")["warnings"] == []


def test_an_internal_number_becomes_the_incall_of_its_user(ada: Simulator) -> None:
    perform(ada, ensure_extension, id=extension_row(ada, 1200).id, exten="2300", context="from-extern")
    assert phone_book(ada) == {"Ada A": (None, ["2200", "2300"])}


@pytest.mark.always
@pytest.mark.on("xivo16", "wazo")
def test_an_extension_without_user_becomes_an_idle_incall(sim: Simulator) -> None:
    perform(sim, ensure_extension, **number(1200))
    perform(sim, ensure_line_sip, username="spare", context="default")
    perform(sim, ensure_line_extension, line={"username": "spare"}, extension=number(1200))
    perform(sim, ensure_extension, id=extension_row(sim, 1200).id, exten="2300", context="from-extern")
    assert own_extensions(sim) == ["2300"]
    assert counts(sim)["line_extensions"] == counts(sim)["incalls"] == 0


@pytest.mark.on("xivo15")
def test_an_unknown_context_is_taken_for_internal(wide: Simulator) -> None:
    apply_list(wide, person("Ada A", 1200, 2200))
    wide.clear_log()
    with pytest.raises(ConflictError, match="already has extension 1200@default"):
        perform(wide, ensure_extension, id=extension_row(wide, 2200).id, context="abroad")
    assert written(wide) == []


def test_no_other_context_with_a_phone(ada: Simulator) -> None:
    ada.database.put_device_on_line(1, "dev1")
    with pytest.raises(ConflictError, match=r"cannot be moved to another context while .* a phone \(device dev1\)"):
        perform(ada, ensure_extension, id=extension_row(ada, 1200).id, context="sales")


def test_a_taken_number_is_not_taken_over(ada: Simulator) -> None:
    apply_list(ada, person("Bob B", 1201))
    with pytest.raises(ConflictError, match=r"1200@default already belongs to line \S+ \(id 1\) of user Ada A"):
        perform(ada, ensure_extension, id=extension_row(ada, 1201).id, exten="1200")


def test_an_id_that_is_not_there(sim: Simulator) -> None:
    with pytest.raises(InputError, match="There is no extension with id 999"):
        perform(sim, ensure_extension, id=999, exten="1200")
    with pytest.raises(InputError, match="There is no SIP line with id 999"):
        perform(sim, ensure_line_sip, id=999, context="default")
    assert not perform(sim, ensure_extension, id=999, state="absent")["changed"]
    assert not perform(sim, ensure_line_sip, id=999, state="absent")["changed"]


@pytest.mark.parametrize("check", [True, False])
def test_new_does_not_change_an_existing_extension(ada: Simulator, check: bool) -> None:
    with pytest.raises(ConflictError, match=r"extension 1200@default already exists \(id \d+\), but this task"):
        perform(ada, ensure_extension, check=check, **number(1200), commented=True, new=True)
    assert written(ada) == []
    assert perform(ada, ensure_extension, check=check, **number(1201), new=True)["changed"]


# Lines


def test_the_line_of_a_user_or_a_number(ada: Simulator) -> None:
    for match in ({"user": ADA}, {"user": number(1200)}, {"extension": number(1200)}):
        assert perform(ada, ensure_line_sip, match=match)["line_sip"]["id"] == line_row(ada, "Ada A").id
    assert written(ada) == []


def test_a_line_for_a_number_is_made_once(sim: Simulator) -> None:
    match = {"extension": number(1200)}
    first = perform(sim, ensure_line_sip, match=match)
    assert first["changed"]
    assert first["line_sip"]["context"] == "default"
    assert first["line_sip"]["username"].startswith(username_prefix("1200@default"))
    again = perform(sim, ensure_line_sip, match=match)
    assert (again["changed"], again["line_sip"]["id"]) == (False, first["line_sip"]["id"])


def test_a_line_for_a_user_is_made_once(sim: Simulator) -> None:
    perform(sim, ensure_user, **ADA)
    options: dict[str, Any] = {"match": {"user": ADA}, "context": "default"}
    predicted, done = (perform(sim, ensure_line_sip, check=check, **options) for check in (True, False))
    assert predicted["diff"][0]["before_header"] == done["diff"][0]["before_header"]
    assert not perform(sim, ensure_line_sip, **options)["changed"]
    assert counts(sim)["lines"] == 1


@pytest.mark.parametrize("check", [True, False])
def test_new_does_not_change_an_existing_line(ada: Simulator, check: bool) -> None:
    """Whether somebody has it, or it was made for that number and belongs to nobody yet."""
    perform(ada, ensure_line_sip, match={"extension": number(1201)})
    ada.clear_log()
    for exten in (1200, 1201):
        with pytest.raises(ConflictError, match=r"line \w+ \(id \d+\) already exists .*, but this task must create it"):
            perform(ada, ensure_line_sip, check=check, match={"extension": number(exten)}, secret="k8sd2pq7", new=True)
    assert written(ada) == []
    assert perform(ada, ensure_line_sip, check=check, match={"extension": number(1202)}, new=True)["changed"]


def test_a_number_of_an_id_that_is_not_there_is_nobodys_line(ada: Simulator) -> None:
    with pytest.raises(InputError, match="There is no extension with id 999"):
        perform(ada, ensure_line_sip, match={"extension": {"id": 999}})


def test_a_username_of_somebody_else_is_not_what_match_means(ada: Simulator) -> None:
    apply_list(ada, person("Bob B", 1201, line={"username": "bob"}))
    perform(ada, ensure_user, firstname="Cleo")
    ada.clear_log()
    with pytest.raises(
        ConflictError,
        match=r"username bob is in use: match does not identify line bob \(id 2\), which is associated with user Bob B",
    ):
        perform(ada, ensure_line_sip, match={"user": {"firstname": "Cleo"}}, username="bob", context="default")
    assert written(ada) == []


def test_a_new_line_needs_a_context(sim: Simulator) -> None:
    with pytest.raises(InputError, match="A new line needs a context"):
        perform(sim, ensure_line_sip, username="ada")


def test_only_what_is_given_is_managed(ada: Simulator) -> None:
    line = line_row(ada, "Ada A")
    secret = line.secret
    perform(ada, ensure_line_sip, id=line.id, device_slot=2)
    line = line_row(ada, "Ada A")
    assert (line.device_slot, line.secret, line.callerid) == (2, secret, '"Ada A" <1200>')


@pytest.mark.on("xivo15")  # the others make it of the user's caller ID
def test_the_callerid_of_a_line_can_be_emptied(ada: Simulator) -> None:
    perform(ada, ensure_line_sip, id=1, callerid="")
    assert line_row(ada, "Ada A").callerid is None
    assert not perform(ada, ensure_line_sip, id=1, callerid="")["changed"]


# Taking apart


def test_taking_apart_with_the_single_modules(ada: Simulator) -> None:
    steps: list[tuple[Any, dict[str, Any]]] = [
        (ensure_line_extension, {"line": number(1200), "extension": number(2200)}),
        (ensure_extension, number(2200)),
        (ensure_line_extension, {"line": {"id": 1}, "extension": number(1200)}),
        (ensure_extension, number(1200)),
        (ensure_user_line, {"user": ADA, "line": {"id": 1}}),
        (ensure_line_sip, {"id": 1}),
        (ensure_user, ADA),
    ]
    for action, options in steps:
        assert perform(ada, action, state="absent", **options)["changed"]
    assert not any(counts(ada).values())
    for action, options in steps:
        assert not perform(ada, action, state="absent", **options)["changed"]


@pytest.mark.parametrize(
    ("action", "options"),
    [
        (ensure_user_line, {"user": ADA, "line": {"id": 1}}),
        (ensure_line_extension, {"line": {"id": 1}, "extension": number(1200)}),
    ],
)
def test_nothing_is_taken_off_a_line_that_has_a_phone(ada: Simulator, action: Any, options: dict[str, Any]) -> None:
    ada.database.put_device_on_line(1, "dev1")
    with pytest.raises(ConflictError, match=r"has a phone \(device dev1\)\. Reset the phone to autoprov first"):
        perform(ada, action, state="absent", **options)
    predicted = perform(ada, action, check=True, state="absent", **options)
    assert any("A real run fails here unless an earlier task changes this" in each for each in predicted["warnings"])
    assert written(ada) == []


def test_dissociating_an_unused_extension_changes_nothing(ada: Simulator) -> None:
    perform(ada, ensure_line_sip, username="spare", context="default")
    perform(ada, ensure_extension, **number(1300))
    ada.clear_log()
    pair = {"line": {"username": "spare"}, "extension": number(1300)}
    assert not perform(ada, ensure_line_extension, state="absent", **pair)["changed"]
    assert written(ada) == []


def test_associations_of_what_belongs_to_others_are_left_alone(ada: Simulator) -> None:
    apply_list(ada, person("Bob B", 1201))
    assert not perform(ada, ensure_user_line, user=ADA, line=number(1201), state="absent")["changed"]
    pair = {"line": number(1201), "extension": number(1200)}
    assert not perform(ada, ensure_line_extension, state="absent", **pair)["changed"]
    with pytest.raises(
        ConflictError, match=r"user Ada A \(id 1\) already has line \S+ \(id 1\)\. Dissociate that line"
    ):
        perform(ada, ensure_user_line, user=ADA, line=number(1201))


def test_a_missing_part_of_a_present_association(sim: Simulator) -> None:
    with pytest.raises(InputError, match="There is no user with firstname 'Ada'"):
        perform(sim, ensure_user_line, user=ADA, line={"id": 1})
    with pytest.raises(InputError, match="There is no SIP line with id 1"):
        perform(sim, ensure_line_extension, line={"id": 1}, extension=number(1200))


def test_an_unknown_generation() -> None:
    with pytest.raises(InputError, match="confd_api is 'xivo99', which this release does not support"):
        choose_backend("xivo99", None)  # type: ignore[arg-type]


def test_an_incall_that_nobody_has_may_become_internal(ada: Simulator) -> None:
    incall = extension_row(ada, 2200).id
    perform(ada, ensure_line_extension, line=number(1200), extension=number(2200), state="absent")
    perform(ada, ensure_extension, id=incall, exten="1300", context="default")
    assert own_extensions(ada) == ["1200", "1300"]
