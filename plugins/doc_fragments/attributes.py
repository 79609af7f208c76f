# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documents how modules support the features of Ansible.

``xivo.confd.attributes`` is for modules that write, ``xivo.confd.attributes.info`` for those that only read.
"""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
attributes:
  action_group:
    description:
      - Use C(group/xivo.confd.confd) in C(module_defaults) to set options for all modules of the collection.
    support: full
    membership:
      - xivo.confd.confd
  check_mode:
    description:
      - Makes the same plan as a real run and writes nothing.
    details:
      - RV(unchecked) lists what the server does not tell before a write.
      - An object that a real run would create is returned with C(id=null) and C(predicted=true). In check mode, later
        tasks accept it as a reference.
    support: full
  diff_mode:
    description:
      - Returns the state before and after each change. For an update, only the changed fields are included.
    support: full
  idempotent:
    description:
      - A second run with the same options changes nothing.
    support: full
"""

    INFO = r"""
attributes:
  action_group:
    description:
      - Use C(group/xivo.confd.confd) in C(module_defaults) to set options for all modules of the collection.
    support: full
    membership:
      - xivo.confd.confd
  check_mode:
    description:
      - Does the same in check mode, because the module never writes to the server.
    support: full
  diff_mode:
    description:
      - The module changes nothing, so there is no difference to return.
    support: N/A
  idempotent:
    description:
      - The module changes nothing.
    support: full
"""
