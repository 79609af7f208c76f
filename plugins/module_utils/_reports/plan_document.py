# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Defines the document of a plan, and reads one that was approved: from a file, or from the data of an earlier job."""

from __future__ import annotations

import json
from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from .._model.errors import InputError
from .._model.printable import one_line

Row = dict[str, Any]

SCHEMA, SCHEMA_VERSION = "xivo.confd.plan", 1
GENERATOR = "xivo.confd 1.0.0"
"""The collection with its version, as in galaxy.yml."""
CHANGES = "changes"
"""What a plan says of a secret that is written."""
FROM_LIST, FROM_PURGE, FROM_ORPHANS = "list", "purge", "orphans"
"""Why something is planned: an entry of the list, ``purge``, or ``orphans: remove``."""
COUNTED = ("created", "updated", "removed", "unchanged", "failed")
"""The counts of entries in a summary."""
CHECKSUM = "checksum"
LONGEST_BEGINNING = 30
KEYS = ("server", "options", "errors", "changes", "summary", "people", "rests_on")
MAKE_ANEW = "Make the plan again with xivo.confd.plan, and have it approved."


def with_checksum(document: Mapping[str, Any]) -> Row:
    """Return a document with its checksum, by which one that was cut or edited is recognised."""
    return {**document, CHECKSUM: checksum_of(document)}


def checksum_of(document: Mapping[str, Any]) -> str:
    """Return the checksum of a document. It is of the values, so another layout of the file makes no difference."""
    rest = {key: value for key, value in document.items() if key != CHECKSUM}
    text = json.dumps(rest, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return f"sha256:{sha256(text.encode()).hexdigest()}"


def error_document(url: str | None, time: str, errors: list[str]) -> Row:
    """Return the document of a plan that could not be made."""
    return {
        "schema": SCHEMA,
        "schema_version": SCHEMA_VERSION,
        "time": time,
        "server": {"url": url, "api": None, "tenant": None},
        "options": {},
        "errors": errors,
        "changes": False,
        "summary": {"entries": 0, **dict.fromkeys(COUNTED, 0), "purged": 0, "disabled": 0, "orphans_removed": 0},
        "people": [],
        "warnings": [],
        "unchecked": [],
        "rests_on": {"list": [], "server": []},
    }


def plan_in_file(path: str) -> Row:
    """Return the approved plan of a file. Raises InputError."""
    file = Path(path)
    if not path:
        raise InputError("approved_plan is empty.", "Give the path of the plan, or leave the option out.")
    if file.is_dir():
        raise InputError(f"The approved plan {path} is a folder.", "Give the .json file of this server in it.")
    try:
        content = file.read_bytes()
    except OSError as error:
        raise InputError(
            f"The approved plan {path} cannot be read: {error.strerror}.",
            "Give the folder into which xivo.confd.plan has written the plans, or the .json file of this server. In "
            "playbooks, a relative path begins in the folder in which Ansible is started.",
        ) from None
    return read_plan(content, path)


def plan_in_data(data: str) -> Row:
    """Return the approved plan that an earlier job has passed on, in Base64. Raises InputError."""
    try:
        content = b64decode(data, validate=True)
    except (Base64Error, ValueError):
        raise InputError("The approved plan that was passed on is not Base64.", MAKE_ANEW) from None
    return read_plan(content, "that was passed on")


def read_plan(content: bytes, source: str) -> Row:
    """Return the plan of a JSON text. source: where it comes from, in words. Raises InputError."""
    document = _parsed(content, f"The approved plan {source}")
    what = f"The approved plan {source}"
    if not isinstance(document, dict) or document.get("schema") != SCHEMA:
        raise InputError(f"{what} is not a plan of xivo.confd.plan.", "Give the .json file that the plan wrote.")
    version = document.get("schema_version")
    if version != SCHEMA_VERSION:
        raise InputError(
            f"{what} has version {version!r}, but this release of the collection reads version {SCHEMA_VERSION}.",
            MAKE_ANEW,
        )
    missing = [key for key in KEYS if key not in document]
    if missing or document.get(CHECKSUM) != checksum_of(document):
        raise InputError(f"{what} was changed after it was made: its checksum does not match its content.", MAKE_ANEW)
    if document["errors"]:
        raise InputError(
            f"{what} has errors, so it cannot be carried out: {one_line(str(document['errors'][0]), 300)}",
            f"Correct the list. {MAKE_ANEW}",
        )
    return document


def _parsed(content: bytes, what: str) -> Any:
    """Return the value of a JSON text. Raises InputError for what is not JSON, in words that say what it is."""
    if not content.strip():
        raise InputError(f"{what} is empty.", MAKE_ANEW)
    try:
        text = content.decode("utf-8")
        return json.loads(text)
    except RecursionError:
        raise InputError(f"{what} cannot be read: it is nested too deeply.", MAKE_ANEW) from None
    except UnicodeDecodeError:
        raise InputError(f"{what} is not a text in UTF-8.", "Give the .json file that the plan wrote.") from None
    except ValueError:
        pass
    if text.lstrip().startswith("{"):
        raise InputError(f"{what} is not complete: its JSON cannot be read to the end.", MAKE_ANEW)
    raise InputError(
        f"{what} is not JSON: it begins with {one_line(text, LONGEST_BEGINNING)!r}.",
        "Give the .json file that lies beside the .html and the .md file.",
    )
