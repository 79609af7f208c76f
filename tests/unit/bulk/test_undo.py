# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An undo gives people what they had before a run, says what is lost, and overwrites nobody else's change."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.xivo.confd.plugins.module_utils._model.errors import PlanError, ProvisionError
from simulator import Fault, Simulator
from support.func_keys import custom, to_user
from support.helpers import (
    EVERYWHERE,
    Options,
    apply_list,
    backend_of,
    leaver,
    person,
    statuses,
    user_row,
    written,
)
from support.role import Role
from support.undoing import ANN, BOB, exported, lines, run, undone
from support.user_parts import for_generation, make_names

BUSY = {"hangup": "busy"}


@pytest.fixture
def file(tmp_path: Path) -> str:
    return str(tmp_path / "journal.jsonl")


def name_of(number: int) -> str:
    return f"Person N{number:02}"


LEAVERS = (3, 9, 16)


def crowd(sim: Simulator) -> list[Options]:
    """Twenty people with all that a person can have on the server. Each one's calls go to the next one."""
    people = []
    for at in range(20):
        other = name_of((at + 1) % 20)
        entry = person(
            name_of(at),
            1200 + at,
            2200 + at,
            user={"language": "fr_FR", "userfield": f"HR-{at}"},
            voicemail={"email": f"n{at}@example.org"} if at % 3 == 0 else None,
            login={"username": f"login{at}", "password": f"Pass-word-{at}"} if at % 4 == 0 else None,
            services={"dnd": True},
            forwards={"busy": {"destination": "0123", "enabled": True}},
            groups=["sales"] if at % 2 else None,
            call_permissions=["night"],
            fallbacks={"busy": {"user": dict(zip(("firstname", "lastname"), other.split(maxsplit=1)))}},
            # The server itself removes keys that lead to a leaver.
            func_keys={"keys": {"1": custom("*10"), **({} if (at + 1) in LEAVERS else {"2": to_user(other)})}},
        )
        people.append(for_generation(sim.generation.name, {key: each for key, each in entry.items() if each}))
    return people


def moved(sim: Simulator, people: list[Options]) -> list[Options]:
    """The same people after a busy day: some left, some changed, two exchanged their numbers, and somebody is new."""
    after = [{key: each for key, each in entry.items() if key not in ("fallbacks", "func_keys")} for entry in people]
    for at in LEAVERS:
        after[at] = leaver(name_of(at), 1200 + at)
    after[0]["extension"], after[1]["extension"] = after[1]["extension"], after[0]["extension"]
    after[4] |= {"user": {**after[4]["user"], "language": "de_DE", "userfield": ""}, "incalls": []}
    after[5] |= {"forwards": {"busy": {"destination": "", "enabled": False}}, "func_keys": {"keys": {}}}
    after[6] |= {"services": {"dnd": False}, "voicemail": {"email": "", "number": "1777", "context": "default"}}
    after[7] |= {"extension": {"exten": "4000", "context": "sales"}, "func_keys": {"keys": {"1": custom("*20")}}}
    after[8] |= {"login": {"state": "absent"}, "match": {"exten": "1208", "context": "default"}}
    after[8]["user"] = {**after[8]["user"], "firstname": "Renamed"}
    after[11] |= {"groups": ["support"], "call_permissions": [], "fallbacks": {"busy": "", "fail": BUSY}}
    new = person("New Newman", 1250, 2250, voicemail={})
    return [for_generation(sim.generation.name, entry) for entry in (*after, new)]


@pytest.mark.always
@EVERYWHERE
def test_twenty_people_get_everything_back(sim: Simulator, file: str) -> None:
    make_names(sim)
    people = crowd(sim)
    apply_list(sim, *people)
    before = exported(sim)
    run(sim, file, *moved(sim, people))
    assert exported(sim) != before
    sim.clear_log()
    planned = undone(sim, file, check=True)
    assert written(sim) == []
    done = undone(sim, file)
    assert statuses(planned) == statuses(done)
    assert sorted(set(statuses(done))) == ["created", "removed", "updated"]
    assert exported(sim) == before
    again = undone(sim, file)
    assert not again["changed"]


