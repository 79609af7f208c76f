# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Removal of what no entry means is bounded (design.md, rule 9); numbers picked from ranges."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.xivo.confd.plugins.module_utils._bulk.provision import provision
from ansible_collections.xivo.confd.plugins.module_utils._model.errors import InputError, PlanError, ProvisionError
from ansible_collections.xivo.confd.plugins.module_utils._model.sip_usernames import new_username
from ansible_collections.xivo.confd.plugins.module_utils._tasks.extension import ensure_extension
from ansible_collections.xivo.confd.plugins.module_utils._tasks.line_sip import ensure_line_sip
from ansible_collections.xivo.confd.plugins.module_utils._tasks.user import ensure_user
from simulator import Fault, Simulator
from support.helpers import (
    EVERYWHERE,
    Options,
    apply_list,
    number,
    own_extensions,
    perform,
    person,
    phone_book,
    statuses,
    written,
)

pytestmark = EVERYWHERE

ADA, BOB, CLEO = person("Ada A", 1200, 2200), person("Bob B", 1201), person("Cleo C", 1300)


def purge(sim: Simulator, *entries: Options, check: bool = False, **options: Any) -> Options:
    given = {
        "purge": True,
        "purge_scope": {"range": "1200-1299"},
        "purge_limit": 10,
        "purge_allow_empty": not entries,
        **options,
    }
    return apply_list(sim, *entries, check=check, **given)


@pytest.fixture
def house(sim: Simulator) -> Simulator:
    """Ada 1200, Bob 1201, Cleo 1300."""
    apply_list(sim, ADA, BOB, CLEO)
    sim.clear_log()
    return sim


def test_only_who_is_inside_the_scope_and_in_no_entry_goes(house: Simulator) -> None:
    predicted = purge(house, BOB, check=True)
    assert written(house) == []
    done = purge(house, BOB)
    assert set(phone_book(house)) == {"Bob B", "Cleo C"}
    assert own_extensions(house) == ["1201", "1300"]
    assert [each["name"] for each in done["purged"]] == ["Ada A"]
    assert [each["changes"] for each in done["purged"]] == [each["changes"] for each in predicted["purged"]]
    assert done["purged"][0]["status"] == predicted["purged"][0]["status"] == "removed"
    assert not purge(house, BOB)["changed"]


def test_without_purge_they_are_only_shown(house: Simulator) -> None:
    result = apply_list(house, BOB, purge_scope={"range": "1200-1299"})
    assert not result["changed"]
    assert [(each["name"], each["exten"]) for each in result["unmanaged"]] == [("Ada A", "1200")]
    assert len(apply_list(house, BOB)["unmanaged"]) == 2


@pytest.mark.parametrize(
    ("scope", "gone"),
    [
        ({"context": "default"}, {"Ada A", "Bob B", "Cleo C"}),
        ({"context": "sales"}, set()),
        ({"context": "default", "range": "1201-1299"}, {"Bob B"}),
        ({"userfield": "HR"}, set()),
        ({"range": "1300-1300"}, {"Cleo C"}),
    ],
)
def test_parts_of_the_scope_must_all_fit(house: Simulator, scope: Options, gone: set[str]) -> None:
    purge(house, purge_scope=scope)
    assert set(phone_book(house)) == {"Ada A", "Bob B", "Cleo C"} - gone


def test_scope_by_userfield(sim: Simulator) -> None:
    for index, userfield in enumerate(("HR-1", "HR-2", "X-HR", "")):
        perform(sim, ensure_user, firstname=f"User{index}", userfield=userfield)
    purge(sim, purge_scope={"userfield": "HR-"})
    assert set(phone_book(sim)) == {"User2", "User3"}


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"purge_scope": None}, "purge and orphans: remove require purge_scope"),
        ({"purge_scope": {}}, "purge_scope is empty"),
        ({"purge_scope": {"context": ""}}, "purge_scope is empty"),
        ({"purge_scope": {"range": "12"}}, "purge_scope.range is '12', which is not a valid range"),
        ({"purge_scope": {"range": "1300-1200"}}, "which is not a valid range"),
        ({"purge": False, "orphans": "remove", "purge_scope": None}, "require purge_scope"),
    ],
)
def test_bad_scope(house: Simulator, options: Options, words: str) -> None:
    with pytest.raises(InputError, match=words):
        purge(house, **options)
    assert written(house) == []


def test_limit(house: Simulator) -> None:
    with pytest.raises(PlanError, match=r"purge would remove 2, but purge_limit is 1: user Ada A .*, user Bob B"):
        purge(house, purge_limit=1)
    with pytest.raises(PlanError, match="but purge_limit is 0"):
        purge(house, purge_limit=0)
    assert written(house) == []


