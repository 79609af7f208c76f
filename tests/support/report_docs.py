# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tables in the guides that say what the words of reports mean, in the words of the reports."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from ansible_collections.xivo.confd.plugins.module_utils._reports.audit_kinds import KINDS
from ansible_collections.xivo.confd.plugins.module_utils._reports.numbers import MEANINGS
from support.paths import ROOT

GUIDES = ROOT / "docs" / "guides"
BLOCK = "(?<=<!-- BEGIN {0}: make generate -->\n).*?(?=<!-- END {0} -->\n)"
CODE = re.compile(r"(?<!\w)(xivo\.confd\.\w+|\w+: (?:absent|remove)|\*98)\b")
"""What is written in YAML or in a command, or dialled."""
LINKS = {"an orphan": "an [orphan](../glossary.md#orphan)"}


def documents() -> dict[Path, str]:
    """Return {file: text} of the guides with their tables."""
    findings = [(each.name, each.meaning, each.advice) for each in KINDS.values()]
    return {
        GUIDES / "check_and_audit.md": _with_table(
            "check_and_audit.md", "findings", ("finding", "meaning", "what to do"), findings
        ),
        GUIDES / "numbers.md": _with_table("numbers.md", "uses", ("in the files", "meaning"), MEANINGS.values()),
    }


def _with_table(page: str, block: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a page with a table between its two markers."""
    lines = [columns, ["---"] * len(columns), *([_text(cell) for cell in row] for row in rows)]
    table = "".join(f"| {' | '.join(each)} |\n" for each in lines)
    text = (GUIDES / page).read_text(encoding="utf-8")
    return re.sub(BLOCK.format(block), lambda _found: table, text, flags=re.DOTALL)


def _text(sentence: str) -> str:
    for words, link in LINKS.items():
        sentence = sentence.replace(words, link)
    return CODE.sub(r"`\1`", sentence)
