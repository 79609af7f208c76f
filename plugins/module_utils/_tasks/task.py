# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Defines one run of a module: its options, its view of the server, its plan and its results."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .._backends.base import Backend
from .._backends.registry import choose_backend
from .._http.journal import Journal
from .._model.contexts import with_context_names
from .._model.errors import ConfdError, ConflictError, TimedOutError
from .._model.records import Record
from .._model.resources import LINE, USER
from .._operations.apply import apply, rollback
from .._operations.base import Operation
from .._operations.unchecked import unchecked_by
from .._plan.base import PlanPolicy
from .._plan.planner import Planner
from .._state.state import ServerState

REFERENCES = frozenset({"user", "line", "extension"})
"""Options that refer to an object."""
RESET_PHONE = "Reset the phone to autoprov first (confd_device with state autoprov)."


@dataclass
class Task:
    """One run of a module.

    options: the parameters of the module; check_mode: plan, but do not write; report_progress: called with a line of
    text during a long run; diff_mode: whether to return a diff, which is half of the result of a list; entry_problems:
    {position of an entry of the option ``users``: why it fails}.
    """

    backend: Backend
    options: Mapping[str, Any]
    check_mode: bool = False
    report_progress: Callable[[str], None] | None = None
    diff_mode: bool = True
    warnings: list[str] = field(default_factory=list)
    entry_problems: Mapping[int, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        # A reference by id needs no name of a context, and so no list of contexts.
        by_id = {name: value for name, value in self.options.items() if name in REFERENCES and _has_id(value)}
        others = {name: value for name, value in self.options.items() if name not in by_id}
        self.options = {**with_context_names(others, self.backend.context_name_of), **by_id}
        self.begin_plan()

    def begin_plan(self) -> None:
        """Forget what is known of the server and what was planned."""
        self.backend.client.kept.begin()
        self.state = ServerState(self.backend)
        update_passwords = self.options.get("update_password") != "on_create"
        self.planner = Planner(self.state, PlanPolicy(update_passwords))
        if self.planned is not None:
            for given in (self.options, self.planned):
                self._note_returned(given)

    def _note_returned(self, given: Mapping[str, Any]) -> None:
        """Take the objects to which options refer to be as earlier steps returned them."""
        for option, resource in (("user", USER), ("line", LINE)):
            if isinstance(given.get(option), Mapping):
                self.state.note_returned(resource, given[option])

    @property
    def planned(self) -> Mapping[str, Any] | None:
        """What the plan of the role knows of this task; None for a task that is no step of the role.

        A step does not look for objects that the plan has just not found. If somebody else has created one since then,
        the server refuses the step, or the check at the end finds it, as with a list.
        """
        return self.options.get("planned")

    @property
    def creates(self) -> bool:
        """Return whether the plan of the role says that this task creates its object."""
        return self.planned is not None and bool(self.options.get("new"))

    def open_backend(self) -> Backend:
        """Return a backend with another session for another thread. The caller closes its client."""
        return choose_backend(self.backend.api, self.backend.client.clone())

    @property
    def journal(self) -> Journal | None:
        """Return the journal of the run; None if none is written."""
        recorder = self.backend.client.recorder
        return recorder.journal if recorder else None

    @property
    def absent(self) -> bool:
        """Return whether the module has ``state: absent``."""
        return self.options.get("state") == "absent"

    def finish(self, **results: Any) -> dict[str, Any]:
        """Apply the plan, unless in check mode, and return the module's results. results: records or plain values.

        Raise ConfdError after the operations that were carried out have been rolled back.
        """
        operations = self.planner.operations
        if not self.check_mode:
            done: list[Operation] = []
            try:
                apply(self.backend, operations, done)
            except ConfdError as error:
                left = rollback(self.backend, done, done if isinstance(error, TimedOutError) else ()).left
                if left:
                    sentences = "; ".join(sentence for _operation, sentence in left).rstrip(".")
                    error.hint = f"{error.hint} Left behind: {sentences}.".strip()
                raise
        self.warnings.extend(operation.warning for operation in operations if operation.warning)
        return {
            "changed": bool(operations),
            **{name: value.result() if isinstance(value, Record) else value for name, value in results.items()},
            "diff": [operation.diff for operation in operations],
            "warnings": self.warnings,
            "confd_api": self.backend.api,
            **({"unchecked": unchecked_by(self.backend, operations)} if self.check_mode else {}),
        }

    def expect_none(self, found: Record | None, kind: str = "") -> None:
        """Raise ConflictError if an object exists that the option ``new`` requires not to exist.

        kind: the type of the object, if its text does not contain it.
        """
        if found and self.options.get("new"):
            raise ConflictError(
                f"{kind} {found}".strip() + f" already exists (id {found.id}), but this task must create it.",
                "Another run created it since the plan was made, or its previous owner still has it. Check who must "
                "have it, and run again.",
            )

    def refuse(self, message: str, hint: str) -> None:
        """Raise ConflictError for a change that is not possible now.

        In check mode, warn instead: in a real run, an earlier task may make the change possible.
        """
        if not self.check_mode:
            raise ConflictError(message, hint)
        self.warnings.append(f"{message} A real run fails here unless an earlier task changes this. {hint}")


def _has_id(reference: Any) -> bool:
    return isinstance(reference, Mapping) and reference.get("id") is not None
