# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A confd that behaves like the real ones, for tests and demonstrations only.

Its behaviour is that of the facts files about real servers, traps included.
"""

from __future__ import annotations

from .faults import Fault
from .requestlog import Request
from .simulator import Simulator
from .world import Context, Range

__all__ = ["Context", "Fault", "Range", "Request", "Simulator"]
