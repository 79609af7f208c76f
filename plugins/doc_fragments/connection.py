# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documents the options, requirements and notes of all modules that connect to a server."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  confd_url:
    description:
      - URL of confd, for example V(https://pbx.example.org:9486) for XiVO or V(https://wazo.example.org/api/confd) for
        Wazo. The version of the API, V(/1.1), can be appended.
      - If the option is omitted, the environment variable E(CONFD_URL) is used.
    type: str
    required: true
  confd_username:
    description:
      - Name of the account that O(confd_password) belongs to. On XiVO it is a I(web services access), which uses digest
        authentication unless O(confd_auth_url) or O(confd_auth_backend) is given. On Wazo it is a user of wazo-auth.
      - Without O(confd_username) and O(confd_token), no credentials are sent. Use this for a server that accepts
        requests from the client's address without authentication.
      - If the option is omitted, the environment variable E(CONFD_USERNAME) is used.
    type: str
  confd_password:
    description:
      - Password of O(confd_username).
      - If the option is omitted, the environment variable E(CONFD_PASSWORD) is used. Set the variable for the
        C(ansible-playbook) command. Do not set it with the keyword C(environment) of a play, because Ansible prints
        that with C(-vvv).
      - If E(CONFD_URL) or E(CONFD_HOSTS) is set, the password and the token of the environment are sent only to the
        server of E(CONFD_URL) and E(CONFD_AUTH_URL), and to hosts that match a pattern of E(CONFD_HOSTS), whatever
        O(confd_url) and O(confd_auth_url) say. E(CONFD_HOSTS) is a list of host names such as V(pbx.example.org),
        V(*.example.org) and V(pbx.example.org:9486), separated by blanks or commas. It means addresses with
        V(https://), unless a pattern begins with V(http://). A V(*) stands for any characters, dots included. A pattern
        of digits, such as V(10.1.2.*), matches addresses only. Write a host name as O(confd_url) has it.
      - If O(confd_api) is V(auto), the password is not sent without TLS to an authentication service, because such a
        service takes the password itself, and anybody in the network can answer like a server that has one. Only this
        machine is exempt.
    type: str
  confd_token:
    description:
      - Token that is sent in the header C(X-Auth-Token). It has precedence over O(confd_username) and
        O(confd_password). The modules neither renew nor revoke it.
      - If the option is omitted, the environment variable E(CONFD_TOKEN) is used. E(CONFD_URL) and E(CONFD_HOSTS)
        restrict where it is sent, as for O(confd_password).
    type: str
  confd_api:
    description:
      - Generation of the API that the server uses.
      - If V(auto), the module detects the generation from the server's answer to the first, not yet authenticated
        request. This takes an additional request only if the server accepts O(confd_token) or the client's address.
        The result RV(confd_api) contains the generation that was detected.
      # BEGIN servers
      - V(xivo15) stands for XiVO up to 16.12.
      - V(xivo16) stands for XiVO from 16.13 and Wazo up to 20.06.
      - V(wazo) stands for Wazo from 20.07.
      # END servers
      - If the option is omitted, the environment variable E(CONFD_API) is used.
    type: str
    choices:
      - auto
      # BEGIN generations
      - xivo15
      - xivo16
      - wazo
      # END generations
    default: auto
  confd_auth_url:
    description:
      - URL of the authentication service, which issues a token for O(confd_username) and O(confd_password). The token
        is valid for ten minutes, and renewed during a longer run. The tasks of a playbook share it, and it is revoked
        when the playbook ends. A module in a process of its own revokes its token when it ends, also when it is ended
        by a signal.
      - The version of the API of the service, V(/0.1), can be appended.
      - On Wazo, the service is wazo-auth. Without the option, it is expected on the host of O(confd_url), for example
        at V(https://wazo.example.org/api/auth/0.1) for V(https://wazo.example.org/api/confd).
      - On XiVO from 16.13, the service is xivo-auth, for example V(https://pbx.example.org:9497). The modules use it
        if this option or O(confd_auth_backend) is given, and digest authentication otherwise. A token needs the
        permissions of confd, for example V(confd.#), in the ACL of the web services access. Digest authentication does
        not need them, but L(the documentation of XiVO,https://documentation.xivo.solutions/en/2022.10/api_sdk/rest_api/rest_api.html)
        calls it deprecated. That confd accepts tokens was observed on a real server. What the collection knows about
        xivo-auth comes from its documentation.
      - XiVO up to 16.12 accepts no tokens, and a task with this option fails there.
      - If the option is omitted, the environment variable E(CONFD_AUTH_URL) is used.
    type: str
  confd_auth_backend:
    description:
      - Backend of xivo-auth that checks O(confd_password), on XiVO from 16.13.
        L(The documentation of XiVO,https://documentation.xivo.solutions/en/2023.05/administrator/system/xivo-auth/stock_plugins.html)
        names V(xivo_service) for a web services access, V(xivo_admin) for an administrator of the web interface, and
        V(xivo_user) for a user.
      - Without the option, it is V(xivo_service) if O(confd_auth_url) is given.
      - With the option and without O(confd_auth_url), the service is expected at port 9497 of the host of O(confd_url),
        with TLS. This requires that O(confd_url) has port 9486. At another port, for example that of a gateway, the
        service of another server might answer.
      - A task with this option fails on servers of other generations.
      - If the option is omitted, the environment variable E(CONFD_AUTH_BACKEND) is used.
    type: str
  confd_tenant:
    description:
      - Name or UUID of the Wazo tenant to work on. XiVO has no tenants, and a task with this option fails there.
      - If the option is omitted, the environment variable E(CONFD_TENANT) is used. Without either, it is the tenant of
        the account.
      - The account needs the permission C(auth.tenants.read), also if it only reads, and for a UUID.
    type: str
  validate_certs:
    description:
      - Whether to verify the TLS certificate of the server.
      - With V(false), an attacker in the network can read and change everything that is transferred, including
        passwords. Use O(ca_path) for a certificate that is signed by a private authority or by itself.
      - If the option is omitted, the environment variable E(CONFD_VALIDATE_CERTS) is used.
    type: bool
    default: true
  ca_path:
    description:
      - Path of a PEM file with the certificates of trusted authorities, or with a self-signed certificate of the
        server.
      - If the option is omitted, the environment variable E(CONFD_CA_PATH) is used. Without either, the module uses the
        authorities of the Python library C(requests), or the file in its environment variable E(REQUESTS_CA_BUNDLE).
    type: path
  timeout:
    description:
      - Number of seconds to wait for an answer, and for each further part of it. There is no environment variable for
        it.
    type: float
    default: 30.0
  answer_timeout:
    description:
      - Number of seconds from the first byte of an answer to its last one. An answer that takes longer is an error.
      - There is no environment variable for it.
    type: float
    default: 300.0
  max_answer_size:
    description:
      - Largest size of an answer in MB (millions of bytes), after it was decompressed. The list of 10,000 users has
        about 30 MB on Wazo.
      - It also limits the number of values in an answer, since these take much more memory than bytes. They may be
        5 million, or 20,000 for each MB of this option if that is more. The list of 10,000 users has about 2 million.
      - There is no environment variable for it.
    type: float
    default: 256.0
  max_requests_per_second:
    description:
      - Largest number of HTTP requests that the module sends to the server in a second, for a server that also carries
        calls. All workers of a run share it, and repeated requests count. Tasks that run at the same time, such as
        those of several hosts with the same server, do not share it.
      - A number below 1 is allowed. V(0.5) means one request every two seconds.
      - If the option is omitted, the module sends each request as soon as it can. There is no environment variable for
        it.
    type: float
  retries:
    description:
      - How often to repeat a request after a connection error, or after an answer with the HTTP status 502, 503 or 504.
        The header C(Retry-After) of the answer is honoured up to 60 seconds.
      - A request that creates an object is repeated only after the module has found that the object does not exist.
      - There is no environment variable for it.
    type: int
    default: 3
requirements:
  - requests >= 2.28 (Python library, on the host that runs the module)
notes:
  - The module connects to the server from the host that it runs on. Run it on the controller, with C(hosts=localhost)
    or C(connection=local).
  - On the controller the module runs inside Ansible's own process, which is much faster than a process for each task.
    It runs in a process of its own if the task uses C(timeout), C(async), C(become) or C(environment), if
    C(ansible_python_interpreter) is not the Python of Ansible, on macOS, and if the variable C(confd_own_process) is
    true.
  - The options O(confd_url) to O(retries) are the same in all modules of the collection. Set them once, with
    C(module_defaults) for C(group/xivo.confd.confd), or with environment variables.
  - Passwords, secrets and tokens are masked in results, differences and messages. Ansible itself prints all options of
    a module that runs in a process of its own if C(ANSIBLE_DEBUG) is set.
  - If a request fails, the result contains its C(method) and C(path), the HTTP C(status), and the messages of confd in
    C(messages).
"""
