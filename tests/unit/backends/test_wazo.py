# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is Wazo's own: SIP endpoints, contexts by label, incalls, look-ups, the number of requests."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from ansible_collections.xivo.confd.plugins.module_utils._backends.wazo import backend as wazo_backend
from ansible_collections.xivo.confd.plugins.module_utils._model.errors import (
    ConfdError,
    InputError,
    PlanError,
    UnsupportedError,
)
from ansible_collections.xivo.confd.plugins.module_utils._tasks.export import export
from ansible_collections.xivo.confd.plugins.module_utils._tasks.extension import ensure_extension
from ansible_collections.xivo.confd.plugins.module_utils._tasks.info import read_users
from ansible_collections.xivo.confd.plugins.module_utils._tasks.line_sip import ensure_line_sip
from ansible_collections.xivo.confd.plugins.module_utils._tasks.user import ensure_user
from simulator import Context, Fault, Range, Request, Simulator
from support.helpers import (
    apply_list,
    asked,
    backend_of,
    changes,
    leaver,
    number,
    perform,
    person,
    statuses,
    unchanged_after,
    written,
)

ACCOUNT = [["username", "ann"], ["password", "abc"]]
AUTH = "/api/auth/0.1"
CONTEXTS = (
    Context("ctx-1-internal", "internal", (Range("1000", "1999"),), label="default"),
    Context("ctx-2-incall", "incall", (Range("2000", "2999"),), label="from-extern"),
    Context("ctx-3-internal", "internal", (Range("1000", "1999"),), label="twice"),
    Context("ctx-4-internal", "internal", (Range("1000", "1999"),), label="twice"),
)


@pytest.fixture
def labelled() -> Iterator[Simulator]:
    with Simulator(api="wazo", tls=False, seed=1, contexts=CONTEXTS) as simulator:
        yield simulator


def endpoint(wazo: Simulator) -> Any:
    (row,) = wazo.database.endpoints
    return row


def templates(wazo: Simulator) -> list[str]:
    return [wazo.database.templates.get(uuid).label for uuid in endpoint(wazo).templates]


# SIP endpoints


def test_a_new_line_has_a_complete_endpoint(wazo: Simulator) -> None:
    apply_list(wazo, person("Ann", 1200))
    row = endpoint(wazo)
    assert row.name == row.auth("username")
    assert len(row.auth("password")) >= 16
    assert templates(wazo) == ["global"]


def test_two_lines_have_different_secrets(wazo: Simulator) -> None:
    apply_list(wazo, person("Ann", 1200), person("Ben", 1201))
    assert len({row.auth("password") for row in wazo.database.endpoints}) == 2


def test_username_and_secret_are_never_made_again(wazo: Simulator) -> None:
    apply_list(wazo, person("Ann", 1200))
    before = list(endpoint(wazo).auth_section_options)
    assert statuses(apply_list(wazo, person("Ann", 1200, line={"device_slot": 1}))) == ["unchanged"]
    apply_list(wazo, person("Ann", 1300, line={"device_slot": 2}))
    assert endpoint(wazo).auth_section_options == before


def test_a_secret_is_compared_and_changed_alone(wazo: Simulator) -> None:
    entry = person("Ann", 1200, line={"username": "ann.a-1", "secret": "first-secret"})
    apply_list(wazo, entry)
    assert statuses(apply_list(wazo, entry)) == ["unchanged"]
    endpoint(wazo).auth_section_options.append(["realm", "asterisk"])
    result = apply_list(wazo, person("Ann", 1200, line={"username": "ann.a-1", "secret": "other-secret"}))
    assert changes(result) == ["update line ann.a-1 (id 1): secret"]
    assert dict(endpoint(wazo).auth_section_options) == {
        "username": "ann.a-1",
        "password": "other-secret",
        "realm": "asterisk",
    }


