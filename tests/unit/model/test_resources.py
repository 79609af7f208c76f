# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Spellings: what is one and the same value, and what is a number."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ansible_collections.xivo.confd.plugins.module_utils._backends.base import Backend
from ansible_collections.xivo.confd.plugins.module_utils._backends.registry import GENERATIONS
from ansible_collections.xivo.confd.plugins.module_utils._http.client import Client
from ansible_collections.xivo.confd.plugins.module_utils._http.connection import Connection
from ansible_collections.xivo.confd.plugins.module_utils._model.callerids import (
    callerid_of_line,
    canonical_caller_id,
    generated_caller_id,
)
from ansible_collections.xivo.confd.plugins.module_utils._model.errors import InputError, UnsupportedError
from ansible_collections.xivo.confd.plugins.module_utils._model.masking import is_secret, masked
from ansible_collections.xivo.confd.plugins.module_utils._model.numbers import parse_exten
from ansible_collections.xivo.confd.plugins.module_utils._model.resources import (
    EXTENSION,
    LINE,
    RESOURCES,
    USER,
    VOICEMAIL,
    canonical,
    differences,
    normalised,
    wanted_values,
)
from ansible_collections.xivo.confd.plugins.module_utils._model.rules import COMMON_RULES, ValueRule

CALLER_IDS = st.text(alphabet="ab\"<> 1'\\", max_size=10) | st.text(max_size=20)


@given(CALLER_IDS)
@example('"a" "')
@example('"New" <123>"')
@example('"" <1>')
@example(' "a')
@example("\x1d")
def test_canonical_caller_id_is_idempotent(value: str) -> None:
    once = canonical_caller_id(value)
    assert once is None or canonical_caller_id(once) == once


@given(st.text(alphabet="ab é", min_size=1), st.none() | st.text(alphabet="ab é"))
def test_generated_caller_id_is_what_confd_makes_of_the_name(firstname: str, lastname: str | None) -> None:
    stored = f'"{firstname} {lastname or ""}"'
    assert canonical_caller_id(stored) == generated_caller_id(firstname, lastname)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Foo", '"Foo"'),
        ('"Foo"', '"Foo"'),
        ('"Alice "', '"Alice"'),
        ('"New" <123>', '"New" <123>'),
        ('"New" <123>"', '"New" <123>'),
        ('""', None),
        ("", None),
        ('"', None),
    ],
)
def test_canonical_caller_id(value: str, expected: str | None) -> None:
    assert canonical("caller_id", value) == expected


@pytest.mark.parametrize("name", ["lastname", "description", "password", "callerid"])
def test_empty_and_null_are_one_value(name: str) -> None:
    assert canonical(name, "") is None
    assert canonical(name, None) is None
    assert canonical(name, "x") == "x"


def test_normalised_takes_the_fields_that_are_there() -> None:
    row = {"id": 1, "firstname": "A", "lastname": "", "caller_id": '"A "', "links": []}
    assert normalised(USER, row) == {"firstname": "A", "lastname": None, "caller_id": '"A"'}


def test_wanted_values_keep_the_wish_to_clear() -> None:
    assert wanted_values(EXTENSION, {"exten": "1", "context": None, "commented": False, "state": "present"}) == {
        "exten": "1",
        "commented": False,
    }
    assert wanted_values(USER, {"firstname": "A", "lastname": ""}) == {"firstname": "A", "lastname": ""}


def test_differences_ignore_spelling() -> None:
    found = {"firstname": "A", "lastname": None, "caller_id": '"A"', "userfield": "x"}
    assert differences(found, {"lastname": "", "caller_id": "A"}) == {}
    assert differences(found, {"firstname": "B", "userfield": ""}) == {"firstname": "B", "userfield": None}


# Numbers


@pytest.mark.parametrize(("value", "text"), [(1200, "1200"), ("01300", "01300"), (0, "0"), ("*98", "*98")])
def test_number(value: object, text: str) -> None:
    assert parse_exten(value, "exten") == text


@given(st.integers(min_value=0, max_value=999_999))
def test_short_integers_are_numbers(value: int) -> None:
    assert parse_exten(value, "exten") == str(value)


@pytest.mark.parametrize("written", ["0300000000", "0312345670", "012345670", "0377777777"])
def test_octal_trap(written: str) -> None:
    arrived = int(written, 8)
    with pytest.raises(InputError, match=f"integer {arrived}, which is what YAML makes of {written}.*in quotes"):
        parse_exten(arrived, "exten")
    assert parse_exten(written, "exten") == written


@pytest.mark.parametrize(
    "value", [1200.0, True, False, None, ["1200"], {"exten": 1}, -1200, "", "12 00", " 1200", "1200\n", "12\x0000"]
)
def test_no_number(value: object) -> None:
    with pytest.raises(InputError, match="entry.exten is .*not a valid extension number"):
        parse_exten(value, "entry.exten")


