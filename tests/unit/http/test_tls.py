# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whom the client talks to, and whom it shows credentials: certificates, redirects, proxies, settings of the host."""

from __future__ import annotations

import ssl
import warnings
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
import trustme

from ansible_collections.xivo.confd.plugins.module_utils._http.client import Client
from ansible_collections.xivo.confd.plugins.module_utils._http.connection import Connection
from ansible_collections.xivo.confd.plugins.module_utils._model.errors import (
    CertificateError,
    ConfdError,
    InputError,
    RefusedError,
    RequestError,
    UnreachableError,
)
from simulator import Simulator
from support.raw_server import Asked, RawServer, reply

PASSWORD, TOKEN, PROXY_PASSWORD = "canary-Pa55word", "canary-T0ken", "canary-Pr0xy/p@ss"
HOST = "127.0.0.1"
LIST = reply(200, b'{"items": [], "total": 0}')
LOGGED_IN = reply(200, f'{{"data": {{"token": "{TOKEN}"}}}}'.encode())
CHALLENGE = reply(401, b"", {"WWW-Authenticate": 'Digest realm="r", nonce="n"'})


# Certificates


class Authority:
    """Two certificate authorities, of which the client trusts one, and servers with all sorts of certificates."""

    def __init__(self, folder: Path) -> None:
        self.trusted, self.other = trustme.CA(), trustme.CA()
        self.ca_path = str(folder / "ca.pem")
        self.trusted.cert_pem.write_to_path(self.ca_path)
        self._folder = folder

    def context(self, kind: str) -> ssl.SSLContext:
        now = datetime.now(timezone.utc)
        day = timedelta(days=1)
        if kind == "self-signed":
            return self._loaded(self.other.private_key_pem, self.other.cert_pem)
        issuer = self.other if kind == "unknown CA" else self.trusted
        name = "pbx.example.org" if kind == "wrong host" else HOST
        limits = {"expired": {"not_after": now - day}, "not yet valid": {"not_before": now + day}}.get(kind, {})
        made = issuer.issue_cert(name, **limits)
        return self._loaded(made.private_key_pem, *made.cert_chain_pems)

    def _loaded(self, *blobs: trustme.Blob) -> ssl.SSLContext:
        path = self._folder / "server.pem"
        path.write_bytes(b"".join(blob.bytes() for blob in blobs))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(path)
        return context


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("tls"))


def by_digest(url: str, **options: Any) -> None:
    """Ask a XiVO for its users."""
    given = {"username": "admin", "password": PASSWORD, "retries": 0, "timeout": 5, **options}
    Client(Connection(url, **given)).get_items("/users")


def by_token(url: str, **options: Any) -> None:
    Client(Connection(url, token=TOKEN, retries=0, timeout=5, **options)).get_items("/users")


def by_login(url: str, **options: Any) -> None:
    """Log in at a Wazo whose auth service is at the same address."""
    given = {"username": "admin", "password": PASSWORD, "retries": 0, "timeout": 5, **options}
    client = Client(Connection(url, auth_url=f"{url}/auth", **given))
    client.use_wazo_auth()
    client.get_items("/users")


def by_xivo_login(url: str, **options: Any) -> None:
    """Log in at a XiVO whose auth service is at the same address."""
    given = {"username": "admin", "password": PASSWORD, "retries": 0, "timeout": 5, **options}
    client = Client(Connection(url, auth_url=f"{url}/auth", **given))
    client.use_xivo_auth()
    client.get_items("/users")


