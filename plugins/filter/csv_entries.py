# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Provides the filter csv_entries, which makes entries from a CSV file.

Ansible reads every file of this folder when a playbook uses one of the filters. So what a filter needs is imported
when it is called.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.xivo.confd.plugins.plugin_utils._sheet_filter import filtered

DOCUMENTATION = r"""
name: csv_entries
short_description: Make entries from a CSV file, for example of a personnel system
version_added: 1.0.0
author:
  - xivo.confd contributors (@xivo-confd)
description:
  - Makes the entries that the role P(xivo.confd.provision#role) and M(xivo.confd.confd_provisioned_users) take.
  - The first line of the file that is not empty has the headings. Upper and lower case, spaces and line breaks in
    headings make no difference. The separator of cells is a comma, a semicolon, a tab or a vertical bar. A first line
    such as C(sep=;) names it; otherwise, it is the one that separates the required headings. The encoding is UTF-8;
    spreadsheets call it C(CSV UTF-8).
  - An empty cell leaves the value on the server unchanged, unless O(empty) says otherwise.
  - Texts that a spreadsheet marks as such, C(="0042") and C('0042), are read without the mark. Errors of formulas,
    such as C(#N/A), are mistakes. So are C(NULL), C(nan), C(None) and C(-), except in names and descriptions.
  - A quotation mark that is not closed, and a row with too many or too few cells, are mistakes as well, because they
    make the meaning of the file uncertain.
  - All mistakes in the file are reported in one error, with the line and the column of each. A text that was probably
    saved in the wrong encoding, such as C(ZoÃ©), is reported in a warning.
positional: columns, context, incall_context, match, name, empty
options:
  _input:
    description: Text of the file.
    type: str
    required: true
  name:
    description: Name of the file in error messages.
    type: str
    default: CSV
extends_documentation_fragment:
  - xivo.confd.sheet
"""

EXAMPLES = r"""
- name: Provision the staff from the file of the personnel system
  ansible.builtin.import_role:
    name: xivo.confd.provision
  vars:
    staff: "{{ lookup('ansible.builtin.file', 'staff.csv') }}"
    provision_users: "{{ staff | xivo.confd.csv_entries(name='staff.csv') }}"

- name: Remove the direct numbers of the users whose cell is empty
  ansible.builtin.import_role:
    name: xivo.confd.provision
  vars:
    staff: "{{ lookup('ansible.builtin.file', 'staff.csv') }}"
    provision_users: "{{ staff | xivo.confd.csv_entries(name='staff.csv', empty={'direct number': 'remove'}) }}"

- name: Read a file with other headings
  ansible.builtin.import_role:
    name: xivo.confd.provision
  vars:
    staff: "{{ lookup('ansible.builtin.file', 'staff.csv') }}"
    provision_users: "{{ staff | xivo.confd.csv_entries(columns={'firstname': 'Vorname', 'lastname': 'Nachname',
      'exten': 'Durchwahl', 'userfield': 'Personalnummer'}, context='berlin') }}"

- name: Read a file in which a column says who is locked, and another one in which language
  ansible.builtin.import_role:
    name: xivo.confd.provision
  vars:
    staff: "{{ lookup('ansible.builtin.file', 'staff.csv') }}"
    staff_columns:
      name: Full name
      exten: Extension
      enabled: Locked
      language: Language
    staff_values:
      enabled: {"1": false, "0": true}
      language: {English: en_US, French: fr_FR}
    provision_users: "{{ staff | xivo.confd.csv_entries(staff_columns, match=false, name_order='last_first',
      values=staff_values) }}"
"""

RETURN = r"""
_value:
  description: Entries in the order of the lines.
  type: list
  elements: dict
"""


def csv_entries(
    text: str,
    columns: dict[str, str] | None = None,
    context: str = "default",
    incall_context: str = "from-extern",
    match: bool | str = True,
    name: str = "CSV",
    empty: str | Mapping[str, str] = "keep",
    separator: str = "|",
    name_order: str = "first_last",
    values: Mapping[str, Mapping[Any, Any]] | None = None,
    patterns: Mapping[str, str] | None = None,
) -> list[dict[str, Any]]:
    """Return the entries of a CSV text. Raises one AnsibleFilterError that names every mistake."""
    from ansible_collections.xivo.confd.plugins.module_utils._reports import csv_entries as core  # noqa: PLC0415  as above

    options = {"empty": empty, "separator": separator, "name_order": name_order, "values": values, "patterns": patterns}
    contexts = {"context": context, "incall_context": incall_context}
    return filtered(
        core.entries_of_csv, text, {"columns": columns, "match": match, "name": name, **contexts, **options}
    )


class FilterModule:
    """Holds the filter of this file."""

    def filters(self) -> dict[str, Any]:
        """Return {name: function}."""
        return {"csv_entries": csv_entries}
