# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The guard of playbooks and role: a run that would do nothing, or something else than it says, is refused."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml
from ansible import constants, context
from ansible.errors import AnsibleActionFail
from ansible.parsing.dataloader import DataLoader
from ansible.playbook.block import Block
from ansible.playbook.play import Play
from ansible.playbook.task import Task
from ansible.playbook.task_include import TaskInclude
from ansible.template import Templar
from ansible.utils.context_objects import CLIArgs
from ansible.utils.vars import load_extra_vars

from ansible_collections.xivo.confd.plugins.action import confd_guard
from support.awx_project import UnsafeDumper
from support.paths import ROOT

try:
    from ansible.template import trust_as_template
except ImportError:
    # Earlier releases of ansible-core trust every text.
    def trust_as_template(value: str) -> str:
        return value


PERSONS = ("new_employee", "moving_employee", "leaving_employee")
INVENTORY = {"all": ["a", "b", "web"], "confd": ["a", "b"], "ungrouped": ["web"]}
Variables = dict[str, Any]


@pytest.fixture
def extra_vars(monkeypatch: pytest.MonkeyPatch) -> Variables:
    """The extra variables of a run."""
    variables: Variables = {}
    monkeypatch.setattr(confd_guard, "load_extra_vars", lambda _loader: variables)
    return variables


def task_of(options: Variables, tags: list[str], play_vars: Variables) -> Task:
    """The guard in a play, which may have been given tags."""
    guard = {"xivo.confd.confd_guard": options, "tags": "always"}
    play = {"hosts": "all", "tags": tags, "vars": play_vars, "tasks": [guard]}
    (block,) = Play.load(play, loader=DataLoader()).tasks
    return block.block[0]


def guard(
    options: Variables,
    extra_vars: Variables | None = None,
    tags: tuple[str, ...] = (),
    task: Task | None = None,
    play_vars: Variables | None = None,
    **variables: Any,
) -> Mapping[str, Any]:
    """Run it. Variables: those of Ansible and of the inventory."""
    task = task or task_of(options, list(tags), play_vars or {})
    known = {
        "groups": INVENTORY,
        "ansible_run_tags": ["all"],
        "ansible_skip_tags": [],
        **variables,
        **(extra_vars or {}),
    }
    action = confd_guard.ActionModule(
        task=task,
        connection=SimpleNamespace(_shell=SimpleNamespace(tmpdir="")),
        play_context=SimpleNamespace(check_mode=False),
        loader=DataLoader(),
        templar=Templar(loader=DataLoader(), variables=known),
        shared_loader_obj=None,
    )
    result: Mapping[str, Any] = action.run(task_vars=known)
    return result


def refused(words: str, *args: Any, **kwargs: Any) -> None:
    with pytest.raises(AnsibleActionFail, match=words):
        guard(*args, **kwargs)


