# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Carries steps out on a server, in order, and takes back what a failed sequence made."""

from __future__ import annotations

from collections.abc import Iterable

from ._backends import Backend
from ._errors import ConfdError
from ._steps import Step


def apply(backend: Backend, steps: Iterable[Step], done: list[Step] | None = None) -> None:
    """Perform all steps; ``done`` collects those that were performed, also when one fails.

    Raises what the failing step raises, with what was being done in front of its message.
    """
    for step in steps:
        try:
            step.perform(backend)
        except ConfdError as error:
            error.message = f"Could not {step.text}: {error.message}"
            raise
        if done is not None:
            done.append(step)


def take_back(backend: Backend, done: list[Step]) -> list[str]:
    """Undo in reverse what the steps made, and nothing else; ``done`` keeps the steps that are not undone.

    Returns what could not be undone, in words.
    """
    left = []
    for step in reversed(done[:]):
        inverse = step.inverse()
        if inverse:
            try:
                inverse.perform(backend)
            except ConfdError as error:
                left.append(f"{inverse.text}: {error}")
            else:
                done[:] = [each for each in done if each is not step]
    return left
