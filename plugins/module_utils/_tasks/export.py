# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Describes the users of a server as entries. Provisioned to the same server, they change nothing.

Entries hold what somebody chose: no ids, no values that the server generates, no defaults. A user whom an entry cannot
describe is listed with the reason, and one whom it cannot describe completely with what is missing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from typing import Any

from .._model.callerids import canonical_caller_id
from .._model.contexts import with_context_names
from .._model.errors import AuthenticationError
from .._model.leavers import read_leave
from .._model.records import Extension, Line, Row, User, Voicemail, id_of
from .._model.resources import FUNC_KEYS, LINE, USER, VOICEMAIL, Resource
from .._model.texts import counted, without_accents
from .._plan.leavers import can_be_called
from .._state.lookup import describe
from .._state.state import ServerState
from .export_links import drop_links
from .export_omissions import Omissions
from .export_parts import PartExporter
from .export_target import Target, UnfitError
from .progress import ProgressReport
from .task import Task

Entry = dict[str, Any]

RANDOM_USERNAME = re.compile(r"[a-z0-9]{8}|[a-z0-9]{18}")
"""SIP usernames as the servers generate them (8 characters), and as this collection does (18)."""
FIRST_SLOT = 1
NUMBERED_CALLERID = re.compile(r'"(.*)"(?: <\S*>)?', re.DOTALL)


def export(task: Task) -> Row:
    """Return the results of confd_export_info: ``entries``, ``left_out``, ``incomplete``, ``not_moved``, and more."""
    left_out_parts = () if task.options.get("func_keys", True) else (FUNC_KEYS.name,)
    exporter = Exporter(task.state.read_snapshot(), bool(task.options.get("return_secrets")), left_out_parts)
    task.state.load_full_extensions(task.state.extensions())
    target = Target(task.options["target"]) if task.options.get("target") else None
    users = sorted(task.state.users(), key=exporter.sort_key)
    progress = Progress(task.report_progress, len(users))
    described, left_out = _described(users, exporter, target, progress)
    progress.end()
    for _user, entry, lost in described if target else ():
        lost.extend(drop_links(entry, left_out))
    return {
        "changed": False,
        "entries": [entry for _user, entry, _lost in described],
        "left_out": left_out,
        "incomplete": [
            {**exporter.shown(user), "missing": missing}
            for user, _entry, _lost in described
            if (missing := exporter.missing(user))
        ],
        "not_moved": [{**exporter.shown(user), "settings": lost} for user, _entry, lost in described if lost],
        "logins": exporter.logins_without_user(),
        "warnings": [*task.state.warnings, *exporter.warnings],
        "confd_api": task.backend.api,
    }


class Progress:
    """Reports how many users were read: each can take a request or more."""

    def __init__(self, report: Callable[[str], None] | None, total: int) -> None:
        self._read = 0
        self._total = total
        self._report = ProgressReport(report, self._words)
        self._report.begin()

    def advance(self) -> None:
        """Note that a user was read."""
        self._read += 1
        self._report.say_in_turn()

    def end(self) -> None:
        """Report the end."""
        self._report.say()

    def _words(self) -> str:
        done = self._read / self._total if self._total else 1.0
        return f"{self._read} of {counted(self._total, 'user')} read{self._report.speed(self._read, done)}"


Described = list[tuple[User, Entry, list[str]]]
"""(user, entry, what the other server does not take of it)."""


def _described(
    users: Iterable[User], exporter: Exporter, target: Target | None, progress: Progress
) -> tuple[Described, list[Row]]:
    """Return the users with their entries, and those who have none, each with the reason."""
    described: Described = []
    left_out: list[Row] = []
    for user in users:
        progress.advance()
        reason = exporter.obstacle(user)
        entry = {} if reason else exporter.entry(user)
        try:
            lost = target.fit(entry) if target and entry else []
        except UnfitError as error:
            reason = str(error)
        if reason:
            left_out.append({**exporter.shown(user), "reason": reason})
        else:
            described.append((user, entry, lost))
    return described, left_out


