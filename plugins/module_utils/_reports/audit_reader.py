# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads audit reports that somebody else may have written, as docs/audit-report.schema.json describes them.

What is not in the schema is left out. Counts and verdicts are not read but counted again by ``audit.py``.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from .._model.errors import InputError
from .audit_kinds import KINDS

SCHEMA = "xivo.confd.audit"
SCHEMA_VERSION = 1
SERVER_STATUSES = ("conforming", "drift", "failed")
ENTRY_STATUSES = ("conforming", "missing", "different", "surplus", "conflict")
IN_NO_ENTRY = ("unmanaged", "orphans", "unclear")
"""The lists of what is on a server and in no entry."""
BEYOND = "beyond"
"""The list of what the user of an entry has beyond the file, and the number of entries with such a list."""
ADDED_TO_REPORT: dict[str, Any] = {"kinds": []}
ADDED: dict[str, Any] = {"unclear": [], "logins": [], "leavers": []}
ADDED_COUNTS = {"unclear": 0, BEYOND: 0}
ADDED_LISTS: dict[str, Any] = {BEYOND: []}
ORPHAN_KINDS = ("line", "number", "incall")
ADVICE = "Give the JSON files as xivo.confd.audit wrote them."
LONGEST_INTEGER = 63
"""The bits of the largest integer that is read."""
LONGEST_SHOWN = 60
"""Characters of a wrong value that a message repeats."""

Reader = Callable[[Any, str], Any]
"""A function of a value and its path in the report. It returns the value, or raises _Mismatch."""


def read_report(report: Any, name: str = "This") -> dict[str, Any]:
    """Return an audit report with the keys of the schema only. name: what messages call it.

    Raises InputError if it is none, has another version of the schema, or does not agree with it.
    """
    if not isinstance(report, Mapping) or report.get("schema") != SCHEMA:
        raise InputError(f"{name} is not an audit report.", ADVICE)
    if report.get("schema_version") != SCHEMA_VERSION:
        raise InputError(
            f"{name} has schema version {_shown(report.get('schema_version'))}, and must have {SCHEMA_VERSION}.",
            "Write and merge reports with the same release of the collection.",
        )
    try:
        read: dict[str, Any] = REPORT(report, "")
    except _Mismatch as error:
        raise InputError(f"{name} does not agree with docs/audit-report.schema.json: {error}.", ADVICE) from None
    return read


class _Mismatch(Exception):
    """A value is not as the schema wants it. Its text says which, without a full stop."""


def _text(value: Any, path: str) -> str:
    return str(value) if isinstance(value, str) else _refuse(value, path, "a text")


def _flag(value: Any, path: str) -> bool:
    return value if isinstance(value, bool) else _refuse(value, path, "true or false")


def _integer(value: Any, path: str) -> int:
    is_integer = isinstance(value, int) and not isinstance(value, bool) and value.bit_length() <= LONGEST_INTEGER
    return int(value) if is_integer else _refuse(value, path, "an integer")


def _count(value: Any, path: str) -> int:
    count = _integer(value, path)
    return count if count >= 0 else _refuse(value, path, "0 or more")


def _share(value: Any, path: str) -> float:
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return float(value) if is_number and 0 <= value <= 100 else _refuse(value, path, "a number from 0 to 100")


def _value(value: Any, path: str) -> Any:
    """Read a value of any type that JSON has."""
    try:
        return json.loads(json.dumps(value, allow_nan=False))
    except (TypeError, ValueError, RecursionError):
        return _refuse(value, path, "a value of JSON")


def _optional(reader: Reader) -> Reader:
    return lambda value, path: None if value is None else reader(value, path)


def _choice(*choices: str) -> Reader:
    def read(value: Any, path: str) -> str:
        known = isinstance(value, str) and value in choices
        return str(value) if known else _refuse(value, path, f"one of {', '.join(choices)}")

    return read


