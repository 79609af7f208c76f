# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is wanted, held against what is there, makes steps. The only place that decides what would change.

A Planner collects steps and changes its World as each step will change the server; the modules plan one object with
it, ``_list_plan`` whole lists.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .._model.errors import ConflictError, InputError
from .._model.records import Device, Extension, Line, Owner, Record, User
from .._model.resources import (
    EXTENSION,
    LINE,
    USER,
    Resource,
    canonical,
    differences,
    generated_caller_id,
    refuse_unknown_fields,
)
from .._model.rules import check_values
from .._model.sip_usernames import new_username
from .._operations.associations import (
    AssociateIncall,
    AssociateLineExtension,
    AssociateUserLine,
    DissociateIncall,
    DissociateLineExtension,
    DissociateUserLine,
)
from .._operations.base import Operation
from .._operations.device import ResetDevice
from .._operations.extension import CreateExtension, DeleteExtension, UpdateExtension
from .._operations.line import CreateLine, DeleteLine, UpdateLine
from .._operations.user import CreateUser, DeleteUser, UpdateUser
from .._operations.voicemail import DeleteVoicemail, DissociateVoicemail
from .._state.context_checks import check_context, check_number
from .._state.lookup import describe
from .._state.state import ServerState


@dataclass
class PlanPolicy:
    """What a task allows. update_passwords: whether an existing object's secrets are compared and changed."""

    update_passwords: bool = True


