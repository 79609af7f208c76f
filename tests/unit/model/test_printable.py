# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names and words of a server cannot drive a terminal, wherever a person reads them (design.md, rule 17)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.xivo.confd.plugins.module_utils._bulk.provision import provision
from ansible_collections.xivo.confd.plugins.module_utils._model.errors import ConfdError, PlanError, ProvisionError
from ansible_collections.xivo.confd.plugins.module_utils._model.printable import (
    printable,
    printable_lines,
    printable_values,
)
from ansible_collections.xivo.confd.plugins.module_utils._model.records import Device, Extension, Line, User, Voicemail
from ansible_collections.xivo.confd.plugins.module_utils._reports.audit import report_of
from ansible_collections.xivo.confd.plugins.plugin_utils._audit_formats import RENDERERS
from ansible_collections.xivo.confd.plugins.plugin_utils._export_files import _left_out
from simulator import Simulator
from support.helpers import Options, make_user, number, perform

HOSTILE = "\x1b[2J\x07\u202eok: [pbx]\u2028\x9b1A\nchanged: [pbx]"
DRIVES_TERMINAL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]")
FOR_PEOPLE = ("label", "changes", "error", "warnings", "report", "msg", "text", "subject", "before_header", "steps")
"""The keys of results that Ansible, the role and the playbooks show as they are."""


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Ann Archer", "Ann Archer"),
        ("Jérôme 山田 \U0001f600", "Jérôme 山田 \U0001f600"),
        ("a\u00a0b\u3000c", "a b c"),
        ("a\nb\r\tc", r"a\nb\r\tc"),
        ("\x1b[31mred\x07", r"\x1b[31mred\x07"),
        ("\u202eabc\u2066", r"\u202eabc\u2066"),
        ("\x9b1A", r"\x9b1A"),
        ("\ud800", r"\ud800"),
        ("\u0646\u200c\u0647", "\u0646\u200c\u0647"),
        ("a\u200cb", r"a\u200cb"),
    ],
)
def test_what_a_terminal_would_act_on_is_shown(text: str, shown: str) -> None:
    assert printable(text) == shown


@given(st.text())
def test_any_text_becomes_one_line_without_controls(text: str) -> None:
    assert DRIVES_TERMINAL.search(printable(text)) is None
    assert printable(printable(text)) == printable(text)
    assert printable_lines(text).count("\n") == text.count("\n")


def test_values_keep_line_breaks_and_blanks() -> None:
    value = {"a": ["b\nc\x9b", "d\u00a0e"], "f": 1, "g": ("\u202e", None)}
    assert printable_values(value) == {"a": ["b\nc\\x9b", "d\u00a0e"], "f": 1, "g": ["\\u202e", None]}


@pytest.mark.parametrize(
    "record",
    [
        User(id=1, fields={"firstname": HOSTILE}),
        Line(id=1, fields={"username": HOSTILE}),
        Line(id=1, protocol=HOSTILE),
        Extension(id=1, fields={"exten": "1", "context": HOSTILE}),
        Voicemail(id=1, fields={"number": HOSTILE, "context": "x"}),
        Device(id=HOSTILE, fields={"description": HOSTILE}),
    ],
)
def test_objects_are_printable_in_messages(record: Any) -> None:
    assert DRIVES_TERMINAL.search(str(record)) is None


def test_errors_are_printable_line_by_line() -> None:
    assert str(ConfdError(f"No {HOSTILE}", HOSTILE)).count("\n") == 0
    assert DRIVES_TERMINAL.search(str(ConfdError(f"No {HOSTILE}", HOSTILE))) is None
    assert len(str(PlanError([f"entry 1, {HOSTILE}: no", "entry 2: no"])).splitlines()) == 3
    results = {"results": [{}], "report": [f"created {HOSTILE}"]}
    assert len(str(ProvisionError([f"entry 1, {HOSTILE}"], results)).splitlines()) == 4


@pytest.fixture
def hostile(sim: Simulator) -> Simulator:
    """A server with two people of hostile names, put into its database by somebody else."""
    for name in (f"Ada{HOSTILE}", f"Bob{HOSTILE}"):
        make_user(sim, name, userfield="HR")
    return sim


def texts_for_people(result: Any, shown: bool = False) -> Iterator[str]:
    """Yield the texts of a result that people read as they are."""
    if isinstance(result, dict):
        for key, value in result.items():
            yield from texts_for_people(value, key in FOR_PEOPLE)
    elif isinstance(result, list):
        for each in result:
            yield from texts_for_people(each, shown)
    elif isinstance(result, str) and shown:
        yield result


@pytest.mark.parametrize("check", [True, False])
def test_no_result_of_a_list_drives_the_terminal(hostile: Simulator, check: bool) -> None:
    first, _space, last = f"Ada{HOSTILE}".partition(" ")
    ada = {
        "user": {"firstname": "Carl", "lastname": "C"},
        "match": {"firstname": first, "lastname": last},
        "extension": number(1201),
    }
    options: Options = {"purge": True, "purge_scope": {"userfield": "HR"}, "purge_limit": 1, "continue_on_error": True}
    try:
        result = perform(hostile, provision, check, users=[ada], **options)
    except ConfdError as error:
        result = {"msg": str(error), **getattr(error, "results", {})}
    texts = [line for text in texts_for_people(result) for line in text.split("\n")]
    assert all(any(name in text for text in texts) for name in ("Ada", "Bob"))
    assert [text for text in texts if DRIVES_TERMINAL.search(text)] == []


@pytest.mark.parametrize("kind", sorted(RENDERERS))
def test_no_report_drives_the_terminal(hostile: Simulator, kind: str) -> None:
    result = perform(hostile, provision, True, users=[{"user": {"firstname": "Carl"}}], orphans="report")
    failed = {"msg": f"No {HOSTILE}\nagain {HOSTILE}"}
    servers = [
        {"name": f"pbx{HOSTILE}", "url": "https://pbx", "result": {**result, "unchecked": [HOSTILE]}},
        {"name": "down", "url": None, "result": failed},
    ]
    text = RENDERERS[kind](report_of(servers, HOSTILE, "2026-11-23T08:00:00Z", True))
    assert "Ada" in text
    assert DRIVES_TERMINAL.search(text.replace("\n", "")) is None
    if kind == "json":
        assert json.loads(text)["title"] == HOSTILE


def test_no_comment_of_an_export_drives_the_terminal() -> None:
    lines = _left_out([{"name": HOSTILE, "user_id": 1, "reason": f"why {HOSTILE}"}])
    assert [line for line in lines if DRIVES_TERMINAL.search(line)] == []
