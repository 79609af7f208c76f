# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Incalls from 16.13 on: objects of their own, which lead an extension to a destination."""

from __future__ import annotations

from ..._http.client import Client
from ..._http.confirm import ensure_deleted
from ..._model.errors import NotFoundError, RefusedError, RequestError, ServerError
from ..._model.records import Extension, Line, NumberUse, Row, User, id_of
from ..._model.snapshot import OwnerIds
from ..xivo.backend import Xivo
from .embedded_users import extensions_of_incalls


class Xivo16Incalls(Xivo):
    """Reads and writes incalls, and finds the owners of their extensions."""

    def __init__(self, client: Client) -> None:
        super().__init__(client)
        self._users_of_incalls: dict[int, int] = {}
        """{incall id: user id} as the list of users shows them."""
        self._incall_owners: dict[int, OwnerIds | None] = {}
        """{incall id: its owner} of the other incalls that were read."""

    def incalls_of_user(self, user_id: int, line_id: int | None, extension_id: int | None) -> list[int]:
        row = self._get(f"/users/{user_id}")
        return [each["id"] for each in extensions_of_incalls(row["incalls"])] if row else []

    def associate_incall(self, user: User, line: Line | None, extension: Extension) -> None:
        """Associate the extension with a new incall of the user, or with one that an interrupted run has left."""
        extension_id, user_id = id_of(extension), id_of(user)
        self._delete_dead_incall(extension_id)
        incall_id = self._spare_incall(user_id) or self._create_incall(user_id)
        try:
            self.client.put(f"/incalls/{incall_id}/extensions/{extension_id}", {})
        except (RefusedError, ServerError):
            # The client repeats a PUT whose answer was lost, and the repetition is refused (xivo-16.16.md, trap 3).
            if self._incall_of(extension_id) != incall_id:
                self._delete_incall(incall_id)
                raise

    def dissociate_incall(self, user: User, line: Line | None, extension: Extension) -> None:
        """Delete the incall, which leaves its extension without owner."""
        extension_id = id_of(extension)
        owner = self.owner_of_extension(extension_id)
        incall_id = self._incall_of(extension_id)
        if owner is None or owner.user_id != user.id or incall_id is None:
            raise NotFoundError(f"{extension} is not an incall of {user}.")
        self._delete_incall(incall_id)

    # Helpers

    def _owner_through_incall(self, incall_id: int, afresh: bool) -> OwnerIds | None:
        """Return the owner of an incall's extensions. afresh: whether to ask the server although it is known."""
        if not afresh and incall_id in self._users_of_incalls:
            return OwnerIds(None, self._users_of_incalls[incall_id])
        if afresh or incall_id not in self._incall_owners:
            row = self._get(f"/incalls/{incall_id}")
            self._incall_owners[incall_id] = self._incall_owner(row) if row else None
        return self._incall_owners[incall_id]

    def _incall_owner(self, incall: Row) -> OwnerIds | None:
        """Return the destination of an incall as the owner of its extensions; None for a user who was deleted."""
        destination = incall["destination"]
        if destination["type"] != "user":
            ids = [str(value) for name, value in sorted(destination.items()) if name.endswith("_id")]
            words = " ".join([f"incall {incall['id']} to", destination["type"], *ids])
            return OwnerIds(None, None, words, _use(destination))
        return OwnerIds(None, destination["user_id"]) if destination.get("user_firstname") is not None else None

    def _incall_of(self, extension_id: int) -> int | None:
        row = self._get(f"/extensions/{extension_id}")
        return row["incall"]["id"] if row and row["incall"] else None

    def _create_incall(self, user_id: int) -> int:
        try:
            row = self.client.post("/incalls", {"destination": {"type": "user", "user_id": user_id}})
        except RequestError as error:
            created = self._spare_incall(user_id) if error.may_have_acted else None
            if created is None:
                raise
            return created
        return int(row["id"])

    def _spare_incall(self, user_id: int) -> int | None:
        """Return the id of a user's incall without extension, as an interrupted run leaves it; None without one."""
        row = self._get(f"/users/{user_id}") or {}
        return next((each["id"] for each in row.get("incalls", ()) if not each["extensions"]), None)

    def _delete_dead_incall(self, extension_id: int) -> bool:
        """Delete the incall of an extension if its user was deleted. Return whether there was one.

        Source: xivo-16.16.md, trap 5.
        """
        incall_id = self._incall_of(extension_id)
        if incall_id is None or self._owner_through_incall(incall_id, afresh=True) is not None:
            return False
        self._delete_incall(incall_id)
        return True

    def _delete_incall(self, incall_id: int) -> None:
        ensure_deleted(lambda: self.client.delete(f"/incalls/{incall_id}"), lambda: self._get(f"/incalls/{incall_id}"))


def _use(destination: Row) -> NumberUse:
    """Return what an incall leads to. Destinations show names of their targets as group_name or queue_label.

    Sources: person-xivo-16.16.md, "users/ID/fallbacks"; person-wazo-26.08.md, "4. fallbacks".
    """
    kind = str(destination["type"])
    values = {name: str(value) for name, value in destination.items() if value not in (None, "") and name != "type"}
    name = next((values[key] for ending in ("_label", "_name") for key in values if key.endswith(ending)), "")
    number = "@".join(values[key] for key in ("exten", "context") if key in values) if kind == "extension" else ""
    plain = next((values[key] for key in ("application", "command", "filename", "cause") if key in values), "")
    target = next((values[key] for key in sorted(values) if key.endswith(("_id", "_uuid"))), "")
    return NumberUse(kind, target, name or number or plain)
