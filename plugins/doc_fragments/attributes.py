# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Ansible's features mean: xivo.confd.attributes for modules that write, xivo.confd.attributes.info for others."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
attributes:
  action_group:
    description:
      - Use C(group/xivo.confd.confd) in C(module_defaults) to set defaults for all modules of the collection.
    support: full
    membership:
      - xivo.confd.confd
  check_mode:
    description:
      - Makes the same plan as a real run and writes nothing.
    details:
      - What the server tells nobody beforehand is listed in RV(unchecked).
      - An object that a task would create is returned with C(id=null) and C(predicted=true). The other tasks of the
        collection take it as a reference in check mode.
    support: full
  diff_mode:
    description:
      - Shows every change before and after, of updates the changed fields alone.
    support: full
  idempotent:
    description:
      - The second run with the same options changes nothing.
    support: full
"""

    INFO = r"""
attributes:
  action_group:
    description:
      - Use C(group/xivo.confd.confd) in C(module_defaults) to set defaults for all modules of the collection.
    support: full
    membership:
      - xivo.confd.confd
  check_mode:
    description:
      - Does the same in check mode, for it writes nothing.
    support: full
  diff_mode:
    description:
      - There are no changes to show.
    support: N/A
  idempotent:
    description:
      - Running it again changes nothing.
    support: full
"""
