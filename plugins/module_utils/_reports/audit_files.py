# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Audit reports as files: made of results or of earlier reports, in the wanted formats, written if they differ."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable, Mapping
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from .._model.errors import ConfdError, InputError
from .audit import merged, report_of
from .audit_html import html
from .audit_junit import junit
from .audit_markdown import markdown

Report = dict[str, Any]


def document(report: Mapping[str, Any]) -> str:
    """The report as JSON."""
    return json.dumps(report, ensure_ascii=False, indent=2) + "\n"


RENDERERS: dict[str, tuple[str, Callable[[Mapping[str, Any]], str]]] = {
    "json": ("json", document),
    "junit": ("xml", junit),
    "markdown": ("md", markdown),
    "html": ("html", html),
}
"""Formats: the suffix of the file, and what makes its text."""


def write_reports(options: Mapping[str, Any], check_mode: bool) -> dict[str, Any]:
    """confd_audit_report: results ``drift``, ``summary``, ``servers``, ``files``, and ``report`` if it is wanted.

    Raises InputError for reports that are none, ConfdError when a file cannot be read or written.
    """
    report = _report(options)
    changed, files = False, {}
    for name in options["formats"]:
        suffix, render = RENDERERS[name]
        path = os.path.join(options["directory"], f"{options['name']}.{suffix}")
        changed = _write(path, render(report), check_mode) or changed
        files[name] = path
    return {
        "changed": changed,
        "drift": report["drift"],
        "summary": report["summary"],
        "servers": [{key: each[key] for key in ("name", "status", "error", "summary")} for each in report["servers"]],
        "files": files,
        **({"report": report} if options["return_report"] else {}),
    }


def _report(options: Mapping[str, Any]) -> Report:
    earlier = [*(_read(path) for path in options["merge_files"] or ()), *(options["merge_reports"] or ())]
    if options["servers"] is None:
        return merged(earlier, options["title"] or "")
    time = options["time"] or datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    return report_of(options["servers"], options["title"] or "Audit of telephone users", time, options["strict"])


def _read(path: str) -> Any:
    try:
        return json.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"{path} cannot be read as a report: {error}.") from None


def _write(path: str, text: str, check_mode: bool) -> bool:
    """Let the file hold the text; nobody sees half of it. Returns whether it did not."""
    data = text.encode("utf-8", errors="replace")
    try:
        if os.path.exists(path) and Path(path).read_bytes() == data:
            return False
        if not check_mode:
            os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
            _replace(path, data)
    except OSError as error:
        raise ConfdError(f"{path} cannot be written: {error.strerror}.") from None
    return True


def _replace(path: str, data: bytes) -> None:
    handle, unfinished = tempfile.mkstemp(dir=os.path.dirname(path) or ".", prefix=f".{os.path.basename(path)}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        os.chmod(unfinished, 0o666 & ~_umask())
        os.replace(unfinished, path)
    except OSError:
        os.unlink(unfinished)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
