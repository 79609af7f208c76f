# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The function keys of users: their own keys, and the template whose keys they inherit.

Sources: person-xivo-15.12.md, "users/ID/funckeys/POS" and "funckeys/templates, users/ID/funckeys/templates/T";
person-xivo-16.16.md, "users/ID/funckeys, /funckeys/templates"; person-wazo-26.08.md, "6. funckeys".
"""

from __future__ import annotations

from abc import abstractmethod
from collections import Counter
from collections.abc import Collection, Mapping
from typing import Any, ClassVar

from ..._http.client import Client
from ..._model.destination_types import KEY_TYPES
from ..._model.errors import ConflictError, InputError, NotFoundError, RefusedError
from ..._model.func_keys import KeyRules, KeySet, problems_of_keys, repeated_destination
from ..._model.records import WARNING, Row
from ..._model.resources import FUNC_KEYS, Resource, normalised
from ..._model.rules import Has
from ..._model.texts import plain_text
from .logins import XivoLogins

DERIVED = ("href", "user_firstname", "user_lastname", "group_name", "group_label")
"""What the server adds to the destination of a key."""


UNCHECKED_TARGETS = {
    "agent": "agent",
    "bsfilter": "member of a filter",
    "conference": "conference",
    "paging": "paging",
    "park_position": "parking position",
    "queue": "queue",
}
"""{type of a destination: the target, of which only the id is known, in words}."""


class XivoFuncKeys(XivoLogins):
    """Reads and writes the keys of a user. Keys that are inherited from a template are the template's."""

    unchecked_values: ClassVar[Mapping[tuple[str, str], str]] = {
        **XivoLogins.unchecked_values,
        **{
            (FUNC_KEYS.name, f"keys.{kind}"): f"whether the server has the {words} that a function key leads to"
            for kind, words in UNCHECKED_TARGETS.items()
        },
    }
    key_rules: ClassVar[KeyRules] = KeyRules(
        types=frozenset(KEY_TYPES) - {"groupmember"},
        exten=r"[A-Z0-9+*][ -~]{0,39}",
        words="at most 40 ASCII characters, the first of them a capital letter, a digit, + or *",
    )

    def __init__(self, client: Client) -> None:
        super().__init__(client)
        self._key_templates: dict[int, Row] | None = None
        """{id: template}; None before they are read."""

    def get(self, resource: Resource, object_id: int | str) -> Row | None:
        if resource is not FUNC_KEYS:
            return super().get(resource, object_id)
        shown = self._get(f"/users/{object_id}/funckeys")
        if shown is None:
            return None
        # A user with a template has no set with an id (person-xivo-15.12.md, trap 10).
        template = self._template_of(int(object_id), shown) if shown["id"] is None else None
        return normalised(FUNC_KEYS, {"template": template, "keys": _keys_of(shown, inherited=False)})

    def update(self, resource: Resource, object_id: int | str, changes: Row) -> Row:
        if resource is not FUNC_KEYS:
            return super().update(resource, object_id, changes)
        user_id, warning = int(object_id), ""
        try:
            if "keys" in changes:
                warning = self._write_keys(user_id, changes["keys"] or KeySet())
            if "template" in changes:
                self._write_template(user_id, changes["template"])
        except RefusedError as error:
            # A request before this one may have been carried out.
            error.is_partial = True
            raise
        row = self.get(resource, object_id)
        return {**row, WARNING: warning} if row else {}

    def check_part(self, resource: Resource, fields: Mapping[str, Any]) -> None:
        super().check_part(resource, fields)
        if resource is FUNC_KEYS and fields.get("template"):
            self._template_called(fields["template"])

    def problems_of_combination(
        self, resource: Resource, after: Mapping[str, Any], changed: Collection[str], has: Has
    ) -> list[str]:
        problems = super().problems_of_combination(resource, after, changed, has)
        repeated = repeated_destination(after.get("keys") or KeySet()) if resource is FUNC_KEYS else None
        if repeated:
            problems.append(
                f"func_keys.keys.{repeated[0]} and func_keys.keys.{repeated[1]} have the same destination. "
                "A destination can be at one position only."
            )
        return problems

    @classmethod
    def problems_of_links(cls, resource: Resource, values: Mapping[str, Any]) -> list[str]:
        keys = values.get("keys") if resource is FUNC_KEYS else None
        return [*super().problems_of_links(resource, values), *problems_of_keys(keys or KeySet(), cls.key_rules)]

    @abstractmethod
    def _write_keys(self, user_id: int, keys: KeySet) -> str:
        """Make these keys, by position, all keys of a user's own. Return what the administrator should know; or ''."""

    @abstractmethod
    def _template_ids(self, user_id: int, shown: Row) -> list[int]:
        """Return the id of the template of a user who has one; several where the server does not show which it is.

        shown: the keys of the user as the server shows them.
        """

    # Templates

    def _template_of(self, user_id: int, shown: Row) -> str:
        """Return what the template of a user is called."""
        ids = self._template_ids(user_id, shown)
        if not ids:
            raise ConflictError(
                f"The template of user {user_id} could not be found, because the templates are being changed.",
                "Run again.",
            )
        return self._template_names()[ids[0]]

    def _write_template(self, user_id: int, name: str | None) -> None:
        """Put the template with a name on a user, in place of any other; None takes it off."""
        path = f"/users/{user_id}/funckeys/templates"
        if name:
            self.client.put(f"{path}/{self._template_called(name)}", {})
            return
        shown = self.client.get(f"/users/{user_id}/funckeys")
        for template_id in self._template_ids(user_id, shown) if shown["id"] is None else ():
            try:
                self.client.delete(f"{path}/{template_id}")
            except NotFoundError:
                # Another one, or a repetition.
                continue

    def _matching_templates(self, shown: Row) -> list[int]:
        """Return the ids of the templates from which a user may have inherited the keys that the server shows.

        Positions at which the user has a key of their own show nothing of the template.
        """
        inherited = _keys_of(shown, inherited=True)
        hidden = _keys_of(shown, inherited=False)
        found: list[int] = []
        for template_id, row in self._read_key_templates().items():
            keys = {position: key for position, key in _keys_of(row).items() if position not in hidden}
            if keys == inherited and shown.get("name") in (None, row["name"]):
                found.append(template_id)
        return found

    def _template_called(self, name: str) -> int:
        """Return the id of a template. Raises InputError for an unknown or ambiguous name."""
        ids = {each: template_id for template_id, each in self._template_names().items()}
        if name in ids:
            return ids[name]
        same = [
            each for each, found in ids.items() if plain_text(self._read_key_templates()[found]["name"] or "") == name
        ]
        if same:
            raise InputError(
                f"{FUNC_KEYS.label}: {len(same)} templates are called {name!r}.",
                f"Write one of {', '.join(map(repr, sorted(same)))}.",
            )
        there = f"The server has {', '.join(map(repr, sorted(ids)))}." if ids else "The server has none."
        raise InputError(f"{FUNC_KEYS.label}: the server has no template {name!r}.", there)

    def _template_names(self) -> dict[int, str]:
        """Return {id: name} of the templates. A name that several have, or none, is followed by the id."""
        names = {template_id: plain_text(row["name"] or "") for template_id, row in self._read_key_templates().items()}
        times = Counter(names.values())
        return {
            template_id: name if name and times[name] == 1 else f"{name} (id {template_id})".strip()
            for template_id, name in names.items()
        }

    def _read_key_templates(self, again: bool = False) -> dict[int, Row]:
        if again or self._key_templates is None:
            self._key_templates = {row["id"]: row for row in self.client.get_items("/funckeys/templates")}
        return self._key_templates


def _keys_of(shown: Row, inherited: bool | None = None) -> dict[str, Row]:
    """Return {position: key} of a set as the server shows it, without what it adds to a key.

    inherited: whether to return the inherited keys or the other ones; None for all.
    """
    return {
        position: {"destination": _plain(key["destination"]), "label": key["label"], "blf": key["blf"]}
        for position, key in shown["keys"].items()
        if inherited is None or key["inherited"] is inherited
    }


def _plain(destination: Row) -> Row:
    return {name: value for name, value in destination.items() if name not in DERIVED and value is not None}
