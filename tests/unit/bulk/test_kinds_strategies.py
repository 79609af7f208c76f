# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Kinds of lines, SIP accounts, voicemail names and recordings in both strategies, in check mode and twice."""

from __future__ import annotations

import pytest

from simulator import Simulator
from support.helpers import EVERYWHERE, apply_list, give_other_line, leaver, line_row, number, person, user_row
from support.ownership import assert_applied, assert_refused, assert_unchanged

pytestmark = pytest.mark.parametrize("strategy", ["bulk", "stepwise"])
SUE = person("Sue Secretary", 1302, 2302, user={"description": "second floor"}, voicemail={"password": "4711"})
ANN = person("Ann Archer", 1301, line={"username": "ann-1_x", "secret": "s p;c\"l,'\\"}, user={"description": "x"})


@EVERYWHERE
def test_a_person_with_an_sccp_line_is_changed(sim: Simulator, strategy: str) -> None:
    give_other_line(sim, "Sue Secretary", 1302)
    assert_applied(sim, SUE, expected=["updated"], strategy=strategy)
    moved = {**SUE, "extension": number(1303), "match": {"firstname": "Sue", "lastname": "Secretary"}}
    assert_applied(sim, moved, expected=["updated"], strategy=strategy)


@pytest.mark.on("xivo16", "wazo")
def test_a_person_with_an_sccp_line_is_removed(sim: Simulator, strategy: str) -> None:
    give_other_line(sim, "Sue Secretary", 1302)
    assert_applied(sim, leaver("Sue Secretary", 1302), expected=["removed"], strategy=strategy)
    assert (len(sim.database.users), len(sim.database.lines)) == (0, 0)


@pytest.mark.on("xivo15")
def test_a_person_with_an_sccp_line_is_not_half_removed(sim: Simulator, strategy: str) -> None:
    give_other_line(sim, "Sue Secretary", 1302)
    words = ["SCCP line (id 1) cannot be deleted", "lets API clients change SIP lines only"]
    assert_refused(sim, leaver("Sue Secretary", 1302), words=words, strategy=strategy)


@EVERYWHERE
def test_a_sip_account_of_the_web_interface(sim: Simulator, strategy: str) -> None:
    assert_applied(sim, ANN, expected=["created"], strategy=strategy)
    assert (line_row(sim, "Ann Archer").username, line_row(sim, "Ann Archer").secret) == tuple(ANN["line"].values())
    other = {**ANN, "line": {"username": "ann-2", "secret": "!"}}
    assert_applied(sim, other, expected=["updated"], strategy=strategy)


@EVERYWHERE
@pytest.mark.parametrize("voicemail", [None, {"password": "4712"}, {"name": "Front desk"}])
def test_a_voicemail_keeps_its_name(sim: Simulator, strategy: str, voicemail: dict[str, str] | None) -> None:
    apply_list(sim, person("Ann Archer", 1301, voicemail={"name": "Front desk", "number": "1301"}))
    entry = {
        **person("Ann Archer", 1304, user={"description": "second floor", "password": "abcd1234"}),
        "match": {"firstname": "Ann", "lastname": "Archer"},
        **({"voicemail": {**voicemail, "number": "1301"}} if voicemail else {}),
    }
    assert_applied(sim, entry, expected=["updated"], strategy=strategy)
    assert [row.name for row in sim.database.voicemails] == ["Front desk"]


@pytest.mark.on("wazo")
def test_recordings_and_webrtc(sim: Simulator, strategy: str) -> None:
    one = person("Ann Archer", 1301, user={"call_record_incoming_external_enabled": True}, line={"webrtc": True})
    assert_applied(sim, one, expected=["created"], strategy=strategy)
    none = person("Ann Archer", 1301, user={"call_record_enabled": False}, line={"webrtc": False})
    assert_applied(sim, none, expected=["updated"], strategy=strategy)
    assert user_row(sim, "Ann Archer").call_record_incoming_external_enabled is False
    assert_unchanged(sim, none, strategy=strategy)
