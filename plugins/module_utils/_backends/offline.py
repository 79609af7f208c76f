# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Backends without a server: a list is planned on them as on a server, with the rules of its generation.

Everything that only a server can know is there: a phone of every MAC address, a group of every name. What entries refer
to otherwise is in the Snapshot that the backend is given.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, ClassVar, cast

from .._http.client import Client
from .._http.kept_answers import KeptAnswers
from .._model.contexts import INCALL, ContextInfo
from .._model.numbers import ExtensionKey
from .._model.records import Row, User
from .._model.resources import DEVICE, EXTENSION, FUNC_KEYS, LINE, LOGIN, USER, VOICEMAIL, Resource
from .._model.rules import COMMON_RULES, Rules
from .._model.snapshot import OwnerIds, Snapshot
from .base import Backend
from .interface import VoicemailOwner
from .registry import GENERATIONS
from .xivo.rows import row_of
from .xivo16.backend import Xivo16

ANY = "auto"
"""Where the generation of the server is not known: the rules that all generations have in common."""
ENTITY, MUSIC = "entity", "music_on_hold"
"""The fields of a user whose values name something that the server has, or has not."""


class NoServer:
    """Stands in the place of a client. A backend that asks it for something has a defect."""

    recorder = None
    """There is no journal."""
    kept = KeptAnswers()
    """There are no answers."""

    def use_wazo_auth(self) -> None:
        """Accept what a backend says of how to sign in."""

    use_xivo_auth = use_wazo_auth

    def __getattr__(self, name: str) -> Any:
        raise AssertionError(f"there is no server to ask ({name})")


class EmptyServer(Backend):
    """Has nothing but what a snapshot shows."""

    def list_fallbacks(self) -> dict[int, Row]:
        return {}

    def list_groups(self) -> dict[str, Row]:
        return {}

    def list_logins(self) -> dict[str, Row]:
        return {}

    def apart_of_user(self, user_id: int) -> Row:
        return {}

    def apart_of_users(self) -> dict[int, Row]:
        return {}

    def apart_at_first(self) -> Row:
        return {}

    def list_lines(self) -> list[Row]:
        return []

    def apart_of_line(self, line_id: int) -> Row:
        return {}

    def apart_of_lines(self) -> dict[int, Row]:
        return {}

    def lines_with_code(self, code: str) -> list[int]:
        return []

    def callerid_of_line(self, line_id: int) -> str | None:
        return None

    def device_of_line(self, line_id: int) -> str | None:
        return None

    def devices_of_lines(self) -> dict[int, str | None]:
        return {}

    def lines_of_device(self, device_id: str) -> list[int]:
        return []

    def list_extensions(self, context: str | None = None) -> list[Row]:
        return []

    def find_extension(self, exten: str, context: str) -> Row | None:
        return None

    def find_extensions(self, keys: Iterable[ExtensionKey]) -> Iterator[Row]:
        return iter(())

    def owner_of_extension(self, extension_id: int) -> OwnerIds | None:
        return None

    def incalls_of_user(self, user_id: int, line_id: int | None, extension_id: int | None) -> list[int]:
        return []

    def owners_of_voicemail(self, voicemail_id: int, likely: Iterable[int] = ()) -> Iterator[VoicemailOwner]:
        return iter(())


