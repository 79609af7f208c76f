# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a generation of the API must be able to do, by resource: the questions a plan asks and the writes it needs."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .._model.contexts import ContextInfo
from .._model.errors import UnsupportedError
from .._model.numbers import ExtensionKey
from .._model.records import Extension, Line, NumberUse, Row, User
from .._model.resources import Resource
from .._model.snapshot import OwnerIds


class UserInterface(ABC):
    """Reads and writes users, and associates them with lines."""

    @abstractmethod
    def find_users(self, **exact: Any) -> list[Row]:
        """Return the users whose fields have exactly these canonical values, by id; all users without values."""

    @abstractmethod
    def update_user(self, user_id: int, changes: Row, result: Row) -> Row:
        """Write the changes and return what is read back. result: all fields as they shall be afterwards."""

    @abstractmethod
    def line_of_user(self, user_id: int) -> int | None:
        """Return the id of the user's main line; None for a user without line."""

    @abstractmethod
    def associate_user_line(self, user: User, line: Line) -> bool | None:
        """Associate a user with a line. Return whether it is the main user; None if the server does not say so."""

    @abstractmethod
    def dissociate_user_line(self, user: User, line: Line) -> None:
        """Dissociate a user from a line."""

    def list_parts(self, resource: Resource, users: Iterable[User]) -> dict[int, Row]:
        """Return {user id: settings} of these users, for those of ``listed_parts``."""
        raise AssertionError(f"{resource.name} is read for one user after the other")

    def apart_of_user(self, user_id: int) -> Row:
        """Return the fields of a user that are read apart from the others (``Field.apart``)."""
        return {}

    def apart_of_users(self) -> dict[int, Row]:
        """Return {user id: the fields that are read apart from the others} of all users."""
        return {}

    def apart_at_first(self) -> Row:
        """Return the values of these fields that every new user has."""
        return {}

    def expect_template(self, user_id: int, name: str) -> None:
        """Take a function key template for the one of a user where the server does not show which one it is."""
        return

    def list_fallbacks(self) -> dict[int, Row]:
        """Return {user id: fallbacks} of all users.

        Empty where the server itself clears the fallbacks that lead to something that is deleted.
        """
        return {}

    def list_groups(self) -> dict[str, Row]:
        """Return {name: fallbacks of the group, with its id} of all groups, under the same condition."""
        return {}

    def id_of_group(self, reference: Any, where: str) -> int:
        """Return the id of a group. reference: its name, or {"id": id}; where: the option, for messages.

        Raises InputError for an unknown or ambiguous name.
        """
        raise UnsupportedError("This server shows no groups.")

    def name_of_group(self, group_id: int) -> str | None:
        """Return what people call a group; None if there is no such group, or another one of the same name."""
        return None

    def name_of_use(self, use: NumberUse) -> str:
        """Return what people call the object that an extension leads to; '' if the server does not say."""
        return use.name

    def list_logins(self) -> dict[str, Row]:
        """Return {uuid: login} of all logins that are objects of their own, those of administrators too."""
        return {}

    def logins_without_user(self) -> list[Row]:
        """Return the logins of people that belong to no user of any tenant, each as {uuid, name}.

        The account of an administrator looks like one. Raises AuthenticationError if the account may not read logins.
        """
        return []

    def lacking_access(self, user: User, exists: bool, changes: Row) -> list[str]:
        """Return the permissions that the account lacks to create (exists: False) or change the login of a user."""
        return []

    def signs_in(self, username: str, password: str) -> bool:
        """Return whether a login has a password, where only an attempt can tell."""
        return False

    def delete_user_only(self, user_id: int) -> None:
        """Delete a user without line, and leave the login where it is an object of its own."""
        raise UnsupportedError("This server removes the login of a user with the user.")

    def warning_of_removal(self, user: User) -> str:
        """Return what remains of a user who is deleted, for the administrator; '' for nothing."""
        return ""

    def portable_music(self, name: str) -> str:
        """Return by what music on hold is given on any server: its name, or its label where names are generated."""
        return name

    def voicemail_name(self, user: User) -> str | None:
        """Return the name that any PUT of a user writes into the user's voicemail; None where it writes none."""
        return None