def _list(reader: Reader) -> Reader:
    def read(value: Any, path: str) -> list[Any]:
        if not isinstance(value, (list, tuple)):
            _refuse(value, path, "a list")
        return [reader(each, f"{path}[{index}]") for index, each in enumerate(value)]

    return read


def _record(added: Mapping[str, Any] | None = None, **readers: Reader) -> Reader:
    """Return a reader of an object that has all these keys. Other keys are left out.

    added: the values of keys that reports of earlier releases do not have.
    """
    defaults = added or {}

    def read(value: Any, path: str) -> dict[str, Any]:
        if not isinstance(value, Mapping):
            _refuse(value, path, "an object")
        for key in readers:
            if key not in value and key not in defaults:
                raise _Mismatch(f"{path}.{key} is missing".lstrip("."))
        return {
            key: reader(value.get(key, defaults.get(key)), f"{path}.{key}".lstrip("."))
            for key, reader in readers.items()
        }

    return read


def _refuse(value: Any, path: str, wanted: str) -> Any:
    """Raise _Mismatch."""
    raise _Mismatch(f"{path} is {_shown(value)}, and must be {wanted}")


def _shown(value: Any) -> str:
    """Return a value for a message, without all that lists and objects hold."""
    if isinstance(value, (Mapping, list, tuple)):
        return "an object" if isinstance(value, Mapping) else "a list"
    if isinstance(value, int) and value.bit_length() > LONGEST_INTEGER:
        # Python refuses to write those of thousands of digits.
        return "a very large number"
    text = repr(value[: LONGEST_SHOWN + 1] if isinstance(value, str) else value)
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}..."


COUNTS = {
    **dict.fromkeys(("entries", *ENTRY_STATUSES, *IN_NO_ENTRY, BEYOND), _count),
    "conforming_percent": _optional(_share),
}
DIFFERENCE = _record(object=_text, field=_text, wanted=_value, found=_value)
MORE = _record(object=_text, field=_text, found=_value)
ENTRY = _record(
    ADDED_LISTS,
    status=_choice(*ENTRY_STATUSES),
    index=_count,
    label=_text,
    name=_text,
    user_id=_optional(_integer),
    exten=_optional(_text),
    context=_optional(_text),
    changes=_list(_text),
    differences=_list(DIFFERENCE),
    beyond=_list(MORE),
    error=_optional(_text),
)
OF_USER: dict[str, Reader] = {
    "user_id": _integer,
    "name": _text,
    "userfield": _optional(_text),
    "exten": _optional(_text),
    "context": _optional(_text),
}
USER = _record(None, **OF_USER)
LEAVER = _record(None, **OF_USER, since=_optional(_text), until=_optional(_text))
ORPHAN = _record(kind=_choice(*ORPHAN_KINDS), id=_integer, name=_optional(_text), context=_optional(_text))
SERVER = _record(
    ADDED,
    name=_text,
    url=_optional(_text),
    confd_api=_optional(_text),
    time=_text,
    status=_choice(*SERVER_STATUSES),
    error=_optional(_text),
    unchecked=_list(_text),
    summary=_record(ADDED_COUNTS, **COUNTS),
    entries=_list(ENTRY),
    unmanaged=_list(USER),
    orphans=_list(ORPHAN),
    unclear=_list(ORPHAN),
    leavers=_list(LEAVER),
    logins=_list(_record(uuid=_text, name=_text)),
)
KIND = _record(None, kind=_choice(*KINDS), meaning=_text, what_to_do=_text)
REPORT = _record(
    ADDED_TO_REPORT,
    schema=_choice(SCHEMA),
    schema_version=_count,
    title=_text,
    time=_text,
    strict=_flag,
    drift=_flag,
    summary=_record(ADDED_COUNTS, servers=_count, servers_failed=_count, **COUNTS),
    kinds=_list(KIND),
    servers=_list(SERVER),
)
