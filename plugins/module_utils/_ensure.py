# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the single-object modules do: find the one object, plan it, apply the plan unless in check mode."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ._apply import apply, take_back
from ._backends import Backend, choose_backend
from ._contexts import with_context_names
from ._errors import ConfdError, ConflictError, InputError
from ._identity import (
    MissingReferenceError,
    abandoned_line,
    describe,
    find_line,
    find_user,
    match_of,
    name_of,
    new_user_values,
    one_user,
    resolve_extension,
    resolve_line,
    resolve_user,
)
from ._plan import Planner, Policy
from ._resources import LINE, USER, number, wanted_values
from ._steps import Step
from ._world import Extension, Line, Record, User, World


@dataclass
class Task:
    """One run of a module.

    options: its parameters; check_mode: plan only, never write; report_progress: takes a line now and then.
    """

    backend: Backend
    options: Mapping[str, Any]
    check_mode: bool = False
    report_progress: Callable[[str], None] | None = None
    warnings: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.options = with_context_names(self.options, self.backend.context_named)
        self.world = World(self.backend)
        update_passwords = self.options.get("update_password") != "on_create"
        self.planner = Planner(self.world, Policy(update_passwords))

    def open_backend(self) -> Backend:
        """Another session with the same server, for another thread; whoever asks closes its client."""
        return choose_backend(self.backend.api, self.backend.client.another())

    @property
    def absent(self) -> bool:
        return self.options.get("state") == "absent"

    def finish(self, **results: Any) -> dict[str, Any]:
        """Apply the plan, or only predict it. Returns what the module exits with; results may be records."""
        steps = self.planner.steps
        if not self.check_mode:
            self._apply(steps)
        self.warnings.extend(step.warning for step in steps if step.warning)
        return {
            "changed": bool(steps),
            **{name: value.result() if isinstance(value, Record) else value for name, value in results.items()},
            "diff": diff_of(steps),
            "warnings": self.warnings,
            "confd_api": self.backend.api,
            **({"unchecked": list(self.backend.unchecked)} if self.check_mode else {}),
        }

    def _apply(self, steps: list[Step]) -> None:
        done: list[Step] = []
        try:
            apply(self.backend, steps, done)
        except ConfdError as error:
            left = take_back(self.backend, done, error)
            if left:
                error.hint = f"{error.hint} Left behind: {'; '.join(left)}.".strip()
            raise

    def refuse(self, message: str, hint: str) -> None:
        """A real run cannot do this now. In check mode a task before this one may have made it possible: only warn."""
        if not self.check_mode:
            raise ConflictError(message, hint)
        self.warnings.append(f"{message} A real run needs that changed by a task before this one. {hint}")


def diff_of(steps: list[Step]) -> list[dict[str, Any]]:
    """The Ansible diffs of steps."""
    return [step.diff for step in steps]


# The modules


def ensure_user(task: Task) -> dict[str, Any]:
    """confd_user: results ``user``."""
    match = match_of(task.options.get("match"))
    wanted = wanted_values(USER, task.options)
    if task.absent:
        return _no_user(task, match, wanted)
    homonyms = task.options.get("homonyms") or ()
    found = None if task.options.get("new") else find_user(task.world, match, wanted, homonyms)
    user = task.planner.user(found, wanted if found else new_user_values(match, wanted))
    return task.finish(user=user)


def ensure_line_sip(task: Task) -> dict[str, Any]:
    """confd_line_sip: results ``line_sip``."""
    options, world = task.options, task.world
    match = {key: value for key, value in (options.get("match") or {}).items() if value is not None}
    if len(match) > 1 or (options.get("id") is None and not options.get("username") and not match):
        raise InputError(
            "match has both user and extension."
            if match
            else "Nothing says which SIP line is meant, so every run would make a new one.",
            "Give id, username, or match with one of user and extension.",
        )
    found, seed, context = _line_and_purpose(task, match)
    if task.absent:
        return _no_line(task, found)
    if found is None and options.get("id") is not None:
        raise InputError(f"There is no line with id {options['id']}.", "confd gives the ids; leave it out to create.")
    values = wanted_values(LINE, options)
    if found is None and context:
        values.setdefault("context", context)
    line = task.planner.line(found, values, seed)
    return task.finish(line_sip=world.detailed(line))


def ensure_user_line(task: Task) -> dict[str, Any]:
    """confd_user_line: results ``user_line``."""
    try:
        user = resolve_user(task.world, task.options["user"], task.check_mode)
        line = resolve_line(task.world, task.options["line"], task.check_mode)
    except MissingReferenceError:
        if task.absent:
            return task.finish(user_line=None)
        raise
    if task.absent:
        _refuse_parting(task, user, line)
        task.planner.no_user_line(user, line)
    else:
        task.planner.user_line(user, line)
    result = task.finish()
    return {**result, "user_line": _user_line(task, user, line)}


def ensure_line_extension(task: Task) -> dict[str, Any]:
    """confd_line_extension: results ``line_extension``."""
    try:
        line = resolve_line(task.world, task.options["line"], task.check_mode)
        extension = resolve_extension(task.world, task.options["extension"], task.check_mode)
    except MissingReferenceError:
        if task.absent:
            return task.finish(line_extension=None)
        raise
    if task.absent:
        _part_extension(task, line, extension)
    elif _is_incall(task, line, extension):
        _associate_incall(task, line, extension)
    else:
        task.planner.line_number(line, extension)
    result = task.finish()
    pair = {
        "line_id": line.id,
        "extension_id": extension.id,
        "exten": extension["exten"],
        "context": extension["context"],
    }
    return {**result, "line_extension": _associated(pair)}


