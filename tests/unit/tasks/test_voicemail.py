# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Voicemails: created, changed and removed as wanted."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.xivo.confd.plugins.module_utils._model.errors import ConflictError, InputError
from ansible_collections.xivo.confd.plugins.module_utils._model.masking import masked
from simulator import Simulator
from support.helpers import EVERYWHERE, written
from support.voicemails import ANNA, JOHNNY, KEY, ensure, owners

pytestmark = EVERYWHERE


# Create, change, remove


def test_create_is_predicted_done_and_done_once(people: Simulator) -> None:
    wanted = {**KEY, "user": JOHNNY, "password": "4711", "max_messages": 9, "attach_audio": True}
    predicted = ensure(people, check=True, **wanted)
    assert written(people) == []

    first = ensure(people, **wanted)
    assert written(people)[0] == "POST /voicemails" and len(written(people)) == 2
    assert first["voicemail"].items() <= {**people.state()["voicemails"][0], "id": 1}.items()
    assert {**predicted["voicemail"], "id": 1} == {**first["voicemail"], "predicted": True}
    assert predicted["diff"][0] == first["diff"][0]
    assert owners(people) == {1: (1, True)}

    people.clear_log()
    assert ensure(people, **wanted)["changed"] is False
    assert written(people) == []


def test_a_new_voicemail_needs_a_name(people: Simulator) -> None:
    with pytest.raises(InputError, match="A new voicemail needs name"):
        ensure(people, **KEY)


def test_the_name_is_the_user_s_if_none_is_given(people: Simulator) -> None:
    assert ensure(people, **KEY, user=JOHNNY)["voicemail"]["name"] == "Johnny Depp"
    assert ensure(people, number="1999", context="default", name="House")["voicemail"]["name"] == "House"


def test_a_user_of_the_task_before_in_check_mode(people: Simulator) -> None:
    user = {"id": None, "predicted": True, "firstname": "New", "lastname": "One"}

    result = ensure(people, check=True, **KEY, user=user)

    assert result["voicemail"]["name"] == "New One"
    assert result["warnings"] == []
    with pytest.raises(InputError, match="predicted"):
        ensure(people, **KEY, user=user)


CHANGES = {
    "name": "House",
    "email": "office@example.org",
    "language": "fr_FR",
    "timezone": "eu-fr",
    "pager": "p@example.org",
    "max_messages": 5,
    "attach_audio": True,
    "delete_messages": True,
    "ask_password": False,
    "password": "0815",
}
CLEARED = ("email", "language", "timezone", "pager", "password")


@pytest.mark.parametrize(("field", "value"), CHANGES.items(), ids=CHANGES)
def test_each_field_of_a_used_voicemail_changes_once(johnny: Simulator, field: str, value: Any) -> None:
    if field == "delete_messages":
        # Wazo requires both before delete_messages (wazo-26.08.md, "5.6 Voicemail").
        vars(johnny.database.voicemails.get(1)).update(email="johnny@example.org", attach_audio=True)
    predicted = ensure(johnny, check=True, **KEY, **{field: value})
    assert written(johnny) == []

    first = ensure(johnny, **KEY, **{field: value})
    assert list(first["diff"][0]["after"]) == [field]
    assert first["diff"] == predicted["diff"]
    assert getattr(johnny.database.voicemails.get(1), field) == value
    assert owners(johnny) == {1: (1, True)}

    assert ensure(johnny, **KEY, **{field: value})["changed"] is False


@pytest.mark.parametrize("field", CLEARED)
def test_an_empty_text_clears(johnny: Simulator, field: str) -> None:
    setattr(johnny.database.voicemails.get(1), field, CHANGES[field])

    assert ensure(johnny, **KEY, **{field: ""})["voicemail"][field] is None
    assert ensure(johnny, **KEY, **{field: ""})["changed"] is False
    assert getattr(johnny.database.voicemails.get(1), field) is None


def test_what_is_left_out_is_not_touched(johnny: Simulator) -> None:
    assert ensure(johnny, **KEY, email=None, ask_password=None)["changed"] is False
    assert johnny.database.voicemails.get(1).password == "4711"
    assert owners(johnny) == {1: (1, True)}


def test_a_name_cannot_be_emptied(johnny: Simulator) -> None:
    with pytest.raises(InputError, match="name of voicemail 1200@default cannot be empty"):
        ensure(johnny, **KEY, name="")


def test_on_create_keeps_the_password_of_a_voicemail(johnny: Simulator) -> None:
    assert ensure(johnny, **KEY, password="0815", update_password="on_create")["changed"] is False


def test_passwords_are_masked(johnny: Simulator) -> None:
    result = masked(ensure(johnny, **KEY, password="081508150815"))

    assert "0815" not in repr(result)
    assert result["diff"][0]["before"] == {"password": "********"}


def test_renumber(johnny: Simulator) -> None:
    first = ensure(johnny, id=1, number="1300")

    assert first["diff"][0]["before"] == {"number": "1200"}
    assert johnny.database.voicemails.get(1).number == "1300"
    assert owners(johnny) == {1: (1, True)}
    assert ensure(johnny, id=1, number=1300)["changed"] is False


def test_the_number_of_another_voicemail_is_refused(johnny: Simulator) -> None:
    ensure(johnny, number="1201", context="default", name="Anna")
    johnny.clear_log()

    with pytest.raises(ConflictError, match=r"voicemail 1201@default already exists \(id 2\)"):
        ensure(johnny, id=1, number="1201")
    assert written(johnny) == []


@pytest.mark.parametrize("check", [True, False])
def test_new_does_not_change_an_existing_voicemail(johnny: Simulator, check: bool) -> None:
    johnny.clear_log()
    with pytest.raises(ConflictError, match=r"voicemail 1200@default already exists \(id 1\), but this task"):
        ensure(johnny, check, **KEY, name="Anna", user=ANNA, new=True)
    assert written(johnny) == []
    assert ensure(johnny, check, number="1201", context="default", name="Anna", new=True)["changed"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"number": "1200"}, "number and context are required to identify a voicemail"),
        ({"number": "", "context": "default"}, "number and context are required to identify a voicemail"),
        ({"number": "12a", "context": "default"}, "number is '12a', which is not a valid extension number"),
        ({"number": 50331648, "context": "default"}, "quotes"),
        ({"id": 4711, "name": "x"}, "There is no voicemail with id 4711"),
        ({**KEY, "user": {"firstname": "Nobody"}}, "There is no user with firstname 'Nobody'"),
        ({**KEY, "user": {"nope": 1}}, "user has unknown keys: nope"),
    ],
)
@pytest.mark.parametrize("check", [True, False])
def test_bad_input(people: Simulator, options: dict[str, Any], message: str, check: bool) -> None:
    with pytest.raises(InputError, match=message):
        ensure(people, check, **options)
    assert written(people) == []


def test_remove_and_remove_again(johnny: Simulator) -> None:
    predicted = ensure(johnny, check=True, **KEY, state="absent")
    assert written(johnny) == []

    first = ensure(johnny, **KEY, state="absent")
    assert first["diff"] == predicted["diff"]
    assert first["voicemail"]["id"] == 1
    assert johnny.state()["voicemails"] == [] and owners(johnny) == {}

    again = ensure(johnny, **KEY, state="absent")
    assert (again["changed"], again["voicemail"]) == (False, None)
