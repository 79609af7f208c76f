# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Wazo from 20.07 (wazo-26.08.md, "What a real Wazo confd 26.08 answers")."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar

from ..._http.client import Client
from ..._model.errors import ConfdError
from ..._model.records import Extension, Line, Row, User
from ..._model.resources import EXTENSION, FORWARDS, GROUPS, LINE, LOGIN, USER, VOICEMAIL, Resource, nested
from ..._model.snapshot import OwnerIds, Snapshot
from ..base import Backend
from ..interface import CreatedUser, NewUser
from ..xivo.rows import given, row_of
from ..xivo16.backend import Xivo16
from ..xivo16.embedded_users import EmbeddedUsers, extensions_of_incalls
from ..xivo16.extensions import SINGLE_REQUESTS_LIMIT
from ..xivo16.user_import import UserTable
from ..xivo16.user_parts import EmbeddedSettings
from .labels import WazoLabels
from .lines import (
    DEFAULT_TEMPLATE,
    WEBRTC_TEMPLATE,
    accounts_of,
    endpoint_body,
    line_body,
    line_row,
    new_line,
    templates_body,
    undescribed_account,
)
from .logins import WazoLogins, new_login
from .rules import RULES
from .templates import WazoTemplates
from .user_import import WazoUserTable
from .user_parts import WazoUserParts

USER_PATH = re.compile(r"/users/[^/]+")
CREATED_PARTS = {LOGIN.name: "auth", FORWARDS.name: "forwards", GROUPS.name: "groups"}
"""{name of a resource: the key of its values in the body of a new user}.

Source: person-wazo-26.08.md, "14. Order that works".
"""
FEW_LINES = 80
"""With so many SIP lines, a list of users with a limit is the quicker one (wazo-26.08.md, "How fast").

A list with a limit up to 101 takes 25 ms and 9.5 ms a user, one without a limit 850 ms and 2.3 ms a user.
"""
FAST_LIMIT = 100


