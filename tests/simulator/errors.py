# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Define confd's errors: a status and a list with one string (xivo-15.12.md, "HTTP level")."""

from __future__ import annotations

from collections.abc import Callable

from .python2 import py2_repr


class ConfdError(Exception):
    """Report a failure with confd's own text: one text, or several from the younger generations."""

    def __init__(self, status: int, *texts: str) -> None:
        super().__init__(*texts)
        self.status = status
        self.texts = list(texts)


class BadFields(ConfdError):
    """Report the fields of a body that are wrong, each in a text of its own."""

    def __init__(self, problems: dict[str, object], show: Callable[[object], str]) -> None:
        super().__init__(400, *(f"Input Error - {name}: {show(found)}" for name, found in problems.items()))
        self.problems = problems


class Errors:
    """Make errors that show values as repr() of the server's Python writes them: `text ('id': 1, 'name': u'x')`."""

    def __init__(self, show: Callable[[object], str]) -> None:
        self._show = show

    def not_found(self, resource: str, **values: object) -> ConfdError:
        return ConfdError(404, self.with_values(f"Resource Not Found - {resource} was not found", **values))

    def input_error(self, text: str, **values: object) -> ConfdError:
        return ConfdError(400, self.with_values(f"Input Error - {text}", **values))

    def resource_error(self, text: str, **values: object) -> ConfdError:
        return ConfdError(400, self.with_values(f"Resource Error - {text}", **values))

    def with_values(self, text: str, **values: object) -> str:
        if not values:
            return text
        shown = ", ".join(f"'{name}': {self._show(value)}" for name, value in values.items())
        return f"{text} ({shown})"


_of_python2 = Errors(py2_repr)
not_found, input_error, resource_error = _of_python2.not_found, _of_python2.input_error, _of_python2.resource_error


def unexpected_error(text: str) -> ConfdError:
    return ConfdError(500, f"Unexpected error: {text}")


def too_long(size: int) -> ConfdError:
    """Return the failure of the database on a text of more characters than its column has."""
    return unexpected_error(f"(DataError) value too long for type character varying({size})\n")
