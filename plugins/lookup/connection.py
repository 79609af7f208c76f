# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Provides the lookup connection, which reads the connection options of the modules from variables."""

from __future__ import annotations

DOCUMENTATION = r"""
name: connection
short_description: Read the connection options of the modules from variables
version_added: 1.0.0
author:
  - xivo.confd contributors (@xivo-confd)
description:
  - Returns the connection options of all modules, for C(module_defaults) of the action group C(xivo.confd.confd).
  - Each option is read from the variable of its name with the prefix C(confd_), such as C(confd_url), C(confd_ca_path)
    and C(confd_timeout). An option whose variable does not exist is left out. The module then uses its environment
    variable or its default.
  - A relative path in C(confd_ca_path) or in the environment variable E(CONFD_CA_PATH) begins in the folder in which
    Ansible was started.
  - Variables without the prefix, such as C(validate_certs), are not read. If such a variable exists and the one with
    the prefix does not, the lookup fails and names both. The variables C(timeout) and C(retries) are excepted, because
    their names are too general.
  - The playbooks of this collection use it.
"""

EXAMPLES = r"""
- name: Create a user on each server of the inventory, which has confd_url, confd_username and confd_password
  hosts: confd
  connection: local
  gather_facts: false
  module_defaults:
    group/xivo.confd.confd: "{{ lookup('xivo.confd.connection') }}"
  tasks:
    - name: Create the user Johnny Depp
      xivo.confd.confd_user:
        firstname: Johnny
        lastname: Depp
"""

RETURN = r"""
_value:
  description: >-
    A list with one dictionary: the names of the options, such as C(confd_url) and C(ca_path), with their values.
  type: list
  elements: dict
"""

import os
import re
from collections.abc import Mapping, Sequence
from typing import Any

from ansible.errors import AnsibleError, AnsibleLookupError
from ansible.plugins.lookup import LookupBase

from ansible_collections.xivo.confd.plugins.module_utils._ansible.argument_specs import (
    CONNECTION_SPEC,
    CONNECTION_VARIABLES,
)

CA_PATH = "ca_path"
CA_PATH_VARIABLE = "CONFD_CA_PATH"
UNDEFINED = re.compile(r"'\w+' is undefined")
COMMON_WORDS = frozenset({"timeout", "retries"})
"""Options whose names are so general that a variable of this name may belong to something else."""


class LookupModule(LookupBase):  # type: ignore[misc]
    """Holds the lookup of this file."""

    def run(
        self, terms: Sequence[Any], variables: Mapping[str, Any] | None = None, **_options: Any
    ) -> list[dict[str, Any]]:
        """Return one dictionary: the options whose variables exist. Raises AnsibleLookupError."""
        known = variables or {}
        if terms:
            raise AnsibleLookupError(
                "The lookup xivo.confd.connection takes no arguments. Write lookup('xivo.confd.connection')."
            )
        _refuse_without_prefix(known)
        values: dict[str, Any] = {}
        for option, name in CONNECTION_VARIABLES.items():
            if name in known:
                values.update(self._evaluated(option, known[name]))
        # In ansible-core before 2.19, "omit" is a text.
        options = {option: value for option, value in values.items() if value != known.get("omit")}
        path = options.get(CA_PATH) or os.environ.get(CA_PATH_VARIABLE)
        return [{**options, **({CA_PATH: _from_here(path)} if path else {})}]

    def _evaluated(self, option: str, value: Any) -> dict[str, Any]:
        """Return {option: its value}; {} if the value is "omit".

        Raises AnsibleLookupError without the error of Ansible, which from ansible-core 2.19 on quotes the lines around
        the template. These can have a password.
        """
        try:
            evaluated: dict[str, Any] = self._templar.template({option: value})
        except AnsibleError as error:
            reason = _reason(error, CONNECTION_SPEC[option].get("no_log", False))
            raise AnsibleLookupError(
                f"The variable {CONNECTION_VARIABLES[option]} cannot be evaluated: {reason}"
            ) from None
        return evaluated


def _reason(error: AnsibleError, is_secret: bool) -> str:
    """Return why a template cannot be evaluated, without its text if it is one of a secret."""
    missing = UNDEFINED.search(str(error))
    if missing:
        return f"{missing[0]}."
    return "Its template is not valid." if is_secret else str(error.message)


def _refuse_without_prefix(variables: Mapping[str, Any]) -> None:
    """Raise AnsibleLookupError for a variable without the prefix.

    A validate_certs for another collection must not turn off checks here. A user who meant this collection must be
    told that it is not read.
    """
    for option, name in CONNECTION_VARIABLES.items():
        if option != name and option not in COMMON_WORDS and option in variables and name not in variables:
            raise AnsibleLookupError(
                f"The variable {option} is not read. Call it {name}. If another collection needs {option}, set both."
            )


def _from_here(path: Any) -> Any:
    """Return a path that begins in the folder in which Ansible was started, not beside the playbook.

    What is not a text is returned as it is, and the module refuses it.
    """
    if not isinstance(path, str):
        return path
    return os.path.join(os.getcwd(), os.path.expanduser(os.path.expandvars(path)))
