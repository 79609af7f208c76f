# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of rules of each generation and its server agree: what a row refuses, the server does not store."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from ansible_collections.xivo.confd.plugins.module_utils._backends.base import Backend
from ansible_collections.xivo.confd.plugins.module_utils._backends.registry import GENERATIONS
from ansible_collections.xivo.confd.plugins.module_utils._model.errors import (
    ConfdError,
    InputError,
    PlanError,
    RequestError,
)
from ansible_collections.xivo.confd.plugins.module_utils._model.resources import (
    EXTENSION,
    LINE,
    RESOURCES,
    USER,
    USER_PARTS,
    VOICEMAIL,
    canonical,
    nested,
)
from ansible_collections.xivo.confd.plugins.module_utils._model.rules import ValueRule
from ansible_collections.xivo.confd.plugins.module_utils._tasks.extension import ensure_extension
from ansible_collections.xivo.confd.plugins.module_utils._tasks.line_sip import ensure_line_sip
from ansible_collections.xivo.confd.plugins.module_utils._tasks.user import ensure_user
from ansible_collections.xivo.confd.plugins.module_utils._tasks.user_parts import ensure_user_part
from ansible_collections.xivo.confd.plugins.module_utils._tasks.voicemail import ensure_voicemail
from simulator import Simulator
from support.helpers import apply_list, backend_of, perform, written
from support.rule_cases import refused_by, rows, taken_by

CITATION = re.compile(r'(person-)?(xivo|wazo)-\d\d\.\d\d\.md, ("[^"]+"|trap \d+)')
NEW: dict[str, dict[str, Any]] = {
    USER.name: {"firstname": "Ann", "lastname": "Lee"},
    LINE.name: {"context": "default", "username": "ann12345", "device_slot": 1, "callerid": '"Old" <1>'},
    EXTENSION.name: {"exten": "1100", "context": "default"},
    VOICEMAIL.name: {"name": "Ann", "number": "1100", "context": "default"},
}
TASKS: dict[str, Callable[..., Any]] = {
    USER.name: ensure_user,
    LINE.name: ensure_line_sip,
    EXTENSION.name: ensure_extension,
    VOICEMAIL.name: ensure_voicemail,
    **{part.name: partial(ensure_user_part, resource=part) for part in USER_PARTS.values()},
}
PARTS = {part.name: key for key, part in USER_PARTS.items()}
"""{resource of settings of a user: their key in an entry}. Their object is the user."""
EVERY_GENERATION = pytest.mark.on(*GENERATIONS)


def stores(backend: Backend, rule: ValueRule, object_id: int, value: Any) -> bool:
    """Send a value to the server as it is, and return whether the server stores it."""
    resource, sent = RESOURCES[rule.resource], {rule.field: None if value == "" else value}
    try:
        if resource is USER:
            backend.update_user(object_id, sent, {"caller_id": '"Ann Lee"'})
        elif resource is EXTENSION:
            backend.client.put(f"/extensions/{object_id}", sent)
        else:
            backend.update(resource, object_id, sent)
    except RequestError:
        return False
    return bool((backend.get(resource, object_id) or {}).get(rule.field) == canonical(rule.field, value))


def make(sim: Simulator, rule: ValueRule) -> tuple[Backend, int]:
    """Return a backend, and the id of a new object for a rule. Nothing else is on the server."""
    sim.reset()
    backend = backend_of(sim)
    resource = USER if rule.resource in PARTS else RESOURCES[rule.resource]
    object_id = int(backend.create(resource, dict(NEW[resource.name]))["id"])
    sim.clear_log()
    return backend, object_id


def change(sim: Simulator, rule: ValueRule, object_id: int, value: Any) -> bool:
    """Give the object of a rule a value by its module, and return whether that changed anything."""
    where = {USER.name: {"match": {"id": object_id}}}.get(rule.resource, {"id": object_id})
    if rule.resource in PARTS:
        where = {"user": {"id": object_id}}
    return bool(perform(sim, TASKS[rule.resource], **where, **nested({rule.field: value}))["changed"])


