# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run a command and write down what it cost.

A small process between the benchmark and the command: Linux counts the memory of whoever starts a process into the
peak of that process, and the benchmark itself is larger than what it measures.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path


def main() -> None:
    """launch.py FILE COMMAND...: write {seconds, cpu, peak, status} of the command to FILE; peak in MB."""
    begun = time.monotonic()
    process = subprocess.Popen(sys.argv[2:])
    _pid, status, usage = os.wait4(process.pid, 0)
    cost = {
        "seconds": time.monotonic() - begun,
        "cpu": usage.ru_utime + usage.ru_stime,
        "peak": usage.ru_maxrss / 1024,
        "status": os.waitstatus_to_exitcode(status),
    }
    Path(sys.argv[1]).write_text(json.dumps(cost), encoding="utf-8")


main()
