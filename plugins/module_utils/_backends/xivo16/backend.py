# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""XiVO from 16.13 to today's and Wazo up to 20.06 (xivo-16.16.md, "What a real XiVO confd 16.16 answers")."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, ClassVar

from ..._http.client import Client
from ..._model.contexts import INTERNAL
from ..._model.errors import NotFoundError
from ..._model.records import SIP, Row, User
from ..._model.resources import DEVICE, FALLBACKS, GROUP_FALLBACKS, GROUPS, LINE, VOICEMAIL, Resource
from ..._model.rules import ALPHANUMERIC
from ..._model.snapshot import Snapshot
from ..interface import VoicemailOwner
from ..xivo.rows import ONLY_ON_WAZO, pattern, row_of
from .devices import Xivo16Devices
from .embedded_users import ListedUsers
from .endpoints import WEBRTC, Xivo16Endpoints
from .entities import Xivo16Entities
from .extensions import Xivo16Extensions
from .rules import RULES
from .user_parts import EmbeddedSettings, Xivo16UserParts, settings_row, shared_groups

ON_LINE = {"device_slot": "position", "provisioning_extension": "provisioning_code"}
"""{our field: its name in /lines, where it differs}."""


PLAIN = re.compile(ALPHANUMERIC)
"""The usernames and secrets that /lines_sip stores."""


