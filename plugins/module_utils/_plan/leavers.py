# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plans how a leaver is disabled, and how somebody who comes back is enabled again.

A disabled user cannot sign in, because the login is disabled. Nobody can call the user, because the numbers are
commented: the dialplan of Asterisk has only extensions that are not (read in xivo-dao, find_exten_settings, not
observed). The phone of the user cannot call, because the SIP account has a new random secret and the phone is reset
to autoprov, so that it does not get that password. ``enabled`` of the user, where the generation has it, stops no call
and no login (person-wazo-26.08.md, "1.1 Through confd"); it is set so that the web interface shows the user as
disabled.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from .._model.errors import ConflictError
from .._model.leavers import Leave, read_leave, with_leave
from .._model.records import Extension, Line, User
from .._model.resources import LOGIN, USER
from .._model.sip_usernames import new_secret
from .._state.state import ServerState
from .devices import DevicePlanner
from .extensions import ExtensionPlanner
from .lines import LinePlanner
from .logins import LoginPlanner

USER_SWITCH, LOGIN_SWITCH = "user", "login"
"""What a mark calls ``enabled`` of the user and of the login. It calls a number 1200@default."""
DESCRIPTION = "description"
ENABLED = "enabled"


def is_marked(user: User) -> bool:
    """Return whether a user has the mark of a leaver."""
    return read_leave(user[DESCRIPTION])[1] is not None


def can_be_called(state: ServerState, user: User) -> bool:
    """Return whether people can call a number of a user. Who has a mark and can be called is not disabled any more."""
    return any(not number["commented"] for number in _numbers_of(state, user))


def _numbers_of(state: ServerState, user: User) -> list[Extension]:
    """Return the internal and direct numbers of a user that people can call, with their fields read."""
    found = [state.extension_of(line) for line in state.lines_of(user)]
    numbers = [each for each in (*found, *state.incalls_of(user)) if each and str(each["exten"]).isdigit()]
    for number in numbers:
        state.load_full_extension(number)
    return numbers


class LeaverPlanner(LoginPlanner, LinePlanner, ExtensionPlanner, DevicePlanner):
    """Plans the changes that disable a user, and those that enable the user again."""

    def disable_user(self, user: User, since: date, must_lock: bool) -> str:
        """Plan to disable a user whose lines and numbers are not shared, and to mark the user as a leaver.

        What is disabled already stays as it is. since: the day in the mark. must_lock: whether a line that cannot be
        locked is a ConflictError, otherwise a sentence about it is returned.
        The mark is written first, with what is about to be switched off, and completed at the end: a run that was
        interrupted is continued by the next one, and nothing is forgotten. The new SIP secrets cannot be compared, so
        they are not written again once the mark is complete, unless somebody has enabled the numbers again since, with
        whatever phone.
        """
        text, leave = read_leave(user[DESCRIPTION])
        numbers = _numbers_of(self.state, user)
        was_complete = leave is not None and leave.is_complete and all(number["commented"] for number in numbers)
        open_lines = [] if was_complete else [line for line in self.state.lines_of(user) if not _can_lock(line)]
        if open_lines and must_lock:
            raise ConflictError(
                f"{user} cannot be disabled: {open_lines[0]} is not a SIP line, so its phone could still call.",
                "Remove the user with state: absent, or set purge_action to remove.",
            )
        known = leave.switched_off if leave else frozenset()
        off = frozenset({*known, *self._switched_on(user, numbers)})
        self._write_mark(user, text, Leave(since, was_complete, off))
        if LOGIN_SWITCH in off and self._login_is_enabled(user):
            self.ensure_user_part(user, LOGIN, {ENABLED: False})
        for number in numbers:
            self.ensure_extension(number, {"commented": True})
        for line in self.state.lines_of(user) if not was_complete else ():
            self.reset_line_device(line)
            if line.is_sip:
                # Not a wish, which a policy could leave out. After what can be put back in any case.
                self._change_line(line, {"secret": new_secret()})
        self._write_mark(user, text, Leave(since, True, off))
        return _open_in_words(user, open_lines) if open_lines else ""

    def enable_user(self, user: User, managed: Collection[str]) -> None:
        """Plan to switch on again what a purge has switched off, and to remove the mark, if the user has one.

        managed: what somebody else decides about, as a mark calls it, and "description". The mark goes last, because it
        says what is still to be done.
        """
        text, leave = read_leave(user[DESCRIPTION])
        if leave is None:
            return
        off = leave.switched_off - {*managed}
        for number in _numbers_of(self.state, user):
            if str(number) in off:
                self.ensure_extension(number, {"commented": False})
        if LOGIN_SWITCH in off and self._has_login(user):
            self.ensure_user_part(user, LOGIN, {ENABLED: True})
        values = {ENABLED: True} if USER_SWITCH in off and self.state.backend.has_field(USER, ENABLED) else {}
        self.ensure_user(user, values if DESCRIPTION in managed else {**values, DESCRIPTION: text})

    def _write_mark(self, user: User, text: str, leave: Leave) -> None:
        enabled = {ENABLED: False} if self.state.backend.has_field(USER, ENABLED) else {}
        self.ensure_user(user, {DESCRIPTION: with_leave(text, leave), **enabled})

    def _switched_on(self, user: User, numbers: Collection[Extension]) -> set[str]:
        """Return what is not disabled yet, as a mark calls it."""
        on = {str(each) for each in numbers if not each["commented"]}
        if self.state.backend.has_field(USER, ENABLED) and user[ENABLED]:
            on.add(USER_SWITCH)
        return {*on, LOGIN_SWITCH} if self._login_is_enabled(user) else on

    def _has_login(self, user: User) -> bool:
        return bool(user["username"] if self.state.backend.login_fields_of_user else self._login_exists(user))

    def _login_exists(self, user: User) -> bool:
        return self.state.part_of(user, LOGIN).exists

    def _login_is_enabled(self, user: User) -> bool:
        """Return whether somebody could sign in. On XiVO a login without a password can be enabled, too."""
        part = self.state.part_of(user, LOGIN)
        return bool(part[ENABLED]) and (part.exists or bool(self.state.backend.login_fields_of_user))


def _can_lock(line: Line) -> bool:
    """Return whether a line has a SIP account, or none at all: then nothing can call with it."""
    return line.is_sip or line.protocol is None


def _open_in_words(user: User, lines: Collection[Line]) -> str:
    names = ", ".join(map(str, lines))
    return f"{user} is disabled, but the phone on {names} can still call: only a SIP line can be locked."
