# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes every task result to a file of JSON lines, so that tests need not read what Ansible prints."""

from __future__ import annotations

import json
import os
from typing import Any

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = """
name: events
type: notification
short_description: Events as JSON lines, for tests
description: Appends one JSON object a task result, and one at the end, to the file named by TEST_EVENTS_FILE.
"""


class CallbackModule(CallbackBase):
    """What happened, in words that do not depend on the version of ansible-core."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "notification"
    CALLBACK_NAME = "events"
    CALLBACK_NEEDS_ENABLED = True

    def v2_runner_on_ok(self, result: Any) -> None:
        self._task("ok", result)

    def v2_runner_on_failed(self, result: Any, ignore_errors: bool = False) -> None:
        self._task("failed", result, ignored=ignore_errors)

    def v2_runner_on_skipped(self, result: Any) -> None:
        self._task("skipped", result)

    def v2_runner_on_unreachable(self, result: Any) -> None:
        self._task("unreachable", result)

    def v2_playbook_on_stats(self, stats: Any) -> None:
        self._write({"event": "stats", "hosts": {host: stats.summarize(host) for host in stats.processed}})

    def _task(self, status: str, result: Any, ignored: bool = False) -> None:
        task = result._task
        self._write(
            {
                "event": "task",
                "host": result._host.get_name(),
                "name": task.get_name(),
                "action": task.resolved_action or task.action,
                "status": status,
                "ignored": bool(ignored),
                "result": result._result,
            }
        )

    def _write(self, event: dict[str, Any]) -> None:
        with open(os.environ["TEST_EVENTS_FILE"], "a", encoding="utf-8") as file:
            file.write(json.dumps(event, default=str) + "\n")
