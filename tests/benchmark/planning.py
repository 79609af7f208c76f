# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plan a list that is on the server already, without Ansible, and say what that cost this process."""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from contextlib import closing
from pathlib import Path

from ansible_collections.xivo.confd.plugins.module_utils._backends import choose_backend
from ansible_collections.xivo.confd.plugins.module_utils._client import Client, Connection
from ansible_collections.xivo.confd.plugins.module_utils._ensure import Task
from ansible_collections.xivo.confd.plugins.module_utils._provision import provision


def main() -> None:
    """Print {cpu, peak, changed}: seconds, MB, and whether anything would change."""
    users = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))["provision_users"]
    names = ("URL", "USERNAME", "PASSWORD", "CA_PATH")
    url, username, password, ca_path = (os.environ[f"CONFD_{name}"] for name in names)
    begun = time.process_time()
    with closing(Client(Connection(url, username, password, ca_path=ca_path))) as client:
        result = provision(Task(choose_backend("auto", client), {"users": users}, check_mode=True))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"cpu": time.process_time() - begun, "peak": peak, "changed": result["changed"]}))


main()
