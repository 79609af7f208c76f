# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Defines the objects of a server as the planner sees them, for every generation of the API."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

from .callerids import generated_caller_id
from .printable import printable
from .resources import DEVICE, EXTENSION, GROUP_FALLBACKS, LINE, USER, VOICEMAIL, Resource, nested
from .sip_usernames import is_chosen

Row = dict[str, Any]
"""An object as a backend reads it: the fields of the resource, "id", and "device_id" and "protocol" for lines."""
WARNING = "warning"
"""The key of a row, read back after a write, with what the administrator should know of the write; '' for nothing."""
UNDESCRIBED = "undescribed"
"""The key of a row with {what in words: its value in words} of what no entry can describe."""
CHOSEN_LATER = "chosen when it is made"
"""What is shown of a value that the run chooses at random."""
FEATURES_CONTEXT = "xivo-features"
"""The context of the feature codes of the IPBX. They belong to no line, but they are not orphans."""
SIP = "sip"
OTHER_PROTOCOLS = {"sccp": "SCCP", "custom": "custom"}
"""{protocol of a line that is not a SIP line: its name in messages}."""


@dataclass(eq=False)
class Record:
    """An object of the server, or one that a plan will create (``id`` is None until then).

    fields: the values of the resource's fields in canonical form (``resources.canonical``), as far as they were read.
    """

    resource: ClassVar[Resource]
    id: int | None = None
    fields: dict[str, Any] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Any:
        return self.fields.get(name)

    @property
    def predicted(self) -> bool:
        """Return whether the object exists in the plan only."""
        return self.id is None

    @property
    def identity(self) -> Any:
        """Return what tells the object from others of its type: the id, or the object itself while it has none."""
        return self if self.id is None else self.id

    def __str__(self) -> str:
        return printable(self.describe())

    def describe(self) -> str:
        """Return the object in words. ``str()`` makes them printable, for messages, labels and steps."""
        return f"{self.resource.label} {self.id}"

    @property
    def stable_name(self) -> str:
        """Return the object in words that are the same in every plan: without ids and names chosen at random."""
        return self.describe()

    def result(self) -> Row:
        """Return the object in the form in which modules return it."""
        fields = self.shown_fields()
        # What nobody has read is left out.
        unknown = self.resource.apart - fields.keys()
        row = {"id": self.id, **{name: fields.get(name) for name in self.resource.field_names if name not in unknown}}
        return {**row, "predicted": True} if self.predicted else row

    def shown_fields(self) -> Row:
        """Return the fields as results and diffs show them."""
        return self.fields


@dataclass(eq=False)
class User(Record):
    """A person using the IPBX."""

    resource = USER
    uuid: str | None = None
    mobile_fallback: bool = False
    """Whether calls go to the mobile phone of the user where no phone of the user is reachable, as Wazo shows it."""

    @property
    def name(self) -> str:
        """Return "firstname lastname"."""
        return " ".join(part for part in (self["firstname"], self["lastname"]) if part)

    @property
    def full_name(self) -> tuple[str | None, str | None]:
        """Return (firstname, lastname)."""
        return self["firstname"], self["lastname"]

    def __getitem__(self, name: str) -> Any:
        return self.uuid if name == "uuid" else self.fields.get(name)

    def result(self) -> Row:
        """Return the user in the form in which modules return it, with the uuid if the server has one."""
        return {**super().result(), **({"uuid": self.uuid} if self.uuid else {})}

    def describe(self) -> str:
        return f"user {self.name}" + (f" (id {self.id})" if self.id else "")

    @property
    def stable_name(self) -> str:
        return f"user {self.name}"

    @property
    def generated_caller_id(self) -> str | None:
        """Return the caller ID that confd makes of the name."""
        return generated_caller_id(self["firstname"], self["lastname"])


