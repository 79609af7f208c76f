# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Store and show the options of SIP endpoints (person-xivo-16.16.md, "endpoints/sip: options, webrtc")."""

from __future__ import annotations

from typing import Any

from marshmallow import fields
from marshmallow.validate import Length

from ..errors import unexpected_error

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


def check_options(options: Options) -> None:
    """Refuse values that the database cannot store."""
    for name, value in options:
        if name == "nat" and value not in NAT:
            raise unexpected_error(f'(DataError) invalid input value for enum usersip_nat: "{value}"\n')
        if name == "call-limit" and not value.isdigit():
            raise unexpected_error(f'(DataError) invalid input syntax for type integer: "{value}"\n')


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