@pytest.mark.on("xivo16", "wazo")
def test_who_had_no_groups_has_none_again(sim: Simulator, file: str) -> None:
    make_names(sim)
    apply_list(sim, ANN)
    before = exported(sim)
    run(sim, file, person("Ann Archer", 1200, groups=["sales"], call_permissions=["night"]))
    undone(sim, file)
    assert exported(sim) == before


# What somebody else has changed since


def found_by(sim: Simulator, file: str, **options: Any) -> str:
    with pytest.raises(PlanError) as error:
        undone(sim, file, **options)
    assert written(sim) == []
    return str(error.value)


@pytest.fixture
def changed(sim: Simulator, file: str) -> Simulator:
    """A run has changed Ann, and somebody else has changed the same since."""
    apply_list(sim, ANN, BOB)
    run(sim, file, person("Ann Archer", 1200, user={"language": "fr_FR"}), person("Bob Baker", 1202))
    apply_list(sim, person("Ann Archer", 1200, user={"language": "de_DE"}))
    sim.clear_log()
    return sim


@EVERYWHERE
def test_a_change_since_is_listed_and_nothing_is_written(changed: Simulator, file: str) -> None:
    text = found_by(changed, file)
    assert "Ann Archer (1200@default): language of user Ann Archer" in text
    assert "is de_DE, and the run left fr_FR" in text
    assert "Bob" not in text
    assert "changed_since" in text


@EVERYWHERE
def test_who_was_changed_since_can_be_left_alone(changed: Simulator, file: str) -> None:
    result = undone(changed, file, changed_since="skip")
    assert result["left_alone"] == ["Ann Archer (1200@default)"]
    assert [row["label"] for row in result["results"]] == ["Bob Baker (1202@default)"]
    assert user_row(changed, "Ann Archer").language == "de_DE"


@EVERYWHERE
def test_who_was_changed_since_can_be_overwritten(changed: Simulator, file: str) -> None:
    undone(changed, file, changed_since="overwrite")
    assert user_row(changed, "Ann Archer").language is None


@EVERYWHERE
def test_what_the_run_did_not_write_stays(sim: Simulator, file: str) -> None:
    apply_list(sim, ANN)
    run(sim, file, person("Ann Archer", 1200, 2201, 2202))
    apply_list(sim, person("Ann Archer", 1200, 2201, 2202, 2203, user={"userfield": "HR-1"}))
    undone(sim, file)
    (entry,) = exported(sim)
    assert {each["exten"] for each in entry["incalls"]} == {"2200", "2203"}
    assert entry["user"]["userfield"] == "HR-1"


@EVERYWHERE
def test_a_number_that_moved_since_is_a_change(sim: Simulator, file: str) -> None:
    apply_list(sim, BOB)
    run(sim, file, person("Bob Baker", 1202))
    apply_list(sim, person("Bob Baker", 1203))
    sim.clear_log()
    assert "is 1203@default, and the run left 1202@default" in found_by(sim, file)


@EVERYWHERE
def test_what_a_new_person_got_since_is_not_lost(sim: Simulator, file: str) -> None:
    run(sim, file, BOB)
    apply_list(sim, person("Bob Baker", 1201, 2200, voicemail={}, user={"userfield": "HR-1"}))
    sim.clear_log()
    text = found_by(sim, file)
    for each in ("voicemail of user Bob Baker is voicemail 1201@default", "2200@from-extern", "userfield"):
        assert each in text
    undone(sim, file, changed_since="overwrite")
    assert exported(sim) == []


@EVERYWHERE
def test_somebody_made_anew_by_hand_is_a_change(sim: Simulator, file: str) -> None:
    apply_list(sim, BOB)
    run(sim, file, leaver("Bob Baker"))
    apply_list(sim, person("Bob Baker", 1201, 2201))
    sim.clear_log()
    assert "2201" in found_by(sim, file)


