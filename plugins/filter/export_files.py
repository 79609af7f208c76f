# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter export_files: exported users as variables files.

Ansible reads every file of this folder when a playbook uses one of the filters. So what a filter needs is imported
when it is called.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from typing import Any

from ansible.errors import AnsibleFilterError
from ansible.parsing.vault import VaultLib, VaultSecret

from ansible_collections.xivo.confd.plugins.plugin_utils._filter_results import as_data

SALT_ITERATIONS = 200_000

DOCUMENTATION = r"""
name: export_files
short_description: Make variables files of exported users
version_added: 1.0.0
author:
  - xivo.confd contributors (@xivo-confd)
description:
  - Makes YAML of the result of M(xivo.confd.confd_export_info). With each layout, C(users.yml) defines
    C(provision_users).
  - The same users give the same text. This holds for encrypted secrets too if the vault password is the same.
  - Comments at the top of C(users.yml) name the users who are left out, and what is missing in the entries of others.
  - Used by the playbook C(xivo.confd.export).
positional: layout, vault_password, title
options:
  _input:
    description: Result of M(xivo.confd.confd_export_info).
    type: dict
    required: true
  layout:
    description:
      - Division of the users into files.
      - If V(single), there is one file for all users.
      - If V(context), there is one more file for each context, with the users who have their number in it.
      - If V(letter), there is one more file for each first letter of last names.
    type: str
    choices: [single, context, letter]
    default: single
  vault_password:
    description:
      - Password to encrypt secrets with, as C(ansible-vault) does. Without it, entries that hold secrets are an error.
    type: str
  title:
    description:
      - Comment at the top of the files.
    type: str
    default: Users of a XiVO or Wazo
"""

EXAMPLES = r"""
- name: Write one file
  ansible.builtin.copy:
    content: "{{ (exported | xivo.confd.export_files)['users.yml'] }}"
    dest: users.yml
    mode: "0644"
"""

RETURN = r"""
_value:
  description: Text of each file by its name.
  type: dict
"""


def files_of_export(
    exported: dict[str, Any],
    layout: str = "single",
    vault_password: str | None = None,
    title: str = "Users of a XiVO or Wazo",
) -> dict[str, str]:
    """Return {name: text} of the files, with secrets encrypted. Raises AnsibleFilterError without a vault password."""
    from ansible_collections.xivo.confd.plugins.plugin_utils import _export_files as core  # noqa: PLC0415  as above

    if layout not in core.LAYOUTS:
        raise AnsibleFilterError(f"layout is {layout!r}, and must be one of {', '.join(core.LAYOUTS)}.")
    entries = exported["entries"]
    if core.holds_secrets(entries):
        if not vault_password:
            raise AnsibleFilterError("The entries hold secrets, which are only written encrypted. Give vault_password.")
        encrypt = encryption(vault_password)
        entries = [core.vaulted(entry, encrypt) for entry in entries]
    files: dict[str, str] = as_data(
        core.export_files(
            *(entries, exported["left_out"], layout, title),
            incomplete=exported.get("incomplete") or (),
            not_moved=exported.get("not_moved") or (),
        )
    )
    return files


def encryption(password: str) -> Callable[[str, str], str]:
    """Return a function that encrypts a text as ansible-vault does: the same text and purpose give the same result.

    The salts come from a key that takes longer to guess than the encryption itself.
    """
    secret = VaultSecret(password.encode())
    vault = VaultLib()
    key = hashlib.pbkdf2_hmac("sha256", password.encode(), b"xivo.confd.export_files", SALT_ITERATIONS)

    def encrypt(text: str, purpose: str) -> str:
        salt = hmac.new(key, f"{purpose}\0{text}".encode(), hashlib.sha256).hexdigest()
        encrypted: bytes = vault.encrypt(text, secret=secret, salt=salt)
        return encrypted.decode()

    return encrypt


class FilterModule:
    """The filters of this file."""

    def filters(self) -> dict[str, Any]:
        return {"export_files": files_of_export}
