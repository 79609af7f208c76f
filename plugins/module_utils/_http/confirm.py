# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a write is made sure of: lost answers, repetitions, and changes that confd drops without a word."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar

from .._model.errors import LostAnswerError, NotFoundError, RefusedError, RequestError, ServerError, TimedOutError
from .._model.records import Row

REPEAT_PAUSES = (0.5, 2.0)
"""Seconds that a server has to finish a POST whose answer was lost, before it is sent once more."""

_T = TypeVar("_T")


def create_once(act: Callable[[], _T], look_up: Callable[[], _T | None]) -> _T:
    """Do a POST; where its answer is lost, see whether it was done, and repeat it only if it was not.

    A server goes on with what it has begun after the connection is gone, so it is looked at twice before that.
    After a time-out nothing is repeated: the server may be doing it right now.
    """
    pauses = iter(REPEAT_PAUSES)
    while True:
        try:
            return act()
        except RequestError as error:
            if not error.may_have_acted:
                raise
            result = look_up()
            if result:
                return result
            may_be_repeated = isinstance(error, LostAnswerError) and not isinstance(error, TimedOutError)
            pause = next(pauses, None)
            if pause is None or not may_be_repeated:
                raise
            time.sleep(pause)
            result = look_up()
            if result:
                return result


def confirm_update(act: Callable[[], Row], look_up: Callable[[], Row | None]) -> Row:
    """Do a PUT, which the client repeats by itself; where it failed nevertheless, see whether it was done."""
    try:
        return act()
    except RequestError as error:
        result = look_up() if error.may_have_acted else None
        if result is None:
            raise
        return result


def ensure_deleted(act: Callable[[], None], look_up: Callable[[], Any]) -> None:
    """Do a DELETE; what is gone already, by a repetition or by somebody else, is gone.

    A refusal may be of the client's own repetition: confd answers 400 where an association is gone already. A server
    that fails is asked once more, for what is half taken apart may be named by nobody afterwards.
    """
    try:
        act()
    except NotFoundError:
        return
    except RequestError as error:
        if not (error.may_have_acted or isinstance(error, RefusedError)):
            raise
        if look_up():
            if not isinstance(error, ServerError):
                raise
            with suppress(NotFoundError):
                act()
