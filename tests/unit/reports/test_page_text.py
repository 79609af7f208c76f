# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Texts of pages: where a line may break, times, and colours that everybody can read."""

from __future__ import annotations

import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.xivo.confd.plugins.module_utils._model.printable import printable_lines
from ansible_collections.xivo.confd.plugins.plugin_utils._page import TEMPLATES
from ansible_collections.xivo.confd.plugins.plugin_utils._page_text import moment, unbroken

TAGS = re.compile(r'<wbr>|<span class="whole">|</span>')
COLOUR = re.compile(r"--(\w+): (#[0-9a-f]{3,6})\b")
AA = 4.5
"""The contrast that WCAG 2 wants of text."""


def marked(text: str) -> str:
    """What stays in one line in brackets, and a bar where a line may break."""
    html = str(unbroken(text)).replace("<wbr>", "|")
    return unescape(html.replace('<span class="whole">', "[").replace("</span>", "]"))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("1200", "[1200]"),
        ("Zoé Müller (1200@default)", "Zoé Müller [(1200@default)]"),
        ("0312345678@from-extern", "[0312345678]|@[from-extern]"),
        ("00:08:5d:00:00:01", "[00:08:5d:00:00:01]"),
        ("+33 6 12 34 56 78", "[+33 6 12 34 56 78]"),
        ("*98, 1201\u20131299", "[*98,] [1201\u20131299]"),
        ("https://pbx-1.example.org:9486/1.1", "https://|pbx|-1|.example|.org|:9486|/1|.1"),
        ("pbx-1.example.org is down", "pbx|-1|.example|.org is down"),
        ("10.0.0.12", "[10.0.0.12]"),
        ("at https://pbx: no", "at https://|pbx|: no"),
        ("O'Neill & Co", "O'Neill & Co"),
        ("7 x" + 40 * "1", "7 x" + 40 * "1"),
    ],
)
def test_numbers_stay_whole_and_addresses_break_at_signs(text: str, shown: str) -> None:
    assert marked(text) == shown


@given(text=st.text() | st.from_regex(r"(https://|\d|[<>&'\"@. ]|\w){1,40}"))
def test_a_text_stays_the_same_text(text: str) -> None:
    html = TAGS.sub("", str(unbroken(text)))

    assert not set(html) & set("<>\"'")
    assert unescape(html) == printable_lines(text)


def test_a_time_is_told_in_utc_without_the_script() -> None:
    assert str(moment("2026-11-23T08:00:59Z")) == (
        '<time datetime="2026-11-23T08:00:59Z" title="2026-11-23 08:00 UTC">2026-11-23 08:00 UTC</time>'
    )
    assert str(moment("2026-11-23T08:00:59Z", is_date=True)).endswith(' data-show="date">2026-11-23</time>')


@pytest.mark.parametrize("text", ["", "yesterday", "2026-11-23T08:00:59+01:00", '2026-11-23T08:00Z"><b>'])
def test_another_time_is_a_text(text: str) -> None:
    assert moment(text) == text
    assert not hasattr(moment(text), "__html__")


def luminance(colour: str) -> float:
    """The relative luminance of WCAG 2. colour: #rgb or #rrggbb."""
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_every_colour_can_be_read() -> None:
    """On the ground of the page and on tables: on a light screen, on a dark one, and on paper."""
    screens = [dict(COLOUR.findall(part)) for part in (TEMPLATES / "page.css").read_text("utf-8").split(":root")[1:]]
    assert len(screens) == 3
    for colours in screens:
        grounds = [luminance(colours.pop(name)) for name in ("ground", "card")]
        del colours["rule"]
        for name, colour in colours.items():
            for ground in grounds:
                light, dark = sorted((luminance(colour), ground), reverse=True)
                assert (light + 0.05) / (dark + 0.05) >= AA, name
