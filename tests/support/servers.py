# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The contexts of the servers that tests use."""

from __future__ import annotations

from simulator import Context, Range

CONTEXTS = (
    Context("default", "internal", (Range("1000", "1999"),)),
    Context("sales", "internal", (Range("1000", "1999"), Range("4000", "4999"))),
    Context("from-extern", "incall", (Range("2000", "2999"), Range("0300000000", "0399999999"))),
    Context("to-extern", "outcall"),
)
