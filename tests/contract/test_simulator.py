# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check what the simulator offers to tests and demonstrations beside the API."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from simulator import Context, Fault, Range, Simulator

from .target import Target

pytestmark = pytest.mark.simulator_only

TESTS = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def shared() -> Iterator[Simulator]:
    with Simulator(api="xivo15", tls=True) as simulator:
        yield simulator


@pytest.fixture
def sim(shared: Simulator) -> Simulator:
    shared.reset()
    return shared


def client(simulator: Simulator) -> Target:
    return Target(simulator.url, simulator.username, simulator.password, simulator.ca_path or True)


def post_user(target: Target, name: str = "A") -> requests.Response:
    return target.ask("POST", "/users", json.dumps({"firstname": name}), {})


def names(simulator: Simulator) -> list[str]:
    return [user["firstname"] for user in simulator.state()["users"]]


@pytest.mark.parametrize(("kind", "processed"), [("drop_before", False), ("drop_after", True)], ids=["before", "after"])
def test_dropped_connection(kind: str, processed: bool, sim: Simulator) -> None:
    sim.faults.add(Fault(kind=kind, method="POST", path="/users"))
    with pytest.raises(requests.ConnectionError):
        post_user(client(sim))
    assert (sim.requests[-1].status, sim.requests[-1].fault) == (None, kind)
    assert (names(sim) == ["A"]) is processed
    assert bool(sim.writes) is processed


@pytest.mark.parametrize("kind", ["hang_before", "hang_after", "hang_late"])
def test_an_answer_that_does_not_come(kind: str) -> None:
    headers = {"Accept": "application/json"}
    with Simulator(api="xivo15", tls=False, username=None) as sim:
        sim.faults.add(Fault(kind=kind, method="POST", path="/users"))
        users = f"{sim.url}/1.1/users"
        with pytest.raises(requests.ReadTimeout):
            requests.post(users, json={"firstname": "A"}, headers=headers, timeout=(30, 0.3))
        # What hangs late is done after the next request has been answered.
        assert requests.post(users, json={"firstname": "B"}, headers=headers, timeout=30).status_code == 201
        deadline = time.monotonic() + 10
        while not any(request.fault == kind for request in sim.requests):
            assert time.monotonic() < deadline
            time.sleep(0.01)
        assert sorted(names(sim)) == {"hang_before": ["B"]}.get(kind, ["A", "B"])
        assert kind != "hang_late" or names(sim) == ["B", "A"]


@pytest.mark.parametrize(
    ("fault", "status", "processed"),
    [
        (Fault(kind="500_before"), 500, False),
        (Fault(kind="500_after"), 500, True),
        (Fault(kind="502"), 502, False),
        (Fault(kind="503", retry_after=7), 503, False),
        (Fault(kind="401"), 401, False),
        (Fault(kind="restart"), 401, False),
        (Fault(kind="delay", seconds=0.01), 201, True),
        (Fault(kind="html"), 200, True),
        (Fault(kind="truncated"), 201, True),
    ],
    ids=lambda value: value.kind if isinstance(value, Fault) else None,
)
def test_answer_of_a_fault(fault: Fault, status: int, processed: bool, sim: Simulator) -> None:
    sim.faults.add(fault)
    answer = post_user(client(sim))
    assert answer.status_code == status
    assert (names(sim) == ["A"]) is processed
    assert answer.headers.get("Retry-After") == ("7" if fault.kind == "503" else None)
    assert len(sim.faults) == 0
    if fault.kind in {"html", "truncated"}:
        with pytest.raises(requests.JSONDecodeError):
            answer.json()


def test_restart_fault_kills_the_session_for_good(sim: Simulator) -> None:
    target = client(sim)
    assert post_user(target).status_code == 201
    sim.faults.add(Fault(kind="restart"))
    assert [post_user(target).status_code for _each in range(2)] == [401, 401]
    target.renew_session()
    assert post_user(target).status_code == 201


def test_fault_on_the_nth_request_for_some_times(sim: Simulator) -> None:
    sim.faults.add(Fault(kind="502", method="POST", path="/users*", nth=2, times=2))
    target = client(sim)
    assert [post_user(target).status_code for _each in range(4)] == [201, 502, 502, 201]


def test_callback_before_and_after(sim: Simulator) -> None:
    seen: list[Any] = []
    sim.faults.add(Fault(kind="callback", callback=lambda method, path: seen.append((method, path, names(sim)))))
    sim.faults.add(Fault(kind="callback", callback=lambda *_: seen.append(names(sim)), nth=2, after=True))
    target = client(sim)
    post_user(target, "A")
    post_user(target, "B")
    assert seen == [("POST", "/users", []), ["A", "B"]]


def test_unknown_kind_of_fault_is_an_error() -> None:
    with pytest.raises(ValueError, match="unknown kind of fault 'explode'"):
        Fault(kind="explode")