def test_an_ansible_that_is_too_old(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(confd_guard, "ansible_version", "2.14.18")
    refused(r"This is ansible-core 2\.14\.18, but the collection needs ansible-core 2\.16 or newer", {})
    monkeypatch.setattr(confd_guard, "ansible_version", "2.16.0rc1")
    assert "msg" not in guard({})


# Tags


@pytest.mark.parametrize("only", [["nightly"], ["tagged"]])
def test_tags_that_nothing_has(only: list[str]) -> None:
    refused(r"The tags of this run \(-t (nightly|tagged)\) select none of these tasks", {}, ansible_run_tags=only)
    refused("--skip-tags untagged", {}, ansible_skip_tags=["untagged"])


def test_checks_that_are_skipped() -> None:
    """Then only the guards without the tag "always" run: one in each playbook, and one in the role."""
    refused("--skip-tags always skips the checks", {}, ansible_skip_tags=["always", "telephones"])
    for path in (*(ROOT / "playbooks").glob("*.yml"), ROOT / "roles" / "provision" / "tasks" / "main.yml"):
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
        tasks = document if path.parent.name == "tasks" else [each for play in document for each in play["tasks"]]
        guards = [task for task in tasks if "xivo.confd.confd_guard" in task]
        assert [task.get("tags") for task in guards][:2] == ["always", None], path


def test_a_plan_file_needs_check_mode() -> None:
    """Who asks for a plan expects that nothing is written."""
    options = {"check_mode_only": ["provision_plan_file"]}
    refused("provision_plan_file needs check mode: run with --check", options, provision_plan_file="plan")
    assert "msg" not in guard(options)
    task = task_of(options, [], {})
    task.check_mode = True
    assert "msg" not in guard(options, task=task, provision_plan_file="plan")


def test_tags_of_the_user_are_respected() -> None:
    """Who imports a playbook with tags, and runs others, has not asked for it."""
    assert guard({"default_hosts": "nobody"}, tags=("telephones",), ansible_run_tags=["network"])["skipped"]
    assert "skipped" not in guard({}, tags=("telephones",), ansible_run_tags=["telephones"])
    assert "skipped" not in guard({}, ansible_run_tags=["all"])


@pytest.mark.parametrize("included", [True, False], ids=["include_role", "import_role"])
def test_a_role_whose_include_was_selected(included: bool) -> None:
    task = task_of({}, [], {})
    include = TaskInclude(block=task._parent)
    include.statically_loaded = not included
    task._parent = Block(play=task.get_play(), task_include=include, parent_block=include)
    task._role = SimpleNamespace(get_role_params=lambda _chain: {}, _tags=[])
    if included:
        refused("include_role with apply", {}, task=task, ansible_run_tags=["telephones"])
    else:
        assert guard({}, task=task, ansible_run_tags=["telephones"])["skipped"]


# Servers


@pytest.mark.parametrize(
    ("pattern", "limit"), [(None, "web"), ("site9", None), ("a", "b"), (["site9"], None), ("confd:!confd", None)]
)
def test_no_server(extra_vars: Variables, pattern: Any, limit: str | None) -> None:
    extra_vars |= {"confd_hosts": pattern}
    refused("No server of the inventory matches .*Check the inventory", {"default_hosts": "confd"}, ansible_limit=limit)


def test_a_missing_host_is_an_error_of_ansible(extra_vars: Variables, monkeypatch: pytest.MonkeyPatch) -> None:
    """By its setting host_pattern_mismatch, which ansible-test uses: the message is ours nevertheless."""
    monkeypatch.setattr(constants, "HOST_PATTERN_MISMATCH", "error")
    extra_vars |= {"confd_hosts": "site9"}
    refused("No server of the inventory matches 'site9'", {"default_hosts": "confd"})


def test_an_inventory_that_was_not_read(extra_vars: Variables) -> None:
    refused("matches 'confd'", {"default_hosts": "confd"}, extra_vars, groups={"all": [], "ungrouped": []})


@pytest.mark.parametrize("pattern", [None, "", "a", "all:!web", ["a", "b"], trust_as_template("{{ site }}")])
def test_some_server(extra_vars: Variables, pattern: Any) -> None:
    extra_vars |= {"confd_hosts": pattern, "site": "b"}
    guard({"default_hosts": "confd"}, extra_vars, ansible_limit="a,b")


def test_hosts_of_the_play_come_from_no_inventory(extra_vars: Variables) -> None:
    guard({"default_hosts": "confd"}, extra_vars, confd_hosts="site9")
    refused("matches 'site9'", {"default_hosts": "confd"}, extra_vars, play_vars={"confd_hosts": "site9"})


def test_one_person_is_on_one_server() -> None:
    refused("confd_hosts selects 2 servers: a, b", {"one_server": True}, ansible_play_hosts_all=["a", "b"])
    guard({"one_server": True}, ansible_play_hosts_all=["a"])


# Variables


def test_a_server_without_its_list() -> None:
    """A file in host_vars with another name than the server: the message says which name it needs."""
    options = {"required": ["provision_users"]}
    words = "provision_users is not defined for pbx. .* for example host_vars/pbx/users.yml"
    refused(words, options, inventory_hostname="pbx")
    guard(options, inventory_hostname="pbx", provision_users=[])


def test_private_names_cannot_be_set(extra_vars: Variables) -> None:
    extra_vars |= {"provision__run": {"results": []}, "provision_run": 1}
    refused("only the collection may set them: provision__run. Rename", {"private": "provision__"}, extra_vars)
    del extra_vars["provision__run"]
    guard({"private": "provision__"}, extra_vars, provision__run="of an earlier run of the role")


@pytest.mark.parametrize("value", ["fasle", "maybe", 2, [], trust_as_template("{{ 3 }}")])
def test_what_is_no_boolean(extra_vars: Variables, value: Any) -> None:
    refused("audit_strict is .*, which is neither true nor false", {"booleans": ["audit_strict"]}, audit_strict=value)


@pytest.mark.parametrize("value", [True, "false", "No", 0, "1", "", None, trust_as_template("{{ true }}")])
def test_what_is_a_boolean(value: Any) -> None:
    guard({"booleans": ["audit_strict", "not_set"]}, audit_strict=value)


TYPED = ("0300000000", "1200", "007", "No", "null", "12:30", "1_200", "2026-01-01", "{{ 3 }}", "a: b", "'", "")


@pytest.mark.parametrize("typed", TYPED)
def test_answers_are_texts_as_they_were_typed(typed: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file of AWX, which ansible-core 2.19 and later do not read as texts."""
    answers = {"employee_number": typed, "employee_id": None}
    (tmp_path / "extravars").write_text(yaml.dump(answers, Dumper=UnsafeDumper), encoding="utf-8")
    monkeypatch.setattr(context, "CLIARGS", CLIArgs({"extra_vars": (f"@{tmp_path / 'extravars'}",)}))
    load_extra_vars.__dict__.pop("extra_vars", None)
    read = load_extra_vars(DataLoader())
    load_extra_vars.__dict__.pop("extra_vars", None)

    names = [*answers, "employee_lastname"]
    assert guard({"texts": names}, **read)["texts"] == {**dict.fromkeys(names, ""), "employee_number": typed}
    # Of the command line, the last one counts.
    assert guard({"texts": names}, employee_number="1201")["texts"]["employee_number"] == "1201"


@pytest.mark.parametrize("words", ["person=Vanessa Paradis", "since=2026-11-30 14:30", "run"])
def test_words_that_belong_to_no_variable(words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ansible ends a value at the first space, so the run would be about another person."""
    monkeypatch.setattr(context, "CLIARGS", CLIArgs({"extra_vars": (words,)}))
    load_extra_vars.__dict__.pop("extra_vars", None)
    refused(f"'{words.rsplit(maxsplit=1)[-1]}' after -e belongs to no variable", {})
    load_extra_vars.__dict__.pop("extra_vars", None)


@pytest.mark.parametrize("name", ["persn", "Person", "undo_person", "provision_aproved_plan", "approved_plan"])
def test_a_misspelt_name_that_has_to_be_exact(name: str, extra_vars: Variables) -> None:
    extra_vars[name] = "x"
    refused(f"The variable {name} is not read", {"exact": ["person", "provision_approved_plan"]})
    extra_vars.clear()
    extra_vars.update({"person": "x", "persons": "x", "provision_plan_file": "x", "vault_password": "x"})
    assert "msg" not in guard({"exact": ["person", "run", "journal"]})
    extra_vars["employee_numbr"] = 1
    refused("The variable employee_numbr is not read", {"texts": ["employee_number"]})
    extra_vars.clear()
    extra_vars["number"] = 1
    assert "msg" not in guard({"texts": ["employee_number"]})


def test_plain_names_of_an_inventory_are_not_read(extra_vars: Variables) -> None:
    """A variable "person" of an inventory is no wish that only this person goes back."""
    of_servers = SimpleNamespace(raw_get={"a": {}, "b": {"person": "Ann"}, "web": {"run": "x"}}.get)
    options = {"default_hosts": "confd", "of_run": ["journal", "run", "person"]}
    refused("person is a variable of the inventory .* -e person=VALUE", options, hostvars=of_servers)
    refused("journal is a variable of the inventory", {"of_run": ["journal"]}, journal="x")
    for given in ("Bob", ""):
        extra_vars["person"] = given
        guard(options, extra_vars, hostvars=of_servers)
    extra_vars.clear()
    guard(options, extra_vars, play_vars={"person": "Bob"}, hostvars=of_servers)
    guard({"of_run": ["journal"]}, extra_vars, journal="")


def test_misspelt_options() -> None:
    refused("default_host", {"default_host": "confd"})


def test_a_misspelt_variable_is_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not one of somebody's own whose name is a bit like a variable that is set."""
    warnings: list[str] = []
    monkeypatch.setattr(confd_guard.Display, "warning", lambda _self, text: warnings.append(text))
    of_servers = {
        "a": {"confd_timout": 3, "confd_validate_cert": False, "export_layouts": "letter", "undo_change_since": "skip"},
        "b": {"confd_password": "x", "confd_password2": "y", "confd_own_cluster": "z", "audit_server": 1}
        | {"confd_plan_document_100": {}, "confd_audit_report_7": ""},
        "web": {"confd_urls": []},
    }

    guard({"default_hosts": "confd"}, hostvars=SimpleNamespace(raw_get=of_servers.get))

    # ansible-core 2.16 warns here that a plugin outside of a play has no path.
    about_variables = [text for text in warnings if text.startswith("The variable")]
    assert about_variables == [
        f"The variable {name} of a is not read. Did you mean {meant}?"
        for name, meant in (
            ("confd_timout", "confd_timeout"),
            ("confd_validate_cert", "confd_validate_certs"),
            ("export_layouts", "export_layout"),
            ("undo_change_since", "undo_changed_since"),
        )
    ]


# The playbooks


@pytest.mark.parametrize("name", ["provision", "audit", "audit_merge", "export", "undo", *PERSONS])
def test_every_playbook_stays_on_the_controller(name: str) -> None:
    """Variables of an inventory have precedence over keywords of a play, and variables of a play over these."""
    *_checks, play = yaml.safe_load((ROOT / "playbooks" / f"{name}.yml").read_text(encoding="utf-8"))
    assert (play["vars"]["ansible_connection"], play["vars"]["ansible_become"]) == ("local", False)


@pytest.mark.parametrize("name", ["provision", "audit", "export", "undo", *PERSONS])
def test_every_playbook_begins_with_the_guard(name: str) -> None:
    first, second = yaml.safe_load((ROOT / "playbooks" / f"{name}.yml").read_text(encoding="utf-8"))
    check, _skipped = first["tasks"]
    assert (first["hosts"], check["tags"], check["run_once"]) == ("all:localhost", "always", True)
    assert check["xivo.confd.confd_guard"]["default_hosts"] == "confd"
    # The role has a guard of its own.
    assert name == "provision" or check["xivo.confd.confd_guard"]["private"].endswith("__")
    assert second["hosts"] == "{{ confd_hosts | default('confd', true) }}"


@pytest.mark.parametrize("name", PERSONS)
def test_playbooks_about_a_person_read_no_list(name: str) -> None:
    text = (ROOT / "playbooks" / f"{name}.yml").read_text(encoding="utf-8")
    _check, play = yaml.safe_load(text)
    only_one, *_problems, person, _show = play["tasks"]
    assert only_one["xivo.confd.confd_guard"]["one_server"] is True
    # Every answer is read as a text, also those that look like something else.
    texts = only_one["xivo.confd.confd_guard"]["texts"]
    named = set(re.findall(r"\bemployee_[a-z]\w+", re.sub(r"#.*", "", text)))
    assert named - {"employee_same_person", "employee_reset_phone"} == set(texts)
    options = person["xivo.confd.confd_provisioned_users"]
    assert (options["purge"], options["continue_on_error"]) == (False, False)
    assert options["reset_device"] in (False, "{{ employee_reset_phone | default(false, true) | bool }}")
    assert "failed_when" not in person
    assert "provision_" not in text.replace("confd_provisioned_users", "").replace("provision_journal", "")
