#!/usr/bin/python
# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
---
module: confd_user_login
short_description: Manage the login of a user of a XiVO or Wazo server
version_added: 1.0.0
description:
  - Creates, changes and removes the account with which a user signs in to the client software.
  - On XiVO, the login is the username and the password of the user, and a CTI profile. On Wazo, it is an account of
    wazo-auth with the UUID of the user. Its names and its e-mail address follow those of the user whenever this module
    runs.
  - On Wazo, the account of this collection requires the permissions C(auth.users.read), C(auth.users.create),
    C(auth.users.#.read), C(auth.users.#.update), C(auth.users.#.delete), C(auth.users.password.reset.#.create) and
    C(auth.admin.users.#.emails.update).
extends_documentation_fragment:
  - xivo.confd.attributes
  - xivo.confd.connection
  - xivo.confd.journal
  - xivo.confd.planned
  - xivo.confd.user_part
  - xivo.confd.requirements
  - xivo.confd.requirements.host
options:
  username:
    description:
      - Name to sign in with. A new login requires it.
      - On Wazo it is unique on the whole server, in any case, together with the e-mail addresses of all logins.
    type: str
  password:
    description:
      - Password to sign in with. On XiVO, it is that of the user, with the limits of
        O(xivo.confd.confd_user#module:password).
      - Wazo does not show it. The module compares it by signing in, and revokes the token. The password of a login that
        is not enabled is not written, because it cannot be compared. See also O(update_password).
    type: str
  enabled:
    description:
      - Whether the user can sign in. V(false) also ends all sessions on Wazo.
      - On XiVO, V(true) requires username and password, and a new login is not enabled.
      - On Wazo, a new login is enabled.
    type: bool
  profile:
    description:
      - Name of the CTI profile, for example V(Client). It can be replaced, but not removed.
      - Not available on Wazo.
    type: str
  update_password:
    description:
      - When to write O(password).
      - If V(always), the password is written whenever it differs from the one on the server.
      - If V(on_create), it is written only when the login is created. The password of an existing login is not changed.
    type: str
    choices: [always, on_create]
    default: always
  state:
    description:
      - The state that the login is to be in.
      - If V(present), the login has the given values. Omitted options are not changed.
      - If V(absent), the user has no login. Wazo also ends all sessions. On XiVO, the login is disabled, the username
        and the password are removed, and the profile stays, because the server cannot remove it.
    type: str
    choices: [present, absent]
    default: present
seealso:
  - module: xivo.confd.confd_user
author:
  - xivo.confd contributors (@xivo-confd)
"""

EXAMPLES = r"""
---
- name: Create a user, with the connection in the task
  xivo.confd.confd_user:
    confd_url: "{{ confd_url }}"
    confd_username: "{{ confd_username }}"
    confd_password: "{{ confd_password }}"
    firstname: Johnny
    lastname: Depp
  register: johnny

# The following tasks take the connection from module_defaults or from environment variables.

- name: Create the login of Johnny
  xivo.confd.confd_user_login:
    user: "{{ johnny.user }}"
    username: johnny
    password: "{{ vault_johnny_login }}"
    update_password: on_create

- name: Lock Johnny out
  xivo.confd.confd_user_login:
    user: "{{ johnny.user }}"
    enabled: false
"""

RETURN = r"""
---
user_login:
  description: The login of the user on the server.
  returned: success
  type: dict
  contains:
    user_id:
      description: Id of the user. Null for a user who would be created, in check mode.
      type: int
      returned: always
      sample: 12
    predicted:
      description: Whether the user does not exist yet and an earlier task would create it.
      type: bool
      returned: in check mode, for a user that would be created
      sample: true
    # BEGIN results of user_login
    username:
      description: Name to sign in with. A new login requires it.
      type: str
      returned: always
      sample: johnny
    password:
      description: Password to sign in with. On XiVO, it is that of the user, with the limits of
        O(xivo.confd.confd_user#module:password).
      type: str
      returned: always
    enabled:
      description: Whether the user can sign in. V(false) also ends all sessions on Wazo.
      type: bool
      returned: always
      sample: true
    profile:
      description: Name of the CTI profile, for example V(Client). It can be replaced, but not removed.
      type: str
      returned: always
    # END results of user_login
    firstname:
      description: First name of the login. Null on XiVO.
      type: str
      returned: always
      sample: Johnny
    lastname:
      description: Last name of the login. Null on XiVO.
      type: str
      returned: always
      sample: Depp
    email:
      description: E-mail address of the login. Null on XiVO.
      type: str
      returned: always
      sample: johnny@example.org
  sample:
    user_id: 12
    username: johnny
    password: null
    enabled: true
    profile: null
    firstname: Johnny
    lastname: Depp
    email: johnny@example.org
diff:
  description: The values before and after the change; empty if nothing was changed.
  returned: always
  type: list
  elements: dict
  sample:
    - before_header: login of user Johnny Depp (id 12)
      after_header: login of user Johnny Depp (id 12)
      before:
        enabled: true
      after:
        enabled: false
confd_api:
  description: The generation of the API that the server uses.
  returned: always
  type: str
  sample: wazo
unchecked:
  description:
    - What a server of this generation cannot check before a write. A real run can still fail for these reasons.
  returned: in check mode
  type: list
  elements: str
  sample: []
"""

from ansible_collections.xivo.confd.plugins.module_utils._ansible.argument_specs import user_part_module
from ansible_collections.xivo.confd.plugins.module_utils._ansible.module import Module
from ansible_collections.xivo.confd.plugins.module_utils._model.resources import LOGIN

MODULE = Module(*user_part_module(LOGIN))


def main() -> None:
    MODULE.run()


if __name__ == "__main__":
    main()
