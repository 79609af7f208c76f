# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Contexts and music on hold, whose names Wazo generates: by their labels (person-wazo-26.08.md, trap 13)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from ansible_collections.xivo.confd.plugins.module_utils._model.errors import InputError, PlanError, RequestError
from ansible_collections.xivo.confd.plugins.module_utils._tasks.export import export
from ansible_collections.xivo.confd.plugins.module_utils._tasks.user import ensure_user
from simulator import Context, Fault, Range, Simulator
from support.helpers import (
    apply_list,
    asked,
    backend_of,
    changes,
    number,
    perform,
    person,
    statuses,
    unchanged_after,
    user_row,
    written,
)
from support.role import Role

pytestmark = pytest.mark.on("wazo")

USERS = (Range("1000", "1999"),)
CONTEXTS = (
    Context("ctx-1-internal", "internal", USERS, label="Office"),
    Context("ctx-2-incall", "incall", (Range("2000", "2999"),), label="Calls from outside"),
    Context("ctx-3-internal", "internal", USERS, label="twice"),
    Context("ctx-4-internal", "internal", USERS, label="twice"),
    Context("ctx-5-internal", "internal", USERS, label="plain"),
    Context("plain", "internal", USERS, label="Another"),
)
GONE = "does not exist any more. It is removed"


@pytest.fixture
def labelled() -> Iterator[Simulator]:
    with Simulator(api="wazo", tls=False, seed=1, contexts=CONTEXTS) as simulator:
        yield simulator


def make_music(sim: Simulator, label: str) -> str:
    """Create a music on hold, and return the name that the server generates."""
    name: str = backend_of(sim).client.post("/moh", {"label": label, "mode": "files"})["name"]
    sim.clear_log()
    return name


def delete_music(sim: Simulator, name: str) -> None:
    backend_of(sim).client.delete(f"/moh/{sim.database.mohs.first(name=name).id}")


def with_music(music: str, **user: Any) -> dict[str, Any]:
    return person("Ann Lee", 1200, user={"music_on_hold": music, **user})


# Music on hold


@pytest.mark.parametrize("by", ["label", "name"])
def test_music_is_given_by_label_or_name(sim: Simulator, by: str) -> None:
    name = make_music(sim, "Vivaldi")
    entry = with_music("Vivaldi" if by == "label" else name)
    apply_list(sim, entry)
    assert user_row(sim, "Ann Lee").music_on_hold == name
    assert unchanged_after(sim, entry)
    assert perform(sim, ensure_user, firstname="Ann", lastname="Lee", music_on_hold="Vivaldi")["changed"] is False


def test_the_role_gives_music_by_its_label(sim: Simulator) -> None:
    name = make_music(sim, "Vivaldi")
    done = Role(sim, provision_users=[with_music("Vivaldi")], provision_strategy="stepwise").run()
    assert not done.error
    assert user_row(sim, "Ann Lee").music_on_hold == name


@pytest.mark.parametrize("check", [True, False])
def test_unknown_music_is_refused_before_a_write(sim: Simulator, check: bool) -> None:
    name = make_music(sim, "Vivaldi")
    user = backend_of(sim).client.post("/users", {"firstname": "Bob"})
    for unknown in ("Mozart", sim.database.mohs.first(name=name).id):
        with pytest.raises(RequestError, match="MOH was not found"):
            backend_of(sim).client.put(f"/users/{user['id']}", {"music_on_hold": unknown})
        sim.clear_log()
        words = rf"music_on_hold '{unknown}' of the user does not exist.*Vivaldi \({name}\)"
        with pytest.raises(PlanError, match=words):
            apply_list(sim, with_music(unknown), check=check)
        with pytest.raises(InputError, match=words):
            perform(sim, ensure_user, check, firstname="Bob", music_on_hold=unknown)
        assert written(sim) == []


def test_music_with_a_label_of_several_is_refused(sim: Simulator) -> None:
    names = [make_music(sim, "Vivaldi") for _each in range(2)]
    with pytest.raises(PlanError, match=f"2 music on hold have the label 'Vivaldi': {', '.join(names)}"):
        apply_list(sim, with_music("Vivaldi"))


@pytest.mark.parametrize("user", [{}, {"music_on_hold": "default"}, {"music_on_hold": ""}], ids=str)
def test_music_is_read_only_where_an_entry_gives_it(sim: Simulator, user: dict[str, Any]) -> None:
    entry = person("Ann Lee", 1200, user=user)
    apply_list(sim, entry)
    assert unchanged_after(sim, entry)
    assert "GET /moh" not in asked(sim)


def test_music_is_read_once_for_a_list(sim: Simulator) -> None:
    make_music(sim, "Vivaldi")
    user = {"music_on_hold": "Vivaldi"}
    apply_list(sim, person("Ann Lee", 1200, user=user), person("Bob Lee", 1201, user=user))
    assert asked(sim).count("GET /moh") == 1


