# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The function keys of users up to 16.12: one request a position.

Source: person-xivo-15.12.md, "users/ID/funckeys/POS".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from ..._http.client import Client
from ..._model.errors import InputError, NotFoundError, RequestError, ServerError, TimedOutError
from ..._model.func_keys import Key, KeySet
from ..._model.numbers import parse_id
from ..._model.records import Row
from ..._model.resources import FUNC_KEYS, Resource
from ..xivo.func_keys import XivoFuncKeys


class Xivo15FuncKeys(XivoFuncKeys):
    """Which template a user has cannot be read: the inherited keys are compared with those of the templates."""

    unchecked_values: ClassVar[Mapping[tuple[str, str], str]] = {
        **XivoFuncKeys.unchecked_values,
        (FUNC_KEYS.name, "keys.group"): "whether the server has the group that a function key leads to",
    }

    def __init__(self, client: Client) -> None:
        super().__init__(client)
        self._expected: dict[int, str] = {}
        """{user id: name of the template that a user has, if the keys allow it}."""

    def id_of_group(self, reference: Any, where: str) -> int:
        if isinstance(reference, str):
            raise InputError(
                f"{where}.group is {reference!r}, but this server does not show groups.",
                "Give a dictionary with the id of the group.",
            )
        return parse_id(reference["id"], f"{where}.group.id")

    @classmethod
    def problems_of_links(cls, resource: Resource, values: Mapping[str, Any]) -> list[str]:
        keys = values.get("keys") if resource is FUNC_KEYS else None
        return [
            *super().problems_of_links(resource, values),
            *(
                f"func_keys.keys.{position}.destination.group: this server does not show groups by name."
                for position, key in (keys or {}).items()
                if key["destination"].type == "group" and isinstance(key["destination"].target, str)
            ),
        ]

    def expect_template(self, user_id: int, name: str) -> None:
        self._expected[user_id] = name

    def _template_ids(self, user_id: int, shown: Row) -> list[int]:
        found = self._matching_templates(shown)
        if not found:
            self._read_key_templates(again=True)
            found = self._matching_templates(shown)
        names, expected = self._template_names(), self._expected.get(user_id)
        return sorted(found, key=lambda each: (names[each] != expected, each))

    def _write_template(self, user_id: int, name: str | None) -> None:
        self.expect_template(user_id, name or "")
        super()._write_template(user_id, name)

    def _write_keys(self, user_id: int, keys: KeySet) -> str:
        """Write the positions that differ, one after the other. See ``XivoFuncKeys``.

        A destination can be at one position only, so a key waits for the position that gives its destination up. Where
        positions wait for each other in a circle, one of them is deleted first (person-xivo-15.12.md, trap 6).
        """
        bodies = keys.bodies
        now, writer = self.stored_keys(user_id), _Writer(self, user_id)
        for position in [each for each in now if each not in keys]:
            writer.delete(position)
            del now[position]
        while True:
            wanted = {position: key for position, key in keys.items() if now.get(position) != key}
            if not wanted:
                return writer.warning
            holders = {position: _holder_of(key, position, now) for position, key in wanted.items()}
            free = next((position for position, holder in holders.items() if holder is None), "")
            if free:
                writer.put(free, keys[free], bodies[free])
                now[free] = keys[free]
            else:
                holder = str(next(iter(holders.values())))
                writer.delete(holder)
                del now[holder]

    def stored_keys(self, user_id: int) -> KeySet:
        """Return the own keys of a user."""
        return KeySet((self.get(FUNC_KEYS, user_id) or {}).get("keys") or {})


class _Writer:
    """Writes positions of a user. warning: what the server said of a phone that it could not write."""

    def __init__(self, backend: Xivo15FuncKeys, user_id: int) -> None:
        self.backend = backend
        self.user_id = user_id
        self.warning = ""

    def put(self, position: str, key: Key, body: Row) -> None:
        self._write(position, key, lambda path: self.backend.client.put(path, body))

    def delete(self, position: str) -> None:
        self._write(position, None, self.backend.client.delete)

    def _write(self, position: str, key: Key | None, send: Callable[[str], None]) -> None:
        """Send a request. key: what is at the position afterwards, None for nothing.

        With a phone on the line, an error may follow after the key was stored (person-xivo-15.12.md, trap 11). After a
        time-out the server may still be writing, so nothing follows.
        """
        try:
            send(f"/users/{self.user_id}/funckeys/{position}")
        except RequestError as error:
            is_of_server = isinstance(error, (NotFoundError, ServerError))
            may_be_stored = (error.may_have_acted and not isinstance(error, TimedOutError)) or is_of_server
            if not may_be_stored or self.backend.stored_keys(self.user_id).get(position) != key:
                raise
            self.warning = _warning(error) if is_of_server else self.warning


def _holder_of(key: Key, position: str, now: Mapping[str, Key]) -> str | None:
    """Return the other position that has the destination of a key; None if there is none."""
    return next((at for at, each in now.items() if at != position and each["destination"] == key["destination"]), None)


def _warning(error: RequestError) -> str:
    return f"The function keys are stored, but the server could not write all of them to the phone: {error}"
