# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules about several values of an object: what the plan leaves on the server decides, not what an entry gives."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.xivo.confd.plugins.module_utils._backends.registry import GENERATIONS
from ansible_collections.xivo.confd.plugins.module_utils._model.errors import InputError, PlanError, RequestError
from ansible_collections.xivo.confd.plugins.module_utils._model.rules import CombinationRule
from ansible_collections.xivo.confd.plugins.module_utils._tasks.associations import ensure_user_line
from ansible_collections.xivo.confd.plugins.module_utils._tasks.line_sip import ensure_line_sip
from ansible_collections.xivo.confd.plugins.module_utils._tasks.user import ensure_user
from ansible_collections.xivo.confd.plugins.module_utils._tasks.voicemail import ensure_voicemail
from simulator import Simulator
from support.helpers import apply_list, backend_of, perform, person, statuses, unchanged_after, user_row, written

EVERY_GENERATION = pytest.mark.on(*GENERATIONS)
YOUNGER = pytest.mark.on("xivo16", "wazo")
X, Y = "x" * 100, "y" * 100
TESTED = {
    "_explain_long_name",
    "_explain_quote",
    "_explain_long_voicemail",
    "_explain_deletion",
    "_explain_fallback",
    "_explain_forward",
}


def named(lastname: int, **user: Any) -> dict[str, Any]:
    """Return an entry of a user with a first name of 100 characters, and a last name of so many."""
    return person(f"{X} {'y' * lastname}", 1200, user=user)


def test_every_combination_is_tested_here() -> None:
    rules = {rule for backend in GENERATIONS.values() for rule in backend.rules if isinstance(rule, CombinationRule)}
    assert {rule.explain.__name__ for rule in rules} == TESTED


# A name of which no caller ID can be made


@EVERY_GENERATION
@pytest.mark.always
def test_a_name_too_long_for_its_caller_id_is_refused(sim: Simulator) -> None:
    with pytest.raises(RequestError):
        backend_of(sim).client.post("/users", {"firstname": X, "lastname": Y[:58]})
    sim.clear_log()
    with pytest.raises(InputError, match="firstname and lastname have 159 characters together"):
        perform(sim, ensure_user, firstname=X, lastname=Y[:58])
    with pytest.raises(PlanError, match="firstname and lastname have 159 characters together"):
        apply_list(sim, person("Bob", 1201), named(58))
    assert written(sim) == []


@EVERY_GENERATION
@pytest.mark.always
@pytest.mark.parametrize("entry", [named(57), named(58, caller_id="Short")], ids=["158", "caller_id"])
def test_a_long_name_with_a_short_caller_id_is_stored(sim: Simulator, entry: dict[str, Any]) -> None:
    apply_list(sim, entry)
    assert unchanged_after(sim, entry)


@EVERY_GENERATION
@pytest.mark.always
def test_a_rename_to_a_name_too_long_is_refused(sim: Simulator) -> None:
    apply_list(sim, person(f"{X} Lee", 1200, user={"userfield": "HR-1"}))
    sim.clear_log()
    with pytest.raises(InputError, match="firstname and lastname have 159 characters together"):
        perform(sim, ensure_user, match={"userfield": "HR-1"}, lastname=Y[:58])
    assert written(sim) == []


# A first name that begins with a quotation mark


@YOUNGER
@pytest.mark.always
def test_a_quote_at_the_beginning_and_a_line_are_refused(sim: Simulator) -> None:
    user = backend_of(sim).client.post("/users", {"firstname": '"Ann', "lastname": "Lee"})
    perform(sim, ensure_line_sip, username="ann12345", context="default")
    with pytest.raises(RequestError):
        backend_of(sim).client.put(f"/users/{user['id']}/lines/1", {})
    sim.clear_log()
    with pytest.raises(InputError, match="begins with a quotation mark"):
        perform(sim, ensure_user_line, user={"id": user["id"]}, line={"id": 1})
    with pytest.raises(PlanError, match="begins with a quotation mark"):
        apply_list(sim, person('"Bob Lee', 1201))
    assert written(sim) == []


@YOUNGER
@pytest.mark.always
@pytest.mark.parametrize(
    "entry",
    [person('"Ann Lee'), person('"Ann Lee', 1200, user={"caller_id": "Ann"}), person('A"nn Lee', 1200)],
    ids=["no line", "caller_id", "inside"],
)
def test_a_quote_that_does_no_harm_is_stored(sim: Simulator, entry: dict[str, Any]) -> None:
    apply_list(sim, entry)
    assert unchanged_after(sim, entry)


# A name that is too long for the voicemail that is named after it


@pytest.mark.on("xivo16")
def test_a_name_too_long_for_the_voicemail_is_refused(sim: Simulator) -> None:
    """The association succeeds, but no change of the user does afterwards."""
    apply_list(sim, person(f"{X[:40]} {Y[:40]}", 1200))
    backend_of(sim).client.post("/voicemails", {"name": "Ann", "number": "1200", "context": "default"})
    backend_of(sim).client.put("/users/1/voicemails/1", {})
    with pytest.raises(RequestError):
        backend_of(sim).client.put("/users/1", {"description": "x"})
    sim.clear_log()
    with pytest.raises(InputError, match=r"have 81 characters together, but the server names the voicemail"):
        perform(sim, ensure_user, match={"id": 1}, description="x")
    with pytest.raises(PlanError, match=r"have 81 characters together, but the server names the voicemail"):
        apply_list(sim, person(f"{X[:40]} {'z' * 40}", 1201, voicemail={"name": "Zed"}))
    assert written(sim) == []


