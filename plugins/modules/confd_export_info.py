#!/usr/bin/python
# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
---
module: confd_export_info
short_description: Read all users of a XiVO or Wazo server as entries that can be provisioned
version_added: 1.0.0
description:
  - Reads all users with their lines, numbers, direct numbers and voicemails, as the entries that
    M(xivo.confd.confd_provisioned_users) and the role P(xivo.confd.provision#role) take. If they are provisioned to
    the same server, nothing changes.
  - The entries hold only what somebody chose. Ids, generated caller IDs, SIP usernames that look random, provisioning
    codes and default values are left out.
  - Users that an entry cannot describe are in RV(left_out), each with the reason. For example, an entry describes SIP
    lines only.
  - What an entry cannot describe of a user is in RV(incomplete), as far as the lists show it. On Wazo, this can be an
    agent, a schedule, or SIP options. On XiVO up to 16.12, this is the phone, and on other servers the settings of the
    phone.
  - A SIP username or secret that no provisioning could store on such a server is left out, with a warning.
  - The playbook C(xivo.confd.export) writes the result into files.
extends_documentation_fragment:
  - xivo.confd.attributes.info
  - xivo.confd.connection
  - xivo.confd.requirements
  - xivo.confd.requirements.host
options:
  return_secrets:
    description:
      - Whether the entries hold the passwords of users and voicemails, the secrets of SIP lines and all SIP usernames,
        in clear text. If so, set C(no_log) on the task.
      - Entries without secrets leave the secrets of existing objects unchanged, and new objects get new secrets.
    type: bool
    default: false
  target:
    description:
      - Generation of the server that the entries are for, if it is not the one that they are read from. See
        O(confd_api) for the generations.
      - The entries then have only what a server of this generation has and stores. What is removed from an entry is in
        RV(not_moved), and a user whom it cannot have is in RV(left_out). Phones are removed from all entries, because
        another server does not know them.
      - Without it, the entries are for the server that they are read from.
    type: str
    choices: [xivo15, xivo16, wazo]
  func_keys:
    description:
      - Whether the entries have the function keys of the users. They take one request for each user.
    type: bool
    default: true
  progress_file:
    description:
      - Path of a file on the host that runs the module. Every few seconds the module appends a line with the number of
        users that were read, which begins with the time and the server.
    type: path
notes:
  - A few lists hold almost everything except the function keys. On XiVO up to 16.12, the list of all lines takes about
    2 seconds for 1,000 lines, and each user takes one more request for direct numbers, and another one if the server
    has voicemails.
seealso:
  - module: xivo.confd.confd_provisioned_users
  - plugin: xivo.confd.export_files
    plugin_type: filter
author:
  - xivo.confd contributors (@xivo-confd)
"""

EXAMPLES = r"""
---
- name: Read all users, with the connection in the task
  xivo.confd.confd_export_info:
    confd_url: "{{ confd_url }}"
    confd_username: "{{ confd_username }}"
    confd_password: "{{ confd_password }}"
  register: exported

# From here on the connection is in module_defaults, or in the environment.

- name: Provision the same list, which changes nothing
  xivo.confd.confd_provisioned_users:
    users: "{{ exported.entries }}"

- name: Show the users that are left out
  ansible.builtin.debug:
    msg: "{{ item.name }}: {{ item.reason }}"
  loop: "{{ exported.left_out }}"
  loop_control:
    label: "{{ item.user_id }}"
"""

RETURN = r"""
---
entries:
  description:
    - The users as entries, see O(xivo.confd.confd_provisioned_users#module:users). They are ordered by last name, first
      name and number.
  returned: success
  type: list
  elements: dict
  sample:
    - user:
        firstname: Johnny
        lastname: Depp
        language: fr_FR
      extension:
        exten: "1200"
        context: default
      incall:
        exten: "2200"
        context: from-extern
left_out:
  description: Users that an entry cannot describe, in the same order.
  returned: success
  type: list
  elements: dict
  contains:
    user_id:
      description: Id of the user.
      type: int
      returned: always
      sample: 42
    name:
      description: Full name.
      type: str
      returned: always
      sample: Winona Ryder
    exten:
      description: Internal number. Null if there is none.
      type: str
      returned: always
      sample: null
    context:
      description: Context of the number. Null if there is none.
      type: str
      returned: always
      sample: null
    reason:
      description: Why an entry cannot describe the user. The user has no line or number, several lines, a line without
        SIP account, or a shared line or number.
      type: str
      returned: always
      sample: no line and no number to distinguish it from user Bob (id 7)
incomplete:
  description: Users whose entries lack something that they have on the server, in the same order.
  returned: success
  type: list
  elements: dict
  contains:
    user_id:
      description: Id of the user.
      type: int
      returned: always
      sample: 7
    name:
      description: Full name of the user.
      type: str
      returned: always
      sample: Bob
    exten:
      description: Internal number of the user.
      type: str
      returned: always
      sample: "1300"
    context:
      description: Context of the internal number.
      type: str
      returned: always
      sample: default
    missing:
      description: What is missing in the entry, in words. Secrets and the values of SIP options are not shown.
      type: list
      elements: str
      returned: always
      sample: ["agent: 4001", "schedules: office hours"]
not_moved:
  description: Users of whose settings O(target) takes only a part, in the same order.
  returned: success
  type: list
  elements: dict
  contains:
    user_id:
      description: Id of the user.
      type: int
      returned: always
      sample: 42
    name:
      description: Full name.
      type: str
      returned: always
      sample: Johnny Depp
    exten:
      description: Internal number. Null if there is none.
      type: str
      returned: always
      sample: "1200"
    context:
      description: Context of the number. Null if there is none.
      type: str
      returned: always
      sample: default
    settings:
      description: What was removed from the entry, each with the reason. It contains no secrets.
      type: list
      elements: str
      returned: always
      sample: ["login.profile Client: a server of generation wazo does not have it"]
logins:
  description:
    - On Wazo, the logins that belong to no user of any tenant, for information. The account of an administrator is one
      of them. No provisioning removes them.
  returned: success
  type: list
  elements: dict
  contains:
    uuid:
      description: UUID of the login.
      type: str
      returned: always
      sample: 6c54a8b1-1d0a-4d1c-9a8e-0a3b5b2f7a10
    name:
      description: Username. The UUID if the login has none.
      type: str
      returned: always
      sample: root
confd_api:
  description: The generation of the API that the server uses.
  returned: always
  type: str
  sample: xivo15
"""

from ansible_collections.xivo.confd.plugins.module_utils._ansible.argument_specs import RETURN_SECRETS_SPEC, TARGET_SPEC
from ansible_collections.xivo.confd.plugins.module_utils._ansible.module import Module
from ansible_collections.xivo.confd.plugins.module_utils._tasks.export import export

MODULE = Module(
    export,
    {
        **RETURN_SECRETS_SPEC,
        **TARGET_SPEC,
        "func_keys": {"type": "bool", "default": True},
        "progress_file": {"type": "path"},
    },
    writes=False,
)


def main() -> None:
    MODULE.run()


if __name__ == "__main__":
    main()
