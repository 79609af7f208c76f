# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The settings of users that have requests of their own, from 16.13 on.

Sources: person-xivo-16.16.md, "users/ID/forwards, /forwards/{busy,noanswer,unconditional}", "users/ID/services,
/services/{dnd,incallfilter}", "users/ID/callpermissions" and "groups"; person-wazo-26.08.md, "2. forwards",
"3. services", "5. callpermissions" and "7. groups".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from threading import Lock
from typing import Any, ClassVar

from ..._http.client import Client
from ..._model.destination_types import GROUP, ID, TYPES, USER, VOICEMAIL
from ..._model.destinations import Destination, destination_of
from ..._model.errors import ConflictError, InputError, NotFoundError, RefusedError
from ..._model.numbers import parse_id
from ..._model.records import Row, User
from ..._model.resources import (
    CALL_PERMISSIONS,
    FALLBACKS,
    FORWARDS,
    GROUP_FALLBACKS,
    GROUPS,
    LOGIN,
    SERVICES,
    Resource,
    nested,
    normalised,
)
from ..._model.texts import plain_text
from .func_keys import Xivo16FuncKeys

ENABLED = "enabled"
DESTINATION = "{}_destination"
"""The server's name of a fallback."""
SETTINGS = {SERVICES.name: "services", FORWARDS.name: "forwards", FALLBACKS.name: "fallbacks"}
"""{name of a resource of fixed fields: the end of its path, and the key of a user that embeds it}."""
LINKS = {FALLBACKS.name: "/users/{}/fallbacks", GROUP_FALLBACKS.name: "/groups/{}/fallbacks"}
"""{name of a resource of fallbacks: its path}."""
MEMBERSHIPS = {CALL_PERMISSIONS.name: "/callpermissions", GROUPS.name: "/groups"}
"""{name of a resource that is a set of names: the list of the objects that have these names}."""
ATTEMPTS = 3
UNKNOWABLE = frozenset(name for name, row in TYPES.items() if row.target == ID)
"""The types of destinations of which XiVO cannot be asked whether they exist. A wrong one locks the user for ever."""
TARGETS = {USER: "/users", VOICEMAIL: "/voicemails", GROUP: "/groups"}
"""{type of a destination: the list of the objects to which it leads}."""
ONE_WRITER = Lock()
"""Held by the thread that changes the members of a group. Other processes do not see it."""


