# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes texts from elsewhere as Markdown without markup, links or mentions, also those of GitLab and GitHub."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from .._model.printable import printable

SPECIAL = re.compile(r"([\\`*_\[\]#|~$])")
"""Characters with a meaning in Markdown, or in what GitLab and GitHub add to it (formulas)."""
LIVE = re.compile(
    r"""
    :(?=//)                                # https://example.org becomes a link,
    | \bwww(?=\.)                          # and so does www.example.org
    | @(?=[\w-]+\.)                        # a mail address
    | (?<![A-Za-z0-9])@(?=\w)              # @all notifies people; 1201@default does not
    | :(?=(?!\d\d:)[\w+-]+:)              # :warning: becomes a picture; 08:00:00 does not
    | [#!%~$&^](?=[\w"])                   # #1, !1, %1, ~1, $1 and &1 link issues, merge requests, milestones, labels
    | \bGH(?=-\d)                          # another spelling of #1
    | \[(?=\[|\w+:)                        # [[page]] links a wiki, and [issue:1] what GitLab has
    """,
    re.VERBOSE | re.ASCII | re.IGNORECASE,
)
"""The beginning of what GitLab and GitHub bring to life in a text. They look for most of it in the finished page, where
a backslash or an entity is a plain character again."""
BLOCK = re.compile(r"\A([-+=/]|\d+(?=[.)]))")
"""What makes a list, a heading or a quick action (/close) at the beginning of a line."""
ZERO_WIDTH_SPACE = "\u200b"
"""Breaks a word and cannot be seen."""


def table(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """Return a table."""
    lines = [columns, ["---"] * len(columns), *([text(cell) for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(each)} |" for each in lines)


def line(value: Any) -> str:
    """Return any text as a line of its own without markup."""
    return BLOCK.sub(rf"\1{_entity(ZERO_WIDTH_SPACE)}", text(value))


def text(value: Any) -> str:
    """Return any text as one line without markup, links, mentions and pictures."""
    plain = LIVE.sub(rf"\g<0>{ZERO_WIDTH_SPACE}", printable(" ".join(str(value).split())))
    escaped = plain.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return SPECIAL.sub(r"\\\1", escaped).replace(ZERO_WIDTH_SPACE, _entity(ZERO_WIDTH_SPACE))


def _entity(character: str) -> str:
    return f"&#{ord(character)};"