class LineInterface(ABC):
    """Reads and writes SIP lines, and associates them with extensions and devices."""

    @abstractmethod
    def list_lines(self) -> list[Row]:
        """Return all lines. The fields secret and callerid may be missing."""

    def apart_of_line(self, line_id: int) -> Row:
        """Return the fields of a line that are read apart from the others (``Field.apart``); {} if there are none."""
        return {}

    def apart_of_lines(self) -> dict[int, Row]:
        """Return {line id: the same} of all lines that have them, with UNDESCRIBED."""
        return {}

    def list_detailed_lines(self) -> list[Row]:
        """Return all lines with all fields; slow on some generations."""
        return self.list_lines()

    @abstractmethod
    def users_of_line(self, line_id: int) -> list[int]:
        """Return the ids of the users, the main user first."""

    @abstractmethod
    def is_main_user(self, user_id: int, line_id: int) -> bool:
        """Return whether a user is the main user of a line that the user has."""

    @abstractmethod
    def extension_of_line(self, line_id: int) -> Row | None:
        """Return the internal extension of a line; None for a line without one."""

    @abstractmethod
    def associate_line_extension(self, line: Line, extension: Extension) -> None:
        """Associate a line with its internal extension."""

    @abstractmethod
    def dissociate_line_extension(self, line: Line, extension: Extension) -> None:
        """Dissociate a line from its internal extension."""

    @abstractmethod
    def device_of_line(self, line_id: int) -> str | None:
        """Return the id of the device that a line is on; None for a line without device."""

    def devices_of_lines(self) -> dict[int, str | None]:
        """Return {line id: id of its device} of all lines."""
        return {row["id"]: row["device_id"] for row in self.list_lines()}

    def lines_with_code(self, code: str) -> list[int]:
        """Return the ids of the lines with a provisioning code that the snapshot may lack."""
        return []

    def callerid_of_line(self, line_id: int) -> str | None:
        """Return the caller ID of a SIP line; None if it has none. Needed where ``overwrites_callerid``."""
        raise UnsupportedError("This server makes the caller ID of a line of the user's.")

    def lines_of_device(self, device_id: str) -> list[int]:
        """Return the ids of the lines that are on a device."""
        return [line_id for line_id, device in self.devices_of_lines().items() if device == device_id]

    def associate_line_device(self, line_id: int, device_id: str) -> None:
        """Put a line that has an extension and a user on a device. Raises UnsupportedError on older generations."""
        raise UnsupportedError("This server does not allow API clients to associate a line with a phone.")

    def dissociate_line_device(self, line_id: int, device_id: str) -> None:
        """Take a line off a device. Raises UnsupportedError on older generations."""
        raise UnsupportedError("This server does not allow API clients to dissociate a line from a phone.")


class ExtensionInterface(ABC):
    """Reads and writes extensions, finds their owners and contexts, and associates incalls with users.

    Rows of extensions may have the key "owner": OwnerIds, or None for an extension without owner.
    """

    @abstractmethod
    def find_extension(self, exten: str, context: str) -> Row | None:
        """Return the extension with this number in this context; None if there is none."""

    def find_extensions(self, keys: Iterable[ExtensionKey]) -> Iterator[Row]:
        """Yield those of these extensions that exist."""
        for exten, context in keys:
            row = self.find_extension(exten, context)
            if row:
                yield row

    def list_extensions(self, context: str | None = None) -> list[Row]:
        """Return all extensions, or those of a context. Not needed where read_snapshot returns all of them."""
        raise AssertionError("read_snapshot has read all extensions")

    @abstractmethod
    def update_extension(
        self,
        extension: Extension,
        changes: Row,
        line: Line | None,
        user: User | None,
        callerids: tuple[str | None, str | None] | None,
    ) -> Row:
        """Write the changes in place and return what is read back.

        line, user: its owners, who keep it. callerids: the caller IDs of the line before and after; None if the server
        writes them.
        """

    @abstractmethod
    def owner_of_extension(self, extension_id: int) -> OwnerIds | None:
        """Return the owner of an extension, internal or incall; None if it has none that this generation shows."""

    # Incalls

    @abstractmethod
    def incalls_of_user(self, user_id: int, line_id: int | None, extension_id: int | None) -> list[int]:
        """Return the ids of the extensions by which a user is called from outside.

        line_id, extension_id: the user's main line and its internal extension.
        """

    @abstractmethod
    def associate_incall(self, user: User, line: Line | None, extension: Extension) -> None:
        """Let calls from outside to an extension reach a user. line: the user's main line."""

    @abstractmethod
    def dissociate_incall(self, user: User, line: Line | None, extension: Extension) -> None:
        """Stop calls from outside to an extension from reaching a user. line: the user's main line."""

    # Contexts

    def list_contexts(self) -> dict[str, ContextInfo] | None:
        """Return the contexts by name; None where this generation does not show them."""
        return None

    def read_contexts_again(self) -> bool:
        """Stop using contexts that an earlier task has read. Return whether any were in use."""
        return False

    def context_name_of(self, name: str) -> str:
        """Return the name of the context that is meant: this name, or the label of a context where it has one."""
        return name

    def portable_context(self, name: str) -> str:
        """Return by what a context is given on any server: its name, or its label where names are generated."""
        return name

    @abstractmethod
    def is_incall_context(self, context: str) -> bool | None:
        """Return whether the extensions of a context are called from outside; None if that cannot be known."""


