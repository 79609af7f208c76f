# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads the variables that are checked without a server: of hosts of the inventory, and of files.

In files, nothing is evaluated: templates may need the inventory, and encrypted values the password. What they hold is
left out, and listed as not checked.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from ansible.errors import AnsibleError
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar

from ansible_collections.xivo.confd.plugins.module_utils._ansible.validation import (
    CONTEXTS,
    PROFILES,
    USERS,
    validate,
)
from ansible_collections.xivo.confd.plugins.module_utils._model.resources import SECRET_KEYS
from ansible_collections.xivo.confd.plugins.module_utils._reports.profiles import PROFILE

try:
    from ansible._internal._datatag._tags import Origin
except ImportError:
    # Releases of ansible-core before 2.19 do not keep where a value comes from.
    Origin = None

API = "confd_api"
NAMES = (USERS, PROFILES, CONTEXTS, API)
"""The variables that are checked, and what they are checked with."""
SHARED = (PROFILES, CONTEXTS, API)
"""The variables that another one of several files may have."""
ENCRYPTED = b"$ANSIBLE_VAULT"
"""The beginning of a file that is encrypted as a whole."""
TEMPLATE_SIGNS = ("{{", "{%")
PLACEHOLDER = {"state": "absent", "match": {"userfield": "an entry that is not checked"}}
"""Stands for an entry that cannot be read, so that the others keep their positions."""


@dataclass
class Source:
    """The variables of a host or a file, by their names.

    unread: what is not checked, in sentences. errors: why the variables cannot be read.
    """

    name: str
    variables: dict[str, Any] = field(default_factory=dict)
    unread: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    file: str | None = None

    def checked(self) -> dict[str, Any]:
        """Return what was found, see ``_reports.validation_report``."""
        if self.errors:
            return self._shown([], [self._problem(text) for text in self.errors], [])
        users, *others = (self.variables.get(name) for name in NAMES)
        places = [place_of(entry) for entry in users] if isinstance(users, (list, tuple)) else []
        verdict = validate(plain(users), *map(plain, others))
        problems = [self._problem(text) for text in verdict.of_variables]
        for each in verdict.of_entries:
            file, line = places[each.index] if each.index < len(places) else (None, None)
            place = {"file": file or self.file, "line": line}
            problems.append({"entry": each.index + 1, "label": each.label, "message": each.text, **place})
        return self._shown(verdict.labels, problems, verdict.unchecked)

    def _problem(self, text: str) -> dict[str, Any]:
        return {"entry": None, "label": "", "file": self.file, "line": None, "message": text}

    def _shown(self, labels: Sequence[str], problems: Sequence[Any], unchecked: Sequence[str]) -> dict[str, Any]:
        everything = [*self.unread, *unchecked]
        return {"name": self.name, "labels": list(labels), "problems": list(problems), "unchecked": everything}


def place_of(value: Any) -> tuple[str | None, int | None]:
    """Return (file, line) where a value comes from, as far as Ansible knows it."""
    origin = Origin.get_tag(value) if Origin else None
    return (shown_path(origin.path), origin.line_num) if origin and origin.path else (None, None)


def shown_path(path: str) -> str:
    """Return a path as people type it: relative to the folder where Ansible was started, if it is below it."""
    here = os.getcwd() + os.sep
    return path[len(here) :] if path.startswith(here) else path


def plain(value: Any) -> Any:
    """Return a value without Ansible's own types. Dates stay, so that they are refused."""
    if isinstance(value, Mapping):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(inner) for inner in value]
    if value is None or isinstance(value, (bool, float, date)):
        return value
    return int(value) if isinstance(value, int) else str(value)


def of_host(name: str, variables: Mapping[str, Any], templar: Templar) -> Source:
    """Return the variables of a host, evaluated. templar: with the variables of the host."""
    source = Source(name)
    if USERS not in variables:
        source.errors.append(f"{USERS} is not defined for this host.")
        return source
    try:
        for each in NAMES:
            if each in variables:
                source.variables[each] = templar.template(variables[each])
                # Later releases of ansible-core evaluate what is inside when it is read.
                plain(source.variables[each])
    except AnsibleError as error:
        # A filter reports each mistake of a file on a line.
        source.errors += f"{each} cannot be evaluated: {_text_of(error)}".splitlines()
    return source


