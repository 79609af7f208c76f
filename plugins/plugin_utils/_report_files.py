# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The action plugin of modules that make a report: renders it here, and writes the files on the module's host.

New files are private.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from ansible.errors import AnsibleActionFail
from ansible.module_utils.parsing.convert_bool import boolean
from ansible.plugins.action import ActionBase

from ansible_collections.xivo.confd.plugins.plugin_utils._local_files import write_text


def document(report: Mapping[str, Any]) -> str:
    """Return a report as JSON, with escapes for what a terminal would not print."""
    text = json.dumps(report, ensure_ascii=False, indent=2)
    return "".join(sign if sign.isprintable() or sign == "\n" else json.dumps(sign)[1:-1] for sign in text) + "\n"


class ReportAction(ActionBase):  # type: ignore[misc]
    """Writes the files of a report.

    The module returns report, files ({format: path}), and modes: given (what the user asks for, or null), folder, and
    files ({format: mode}). RENDERERS: {format: function that returns the text of a report}.
    """

    RENDERERS: ClassVar[Mapping[str, Callable[[Mapping[str, Any]], str]]]

    def run(self, tmp: Any = None, task_vars: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Return the result of a task. Raises AnsibleActionFail if a file cannot be written."""
        result: dict[str, Any] = super().run(tmp, task_vars)
        result.update(self._execute_module(task_vars=task_vars))
        if result.get("failed"):
            return result
        report, files, modes = result["report"], result["files"], result.pop("modes")
        if self._is_local():
            for name, path in files.items():
                result["changed"] |= self._write_here(path, self.RENDERERS[name](report), modes["given"])
        elif files:
            result["changed"] = self._make_folder(next(iter(files.values())), modes["folder"], task_vars)
            for name, path in files.items():
                result["changed"] |= self._copy(path, self.RENDERERS[name](report), modes["files"][name], task_vars)
        if not boolean(self._task.args.get("return_report") or False):
            del result["report"]
        return result

    def _make_folder(self, path: str, mode: int | None, task_vars: Mapping[str, Any] | None) -> bool:
        """Let the folder of a file be there. Return whether it was not."""
        options = {"path": os.path.dirname(path) or ".", "state": "directory", **_as_option(mode)}
        return _changed(path, self._execute_module("ansible.legacy.file", options, task_vars=task_vars))

    def _is_local(self) -> bool:
        """Return whether the files belong to this machine and this user: then no module has to be started for each."""
        return bool(self._connection.transport == "local" and not self._connection.become)

    def _write_here(self, path: str, text: str, mode: int | None) -> bool:
        """Let a file of this machine hold a text, and have a mode if one is given. Return whether something changed."""
        try:
            return write_text(os.path.join(self._loader.get_basedir(), path), text, self._task.check_mode, mode)
        except OSError as error:
            raise AnsibleActionFail(f"{path} cannot be written: {error.strerror}") from None

    def _copy(self, path: str, text: str, mode: int | None, task_vars: Mapping[str, Any] | None) -> bool:
        """Let a file of the host hold a text, and have a mode if one is given. Return whether something changed."""
        task = self._task.copy()
        task.args = {"dest": path, "content": text, **_as_option(mode)}
        task.diff = False
        copy = self._shared_loader_obj.action_loader.get(
            "ansible.legacy.copy",
            task=task,
            connection=self._connection,
            play_context=self._play_context,
            loader=self._loader,
            templar=self._templar,
            shared_loader_obj=self._shared_loader_obj,
        )
        return _changed(path, copy.run(task_vars=task_vars))


def _as_option(mode: int | None) -> dict[str, str]:
    return {} if mode is None else {"mode": f"{mode:04o}"}


def _changed(path: str, result: Mapping[str, Any]) -> bool:
    if result.get("failed"):
        raise AnsibleActionFail(f"{path} cannot be written: {result['msg']}")
    return bool(result["changed"])
