# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Provides the filter csv_entries, which makes entries from a CSV file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible.errors import AnsibleFilterError
from ansible.utils.display import Display

from ansible_collections.xivo.confd.plugins.module_utils._model.errors import InputError
from ansible_collections.xivo.confd.plugins.module_utils._model.texts import is_true
from ansible_collections.xivo.confd.plugins.module_utils._reports.csv_entries import entries_of_csv

try:
    from ansible.utils.unsafe_proxy import wrap_var as as_text
except ImportError:
    # Later releases of ansible-core do not treat the result of a filter as a template.
    def as_text(value: Any) -> Any:
        """Return the value."""
        return value


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
  columns:
    description:
      - Heading of each column that is read. Other columns are ignored; with C(-v), Ansible lists them. Two keys can
        have the same heading.
      - The key of a column says what its cells are. C(firstname), C(email) and all other names of
        O(xivo.confd.confd_provisioned_users#module:users[].user) are the fields of the user. Other keys of an entry are
        written with dots, for example C(voicemail.password), C(line.username), C(device.mac), C(login.username),
        C(forwards.busy.destination) and C(services.dnd). C(call_permissions), C(groups) and C(profile) are lists of
        names.
      - Fallbacks have a column for each type of destination, for example C(fallbacks.noanswer.user) with a full name or
        C(1201@default), C(fallbacks.busy.voicemail) with C(own), C(fallbacks.fail.group), and
        C(fallbacks.noanswer.ring_seconds).
      - C(name) is the full name in one column, see O(name_order). A file without names can change existing users whom
        C(userfield) or columns of C(match) identify.
      - C(exten) is the internal number, C(incall) the direct number. A cell can have several direct numbers, see
        O(separator). C(range) and C(incall_range) are ranges to choose a free number from, for cells without number.
        C(context) and C(incall_context) are the contexts of the row, where they differ from O(context) and
        O(incall_context). A cell of C(incall_context) can have one context for all direct numbers, or one for each.
        C(commented) and C(incall_commented) say whether the numbers are disabled.
      - C(voicemail) and C(login) say whether the user has one. In a row with C(false), the other columns of the
        voicemail or login are not read. With C(true), the user has a voicemail even if all other cells are empty.
      - C(match.username), C(match.exten), C(match.uuid) and all other names of
        O(xivo.confd.confd_provisioned_users#module:users[].match) identify the user in place of C(userfield).
      - C(state) and C(login.state) are V(present) or V(absent).
      - A cell has the type of its field. Write C(true) or C(false) for a truth value, also C(yes), C(no), C(on),
        C(off), C(t), C(f), C(y), C(n), C(1) or C(0). For other words, see O(values).
    type: dict
    default:
      firstname: firstname
      lastname: lastname
      exten: number
      incall: direct number
      userfield: id
  context:
    description: Context of the internal numbers.
    type: str
    default: default
  incall_context:
    description: Context of the direct numbers.
    type: str
    default: from-extern
  match:
    description:
      - Whether C(userfield) identifies the user, so that users can change their names. A new user gets the id in the
        file as C(userfield). Columns of C(match), for example C(match.username), take precedence.
      - With V(false), the name identifies the user, and the id is written to C(userfield). Do this once for users
        without an id.
    type: bool
    default: true
  name:
    description: Name of the file in error messages.
    type: str
    default: CSV
  empty:
    description:
      - What an empty cell does with the value on the server. V(keep) leaves it unchanged, V(remove) removes it.
      - A dictionary sets it for each column, with the heading as the key. Columns that it does not contain are V(keep).
      - With V(remove), an empty cell in the column of the direct number removes all direct numbers of the user, so that
        another row can have them.
      - Only texts of the user, direct numbers and lists of names can be removed. An empty cell in another column cannot
        remove anything. With O(match), neither can one in the column of C(userfield).
    type: raw
    default: keep
  separator:
    description: What separates the values of a cell that has several, such as direct numbers or groups.
    type: str
    default: "|"
  name_order:
    description:
      - Which name comes first in the column C(name). With V(first_last), the last word of C(Ann Archer) is the last
        name. With V(last_first), the first word of C(Archer Ann) is.
      - A comma ends the last name in both cases, as in C(Archer, Ann).
    type: str
    choices: [first_last, last_first]
    default: first_last
  values:
    description:
      - What cells mean, if the file has other words than this filter. The key is a key of O(columns), its value a
        dictionary with the text of the cell as the key. Upper and lower case make no difference.
      - An empty text as the key stands for empty cells, and C(*) for all other cells that are not named. An empty text
        as the value makes the cell count as empty.
      - Cells with other texts keep their meaning.
      - For a key whose value is a dictionary, the value can be that dictionary.
    type: dict
    default: {}
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
) -> list[dict[str, Any]]:
    """Return the entries of a CSV text. Raises one AnsibleFilterError that names every mistake."""
    try:
        read = entries_of_csv(
            *(text, columns, context, incall_context, is_true(match), name, empty, Display().warning),
            separator=separator,
            name_order=name_order,
            values=values,
            tell=Display().v,
        )
        entries: list[dict[str, Any]] = as_text(read)
    except InputError as error:
        raise AnsibleFilterError(str(error)) from None
    return entries


class FilterModule:
    """Holds the filter of this file."""

    def filters(self) -> dict[str, Any]:
        """Return {name: function}."""
        return {"csv_entries": csv_entries}
