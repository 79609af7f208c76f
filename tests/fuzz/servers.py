# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Furnish a random server with what can belong to people, and with what belongs to nobody or is odd."""

from __future__ import annotations

import random
from typing import Any

from ansible_collections.xivo.confd.plugins.module_utils._model.sip_usernames import username_prefix
from simulator import wazo, xivo16
from simulator.database import Database
from support.random_servers import Builder
from support.xivo16_wazo_servers import builder_of

FIRSTNAMES = ("Ann", "Bob", "Cleo", "Dan", "Eve")
LASTNAMES = ("", "Lee", "Zoe")
HAND_MADE = "fax01"
"""SIP username of the line that an administrator made by hand."""
EMAILS = ("ann@a.example", "Bob@a.example", "cleo@a.example", "dan@a.example")
USERNAMES = ("annl", "bobl", "cleol", "danl")
CODES = ("111111", "222222", "333333")
DEVICES = ("dev1", "dev2", "dev3")
OLDER = "xivo15"


class Furniture:
    """Adds to the people whom a Builder made what the younger part of the rules is about."""

    def __init__(self, api: str, builder: Builder) -> None:
        self.api = api
        self.builder = builder
        self.chance = builder.chance
        self.database: Any = builder.database

    def furnish(self) -> None:
        """Add everything with its probability."""
        self._give_values()
        for add, one_of in (
            (self._place_phones, 2),
            (self._switch_off, 2),
            (self._add_mailboxes, 2),
            (self._add_ownerless_mailbox, 2),
            (self._add_twin_number, 3),
            (self._add_hand_made_line, 3),
            (self._add_incall_to_queue, 4),
            (self._add_left_line, 6),
        ):
            if self.builder.is_seldom(one_of):
                add()
        for line in self.database.lines:
            self._refresh_callerid(line)
        self._make_another_kind()

    def _refresh_callerid(self, line: Any) -> None:
        """Write the caller ID of a line as its server keeps it."""
        user = self.database.main_user_of(line.id)
        if user is None:
            return
        if self.api == OLDER:
            extension = self.database.internal_extension_of(line.id)
            line.callerid = f'"{user.fullname}" <{extension.exten}>' if extension else f'"{user.fullname}"'
        elif self.api == "xivo16":
            xivo16.callerid.refresh(self.database, line)
        else:
            wazo.callerid.refresh_callerid(self.database, line)

    def _give_values(self) -> None:
        """Give people unique values; on xivo15 two may have one username, and nobody has an e-mail."""
        emails, usernames, codes = (self._shuffled(each) for each in (EMAILS, USERNAMES, CODES))
        for number, user in enumerate(self.database.users, 1):
            if self.builder.is_seldom(2):
                user.userfield = f"HR-{number}"
            if self.builder.is_seldom(3) and usernames:
                user.username = usernames.pop()
            if self.api != OLDER and self.builder.is_seldom(3) and emails:
                user.email = emails.pop()
        for line in self.database.lines:
            if codes and self.builder.is_seldom(4):
                line.provisioning_extension = codes.pop()

    def _place_phones(self) -> None:
        """Put lines on telephones; two lines may be on one, on different keys."""
        if self.api == OLDER:
            return
        taken = {(line.device_id, self._slot(line)) for line in self.database.lines}
        for line in self.database.lines:
            device, slot = self.chance.choice(DEVICES), self.chance.choice((1, 1, 2))
            used = self.database.line_extensions.first(line_id=line.id) and self.database.user_lines.first(
                line_id=line.id
            )
            if used and not line.device_id and (device, slot) not in taken and self.builder.is_seldom(2):
                setattr(line, "position" if self.api == "wazo" else "device_slot", slot)
                self.database.put_device_on_line(line.id, device)
                taken.add((device, slot))

    def _slot(self, line: Any) -> int:
        return int(line.position if self.api == "wazo" else line.device_slot)

    def _switch_off(self) -> None:
        for extension in self.database.extensions:
            if extension.context != "xivo-features" and self.builder.is_seldom(3):
                extension.commented = True

    def _add_mailboxes(self) -> None:
        """Give people without mailbox one with values, at their number, or the one of somebody else."""
        for person in self.builder.people:
            has_line = self.database.user_lines.first(user_id=person.user_id)
            has_mailbox = self.database.user_voicemails.first(user_id=person.user_id)
            if has_line and not has_mailbox and self.builder.is_seldom(2):
                self.builder.add_voicemail(person.user_id, person.number)
        for voicemail in self.database.voicemails:
            owner = self.database.user_voicemails.first(voicemail_id=voicemail.id)
            user = owner and self.database.users.get(owner.user_id)
            if user:
                voicemail.name = user.fullname.strip() if self.builder.is_seldom(2) else voicemail.name
                voicemail.password = self.chance.choice((None, "4711"))
                voicemail.email = self.chance.choice((None, f"{user.firstname.lower()}@old.example"))

    def _add_ownerless_mailbox(self) -> None:
        """Add a mailbox without owner, at a free number or at that of somebody without mailbox."""
        numbers = [("1777", "default"), ("1503", "default")]
        numbers += [person.number for person in self.builder.people if person.number]
        exten, context = self.chance.choice(numbers)
        if self.database.voicemails.first(number=exten, context=context):
            return
        name = self.chance.choice(("Info desk", "Info desk", *FIRSTNAMES[:2]))
        email = self.chance.choice((None, "info@old.example"))
        self.database.voicemails.insert(name=name, number=exten, context=context, email=email, password="99")

    def _add_twin_number(self) -> None:
        """Add somebody in another context with the digits of somebody; on xivo15 with an account of the old context."""
        numbers = [person.number for person in self.builder.people if person.number and person.number[1] == "default"]
        if not numbers:
            return
        exten, _context = self.chance.choice(numbers)
        if self.database.extensions.first(exten=exten, context="sales"):
            return
        user = self.database.users.insert(firstname="Twin", lastname="T", caller_id='"Twin T"')
        line = self.builder.add_line("sales")
        self.builder.tie_line(user.id, line, main=True)
        if self.api == OLDER:
            self.database.lines.get(line).sip_context = self.chance.choice(("default", "sales"))
        extension = self.database.extensions.insert(exten=exten, context="sales")
        self.database.line_extensions.insert(line_id=line, extension_id=extension.id)

    def _add_hand_made_line(self) -> None:
        """Add a SIP account with a number and without a user, as for a fax."""
        line = self.builder.add_line("default")
        self._name_account(line, HAND_MADE)
        self.builder.add_number(line, "default")

    def _add_left_line(self) -> None:
        """Add a line with its number, marked for it, as an interrupted run leaves it."""
        line = self.builder.add_line("default")
        number = self.builder.add_number(line, "default")
        if number:
            self._name_account(line, username_prefix("@".join(number)) + "abcd1234")

    def _name_account(self, line_id: int, username: str) -> None:
        row = self.database.lines.get(line_id)
        if self.api != "wazo":
            row.username = username
        elif row.endpoint_uuid:
            endpoint = self.database.endpoints.get(row.endpoint_uuid)
            endpoint.name = username
            endpoint.auth_section_options = [["username", username], ["password", "byhand"]]

    def _add_incall_to_queue(self) -> None:
        if self.api == OLDER:
            extension = self.builder.add_extension("from-extern")
            extension.type, extension.typeval = "queue", "3"
        else:
            self.builder.add_left_over("elsewhere")

    def _make_another_kind(self) -> None:
        """Seldom make a line of somebody an SCCP line or a custom line. The other choices do not depend on this one."""
        chance = random.Random(str(self.chance.getstate()[1][:9]))
        lines = [line for line in self.database.lines if self.database.user_lines.first(line_id=line.id)]
        line = chance.choice(lines) if lines and chance.randrange(6) == 0 else None
        protocol = chance.choice(("sccp", "custom"))
        if line and self.api != "wazo":
            line.protocol, line.callerid = protocol, None
        elif line and line.endpoint_uuid:
            self.database.endpoints.delete(self.database.endpoint_of(line))
            line.endpoint_uuid, line.other_protocol = None, protocol

    def _shuffled(self, values: tuple[str, ...]) -> list[str]:
        return self.chance.sample(values, len(values))


def fill(api: str, database: Database, chance: random.Random) -> None:
    """Make the people of a random server, and what they and nobody have."""
    builder = builder_of(api, database, chance)
    builder.firstnames, builder.lastnames = FIRSTNAMES, LASTNAMES
    builder.build()
    Furniture(api, builder).furnish()
