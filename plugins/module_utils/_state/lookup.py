# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds the existing object that a task or an entry refers to.

No object is chosen silently: where several match, AmbiguousError lists them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, TypeVar

from .._model.errors import AmbiguousError, ConflictError, InputError
from .._model.numbers import NumberRange, parse_exten, parse_id
from .._model.records import Extension, Line, Record, User
from .._model.resources import EXTENSION, LINE, USER, Resource, canonical
from .._model.sip_usernames import is_marked_for, username_prefix
from .._model.texts import plain_text, require_text
from .state import ServerState

_R = TypeVar("_R", bound=Record)

NEVER_CREATE = frozenset({"id", "uuid", "exten", "context"})
"""Keys of ``match`` whose values the server assigns, so that a new user cannot be given them."""
RETURNED_KEYS = frozenset({"id", "uuid", "predicted", "links", "device_id", "main_user", "main_line"})
"""Keys of objects that tasks return, beside their fields. They are ignored where such an object is a reference."""


# Users


def match_of(options: Mapping[str, Any] | None, where: str = "match") -> dict[str, Any] | None:
    """Return the checked ``match`` of a task or entry; None when none is given.

    Raises InputError when it is empty, has unknown keys or an empty value, or exten without context.
    """
    if options is None:
        return None
    empty = sorted(name for name, value in options.items() if value == "")
    given = {name: value for name, value in options.items() if value is not None and value != ""}
    unknown = sorted(set(options) - set(USER.keys))
    if unknown:
        raise InputError(f"{where} has unknown keys: {', '.join(unknown)}.", f"Valid keys: {', '.join(USER.keys)}.")
    if empty or not given:
        what = f"{where}.{empty[0]} is empty" if empty else f"{where} is empty"
        raise InputError(f"{what}, so it would match every user.", "Give a value, or leave it out.")
    return _checked_keys(given, where)


def find_user(
    state: ServerState,
    match: Mapping[str, Any] | None,
    wanted: Mapping[str, Any],
    homonyms: Collection[Any] = (),
    wanted_range: NumberRange | None = None,
) -> User | None:
    """Return the existing user with the values of ``match``, or with the wanted name without ``match``; None if none.

    If no user has the values of ``match``, the wanted values of the same fields are looked up: so an earlier rename is
    recognised. homonyms: identities of users with the same name who are known to be other people.
    wanted_range: the wanted range of numbers, if it is a range. In place of the number of ``match``, it stands for any
    of its numbers, if ``match`` has other keys too.
    Raises AmbiguousError for several users, ConflictError when ``match`` and the wanted values find different users.
    """
    if match is None:
        keys = name_of(wanted)
        return one_user(state, keys, homonyms)
    found = one_user(state, match, homonyms)
    target = {
        name: value if wanted.get(name) is None else canonical(name, wanted[name]) for name, value in match.items()
    }
    if "exten" in match and wanted_range:
        meant = _user_in_range(state, target, wanted_range, homonyms)
    else:
        meant = one_user(state, target, homonyms) if target != match else found
    if found and meant and meant is not found:
        raise ConflictError(
            f"match finds {found}, but {meant} already has the wanted values: {_words(target)}.",
            "Remove or rename one of the two users first.",
        )
    return found or meant


