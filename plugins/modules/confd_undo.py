#!/usr/bin/python
# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
---
module: confd_undo
short_description: Undo a run from its journal
version_added: 1.0.0
description:
  - Restores the users whom a run of M(xivo.confd.confd_provisioned_users) has changed. It removes the users whom the
    run created, creates the users whom it removed, and restores the values that it changed, and only these.
  - The module reads the state before from the journal of the run. From it, the module makes entries, and provisions
    them as M(xivo.confd.confd_provisioned_users) does. It plans everything before it writes, shows the plan in check
    mode, and verifies what it has written. If the run has swapped the numbers of people, they are swapped back.
  - If somebody else has changed the same values since the run, the module writes nothing and lists each difference with
    the value that it found and the value that the run had left, see O(changed_since). A value that is already as it was
    before the run does not count, so an undo can be repeated.
  - If the id of a user in the journal now belongs to another user, for example because the server was installed again,
    the module writes nothing either. If users have a UUID, the UUID decides, otherwise the names.
  - A journal contains no secrets. RV(not_restored) says, person by person, what is not restored, and what to do.
  - If the option O(journal) is set, an undo writes a journal as well. To undo the undo, give its id as O(run).
extends_documentation_fragment:
  - xivo.confd.attributes
  - xivo.confd.connection
  - xivo.confd.journal
  - xivo.confd.requirements
  - xivo.confd.requirements.host
