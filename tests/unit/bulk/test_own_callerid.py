# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every PUT of a user overwrites the caller ID of the line on XiVO up to 16.12. One of its own is put back.

Source: xivo-15.12.md, trap 5; xivo-15.12.md, "lines_sip".
"""

from __future__ import annotations

import pytest

from ansible_collections.xivo.confd.plugins.module_utils._tasks.extension import ensure_extension
from ansible_collections.xivo.confd.plugins.module_utils._tasks.line_sip import ensure_line_sip
from ansible_collections.xivo.confd.plugins.module_utils._tasks.user import ensure_user
from simulator import Fault, Simulator
from support.helpers import (
    Options,
    apply_list,
    extension_row,
    line_row,
    perform,
    person,
    statuses,
    unchanged_after,
    user_row,
)
from support.ownership import STRATEGIES, run, said

ANN = {"firstname": "Ann", "lastname": "Archer"}
ANNA = {"firstname": "Anna", "lastname": "Archer"}
OWN = '"Front desk" <1301>'


def callerid(sim: Simulator, name: str = "Ann Archer") -> str | None:
    value: str | None = line_row(sim, name).callerid
    return value


@pytest.fixture
def ann(sim: Simulator) -> Simulator:
    apply_list(sim, person("Ann Archer", 1301, user={"description": "a"}))
    give(sim, OWN)
    return sim


def give(sim: Simulator, value: str) -> None:
    perform(sim, ensure_line_sip, id=line_row(sim, "Ann Archer").id, callerid=value)
    sim.clear_log()


@STRATEGIES
def test_a_changed_user_keeps_the_callerid(ann: Simulator, strategy: str) -> None:
    entry = person("Ann Archer", 1301, user={"description": "b", "password": "s3cretword"})
    planned = run(ann, entry, strategy=strategy, check=True)
    done = run(ann, entry, strategy=strategy)
    assert said(planned) == said(done)
    assert user_row(ann, "Ann Archer").description == "b"
    assert callerid(ann) == OWN
    assert unchanged_after(ann, entry)


@STRATEGIES
@pytest.mark.parametrize("kept", [OWN, '"Ann Archer" <021234>', '"Ann Archer"', ""])
def test_a_given_callerid_is_no_change_of_its_own(ann: Simulator, strategy: str, kept: str) -> None:
    give(ann, kept)
    entry = person("Ann Archer", 1301, user={"description": "b"}, line={"callerid": kept})
    (result,) = run(ann, entry, strategy=strategy).results
    assert result["changes"] == ["update user Ann Archer: description"]
    assert callerid(ann) == (kept or None)
    assert unchanged_after(ann, entry)


@STRATEGIES
@pytest.mark.parametrize(
    ("before", "after"),
    [
        (OWN, '"Front desk" <1302>'),
        ('"Front desk" <021234>', '"Front desk" <021234>'),
        ('"Front desk"', '"Front desk"'),
        ('"Ann Archer" <021234>', '"Anna Archer" <021234>'),
        ('"Ann Archer" <1301>', '"Anna Archer" <1302>'),
    ],
)
def test_what_was_made_of_name_and_number_follows(ann: Simulator, strategy: str, before: str, after: str) -> None:
    give(ann, before)
    entry = {**person("Anna Archer", 1302), "match": ANN}
    assert not run(ann, entry, strategy=strategy).error
    assert callerid(ann, "Anna Archer") == after
    assert unchanged_after(ann, entry)


@STRATEGIES
def test_a_given_callerid_is_written_with_the_user(ann: Simulator, strategy: str) -> None:
    entry = person("Ann Archer", 1302, user={"description": "b"}, line={"callerid": '"Gate" <1302>'})
    assert not run(ann, entry, strategy=strategy).error
    assert callerid(ann) == '"Gate" <1302>'
    assert unchanged_after(ann, entry)


def test_single_modules_keep_the_callerid(ann: Simulator) -> None:
    assert perform(ann, ensure_user, **ANN, description="b")["changed"]
    assert callerid(ann) == OWN
    perform(ann, ensure_user, **ANNA, match=ANN)
    assert callerid(ann, "Anna Archer") == OWN
    perform(ann, ensure_extension, id=extension_row(ann, 1301).id, exten="1302")
    assert callerid(ann, "Anna Archer") == '"Front desk" <1302>'


@STRATEGIES
@pytest.mark.parametrize("before", [OWN, '"Ann Archer" <1301>'])
def test_a_failed_entry_keeps_the_callerid(ann: Simulator, strategy: str, before: str) -> None:
    give(ann, before)
    ann.faults.add(Fault("500_before", "POST", "/extensions", times=9))
    entry = {**person("Anna Archer", 1302, 2301, user={"description": "b"}), "match": ANN}
    assert run(ann, entry, strategy=strategy).error
    assert callerid(ann) == before
    assert user_row(ann, "Ann Archer").description == "a"


def test_a_secondary_user_does_not_touch_the_callerid(ann: Simulator) -> None:
    perform(ann, ensure_user, firstname="Bob", lastname="")
    line, bob = line_row(ann, "Ann Archer"), user_row(ann, "Bob")
    ann.database.user_lines.insert(user_id=bob.id, line_id=line.id, main_user=False, main_line=True)
    give(ann, '"Bob" <1301>')
    perform(ann, ensure_user, match={"id": bob.id}, firstname="Rob")
    assert callerid(ann) == '"Bob" <1301>'


def test_a_callerid_that_is_lost_is_said(ann: Simulator) -> None:
    ann.faults.add(Fault("500_before", "PUT", "/lines_sip/*", times=9))
    result = apply_list(ann, person("Ann Archer", 1301, user={"description": "b"}))
    assert statuses(result) == ["updated"]
    (warning,) = result["warnings"]
    assert "overwritten the callerid '\"Front desk\" <1301>' of line" in warning


@pytest.mark.parametrize("given", [{}, {"line": {"callerid": OWN}}])
def test_an_unchanged_list_reads_nothing_more(ann: Simulator, given: Options) -> None:
    """It reads four lists, and the line of an entry that gives a caller ID."""
    assert not apply_list(ann, person("Ann Archer", 1301, user={"description": "a"}, **given))["changed"]
    assert sum(request.status == 200 for request in ann.requests) == 4 + len(given)
