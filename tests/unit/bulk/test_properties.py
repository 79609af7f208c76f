# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check the rules of behaviour on random servers with random lists, carried out in both strategies."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import event, given, note, settings
from hypothesis import strategies as st

from ansible_collections.xivo.confd.plugins.module_utils._reports.plan_document import with_checksum
from ansible_collections.xivo.confd.plugins.module_utils._state.state import ServerState
from support.direct_server import Direct, direct
from support.helpers import Options, backend_of
from support.normalise_state import KEPT, differences, meaning
from support.plans import in_base64
from support.random_servers import GIVEN_SECRET, wanted_lists
from support.role import Role, run_module
from support.servers import CONTEXTS
from support.touched_objects import Reach
from support.xivo16_wazo_servers import builder_of

EXAMPLES = {"ci": 15, "all": 400}
SOME = settings(max_examples=EXAMPLES.get(settings.get_current_profile_name(), settings().max_examples))
"""Each is several runs on each of three generations, which adds up."""
WITHOUT_FAULT = (*KEPT, "extensions", "endpoints")
"""What stays the same object where nothing came between."""
UNFORESEEN = re.compile(r"does not match expected pattern|Extension is associated with a line")
"""What no list shows: quotes inside a caller ID; that a line without user and SIP account has the number as well."""
APIS = ("xivo15", "xivo16", "wazo")
COMPARED = ("index", "label", "name", "status", "exten", "context", "changes")
RANDOM = ("user_id", "line_id", "extension_id", "provisioning_extension")


@pytest.fixture(scope="module", params=APIS)
def server(request: pytest.FixtureRequest) -> Iterator[Direct]:
    """One of each generation, without HTTP."""
    with direct(request.param, CONTEXTS) as simulator:
        yield simulator


@dataclass
class Outcome:
    """What a run left, and said."""

    state: dict[str, Any]
    result: dict[str, Any]

    @property
    def results(self) -> list[Options]:
        return list(self.result.get("results", ()))

    @property
    def refused(self) -> bool:
        """Whether the plan was refused as a whole."""
        return not self.results and self.result["failed"]


class Case:
    """A server and a list, and the ways to carry the list out on that server as it was."""

    def __init__(self, server: Direct, draw: st.DrawFn) -> None:
        self.server = server
        server.reset()
        api = server.generation.name
        people = builder_of(api, server.database, draw(st.randoms(use_true_random=False))).build()
        self.before = server.state()
        self.users = draw(wanted_lists(people, api))
        self.options: Options = {"continue_on_error": draw(st.booleans()), "reset_device": draw(st.booleans())}
        note(f"{self.users} with {self.options} on {meaning(self.before, self.before)}")

    def bulk(self, check: bool = False, again: bool = False, **options: Any) -> Outcome:
        if not again:
            self._rewind()
        given = {"users": self.users, **self.options, **options}
        result = run_module(self.server, "confd_provisioned_users", given, check)
        note(f"in bulk, check {check}, {options}: {result.get('msg')}")
        return Outcome(self.server.state(), result)

    def stepwise(self) -> Outcome:
        self._rewind()
        options = {f"provision_{name}": value for name, value in self.options.items()}
        role = Role(self.server, provision_users=self.users, provision_strategy="stepwise", **options).run()
        note(f"step by step: {role.error}")
        return Outcome(self.server.state(), {"results": role.results, "failed": bool(role.error), "msg": role.error})

    def meaning(self, outcome: Outcome) -> list[str]:
        return meaning(outcome.state, self.before, {GIVEN_SECRET}, WITHOUT_FAULT)

    def _rewind(self) -> None:
        self.server.database.load(self.before)
        self.server.clear_log()


@st.composite
def _cases(draw: st.DrawFn, server: Direct) -> Case:
    return Case(server, draw)


def compared(results: list[Options]) -> list[Options]:
    """Results without what only the server knows, for failed entries without what became of them."""
    return [
        {name: each[name] for name in COMPARED if each["status"] not in ("failed", "skipped") or name != "changes"}
        for each in results
    ]


@SOME
@given(data=st.data())
def test_an_approved_plan_is_carried_out_and_then_done(server: Direct, data: st.DataObject) -> None:
    case = data.draw(_cases(server))
    planned = case.bulk(check=True, return_plan_document=True).result
    document = planned.get("plan_document")
    if document is None or document["errors"]:
        event("refused")
        return
    approved = in_base64(json.dumps(with_checksum(document)))
    # Each plan chooses other SIP usernames.
    real = case.bulk(approved_plan_data=approved)
    assert real.result["approval"]["state"] == "same"
    event("failed" if real.result["failed"] else "done")
    if not real.result["failed"]:
        again = case.bulk(again=True, approved_plan_data=approved)
        assert again.result["approval"]["state"] == ("done" if document["changes"] else "same")
        assert again.state == real.state


