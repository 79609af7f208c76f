# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Texts as people mean them: without regard to accents and case, and as true or false."""

from __future__ import annotations

import unicodedata

BOOLEANS = {
    **dict.fromkeys(("y", "yes", "on", "1", "true", "t"), True),
    **dict.fromkeys(("n", "no", "off", "0", "false", "f"), False),
}
"""{text in lower case: what Ansible takes it for, where an option is a boolean}."""


def without_accents(text: str) -> str:
    """Return a text without accents and capitals, as a telephone book orders it."""
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(each for each in decomposed if not unicodedata.combining(each)).casefold()
