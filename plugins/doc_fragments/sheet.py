# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documents the options of the filters that make entries of a table."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  columns:
    description:
      - Heading of each column that is read. Other columns are ignored; with C(-v), Ansible lists them. Two keys can
        have the same heading.
      - The key of a column says what its cells are. C(firstname), C(email) and all other names of
        O(xivo.confd.confd_provisioned_users#module:users[].user) are the fields of the user. Other keys of an entry
        are written with dots, for example C(voicemail.password), C(line.username), C(device.mac), C(login.username),
        C(forwards.busy.destination) and C(services.dnd). C(call_permissions), C(groups) and C(profile) are lists of
        names.
      - Fallbacks have a column for each type of destination, for example C(fallbacks.noanswer.user) with a full name
        or C(1201@default), C(fallbacks.busy.voicemail) with C(own), C(fallbacks.fail.group), and
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
  empty:
    description:
      - What an empty cell does with the value on the server. V(keep) leaves it unchanged, V(remove) removes it.
      - A dictionary sets it for each column, with the heading as the key. Columns that it does not contain are
        V(keep).
      - With V(remove), an empty cell in the column of the direct number removes all direct numbers of the user, so
        that another row can have them.
      - Only texts of the user, direct numbers and lists of names can be removed. An empty cell in another column
        cannot remove anything. With O(match), neither can one in the column of C(userfield).
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
      - What cells mean, if the source has other words than this filter. The key is a key of O(columns), its value a
        dictionary with the text of the cell as the key. Upper and lower case make no difference.
      - An empty text as the key stands for empty cells, and C(*) for all other cells that are not named. An empty text
        as the value makes the cell count as empty.
      - Cells with other texts keep their meaning.
      - For a key whose value is a dictionary, the value can be that dictionary.
    type: dict
    default: {}
  patterns:
    description:
      - Regular expression that the cells of a column match as a whole. The key is a key of O(columns). What the
        groups of the expression match is the value; without groups, the whole text is.
      - A cell that does not match is a mistake, unless O(values) names it. C(*) in O(values) stands for all cells that
        do not match, and the other keys for what the groups match as well.
    type: dict
    default: {}
"""