@SOME
@given(data=st.data())
def test_check_mode_predicts_and_the_second_run_is_unchanged(server: Direct, data: st.DataObject) -> None:
    case = data.draw(_cases(server))
    predicted = case.bulk(check=True)
    assert server.writes == []
    assert predicted.state == case.before
    real = case.bulk()
    event("refused" if predicted.refused else "failed" if real.result["failed"] else "done")
    if predicted.refused:
        assert real.result["msg"] == predicted.result["msg"]
        assert real.state == case.before
        return
    surprises = _failed(real) - _failed(predicted)
    if surprises:
        errors = [each["error"] for each in real.results if each["index"] in surprises]
        assert any(UNFORESEEN.search(error) for error in errors), errors
        return
    assert predicted.result["failed"] or not real.result["failed"]
    assert compared(real.results) == compared(predicted.results)
    assert real.result["changed"] == predicted.result["changed"]
    assert real.result["summary"] == predicted.result["summary"]
    if not real.result["failed"]:
        server.clear_log()
        again = case.bulk(again=True)
        assert again.state == real.state
        assert server.writes == []
        assert not again.result["changed"]


@SOME
@given(data=st.data())
def test_stepwise_bulk_and_four_workers_do_the_same(server: Direct, data: st.DataObject) -> None:
    case = data.draw(_cases(server))
    bulk = case.bulk()
    event("refused" if bulk.refused else "failed" if bulk.result["failed"] else "done")
    parallel = case.bulk(max_workers=4)
    stepwise = case.stepwise()
    assert parallel.result["failed"] == stepwise.result["failed"] == bulk.result["failed"]
    if bulk.refused:
        assert stepwise.state == parallel.state == case.before
        return
    if bulk.result["failed"] and not case.options["continue_on_error"]:
        return  # which entries were begun is a matter of luck with several workers
    assert differences(case.meaning(parallel), case.meaning(bulk)) == []
    assert differences(case.meaning(stepwise), case.meaning(bulk)) == []
    assert compared(stepwise.results) == compared(parallel.results) == compared(bulk.results)
    assert [set(each) for each in stepwise.results] == [set(each) for each in bulk.results]


@SOME
@given(data=st.data())
def test_what_the_list_does_not_name_stays_as_it_is(server: Direct, data: st.DataObject) -> None:
    case = data.draw(_cases(server))
    done = case.bulk()
    users = {each["user_id"] for each in done.results}
    reach = Reach(case.before, users, _wanted_numbers(case.users, done))
    kept = Reach(done.state, users, reach.numbers)
    kept.lines |= reach.lines
    kept.extensions |= reach.extensions
    kept.voicemails |= reach.voicemails
    kept.endpoints |= reach.endpoints
    assert kept.outside(done.state) == kept.outside(case.before)


@SOME
@given(data=st.data())
def test_of_whom_is_removed_nothing_is_left(server: Direct, data: st.DataObject) -> None:
    case = data.draw(_cases(server))
    case.users = [{"match": {"id": row["id"]}, "state": "absent"} for row in case.before["users"]]
    case.options["continue_on_error"] = True
    done = case.bulk()
    gone = {each["user_id"] for each in done.results if each["status"] == "removed"}
    event(f"{len(gone)} of {len(case.users)} removed")
    own = Reach(case.before, gone, ())
    for table in ("users", "lines", "extensions"):
        assert not {row["id"] for row in done.state[table]} & getattr(own, table)
    for table in ("user_lines", "incalls", "user_voicemails"):
        assert not [row for row in done.state[table] if row["user_id"] in gone]
    shared = {row["voicemail_id"] for row in done.state["user_voicemails"]}
    assert not {row["id"] for row in done.state["voicemails"]} & own.voicemails - shared


@SOME
@given(data=st.data())
def test_a_purge_stays_inside_its_scope_and_its_limit(server: Direct, data: st.DataObject) -> None:
    case = data.draw(_cases(server))
    scope = data.draw(
        st.sampled_from(({"context": "default"}, {"userfield": "HR-"}, {"context": "default", "range": "1002-1004"}))
    )
    limit = data.draw(st.integers(0, 4))
    action = data.draw(st.sampled_from(("remove", "disable")))
    case.users = case.users[:1]
    before = ServerState(backend_of(server)).read_snapshot()
    options = {"purge_action": action, "purge_limit": limit, "purge_allow_empty": True}
    done = case.bulk(purge=True, purge_scope=scope, **options)
    named = {each["user_id"] for each in done.results}
    gone = {row["id"] for row in case.before["users"]} - {row["id"] for row in done.state["users"]} - named
    assert not (gone and action == "disable")
    gone |= {each["user_id"] for each in done.result.get("leavers", ())}
    event(f"{len(gone)} purged")
    assert len(gone) <= limit
    for user_id in gone:
        user = before.user(user_id)
        extension = before.extension_of_user(user) if user else None
        assert user
        assert (user["userfield"] or "").startswith(scope.get("userfield", ""))
        if "context" in scope:
            assert extension
            assert extension["context"] == scope["context"]
        if "range" in scope:
            assert extension
            assert "1002" <= extension["exten"] <= "1004"


