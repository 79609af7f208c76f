# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Long lists: how many requests they cost, how far one is, and that their options are the same wherever they are."""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import yaml

from ansible_collections.xivo.confd.plugins.module_utils._ansible.argument_specs import JOURNAL_SPEC
from ansible_collections.xivo.confd.plugins.module_utils._ansible.progress_file import progress_of
from ansible_collections.xivo.confd.plugins.module_utils._backends.registry import choose_backend
from ansible_collections.xivo.confd.plugins.module_utils._bulk.provision import provision
from ansible_collections.xivo.confd.plugins.module_utils._tasks import progress
from ansible_collections.xivo.confd.plugins.module_utils._tasks.task import Task
from benchmark import dataset
from simulator import Fault, Simulator
from support.generate import ROLE_DOES_IT
from support.helpers import Options, apply_list, backend_of, client_of, counts, leaver, number, person, statuses
from support.paths import ROOT
from support.role import Role, run_module

MODULE = importlib.import_module("ansible_collections.xivo.confd.plugins.modules.confd_provisioned_users")
SPECS = ROOT / "roles" / "provision" / "meta" / "argument_specs.yml"
LISTS = ("/users", "/lines_sip", "/lines", "/endpoints/sip", "/extensions", "/incalls", "/voicemails")
ONLY_THE_ROLE = {
    "provision_strategy",
    "provision_profiles",
    "provision_plan_file",
    "provision_plan_artifact",
}
NOT_OF_THE_ROLE = (*ROLE_DOES_IT, "existing_users", "report_beyond")


@pytest.fixture(scope="module")
def crowded() -> Iterator[Simulator]:
    """A server with 1,000 users who have an incall each."""
    with Simulator(tls=False, username=None, contexts=dataset.CONTEXTS, seed=1) as simulator:
        dataset.populate(simulator.database, 1000)
        yield simulator


# Requests


@pytest.mark.no_cover
@pytest.mark.parametrize(("with_incall", "most"), [(False, 5), (True, 5 + 1000)])
def test_requests_of_an_unchanged_run_of_1000(crowded: Simulator, with_incall: bool, most: int) -> None:
    crowded.clear_log()
    result = apply_list(crowded, *dataset.entries(1000, with_incall))
    assert not result["changed"]
    assert result["summary"]["unchanged"] == 1000
    assert len(crowded.requests) <= most


@pytest.mark.parametrize(("api", "beforehand"), [("xivo15", 1), ("auto", 2)])
def test_credentials_and_recognition_cost_a_request_each(api: str, beforehand: int) -> None:
    with Simulator(tls=False, contexts=dataset.CONTEXTS, seed=1) as server, closing(client_of(server)) as client:
        dataset.populate(server.database, 3)
        provision(Task(choose_backend(api, client), {"users": dataset.entries(3, with_incall=False)}))
        assert len(server.requests) == beforehand + 4


@pytest.mark.no_cover
@pytest.mark.parametrize("options", [{"purge_scope": {"context": "default"}}, {"orphans": "report"}])
def test_who_is_unmanaged_costs_no_request_for_each(crowded: Simulator, options: Options) -> None:
    crowded.database.extensions.insert(exten="199999", context="default")
    crowded.clear_log()
    result = apply_list(crowded, *dataset.entries(990, with_incall=False), **options)
    assert len(result["unmanaged"]) == 10
    asked = [request.path for request in crowded.requests]
    assert len([path for path in asked if path.startswith("/users")]) == 2


@pytest.mark.on("xivo16", "wazo")
def test_reading_commented_of_many_extensions_is_cheap(sim: Simulator) -> None:
    entries = [person(f"A B{index}", extension={**number(1200 + index), "commented": False}) for index in range(40)]
    apply_list(sim, *entries)
    sim.clear_log()
    assert not apply_list(sim, *entries)["changed"]
    assert len([request for request in sim.requests if request.status == 200]) <= 10


