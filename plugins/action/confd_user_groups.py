# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The action plugin of confd_user_groups."""

from __future__ import annotations

from ansible_collections.xivo.confd.plugins.action import ActionModule as ActionOfModules


class ActionModule(ActionOfModules):
    """Runs confd_user_groups in Ansible's own process where that makes no difference."""