ONLY_IN_A_DATABASE = ("the server names the voicemail of a user", "cannot be stored: it must be a name")
"""What is said of values that were inserted into the database, but that the server takes from no client."""


@SOME
@given(data=st.data())
def test_an_export_fits_and_survives_a_wipe(server: Direct, data: st.DataObject) -> None:
    case = data.draw(_cases(server))
    secrets = {"return_secrets": data.draw(st.booleans())}
    found = run_module(server, "confd_export_info", secrets, check=False)
    assert server.writes == []
    assert len(found["entries"]) + len(found["left_out"]) == len(case.before["users"])
    event(f"{len(found['entries'])} of {len(case.before['users'])} exported")
    case.users, case.options = found["entries"], {}
    predicted = case.bulk(check=True)
    assert not predicted.result["changed"], predicted.result["diff"]
    assert not predicted.result["failed"]

    server.database.load(server.initial)
    server.clear_log()
    again = case.bulk(again=True)
    if again.refused and any(words in again.result["msg"] for words in ONLY_IN_A_DATABASE):
        return
    assert {each["status"] for each in again.results} <= {"created"}
    assert run_module(server, "confd_export_info", secrets, check=False)["entries"] == found["entries"]


FEW = settings(max_examples={"ci": 6, "all": 200}.get(settings.get_current_profile_name(), SOME.max_examples))
"""Each is four runs and three exports."""


@FEW
@given(data=st.data())
def test_a_run_and_its_undo_leave_the_state_before(
    server: Direct, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    case = data.draw(_cases(server))
    journal = str(tmp_path_factory.mktemp("journal") / "run.jsonl")
    before = run_module(server, "confd_export_info", {}, check=False)
    done = case.bulk(journal=journal)
    if done.refused or not done.result["changed"]:
        event("nothing changed")
        return
    planned = run_module(server, "confd_undo", {"from_journal": journal}, check=True)
    if planned["failed"] and any(words in planned["msg"] for words in ONLY_IN_A_DATABASE):
        return
    back = run_module(server, "confd_undo", {"from_journal": journal}, check=False)
    note(f"undo: {planned.get('msg')}; {back.get('msg')}; {back.get('report')}")
    assert not planned["failed"]
    assert not back["failed"]
    assert compared(planned["results"]) == compared(back["results"])
    # A line without a number comes back: the journal has its SIP username.
    undescribed = {each["user_id"] for each in before["left_out"] if not each["reason"].startswith("no number")}
    if undescribed & {each["user_id"] for each in done.results if each["status"] == "removed"}:
        event("somebody is lost whom no entry describes")
        return
    event("failed" if done.result["failed"] else "undone")
    after = run_module(server, "confd_export_info", {}, check=False)
    assert after["entries"] == before["entries"]
    assert [_without_id(each) for each in after["left_out"]] == [_without_id(each) for each in before["left_out"]]
    assert _numbers_in(server.state()) == _numbers_in(case.before)
    again = run_module(server, "confd_undo", {"from_journal": journal}, check=False)
    assert not again["changed"]


def _without_id(row: Options) -> Options:
    return {name: row[name] for name in ("name", "exten", "context")}


def _numbers_in(state: dict[str, Any]) -> dict[str, list[Any]]:
    """What there is, also of nobody: the numbers, the voicemails, and how many lines."""
    return {
        "extensions": sorted((row["exten"], row["context"], row["commented"]) for row in state["extensions"]),
        "voicemails": sorted((row["number"], row["context"]) for row in state["voicemails"]),
        "lines": ["line"] * len(state["lines"]),
    }


def _failed(outcome: Outcome) -> set[int]:
    return {each["index"] for each in outcome.results if each["status"] == "failed"}


def _wanted_numbers(users: list[Options], done: Outcome) -> set[tuple[str, str]]:
    given = [each for user in users for each in (user.get("extension"), *(user.get("incalls") or ()))]
    boxes = [(user["voicemail"].get("number"), "default") for user in users if user.get("voicemail")]
    picked = [(each["exten"], each["context"]) for each in done.results]
    called = [(each["exten"], each["context"]) for result in done.results for each in result["incalls"] or ()]
    return {*((each["exten"], each["context"]) for each in given if each and "exten" in each), *boxes, *picked, *called}
