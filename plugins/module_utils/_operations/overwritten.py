# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Puts back what a server overwrites with each PUT of a user: the caller ID of the line, the name of the voicemail.

Source: xivo-15.12.md, trap 5; xivo-15.12.md, "lines_sip"; person-xivo-15.12.md, trap 7.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from .._backends.base import Backend
from .._model.callerids import canonical_caller_id
from .._model.errors import ConfdError
from .._model.records import Line, User, Voicemail, id_of
from .base import Operation, Update
from .line import UpdateLine
from .voicemail import put_name_back

NUMBERED = re.compile(r'"(.*)"(?: <(\S*)>)?', re.DOTALL)


@dataclass
class KeptCallerid:
    """The caller ID of a line through a write of its user: the parts that the server did not make stay.

    names: the user's name before and after. extens: the internal number before and after, None for no number.
    knows_exten: whether ``extens`` are known. goal: of a write that reverses another one, that of the other one.
    found: the caller ID before the write. is_read: whether it was read.
    """

    line: Line
    names: tuple[str, str]
    extens: tuple[str | None, str | None]
    knows_exten: bool
    goal: KeptCallerid | None = None
    found: str | None = field(default=None, init=False)
    is_read: bool = field(default=False, init=False)

    def reversed(self) -> KeptCallerid:
        """Return the same for the write that reverses this one."""
        names, extens = self.names[::-1], self.extens[::-1]
        return replace(self, names=names, extens=extens, goal=self if self.is_read else None)

    def read(self, backend: Backend) -> None:
        """Read the caller ID. To be called before the write."""
        self.found, self.is_read = backend.callerid_of_line(id_of(self.line)), True

    def after(self, callerid: str | None) -> str | None:
        """Return a caller ID as it should be after the write: its name and its number follow those of the user."""
        if self.goal:
            return self.goal.found
        parts = NUMBERED.fullmatch(callerid or "")
        if parts is None or (self.names[0] == self.names[1] and self.extens[0] == self.extens[1]):
            return callerid
        name = self.names[1] if _plain(parts[1]) == _plain(self.names[0]) else parts[1]
        exten = self.extens[1] if parts[2] == self.extens[0] else parts[2]
        return f'"{name}" <{exten}>' if exten else f'"{name}"'

    def put_back(self, backend: Backend) -> str:
        """Write the caller ID after the write of the user, if it is another one. Return a warning if that fails."""
        wanted = self.after(self.found)
        if self._is_made_of(wanted):
            return ""
        problem = ""
        for _attempt in range(2):
            try:
                now = backend.callerid_of_line(id_of(self.line))
                # The PUT of a secondary user does not overwrite anything.
                if (self.goal or now != self.found) and not _is_same(now, wanted):
                    UpdateLine(self.line, {"callerid": wanted}, {}).perform(backend)
            except ConfdError as error:
                problem = str(error)
            else:
                return ""
        return f"The server has overwritten the callerid {self.found!r} of {self.line}: {problem}"

    def _is_made_of(self, callerid: str | None) -> bool:
        """Return whether a caller ID is the one that the server makes."""
        parts = NUMBERED.fullmatch(callerid or "")
        is_made = parts is not None and (_plain(parts[1]), parts[2]) == (_plain(self.names[1]), self.extens[1])
        return is_made and self.knows_exten


class UpdateWithUser(Update):
    """Changes an object and writes a user. Subclasses have the fields user, named and kept.

    named: the user's voicemail and its own name, kept: the caller ID of the user's line, if the server would overwrite
    them.
    """

    user: User | None
    named: tuple[Voicemail, str] | None
    kept: KeptCallerid | None

    def perform(self, backend: Backend) -> None:
        if self.kept:
            self.kept.read(backend)
        super().perform(backend)
        lost_callerid = self.kept.put_back(backend) if self.kept else ""
        lost_name = put_name_back(backend, *self.named, self.user) if self.named and self.user else ""
        self.warning = " ".join(filter(None, (self.warning, lost_callerid, lost_name)))

    def reverse(self) -> Operation | None:
        reverse = super().reverse()
        if isinstance(reverse, UpdateWithUser) and self.kept:
            reverse.kept = self.kept.reversed()
        return reverse


def _plain(name: str) -> str:
    return " ".join(name.split())


def _is_same(one: str | None, other: str | None) -> bool:
    """Return whether two caller IDs differ at most in blanks before a quote."""
    return canonical_caller_id(one or "") == canonical_caller_id(other or "")
