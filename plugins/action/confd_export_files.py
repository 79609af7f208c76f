# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads the users of a server in the way of confd_export_info, and writes them as variables files on the controller."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ansible import constants
from ansible.errors import AnsibleActionFail

from ansible_collections.xivo.confd.plugins.action import ActionModule as InProcessAction
from ansible_collections.xivo.confd.plugins.filter.export_files import files_of_export
from ansible_collections.xivo.confd.plugins.module_utils._model.printable import printable
from ansible_collections.xivo.confd.plugins.modules.confd_export_files import SPEC
from ansible_collections.xivo.confd.plugins.plugin_utils._export_files import missing_of
from ansible_collections.xivo.confd.plugins.plugin_utils._export_folder import ExportFolder, ExportRefusedError
from ansible_collections.xivo.confd.plugins.plugin_utils._options import checked_options

PASSED_ON = ("func_keys", "progress_file", "target")
"""The options that confd_export_info has, too."""
TITLE = "The users of {server}, exported by xivo.confd.export."


class ActionModule(InProcessAction):
    """Exports the users of one server."""

    def run(self, tmp: Any = None, task_vars: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Return the result of the task. Raises AnsibleActionFail if the files cannot be written."""
        own = {name: value for name, value in self._task.args.items() if name in SPEC}
        options = checked_options(SPEC, own)
        extensions = tuple(constants.YAML_FILENAME_EXTENSIONS)
        folder = ExportFolder(self._path(options["directory"]), options["server"], extensions, options["overwrite"])
        try:
            folder.refuse_escape()
        except ExportRefusedError as error:
            raise AnsibleActionFail(str(error)) from None
        exported = self._read(options, task_vars)
        if exported.get("failed"):
            # Nothing else of it: it may hold secrets.
            return {"failed": True, "msg": exported["msg"]}
        title = TITLE.format(server=options["server"])
        texts = files_of_export(exported, options["layout"], options["vault_password"], title)
        try:
            changed = folder.write(texts, self._task.check_mode)
        except ExportRefusedError as error:
            raise AnsibleActionFail(str(error)) from None
        except OSError as error:
            raise AnsibleActionFail(f"{error.filename} cannot be written: {error.strerror}") from None
        warnings = {"warnings": exported["warnings"]} if exported.get("warnings") else {}
        return {"changed": changed, **warnings, **_summary(exported, folder, texts)}

    def _read(self, options: Mapping[str, Any], task_vars: Mapping[str, Any] | None) -> dict[str, Any]:
        """Return the result of confd_export_info with the connection and the options of this task."""
        task = self._task.copy()
        task.action = "xivo.confd.confd_export_info"
        connection = {name: value for name, value in self._task.args.items() if name not in SPEC}
        passed_on = {name: options[name] for name in PASSED_ON if options[name] is not None}
        task.args = {**connection, **passed_on, "return_secrets": bool(options["vault_password"])}
        action = InProcessAction(
            task=task,
            connection=self._connection,
            play_context=self._play_context,
            loader=self._loader,
            templar=self._templar,
            shared_loader_obj=self._shared_loader_obj,
        )
        return dict(action.run(task_vars=task_vars))

    def _path(self, directory: str) -> Path:
        """Return the folder of the files. It may name a server, or be of a survey: only ``~`` is replaced."""
        return Path(self._loader.get_basedir(), os.path.expanduser(directory))


def _summary(exported: Mapping[str, Any], folder: ExportFolder, texts: Mapping[str, str]) -> dict[str, Any]:
    users, left_out = len(exported["entries"]), exported["left_out"]
    return {
        "users": users,
        "left_out": left_out,
        "incomplete": exported["incomplete"],
        "not_moved": exported["not_moved"],
        "directory": str(folder.path),
        "files": [str(folder.path / name) for name in sorted(texts)],
        "backups": folder.backups,
        "removed": folder.removed,
        "kept": list(folder.kept),
        "report": [
            f"{users} user{'' if users == 1 else 's'} exported to {folder.path / 'users.yml'}",
            *(printable(f"left out: {each['name']} (id {each['user_id']}): {each['reason']}") for each in left_out),
            *(printable(f"missing in the entry of {missing_of(each)}") for each in exported["incomplete"]),
            *(
                printable(f"not moved: {each['name']} (id {each['user_id']}): {setting}")
                for each in exported["not_moved"]
                for setting in each["settings"]
            ),
            *(printable(f"login without a user: {each['name']} (uuid {each['uuid']})") for each in exported["logins"]),
            *(f"removed, because this export does not need it: {path}" for path in folder.removed),
            *(
                f"not needed by this export, but kept, because it {reason}: {path}"
                for path, reason in folder.kept.items()
            ),
            *(f"backup of the file that was replaced: {path}" for path in folder.backups),
        ],
        "confd_api": exported["confd_api"],
    }
