# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an administrator reads when a request got no usable answer, to the letter."""

from __future__ import annotations

import socket
import ssl
from typing import Any

import pytest
from requests import exceptions
from urllib3 import HTTPSConnectionPool
from urllib3 import exceptions as below

from ansible_collections.xivo.confd.plugins.module_utils._http.connection import Connection
from ansible_collections.xivo.confd.plugins.module_utils._http.failures import LONGEST_CAUSE, Attempt
from ansible_collections.xivo.confd.plugins.module_utils._model.errors import (
    CertificateError,
    LostAnswerError,
    RequestError,
    TimedOutError,
    UnreachableError,
    UnreadableError,
)
from ansible_collections.xivo.confd.plugins.module_utils._model.masker import Masker
from ansible_collections.xivo.confd.plugins.module_utils._model.printable import one_line

URL = "https://pbx.example.org:9486"
DOING = f"GET {URL}/1.1/users"
CANARY = "canary-Zq7"
RESTARTING = "The server may be restarting. Run again: changes that were made are not repeated."
USE_TLS = "If the server uses TLS on this port, begin confd_url with https://."
PROXY = "Check the environment variables HTTPS_PROXY and NO_PROXY, or HTTP_PROXY for an http:// address."
NOT_CONFD = "Check that confd_url is the address of confd and that no proxy answers in its place."
UNVERIFIED = (
    "To connect without verifying the certificate, at your own risk, "
    "set validate_certs (in an inventory: confd_validate_certs) to false."
)
SET_CA = "Set ca_path (in an inventory: confd_ca_path) to the PEM file of the CA that signed the certificate."
BUSY = (
    "Increase timeout (in an inventory: confd_timeout), or reduce the load of the server. "
    "Run again: changes that were made are not repeated."
)
CHARACTERS = f"{DOING}: an option contains characters that cannot be sent."
RENEW = "Renew the certificate on the server, or correct the clock of the server or of this computer."
OTHER_NAME = "Use a name from the certificate in confd_url, or install a certificate for the name in confd_url."
POOL: Any = HTTPSConnectionPool("pbx.example.org")


def attempt(url: str = URL, **options: Any) -> Attempt:
    connection = Connection(url, **options)
    return Attempt(connection, connection.base_url, f"GET {connection.base_url}/users", Masker([CANARY]))


def after_retries(reason: Exception) -> below.MaxRetryError:
    return below.MaxRetryError(POOL, "/1.1/users", reason)


def untrusted(words: str) -> exceptions.SSLError:
    return exceptions.SSLError(after_retries(below.SSLError(ssl.SSLError(words))))


NO_LISTENER = below.NewConnectionError(POOL, "Failed to establish a new connection: [Errno 111] Connection refused")


