# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keeps what the sessions of a playbook pass on in memory that Ansible shares with the processes that it forks."""

from __future__ import annotations

import atexit
import fcntl
import hashlib
import hmac
import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from multiprocessing import parent_process
from secrets import token_bytes
from threading import Lock
from typing import Any

from .._http.auth_service import revoke_left
from .._http.handover import Handover, Notes, Store

ACCOUNT = (
    *("confd_url", "confd_auth_url", "confd_auth_backend", "confd_tenant"),
    *("confd_username", "confd_password", "confd_token", "validate_certs", "ca_path"),
)
"""The options that a session depends on. Tasks that differ in one of them share nothing."""


class SharedMemory(Store):
    """An anonymous file in memory, which ends with Ansible's process.

    It has no name. Below /proc, whoever may read the memory of Ansible's process can open it: the same user, and root.
    Raises OSError where the system has none, and AttributeError where Python does not know them.
    """

    def __init__(self) -> None:
        # Not inherited by programs that Ansible starts.
        self._file = os.memfd_create("xivo.confd", os.MFD_CLOEXEC)
        self._key = token_bytes(32)
        self._lock = Lock()

    def handover_of(self, options: Mapping[str, Any]) -> Handover:
        """Return what the sessions with the same account pass on. options: of a module."""
        values = json.dumps([options.get(name) for name in ACCOUNT])
        # The password cannot be guessed from this.
        return Handover(self, hmac.new(self._key, values.encode(), hashlib.sha256).hexdigest())

    def read(self, account: str) -> Notes:
        """Return the notes for an account; {} if there are none."""
        with self._locked():
            return self._content().get(account, {})

    def change(self, account: str, change: Callable[[Notes], Notes]) -> bool:
        """Replace the notes for an account by what a function makes of them."""
        with self._locked():
            content = self._content()
            self._write({**content, account: change(content.get(account, {}))})
        return True

    def take_all(self) -> list[Notes]:
        """Return the notes for all accounts, and keep none of them."""
        with self._locked():
            content = self._content()
            self._write({})
        return list(content.values())

    def _content(self) -> dict[str, Notes]:
        text = os.pread(self._file, os.fstat(self._file).st_size, 0)
        try:
            return json.loads(text) if text else {}
        except ValueError:
            # A process was killed while it wrote. The next session begins anew.
            return {}

    def _write(self, content: Mapping[str, Notes]) -> None:
        text = json.dumps(content).encode()
        os.ftruncate(self._file, 0)
        os.pwrite(self._file, text, 0)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Keep out other threads, and other processes. The system unlocks what a killed process has locked."""
        with self._lock:
            fcntl.lockf(self._file, fcntl.LOCK_EX)
            try:
                yield
            finally:
                fcntl.lockf(self._file, fcntl.LOCK_UN)


@cache
def open_store() -> SharedMemory | None:
    """Return the one store of this process and of those that it forks; None where the system or the process has none.

    When this process ends, the tokens in it are revoked.
    """
    if parent_process():
        # A task whose action Ansible had not looked up before it forked. Such a process ends without atexit.
        return None
    try:
        store = SharedMemory()
    except (OSError, AttributeError):
        return None
    owner = os.getpid()

    def end() -> None:
        if os.getpid() == owner:
            revoke_left(store.take_all())

    atexit.register(end)
    return store
