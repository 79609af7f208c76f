# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of findings in the guide about audits, in the words of the reports."""

from __future__ import annotations

import re
from pathlib import Path

from ansible_collections.xivo.confd.plugins.module_utils._reports.audit_kinds import KINDS
from support.paths import ROOT

GUIDE = ROOT / "docs" / "guides" / "check_and_audit.md"
BEGIN, END = "<!-- BEGIN findings: make generate -->\n", "<!-- END findings -->\n"
CODE = re.compile(r"\b(xivo\.confd\.\w+|\w+: (?:absent|remove))\b")
"""What is written in YAML or in a command."""


def documents() -> dict[Path, str]:
    """Return {file: text} of the guide with the table of findings between the two markers."""
    rows = [f"| {each.name} | {_text(each.meaning)} | {_text(each.advice)} |" for each in KINDS.values()]
    table = "\n".join(["| finding | meaning | what to do |", "|---|---|---|", *rows, ""])
    text = GUIDE.read_text(encoding="utf-8")
    return {GUIDE: re.sub(f"(?<={BEGIN}).*?(?={END})", lambda _found: table, text, flags=re.DOTALL)}


def _text(sentence: str) -> str:
    return CODE.sub(r"`\1`", sentence)
