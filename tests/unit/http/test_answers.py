# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Long lists, which are parsed row by row: the same as if they were parsed as a whole, and no more text is kept."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from unittest import mock

import pytest
import responses
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.xivo.confd.plugins.module_utils._http import answers
from ansible_collections.xivo.confd.plugins.module_utils._http.answers import rows_of
from ansible_collections.xivo.confd.plugins.module_utils._model.errors import UnreadableError
from support.fake_server import URL, fake_client

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=5,
)
SHORT = 40
"""The characters that are parsed at once here: what comes before the rows, and hardly more."""
ROWS = st.lists(st.dictionaries(st.text(max_size=3), VALUES, max_size=3), max_size=4)


def cut(content: bytes, size: int) -> Iterator[bytes]:
    return (content[at : at + size] for at in range(0, len(content), size))


@given(
    rows=ROWS,
    others=st.sampled_from(({}, {"total": 7}, {"name": "]"})),
    is_first=st.booleans(),
    indent=st.sampled_from((None, 1)),
    is_ascii=st.booleans(),
    size=st.integers(1, 40),
)
def test_rows_are_those_of_the_whole(
    rows: list[Any], others: dict[str, Any], is_first: bool, indent: int | None, is_ascii: bool, size: int
) -> None:
    answer = {"items": rows, **others} if is_first else {**others, "items": rows}
    content = json.dumps(answer, indent=indent, ensure_ascii=is_ascii).encode("utf-8", "replace")
    whole = answers.decoder_of("GET /users").decode(content.decode())["items"]
    with mock.patch.object(answers, "WINDOW", SHORT):
        assert list(rows_of(cut(content, size), "utf-8", "GET /users")) == whole


def test_text_is_asked_for_when_the_rows_before_it_are_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "WINDOW", SHORT)
    content = json.dumps({"total": 100, "items": [{"id": each} for each in range(100, 200)]}).encode()
    asked: list[bytes] = []
    rows = rows_of((asked.append(part) or part for part in cut(content, 1)), "utf-8", "GET /users")
    assert next(rows) == {"id": 100}
    assert len(asked) < 2 * SHORT
    assert [next(rows)["id"] for _each in range(50)] == list(range(101, 151))
    assert len(asked) < len(content) * 3 // 4


@pytest.mark.parametrize(
    "text",
    [
        '{"items": [{"id": 1}',
        '{"items": [{"id": 1}]',
        '{"items": [{"id": 1},]}',
        '{"items": [{"id": 1}]} and more',
        '{"items": [{"id": NaN}]}',
        '{"items": [{"id": 1} {"id": 2}]}',
        '{"total": 01, "items": [{"id": 1}]}',
        '{"total": \u0663, "items": [{"id": 1}]}',
        '{"items": [{"id": 1},\u00a0{"id": 2}]}',
        '{"items":\x0c[{"id": 1}]}',
        '[{"id": 1}]',
        "",
    ],
)
@responses.activate
def test_what_is_no_list_is_refused_as_ever(text: str) -> None:
    responses.get(f"{URL}/1.1/users", body=text, content_type="application/json")
    client = fake_client()
    with pytest.raises(UnreadableError) as whole:
        client.get_items("/users")
    with pytest.raises(UnreadableError) as by_rows:
        list(client.read_items("/users"))
    assert str(by_rows.value) == str(whole.value)


@pytest.mark.parametrize("again", ["null", '[{"id": 2}]'])
@responses.activate
def test_a_second_list_is_refused(again: str) -> None:
    """The rows of the first one have been used by then."""
    text = f'{{"items": [{{"id": 1}}], "items": {again}}}'
    responses.get(f"{URL}/1.1/users", body=text, content_type="application/json")
    with pytest.raises(UnreadableError):
        list(fake_client().read_items("/users"))


@pytest.mark.parametrize("text", ['{"items": null}', '{"total": 1}', '{"items": [1]}'])
@responses.activate
def test_an_object_without_rows_is_refused_as_ever(text: str) -> None:
    responses.get(f"{URL}/1.1/users", body=text, content_type="application/json")
    with pytest.raises(UnreadableError, match="has no list of items"):
        list(fake_client().read_items("/users"))


@responses.activate
def test_a_missing_member_of_a_row_names_the_request() -> None:
    responses.get(f"{URL}/1.1/users", json={"items": [{"id": 1}]})
    (row,) = fake_client().read_items("/users")
    with pytest.raises(UnreadableError, match=r"GET .*/users: the answer has no member 'lines'"):
        row["lines"]
