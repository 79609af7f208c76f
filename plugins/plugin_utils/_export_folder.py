# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes the files of an export into a folder, and destroys nothing that somebody may need.

The last line of each file says whose users it holds, and a checksum: a file without it, or with another one, was
edited.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from ansible_collections.xivo.confd.plugins.module_utils._model.printable import printable
from ansible_collections.xivo.confd.plugins.plugin_utils._export_files import PART_PREFIX, VARIABLE
from ansible_collections.xivo.confd.plugins.plugin_utils._local_files import create_text, write_text

SEAL = re.compile(r"# xivo\.confd\.export of (?P<server>.*), sha256 (?P<sum>[0-9a-f]{64})\n\Z")
VARS_FOLDERS = ("host_vars", "group_vars")
"""Folders in which Ansible looks for a file or a folder of the name of a host or group; it takes the folder."""
VAULT_TAG = "!vault"
EDITED = "was edited, or was not written by an export"
NO_SECRETS = "holds secrets, and this export has none (see export_vault_password)"
NOT_IN_PATH = ("\0",)
NOT_IN_PART = ("/", "\\", "..", "$", *NOT_IN_PATH)


class ExportRefusedError(Exception):
    """The files are not written. Its text says why, and what to do."""


def sealed(text: str, server: str) -> str:
    """Return the text of a file with the line that says whose users it holds."""
    return f"{text}# xivo.confd.export of {printable(server)}, sha256 {_sum(text)}\n"