class Xivo16UserParts(Xivo16FuncKeys):
    """Reads and writes the parts of a user. Their id is that of the user."""

    name_keys: ClassVar[dict[str, str]] = {CALL_PERMISSIONS.name: "name", GROUPS.name: "name"}
    """{name of a resource of MEMBERSHIPS: the key of its objects that people call the name}."""

    listed_parts: ClassVar[frozenset[str]] = frozenset({LOGIN.name, CALL_PERMISSIONS.name})
    # Each PUT replaces all members of a group or all fallbacks of a user, also those that another run has just written.
    overwritable_parts: ClassVar[frozenset[str]] = frozenset({GROUPS.name, FALLBACKS.name})

    destination_types: ClassVar[frozenset[str]] = frozenset(TYPES) - UNKNOWABLE
    destination_texts: ClassVar[Mapping[str, tuple[re.Pattern[str], str]]] = {
        "custom": (
            re.compile(r"(?!(?:try)?system\()[a-zA-Z]{3,}\(.*\)"),
            "an application with its arguments, such as Playback(closed), and not system",
        ),
        "extension": (re.compile(r"[a-zA-Z0-9_-]{1,39}"), "1 to 39 of a-z A-Z 0-9 - _"),
    }
    """{type of a destination: (pattern of its target, the pattern in words)}.

    Source: person-xivo-16.16.md, "users/ID/fallbacks".
    """
    locks_dead_links: ClassVar[bool] = True

    def __init__(self, client: Client) -> None:
        super().__init__(client)
        self._objects: dict[str, dict[int, Row]] = {}
        """{name of a resource of MEMBERSHIPS: {id: object}}, once they were read."""
        self._exported: dict[str, Row] | None = None
        """{uuid: row of GET /users/export}; None before it is read."""

    def forget_parts(self) -> None:
        """Forget what was read, because a list is planned anew."""
        self._objects.clear()
        self._key_templates = None
        self._exported = None

    def get(self, resource: Resource, object_id: int | str) -> Row | None:
        if resource.name in SETTINGS or resource.name in LINKS:
            path = LINKS.get(resource.name) or f"/users/{{}}/{SETTINGS[resource.name]}"
            shown = self._get(path.format(object_id))
            return settings_row(resource, shown) if shown else None
        if resource.name in MEMBERSHIPS:
            ids = self._memberships(resource, int(object_id))
            return None if ids is None else self._names_row(resource, ids)
        return super().get(resource, object_id)

    def update(self, resource: Resource, object_id: int | str, changes: Row) -> Row:
        if resource is FORWARDS:
            # What is left out stays.
            self.client.put(f"/users/{object_id}/forwards", nested(changes))
        elif resource.name in LINKS:
            self._put_fallbacks(LINKS[resource.name].format(object_id), changes)
        elif resource is SERVICES:
            # XiVO takes one service in a request.
            for name, value in changes.items():
                self.client.put(f"/users/{object_id}/services/{name}", {ENABLED: value})
        elif resource.name in MEMBERSHIPS:
            return self._update_memberships(resource, int(object_id), changes)
        else:
            return super().update(resource, object_id, changes)
        return self.get(resource, object_id) or {}

    def list_parts(self, resource: Resource, users: Iterable[User]) -> dict[int, Row]:
        # GET /users does not show them, and one request for each user takes long.
        if self._exported is None:
            self._exported = {row["uuid"]: row for row in self.client.get("/users/export")["content"]}
        shown = {user.id: self._exported.get(user.uuid or "") for user in users if user.id}
        return {user_id: _exported_part(resource, row) for user_id, row in shown.items() if row}

    def check_part(self, resource: Resource, fields: Mapping[str, Any]) -> None:
        super().check_part(resource, fields)
        if resource.name in MEMBERSHIPS:
            self._ids_of(resource, fields[resource.field_names[0]])

    def _put_fallbacks(self, path: str, changes: Row) -> None:
        """Write the fallbacks that change. A PUT replaces all of them, so the others are sent as they are now.

        Source: person-xivo-16.16.md, trap 2; person-wazo-26.08.md, trap 7.
        """
        shown = self.client.get(path)
        found = {key: destination_of(value) if value else None for key, value in shown.items()}
        for name, destination in changes.items():
            if destination and self.locks_dead_links:
                self._require_target(destination)
            found[DESTINATION.format(name)] = destination
        # Without the names of the targets, which only answers have.
        bodies = {key: each.body() if each else None for key, each in found.items() if key.endswith(DESTINATION[2:])}
        self.client.put(path, bodies)

    @classmethod
    def problems_of_links(cls, resource: Resource, values: Mapping[str, Any]) -> list[str]:
        found = super().problems_of_links(resource, values)
        given = values if resource is FALLBACKS else {}
        return [
            *found,
            *(
                f"{resource.label}.{name}: {problem}"
                for name, value in given.items()
                if isinstance(value, Destination) and not value.stored
                for problem in [cls._problem_of_destination(value)]
                if problem
            ),
        ]

    @classmethod
    def _problem_of_destination(cls, destination: Destination) -> str:
        """Return why the server would not store a destination, or must not get it; '' if it may."""
        kind = destination.type
        if kind not in cls.destination_types:
            return (
                f"{kind} cannot be set on a server of generation {cls.api}. Give its number as extension, with exten "
                "and context."
            )
        text = destination.target[0] if isinstance(destination.target, tuple) else destination.target
        pattern, words = cls.destination_texts.get(kind, (None, ""))
        return (
            f"{kind} {text!r} cannot be stored: it must be {words}." if pattern and not pattern.fullmatch(text) else ""
        )

    def _require_target(self, destination: Destination) -> None:
        """Raise ConflictError if a target was deleted since the plan was made.

        The server stores what does not exist, and then refuses every change (person-xivo-16.16.md, trap 1).
        """
        path = TARGETS.get(destination.type)
        if path and not self._get(f"{path}/{destination.identity[1]}"):
            raise ConflictError(f"{destination.type} {destination.identity[1]} does not exist any more.", "Run again.")

    # Sets of names

    def id_of_group(self, reference: Any, where: str) -> int:
        groups = self._read_objects(GROUPS)
        if isinstance(reference, str):
            return self._ids_of(GROUPS, [reference], f"{where}.group")[0]
        group_id = parse_id(reference["id"], f"{where}.group.id")
        if group_id not in groups:
            raise InputError(f"{where}: the server has no group with the id {group_id}.", "Give the name of a group.")
        return group_id

    def name_of_group(self, group_id: int) -> str | None:
        key = self.name_keys[GROUPS.name]
        names = {each: plain_text(row[key]) for each, row in self._read_objects(GROUPS).items()}
        name = names.get(group_id)
        return name if [*names.values()].count(name or "") == 1 else None

    def _ids_of(self, resource: Resource, names: Iterable[str], where: str = "") -> list[int]:
        """Return the ids of the objects with these names. Raises InputError for an unknown or ambiguous name.

        where: the option, for messages; '' for the label of the resource.
        """
        where = where or resource.label
        ids: dict[str, list[int]] = {}
        for object_id, row in self._read_objects(resource).items():
            ids.setdefault(plain_text(row[self.name_keys[resource.name]]), []).append(object_id)
        unknown = sorted(name for name in names if name not in ids)
        if unknown:
            there = f"The server has {', '.join(sorted(ids))}." if ids else "The server has none."
            raise InputError(f"{where}: the server has no {', '.join(map(repr, unknown))}.", there)
        several = next((name for name in names if len(ids[name]) > 1), None)
        if several:
            raise InputError(
                f"{where}: {len(ids[several])} of them are called {several!r}.", "Rename all but one of them."
            )
        return [ids[name][0] for name in names]

    def _names_row(self, resource: Resource, ids: Iterable[int]) -> Row:
        wanted = list(ids)
        objects = self._read_objects(resource) if wanted else {}
        key = self.name_keys[resource.name]
        return normalised(
            resource, {resource.field_names[0]: [objects[each][key] for each in wanted if each in objects]}
        )

    def _read_objects(self, resource: Resource) -> dict[int, Row]:
        if resource.name not in self._objects:
            self._objects[resource.name] = {row["id"]: row for row in self.client.get_items(MEMBERSHIPS[resource.name])}
        return self._objects[resource.name]

    def _memberships(self, resource: Resource, user_id: int) -> list[int] | None:
        """Return the ids of the objects that a user has; None if there is no such user."""
        if resource is GROUPS:
            user = self._get(f"/users/{user_id}")
            return [group["id"] for group in user["groups"]] if user else None
        try:
            rows = self.client.get_items(f"/users/{user_id}/callpermissions")
        except NotFoundError:
            return None
        return [row["call_permission_id"] for row in rows]

    def _update_memberships(self, resource: Resource, user_id: int, changes: Row) -> Row:
        """Write a set of names and return what is read back. Repeat what another run has overwritten in between."""
        ids = self._ids_of(resource, changes[resource.field_names[0]])
        row: Row = {}
        for _attempt in range(ATTEMPTS if resource.name in self.overwritable_parts else 1):
            self._set_memberships(resource, user_id, ids)
            row = self.get(resource, user_id) or {}
            if row == changes:
                break
        return row

    def _set_memberships(self, resource: Resource, user_id: int, wanted: list[int]) -> None:
        found = self._memberships(resource, user_id) or []
        for object_id in wanted:
            if object_id not in found:
                self._join(resource, user_id, object_id)
        for object_id in found:
            if object_id not in wanted:
                self._leave(resource, user_id, object_id)

    def _join(self, resource: Resource, user_id: int, object_id: int) -> None:
        if resource is GROUPS:
            self._change_members(object_id, user_id, joins=True)
            return
        try:
            self.client.put(f"/users/{user_id}/callpermissions/{object_id}", {})
        except RefusedError:
            # A repetition is refused, also one by the client after a lost answer.
            if object_id not in (self._memberships(resource, user_id) or ()):
                raise

    def _leave(self, resource: Resource, user_id: int, object_id: int) -> None:
        if resource is GROUPS:
            self._change_members(object_id, user_id, joins=False)
            return
        try:
            self.client.delete(f"/users/{user_id}/callpermissions/{object_id}")
        except NotFoundError:
            return

    def _change_members(self, group_id: int, user_id: int, joins: bool) -> None:
        """Write all members of a group, with or without a user. The others keep their order."""
        uuid = self.client.get(f"/users/{user_id}")["uuid"]
        with ONE_WRITER:
            members = self.client.get(f"/groups/{group_id}")["members"]["users"]
            others = [{"uuid": each["uuid"]} for each in members if each["uuid"] != uuid]
            users = [*others, {"uuid": uuid}] if joins else others
            self.client.put(f"/groups/{group_id}/members/users", {"users": users})


