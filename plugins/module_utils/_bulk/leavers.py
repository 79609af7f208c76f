# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Decides what a purge does to the users who are in no list: it removes or disables them, or both in turn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timezone
from typing import Any

from .._model.errors import InputError
from .._model.leavers import Leave, read_leave
from .._model.records import Row, User
from .._plan.leavers import can_be_called
from .._state.state import ServerState
from .entries import Disabling, Entry
from .purge import refuse_above_limit, scope_of, shown_user, unmanaged_users

REMOVE, DISABLE = "remove", "disable"
LONGEST_GRACE = 3650
"""Days. A longer grace is probably a typing error, or purge_action=disable is what the user wants."""


def today() -> date:
    """Return the date of today in UTC, which does not depend on the time zone of the computer that runs Ansible."""
    return datetime.now(timezone.utc).date()


def leave_of(user: User) -> Leave | None:
    """Return what the mark of a user says; None if no purge has marked the user."""
    return read_leave(user["description"])[1]


class Purge:
    """Holds the users who are in no list, and what the purge does with them.

    unmanaged: those whom the run leaves as they are; disabled: those of them whom an earlier purge has disabled, and
    who are not counted as unmanaged; entries: those whom the run removes or disables. grace: the number of days for
    which a leaver stays disabled before a purge removes the user.
    """

    def __init__(self, options: Mapping[str, Any]) -> None:
        self.options = options
        self.scope = scope_of(options.get("purge_scope"))
        self.disables = options.get("purge_action") == DISABLE
        self.grace: int = options.get("purge_grace") or 0
        self.removes = options.get("purge") or options.get("orphans") == "remove"
        self.today = today()
        self._check_options()
        self.listed: Sequence[Entry] = ()
        self._forget()

    def begin(self, entries: Sequence[Entry]) -> None:
        """Begin a plan. Raises InputError if no entry describes a user who is to exist: all would be removed."""
        self._forget()
        self.listed = entries
        if self.removes and not self.options.get("purge_allow_empty") and all(entry.absent for entry in entries):
            raise InputError(
                "The list has no entry for a user who is to exist, so everything in purge_scope would be removed.",
                "Check the file or the variable that the list comes from. If this is what you want, set "
                "purge_allow_empty to true (provision_purge_allow_empty in the role).",
            )

    def _forget(self) -> None:
        self.unmanaged: list[User] = []
        self.disabled: list[User] = []
        self.entries: list[Entry] = []

    def _check_options(self) -> None:
        if self.scope is None and self.removes:
            raise InputError(
                "purge and orphans: remove require purge_scope.",
                "Give a context, range or userfield in purge_scope, which limits what is removed.",
            )
        if not 0 <= self.grace <= LONGEST_GRACE:
            raise InputError(f"purge_grace is {self.grace}, but must be a number of days from 0 to {LONGEST_GRACE}.")
        if self.grace and self.disables:
            raise InputError(
                "purge_grace is for purge_action=remove: with purge_action=disable, nobody is ever removed.",
                f"Set purge_action to remove if disabled users are to be removed after {self.grace} days.",
            )

    def plan(self, state: ServerState, entries: Sequence[Entry]) -> list[str]:
        """Decide about the users who are in none of the identified entries. Return warnings.

        Raises PlanError for more users than purge_limit.
        """
        for user in unmanaged_users(state, entries, self.scope):
            leave = leave_of(user)
            is_kept = leave is not None and leave.is_complete and not (self.grace and self._is_due(leave))
            is_kept = is_kept and not can_be_called(state, user)
            (self.disabled if is_kept else self.unmanaged).append(user)
        if not self.options.get("purge"):
            return []
        if any(entry.problem for entry in entries):
            # The user whom such an entry means, ambiguously or by a new name, must not count as unmanaged.
            return ["No user is purged, because the list has entries with problems."]
        self.entries = [self._entry(state, user) for user in (*self.unmanaged, *self.disabled)]
        # Those who are disabled already cost nothing.
        self._refuse_above_limit([each for each in self.entries if each.absent or each.found not in self.disabled])
        self.unmanaged, self.disabled = [], []
        return []

    def refuse_changes_above_limit(self) -> None:
        """Raise PlanError if the planned run changes more users who are in no list than purge_limit."""
        self._refuse_above_limit([entry for entry in self.entries if entry.operations])

    def _refuse_above_limit(self, entries: Sequence[Entry]) -> None:
        actions = {entry.absent for entry in entries}
        words = ("remove", "removed") if False not in actions else ("disable", "disabled")
        if len(actions) > 1:
            words = ("remove or disable", "removed or disabled")
        refuse_above_limit(self.options, "purge", [str(entry.found) for entry in entries], words)

    def _entry(self, state: ServerState, user: User) -> Entry:
        """Return the entry that removes or disables a user."""
        name = {part: user[part] for part in ("firstname", "lastname") if user[part]}
        number, leave = state.extension_of_user(user), leave_of(user)
        entry = Entry(found=user, user=name, number=number.key if number else None)
        is_due = self._is_due(leave)
        if self.grace and is_due and can_be_called(state, user):
            # Somebody has enabled the user again, or has typed the mark. The days begin again.
            is_due, leave = False, None
        if is_due:
            entry.state = "absent"
        else:
            since = leave.since if leave else self.today
            entry.disables = Disabling(since, self._until(leave), must_lock=self.disables)
        return entry

    def _is_due(self, leave: Leave | None) -> bool:
        """Return whether a user with this mark is removed now. A mark of the future is not due."""
        if self.disables:
            return False
        return not self.grace or (leave is not None and (self.today - leave.since).days >= self.grace)

    def _until(self, leave: Leave | None) -> date | None:
        """Return the day from which on a purge removes a user with this mark; None if that is not known."""
        if not self.grace:
            return None
        since = leave.since if leave else self.today
        return date.fromordinal(min(since.toordinal() + self.grace, date.max.toordinal()))

    @property
    def named(self) -> list[Entry]:
        """Return entries of all users who are no orphans, whatever they have."""
        return [*self.listed, *self.entries, *(Entry(found=user) for user in self.disabled)]

    def shown_leavers(self, state: ServerState, results: Mapping[Entry, Row]) -> list[Row]:
        """Return the users who are disabled after the run, as the result ``leavers`` shows them.

        results: of the users whom the run removes or disables.
        """
        kept = ("disabled", "unchanged")
        disabled = [entry.found for entry in self.entries if entry.found and results[entry]["status"] in kept]
        return [self._shown(state, user) for user in (*self.disabled, *disabled)]

    def _shown(self, state: ServerState, user: User) -> Row:
        leave = leave_of(user)
        until = self._until(leave)
        return {
            **shown_user(state, user),
            "since": leave.since.isoformat() if leave else None,
            "until": until.isoformat() if until else None,
        }