@EVERYWHERE
def test_a_number_that_somebody_else_has_now_is_refused(sim: Simulator, file: str) -> None:
    apply_list(sim, BOB)
    run(sim, file, leaver("Bob Baker"))
    apply_list(sim, person("Cleo Carter", 1201))
    sim.clear_log()
    assert "1201@default already belongs to" in found_by(sim, file)


@EVERYWHERE
def test_a_namesake_hired_since_is_another_person(sim: Simulator, file: str) -> None:
    apply_list(sim, BOB)
    run(sim, file, leaver("Bob Baker"))
    apply_list(sim, person("Bob Baker", 1209))
    assert statuses(undone(sim, file)) == ["created"]
    assert sorted(each["extension"]["exten"] for each in exported(sim)) == ["1201", "1209"]


@EVERYWHERE
def test_who_is_gone_since_is_a_change(sim: Simulator, file: str) -> None:
    apply_list(sim, BOB)
    run(sim, file, person("Bob Baker", 1202))
    apply_list(sim, leaver("Bob Baker"))
    sim.clear_log()
    assert "state of" in found_by(sim, file)
    result = undone(sim, file, changed_since="overwrite")
    assert "somebody has removed this user since the run" in " ".join(result["not_restored"])
    assert exported(sim) == []


# What does not come back


@EVERYWHERE
def test_what_is_lost_is_said_before_and_after(sim: Simulator, file: str) -> None:
    make_names(sim)
    apply_list(sim, person("Bob Baker", 1201, voicemail={}, login={"username": "bob", "password": "Secr-3t-12"}))
    run(sim, file, leaver("Bob Baker"))
    planned, done = undone(sim, file, check=True), undone(sim, file)
    assert planned["not_restored"] == done["not_restored"]
    text = " ".join(done["not_restored"])
    for each in ("SIP account", "provisioning code", "recorded messages", "password of the", "function keys"):
        assert each in text
    assert all(each.startswith("Bob Baker") for each in done["not_restored"])


@EVERYWHERE
def test_a_replaced_secret_is_said(sim: Simulator, file: str) -> None:
    apply_list(sim, person("Bob Baker", 1201, line={"secret": "oldsecret1"}))
    run(sim, file, person("Bob Baker", 1201, line={"secret": "newsecret1"}))
    result = undone(sim, file)
    assert "the old secret of the SIP account: the new one stays" in result["not_restored"][0]
    assert not result["changed"]


@pytest.mark.on("xivo16", "wazo")
def test_links_of_others_come_back(sim: Simulator, file: str) -> None:
    links = {"fallbacks": {"busy": {"user": {"firstname": "Bob", "lastname": "Baker"}}}}
    apply_list(sim, person("Ann Archer", 1200, **links), BOB)
    before = exported(sim)
    run(sim, file, leaver("Bob Baker"))
    result = undone(sim, file, person="Bob Baker")
    assert statuses(result) == ["created", "updated"]
    assert exported(sim) == before


@pytest.mark.on("xivo16")
def test_the_fallbacks_of_a_group_are_said(sim: Simulator, file: str) -> None:
    make_names(sim)
    apply_list(sim, BOB)
    client = backend_of(sim).client
    (group, *_others) = client.get_items("/groups")
    destination = {"type": "user", "user_id": user_row(sim, "Bob Baker").id}
    client.put(f"/groups/{group['id']}/fallbacks", {"noanswer_destination": destination})
    run(sim, file, leaver("Bob Baker"))
    assert "the fallbacks of group sales" in " ".join(undone(sim, file)["not_restored"])


@EVERYWHERE
def test_a_purge_can_be_undone(sim: Simulator, file: str) -> None:
    apply_list(sim, ANN, BOB)
    before = exported(sim)
    run(sim, file, ANN, purge=True, purge_limit=1, purge_scope={"context": "default"})
    assert statuses(undone(sim, file)) == ["created"]
    assert exported(sim) == before