class Planner:
    """Collects the steps that make a World what is wanted."""

    def __init__(self, state: ServerState, policy: PlanPolicy | None = None) -> None:
        self.state = state
        self.policy = policy or PlanPolicy()
        self.operations: list[Operation] = []

    # Users

    def user(self, found: User | None, values: Mapping[str, Any]) -> User:
        """Create a user with these values, or give the found one those that differ."""
        refuse_unknown_fields(USER, values, self.state.backend.api)
        if found is None:
            return self._create_user(values)
        changes = self._user_changes(found, self._updatable(USER.secrets, values))
        if changes:
            self._check(USER, changes)
            self.operations.append(UpdateUser(found, changes, self._replace(found, changes)))
        return found

    def delete_user(self, user: User) -> None:
        """Delete a user who has no line any more."""
        self.operations.append(DeleteUser(user))
        self.state.remove_user(user)

    def _create_user(self, values: Mapping[str, Any]) -> User:
        given = {name: canonical(name, value) for name, value in values.items() if name in USER.field_names}
        self._check(USER, given)
        user = User(fields={**USER.defaults(self.state.backend.api), **given})
        user.fields["caller_id"] = given.get("caller_id") or user.generated_caller_id
        namesakes = self.state.users_named(user["firstname"], user["lastname"])
        self.operations.append(CreateUser(user, given, namesakes))
        self.state.add_user(user)
        return user

    def _user_changes(self, user: User, wanted: Mapping[str, Any]) -> dict[str, Any]:
        """The differences, with a caller ID that keeps step with the name unless somebody chose another."""
        names = {name: canonical(name, wanted.get(name, user[name])) for name in ("firstname", "lastname")}
        if names["firstname"] is None:
            raise InputError("firstname cannot be emptied: confd wants one.")
        generated = generated_caller_id(**names)
        values = dict(wanted)
        if wanted.get("caller_id") == "" or (
            "caller_id" not in wanted and user["caller_id"] == user.generated_caller_id
        ):
            values["caller_id"] = generated
        return differences(user.fields, values)

    # Lines

    def line(self, found: Line | None, values: Mapping[str, Any], seed: str) -> Line:
        """Create a line with these values, or give the found one those that differ.

        seed: what the line is for ("1200@default"), which marks its SIP username unless one is given.
        """
        refuse_unknown_fields(LINE, values, self.state.backend.api)
        if found is None:
            return self._create_line(values, seed)
        wanted = self._updatable(LINE.secrets, values)
        if not {"secret", "callerid"}.isdisjoint(wanted):
            self.state.detailed(found)
        changes = differences(found.fields, wanted)
        if changes.get("context"):
            check_context(self.state, changes["context"])
        self._refuse_without_account(found, changes)
        if "callerid" in changes:
            self._refuse_vain_callerid(found)
        if changes:
            self._check(LINE, changes)
            self.operations.append(UpdateLine(found, changes, self._replace(found, changes)))
        return found

    def _refuse_without_account(self, line: Line, changes: Mapping[str, Any]) -> None:
        """Wazo has lines of other kinds, and lines that lost their SIP endpoint."""
        vain = {"secret", "webrtc"} & changes.keys()
        if vain and line.id and not (line["username"] or "username" in changes):
            raise ConflictError(
                f"{line} cannot have a {min(vain)}.", "Delete the line, or give it a SIP account with a username."
            )

    def _refuse_vain_callerid(self, line: Line) -> None:
        user = self.state.main_user_of(line)
        if user and not self.state.backend.sets_callerid:
            raise ConflictError(
                f"callerid of {line} cannot be set: this server makes it of the caller_id of {user} and the number.",
                "Set the user's caller_id instead.",
            )

    def delete_line(self, line: Line) -> None:
        """Delete a line that nothing is associated with any more."""
        self.operations.append(DeleteLine(line))
        self.state.remove_line(line)

    def _create_line(self, values: Mapping[str, Any], seed: str) -> Line:
        if not values.get("context"):
            raise InputError("A new line needs a context.", "Give the context of its number.")
        check_context(self.state, values["context"])
        given = {"device_slot": 1, **{name: canonical(name, value) for name, value in values.items()}}
        given["username"] = given.get("username") or new_username(seed)
        self._check(LINE, given)
        code = given.pop("provisioning_extension", None)
        line = Line(fields={**LINE.defaults(self.state.backend.api), **given}, detailed=True)
        self.operations.append(CreateLine(line, given, seed))
        self.state.add_line(line)
        # confd ignores the code of a new line, and may drop one that it does not like.
        return self.line(line, {"provisioning_extension": code}, seed) if code else line

    # Extensions

    def extension(self, found: Extension | None, values: Mapping[str, Any]) -> Extension:
        """Create an extension with these values, or give the found one those that differ; a number moves in place."""
        if found is None:
            self._check(EXTENSION, values)
            check_number(self.state, values["exten"], values["context"])
            given = {"commented": False, **values}
            extension = Extension(fields=dict(given))
            self.operations.append(CreateExtension(extension, given))
            self.state.add_extension(extension)
            return extension
        if "commented" in values:
            self.state.whole(found)
        changes = differences(found.fields, values)
        if changes:
            self._check(EXTENSION, changes)
            if not {"exten", "context"}.isdisjoint(changes):
                check_number(self.state, *(changes.get(name, found[name]) for name in ("exten", "context")))
            owner = self.state.owner_of(found)
            self._make_room(found, changes)
            line, user = (owner.line, owner.user) if owner else (None, None)
            self.operations.append(UpdateExtension(found, changes, self._replace(found, changes), line, user))
        return found

    def delete_extension(self, extension: Extension, leftover: bool = False) -> None:
        """Delete an extension that nobody has any more; leftover: since a run that ended half way."""
        self.operations.append(DeleteExtension(extension, leftover))
        self.state.remove_extension(extension)

    def _make_room(self, extension: Extension, changes: Mapping[str, Any]) -> None:
        """A free extension of the new number is in the way and goes; one that somebody has is a conflict."""
        exten, context = (changes.get(name, extension[name]) for name in ("exten", "context"))
        occupant = self.state.extension_at(exten, context)
        if occupant is None or occupant is extension:
            return
        owner = self.state.owner_of(occupant)
        if owner:
            raise ConflictError(
                f"{occupant} is taken: it belongs to {owner}.", "Free it first, or take another number."
            )
        self.delete_extension(occupant)

    # Associations

    def user_line(self, user: User, line: Line) -> None:
        """Give a user a line."""
        current = self.state.line_of(user)
        if current is line:
            return
        if current:
            raise ConflictError(
                f"{user} has {current} already.",
                "Dissociate that one first (confd_user_line). If another run gave it just now, run again.",
            )
        main = self.state.main_user_of(line)
        operation = AssociateUserLine(user, line)
        if main:
            operation.warning = f"{line} is {main}'s; {user} becomes its secondary user."
        self.operations.append(operation)
        self.state.link_user(user, line)

    def no_user_line(self, user: User, line: Line) -> None:
        """Take a line away from a user."""
        if self.state.line_of(user) is not line and user not in self.state.users_of(line):
            return
        self.operations.append(DissociateUserLine(user, line))
        self.state.unlink_user(user, line)

    def line_number(self, line: Line, extension: Extension) -> None:
        """Put an internal number on a line."""
        if self.state.number_of(line) is extension:
            return
        self._refuse_taken(extension)
        if line.id and not line["username"]:
            raise ConflictError(f"{line} can have no number.", "Delete the line, or give it a SIP account.")
        current = self.state.number_of(line)
        if current:
            raise ConflictError(
                f"{line} has the number {current} already.",
                f"Change that number to {extension['exten']} (confd_extension with its id), or dissociate it first.",
            )
        self.operations.append(AssociateLineExtension(line, extension))
        self.state.link_number(line, extension)

    def no_line_number(self, line: Line, extension: Extension) -> None:
        """Take its internal number away from a line."""
        if self.state.number_of(line) is not extension:
            return
        self.operations.append(DissociateLineExtension(line, extension))
        self.state.unlink_number(line, extension)

    def incall(self, user: User, extension: Extension) -> None:
        """Let a user be called from outside by a number."""
        if extension in self.state.incalls_of(user):
            return
        self._refuse_taken(extension)
        self.operations.append(AssociateIncall(user, self.state.line_of(user), extension))
        self.state.link_incall(user, extension)

    def no_incall(self, user: User, extension: Extension) -> None:
        """A user is not called from outside by this number any more."""
        if extension not in self.state.incalls_of(user):
            return
        self.operations.append(DissociateIncall(user, self.state.line_of(user), extension))
        self.state.unlink_incall(user, extension)

    def _refuse_taken(self, extension: Extension) -> None:
        owner = self.state.owner_of(extension)
        if owner:
            raise ConflictError(
                f"{extension} is taken: it belongs to {owner}.",
                "Dissociate it there first, or take another number; nothing is taken away from anybody. "
                "If another run gave it away just now, run again.",
            )

    # Taking a whole user apart

    def remove_user(self, user: User) -> None:
        """Everything that makes a user go, in the order that works (DESIGN rule 7).

        Raises ConflictError when a line or number is shared with somebody else.
        """
        lines = self.state.lines_of(user)
        for line in lines:
            self._refuse_shared(user, line)
        for line in lines:
            self.reset_device(line)
        for extension in list(self.state.incalls_of(user)):
            self.no_incall(user, extension)
            self.delete_extension(extension)
        self._remove_voicemail(user)
        for line in lines:
            self._remove_line(user, line)
        self.delete_user(user)

    def _remove_line(self, user: User, line: Line) -> None:
        number = self.state.number_of(line)
        if number:
            self.no_line_number(line, number)
            if not self.state.lines_with(number):
                self.delete_extension(number)
        self.no_user_line(user, line)
        self.delete_line(line)

    def _refuse_shared(self, user: User, line: Line) -> None:
        others = [each for each in self.state.users_of(line) if each is not user]
        if others:
            raise ConflictError(
                f"{line} of {user} is shared with {describe(others)}.",
                "Dissociate one of them first (confd_user_line).",
            )
        number = self.state.number_of(line)
        if number:
            lines = self.state.lines_with(number)
            self.refuse_shared_number(user, number, [each for each in lines if user not in self.state.users_of(each)])

    def refuse_shared_number(self, user: User, number: Extension, others: Sequence[Line]) -> None:
        """Raises ConflictError if there are other lines, which have the number of a user as well."""
        if others:
            also = ", ".join(str(Owner(line, self.state.main_user_of(line))) for line in others)
            raise ConflictError(
                f"{number} of {user} is on {also} too.",
                "Dissociate it from one of the lines first (confd_line_extension).",
            )

    def reset_device(self, line: Line) -> None:
        """Put the phone of a line, if it has one, into autoprov."""
        device_id = self.state.device_of(line)
        if device_id:
            self.operations.append(ResetDevice(Device(device_id), line))
            line.device_id = None

    def _remove_voicemail(self, user: User) -> None:
        voicemail = self.state.voicemails.of(user)
        if voicemail:
            self.operations.append(DissociateVoicemail(user, voicemail))
            self.operations.append(DeleteVoicemail(voicemail))
            self.state.voicemails.unlink(user)
            self.state.voicemails.remove(voicemail)

    # Helpers

    def _check(self, resource: Resource, values: Mapping[str, Any]) -> None:
        check_values(resource, values, self.state.backend.api)

    def _updatable(self, secrets: frozenset[str], values: Mapping[str, Any]) -> dict[str, Any]:
        keep_secrets = not self.policy.update_passwords
        return {name: value for name, value in values.items() if not (keep_secrets and name in secrets)}

    def _replace(self, record: Record, changes: Mapping[str, Any]) -> dict[str, Any]:
        """Change a record of the World; returns the old values of what changes."""
        old = {name: record[name] for name in changes}
        self.state.change(record, changes)
        return old