def test_deleted_music_is_removed_with_the_next_change(sim: Simulator) -> None:
    """The server refuses every change of such a user (person-wazo-26.08.md, trap 8)."""
    name = make_music(sim, "Vivaldi")
    apply_list(sim, with_music("Vivaldi"))
    delete_music(sim, name)
    with pytest.raises(RequestError, match="MOH was not found"):
        backend_of(sim).client.put("/users/1", {"description": "x"})
    entry = person("Ann Lee", 1200, user={"description": "x"})
    predicted, done = (apply_list(sim, entry, check=check) for check in (True, False))
    assert changes(predicted) == changes(done) == ["update user Ann Lee: description, music_on_hold"]
    assert [GONE in text for text in (*predicted["warnings"], *done["warnings"])] == [True, True]
    assert user_row(sim, "Ann Lee").music_on_hold is None
    assert unchanged_after(sim, entry)


def test_a_module_removes_deleted_music_too(sim: Simulator) -> None:
    name = make_music(sim, "Vivaldi")
    apply_list(sim, with_music("Vivaldi"))
    delete_music(sim, name)
    done = perform(sim, ensure_user, firstname="Ann", lastname="Lee", description="x")
    assert (GONE in done["warnings"][0], done["user"]["music_on_hold"]) == (True, None)
    assert done["diff"][0]["before"] == {"description": None, "music_on_hold": name}


@pytest.mark.parametrize("strategy", ["bulk", "stepwise"])
def test_deleted_music_is_not_put_back(sim: Simulator, strategy: str) -> None:
    """Neither is anything else of the user: the rollback does not fail on what the server refuses."""
    name = make_music(sim, "Vivaldi")
    apply_list(sim, with_music("Vivaldi", description="old"))
    apply_list(sim, person("Bob Lee", 1201))
    delete_music(sim, name)
    sim.clear_log()
    entry = person("Ann Lee", 1200, user={"description": "new"}, line={"username": "bob-in-use"})
    sim.database.endpoints.insert(name="bob-in-use", tenant_uuid=sim.database.master)
    failed = Role(sim, provision_users=[entry], provision_strategy=strategy).run()
    assert "SIPEndpoint already exists" in str(failed.error)
    assert "Left behind" not in str(failed.error)
    assert user_row(sim, "Ann Lee").description == "old"


def test_other_changes_keep_music_that_exists(sim: Simulator) -> None:
    name = make_music(sim, "Vivaldi")
    apply_list(sim, with_music("Vivaldi"))
    assert changes(apply_list(sim, person("Ann Lee", 1200, user={"description": "x"}))) == [
        "update user Ann Lee: description"
    ]
    assert user_row(sim, "Ann Lee").music_on_hold == name


def test_an_account_that_may_not_read_music_changes_users(sim: Simulator) -> None:
    name = make_music(sim, "Vivaldi")
    apply_list(sim, with_music("Vivaldi"))
    sim.faults.add(Fault("401", path="/moh", times=99))
    assert perform(sim, export)["entries"][0]["user"]["music_on_hold"] == name
    assert statuses(apply_list(sim, person("Ann Lee", 1200, user={"description": "x"}))) == ["updated"]


# What an export says


def test_an_export_names_contexts_by_their_labels(labelled: Simulator) -> None:
    incall = number(2200, "Calls from outside")
    entry = person("Ann Lee", extension=number(1200, "Office"), incall=incall, voicemail={"context": "twice"})
    with pytest.raises(InputError, match="2 contexts have the label 'twice'"):
        apply_list(labelled, entry)
    entry["voicemail"] = {"number": "1200", "context": "ctx-3-internal"}
    apply_list(labelled, entry)
    (exported,) = perform(labelled, export)["entries"]
    assert (exported["extension"], exported["incall"]) == (number(1200, "Office"), incall)
    assert exported["voicemail"]["context"] == "ctx-3-internal"
    assert statuses(apply_list(labelled, exported)) == ["unchanged"]


@pytest.mark.parametrize("context", ["ctx-5-internal", "plain"])
def test_an_export_keeps_names_that_a_label_would_change(labelled: Simulator, context: str) -> None:
    """A label that is the name of another context means that one, and a name that somebody chose is portable."""
    apply_list(labelled, person("Ann Lee", extension=number(1200, context)))
    (exported,) = perform(labelled, export)["entries"]
    assert exported["extension"] == number(1200, context)
    assert statuses(apply_list(labelled, exported)) == ["unchanged"]


def test_an_export_names_music_by_its_label(sim: Simulator) -> None:
    make_music(sim, "Vivaldi")
    apply_list(sim, with_music("Vivaldi"))
    (exported,) = perform(sim, export)["entries"]
    assert exported["user"]["music_on_hold"] == "Vivaldi"
    assert statuses(apply_list(sim, exported)) == ["unchanged"]


def test_a_fallback_to_a_number_of_a_labelled_context(labelled: Simulator) -> None:
    to_office = {"extension": {"exten": "1300", "context": "Office"}}
    entry = person("Ann Lee", None, extension={"exten": "1200", "context": "Office"}, fallbacks={"fail": to_office})
    apply_list(labelled, entry)
    stored = backend_of(labelled).client.get("/users/1/fallbacks")["fail_destination"]
    assert stored["context"] == "ctx-1-internal"
    assert unchanged_after(labelled, entry)
    assert perform(labelled, export)["entries"][0]["fallbacks"] == {"fail": to_office}
