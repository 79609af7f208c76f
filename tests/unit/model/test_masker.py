# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Secrets are removed from foreign texts, however these write them."""

from __future__ import annotations

import html
import json
from base64 import b64encode, urlsafe_b64encode
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.xivo.confd.plugins.module_utils._model.masker import Masker
from ansible_collections.xivo.confd.plugins.module_utils._model.masking import MASK

PASSWORD = "Ca&na<ry\"é' 7/x+~Z?>"
FORMS = {
    "plain": PASSWORD,
    "base64": b64encode(PASSWORD.encode()).decode(),
    "base64 of a URL": urlsafe_b64encode(PASSWORD.encode()).decode(),
    "base64 in Latin-1": b64encode(PASSWORD.encode("latin-1")).decode(),
    "percent": quote(PASSWORD, safe=""),
    "percent in lower case": quote(PASSWORD, safe="").replace("%C3%A9", "%c3%a9").replace("%3C", "%3c"),
    "percent with slashes": quote(PASSWORD),
    "form": quote_plus(PASSWORD),
    "form in Latin-1": quote_plus(PASSWORD, encoding="latin-1"),
    "HTML": html.escape(PASSWORD),
    "HTML with numbers": html.escape(PASSWORD).replace("&#x27;", "&#39;").replace("&quot;", "&#34;"),
    "HTML without quotes": html.escape(PASSWORD, quote=False),
    "JSON": json.dumps(PASSWORD)[1:-1],
    "JSON with slashes": json.dumps(PASSWORD).replace("/", "\\/")[1:-1],
    "JSON in upper case": json.dumps(PASSWORD).replace("\\u00e9", "\\u00E9")[1:-1],
    "JSON in a page": json.dumps(PASSWORD)
    .replace("&", "\\u0026")
    .replace("<", "\\u003c")
    .replace(">", "\\u003e")
    .replace("'", "\\u0027")[1:-1],
    "JSON of escapes": "".join(f"\\u{ord(sign):04x}" for sign in PASSWORD),
    "Python": repr(PASSWORD)[1:-1],
    "bytes of Python": repr(PASSWORD.encode())[2:-1],
    "Latin-1": PASSWORD.encode().decode("latin-1"),
    "Latin-1 in JSON": json.dumps(PASSWORD.encode().decode("latin-1"))[1:-1],
}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_a_secret_is_masked_in_every_form(form: str) -> None:
    shown = Masker([PASSWORD]).mask(f"zz {form} zz")
    assert shown.replace("=", "") == f"zz {MASK} zz"


def test_secrets_that_overlap_are_masked_together() -> None:
    masker = Masker(["abcdefgh", "efghijkl", "longsecret", "longsecretmore"])
    assert masker.mask("xabcdefghijklx longsecretmore longsecretxlongsecret") == (f"x{MASK}x {MASK} {MASK}x{MASK}")


def test_short_secrets_are_masked_as_words() -> None:
    assert Masker(["1200", "a.b"]).mask("1200 12000 a.b xa.b 1200") == f"{MASK} 12000 {MASK} xa.b {MASK}"


@given(secret=st.text(min_size=8), before=st.text(), after=st.text())
def test_any_secret_is_masked_anywhere(secret: str, before: str, after: str) -> None:
    if not secret.isdigit():
        assert secret not in Masker([secret]).mask(before + secret + after).replace(MASK, "\0" * len(MASK))