@pytest.mark.parametrize("entry", [{"user": {}}, {**BOB, "match": {"id": 99}}])
def test_nobody_is_purged_while_an_entry_is_unclear(house: Simulator, entry: Options) -> None:
    with pytest.raises(ProvisionError) as caught:
        purge(house, entry, continue_on_error=True)
    assert len(phone_book(house)) == 3
    assert caught.value.results["warnings"] == ["No user is purged, because the list has entries with problems."]


def test_a_purge_that_fails_is_told(house: Simulator) -> None:
    house.faults.add(Fault("500_before", method="DELETE", path="/users/1", times=2))
    with pytest.raises(ProvisionError, match="Ada A .*simulated fault") as caught:
        purge(house, BOB)
    assert caught.value.results["purged"][0]["status"] == "failed"


def test_a_purged_users_number_is_free_for_an_entry(house: Simulator) -> None:
    purge(house, person("New N", 1200, 2200), BOB)
    assert phone_book(house)["New N"] == ("1200", ["2200"])


# Nothing is removed by accident, and nobody unsaid


@pytest.mark.parametrize("entries", [[], [{**BOB, "state": "absent"}]], ids=["empty", "leavers"])
@pytest.mark.parametrize("options", [{}, {"purge": False, "orphans": "remove"}], ids=["purge", "orphans"])
def test_a_list_of_nobody_purges_nothing(house: Simulator, entries: list[Options], options: Options) -> None:
    with pytest.raises(InputError, match="no entry for a user who is to exist.*set purge_allow_empty to true"):
        purge(house, *entries, **{"purge_allow_empty": False, **options})
    assert written(house) == []


def test_an_undefined_list_is_refused(house: Simulator) -> None:
    with pytest.raises(InputError, match="users is null"):
        perform(house, provision, users=None, purge=True, purge_scope={"context": "default"})


def test_everybody_is_named(house: Simulator) -> None:
    """The report, the warnings and the summary say who was created, changed, removed or purged, and which orphans."""
    perform(house, ensure_user, firstname="Lonely")
    renamed = {**CLEO, "user": {**CLEO["user"], "description": "Sales"}}
    gone = {**BOB, "state": "absent"}
    options: Options = {"orphans": "remove", "purge_scope": {"context": "default"}}
    new = person("New N", 1204)
    perform(house, ensure_line_sip, match={"extension": number(1250)})

    predicted = purge(house, renamed, gone, new, check=True, **options)
    done = purge(house, renamed, gone, new, **options)

    code = done["results"][2]["provisioning_extension"]
    line = done["report"][-1].split()[2]
    assert [line.split() for line in done["report"]] == [
        ["changed", "Cleo", "C", "1300", "description", "nothing", "->", "Sales"],
        ["removed", "Bob", "B", "1201"],
        ["created", "New", "N", "1204", "provisioning", "code", code],
        ["purged", "Ada", "A", "1200", "purge:", "not", "in", "the", "list"],
        ["removed", "line", line, "(id", "4)", "orphan"],
    ]
    verbs = [line[:12].strip() for line in predicted["report"]]
    assert verbs == ["would change", "would remove", "would create", "would remove", "would remove"]
    assert done["warnings"][-2:] == [
        "Removed because they are not in the list (purge): Ada A (1200@default).",
        f"Removed as orphans: line {line} (id 4).",
    ]
    assert [text.partition(":")[0] for text in predicted["warnings"][-2:]] == [
        "Would remove because they are not in the list (purge)",
        "Would remove as orphans",
    ]
    assert (done["summary"]["purged"], done["summary"]["orphans_removed"]) == (1, 1)


def test_a_failure_names_what_was_done(house: Simulator) -> None:
    house.faults.add(Fault("500_before", method="POST", path="/*", times=99))
    with pytest.raises(ProvisionError) as caught:
        purge(house, BOB, person("New N", 1205), continue_on_error=True)
    assert "1 of 3 entries failed:\n- entry 2, New N (1205@default): " in str(caught.value)
    assert "\nOf the others:\n- purged    Ada A " in str(caught.value)


# Whom an entry may change


def test_existing_people_can_be_refused(house: Simulator) -> None:
    """The entry of a new employee does not take what a namesake has; the same entry once more changes nothing."""
    for entry in (person("Bob B", 1290), {**BOB, "incall": number(2290, "from-extern")}):
        with pytest.raises(PlanError, match=r"user Bob B \(id 2\) exists, with 1201@default, and would be changed: "):
            apply_list(house, entry, existing_users="refuse")
    assert written(house) == []
    assert statuses(apply_list(house, BOB, existing_users="refuse")) == ["unchanged"]
    other = {**person("Bob B", 1290), "match": {"userfield": "HR-2"}}
    assert statuses(apply_list(house, other, existing_users="refuse")) == ["created"]


