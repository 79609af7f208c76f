# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The requests of the tutorial, which work from XiVO 15.12 to today's.

Sources: xivo-15.12.md, "What a real XiVO confd 15.12 answers"; xivo-16.16.md, "Does the old tutorial's flow work
unchanged?".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from typing import Any, ClassVar
from urllib.parse import quote

from ..._model.errors import InUseError, NotFoundError, RefusedError, ServerError
from ..._model.records import SIP, Extension, Line, Row, User
from ..._model.resources import DEVICE, EXTENSION, LINE, USER, VOICEMAIL, Resource
from ..base import Backend
from .rows import given, row_of


class Xivo(Backend):
    """SIP lines are /lines_sip; associations are POSTs, which confd refuses when they are repeated."""

    paths: ClassVar[dict[str, str]] = {
        USER.name: "/users",
        LINE.name: "/lines_sip",
        EXTENSION.name: "/extensions",
        VOICEMAIL.name: "/voicemails",
        DEVICE.name: "/devices",
    }
    """{name of a resource: the path of its objects}."""
    tells_main_user = True
    unchecked_values: ClassVar[Mapping[tuple[str, str], str]] = {
        (VOICEMAIL.name, "timezone"): "whether the server has the time zone of a voicemail",
        (DEVICE.name, "template_id"): "whether the server has the template of a phone",
    }

    # All resources

    def get(self, resource: Resource, object_id: int | str) -> Row | None:
        row = self._get_line(object_id) if resource is LINE else self._get(self._path(resource, object_id))
        return row_of(resource, row) if row else None

    def _get_line(self, line_id: int | str) -> Row | None:
        """Return a line, with the SIP account if it is a SIP line; None if there is none."""
        try:
            account = self._get(self._path(LINE, line_id))
        except ServerError:
            # Some servers answer so to a line of another kind.
            account = None
        if account:
            return {**account, "protocol": SIP}
        line: Row | None = self._get(f"/lines/{line_id}")
        # Of a SIP line, the SIP account was read; if that failed, this repeats the error.
        return self._get(self._path(LINE, line_id)) if line and line["protocol"] == SIP else line

    def create(self, resource: Resource, values: Row) -> Row:
        return row_of(resource, self.client.post(self.paths[resource.name], given(values)))

    def update(self, resource: Resource, object_id: int | str, changes: Row) -> Row:
        with raise_in_use() if resource is VOICEMAIL else nullcontext():
            # null clears; '' is refused for fields that must be digits or known to the server.
            self.client.put(self._path(resource, object_id), changes)
        return self.get(resource, object_id) or {}

    def delete(self, resource: Resource, object_id: int) -> None:
        with raise_in_use() if resource is VOICEMAIL else nullcontext():
            self.client.delete(self._path(resource, object_id))

    # Lines

    def is_main_user(self, user_id: int, line_id: int) -> bool:
        rows = self._items(f"/users/{user_id}/lines")
        return any(row["line_id"] == line_id and row["main_user"] for row in rows)

    def extension_of_line(self, line_id: int) -> Row | None:
        row = self._get(f"/lines/{line_id}/extension")
        return self.get(EXTENSION, row["extension_id"]) if row else None

    def device_of_line(self, line_id: int) -> str | None:
        row = self._get(f"/lines/{line_id}")
        device_id: str | None = row.get("device_id") if row else None
        return device_id

    def associate_user_line(self, user: User, line: Line) -> bool | None:
        is_main_user: bool = self.client.post(f"/users/{user.id}/lines", {"line_id": line.id})["main_user"]
        return is_main_user

    def dissociate_user_line(self, user: User, line: Line) -> None:
        self.client.delete(f"/users/{user.id}/lines/{line.id}")

    def associate_line_extension(self, line: Line, extension: Extension) -> None:
        self.client.post(f"/lines/{line.id}/extensions", {"extension_id": extension.id})

    def dissociate_line_extension(self, line: Line, extension: Extension) -> None:
        self.client.delete(f"/lines/{line.id}/extensions/{extension.id}")

    # Voicemails, which confd may refuse to change while a user has them

    def list_voicemails(self) -> list[Row]:
        return [row_of(VOICEMAIL, row) for row in self.client.get_items("/voicemails")]

    def voicemail_of_user(self, user_id: int) -> int | None:
        row = self._get(f"/users/{user_id}/voicemail")
        return row["voicemail_id"] if row else None

    def associate_voicemail(self, user_id: int, voicemail_id: int, enabled: bool = True) -> None:
        self.client.post(f"/users/{user_id}/voicemail", {"voicemail_id": voicemail_id, "enabled": enabled})

    def dissociate_voicemail(self, user_id: int) -> None:
        self.client.delete(f"/users/{user_id}/voicemail")

    # Devices

    def reset_device(self, device_id: str) -> None:
        self.client.get_no_content(f"{self._path(DEVICE, device_id)}/autoprov")

    def synchronize_device(self, device_id: str) -> None:
        self.client.get_no_content(f"{self._path(DEVICE, device_id)}/synchronize")

    # Helpers

    def _path(self, resource: Resource, object_id: int | str) -> str:
        """Return the path of an object. The ids of devices are text, which may need quoting."""
        return f"{self.paths[resource.name]}/{quote(str(object_id), safe='')}"

    def _get(self, path: str) -> Any:
        """Return the object at a path; None where confd answers 404."""
        try:
            return self.client.get(path)
        except NotFoundError:
            return None

    def _items(self, path: str) -> list[Row]:
        """Return the rows of a list; none where confd answers 404."""
        try:
            return self.client.get_items(path)
        except NotFoundError:
            return []

    def _get_filtered(self, path: str, **query: Any) -> list[Row]:
        """Return the rows of a list that a query narrows down to one or two."""
        return self.client.get_items(path, **query)


@contextmanager
def raise_in_use() -> Iterator[None]:
    """Raise InUseError in place of a RefusedError that says that a user has the voicemail."""
    try:
        yield
    except RefusedError as error:
        if not any("Voicemail is associated with a User" in text for text in error.messages):
            raise
        raise InUseError(
            error.message, method=error.method, path=error.path, status=error.status, messages=error.messages
        ) from None
