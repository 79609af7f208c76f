# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The cases in which a connection fails, one for each heading of docs/guides/troubleshooting.md about it."""

from __future__ import annotations

import socket
from collections.abc import Callable

import certifi

from simulator import Fault, Simulator
from support.clients import backend_of, client_of


def no_server(sim: Simulator) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    client_of(sim, url=f"http://127.0.0.1:{port}", retries=0).get("/users")


def wrong_password(sim: Simulator) -> None:
    client_of(sim, password="wrong").get("/users")


def wrong_password_for_a_backend(_sim: Simulator) -> None:
    with Simulator(api="xivo16", tls=False) as xivo:
        backend_of(xivo, auth_url=xivo.url, password="wrong").client.get("/users")


def no_permission(_sim: Simulator) -> None:
    with Simulator(api="xivo16", tls=False) as xivo:
        xivo.database.accounts.add("old", "pw", acl=())
        backend_of(xivo, auth_url=xivo.url, username="old", password="pw").client.get("/users")


def no_credentials(sim: Simulator) -> None:
    client_of(sim, username=None).get("/users")


def wrong_token(sim: Simulator) -> None:
    client_of(sim, token="expired").get("/users")


def unknown_authority(_sim: Simulator) -> None:
    with Simulator() as with_tls:
        client_of(with_tls, ca_path=certifi.where()).get("/users")


def no_tls(sim: Simulator) -> None:
    client_of(sim, url=sim.url.replace("http://", "https://")).get("/users")


def no_url(sim: Simulator) -> None:
    client_of(sim, url="pbx.example.org")


def web_page(sim: Simulator) -> None:
    sim.faults.add(Fault("html"))
    client_of(sim).get("/users")


def slow_answer(sim: Simulator) -> None:
    sim.faults.add(Fault("delay", seconds=0.4))
    client_of(sim, timeout=0.1, retries=0).get("/users")


def lost_connection(sim: Simulator) -> None:
    sim.faults.add(Fault("drop_before"))
    client_of(sim, retries=0).get("/users")


def server_error(sim: Simulator) -> None:
    sim.faults.add(Fault("500_before"))
    client_of(sim).get("/users")


CONNECTION_MESSAGES: dict[str, Callable[[Simulator], object]] = {
    "No connection to …": no_server,
    "… rejects confd_username … and confd_password.": wrong_password,
    "… rejects confd_username … and confd_password for the backend …": wrong_password_for_a_backend,
    "… lacks the permission …": no_permission,
    "… requires credentials.": no_credentials,
    "… rejects confd_token.": wrong_token,
    "… the server's certificate is not trusted …": unknown_authority,
    "… the server does not use TLS on this port.": no_tls,
    "confd_url is …, which is not a valid URL.": no_url,
    "… is not confd's JSON but …": web_page,
    "… no answer within … seconds.": slow_answer,
    "… the connection was lost before the server answered …": lost_connection,
    "… HTTP 500: …": server_error,
}
"""{heading: its case}."""