@pytest.mark.parametrize("check", [True, False])
@pytest.mark.parametrize("username", ["ann@home", "global", "system", "a" * 80, "Zo\u00e9"])
def test_a_username_that_is_no_section_name(wazo: Simulator, username: str, check: bool) -> None:
    entry = person("Ann", 1200, line={"username": username})
    with pytest.raises(PlanError, match="of the SIP line cannot be stored: it must be 1 to 79 of a-z A-Z 0-9"):
        apply_list(wazo, entry, check=check)
    with pytest.raises(InputError, match="of the SIP line cannot be stored: it must be 1 to 79 of a-z A-Z 0-9"):
        perform(wazo, ensure_line_sip, check, username=username, context="default")
    assert written(wazo) == []


def test_a_long_username_is_stored(wazo: Simulator) -> None:
    apply_list(wazo, person("Ann", 1200, line={"username": "a" * 79}))
    assert (endpoint(wazo).auth("username"), endpoint(wazo).name) == ("a" * 79, "a" * 79)


def test_a_new_username_is_the_name_of_the_endpoint_too(wazo: Simulator) -> None:
    apply_list(wazo, person("Ann", 1200, line={"username": "ann-1"}))
    apply_list(wazo, person("Ann", 1200, line={"username": "ann-2"}))
    assert (endpoint(wazo).auth("username"), endpoint(wazo).name) == ("ann-2", "ann-2")
    assert unchanged_after(wazo, person("Ann", 1200, line={"username": "ann-2"}))
    perform(wazo, ensure_line_sip, id=1, username="ann-3")
    assert (endpoint(wazo).auth("username"), endpoint(wazo).name) == ("ann-3", "ann-3")


@pytest.mark.parametrize("check", [True, False])
def test_the_name_of_another_endpoint_is_taken(wazo: Simulator, check: bool) -> None:
    apply_list(wazo, person("Ann", 1200, line={"username": "ann-1"}))
    endpoint(wazo).auth_section_options[0] = ["username", "ann-2"]
    ben = person("Ben", 1201, line={"username": "ann-1"})
    with pytest.raises(PlanError, match=r"SIP username 'ann-1' already belongs to line ann-2 \(id 1\) of user Ann"):
        apply_list(wazo, ben, check=check)
    assert len(wazo.database.lines) == 1
    freed = person("Ann", 1200, line={"username": "ann-3"})
    assert statuses(apply_list(wazo, ben, freed, check=check)) == ["created", "updated"]


def test_device_slot_and_code_are_fields_of_the_line(wazo: Simulator) -> None:
    line = {"username": "ann", "context": "default", "device_slot": 3, "provisioning_extension": "123456"}
    result = perform(wazo, ensure_line_sip, **line)["line_sip"]
    (row,) = wazo.database.lines
    assert (row.position, row.provisioning_extension) == (3, "123456")
    assert {name: result[name] for name in line} == line
    assert not perform(wazo, ensure_line_sip, **line)["changed"]


def test_webrtc_changes_the_template_and_keeps_the_others(wazo: Simulator) -> None:
    apply_list(wazo, person("Ann", 1200))
    other = wazo.database.templates.first(label="meeting_guest", tenant_uuid=wazo.database.master).id
    apply_list(wazo, person("Ann", 1200, line={"webrtc": True}))
    assert templates(wazo) == ["webrtc"]
    assert statuses(apply_list(wazo, person("Ann", 1200, line={"webrtc": True}))) == ["unchanged"]
    endpoint(wazo).templates.append(other)
    apply_list(wazo, person("Ben", 1201, line={"webrtc": True}))
    assert [row.templates for row in wazo.database.endpoints if row.templates[1:]] == [endpoint_templates(wazo, other)]


def endpoint_templates(wazo: Simulator, *others: str) -> list[str]:
    webrtc = wazo.database.templates.first(label="webrtc", tenant_uuid=wazo.database.master).id
    return [webrtc, *others]


