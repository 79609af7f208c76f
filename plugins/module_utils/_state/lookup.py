# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which existing object is meant? Nothing is ever picked silently: two candidates are an error that lists them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, TypeVar

from .._model.errors import AmbiguousError, ConflictError, InputError
from .._model.numbers import parse_exten
from .._model.records import Extension, Line, Record, User
from .._model.resources import EXTENSION, LINE, USER, Resource, canonical
from .._model.sip_usernames import is_marked_for, username_prefix
from .state import ServerState

_R = TypeVar("_R", bound=Record)

NEVER_CREATE = frozenset({"id", "uuid", "exten", "context"})
"""Keys of ``match`` that name something the server made, which a new user cannot be given."""
RETURNED_KEYS = frozenset({"id", "uuid", "predicted", "links", "device_id", "main_user", "main_line"})
LONGEST_ID = 10


# Users


def match_of(options: Mapping[str, Any] | None, where: str = "match") -> dict[str, Any] | None:
    """The checked ``match`` of a task or entry; None when none is given.

    Raises InputError when it is empty, holds null or '', or half a number.
    """
    if options is None:
        return None
    empty = sorted(name for name, value in options.items() if value == "")
    given = {name: value for name, value in options.items() if value is not None and value != ""}
    unknown = sorted(set(options) - set(USER.keys))
    if unknown:
        raise InputError(f"{where} has unknown keys: {', '.join(unknown)}.", f"It takes {', '.join(USER.keys)}.")
    if empty or not given:
        what = f"{where}.{empty[0]} is empty" if empty else f"{where} is empty"
        raise InputError(f"{what}, which would fit anybody.", "Give a value, or leave it out.")
    return _whole_number(given, where)


def find_user(
    state: ServerState,
    match: Mapping[str, Any] | None,
    wanted: Mapping[str, Any],
    homonyms: Collection[int | None] = (),
) -> User | None:
    """The existing user that ``match``, or else the wanted name, means.

    Where ``match`` finds nobody the wanted values of the same fields are looked up, so that a rename done already is
    recognised. homonyms: ids of users who bear the name and are known to be somebody else.
    Raises AmbiguousError, or ConflictError when ``match`` and the wanted values mean two users.
    """
    if match is None:
        keys = name_of(wanted)
        return one_user(state, keys, homonyms)
    found = one_user(state, match, homonyms)
    target = {name: _target(name, value, wanted) for name, value in match.items()}
    meant = one_user(state, target, homonyms) if target != match else found
    if found and meant and meant is not found:
        raise ConflictError(
            f"match means {found}, but {meant} has the wanted {_words(target)} already.",
            "Remove or rename one of them first.",
        )
    return found or meant


