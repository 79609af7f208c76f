# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A simulated server in a process of its own, and what a command costs against it."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

import requests
from requests.auth import HTTPDigestAuth

from benchmark import dataset
from simulator.state_file import StateFile

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
START_TIMEOUT = 60.0
POLL_SECONDS = 0.05
CALIBRATION_REQUESTS = 300


@dataclass(frozen=True)
class Cost:
    """seconds: by the clock. cpu: seconds of all processes. peak: MB of the largest process. status: of the exit."""

    seconds: float
    cpu: float
    peak: float
    requests: int
    status: int
    output: str = ""

    def shown(self) -> dict[str, Any]:
        """The figures, for JSON."""
        return {name: value for name, value in vars(self).items() if name != "output"}


class Server:
    """A simulator with room for the dataset; latency 1 is as slow as the real server."""

    def __init__(
        self, folder: Path, latency: float = 1.0, state: Mapping[str, Any] | None = None, api: str = "xivo15"
    ) -> None:
        self._ready = folder / "ready.json"
        self._latency = latency
        self._api = api
        self._command = [sys.executable, "-m", "simulator", "--control", "--ready-file", str(self._ready)]
        self._command += ["--api", api, "--latency", str(latency)]
        for context in dataset.CONTEXTS:
            numbers = context.ranges[0]
            self._command += ["--range", f"{context.name}:{context.type}:{numbers.start}-{numbers.end}"]
        if state is not None:
            file = folder / "state.json"
            StateFile(file, api).save(dict(state))
            self._command += ["--state", str(file)]

    def __enter__(self) -> Server:
        self._ready.unlink(missing_ok=True)
        self._process = subprocess.Popen(self._command, env=environment(), stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + START_TIMEOUT
        while not self._ready.exists():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("the simulator did not start")
            time.sleep(POLL_SECONDS)
        ready = json.loads(self._ready.read_text(encoding="utf-8"))
        self.connection: dict[str, Any] = {name: ready[name] for name in ("url", "username", "password", "ca_path")}
        if self._latency:
            self._calibrate()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._process.terminate()
        self._process.wait()

    def reset(self) -> None:
        self._control("POST", "reset")

    def users(self) -> int:
        """How many users the server has."""
        return len(self._control("GET", "state").json()["users"])

    def cost(self, command: Sequence[str], folder: Path) -> Cost:
        """Run a command with the address of this server in CONFD_*."""
        self._control("DELETE", "requests")
        output = folder / "output.txt"
        variables = {f"CONFD_{name.upper()}": value for name, value in self.connection.items()}
        measured = folder / "cost.json"
        with output.open("w", encoding="utf-8") as file:
            subprocess.run(
                [sys.executable, str(HERE / "launch.py"), str(measured), *command],
                env={**environment(), **variables},
                cwd=folder,
                stdout=file,
                stderr=subprocess.STDOUT,
                check=True,
            )
        return Cost(
            **json.loads(measured.read_text(encoding="utf-8")),
            requests=len(self._control("GET", "requests").json()),
            output=output.read_text(encoding="utf-8"),
        )

    def _calibrate(self) -> None:
        """Tell the simulator what a request costs here beside the server's work: the real times are a client's.

        That client was a session of requests, as in the scripts (xivo-15.12.md, "Speed"), so such a one is measured.
        Our client takes less time, which is its own gain. Measured with whole requests, for credentials and JSON take
        their time as well. Those of quick moments count, as the quickest attempts do: with a larger figure the
        simulator would be quicker than the real server now and then.
        """
        with requests.Session() as session:
            self._sign_in(session)
            self._seconds_of(session)
            self._control("DELETE", "requests")
            attempts = sorted(self._seconds_of(session) for _attempt in range(CALIBRATION_REQUESTS))
        seconds = attempts[len(attempts) // 10]
        real = statistics.median(entry["milliseconds"] for entry in self._control("GET", "requests").json()) / 1000
        self._control("POST", "transit", {"seconds": max(0.0, seconds - self._latency * real)})
        self.reset()

    def _sign_in(self, session: requests.Session) -> None:
        """Give a session the credentials as scripts do it."""
        account = self.connection["username"], self.connection["password"]
        session.headers["Accept"] = "application/json"
        if self._api == "wazo":
            answer = session.post(
                f"{self.connection['url']}/api/auth/0.1/token",
                json={"expiration": 3600},
                auth=account,
                verify=self.connection["ca_path"],
            )
            session.headers["X-Auth-Token"] = answer.json()["data"]["token"]
        else:
            session.auth = HTTPDigestAuth(*account)

    def _seconds_of(self, session: requests.Session) -> float:
        """Seconds of creating a user."""
        base = f"{self.connection['url']}{'/api/confd' if self._api == 'wazo' else ''}/1.1"
        begun = time.monotonic()
        answer = session.post(f"{base}/users", json={"firstname": "Anna"}, verify=self.connection["ca_path"])
        answer.raise_for_status()
        answer.json()
        return time.monotonic() - begun

    def _control(self, method: str, what: str, body: Mapping[str, Any] | None = None) -> requests.Response:
        address = f"{self.connection['url']}/_simulator/{what}"
        answer = requests.request(method, address, json=body, verify=self.connection["ca_path"], timeout=60)
        answer.raise_for_status()
        return answer


def environment() -> dict[str, str]:
    """The caller's, with nothing of a real server, and with Ansible as the tests run it."""
    foreign = ("ANSIBLE_", "CONFD_", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    return {
        **kept,
        "PATH": f"{Path(sys.executable).parent}:{kept.get('PATH', '')}",
        "PYTHONPATH": f"{ROOT / 'tests'}:{ROOT / '.cache' / 'collections'}",
        "ANSIBLE_CONFIG": str(ROOT / "tests" / "ansible.cfg"),
        "ANSIBLE_COLLECTIONS_PATH": str(ROOT / ".cache" / "collections"),
        "ANSIBLE_PIPELINING": "1",
        "LC_ALL": "C.UTF-8",
    }
