# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes sure that a write took place exactly once, also where its answer is lost or the request is repeated."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar

from .._model.errors import LostAnswerError, NotFoundError, RefusedError, RequestError, ServerError, TimedOutError
from .._model.records import Row

REPEAT_PAUSES = (0.5, 2.0)
"""Seconds to wait before a POST whose answer was lost is sent again: the server may still be carrying it out."""

_T = TypeVar("_T")


def create_once(act: Callable[[], _T], look_up: Callable[[], _T | None]) -> _T:
    """Send a POST, and return its result or the object that it created.

    If the answer is lost, look the object up, and repeat the POST only if it is not there. A server finishes a request
    after the connection has been lost, so the object is looked up again after a pause. After a time-out the POST is
    never repeated, because the server may still be carrying it out. Raise the RequestError of the last attempt.
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
    """Send a PUT, and return its result or, if its answer is lost, the object that has the new values.

    Raise RequestError if the object does not have them. The client has repeated the PUT by then.
    """
    try:
        return act()
    except RequestError as error:
        result = look_up() if error.may_have_acted else None
        if result is None:
            raise
        return result


def ensure_deleted(act: Callable[[], None], look_up: Callable[[], Any]) -> None:
    """Send a DELETE, and return if the object no longer exists, whoever deleted it. Raise RequestError otherwise.

    A RefusedError may be the answer to a repetition by the client: confd answers 400 where an association no longer
    exists. After a 5xx the DELETE is sent once more, because no later run may find an object that is deleted in part.
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
