# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documents the option of all modules for settings of a user."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  user:
    description:
      - The user whose settings are changed. It is an object that M(xivo.confd.confd_user) returned, or a dictionary
        with keys of O(xivo.confd.confd_user#module:match).
    type: dict
    required: true
"""