@dataclass
class ExportFolder:
    """A folder that gets the users of one server.

    extensions: those of variables files, for example ".yml". overwrite: whether files that would be refused are
    replaced, after a backup was made.

    backups: the paths of the backups. removed: the paths of the files of earlier exports that this one does not write
    and that were removed. kept: {path: why} of those that stay.
    """

    path: Path
    server: str
    extensions: Iterable[str]
    overwrite: bool = False
    backups: list[str] = field(default_factory=list, init=False)
    removed: list[str] = field(default_factory=list, init=False)
    kept: dict[str, str] = field(default_factory=dict, init=False)

    def write(self, texts: Mapping[str, str], check_mode: bool) -> bool:
        """Let the files {name: text} be in the folder. Return whether one was not.

        Raises ExportRefusedError before the first write, and OSError.
        """
        self.refuse_escape()
        files = {self.path / name: sealed(text, self.server) for name, text in texts.items()}
        self._refuse_shadows(files)
        has_secrets = any(VAULT_TAG in text for text in texts.values())
        endangered = {file: reason for file, text in files.items() for reason in self._reasons(file, text, has_secrets)}
        if endangered and not self.overwrite:
            raise ExportRefusedError(
                f"{' '.join(f'{file} {reason}.' for file, reason in endangered.items())} Export to another folder, or "
                "set export_overwrite to true: such a file is then replaced, and a backup is kept beside it."
            )
        changes = [self._write(file, text, file in endangered, check_mode) for file, text in files.items()]
        self._remove_unused(files, has_secrets, check_mode)
        return any(changes) or bool(self.removed)

    def _remove_unused(self, files: Mapping[Path, str], has_secrets: bool, check_mode: bool) -> None:
        """Remove the files of an earlier layout, or of people who have left, unless somebody may need them."""
        for file in sorted(self.path.glob(f"{PART_PREFIX}*.yml")):
            text = self._text_of_part(file) if file not in files else None
            if text is None:
                continue
            reason = self._reason_to_keep(text, has_secrets)
            if reason:
                self.kept[str(file)] = reason
                continue
            self.removed.append(str(file))
            if not check_mode:
                file.unlink()

    def _text_of_part(self, file: Path) -> str | None:
        """Return the text of a file that holds a part of the users of this server; None for another file."""
        if not file.is_file() or file.is_symlink():
            return None
        text = file.read_text(encoding="utf-8", errors="surrogateescape")
        seal = SEAL.search(text)
        is_part = f"\n{VARIABLE}_{file.stem[len(PART_PREFIX) :]}:" in text
        is_foreign = seal is not None and seal["server"] != printable(self.server)
        return text if is_part and not is_foreign else None

    def _reason_to_keep(self, text: str, has_secrets: bool) -> str:
        """Return why a file that this export does not write stays; '' if it can be removed."""
        if not _is_untouched(text):
            return EDITED
        return NO_SECRETS if VAULT_TAG in text and not has_secrets else ""

    def _write(self, file: Path, text: str, is_endangered: bool, check_mode: bool) -> bool:
        if is_endangered:
            backup = self._backup_of(file)
            self.backups.append(str(backup))
            if not check_mode:
                create_text(backup, file.read_text(encoding="utf-8", errors="surrogateescape"))
        if file.exists() or check_mode:
            return write_text(str(file), text, check_mode)
        try:
            create_text(file, text)
        except FileExistsError:
            raise ExportRefusedError(self._taken(file, "another server, exported at the same time")) from None
        return True

    def _backup_of(self, file: Path) -> Path:
        """Return the path of a backup that does not exist yet. Ansible reads no files whose names end with ~."""
        names = (file.with_name(f"{file.name}.~{number}~") for number in range(1, 10_000))
        return next(name for name in names if not name.exists())

    # What would be lost

    def _reasons(self, file: Path, text: str, has_secrets: bool) -> Iterator[str]:
        """Yield why a file is only replaced on request.

        Raises ExportRefusedError if it is that of another server, or something else than a file.

        has_secrets: whether any file of this export holds secrets; with another layout it can be another file.
        """
        if not file.is_file():
            if file.exists() or file.is_symlink():
                raise ExportRefusedError(f"{file} is not a file, or a link to one that does not exist. Remove it.")
            return
        old = file.read_text(encoding="utf-8", errors="surrogateescape")
        if old == text:
            return
        seal = SEAL.search(old)
        if seal and seal["server"] != printable(self.server):
            raise ExportRefusedError(self._taken(file, seal["server"]))
        if not _is_untouched(old):
            yield EDITED
        elif VAULT_TAG in old and not has_secrets:
            yield NO_SECRETS

    def _taken(self, file: Path, server: str) -> str:
        return (
            f"{file} holds the users of {server}, so it cannot hold those of {self.server}. Give each server its own "
            "folder, for example export_directory: exports/{{ inventory_hostname }}."
        )

    def refuse_escape(self) -> None:
        """Refuse the name of a server that is more than one part of a path: folders are named after servers.

        A shell, and an option of the type "path", would replace ``$NAME`` and ``~`` in it. Raises ExportRefusedError.
        """
        found = next((each for each in NOT_IN_PART if each in self.server), None)
        if found is None and (self.server == "." or self.server.startswith("~")):
            found = self.server[0]
        folder = next((each for each in NOT_IN_PATH if each in str(self.path)), None)
        for noun, text, sign in (("name", self.server, found), ("folder", str(self.path), folder)):
            if sign is not None:
                raise ExportRefusedError(
                    f"The {noun} {text!r} of the server contains {sign!r}, which can lead to another folder. Give the "
                    "server a plain name in the inventory, and its address as confd_url."
                )

    def _refuse_shadows(self, files: Mapping[Path, str]) -> None:
        """Refuse if Ansible would not read a file any more that it reads now."""
        top = self._vars_folder()
        if top is None:
            return
        for extension in ("", *self.extensions):
            hidden = top.with_name(top.name + extension)
            if hidden.is_file():
                raise ExportRefusedError(
                    f"Ansible does not read {hidden} if there is a folder {top}. Move the file into the "
                    f"folder: {top}/main{extension or '.yml'}."
                )
        for other in sorted(top.rglob("*")):
            if other not in files and other.suffix in self.extensions and _defines_users(other):
                raise ExportRefusedError(
                    f"{other} defines {VARIABLE}, and {self.path}/users.yml would define it as well: Ansible uses "
                    "only one of them. Move the file out of the folder, or export to another folder."
                )

    def _vars_folder(self) -> Path | None:
        """Return the folder of a host or group that Ansible reads, with all folders in it; None outside of one."""
        inside = (folder for folder in (self.path, *self.path.parents) if folder.parent.name in VARS_FOLDERS)
        return next(inside, None)


def _defines_users(file: Path) -> bool:
    text = file.read_text(encoding="utf-8", errors="replace") if file.is_file() else ""
    return re.search(rf"^(\s*\{{?\s*[\"']|){VARIABLE}[\"']?\s*:", text, re.MULTILINE) is not None


def _is_untouched(text: str) -> bool:
    """Return whether a file is as an export has written it."""
    seal = SEAL.search(text)
    return seal is not None and _sum(text[: seal.start()]) == seal["sum"]


def _sum(text: str) -> str:
    return sha256(text.encode("utf-8", errors="surrogateescape")).hexdigest()
