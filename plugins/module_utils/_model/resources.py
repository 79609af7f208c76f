# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Defines the resources, their fields, and which values of a field differ only in spelling.

The argument specs of the modules and the planner both read these tables. Sources: xivo-15.12.md, "users", "lines_sip",
"extensions", "devices" and "voicemails and users/ID/voicemail"; xivo-16.16.md, "users", "lines_sip", "extensions" and
"devices"; wazo-26.08.md, "5. The resource kinds"; person-xivo-16.16.md, "users/ID/services,
/services/{dnd,incallfilter}".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as attribute
from functools import cached_property, partial
from typing import Any

from .callerids import canonical_caller_id
from .destinations import Linking, canonical_destination
from .errors import UnreadableError
from .func_keys import KeySet, canonical_keys
from .macs import canonical_mac
from .texts import plain_text, truth_or_word


@dataclass(frozen=True)
class Field:
    """A field of a resource, on every generation that does not list it in ``Backend.absent_fields``.

    type: the type in Ansible's argument spec. default: the value that a null means. unique: what the value is called
    where it belongs to one object only; '' where several objects may have it. ignores_case: whether servers compare the
    values of a unique field without case. part_of: the field that means this one and the others with the same part_of,
    on the generations that have them. follows: the field of the user whose value this one always has; it is no option.
    apart: whether a generation shows it in requests of its own only, so that it is read for those who name it. A user's
    can have another value only before there is a line. words: what a boolean may be besides true and false.
    """

    name: str
    type: str = "str"
    secret: bool = False
    default: Any = None
    unique: str = ""
    ignores_case: bool = False
    part_of: str = ""
    follows: str = ""
    apart: bool = False
    words: tuple[str, ...] = ()

    @property
    def option_type(self) -> str:
        """Return the type in an argument spec. Ansible knows no boolean that can be a word."""
        return "raw" if self.words else self.type

    def unique_key(self, value: Any) -> Any:
        """Return the canonical value, so that two values that servers take for the same one are equal."""
        value = canonical(self.name, value)
        return value.casefold() if self.ignores_case and isinstance(value, str) else value


@dataclass(frozen=True)
class Resource:
    """A type of objects. name: in modules and results; label: in messages; keys: the fields that identify an object.

    A field "busy.enabled" is the option "enabled" in the option "busy". needs_line: whether it is something that only
    users with a line can have. existence: the field whose empty value means that there is no such object, of something
    that not every user has. links: whether its values lead to other objects, so that it is written after everybody of a
    list is there. field_names, apart: the names of all fields, and of those that are read and written apart from the
    others. names: the same as field_names, as a set. They are made once, because every value of every person asks for
    them.
    """

    name: str
    label: str
    fields: tuple[Field, ...]
    keys: tuple[str, ...]
    needs_line: bool = False
    existence: str = ""
    links: bool = False
    field_names: tuple[str, ...] = attribute(init=False, compare=False, repr=False)
    names: frozenset[str] = attribute(init=False, compare=False, repr=False)
    apart: frozenset[str] = attribute(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "field_names", tuple(field.name for field in self.fields))
        object.__setattr__(self, "names", frozenset(self.field_names))
        object.__setattr__(self, "apart", frozenset(field.name for field in self.fields if field.apart))

    @property
    def options(self) -> dict[str, Field | dict[str, Field]]:
        """Return {option: its field}, or {option: {sub-option: its field}} where fields stand in an option."""
        options: dict[str, Any] = {}
        for field in self.fields:
            option, _dot, inner = field.name.partition(".")
            if field.follows:
                continue
            if inner:
                options.setdefault(option, {})[inner] = field
            else:
                options[option] = field
        return options

    @cached_property
    def unique_fields(self) -> tuple[Field, ...]:
        """Return the fields whose value belongs to one object only."""
        return tuple(field for field in self.fields if field.unique)

    @cached_property
    def secrets(self) -> frozenset[str]:
        """Return the names of the secret fields."""
        return frozenset(field.name for field in self.fields if field.secret)


