# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Complete users as rows of POST /users/import, and the answer to it (xivo-16.16.md, "users/import").

A row has: the user's fields that have a column, a generated caller ID, the line with SIP username and secret on key 1
of its device, its extension, one incall, a voicemail with the user's name whose fields all have columns, the profile of
the login and the call permissions. The caller ID of a line is always derived from its user's. The rest is written
afterwards: the user's caller_id, description, timezone, music_on_hold and preprocess_subroutine and the line's
device_slot by one PUT each; further incalls and other voicemails by operations of their own. A user with a value that a
table might change is not imported at all: the server splits the table at newlines before it looks at quotes, and checks
a SIP username less strictly than elsewhere.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

from ..._model.callerids import generated_caller_id
from ..._model.errors import UnreadableError
from ..._model.numbers import ExtensionKey
from ..._model.records import Row, User
from ..._model.resources import CALL_PERMISSIONS, LOGIN, USER, VOICEMAIL, Field, canonical
from ..._model.sip_usernames import new_secret
from ..interface import CreatedUser, NewUser
from ..xivo.rows import row_of
from .embedded_users import extensions_of_incalls

IMPORT = "/users/import"
LARGEST_BATCH = 20
MARGIN = 10
"""How many times as long a busy server may take."""
USER_COLUMNS = frozenset(
    {
        *("firstname", "lastname", "outgoing_caller_id", "username", "password", "mobile_phone_number", "userfield"),
        *("language", "email", "call_transfer_enabled", "dtmf_hangup_enabled", "call_record_enabled"),
        *("online_call_record_enabled", "supervision_enabled", "ring_seconds", "simultaneous_calls"),
        *("call_permission_password", "enabled"),
    }
)
VOICEMAIL_COLUMNS = {
    name: next(field for field in VOICEMAIL.fields if field.name == name)
    for name in (
        *("name", "number", "context", "password", "email"),
        *("attach_audio", "delete_messages", "ask_password"),
    )
}
NULL_ALREADY = "voicemail_attach_audio"
"""A column that servers store as null when it is missing (xivo-15.12.md, "voicemails and users/ID/voicemail")."""
ACCOUNT = {"username": re.compile("[a-zA-Z0-9]{1,40}"), "secret": re.compile("[a-zA-Z0-9]{1,80}")}


