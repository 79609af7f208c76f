# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Says who owns what can belong to a person: numbers, voicemails, slots of phones, login names and unique values.

Modules ask before they plan a change; ``_bulk`` asks for everything that a list wants, before it plans anything
(design.md, rule 14).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .._model.errors import ConflictError
from .._model.leavers import read_leave
from .._model.numbers import ExtensionKey
from .._model.records import Device, Line, Owner, User
from .._model.resources import LINE, LOGIN, USER, Resource, names_of_login
from .._model.texts import difference_of_look_alikes
from .._state.state import ServerState

NUMBER, VOICEMAIL, PHONE = "number", "voicemail", "phone"


@dataclass(frozen=True)
class Thing:
    """Something that can belong to a person.

    kind: NUMBER, VOICEMAIL, PHONE, or for a unique value the name of its resource. key: what tells it from others of
    its kind, for a unique value (field, value), for a name of a login the name in lower case. label: the
    thing in words.
    """

    kind: str
    key: Any
    label: str = field(compare=False)

    def __str__(self) -> str:
        return self.label


def number(key: ExtensionKey) -> Thing:
    """Return an internal number or a direct number. key: (exten, context)."""
    return Thing(NUMBER, key, f"{key[0]}@{key[1]}")


def voicemail(key: ExtensionKey) -> Thing:
    """Return a voicemail. key: (number, context)."""
    return Thing(VOICEMAIL, key, f"voicemail {key[0]}@{key[1]}")


def phone_slot(device: Device, slot: int) -> Thing:
    """Return the slot of a phone, which one line can have."""
    return Thing(PHONE, (device.id, slot), f"slot {slot} of {device}")


def unique_values(resource: Resource, values: Mapping[str, Any]) -> list[Thing]:
    """Return the unique values of an object, without the empty ones."""
    return [
        Thing(resource.name, (each.name, each.unique_key(value)), f"{each.unique} {value!r}")
        for each in resource.unique_fields
        if (value := values.get(each.name)) not in (None, "")
    ]


def login_names(values: Mapping[str, Any]) -> list[Thing]:
    """Return the names by which somebody signs in with a login: its username and its e-mail address.

    A name belongs to one login, as whichever of the two (person-wazo-26.08.md, "1.2 Straight at wazo-auth").
    """
    return [Thing(LOGIN.name, key, f"login name {name!r}") for key, name in names_of_login(values).items()]


HOW_TO_FREE = (
    "The user is a leaver, whom a purge disables and does not remove yet. Remove the user with state: absent to free "
    "it, or choose another one."
)


class Ownership:
    """Finds the owners of things in a state, which includes what is planned so far."""

    def __init__(self, state: ServerState) -> None:
        self.state = state

    def owners_of(self, thing: Thing) -> list[Owner]:
        """Return who has a thing: nobody, or one owner; several users can share a voicemail.

        A voicemail without users has no owner.
        """
        if thing.kind == NUMBER:
            extension = self.state.extension_at(*thing.key)
            owner = self.state.owner_of(extension) if extension else None
            return [owner] if owner else []
        if thing.kind == VOICEMAIL:
            found = self.state.voicemails.at(*thing.key)
            return [Owner(None, user) for user in self.state.voicemails.users_of(found)] if found else []
        if thing.kind == PHONE:
            device_id, slot = thing.key
            lines = self.state.lines_of_device(device_id)
            return self._owners([line for line in lines if self._slot_of(line) == slot])
        if thing.kind == USER.name:
            return [Owner(None, user) for user in self.state.users_with_unique(*thing.key)]
        if thing.kind == LOGIN.name:
            owner = self.state.owner_of_login(thing.key)
            return [owner] if owner else []
        name, value = thing.key
        odd = self.state.lines_with_endpoint_name(value) if name == "username" else []
        return self._owners([*self.state.lines_with_unique(name, value), *odd])

    def other_in_slot(self, line: Line, device: Device, slot: int) -> Owner | None:
        """Return the owner of a slot of a phone if it is another line; otherwise None."""
        return next((each for each in self.owners_of(phone_slot(device, slot)) if each.line is not line), None)

    def refuse_foreign_values(self, resource: Resource, values: Mapping[str, Any], own: User | Line | None) -> None:
        """Raise ConflictError for the first unique value that another object has. own: the object that gets them."""
        for thing in unique_values(resource, values):
            owners = self.owners_of(thing)
            if owners and own not in [each.line if resource is LINE else each.user for each in owners]:
                raise taken(thing, owners[0])

    def refuse_foreign_login_names(self, user: User, values: Mapping[str, Any]) -> None:
        """Raise ConflictError for the first name that another login has. values: those of the login of the user."""
        for thing in login_names(values):
            for owner in self.owners_of(thing):
                if owner.user is not user:
                    raise taken(thing, owner)

    def _slot_of(self, line: Line) -> Any:
        """Return the slot of a line, which lists of users do not show for every kind of line."""
        return (line if line["device_slot"] is not None else self.state.load_line_details(line))["device_slot"]

    def _owners(self, lines: Iterable[Line]) -> list[Owner]:
        return [Owner(line, self.state.main_user_of(line)) for line in lines]


def taken(thing: Thing, owner: Owner, claimant: str = "", hint: str = "") -> ConflictError:
    """Return the error of a thing that belongs to somebody else.

    claimant: the name of the user that it is for. hint: what to do, '' for what is always possible.
    """
    if owner.user and read_leave(owner.user["description"])[1]:
        hint = hint or HOW_TO_FREE
    difference = difference_of_look_alikes(claimant, owner.user.name) if owner.user else ""
    if difference:
        hint = f"{difference} Correct one of them."
    return ConflictError(f"{thing} already belongs to {owner}.", hint or "Free it first, or choose another one.")