@pytest.mark.parametrize("label", ["webrtc", "meeting_guest"])
def test_webrtc_can_be_taken_away(wazo: Simulator, label: str) -> None:
    apply_list(wazo, person("Ann", 1200, line={"webrtc": True}))
    endpoint(wazo).templates = [wazo.database.templates.first(label=label, tenant_uuid=wazo.database.master).id]
    apply_list(wazo, person("Ann", 1200, line={"webrtc": False}))
    assert templates(wazo) == ["global"]
    assert unchanged_after(wazo, person("Ann", 1200, line={"webrtc": False}))


@pytest.mark.parametrize("label", ["webrtc", "meeting_guest"])
def test_a_webrtc_line_is_known_by_its_templates(wazo: Simulator, label: str) -> None:
    apply_list(wazo, person("Ann", 1200, line={"webrtc": True}), person("Ben", 1201))
    ann = wazo.database.endpoint_of(wazo.database.lines.get(1))
    ann.templates = [wazo.database.templates.first(label=label, tenant_uuid=wazo.database.master).id]
    assert unchanged_after(
        wazo, person("Ann", 1200, line={"webrtc": True}), person("Ben", 1201, line={"webrtc": False})
    )
    of_ann, of_ben = perform(wazo, export)["entries"]
    assert (of_ann["line"], of_ben.get("line")) == ({"webrtc": True}, None)
    shown = perform(wazo, read_users, with_lines=True)["users"]
    assert [each["line"]["webrtc"] for each in shown] == [True, False]


def test_webrtc_is_refused_on_xivo(sim: Simulator) -> None:
    with pytest.raises(UnsupportedError, match="webrtc cannot be set on a server of generation xivo15"):
        perform(sim, ensure_line_sip, username="ann", context="default", device_slot=1, webrtc=True)


# Contexts


def test_contexts_by_label(labelled: Simulator) -> None:
    entry = person("Ann", 1200, 2200, voicemail={"password": "1234"})
    apply_list(labelled, entry)
    assert statuses(apply_list(labelled, entry)) == ["unchanged"]
    assert {row.context for row in labelled.database.extensions} == {"ctx-1-internal", "ctx-2-incall"}
    assert perform(labelled, ensure_extension, **number(1200, "ctx-1-internal"))["changed"] is False
    apply_list(labelled, leaver("Ann", 1200))
    assert not list(labelled.database.extensions)


def test_a_label_that_two_contexts_have(labelled: Simulator) -> None:
    with pytest.raises(ConfdError, match="2 contexts have the label 'twice': ctx-3-internal, ctx-4-internal"):
        perform(labelled, ensure_extension, **number(1200, "twice"))


def test_ranges_are_checked_before_the_first_write(wazo: Simulator) -> None:
    with pytest.raises(PlanError, match="9999@from-extern is outside of the ranges"):
        apply_list(wazo, person("Ann", 1200, incalls=[number(9999, "from-extern")]))
    assert written(wazo) == []


# Users


def test_users_have_uuids_and_can_be_meant_by_them(wazo: Simulator) -> None:
    uuid = perform(wazo, ensure_user, firstname="Ann")["user"]["uuid"]
    result = perform(wazo, ensure_user, match={"uuid": uuid}, firstname="Anna")
    assert (result["user"]["uuid"], result["user"]["firstname"], result["user"]["id"]) == (uuid, "Anna", 1)
    assert len(wazo.database.users) == 1


def test_a_look_up_asks_for_two(wazo: Simulator) -> None:
    perform(wazo, ensure_user, firstname="Ann")
    assert look_ups(wazo, "/users") == [{"firstname": "Ann", "limit": "2"}, {"view": "directory"}]


def test_more_namesakes_than_two_are_all_read(wazo: Simulator) -> None:
    apply_list(wazo, *(person("Ann", 1200 + number) for number in range(3)))
    wazo.clear_log()
    result = perform(wazo, ensure_user, match={"exten": "1202", "context": "default"}, userfield="x")
    assert result["changed"]
    with pytest.raises(ConfdError, match="3 users"):
        perform(wazo, ensure_user, firstname="Ann", userfield="y")


