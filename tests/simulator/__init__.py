# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Simulate confd as real servers behave, for tests and demonstrations only.

Its behaviour, traps included, is what docs/servers/*.md say about real servers.
"""

from __future__ import annotations

from .database import Context, Range
from .faults import Fault
from .request_log import Request
from .simulator import Simulator

__all__ = ["Context", "Fault", "Range", "Request", "Simulator"]
