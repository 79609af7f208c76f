# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documents the option by which the role tells a module what its plan knows."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  planned:
    description:
      - What the plan of the role P(xivo.confd.provision#role) knows of this step. Only the role sets it. Omit it in
        your own tasks.
      - The module then does not look again for what the plan has just not found, and does not read again what an
        earlier step returned. If somebody else has created the same object in the meantime, the server refuses the
        step, or the check at the end of the role finds it, as with a list.
    type: dict
    suboptions:
      namesakes:
        description:
          - Ids of the users who have the name of the user to create.
        type: list
        elements: int
      user:
        description:
          - The user to whom calls to the extension go, if the extension is an incall.
        type: dict
      values:
        description:
          - Values of options of this module. They replace the options. Keys that are no option are ignored. Ansible
            evaluates one template for all values faster than a template for each option.
        type: dict
"""
