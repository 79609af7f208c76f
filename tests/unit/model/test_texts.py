# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Texts without accents, and texts that are booleans."""

from __future__ import annotations

import pytest
from ansible.module_utils.parsing.convert_bool import BOOLEANS_FALSE, BOOLEANS_TRUE

from ansible_collections.xivo.confd.plugins.module_utils._model.texts import BOOLEANS, without_accents


def test_booleans_are_those_of_ansible() -> None:
    known = {each: value for value, texts in ((True, BOOLEANS_TRUE), (False, BOOLEANS_FALSE)) for each in texts}
    assert {text: value for text, value in known.items() if isinstance(text, str)} == BOOLEANS


@pytest.mark.parametrize(
    ("text", "plain"),
    [("Élodie", "elodie"), ("E\u0301lodie", "elodie"), ("Straße", "strasse"), ("Ångström", "angstrom"), ("", "")],
)
def test_a_text_without_accents(text: str, plain: str) -> None:
    assert without_accents(text) == plain