@pytest.mark.no_cover
def test_one_change_among_1000_costs_a_few_requests(crowded: Simulator) -> None:
    changed = dataset.entries(1000, with_incall=False)
    changed[500]["user"]["language"] = "fr_FR"
    crowded.clear_log()
    result = apply_list(crowded, *changed)
    assert result["summary"]["updated"] == 1
    # The PUT, what it stored, and the caller ID of the line, which it overwrites.
    assert len(crowded.requests) <= 5 + 3


@pytest.fixture
def size(request: pytest.FixtureRequest) -> int:
    """200 users, or 1,000 if all tests on all generations are asked for: these cost a minute."""
    return 1000 if request.config.getoption("--all-generations") else 200


@pytest.mark.no_cover
@pytest.mark.parametrize(("api", "in_a_request", "lists"), [("xivo16", 20, 3), ("wazo", 1, 6)])
def test_requests_of_creating_many_and_of_planning_them_again(
    api: str, in_a_request: int, lists: int, size: int
) -> None:
    """For 1,000 at most 1,020 on Wazo and 70 on XiVO 16; unchanged so many lists, and 5 requests whatever the size."""
    voicemail = {"password": "1234"}
    entries = [{**entry, "voicemail": voicemail} for entry in dataset.entries(size)]
    with Simulator(api=api, tls=False, contexts=dataset.CONTEXTS, seed=1) as sim:
        assert apply_list(sim, *entries)["summary"]["created"] == size
        assert len(sim.requests) <= size // in_a_request + 20
        assert counts(sim)["incalls"] == counts(sim)["user_voicemails"] == size
        sim.clear_log()
        assert apply_list(sim, *entries)["summary"]["unchanged"] == size
        assert len(sim.requests) <= lists + 5
        assert len([each for each in sim.requests if each.path in LISTS and each.status == 200]) <= lists


