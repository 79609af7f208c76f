#!/usr/bin/python
# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
---
module: confd_export_files
short_description: Write the users of a XiVO or Wazo server as variables files
version_added: 1.0.0
description:
  - Reads all users of a server as M(xivo.confd.confd_export_info) does, and writes them as the filter
    P(xivo.confd.export_files#filter) does. The playbook C(xivo.confd.export) runs it.
  - The files are written on the controller. New files can be read only by their owner.
  - The last line of each file names the server and holds a checksum. A file that was edited, that holds the users of
    another server, or that holds secrets although the export has none, is not replaced.
  - In C(host_vars) and C(group_vars), it fails if Ansible would no longer read an existing file. Ansible ignores
    C(host_vars/pbx.yml) if there is a folder C(host_vars/pbx).
extends_documentation_fragment:
  - xivo.confd.connection
  - xivo.confd.requirements
  - xivo.confd.requirements.host
attributes:
  action:
    description:
      - Has an action plugin that writes the files on the controller.
    support: full
  async:
    description:
      - Cannot run in the background.
    support: none
  check_mode:
    description:
      - Reports whether a file would change, and writes none.
    support: full
  diff_mode:
    description:
      - Shows no differences of files.
    support: none
  idempotent:
    description:
      - The same users make the same files.
    support: full
options:
  server:
    description:
      - Name of the server in the files.
    type: str
    required: true
  directory:
    description:
      - Folder of the files. It is created if it does not exist.
      - A C(~) at its beginning is the home folder. Names of environment variables are not replaced.
    type: str
    required: true
  layout:
    description:
      - Division of the users into files.
      - If V(single), there is one file for all users, C(users.yml).
      - If V(context), there is one more file for each context, with the users who have their number in it.
      - If V(letter), there is one more file for each first letter of last names.
    type: str
    choices: [single, context, letter]
    default: single
  vault_password:
    description:
      - Password that encrypts passwords and SIP secrets as C(ansible-vault) does. Without it, they are left out.
    type: str
  overwrite:
    description:
      - Whether to replace files that were edited, or that hold secrets although the export has none. A backup is kept
        beside each of them, see RV(backups).
    type: bool
    default: false
  target:
    description:
      - Generation of the server that the entries are for, if it is not the one that they are read from. See
        O(xivo.confd.confd_export_info#module:target). Comments at the top of C(users.yml) say what does not move.
    type: str
    choices: [xivo15, xivo16, wazo]
  func_keys:
    description:
      - Whether the entries have the function keys of the users. They take one request for each user.
    type: bool
    default: true
  progress_file:
    description:
      - Path of a file on the controller. Every few seconds a line with the number of users that were read is appended,
        which begins with the time and the server.
    type: path
seealso:
  - module: xivo.confd.confd_export_info
author:
  - xivo.confd contributors (@xivo-confd)
"""

EXAMPLES = r"""
---
- name: Write the users of the server
  xivo.confd.confd_export_files:
    confd_url: "{{ confd_url }}"
    confd_username: "{{ confd_username }}"
    confd_password: "{{ confd_password }}"
    server: "{{ inventory_hostname }}"
    directory: "{{ export_directory }}"
"""

RETURN = r"""
---
users:
  description: Number of exported users.
  returned: success
  type: int
  sample: 12
left_out:
  description: The users that an entry cannot describe. See RV(xivo.confd.confd_export_info#module:left_out).
  returned: success
  type: list
  elements: dict
  sample: []
incomplete:
  description: The users whose entries lack something that an entry cannot describe. See
    RV(xivo.confd.confd_export_info#module:incomplete).
  returned: success
  type: list
  elements: dict
  sample: []
not_moved:
  description:
    - The users of whose settings O(target) takes only a part. See RV(xivo.confd.confd_export_info#module:not_moved).
  returned: success
  type: list
  elements: dict
  sample: []
directory:
  description: Folder of the files.
  returned: success
  type: str
  sample: /srv/telephones/host_vars/pbx
files:
  description: Paths of the files.
  returned: success
  type: list
  elements: str
  sample: [/srv/telephones/host_vars/pbx/users.yml]
backups:
  description: Paths of the backups of replaced files. In check mode, those that a real run would make.
  returned: success
  type: list
  elements: str
  sample: [/srv/telephones/host_vars/pbx/users.yml.~1~]
removed:
  description:
    - Paths of the files of earlier exports that this export does not need, for example because it has another layout,
      and that were removed. In check mode, those that a real run would remove.
    - A file is only removed if it is exactly as an export has written it for the same server.
  returned: success
  type: list
  elements: str
  sample: [/srv/telephones/host_vars/pbx/users_default.yml]
kept:
  description: Paths of such files that stay, because they were edited, or hold secrets although the export has none.
  returned: success
  type: list
  elements: str
  sample: []
report:
  description: The result as readable lines.
  returned: success
  type: list
  elements: str
  sample: [12 users exported to /srv/telephones/host_vars/pbx/users.yml]
confd_api:
  description: The generation of the API that the server uses.
  returned: success
  type: str
  sample: xivo15
"""

from ansible_collections.xivo.confd.plugins.module_utils._ansible.argument_specs import CONNECTION_SPEC, TARGET_SPEC
from ansible_collections.xivo.confd.plugins.module_utils._ansible.local import refuse_on_host

SPEC = {
    "server": {"type": "str", "required": True},
    "directory": {"type": "str", "required": True},
    "layout": {"type": "str", "choices": ["single", "context", "letter"], "default": "single"},
    "vault_password": {"type": "str", "no_log": True},
    "overwrite": {"type": "bool", "default": False},
    **TARGET_SPEC,
    "func_keys": {"type": "bool", "default": True},
    "progress_file": {"type": "path"},
}


def main() -> None:
    refuse_on_host("confd_export_files", {**CONNECTION_SPEC, **SPEC})


if __name__ == "__main__":
    main()