class Xivo16(Xivo16Entities, Xivo16Extensions, Xivo16Devices, Xivo16Endpoints, Xivo16UserParts):
    """Incalls are objects of their own that lead to users; users embed lines, extensions and incalls."""

    api = "xivo16"
    servers = "XiVO from 16.13 and Wazo up to 20.06"
    absent_fields: ClassVar[frozenset[tuple[str, str]]] = ONLY_ON_WAZO
    rules = RULES
    untold: ClassVar[tuple[str, ...]] = (
        "what has an internal number that is on no line and belongs to no group, conference or outgoing route: it can "
        "be a queue, for example, or nothing",
    )
    takes_devices = True
    hides_owners_in = frozenset({INTERNAL})
    has_uuids = True
    sets_callerid = False
    connection_options: ClassVar[frozenset[str]] = frozenset({"confd_auth_url", "confd_auth_backend"})

    def authenticate(self, client: Client) -> None:
        client.use_xivo_auth()

    def forget_parts(self) -> None:
        super().forget_parts()
        self._entities = None

    def read_snapshot(self) -> Snapshot:
        users, settings, groups = ListedUsers(), EmbeddedSettings(), shared_groups()
        for row in self.client.read_items("/users"):
            users.add(row)
            settings.add(row)
            groups.add(row["id"], [each["name"] for each in row["groups"]])
        self.forget_parts()
        self._users_of_incalls = users.users_of_incalls
        lines = self.list_lines()
        main_lines = {user_id: self.main_lines_of(user_id) or ids for user_id, ids in users.lines_of_users.items()}
        return Snapshot(
            users.users,
            [*lines, *users.lines_without({row["id"] for row in lines})],
            users.extensions(),
            # The list does not show the main user of a shared line, nor the main line of a user with several.
            {
                line_id: self.users_of_line(line_id) if len(ids) > 1 else ids
                for line_id, ids in users.users_of_lines.items()
            },
            users.extensions_of_lines,
            users.incalls_of_users,
            users.voicemails_of_users,
            {user_id: ids[0] for user_id, ids in main_lines.items()},
            {**settings.rows(), GROUPS.name: groups.rows},
            users.undescribed,
            all_extensions=False,
            warnings=_several_main_lines(users.users, main_lines),
        )

    def list_fallbacks(self) -> dict[int, Row]:
        settings = EmbeddedSettings()
        for row in self.client.read_items("/users"):
            settings.add(row)
        return settings.rows().get(FALLBACKS.name, {})

    def list_groups(self) -> dict[str, Row]:
        rows = self.client.get_items("/groups")
        return {row["name"]: {"id": row["id"], **settings_row(GROUP_FALLBACKS, row["fallbacks"])} for row in rows}

    def search(self, resource: Resource, search: str = "") -> list[Row]:
        if resource is LINE:
            return [row for row in self.list_lines() if row.get("protocol", SIP) in (SIP, None)]
        if resource is VOICEMAIL:
            return self.list_voicemails()
        if resource is DEVICE:
            return self._list_devices(**({"search": search} if search else {}))
        rows = self.client.get_items(self.paths[resource.name], **({"search": pattern(search)} if search else {}))
        return [row_of(resource, row) for row in rows]

    def list_lines(self) -> list[Row]:
        # GET /lines takes eleven times as long, and shows no SIP username before the first association.
        return [row_of(LINE, row) for row in self.client.get_items("/lines_sip")]

    def users_of_line(self, line_id: int) -> list[int]:
        rows = self._items(f"/lines/{line_id}/users")
        return [row["user_id"] for row in sorted(rows, key=lambda row: not row["main_user"])]

    def find_voicemail(self, number: str, context: str) -> Row | None:
        rows = self._get_filtered("/voicemails", number=number, context=context)
        return next(
            (row_of(VOICEMAIL, row) for row in rows if (row["number"], row["context"]) == (number, context)), None
        )

    def owners_of_voicemail(self, voicemail_id: int, likely: Iterable[int] = ()) -> Iterator[VoicemailOwner]:
        for embedded in (self._get(f"/voicemails/{voicemail_id}") or {}).get("users", ()):
            user = self._get(f"/users/{embedded['uuid']}")
            if user:
                yield VoicemailOwner(user["id"])

    def late_values(self, line: Mapping[str, Any]) -> Row:
        options = {WEBRTC: line[WEBRTC]} if WEBRTC in line else {}
        return {**super().late_values(line), **_account_of_endpoint(line), **options}

    def update(self, resource: Resource, object_id: int | str, changes: Row) -> Row:
        if resource is not LINE:
            return super().update(resource, object_id, changes)
        account = _account_of_endpoint(changes)
        of_endpoint = account.keys() | {WEBRTC}
        shown = {} if of_endpoint.isdisjoint(changes) else self._write_endpoint(object_id, account, changes)
        rest = {name: value for name, value in changes.items() if name not in of_endpoint}
        return {**shown, **self._update_line(object_id, rest)} if rest else shown

    def _update_line(self, line_id: int | str, changes: Row) -> Row:
        try:
            return super().update(LINE, line_id, changes)
        except NotFoundError:
            # A line that is not a SIP line, which has the fields of all lines.
            self.client.put(f"/lines/{line_id}", {ON_LINE.get(name, name): value for name, value in changes.items()})
            return self.get(LINE, line_id) or {}

    def delete(self, resource: Resource, object_id: int) -> None:
        try:
            super().delete(resource, object_id)
        except NotFoundError:
            if resource is not LINE:
                raise
            # A line that is not a SIP line, or one that is gone.
            self.client.delete(f"/lines/{object_id}")


def _account_of_endpoint(line: Mapping[str, Any]) -> Row:
    """Return the username and the secret of a line, as far as /lines_sip does not store them.

    /endpoints/sip stores more (person-xivo-16.16.md, "endpoints/sip: options, webrtc").
    """
    given = {name: line[name] for name in ("username", "secret") if line.get(name)}
    return {name: value for name, value in given.items() if not PLAIN.fullmatch(value)}


def _several_main_lines(rows: list[Row], main_lines: Mapping[int, list[int]]) -> list[str]:
    """Return a sentence for each user with several main lines, as simultaneous requests leave them.

    Source: xivo-16.16.md, trap 8.
    """
    return [
        f"{User(row['id'], row)} has {len(main_lines[row['id']])} main lines, with the ids "
        f"{', '.join(map(str, main_lines[row['id']]))}. The first one is treated as the user's line. Dissociate the "
        "others with confd_user_line."
        for row in rows
        if len(main_lines.get(row["id"], ())) > 1
    ]
