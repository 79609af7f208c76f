# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a single module does beyond creating and removing: numbers that change context, lines by whose they are."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.xivo.confd.plugins.module_utils._ensure import (
    ensure_extension,
    ensure_line_extension,
    ensure_line_sip,
    ensure_user,
    ensure_user_line,
)
from ansible_collections.xivo.confd.plugins.module_utils._errors import ConflictError, InputError
from ansible_collections.xivo.confd.plugins.module_utils._identity import username_prefix
from simulator import Simulator
from unit.helpers import (
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

ADA = {"firstname": "Ada", "lastname": "A"}

pytestmark = EVERYWHERE


@pytest.fixture
def ada(sim: Simulator) -> Simulator:
    """Ada A, 1200, called from outside by 2200."""
    apply_list(sim, person("Ada A", 1200, 2200))
    sim.clear_log()
    return sim


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
        with pytest.raises(ConflictError, match="has the number 1200@default already"):
            perform(ada, ensure_extension, **options)
        return
    predicted = perform(ada, ensure_extension, check=True, **options)
    assert written(ada) == []
    done = perform(ada, ensure_extension, **options)
    assert done["diff"] == predicted["diff"]
    assert phone_book(ada) == {"Ada A": expected}
    assert not perform(ada, ensure_extension, **options)["changed"]


def test_no_other_context_with_a_phone(ada: Simulator) -> None:
    ada.world.put_device_on_line(1, "dev1")
    with pytest.raises(ConflictError, match=r"1200@default cannot change its context while .* a phone \(device dev1\)"):
        perform(ada, ensure_extension, id=extension_row(ada, 1200).id, context="sales")


def test_a_taken_number_is_not_taken_over(ada: Simulator) -> None:
    apply_list(ada, person("Bob B", 1201))
    with pytest.raises(ConflictError, match=r"1200@default is taken: it belongs to line \S+ \(id 1\) of user Ada A"):
        perform(ada, ensure_extension, id=extension_row(ada, 1201).id, exten="1200")


def test_an_id_that_is_not_there(sim: Simulator) -> None:
    with pytest.raises(InputError, match="There is no extension with id 999"):
        perform(sim, ensure_extension, id=999, exten="1200")
    with pytest.raises(InputError, match="There is no line with id 999"):
        perform(sim, ensure_line_sip, id=999, context="default")
    assert not perform(sim, ensure_extension, id=999, state="absent")["changed"]
    assert not perform(sim, ensure_line_sip, id=999, state="absent")["changed"]


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


def test_associations_of_what_belongs_to_others_are_left_alone(ada: Simulator) -> None:
    apply_list(ada, person("Bob B", 1201))
    assert not perform(ada, ensure_user_line, user=ADA, line=number(1201), state="absent")["changed"]
    pair = {"line": number(1201), "extension": number(1200)}
    assert not perform(ada, ensure_line_extension, state="absent", **pair)["changed"]
    with pytest.raises(ConflictError, match=r"user Ada A \(id 1\) has line \S+ \(id 1\) already\. Dissociate that one"):
        perform(ada, ensure_user_line, user=ADA, line=number(1201))


def test_a_missing_part_of_a_present_association(sim: Simulator) -> None:
    with pytest.raises(InputError, match="There is no user with firstname 'Ada'"):
        perform(sim, ensure_user_line, user=ADA, line={"id": 1})
    with pytest.raises(InputError, match="There is no SIP line with id 1"):
        perform(sim, ensure_line_extension, line={"id": 1}, extension=number(1200))


def test_an_unknown_generation() -> None:
    from ansible_collections.xivo.confd.plugins.module_utils._backends import choose_backend  # noqa: PLC0415

    with pytest.raises(InputError, match="confd_api 'xivo99' is not served by this release"):
        choose_backend("xivo99", None)  # type: ignore[arg-type]


def test_an_incall_that_nobody_has_may_become_internal(ada: Simulator) -> None:
    incall = extension_row(ada, 2200).id
    perform(ada, ensure_line_extension, line=number(1200), extension=number(2200), state="absent")
    perform(ada, ensure_extension, id=incall, exten="1300", context="default")
    assert own_extensions(ada) == ["1200", "1300"]
