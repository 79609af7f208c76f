# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Operations on voicemails.

Some servers refuse to change or delete a voicemail that a user has, and do not say which user it is (xivo-15.12.md,
"voicemails and users/ID/voicemail"). So the change is tried first. If it is refused, the users of the voicemail are
looked for, the likely ones first, and dissociated one by one until the change succeeds; then they are associated again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TypeVar

from .._backends.base import Backend
from .._backends.interface import VoicemailOwner
from .._http.confirm import confirm_update
from .._model.errors import ConfdError, ConflictError, InUseError, PartlyAppliedError, ServerError
from .._model.records import Row, User, Voicemail, id_of
from .base import (
    Associate,
    Association,
    Create,
    Delete,
    Dissociate,
    Naming,
    Operation,
    Update,
    are_opposites,
    perform_twice,
)
from .verify import if_holds

_T = TypeVar("_T")


@dataclass
class CreateVoicemail(Create):
    """Creates a voicemail, without users."""

    resource_type = "voicemail"
    RECORD = "voicemail"
    voicemail: Voicemail
    values: Row
    is_own: bool = field(default=True, init=False)
    """Whether the voicemail was created, and not taken over from another client."""

    def reverse(self) -> Operation | None:
        return DeleteVoicemail(self.voicemail) if self.is_own else None

    def find_created(self, backend: Backend) -> Row | None:
        return backend.find_voicemail(*self.voicemail.key)


@dataclass
class UpdateVoicemail(Update):
    """Changes fields of a voicemail; its users keep it. users: the users that are likely to have it."""

    resource_type = "voicemail"
    RECORD = "voicemail"
    voicemail: Voicemail
    changes: Row
    old: Row
    users: Iterable[User] = ()
    lost: list[VoicemailOwner] = field(default_factory=list, init=False)
    """The users who could not be associated again."""

    def reversals(self) -> list[Operation]:
        given_back = [AssociateVoicemail(User(id=each.user_id), self.voicemail, each.enabled) for each in self.lost]
        return [*super().reversals(), *given_back]

    def describe(self, _name: Naming = str, /) -> str:
        number, context = (self.old.get(name, self.voicemail[name]) for name in ("number", "context"))
        return f"voicemail {number}@{context}"

    def perform(self, backend: Backend) -> None:
        def change() -> Row:
            return confirm_update(lambda: self.write(backend), lambda: if_holds(self.read(backend), self.changes))

        self.check(_Release(backend, self.voicemail, self.users, self.lost).lend(change))


@dataclass
class DeleteVoicemail(Delete):
    """Deletes a voicemail.

    release: whether to dissociate its users first. Without it, a voicemail that a user has stays, with a warning.
    users: the users that are likely to have it.
    """

    resource_type = "voicemail"
    RECORD = "voicemail"
    is_final = False
    voicemail: Voicemail
    release: bool = False
    users: Iterable[User] = ()

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
            self.warning = f"{self.subject} was not deleted: another user still has it."


@dataclass
class _UserVoicemail(Association):
    resource_type = "voicemail"
    OWNER, OWNED = "user", "voicemail"
    user: User
    voicemail: Voicemail
    enabled: bool = True

    @property
    def pair(self) -> Row:
        return {**super().pair, "voicemail": str(self.voicemail)}

    def exists(self, backend: Backend) -> bool:
        return backend.voicemail_of_user(id_of(self.user)) == self.voicemail.id

    def associate(self, backend: Backend) -> None:
        backend.associate_voicemail(id_of(self.user), id_of(self.voicemail), self.enabled)

    def dissociate(self, backend: Backend) -> None:
        backend.dissociate_voicemail(id_of(self.user))


class AssociateVoicemail(_UserVoicemail, Associate):
    """Gives a user a voicemail."""


class DissociateVoicemail(_UserVoicemail, Dissociate):
    """Takes the voicemail from a user."""


are_opposites(AssociateVoicemail, DissociateVoicemail)


def put_name_back(backend: Backend, voicemail: Voicemail, name: str, user: User) -> str:
    """Give a voicemail the name back that a PUT of its user has overwritten. Return a warning if that fails.

    Raises ServerError if the user has lost the voicemail, so that a rollback tries again.
    Source: xivo-15.12.md, "voicemails and users/ID/voicemail"; person-xivo-16.16.md, "users/ID/voicemails".
    """
    problem = ""
    for _attempt in range(2):
        try:
            UpdateVoicemail(voicemail, {"name": name}, {}, [user]).perform(backend)
            if backend.voicemail_of_user(id_of(user)) is None:
                AssociateVoicemail(user, voicemail).perform(backend)
        except ConfdError as error:
            problem = str(error)
        else:
            return ""
    if backend.voicemail_of_user(id_of(user)) is None:
        raise ServerError(f"{user} has lost {voicemail}: {problem}", hint="Associate them again with confd_voicemail.")
    return f"The server has given {voicemail} of {user} another name than {name!r}: {problem}"


class _Release:
    """Dissociates the users of a voicemail, one by one, until the server allows a change."""

    def __init__(
        self, backend: Backend, voicemail: Voicemail, likely: Iterable[User], lost: list[VoicemailOwner] | None = None
    ) -> None:
        self.backend = backend
        self.voicemail = voicemail
        self._likely = [user.id for user in likely if user.id]
        self._released: list[VoicemailOwner] = []
        self._lost = [] if lost is None else lost

    def take(self, act: Callable[[], _T]) -> _T:
        """Do the change and leave the users without the voicemail. Raises the error of the last attempt."""
        return self._until_free(act, lambda owner: None)

    def lend(self, act: Callable[[], _T]) -> _T:
        """Do the change and associate the users again, also when it fails.

        Raises ConflictError, before a user is dissociated who could not be associated again.
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
            raise PartlyAppliedError(f"{self.voicemail} was changed, but some of its users have lost it.", lost)
        return result

    def _until_free(self, act: Callable[[], _T], check: Callable[[VoicemailOwner], None]) -> _T:
        owners = self.backend.owners_of_voicemail(id_of(self.voicemail), self._likely)
        while True:
            try:
                return act()
            except InUseError as error:
                owner = next(owners, None)
                if owner is None:
                    error.hint = "No user was found who has this voicemail."
                    raise
            check(owner)
            self._released.append(owner)
            DissociateVoicemail(User(id=owner.user_id), self.voicemail).perform(self.backend)

    def _refuse_without_line(self, owner: VoicemailOwner) -> None:
        if self.backend.line_of_user(owner.user_id) is None:
            raise ConflictError(
                f"{self.voicemail} cannot be changed: user {owner.user_id} has it and has no line. It would have to be "
                "dissociated from the user for the change and could not be associated again.",
                "Associate the user with a line first (confd_user_line), or dissociate the voicemail.",
            )

    def _give_back(self) -> str:
        """Associate the users again, enabled as before. Return one sentence for each user for whom this fails."""
        lost = []
        for owner in self._released:
            try:
                if self.backend.voicemail_of_user(owner.user_id) is None:
                    perform_twice(
                        AssociateVoicemail(User(id=owner.user_id), self.voicemail, owner.enabled), self.backend
                    )
            except ConfdError as error:
                self._lost.append(owner)
                lost.append(f"User {owner.user_id} no longer has {self.voicemail}; associate them again. {error}")
        return " ".join(lost)