@EVERY_GENERATION
@pytest.mark.always
def test_what_a_rule_refuses_no_server_stores(sim: Simulator) -> None:
    api, wrong = sim.generation.name, []
    for rule in rows(api):
        values = refused_by(api, rule)
        assert values, rule
        for value in values:
            assert rule.explain_violation(canonical(rule.field, value)), (rule, value)
            backend, object_id = make(sim, rule)
            if stores(backend, rule, object_id, value):
                wrong.append((rule.resource, rule.field, value))
    assert not wrong, "\n".join(map(str, wrong))


@EVERY_GENERATION
@pytest.mark.always
def test_what_a_rule_refuses_the_client_refuses_before_a_write(sim: Simulator) -> None:
    api, wrong = sim.generation.name, []
    for rule in rows(api):
        for value in refused_by(api, rule):
            _backend, object_id = make(sim, rule)
            try:
                change(sim, rule, object_id, value)
                wrong.append((rule.resource, rule.field, value))
            except InputError as error:
                assert rule.field in error.message.split("cannot be")[0] or "number" in error.message, error
                assert written(sim) == []
    assert not wrong, "\n".join(map(str, wrong))


@EVERY_GENERATION
@pytest.mark.always
def test_what_a_rule_refuses_a_list_refuses_in_check_mode(sim: Simulator) -> None:
    """The values of all rows in one list: each is the problem of its entry."""
    values = [(rule, value) for rule in rows(sim.generation.name) for value in refused_by(sim.generation.name, rule)]
    entries = [entry_with(rule, value, index) for index, (rule, value) in enumerate(values)]
    with pytest.raises(PlanError) as caught:
        apply_list(sim, *entries, check=True)
    texts = {text.partition(",")[0]: text for text in caught.value.problems}
    silent = [
        value for index, (rule, value) in enumerate(values) if rule.field not in texts.get(f"entry {index + 1}", "")
    ]
    assert not silent, silent
    assert written(sim) == []


def entry_with(rule: ValueRule, value: Any, index: int) -> dict[str, Any]:
    """Return an entry of a new user with a value for a rule."""
    parts: dict[str, Any] = {"extension": {"exten": str(1100 + index), "context": "default"}}
    key = {LINE.name: "line"}.get(rule.resource, rule.resource)
    key = PARTS.get(key, key)
    parts[key] = {**parts.get(key, {}), **nested({rule.field: value})}
    names = {"firstname": f"Ann {index}", "lastname": "Lee"}
    return {**parts, "user": {**names, **parts.get("user", {})}}


@EVERY_GENERATION
@pytest.mark.always
def test_what_the_rules_take_the_server_stores(sim: Simulator) -> None:
    api, wrong = sim.generation.name, []
    covered = {(rule.resource, rule.field) for rule in rows(api) if taken_by(api, rule)}
    assert {(rule.resource, rule.field) for rule in rows(api)} - covered == {
        ("line_sip", "username"),
        ("line_sip", "secret"),
    } - covered
    for rule in rows(api):
        for value in taken_by(api, rule):
            backend, object_id = make(sim, rule)
            if not stores(backend, rule, object_id, value):
                wrong.append((rule.resource, rule.field, value, "server"))
            _backend, object_id = make(sim, rule)
            try:
                change(sim, rule, object_id, value)
                if change(sim, rule, object_id, value):
                    wrong.append((rule.resource, rule.field, value, "second run"))
            except ConfdError as error:
                wrong.append((rule.resource, rule.field, value, str(error)))
    assert not wrong, "\n".join(map(str, wrong))


@pytest.mark.parametrize("api", GENERATIONS)
def test_every_rule_names_its_source(api: str) -> None:
    assert [rule for rule in GENERATIONS[api].rules if not CITATION.fullmatch(rule.source)] == []