USER = Resource(
    "user",
    "user",
    (
        Field("firstname"),
        Field("lastname"),
        Field("caller_id"),
        Field("outgoing_caller_id"),
        Field("username", unique="username"),
        Field("password", secret=True),
        Field("music_on_hold"),
        Field("mobile_phone_number"),
        Field("userfield"),
        Field("timezone"),
        Field("language"),
        Field("description"),
        Field("preprocess_subroutine"),
        Field("email", unique="e-mail address", ignores_case=True),
        Field("call_transfer_enabled", "bool", default=False),
        Field("dtmf_hangup_enabled", "bool", default=False),
        Field("call_record_enabled", "bool", default=False),
        Field("call_record_outgoing_external_enabled", "bool", default=False, part_of="call_record_enabled"),
        Field("call_record_outgoing_internal_enabled", "bool", default=False, part_of="call_record_enabled"),
        Field("call_record_incoming_external_enabled", "bool", default=False, part_of="call_record_enabled"),
        Field("call_record_incoming_internal_enabled", "bool", default=False, part_of="call_record_enabled"),
        Field("online_call_record_enabled", "bool", default=False),
        Field("supervision_enabled", "bool", default=True),
        Field("ring_seconds", "int", default=30),
        Field("simultaneous_calls", "int", default=5),
        Field("call_permission_password", secret=True),
        Field("enabled", "bool", default=True),
        Field("subscription_type", "int", default=0),
        Field("entity", apart=True),
    ),
    keys=("id", "uuid", "username", "userfield", "firstname", "lastname", "exten", "context"),
)
LINE = Resource(
    "line_sip",
    "SIP line",
    (
        Field("username", unique="SIP username"),
        Field("secret", secret=True),
        Field("context"),
        Field("device_slot", "int"),
        Field("callerid"),
        Field("provisioning_extension", unique="provisioning code"),
        Field("webrtc", "bool", default=False, apart=True, words=("unique",)),
    ),
    keys=("id", "username", "exten", "context"),
)
SIP_FIELDS = ("username", "secret", "callerid", "webrtc")
"""The fields that only SIP lines have. All kinds of lines have the others."""
EXTENSION = Resource(
    "extension",
    "extension",
    (Field("exten", "raw"), Field("context"), Field("commented", "bool")),
    keys=("id", "exten", "context"),
)
DEVICE = Resource(
    "device",
    "phone",
    (
        Field("ip"),
        Field("mac"),
        Field("sn"),
        Field("plugin"),
        Field("vendor"),
        Field("model"),
        Field("version"),
        Field("description"),
        Field("status"),
        Field("template_id"),
        Field("options", "dict"),
    ),
    keys=("id", "mac", "ip", "sn"),
)
DEVICE_SETTINGS = ("description", "template_id", "options")
"""The fields of a device that an administrator sets. The provisioning server learns the others from the phone."""
DROPPED_BY_AUTOPROV = ("template_id", "options")
"""The settings that a device loses when it is reset to autoprov (xivo-16.16.md, "devices")."""
VOICEMAIL = Resource(
    "voicemail",
    "voicemail",
    (
        Field("name"),
        Field("number"),
        Field("context"),
        Field("password", secret=True),
        Field("email"),
        Field("language"),
        Field("timezone"),
        Field("pager"),
        Field("max_messages", "int"),
        Field("attach_audio", "bool", default=False),
        Field("delete_messages", "bool", default=False),
        Field("ask_password", "bool", default=True),
    ),
    keys=("id", "number", "context"),
)
FORWARDS = Resource(
    "user_forwards",
    "forwards",
    tuple(
        field
        for name in ("busy", "noanswer", "unconditional")
        for field in (Field(f"{name}.enabled", "bool", default=False), Field(f"{name}.destination"))
    ),
    keys=("user_id",),
)
SERVICES = Resource(
    "user_services",
    "services",
    (Field("dnd", "bool", default=False), Field("incallfilter", "bool", default=False)),
    keys=("user_id",),
)
FALLBACKS = Resource(
    "user_fallbacks",
    "fallbacks",
    tuple(Field(name, "raw") for name in ("noanswer", "busy", "congestion", "fail")),
    keys=("user_id",),
    links=True,
)
GROUP_FALLBACKS = Resource("group_fallbacks", "fallbacks of group", (Field("noanswer", "raw"),), ("id",), links=True)
"""Groups have one fallback (person-xivo-16.16.md, "groups")."""
LOGIN = Resource(
    "user_login",
    "login",
    (
        Field("username"),
        Field("password", secret=True),
        Field("enabled", "bool", default=True),
        Field("profile"),
        Field("firstname", follows="firstname"),
        Field("lastname", follows="lastname"),
        Field("email", follows="email"),
    ),
    keys=("user_id",),
    existence="username",
)
CALL_PERMISSIONS = Resource(
    "user_call_permissions", "call permissions", (Field("call_permissions", "list", default=()),), keys=("user_id",)
)
_KEYS = Field("keys", "dict", default=KeySet())
FUNC_KEYS = Resource("user_func_keys", "function keys", (Field("template"), _KEYS), keys=("user_id",), links=True)
GROUPS = Resource("user_groups", "groups", (Field("groups", "list", default=()),), keys=("user_id",), needs_line=True)
USER_PARTS = {
    "call_permissions": CALL_PERMISSIONS,
    "groups": GROUPS,
    "services": SERVICES,
    "forwards": FORWARDS,
    "login": LOGIN,
    "fallbacks": FALLBACKS,
    "func_keys": FUNC_KEYS,
}
"""{key of an entry: the settings of a user that have requests of their own}, in the order in which they are written.

The login comes last of those that do not link, because a password that was written cannot be put back.
"""
RESOURCES = {resource.name: resource for resource in (USER, LINE, EXTENSION, DEVICE, VOICEMAIL, *USER_PARTS.values())}
SECRET_KEYS = frozenset().union(*(resource.secrets for resource in RESOURCES.values()))
TEXT_NAMES = frozenset(
    field.name
    for resource in RESOURCES.values()
    for field in resource.fields
    if field.type == "str" and field.name not in SECRET_KEYS | {"number"}
)
"""The fields whose texts people read. Of a secret, every character counts, and ``parse_exten`` checks numbers."""
ABSENT = "absent"
CORRUPT, NOT_CONFIGURED = "corrupt", "not_configured"
"""Statuses of a device: without configuration, where the API shows that; not configured by its plugin."""


