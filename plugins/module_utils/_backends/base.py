# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The interface of a generation of the API: what the planner asks, and the writes it needs.

Rows are normalised in both directions (``_model.records.Row``); ids are confd's. Every method may raise RequestError.
Writes return what the server then stores, where it says so, so that the caller can verify it.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Collection, Mapping
from typing import Any, ClassVar

from .._http.client import Client
from .._model.errors import InputError, UnsupportedError
from .._model.records import Row
from .._model.resources import LINE, USER, USER_PARTS, Resource
from .._model.rules import Has, Rules, problems_of_combination, problems_of_values, raise_problems
from .._model.snapshot import Snapshot
from .interface import (
    BatchInterface,
    DeviceInterface,
    ExtensionInterface,
    LineInterface,
    UserInterface,
    VoicemailInterface,
)


class Backend(UserInterface, LineInterface, ExtensionInterface, VoicemailInterface, DeviceInterface, BatchInterface):
    """One generation of the API: its capabilities, and its requests by resource."""

    api: ClassVar[str]
    servers: ClassVar[str]
    """The servers that speak this generation, in the words of the documentation."""
    absent_fields: ClassVar[frozenset[tuple[str, str]]] = frozenset()
    """The fields that this generation does not have, as (resource, field)."""
    absent_resources: ClassVar[frozenset[str]] = frozenset()
    """The resources that this generation does not have."""
    rules: ClassVar[Rules]
    """The table of what this generation requires of values."""
    unchecked: ClassVar[tuple[str, ...]] = ()
    """What this generation cannot check before a write, in words for the administrator."""
    unchecked_values: ClassVar[Mapping[tuple[str, str], str]] = {}
    """{(resource, field): what cannot be checked before a value of the field is written, in the same words}.

    Of a set of keys, "keys.agent" is a key that leads to an agent.
    """
    login_fields_of_user: ClassVar[tuple[str, ...]] = ("username", "password")
    """The fields of a login that are fields of its user; none where a login is an object of its own."""
    listed_parts: ClassVar[frozenset[str]] = frozenset()
    """The resources of settings of users that ``list_parts`` reads for all users in a request or two."""
    overwritable_parts: ClassVar[frozenset[str]] = frozenset()
    """The resources of settings of users that a write for somebody else can overwrite."""
    takes_devices: ClassVar[bool] = False
    """Whether API clients can put a line on a device (xivo-15.12.md, "devices")."""
    has_tenants: ClassVar[bool] = False
    """Whether one server has several tenants."""
    connection_options: ClassVar[frozenset[str]] = frozenset()
    """The options of the connection that not all generations have, and this one has."""
    tells_main_user: ClassVar[bool] = False
    """Whether associate_user_line returns whether the user is the main user of the line."""
    has_uuids: ClassVar[bool] = False
    """Whether users have uuids."""
    sets_callerid: ClassVar[bool] = True
    """Whether a line with a user can have a caller ID of its own."""
    overwrites_callerid: ClassVar[bool] = False
    """Whether every PUT of a user overwrites the caller ID of the user's line (xivo-15.12.md, trap 5)."""
    changes_sip_lines_only: bool = False
    """Whether API clients can change and delete SIP lines, and only read lines of other kinds."""
    renumbering_writes_user: ClassVar[bool] = False
    """Whether a change of the number of a line writes its user as well."""
    incalls_hang_on_lines: ClassVar[bool] = False
    """Whether incalls lead to lines, and so always to the main user of a shared line."""
    hides_owners_in: frozenset[str] = frozenset()
    """The types of contexts in which an extension can belong to something that the API does not show, as a queue."""
    hidden_owners: ClassVar[str] = "whether an extension without a line belongs to something else (a queue, a menu)"
    """What cannot be checked of such an extension, in words for the administrator."""
    untold: ClassVar[tuple[str, ...]] = ()
    """What the lists of numbers do not tell, in words for the administrator."""
    destination_types: ClassVar[frozenset[str]] = frozenset()
    """The types of destinations that can be set."""
    unchecked_destinations: ClassVar[frozenset[str]] = frozenset()
    """The types of destinations whose targets only the server can look up."""
    locks_dead_links: ClassVar[bool] = False
    """Whether the server refuses every change of fallbacks that lead to something that was deleted."""
    lists_show_owners: ClassVar[bool] = False
    """Whether the lists of read_snapshot show the owners of all lines and extensions, so that orphans are known."""

    def __init__(self, client: Client) -> None:
        self.authenticate(client)
        self.client = client
        # By the name of a resource. Kept, because every user needs these values.
        self._parts: dict[str, dict[str, list[str]]] = {}
        self._defaults: dict[str, Row] = {}
        self._rules: dict[str, Rules] = {}

    def authenticate(self, client: Client) -> None:
        """Let the client sign in as this generation requires it, or as the options ask for."""

    def listed_line(self, line_id: int) -> Row | None:
        """Return one line as lists may show it, without the fields secret and callerid; None if there is none."""
        return self.get(LINE, line_id)

    def note_line(self, row: Mapping[str, Any]) -> None:
        """Remember a line as an earlier task returned it, so that it need not be read. row: with id and all fields."""

    @abstractmethod
    def read_snapshot(self) -> Snapshot:
        """Return all users, lines and extensions and their associations, in as few requests as possible."""

    @abstractmethod
    def get(self, resource: Resource, object_id: int | str) -> Row | None:
        """Return an object with all fields; None if there is none. object_id: text for devices."""

    @abstractmethod
    def create(self, resource: Resource, values: Row) -> Row:
        """Create a user, SIP line, extension or voicemail, and return it with its id."""

    @abstractmethod
    def update(self, resource: Resource, object_id: int | str, changes: Row) -> Row:
        """Write the changes of a line, voicemail, device or part of a user and return what is read back.

        object_id: text for devices, the id of the user for a part of a user.

        Raises InUseError where a user has the voicemail and this generation refuses for that.
        """

    @abstractmethod
    def delete(self, resource: Resource, object_id: int) -> None:
        """Delete a user without line, a line without associations, an extension without owner or a voicemail.

        Raises InUseError for a voicemail that a user has.
        """

    @abstractmethod
    def search(self, resource: Resource, search: str = "") -> list[Row]:
        """Return the objects of a resource; with ``search`` at least those in which a searched field contains it.

        The fields secret and callerid of lines may be missing.
        """

    def spell_out(self, resource: Resource, values: Mapping[str, Any]) -> Row:
        """Return the values with each field that means several others replaced by these, where they exist.

        Raises InputError where the values contradict each other.
        """
        spelled = dict(values)
        for whole, parts in self._parts_of(resource).items():
            value = spelled.pop(whole, None)
            if value is None:
                continue
            contrary = [name for name in parts if spelled.get(name) not in (None, value)]
            if contrary:
                raise InputError(
                    f"{whole} is {str(value).lower()} and sets {', '.join(parts)}, but {contrary[0]} is "
                    f"{str(not value).lower()}.",
                    f"Leave out {whole}, or the others.",
                )
            spelled |= dict.fromkeys(parts, value)
        return spelled

    def lost_values(self, resource: Resource, values: Mapping[str, Any]) -> Row:
        """Return {field: what to write instead} of the values of an object with which the server refuses every change.

        They name something that was deleted.
        """
        return {}

    def summaries_of(self, resource: Resource, fields: Mapping[str, Any]) -> Row:
        """Return the fields that mean several others, as the server derives them from these."""
        return {whole: all(fields.get(each) for each in parts) for whole, parts in self._parts_of(resource).items()}

    def _parts_of(self, resource: Resource) -> dict[str, list[str]]:
        """Return {name of a field: names of the fields that it stands for}."""
        if resource.name not in self._parts:
            parts: dict[str, list[str]] = {}
            for field in resource.fields:
                if field.part_of and self.has_field(resource, field.name):
                    parts.setdefault(field.part_of, []).append(field.name)
            self._parts[resource.name] = parts
        return self._parts[resource.name]

    def late_values(self, line: Mapping[str, Any]) -> Row:
        """Return those values of a new line that its creation does not store, so that an update has to write them."""
        # confd ignores the provisioning code of a new line.
        return {name: line[name] for name in ("provisioning_extension",) if line.get(name)}

    def check_fields(self, resource: Resource, values: Mapping[str, Any]) -> None:
        """Raise UnsupportedError when values are given for fields that this generation does not have."""
        if resource.name in self.absent_resources and values:
            raise UnsupportedError(
                f"{resource.label} cannot be set on a server of generation {self.api}.",
                "Leave them out for this server.",
            )
        names = [name for name in values if name in resource.names and not self.has_field(resource, name)]
        if names:
            # An entry has a key profile as well, so login.profile is told apart from it.
            prefix = f"{resource.label}." if resource in USER_PARTS.values() else ""
            absent = [f"{prefix}{name}" for name in resource.field_names if name in names]
            raise UnsupportedError(
                f"{', '.join(absent)} cannot be set on a server of generation {self.api}.",
                "Leave it out for this server.",
            )

    def check_values(self, resource: Resource, values: Mapping[str, Any]) -> None:
        """Raise InputError for the values that a server of this generation would not store."""
        raise_problems(self.problems_of_values(resource, values))

    def problems_of_values(self, resource: Resource, values: Mapping[str, Any]) -> list[str]:
        """Return a sentence for each new value that a server of this generation would not store."""
        rules = self._rules_of(resource)
        return [*problems_of_values(resource, values, rules), *self.problems_of_links(resource, values)]

    @classmethod
    def problems_of_links(cls, resource: Resource, values: Mapping[str, Any]) -> list[str]:
        """Return a sentence for each destination that servers of this generation would not store, or must not get."""
        return []

    def problems_of_combination(
        self, resource: Resource, after: Mapping[str, Any], changed: Collection[str], has: Has
    ) -> list[str]:
        """Return a text for each combination of values that a server of this generation would not store.

        after: the values after a change; changed: the names of what is new; has: see ``rules.Has``.
        """
        return problems_of_combination(resource, after, changed, has, self._rules_of(resource))

    def _rules_of(self, resource: Resource) -> Rules:
        """Return the rows of the table that are about a resource."""
        if resource.name not in self._rules:
            self._rules[resource.name] = tuple(rule for rule in self.rules if rule.resource == resource.name)
        return self._rules[resource.name]

    def check_part(self, resource: Resource, fields: Mapping[str, Any]) -> None:
        """Raise InputError for settings of a user that name something the server does not have.

        fields: all of them, as they shall be.
        """

    def defaults_of(self, resource: Resource) -> Row:
        """Return the values of the fields that a new object is not given; None for an absent field."""
        if resource.name not in self._defaults:
            self._defaults[resource.name] = {
                each.name: each.default if self.has_field(resource, each.name) else None for each in resource.fields
            }
        return dict(self._defaults[resource.name])

    def find_users_with_unique(self, name: str, value: str) -> list[Row]:
        """Return the users with a value of a unique field that the server takes for this one."""
        field = next(field for field in USER.fields if field.name == name)
        if not field.ignores_case:
            return self.find_users(**{name: value})
        return [row for row in self.search(USER, value) if field.unique_key(row[name]) == field.unique_key(value)]

    @classmethod
    def has_field(cls, resource: Resource, name: str) -> bool:
        """Return whether this generation has a field of a resource."""
        return resource.name not in cls.absent_resources and (resource.name, name) not in cls.absent_fields
