# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hold the state behind the API as the server's database does, whatever the generation."""

from __future__ import annotations

from .contexts import DEFAULT_CONTEXTS, Context, Range
from .database import Database
from .person import PersonDatabase
from .rows import Device, Extension, Incall, Line, LineExtension, User, UserLine, UserVoicemail, Voicemail
from .tables import DuplicateKey, Table, assign
from .transaction import Transaction

__all__ = [
    "DEFAULT_CONTEXTS",
    "Transaction",
    "Context",
    "Device",
    "DuplicateKey",
    "Extension",
    "Incall",
    "Line",
    "LineExtension",
    "PersonDatabase",
    "Range",
    "Table",
    "User",
    "UserLine",
    "UserVoicemail",
    "Voicemail",
    "Database",
    "assign",
]
