# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The results of a list that was carried out step by step."""

from __future__ import annotations

from typing import Any

DOCUMENTATION = r"""
name: provision_results
short_description: Join what was planned for a list of entries with what became of it
version_added: 1.0.0
author:
  - xivo.confd contributors (@xivo-confd)
description:
  - Used by the role P(xivo.confd.provision#role) to return the same results step by step
    as M(xivo.confd.confd_provisioned_users) does for a whole list.
positional: reread, errors
options:
  _input:
    description: RV(xivo.confd.confd_provisioned_users#module:results) of the plan.
    type: list
    elements: dict
    required: true
  reread:
    description:
      - RV(xivo.confd.confd_provisioned_users#module:results) of the same list, read after the steps were carried out.
    type: list
    elements: dict
    required: true
  errors:
    description: What went wrong, by the index of the entry as a string; an empty text for an entry that was not begun.
    type: dict
    required: true
"""

EXAMPLES = r"""
- name: Join what was planned with what became of it
  ansible.builtin.set_fact:
    provision_results: "{{ planned.results | xivo.confd.provision_results(reread.results, {'0': 'No answer.'}) }}"
"""

RETURN = r"""
_value:
  description:
    - RV(xivo.confd.confd_provisioned_users#module:results) as the run of the whole list would have returned them.
  type: list
  elements: dict
"""


def provision_results(
    planned: list[dict[str, Any]], reread: list[dict[str, Any]], errors: dict[str, str]
) -> list[dict[str, Any]]:
    """Each entry's status and changes as planned, its ids as read afterwards, its error if it has one."""
    return [_result(entry, reread[entry["index"]], errors.get(str(entry["index"]))) for entry in planned]


def _result(planned: dict[str, Any], found: dict[str, Any], error: str | None) -> dict[str, Any]:
    if planned["error"] or planned["status"] == "removed" and error is None:
        return planned
    if found["error"] and error is None:
        # What was done for other entries has made it unclear whom this one means: it was clear when it was planned.
        return planned
    if error is not None:
        left = {"status": "failed" if error else "skipped", "changes": [], "differences": []}
        return {**planned, **left, "error": error or None}
    return {**found, **{key: planned[key] for key in ("status", "changes", "differences")}, "error": None}


class FilterModule:
    """The filters of this file."""

    def filters(self) -> dict[str, Any]:
        return {"provision_results": provision_results}
