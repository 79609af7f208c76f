# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The SIP endpoints of lines, whose options say whether a line is used in a web browser.

/lines_sip shows no options and ignores those that it is sent. A PUT of an endpoint replaces all of them: those that are
left out are lost, also the caller ID of a line without user. So all that were read are sent back. Source:
person-xivo-16.16.md, "endpoints/sip: options, webrtc".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..._model.errors import ConflictError
from ..._model.records import UNDESCRIBED, Row
from ..._model.resources import LINE, normalised
from ..xivo.backend import Xivo

WEBRTC = "webrtc"
"""The field of a line, and the option of its endpoint."""
VALUES: dict[Any, str] = {True: "yes", "unique": "ua"}
"""{value of the field: that of the option}. A line without the option is used by a telephone only."""
MEANT: dict[tuple[str, ...], Any] = {
    (): False,
    ("no",): False,
    **{(option,): value for value, option in VALUES.items()},
}
"""{values of the option: value of the field}."""
SEPARATOR = ", "
"""Between the values of an option that has none of these."""
USUAL_OPTIONS = frozenset({"call-limit", "amaflags", "subscribemwi", "callerid", WEBRTC})
"""The options that every endpoint shows, and those that the fields of a line describe."""
Options = list[list[str]]


class Xivo16Endpoints(Xivo):
    """Reads and writes the endpoints of SIP lines."""

    def apart_of_line(self, line_id: int) -> Row:
        line = self._get(f"/lines/{line_id}")
        endpoint = self._get(_path_of(line)) if line and line["endpoint_sip"] else None
        return {WEBRTC: _webrtc_of(endpoint["options"])} if endpoint else {}

    def apart_of_lines(self) -> dict[int, Row]:
        return {
            endpoint["line"]["id"]: {
                WEBRTC: _webrtc_of(endpoint["options"]),
                UNDESCRIBED: _undescribed_options(endpoint["options"]),
            }
            for endpoint in self.client.get_items("/endpoints/sip")
            if endpoint["line"]
        }

    def _write_endpoint(self, line_id: int | str, account: Row, changes: Mapping[str, Any]) -> Row:
        """Write the username and the secret of an account, and the options if webrtc changes.

        Return the fields of the line that the endpoint shows afterwards. Raises ConflictError for a line without
        endpoint.
        """
        line = self.client.get(f"/lines/{line_id}")
        if not line["endpoint_sip"]:
            raise ConflictError(f"Line {line_id} has no SIP account any more.", "Run again.")
        path, body = _path_of(line), dict(account)
        if WEBRTC in changes:
            body["options"] = _options_with(self.client.get(path)["options"], changes[WEBRTC])
        self.client.put(path, body)
        shown = self.client.get(path)
        return {**normalised(LINE, {**shown, WEBRTC: _webrtc_of(shown["options"])}), "id": line["id"]}


def _path_of(line: Row) -> str:
    return f"/endpoints/sip/{line['endpoint_sip']['id']}"


def _webrtc_of(options: Options) -> Any:
    """Return the value of the field. An option that means none of its values is returned as it is."""
    found = tuple(sorted({value for name, value in options if name == WEBRTC}))
    return MEANT.get(found, SEPARATOR.join(found))


def _options_with(options: Options, webrtc: Any) -> Options:
    """Return all options of an endpoint, and in the place of those of its name the one for a value of the field.

    An option that means no value of the field, and that a failed run has to put back, is written as it was read.
    """
    others = [pair for pair in options if pair[0] != WEBRTC]
    own = [VALUES[webrtc]] if webrtc in VALUES else str(webrtc or "").split(SEPARATOR)
    return [*others, *([WEBRTC, each] for each in own if each)]


def _undescribed_options(options: Options) -> dict[str, str]:
    """Return {what in words: names} of the options that no entry can describe, without values: they can be secrets."""
    names = sorted({name for name, _value in options} - USUAL_OPTIONS)
    return {"SIP options": ", ".join(names)} if names else {}