class Wazo(WazoLogins, WazoUserParts, WazoLabels, WazoTemplates):
    """Lines have SIP endpoints with username and secret. Associations are PUTs that may be repeated."""

    api = "wazo"
    tells_main_user = False
    servers = "Wazo from 20.07"
    absent_fields: ClassVar[frozenset[tuple[str, str]]] = frozenset({(LOGIN.name, "profile"), (USER.name, "entity")})
    rules = RULES
    paths: ClassVar[dict[str, str]] = {**Xivo16.paths, LINE.name: "/lines"}
    """The server deletes the SIP endpoint of a line with it, and dissociates the extension."""
    has_tenants = True
    connection_options: ClassVar[frozenset[str]] = frozenset({"confd_auth_url", "confd_tenant"})
    table: ClassVar[UserTable] = WazoUserTable()
    filters = Xivo16.filters | {"username", "mobile_phone_number"}
    owner_types = (*Xivo16.owner_types, "parking_lot", "queue")
    hides_owners_in: frozenset[str] = frozenset()
    lists_show_owners = True
    untold: ClassVar[tuple[str, ...]] = ("the feature codes",)
    # An incall takes numbers outside of the ranges (wazo-26.08.md, "5.5 Incall"; wazo-26.08.md, "6. All-in-one").
    takes_full_numbers = True

    def authenticate(self, client: Client) -> None:
        client.use_wazo_auth()

    def voicemail_name(self, user: User) -> None:
        # A rename leaves the voicemail's name alone (wazo-26.08.md, "5.1 User").
        return None

    # Reading

    def read_snapshot(self) -> Snapshot:
        endpoints = self._read_endpoints()
        users, settings = WazoUsers(endpoints, self._is_webrtc), EmbeddedSettings()
        self._forget_memberships()
        for row in self._user_rows(len(endpoints)):
            users.add(row)
            settings.add(row)
            self._note_memberships(row)
        self.forget_parts()
        if users.has_unknown_endpoints:
            # Another client has created a user since.
            endpoints = self._read_endpoints()
            users.complete(endpoints)
        self._users_of_incalls = users.users_of_incalls
        spare = self._lines_without_user(set(users.lines), endpoints)
        return Snapshot(
            users.users,
            [*users.lines.values(), *(line_row(line, _endpoint(line, endpoints)) for line in spare)],
            [*users.extensions(), *(row_of(EXTENSION, each) for line in spare for each in line["extensions"])],
            users.ids_of_users_of_lines(),
            users.extensions_of_lines | {line["id"]: _first_id(line["extensions"]) for line in spare},
            users.incalls_of_users,
            users.voicemails_of_users,
            {user_id: line_ids[0] for user_id, line_ids in users.lines_of_users.items()},
            settings.rows(),
            undescribed=users.undescribed,
            all_extensions=False,
        )

    def list_fallbacks(self) -> dict[int, Row]:
        # A fallback to what is deleted becomes empty (person-wazo-26.08.md, "4. fallbacks").
        return {}

    def list_groups(self) -> dict[str, Row]:
        return {}

    def list_lines(self) -> list[Row]:
        return [line_row(row) for row in self.client.get_items("/lines")]

    def list_detailed_lines(self) -> list[Row]:
        endpoints = self._read_endpoints()
        return [line_row(row, _endpoint(row, endpoints)) for row in self.client.get_items("/lines")]

    def get(self, resource: Resource, object_id: int | str) -> Row | None:
        if resource is not LINE:
            return super().get(resource, object_id)
        line = self._get(f"/lines/{object_id}")
        endpoint = self._get(_endpoint_path(line)) if line and line["endpoint_sip"] else None
        return line_row(line, endpoint) if line else None

    def line_of_user(self, user_id: int) -> int | None:
        return _first_id((self._get(f"/users/{user_id}") or {}).get("lines", ()))

    def users_of_line(self, line_id: int) -> list[int]:
        embedded = (self._get(f"/lines/{line_id}") or {}).get("users", ())
        users = (self._get(f"/users/{each['uuid']}") for each in embedded)
        return [user["id"] for user in users if user]

    def is_main_user(self, user_id: int, line_id: int) -> bool:
        return next(iter(self.users_of_line(line_id)), None) == user_id

    def extension_of_line(self, line_id: int) -> Row | None:
        extension_id = _first_id((self._get(f"/lines/{line_id}") or {}).get("extensions", ()))
        return self.get(EXTENSION, extension_id) if extension_id else None

    def lines_of_device(self, device_id: str) -> list[int]:
        rows = self._get_filtered("/lines", device_id=device_id)
        return [row["id"] for row in rows if row["device_id"] == device_id]

    def voicemail_of_user(self, user_id: int) -> int | None:
        return _first_id(self._items(f"/users/{user_id}/voicemails"))

    def _get(self, path: str) -> Any:
        found = super()._get(path)
        if found and USER_PATH.fullmatch(path):
            # confd answers the same at both paths.
            for name in ("id", "uuid"):
                self.client.kept.keep(f"/users/{found[name]}", {}, found)
        return found

    # Writing

    def supported_alone(self, new: NewUser) -> NewUser:
        return replace(new, parts={name: values for name, values in new.parts.items() if name in CREATED_PARTS})

    def create_batch(self, new: Sequence[NewUser]) -> list[CreatedUser]:
        """Import users, or create one by a POST /users with everything embedded (wazo-26.08.md, "6. All-in-one")."""
        if len(new) > 1 or not CREATED_PARTS.keys() >= new[0].parts.keys():
            return super().create_batch(new)
        return [self._create_complete(new[0])]

    def find_batch(self, new: Sequence[NewUser]) -> list[CreatedUser | None]:
        return [self._find_complete(each) for each in new]

    def late_values(self, line: Mapping[str, Any]) -> Row:
        return Backend.late_values(self, line)

    def create(self, resource: Resource, values: Row) -> Row:
        if resource is not LINE:
            return super().create(resource, values)
        made = self.client.post("/lines", self._line_body(values))
        return line_row(made, made["endpoint_sip"])

    def update(self, resource: Resource, object_id: int | str, changes: Row) -> Row:
        if resource is VOICEMAIL and changes.get("delete_messages"):
            # The server validates the body alone (wazo-26.08.md, "5.6 Voicemail").
            found = self.get(VOICEMAIL, object_id) or {}
            changes = {**{name: found.get(name) for name in ("email", "attach_audio")}, **changes}
        if resource is not LINE:
            return super().update(resource, object_id, changes)
        on_line = line_body(changes)
        if on_line:
            self.client.put(f"/lines/{object_id}", on_line)
        if not {"username", "secret", "webrtc"}.isdisjoint(changes):
            self._update_endpoint(object_id, changes)
        return self.get(LINE, object_id) or {}

    def update_user(self, user_id: int, changes: Row, result: Row) -> Row:
        # The server derives these from other fields and refuses both in one body (person-wazo-26.08.md, trap 12).
        derived = self.summaries_of(USER, changes)
        return self.update(USER, user_id, {name: value for name, value in changes.items() if name not in derived})

    def associate_user_line(self, user: User, line: Line) -> bool | None:
        self.client.put(f"/users/{user.id}/lines/{line.id}", {})
        return None

    def associate_line_extension(self, line: Line, extension: Extension) -> None:
        self.client.put(f"/lines/{line.id}/extensions/{extension.id}", {})

    def associate_voicemail(self, user_id: int, voicemail_id: int, enabled: bool = True) -> None:
        self.client.put(f"/users/{user_id}/voicemails/{voicemail_id}", {})

    def dissociate_voicemail(self, user_id: int) -> None:
        self.client.delete(f"/users/{user_id}/voicemails")

    # Helpers

    def _create_complete(self, new: NewUser) -> CreatedUser:
        body: Row = {
            **given(new.user),
            "lines": [{**self._line_body(new.line), "extensions": [_number(new.number)]}],
            "incalls": [{"extensions": [_number(number)]} for number in new.incalls],
        }
        if new.voicemail:
            body["voicemail"] = given(new.voicemail)
        body |= {CREATED_PARTS[name]: self._new_part(name, values) for name, values in new.parts.items()}
        return _created_user(self.client.post("/users", body), [])

    def _new_part(self, name: str, values: Row) -> Row | list[Row]:
        """Return settings as the body of a new user has them."""
        if name == LOGIN.name:
            return new_login(values)
        if name == GROUPS.name:
            return self.groups_of_new_user(values)
        return nested({**self.defaults_of(FORWARDS), **values})

    def _find_complete(self, new: NewUser) -> CreatedUser | None:
        owner: OwnerIds | None = (self.find_extension(*new.number) or {}).get("owner")
        if owner is None or owner.line_id is None:
            return None
        row, users = self.get(LINE, owner.line_id), self.users_of_line(owner.line_id)
        user = self._get(f"/users/{users[0]}") if users else None
        # The client chose the SIP username at random, so a line with this username belongs to this very user.
        return _created_user(user, [row]) if user and row and row["username"] == new.line["username"] else None

    def _user_rows(self, count: int) -> Iterable[Row]:
        """Return the rows of all users. count: the number of SIP endpoints, about that of users."""
        if count <= FEW_LINES:
            return self.client.get_filtered("/users", FAST_LIMIT)
        return self.client.read_items("/users")

    def _read_endpoints(self) -> dict[str, Row]:
        return accounts_of(self.client.read_items("/endpoints/sip"))

    def _get_filtered(self, path: str, **query: Any) -> list[Row]:
        # A small limit makes the server load a user in 35 ms instead of 850 (wazo-26.08.md, "How fast").
        return self.client.get_filtered(path, **query) if query else self.client.get_items(path)

    def _incall_owner(self, incall: Row) -> OwnerIds | None:
        # The server sets the type "none" when the user of an incall is deleted (wazo-26.08.md, "5.5 Incall").
        return None if incall["destination"]["type"] == "none" else super()._incall_owner(incall)

    def _lines_without_user(self, known: set[int], endpoints: dict[str, Row]) -> list[Row]:
        """Return the lines with endpoint and without user: usually so few that the slow list of lines is not needed."""
        ids = {row["line"]["id"] for row in endpoints.values() if row["line"]} - known
        if len(ids) > SINGLE_REQUESTS_LIMIT:
            return [row for row in self.client.get_items("/lines") if row["id"] in ids]
        rows = (self._get(f"/lines/{line_id}") for line_id in sorted(ids))
        return [row for row in rows if row]

    def _update_endpoint(self, line_id: int | str, changes: Row) -> None:
        line = self.client.get(f"/lines/{line_id}")
        if not line["endpoint_sip"]:
            raise ConfdError(f"Line {line_id} has no SIP endpoint.", "Delete the line and create another one.")
        path = _endpoint_path(line)
        endpoint = self.client.get(path)
        body = endpoint_body(changes, endpoint)
        if changes.get("webrtc"):
            body |= templates_body(endpoint, [self._template(DEFAULT_TEMPLATE)], self._template(WEBRTC_TEMPLATE))
        elif "webrtc" in changes:
            old = [each["uuid"] for each in endpoint["templates"] if self._makes_webrtc(each)]
            body |= templates_body(endpoint, old, self._template(DEFAULT_TEMPLATE))
        self.client.put(path, body)

    def _line_body(self, values: Row) -> Row:
        return new_line(values, self._template(WEBRTC_TEMPLATE if values.get("webrtc") else DEFAULT_TEMPLATE))