@pytest.mark.parametrize("value", [1200.0, True, -1200, 0o300000000])
def test_what_yaml_made_of_a_number_is_to_be_quoted(value: object) -> None:
    with pytest.raises(InputError) as caught:
        parse_exten(value, "entry.exten")
    assert str(caught.value).endswith(" in quotes.")


# Masking


def test_masked_hides_secrets_at_every_depth_and_nothing_else() -> None:
    value = {
        "user": {"firstname": "A", "password": "1200", "exten": "1200"},
        "diff": [{"before": {"secret": "s"}, "after": {"secret": None}}],
        "confd_password": "p",
        "confd_token": "t",
        "pair": ("a", {"secret": ""}),
    }
    assert masked(value) == {
        "user": {"firstname": "A", "password": "********", "exten": "1200"},
        "diff": [{"before": {"secret": "********"}, "after": {"secret": None}}],
        "confd_password": "********",
        "confd_token": "********",
        "pair": ["a", {"secret": ""}],
    }


def test_masked_reveals_what_was_asked_for() -> None:
    assert masked({"secret": "s", "password": "p"}, ("secret",)) == {"secret": "s", "password": "********"}


def test_masked_reveals_it_at_every_depth() -> None:
    value = {"lines": [{"secret": "s", "password": "p"}], "line": {"secret": "s"}}
    assert masked(value, ("secret",)) == {
        "lines": [{"secret": "s", "password": "********"}],
        "line": {"secret": "s"},
    }


@pytest.mark.parametrize(
    ("caller_id", "exten", "expected"),
    [
        ('"Ada"', "1200", '"Ada" <1200>'),
        ('"Ada" <99>', "1200", '"Ada" <99>'),
        ('"Ada"', None, '"Ada"'),
        (None, "1200", None),
        (None, None, None),
    ],
)
def test_a_lines_caller_id_has_the_extension_unless_chosen(
    caller_id: str | None, exten: str | None, expected: str | None
) -> None:
    assert callerid_of_line(caller_id, exten) == expected


def test_fields_of_newer_servers_are_refused_by_name() -> None:
    values = {"firstname": "Ada", "email": "a@example.org", "ring_seconds": 20}
    backend_for("wazo").check_fields(USER, values)
    backend_for("xivo15").check_fields(USER, {"firstname": "Ada"})
    with pytest.raises(UnsupportedError) as caught:
        backend_for("xivo15").check_fields(USER, values)
    assert str(caught.value) == (
        "email, ring_seconds cannot be set on a server of generation xivo15. Leave it out for this server."
    )


def test_defaults_are_those_of_the_generation() -> None:
    defaults = {api: backend_for(api).defaults_of(USER) for api in ("wazo", "xivo15")}
    assert (defaults["wazo"]["ring_seconds"], defaults["xivo15"]["ring_seconds"]) == (30, None)
    assert backend_for("xivo15").defaults_of(VOICEMAIL)["ask_password"] is True
    assert defaults["xivo15"].keys() == set(USER.field_names)


@pytest.mark.parametrize("api", GENERATIONS)
def test_a_generation_knows_the_fields_it_lacks(api: str) -> None:
    backend = GENERATIONS[api]
    assert all(field in RESOURCES[name].field_names for name, field in backend.absent_fields)
    fields = {(rule.resource, rule.field) for rule in backend.rules if isinstance(rule, ValueRule)}
    own = fields - {(rule.resource, rule.field) for rule in COMMON_RULES if isinstance(rule, ValueRule)}
    assert all(backend.has_field(RESOURCES[name], field) for name, field in own)


def backend_for(api: str) -> Backend:
    """Return a backend without a server: enough for what a generation knows of fields."""
    return GENERATIONS[api](Client(Connection("http://127.0.0.1:9486")))


def test_only_quotes_are_taken_off_a_caller_id() -> None:
    assert canonical("caller_id", "X-ray") == canonical("caller_id", '"X-ray"') == '"X-ray"'


def test_secrets_are_declared() -> None:
    assert USER.secrets == {"password", "call_permission_password"}
    assert LINE.secrets == {"secret"}


def test_what_is_no_number_is_said_with_what_one_is() -> None:
    with pytest.raises(InputError) as caught:
        parse_exten("12 34", "extension.exten")
    assert caught.value.message == "extension.exten is '12 34', which is not a valid extension number."
    assert caught.value.hint == "Use digits, * and # only."


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("secret", "x", True),
        ("password", 1234, True),
        ("passwrd", "x", True),
        ("apiToken", "x", True),
        ("passwords", 1234, False),
        ("username", "x", False),
        ("password", "", False),
        ("password", None, False),
        ("update_password", "always", False),
    ],
)
def test_which_key_holds_a_secret(key: str, value: object, expected: bool) -> None:
    assert is_secret(key, value) is expected
