# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbooks of an AWX project, as playbooks/awx/README.md says them."""

from __future__ import annotations

import re

from support.paths import ROOT

README = ROOT / "playbooks" / "awx" / "README.md"
NAMED_BLOCK = re.compile(r"^```yaml\n# (\w+\.yml)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def project_files() -> dict[str, str]:
    """{name: text}"""
    return dict(NAMED_BLOCK.findall(README.read_text(encoding="utf-8")))
