# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes HTML of texts and times for pages. Numbers stay in one line, and addresses break at their parts only."""

from __future__ import annotations

import re
from typing import Any

from markupsafe import Markup, escape

from ansible_collections.xivo.confd.plugins.module_utils._model.printable import printable_lines

UTC = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d)(?::\d\d)?Z", re.ASCII)
SHORT, WHOLE = 18, 32
"""Numbers of characters up to which a number with its context, and a number alone, stay in one line."""
TOKEN = re.compile(
    r"""(?P<address> (?<!\w)[a-z]{2,8}://\S+ | (?<![\w.-])[A-Za-z][\w-]*(?:\.[\w-]+){2,} )
      | (?P<number> (?<!\S) (?: [+0]\d*(?:[ ]\d{1,4})+ (?!\S) | (?=(?:&[#\w]+;|[^\s\d&])*\d)\S{3,} ) )""",
    re.VERBOSE | re.ASCII,
)
"""What must not be broken anywhere, in escaped text: an address, also the name of a host alone, or a word with a digit
in it, as 1200@default. The digits of an entity, as &#39;, do not count."""
PARTS = re.compile(r"(://|(?<=[^/:])[/.:?&=_-])")
"""The signs of an address beside which a line may break."""


def unbroken(value: Any) -> Any:
    """Return a text as HTML in which numbers stay whole, and addresses break beside their signs only."""
    if hasattr(value, "__html__") or not isinstance(value, str):
        return value
    return Markup(TOKEN.sub(_marked, str(escape(printable_lines(value)))))


def _marked(found: re.Match[str]) -> str:
    """Return an address or a number with its markup. Its text is escaped already."""
    text = found[0]
    if found["address"]:
        # A line can break after :// and before each other sign.
        return PARTS.sub(lambda sign: f"{sign[0]}<wbr>" if sign[0] == "://" else f"<wbr>{sign[0]}", text)
    parts = [text] if len(text) <= SHORT else text.split("@")
    return "<wbr>@".join(f'<span class="whole">{part}</span>' if len(part) <= WHOLE else part for part in parts)


def moment(value: str, is_date: bool = False) -> Any:
    """Return a time in UTC as HTML that the script of the page shows in the time zone of the reader.

    Another text is returned as it is. is_date: whether the day is enough.
    """
    found = UTC.fullmatch(value)
    if not found:
        return value
    shown = found[1] if is_date else f"{found[1]} {found[2]} UTC"
    kind = Markup(' data-show="date"') if is_date else ""
    return Markup('<time datetime="{}" title="{} {} UTC"{}>{}</time>').format(value, found[1], found[2], kind, shown)
