# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The SIP templates of a tenant, which also make a line a WebRTC line (wazo-26.08.md, "5.2 Line")."""

from __future__ import annotations

from ..._http.client import Client
from ..._model.errors import ConfdError
from ..._model.records import Row
from ..xivo16.backend import Xivo16
from .lines import DEFAULT_TEMPLATE, WEBRTC_TEMPLATE, has_webrtc_option, line_row


class WazoTemplates(Xivo16):
    """Reads the templates of a tenant once."""

    def __init__(self, client: Client) -> None:
        super().__init__(client)
        self._templates: dict[str, Row] = {}
        """{uuid: SIP template of the tenant}, once they were read."""

    def listed_line(self, line_id: int) -> Row | None:
        line = self._get(f"/lines/{line_id}")
        return line_row(line) if line else None

    def apart_of_line(self, line_id: int) -> Row:
        # All lists show all fields.
        return {}

    def apart_of_lines(self) -> dict[int, Row]:
        return {}

    def _template(self, label: str) -> str:
        """Return the uuid of the tenant's SIP template with a label. Raises ConfdError if there is none."""
        found = next((uuid for uuid, row in self._read_templates().items() if row["label"] == label), None)
        if found is None:
            raise ConfdError(
                f"The tenant has no SIP template {label!r}.", "wazo-confd creates it with each tenant; create it again."
            )
        return found

    def _read_templates(self) -> dict[str, Row]:
        if not self._templates:
            self._templates = {row["uuid"]: row for row in self.client.get_items("/endpoints/sip/templates")}
        return self._templates

    def _is_webrtc(self, endpoint: Row) -> bool:
        """Return whether the line of an endpoint is a WebRTC line.

        GET /lines shows it as is_webrtc. The lines that users embed do not, whatever they say.
        """
        return has_webrtc_option(endpoint) or any(self._makes_webrtc(each) for each in endpoint["templates"])

    def _makes_webrtc(self, template: Row) -> bool:
        """Return whether a template makes lines WebRTC lines, itself or by a template that it inherits from."""
        if template["label"] in (DEFAULT_TEMPLATE, WEBRTC_TEMPLATE):
            return bool(template["label"] == WEBRTC_TEMPLATE)
        row = self._read_templates().get(template["uuid"])
        return row is not None and self._is_webrtc(row)
