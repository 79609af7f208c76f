# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What would change about a voicemail, and who has it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from .._model.errors import ConflictError, InputError
from .._model.records import User, Voicemail
from .._model.resources import (
    VOICEMAIL,
    canonical,
    differences,
)
from .._operations.voicemail import (
    AssociateVoicemail,
    CreateVoicemail,
    DeleteVoicemail,
    DissociateVoicemail,
    UpdateVoicemail,
)
from .._state.context_checks import check_context
from .base import BasePlanner

REQUIRED = ("name", "number", "context")


class VoicemailPlanner(BasePlanner):
    """Plans voicemails."""

    def ensure_voicemail(
        self, found: Voicemail | None, values: Mapping[str, Any], users: Iterable[User] = ()
    ) -> Voicemail:
        """Create a voicemail with these values, or give the found one those that differ; who has it keeps it.

        users: who is likely to have it, which spares looking for them.
        Raises InputError when a value that confd requires is missing, ConflictError when another voicemail has the new
        number.
        """
        if found is None:
            return self._create_voicemail(values)
        emptied = [name for name in REQUIRED if values.get(name) == ""]
        if emptied:
            raise InputError(f"{emptied[0]} of {found} cannot be emptied: confd wants one.")
        changes = differences(found.fields, self._updatable(VOICEMAIL, values))
        if changes:
            self._check_values(VOICEMAIL, changes)
            self._refuse_taken_number(found, changes)
            old = {name: found[name] for name in changes}
            self.operations.append(UpdateVoicemail(found, changes, old, tuple(users)))
            self.state.voicemails.change(found, changes)
        return found

    def associate_voicemail(self, user: User, voicemail: Voicemail) -> None:
        """A user has this voicemail from then on; other users of it keep it as well.

        Raises ConflictError when the user has another one.
        """
        current = self.state.voicemails.of(user)
        if current is voicemail:
            return
        if current:
            raise ConflictError(
                f"{user} has {current} already (id {current.id}).",
                "Give its id to change its number (confd_voicemail), or remove it first.",
            )
        self.operations.append(AssociateVoicemail(user, voicemail))
        self.state.voicemails.link(user, voicemail)

    def dissociate_voicemail(self, user: User) -> None:
        """A user has no voicemail any more; the voicemail stays."""
        current = self.state.voicemails.of(user)
        if current:
            self.operations.append(DissociateVoicemail(user, current))
            self.state.voicemails.unlink(user)

    def delete_voicemail(self, voicemail: Voicemail, release: bool = False) -> None:
        """Delete a voicemail; if somebody has it still, release takes it away, otherwise it stays with a warning."""
        self.operations.append(DeleteVoicemail(voicemail, release))
        self.state.voicemails.remove(voicemail)

    def _create_voicemail(self, values: Mapping[str, Any]) -> Voicemail:
        missing = [name for name in REQUIRED if not values.get(name)]
        if missing:
            raise InputError(f"A new voicemail needs {' and '.join(missing)}.")
        given = {name: canonical(name, value) for name, value in values.items()}
        given = {name: value for name, value in given.items() if value is not None}
        self._check_values(VOICEMAIL, given)
        check_context(self.state, given["context"])
        voicemail = Voicemail(fields={**{field.name: field.default for field in VOICEMAIL.fields}, **given})
        self.operations.append(CreateVoicemail(voicemail, given))
        self.state.voicemails.add(voicemail)
        return voicemail

    def _refuse_taken_number(self, voicemail: Voicemail, changes: Mapping[str, Any]) -> None:
        number, context = (changes.get(name, voicemail[name]) for name in ("number", "context"))
        if "context" in changes:
            check_context(self.state, context)
        occupant = self.state.voicemails.at(number, context)
        if occupant and occupant is not voicemail:
            raise ConflictError(
                f"{occupant} exists already (id {occupant.id}).",
                "Remove or renumber that one first, or take another number.",
            )
