# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""MAC addresses in one spelling."""

from __future__ import annotations

import re

HEXADECIMAL_MAC = re.compile(r"[0-9a-f]{12}")


def canonical_mac(value: str) -> str:
    """Return a MAC address in lower case with colons; a text that is not a MAC address as it is.

    Accepts 00:08:5D:00:00:01, 00-08-5d-00-00-01, 0008.5d00.0001 and 00085d000001.
    """
    digits = re.sub(r"[:.\-]", "", value).lower()
    pairs = [digits[at : at + 2] for at in range(0, len(digits), 2)]
    return ":".join(pairs) if HEXADECIMAL_MAC.fullmatch(digits) else value
