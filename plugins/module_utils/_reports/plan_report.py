# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the report of confd_plan_report: the document of a plan for its files. Its action plugin writes them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from .._http.connection import without_credentials
from .._model.errors import InputError
from .file_modes import modes_of, read_mode
from .plan_document import GENERATOR, error_document, with_checksum
from .plan_words import verdict
from .report_text import as_utf8, time_of_report

SUFFIXES = {"json": "json", "markdown": "md", "html": "html"}
"""{format: suffix of its file}."""
SUFFIX = ".json"
NOT_IN_NAME = ("/", "\\", "..", "$", "~", "\0")
"""What could lead to another folder, also after a shell or Ansible has replaced something."""


def plan_report(options: Mapping[str, Any], _check_mode: bool) -> dict[str, Any]:
    """Return the results of confd_plan_report: ``changes``, ``errors``, ``summary``, ``lines``, ``files``, ``report``.

    ``modes`` says to the action plugin with which modes; nothing is written. Raises InputError for a wrong mode, and
    for the name of a server that is no name of a file.
    """
    files = _files(options["path"], options["server"])
    document = as_utf8(_document(options))
    return {
        "changed": False,
        "changes": document["changes"],
        "errors": document["errors"],
        "summary": document["summary"],
        "lines": [f"{document['server']['name']}: {verdict(document)}", ", ".join(files.values())],
        "files": files,
        "modes": modes_of(files, read_mode(options["mode"])),
        "report": with_checksum(document),
    }


def _document(options: Mapping[str, Any]) -> dict[str, Any]:
    result = options["result"]
    document = result.get("plan_document")
    if not document:
        errors = [str(each) for each in result.get("problems") or [result.get("msg") or "The plan could not be made."]]
        document = error_document(without_credentials(options["url"] or "") or None, time_of_report(), errors)
    return {**document, "generator": GENERATOR, "server": {"name": options["server"], **document["server"]}}


def _files(path: str, server: str) -> dict[str, str]:
    """Return {format: path}. path: a file that ends with .json, or a folder. Raises InputError."""
    stem, suffix = os.path.splitext(path)
    if suffix != SUFFIX:
        found = next((sign for sign in NOT_IN_NAME if sign in server), None)
        if found or server in ("", "."):
            because = f", because of {found!r}" if found else ""
            raise InputError(
                f"The name {server!r} of the server cannot be the name of a file{because}.",
                "Give the server a plain name in the inventory, and its address as confd_url.",
            )
        stem = os.path.join(path, server)
    return {name: f"{stem}.{suffix}" for name, suffix in SUFFIXES.items()}
