# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Store and show the options of SIP endpoints (person-xivo-16.16.md, "endpoints/sip: options, webrtc")."""

from __future__ import annotations

from typing import Any

from marshmallow import fields
from marshmallow.validate import Length

from ..errors import ConfdError, unexpected_error

Options = list[list[str]]
OPTIONS = fields.List(fields.List(fields.String(), validate=Length(equal=2)))
"""Pairs of name and value; names may be repeated, and are free."""
ALWAYS = {"call-limit": "10", "amaflags": "default", "subscribemwi": "no"}
"""Options that every endpoint has, with their values where nobody sent others."""
KNOWN = (
    *("call-limit", "amaflags", "callerid", "allow", "disallow", "dtmfmode", "transport", "nat", "encryption"),
    *("subscribemwi",),
)
"""The options that are columns, in their order; the free ones follow, in the order in which they were sent."""
NAT = frozenset({"no", "force_rport", "comedia", "force_rport,comedia", "auto_force_rport", "auto_comedia",
                 "auto_force_rport,auto_comedia"})  # fmt: skip
QUOTED = 40
"""The characters of a failed statement that the database quotes on each side of the value."""


def check_options(options: Options) -> None:
    """Refuse values that the database cannot store. The failure quotes the statement with the values around."""
    for name, value in options:
        if name == "nat" and value not in NAT:
            raise _failed_update(f'invalid input value for enum usersip_nat: "{value}"', options, name)
        if name == "call-limit" and not value.isdigit():
            raise _failed_update(f'invalid input syntax for type integer: "{value}"', options, name)


def _failed_update(reason: str, options: Options, name: str) -> ConfdError:
    columns = {column: value for column, value in options if column in KNOWN}
    statement = "UPDATE usersip SET " + ", ".join(f"{column}='{value}'" for column, value in columns.items())
    place = statement.index(f"{name}='")
    quoted = f"...{statement[max(place - QUOTED, 0) : place + QUOTED]}..."
    names = ", ".join(f"{column}=%({column})s" for column in columns)
    sent = ", ".join(f"'{column}': u'{value}'" for column, value in columns.items())
    return unexpected_error(
        f"(DataError) {reason}\nLINE 1: {quoted}\n{' ' * 61}^\n 'UPDATE usersip SET {names} WHERE usersip.id = "
        f"%(usersip_id)s' {{{sent}}}"
    )


def stored_options(options: Options) -> Options:
    """Return what is stored: the caller ID is always that of the line's main user."""
    return [list(pair) for pair in options if pair[0] != "callerid"]


def options_view(row: Any) -> Options:
    """Return the options of an endpoint: known ones first, with those that nobody sent."""
    callerid = getattr(row, "callerid", None)
    columns = {**ALWAYS, **({"callerid": callerid} if callerid else {})}
    columns.update({name: value for name, value in row.options if name in KNOWN})
    free = [[name, value] for name, value in row.options if name not in KNOWN]
    return [[name, columns[name]] for name in KNOWN if name in columns] + free
