# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documents the options by which all info modules select from a list."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  filters:
    description:
      - Exact values that the returned objects must have, as a dictionary. All of them must match.
      - The keys are the choices of O(order). An unknown key is an error.
      - Null and V('') match a value that is not set. Numbers can be given as integers.
    type: dict
  direction:
    description:
      - Direction in which O(order) sorts.
      - If V(asc), the smallest value comes first, and null before all others. This is also the order if the option is
        omitted.
      - If V(desc), the largest value comes first, and null comes last.
    type: str
    choices: [asc, desc]
  limit:
    description:
      - Maximum number of objects to return, at least 1. If it is omitted, all are returned.
      - The module reads the complete list in any case, because paging by the server can repeat and omit objects.
    type: int
  skip:
    description:
      - Number of objects to leave out at the beginning of the sorted list.
    type: int
"""