class Exporter:
    """Describes the users of one server."""

    def __init__(self, state: ServerState, with_secrets: bool, left_out: Collection[str]) -> None:
        self.state = state
        self.with_secrets = with_secrets
        self.warnings: list[str] = []
        self._lines_of: dict[User, list[Line]] = {}
        for line in state.lines():
            for user in state.users_of(line):
                self._lines_of.setdefault(user, []).append(line)
        self._by_name: dict[tuple[str, str], list[User]] = {}
        for user in state.users():
            self._by_name.setdefault(_name_of(user), []).append(user)
        self._lines_by_number = state.lines_by_number()
        self._parts = PartExporter(state, with_secrets, self.warnings, left_out)
        needs_details = with_secrets or state.backend.sets_callerid
        self._details = {row["id"]: row for row in state.backend.list_detailed_lines()} if needs_details else {}
        self._omissions = Omissions(state)
        state.voicemails.read_all()
        for user in state.users()[:1]:
            state.load_apart(user)
        for line in state.lines()[:1]:
            state.load_line_apart(line)
        self._apart_at_first = state.backend.apart_at_first()

    def logins_without_user(self) -> list[Row]:
        """Return the logins without a user, for information; none if the account may not read them."""
        try:
            return self.state.backend.logins_without_user()
        except AuthenticationError as error:
            self.warnings.append(f"It was not checked which logins have no user: {error}")
            return []

    # Order, and users that cannot be described

    def sort_key(self, user: User) -> tuple[Any, ...]:
        """Return what users are ordered by: last and first name as in a telephone book, then the number."""
        number = self.state.extension_of_user(user)
        key = number.key if number else ("", "")
        names = (user["lastname"] or "", user["firstname"] or "")
        return (*map(without_accents, names), *names, len(key[0]), *key, user.id)

    def obstacle(self, user: User) -> str:
        """Return why an entry cannot describe a user; an empty text if it can."""
        leave = read_leave(user["description"])[1]
        if leave and not can_be_called(self.state, user):
            return f"a purge has disabled the user on {leave.since}, and an entry would enable the user again"
        lines = self._lines_of.get(user, [])
        if not lines:
            return self._obstacle_without_line(user)
        if len(lines) > 1:
            return f"{len(lines)} lines: {describe(lines)}"
        others = [each for each in self.state.users_of(lines[0]) if each is not user]
        if others:
            return f"{lines[0]} is shared with {describe(others)}"
        if lines[0].protocol and not lines[0].is_sip:
            return f"{lines[0]}, and entries describe SIP lines only"
        if not lines[0]["username"]:
            return f"no SIP account on line {lines[0].id}"
        number = self.state.extension_of(lines[0])
        if number is None:
            return f"no number on {lines[0]}"
        sharing = [line for line in self._lines_by_number.get(number.key, []) if line is not lines[0]]
        return f"the number {number} is on {describe(sharing)} as well" if sharing else ""

    def _obstacle_without_line(self, user: User) -> str:
        """Return why an entry cannot describe a user who has no telephone, and whom only the name identifies."""
        if self.state.voicemails.of(user):
            return "no line, but a voicemail, which requires a line"
        if self.state.incalls_of(user):
            return "no line, but direct numbers, which require a line"
        namesakes = [each for each in self._by_name[_name_of(user)] if each is not user]
        others = [each for each in namesakes if not self._lines_of.get(each) or self.obstacle(each)]
        return f"no line and no number to distinguish it from {describe(others)}" if others else ""

    def shown(self, user: User) -> Row:
        """Return a user as ``left_out`` shows them, without the reason."""
        number = self.state.extension_of_user(user)
        exten, context = number.key if number else (None, None)
        return {"user_id": user.id, "name": user.name, "exten": exten, "context": context}

    # Entries

    def entry(self, user: User, left_out: Collection[str] = ()) -> Entry:
        """Return the entry of a user to whom there is no obstacle. left_out: resources that it does not describe."""
        lines, number = self._lines_of.get(user, []), self.state.extension_of_user(user)
        line = lines[0] if lines else None
        incalls = sorted(self.state.incalls_of(user), key=lambda each: (each["context"], len(each["exten"]), each.key))
        voicemail, mac = self.state.voicemails.of(user), self._omissions.mac_of(line)
        parts: Entry = {
            "user": self._user(user),
            "line": self._line(line, user) if line else {},
            "extension": self._number(number) if number else {},
            "incall": self._number(incalls[0]) if len(incalls) == 1 else {},
            "incalls": [self._number(each) for each in incalls] if len(incalls) > 1 else [],
            "voicemail": self._voicemail(voicemail, user, number) if voicemail else {},
            "device": {"mac": mac} if mac else {},
        }
        parts |= self._parts.parts_of(user, parts["user"], left_out)
        portable: Entry = with_context_names(
            {name: part for name, part in parts.items() if part}, self.state.backend.portable_context
        )
        return portable

    def missing(self, user: User) -> list[str]:
        """Return in words what a user has on the server and the entry that was made does not contain."""
        return self._omissions.of(user, self.state.line_of(user))

    def _user(self, user: User) -> Row:
        values = self._meant(USER, user.fields)
        if values.get("caller_id") == user.generated_caller_id:
            # Some names make no caller ID, for example a blank.
            values.pop("caller_id", None)
        if values.get("music_on_hold"):
            values["music_on_hold"] = self.state.backend.portable_music(values["music_on_hold"])
        for name, value in self._apart_at_first.items():
            if values.get(name) == value:
                values.pop(name, None)
        said = {each.name for each in USER.fields if values.get(each.part_of)}
        return {name: value for name, value in values.items() if name not in said}

    def _line(self, line: Line, user: User) -> Row:
        values = self._meant(LINE, {**line.fields, **self._details.get(id_of(line), {})})
        for name in ("context", "provisioning_extension"):
            values.pop(name, None)
        if values.get("device_slot") == FIRST_SLOT:
            del values["device_slot"]
        if not self.with_secrets and RANDOM_USERNAME.fullmatch(values.get("username") or ""):
            del values["username"]
        for name in ("username", "secret", "webrtc"):
            self._leave_out_unstorable(values, name, line, user)
        if not self.state.backend.sets_callerid or _is_made_of(values.get("callerid"), user):
            values.pop("callerid", None)
        return values

    def _leave_out_unstorable(self, values: Row, name: str, line: Line, user: User) -> None:
        """Remove a value that somebody has stored by other means, but that no provisioning could store again."""
        problems = self.state.backend.problems_of_values(LINE, {name: values[name]}) if name in values else []
        if problems:
            del values[name]
            self.warnings.append(f"{problems[0]} It is left out of the entry of {user}.")
            self._omissions.note(user, f"{name} of the SIP line")

    def _number(self, extension: Extension) -> Row:
        exten, context = extension.key
        disabled = self.state.load_full_extension(extension)["commented"]
        return {"exten": exten, "context": context, **({"commented": True} if disabled else {})}

    def _voicemail(self, voicemail: Voicemail, user: User, number: Extension | None) -> Row:
        values = self._meant(VOICEMAIL, voicemail.fields)
        of_number = {"number": number["exten"], "context": number["context"]} if number else {}
        generated = {"name": user.name, **of_number}
        chosen = {name: value for name, value in values.items() if generated.get(name) != value}
        # A voicemail with nothing but defaults still needs a key, or the entry would have no voicemail.
        return chosen or {"number": voicemail["number"]}

    def _meant(self, resource: Resource, fields: Row) -> Row:
        """Return the fields of an object that differ from their defaults, in their order; secrets only if wanted."""
        return {
            field.name: fields[field.name]
            for field in resource.fields
            if fields.get(field.name) not in (None, field.default) and (self.with_secrets or not field.secret)
        }


def _name_of(user: User) -> tuple[str, str]:
    return user["firstname"] or "", user["lastname"] or ""


def _is_made_of(callerid: str | None, user: User) -> bool:
    """Return whether the server made a line's caller ID of its user, perhaps with a number that the user had before."""
    if not callerid:
        return True
    found = NUMBERED_CALLERID.fullmatch(callerid)
    name = canonical_caller_id(found[1]) if found else None
    return name is not None and name in (user.generated_caller_id, user["caller_id"])