LOGINS = {"wazo login": by_login, "xivo login": by_xivo_login}
WAYS = {"digest": by_digest, "token": by_token, **LOGINS}
BAD_CERTIFICATES = {
    "expired": "certificate has expired.*Renew the certificate on the server",
    "not yet valid": "certificate is not yet valid.*correct the clock",
    "wrong host": r"not valid for '127.0.0.1'.*Use a name from the certificate in confd_(auth_)?url",
    "self-signed": "self-signed certificate.*Check that ca_path .* is the PEM file",
    "unknown CA": "unable to get local issuer certificate.*Check that ca_path .* is the PEM file",
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("kind", BAD_CERTIFICATES)
def test_a_bad_certificate_is_refused_before_anything_is_sent(authority: Authority, kind: str, way: str) -> None:
    with RawServer(lambda _asked: LIST, authority.context(kind)) as server:
        with pytest.raises(CertificateError, match=BAD_CERTIFICATES[kind]) as caught:
            WAYS[way](server.url, ca_path=authority.ca_path)
        assert not caught.value.may_have_acted
        assert server.asked == []
    assert PASSWORD not in str(caught.value)


@pytest.mark.parametrize("kind", ["good", *BAD_CERTIFICATES])
def test_unless_the_administrator_says_so(authority: Authority, kind: str) -> None:
    options = {"ca_path": authority.ca_path} if kind == "good" else {"validate_certs": False}
    with RawServer(lambda _asked: LIST, authority.context(kind)) as server, warnings.catch_warnings():
        # The module warns once; urllib3 would at every request.
        warnings.simplefilter("error")
        by_token(server.url, **options)
        assert [asked.secure for asked in server.asked] == [True]


@pytest.mark.parametrize("name", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
@pytest.mark.parametrize("way", WAYS)
def test_no_bundle_of_the_environment_makes_a_certificate_good(
    authority: Authority, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, way: str
) -> None:
    """The server's CA is in the environment's bundle, and not in ca_path."""
    bundle = tmp_path / "bundle.pem"
    authority.other.cert_pem.write_to_path(str(bundle))
    monkeypatch.setenv(name, str(bundle))
    with RawServer(lambda _asked: LIST, authority.context("unknown CA")) as server:
        with pytest.raises(CertificateError, match="not trusted"):
            WAYS[way](server.url, ca_path=authority.ca_path)
        assert server.asked == []


def test_a_bundle_of_the_environment_that_is_not_there_is_named(
    authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/nowhere.pem")
    words = "The file '/nowhere.pem' of the environment variable REQUESTS_CA_BUNDLE cannot be read"
    with RawServer(tls=authority.context("good")) as server, pytest.raises(CertificateError, match=words):
        by_token(server.url)


# TLS here and not there


@pytest.mark.parametrize("way", WAYS)
def test_http_to_a_port_with_tls(tls_sim: Simulator, way: str) -> None:
    with pytest.raises(
        RequestError, match="If the server uses TLS on this port, begin confd_(auth_)?url with https://"
    ):
        WAYS[way](tls_sim.url.replace("https", "http"))
    assert tls_sim.requests == []


def test_http_to_a_port_that_answers_with_an_alert_of_tls(authority: Authority) -> None:
    with RawServer(tls=authority.context("good")) as server:
        with pytest.raises(RequestError, match="If the server uses TLS on this port"):
            by_digest(server.url.replace("https", "http"))
        assert server.asked == []


def test_http_to_an_nginx_with_tls() -> None:
    page = b"<html><center>The plain HTTP request was sent to HTTPS port</center></html>"
    answer = reply(400, page, {"Content-Type": "text/html"})
    words = "HTTP 400.*If the server uses TLS on this port"
    with RawServer(lambda _asked: answer) as server, pytest.raises(RefusedError, match=words):
        by_digest(server.url)


@pytest.mark.parametrize("way", WAYS)
def test_https_to_a_port_without_tls(sim: Simulator, way: str) -> None:
    with pytest.raises(CertificateError, match="does not use TLS on this port"):
        WAYS[way](sim.url.replace("http", "https"))
    assert sim.requests == []


# Redirects


@pytest.fixture
def elsewhere() -> Iterator[RawServer]:
    """Another server, which must get nothing."""
    with RawServer(lambda _asked: LIST) as server:
        yield server


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("way", WAYS)
def test_redirects_carry_nothing_elsewhere(elsewhere: RawServer, status: int, way: str) -> None:
    def answer(asked: Asked) -> bytes:
        if way == "digest" and "authorization" not in asked.headers:
            return CHALLENGE
        return reply(status, b"", {"Location": f"{elsewhere.url}/1.1/users"})

    with RawServer(answer) as server:
        option = "confd_auth_url" if way in LOGINS else "confd_url"
        with pytest.raises(RefusedError, match=rf"redirects to {elsewhere.url}/1\.1.*Set {option} to") as caught:
            WAYS[way](server.url)
        assert [asked.method for asked in server.asked] == ["GET"] * (2 if way == "digest" else 1) or way in LOGINS
    assert elsewhere.asked == []
    assert PASSWORD not in str(caught.value)
    assert TOKEN not in str(caught.value)


def test_a_redirect_after_the_login_carries_no_token(elsewhere: RawServer) -> None:
    def answer(asked: Asked) -> bytes:
        if asked.path == "/auth/0.1/token":
            return LOGGED_IN
        return reply(307, b"", {"Location": f"{elsewhere.url}{asked.path}"})

    with RawServer(answer) as server:
        with pytest.raises(RefusedError, match=f"redirects to {elsewhere.url}"):
            by_login(server.url, tenant="11111111-2222-4333-8444-555555555555")
        assert server.asked[-1].headers["wazo-tenant"].startswith("11111111")
    assert elsewhere.asked == []


def test_to_the_same_host_with_tls(elsewhere: RawServer) -> None:
    """What a web server does to whoever forgets the s of https: the administrator writes it, nothing is resent."""
    answer = reply(301, b"", {"Location": "https://pbx.example.org:9486/1.1/users?x=1"})
    with RawServer(lambda _asked: answer) as server:
        with pytest.raises(RefusedError, match=r"redirects to https://pbx\.example\.org:9486/1\.1\. Set confd"):
            by_token(server.url)
        assert len(server.asked) == 1


def test_what_a_redirect_says_shows_no_secret() -> None:
    target = f"https://user:{PASSWORD}@evil.example.org/{TOKEN}"
    answer = reply(302, b"", {"Location": target})
    with RawServer(lambda _asked: answer) as server, pytest.raises(RefusedError, match="to https://") as caught:
        by_token(server.url)
    assert PASSWORD not in str(caught.value)
    assert TOKEN not in str(caught.value)


# Credentials that are not the options'


@pytest.mark.parametrize("way", WAYS)
def test_netrc_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: str) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text(f"machine {HOST} login thief password from-netrc\n")
    monkeypatch.setenv("NETRC", str(netrc))
    with RawServer(lambda asked: LOGGED_IN if asked.path == "/auth/0.1/token" else LIST) as server:
        WAYS[way](server.url)
        shown = [asked.headers.get("authorization", "") for asked in server.asked]
    # Basic dGhpZWY6... would be that of the .netrc; the login sends "admin:...".
    assert not any(each.startswith("Basic dGhpZWY6") for each in shown)
    assert sum(bool(each) for each in shown) == (1 if way in LOGINS else 0)


@pytest.mark.parametrize("text", ["line\nbreak", "tökén", "with space ", "\x00", "日本"])
def test_a_token_that_is_none_is_refused_and_not_shown(text: str) -> None:
    with pytest.raises(InputError, match="confd_token contains characters that are not allowed in a token") as caught:
        Client(Connection("https://pbx.example.org", token=f"{TOKEN}{text}"))
    assert TOKEN not in str(caught.value)


@pytest.mark.parametrize("name", ["Łukasz", 'ad"min', "ad\nmin"])
def test_a_username_that_no_header_carries(name: str) -> None:
    with pytest.raises(InputError, match="confd_username .* contains characters"):
        Client(Connection("https://pbx.example.org", username=name, password=PASSWORD))


# Proxies


PROXIES: dict[str, tuple[str, type[ConfdError], str]] = {
    "refuses": (
        "http://user:{password}@{host}",
        UnreachableError,
        "proxy http://.*@127.0.0.1:[0-9]+ refused the connection .*407.*HTTPS_PROXY",
    ),
    "no URL": ("http://user:{password}@[bad", UnreachableError, "or of a proxy is not valid.*HTTPS_PROXY"),
    "unknown": ("gopher://user:{password}@{host}", UnreachableError, "or of a proxy is not valid.*HTTPS_PROXY"),
}


@pytest.mark.parametrize("kind", PROXIES)
def test_a_proxy_that_does_not_help(monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    url, error, words = PROXIES[kind]
    with RawServer(lambda _asked: reply(407, b"no")) as proxy:
        address = url.format(password="canary-Pr0xy", host=f"{HOST}:{proxy.port}")
        monkeypatch.setenv("HTTPS_PROXY", address)
        with pytest.raises(error, match=words) as caught:
            by_digest("https://pbx.example.org:9486")
    assert "canary-Pr0xy" not in str(caught.value)
    assert not getattr(caught.value, "may_have_acted", False)


def test_a_proxy_that_wants_credentials_for_http(monkeypatch: pytest.MonkeyPatch) -> None:
    with RawServer(lambda _asked: reply(407, b"no")) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        with pytest.raises(RefusedError, match=r"HTTP 407.*comes from a proxy\. Check .* HTTPS_PROXY"):
            by_digest("http://pbx.example.org:9486")
        assert proxy.asked[0].path == "http://pbx.example.org:9486/1.1/users"


@pytest.mark.parametrize("way", WAYS)
def test_a_proxy_that_helps(monkeypatch: pytest.MonkeyPatch, way: str) -> None:
    def answer(asked: Asked) -> bytes:
        return LOGGED_IN if asked.path.endswith("/auth/0.1/token") else LIST

    with RawServer(answer) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        WAYS[way]("http://pbx.example.org:9486")
        assert all(asked.path.startswith("http://pbx.example.org:9486/") for asked in proxy.asked)
