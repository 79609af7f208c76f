# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The logins of users on XiVO: username and password are fields of the user, the rest is the user's CTI profile.

Sources: person-xivo-15.12.md, "users/ID/cti, /cti_profiles"; person-xivo-16.16.md, "cti_profiles, users/ID/cti".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..._http.client import Client
from ..._model.errors import InputError
from ..._model.records import Row
from ..._model.resources import LOGIN, Resource, normalised
from .backend import Xivo

FIRST_ENABLED = False
"""Whether the login of a new user is enabled."""


class XivoLogins(Xivo):
    """Reads and writes whether a user may sign in, and with which profile."""

    def __init__(self, client: Client) -> None:
        super().__init__(client)
        self._profiles: dict[str, int] = {}
        """{name: id} of the CTI profiles, once they were read."""

    def get(self, resource: Resource, object_id: int | str) -> Row | None:
        if resource is not LOGIN:
            return super().get(resource, object_id)
        row = self._get(f"/users/{object_id}/cti")
        return self._login_row(row["enabled"], row["cti_profile_id"]) if row else None

    def update(self, resource: Resource, object_id: int | str, changes: Row) -> Row:
        if resource is not LOGIN:
            return super().update(resource, object_id, changes)
        body = {"enabled": changes["enabled"]} if "enabled" in changes else {}
        if "profile" in changes:
            # A profile cannot be taken away (person-xivo-16.16.md, trap 7): null keeps it.
            body["cti_profile_id"] = self._read_profiles().get(changes["profile"])
        self.client.put(f"/users/{object_id}/cti", body)
        return self.get(resource, object_id) or {}

    def check_part(self, resource: Resource, fields: Mapping[str, Any]) -> None:
        super().check_part(resource, fields)
        profile = fields.get("profile") if resource is LOGIN else None
        if profile and profile not in self._read_profiles():
            there = ", ".join(sorted(self._read_profiles()))
            raise InputError(f"login.profile is {profile!r}, but the server has no such profile.", f"It has {there}.")

    def defaults_of(self, resource: Resource) -> Row:
        defaults = super().defaults_of(resource)
        return {**defaults, "enabled": FIRST_ENABLED} if resource is LOGIN else defaults

    def _login_row(self, enabled: bool, profile_id: int | None) -> Row:
        names = {number: name for name, number in self._read_profiles().items()} if profile_id else {}
        return normalised(LOGIN, {"enabled": bool(enabled), "profile": names.get(profile_id or 0)})

    def _read_profiles(self) -> dict[str, int]:
        if not self._profiles:
            self._profiles = {row["name"]: row["id"] for row in self.client.get_items("/cti_profiles")}
        return self._profiles