def new_user_values(match: Mapping[str, Any] | None, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of a user to create: the wanted values, and those of ``match``.

    Raises InputError where ``match`` has a key whose value the server assigns, or no firstname is given.
    """
    if match and not NEVER_CREATE.isdisjoint(match):
        raise InputError(
            f"No user was found for match: {_words(match)}.", "A match by id, uuid or exten never creates a user."
        )
    values = {**(match or {}), **wanted}
    name_of(values)
    return values


def name_of(wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Return the name as {firstname, lastname}; an omitted lastname is None. Raise InputError without a firstname."""
    if not wanted.get("firstname"):
        raise InputError("A user needs a firstname.", "Give firstname, or identify an existing user by match.")
    return {"firstname": wanted["firstname"], "lastname": wanted.get("lastname")}


def users_by(state: ServerState, keys: Mapping[str, Any]) -> list[User]:
    """Return the users who have all of these values (keys of USER.keys), by id."""
    rest = dict(keys)
    if "id" in rest:
        found = [state.user(rest.pop("id"))]
    elif "exten" in rest:
        found = [_user_at(state, rest.pop("exten"), rest.pop("context"))]
    elif set(rest) == {"firstname", "lastname"}:
        return state.users_named(rest["firstname"], rest["lastname"])
    else:
        found = list(state.users_with(**_checked_fields(state, rest)))
    if "exten" in rest:
        owner = _user_at(state, rest.pop("exten"), rest.pop("context"))
        found = [user for user in found if user is owner]
    return [user for user in found if user and all(user[name] == canonical(name, rest[name]) for name in rest)]


def one_user(
    state: ServerState,
    keys: Mapping[str, Any],
    homonyms: Collection[Any] = (),
    number_range: NumberRange | None = None,
) -> User | None:
    """Return the user who has all of these values, and a number in the range if one is given; None if there is none.

    homonyms: identities of users to ignore. Raises AmbiguousError, which lists the users, if there are several.
    """
    candidates = [user for user in users_by(state, keys) if user.identity not in homonyms]
    if number_range:
        candidates = [user for user in candidates if _has_number_in(state, user, number_range)]
    if len(candidates) > 1:
        raise AmbiguousError(
            f"{len(candidates)} users have {_words(keys)}: {with_numbers(state, candidates)}.",
            "Identify one of them by match: {id: ...} or match: {exten: ..., context: ...}.",
        )
    return candidates[0] if candidates else None


def _has_number_in(state: ServerState, user: User, number_range: NumberRange) -> bool:
    extension = state.extension_of_user(user)
    return extension is not None and extension.key in number_range


def _user_in_range(
    state: ServerState, keys: Mapping[str, Any], wanted_range: NumberRange, homonyms: Collection[Any]
) -> User | None:
    """Return the user who has a number in a range and the values of the other keys; None if there are no other keys."""
    others = {name: value for name, value in keys.items() if name not in ("exten", "context")}
    return one_user(state, others, homonyms, wanted_range) if others else None


def _user_at(state: ServerState, exten: str, context: str) -> User | None:
    extension = state.extension_at(exten, context)
    owner = state.owner_of(extension) if extension else None
    return owner.user if owner else None


def _checked_fields(state: ServerState, keys: Mapping[str, Any]) -> dict[str, Any]:
    if "uuid" in keys and not state.backend.has_uuids:
        raise InputError(f"Users have no uuid on a server of generation {state.backend.api}.", "Use match: {id: ...}.")
    return {name: canonical(name, value) for name, value in keys.items()}


# Lines


def find_line(state: ServerState, options: Mapping[str, Any], wanted_username: str | None = None) -> Line | None:
    """Return the line with an id, a SIP username or a number; None if there is none.

    options: checked values of LINE.keys. wanted_username: the SIP username to look for if there is no id.
    """
    if options.get("id") is not None:
        return state.line(options["id"])
    if wanted_username:
        return state.line_named(wanted_username)
    extension = state.extension_at(options["exten"], options["context"]) if options.get("exten") else None
    owner = state.owner_of(extension) if extension else None
    return owner.line if owner else None


def abandoned_line(state: ServerState, seed: str) -> Line | None:
    """Return a line that an interrupted run created for ``seed`` and did not associate; None if there is none.

    Such a line is marked with the seed, and has no user, extension or device.
    """
    return next(
        (
            line
            for line in state.lines_marked(username_prefix(seed))
            if is_marked_for(line["username"], seed)
            and not state.users_of(line)
            and not state.extension_of(line)
            and not state.device_of(line)
        ),
        None,
    )


# References


def resolve_user(state: ServerState, reference: Mapping[str, Any], predict: bool, where: str = "user") -> User:
    """Return the user that a task refers to: by identity keys, or by an object that another task returned.

    predict: whether to accept objects that a task in check mode has predicted. where: the option, for messages.
    Raises InputError for an invalid reference, MissingReferenceError if there is no such user, AmbiguousError if there
    are several.
    """
    keys = _identity(USER, reference, where, predict)
    if keys is None:
        user = User(fields=_predicted_fields(USER, reference))
        state.add_user(user)
        return user
    if not keys:
        raise InputError(f"{where} has no key that identifies a user.", f"Valid keys: {', '.join(USER.keys)}.")
    return _existing(one_user(state, keys), USER, keys)


def resolve_line(state: ServerState, reference: Mapping[str, Any], predict: bool) -> Line:
    """Return the line that a task refers to, like resolve_user."""
    keys = _identity(LINE, reference, "line", predict)
    if keys is None:
        line = Line(fields=_predicted_fields(LINE, reference), details_known=True)
        state.add_line(line)
        return line
    return _existing(find_line(state, keys, keys.get("username")), LINE, keys)


def resolve_extension(state: ServerState, reference: Mapping[str, Any], predict: bool) -> Extension:
    """Return the extension that a task refers to, like resolve_user."""
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
        again = " If another run has deleted it, run again." if "id" in keys else ""
        raise MissingReferenceError(
            f"There is no {resource.label} with {_words(keys)}.",
            f"Create it first, or use the registered result of the task that creates it.{again}",
        )
    return found


class MissingReferenceError(InputError):
    """A reference to an object that does not exist."""


def _identity(resource: Resource, reference: Mapping[str, Any], where: str, predict: bool) -> dict[str, Any] | None:
    """Return the checked identity keys of a reference; None for a predicted object."""
    known = set(resource.keys) | set(resource.field_names) | RETURNED_KEYS
    unknown = sorted(set(reference) - known)
    if unknown:
        raise InputError(f"{where} has unknown keys: {', '.join(unknown)}.", f"Valid keys: {', '.join(resource.keys)}.")
    if reference.get("predicted") and reference.get("id") is None:
        if not predict:
            raise InputError(f"{where} does not exist: it was predicted by a task in check mode.")
        return None
    given = {key: reference[key] for key in resource.keys if reference.get(key) not in (None, "")}
    if "id" in given:
        return {"id": parse_id(given["id"], f"{where}.id")}
    if "username" in given and resource is LINE:
        return {"username": _text(given["username"], f"{where}.username")}
    if resource is USER and "firstname" in given:
        given.setdefault("lastname", None)
    if "exten" not in given and resource is not USER:
        raise InputError(f"{where} has no identifying key.", f"Valid keys: {', '.join(resource.keys)}.")
    return _checked_keys(given, where)


def _checked_keys(keys: Mapping[str, Any], where: str) -> dict[str, Any]:
    if ("exten" in keys) != ("context" in keys):
        raise InputError(f"{where} needs exten and context together.")
    checks = {"exten": parse_exten, "id": parse_id}
    return {key: checks.get(key, _text)(value, f"{where}.{key}") for key, value in keys.items()}


def _text(value: Any, where: str) -> str | None:
    """Return the checked text of an identity key. None stands for an empty lastname.

    Raise InputError for a text that nobody sees, which would identify everybody without a value.
    """
    if value is None:
        return None
    text = plain_text(require_text(value, where))
    if not text:
        raise InputError(f"{where} has only invisible characters.", "Give a value, or leave it out.")
    return text


def _predicted_fields(resource: Resource, reference: Mapping[str, Any]) -> dict[str, Any]:
    return {name: canonical(name, reference.get(name)) for name in resource.field_names}


def _words(keys: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} {value!r}" for name, value in keys.items() if value is not None)


def describe(records: Sequence[Record]) -> str:
    """Return objects in words, for messages."""
    return ", ".join(str(record) for record in records)


def with_numbers(state: ServerState, users: Sequence[User]) -> str:
    """Return users in words with their numbers, for messages."""
    return "; ".join(f"{user}, {state.extension_of_user(user) or 'no number'}" for user in users)
