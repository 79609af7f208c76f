# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What all info modules take to cut a list."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  direction:
    description:
      - Whether O(order) is ascending, which it is if left out, or descending. Descending, what is not set comes last.
    type: str
    choices:
      asc: From the smallest to the largest.
      desc: From the largest to the smallest.
  limit:
    description:
      - How many to return at most, at least 1. Left out, all are returned.
      - The list is always read whole from the server, for pages of it may lack and repeat rows.
    type: int
  skip:
    description:
      - How many to leave out at the beginning of the ordered list.
    type: int
"""
