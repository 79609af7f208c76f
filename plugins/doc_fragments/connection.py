# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a module reaches its server: the options, requirements and notes that all modules share."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  confd_url:
    description:
      - Address of the confd, for example V(https://pbx.example.org:9486) of a XiVO or
        V(https://wazo.example.org/api/confd) of a Wazo. With or without the version of the API (V(/1.1)).
      - Where the option is not given, the environment variable E(CONFD_URL) is used.
    type: str
    required: true
  confd_username:
    description:
      - Name of the account that O(confd_password) belongs to. On XiVO that is a I(web services access), used with
        digest authentication; on Wazo it is a user of wazo-auth.
      - Without O(confd_username) and without O(confd_token) no credentials are sent. That suits a server that trusts
        the client's address.
      - Where the option is not given, the environment variable E(CONFD_USERNAME) is used.
    type: str
  confd_password:
    description:
      - Password of O(confd_username).
      - Where the option is not given, the environment variable E(CONFD_PASSWORD) is used. Set it for
        C(ansible-playbook), not with C(environment) in a play, which Ansible shows at C(-vvv).
    type: str
  confd_token:
    description:
      - A token, sent in the header C(X-Auth-Token). It wins over O(confd_username) and O(confd_password). It is used as
        it is, neither renewed nor given back.
      - Where the option is not given, the environment variable E(CONFD_TOKEN) is used.
    type: str
  confd_api:
    description:
      - The generation of the API that the server speaks.
      - V(auto) recognises it by how the server refuses the first request of a module, which it would refuse anyway.
        Only where the server takes that request, because of O(confd_token) or because it trusts the address, its
        version is asked for.
      - The result says in C(confd_api) which generation it is. Given here, a module saves the look where there is any.
      - Where the option is not given, the environment variable E(CONFD_API) is used.
    type: str
    choices:
      auto: Whichever the server speaks.
      xivo15: XiVO up to 16.12.
      xivo16: XiVO from 16.13, and Wazo up to 20.06.
      wazo: Wazo from 20.07.
    default: auto
  confd_auth_url:
    description:
      - Address of the auth service of a Wazo, which gives the token for O(confd_username) and O(confd_password). The
        token is given back at the end of the module.
      - Left out, it is taken to be on the same host, V(https://wazo.example.org/api/auth/0.1) for a O(confd_url) of
        V(https://wazo.example.org/api/confd).
      - Where the option is not given, the environment variable E(CONFD_AUTH_URL) is used.
    type: str
  confd_tenant:
    description:
      - The tenant of a Wazo, by its name or its UUID. XiVO has none, and the option is refused there.
      - Left out, it is the tenant of the account.
      - Where the option is not given, the environment variable E(CONFD_TENANT) is used.
    type: str
  validate_certs:
    description:
      - Whether the certificate of the server is checked. V(false) lets anybody on the way read and change what is sent,
        passwords included. Better give O(ca_path).
      - Where the option is not given, the environment variable E(CONFD_VALIDATE_CERTS) is used.
    type: bool
    default: true
  ca_path:
    description:
      - A PEM file with the certificate authorities that may have signed the certificate of the server, or the
        certificate itself where it is self-signed.
      - Left out, those of the Python library C(requests) are used, or those of its E(REQUESTS_CA_BUNDLE).
      - Where the option is not given, the environment variable E(CONFD_CA_PATH) is used.
    type: path
  timeout:
    description:
      - How many seconds to wait for an answer. No environment variable is used.
    type: float
    default: 30.0
  retries:
    description:
      - How often a request is sent again when the connection breaks, or when the answer is HTTP 502, 503 or 504.
        A C(Retry-After) of the server is obeyed, up to a minute.
      - A request that creates something is never simply sent again. The module looks first whether it was done.
      - No environment variable is used.
    type: int
    default: 3
requirements:
  - requests (Python library, on the host that runs the module)
notes:
  - The module talks to the server from the host that it runs on. Run it on the controller, with C(hosts=localhost) or
    C(connection=local).
  - There it runs inside Ansible's own process, which saves most of the time that Ansible takes for a task. It has a
    process of its own where the task has a C(timeout), or sets C(async), C(become) or C(environment), where
    C(ansible_python_interpreter) is another Python than that of Ansible, on macOS, and where the variable
    C(confd_own_process) is true.
  - The options O(confd_url) to O(retries) are the same in all modules of the collection. Give them once, in
    C(module_defaults) for C(group/xivo.confd.confd), or by environment variables.
  - Passwords, secrets and tokens appear neither in results nor in diffs nor in messages.
  - When a request fails, the result holds C(method), C(path), HTTP C(status), and in C(messages) the words of confd.
"""
