# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What some generations do in one request: create complete users."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ..._model.errors import UnsupportedError
from ..._model.numbers import ExtensionKey
from ..._model.records import Row


@dataclass(frozen=True)
class NewUser:
    """A user to create, with line, extension, incalls and voicemail. Numbers are (exten, context)."""

    user: Row
    line: Row
    number: ExtensionKey
    incalls: Sequence[ExtensionKey] = ()
    voicemail: Row | None = None


@dataclass(frozen=True)
class CreatedUser:
    """What a request has created for a NewUser. Rows always have an id, and the fields that the server shows.

    numbers: {(exten, context): id of the extension}.
    """

    user: Row
    line: Row
    numbers: Mapping[ExtensionKey, int]
    voicemail_id: int | None = None


class BatchInterface:
    """Creates users with everything that belongs to them in one request."""

    @property
    def batch_size(self) -> int:
        """How many users one request creates, all or none of them; 0 where this generation has no such request."""
        return 0

    def supported_part(self, new: NewUser) -> NewUser | None:
        """Return what the request carries of a user; the rest is written afterwards. None: not even the line."""
        return new

    def create_batch(self, new: Sequence[NewUser]) -> list[CreatedUser]:
        """Create the supported parts of some users, or nothing.

        The extensions must not exist, and must be in the ranges of their contexts. Where the server says which users it
        refuses, ``rows`` of the RefusedError has their positions (from 1).
        """
        raise UnsupportedError("This server cannot create a user with line and extension in one request.")

    def find_batch(self, new: Sequence[NewUser]) -> list[CreatedUser | None]:
        """Return what a create_batch whose answer was lost has created; None for what it has not."""
        raise UnsupportedError("This server cannot create a user with line and extension in one request.")
