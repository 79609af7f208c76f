# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Print a failing case so that somebody can read and repeat it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import yaml

from fuzz.case import Case
from fuzz.judge import Violation
from fuzz.picture import Picture
from fuzz.story import full_name


def shown(case: Case, violations: list[Violation]) -> str:
    """Return the case in words: how to repeat it, the server, the list and what it violates."""
    head = f"python -m fuzz --api {case.api} --seed {case.seed}"
    fault = f"\nfault: {case.fault}" if case.fault else ""
    server = "\n".join(f"  {line}" for line in server_in_words(case.picture))
    users = yaml.safe_dump(case.users, sort_keys=False, allow_unicode=True, default_flow_style=None, width=110)
    wrong = "\n".join(f"  {each.invariant}, {each.how}: {each.text}" for each in violations)
    return f"{head}\nserver:\n{server}\nlist, with {case.options}:\n{users.rstrip()}{fault}\nviolated:\n{wrong}\n"


def server_in_words(picture: Picture) -> Iterator[str]:
    """Yield one line for each person, and for each thing without owner."""
    for user, row in picture.users.items():
        lines = ", ".join(_line(picture, tie) for tie in picture.lines_of(user))
        box = picture.mailbox_of(user)
        parts = [
            f"user {user} {full_name(row)}",
            lines,
            f"incalls {_numbers(picture, picture.incalls_of(user))}" if picture.incalls_of(user) else "",
            _mailbox(box) if box else "",
            *(f"{name} {row[name]}" for name in ("userfield", "email", "username") if row.get(name)),
        ]
        yield "; ".join(part for part in parts if part)
    for kind, rows in picture.ownerless().items():
        for key, row in rows.items():
            if kind == "line":
                yield f"without user: line {key} {picture.account(key)['username']} {picture.numbers_on(key)}"
            elif kind == "voicemail":
                yield f"without user: {_mailbox(row)}"
            else:
                yield f"without user: number {_numbers(picture, [key])}"


def _line(picture: Picture, tie: dict[str, Any]) -> str:
    line = tie["line_id"]
    words = [f"line {line}" if tie["main_user"] else f"second user of line {line}"]
    words += [_numbers(picture, picture.numbers_on(line))] if picture.numbers_on(line) else []
    words += [f"on {'/'.join(map(str, place))}"] if (place := picture.place(line)) else []
    row = picture.lines[line]
    if row.get("sip_context", row["context"]) != row["context"]:
        words.append(f"(account in {row['sip_context']})")
    return " ".join(words)


def _mailbox(row: dict[str, Any]) -> str:
    return f"mailbox {row['id']} {row['name']!r} {row['number']}@{row['context']} {row['email'] or ''}".rstrip()


def _numbers(picture: Picture, numbers: list[Any]) -> str:
    return ", ".join(f"{'@'.join(each)}{' (off)' if picture.commented(each) else ''}" for each in numbers)
