# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run the simulator with groups and call permissions, for ansible-test integration: python -m support.target_server."""

from __future__ import annotations

from simulator.cli import main
from support.user_parts import make_names

if __name__ == "__main__":
    raise SystemExit(main(prepare=make_names))
