# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sort as the server's locale does: letters and digits, then case, then punctuation.

`"" jsc4wbui myuser MYUSER` and `*10 _*11. 1301` are in order (xivo-15.12.md, "lines_sip"; xivo-15.12.md, "extensions").
"""

from __future__ import annotations

import unicodedata

CollationKey = tuple[str, str, str, str]


def collation_key(text: str) -> CollationKey:
    """Compare letters and digits first, then accents, then case (small letters first), then everything else."""
    decomposed = unicodedata.normalize("NFD", text)
    alphanumeric = "".join(char for char in decomposed if char.isalnum())
    accents = "".join(char for char in decomposed if char.isalnum() or unicodedata.combining(char))
    return alphanumeric.casefold(), accents.casefold(), alphanumeric.swapcase(), text
