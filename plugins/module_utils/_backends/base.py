# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a generation of the API must be able to do: the questions a plan asks, and the writes it needs.

Rows that go in and out are normalised (``_world.Row``); ids are confd's. Every method may raise RequestError. The
writes return what the server then holds where it says so, so that the caller can verify it.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from .._http.client import Client
from .._model.contexts import ContextInfo
from .._model.errors import UnsupportedError
from .._model.records import Extension, Line, Row, User
from .._model.resources import Resource
from .._model.rules import Rules, check_values
from .._model.snapshot import OwnerIds, Snapshot


@dataclass(frozen=True)
class VoicemailOwner:
    """A user who has a voicemail, and whether it takes messages."""

    user_id: int
    enabled: bool = True


@dataclass(frozen=True)
class NewUser:
    """A user that does not exist yet, with everything around. Numbers are (exten, context)."""

    user: Row
    line: Row
    number: tuple[str, str]
    incalls: Sequence[tuple[str, str]] = ()
    voicemail: Row | None = None


@dataclass(frozen=True)
class CreatedUser:
    """What became of a NewUser: rows, of which ids are always there, fields as far as the server shows them."""

    user: Row
    line: Row
    numbers: Mapping[tuple[str, str], int]
    voicemail_id: int | None = None


class Backend(ABC):
    """One generation of the API."""

    api: ClassVar[str]
    servers: ClassVar[str]
    """The servers that speak this generation, in the words of the documentation."""
    absent_fields: ClassVar[frozenset[tuple[str, str]]] = frozenset()
    """The fields that this generation does not have, as (resource, field)."""
    rules: ClassVar[Rules] = {}
    """What this generation asks of values, beyond COMMON_RULES."""
    unchecked: ClassVar[tuple[str, ...]] = ()
    """What this generation cannot tell before a write, in words for the administrator."""
    takes_devices: ClassVar[bool] = False
    """Whether a client from elsewhere can put a line on a phone (facts file xivo-15.12, "devices")."""
    has_tenants: ClassVar[bool] = False
    """Whether one server serves several tenants."""
    has_uuids: ClassVar[bool] = False
    """Whether users have uuids."""
    sets_callerid: ClassVar[bool] = True
    """Whether a line with a user keeps a caller ID that is written into it."""
    incalls_hang_on_lines: ClassVar[bool] = False
    """Whether incalls lead to lines, and so to the main user of a shared one, whoever of its users was meant."""
    lists_show_owners: ClassVar[bool] = False
    """Whether the lists of read_snapshot tell of every line and number whose it is, and so what is nobody's."""

    def __init__(self, client: Client) -> None:
        self.client = client

    def voicemail_name(self, user: User) -> str | None:
        """The name that any PUT of a user writes into the user's voicemail; None where it is left alone."""
        return None

    def check_fields(self, resource: Resource, values: Mapping[str, Any]) -> None:
        """Raise UnsupportedError when values are given for fields that this generation does not have."""
        absent = [name for name in resource.field_names if not self.has_field(resource, name) and name in values]
        if absent:
            raise UnsupportedError(
                f"{', '.join(absent)} cannot be set on a server of generation {self.api}.", "Leave it out there."
            )

    def check_values(self, resource: Resource, values: Mapping[str, Any]) -> None:
        """Raise InputError for the first value that a server of this generation would not store."""
        check_values(resource, values, self.rules)

    def defaults_of(self, resource: Resource) -> Row:
        """Return what a new object has in the fields that are not given; None for a field that does not exist here."""
        return {each.name: each.default if self.has_field(resource, each.name) else None for each in resource.fields}

    @classmethod
    def has_field(cls, resource: Resource, name: str) -> bool:
        """Return whether this generation has a field of a resource."""
        return (resource.name, name) not in cls.absent_fields

    # Reading

    @abstractmethod
    def read_snapshot(self) -> Snapshot:
        """All users, lines and extensions and who belongs to whom, in as few requests as the generation needs."""

    @abstractmethod
    def find_users(self, **exact: Any) -> list[Row]:
        """The users whose fields have exactly these canonical values, by id; all of them without values."""

    @abstractmethod
    def get_user(self, user_id: int) -> Row | None: ...

    @abstractmethod
    def list_lines(self) -> list[Row]:
        """All lines, perhaps without secret and callerid."""

    @abstractmethod
    def get_line(self, line_id: int) -> Row | None:
        """A line with all its fields."""

    @abstractmethod
    def get_extension(self, extension_id: int) -> Row | None: ...

    @abstractmethod
    def find_extension(self, exten: str, context: str) -> Row | None: ...

    @abstractmethod
    def line_of_user(self, user_id: int) -> int | None: ...

    @abstractmethod
    def users_of_line(self, line_id: int) -> list[int]:
        """The users' ids, the main user's first."""

    @abstractmethod
    def extension_of_line(self, line_id: int) -> Row | None:
        """The internal extension of a line."""

    @abstractmethod
    def incalls_of_user(self, user_id: int, line_id: int | None, number_id: int | None) -> list[int]:
        """The ids of the extensions by which a user is called from outside; line and number are the user's."""

    @abstractmethod
    def owner_of_extension(self, extension_id: int) -> OwnerIds | None:
        """Who has a number, internal or incall; None if nobody that this generation can show."""

    def find_extensions(self, numbers: Iterable[tuple[str, str]]) -> Iterator[Row]:
        """Those of these numbers that exist. Rows may say who has them: "held", a Held or None."""
        for exten, context in numbers:
            row = self.find_extension(exten, context)
            if row:
                yield row

    def list_extensions(self, context: str | None = None) -> list[Row]:
        """All extensions, or those of a context; as extensions_at."""
        raise AssertionError("read_snapshot has read all numbers")

    def context_name_of(self, name: str) -> str:
        """The name of a context that may be given in another way."""
        return name

    def list_contexts(self) -> dict[str, ContextInfo] | None:
        """The contexts by name; None where this generation does not show them."""
        return None

    @abstractmethod
    def is_incall_context(self, context: str) -> bool | None:
        """Whether numbers of a context are called from outside; None if that cannot be known."""

    @abstractmethod
    def search(self, resource: Resource, search: str = "") -> list[Row]:
        """All objects of a kind; with ``search`` at least those in which a searched field contains it (``_info``).

        Lines may lack secret and callerid.
        """

    @abstractmethod
    def list_detailed_lines(self) -> list[Row]:
        """All lines with all their fields; slow on some generations."""

    @abstractmethod
    def get_device(self, device_id: str) -> Row | None: ...

    @abstractmethod
    def device_of_line(self, line_id: int) -> str | None:
        """The id of the phone that a line is on."""

    def devices_of_lines(self) -> dict[int, str | None]:
        """{line: id of its phone} of all lines."""
        return {row["id"]: row["device_id"] for row in self.list_lines()}

    def lines_of_device(self, device_id: str) -> list[int]:
        """The ids of the lines that are on a phone."""
        return [line_id for line_id, device in self.devices_of_lines().items() if device == device_id]

    @abstractmethod
    def list_voicemails(self) -> list[Row]:
        """All voicemails; "user_ids" is there where the generation's list shows them."""

    @abstractmethod
    def get_voicemail(self, voicemail_id: int) -> Row | None: ...

    @abstractmethod
    def find_voicemail(self, number: str, context: str) -> Row | None: ...

    @abstractmethod
    def voicemail_of_user(self, user_id: int) -> int | None: ...

    @abstractmethod
    def owners_of_voicemail(self, voicemail_id: int, likely: Iterable[int] = ()) -> Iterator[VoicemailOwner]:
        """Who has a voicemail, found one after the other; likely: the ids of the users to look at first."""

    # Writing

    @abstractmethod
    def create_user(self, values: Row) -> Row: ...

    @abstractmethod
    def update_user(self, user_id: int, changes: Row, result: Row) -> Row:
        """Write the changes; ``result`` is all that the user shall have then. Returns what is read back."""

    @property
    def batch_size(self) -> int:
        """How many new users one request makes with line, numbers and voicemail, all or none of them; 0: it cannot."""
        return 0

    def supported_part(self, new: NewUser) -> NewUser | None:
        """What of it such a request carries; the rest is for ordinary writes afterwards. None: not even the line."""
        return new

    def create_batch(self, new: Sequence[NewUser]) -> list[CreatedUser]:
        """Make what is carried of some, or nothing. Numbers must not exist, and be in the ranges of their contexts.

        A refusal tells in ``rows`` whom it is about, where the server does (the first one is 1).
        """
        raise UnsupportedError("This server makes users one part after the other.")

    def find_batch(self, new: Sequence[NewUser]) -> list[CreatedUser | None]:
        """What a request to make them made, if it did."""
        raise UnsupportedError("This server makes users one part after the other.")

    @abstractmethod
    def delete_user(self, user_id: int) -> None: ...

    @abstractmethod
    def create_line(self, values: Row) -> Row: ...

    @abstractmethod
    def update_line(self, line_id: int, changes: Row) -> Row: ...

    @abstractmethod
    def delete_line(self, line_id: int) -> None: ...

    @abstractmethod
    def create_extension(self, values: Row) -> Row: ...

    @abstractmethod
    def update_extension(self, extension: Extension, changes: Row, line: Line | None, user: User | None) -> Row:
        """Write the changes in place; line and user are who has the number, and keep it. Returns what is read back."""

    @abstractmethod
    def delete_extension(self, extension_id: int) -> None: ...

    @abstractmethod
    def associate_user_line(self, user: User, line: Line) -> None: ...

    @abstractmethod
    def dissociate_user_line(self, user: User, line: Line) -> None: ...

    @abstractmethod
    def associate_line_extension(self, line: Line, extension: Extension) -> None: ...

    @abstractmethod
    def dissociate_line_extension(self, line: Line, extension: Extension) -> None: ...

    @abstractmethod
    def associate_incall(self, user: User, line: Line | None, extension: Extension) -> None: ...

    @abstractmethod
    def dissociate_incall(self, user: User, line: Line | None, extension: Extension) -> None: ...

    @abstractmethod
    def dissociate_voicemail(self, user_id: int) -> None: ...

    @abstractmethod
    def associate_voicemail(self, user_id: int, voicemail_id: int, enabled: bool = True) -> None: ...

    @abstractmethod
    def create_voicemail(self, values: Row) -> Row: ...

    @abstractmethod
    def update_voicemail(self, voicemail_id: int, changes: Row) -> Row:
        """Write the changes. Returns what is read back.

        Raises InUseError where somebody has it and this generation refuses for that.
        """

    @abstractmethod
    def delete_voicemail(self, voicemail_id: int) -> None:
        """Raises InUseError if somebody has it."""

    @abstractmethod
    def update_device(self, device_id: str, changes: Row) -> Row:
        """Write the changes. Returns what is read back."""

    def associate_line_device(self, line_id: int, device_id: str) -> None:
        """Put a line that has a number and a user on a phone."""
        raise UnsupportedError("This server lets only itself put a line on a phone.")

    def dissociate_line_device(self, line_id: int, device_id: str) -> None:
        """Take a line off a phone."""
        raise UnsupportedError("This server lets only itself take a line off a phone.")

    @abstractmethod
    def reset_device(self, device_id: str) -> None:
        """Put a phone back into autoprov, which takes its line away. It may take a while after that."""

    @abstractmethod
    def synchronize_device(self, device_id: str) -> None:
        """Make a phone read its configuration."""
