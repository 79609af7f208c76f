# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Random servers of the younger generations, with what is odd in their own ways."""

from __future__ import annotations

import random
from typing import Any

from simulator.database import Database
from support.random_servers import Builder


class Builder16(Builder):
    """A XiVO 16.16: users with several lines, a number on two lines of one user, incalls to dead users."""

    odd = (*Builder.odd, "stranded", "elsewhere")

    def _person(self) -> None:
        super()._person()
        user = self.people[-1].user_id
        own = self.database.user_lines.where(user_id=user, main_user=True)
        if own and self.is_seldom(6):
            self.add_second_line(user, own[0].line_id)

    def add_second_line(self, user: int, first: int) -> None:
        line = self.add_line("default")
        self.database.user_lines.insert(user_id=user, line_id=line, main_user=True, main_line=False)
        number = self.database.line_extensions.first(line_id=first)
        if number and self.chance.random() < 0.5:
            self.database.share_extension(line, number.extension_id)
        else:
            self.add_number(line, "default")

    def add_left_over(self, kind: str) -> None:
        if kind not in ("stranded", "elsewhere"):
            super().add_left_over(kind)
            return
        extension = self.add_extension("from-extern")
        if kind == "stranded":
            self.lead(extension, {"type": "user", "user_id": 99}, 99)
        else:
            self.lead(extension, {"type": "queue", "queue_id": 3}, None)

    def add_incall(self, user: int) -> str:
        extension = self.add_extension("from-extern")
        self.lead(extension, {"type": "user", "user_id": user}, user)
        return str(extension.exten)

    def lead(self, extension: Any, destination: dict[str, Any], user: int | None) -> None:
        incall = self.database.incalls.insert(
            exten=extension.exten,
            context=extension.context,
            extension_id=extension.id,
            destination=destination,
            user_id=user,
        )
        extension.type, extension.typeval = "incall", str(incall.id)


class BuilderWazo(Builder16):
    """A Wazo: lines apart from their SIP endpoints, some without one; incalls that lead nowhere."""

    database: Any

    def add_line(self, context: str) -> int:
        database = self.database
        endpoint = None if self.is_seldom(8) else self._endpoint()
        row = database.lines.insert(
            tenant_uuid=database.master,
            context=context,
            provisioning_extension=database.random_provisioning_extension(),
            endpoint_uuid=endpoint,
        )
        return int(row.id)

    def _endpoint(self) -> str:
        database = self.database
        row = database.endpoints.insert(
            id=database.random_uuid(),
            tenant_uuid=database.master,
            name=database.random_account(),
            auth_section_options=[["username", database.random_account()], ["password", database.random_account()]],
            templates=[database.templates.first(label="global").id],
        )
        return str(row.id)

    def lead(self, extension: Any, destination: dict[str, Any], user: int | None) -> None:
        dead = destination.get("user_id") == 99
        incall = self.database.incalls.insert(
            tenant_uuid=self.database.master, destination={"type": "none"} if dead else destination
        )
        incall.set_destination(incall.destination)
        incall.set_extension(extension)


def builder_of(api: str, database: Database, chance: random.Random) -> Builder:
    """Who fills a server of this generation."""
    return {"xivo15": Builder, "xivo16": Builder16, "wazo": BuilderWazo}[api](database, chance)
