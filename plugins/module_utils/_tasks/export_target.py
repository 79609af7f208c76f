# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes exported entries fit for a server of another generation, and says of each user what does not move.

What a generation has and stores is what its backend and its table of rules say. The server itself is not asked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .._backends.base import Backend
from .._backends.registry import GENERATIONS
from .._model.destinations import Destination, Linking
from .._model.func_keys import KeySet
from .._model.records import Row
from .._model.resources import EXTENSION, LINE, USER, USER_PARTS, VOICEMAIL, Resource, wanted_values
from .._model.rules import LINE_OF_USER, VOICEMAIL_OF_USER, CombinationRule, problems_of_values
from .._state.destinations import wishes_of

Entry = dict[str, Any]

SECTIONS = {"user": USER, "line": LINE, "voicemail": VOICEMAIL, **USER_PARTS}
"""{key of an entry: the resource whose fields it holds}."""
LOGIN_KEY = "login"
NAMES = ("firstname", "lastname")
"""What a user cannot do without."""
TARGETS = tuple(GENERATIONS)


class UnfitError(Exception):
    """An entry cannot be changed so that the target would take it. Its text says why."""


class Target:
    """The server that entries are exported for. api: its generation."""

    def __init__(self, api: str) -> None:
        self.api = api
        self.backend: type[Backend] = GENERATIONS[api]

    def fit(self, entry: Entry) -> list[str]:
        """Remove from an entry what the target lacks or does not store. Return it in words, without secrets.

        Raises UnfitError if the user could not be created without it.
        """
        self._refuse_numbers(entry)
        lost = [text for key, resource in SECTIONS.items() if key in entry for text in self._fit(entry, key, resource)]
        lost += self._fit_combinations(entry)
        lost += self._fit_login(entry)
        if "device" in entry:
            lost.append(f"device {entry.pop('device')['mac']}: put the phone on a line of the new server")
        if entry.get("line") == {}:
            del entry["line"]
        return lost

    def _refuse_numbers(self, entry: Entry) -> None:
        numbers = [entry.get("extension"), entry.get("incall"), *entry.get("incalls", ())]
        for number in filter(None, numbers):
            for problem in problems_of_values(EXTENSION, {"exten": number["exten"]}, self.backend.rules):
                raise UnfitError(problem.rstrip("."))

    def _fit(self, entry: Entry, key: str, resource: Resource) -> Iterator[str]:
        if resource.name in self.backend.absent_resources:
            given = wanted_values(resource, entry.pop(key))
            yield self._lacks(key, given.get(key, given), resource.secrets)
            return
        if resource.links:
            yield from self._fit_links(entry, key, resource)
            return
        for name, value in wanted_values(resource, entry[key]).items():
            path = key if name == key else f"{key}.{name}"
            if not self.backend.has_field(resource, name) or (
                (resource, name) == (LINE, "callerid") and not self.backend.sets_callerid
            ):
                yield self._lacks(path, "" if name in resource.secrets else value)
            elif problem := self._problem(key, resource, {name: value}):
                yield f"{path}: {problem}"
            else:
                continue
            if name in NAMES:
                raise UnfitError(f"{path} {value!r} cannot be stored on a server of generation {self.api}")
            _remove(entry[key], name)

    def _fit_links(self, entry: Entry, key: str, resource: Resource) -> Iterator[str]:
        """Remove the destinations that the target does not store, or that have an id, which means another object there.

        Of a set of keys, the others stay.
        """
        options = entry[key]
        for name, value in wishes_of(resource, options, key).items():
            parts: list[tuple[Entry, str, Linking]] = []
            if isinstance(value, KeySet):
                parts = [(options[name], position, KeySet({position: each})) for position, each in value.items()]
            elif isinstance(value, Linking):
                parts = [(options, name, value)]
            for holder, at, part in parts:
                if problem := self._problem_of_link(resource, name, part):
                    del holder[at]
                    yield problem
            if options.get(name) == {}:
                del options[name]
        if not options:
            del entry[key]

    def _problem_of_link(self, resource: Resource, name: str, value: Linking) -> str:
        """Return why the target cannot have a value with one destination; '' if it can."""
        named = value.with_destinations(
            lambda wish: Destination(wish.type, wish.reference, wish.details, shown=wish.words, place=wish.place)
        )
        problems = self.backend.problems_of_links(resource, {name: named})
        if problems:
            return problems[0].rstrip(".")
        (wish,), (destination,) = value.destinations, named.destinations
        return "" if destination.is_portable else f"{wish.where}.{wish.type}: the id means another object there"

    def _lacks(self, path: str, value: Any, secrets: frozenset[str] = frozenset()) -> str:
        if isinstance(value, Mapping):
            words = ", ".join(f"{name} {each}" for name, each in value.items() if name not in secrets)
        else:
            words = ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)
        return f"{path}{f' {words}' if words else ''}: a server of generation {self.api} does not have it"

    def _problem(self, key: str, resource: Resource, value: Row) -> str:
        """Return why the target does not store a value; '' if it does."""
        is_of_user = key == LOGIN_KEY and value.keys() <= set(self.backend.login_fields_of_user)
        problems = problems_of_values(USER if is_of_user else resource, value, self.backend.rules)
        return problems[0].rstrip(".") if problems else ""

    def _fit_combinations(self, entry: Entry) -> Iterator[str]:
        has = {LINE_OF_USER: "extension" in entry, VOICEMAIL_OF_USER: "voicemail" in entry}
        for rule in self.backend.rules:
            for key, resource in (("user", USER), ("voicemail", VOICEMAIL)):
                if not isinstance(rule, CombinationRule) or rule.resource != resource.name or key not in entry:
                    continue
                after = {**{field.name: field.default for field in resource.fields}, **entry[key]}
                problem = rule.explain(after, lambda thing: has.get(thing, False)).rstrip(".")
                dropped = [name for name in rule.fields if name in entry[key] and name not in NAMES]
                if problem and not dropped:
                    raise UnfitError(problem)
                for name in dropped if problem else ():
                    _remove(entry[key], name)
                    yield f"{key}.{name}: {problem}"

    def _fit_login(self, entry: Entry) -> Iterator[str]:
        """Say what a login lacks without a password, and remove what the target refuses without one."""
        login = entry.get(LOGIN_KEY)
        if login is None:
            return
        username = login.get("username")
        if not username or (":" in username and not self.backend.login_fields_of_user):
            del entry[LOGIN_KEY]
            yield f"login{f' {username}' if username else ''}: nobody could sign in with this username"
        elif not login.get("password"):
            if self.backend.login_fields_of_user and login.pop("enabled", False):
                yield "login.enabled: the server enables a login with a password only"
            yield "login.password: the export does not have it, so give the login a new one"


def _remove(values: Entry, name: str) -> None:
    """Remove a field, which may stand in an option, from the options of an entry."""
    option, _dot, inner = name.partition(".")
    if not inner:
        values.pop(option, None)
        return
    values[option].pop(inner, None)
    if not values[option]:
        del values[option]
