# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Provides the filter with_profiles, which fills entries from profiles."""

from __future__ import annotations

from typing import Any

from ansible.errors import AnsibleFilterError

from ansible_collections.xivo.confd.plugins.module_utils._ansible.argument_specs import entry_spec
from ansible_collections.xivo.confd.plugins.module_utils._ansible.option_checks import find_profile_problems
from ansible_collections.xivo.confd.plugins.module_utils._model.errors import InputError
from ansible_collections.xivo.confd.plugins.module_utils._reports.profiles import with_profiles as expanded
from ansible_collections.xivo.confd.plugins.plugin_utils._filter_results import as_data

DOCUMENTATION = r"""
name: with_profiles
short_description: Fill entries from profiles that several of them share
version_added: 1.0.0
author:
  - xivo.confd contributors (@xivo-confd)
description:
  - Returns the entries of a list, each filled with the keys of the profiles that its key C(profile) names. It is a
    name, or a list of names of which the last one wins.
  - Dictionaries are merged key by key, lists and destinations are replaced, and the entry itself has precedence over
    its profiles. A key that is null counts as omitted. For a fallback, null removes it.
  - The role P(xivo.confd.provision#role) and the playbooks apply it to C(provision_users) with C(provision_profiles).
  - A profile can have every key of an entry except C(match), C(state), and what belongs to one person alone, such as
    C(exten), C(username) and C(password). A destination in it can name another user.
  - All mistakes in the profiles are reported in one error, once for each profile.
positional: profiles
options:
  _input:
    description: The list of entries.
    type: list
    elements: dict
    required: true
  profiles:
    description: The profiles. Each key is a name, each value has keys of an entry.
    type: dict
    default: {}
"""

EXAMPLES = r"""
- name: Provision users who share most of their settings
  xivo.confd.confd_provisioned_users:
    users: "{{ staff | xivo.confd.with_profiles(profiles) }}"
  vars:
    profiles:
      sales:
        user: {language: en_US, ring_seconds: 20}
        extension: {range: "1200-1299", context: default}
        groups: [sales]
    staff:
      - user: {firstname: Ann, lastname: Archer}
        profile: sales
      - user: {firstname: Bob, lastname: Burton, ring_seconds: 40}
        profile: sales
"""

RETURN = r"""
_value:
  description: The entries in their order, without the key C(profile).
  type: list
  elements: dict
"""


def with_profiles(users: Any, profiles: Any = None) -> Any:
    """Return entries filled from profiles, as data. Raises one AnsibleFilterError that names every mistake.

    The role keeps the entries in a variable. Otherwise, ansible-core before 2.19 would evaluate a password such as
    ``{{ x }}`` in it as a template, and its error would show the whole list.
    """
    try:
        entries = expanded(users, profiles or {})
        problems = find_profile_problems(entry_spec(), profiles or {})
    except InputError as error:
        raise AnsibleFilterError(str(error)) from None
    if problems:
        raise AnsibleFilterError("\n".join(problems))
    return as_data(entries)


class FilterModule:
    """Holds the filter of this file."""

    def filters(self) -> dict[str, Any]:
        """Return {name: function}."""
        return {"with_profiles": with_profiles}
