# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is written about voicemails.

confd may refuse to change or delete a voicemail that somebody has (facts file xivo-15.12, section "voicemails"), and
does not say who that is. So the change is tried first; where it is refused the users are looked for, the likely ones
first, lose the voicemail for the moment of the change, and have it again afterwards.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from .._backends.base import Backend, VoicemailOwner
from .._http.confirm import confirm_update, create_once
from .._model.errors import ConfdError, ConflictError, InUseError
from .._model.records import Row, User, Voicemail
from .base import Associate, Association, Delete, Dissociate, Operation, Update, are_opposites, id_of, set_fields
from .verify import if_holds

_T = TypeVar("_T")


@dataclass
class CreateVoicemail(Operation):
    """Creates a voicemail, which nobody has yet."""

    action = "create"
    resource_type = "voicemail"
    voicemail: Voicemail
    values: Row

    def describe(self) -> str:
        return str(self.voicemail)

    @property
    def after(self) -> Row:
        return set_fields(self.voicemail)

    def perform(self, backend: Backend) -> None:
        number, context = self.voicemail.key
        row = create_once(
            lambda: backend.create_voicemail(self.values),
            lambda: backend.find_voicemail(number, context),
        )
        self.voicemail.id = row["id"]

    @property
    def created(self) -> Voicemail:
        return self.voicemail

    def reverse(self) -> Operation:
        return DeleteVoicemail(self.voicemail)


@dataclass
class UpdateVoicemail(Update):
    """Changes fields of a voicemail; whoever has it keeps it. users: who is likely to have it."""

    resource_type = "voicemail"
    voicemail: Voicemail
    changes: Row
    old: Row
    users: Iterable[User] = ()

    def describe(self) -> str:
        number, context = (self.old.get(name, self.voicemail[name]) for name in ("number", "context"))
        return f"voicemail {number}@{context}"

    def perform(self, backend: Backend) -> None:
        def change() -> Row:
            return confirm_update(lambda: self.write(backend), lambda: if_holds(self.read(backend), self.changes))

        self.check(_Release(backend, self.voicemail, self.users).lend(change))

    def write(self, backend: Backend) -> Row:
        return backend.update_voicemail(id_of(self.voicemail), self.changes)

    def read(self, backend: Backend) -> Row | None:
        return backend.get_voicemail(id_of(self.voicemail))


@dataclass
class DeleteVoicemail(Delete):
    """Deletes a voicemail. It stays, with a warning, if somebody has it and ``release`` is not set.

    release: take it from everybody who has it first. users: who is likely to have it.
    """

    resource_type = "voicemail"
    voicemail: Voicemail
    release: bool = False
    users: Iterable[User] = ()

    @property
    def record(self) -> Voicemail:
        return self.voicemail

    def perform(self, backend: Backend) -> None:
        delete = super().perform
        try:
            if self.release:
                _Release(backend, self.voicemail, self.users).take(lambda: delete(backend))
            else:
                delete(backend)
        except InUseError:
            if self.release:
                raise
            self.warning = f"{self.subject} is shared with another user and was left there."

    def delete(self, backend: Backend) -> None:
        backend.delete_voicemail(id_of(self.voicemail))

    def read(self, backend: Backend) -> Row | None:
        return backend.get_voicemail(id_of(self.voicemail))


@dataclass
class _UserVoicemail(Association):
    resource_type = "voicemail"
    OWNER, OWNED = "user", "voicemail"
    user: User
    voicemail: Voicemail
    enabled: bool = True

    def describe(self) -> str:
        return f"{self.voicemail} with {self.user}"

    @property
    def pair(self) -> Row:
        return {"user_id": self.user.id, "voicemail_id": self.voicemail.id, "voicemail": str(self.voicemail)}

    def exists(self, backend: Backend) -> bool:
        return backend.voicemail_of_user(id_of(self.user)) == self.voicemail.id

    def associate(self, backend: Backend) -> None:
        backend.associate_voicemail(id_of(self.user), id_of(self.voicemail), self.enabled)

    def dissociate(self, backend: Backend) -> None:
        backend.dissociate_voicemail(id_of(self.user))


class AssociateVoicemail(_UserVoicemail, Associate):
    """Gives a user a voicemail."""


class DissociateVoicemail(_UserVoicemail, Dissociate):
    """Takes a user's voicemail from the user."""


are_opposites(AssociateVoicemail, DissociateVoicemail)


class _Release:
    """Takes a voicemail away from its users, one after the other, until confd lets it be changed."""

    def __init__(self, backend: Backend, voicemail: Voicemail, likely: Iterable[User]) -> None:
        self.backend = backend
        self.voicemail = voicemail
        self._likely = [user.id for user in likely if user.id]
        self._released: list[VoicemailOwner] = []

    def take(self, act: Callable[[], _T]) -> _T:
        """Do it, and leave the users without the voicemail. Raises what the last attempt raises."""
        return self._until_free(act, lambda owner: None)

    def lend(self, act: Callable[[], _T]) -> _T:
        """Do it, and give the voicemail back to its users, also when it fails.

        Raises ConflictError, before anything is taken away, when a user could not get it back.
        """
        try:
            result = self._until_free(act, self._refuse_without_line)
        except ConfdError as error:
            lost = self._give_back()
            if lost:
                error.hint = f"{error.hint} {lost}".strip()
            raise
        lost = self._give_back()
        if lost:
            raise ConfdError("The voicemail was changed.", lost)
        return result

    def _until_free(self, act: Callable[[], _T], check: Callable[[VoicemailOwner], None]) -> _T:
        owners = self.backend.owners_of_voicemail(id_of(self.voicemail), self._likely)
        while True:
            try:
                return act()
            except InUseError as error:
                owner = next(owners, None)
                if owner is None:
                    error.hint = "But no user shows that it is theirs."
                    raise
            check(owner)
            self._released.append(owner)
            DissociateVoicemail(User(id=owner.user_id), self.voicemail).perform(self.backend)

    def _refuse_without_line(self, owner: VoicemailOwner) -> None:
        if self.backend.line_of_user(owner.user_id) is None:
            raise ConflictError(
                f"{self.voicemail} belongs to user {owner.user_id}, who has no line and could not get it back.",
                "Give the user a line first (confd_user_line), or take the voicemail away.",
            )

    def _give_back(self) -> str:
        """Associate the users again, enabled as before. Returns in words who could not get it back."""
        lost = []
        for owner in self._released:
            try:
                self._associate(owner)
            except ConfdError as error:
                lost.append(f"User {owner.user_id} has lost {self.voicemail}, associate them again: {error}")
        return " ".join(lost)

    def _associate(self, owner: VoicemailOwner) -> None:
        if self.backend.voicemail_of_user(owner.user_id) is None:
            AssociateVoicemail(User(id=owner.user_id), self.voicemail, owner.enabled).perform(self.backend)
