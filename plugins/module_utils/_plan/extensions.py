# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plans extensions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._model.errors import ConflictError
from .._model.records import Extension, Line
from .._model.resources import (
    EXTENSION,
    differences,
)
from .._model.rules import raise_problems
from .._operations.extension import CreateExtension, DeleteExtension, UpdateExtension
from .._state.context_checks import check_number
from .base import BasePlanner
from .callerids import callerid_to_keep


class ExtensionPlanner(BasePlanner):
    """Plans the creation, change and deletion of extensions."""

    def ensure_extension(self, found: Extension | None, values: Mapping[str, Any]) -> Extension:
        """Create an extension with these values, or give the found one the values that differ. Its owner keeps it.

        Raises InputError for a value that the server would not store, ConflictError for a number outside of its context
        or with another owner.
        """
        if found is None:
            raise_problems(self.problems_of_extension(None, values))
            check_number(self.state, values["exten"], values["context"])
            given = {"commented": False, **values}
            extension = Extension(fields=dict(given))
            self.operations.append(CreateExtension(extension, given))
            self.state.add_extension(extension)
            return extension
        if "commented" in values:
            self.state.load_full_extension(found)
        changes = differences(found.fields, values)
        if changes:
            raise_problems(self.problems_of_extension(found, values))
            if not {"exten", "context"}.isdisjoint(changes):
                check_number(self.state, *(changes.get(name, found[name]) for name in ("exten", "context")))
            owner = self.state.owner_of(found)
            self._make_room(found, changes)
            line, user = (owner.line, owner.user) if owner else (None, None)
            moves = not {"exten", "context"}.isdisjoint(changes)
            writes_user = user if moves and self.state.backend.renumbering_writes_user else None
            named = self._voicemail_to_name(writes_user, {}) if writes_user else None
            is_remade = moves and self._is_remade(found, line)
            old = self._replace(found, changes)
            kept = None
            if writes_user:
                kept = callerid_to_keep(self.state, writes_user, moved=found, old_exten=old.get("exten", ""))
            operation = UpdateExtension(found, changes, old, line, user, named, kept)
            if is_remade:
                operation.warning = (
                    f"{operation.subject}: this server creates the incall again for the new number. The ring time, "
                    "subroutine and description that were set in the web interface are lost."
                )
            self.operations.append(operation)
        return found

    def problems_of_extension(self, found: Extension | None, values: Mapping[str, Any]) -> list[str]:
        """Return a sentence for each of the values that the server would not store in an extension."""
        changes = values if found is None else differences(found.fields, values)
        given = {name: values[name] for name in changes}
        return self.state.backend.problems_of_values(EXTENSION, given) if given else []

    def delete_extension(self, extension: Extension, leftover: bool = False) -> None:
        """Delete an extension without owner. leftover: whether an interrupted run seems to have left it behind."""
        self.operations.append(DeleteExtension(extension, leftover))
        self.state.remove_extension(extension)

    def _is_remade(self, extension: Extension, line: Line | None) -> bool:
        """Return whether a new number of an extension makes its incall anew, where incalls lead to lines."""
        is_incall = line is not None and self.state.extension_of(line) is not extension
        return is_incall and self.state.backend.incalls_hang_on_lines

    def _make_room(self, extension: Extension, changes: Mapping[str, Any]) -> None:
        """Delete the extension of the new number if it has no owner. Raises ConflictError if it has one."""
        exten, context = (changes.get(name, extension[name]) for name in ("exten", "context"))
        occupant = self.state.extension_at(exten, context)
        if occupant is None or occupant is extension:
            return
        owner = self.state.owner_of(occupant)
        if owner:
            raise ConflictError(
                f"{occupant} already belongs to {owner}.", "Dissociate it first, or use another number."
            )
        self.delete_extension(occupant)