def test_people_without_a_line_are_completed(house: Simulator) -> None:
    perform(house, ensure_user, firstname="Lonely")
    assert statuses(apply_list(house, person("Lonely", 1290), existing_users="refuse")) == ["updated"]


def test_but_not_people_who_have_something_else(house: Simulator) -> None:
    """Somebody without a line whom the web interface has described is no remainder of an interrupted run."""
    perform(house, ensure_user, firstname="Lonely", description="Warehouse")
    with pytest.raises(PlanError, match="exists, with no number, and would be changed: "):
        apply_list(house, person("Lonely", 1290), existing_users="refuse")


def test_existing_people_can_be_required(house: Simulator) -> None:
    with pytest.raises(PlanError, match=r"entry 1, Bib B \(1201@default\): The server has no such user\."):
        apply_list(house, {**person("Bib B", 1201), "state": "absent"}, existing_users="require")
    assert statuses(apply_list(house, {**BOB, "state": "absent"}, existing_users="require")) == ["removed"]


def test_somebody_with_the_new_name_is_not_changed(house: Simulator) -> None:
    """Nobody has the old name, so who has the new one may be another person."""
    renamed: Options = {"match": {"firstname": "Bib", "lastname": "B"}, "user": {"firstname": "Bob", "lastname": "B"}}
    moved = {**renamed, "extension": {"exten": "1209", "context": "default"}}
    with pytest.raises(PlanError, match=r"no such user.* user Bob B \(id 2\) with the new name .* 1201 -> 1209"):
        apply_list(house, moved, existing_users="require")
    assert written(house) == []
    assert statuses(apply_list(house, renamed, existing_users="require")) == ["unchanged"]


# Orphans


EXPECTED = {
    "xivo15": {"numbers": [], "incalls": [], "unclear": ["1250", "1350", "2250"]},
    "xivo16": {"numbers": [], "incalls": ["2250"], "unclear": ["1250", "1350"]},
    "wazo": {"numbers": ["1250", "1350"], "incalls": ["2250"], "unclear": []},
}


@pytest.fixture
def orphans(house: Simulator) -> Simulator:
    """A user without line, a line, a number and an incall that belong to nobody."""
    perform(house, ensure_user, firstname="Lonely")
    perform(house, ensure_line_sip, username="spare", context="default")
    for exten in (1250, 1350, 2250):
        perform(house, ensure_extension, **number(exten))
    house.clear_log()
    return house


def test_orphans_are_reported(orphans: Simulator) -> None:
    result = apply_list(orphans, ADA, BOB, CLEO, orphans="report")
    found = result["orphans"]
    assert [each["name"] for each in found["users"]] == ["Lonely"]
    assert [each["username"] for each in found["lines"]] == ["spare"]
    extens = {name: [each["exten"] for each in found[name]] for name in ("numbers", "incalls", "unclear")}
    assert extens == EXPECTED[orphans.generation.name]
    found_lines = [line.split()[0] for line in result["report"]]
    assert found_lines == ["orphan"] * (2 + len(extens["numbers"] + extens["incalls"])) + ["unclear"] * len(
        extens["unclear"]
    )
    assert written(orphans) == []
    # Unasked they are shown only where the lists tell whose a line is, so that it costs nothing.
    unasked = ["spare"] if orphans.generation.name == "wazo" else []
    assert [each["username"] for each in apply_list(orphans, ADA)["orphans"]["lines"]] == unasked


@pytest.mark.parametrize("kind", ["queue", "group", "conference"])
@pytest.mark.on("xivo15", "xivo16")
def test_the_number_of_something_else_is_no_orphan(house: Simulator, kind: str) -> None:
    house.database.extensions.insert(**number(1250), type=kind, typeval="3")
    found = apply_list(house, ADA, BOB, CLEO, orphans="report")["orphans"]
    assert (found["numbers"], found["incalls"]) == ([], [])
    options: Options = {"orphans": "remove", "purge_limit": 10, "purge_scope": {"context": "default"}}
    assert apply_list(house, ADA, BOB, CLEO, **options)["orphans_removed"] == []
    assert "1250" in own_extensions(house)


def test_what_an_interrupted_run_left_is_an_orphan(house: Simulator) -> None:
    perform(house, ensure_extension, **number(1250))
    perform(house, ensure_line_sip, match={"extension": number(1250)})
    found = apply_list(house, ADA, BOB, CLEO, orphans="report")["orphans"]
    assert [each["exten"] for each in found["numbers"]] == ["1250"]
    assert found["unclear"] == []


