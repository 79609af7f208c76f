# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The server as the planner sees it: objects and who belongs to whom, whatever the generation of the API.

A World answers from what it has read and asks its backend for the rest, once. Planning a step changes the World as
the step will change the server, so that later steps are planned on what will be there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from .._model.contexts import ContextInfo
from .._model.records import Extension, Line, Owner, Record, Row, User
from .._model.resources import normalised
from .tables import Index, RecordTable, read_consistently
from .voicemails import Voicemails

if TYPE_CHECKING:
    from .._backends.base import Backend


class ServerState:
    """Everything known of a server, read on demand or at once with ``read_snapshot``."""

    def __init__(self, backend: Backend) -> None:
        self.backend = backend
        self.complete = False
        self._users: RecordTable[User] = RecordTable(User)
        self._lines: RecordTable[Line] = RecordTable(Line)
        self._extensions: RecordTable[Extension] = RecordTable(Extension)
        self._numbers: dict[tuple[str, str], Extension | None] = {}
        self._names: dict[tuple[str | None, str | None], list[User]] = {}
        self._users_by_value = Index(self.users)
        self._line_of: dict[User, Line | None] = {}
        self._other_lines: dict[User, list[Line]] = {}
        self._users_of: dict[Line, list[User]] = {}
        self._number_of: dict[Line, Extension | None] = {}
        self._lines_with: dict[Extension, list[Line]] = {}
        self._incalls_of: dict[User, list[Extension]] = {}
        self._holder_of: dict[Extension, Owner | None] = {}
        self._incall_contexts: dict[str, bool | None] = {}
        self._lines_by_username: dict[str, Line] | None = None
        self._lines_by_mark: dict[str, list[Line]] | None = None
        self._all_lines = self._all_numbers = False
        self._whole_contexts: set[str] = set()
        self.voicemails = Voicemails(backend)

    def read_snapshot(self) -> ServerState:
        """Read the lists that plan any number of users."""
        reading = read_consistently(self.backend.read_snapshot)
        for row in reading.users:
            user = self._users.keep(row)
            self._names.setdefault(user.full_name, []).append(user)
            self._line_of[user] = None
        for row in reading.lines:
            self._users_of[self._lines.keep(row)] = []
        for row in reading.extensions:
            extension = self._extensions.keep(row)
            self._numbers[extension.key] = extension
        for line_id, user_ids in reading.users_of_line.items():
            self._link_users(line_id, user_ids, reading.main_lines)
        for line_id, extension_id in reading.extension_of_line.items():
            self._number_of[self._lines[line_id]] = None
            if extension_id:
                self._link_number(self._lines[line_id], self._extensions[extension_id])
        for user_id, extension_ids in (reading.incalls_of_user or {}).items():
            self._link_incalls(self._users[user_id], [self._extensions[each] for each in extension_ids])
        self.voicemails.owners = reading.voicemail_of_user
        self.complete = self._all_lines = True
        self._all_numbers = reading.all_numbers
        return self

    def read_numbers(self, *contexts: str) -> None:
        """Make sure that all extensions of some contexts are known, or, without contexts, all there are."""
        missing = [each for each in dict.fromkeys(contexts) if each not in self._whole_contexts]
        if self._all_numbers or (contexts and not missing):
            return
        for context in missing or (None,):
            for row in self.backend.list_extensions(context):
                self._keep_extension(row)
        self._whole_contexts.update(missing)
        self._all_numbers = not contexts

    def look_up(self, numbers: Iterable[tuple[str, str]]) -> None:
        """Ask for those of many numbers that are not known, in as few requests as the generation can."""
        unknown = [key for key in dict.fromkeys(numbers) if not self._knows(key)]
        for row in self.backend.find_extensions(unknown) if unknown else ():
            self._keep_extension(row)
        for key in unknown:
            self._numbers.setdefault(key, None)

    def read_whole(self, extensions: Iterable[Extension]) -> None:
        """Ask for what other objects leave out of numbers that they embed, in as few requests as the generation can."""
        partial = [each.key for each in extensions if each.id and "commented" not in each.fields]
        for row in self.backend.find_extensions(partial) if partial else ():
            self._keep_extension(row)

    # Objects

    def users(self) -> list[User]:
        """All users, by id; needs ``read_snapshot``."""
        return sorted((user for user in self._line_of if user.id), key=lambda user: user.id or 0)

    def lines(self) -> list[Line]:
        """All lines, by id."""
        if not self._all_lines:
            for row in self.backend.list_lines():
                self._lines.keep(row)
            self._all_lines = True
        return [self._lines[key] for key in sorted(self._lines)]

    def extensions(self) -> list[Extension]:
        """All extensions that were read, by id: all there are after ``read_numbers``."""
        return sorted((each for each in self._numbers.values() if each and each.id), key=lambda each: each.id or 0)

    def user(self, user_id: int) -> User | None:
        if user_id not in self._users and not self.complete:
            row = self.backend.get_user(user_id)
            return self._users.keep(row) if row else None
        return self._users.get(user_id)

    def line(self, line_id: int) -> Line | None:
        if line_id not in self._lines and not self.complete:
            row = self.backend.get_line(line_id)
            return self._lines.keep(row) if row else None
        return self._lines.get(line_id)

    def extension(self, extension_id: int) -> Extension | None:
        if extension_id not in self._extensions and not self._all_numbers:
            row = self.backend.get_extension(extension_id)
            return self._keep_extension(row) if row else None
        return self._extensions.get(extension_id)

    def users_named(self, firstname: str | None, lastname: str | None) -> list[User]:
        """The users of exactly this name, by id; None stands for an empty part."""
        key = (firstname or None, lastname or None)
        if key not in self._names and not self.complete:
            rows = self.backend.find_users(firstname=key[0], lastname=key[1])
            self._names[key] = [self._users.keep(row) for row in rows]
        return sorted(self._names.get(key, []), key=lambda user: user.id or 0)

    def users_with(self, **exact: Any) -> list[User]:
        """The users whose fields have exactly these values, by id."""
        if self.complete:
            return self._users_by_value.find(exact)
        return [self._users.keep(row) for row in self.backend.find_users(**exact)]

    def line_named(self, username: str) -> Line | None:
        if self._lines_by_username is None:
            self._lines_by_username = {line["username"]: line for line in self.lines()}
        line = self._lines_by_username.get(username)
        return line if line and line["username"] == username else None

    def lines_marked(self, mark: str) -> list[Line]:
        """The lines whose SIP username begins with the mark that this collection gives them for a number."""
        if self._lines_by_mark is None:
            self._lines_by_mark = {}
            for line in self.lines():
                self._lines_by_mark.setdefault((line["username"] or "")[: len(mark)], []).append(line)
        return self._lines_by_mark.get(mark, [])

    def extension_at(self, exten: str, context: str) -> Extension | None:
        key = (exten, context)
        if not self._knows(key):
            row = self.backend.find_extension(exten, context)
            self._numbers[key] = self._keep_extension(row) if row else None
        return self._numbers.get(key)

    def whole(self, extension: Extension) -> Extension:
        """The extension with all its fields; what other objects embed of it is its number alone."""
        if "commented" not in extension.fields and extension.id:
            row = self.backend.get_extension(extension.id)
            if row:
                extension.fields = {**normalised(extension.resource, row), **extension.fields}
        return extension

    def device_of(self, line: Line) -> str | None:
        """The id of the phone that a line is on."""
        if not line.device_known and line.id:
            line.device_id, line.device_known = self.backend.device_of_line(line.id), True
        return line.device_id

    def read_devices(self) -> None:
        """Ask for the phones of all lines at once."""
        if any(not line.device_known for line in self.lines()):
            for line_id, device_id in self.backend.devices_of_lines().items():
                if line_id in self._lines:
                    self._lines[line_id].device_id, self._lines[line_id].device_known = device_id, True

    def detailed(self, line: Line) -> Line:
        """The line with its secret and caller ID."""
        if not line.details_known and line.id:
            row = self.backend.get_line(line.id)
            if row:
                line.fields, line.details_known = {**normalised(line.resource, row), **line.fields}, True
        return line

    # Who belongs to whom

    def line_of(self, user: User) -> Line | None:
        if user not in self._line_of:
            line_id = self.backend.line_of_user(user.id) if user.id else None
            self._line_of[user] = self.line(line_id) if line_id else None
        return self._line_of[user]

    def lines_of(self, user: User) -> list[Line]:
        """All lines of a user, the main one last; those besides it are known after ``read_snapshot`` only."""
        main = self.line_of(user)
        return [*self._other_lines.get(user, ()), *([main] if main else ())]

    def users_of(self, line: Line) -> list[User]:
        """The users of a line, its main user first."""
        if line not in self._users_of:
            ids = self.backend.users_of_line(line.id) if line.id else []
            self._users_of[line] = [user for user in map(self.user, ids) if user]
        return self._users_of[line]

    def main_user_of(self, line: Line) -> User | None:
        return next(iter(self.users_of(line)), None)

    def number_of(self, line: Line) -> Extension | None:
        """The internal extension of a line."""
        if line not in self._number_of:
            row = self.backend.extension_of_line(line.id) if line.id else None
            self._number_of[line] = self._keep_extension(row) if row else None
        return self._number_of[line]

    def incalls_of(self, user: User) -> list[Extension]:
        """The extensions by which a user is called from outside."""
        if user not in self._incalls_of:
            self._incalls_of[user] = []
            self._link_incalls(user, self._read_incalls(user))
        return self._incalls_of[user]

    def may_have_incalls(self, user: User, line: Line) -> bool:
        """Whether calls from outside can lead to a user of this line; where they lead to lines, only the main one."""
        return not self.backend.incalls_hang_on_lines or self.main_user_of(line) is user

    def owner_of(self, extension: Extension) -> Owner | None:
        """Who has this number, internal or incall; None if nobody that the API can show."""
        if extension not in self._holder_of:
            found = self.backend.owner_of_extension(extension.id) if extension.id else None
            self._holder_of[extension] = self._holder(*found) if found else None
        return self._holder_of[extension]

    def lines_with(self, extension: Extension) -> list[Line]:
        """The lines that have this internal number, as far as it was read: normally one."""
        return self._lines_with.get(extension, [])

    def lines_by_number(self) -> dict[tuple[str, str], list[Line]]:
        """Who has which internal number, as far as it was read: normally one line each."""
        lines: dict[tuple[str, str], list[Line]] = {}
        for line, extension in self._number_of.items():
            if extension:
                lines.setdefault(extension.key, []).append(line)
        return lines

    def is_incall(self, context: str) -> bool | None:
        """Whether numbers of a context are called from outside; None if the server cannot tell."""
        if context not in self._incall_contexts:
            self._incall_contexts[context] = self.backend.is_incall_context(context)
        return self._incall_contexts[context]

    def contexts(self) -> dict[str, ContextInfo] | None:
        """The contexts by name; None where the server does not show them."""
        return self.backend.list_contexts()

    def extension_of_user(self, user: User) -> Extension | None:
        line = self.line_of(user)
        return self.extension_of(line) if line else None

    # What planned steps do

    def add_user(self, user: User) -> None:
        self._line_of[user] = None
        self._incalls_of[user] = []
        self._names.setdefault(user.full_name, []).append(user)

    def add_line(self, line: Line) -> None:
        self._users_of[line] = []
        self._number_of[line] = None

    def add_extension(self, extension: Extension) -> None:
        self._numbers[extension.key] = extension
        self._holder_of[extension] = None

    def change(self, record: Record, values: Mapping[str, Any]) -> None:
        """Fields get new values; a number or a name is found under the new one from now on."""
        if isinstance(record, Extension):
            self._numbers[record.key] = None
            record.fields.update(values)
            self._numbers[record.key] = record
        elif isinstance(record, User):
            self._forget_values(record)
            record.fields.update(values)
            self._names.setdefault(record.full_name, []).append(record)
        else:
            record.fields.update(values)

    def remove_user(self, user: User) -> None:
        self._line_of.pop(user, None)
        self._forget_values(user)

    def remove_line(self, line: Line) -> None:
        if line.id:
            self._lines.pop(line.id, None)

    def remove_extension(self, extension: Extension) -> None:
        self._numbers[extension.key] = None

    def link_user(self, user: User, line: Line) -> None:
        self._line_of[user] = line
        self.users_of(line).append(user)
        number = self.extension_of(line)
        if number:
            self._holder_of[number] = Owner(line, self.main_user_of(line))

    def unlink_user(self, user: User, line: Line) -> None:
        if self.line_of(user) is line:
            self._line_of[user] = None
        self._other_lines[user] = [each for each in self._other_lines.get(user, ()) if each is not line]
        self._users_of[line] = [each for each in self.users_of(line) if each is not user]

    def link_number(self, line: Line, extension: Extension) -> None:
        self._link_number(line, extension)
        line.fields["context"] = extension["context"]

    def unlink_number(self, line: Line, extension: Extension) -> None:
        self._number_of[line] = None
        self._lines_with[extension] = [each for each in self.lines_with(extension) if each is not line]
        self._holder_of[extension] = None

    def link_incall(self, user: User, extension: Extension) -> None:
        self._link_incalls(user, [extension])

    def unlink_incall(self, user: User, extension: Extension) -> None:
        self._incalls_of[user] = [each for each in self.incalls_of(user) if each is not extension]
        self._holder_of[extension] = None

    # Helpers

    def _forget_values(self, user: User) -> None:
        self._users_by_value.clear()
        self._names[user.full_name] = [each for each in self._names.get(user.full_name, []) if each is not user]

    def _read_incalls(self, user: User) -> list[Extension]:
        line, number = self.line_of(user), self.extension_of_user(user)
        if not user.id or (line and not self.may_have_incalls(user, line)):
            return []
        ids = self.backend.incalls_of_user(user.id, line.id if line else None, number.id if number else None)
        return [extension for extension in map(self.extension, ids) if extension]

    def _knows(self, key: tuple[str, str]) -> bool:
        return key in self._numbers or self._all_numbers or key[1] in self._whole_contexts

    def _keep_extension(self, row: Row) -> Extension:
        """The record of an extension; who has it is learnt from a row that says it."""
        known = row["id"] in self._extensions
        extension = self._extensions.keep(row)
        if not known:
            self._numbers.setdefault(extension.key, extension)
            if "held" in row and extension not in self._holder_of:
                self._holder_of[extension] = self._holder(*row["held"]) if row["held"] else None
        return extension

    def _holder(self, line_id: int | None, user_id: int | None, other: str = "") -> Owner | None:
        line = self.line(line_id) if line_id else None
        user = self.user(user_id) if user_id else self.main_user_of(line) if line else None
        if line_id and not line:
            other = f"line {line_id}"
        return Owner(line, user, other) if line or user or other else None

    def _link_users(self, line_id: int, user_ids: Iterable[int], main_lines: Mapping[int, int]) -> None:
        line = self._lines[line_id]
        self._users_of[line] = [self._users[user_id] for user_id in user_ids]
        for user in self._users_of[line]:
            if main_lines.get(user.id or 0, line_id) == line_id:
                self._line_of[user] = line
            else:
                self._other_lines.setdefault(user, []).append(line)

    def _link_number(self, line: Line, extension: Extension) -> None:
        self._number_of[line] = extension
        self._lines_with.setdefault(extension, []).append(line)
        self._holder_of[extension] = Owner(line, self.main_user_of(line))

    def _link_incalls(self, user: User, extensions: Iterable[Extension]) -> None:
        known = self._incalls_of.setdefault(user, [])
        for extension in extensions:
            known.append(extension)
            self._holder_of[extension] = Owner(self.line_of(user), user)