@dataclass(frozen=True)
class VoicemailOwner:
    """A user who has a voicemail, and whether it takes messages."""

    user_id: int
    enabled: bool = True


class VoicemailInterface(ABC):
    """Reads and writes voicemails, and associates them with users."""

    @abstractmethod
    def list_voicemails(self) -> list[Row]:
        """Return all voicemails; with the key "user_ids" where the generation's list shows the users."""

    @abstractmethod
    def find_voicemail(self, number: str, context: str) -> Row | None:
        """Return the voicemail with this number in this context; None if there is none."""

    @abstractmethod
    def voicemail_of_user(self, user_id: int) -> int | None:
        """Return the id of a user's voicemail; None for a user without one."""

    @abstractmethod
    def owners_of_voicemail(self, voicemail_id: int, likely: Iterable[int] = ()) -> Iterator[VoicemailOwner]:
        """Yield the users who have a voicemail. likely: the ids of the users to look at first."""

    @abstractmethod
    def associate_voicemail(self, user_id: int, voicemail_id: int, enabled: bool = True) -> None:
        """Associate a user with a voicemail. enabled: whether it takes messages."""

    @abstractmethod
    def dissociate_voicemail(self, user_id: int) -> None:
        """Dissociate a user from the voicemail."""


class DeviceInterface(ABC):
    """Reads and writes devices."""

    @abstractmethod
    def reset_device(self, device_id: str) -> None:
        """Reset a device to autoprov, which takes its line off it. It may still take a while after the answer."""

    @abstractmethod
    def synchronize_device(self, device_id: str) -> None:
        """Make a device read its configuration."""


@dataclass(frozen=True)
class NewUser:
    """A user to create, with line, extension, incalls, voicemail and settings. Numbers are (exten, context).

    parts: {name of a resource of settings: its values that differ from the defaults}.
    """

    user: Row
    line: Row
    number: ExtensionKey
    incalls: Sequence[ExtensionKey] = ()
    voicemail: Row | None = None
    parts: Mapping[str, Row] = field(default_factory=dict)


@dataclass(frozen=True)
class CreatedUser:
    """What a request has created for a NewUser. Rows always have an id, and the fields that the server shows.

    numbers: {(exten, context): id of the extension}.
    """

    user: Row
    line: Row
    numbers: Mapping[ExtensionKey, int]
    voicemail_id: int | None = None


class BatchInterface:
    """Creates users with everything that belongs to them in one request."""

    @property
    def batch_size(self) -> int:
        """How many users one request creates, all or none of them; 0 where this generation has no such request."""
        return 0

    def supported_part(self, new: NewUser) -> NewUser | None:
        """Return what a request for many users carries of one of them; the rest is written afterwards.

        None: not even the line.
        """
        return None

    def supported_alone(self, new: NewUser) -> NewUser | None:
        """Return what a request for this user alone carries. None: there is no such request."""
        return self.supported_part(new)

    def create_batch(self, new: Sequence[NewUser]) -> list[CreatedUser]:
        """Create the supported parts of some users, or nothing.

        The extensions must not exist, and must be in the ranges of their contexts. Where the server says which users it
        refuses, ``rows`` of the RefusedError has their positions (from 1).
        """
        raise UnsupportedError("This server cannot create a user with line and extension in one request.")

    def find_batch(self, new: Sequence[NewUser]) -> list[CreatedUser | None]:
        """Return what a create_batch whose answer was lost has created; None for what it has not."""
        raise UnsupportedError("This server cannot create a user with line and extension in one request.")