def look_ups(wazo: Simulator, path: str) -> list[dict[str, str]]:
    return [request.query for request in wazo.requests if (request.method, request.path) == ("GET", path)]


# Incalls, and what a removed user leaves


def test_the_incall_of_a_deleted_user_is_free(wazo: Simulator) -> None:
    apply_list(wazo, person("Ann", 1200, 2200))
    user = wazo.database.users.first(firstname="Ann")
    wazo.database.incalls.first(user_id=user.id).set_destination({"type": "none"})
    result = apply_list(wazo, person("Ben", 1201, 2200))
    assert statuses(result) == ["created"]
    assert [row.user_id for row in wazo.database.incalls] == [wazo.database.users.first(firstname="Ben").id]


def test_nothing_is_left_of_a_removed_user(wazo: Simulator) -> None:
    before = {name: len(rows) for name, rows in wazo.state().items() if isinstance(rows, list)}
    apply_list(wazo, person("Ann", 1200, 2200, 2201, voicemail={"password": "1234"}))
    apply_list(wazo, leaver("Ann", 1200))
    assert {name: len(rows) for name, rows in wazo.state().items() if isinstance(rows, list)} == before


def test_a_line_without_user_is_found_again(wazo: Simulator) -> None:
    apply_list(wazo, person("Ann", 1200))
    wazo.database.user_lines.clear()
    result = apply_list(wazo, person("Ann", 1200))
    assert changes(result) == [f"associate user Ann (id 1) with line {endpoint(wazo).name} (id 1)"]


# How much is asked


def fixed(requests: list[Request]) -> list[str]:
    return [f"{each.method} {each.path}" for each in requests if each.path.startswith(AUTH) or each.path == "/contexts"]


def test_requests_for_planning_unchanged_users(wazo: Simulator) -> None:
    entries = [
        person(
            f"U{index}", 1200 + index, 2200 + index, voicemail={"password": "1234"}, line={"secret": f"secret-{index}"}
        )
        for index in range(30)
    ]
    apply_list(wazo, *entries)
    wazo.clear_log()
    assert set(statuses(apply_list(wazo, *entries))) == {"unchanged"}
    lists = [each for each in asked(wazo) if each not in fixed(wazo.requests)]
    assert lists == ["GET /endpoints/sip", "GET /users", "GET /extensions", "GET /voicemails"]
    assert len(fixed(wazo.requests)) <= 5


def test_few_users_are_read_the_quicker_way(wazo: Simulator) -> None:
    apply_list(wazo, person("Ann", 1200))
    wazo.clear_log()
    assert unchanged_after(wazo, person("Ann", 1200))
    assert look_ups(wazo, "/users") == [{"limit": "100"}]


def test_many_users_are_read_in_one_request(wazo: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wazo_backend, "FEW_LINES", 0)
    apply_list(wazo, person("Ann", 1200))
    wazo.clear_log()
    apply_list(wazo, person("Ann", 1200))
    assert look_ups(wazo, "/users") == [{}]


def test_users_without_lines_are_read_as_well(wazo: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wazo_backend, "FAST_LIMIT", 1)
    apply_list(wazo, person("Ann"), person("Bob"))
    wazo.clear_log()
    assert statuses(apply_list(wazo, person("Ann"), person("Bob"))) == ["unchanged", "unchanged"]
    assert look_ups(wazo, "/users") == [{"limit": "1"}, {}]


def test_the_account_of_a_user_made_in_between_is_read(wazo: Simulator) -> None:
    ann = {"firstname": "Ann", "lines": [{"context": "default", "endpoint_sip": {"auth_section_options": ACCOUNT}}]}
    client = backend_of(wazo).client
    wazo.faults.add(Fault("callback", "GET", "/users", callback=lambda *_: client.post("/users", ann)))
    (line,) = backend_of(wazo).read_snapshot().lines
    assert (line["username"], line["secret"]) == ("ann", "abc")