@pytest.mark.on("wazo")
def test_orphans_are_removed_inside_the_scope(orphans: Simulator) -> None:
    options: Options = {"orphans": "remove", "purge_limit": 10, "purge_scope": {"range": "1200-1299"}}
    result = apply_list(orphans, ADA, BOB, CLEO, **options)
    assert result["orphans_removed"] == ["1250@default"]
    assert {"1250", "1350", "2250"} & set(own_extensions(orphans)) == {"1350", "2250"}
    apply_list(orphans, ADA, BOB, CLEO, **{**options, "purge_scope": {"context": "default"}})
    assert "spare" not in [orphans.database.sip_line(row.id).username for row in orphans.database.lines]
    assert "1350" not in own_extensions(orphans)
    apply_list(orphans, ADA, BOB, CLEO, **{**options, "purge_scope": {"context": "from-extern"}})
    assert "2250" in own_extensions(orphans)


@pytest.mark.on("wazo")
def test_orphans_have_a_limit_of_their_own(orphans: Simulator) -> None:
    with pytest.raises(PlanError, match="orphans: remove would remove 3, but purge_limit is 2"):
        apply_list(orphans, ADA, BOB, CLEO, orphans="remove", purge_limit=2, purge_scope={"context": "default"})
    assert written(orphans) == []


@pytest.mark.on("wazo")
def test_an_orphan_that_the_server_keeps_is_left_alone(orphans: Simulator) -> None:
    extension = orphans.database.extensions.first(exten="1250", context="default")
    orphans.faults.add(
        Fault(
            "callback", method="DELETE", path=f"/extensions/{extension.id}", callback=lambda *_: use(orphans, extension)
        )
    )
    scope: Options = {"purge_limit": 10, "purge_scope": {"range": "1200-1299"}}
    result = apply_list(orphans, ADA, BOB, CLEO, orphans="remove", **scope)
    assert result["orphans_removed"] == []
    assert any(each.startswith("1250@default was not removed: ") for each in result["warnings"])
    assert "1250" in own_extensions(orphans)


def use(sim: Simulator, extension: Any) -> None:
    """Somebody puts a free number on a free line."""
    (line,) = [row for row in sim.database.lines if sim.database.sip_line(row.id).username == "spare"]
    sim.database.share_extension(line.id, extension.id)


def test_users_without_a_line_are_purged_if_in_scope(orphans: Simulator) -> None:
    perform(orphans, ensure_user, match={"firstname": "Lonely", "lastname": None}, firstname="Lonely", userfield="X-1")
    scope: Options = {"purge_limit": 10, "purge_scope": {"userfield": "X-"}}
    assert apply_list(orphans, ADA, BOB, CLEO, orphans="remove", **scope)["orphans_removed"] == ["user Lonely (id 4)"]
    assert "Lonely" not in phone_book(orphans)


# Ranges


def ranged(name: str, text: str, *incalls: str) -> Options:
    entry = person(name, extension={"range": text, "context": "default"})
    if incalls:
        entry["incalls"] = [{"range": each, "context": "from-extern"} for each in incalls]
    return entry


def test_the_lowest_free_numbers_are_picked_and_kept(house: Simulator) -> None:
    entries = [ADA, ranged("New N", "1200-1210", "2200-2210"), ranged("Old O", "1200-1210"), person("Given G", 1203)]
    apply_list(house, *entries)
    book = phone_book(house)
    assert [book[name] for name in ("New N", "Old O", "Given G")] == [("1202", ["2201"]), ("1204", []), ("1203", [])]
    assert not apply_list(house, *entries)["changed"]


def test_a_range_that_is_used_up(house: Simulator) -> None:
    with pytest.raises(
        PlanError, match=r"No number of 1200-1201@default is free: all 2 are used\. Choose a larger range"
    ):
        apply_list(house, ranged("New N", "1200-1201"))


def test_leading_zeros(sim: Simulator) -> None:
    entry = person("Ada A", 1200, incalls=[{"range": "0300000000-0300000009", "context": "from-extern"}])
    apply_list(sim, entry)
    assert phone_book(sim) == {"Ada A": ("1200", ["0300000000"])}


def test_a_number_of_an_interrupted_run_is_picked_again(sim: Simulator) -> None:
    username = new_username("1200@default")
    line = perform(sim, ensure_line_sip, username=username, context="default")["line_sip"]["id"]
    extension = perform(sim, ensure_extension, **number(1200))["extension"]["id"]
    sim.database.share_extension(line, extension)
    assert statuses(apply_list(sim, ranged("Ada A", "1200-1205"))) == ["created"]
    assert phone_book(sim) == {"Ada A": ("1200", [])}


@pytest.mark.parametrize(
    ("extension", "words"),
    [
        ({"range": "12", "context": "default"}, "which is not a valid range"),
        ({"range": "999-1000", "context": "default"}, "whose ends have different lengths"),
        (
            {"range": "1200-1201", "exten": "1", "context": "default"},
            "extension.range are mutually exclusive",
        ),
    ],
)
def test_bad_range(sim: Simulator, extension: Options, words: str) -> None:
    with pytest.raises(PlanError, match=words):
        apply_list(sim, person("Ada A", extension=extension))
