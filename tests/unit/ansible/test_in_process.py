# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Modules in Ansible's own process: which tasks run there, and that the result is that of a process of its own."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml
from ansible import constants
from ansible.plugins.action import normal

from ansible_collections.xivo.confd.plugins import action as in_process
from simulator import Simulator
from support.helpers import Options, client_of, person
from support.paths import ROOT
from support.run_module import INVOCATION, run_module

PLUGINS = "ansible_collections.xivo.confd.plugins"
RUNTIME = yaml.safe_load((ROOT / "meta" / "runtime.yml").read_text(encoding="utf-8"))
GROUP = RUNTIME["action_groups"]["confd"]
OF_ITS_OWN = {"confd_export_files"}
"""It writes files, where the playbook runs."""
HERE = {"ran": "in Ansible's process"}
ELSEWHERE = {"ran": "in a process of its own"}


class Templar:
    """Knows one variable."""

    def template(self, value: Any) -> Any:
        return sys.executable if value == "{{ ansible_playbook_python }}" else value


class Task(SimpleNamespace):
    """A task of confd_user."""

    def __init__(self, **said: Any) -> None:
        super().__init__(
            **{
                "action": "xivo.confd.confd_user",
                "args": {"firstname": "Ada"},
                "environment": [{}],
                "async_val": 0,
                "timeout": 0,
                "delegate_to": None,
                "collections": None,
                "check_mode": False,
                **said,
            }
        )


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., Options]:
    """Run a task of a module that only says where it runs. variables: those of Ansible."""

    class Module:
        def result(self, _options: Options, _store: object) -> Options:
            return {**HERE, "directory": str(Path.cwd())}

    monkeypatch.setattr(normal.ActionModule, "_execute_module", lambda *_given, **_named: ELSEWHERE)
    monkeypatch.setattr(in_process.ActionModule, "_update_module_args", lambda *_given: None)
    monkeypatch.setattr(in_process.ActionModule, "_module", lambda _action: Module())

    def run(transport: str = "local", become: Any = None, variables: Options | None = None, **said: Any) -> Options:
        shell = SimpleNamespace(tmpdir=None)
        connection = SimpleNamespace(
            transport=transport, become=become, has_native_async=False, _shell=shell, socket_path=None
        )
        loader = SimpleNamespace(get_basedir=lambda: str(tmp_path))
        action = in_process.ActionModule(Task(**said), connection, SimpleNamespace(), loader, Templar(), None)
        result: Options = action.run(task_vars=variables or {})
        return result

    return run


def test_a_local_task_runs_in_ansibles_process(ran: Callable[..., Options]) -> None:
    assert ran()["ran"] == HERE["ran"]


def test_it_runs_where_ansible_starts_local_processes(ran: Callable[..., Options], tmp_path: Path) -> None:
    before = Path.cwd()
    assert ran()["directory"] == str(tmp_path)
    assert Path.cwd() == before


@pytest.mark.parametrize(
    "asked",
    [
        pytest.param({"transport": "ssh"}, id="another machine"),
        pytest.param({"become": object()}, id="another user"),
        pytest.param({"environment": [{}, {"HTTPS_PROXY": "http://proxy"}]}, id="another environment"),
        pytest.param({"async_val": 60}, id="in the background"),
        pytest.param({"timeout": 60}, id="a limit of time"),
        pytest.param({"variables": {"ansible_python_interpreter": "/usr/bin/other"}}, id="another Python"),
        pytest.param({"variables": {"confd_own_process": "yes"}}, id="said so"),
    ],
)
def test_what_asks_for_a_process_gets_one(ran: Callable[..., Options], asked: Options) -> None:
    assert ran(**asked)["ran"] == ELSEWHERE["ran"]


def test_a_date_is_refused_on_every_machine(ran: Callable[..., Options]) -> None:
    given = {"firstname": "Ada", "users": [{"user": {"description": date(2026, 2, 1)}}]}
    assert ran(transport="ssh", args=given)["ran"] == HERE["ran"]
    assert in_process._with_dates({**given, 1: (None, True, 2, 1.5)}) == {**given, "1": [None, True, 2, 1.5]}


@pytest.mark.parametrize("python", ["auto", "auto_silent", "", sys.executable, "{{ ansible_playbook_python }}"])
def test_ansibles_own_python_is_none_other(ran: Callable[..., Options], python: str) -> None:
    assert ran(variables={"ansible_python_interpreter": python})["ran"] == HERE["ran"]


