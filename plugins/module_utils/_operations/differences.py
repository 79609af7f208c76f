# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Planned steps as differences between what is wanted and what is there, for people who audit and do not administrate.

Secrets are masked here already, for the key of the value is "wanted" or "found" and tells nobody that it is one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .._model.records import Row
from .._model.resources import SECRET_KEYS, USER
from .associations import AssociateIncall, DissociateIncall
from .base import Operation

MASK = "********"
PRESENT, ABSENT = "present", "absent"
OWNERS = {
    "user_line": ("user", "line"),
    "line_extension": ("line", "extension"),
    "voicemail": ("user", "voicemail"),
    "line_device": ("line", "device"),
}
"""Which of two associated objects has the other one."""
IMPLIED_ACTIONS = {"create": ("create", "associate"), "delete": ("delete", "dissociate")}
"""What happens to the parts of a user who is made or deleted."""


def significant(steps: Sequence[Operation]) -> list[Operation]:
    """The steps whose differences are worth telling: that a user is missing says that all of their parts are."""
    along = {verb for step in steps if step.kind == USER.name for verb in IMPLIED_ACTIONS.get(step.verb, ())}
    return [step for step in steps if step.kind == USER.name or step.verb not in along]


def differences_of(step: Operation) -> list[Row]:
    """Rows of {object, field, wanted, found}."""
    if step.verb == "create":
        return [_row(step.subject, "state", PRESENT, ABSENT)]
    if step.verb == "delete":
        return [_row(step.subject, "state", ABSENT, PRESENT)]
    if step.verb in ("associate", "dissociate"):
        return [_association(step)]
    names = [*step.after, *(name for name in step.before if name not in step.after)]
    return [_row(step.subject, name, step.after.get(name), step.before.get(name)) for name in names]


def _association(step: Operation) -> Row:
    owner, owned = OWNERS[step.kind]
    if isinstance(step, (AssociateIncall, DissociateIncall)):
        owner, owned = "user", "incall"
    value = str(getattr(step, "extension" if owned == "incall" else owned))
    wanted, found = (value, None) if step.verb == "associate" else (None, value)
    return _row(str(getattr(step, owner)), owned, wanted, found)


def _row(subject: str, field: str, wanted: Any, found: Any) -> Row:
    if field in SECRET_KEYS:
        wanted, found = (MASK if value not in (None, "") else None for value in (wanted, found))
    return {"object": subject, "field": field, "wanted": wanted, "found": found}
