# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What every generation does with voicemails."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ..._model.records import Row


@dataclass(frozen=True)
class VoicemailOwner:
    """A user who has a voicemail, and whether it takes messages."""

    user_id: int
    enabled: bool = True


class VoicemailInterface(ABC):
    """Reads and writes voicemails, and associates them with users."""

    @abstractmethod
    def list_voicemails(self) -> list[Row]:
        """Return all voicemails; with the key "user_ids" where the generation's list shows the users."""

    @abstractmethod
    def get_voicemail(self, voicemail_id: int) -> Row | None:
        """Return a voicemail; None if there is none."""

    @abstractmethod
    def find_voicemail(self, number: str, context: str) -> Row | None:
        """Return the voicemail with this number in this context; None if there is none."""

    @abstractmethod
    def create_voicemail(self, values: Row) -> Row:
        """Create a voicemail and return it, with its id."""

    @abstractmethod
    def update_voicemail(self, voicemail_id: int, changes: Row) -> Row:
        """Write the changes and return what is read back.

        Raises InUseError where a user has the voicemail and this generation refuses for that.
        """

    @abstractmethod
    def delete_voicemail(self, voicemail_id: int) -> None:
        """Delete a voicemail. Raises InUseError if a user has it."""

    @abstractmethod
    def voicemail_of_user(self, user_id: int) -> int | None:
        """Return the id of a user's voicemail; None for a user without one."""

    @abstractmethod
    def owners_of_voicemail(self, voicemail_id: int, likely: Iterable[int] = ()) -> Iterator[VoicemailOwner]:
        """Yield the users who have a voicemail. likely: the ids of the users to look at first."""

    @abstractmethod
    def associate_voicemail(self, user_id: int, voicemail_id: int, enabled: bool = True) -> None:
        """Associate a user with a voicemail. enabled: whether it takes messages."""

    @abstractmethod
    def dissociate_voicemail(self, user_id: int) -> None:
        """Dissociate a user from the voicemail."""
