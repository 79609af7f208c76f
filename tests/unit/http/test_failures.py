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
from ansible_collections.xivo.confd.plugins.module_utils._http.failures import LONGEST_CAUSE, Attempt, one_line
from ansible_collections.xivo.confd.plugins.module_utils._model.errors import (
    CertificateError,
    LostAnswerError,
    RequestError,
    TimedOutError,
    UnreachableError,
    UnreadableError,
)

URL = "https://pbx.example.org:9486"
DOING = f"GET {URL}/1.1/users"
CANARY = "canary-Zq7"
AGAIN = "Is the server restarting? Run again: what is done already is not done twice."
SPEAKS_TLS = "Does the server speak TLS on this port? Then confd_url begins with https://."
PROXY = "Check HTTPS_PROXY and NO_PROXY of the environment, or HTTP_PROXY for an http:// address."
NOT_VERIFIED = "Otherwise, knowing what you do, set validate_certs: false."
POOL: Any = HTTPSConnectionPool("pbx.example.org")


def attempt(url: str = URL, **options: Any) -> Attempt:
    connection = Connection(url, **options)
    return Attempt(connection, connection.base_url, f"GET {connection.base_url}/users", {CANARY})


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
            f"{DOING}: the proxy refuses (Tunnel connection failed: 407).",
            PROXY,
        ),
        (
            exceptions.ProxyError(after_retries(below.ProxyError("no route", OSError("refused")))),
            UnreachableError,
            f"{DOING}: the proxy does not answer (refused).",
            PROXY,
        ),
        (
            exceptions.ReadTimeout("slow"),
            TimedOutError,
            f"{DOING}: no answer within 2.5 seconds.",
            "Raise timeout, or look at the load of the server. Run again: what is done is not done twice.",
        ),
        (
            exceptions.ConnectionError(after_retries(below.ReadTimeoutError(POOL, "/1.1/users", "slow"))),
            TimedOutError,
            f"{DOING}: no answer within 2.5 seconds.",
            "Raise timeout, or look at the load of the server. Run again: what is done is not done twice.",
        ),
        (
            exceptions.InvalidURL("no host"),
            UnreachableError,
            f"{DOING}: the address, or that of a proxy, cannot be used (no host).",
            PROXY,
        ),
        (
            exceptions.InvalidSchema(f"socks of {CANARY}"),
            UnreachableError,
            f"{DOING}: the address, or that of a proxy, cannot be used (socks of ********).",
            PROXY,
        ),
        (
            exceptions.InvalidHeader(f"bad value {CANARY}"),
            UnreachableError,
            f"{DOING}: an option holds characters that cannot be sent.",
            "",
        ),
        (
            UnicodeEncodeError("ascii", CANARY, 0, 1, "no"),
            UnreachableError,
            f"{DOING}: an option holds characters that cannot be sent.",
            "",
        ),
        (
            exceptions.ConnectTimeout("nobody there"),
            UnreachableError,
            f"No connection to {URL}/1.1 (nobody there).",
            "Check confd_url, the server and the firewall; confd listens on port 9486.",
        ),
        (
            exceptions.ConnectionError(after_retries(NO_LISTENER)),
            UnreachableError,
            f"No connection to {URL}/1.1 (Failed to establish a new connection: [Errno 111] Connection refused).",
            "Check confd_url, the server and the firewall; confd listens on port 9486.",
        ),
        (
            exceptions.ConnectionError(below.ProtocolError("Connection aborted.", ConnectionResetError(104, "reset"))),
            LostAnswerError,
            f"{DOING}: the connection broke before an answer came ([Errno 104] reset).",
            AGAIN,
        ),
        (
            below.DecodeError("not gzip"),
            LostAnswerError,
            f"{DOING}: the connection broke before an answer came (not gzip).",
            AGAIN,
        ),
        (
            exceptions.ConnectionError(),
            LostAnswerError,
            f"{DOING}: the connection broke before an answer came (ConnectionError).",
            AGAIN,
        ),
        (
            exceptions.ContentDecodingError("not gzip"),
            UnreadableError,
            f"{DOING}: the answer cannot be understood (ContentDecodingError).",
            "Is `confd_url` that of a confd, and no proxy in between?",
        ),
        (
            LookupError(f"unknown encoding {CANARY}"),
            UnreadableError,
            f"{DOING}: the answer cannot be understood (LookupError).",
            "Is `confd_url` that of a confd, and no proxy in between?",
        ),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
def test_a_failure_in_words(error: Exception, kind: type[RequestError], message: str, hint: str) -> None:
    assert attempt(timeout=2.5).failed(error) == (kind, message, hint)


def test_a_connection_that_broke_without_tls_may_want_it() -> None:
    _kind, message, hint = attempt("http://pbx.example.org:9486").failed(OSError("reset"))
    assert message == "GET http://pbx.example.org:9486/1.1/users: the connection broke before an answer came (reset)."
    assert hint == f"{AGAIN} {SPEAKS_TLS}"


