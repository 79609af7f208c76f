# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks of contexts and numbers before any write, where the server shows its contexts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar, cast

from .._model.contexts import INCALL, ContextInfo
from .._model.errors import ConflictError
from .._model.numbers import ExtensionKey

if TYPE_CHECKING:
    from .state import ServerState

_Check = TypeVar("_Check", bound=Callable[..., Any])


def _refuses_after_reading(check: _Check) -> _Check:
    """Return a check that refuses nothing because of contexts that an earlier task has read.

    Somebody may have created the context, or have widened its ranges, since then.
    """

    @wraps(check)
    def checked(state: ServerState, *about: Any) -> Any:
        try:
            return check(state, *about)
        except ConflictError:
            if not state.read_contexts_again():
                raise
            return check(state, *about)

    return cast(_Check, checked)


@_refuses_after_reading
def check_context(state: ServerState, name: str) -> ContextInfo | None:
    """Return the context of a name; None where the server does not show its contexts.

    Raises ConflictError for a context that does not exist.
    """
    contexts = state.contexts()
    if contexts is None:
        return None
    if name not in contexts:
        raise ConflictError(f"There is no context {name!r}.", f"The server has {_names(contexts.values())}.")
    return contexts[name]


@_refuses_after_reading
def check_number(state: ServerState, exten: str, context: str) -> None:
    """Raise ConflictError for a number outside of the ranges of its context."""
    found = check_context(state, context)
    if found and not found.takes(exten):
        raise ConflictError(
            f"{exten}@{context} is outside of the ranges of {context}: {found}.",
            "Use another number, or widen the ranges of the context in the web interface.",
        )


@_refuses_after_reading
def check_context_type(state: ServerState, number: ExtensionKey, wanted: str) -> None:
    """Raise ConflictError for a number whose context is not of the wanted type, INTERNAL or INCALL."""
    exten, context = number
    found = check_context(state, context)
    if found and found.type != wanted:
        fitting = (each for each in (state.contexts() or {}).values() if each.type == wanted)
        raise ConflictError(
            f"{exten}@{context} cannot be {'an incall' if wanted == INCALL else 'an internal extension'}: "
            f"{context} is a context of type {found.type}.",
            f"Contexts of type {wanted}: {_names(fitting)}.",
        )


def _names(contexts: Iterable[ContextInfo]) -> str:
    return ", ".join(sorted(each.name for each in contexts)) or "none"
