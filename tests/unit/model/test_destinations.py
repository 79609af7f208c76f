# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Destinations as people write them and as servers store them."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.xivo.confd.plugins.module_utils._model.destination_types import TYPES
from ansible_collections.xivo.confd.plugins.module_utils._model.destinations import (
    Destination,
    Wish,
    destination_of,
    parse_destination,
)
from ansible_collections.xivo.confd.plugins.module_utils._model.errors import InputError, UnreadableError
from ansible_collections.xivo.confd.plugins.module_utils._model.records import User

WRITTEN: list[tuple[dict[str, Any], Any, tuple[tuple[str, Any], ...]]] = [
    ({"voicemail": "own"}, "own", ()),
    ({"voicemail": {"number": 1300, "context": "default"}}, {"number": "1300", "context": "default"}, ()),
    ({"user": {"firstname": "Ann"}, "ring_seconds": 20.0}, {"firstname": "Ann"}, (("ring_seconds", 20),)),
    ({"user": {"id": "3", "lastname": None}}, {"id": "3"}, ()),
    ({"group": "sales", "ring_seconds": "7.5"}, "sales", (("ring_seconds", 7.5),)),
    ({"group": {"id": 3}}, {"id": 3}, ()),
    ({"extension": {"exten": "1300", "context": "default"}}, ("1300", "default"), ()),
    ({"sound": "closed", "skip": False, "no_answer": True}, "closed", (("no_answer", True),)),
    ({"hangup": "busy", "timeout": 4}, "busy", (("timeout", 4),)),
    ({"custom": "Playback(closed)"}, "Playback(closed)", ()),
    ({"queue": {"id": 3}}, {"id": 3}, ()),
    ({"outcall": {"id": 3}, "exten": "00331"}, {"id": 3}, (("exten", "00331"),)),
]
REFUSED = [
    ("busy", "fallbacks.busy is 'busy'. Give a dictionary with one of these types"),
    ({}, "has no key, but it needs exactly one type"),
    ({"usr": {"id": 3}}, "has usr, but it needs exactly one type. Did you mean user?"),
    ({"user": {"id": 3}, "group": "sales"}, "has user, group, but it needs exactly one type"),
    ({"hangup": "bsy"}, "fallbacks.busy.hangup is 'bsy'. Valid values: busy, congestion, normal"),
    (
        {"hangup": "busy", "ring_seconds": 3},
        "unknown key 'ring_seconds' beside hangup. Valid keys beside it: time",
    ),
    ({"user": "Ann Archer"}, "fallbacks.busy.user is 'Ann Archer'. Give a dictionary with id, "),
    ({"user": {}}, "fallbacks.busy.user has no value"),
    ({"extension": {"context": "default"}}, "fallbacks.busy.extension needs a number and its context together"),
    ({"voicemail": "Own"}, "fallbacks.busy.voicemail is 'Own'. Give a dictionary with id, number, context or own"),
    ({"group": ""}, "fallbacks.busy.group is empty"),
    ({"queue": {"id": "three"}}, "fallbacks.busy.queue.id is 'three', which is not an id"),
    ({"user": {"id": 3}, "ring_seconds": -1}, "fallbacks.busy.ring_seconds is -1. It must be a number of seconds"),
    ({"user": {"id": 3}, "ring_seconds": True}, "fallbacks.busy.ring_seconds is True"),
    ({"sound": "x", "skip": "yes"}, "fallbacks.busy.skip is 'yes'. It must be true or false"),
    ({"outcall": {"id": 3}}, "fallbacks.busy.exten is missing"),
]
STORED: list[tuple[dict[str, Any], Destination]] = [
    (
        {"type": "user", "user_id": 3, "ring_time": 20.0, "user_firstname": "Ann", "user_lastname": None},
        Destination("user", 3, (("ring_seconds", 20),)),
    ),
    (
        {"type": "voicemail", "voicemail_id": 3, "skip_instructions": False, "greeting": None, "voicemail_name": "A"},
        Destination("voicemail", 3),
    ),
    ({"type": "hangup", "cause": "busy", "timeout": 4.0}, Destination("hangup", "busy", (("timeout", 4),))),
    ({"type": "extension", "exten": "1300", "context": "default"}, Destination("extension", ("1300", "default"))),
]


@pytest.mark.parametrize(("written", "reference", "details"), WRITTEN)
def test_what_people_write(written: dict[str, Any], reference: Any, details: tuple[tuple[str, Any], ...]) -> None:
    (kind,) = written.keys() & TYPES.keys()
    assert parse_destination(written, "fallbacks.busy") == Wish(kind, reference, details, "fallbacks.busy")


@pytest.mark.parametrize(("written", "message"), REFUSED)
def test_what_is_refused_says_what_is_valid(written: Any, message: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_destination(written, "fallbacks.busy")
    assert message in str(caught.value)


@pytest.mark.parametrize(("shown", "destination"), STORED)
def test_what_servers_show(shown: dict[str, Any], destination: Destination) -> None:
    found = destination_of(shown)
    assert found == destination
    assert found is not None
    assert destination_of({**found.body(), "user_firstname": "Ann"} if "user_id" in shown else found.body()) == found


def test_none_is_no_destination() -> None:
    assert destination_of({"type": "none"}) is None


@pytest.mark.parametrize("shown", ["user", {"type": 3}, {}, ["user"]])
def test_what_is_no_destination_is_said(shown: Any) -> None:
    with pytest.raises(UnreadableError, match="as a destination"):
        destination_of(shown)


def test_what_people_cannot_write_stays_as_it_is() -> None:
    shown = {"type": "application", "application": "disa", "context": "default", "pin": "1234"}
    found = destination_of(shown)
    assert found is not None
    assert found.body() == shown
    assert "1234" not in str(found.words)
    assert found != destination_of({**shown, "pin": "1235"})
    newer = destination_of({"type": "user", "user_id": 3, "whisper": "x", "user_firstname": "Ann"})
    assert newer is not None
    assert newer.stored


def test_a_target_without_a_name_is_dead() -> None:
    dead = destination_of({"type": "user", "user_id": 6, "ring_time": None})
    assert dead is not None
    assert dead.is_dead


def test_a_new_target_is_the_same_with_its_id() -> None:
    user = User(fields={"firstname": "Ann"})
    planned = Destination("user", user)
    assert planned == Destination("user", user) != Destination("user", User())
    with pytest.raises(AssertionError, match="user Ann does not exist yet"):
        planned.body()
    user.id = 3
    assert planned == Destination("user", 3)
    assert planned.body() == {"type": "user", "user_id": 3}
