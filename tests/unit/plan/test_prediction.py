# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check mode tells the truth and a second run changes nothing (design.md, rule 3 and rule 1), on random servers."""

from __future__ import annotations

from typing import Any

from hypothesis import given, note, settings
from hypothesis import strategies as st

from ansible_collections.xivo.confd.plugins.module_utils._model.errors import ConfdError, ProvisionError
from simulator import Simulator
from support.helpers import EVERYWHERE, Options, apply_list, changes, counts, number, statuses, written

pytestmark = EVERYWHERE

NAMES = ("Ada A", "Bob B", "Cleo", "Dan D")
NUMBERS = [number(exten) for exten in (1200, 1201, 1202, 1203)] + [number(4000, "sales")]
INCALLS = [number(exten) for exten in (2200, 2201, 2202)]


def names(name: str) -> Options:
    first, _space, last = name.partition(" ")
    return {"firstname": first, **({"lastname": last} if last else {})}


@st.composite
def entries(draw: st.DrawFn, name: str) -> Options:
    """Something that a variables file may say of a user, good or bad."""
    entry: Options = {"user": names(name)}
    if draw(st.booleans()):
        entry["user"].update(draw(st.sampled_from([{"caller_id": "Boss"}, {"userfield": "HR-1"}, {"description": ""}])))
    if draw(st.integers(0, 3)):
        entry["extension"] = draw(st.sampled_from(NUMBERS))
    if draw(st.booleans()):
        entry["incalls"] = draw(st.lists(st.sampled_from(INCALLS), max_size=2, unique_by=lambda each: each["exten"]))
    if "extension" in entry and not draw(st.integers(0, 3)):
        entry["line"] = draw(st.sampled_from([{"secret": "s3cret"}, {"callerid": "X"}, {"username": "sip"}]))
    if not draw(st.integers(0, 4)):
        entry["state"] = "absent"
    if not draw(st.integers(0, 4)):
        entry["match"] = draw(st.sampled_from([names(each) for each in NAMES] + [NUMBERS[0], {"userfield": "HR-1"}]))
    return entry


LISTS = st.lists(st.sampled_from(NAMES).flatmap(entries), max_size=4)


@st.composite
def servers(draw: st.DrawFn) -> list[Options]:
    """Users who are there already: a list that no entry of can fail."""
    taken = draw(st.permutations(NUMBERS))
    incalls = draw(st.permutations(INCALLS))
    people = draw(st.lists(st.sampled_from(NAMES), unique=True, max_size=4))
    return [
        {"user": names(name), "extension": taken[index], "incalls": incalls[index : index + 1]}
        for index, name in enumerate(people)
    ]


def attempt(sim: Simulator, wanted: list[Options], check: bool, **options: Any) -> tuple[Options, str]:
    """(results, error)."""
    try:
        return apply_list(sim, *wanted, check=check, **options), ""
    except ProvisionError as error:
        return error.results, str(error)
    except ConfdError as error:
        return {"results": [], "changed": False, "diff": []}, f"{type(error).__name__}: {error}"


def without_random(diff: list[Options]) -> list[Options]:
    """Diffs without what only the server or chance knows: ids, SIP accounts, provisioning codes."""
    hidden = {"id", "user_id", "line_id", "extension_id", "username", "secret", "provisioning_extension"}
    return [
        {
            **step,
            **{when: {k: v for k, v in step[when].items() if k not in hidden} for when in ("before", "after")},
            "before_header": None,
            "after_header": None,
        }
        for step in diff
    ]


@given(server=servers(), wanted=LISTS)
def test_check_mode_predicts_and_the_second_run_changes_nothing(
    sim: Simulator, server: list[Options], wanted: list[Options]
) -> None:
    sim.reset()
    apply_list(sim, *server)
    before = sim.state()
    sim.clear_log()
    predicted, expected_error = attempt(sim, wanted, check=True)
    assert written(sim) == []
    done, error = attempt(sim, wanted, check=False)
    note(f"{expected_error} / {error}")
    assert error == expected_error
    assert statuses(done) == statuses(predicted)
    assert changes(done) == changes(predicted)
    assert done["changed"] == predicted["changed"] == bool(written(sim))
    assert without_random(done["diff"]) == without_random(predicted["diff"])
    if error:
        assert sim.state() == before
        return
    sound(sim)
    if not any("match" in entry for entry in wanted):
        # Where an entry gives a new name to what its match looks for, somebody else may be meant next time.
        again, error = attempt(sim, wanted, check=False)
        assert (error, changes(again)) == ("", [])


def sound(sim: Simulator) -> None:
    """Nothing is left over or half there."""
    have = counts(sim)
    assert have["lines"] == have["user_lines"] == have["line_extensions"]
    assert have["extensions"] == have["line_extensions"] + have["incalls"]


@settings(max_examples=settings().max_examples // 3)
@given(server=servers(), wanted=LISTS)
def test_continue_on_error_does_the_rest(sim: Simulator, server: list[Options], wanted: list[Options]) -> None:
    sim.reset()
    apply_list(sim, *server)
    predicted, expected_error = attempt(sim, wanted, check=True, continue_on_error=True)
    done, error = attempt(sim, wanted, check=False, continue_on_error=True)
    # Check mode says in other words what it would do for the others.
    assert error.partition("Of the others:")[0] == expected_error.partition("Of the others:")[0]
    assert statuses(done) == statuses(predicted)
    assert changes(done) == changes(predicted)
    sound(sim)