def test_ansibles_own_python_has_several_names(
    ran: Callable[..., Options], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    other_name, other_environment = tmp_path / "bin" / "python3", tmp_path / "environment" / "python3"
    (tmp_path / "bin").symlink_to(Path(sys.executable).parent)
    other_environment.parent.mkdir()
    other_environment.symlink_to(sys.executable)
    assert ran(variables={"ansible_python_interpreter": str(other_name)})["ran"] == HERE["ran"]
    assert ran(variables={"ansible_python_interpreter": str(other_environment)})["ran"] == ELSEWHERE["ran"]
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    assert ran(variables={"ansible_python_interpreter": "python3"})["ran"] == HERE["ran"]


def test_a_delegated_task_uses_the_python_of_its_host(ran: Callable[..., Options]) -> None:
    variables: Options = {
        "ansible_python_interpreter": "/usr/bin/other",
        "ansible_delegated_vars": {"localhost": {"ansible_python_interpreter": "{{ ansible_playbook_python }}"}},
    }
    assert ran(variables=variables, delegate_to="localhost")["ran"] == HERE["ran"]
    assert ran(variables=variables)["ran"] == ELSEWHERE["ran"]


@pytest.mark.parametrize(
    ("owner", "name", "value"),
    [
        pytest.param(in_process, "REQUESTS_IMPORT_ERROR", "ImportError", id="Ansible's Python has no requests"),
        pytest.param(sys, "platform", "darwin", id="macOS, which does not survive a fork"),
        pytest.param(constants, "DEFAULT_KEEP_REMOTE_FILES", True, id="the files of the module are to be kept"),
    ],
)
def test_where_it_cannot_a_process_is_started(
    ran: Callable[..., Options], monkeypatch: pytest.MonkeyPatch, owner: Any, name: str, value: Any
) -> None:
    monkeypatch.setattr(owner, name, value)
    assert ran()["ran"] == ELSEWHERE["ran"]


@pytest.mark.parametrize("name", [name for name in GROUP if name not in OF_ITS_OWN])
def test_every_module_with_a_connection_can(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    assert issubclass(importlib.import_module(f"{PLUGINS}.action.{name}").ActionModule, in_process.ActionModule)

    def found(action: str, collection_list: list[str] | None) -> SimpleNamespace:
        assert (action, collection_list) == (name, ["xivo.confd"])
        return SimpleNamespace(resolved_fqcn=f"xivo.confd.{name}")

    monkeypatch.setattr(in_process.module_loader, "find_plugin_with_context", found)
    action = in_process.ActionModule(Task(action=name, collections=["xivo.confd"]), *[None] * 5)
    assert action._module() is module_named(name)


@pytest.fixture(scope="module")
def read() -> dict[str, list[str]]:
    """Return {step: the modules that are imported after it} of a process that looks up plugins as a strategy does."""
    program = (
        "import json, sys\n"
        "from ansible.plugins.loader import action_loader, filter_loader, init_plugin_loader\n"
        "init_plugin_loader()\n"
        "filter_loader.get('xivo.confd.with_profiles')\n"
        "read = {'filter': list(sys.modules)}\n"
        "action_loader.get('xivo.confd.confd_provisioned_users', class_only=True)\n"
        "print(json.dumps({**read, 'action': list(sys.modules)}))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    found: dict[str, list[str]] = json.loads(done.stdout)
    return found


def test_one_filter_does_not_import_the_others(read: dict[str, list[str]]) -> None:
    """Ansible compiles a file of a collection whenever it reads it, and reads all filters in each task that has one."""
    core = {name.rpartition(".")[2] for name in read["filter"] if "._reports." in name or "._export" in name}
    assert core == {"profiles"}


def test_ansible_reads_the_module_before_it_forks(read: dict[str, list[str]]) -> None:
    """This is how the strategies look up an action, in the process that later forks for the tasks of all servers."""
    assert {"requests", f"{PLUGINS}.modules.confd_provisioned_users"} <= set(read["action"])


def test_every_module_has_defaults_of_its_own(tmp_path: Path) -> None:
    """Under another name, `module_defaults` with `state: absent` for one module would remove the objects of all."""
    program = (
        "import sys\n"
        "from ansible.plugins.loader import action_loader, init_plugin_loader\n"
        "init_plugin_loader()\n"
        "names = [f'xivo.confd.{name}' for name in sys.argv[1:]]\n"
        "found = [action_loader.find_plugin_with_context(name).resolved_fqcn for name in names]\n"
        "print(found == names, *found)\n"
    )
    command = [sys.executable, "-c", program, *GROUP]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=tmp_path)
    assert done.stdout.startswith("True")


def test_options_are_read_as_a_module_reads_them() -> None:
    """As JSON: what YAML made a date is a text, and so is whatever Ansible has of its own."""

    class Tagged(str):
        """A text of Ansible's."""

    class Vaulted:
        def __str__(self) -> str:
            return "plain"

    given = {"a": date(2026, 2, 1), "b": datetime(2026, 2, 1, 3, 4), "c": [Tagged("x")], "d": Vaulted(), 5: (1, None)}
    read = in_process._as_a_module_reads_it(given)
    assert read == {"a": "2026-02-01", "b": "2026-02-01T03:04:00", "c": ["x"], "d": "plain", "5": [1, None]}
    assert not isinstance(read["c"][0], Tagged)


# The result


@pytest.fixture
def both(sim: Simulator, capsys: pytest.CaptureFixture[str]) -> Callable[..., Options]:
    """What a module returns to a process, which is what it prints as one, with the same server before it."""

    def run(name: str, **options: Any) -> Options:
        connection = {"confd_url": sim.url, "confd_username": sim.username, "confd_password": sim.password}
        given = {**connection, **INVOCATION, "_ansible_diff": True, **options}
        before = sim.database.dump()
        run_module(name, given)
        printed: Options = json.loads(capsys.readouterr().out)
        sim.database.load(before)
        returned = module_named(name).result(given)
        assert returned == printed
        assert capsys.readouterr().out == ""
        return printed

    return run


def module_named(name: str) -> Any:
    return importlib.import_module(f"{PLUGINS}.modules.{name}").MODULE


def test_a_change(both: Callable[..., Options]) -> None:
    assert both("confd_user", firstname="Ada", lastname="Lovelace", password="canary-of-ada")["changed"]
    assert not both("confd_user", firstname="Ada", lastname="Lovelace")["changed"]


def test_a_prediction(both: Callable[..., Options], sim: Simulator) -> None:
    assert both("confd_user", firstname="Ada", _ansible_check_mode=True)["user"]["predicted"]
    assert client_of(sim).get("/users")["total"] == 0


def test_a_list(both: Callable[..., Options]) -> None:
    ann = {**person("Ann", 1000), "line": {"username": "ann", "secret": "canary-of-ann"}}
    done = both("confd_provisioned_users", users=[ann], _ansible_check_mode=True)
    assert done["changed"]
    assert "canary-of-ann" not in json.dumps(done)


def test_an_error_of_the_server(both: Callable[..., Options]) -> None:
    assert both("confd_extension", exten="5000", context="default")["status"] == 400


def test_options_that_are_missing_unknown_or_wrong(both: Callable[..., Options]) -> None:
    assert "one of the following" in both("confd_user")["msg"]
    assert "surname is not a valid option" in both("confd_user", firstname="Ada", surname="Lovelace")["msg"]
    assert "must be more than 0" in both("confd_user", firstname="Ada", timeout=0)["msg"]
    assert "in quotes" in both("confd_extension", exten=50331648, context="default")["msg"]


def test_a_secret_option_is_masked_in_the_result(both: Callable[..., Options]) -> None:
    failed = both(
        "confd_user", firstname="Ada", confd_url="https://secret-canary.invalid", confd_password="secret-canary"
    )
    assert "secret-canary" not in json.dumps(failed)
    assert failed["failed"] is True


@pytest.mark.skipif(not INVOCATION, reason="ansible-core before 2.21 always wants the options repeated")
def test_options_are_not_repeated_where_nobody_asks(sim: Simulator) -> None:
    given = {"firstname": "Ada", "confd_url": sim.url, "confd_username": sim.username, "confd_password": sim.password}
    assert "invocation" in module_named("confd_user").result({**given, **INVOCATION})
    assert "invocation" not in module_named("confd_user").result({**given, "_ansible_inject_invocation": False})


def test_warnings_of_one_module_do_not_reach_the_next(tls_sim: Simulator) -> None:
    given = {"confd_url": tls_sim.url, "confd_username": tls_sim.username, "confd_password": tls_sim.password}
    for _each in range(2):
        told = module_named("confd_user_info").result({**given, "validate_certs": False})
        assert len(told["warnings"]) == 1
    assert "warnings" not in module_named("confd_user_info").result({**given, "ca_path": tls_sim.ca_path})
