# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Defines all errors of the core. Their texts are written for administrators, and never contain a secret."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from typing import Any, TypeVar

from .printable import printable

REQUEST_KEYS = ("method", "path", "status", "messages")
LEFT_BEHIND, NOT_PUT_BACK = "Left behind: ", "Not put back: "
WHAT_STAYS = (LEFT_BEHIND, NOT_PUT_BACK)
"""Beginnings of sentences about what a failure has not put back."""
RUN_AGAIN = "Run again when that run has ended."
"""What to do after a conflict with another run."""


def as_sentence(text: str) -> str:
    """Return a text with a full stop at its end, so that another sentence can follow. Words of servers have none."""
    return f"{text}." if text and text[-1] not in ".?!" else text


_Error = TypeVar("_Error", bound="ConfdError")


class ConfdError(Exception):
    """Base class of all errors of the core. message: one sentence; hint: what to do. ``str()`` returns both.

    A message that ends with words of the server has no full stop at its end. Both may repeat texts of servers and
    variables files, so ``str()`` shows what they have of control characters.
    """

    is_partial = False
    """Whether an operation that ends with this error may have changed something. Modules return it for the role."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def with_message(self: _Error, message: str) -> _Error:
        """Return the same error with another message."""
        error = copy(self)
        error.message = message
        return error

    def __str__(self) -> str:
        message = as_sentence(self.message) if self.hint else self.message
        return printable(f"{message} {self.hint}".strip())


class _ListError(ConfdError):
    """Base class of the errors whose message has several lines, of which no text from elsewhere begins one."""

    def __init__(self, lines: Iterable[str]) -> None:
        super().__init__("\n".join(map(printable, lines)))

    def __str__(self) -> str:
        return self.message


class InputError(ConfdError):
    """An option has an invalid value. Found before any write."""


class AmbiguousError(InputError):
    """Several objects of the server match a reference to one object."""


class ConflictError(ConfdError):
    """The wanted state contradicts the state of the server. Found before any write."""


class UnsupportedError(ConfdError):
    """This generation of the API does not support the request."""


class InputListError(_ListError, InputError):
    """A file has several problems, a line each."""


class PlanError(_ListError):
    """All problems of a list of entries, in one message. problems: one sentence each."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = list(problems)
        count = len(self.problems)
        heading = f"{count} problem{'s' if count > 1 else ''} found, nothing was written:"
        super().__init__([heading, *(f"- {problem}" for problem in self.problems)])


class ApprovalError(_ListError):
    """A plan differs from the approved one. problems: one sentence each. time: that of the approved plan."""

    def __init__(self, time: str, problems: Iterable[str]) -> None:
        self.problems = list(problems)
        heading = f"The plan differs from the approved plan of {time}. Nothing was written:"
        advice = "Make a new plan with xivo.confd.plan, and have it approved."
        super().__init__([heading, *(f"- {problem}" for problem in self.problems), advice])


class NotAppliedError(ConfdError):
    """confd accepted a change but did not store it, as reading the object back shows (xivo-15.12.md, trap 1)."""

    def __init__(self, subject: str, fields: Iterable[str]) -> None:
        self.fields = sorted(fields)
        super().__init__(
            f"confd accepted the change of {subject} but did not store it: {', '.join(self.fields)} "
            f"still {'has its' if len(self.fields) == 1 else 'have their'} old value.",
            "The value may be too long for the server, have the wrong format, or be in use already.",
        )


class NotReachedError(ConfdError):
    """confd carried out a request, but its effect did not occur in time."""


class PartlyAppliedError(ConfdError):
    """An operation of several requests was carried out in part."""

    is_partial = True


class RequestError(ConfdError):
    """A request without a usable answer.

    method, path: of the request, the path without the prefix of the API ("/users/1").
    status: the HTTP status, None if there was no answer.
    messages: the messages of confd, a list of strings, empty if there are none.
    rows: {row number: message} about the rows of a table that was sent; the first row is 1.
    """

    may_have_acted = False
    """Whether the server may have carried out the request although no answer says so."""
    is_partial = True

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
    """No connection to the server: the request was not sent."""


class CertificateError(RequestError):
    """The certificate of the server is not trusted, or the server does not use TLS on this port."""


class AuthenticationError(RequestError):
    """The server rejects the credentials."""


class LostAnswerError(RequestError):
    """The connection was lost, or a proxy answered for the server: the request may have been carried out."""

    may_have_acted = True


class TimedOutError(LostAnswerError):
    """No answer in time. The server may still be carrying out the request."""

    is_partial = False
    timed_out = True
    """Modules return it: the role then undoes nothing, because the server may still be writing."""


class UnreadableError(RequestError):
    """The answer does not come from confd or is incomplete: HTML, truncated JSON, the JSON of another program."""

    may_have_acted = True


def details_of(error: ConfdError) -> dict[str, Any]:
    """Return what a rescue block may need of an error: the request, the status and the messages of confd."""
    names = (*REQUEST_KEYS, "problems", "fields", "timed_out", "is_partial")
    return {name: getattr(error, name) for name in names if hasattr(error, name)}


def failed_request_of(problem: object) -> dict[str, Any] | None:
    """Return the request that an error is about, with the status and the messages of confd; None for other problems."""
    if not isinstance(problem, RequestError) or not problem.method:
        return None
    return {name: getattr(problem, name) for name in REQUEST_KEYS}


class NotFoundError(RequestError):
    """404: the object does not exist."""


class RefusedError(RequestError):
    """4xx: confd rejects the request, and explains why in ``messages``."""

    is_partial = False


class InUseError(RefusedError):
    """4xx: the object is associated with another one, so confd does not let it be changed or deleted."""


class ServerError(RequestError):
    """5xx: confd failed. It is unknown what it wrote."""

    may_have_acted = True


def _all_is_put_back(failed: Sequence[Mapping[str, Any]]) -> bool:
    """Return whether the server has refused something, and nothing of the failed entries stays.

    False if an answer is missing: nobody knows what the server does then. failed: rows of ``results``.
    """
    requests = [row["failed_request"] for row in failed if row.get("failed_request")]
    stays = any(row.get("changes") or any(text in row["error"] for text in WHAT_STAYS) for row in failed)
    return bool(requests) and not stays and all(request["status"] for request in requests)


class ProvisionError(_ListError):
    """Some entries of a list failed.

    problems: one sentence for each failed entry, beginning with its name. results: what the module returns in spite of
    the failures.
    """

    def __init__(self, problems: Sequence[str], results: dict[str, Any]) -> None:
        self.results = results
        entries = [*results["results"], *results.get("purged", ())]
        noun = "entry" if len(entries) == 1 else "entries"
        lines = [f"{len(problems)} of {len(entries)} {noun} failed:", *(f"- {problem}" for problem in problems)]
        if _all_is_put_back([row for row in entries if row.get("error")]):
            lines.append("Nothing stays changed for the failed entries.")
        if results.get("report"):
            lines += ["Of the others:", *(f"- {line}" for line in results["report"])]
        super().__init__(lines)
