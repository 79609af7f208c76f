#!/usr/bin/python
# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
---
module: confd_journal_info
short_description: Read who changed a person or a number from the journals of runs
version_added: 1.0.0
description:
  - Reads the journals that the option O(xivo.confd.confd_provisioned_users#module:journal) of the modules and the
    variable C(provision_journal) of the role write.
  - It sends no request to a server. The playbook C(xivo.confd.journal) runs it on the controller.
  - All times are in UTC.
extends_documentation_fragment:
  - xivo.confd.requirements
  - xivo.confd.requirements.host
attributes:
  check_mode:
    description:
      - Does the same in check mode, because the module never writes.
    support: full
  diff_mode:
    description:
      - The module changes nothing, so there is no difference to return.
    support: N/A
  idempotent:
    description:
      - The module changes nothing.
    support: full
options:
  path:
    description:
      - A file of a journal, or the folder with the files of its days.
    type: path
    required: true
  person:
    description:
      - Name of a person. Case and accents make no difference. V(archer) finds Ann Archer and not Annie Archerson.
    type: str
  number:
    description:
      - An internal or direct number, such as V(1200), or V(1200@default) for that of one context.
    type: str
  day:
    description:
      - A day, as V(2026-11-30). Mutually exclusive with O(begin) and O(end).
    type: str
  begin:
    description:
      - Beginning of the period that is shown, as V(2026-11-30) or V(2026-11-30 14:30).
    type: str
  end:
    description:
      - End of the period that is shown. V(2026-11-30) includes that day.
    type: str
  run:
    description:
      - Id of a run, or its beginning.
    type: str
  details:
    description:
      - Whether RV(lines) show every change. Otherwise they show one line for each person of a run.
      - By default, they show every change if O(person), O(number) or O(run) is given.
    type: bool
  limit:
    description:
      - Number of changes that are shown. If there are more, only the newest runs are shown, at least one. V(0) shows
        all.
    type: int
    default: 2000
seealso:
  - module: xivo.confd.confd_provisioned_users
author:
  - xivo.confd contributors (@xivo-confd)
"""

EXAMPLES = r"""
---
- name: Read who changed Ann Archer in November
  xivo.confd.confd_journal_info:
    path: "{{ journal_directory }}"
    person: Ann Archer
    begin: "2026-11-01"
    end: "2026-11-30"
  delegate_to: localhost
  register: history

- name: Show it
  ansible.builtin.debug:
    msg: "{{ history.lines }}"
"""

RETURN = r"""
---
lines:
  description:
    - The history as text. There is a line for each run, with lines for its changes below. What was left out is at the
      end.
  returned: success
  type: list
  elements: str
  sample:
    - "2026-11-30 14:51:55  pbx1  by carla (AWX job 77, Nightly), run 3c5e4e0c-4b4e-4fb8-9d1c-3f3f3ff2d1c9: 1 changed"
    - "  14:51:56  Ann Archer (1210@default)  extension 1200@default: exten 1200 -> 1210"
runs:
  description: The same as data, one run after the other.
  returned: success
  type: list
  elements: dict
  contains:
    run:
      description: Id of the run.
      returned: always
      type: str
      sample: 3c5e4e0c-4b4e-4fb8-9d1c-3f3f3ff2d1c9
    time:
      description: Time of its first line.
      returned: always
      type: str
      sample: "2026-11-30T14:51:55.123Z"
    server:
      description: URL of the server.
      returned: always
      type: str
      sample: https://pbx.example.org:9486
    host:
      description: Name of the server in the inventory, if it is known.
      returned: always
      type: str
      sample: pbx1
    api:
      description: The generation of the API that the server used.
      returned: always
      type: str
      sample: xivo16
    ran_by:
      description: Who ran it, as far as it is known.
      returned: always
      type: dict
      sample: {user: runner, awx_job_id: "77", awx_user: carla}
    strategy:
      description: V(bulk) or V(stepwise); null for one task.
      returned: always
      type: str
      sample: bulk
    undoes:
      description: Id of the run that this one has undone; null for another run.
      returned: always
      type: str
      sample: null
    is_list:
      description: Whether it was the run of a list, and not one task of another module.
      returned: always
      type: bool
      sample: true
    has_ended:
      description: Whether it has ended. A run that was killed has not.
      returned: always
      type: bool
      sample: true
    summary:
      description: Number of entries by status; null for one task, and if the run has not ended.
      returned: always
      type: dict
      sample: {created: 0, updated: 1, unchanged: 9, removed: 0, failed: 0, skipped: 0, purged: 0, orphans_removed: 0}
    failed:
      description: Names of the entries that failed.
      returned: always
      type: list
      elements: str
      sample: []
    changes:
      description: The changes that the options select.
      returned: always
      type: list
      elements: dict
      contains:
        time:
          description: Time of the first request.
          returned: always
          type: str
          sample: "2026-11-30T14:51:56.200Z"
        item:
          description: Position of the entry in the list; null for one task.
          returned: always
          type: int
          sample: 1
        person:
          description: Name of the entry.
          returned: always
          type: str
          sample: Ann Archer (1210@default)
        planned:
          description: What the run was to do with the person, V(created), V(changed) or V(removed).
          returned: always
          type: str
          sample: changed
        operation:
          description: Number of the change in the run.
          returned: always
          type: int
          sample: 1
        action:
          description: What was done, for example V(create), V(update), V(delete), V(associate) or V(dissociate).
          returned: always
          type: str
          sample: update
        resource:
          description: Type of the object, the name of its module without the prefix.
          returned: always
          type: str
          sample: extension
        object:
          description: The object in words.
          returned: always
          type: str
          sample: extension 1200@default
        id:
          description: Id of the object; null for an association.
          returned: always
          type: raw
          sample: 34
        text:
          description: The change in words.
          returned: always
          type: str
          sample: "update extension 1200@default: exten"
        before:
          description: The values before.
          returned: always
          type: dict
          sample: {exten: "1200"}
        after:
          description: The values after. A secret is V(changes).
          returned: always
          type: dict
          sample: {exten: "1210"}
        requests:
          description: The requests of the change.
          returned: always
          type: list
          elements: str
          sample: [PUT /extensions/34]
        outcome:
          description: V(done), V(failed), or V(unknown) if no answer says it.
          returned: always
          type: str
          sample: done
        status:
          description: HTTP status of the last request; null without an answer.
          returned: always
          type: int
          sample: 204
        error:
          description: The error of the last request.
          returned: always
          type: str
          sample: null
        reverses:
          description: Number of the earlier change that this one puts back.
          returned: always
          type: int
          sample: null
        put_back:
          description: Whether a later change of the run has put it back.
          returned: always
          type: bool
          sample: false
problems:
  description: What was left out, because there is too much of it, or because it is damaged or of an unknown version.
  returned: success
  type: list
  elements: str
  sample: []
"""

from collections.abc import Mapping
from typing import Any

from ansible_collections.xivo.confd.plugins.module_utils._ansible.local import run_local
from ansible_collections.xivo.confd.plugins.module_utils._reports.journal_console import lines_of
from ansible_collections.xivo.confd.plugins.module_utils._reports.journal_history import newest, question_of, runs_of
from ansible_collections.xivo.confd.plugins.module_utils._reports.journal_reader import JournalReader

SPEC = {
    "path": {"type": "path", "required": True},
    **{name: {"type": "str"} for name in ("person", "number", "day", "begin", "end", "run")},
    "details": {"type": "bool"},
    "limit": {"type": "int", "default": 2000},
}


def read_journal(options: Mapping[str, Any], _check_mode: bool) -> dict[str, Any]:
    """Return the results of the module. Raises InputError."""
    reader = JournalReader(options["path"])
    question = question_of(options)
    runs, left_out = newest(runs_of(reader.rows(options.get("day")), question), options.get("limit") or 0)
    details = options.get("details")
    if details is None:
        details = bool(question.person or question.number or question.run)
    problems = [*left_out, *reader.problems]
    return {"changed": False, "lines": lines_of(runs, problems, details), "runs": runs, "problems": problems}


def main() -> None:
    run_local(read_journal, SPEC)


if __name__ == "__main__":
    main()
