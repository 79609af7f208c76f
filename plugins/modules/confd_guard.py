#!/usr/bin/python
# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
---
module: confd_guard
short_description: Check the servers, the tags and the variables of a run
version_added: 1.0.0
description:
  - The first task of the playbooks and of the role of this collection. It fails a run that would otherwise succeed and
    do nothing, or do something other than its variables say. It sends no request and changes nothing.
  - It fails if the tags of the run select none of the other tasks of the play or role. If these tasks have tags, for
    example from C(import_playbook), it does nothing instead. Give it the tag C(always).
  - It fails if a word after C(-e) belongs to no variable, because a value with spaces has no quotes of its own.
extends_documentation_fragment:
  - xivo.confd.requirements
attributes:
  action:
    description:
      - Is an action plugin, which runs on the controller.
    support: full
  async:
    description:
      - Cannot run in the background.
    support: none
  check_mode:
    description:
      - Does the same in check mode.
    support: full
  diff_mode:
    description:
      - Changes nothing.
    support: none
  idempotent:
    description:
      - Changes nothing.
    support: full
options:
  default_hosts:
    description:
      - Fail if the variable C(confd_hosts), or this pattern if the variable is not set, matches no host of the
        inventory.
    type: str
  one_server:
    description:
      - Whether to fail if the play has more than one host.
    type: bool
    default: false
  private:
    description:
      - Fail if a variable whose name begins with this text is set where it has precedence over the variables that
        tasks register.
    type: str
  booleans:
    description:
      - Names of variables. Fail if one of them is set and neither true nor false.
    type: list
    elements: str
    default: []
  check_mode_only:
    description:
      - Names of variables that require check mode. The task fails if one of them is set and it does not run in check
        mode.
    type: list
    elements: str
    default: []
  exact:
    description:
      - Names of variables. Fail if C(-e) sets a variable that has almost the name of one of them, and not the variable
        itself.
    type: list
    elements: str
    default: []
  required:
    description:
      - Names of variables. Fail if one of them is not defined for the host.
    type: list
    elements: str
    default: []
  of_run:
    description:
      - Names of variables that say what this run is about. Fail if the inventory or an earlier play sets one of them,
        and neither an extra variable nor the variables of the play do.
    type: list
    elements: str
    default: []
  texts:
    description:
      - Names of variables to return as texts. Fail if C(-e) sets a variable with a prefix of this collection that has
        almost the name of one of them.
    type: list
    elements: str
    default: []
author:
  - xivo.confd contributors (@xivo-confd)
"""

EXAMPLES = r"""
---
- name: Check the servers and the variables of the run
  xivo.confd.confd_guard:
    default_hosts: confd
    booleans: [provision_purge]
  tags: always
"""

RETURN = r"""
texts:
  description:
    - The variables in O(texts), by name. The text of a variable that is null or not set is empty.
    - A text with the tag C(!unsafe) in a file of extra variables, such as an answer of a survey of AWX, is returned as
      it is in the file. ansible-core 2.19 and later read C(0300000000) as an octal number there, and C(No) as false.
  returned: success
  type: dict
  sample: {"employee_number": "0300000000", "employee_lastname": ""}
"""

from ansible_collections.xivo.confd.plugins.module_utils._ansible.local import refuse_on_host

SPEC = {
    "default_hosts": {"type": "str"},
    "one_server": {"type": "bool", "default": False},
    "private": {"type": "str"},
    "booleans": {"type": "list", "elements": "str", "default": []},
    "check_mode_only": {"type": "list", "elements": "str", "default": []},
    "exact": {"type": "list", "elements": "str", "default": []},
    "required": {"type": "list", "elements": "str", "default": []},
    "of_run": {"type": "list", "elements": "str", "default": []},
    "texts": {"type": "list", "elements": "str", "default": []},
}


def main() -> None:
    refuse_on_host("confd_guard", SPEC)


if __name__ == "__main__":
    main()
