# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lines of a ServerState, their users and their devices."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from .._model.records import UNDESCRIBED, Line, User, id_of
from .._model.resources import LINE, normalised
from .tables import RecordTable
from .users import UserState


class LineState(UserState):
    """Finds lines, the users of a line, the lines of a user, and the device that a line is on."""

    # Lines

    def lines(self) -> list[Line]:
        """Return all lines by id; those that are only planned come first."""
        if not self._all_lines:
            for row in self.backend.list_lines():
                self._lines.store(row)
            self._all_lines = True
        return [*self._new_lines, *(self._lines[key] for key in sorted(self._lines))]

    def line(self, line_id: int) -> Line | None:
        """Return the line of an id; None if there is none."""
        if line_id not in self._lines and not self.complete:
            row = self.backend.listed_line(line_id)
            return self._lines.store(row) if row else None
        return self._lines.get(line_id)

    def line_named(self, username: str) -> Line | None:
        """Return the line of a SIP username; None if there is none."""
        return next(iter(self.lines_with_unique("username", username)), None)

    def lines_with_unique(self, name: str, value: str) -> list[Line]:
        """Return the lines with a value of a unique field, by id."""
        found = self._lines_by_value.find_unique(name, value)
        if name == "provisioning_extension" and self.complete and not found and value.isdigit():
            return self._lines_left_out(value)
        return found

    def _lines_left_out(self, code: str) -> list[Line]:
        """Return the lines with a provisioning code that the snapshot does not show."""
        if code not in self._lines_by_code:
            ids = set(self.backend.lines_with_code(code)) - self._removed_lines
            rows = (self.backend.get(LINE, line_id) for line_id in ids if line_id not in self._lines)
            known = (self._lines[line_id] for line_id in ids if line_id in self._lines)
            self._lines_by_code[code] = [*known, *(RecordTable(Line).store(row) for row in rows if row)]
        # A line with another code is about to get that one.
        return [each for each in self._lines_by_code[code] if each["provisioning_extension"] in (None, code)]

    def lines_with_endpoint_name(self, name: str) -> list[Line]:
        """Return the lines whose endpoint has a name that is not their SIP username: no other line can have it."""
        if self._oddly_named is None:
            self._oddly_named = [line for line in self.lines() if line.endpoint_name not in (None, line["username"])]
        return [line for line in self._oddly_named if line.endpoint_name == name]

    def lines_marked(self, mark: str) -> list[Line]:
        """Return the lines whose SIP username begins with the mark that this collection gives them for a number."""
        if self._lines_by_mark is None:
            self._lines_by_mark = {}
            for line in self.lines():
                self._lines_by_mark.setdefault((line["username"] or "")[: len(mark)], []).append(line)
        return self._lines_by_mark.get(mark, [])

    def load_line_details(self, line: Line) -> Line:
        """Return the line, with its secret and caller ID read if they were not."""
        if not line.details_known and line.id:
            row = self.backend.get(LINE, line.id)
            if row:
                line.fields, line.details_known = {**normalised(line.resource, row), **line.fields}, True
        return line

    def load_line_apart(self, line: Line) -> None:
        """Read the fields of a line that are read apart from the others. Where all lines are known, those of all.

        A line that shows none has the defaults.
        """
        usual = {
            each.name: each.default for each in LINE.fields if each.apart and self.backend.has_field(LINE, each.name)
        }
        if line.predicted or line.fields.keys() >= usual.keys():
            return
        known = self._lines if self.complete else {id_of(line): line}
        rows = (
            self.backend.apart_of_lines() if self.complete else {id_of(line): self.backend.apart_of_line(id_of(line))}
        )
        for line_id, each in known.items():
            row = rows.get(line_id, {})
            each.fields = {**usual, **normalised(LINE, row), **each.fields}
            self._undescribed_of_lines[line_id] = row.get(UNDESCRIBED, {})

    def undescribed_of_line(self, line: Line) -> dict[str, str]:
        """Return {what in words: its value in words} of what a line has and no entry can describe.

        It is known of lines whose fields were read by ``load_line_apart`` together with those of all lines.
        """
        return self._undescribed_of_lines.get(line.id or 0, {})

    def add_line(self, line: Line) -> None:
        """Add a line that a planned operation creates: without user and extension."""
        self._new_lines.append(line)
        self._lines_by_value.add(line)
        self._users_of[line] = []
        self._extension_of[line] = None

    def remove_line(self, line: Line) -> None:
        """Remove a line that a planned operation deletes."""
        self._lines_by_value.discard(line)
        if line.id:
            self._lines.pop(line.id, None)
            self._removed_lines.add(line.id)
        self._new_lines = [each for each in self._new_lines if each is not line]

    # Their devices

    def device_of(self, line: Line) -> str | None:
        """Return the id of the device that a line is on; None if it is on none."""
        if not line.device_known and line.id:
            line.device_id, line.device_known = self.backend.device_of_line(line.id), True
        return line.device_id

    def lines_of_device(self, device_id: str) -> list[Line]:
        """Return the lines that are on a device, by id."""
        if device_id not in self._lines_on_device:
            found = [line for line in map(self.line, self.backend.lines_of_device(device_id)) if line]
            self._lines_on_device[device_id] = [line for line in found if self.device_of(line) == device_id]
        return self._lines_on_device[device_id]

    def put_on_device(self, line: Line, device_id: str | None) -> None:
        """Put a line on a device, or take it off its device with None."""
        before = self.device_of(line)
        line.device_id, line.device_known = device_id, True
        if before in self._lines_on_device:
            self._lines_on_device[before].remove(line)
        if device_id in self._lines_on_device:
            self._lines_on_device[device_id].append(line)

    def read_devices(self) -> None:
        """Read the devices of all lines at once."""
        if any(line.id and not line.device_known for line in self.lines()):
            for line_id, device_id in self.backend.devices_of_lines().items():
                if line_id in self._lines:
                    self._lines[line_id].device_id, self._lines[line_id].device_known = device_id, True

    # Their users

    def line_of(self, user: User) -> Line | None:
        """Return the main line of a user; None for a user without a line."""
        if user not in self._line_of:
            line_id = self.backend.line_of_user(user.id) if user.id else None
            self._line_of[user] = self.line(line_id) if line_id else None
        return self._line_of[user]

    def lines_of(self, user: User) -> list[Line]:
        """Return all lines of a user, the main line last. The others are known after ``read_snapshot`` only."""
        main = self.line_of(user)
        return [*self._other_lines.get(user, ()), *([main] if main else ())]

    def users_of(self, line: Line) -> list[User]:
        """Return the users of a line, the main user first."""
        if line not in self._users_of:
            ids = self.backend.users_of_line(line.id) if line.id else []
            self._users_of[line] = [user for user in map(self.user, ids) if user]
        return self._users_of[line]

    def main_user_of(self, line: Line) -> User | None:
        """Return the main user of a line; None for a line without users."""
        return next(iter(self.users_of(line)), None)

    def is_main_user(self, user: User, line: Line) -> bool:
        """Return whether a user who has a line is its main user."""
        if line in self._users_of or not (user.id and line.id):
            return self.main_user_of(line) in (None, user)
        return self.backend.is_main_user(user.id, line.id)

    def _set_users(self, line_id: int, user_ids: Iterable[int], main_lines: Mapping[int, int]) -> None:
        """Take the users of a line from a snapshot. main_lines: {user id: line id} of users with several lines."""
        line = self._lines[line_id]
        self._users_of[line] = [self._users[user_id] for user_id in user_ids]
        for user in self._users_of[line]:
            if main_lines.get(id_of(user), line_id) == line_id:
                self._line_of[user] = line
            else:
                self._other_lines.setdefault(user, []).append(line)
