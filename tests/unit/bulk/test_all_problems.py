# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""All problems of a list are reported in one run, before the first write (design.md, rule 3)."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.xivo.confd.plugins.module_utils._model.errors import InputError, PlanError
from ansible_collections.xivo.confd.plugins.module_utils._tasks.user import ensure_user
from ansible_collections.xivo.confd.plugins.module_utils._tasks.voicemail import ensure_voicemail
from simulator import Simulator
from support.helpers import EVERYWHERE, apply_list, number, perform, person, written

LONG = "x" * 129


def problems(sim: Simulator, *entries: dict[str, Any], **options: Any) -> list[str]:
    """Return the problems of a list, which writes nothing."""
    sim.clear_log()
    with pytest.raises(PlanError) as caught:
        apply_list(sim, *entries, **options)
    assert written(sim) == []
    return caught.value.problems


@pytest.mark.on("xivo16", "wazo")
@pytest.mark.always
@pytest.mark.parametrize("check", [True, False])
def test_a_wrong_context_hides_no_number_out_of_range(sim: Simulator, check: bool) -> None:
    entries = [
        person("Ann A", extension=number(1200, "nope")),
        person("Bob B", 9999),
        person("Cleo C", extension=number(1200, "from-extern")),
        person("Dan D", 1203, 1204),
        person("Eve E", 1205),
    ]
    found = problems(sim, *entries, check=check)
    assert [text.partition(",")[0] for text in found] == ["entry 1", "entry 2", "entry 3", "entry 4"]
    words = ["There is no context 'nope'", "9999@default is outside", "cannot be an internal extension", "1204@default"]
    assert all(word in text for word, text in zip(words, found)), found


@EVERYWHERE
@pytest.mark.always
def test_an_entry_reports_the_problems_of_all_its_parts(sim: Simulator) -> None:
    entry = person(
        "Ann A",
        1200,
        user={"userfield": LONG, "mobile_phone_number": "call me"},
        line={"provisioning_extension": "12a456", "device_slot": -1},
        voicemail={"password": "12a", "pager": LONG},
    )
    (found,) = problems(sim, entry)
    words = ("userfield", "mobile_phone_number", "provisioning_extension", "device_slot", "password", "pager")
    assert [word for word in words if f"{word} " not in found] == []


@EVERYWHERE
@pytest.mark.always
def test_a_conflict_of_one_entry_hides_no_value_of_another(sim: Simulator) -> None:
    apply_list(sim, person("Zoe Z", 1299))
    found = problems(sim, person("Ann A", 1299), person("Bob B", 1201, user={"userfield": LONG}))
    assert ["1299@default already belongs" in found[0], "userfield" in found[1]] == [True, True]


@EVERYWHERE
@pytest.mark.always
def test_a_conflict_hides_no_value_of_the_same_entry(sim: Simulator) -> None:
    apply_list(sim, person("Zoe Z", 1299))
    (found,) = problems(sim, person("Ann A", 1299, user={"userfield": LONG}))
    assert "1299@default already belongs" in found
    assert "userfield" in found


def test_a_module_reports_all_values_at_once(sim: Simulator) -> None:
    with pytest.raises(InputError) as caught:
        perform(sim, ensure_user, firstname="Ann", userfield=LONG, language="x" * 21, mobile_phone_number="me")
    assert [word in caught.value.message for word in ("userfield", "language", "mobile_phone_number")] == [True] * 3


@EVERYWHERE
def test_a_value_that_is_stored_already_stays_valid(sim: Simulator) -> None:
    apply_list(sim, person("Ann A", 1200))
    sim.database.users.get(1).mobile_phone_number = "call me"
    assert apply_list(sim, person("Ann A", 1200, user={"mobile_phone_number": "call me"}))["changed"] is False


@pytest.mark.on("xivo15", "xivo16")
@pytest.mark.always
def test_a_secret_that_is_stored_already_stays_valid(sim: Simulator) -> None:
    apply_list(sim, person("Ann A", 1200))
    sim.database.lines.get(1).secret = "ä" * 81
    assert apply_list(sim, person("Ann A", 1200, line={"secret": "ä" * 81}))["changed"] is False


# Caller IDs that only look empty


@EVERYWHERE
@pytest.mark.always
@pytest.mark.parametrize("value", ['""', " ", '"', ' " "', '"\u200b"'])
def test_a_caller_id_of_quotes_and_blanks_is_refused(sim: Simulator, value: str) -> None:
    with pytest.raises(InputError, match="caller_id .* has only quotes and blanks"):
        perform(sim, ensure_user, firstname="Ann", caller_id=value)
    assert "has only quotes and blanks" in problems(sim, person("Ann A", 1200, user={"caller_id": value}))[0]
    apply_list(sim, person("Ann A", 1200, user={"caller_id": "Front Desk"}))
    assert "has only quotes and blanks" in problems(sim, person("Ann A", 1200, user={"caller_id": value}))[0]


@EVERYWHERE
def test_an_empty_caller_id_is_the_one_that_the_server_makes(sim: Simulator) -> None:
    entry = person("Ann A", 1200, user={"caller_id": ""})
    apply_list(sim, person("Ann A", 1200, user={"caller_id": "Front Desk"}))
    assert apply_list(sim, entry)["changed"] is True
    assert apply_list(sim, entry)["changed"] is False


# What a generation cannot check


@EVERYWHERE
@pytest.mark.always
def test_the_time_zone_of_a_voicemail_is_unchecked(sim: Simulator) -> None:
    apply_list(sim, person("Ann A", 1200))
    texts = ["whether the server has the time zone of a voicemail"]
    if sim.generation.name == "xivo15":
        texts.append("whether the server has the language of a voicemail")
    values = {"timezone": "eu-fr", "language": "fr_FR"}
    listed = apply_list(sim, person("Ann A", 1200, voicemail=values), check=True)
    single = perform(sim, ensure_voicemail, True, number="1201", context="default", name="A", **values)
    plain = apply_list(sim, person("Ann A", 1200, voicemail={"email": "a@x.org"}), check=True)
    for text in texts:
        assert (text in listed["unchecked"], text in single["unchecked"], text in plain["unchecked"]) == (
            True,
            True,
            False,
        )


@EVERYWHERE
@pytest.mark.always
def test_a_time_zone_that_stays_is_not_unchecked(sim: Simulator) -> None:
    entry = person("Ann A", 1200, voicemail={"timezone": "eu-fr"})
    apply_list(sim, entry)
    assert not [text for text in apply_list(sim, entry, check=True)["unchecked"] if "time zone" in text]
