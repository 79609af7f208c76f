# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plans voicemails and their users."""

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
from .._model.rules import VOICEMAIL_OF_USER, raise_problems
from .._operations.voicemail import (
    AssociateVoicemail,
    CreateVoicemail,
    DeleteVoicemail,
    DissociateVoicemail,
    UpdateVoicemail,
)
from .._state.context_checks import check_context
from .user_parts import UserPartPlanner

REQUIRED = ("name", "number", "context")
NEW_VOICEMAIL = {field.name: field.default for field in VOICEMAIL.fields}


class VoicemailPlanner(UserPartPlanner):
    """Plans the creation, change and deletion of voicemails, and their associations with users."""

    def ensure_voicemail(
        self, found: Voicemail | None, values: Mapping[str, Any], users: Iterable[User] = ()
    ) -> Voicemail:
        """Create a voicemail with these values, or give the found one the values that differ. Its users keep it.

        users: the users that are likely to have it, who are asked first.
        Raises InputError when a value that confd requires is missing, ConflictError when another voicemail has the new
        number.
        """
        if found is None:
            return self._create_voicemail(values)
        emptied = [name for name in REQUIRED if values.get(name) == ""]
        if emptied:
            raise InputError(f"{emptied[0]} of {found} cannot be empty: confd requires it.")
        raise_problems(self.problems_of_voicemail(found, values))
        changes = differences(found.fields, self._updatable(VOICEMAIL, values))
        if changes:
            self._refuse_taken_number(found, changes)
            old = {name: found[name] for name in changes}
            self.operations.append(UpdateVoicemail(found, changes, old, tuple(users)))
            self.state.voicemails.change(found, changes)
        return found

    def problems_of_voicemail(self, found: Voicemail | None, values: Mapping[str, Any]) -> list[str]:
        """Return a text for each of the values that the server would not store. found: None for a new voicemail."""
        backend = self.state.backend
        changes = _given(values) if found is None else differences(found.fields, self._updatable(VOICEMAIL, values))
        after = {**(NEW_VOICEMAIL if found is None else found.fields), **changes}
        return [
            *backend.problems_of_values(VOICEMAIL, {name: values[name] for name in changes}),
            *backend.problems_of_combination(VOICEMAIL, after, changes, self.has(None)),
        ]

    def associate_voicemail(self, user: User, voicemail: Voicemail) -> None:
        """Give a user a voicemail. Its other users keep it.

        Raises ConflictError when the user has another voicemail.
        """
        current = self.state.voicemails.of(user)
        if current is voicemail:
            return
        if current:
            raise ConflictError(
                f"{user} already has {current} (id {current.id}).",
                "Change its number (confd_voicemail with its id), or remove it first.",
            )
        self._refuse_for(user, VOICEMAIL_OF_USER)
        self.operations.append(AssociateVoicemail(user, voicemail))
        self.state.voicemails.link(user, voicemail)

    def dissociate_voicemail(self, user: User) -> None:
        """Take the voicemail from a user. The voicemail itself stays."""
        current = self.state.voicemails.of(user)
        if current:
            self.operations.append(DissociateVoicemail(user, current))
            self.state.voicemails.unlink(user)

    def delete_voicemail(self, voicemail: Voicemail, release: bool = False) -> None:
        """Delete a voicemail.

        release: whether to dissociate its users first. Without it, a voicemail that a user has stays, with a warning.
        """
        locked = self.clear_fallbacks_to(voicemail)
        operation = DeleteVoicemail(voicemail, release)
        operation.warning = locked
        self.operations.append(operation)
        self.state.voicemails.remove(voicemail)

    def _create_voicemail(self, values: Mapping[str, Any]) -> Voicemail:
        missing = [name for name in REQUIRED if not values.get(name)]
        if missing:
            raise InputError(f"A new voicemail needs {' and '.join(missing)}.")
        raise_problems(self.problems_of_voicemail(None, values))
        given = _given(values)
        check_context(self.state, given["context"])
        voicemail = Voicemail(fields={**NEW_VOICEMAIL, **given})
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
                f"{occupant} already exists (id {occupant.id}).",
                "Remove it or change its number first, or use another number.",
            )


def _given(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of a new voicemail in canonical form, without the empty ones."""
    given = {name: canonical(name, value) for name, value in values.items()}
    return {name: value for name, value in given.items() if value is not None}
