# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A simulator for the core, as quick as can be: no TLS, no pauses."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from functools import cache

import pytest
import responses
from hypothesis import HealthCheck, settings

from ansible_collections.xivo.confd.plugins.module_utils._backends.base import Backend
from ansible_collections.xivo.confd.plugins.module_utils._backends.wazo.backend import Wazo
from ansible_collections.xivo.confd.plugins.module_utils._backends.xivo16.backend import Xivo16
from ansible_collections.xivo.confd.plugins.module_utils._http import confirm as _sure
from ansible_collections.xivo.confd.plugins.module_utils._http.client import Client
from ansible_collections.xivo.confd.plugins.module_utils._tasks.voicemail import ensure_voicemail
from simulator import Simulator
from support.helpers import apply_list, backend_of, client_of, perform, person
from support.in_process_http import in_process_http
from support.patience import only_faults_time_out
from support.servers import CONTEXTS
from support.voicemails import JOHNNY, KEY

ABOUT_PASSWORDS = ("http", "ansible", "backends", "docs")
"""The rooms in which a XiVO asks for a password. Elsewhere it trusts the address of the client, as a XiVO can be told
to: the digest takes a quarter of the time of a request and two thirds of that of a new client."""
QUIET = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
settings.register_profile("ci", derandomize=True, max_examples=30, deadline=None, suppress_health_check=QUIET)
settings.register_profile("all", max_examples=2000, deadline=None, suppress_health_check=QUIET)
settings.register_profile("long", max_examples=2000, deadline=None, suppress_health_check=QUIET)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_sure, "REPEAT_PAUSES", (0, 0))


@pytest.fixture(autouse=True)
def _no_settings_of_the_caller(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture(autouse=True)
def _no_network(request: pytest.FixtureRequest) -> Iterator[None]:
    """Call the simulators of this process without a network, where HTTP is not what is tested."""
    with nullcontext() if request.path.parent.name == "http" else in_process_http():
        yield


@pytest.fixture(autouse=True)
def _only_faults_time_out(request: pytest.FixtureRequest, _no_network: None) -> Iterator[None]:
    with ExitStack() as stack:
        if "sim" in request.fixturenames:
            stack.enter_context(only_faults_time_out(request.getfixturevalue("sim")))
        yield


@pytest.fixture(autouse=True)
def _every_fault_happens(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test whose fault never happened: it has tested nothing."""
    sim = request.getfixturevalue("sim") if "sim" in request.fixturenames else None
    if sim:
        sim.faults.forget()
    yield
    if sim and not request.node.get_closest_marker("fault_may_not_happen"):
        idle = [fault for fault in sim.faults.added if not fault.has_happened]
        assert not idle, "this fault never happened"


@contextmanager
def _untraced_threads() -> Iterator[None]:
    """Start threads that coverage does not trace: the simulator is not measured, and tracing doubles its time."""
    trace = threading.gettrace()
    threading.settrace(None)
    try:
        yield
    finally:
        threading.settrace(trace)


@pytest.fixture(scope="session")
def _shared_sims() -> Iterator[Callable[[str, bool], Simulator]]:
    """One server of each generation, and one that asks for no password, started when it is first asked for."""
    with ExitStack() as stack:

        @cache
        def of(api: str, asks_for_password: bool) -> Simulator:
            options = {} if asks_for_password else {"username": None}
            with _untraced_threads():
                return stack.enter_context(Simulator(api=api, tls=False, contexts=CONTEXTS, seed=1, **options))

        yield of


@pytest.fixture
def sim(request: pytest.FixtureRequest, _shared_sims: Callable[[str, bool], Simulator]) -> Simulator:
    """A server as after its installation, without TLS, with one more internal context: sales.

    A XiVO 15.12, unless the test is parametrized over generations (pytest.mark.on).
    """
    api = getattr(request, "param", "xivo15")
    # What an account may do is known of a Wazo only.
    simulator = _shared_sims(api, api == "wazo" or request.path.parent.name in ABOUT_PASSWORDS)
    simulator.reset()
    return simulator


@pytest.fixture(scope="session")
def _shared_tls_sim() -> Iterator[Simulator]:
    with Simulator(api="xivo15") as simulator:
        yield simulator


@pytest.fixture
def tls_sim(_shared_tls_sim: Simulator) -> Simulator:
    """The same with TLS."""
    _shared_tls_sim.reset()
    return _shared_tls_sim


@pytest.fixture
def client(sim: Simulator) -> Iterator[Client]:
    client = client_of(sim)
    yield client
    client.close()


@pytest.fixture
def fake() -> Iterator[responses.RequestsMock]:
    """A server that answers what the test says (unit.fake_server)."""
    with responses.RequestsMock() as mock:
        yield mock


@pytest.fixture
def backend(sim: Simulator) -> Backend:
    return backend_of(sim)


@pytest.fixture
def people(sim: Simulator) -> Simulator:
    """Johnny (1) at 1200, Anna (2) at 1201, Bob (3) without a telephone."""
    apply_list(sim, person("Johnny Depp", 1200), person("Anna Karina", 1201), person("Bob"))
    sim.clear_log()
    return sim


@pytest.fixture
def johnny(people: Simulator) -> Simulator:
    """The same people, and Johnny has voicemail 1 at 1200."""
    perform(people, ensure_voicemail, **KEY, user=JOHNNY, password="4711")
    people.clear_log()
    return people


@pytest.fixture
def part_by_part(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every part of a new user in a request of its own, as single modules do it; test_whole_users has the others."""
    for generation in (Xivo16, Wazo):
        monkeypatch.setattr(generation, "batch_size", 0)


@pytest.fixture
def the_server_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    """Values go to the server that would be refused before: what comes of a rule that is not known yet."""
    for check in ("problems_of_values", "problems_of_combination"):
        monkeypatch.setattr(Backend, check, lambda *_given: [])