# Progress


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every entry is worth a line, and takes no time."""
    monkeypatch.setattr(progress, "PROGRESS_INTERVAL", 0)
    monkeypatch.setattr(progress, "clock", lambda: 0.0)


@pytest.mark.usefixtures("impatient")
def test_progress_file_gets_lines_with_the_time(sim: Simulator, tmp_path: Path) -> None:
    file = tmp_path / "progress"
    options = {"users": [person("Ann", 1000), person("Bob", 1001)]}
    task = Task(backend_of(sim), options, report_progress=progress_of(str(file), "https://admin:x@pbx:9486"))
    provision(task)
    times, servers, words = zip(*(line.split(" ", 2) for line in file.read_text(encoding="utf-8").splitlines()))
    assert words == (
        "0 of 2 entries with changes, 0 failed",
        "1 of 2 entries with changes, 0 failed",
        "2 of 2 entries with changes, 0 failed",
        "2 of 2 entries with changes, 0 failed",
    )
    # Several servers may have the same file.
    assert set(servers) == {"pbx:9486:"}
    assert all(len(each) == len("2026-11-23T19:26:00") for each in times)


@pytest.mark.usefixtures("impatient")
def test_progress_tells_of_failures_and_ends_in_spite_of_them(sim: Simulator) -> None:
    sim.faults.add(Fault("500_before", "POST", "/users"))
    lines: list[str] = []
    options = {"users": [person("Ann", 1000), person("Bob", 1001)], "continue_on_error": True}
    with pytest.raises(Exception, match="1 of 2 entries failed"):
        provision(Task(backend_of(sim), options, report_progress=lines.append))
    assert lines[-1] == "2 of 2 entries with changes, 1 failed"


def test_an_unchanged_run_has_no_progress_to_tell(sim: Simulator) -> None:
    apply_list(sim, person("Ann", 1000))
    lines: list[str] = []
    provision(Task(backend_of(sim), {"users": [person("Ann", 1000)]}, report_progress=lines.append))
    assert lines == []


# Purge and orphans by the role


def test_the_role_purges_unless_steps_are_asked_for(sim: Simulator) -> None:
    apply_list(sim, person("Ann", 1000), person("Bob", 1001))
    options: Options = {"provision_purge": True, "provision_purge_scope": {"context": "default"}}
    role = Role(sim, provision_users=[person("Ann", 1000)], **options).run()
    assert role.error == ""
    assert counts(sim)["users"] == 1


@pytest.mark.parametrize("options", [{"provision_purge": True}, {"provision_orphans": "report"}])
def test_the_role_refuses_to_do_that_step_by_step(sim: Simulator, options: Options) -> None:
    apply_list(sim, person("Ann", 1000))
    sim.clear_log()
    role = Role(sim, provision_users=[], provision_strategy="stepwise", **options).run()
    assert "Set provision_strategy to bulk or auto" in role.error
    assert sim.requests == []


def test_the_role_never_purges_without_a_scope(sim: Simulator) -> None:
    apply_list(sim, person("Ann", 1000))
    role = Role(sim, provision_users=[], provision_purge=True).run()
    assert role.error
    assert counts(sim)["users"] == 1


def test_a_purge_goes_on_with_the_others_when_one_fails(sim: Simulator) -> None:
    apply_list(sim, *(person(name, exten) for exten, name in enumerate(("Ann", "Bob", "Cleo"), 1000)))
    sim.faults.add(Fault("500_before", "DELETE", "/users/2", times=2))
    given = {
        "users": [],
        "purge": True,
        "purge_scope": {"context": "default"},
        "purge_allow_empty": True,
        "continue_on_error": True,
    }
    result = run_module(sim, "confd_provisioned_users", given, check=False)
    assert result["failed"]
    assert [each["status"] for each in result["purged"]] == ["removed", "failed", "removed"]
    assert [row["id"] for row in sim.state()["users"]] == [2]


@pytest.mark.parametrize("strategy", ["stepwise", "bulk"])
@pytest.mark.parametrize("check", [True, False])
def test_both_strategies_report_the_same(sim: Simulator, strategy: str, check: bool) -> None:
    """And neither reads a public name."""
    apply_list(sim, person("Ann", 1000), person("Cleo", 1003))
    entries = [person("Ann", 1001), person("Bob", 1002), {**person("Cleo", 1003), "state": "absent"}]
    other = {"provision_results": [], "provision_run": {"report": ["no"]}}

    role = Role(sim, check, provision_users=entries, provision_strategy=strategy, **other).run()

    report = role.variables["provision__planned" if check and strategy == "stepwise" else "provision__run"]["report"]
    verbs = ("would change", "would create", "would remove") if check else ("changed", "created", "removed")
    code = [] if check else ["provisioning", "code", role.results[1]["provisioning_extension"]]
    assert [line.split() for line in report] == [
        [*verbs[0].split(), "Ann", "1001", "number", "1000", "->", "1001"],
        [*verbs[1].split(), "Bob", "1002", *code],
        [*verbs[2].split(), "Cleo", "1003"],
    ]


@pytest.mark.parametrize("strategy", ["stepwise", "bulk"])
def test_the_role_shows_what_a_user_gets_and_had(sim: Simulator, strategy: str) -> None:
    login = {"username": "ann", "password": "s3cret-word"}
    wanted = {
        **person("Ann", 1001),
        "incalls": [number(2001), number(2002)],
        "voicemail": {"password": "4711"},
        "login": login if sim.generation.name == "wazo" else {**login, "profile": "Client"},
    }
    (made,) = Role(sim, provision_users=[wanted], provision_strategy=strategy).run().shown[-1]
    (gone,) = Role(sim, provision_users=[leaver("Ann", 1001)], provision_strategy=strategy).run().shown[-1]
    what = "direct numbers 2001, 2002; voicemail"
    assert re.fullmatch(rf"created   Ann +1001 +provisioning code \d{{6}}; {what}; login", made)
    assert re.fullmatch(rf"removed   Ann +1001 +{what}", gone)
    nothing = Role(sim, provision_users=[leaver("Ann", 1001)], provision_strategy=strategy).run()
    assert nothing.shown == [["nothing to do for 1 user"]]


@pytest.mark.on("xivo15")
@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("strategy", ["stepwise", "bulk"])
def test_a_failure_says_that_nothing_stays_changed(sim: Simulator, strategy: str) -> None:
    """Unless something does: here, the user who cannot be removed any more."""
    said = "Nothing stays changed for the failed entries."
    entries = [person("Ann", 1000), person("Bob", 1001, voicemail={"number": "1999"})]
    options: Options = {"provision_users": entries, "provision_strategy": strategy}
    sim.faults.add(Fault("500_before", "POST", "/users/*/voicemail*", times=9))
    role = Role(sim, provision_continue_on_error=True, **options).run()
    assert re.search(rf"- entry 2, Bob .*\n{said}\nOf the others:\n- created +Ann ", role.error)

    sim.faults.add(Fault("500_before", "DELETE", "/users/*", times=9))
    role = Role(sim, **options).run()
    assert "entry 2, Bob " in role.error
    assert said not in role.error


def test_one_person_is_made_in_bulk_unless_steps_are_asked(sim: Simulator) -> None:
    asked = Role(sim, provision_users=[person("Ann", 1000)], provision_strategy="stepwise").run()
    assert "plan" in asked.variables["provision__planned"]
    default = Role(sim, provision_users=[person("Bob", 1001)]).run()
    assert "provision__planned" not in default.variables
    assert [each["status"] for each in default.results] == ["created"]


# Options


def test_a_leaver_of_a_long_list_may_be_unknown(crowded: Simulator) -> None:
    result = apply_list(crowded, *dataset.entries(10, with_incall=False), leaver("Nobody Here"))
    assert statuses(result) == ["unchanged"] * 11


def test_the_documented_options_are_those_of_the_module() -> None:
    documented = yaml.safe_load(MODULE.DOCUMENTATION)["options"]
    own = {name: option for name, option in MODULE.MODULE.spec.items() if name not in JOURNAL_SPEC}
    assert _plain(documented, "suboptions") == _plain(own, "options")


def test_the_options_of_the_role_are_those_of_the_module() -> None:
    documented = _plain(yaml.safe_load(MODULE.DOCUMENTATION)["options"], "suboptions")
    for internal in NOT_OF_THE_ROLE:
        documented.pop(internal)
    documented["journal"] = {"type": "path"}
    # With it, Ansible would look at them first, and it does not say which one is wrong.
    documented["users"].pop("elements")
    documented["users"]["required"] = True
    role = _plain(yaml.safe_load(SPECS.read_text(encoding="utf-8"))["argument_specs"]["main"]["options"], "options")
    # The filter with_profiles has replaced it before the module sees the entry.
    role["provision_users"]["options"].pop("profile")
    own = {name: option for name, option in role.items() if name not in ONLY_THE_ROLE}
    assert own == {f"provision_{name}": option for name, option in documented.items()}


def test_the_defaults_of_the_role_are_documented() -> None:
    options = yaml.safe_load(SPECS.read_text(encoding="utf-8"))["argument_specs"]["main"]["options"]
    defaults = yaml.safe_load((SPECS.parents[1] / "defaults" / "main.yml").read_text(encoding="utf-8"))
    assert defaults == {name: option["default"] for name, option in options.items() if "default" in option}


def _plain(options: Options, below: str) -> Options:
    """Types, choices and defaults of options, without what is only words or masking."""
    plain = {}
    for name, option in options.items():
        plain[name] = {key: option[key] for key in ("type", "elements", "required", "default") if key in option}
        if "choices" in option:
            plain[name]["choices"] = list(option["choices"])
        if below in option:
            plain[name]["options"] = _plain(option[below], below)
    return plain
