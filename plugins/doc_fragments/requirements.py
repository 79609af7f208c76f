# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documents what modules need; tests/unit/ansible/test_versions.py compares it with tests/matrix/versions.yml.

``xivo.confd.requirements`` is for all modules, ``xivo.confd.requirements.host`` also for those that run on a host.
``xivo.confd.connection`` adds the library for requests.
"""

from __future__ import annotations


# Ansible refuses a fragment that has neither options nor attributes.
class ModuleDocFragment:
    DOCUMENTATION = r"""
options: {}
requirements:
  - ansible-core >= 2.16 (on the controller)
  - Python >= 3.10 (on the controller)
"""

    HOST = r"""
options: {}
requirements:
  - Python >= 3.9 (on the host that runs the module)
"""
