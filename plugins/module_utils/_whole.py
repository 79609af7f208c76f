# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A new user with everything around in one request, where a generation can and the plan is nothing but that.

A server that makes whole users takes a free extension of the wanted number over without a word, and widens the ranges
of a context for an incall (facts file wazo-26.08, section 6). So only plans are taken whose numbers were all looked
for, not found, and held against the ranges of their contexts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from ._apply import apply, tell_of_others
from ._backends import Backend, NewUser, WholeUser
from ._errors import ConfdError, RequestError
from ._records import Extension
from ._steps import (
    AssociateIncall,
    AssociateNumber,
    AssociateUser,
    CreateExtension,
    CreateLine,
    CreateUser,
    Step,
)
from ._steps_voicemail import AssociateVoicemail, CreateVoicemail
from ._sure import holds

SINGLE = (CreateUser, CreateLine, AssociateUser, AssociateNumber)
"""What a whole user has one of, ..."""
OPTIONAL = (CreateVoicemail, AssociateVoicemail)
"""... at most one of, ..."""
SEVERAL = (CreateExtension, AssociateIncall)
"""... and any number of."""

_S = TypeVar("_S", bound=Step)


def carry_out(backend: Backend, steps: Sequence[Step], done: list[Step]) -> None:
    """Perform the steps, at once if that is possible; ``done`` collects those that were performed.

    Raises what ``apply`` raises.
    """
    whole = _whole(steps) if backend.creates_whole_users else None
    if whole is None:
        apply(backend, steps, done)
        return
    try:
        whole.perform(backend)
    except ConfdError as error:
        error.message = f"Could not {whole.user.text} with everything around: {error.message}"
        tell_of_others(error)
        raise
    done.extend(steps)


@dataclass
class _Whole:
    """The steps that make a user, by what they make."""

    user: CreateUser
    line: CreateLine
    number: Extension
    incalls: list[Extension] = field(default_factory=list)
    voicemail: CreateVoicemail | None = None

    def perform(self, backend: Backend) -> None:
        """Make the user, and let the records know their ids. A lost answer is looked up, and never repeated."""
        new = NewUser(
            self.user.values,
            self.line.values,
            self.number.key,
            [extension.key for extension in self.incalls],
            self.voicemail.values if self.voicemail else None,
        )
        try:
            made = backend.create_whole_user(new)
        except RequestError as error:
            found = backend.find_whole_user(new) if error.may_have_acted else None
            if found is None or not holds(found.user, self.user.values):
                raise
            made = found
        self._take_ids(made)

    def _take_ids(self, made: WholeUser) -> None:
        user, line = self.user.user, self.line.line
        user.id, user.uuid = made.user["id"], made.user.get("uuid")
        line.id = made.line["id"]
        line.fields.update({name: value for name, value in made.line.items() if name in line.resource.field_names})
        for extension in (self.number, *self.incalls):
            extension.id = made.numbers[extension.key]
        if self.voicemail:
            self.voicemail.voicemail.id = made.voicemail_id


def _whole(steps: Sequence[Step]) -> _Whole | None:
    """The whole user that steps make; None if they make less, or do something else."""
    if not all(type(step) in (*SINGLE, *OPTIONAL, *SEVERAL) for step in steps):
        return None
    if not all(len(_of(steps, kind)) == 1 for kind in SINGLE):
        return None
    number = _of(steps, AssociateNumber)[0].extension
    incalls = [step.extension for step in _of(steps, AssociateIncall)]
    fresh: list[Any] = [step.extension for step in _of(steps, CreateExtension) if not step.extension["commented"]]
    if {id(each) for each in fresh} != {id(each) for each in (number, *incalls)}:
        return None
    voicemails, owners = _of(steps, CreateVoicemail), _of(steps, AssociateVoicemail)
    if [step.voicemail for step in voicemails] != [step.voicemail for step in owners] or len(voicemails) > 1:
        return None
    user, line = _of(steps, CreateUser)[0], _of(steps, CreateLine)[0]
    return _Whole(user, line, number, incalls, voicemails[0] if voicemails else None)


def _of(steps: Sequence[Step], kind: type[_S]) -> list[_S]:
    return [step for step in steps if isinstance(step, kind)]