@pytest.mark.on("xivo16")
def test_a_voicemail_for_a_name_too_long_is_refused(sim: Simulator) -> None:
    apply_list(sim, person(f"{X[:40]} {Y[:40]}", 1200))
    sim.clear_log()
    with pytest.raises(InputError, match=r"have 81 characters together"):
        perform(sim, ensure_voicemail, number="1200", context="default", name="Ann", user={"id": 1})
    assert written(sim) == []


@pytest.mark.on("xivo16")
def test_a_name_that_fits_the_voicemail_is_stored(sim: Simulator) -> None:
    entry = person(f"{X[:40]} {Y[:39]}", 1200, voicemail={"email": "a@x.org"})
    apply_list(sim, entry)
    assert unchanged_after(sim, entry)


# delete_messages without what it requires


@pytest.mark.on("wazo")
@pytest.mark.parametrize("more", [{}, {"email": "a@x.org"}, {"attach_audio": True}], ids=str)
def test_delete_messages_alone_is_refused(sim: Simulator, more: dict[str, Any]) -> None:
    values = {"delete_messages": True, **more}
    with pytest.raises(RequestError):
        backend_of(sim).client.post("/voicemails", {"name": "A", "number": "1200", "context": "default", **values})
    sim.clear_log()
    with pytest.raises(InputError, match="delete_messages of the voicemail requires email and attach_audio"):
        perform(sim, ensure_voicemail, number="1200", context="default", name="A", **values)
    with pytest.raises(PlanError, match="delete_messages of the voicemail requires email and attach_audio"):
        apply_list(sim, person("Ann Lee", 1200, voicemail=values))
    assert written(sim) == []


@pytest.mark.on("wazo")
def test_delete_messages_of_an_existing_voicemail_is_written(sim: Simulator) -> None:
    """The server validates the body alone, so the address and the flag that it has already are sent again."""
    apply_list(sim, person("Ann Lee", 1200, voicemail={"email": "a@x.org", "attach_audio": True}))
    with pytest.raises(RequestError, match="email must be provided"):
        backend_of(sim).client.put("/voicemails/1", {"delete_messages": True})
    entry = person("Ann Lee", 1200, voicemail={"delete_messages": True})
    assert statuses(apply_list(sim, entry)) == ["updated"]
    assert unchanged_after(sim, entry)
    row = sim.database.voicemails.get(1)
    assert (row.email, row.attach_audio, row.delete_messages) == ("a@x.org", True, True)


@pytest.mark.on("wazo")
def test_delete_messages_needs_the_address_that_is_stored(sim: Simulator) -> None:
    apply_list(sim, person("Ann Lee", 1200, voicemail={"attach_audio": True}))
    sim.clear_log()
    with pytest.raises(PlanError, match="Set email as well, or leave delete_messages out"):
        apply_list(sim, person("Ann Lee", 1200, voicemail={"delete_messages": True}))
    assert written(sim) == []


# A mobile number that calls fall back to


@pytest.mark.on("wazo")
def test_the_number_of_a_mobile_fallback_is_not_removed(sim: Simulator) -> None:
    entry = person("Ann Lee", 1200, user={"mobile_phone_number": "0612"})
    apply_list(sim, entry)
    user_row(sim, "Ann Lee").mobile_fallback_enabled = True
    assert unchanged_after(sim, entry)
    with pytest.raises(RequestError, match="PSTN fallback must be disabled"):
        backend_of(sim).client.put("/users/1", {"mobile_phone_number": None})
    sim.clear_log()
    for act in (
        lambda: perform(sim, ensure_user, match={"id": 1}, mobile_phone_number=""),
        lambda: apply_list(sim, person("Ann Lee", 1200, user={"mobile_phone_number": ""})),
    ):
        with pytest.raises((InputError, PlanError), match="mobile_phone_number cannot be removed while"):
            act()
    assert written(sim) == []


# What the server has already


@YOUNGER
@pytest.mark.always
def test_an_unchanged_entry_with_such_values_stays_valid(sim: Simulator) -> None:
    entry = person("Ann Lee", 1200, voicemail={"email": "a@x.org"})
    apply_list(sim, entry)
    row = user_row(sim, "Ann Lee")
    row.firstname, row.caller_id = f'"{X}', f'"{X}"'
    assert unchanged_after(sim, {**entry, "user": {"firstname": f'"{X}', "lastname": "Lee"}})


# A forward without a destination


@YOUNGER
@pytest.mark.always
def test_all_forwards_without_destination_are_named(sim: Simulator) -> None:
    lacking = {name: {"enabled": True} for name in ("busy", "unconditional")}
    with pytest.raises(RequestError):
        backend_of(sim).client.put("/users/1/forwards", lacking)
    sim.clear_log()
    said = r"forwards.busy is enabled, but has no destination.* forwards.unconditional is enabled"
    with pytest.raises(PlanError, match=said):
        apply_list(sim, person("Bob", 1201), person("Ann", 1200, forwards=lacking))
    assert written(sim) == []
