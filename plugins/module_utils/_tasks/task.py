# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One run of a module: its options, what it sees, what it plans, and how that is carried out and told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .._backends.base import Backend
from .._backends.registry import choose_backend
from .._model.contexts import with_context_names
from .._model.errors import ConfdError, ConflictError
from .._model.records import Record
from .._operations.apply import apply, rollback
from .._operations.base import Operation
from .._plan.base import PlanPolicy
from .._plan.planner import Planner
from .._state.state import ServerState


@dataclass
class Task:
    """One run of a module.

    options: its parameters; check_mode: plan only, never write; report_progress: takes a line now and then; diff_mode:
    whether somebody wants to see a diff, which is half of what a list returns.
    """

    backend: Backend
    options: Mapping[str, Any]
    check_mode: bool = False
    report_progress: Callable[[str], None] | None = None
    diff_mode: bool = True
    warnings: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.options = with_context_names(self.options, self.backend.context_name_of)
        self.state = ServerState(self.backend)
        update_passwords = self.options.get("update_password") != "on_create"
        self.planner = Planner(self.state, PlanPolicy(update_passwords))

    def open_backend(self) -> Backend:
        """Another session with the same server, for another thread; whoever asks closes its client."""
        return choose_backend(self.backend.api, self.backend.client.clone())

    @property
    def absent(self) -> bool:
        return self.options.get("state") == "absent"

    def finish(self, **results: Any) -> dict[str, Any]:
        """Apply the plan, or only predict it. Returns what the module exits with; results may be records."""
        operations = self.planner.operations
        if not self.check_mode:
            self._apply(operations)
        self.warnings.extend(operation.warning for operation in operations if operation.warning)
        return {
            "changed": bool(operations),
            **{name: value.result() if isinstance(value, Record) else value for name, value in results.items()},
            "diff": diff_of(operations),
            "warnings": self.warnings,
            "confd_api": self.backend.api,
            **({"unchecked": list(self.backend.unchecked)} if self.check_mode else {}),
        }

    def _apply(self, operations: list[Operation]) -> None:
        done: list[Operation] = []
        try:
            apply(self.backend, operations, done)
        except ConfdError as error:
            left = rollback(self.backend, done, error)
            if left:
                error.hint = f"{error.hint} Left behind: {'; '.join(left)}.".strip()
            raise

    def expect_none(self, found: Record | None, kind: str = "") -> None:
        """Refuse to take what is there for what is to be made (option ``new``). kind: if its text does not."""
        if found and self.options.get("new"):
            raise ConflictError(
                f"{kind} {found}".strip() + f" exists already (id {found.id}), and was to be made.",
                "Somebody else made it at the same moment, or has it still. Run again, and look who is to have it.",
            )

    def refuse(self, message: str, hint: str) -> None:
        """A real run cannot do this now. In check mode a task before this one may have made it possible: only warn."""
        if not self.check_mode:
            raise ConflictError(message, hint)
        self.warnings.append(f"{message} A real run needs that changed by a task before this one. {hint}")


def diff_of(operations: list[Operation]) -> list[dict[str, Any]]:
    """The Ansible diffs of steps."""
    return [operation.diff for operation in operations]