class UserTable:
    """Knows what a row of the table carries of a new user, and makes the table."""

    user_columns: ClassVar[dict[str, Field]] = {each.name: each for each in USER.fields if each.name in USER_COLUMNS}
    constants: ClassVar[Row] = {"entity_id": ""}
    """{column: its value in every row}."""
    seconds_a_user: ClassVar[float] = 0.136
    """The time that the import of one user takes on an idle server, measured."""

    def block_size(self, timeout: float) -> int:
        """Return how many users one request may create, so that it is answered long before the timeout (seconds)."""
        return max(1, min(LARGEST_BATCH, int(timeout / (self.seconds_a_user * MARGIN))))

    def supported_part(self, new: NewUser) -> NewUser | None:
        """Return the part of a new user that a row has, with a SIP secret; None where a table is not safe."""
        part = NewUser(
            {name: value for name, value in new.user.items() if self._is_carried(name, value, new.user)},
            {"secret": new_secret(), **{name: new.line[name] for name in new.line if name != "device_slot"}},
            new.number,
            [number for number in new.incalls if number[0].isdigit()][:1],
            new.voicemail if new.voicemail and _is_carried_voicemail(new.voicemail, new.user) else None,
            {name: values for name, values in new.parts.items() if self._is_carried_part(name, values, new.user)},
        )
        if new.line.get("device_slot") == 1:
            part.line["device_slot"] = 1
        is_account = all(pattern.fullmatch(part.line[name]) for name, pattern in ACCOUNT.items())
        is_plain = all(text.isprintable() and text == text.strip() for text in self._row(part).values())
        return part if is_account and is_plain and new.number[0].isdigit() else None

    def body(self, users: Sequence[NewUser]) -> str:
        """Return the body of the request: a header line, and a row for each user.

        A column that one row needs has a value in all rows: an empty value is null, and what the server does with null
        in fields that cannot be null is not known.
        """
        rows = [self._row(user) for user in users]
        columns = list(dict.fromkeys(name for row in rows for name in row))
        stream = io.StringIO()
        writer = csv.DictWriter(stream, columns, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows({**self._defaults(columns, bool(user.voicemail)), **row} for user, row in zip(users, rows))
        return stream.getvalue()

    def _is_carried(self, name: str, value: Any, user: Row) -> bool:
        if name == "caller_id":
            # A generated caller ID needs no column, because the server generates the same.
            generated = generated_caller_id(user.get("firstname"), user.get("lastname"))
            return canonical(name, value) in (None, generated)
        return name in self.user_columns

    def _is_carried_part(self, name: str, values: Row, user: Row) -> bool:
        """Return whether a row has all values of settings.

        A login needs a profile, and username and password where it is enabled (person-xivo-16.16.md, "/users/import
        (POST, PUT) and /users/export").
        """
        if name == LOGIN.name:
            is_complete = bool(user.get("username") and user.get("password"))
            return bool(values.get("profile")) and (is_complete or not values.get("enabled"))
        return name == CALL_PERMISSIONS.name

    def _columns_of_login(self, login: Row) -> Row:
        return {"cti_profile_name": login["profile"], "cti_profile_enabled": bool(login.get("enabled"))}

    def _row(self, new: NewUser) -> dict[str, str]:
        exten, context = new.number
        row = {name: new.user[name] for name in self.user_columns if new.user.get(name) is not None}
        row |= {**self.constants, "line_protocol": "sip", "context": context, "exten": exten}
        row |= {"sip_username": new.line["username"], "sip_secret": new.line["secret"]}
        for incall in new.incalls:
            row |= {"incall_exten": incall[0], "incall_context": incall[1]}
        given = new.voicemail or {}
        row |= {f"voicemail_{name}": given[name] for name in VOICEMAIL_COLUMNS if given.get(name) is not None}
        if LOGIN.name in new.parts:
            row |= self._columns_of_login(new.parts[LOGIN.name])
        if CALL_PERMISSIONS.name in new.parts:
            (names,) = new.parts[CALL_PERMISSIONS.name].values()
            row["call_permissions"] = ";".join(names)
        return {name: _spelled(value) for name, value in row.items()}

    def _defaults(self, columns: Iterable[str], with_voicemail: bool) -> dict[str, str]:
        """Return the values that the server gives to columns that are missing."""
        fields = dict(self.user_columns)
        if with_voicemail:
            fields |= {f"voicemail_{name}": field for name, field in VOICEMAIL_COLUMNS.items()}
        known = {name: fields[name].default for name in columns if name in fields and name != NULL_ALREADY}
        return {name: _spelled(default) for name, default in known.items() if default is not None}


def imported(answer: Mapping[str, Any], users: Sequence[NewUser]) -> list[CreatedUser]:
    """Return the created users that the answer shows. Raises UnreadableError where an id is missing."""
    created = answer.get("created")
    rows = {row.get("row_number"): row for row in created or () if isinstance(row, dict)}
    complete = [_created(rows[number], user) for number, user in enumerate(users, start=1) if number in rows]
    named = [each for each in complete if each]
    if len(named) != len(users):
        raise UnreadableError(
            f"POST {IMPORT}: the answer contains the ids of {len(named)} of {len(users)} new users.",
            method="POST",
            path=IMPORT,
            status=201,
        )
    return named


def found_again(rows: Iterable[Row], users: Sequence[NewUser]) -> list[CreatedUser | None]:
    """Return the users that a list shows with the chosen SIP username and everything that a row has, or None."""
    accounts: dict[str, tuple[Row, Row]] = {}
    for user in rows:
        for line in user["lines"]:
            if line["endpoint_sip"]:
                accounts[line["endpoint_sip"]["username"]] = user, line
    known = (accounts.get(user.line["username"]) for user in users)
    return [_found(*each, user) if each else None for each, user in zip(known, users)]


def _is_carried_voicemail(voicemail: Row, user: Row) -> bool:
    """Return whether a row has all values of a voicemail.

    An import names it after the user (person-xivo-16.16.md, "/users/import (POST, PUT) and /users/export").
    """
    name = User(fields=user).name
    return VOICEMAIL_COLUMNS.keys() >= voicemail.keys() and voicemail.get("name", name) == name


def _spelled(value: Any) -> str:
    return str(int(value)) if isinstance(value, bool) else str(value)


def _created(row: Row, new: NewUser) -> CreatedUser | None:
    """Return the user of a row of the answer; None if an id is missing."""
    numbers: dict[ExtensionKey, Any] = {new.number: row.get("extension_id")}
    numbers |= {each: row.get("incall_extension_id") for each in new.incalls}
    needed = [row.get("user_id"), row.get("line_id"), *numbers.values()]
    if new.voicemail:
        needed.append(row.get("voicemail_id"))
    if not all(isinstance(each, int) for each in needed):
        return None
    user = {"id": row["user_id"], **({"uuid": row["user_uuid"]} if row.get("user_uuid") else {})}
    return CreatedUser(user, _line(row["line_id"], new), numbers, row.get("voicemail_id"))


def _found(user: Row, line: Row, new: NewUser) -> CreatedUser | None:
    shown = [*line["extensions"], *extensions_of_incalls(user["incalls"])]
    numbers = {(each["exten"], each["context"]): each["id"] for each in shown}
    voicemail_id = user["voicemail"]["id"] if user["voicemail"] else None
    if not {new.number, *new.incalls} <= numbers.keys() or (new.voicemail and voicemail_id is None):
        return None
    return CreatedUser(row_of(USER, user), _line(line["id"], new), numbers, voicemail_id)


def _line(line_id: int, new: NewUser) -> Row:
    return {"id": line_id, **{name: new.line[name] for name in new.line if name != "callerid"}}
