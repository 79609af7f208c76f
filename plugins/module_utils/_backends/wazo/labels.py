# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Objects whose names the server generates, and that people know by their labels: contexts and music on hold.

Source: wazo-26.08.md, "8. One client for both"; person-wazo-26.08.md, trap 13.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ..._http.client import Client
from ..._model.errors import AuthenticationError, InputError
from ..._model.records import Row
from ..._model.resources import USER, Resource
from ..xivo16.backend import Xivo16

DEFAULT_MUSIC = "default"
"""The music on hold that every server has, and that no list shows."""


class Labels:
    """Finds the names of objects of one kind by their labels, and the labels by the names.

    rows: the objects as the server shows them. kind: what they are, in the plural. generated: how a name begins that
    the server has generated.
    """

    def __init__(self, rows: Iterable[Row], kind: str, generated: str) -> None:
        self._kind = kind
        self._generated = generated
        self._names: dict[str, list[str]] = {}
        self._labels: dict[str, str] = {}
        for row in rows:
            self._labels[row["name"]] = row["label"] or row["name"]
            self._names.setdefault(row["label"], []).append(row["name"])

    def __contains__(self, name: str) -> bool:
        return name in self._labels

    def name_of(self, given: str) -> str | None:
        """Return the name of the object with a name or label; None if there is none.

        Raises InputError for the label of several objects.
        """
        names = [given] if given in self else self._names.get(given, [])
        if len(names) > 1:
            raise InputError(
                f"{len(names)} {self._kind} have the label {given!r}: {', '.join(names)}.", "Give the name."
            )
        return names[0] if names else None

    def portable(self, name: str) -> str:
        """Return the label of an object if another server could know it by that, or else the name.

        A name that somebody has chosen is portable itself.
        """
        label = self._labels.get(name, name)
        is_clear = label not in self and len(self._names.get(label, ())) == 1
        return label if name.startswith(self._generated) and is_clear else name

    def described(self) -> str:
        """Return the objects in words, for messages: the label and the name of each."""
        shown = (label if label == name else f"{label} ({name})" for name, label in self._labels.items())
        return ", ".join(sorted(shown)) or "none"


class WazoLabels(Xivo16):
    """Takes contexts and music on hold by their labels as well."""

    def __init__(self, client: Client) -> None:
        super().__init__(client)
        self._labels_of_contexts: Labels | None = None
        self._labels_of_music: Labels | None = None

    def context_name_of(self, name: str) -> str:
        """Return the name of a context that is given by name or label: the server generates the names of new contexts.

        Raises InputError for the label of several contexts.
        """
        if name not in self._context_labels():
            # Somebody may have given the label to another context since an earlier task read it.
            self.read_contexts_again()
        return self._context_labels().name_of(name) or name

    def read_contexts_again(self) -> bool:
        was_earlier = super().read_contexts_again()
        if was_earlier:
            self._labels_of_contexts = None
        return was_earlier

    def portable_context(self, name: str) -> str:
        return self._context_labels().portable(name)

    def portable_music(self, name: str) -> str:
        known = self._readable_music()
        return name if known is None else known.portable(name)

    def spell_out(self, resource: Resource, values: Mapping[str, Any]) -> Row:
        """Return the values with every field spelled out, and music on hold by its name.

        Raises InputError for music that the server does not have.
        """
        spelled = super().spell_out(resource, values)
        music = spelled.get("music_on_hold")
        if resource is USER and music and music != DEFAULT_MUSIC:
            name = self._music_labels().name_of(music)
            if name is None:
                raise InputError(
                    f"music_on_hold {music!r} of the user does not exist.",
                    f"Give {DEFAULT_MUSIC}, or the label or name of one that the tenant has: "
                    f"{self._music_labels().described()}.",
                )
            spelled["music_on_hold"] = name
        return spelled

    def lost_values(self, resource: Resource, values: Mapping[str, Any]) -> Row:
        # Source: person-wazo-26.08.md, trap 8.
        music = values.get("music_on_hold")
        if resource is not USER or not music or music == DEFAULT_MUSIC:
            return {}
        known = self._readable_music()
        return {} if known is None or music in known else {"music_on_hold": None}

    def _context_labels(self) -> Labels:
        if self._labels_of_contexts is None:
            self._labels_of_contexts = Labels(self._context_rows(), "contexts", "ctx-")
        return self._labels_of_contexts

    def _readable_music(self) -> Labels | None:
        """Return the music on hold of the tenant; None if the account, which may change users, may not read it."""
        try:
            return self._music_labels()
        except AuthenticationError:
            return None

    def _music_labels(self) -> Labels:
        """Return the music on hold of the tenant, which is read once."""
        if self._labels_of_music is None:
            self._labels_of_music = Labels(self.client.get_items("/moh"), "music on hold", "moh-")
        return self._labels_of_music
