# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The function keys of users from 16.13 on: all of them in one request.

Sources: person-xivo-16.16.md, "users/ID/funckeys, /funckeys/templates"; person-wazo-26.08.md, "6. funckeys".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from ..._model.errors import RefusedError
from ..._model.func_keys import KeySet
from ..._model.records import Row
from ..._model.resources import FUNC_KEYS
from ..xivo.func_keys import XivoFuncKeys

NO_ROW = "func key representing destination was not found"
"""What XiVO says of a group or an agent that an API client has made (person-xivo-16.16.md, trap 9)."""


class Xivo16FuncKeys(XivoFuncKeys):
    """The server says which template a user has, if it is asked for that alone."""

    unchecked_values: ClassVar[Mapping[tuple[str, str], str]] = {
        **XivoFuncKeys.unchecked_values,
        (
            FUNC_KEYS.name,
            "keys.group",
        ): "whether the group of a function key was created in the web interface",
    }

    def _write_keys(self, user_id: int, keys: KeySet) -> str:
        try:
            # Without the name, which may not be null. One request for all keys: two that exchange their destinations
            # cannot be written one after the other.
            self.client.put(f"/users/{user_id}/funckeys", {"keys": keys.bodies})
        except RefusedError as error:
            if any(NO_ROW in text for text in error.messages):
                error.hint = (
                    "A group that an API client has created cannot be on a key, because only the web interface makes "
                    "what a key needs. Create the group in the web interface, or use custom with its number."
                )
            raise
        return ""

    def _template_ids(self, user_id: int, shown: Row) -> list[int]:
        found = self._matching_templates(shown)
        if len(found) == 1:
            return found
        rows = self.client.get_items(f"/users/{user_id}/funckeys/templates")
        found = [row["template_id"] for row in rows]
        if any(each not in self._read_key_templates() for each in found):
            self._read_key_templates(again=True)
        return [each for each in found if each in self._read_key_templates()]
