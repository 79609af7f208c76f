# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Provides the filter entries, which makes entries from rows: of a directory, an interface or a database.

Ansible reads every file of this folder when a playbook uses one of the filters. So what a filter needs is imported
when it is called.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ansible_collections.xivo.confd.plugins.plugin_utils._sheet_filter import filtered

DOCUMENTATION = r"""
name: entries
short_description: Make entries from rows of a directory, a REST API or a database
version_added: 1.0.0
author:
  - xivo.confd contributors (@xivo-confd)
description:
  - Makes the entries that the role P(xivo.confd.provision#role) and M(xivo.confd.confd_provisioned_users) take. A row
    is a dictionary, and its keys are the columns. Options, defaults and errors are those of
    P(xivo.confd.csv_entries#filter).
  - The name of a column is a key of the row. Upper and lower case make no difference, as in LDAP. Dots lead into a
    nested row, for example C(name.givenName). A number is an element of a list, from 0, for example C(phones.0.value).
    A key after a list is that of all elements, for example C(groups.display).
  - A value that is null, an empty text or an empty list, and a key that the row does not have, are an empty cell. An
    empty cell leaves the value on the server unchanged, unless O(empty) says otherwise.
  - A list is several values. Only columns that take several, such as C(incall), C(groups) and C(profile), can have
    more than one. In other columns, several values are a mistake, because directories return them in any order. A
    value that is not a list counts as a list with one element.
  - Numbers and truth values are read as they are written, C(1201.0) as C(1201). A leading zero that the source has
    removed cannot be restored, so phone numbers and ids should be texts in the source.
  - Values are data. Nothing in them is a template.
  - All mistakes are reported in one error, with the row and the column of each. The row is named by its number and by
    the id, the distinguished name or the name of the user.
positional: columns
options:
  _input:
    description: The rows, for example C(results) of C(community.general.ldap_search).
    type: list
    elements: dict
    required: true
  name:
    description: Name of the source in error messages.
    type: str
    default: rows
  optional:
    description:
      - Columns that no row needs to have. Any other column that is missing in all rows is a mistake, because its name
        may be wrong, or the source was not asked for it.
    type: list
    elements: str
    default: []
extends_documentation_fragment:
  - xivo.confd.sheet
"""

EXAMPLES = r"""
- name: Provision the people in an LDAP directory
  ansible.builtin.import_role:
    name: xivo.confd.provision
  vars:
    staff_columns:
      firstname: givenName
      lastname: sn
      email: mail
      exten: telephoneNumber
      userfield: employeeNumber
    # Registered by a task with community.general.ldap_search
    provision_users: "{{ directory.results | xivo.confd.entries(staff_columns, name='directory') }}"

- name: Provision people with a number such as +33 1 99 00 13 01, some of whom have a mobile phone
  ansible.builtin.import_role:
    name: xivo.confd.provision
  vars:
    staff_columns:
      name: displayName
      exten: telephoneNumber
      mobile_phone_number: mobile
      userfield: objectGUID
    staff_patterns:
      exten: '\+33 1 99 00 (\d\d) (\d\d)'
    provision_users: "{{ directory.objects | xivo.confd.entries(staff_columns, patterns=staff_patterns,
      optional=['mobile'], name='Active Directory') }}"

- name: Provision the people that a REST API with nested keys returns
  ansible.builtin.import_role:
    name: xivo.confd.provision
  vars:
    staff_columns:
      firstname: name.givenName
      lastname: name.familyName
      email: emails.0.value
      exten: phoneNumbers.0.value
      groups: groups.display
      userfield: id
    # Registered by a task with ansible.builtin.uri
    provision_users: "{{ answer.json.Resources | xivo.confd.entries(staff_columns, name='HR') }}"
"""

RETURN = r"""
_value:
  description: Entries in the order of the rows.
  type: list
  elements: dict
"""


def entries(
    rows: Sequence[Mapping[str, Any]],
    columns: dict[str, str] | None = None,
    context: str = "default",
    incall_context: str = "from-extern",
    match: bool | str = True,
    name: str = "rows",
    empty: str | Mapping[str, str] = "keep",
    separator: str = "|",
    name_order: str = "first_last",
    values: Mapping[str, Mapping[Any, Any]] | None = None,
    patterns: Mapping[str, str] | None = None,
    optional: Sequence[str] = (),
) -> list[dict[str, Any]]:
    """Return the entries of rows. Raises one AnsibleFilterError that names every mistake."""
    from ansible_collections.xivo.confd.plugins.module_utils._reports import row_entries as core  # noqa: PLC0415  as above

    options = {"empty": empty, "separator": separator, "name_order": name_order, "values": values, "patterns": patterns}
    contexts = {"context": context, "incall_context": incall_context, "optional": optional}
    return filtered(
        core.entries_of_rows, rows, {"columns": columns, "match": match, "name": name, **contexts, **options}
    )


class FilterModule:
    """Holds the filter of this file."""

    def filters(self) -> dict[str, Any]:
        """Return {name: function}."""
        return {"entries": entries}