@dataclass(eq=False)
class UserPart:
    """Settings of a user that have requests of their own, such as the forwards. Every user has them.

    fields: the values of all fields in canonical form. found: the same as they were read.
    """

    resource: Resource
    user: User
    fields: dict[str, Any]
    found: dict[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        self.found = dict(self.fields)

    def __getitem__(self, name: str) -> Any:
        return self.fields.get(name)

    @property
    def id(self) -> int | None:
        """Return the id of the user; None for a user who exists in the plan only."""
        return self.user.id

    def __str__(self) -> str:
        return f"{self.resource.label} of {self.user}"

    @property
    def stable_name(self) -> str:
        """Return the settings in words that are the same in every plan."""
        return f"{self.resource.label} of {self.user.stable_name}"

    @property
    def exists(self) -> bool:
        """Return whether the user has it. Every user has settings, but not every user has a login."""
        return not self.resource.existence or self[self.resource.existence] is not None

    def chosen(self, usual: Row, with_secrets: bool = False) -> Row:
        """Return the fields that differ from those of a new user, without those that follow the user.

        usual: the fields of a new user. with_secrets: whether to return secrets, too.
        """
        return {
            field.name: self[field.name]
            for field in self.resource.fields
            if not field.follows
            and (with_secrets or not field.secret)
            and self[field.name] not in (None, usual[field.name])
        }

    def result(self) -> Row:
        """Return the settings in the form in which modules return them."""
        row = {"user_id": self.user.id, **nested({name: self[name] for name in self.resource.field_names})}
        return {**row, "predicted": True} if self.user.predicted else row


@dataclass(eq=False)
class Line(Record):
    """A line, which connects a user with an extension and a device: a SIP account, or one of the other kinds.

    protocol: "sip", "sccp", "custom", or None for a line without endpoint. endpoint_name: the name of its endpoint,
    where endpoints have one: usually the username. username_is_random: whether the plan has chosen the username.
    """

    resource = LINE
    protocol: str | None = SIP
    endpoint_name: str | None = None
    username_is_random: bool = False
    device_id: str | None = None
    device_known: bool = False
    """Whether device_id was read; use ``ServerState.device_of``."""
    details_known: bool = False
    """Whether the secret and the caller ID were read, which some lists leave out."""

    @property
    def is_sip(self) -> bool:
        """Return whether the line is a SIP account. Only such a line has username, secret, callerid and webrtc."""
        return self.protocol == SIP

    def shown_fields(self) -> Row:
        """Return the fields as results and diffs show them. Each plan chooses another random username."""
        return {**self.fields, "username": CHOSEN_LATER} if self.predicted and self.username_is_random else self.fields

    @property
    def stable_name(self) -> str:
        if not self.is_sip:
            return f"{OTHER_PROTOCOLS.get(self.protocol or '', self.protocol)} line"
        is_chosen_later = self.predicted and self.username_is_random
        if is_chosen_later or is_chosen(self["username"]):
            return "SIP line"
        return f"SIP line {self['username'] or 'without username'}"

    def describe(self) -> str:
        if self.id is None:
            return "the new line"
        if self.protocol and not self.is_sip:
            return f"{OTHER_PROTOCOLS.get(self.protocol, self.protocol)} line (id {self.id})"
        return f"line {self['username'] or 'without SIP account'} (id {self.id})"


@dataclass(eq=False)
class Extension(Record):
    """A number in a context."""

    resource = EXTENSION

    @property
    def key(self) -> tuple[str, str]:
        """Return (exten, context)."""
        return self["exten"], self["context"]

    @property
    def is_feature(self) -> bool:
        """Return whether it is a feature code or a pattern, which never belongs to a user."""
        return self["context"] == FEATURES_CONTEXT or not str(self["exten"]).isdigit()

    def describe(self) -> str:
        return f"{self['exten']}@{self['context']}"


@dataclass(eq=False)
class Voicemail(Record):
    """A mailbox for messages of one or more users."""

    resource = VOICEMAIL

    @property
    def key(self) -> tuple[str, str]:
        """Return (number, context)."""
        return self["number"], self["context"]

    def describe(self) -> str:
        return f"voicemail {self['number']}@{self['context']}"


@dataclass(eq=False)
class Group(Record):
    """The fallbacks of a ring group. name: what people call the group."""

    resource = GROUP_FALLBACKS
    name: str = ""

    @property
    def stable_name(self) -> str:
        return f"{self.resource.label} {self.name}"

    def describe(self) -> str:
        return f"{self.resource.label} {self.name} (id {self.id})"


@dataclass(eq=False)
class Device:
    """A phone. The provisioning server creates devices and their ids, which are strings; a plan never creates one."""

    resource: ClassVar[Resource] = DEVICE
    id: str
    fields: dict[str, Any] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Any:
        return self.fields.get(name)

    def result(self) -> Row:
        """Return the device in the form in which modules return it."""
        return {"id": self.id, **{name: self.fields.get(name) for name in DEVICE.field_names}}

    @property
    def stable_name(self) -> str:
        """Return the phone by its MAC address: its IP address and its id can change."""
        return f"phone {self['mac'] or self.id}"

    def __str__(self) -> str:
        known = [self[name] for name in ("mac", "ip", "description") if self[name]]
        return printable(f"phone {' '.join(known)} (device {self.id})" if known else f"device {self.id}")


@dataclass(frozen=True)
class NumberUse:
    """What an extension leads to, other than a line or a user.

    type: as the servers call it, "group" or "queue". id: of the object, as text. name: what people call it, '' where
    the server does not say.
    """

    type: str
    id: str = ""
    name: str = ""


@dataclass
class Owner:
    """The owner of an extension: a line, a user, a line with its user, or another owner as text. use: that owner."""

    line: Line | None
    user: User | None
    other: str = ""
    use: NumberUse | None = None

    def __str__(self) -> str:
        return " of ".join(str(part) for part in (self.line, self.user) if part) or printable(self.other)


def stable_name(record: Record | UserPart | Device) -> str:
    """Return an object in words that are the same in every plan: without ids and names chosen at random."""
    return printable(record.stable_name)


def id_of(record: Record | UserPart) -> int:
    """Return the id of an object that exists on the server. Raise AssertionError for one that is only planned."""
    if record.id is None:
        raise AssertionError(f"{record} does not exist yet")
    return record.id


def id_order(record: Record) -> int:
    """Return the key that sorts records by their ids. Objects that are only planned come first."""
    return record.id or 0
