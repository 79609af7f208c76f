# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keeps the answers about single objects while a module plans, so that each object is read once."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import Any
from urllib.parse import urlencode

from .._model.errors import NotFoundError

LARGEST_KEPT = 20
"""The rows of the longest list that is kept. Longer ones are read once as it is."""


class KeptAnswers:
    """The answers of GETs by path and query. Nothing is kept before ``begin`` and after ``end``."""

    def __init__(self) -> None:
        self._answers: dict[tuple[str, str], Any] | None = None
        self._missing: dict[tuple[str, str], NotFoundError] = {}

    def begin(self) -> None:
        """Keep answers from now on, and forget earlier ones."""
        self._answers, self._missing = {}, {}

    def end(self) -> None:
        """Forget all answers, and keep none from now on: what they say may have changed, or is about to."""
        self._answers, self._missing = None, {}

    @property
    def keeps(self) -> bool:
        """Return whether answers are kept now."""
        return self._answers is not None

    def find(self, path: str, query: Mapping[str, Any]) -> Any:
        """Return a copy of a kept answer; None if there is none. Raise the NotFoundError that was kept in its place."""
        if self._answers is None:
            return None
        missing = self._missing.get(_key(path, query))
        if missing:
            raise missing
        return deepcopy(self._answers.get(_key(path, query)))

    def keep(self, path: str, query: Mapping[str, Any], answer: Any) -> None:
        """Keep a copy of an answer, unless it is a long list."""
        if self._answers is not None and len(answer.get("items") or ()) <= LARGEST_KEPT:
            self._answers.setdefault(_key(path, query), deepcopy(answer))

    def keep_missing(self, path: str, query: Mapping[str, Any], error: NotFoundError) -> None:
        """Keep the error that there is no such object."""
        if self._answers is not None:
            self._missing[_key(path, query)] = error


def _key(path: str, query: Mapping[str, Any]) -> tuple[str, str]:
    return path, urlencode(sorted(query.items()))
