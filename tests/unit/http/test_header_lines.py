# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The quick parser of headers finds what that of http.client finds."""

from __future__ import annotations

import http.client
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.xivo.confd.plugins.module_utils._http.header_lines import parse_headers

NAMES = st.sampled_from([b"Content-Length", b"Set-Cookie", b"set-cookie", b"X", b"X Y", b"", b" X", b"\tX", b"\xe9"])
COLONS = st.sampled_from([b":", b": ", b":\t ", b" : ", b"", b"::"])
VALUES = st.one_of(
    st.sampled_from([b"", b"12", b"a=b; Path=/", b" blanks ", b"\xe9t\xe9", b"a\rb", b"a\x0bb", b"a\x85b", b"a\x00b"]),
    st.binary(max_size=12).filter(lambda value: b"\n" not in value),
)
LINE_ENDS = st.sampled_from([b"\r\n", b"\n"])
LINES = st.tuples(NAMES, COLONS, VALUES, LINE_ENDS).map(b"".join)


def outcome(parse: Any, block: bytes) -> tuple[Any, bytes]:
    """What a parser makes of the bytes of an answer, and what it leaves of them."""
    file = BytesIO(block)
    try:
        found: Any = parse(file).items()
    except http.client.HTTPException as error:
        found = type(error)
    return found, file.read()


@given(st.lists(LINES, max_size=6), st.sampled_from([b"\r\nbody", b"\nbody", b""]))
def test_headers_are_those_of_http_client(lines: list[bytes], rest: bytes) -> None:
    block = b"".join(lines) + rest
    assert outcome(parse_headers, block) == outcome(http.client.parse_headers, block)


@pytest.mark.parametrize("count", [98, 99, 100, 101, 150])
@pytest.mark.parametrize("length", [1, 65_520, 65_540])
def test_limits_are_those_of_http_client(count: int, length: int) -> None:
    block = b"Name: value\r\n" * (count - 1) + b"Last: " + b"x" * length + b"\r\n\r\nbody"
    assert outcome(parse_headers, block) == outcome(http.client.parse_headers, block)


def test_http_client_still_lets_its_parser_be_replaced() -> None:
    assert parse_headers.__name__ in http.client.HTTPResponse.begin.__code__.co_names
