# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the report of confd_audit_report: of results, or of earlier reports. Its action plugin writes the files."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .._model.errors import InputError
from .audit import merged, report_of, verdict, verdict_of_server
from .audit_console import console
from .audit_reader import read_report
from .file_modes import modes_of, read_mode
from .report_text import as_utf8, time_of_report, with_missing_servers

Report = dict[str, Any]

SUFFIXES = {"json": "json", "junit": "xml", "markdown": "md", "html": "html"}
"""{format: suffix of its file}."""


def audit_report(options: Mapping[str, Any], _check_mode: bool) -> dict[str, Any]:
    """Return the results of confd_audit_report: ``drift``, ``summary``, ``servers``, ``lines``, ``files``, ``report``.

    ``files`` says where each format belongs, and ``modes`` to the action plugin with which modes; nothing is written.
    Raises InputError for a report that cannot be read or merged, and for a wrong mode.
    """
    mode = read_mode(options["mode"])
    report = as_utf8(_report(options))
    files = {
        name: os.path.join(options["directory"], f"{options['name']}.{SUFFIXES[name]}") for name in options["formats"]
    }
    return {
        "changed": False,
        "drift": report["drift"],
        "verdict": verdict(report),
        "summary": report["summary"],
        "servers": [
            {**{key: each[key] for key in ("name", "status", "error", "summary")}, "verdict": verdict_of_server(each)}
            for each in report["servers"]
        ],
        "lines": console(report, files.values()),
        "files": files,
        "modes": modes_of(files, mode),
        "report": report,
    }


def _report(options: Mapping[str, Any]) -> Report:
    earlier = [*(_read(path) for path in options["merge_files"] or ()), *(options["merge_reports"] or ())]
    if options["servers"] is None:
        return merged(earlier, options["title"] or "")
    servers = with_missing_servers(options["servers"], options["expected"])
    title = options["title"] or "Audit of telephone users"
    return report_of(servers, title, options["time"] or time_of_report(), options["strict"])


def _read(path: str) -> Report:
    try:
        report = json.loads(Path(path).read_text(encoding="utf-8"))
    except RecursionError:
        raise InputError(f"{path} cannot be read as a report: it is nested too deeply.") from None
    except (OSError, ValueError) as error:
        raise InputError(f"{path} cannot be read as a report: {error}.") from None
    return read_report(report, path)
