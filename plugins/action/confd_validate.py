# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks variables without a server, on the controller, where Ansible knows the inventory and the lines of files."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterator, Mapping
from typing import Any

from ansible.errors import AnsibleActionFail
from ansible.plugins.action import ActionBase

from ansible_collections.xivo.confd.plugins.module_utils._ansible.validation import CONTEXTS, PROFILES, USERS
from ansible_collections.xivo.confd.plugins.module_utils._reports.validation_report import junit, lines_of, problems_of
from ansible_collections.xivo.confd.plugins.modules.confd_validate import SPEC
from ansible_collections.xivo.confd.plugins.plugin_utils._local_files import write_text
from ansible_collections.xivo.confd.plugins.plugin_utils._options import checked_options
from ansible_collections.xivo.confd.plugins.plugin_utils._validation_sources import API, Source, of_files, of_host


class ActionModule(ActionBase):  # type: ignore[misc]
    """Checks the variables of hosts, of files, or of the task."""

    _requires_connection = False
    _supports_check_mode = True

    def run(self, tmp: Any = None, task_vars: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Return the result of the task. It has failed if there are problems."""
        result: dict[str, Any] = super().run(tmp, task_vars)
        options = checked_options(SPEC, self._task.args)
        sources = [each.checked() for each in self._sources(options, task_vars or {})]
        lines = lines_of(sources)
        changed = bool(options["junit"]) and self._write(options["junit"], junit(sources))
        problems = sum(len(each["problems"]) for each in sources)
        failure = {"failed": True, "msg": "\n".join(lines)} if problems else {}
        servers = [{**each, "entries": len(each["labels"]), "lines": problems_of(each)} for each in sources]
        for each in servers:
            del each["labels"]
        return {**result, "changed": changed, "servers": servers, "problems": problems, "lines": lines, **failure}

    def _sources(self, options: Mapping[str, Any], variables: Mapping[str, Any]) -> Iterator[Source]:
        """Yield what is to be checked. Raises AnsibleActionFail for files that do not exist."""
        if USERS_OPTION in self._task.args:
            names = {USERS: "users", PROFILES: "profiles", CONTEXTS: "contexts", API: API}
            # As Ansible has evaluated them, with the places where they come from.
            given = {name: self._task.args.get(option) for name, option in names.items()}
            yield Source(variables.get("inventory_hostname", "users"), given)
        for host in options["hosts"] or ():
            of_this = variables["hostvars"].raw_get(host)
            yield of_host(host, of_this, self._templar.copy_with_new_env(available_variables=of_this))
        yield from of_files(list(self._paths(options["files"] or ())), self._loader)

    def _paths(self, patterns: Any) -> Iterator[str]:
        seen = set()
        for pattern in patterns:
            path = os.path.join(self._loader.get_basedir(), os.path.expanduser(pattern))
            found = sorted(glob.glob(path, recursive=True))
            if not found:
                raise AnsibleActionFail(
                    f"There is no file {pattern}. Relative paths begin in the folder in which Ansible is started."
                )
            if not any(map(os.path.isfile, found)):
                raise AnsibleActionFail(f"{pattern} is a folder. Name files, for example {pattern.rstrip('/')}/*.yml.")
            for each in found:
                if os.path.isfile(each) and each not in seen:
                    seen.add(each)
                    yield each

    def _write(self, path: str, text: str) -> bool:
        try:
            return write_text(os.path.join(self._loader.get_basedir(), path), text, check_mode=False)
        except OSError as error:
            raise AnsibleActionFail(f"{path} cannot be written: {error.strerror}") from None


USERS_OPTION = "users"
