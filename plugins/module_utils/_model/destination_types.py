# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Defines the types of destinations, in tables: those of fallbacks, and those of function keys.

Sources: person-xivo-16.16.md, "users/ID/fallbacks" and "users/ID/funckeys, /funckeys/templates"; person-wazo-26.08.md,
"4. fallbacks" and "6. funckeys".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .errors import InputError
from .numbers import parse_id
from .printable import printable
from .texts import plain_text, require_text

FALLBACK, KEY = "fallback", "key"
"""Where a destination can be used."""
NONE = "none"
"""The type by which servers store that there is no destination."""
OWN = "own"
"""The target of a voicemail that the user has."""
USER, VOICEMAIL, GROUP = "user", "voicemail", "group"
GROUP_KEY = "group_id"
"""The server's key of a group in a destination."""
REFERENCE, ID, TEXT, CHOICE, NUMBER = "reference", "id", "text", "choice", "number"
INTEGER, FLAG = "integer", "flag"
"""Kinds of targets: an object by keys or a name; one by its id in ``{id: ...}``; a text; a word; exten and context; a
whole number; ``true`` for a type that has no target."""
LONGEST_SHOWN = 80


@dataclass(frozen=True)
class Detail:
    """A value beside the target. name: as people write it; key: the server's; type: of its values.

    default: the value that the server takes for one that is left out. choices: the only texts, if there are any.
    """

    name: str
    key: str
    type: type = str
    default: Any = None
    choices: tuple[str, ...] = ()
    required: bool = False

    def parsed(self, value: Any, where: str) -> Any:
        """Return the canonical value: 20.0 as 20, the default as None. Raises InputError for another type."""
        if value is None or (self.type is str and value == ""):
            return None
        if self.type is bool and not isinstance(value, bool):
            raise InputError(f"{where} is {shown_value(value)}.", "It must be true or false.")
        if self.type is float:
            value = _seconds(value, where)
        if self.type is int:
            value = parse_id(value, where)
        if self.type is str:
            value = plain_text(require_text(value, where))
            if self.choices and value not in self.choices:
                raise InputError(f"{where} is {shown_value(value)}.", f"Valid values: {', '.join(self.choices)}.")
        return None if value == self.default else value

    def stored(self, value: Any) -> Any:
        """Return the canonical value of one that the server shows."""
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        return None if value in ("", self.default) else value


@dataclass(frozen=True)
class DestinationType:
    """A row of the table. name: the type, for people and for servers. target: the kind of its target.

    key: the server's key of the target; keys: the keys that identify a target, those of ``{...}``.
    named_by: the keys that only a server's answer has, and that are missing for a target that was deleted.
    choices: the words that are targets.
    """

    name: str
    target: str
    key: str = ""
    keys: tuple[str, ...] = ()
    named_by: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    details: tuple[Detail, ...] = ()

    @property
    def server_keys(self) -> frozenset[str]:
        """Return all keys that a server's object of this type can have."""
        own = self.keys if self.target == NUMBER else (self.key,)
        kind = self.key.rpartition("_")[0]
        shown = (f"{kind}_name", f"{kind}_label", f"{kind}_firstname", f"{kind}_lastname")
        return frozenset({"type", "href", "links", *own, *shown, *(each.key for each in self.details)})


