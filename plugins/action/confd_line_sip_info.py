# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ansible_collections.xivo.confd.plugins.modules.confd_line_sip_info import MODULE
from ansible_collections.xivo.confd.plugins.plugin_utils._in_process import InProcess


class ActionModule(InProcess):
    module = MODULE