options:
  from_journal:
    description:
      - The journal with the run that is to be undone, on the host that runs the module. It is a file, or the folder
        with the files of all days. A run that lasted over midnight UTC requires the folder.
    type: path
    required: true
  run:
    description:
      - Id of the run. The playbook C(xivo.confd.journal) shows it.
      - By default, it is the last run on this server that has changed something and is not an undo.
    type: str
  person:
    description:
      - The only person to restore, by the name, the number, the name with the number as the journal has it, or the id
        of the user.
      - What the run has changed for other people because of this person is restored as well, for example fallbacks that
        led to a user who was removed.
      - If another person of the run now has what this person had, for example the number, the module writes nothing.
    type: str
  changed_since:
    description:
      - What to do if somebody else has changed the same values since the run.
      - If V(fail), the task writes nothing, and lists the differences.
      - If V(skip), it leaves these people as they are, and restores the others.
      - If V(overwrite), it restores these people as well, unless their ids belong to other users.
    type: str
    choices: [fail, skip, overwrite]
    default: fail
  reset_device:
    description:
      - Whether a device can be reset to autoprov, if a number goes back into another context. See
        O(xivo.confd.confd_provisioned_users#module:reset_device).
    type: bool
    default: false
  max_workers:
    description:
      - Number of connections. See O(xivo.confd.confd_provisioned_users#module:max_workers).
    type: int
    default: 1
  progress_file:
    description:
      - Path of a file on the host that runs the module. Every few seconds the module appends a line about its progress.
    type: path
notes:
  - A user who is created again has another id and another UUID.
  - A run that was interrupted can be undone as well. The module also removes what the run had created without an owner.
  - Runs of single modules, such as M(xivo.confd.confd_user) in a playbook of your own, cannot be undone.
seealso:
  - module: xivo.confd.confd_provisioned_users
  - module: xivo.confd.confd_journal_info
author:
  - xivo.confd contributors (@xivo-confd)
"""

EXAMPLES = r"""
---
- name: Show what undoing the last run would change, and write nothing
  xivo.confd.confd_undo:
    confd_url: "{{ confd_url }}"
    confd_username: "{{ confd_username }}"
    confd_password: "{{ confd_password }}"
    from_journal: "{{ journal_directory }}"
  check_mode: true
  register: back

- name: Print the changes, and what is not restored
  ansible.builtin.debug:
    msg: "{{ back.report + back.not_restored }}"

# The following task takes the connection from module_defaults or from environment variables.

- name: Undo what that run has done to one person
  xivo.confd.confd_undo:
    from_journal: "{{ journal_directory }}"
    run: "{{ back.undone.run }}"
    person: Johnny Depp
    journal: "{{ journal_directory }}"
"""

RETURN = r"""
---
results:
  description:
    - The result of each person whom the undo concerns, in the order of the journal. See
      RV(xivo.confd.confd_provisioned_users#module:results).
  returned: success, or if people fail
  type: list
  elements: dict
  sample:
    - index: 0
      label: Johnny Depp (1200@default)
      name: Johnny Depp
      status: updated
      changes: ["update user Johnny Depp: language"]
summary:
  description: Number of people for each status. See RV(xivo.confd.confd_provisioned_users#module:summary).
  returned: success, or if people fail
  type: dict
  sample: {created: 1, updated: 2, unchanged: 0, removed: 1, failed: 0, skipped: 0, purged: 0, orphans_removed: 0}
report:
  description: A line for each person who is created, changed or removed. In check mode, what a real run would do.
  returned: success, or if people fail
  type: list
  elements: str
  sample: ["would change Johnny Depp                      1200       language fr_FR -> en_US"]
undone:
  description: The run that is undone.
  returned: success, or if people fail
  type: dict
  contains:
    run:
      description: Its id.
      type: str
      returned: always
      sample: 0b1c9c1e-6f0e-4f6e-9d0a-1f7b6f3c2d11
    time:
      description: Its time in UTC.
      type: str
      returned: always
      sample: "2026-11-30T08:15:02.310Z"
    has_ended:
      description: Whether its last line is in the journal. If not, it was interrupted, or it is still running.
      type: bool
      returned: always
      sample: true
not_restored:
  description:
    - What is not restored, for example the SIP secret and the provisioning code of a line that was removed, recorded
      messages, and passwords. Each sentence begins with the person and says what to do.
  returned: success, or if people fail
  type: list
  elements: str
  sample:
    - "Johnny Depp (1200@default): the recorded messages and the PIN of the voicemail."
left_alone:
  description: The people who were changed since the run, with O(changed_since=skip).
  returned: success, or if people fail
  type: list
  elements: str
  sample: []
orphans_removed:
  description: What an interrupted run had created without an owner. In check mode, what would be removed.
  returned: success, or if people fail
  type: list
  elements: str
  sample: []
journal_run:
  description: Id of the run of the undo in O(journal).
  returned: if a journal is written
  type: str
  sample: 6f8cf6b2-0cf5-4a6f-8a7f-0d3a54f7f5a0
problems:
  description: The problems of the plan, or the people who were changed since the run, one item for each.
  returned: if nothing was written
  type: list
  elements: str
  sample:
    - "Johnny Depp (1200@default): language of user Johnny Depp is de_DE, and the run left fr_FR."
diff:
  description: The state before and after each write, one item for each write, in their order.
  returned: in diff mode
  type: list
  elements: dict
  sample:
    - before_header: user Johnny Depp
      after_header: user Johnny Depp
      before: {language: fr_FR}
      after: {language: en_US}
confd_api:
  description: The generation of the API that the server uses.
  returned: always
  type: str
  sample: xivo15
unchecked:
  description: What a server of this generation cannot check before a write.
  returned: in check mode
  type: list
  elements: str
  sample: []
"""

from ansible_collections.xivo.confd.plugins.module_utils._ansible.module import Module
from ansible_collections.xivo.confd.plugins.module_utils._bulk.undo import CHOICES, undo

MODULE = Module(
    undo,
    {
        "from_journal": {"type": "path", "required": True},
        "run": {"type": "str"},
        "person": {"type": "str"},
        "changed_since": {"type": "str", "choices": list(CHOICES), "default": CHOICES[0]},
        "reset_device": {"type": "bool", "default": False},
        "max_workers": {"type": "int", "default": 1},
        "progress_file": {"type": "path"},
    },
)


def main() -> None:
    MODULE.run()


if __name__ == "__main__":
    main()