# Users


def _no_user(task: Task, match: dict[str, Any] | None, wanted: Mapping[str, Any]) -> dict[str, Any]:
    keys = match or name_of(wanted)
    user = one_user(task.world, keys)
    if user:
        held = _held_by(task, user)
        if held:
            task.refuse(
                f"{user} is associated with {', '.join(held)}.",
                "Take that away first (confd_line_extension, confd_user_line), or use confd_provisioned_users.",
            )
        task.planner.delete_user(user)
    return task.finish(user=user)


def _held_by(task: Task, user: User) -> list[str]:
    line = task.world.line_of(user)
    voicemail = task.backend.voicemail_of_user(user.id) if user.id else None
    incalls = [f"incall {extension}" for extension in task.world.incalls_of(user)]
    return [
        *([str(line)] if line else []),
        *incalls,
        *([f"voicemail {voicemail}"] if voicemail else []),
    ]


# Lines


def _line_and_purpose(task: Task, match: Mapping[str, Any]) -> tuple[Line | None, str, str | None]:
    """(the line that is meant, what a new one would be for, the context that suggests)."""
    options, world = task.options, task.world
    if options.get("id") is not None or not match:
        return find_line(world, {"id": options.get("id")}, options.get("username")), options.get("username") or "", None
    if "user" in match:
        user = resolve_user(world, match["user"], task.check_mode)
        seed, context = f"user {user.id}", None
        found = world.line_of(user) or (abandoned_line(world, seed) if user.id else None)
    else:
        found, seed, context = _line_for_number(task, match["extension"])
    return found or _free_line_named(task, options.get("username")), seed, context


def _free_line_named(task: Task, username: str | None) -> Line | None:
    """What an earlier run made for the same purpose and nobody associated yet."""
    line = task.world.line_named(username) if username and not task.absent else None
    held = _held_by_line(task, line) if line else []
    if held:
        raise ConflictError(
            f"{line} is not what match means: it is associated with {', '.join(held)}.", "SIP usernames are unique."
        )
    return line


def _line_for_number(task: Task, reference: Mapping[str, Any]) -> tuple[Line | None, str, str | None]:
    try:
        extension = resolve_extension(task.world, reference, task.check_mode)
    except MissingReferenceError:
        if reference.get("id") is not None:
            raise
        extension = Extension(fields={"exten": number(reference["exten"], "exten"), "context": reference["context"]})
        task.world.add_extension(extension)
    holder = task.world.holder_of(extension)
    line = holder.line if holder else abandoned_line(task.world, str(extension))
    return line, str(extension), extension["context"]


def _no_line(task: Task, line: Line | None) -> dict[str, Any]:
    if line:
        held = _held_by_line(task, line)
        if held:
            task.refuse(
                f"{line} is associated with {', '.join(held)}.",
                "Take that away first (confd_line_extension, confd_user_line).",
            )
        task.planner.delete_line(line)
    return task.finish(line_sip=line)


def _held_by_line(task: Task, line: Line) -> list[str]:
    extension = task.world.number_of(line)
    users = task.world.users_of(line)
    return [
        *map(str, users),
        *([f"extension {extension} (id {extension.id})"] if extension else []),
        *([f"device {line.device_id}"] if task.world.device_of(line) else []),
    ]


# Associations


def _refuse_parting(task: Task, user: User, line: Line) -> None:
    """What confd would refuse, and what it would do and strand (trap 4 of xivo-15.12)."""
    world = task.world
    if world.line_of(user) is not line:
        return
    if world.device_of(line):
        task.refuse(f"{line} has a phone (device {line.device_id}).", "Put the phone into autoprov first.")
    if world.main_user_of(line) is user:
        others = [each for each in world.users_of(line) if each is not user]
        if others:
            task.refuse(f"{line} has secondary users: {describe(others)}.", "Dissociate them first.")
        incalls = world.incalls_of(user)
        if incalls:
            task.refuse(
                f"{user} is called from outside by {describe(incalls)}, which would be stranded.",
                "Dissociate these first (confd_line_extension with state absent).",
            )


def _part_extension(task: Task, line: Line, extension: Extension) -> None:
    user = task.world.main_user_of(line)
    if task.world.number_of(line) is extension:
        if task.world.device_of(line):
            task.refuse(f"{line} has a phone (device {line.device_id}).", "Put the phone into autoprov first.")
        task.planner.no_line_number(line, extension)
    elif user:
        task.planner.no_incall(user, extension)


def _is_incall(task: Task, line: Line, extension: Extension) -> bool:
    if task.world.number_of(line) is extension:
        return False
    is_incall = task.world.is_incall(extension["context"])
    # A context without any extension yet, in check mode: a second number of a line can only be an incall.
    return task.world.number_of(line) is not None if is_incall is None else is_incall


def _associate_incall(task: Task, line: Line, extension: Extension) -> None:
    user = task.world.main_user_of(line)
    if user is None:
        task.refuse(
            f"{line} has no user yet, so {extension} cannot reach anybody.",
            "Give the line a user first (confd_user_line).",
        )
        user = User(fields={"firstname": "the user to come"})
        task.world.add_user(user)
    task.planner.incall(user, extension)


def _user_line(task: Task, user: User, line: Line) -> dict[str, Any]:
    main = task.world.main_user_of(line)
    return _associated({"user_id": user.id, "line_id": line.id, "main_user": main in (None, user), "main_line": True})


def _associated(pair: dict[str, Any]) -> dict[str, Any]:
    return {**pair, "predicted": True} if None in pair.values() else pair