SERVICES = (
    "callrecord",
    "calllistening",
    "directoryaccess",
    "enablednd",
    "enablevm",
    "fwdundoall",
    "incallfilter",
    "phonestatus",
    "pickup",
    "recsnd",
    "vmusermsg",
    "vmuserpurge",
)
RING = Detail("ring_seconds", "ring_time", float)
USER_KEYS = ("id", "uuid", "username", "userfield", "firstname", "lastname", "exten", "context")
TYPES = {
    each.name: each
    for each in (
        DestinationType(
            USER,
            REFERENCE,
            "user_id",
            USER_KEYS,
            named_by=("user_firstname",),
            details=(RING, Detail("moh_uuid", "moh_uuid")),
        ),
        DestinationType(
            VOICEMAIL,
            REFERENCE,
            "voicemail_id",
            ("id", "number", "context"),
            named_by=("voicemail_name",),
            details=(
                Detail("skip_instructions", "skip_instructions", bool, default=False),
                Detail("greeting", "greeting", choices=("busy", "unavailable")),
            ),
        ),
        DestinationType(GROUP, REFERENCE, "group_id", ("id",), named_by=("group_name",), details=(RING,)),
        DestinationType("extension", NUMBER, keys=("exten", "context")),
        DestinationType("custom", TEXT, "command"),
        DestinationType(
            "sound",
            TEXT,
            "filename",
            details=(
                Detail("skip", "skip", bool, default=False),
                Detail("no_answer", "no_answer", bool, default=False),
            ),
        ),
        DestinationType(
            "hangup",
            CHOICE,
            "cause",
            choices=("busy", "congestion", "normal"),
            details=(Detail("timeout", "timeout", float),),
        ),
        DestinationType("queue", ID, "queue_id", ("id",), details=(RING,)),
        DestinationType("ivr", ID, "ivr_id", ("id",)),
        DestinationType("conference", ID, "conference_id", ("id",)),
        DestinationType("meetme", ID, "conference_id", ("id",)),
        DestinationType("outcall", ID, "outcall_id", ("id",), details=(Detail("exten", "exten", required=True),)),
        DestinationType("switchboard", ID, "switchboard_uuid", ("id",), details=(RING,)),
    )
}
"""The types of fallbacks that people can write. Others are kept as the server stores them."""
LOT = Detail("parking_lot_id", "parking_lot_id", int)
KEY_TYPES = {
    each.name: each
    for each in (
        DestinationType(USER, REFERENCE, "user_id", USER_KEYS),
        DestinationType(GROUP, REFERENCE, "group_id", ("id",)),
        DestinationType(
            "groupmember",
            REFERENCE,
            "group_id",
            ("id",),
            details=(Detail("action", "action", choices=("join", "leave", "toggle"), required=True),),
        ),
        DestinationType("custom", TEXT, "exten"),
        DestinationType(
            "forward",
            CHOICE,
            "forward",
            choices=("busy", "noanswer", "unconditional"),
            details=(Detail("exten", "exten"),),
        ),
        DestinationType("service", CHOICE, "service", choices=SERVICES),
        DestinationType("transfer", CHOICE, "transfer", choices=("attended", "blind")),
        DestinationType("park_position", INTEGER, "position", details=(LOT,)),
        DestinationType("parking", FLAG, details=(LOT,)),
        DestinationType("onlinerec", FLAG),
        DestinationType(
            "agent",
            ID,
            "agent_id",
            ("id",),
            details=(Detail("action", "action", choices=("login", "logout", "toggle"), required=True),),
        ),
        DestinationType("bsfilter", ID, "filter_member_id", ("id",)),
        *(DestinationType(name, ID, f"{name}_id", ("id",)) for name in ("queue", "conference", "paging")),
    )
}
"""The types of function keys that people can write. Others are kept as the server stores them."""
TABLES = {FALLBACK: TYPES, KEY: KEY_TYPES}


def shown_value(value: Any) -> str:
    """Return a value for messages: its first characters."""
    text = printable(repr(value))
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}..."


def _seconds(value: Any, where: str) -> float:
    """Return a number of seconds, an integer if it is one. Raises InputError."""
    try:
        seconds = float(value) if not isinstance(value, bool) else -1.0
    except (TypeError, ValueError):
        seconds = -1.0
    if not 0 <= seconds <= 10**6:
        raise InputError(f"{where} is {shown_value(value)}.", "It must be a number of seconds.")
    return int(seconds) if seconds.is_integer() else seconds