class WazoUsers(EmbeddedUsers):
    """A list of users whose embedded lines lack only the secrets.

    endpoints: {uuid: SIP endpoint}. is_webrtc: says whether the line of an endpoint is a WebRTC line. lines: {id: line
    with all fields}.
    """

    def __init__(self, endpoints: dict[str, Row], is_webrtc: Callable[[Row], bool]) -> None:
        super().__init__()
        self.lines: dict[int, Row] = {}
        self._endpoints = endpoints
        self._is_webrtc = is_webrtc
        self._incomplete: list[tuple[int, Row]] = []
        """[(id of its user, line whose endpoint is unknown)]."""
        self._ids: dict[str, int] = {}
        self._uuids_of_lines: dict[int, list[str]] = {}

    def add(self, user: Row) -> None:
        self._ids[user["uuid"]] = user["id"]
        super().add(user)

    @property
    def has_unknown_endpoints(self) -> bool:
        return bool(self._incomplete)

    def complete(self, endpoints: dict[str, Row]) -> None:
        """Complete the lines whose endpoints were unknown. endpoints: {uuid: SIP endpoint}, read again."""
        self._endpoints = endpoints
        for user_id, line in self._incomplete:
            self._add_account(user_id, line)

    def ids_of_users_of_lines(self) -> dict[int, list[int]]:
        """Return {line id: ids of its users, main user first}, as each line lists its users."""
        return {line_id: [self._ids[uuid] for uuid in uuids] for line_id, uuids in self._uuids_of_lines.items()}

    def _add_line(self, user: Row, line: Row) -> None:
        self._uuids_of_lines[line["id"]] = [each["uuid"] for each in line["users"]]
        if line["endpoint_sip"] and _endpoint(line, self._endpoints) is None:
            self._incomplete.append((user["id"], line))
        self._add_account(user["id"], line)

    def _add_account(self, user_id: int, line: Row) -> None:
        """Take a line with its SIP templates and options."""
        endpoint = _endpoint(line, self._endpoints)
        self.lines[line["id"]] = line_row(line, endpoint, bool(endpoint) and self._is_webrtc(endpoint or {}))
        words = undescribed_account(endpoint) if endpoint else {}
        if words:
            self.undescribed.setdefault(user_id, {}).update(words)


def _endpoint(line: Row, endpoints: dict[str, Row]) -> Row | None:
    return endpoints.get(line["endpoint_sip"]["uuid"]) if line["endpoint_sip"] else None


def _endpoint_path(line: Row) -> str:
    return f"/endpoints/sip/{line['endpoint_sip']['uuid']}"


def _number(number: tuple[str, str]) -> Row:
    return {"exten": number[0], "context": number[1]}


def _created_user(user: Row, lines: list[Row]) -> CreatedUser:
    """Return a user as the answer to POST or GET shows it. lines: its line if it was read already, or nothing."""
    line = user["lines"][0]
    # A user does not show whether the line is a WebRTC line.
    shown = line_row(line, line["endpoint_sip"])
    del shown["webrtc"]
    extensions = [*line["extensions"], *extensions_of_incalls(user["incalls"])]
    return CreatedUser(
        row_of(USER, user),
        lines[0] if lines else shown,
        {(each["exten"], each["context"]): each["id"] for each in extensions},
        user["voicemail"]["id"] if user["voicemail"] else None,
    )


def _first_id(rows: Iterable[Row]) -> int | None:
    return next((row["id"] for row in rows), None)