def tidy(name: str, value: Any) -> Any:
    """Return a field's value as it is written: a text that is no secret in the form of ``plain_text``."""
    return plain_text(value) if name in TEXT_NAMES and isinstance(value, str) else value


def canonical(name: str, value: Any) -> Any:
    """Return the canonical form of a field's value: None if empty, texts, caller IDs and MACs in one spelling."""
    if value is None or value == "":
        return None
    # Not with ``tidy``: a list of 10,000 users has a million values, and each call is felt.
    if name in TEXT_NAMES and isinstance(value, str):
        value = plain_text(value)
    spelling = SPELLINGS.get(name)
    return spelling(value) if spelling else value


def canonical_names(value: Iterable[str]) -> tuple[str, ...]:
    """Return names of which neither the order nor the number of times matters."""
    return tuple(sorted({plain_text(name) for name in value}))


WORDS = {field.name: field.words for resource in RESOURCES.values() for field in resource.fields if field.words}
"""{name of a boolean field: what it may be besides true and false}."""
SPELLINGS: dict[str, Callable[[Any], Any]] = {
    "caller_id": canonical_caller_id,
    "mac": canonical_mac,
    "call_permissions": canonical_names,
    "groups": canonical_names,
    "keys": canonical_keys,
    **dict.fromkeys(FALLBACKS.field_names, canonical_destination),
    **{name: partial(truth_or_word, words=words) for name, words in WORDS.items()},
}


def normalised(resource: Resource, row: Mapping[str, Any]) -> dict[str, Any]:
    """Return {field: canonical value} of a row of the server, for the fields of the resource that the row has.

    Raise UnreadableError for a value of a type that confd does not send.
    """
    return {
        field.name: field.default if (given := row[field.name]) is None else _read(field, given)
        for field in resource.fields
        if field.name in row
    }


def _read(field: Field, given: Any) -> Any:
    if isinstance(given, bool) and field.type == "bool":
        return given
    try:
        value = canonical(field.name, given)
    except (TypeError, ValueError, AttributeError):
        value = given
    if field.type == "str" and value is not None and not isinstance(value, str):
        raise UnreadableError(
            f"The server has {type(value).__name__} as {field.name}, where confd has text.",
            hint="Check that confd_url is the address of confd and that no proxy answers in its place.",
        )
    return field.default if value is None else value


def wanted_values(resource: Resource, options: Mapping[str, Any] | Sequence[Any]) -> dict[str, Any]:
    """Return {field: value} of the fields that are set in options. '' clears a field, null leaves it as it is.

    A resource with one field, which is a list, may have the list itself as its options. Something that is to be absent
    has an empty ``existence``. A value with several spellings stays as it was given, so that a rule can tell '' from
    what only looks empty.
    """
    named = options if isinstance(options, Mapping) else {resource.field_names[0]: options}
    if resource.existence and (named.get("state") == ABSENT or named.get(resource.existence) == ""):
        return {resource.existence: ""}
    return {
        name: value if name in SPELLINGS else tidy(name, value)
        for name in resource.field_names
        if (value := _suboption(named, name) if "." in name else named.get(name)) is not None
    }


def names_of_login(values: Mapping[str, Any]) -> dict[str, str]:
    """Return {name in lower case: name} of the names by which somebody can sign in with a login."""
    given = (values.get(name) for name in ("username", "email"))
    return {name.casefold(): name for name in given if name}


def _suboption(options: Mapping[str, Any], name: str) -> Any:
    """Return the value of the suboption that a field's name means; None if it is not set."""
    option, _dot, inner = name.partition(".")
    return (options.get(option) or {}).get(inner)


def nested(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of fields as options have them: "busy.enabled" as "enabled" in "busy"."""
    options: dict[str, Any] = {}
    for name, value in fields.items():
        option, _dot, inner = name.partition(".")
        if inner:
            options.setdefault(option, {})[inner] = as_option(value)
        else:
            options[option] = as_option(value)
    return options


def as_option(value: Any) -> Any:
    """Return a value of a field as an option has it: a destination as people write it."""
    if isinstance(value, Linking):
        return value.words
    return list(value) if isinstance(value, tuple) else value


def differences(found: Mapping[str, Any], wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Return {field: canonical value} of the wanted values that differ from the found ones."""
    # Most values are as they were found, and what equals a canonical value is canonical.
    others = [(name, value) for name, value in wanted.items() if found.get(name) != value]
    return {name: target for name, value in others if found.get(name) != (target := canonical(name, value))}