@pytest.mark.parametrize(
    ("words", "advice"),
    [
        ("certificate has expired", "Renew it on the server, or look at the clocks of both."),
        ("certificate is not yet valid", "Renew it on the server, or look at the clocks of both."),
        (
            "Hostname mismatch",
            "Write the name that the certificate is for in confd_url, or give the server a certificate of its name.",
        ),
        (
            "certificate is not valid for 'pbx'",
            "Write the name that the certificate is for in confd_url, or give the server a certificate of its name.",
        ),
        ("self-signed certificate", f"Give the CA that signed it in ca_path. {NOT_VERIFIED}"),
    ],
)
def test_a_certificate_that_is_not_trusted(words: str, advice: str) -> None:
    message = f"{DOING}: the server's certificate is not trusted ({ssl.SSLError(words)})."
    assert attempt().failed(untrusted(words)) == (CertificateError, message, advice)


def test_a_certificate_of_another_ca() -> None:
    hint = attempt(ca_path="/etc/ca.pem").failed(untrusted("unknown CA"))[2]
    assert hint == f"Is ca_path '/etc/ca.pem' the PEM file of the CA that signed it? {NOT_VERIFIED}"


@pytest.mark.parametrize("words", ["WRONG_VERSION_NUMBER", "record layer failure", "http request"])
def test_a_server_that_speaks_no_tls(words: str) -> None:
    assert attempt().failed(untrusted(words)) == (
        CertificateError,
        f"{DOING}: the server does not speak TLS on this port.",
        "Is it an http:// server, or another port?",
    )


@pytest.mark.parametrize(
    ("ca_path", "environment", "named"),
    [
        ("/no/ca.pem", {"REQUESTS_CA_BUNDLE": "/other.pem"}, "ca_path '/no/ca.pem'"),
        (None, {"REQUESTS_CA_BUNDLE": "/other.pem"}, "REQUESTS_CA_BUNDLE '/other.pem' of the environment"),
        (None, {"REQUESTS_CA_BUNDLE": "", "CURL_CA_BUNDLE": "/c.pem"}, "CURL_CA_BUNDLE '/c.pem' of the environment"),
        (None, {}, "the CA bundle of requests"),
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
    assert attempt(ca_path=ca_path).failed(error) == (
        CertificateError,
        f"{named} cannot be read.",
        "It must be a PEM file.",
    )


@pytest.mark.parametrize(
    ("location", "shown", "advice"),
    [
        ("https://other.example.org/1.1/users?x=1", "https://other.example.org/1.1", "Use that as {} if you trust it."),
        ("https://other.example.org/login", "https://other.example.org/login", "Use that as {} if you trust it."),
        (f"https://me:{CANARY}@other/1.1/users", "https://********@other/1.1", "Use that as {} if you trust it."),
        ("/login", "/login", "Check {}."),
        ("", "another address", "Check {}."),
    ],
)
@pytest.mark.parametrize("option", ["confd_url", "confd_auth_url"])
def test_a_redirect(location: str, shown: str, advice: str, option: str) -> None:
    connection = Connection(URL)
    base_url = connection.base_url if option == "confd_url" else "https://auth.example.org/0.1"
    message, hint = Attempt(connection, base_url, DOING, {CANARY}).redirected(location, "/users")
    assert message.removeprefix(f"{DOING}: the server redirects to ").removesuffix(".") == shown
    assert hint == advice.format(option)


def test_a_redirect_of_the_root_is_shown_whole() -> None:
    assert "redirects to https://other.example.org." in attempt().redirected("https://other.example.org", "")[0]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("two\nlines\t and  blanks ", "two lines and blanks"),
        ("bell\x07 and \u202eback", r"bell\x07 and \u202eback"),
        ("it's 100 %", "it's 100 %"),
        ("a" * 300, "a" * 300),
        ("a" * 301, "a" * 300 + "..."),
        (" " * 599 + "a" * 9, "a"),
        ("", ""),
    ],
)
def test_a_servers_words_become_one_line(text: str, shown: str) -> None:
    assert LONGEST_CAUSE == 300
    assert one_line(text) == shown


def test_an_error_inside_of_itself_ends() -> None:
    error: Any = exceptions.ConnectionError("reset")
    error.reason = error
    assert attempt().failed(error)[1] == f"{DOING}: the connection broke before an answer came (reset)."


def test_the_innermost_cause_is_shown_without_its_object() -> None:
    cause = socket.gaierror(-2, "Name or service not known")
    inside = below.NewConnectionError(object, "no such name")
    message = attempt().failed(exceptions.ConnectionError(after_retries(inside)))[1]
    assert message == f"No connection to {URL}/1.1 (no such name)."
    assert "([Errno -2] Name or service not known)" in attempt().failed(exceptions.ConnectionError(cause))[1]
