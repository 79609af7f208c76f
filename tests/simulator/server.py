# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Serve HTTP with cheroot, with TLS and with connections that can be reset."""

from __future__ import annotations

import contextlib
import errno
import os
import select
import socket
import struct
import threading
from collections.abc import Callable, Iterable
from typing import Any

from cheroot.ssl.builtin import BuiltinSSLAdapter
from cheroot.wsgi import Gateway_10, Server

from .certificates import Certificates

CONNECTION = "simulator.connection"
REAL_SERVER_THREADS = 10
POLL_SECONDS = 0.05
LONGEST_WAIT = 60.0
RESET_ON_CLOSE = struct.pack("ii", 1, 0)

WsgiApp = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class ListenError(Exception):
    """Report that the server cannot listen on its address, with what to do."""


class _Gateway(Gateway_10):
    def get_environ(self) -> Any:
        environ: dict[str, Any] = super().get_environ()  # type: ignore[no-untyped-call]
        environ[CONNECTION] = self.req.conn
        return environ


def reset_connection(environ: dict[str, Any]) -> None:
    """Cut the client's connection, as a crashing server or a broken network does."""
    connection = environ[CONNECTION].socket
    with contextlib.suppress(OSError):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)
        connection.shutdown(socket.SHUT_RDWR)


def wait_for_disconnect(environ: dict[str, Any]) -> None:
    """Return once the client has closed its connection, which it does when it stops waiting."""
    # The client sends nothing while it waits, so the next thing that can be read is the end of the connection.
    select.select([environ[CONNECTION].socket], [], [], LONGEST_WAIT)


def _ignore(msg: str = "", level: int = 20, traceback: bool = False) -> None:
    """Drop cheroot's messages about connections that clients or faults cut."""


class HttpServer:
    """Serve an application in a thread of its own."""

    def __init__(self, app: WsgiApp, host: str, port: int, certificates: Certificates | None) -> None:
        self._server = Server((host, port), app, numthreads=REAL_SERVER_THREADS, timeout=60, shutdown_timeout=1)
        self._server.gateway = _Gateway
        self._server.error_log = _ignore  # type: ignore[method-assign]
        self._server.expiration_interval = POLL_SECONDS
        self._scheme = "https" if certificates else "http"
        if certificates:
            self._server.ssl_adapter = BuiltinSSLAdapter(str(certificates.server_pem), str(certificates.key_pem))
        self._thread = threading.Thread(target=self._server.serve, name="simulator", daemon=True)

    def start(self) -> None:
        """Listen. Raises ListenError if the address cannot be used, for example because another program listens."""
        try:
            self._server.prepare()
        except OSError as error:
            host, port = self._server.bind_addr
            # cheroot raises an error of its own, which has the text of the cause and not its number.
            if os.strerror(errno.EADDRINUSE) in str(error):
                raise ListenError(
                    f"Port {port} of {host} is in use, perhaps by another simulated server. Stop that program, or "
                    f"choose another port, for example SIMULATOR_ARGS='--port {port + 1}'."
                ) from error
            raise ListenError(f"The server cannot listen on port {port} of {host}: {error}.") from error
        self._thread.start()

    @property
    def url(self) -> str:
        host = self._server.bind_addr[0]
        return f"{self._scheme}://{f'[{host}]' if ':' in host else host}:{self.port}"

    @property
    def port(self) -> int:
        return int(self._server.bind_addr[1])

    def stop(self) -> None:
        self._server.stop()
        self._thread.join()
