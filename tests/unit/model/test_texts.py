# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Texts that look equal, texts without accents, and texts that are booleans."""

from __future__ import annotations

import pytest
from ansible.module_utils.parsing.convert_bool import BOOLEANS_FALSE, BOOLEANS_TRUE

from ansible_collections.xivo.confd.plugins.module_utils._model.texts import (
    BOOLEANS,
    difference_of_look_alikes,
    plain_text,
    searchable_part,
    without_accents,
)


def test_booleans_are_those_of_ansible() -> None:
    known = {each: value for value, texts in ((True, BOOLEANS_TRUE), (False, BOOLEANS_FALSE)) for each in texts}
    assert {text: value for text, value in known.items() if isinstance(text, str)} == BOOLEANS


@pytest.mark.parametrize(
    ("text", "plain"),
    [("Élodie", "elodie"), ("E\u0301lodie", "elodie"), ("Straße", "strasse"), ("Ångström", "angstrom"), ("", "")],
)
def test_a_text_without_accents(text: str, plain: str) -> None:
    assert without_accents(text) == plain


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Zoe\u0301", "Zo\u00e9"),
        ("\ufeffAnn\u200b", "Ann"),
        ("van\u00a0Dyke", "van Dyke"),
        ("\u2007HR-1 ", "HR-1"),
        ("A\u200dnn", "Ann"),
        (" ", " "),
        ("\u00a0\u00a0", " "),
        ("", ""),
        ("\u200b", ""),
        ("two\nlines\n", "two\nlines\n"),
        # Where letters are joined, the joiners are seen.
        ("\u0639\u0644\u06cc\u200c\u0631\u0636\u0627", "\u0639\u0644\u06cc\u200c\u0631\u0636\u0627"),
        ("\U0001f468\u200d\U0001f469", "\U0001f468\u200d\U0001f469"),
        ("\u0639\u200c", "\u0639"),
    ],
)
def test_texts_that_look_equal_become_the_same(text: str, plain: str) -> None:
    assert plain_text(text) == plain
    assert plain_text(plain) == plain


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("Zo\u00e9 Archer", "Archer"),
        ("50%", "50"),
        ("a\\b_cd", "cd"),
        ("\u0417\u043e\u044f", ""),
        ("", ""),
        ("HR-1 ", "HR-1"),
    ],
)
def test_what_every_spelling_of_a_text_has(text: str, part: str) -> None:
    assert searchable_part(text) == part


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        ("Ann", "\u0410nn", "character 1 is U+0041 (LATIN CAPITAL LETTER A) in the entry and U+0410 (CYRILLIC"),
        ("Ann Lee", "Ann  Lee", "character 5 is U+004C (LATIN CAPITAL LETTER L) in the entry and U+0020 (SPACE)"),
        ("O'Hara", "O\u2019Hara", "U+2019 (RIGHT SINGLE QUOTATION MARK) on the server"),
        ("Ann", "Ann\u200b", ""),
        ("Ann", "Bob", ""),
        ("Zoe", "Zo\u00e9", ""),
    ],
)
def test_what_differs_between_look_alikes(first: str, second: str, said: str) -> None:
    assert said in difference_of_look_alikes(first, second)
    assert bool(said) == bool(difference_of_look_alikes(second, first))
