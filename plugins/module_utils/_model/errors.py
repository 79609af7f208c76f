# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Everything that can go wrong, as exceptions whose text an administrator can act on.

None of them ever carries a password, a secret or a token.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any


class ConfdError(Exception):
    """What every failure of the core derives from: one sentence, and what to do about it.

    ``str()`` of it is the whole message for the user.
    """

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()


class InputError(ConfdError):
    """An option cannot mean anything; found before any write."""


class AmbiguousError(InputError):
    """Several objects of the server fit what is meant to be one."""


class ConflictError(ConfdError):
    """The wanted state and what the server holds exclude each other; found before any write."""


class UnsupportedError(ConfdError):
    """This generation of the API cannot do what is asked for."""


class PlanError(ConfdError):
    """All problems of a list of entries, in one message."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = list(problems)
        count = len(self.problems)
        listed = "\n".join(f"- {problem}" for problem in self.problems)
        super().__init__(f"{count} problem{'s' if count > 1 else ''} found, nothing was written:\n{listed}")


class NotAppliedError(ConfdError):
    """confd said that it took a change, and reading back shows that it did not (xivo-15.12.md, trap 1)."""

    def __init__(self, subject: str, fields: Iterable[str]) -> None:
        self.fields = sorted(fields)
        super().__init__(
            f"confd accepted the change of {subject} but did not store it: {', '.join(self.fields)} "
            f"still {'has its' if len(self.fields) == 1 else 'have their'} old value.",
            "A value is too long for the server, not of the form it takes, or taken already.",
        )


class NotReachedError(ConfdError):
    """confd did what was asked, and what should come of it did not come in time."""


class RequestError(ConfdError):
    """A request that did not lead to a usable answer.

    method, path: of the request, path without the API's prefix ("/users/1").
    status: HTTP status, None when there was no answer.
    messages: confd's own words, a list of strings, empty when it said nothing readable.
    rows: of a table that was sent, {number of a row: what confd says of it}; the first row is 1.
    """

    may_have_acted = False
    """Whether the server may have done what was asked although no answer says so."""

    def __init__(
        self,
        message: str,
        *,
        method: str = "",
        path: str = "",
        status: int | None = None,
        messages: Iterable[str] = (),
        rows: Mapping[int, str] | None = None,
        hint: str = "",
    ) -> None:
        super().__init__(message, hint)
        self.rows = dict(rows or {})
        self.method = method
        self.path = path
        self.status = status
        self.messages = list(messages)


class UnreachableError(RequestError):
    """No connection to the server: nothing was asked, nothing was done."""


class CertificateError(RequestError):
    """The server's TLS certificate was not accepted, or there is no TLS where it was expected."""


class AuthenticationError(RequestError):
    """The server does not take the credentials."""


class LostAnswerError(RequestError):
    """The connection broke, or a proxy answered for the server: the request may have been carried out."""

    may_have_acted = True


class TimedOutError(LostAnswerError):
    """No answer in time; the server may still be busy with the request."""

    timed_out = True


class UnreadableError(RequestError):
    """The answer is not what confd sends: HTML, truncated JSON, another program's JSON."""

    may_have_acted = True


class NotFoundError(RequestError):
    """404: the object is not there."""


class RefusedError(RequestError):
    """4xx: confd refuses the request, and says why in ``messages``."""


class InUseError(RefusedError):
    """4xx: the object belongs to somebody, and confd does not let it be changed or deleted meanwhile."""


class ServerError(RequestError):
    """5xx: confd failed; what it wrote, if anything, is unknown."""

    may_have_acted = True


class ProvisionError(ConfdError):
    """Some entries of a list failed.

    problems: one sentence for each failed entry, with its name in front. results: what the module reports of all
    entries all the same.
    """

    def __init__(self, problems: Sequence[str], results: dict[str, Any]) -> None:
        self.results = results
        listed = "\n".join(f"- {problem}" for problem in problems)
        super().__init__(f"{len(problems)} of {len(results['results'])} entries failed:\n{listed}")
