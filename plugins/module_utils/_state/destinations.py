# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds the targets of destinations in a ServerState, and describes destinations by them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from .._model.destination_types import GROUP_KEY, ID, OWN, REFERENCE, TABLES, USER, VOICEMAIL
from .._model.destinations import Destination, Linking, Wish, parse_destination
from .._model.errors import ConfdError, ConflictError, InputError
from .._model.func_keys import parse_keys
from .._model.records import User, UserPart, Voicemail
from .._model.resources import Resource
from .._model.rules import raise_problems
from .lookup import MissingReferenceError, resolve_user
from .state import ServerState


def _destination(value: Any, where: str) -> Any:
    return value if value in (None, "") else parse_destination(value, where)


PARSERS: dict[str, Callable[[Any, str], Any]] = {
    "raw": _destination,
    "dict": lambda value, where: parse_keys(value or {}, where),
    "str": lambda value, _where: value,
}
"""{type of a field of settings that link: what checks its values}."""


def wishes_of(resource: Resource, values: Mapping[str, Any], where: str) -> dict[str, Any]:
    """Return the wanted values of settings with each destination checked, as a Wish. Raises InputError.

    where: the option that has the values.
    """
    if not resource.links:
        return dict(values)
    wishes: dict[str, Any] = {}
    problems: list[str] = []
    for name, kind in ((field.name, field.type) for field in resource.fields if field.name in values):
        try:
            wishes[name] = PARSERS[kind](values[name], f"{where}.{name}")
        except InputError as error:
            problems.append(str(error))
    raise_problems(problems)
    return wishes


def resolve_values(state: ServerState, values: Mapping[str, Any], user: User, predict: bool = False) -> dict[str, Any]:
    """Return wanted values of settings of a user with the destination of each Wish, see ``resolve``."""
    problems: list[ConfdError] = []

    def found(wish: Any) -> Any:
        try:
            return resolve(state, wish, user, predict)
        except ConfdError as error:
            problems.append(error)
            return wish

    resolved = {
        name: value.with_destinations(found) if isinstance(value, Linking) else value for name, value in values.items()
    }
    if len(problems) > 1:
        first, texts = problems[0], " ".join(map(str, problems))
        problems = [first.with_message(texts)]
        problems[0].hint = ""
    if problems:
        raise problems[0]
    return resolved


def resolve(state: ServerState, wish: Wish | Destination, user: User, predict: bool = False) -> Destination:
    """Return the destination that somebody wishes for a user, with its target.

    Users and voicemails that a plan creates are found as well. predict: whether to accept users whom a task in check
    mode has predicted. Raises InputError if there is no such target, or if there are several.
    """
    if isinstance(wish, Destination):
        return wish
    if wish.type == USER:
        target: Any = _user(state, wish, predict)
    elif wish.type == VOICEMAIL:
        target = _voicemail(state, wish, user)
    elif TABLES[wish.place][wish.type].key == GROUP_KEY:
        target = state.backend.id_of_group(wish.reference, wish.where)
    elif TABLES[wish.place][wish.type].target == ID:
        target = wish.reference["id"]
    else:
        target = wish.reference
    found = Destination(wish.type, target, wish.details, place=wish.place)
    return found.named(words_of(state, found, user))


def _user(state: ServerState, wish: Wish, predict: bool) -> User:
    where = f"{wish.where}.user"
    try:
        return resolve_user(state, wish.reference, predict, where)
    except InputError as error:
        if where in error.message:
            raise
        named = error.with_message(f"{where}: {error.message}")
        if isinstance(error, MissingReferenceError):
            # An entry of the same list can be the one that removes the user.
            named.hint = "Correct it or leave it out, or create the user first."
        raise named from None


def _voicemail(state: ServerState, wish: Wish, user: User) -> Any:
    """Return a voicemail, or the id of one that was not read."""
    if wish.reference == OWN:
        own = state.voicemails.identity_of(user)
        if own is None:
            raise ConflictError(
                f"{wish.where} leads to the voicemail of {user}, who has none.",
                "Give the user a voicemail, or another destination.",
            )
        return own
    keys = wish.reference
    found = state.voicemails.get(keys["id"]) if "id" in keys else state.voicemails.at(keys["number"], keys["context"])
    if found is None:
        words = f"{keys['number']}@{keys['context']}" if "number" in keys else f"id {keys['id']}"
        raise MissingReferenceError(f"{wish.where}: there is no voicemail {words}.", "Create it first.")
    return found


def words_of(state: ServerState, destination: Destination, user: User | None) -> dict[str, Any]:
    """Return a destination as people write it: the target by name or number where that is unambiguous.

    user: whose destination it is; None for nobody's.
    """
    row = destination.row
    if row is None or row.target not in (REFERENCE, ID):
        return destination.written(None)
    return destination.written(_words_of_target(state, destination, user))


def _words_of_target(state: ServerState, destination: Destination, user: User | None) -> Any:
    identity = destination.identity[1]
    if destination.row and destination.row.key == GROUP_KEY:
        return state.backend.name_of_group(identity) or {"id": identity}
    if destination.type == VOICEMAIL:
        if user and state.voicemails.identity_of(user) == identity:
            return OWN
        voicemail = identity if isinstance(identity, Voicemail) else state.voicemails.get(identity)
        return dict(zip(("number", "context"), voicemail.key)) if voicemail else {"id": identity}
    target = identity if isinstance(identity, User) else state.user(identity) if destination.type == USER else None
    return _words_of_user(state, target) if isinstance(target, User) else {"id": identity}


def _words_of_user(state: ServerState, user: User) -> dict[str, Any]:
    if len(state.users_named(*user.full_name)) <= 1:
        return {name: user[name] for name in ("firstname", "lastname") if user[name]}
    number = state.extension_of_user(user)
    if number:
        return dict(zip(("exten", "context"), number.key))
    # A user who is still to be created has no id.
    name = next((name for name in ("username", "userfield") if user.predicted and user[name]), "id")
    return {name: user.id if name == "id" else user[name]}


def with_words(state: ServerState, part: UserPart) -> UserPart:
    """Describe the destinations of settings by their targets, for people. Return the settings."""
    part.fields.update(named_values(state, part.fields, part.user))
    return part


def named_values(state: ServerState, values: Mapping[str, Any], user: User | None = None) -> dict[str, Any]:
    """Return values of settings with their destinations described by their targets."""
    return {
        name: value.with_destinations(partial(_named, state, user)) if isinstance(value, Linking) else value
        for name, value in values.items()
    }


def _named(state: ServerState, user: User | None, destination: Destination) -> Destination:
    return destination if destination.shown else destination.named(words_of(state, destination, user))
