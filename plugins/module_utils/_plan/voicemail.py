# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What would change about a voicemail and who has it, as steps of a Planner."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from .._model.errors import ConflictError, InputError
from .._model.records import User, Voicemail
from .._model.resources import VOICEMAIL, canonical, differences
from .._model.rules import check_values
from .._operations.voicemail import (
    AssociateVoicemail,
    CreateVoicemail,
    DeleteVoicemail,
    DissociateVoicemail,
    UpdateVoicemail,
)
from .._state.context_checks import check_context
from .planner import Planner

REQUIRED = ("name", "number", "context")


def plan_voicemail(
    planner: Planner, found: Voicemail | None, values: Mapping[str, Any], users: Iterable[User] = ()
) -> Voicemail:
    """Create a voicemail with these values, or give the found one those that differ; who has it keeps it.

    users: who is likely to have it, which spares looking for them.
    Raises InputError when one that confd wants is missing, ConflictError when the new number is another voicemail's.
    """
    if found is None:
        return _create(planner, values)
    emptied = [name for name in REQUIRED if values.get(name) == ""]
    if emptied:
        raise InputError(f"{emptied[0]} of {found} cannot be emptied: confd wants one.")
    keep_password = not planner.policy.update_passwords
    wanted = {name: value for name, value in values.items() if not (keep_password and name in VOICEMAIL.secrets)}
    changes = differences(found.fields, wanted)
    if changes:
        check_values(VOICEMAIL, changes, planner.state.backend.api)
        _refuse_taken(planner, found, changes)
        old = {name: found[name] for name in changes}
        planner.operations.append(UpdateVoicemail(found, changes, old, tuple(users)))
        planner.state.voicemails.change(found, changes)
    return found


def give_voicemail(planner: Planner, user: User, voicemail: Voicemail) -> None:
    """A user has this voicemail from then on; other users of it keep it as well.

    Raises ConflictError when the user has another one.
    """
    current = planner.state.voicemails.of(user)
    if current is voicemail:
        return
    if current:
        raise ConflictError(
            f"{user} has {current} already (id {current.id}).",
            "Give its id to change its number (confd_voicemail), or remove it first.",
        )
    planner.operations.append(AssociateVoicemail(user, voicemail))
    planner.state.voicemails.link(user, voicemail)


def take_voicemail(planner: Planner, user: User) -> None:
    """A user has no voicemail any more; the voicemail stays."""
    current = planner.state.voicemails.of(user)
    if current:
        planner.operations.append(DissociateVoicemail(user, current))
        planner.state.voicemails.unlink(user)


def remove_voicemail(planner: Planner, voicemail: Voicemail, release: bool = False) -> None:
    """Delete a voicemail; if somebody has it still, release takes it away, otherwise it stays with a warning."""
    planner.operations.append(DeleteVoicemail(voicemail, release))
    planner.state.voicemails.remove(voicemail)


def _create(planner: Planner, values: Mapping[str, Any]) -> Voicemail:
    missing = [name for name in REQUIRED if not values.get(name)]
    if missing:
        raise InputError(f"A new voicemail needs {' and '.join(missing)}.")
    given = {name: canonical(name, value) for name, value in values.items()}
    given = {name: value for name, value in given.items() if value is not None}
    check_values(VOICEMAIL, given, planner.state.backend.api)
    check_context(planner.state, given["context"])
    voicemail = Voicemail(fields={**{field.name: field.default for field in VOICEMAIL.fields}, **given})
    planner.operations.append(CreateVoicemail(voicemail, given))
    planner.state.voicemails.add(voicemail)
    return voicemail


def _refuse_taken(planner: Planner, voicemail: Voicemail, changes: Mapping[str, Any]) -> None:
    number, context = (changes.get(name, voicemail[name]) for name in ("number", "context"))
    if "context" in changes:
        check_context(planner.state, context)
    occupant = planner.state.voicemails.at(number, context)
    if occupant and occupant is not voicemail:
        raise ConflictError(
            f"{occupant} exists already (id {occupant.id}).",
            "Remove or renumber that one first, or take another number.",
        )
