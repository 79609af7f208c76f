# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reports that are merged come from elsewhere: only what the schema describes is read, and nothing is believed."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from ansible_collections.xivo.confd.plugins.module_utils._model.errors import InputError
from ansible_collections.xivo.confd.plugins.module_utils._reports.audit import merged, report_of
from ansible_collections.xivo.confd.plugins.module_utils._reports.audit_reader import read_report
from ansible_collections.xivo.confd.plugins.module_utils._reports.audit_report import audit_report
from ansible_collections.xivo.confd.plugins.plugin_utils._audit_page import html
from support.paths import ROOT

SCHEMA = json.loads((ROOT / "docs" / "audit-report.schema.json").read_text(encoding="utf-8"))
TIME = "2026-11-23T08:00:00Z"
MARKUP = '"><a href=https://example.org>x</a><meta http-equiv=refresh content=0>'
WRONG = (None, True, -1, 1.5, 101, "", MARKUP, [], [None], {}, {"a": 1})
MISSING = object()


def valid() -> dict[str, Any]:
    """Return a report with something in each of its lists."""
    difference = {"object": "user Ada", "field": "language", "wanted": "fr_FR", "found": None}
    entries = [
        {"index": 0, "label": "Ada", "name": "Ada", "status": "updated", "changes": ["x"], "differences": [difference]},
        {"index": 1, "label": "Bob", "name": "Bob", "status": "unchanged", "user_id": 7, "exten": "1", "context": "c"},
    ]
    user = {"user_id": 1, "name": "Cher", "userfield": None, "exten": None, "context": None}
    orphans = {"lines": [{"line_id": 1, "username": "x", "context": "default"}]}
    result = {"results": entries, "unmanaged": [user], "orphans": orphans, "unchecked": ["x"], "confd_api": "xivo15"}
    servers = [{"name": "pbx", "url": "https://pbx", "result": result}, {"name": "down", "result": {"msg": "no"}}]
    made = report_of(servers, "Audit", TIME, strict=False)
    jsonschema.validate(made, SCHEMA)
    return made


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the path of each value in a report."""
    if isinstance(value, (dict, list)):
        for key, each in value.items() if isinstance(value, dict) else enumerate(value):
            yield (*path, key)
            yield from places(each, (*path, key))


def changed(report: dict[str, Any], path: tuple[Any, ...], value: Any) -> dict[str, Any]:
    """Return a copy of a report with another value at one place, or without it."""
    made = copy.deepcopy(report)
    holder = made
    for key in path[:-1]:
        holder = holder[key]
    if value is MISSING:
        del holder[path[-1]]
    else:
        holder[path[-1]] = value
    return made


def is_accepted(report: dict[str, Any]) -> bool:
    try:
        read_report(report)
    except InputError:
        return False
    return True


def test_the_reader_accepts_what_the_schema_accepts() -> None:
    """Each value of a report, replaced by wrong ones and left out."""
    validator = jsonschema.Draft202012Validator(SCHEMA)
    report = valid()

    wrong = [changed(report, path, value) for path in places(report) for value in (*WRONG, MISSING)]

    assert len(wrong) > 500
    differ = [made for made in wrong if is_accepted(made) != validator.is_valid(made)]
    assert differ == []


def test_a_report_of_an_earlier_release_is_read() -> None:
    """It has no numbers of which it is unclear whether they belong to something."""
    report = valid()
    for each in (report["summary"], report["servers"][0], report["servers"][0]["summary"]):
        del each["unclear"]
    del report["kinds"]
    assert read_report(report) == {**valid(), "kinds": []}
    assert merged([report]) == valid()


@pytest.mark.parametrize("name", ["index", "entries", "user_id", "wanted", "schema_version"])
def test_a_number_of_thousands_of_digits_is_refused(name: str) -> None:
    places_of_name = [path for path in places(valid()) if path[-1] == name]
    assert places_of_name
    for path in places_of_name:
        with pytest.raises(InputError, match="a very large number"):
            read_report(changed(valid(), path, 10**5000))


def test_what_the_schema_does_not_describe_is_left_out() -> None:
    report = valid()
    report["servers"][1]["entries"][0]["more"] = report["servers"][1]["more"] = report["more"] = MARKUP

    assert read_report(report) == valid()
    assert MARKUP not in json.dumps(merged([report]))


def test_a_merged_report_agrees_with_the_schema_again() -> None:
    jsonschema.validate(merged([valid()]), SCHEMA)
    assert merged([valid()]) == valid()


def test_a_status_is_never_markup() -> None:
    forged = changed(valid(), ("servers", 1, "entries", 0, "status"), MARKUP)

    with pytest.raises(
        InputError, match=r"servers\[1\]\.entries\[0\]\.status is .*, and must be one of conforming, missing"
    ):
        merged([forged])


@pytest.mark.parametrize("name", ["status", "label", "object", "field", "wanted", "kind", "userfield"])
def test_the_page_escapes_what_no_reader_has_seen(name: str) -> None:
    (path, *_more) = [path for path in places(valid()) if len(path) > 3 and path[-1] == name]
    page = html(changed(valid(), path, MARKUP))

    assert "<a href=https" not in page
    assert page.count("<meta http-equiv") == 1


def test_counts_and_verdicts_are_made_again() -> None:
    forged = valid()
    forged["drift"] = False
    forged["summary"].update(conforming=99, conforming_percent=100, servers_failed=0)
    forged["servers"][1].update(status="conforming", summary=forged["servers"][1]["summary"] | {"entries": 2})
    forged["servers"][1]["summary"].update(conforming=2, missing=0, different=0, conforming_percent=100)

    assert merged([forged]) == valid()


def test_a_server_without_entries_does_not_conform() -> None:
    forged = changed(valid(), ("servers", 1, "entries"), [])
    forged["servers"][1].update(status="conforming", error=None)

    (server, _other) = merged([forged])["servers"][::-1]

    assert (server["status"], server["error"]) == (
        "failed",
        "The list of entries is empty, so nothing was compared.",
    )


@pytest.mark.parametrize("url", ["https://u:p@pbx", "https://u:p@[pbx"])
def test_credentials_in_a_url_are_left_out(url: str) -> None:
    forged = changed(valid(), ("servers", 1, "url"), url)

    assert "u:p" not in json.dumps(merged([forged]))


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ([], "This is not an audit report"),
        ({"schema": "junit"}, "This is not an audit report"),
        ({"schema": "xivo.confd.audit", "schema_version": 2}, "has schema version 2, and must have 1"),
        ({"schema": "xivo.confd.audit", "schema_version": "1" * 99}, r"has schema version '1{59}\.\.\., and must"),
        (changed(valid(), ("servers", 1, "unmanaged", 0, "user_id"), True), "is True, and must be an integer"),
        (changed(valid(), ("servers", 0), MISSING) | {"servers": {}}, "servers is an object, and must be a list"),
        (changed(valid(), ("title",), MISSING), "title is missing"),
        (
            changed(valid(), ("servers", 1, "entries", 0, "differences", 0, "found"), float("nan")),
            r"differences\[0\]\.found is nan, and must be a value of JSON",
        ),
    ],
)
def test_what_is_no_report(other: Any, said: str) -> None:
    with pytest.raises(InputError, match=said):
        merged([other])


def test_nothing_to_merge_is_an_error() -> None:
    with pytest.raises(InputError, match="There is no report to merge"):
        merged([])


@pytest.mark.parametrize("text", ["{", "[" * 100_000, "\udcff", '{"schema": "other"}'])
def test_a_file_that_is_no_report_is_named(text: str, tmp_path: Path) -> None:
    (tmp_path / "x.json").write_bytes(text.encode(errors="surrogateescape"))
    options = {
        "merge_files": [str(tmp_path / "x.json")],
        "merge_reports": None,
        "servers": None,
        "title": None,
        "mode": None,
    }

    with pytest.raises(InputError, match=r"x\.json (cannot be read as a report|is not an audit report)"):
        audit_report(options, False)
