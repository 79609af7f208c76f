# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plan or provision a list without Ansible, and say what that cost this process."""

from __future__ import annotations

import argparse
import json
import os
import time
from contextlib import closing
from pathlib import Path

from ansible_collections.xivo.confd.plugins.module_utils._backends.registry import choose_backend
from ansible_collections.xivo.confd.plugins.module_utils._bulk.provision import provision
from ansible_collections.xivo.confd.plugins.module_utils._http.client import Client
from ansible_collections.xivo.confd.plugins.module_utils._http.connection import Connection
from ansible_collections.xivo.confd.plugins.module_utils._tasks.task import Task


def main() -> None:
    """Print {seconds, cpu, changed, whole}; whole: whether one request makes whole users."""
    options = _options()
    users = json.loads(options.list.read_text(encoding="utf-8"))["provision_users"]
    names = ("URL", "USERNAME", "PASSWORD", "CA_PATH")
    url, username, password, ca_path = (os.environ[f"CONFD_{name}"] for name in names)
    cpu, clock = time.process_time(), time.monotonic()
    with closing(Client(Connection(url, username, password, ca_path=ca_path, timeout=options.timeout))) as client:
        backend = choose_backend("auto", client)
        if options.by_parts:
            type(backend).batch_size = 0
        result = provision(Task(backend, {"users": users}, check_mode=options.check))
    said = {
        "seconds": time.monotonic() - clock,
        "cpu": time.process_time() - cpu,
        "changed": result["changed"],
        "whole": backend.batch_size > 0,
    }
    print(json.dumps(said))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="core", description=__doc__)
    parser.add_argument("list", type=Path)
    parser.add_argument("--check", action="store_true", help="only plan")
    parser.add_argument("--by-parts", action="store_true", help="make user, line, numbers one after the other")
    parser.add_argument("--timeout", type=float, default=120.0)
    return parser.parse_args()


main()