class OfflineBackend(EmptyServer):
    """Answers from a Snapshot what a generation would ask its server.

    contexts: {name: context}, None if they are not known.
    """

    def __init__(self, contexts: Mapping[str, ContextInfo] | None = None) -> None:
        super().__init__(cast(Client, NoServer()))
        self.show(Snapshot([], [], [], {}, {}, {}, {}), ())
        self._groups: dict[str, int] = {}
        """{reference to a group: what stands for its id}."""
        self._contexts_given = None if contexts is None else dict(contexts)

    def show(self, snapshot: Snapshot, voicemails: Iterable[Row]) -> None:
        """Let this be on the server. voicemails: the rows of the voicemails of the snapshot."""
        self._snapshot = snapshot
        self._voicemails = {row["id"]: row for row in voicemails}

    @property
    def batch_size(self) -> int:
        return 0

    def read_snapshot(self) -> Snapshot:
        shown = self._snapshot
        return replace(
            shown,
            users=[row_of(USER, row) for row in shown.users],
            lines=[row_of(LINE, row) for row in shown.lines],
            extensions=[row_of(EXTENSION, row) for row in shown.extensions],
        )

    # Contexts

    def list_contexts(self) -> dict[str, ContextInfo] | None:
        return self._contexts_given

    def context_name_of(self, name: str) -> str:
        return name

    def is_incall_context(self, context: str) -> bool | None:
        found = (self._contexts_given or {}).get(context)
        return found.type == INCALL if found else None

    # Values that name something of the server

    def spell_out(self, resource: Resource, values: Mapping[str, Any]) -> Row:
        music = {MUSIC: values[MUSIC]} if resource is USER and MUSIC in values else {}
        known = {name: value for name, value in values.items() if name not in music}
        return {**super().spell_out(resource, known), **music}

    def problems_of_values(self, resource: Resource, values: Mapping[str, Any]) -> list[str]:
        named = resource is USER and values.get(ENTITY)
        known = {name: value for name, value in values.items() if not (named and name == ENTITY)}
        return super().problems_of_values(resource, known)

    def lost_values(self, resource: Resource, values: Mapping[str, Any]) -> Row:
        return {}

    def check_part(self, resource: Resource, fields: Mapping[str, Any]) -> None:
        return

    def expect_template(self, user_id: int, name: str) -> None:
        return

    def id_of_group(self, reference: Any, where: str) -> int:
        return self._groups.setdefault(str(reference), len(self._groups) + 1)

    def name_of_group(self, group_id: int) -> str | None:
        return None

    def lacking_access(self, user: User, exists: bool, changes: Row) -> list[str]:
        return []

    def signs_in(self, username: str, password: str) -> bool:
        return False

    def warning_of_removal(self, user: User) -> str:
        return ""

    # Objects

    def get(self, resource: Resource, object_id: int | str) -> Row | None:
        if resource is VOICEMAIL:
            return self._voicemails.get(int(object_id))
        if resource is LINE:
            return next((row for row in self._snapshot.lines if row["id"] == object_id), None)
        if resource is FUNC_KEYS:
            return {"keys": {}}
        return _login(object_id) if resource is LOGIN else {}

    def search(self, resource: Resource, search: str = "") -> list[Row]:
        return [{"id": search, "mac": search}] if resource is DEVICE else []

    def list_parts(self, resource: Resource, users: Iterable[User]) -> dict[int, Row]:
        return {user.id: _login(user.id) if resource is LOGIN else {} for user in users if user.id}

    def list_voicemails(self) -> list[Row]:
        return list(self._voicemails.values())

    def find_voicemail(self, number: str, context: str) -> Row | None:
        found = (row for row in self._voicemails.values() if (row["number"], row["context"]) == (number, context))
        return next(found, None)


def _login(user_id: int | str) -> Row:
    """Return the login of somebody who may have one."""
    return {"username": f"somebody{user_id}", "enabled": True}


class AnyGeneration(Xivo16):
    """The rules that servers of all generations have in common, and the fields of all of them."""

    api = ANY
    servers = "all servers"
    absent_fields: ClassVar[frozenset[tuple[str, str]]] = frozenset()
    absent_resources: ClassVar[frozenset[str]] = frozenset()
    rules: ClassVar[Rules] = COMMON_RULES

    @classmethod
    def problems_of_links(cls, resource: Resource, values: Mapping[str, Any]) -> list[str]:
        """Return nothing: which destinations exist depends on the generation."""
        return []


_GENERATIONS: dict[str, type[Backend]] = {ANY: AnyGeneration, **GENERATIONS}
OFFLINE: dict[str, type[OfflineBackend]] = {
    api: cast("type[OfflineBackend]", type(f"Offline{backend.__name__}", (OfflineBackend, backend), {}))
    for api, backend in _GENERATIONS.items()
}
"""{generation: its backend without a server}."""