def test_log_has_the_401s_and_writes_only_what_acts(sim: Simulator) -> None:
    target = client(sim)
    target.ask("GET", "/users?search=a&limit=1", None, {})
    post_user(target)
    target.ask("GET", "/devices/dev1/autoprov", None, {})
    target.ask("GET", "/devices/dev1", None, {})
    target.ask("PUT", "/users", "{}", {})
    assert [(request.method, request.path, request.status) for request in sim.requests] == [
        ("GET", "/users", 401),
        ("GET", "/users", 200),
        ("POST", "/users", 201),
        ("GET", "/devices/dev1/autoprov", 204),
        ("GET", "/devices/dev1", 200),
        ("PUT", "/users", 405),
    ]
    assert sim.requests[1].query == {"search": "a", "limit": "1"}
    assert [(request.method, request.path, request.body) for request in sim.writes] == [
        ("POST", "/users", {"firstname": "A"}),
        ("GET", "/devices/dev1/autoprov", None),
    ]


def test_reset_goes_back_to_the_initial_state(sim: Simulator) -> None:
    initial = sim.state()
    post_user(client(sim))
    sim.reset()
    assert (sim.state(), sim.requests) == (initial, [])
    assert post_user(client(sim)).json()["id"] == 1


def test_contexts_can_be_chosen() -> None:
    contexts = [Context("internal", "internal", (Range("200", "299"),))]
    with Simulator(api="xivo15", tls=False, username=None, contexts=contexts) as simulator:
        created = client(simulator).ask("POST", "/extensions", '{"exten": "250", "context": "internal"}', {})
    assert created.status_code == 201


def test_seed_makes_random_values_known() -> None:
    accounts = []
    for _each in range(2):
        with Simulator(api="xivo15", tls=False, username=None, seed=7) as simulator:
            body = '{"context": "default", "device_slot": 1}'
            accounts.append(client(simulator).ask("POST", "/lines_sip", body, {}).json()["username"])
    assert accounts[0] == accounts[1]


def test_state_file_outlives_the_simulator(tmp_path: Path) -> None:
    file = tmp_path / "state.json"
    with Simulator(api="xivo15", tls=False, username=None, state_file=file) as simulator:
        post_user(client(simulator), "Kept")
        written = json.loads(file.read_text(encoding="utf-8"))["state"]
    with Simulator(api="xivo15", tls=False, username=None, state_file=file) as simulator:
        assert simulator.state() == written
        assert names(simulator) == ["Kept"]
        assert post_user(client(simulator)).json()["id"] == 2


def wait_for(file: Path) -> dict[str, Any]:
    deadline = time.monotonic() + 20
    while not file.exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    ready: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return ready


@pytest.fixture
def started(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], dict[str, Any]]]:
    """Yield a simulator started from the command line, and the content of its ready file."""
    ready_file = tmp_path / "ready.json"
    options = ["--trusted", "--control", "--ready-file", str(ready_file), "--range", "office:internal:300-399"]
    command = [sys.executable, "-m", "simulator", *options]
    environment = os.environ | {"PYTHONPATH": str(TESTS), "TMPDIR": str(tmp_path)}
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as process:
        try:
            yield process, wait_for(ready_file)
        finally:
            process.kill()


Started = tuple[subprocess.Popen[str], dict[str, Any]]


def test_command_line_ends_cleanly(started: Started, tmp_path: Path) -> None:
    process, ready = started
    assert (ready["pid"], ready["username"]) == (process.pid, None)
    target = Target(ready["url"], None, "", ready["ca_path"])
    assert target.ask("POST", "/extensions", '{"exten": "300", "context": "office"}', {}).status_code == 201
    process.send_signal(signal.SIGTERM)
    said = process.communicate(timeout=120)[1]
    assert process.returncode == 0
    assert "for tests and demonstrations only" in said
    assert not list(tmp_path.glob("confd-simulator-*"))


def test_control_interface(started: Started) -> None:
    ready = started[1]
    target = Target(ready["url"], None, "", ready["ca_path"])

    def control(method: str, name: str, body: Any = None) -> requests.Response:
        url = f"{ready['url']}/_simulator/{name}"
        return requests.request(method, url, json=body, verify=ready["ca_path"], timeout=30)

    assert control("POST", "faults", {"kind": "503", "path": "/users"}).status_code == 204
    assert target.ask("GET", "/users", None, {}).status_code == 503
    assert [(entry["path"], entry["status"]) for entry in control("GET", "requests").json()] == [("/users", 503)]
    assert post_user(target).status_code == 201
    assert [entry["body"] for entry in control("GET", "writes").json()] == [{"firstname": "A"}]
    assert len(control("GET", "state").json()["users"]) == 1
    assert control("POST", "reset").status_code == 204
    assert control("POST", "restart").status_code == 204
    assert control("GET", "state").json()["users"] == []


def test_control_interface_is_not_served_unless_asked_for(sim: Simulator) -> None:
    assert requests.get(f"{sim.url}/_simulator/state", verify=sim.ca_path, timeout=30).status_code == 404


def test_the_rules_of_a_server_build_no_urls(sim: Simulator) -> None:
    """To compile what builds them was nine tenths of the time of a start."""
    for rule in sim.wsgi.url_map.iter_rules():  # type: ignore[attr-defined]
        with pytest.raises(NotImplementedError, match="builds no URLs"):
            rule.build({})