@pytest.mark.parametrize(
    ("error", "kind", "message", "hint"),
    [
        (
            exceptions.ProxyError(
                after_retries(below.ProxyError("no route", OSError("Tunnel connection failed: 407")))
            ),
            UnreachableError,
            f"{DOING}: the proxy refused the connection (Tunnel connection failed: 407).",
            PROXY,
        ),
        (
            exceptions.ProxyError(after_retries(below.ProxyError("no route", OSError("refused")))),
            UnreachableError,
            f"{DOING}: the proxy did not answer (refused).",
            PROXY,
        ),
        (
            exceptions.ReadTimeout("slow"),
            TimedOutError,
            f"{DOING}: no answer within 2.5 seconds.",
            BUSY,
        ),
        (
            exceptions.ConnectionError(after_retries(below.ReadTimeoutError(POOL, "/1.1/users", "slow"))),
            TimedOutError,
            f"{DOING}: no answer within 2.5 seconds.",
            BUSY,
        ),
        (
            exceptions.InvalidURL("no host"),
            UnreachableError,
            f"{DOING}: the address of the server or of a proxy is not valid (no host).",
            PROXY,
        ),
        (
            exceptions.InvalidSchema(f"socks of {CANARY}"),
            UnreachableError,
            f"{DOING}: the address of the server or of a proxy is not valid (socks of ********).",
            PROXY,
        ),
        (
            UnicodeEncodeError("ascii", CANARY, 0, 1, "no"),
            UnreachableError,
            CHARACTERS,
            "Check the options of the connection.",
        ),
        (
            exceptions.ConnectTimeout("nobody there"),
            UnreachableError,
            f"No connection to {URL}/1.1 (nobody there).",
            "Check confd_url, the server and the firewall. confd listens on port 9486.",
        ),
        (
            exceptions.ConnectionError(after_retries(NO_LISTENER)),
            UnreachableError,
            f"No connection to {URL}/1.1 (Failed to establish a new connection: [Errno 111] Connection refused).",
            "Check confd_url, the server and the firewall. confd listens on port 9486.",
        ),
        (
            exceptions.ConnectionError(below.ProtocolError("Connection aborted.", ConnectionResetError(104, "reset"))),
            LostAnswerError,
            f"{DOING}: the connection was lost before the server answered ([Errno 104] reset).",
            RESTARTING,
        ),
        (
            below.DecodeError("not gzip"),
            LostAnswerError,
            f"{DOING}: the connection was lost before the server answered (not gzip).",
            RESTARTING,
        ),
        (
            exceptions.ConnectionError(),
            LostAnswerError,
            f"{DOING}: the connection was lost before the server answered (ConnectionError).",
            RESTARTING,
        ),
        (
            exceptions.ContentDecodingError("not gzip"),
            UnreadableError,
            f"{DOING}: the answer cannot be parsed (ContentDecodingError).",
            NOT_CONFD,
        ),
        (
            LookupError(f"unknown encoding {CANARY}"),
            UnreadableError,
            f"{DOING}: the answer cannot be parsed (LookupError).",
            NOT_CONFD,
        ),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
def test_a_failure_in_words(error: Exception, kind: type[RequestError], message: str, hint: str) -> None:
    assert attempt(timeout=2.5).explain_failure(error) == (kind, message, hint)


def test_a_connection_that_broke_without_tls_may_want_it() -> None:
    _kind, message, hint = attempt("http://pbx.example.org:9486").explain_failure(OSError("reset"))
    request = "GET http://pbx.example.org:9486/1.1/users"
    assert message == f"{request}: the connection was lost before the server answered (reset)."
    assert hint == f"{RESTARTING} {USE_TLS}"


@pytest.mark.parametrize(
    ("words", "advice"),
    [
        ("certificate has expired", RENEW),
        ("certificate is not yet valid", RENEW),
        ("Hostname mismatch", OTHER_NAME),
        ("certificate is not valid for 'pbx'", OTHER_NAME),
        ("self-signed certificate", f"{SET_CA} {UNVERIFIED}"),
    ],
)
def test_a_certificate_that_is_not_trusted(words: str, advice: str) -> None:
    message = f"{DOING}: the server's certificate is not trusted ({ssl.SSLError(words)})."
    assert attempt().explain_failure(untrusted(words)) == (CertificateError, message, advice)


def test_a_certificate_of_another_ca() -> None:
    hint = attempt(ca_path="/etc/ca.pem").explain_failure(untrusted("unknown CA"))[2]
    where = "Check that ca_path '/etc/ca.pem' is the PEM file of the CA that signed the certificate."
    assert hint == f"{where} {UNVERIFIED}"


@pytest.mark.parametrize("words", ["WRONG_VERSION_NUMBER", "record layer failure", "http request"])
def test_a_server_that_speaks_no_tls(words: str) -> None:
    assert attempt().explain_failure(untrusted(words)) == (
        CertificateError,
        f"{DOING}: the server does not use TLS on this port.",
        "Check the port, or begin the URL with http:// if the server does not offer TLS.",
    )


@pytest.mark.parametrize(
    ("ca_path", "environment", "named"),
    [
        ("/no/ca.pem", {"REQUESTS_CA_BUNDLE": "/other.pem"}, "ca_path '/no/ca.pem'"),
        (
            None,
            {"REQUESTS_CA_BUNDLE": "/other.pem"},
            "The file '/other.pem' of the environment variable REQUESTS_CA_BUNDLE",
        ),
        (
            None,
            {"REQUESTS_CA_BUNDLE": "", "CURL_CA_BUNDLE": "/c.pem"},
            "The file '/c.pem' of the environment variable CURL_CA_BUNDLE",
        ),
        (None, {}, "The CA bundle of requests"),
    ],
)
def test_a_ca_file_that_is_not_there(
    ca_path: str | None, environment: dict[str, str], named: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    error = OSError("Could not find a suitable TLS CA certificate bundle, invalid path: /no/ca.pem")
    assert attempt(ca_path=ca_path).explain_failure(error) == (
        CertificateError,
        f"{named} cannot be read.",
        "It must be a PEM file.",
    )


@pytest.mark.parametrize(
    ("location", "shown", "advice"),
    [
        (
            "https://other.example.org/1.1/users?x=1",
            "https://other.example.org/1.1",
            "Set {} to this address if you trust it.",
        ),
        (
            "https://other.example.org/login",
            "https://other.example.org/login",
            "Set {} to this address if you trust it.",
        ),
        (
            f"https://me:{CANARY}@other/1.1/users",
            "https://********@other/1.1",
            "Set {} to this address if you trust it.",
        ),
        ("/login", "/login", "Check {}."),
        ("", "another address", "Check {}."),
    ],
)
@pytest.mark.parametrize("option", ["confd_url", "confd_auth_url"])
def test_a_redirect(location: str, shown: str, advice: str, option: str) -> None:
    connection = Connection(URL)
    base_url = connection.base_url if option == "confd_url" else "https://auth.example.org/0.1"
    message, hint = Attempt(connection, base_url, DOING, Masker([CANARY])).explain_redirect(location, "/users")
    assert message.removeprefix(f"{DOING}: the server redirects to ").removesuffix(".") == shown
    assert hint == advice.format(option)


def test_a_redirect_of_the_root_is_shown_whole() -> None:
    assert "redirects to https://other.example.org." in attempt().explain_redirect("https://other.example.org", "")[0]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("two\nlines\t and  blanks ", "two lines and blanks"),
        ("bell\x07 and \u202eback", r"bell\x07 and \u202eback"),
        ("it's 100 %", "it's 100 %"),
        ("a" * 300, "a" * 300),
        ("a" * 301, "a" * 300 + "..."),
        (" " * 599 + "a" * 9, "a" * 9),
        ("", ""),
    ],
)
def test_a_servers_words_become_one_line(text: str, shown: str) -> None:
    assert LONGEST_CAUSE == 300
    assert one_line(text, LONGEST_CAUSE) == shown


def test_an_error_inside_of_itself_ends() -> None:
    error: Any = exceptions.ConnectionError("reset")
    error.reason = error
    assert (
        attempt().explain_failure(error)[1] == f"{DOING}: the connection was lost before the server answered (reset)."
    )


def test_the_innermost_cause_is_shown_without_its_object() -> None:
    cause = socket.gaierror(-2, "Name or service not known")
    inside = below.NewConnectionError(object, "no such name")
    message = attempt().explain_failure(exceptions.ConnectionError(after_retries(inside)))[1]
    assert message == f"No connection to {URL}/1.1 (no such name)."
    assert "([Errno -2] Name or service not known)" in attempt().explain_failure(exceptions.ConnectionError(cause))[1]