def _exported_part(resource: Resource, row: Row) -> Row:
    """Return settings of a user of GET /users/export, in which all values are texts."""
    if resource is LOGIN:
        shown = {"enabled": row["cti_profile_enabled"] == "1", "profile": row["cti_profile_name"]}
        return normalised(resource, shown)
    (field,) = resource.field_names
    return normalised(resource, {field: [name for name in row["call_permissions"].split(";") if name]})


def settings_row(resource: Resource, shown: Any) -> Row:
    """Return settings of a user as the core knows them. shown: as the server shows them, alone or within the user."""
    return normalised(resource, {name: _shown_value(resource, shown, name) for name in resource.field_names})


def _shown_value(resource: Resource, shown: Any, name: str) -> Any:
    if resource.name in LINKS:
        return shown[DESTINATION.format(name)]
    option, _dot, inner = name.partition(".")
    return shown[option][inner or ENABLED]


class SharedRows:
    """Rows of settings by users. Users who have the same settings, as most have, share a row.

    rows: {user id: row of settings}. row_of_settings: makes a row of settings as the server shows them.
    """

    def __init__(self, row_of_settings: Callable[[Any], Row]) -> None:
        self.rows: dict[int, Row] = {}
        self._row_of_settings = row_of_settings
        self._known: dict[str, Row] = {}

    def add(self, user_id: int, shown: Any) -> None:
        """Take the settings of a user."""
        text = repr(shown)
        if text not in self._known:
            self._known[text] = self._row_of_settings(shown)
        self.rows[user_id] = self._known[text]


class EmbeddedSettings:
    """Takes the settings that GET /users embeds, row by row."""

    def __init__(self) -> None:
        self._shared = {each.name: SharedRows(partial(settings_row, each)) for each in (SERVICES, FORWARDS, FALLBACKS)}

    def add(self, user: Row) -> None:
        """Take a row of GET /users."""
        for name in list(self._shared):
            if SETTINGS[name] in user:
                self._shared[name].add(user["id"], user[SETTINGS[name]])
            else:
                del self._shared[name]

    def rows(self) -> dict[str, dict[int, Row]]:
        """Return {name of a resource: {user id: row}} of the settings that all users embed."""
        return {name: shared.rows for name, shared in self._shared.items()}


def shared_groups() -> SharedRows:
    """Return an empty SharedRows for the groups of users. Its settings are lists of group names."""
    (field,) = GROUPS.field_names
    return SharedRows(lambda names: normalised(GROUPS, {field: names}))
