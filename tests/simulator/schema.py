# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bodies as the younger generations check them (facts files xivo-16.16, HTTP level, and wazo-26.08, Errors).

Every bad field is reported, unknown ones are dropped without a word. What the words are differs between generations:
they are arguments.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

MISSING = "Missing data for required field."
NULL = "Field may not be null."
PATTERN = "String does not match expected pattern."

Check = tuple[Callable[[Any], bool], str]
Problems = dict[str, Any]


class Invalid(Exception):
    """What is wrong with a value: a list of words, or, for an object, {member: the same}."""

    def __init__(self, problems: list[str] | Problems) -> None:
        super().__init__(problems)
        self.problems = problems


def matches(pattern: str, words: str = PATTERN) -> Check:
    return lambda value: re.fullmatch(pattern, value) is not None, words


def at_most(length: int) -> Check:
    return lambda value: len(value) <= length, f"Longer than maximum length {length}."


@dataclass(frozen=True)
class Field:
    """A member of a body: any JSON. `default` is what a POST without it stores."""

    required: bool = False
    nullable: bool = True
    default: Any = None
    checks: tuple[Check, ...] = ()

    def load(self, value: Any) -> Any:
        """The value as it is stored. Raises Invalid."""
        if value is None:
            if not self.nullable:
                raise Invalid([NULL])
            return None
        loaded = self.convert(value)
        wrong = [words for check, words in self.checks if not check(loaded)]
        if wrong:
            raise Invalid(wrong)
        return loaded

    def convert(self, value: Any) -> Any:
        return value


@dataclass(frozen=True)
class Text(Field):
    """A string, and nothing that looks like one."""

    def convert(self, value: Any) -> Any:
        if not isinstance(value, str):
            raise Invalid(["Not a valid string."])
        return value


@dataclass(frozen=True)
class Integer(Field):
    """An integer, or whatever Python makes one of."""

    def convert(self, value: Any) -> Any:
        try:
            return int(value)
        except (TypeError, ValueError) as error:
            raise Invalid(["Not a valid integer."]) from error


@dataclass(frozen=True)
class Boolean(Field):
    """A boolean; with strict=False also its usual spellings."""

    strict: bool = True

    def convert(self, value: Any) -> Any:
        if isinstance(value, bool):
            return value
        if not self.strict and str(value).lower() in {"1", "t", "true"}:
            return True
        if not self.strict and str(value).lower() in {"0", "f", "false"}:
            return False
        raise Invalid(["Not a valid boolean."])


@dataclass(frozen=True)
class ListOf(Field):
    """A list of values of one kind."""

    of: Field = Field()

    def convert(self, value: Any) -> Any:
        if not isinstance(value, list):
            raise Invalid(["Not a valid list."])
        loaded, problems = [], {}
        for index, item in enumerate(value):
            try:
                loaded.append(self.of.load(item))
            except Invalid as invalid:
                problems[str(index)] = invalid.problems
        if problems:
            raise Invalid(problems)
        return loaded


@dataclass(frozen=True)
class Object(Field):
    """An object within the body."""

    members: Schema | None = None

    def convert(self, value: Any) -> Any:
        if not isinstance(value, dict):
            raise Invalid({"_schema": ["Invalid input type."]})
        return self.members.load(value) if self.members else value


@dataclass(frozen=True)
class Schema:
    """The members that a body may have."""

    fields: Mapping[str, Field]

    def load(self, given: Mapping[str, Any], partial: bool = False) -> dict[str, Any]:
        """The known members, with defaults unless partial (a PUT). Raises Invalid with all that is wrong."""
        loaded, problems = {}, {}
        for name, field in self.fields.items():
            try:
                if name in given:
                    loaded[name] = field.load(given[name])
                elif field.required and not partial:
                    raise Invalid([MISSING])
                elif not partial:
                    loaded[name] = field.default
            except Invalid as invalid:
                problems[name] = invalid.problems
        if problems:
            raise Invalid(problems)
        return loaded


def messages(problems: Problems, show: Callable[[object], str]) -> list[str]:
    """confd's words for what is wrong, one entry a field; `show` is the repr of the server's Python."""
    return [f"Input Error - {name}: {show(found)}" for name, found in problems.items()]