def new_user_values(match: Mapping[str, Any] | None, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """What a user is created with whom nobody on the server is: the wanted values, and those of ``match``.

    Raises InputError where ``match`` names what only the server gives, or no firstname is known.
    """
    if match and not NEVER_CREATE.isdisjoint(match):
        raise InputError(f"match {_words(match)} finds no user.", "Such a match only finds, it cannot create.")
    values = {**(match or {}), **wanted}
    name_of(values)
    return values


def name_of(wanted: Mapping[str, Any]) -> dict[str, Any]:
    """The name as identity: an omitted lastname means an empty one.

    Raises InputError without a firstname.
    """
    if not wanted.get("firstname"):
        raise InputError("A user needs a firstname.", "Give firstname, or say with match who is meant.")
    return {"firstname": wanted["firstname"], "lastname": wanted.get("lastname")}


def users_by(state: ServerState, keys: Mapping[str, Any]) -> list[User]:
    """All users who have every one of these values (keys of USER.keys), by id."""
    rest = dict(keys)
    if "id" in rest:
        found = [state.user(rest.pop("id"))]
    elif "exten" in rest:
        found = [_user_at(state, rest.pop("exten"), rest.pop("context"))]
    elif set(rest) == {"firstname", "lastname"}:
        return state.users_named(rest["firstname"], rest["lastname"])
    else:
        found = list(state.users_with(**_own_fields(state, rest)))
    if "exten" in rest:
        owner = _user_at(state, rest.pop("exten"), rest.pop("context"))
        found = [user for user in found if user is owner]
    return [user for user in found if user and all(user[name] == canonical(name, rest[name]) for name in rest)]


def one_user(state: ServerState, keys: Mapping[str, Any], homonyms: Collection[int | None] = ()) -> User | None:
    """The only user, homonyms apart, who has every one of these values, or None.

    Raises AmbiguousError listing all of them.
    """
    candidates = [user for user in users_by(state, keys) if user.id not in homonyms]
    if len(candidates) > 1:
        raise AmbiguousError(
            f"{_words(keys)} fits {len(candidates)} users: {with_numbers(state, candidates)}.",
            "Say which one is meant with match: {id: ...} or match: {exten: ..., context: ...}.",
        )
    return candidates[0] if candidates else None


def _target(name: str, value: Any, wanted: Mapping[str, Any]) -> Any:
    return value if wanted.get(name) is None else canonical(name, wanted[name])


def _user_at(state: ServerState, exten: str, context: str) -> User | None:
    extension = state.extension_at(exten, context)
    owner = state.owner_of(extension) if extension else None
    return owner.user if owner else None


def _own_fields(state: ServerState, keys: Mapping[str, Any]) -> dict[str, Any]:
    if "uuid" in keys and not state.backend.has_uuids:
        raise InputError(f"Users have no uuid on {state.backend.api}.", "Use match: {id: ...} there.")
    return {name: canonical(name, value) for name, value in keys.items()}


# Lines


def find_line(state: ServerState, options: Mapping[str, Any], wanted_username: str | None = None) -> Line | None:
    """The line that ``options`` (keys of LINE.keys, checked) mean; None if there is none."""
    if options.get("id") is not None:
        return state.line(options["id"])
    if wanted_username:
        return state.line_named(wanted_username)
    return _line_at(state, options["exten"], options["context"]) if options.get("exten") else None


def _line_at(state: ServerState, exten: str, context: str) -> Line | None:
    extension = state.extension_at(exten, context)
    owner = state.owner_of(extension) if extension else None
    return owner.line if owner else None


def abandoned_line(state: ServerState, seed: str) -> Line | None:
    """A line that an interrupted run made for ``seed`` and never associated: without user, number and phone."""
    return next(
        (
            line
            for line in state.lines_marked(username_prefix(seed))
            if is_marked_for(line, seed)
            and not state.users_of(line)
            and not state.extension_of(line)
            and not state.device_of(line)
        ),
        None,
    )


# References


def resolve_user(state: ServerState, reference: Mapping[str, Any], predict: bool) -> User:
    """The user that a task refers to: by identity keys, or the object that another task returned.

    predict: whether objects that only exist in the prediction of a check-mode task are accepted.
    Raises InputError when the reference means nobody.
    """
    keys = _identity(USER, reference, "user", predict)
    if keys is None:
        user = User(fields=_predicted_fields(USER, reference))
        state.add_user(user)
        return user
    if not keys:
        raise InputError("user says nothing about who is meant.", f"Give {', '.join(USER.keys)}.")
    return _existing(one_user(state, keys), USER, keys)


def resolve_line(state: ServerState, reference: Mapping[str, Any], predict: bool) -> Line:
    """The line that a task refers to; as resolve_user."""
    keys = _identity(LINE, reference, "line", predict)
    if keys is None:
        line = Line(fields=_predicted_fields(LINE, reference), details_known=True)
        state.add_line(line)
        return line
    return _existing(find_line(state, keys, keys.get("username")), LINE, keys)


def resolve_extension(state: ServerState, reference: Mapping[str, Any], predict: bool) -> Extension:
    """The extension that a task refers to; as resolve_user."""
    keys = _identity(EXTENSION, reference, "extension", predict)
    if keys is None:
        extension = Extension(fields=_predicted_fields(EXTENSION, reference))
        state.add_extension(extension)
        return extension
    if "id" in keys:
        return _existing(state.extension(keys["id"]), EXTENSION, keys)
    return _existing(state.extension_at(keys["exten"], keys["context"]), EXTENSION, keys)


def _existing(found: _R | None, resource: Resource, keys: Mapping[str, Any]) -> _R:
    if found is None:
        raise MissingReferenceError(
            f"There is no {resource.label} with {_words(keys)}.",
            "Create it first, or refer to what the task that creates it returned (register).",
        )
    return found


class MissingReferenceError(InputError):
    """A reference means nothing that exists."""


def _identity(resource: Resource, reference: Mapping[str, Any], where: str, predict: bool) -> dict[str, Any] | None:
    """The checked identity keys of a reference; None for a predicted object."""
    known = set(resource.keys) | set(resource.field_names) | RETURNED_KEYS
    unknown = sorted(set(reference) - known)
    if unknown:
        raise InputError(f"{where} has unknown keys: {', '.join(unknown)}.", f"It takes {', '.join(resource.keys)}.")
    if reference.get("predicted") and reference.get("id") is None:
        if not predict:
            raise InputError(f"{where} was predicted by a task in check mode and does not exist.")
        return None
    given = {key: reference[key] for key in resource.keys if reference.get(key) not in (None, "")}
    if "id" in given:
        return {"id": _id(given["id"], where)}
    if "username" in given and resource is LINE:
        return {"username": str(given["username"])}
    if resource is USER and "firstname" in given:
        given.setdefault("lastname", None)
    if "exten" not in given and resource is not USER:
        raise InputError(f"{where} says nothing about which one is meant.", f"Give {', '.join(resource.keys)}.")
    return _whole_number(given, where)


def _whole_number(keys: Mapping[str, Any], where: str) -> dict[str, Any]:
    checked = dict(keys)
    if ("exten" in checked) != ("context" in checked):
        raise InputError(f"{where} needs exten and context together.")
    if "exten" in checked:
        checked["exten"] = parse_exten(checked["exten"], f"{where}.exten")
    if "id" in checked:
        checked["id"] = _id(checked["id"], where)
    return checked


def _id(value: Any, where: str) -> int:
    text = str(value)
    if not (text.isascii() and text.isdigit() and len(text) <= LONGEST_ID and int(text) > 0):
        raise InputError(f"{where}.id is {value!r}, which is no id.")
    return int(text)


def _predicted_fields(resource: Resource, reference: Mapping[str, Any]) -> dict[str, Any]:
    return {name: canonical(name, reference.get(name)) for name in resource.field_names}


def _words(keys: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} {value!r}" for name, value in keys.items() if value is not None)


def describe(records: Sequence[Record]) -> str:
    """Objects in words, for messages."""
    return ", ".join(str(record) for record in records)


def with_numbers(state: ServerState, users: Sequence[User]) -> str:
    """Users in words, told apart by their numbers."""
    return "; ".join(f"{user}, {state.extension_of_user(user) or 'no number'}" for user in users)