def _text_of(error: BaseException) -> str:
    """Return the messages of an error and of its causes, each once."""
    texts: list[str] = []
    cause: BaseException | None = error
    while cause is not None:
        text = str(getattr(cause, "message", "") or cause)
        if not any(text in known for known in texts):
            texts = [known for known in texts if known not in text]
            texts.append(text)
        cause = cause.__cause__ or getattr(cause, "orig_exc", None)
    return " ".join(texts)


def of_files(paths: Sequence[str], loader: DataLoader) -> list[Source]:
    """Return the variables of files. What one of them does not say of SHARED, another one may say."""
    sources = [_of_file(path, loader) for path in paths]
    shared: dict[str, Any] = {}
    for source in sources:
        for name in SHARED:
            if name in source.variables:
                shared.setdefault(name, source.variables[name])
    for source in sources:
        source.variables = {**shared, **source.variables}
        if PROFILES not in source.variables:
            _drop_profiles(source)
    return sources


def _of_file(path: str, loader: DataLoader) -> Source:
    source = Source(shown_path(path), file=shown_path(path))
    try:
        # "unsafe" leaves out the copy for other users of the cache, which takes longer than all the rest.
        loaded = loader.load_from_file(path, cache=False, unsafe=True)
    except AnsibleError as error:
        if _is_encrypted(path):
            source.unread.append("The file is encrypted.")
            source.variables[USERS] = []
        else:
            source.errors.append(f"cannot be read: {' '.join(_text_of(error).split())}")
        return source
    if not isinstance(loaded, Mapping):
        source.errors.append("is not a variables file: it does not contain a dictionary.")
        return source
    for name in NAMES:
        if name in loaded:
            _take(source, name, loaded[name])
    if USERS not in source.variables:
        source.variables[USERS] = []
        if not source.unread:
            source.unread.append(f"The file has no {USERS}.")
    return source


def _is_encrypted(path: str) -> bool:
    with open(path, "rb") as file:
        return file.read(len(ENCRYPTED)) == ENCRYPTED


def _take(source: Source, name: str, value: Any) -> None:
    """Take a variable of a file, without what cannot be read."""
    if _is_closed(value):
        source.unread.append(f"{name} is a template or encrypted. Check it with the inventory.")
    elif name == USERS and isinstance(value, list):
        readable = [_without_secrets(each) for each in value]
        closed = [at for at, each in enumerate(readable) if _has_closed(each)]
        source.variables[name] = [PLACEHOLDER if at in closed else each for at, each in enumerate(readable)]
        if closed:
            positions = ", ".join(str(at + 1) for at in closed)
            source.unread.append(
                f"Entries with templates or encrypted values: {positions}. Check them with the inventory."
            )
    elif _has_closed(_without_secrets(value)):
        source.unread.append(f"{name} has templates or encrypted values. Check it with the inventory.")
    else:
        source.variables[name] = _without_secrets(value)


def _without_secrets(value: Any) -> Any:
    """Return a value in which secrets that cannot be read are null, which counts as left out."""
    if isinstance(value, Mapping):
        changed = {
            key: None if key in SECRET_KEYS and _is_closed(inner) else _without_secrets(inner)
            for key, inner in value.items()
        }
        return _tagged_as(value, changed)
    return _tagged_as(value, [_without_secrets(each) for each in value]) if isinstance(value, list) else value


def _tagged_as(value: Any, changed: Any) -> Any:
    """Return a changed value that comes from the same place."""
    origin = Origin.get_tag(value) if Origin else None
    return origin.tag(changed) if origin else changed


def _has_closed(value: Any) -> bool:
    if isinstance(value, Mapping):
        return any(map(_has_closed, value.values()))
    return any(map(_has_closed, value)) if isinstance(value, list) else _is_closed(value)


def _is_closed(value: Any) -> bool:
    """Return whether a value is a template, or encrypted."""
    if isinstance(value, str):
        return any(sign in value for sign in TEMPLATE_SIGNS)
    return not (value is None or isinstance(value, (bool, int, float, date, Mapping, list)))


def _drop_profiles(source: Source) -> None:
    """Let entries without their profiles be checked as they are."""
    users = source.variables.get(USERS)
    if not isinstance(users, list) or not any(isinstance(each, Mapping) and PROFILE in each for each in users):
        return
    source.unread.append(f"What entries get from profiles: none of the files has {PROFILES}.")
    source.variables[USERS] = [
        _tagged_as(each, {key: value for key, value in each.items() if key != PROFILE})
        if isinstance(each, Mapping)
        else each
        for each in users
    ]
