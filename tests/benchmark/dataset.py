# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The users of the benchmark: the list that wants them, a server that has room for them, a server that has them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from simulator import Context, Range
from simulator.database import Database

CONTEXTS = (
    Context("default", "internal", (Range("100000", "199999"),)),
    Context("from-extern", "incall", (Range("200000", "299999"),)),
)


@dataclass(frozen=True)
class Member:
    """One of the users."""

    index: int

    @property
    def firstname(self) -> str:
        return f"First{self.index}"

    @property
    def lastname(self) -> str:
        return f"Last{self.index}"

    @property
    def exten(self) -> str:
        return str(100000 + self.index)

    @property
    def incall(self) -> str:
        return str(200000 + self.index)

    @property
    def userfield(self) -> str:
        return f"HR-{self.index}"

    def entry(self, with_incall: bool = True, by_userfield: bool = False) -> dict[str, Any]:
        """What the list says of this user."""
        match = {"match": {"userfield": self.userfield}} if by_userfield else {}
        incall = {"incall": {"exten": self.incall, "context": "from-extern"}} if with_incall else {}
        return {
            "user": {"firstname": self.firstname, "lastname": self.lastname},
            "extension": {"exten": self.exten, "context": "default"},
            **incall,
            **match,
        }

    @property
    def partner(self) -> dict[str, str]:
        """The user to whom this user's calls go, and who is on this user's key: two lead to each other."""
        other = Member(self.index ^ 1)
        return {"firstname": other.firstname, "lastname": other.lastname}

    def settings(self) -> dict[str, Any]:
        """What the list says of the login, the forwards, the fallbacks and the function keys."""
        return {
            "login": {"username": f"user{self.index}", "password": f"s3cret-{self.index}"},
            "forwards": {"busy": {"enabled": True, "destination": "100000"}},
            "services": {"dnd": True},
            "fallbacks": {"noanswer": {"user": self.partner}},
            "func_keys": {"keys": {"1": {"destination": {"user": self.partner}, "label": "Partner"}}},
        }


def members(size: int) -> Iterator[Member]:
    yield from map(Member, range(size))


def entries(size: int, with_incall: bool = True, by_userfield: bool = False) -> list[dict[str, Any]]:
    return [member.entry(with_incall, by_userfield) for member in members(size)]


def populate(database: Database, size: int) -> None:
    """Let a server have all of them already, incalls included."""
    for member in members(size):
        name = f"{member.firstname} {member.lastname}"
        user = database.users.insert(
            firstname=member.firstname,
            lastname=member.lastname,
            caller_id=f'"{name}"',
            userfield=member.userfield,
        )
        line = database.lines.insert(
            username=f"line{member.index}",
            secret="secret",
            context="default",
            sip_context="default",
            device_slot=1,
            provisioning_extension=str(100000 + member.index),
            callerid=f'"{name}" <{member.exten}>',
        )
        extension = database.extensions.insert(exten=member.exten, context="default")
        incall = database.incalls.insert(exten=member.incall, context="from-extern", user_id=user.id)
        database.extensions.insert(exten=member.incall, context="from-extern", type="incall", typeval=str(incall.id))
        database.user_lines.insert(user_id=user.id, line_id=line.id, main_user=True, main_line=True)
        database.line_extensions.insert(line_id=line.id, extension_id=extension.id)
