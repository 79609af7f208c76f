# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Renders the report that the module made, and writes the files on the module's host. New ones are private."""

from __future__ import annotations

from ansible_collections.xivo.confd.plugins.plugin_utils._numbers_formats import RENDERERS
from ansible_collections.xivo.confd.plugins.plugin_utils._report_files import ReportAction


class ActionModule(ReportAction):
    """Writes the files of the numbers."""

    RENDERERS = RENDERERS