@pytest.mark.on("xivo15")
def test_a_run_step_by_step_can_be_undone(sim: Simulator, file: str) -> None:
    apply_list(sim, ANN, BOB)
    before = exported(sim)
    entries = [person("Ann Archer", 1201, 2201), leaver("Bob Baker", 1201), person("New Newman", 1250)]
    role = Role(sim, provision_users=entries, provision_strategy="stepwise", provision_journal=file).run()
    assert role.error == ""
    undone(sim, file)
    assert exported(sim) == before


@EVERYWHERE
def test_a_failed_run_needs_no_way_back_for_what_it_put_back(sim: Simulator, file: str) -> None:
    apply_list(sim, ANN, BOB)
    before = exported(sim)
    sim.faults.add(Fault("500_before", method="POST", path="/extensions", times=3))
    with pytest.raises(ProvisionError):
        run(sim, file, person("Ann Archer", 1210, 2210), person("Bob Baker", 1211), continue_on_error=True)
    sim.faults.clear()
    assert exported(sim) != before
    undone(sim, file)
    assert exported(sim) == before


@EVERYWHERE
def test_a_line_that_was_too_long_is_said(sim: Simulator, file: str) -> None:
    apply_list(sim, BOB)
    run(sim, file, person("Bob Baker", 1201, user={"language": "fr_FR"}))
    rows = [
        {**row, "before": None, "after": None, "shortened": True} if row["event"] == "write" else row
        for row in lines(file)
    ]
    Path(file).write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")
    assert "too long" in undone(sim, file)["not_restored"][0]


@pytest.mark.always
@EVERYWHERE
def test_people_with_everything_go_as_they_came(sim: Simulator, file: str) -> None:
    make_names(sim)
    before = sim.state()
    run(sim, file, *crowd(sim)[:6], person(name_of(6), 1206))
    assert set(statuses(undone(sim, file))) == {"removed"}
    for table in ("users", "lines", "extensions", "voicemails"):
        assert sim.state()[table] == before[table], table


@EVERYWHERE
def test_a_replaced_password_of_a_login_is_said(sim: Simulator, file: str) -> None:
    make_names(sim)
    login = {"username": "bob", "password": "Secr-3t-12"}
    apply_list(sim, person("Bob Baker", 1201, login=login))
    run(sim, file, person("Bob Baker", 1201, login={**login, "password": "Secr-3t-13"}), update_password="always")
    assert "password of the" in " ".join(undone(sim, file)["not_restored"])


def shared_voicemail(sim: Simulator) -> list[Options]:
    """Everybody, of whom Ann and Bob have the same voicemail."""
    apply_list(sim, person("Ann Archer", 1200), person("Bob Baker", 1201, voicemail={}))
    row = sim.database.voicemails.first(number="1201")
    sim.database.user_voicemails.insert(user_id=user_row(sim, "Ann Archer").id, voicemail_id=row.id)
    return exported(sim)


@EVERYWHERE
def test_the_share_of_a_voicemail_is_said(sim: Simulator, file: str) -> None:
    before = shared_voicemail(sim)
    run(sim, file, leaver("Bob Baker"))
    result = undone(sim, file)
    assert "the voicemail, which others have, too" in " ".join(result["not_restored"])
    assert "recorded messages" not in " ".join(result["not_restored"])
    without = [{key: each for key, each in entry.items() if key != "voicemail"} for entry in before]
    assert exported(sim) == [before[0], without[1]]


@EVERYWHERE
def test_who_had_a_voicemail_together_come_back(sim: Simulator, file: str) -> None:
    shared_voicemail(sim)
    run(sim, file, leaver("Ann Archer"), leaver("Bob Baker"))
    result = undone(sim, file)
    assert statuses(result) == ["created", "created"]
    assert [bool(each.get("voicemail")) for each in exported(sim)].count(True) == 1
    assert " ".join(result["not_restored"]).count("which others have, too") == 1
    assert not undone(sim, file)["changed"]
