# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check that every heading of docs/guides/troubleshooting.md is a message that the collection really returns."""

from __future__ import annotations

import re
from collections.abc import Callable
from unittest.mock import patch

import pytest
from ansible.errors import AnsibleActionFail

from ansible_collections.xivo.confd.plugins.action import confd_guard
from ansible_collections.xivo.confd.plugins.module_utils._bulk.provision import provision
from ansible_collections.xivo.confd.plugins.module_utils._model.errors import ConfdError
from ansible_collections.xivo.confd.plugins.module_utils._tasks.associations import (
    ensure_line_extension,
    ensure_user_line,
)
from ansible_collections.xivo.confd.plugins.module_utils._tasks.device import ensure_device
from ansible_collections.xivo.confd.plugins.module_utils._tasks.extension import ensure_extension
from ansible_collections.xivo.confd.plugins.module_utils._tasks.line_sip import ensure_line_sip
from ansible_collections.xivo.confd.plugins.module_utils._tasks.user import ensure_user
from ansible_collections.xivo.confd.plugins.module_utils._tasks.voicemail import ensure_voicemail
from simulator import Fault, Simulator
from support.connection_messages import CONNECTION_MESSAGES
from support.helpers import apply_list, client_of, extension_row, leaver, number, perform, person
from support.paths import ROOT
from support.plans import apply_approved, plan_of
from support.undo_messages import UNDO_MESSAGES

PAGE = ROOT / "docs" / "guides" / "troubleshooting.md"
HEADING = re.compile(r"^### `(.+)`$", re.MULTILINE)
ADA = person("Ada Lovelace", 1200)

Case = Callable[[Simulator], object]
CASES: dict[str, Case] = {**CONNECTION_MESSAGES, **UNDO_MESSAGES}


def message(heading: str) -> Callable[[Case], Case]:
    """Register the case in which the collection returns the message of a heading."""

    def remember(case: Case) -> Case:
        CASES[heading] = case
        return case

    return remember


# Installation


@message("This is ansible-core …, but the collection needs ansible-core … or newer. …")
def case_50(_sim: Simulator) -> None:
    with patch.object(confd_guard, "ansible_version", "2.14.18"):
        confd_guard.refuse_old_ansible()


# Identification of users and lines


@message("… users have …: …")
def case_12(sim: Simulator) -> None:
    for _each in range(2):
        sim.database.users.insert(firstname="Ada", lastname="Lovelace", caller_id='"Ada Lovelace"')
    perform(sim, ensure_user, firstname="Ada", lastname="Lovelace")


@message("… existing users have this name: …")
def case_13(sim: Simulator) -> None:
    apply_list(sim, ADA, person("Ada Lovelace", 1201))
    apply_list(sim, person("Ada Lovelace", 1202))


@message("several entries have this name, and nothing else distinguishes them. …")
def case_32(sim: Simulator) -> None:
    apply_list(sim, person("Ada Lovelace"), person("Ada Lovelace"))


@message("the match of another entry identifies …")
def case_33(sim: Simulator) -> None:
    apply_list(sim, ADA)
    apply_list(sim, {**ADA, "match": {"id": 1}}, person("Ada Lovelace"))


@message("There is no user with …")
def case_14(sim: Simulator) -> None:
    perform(sim, ensure_user_line, user={"firstname": "Nobody"}, line={"id": 1})


@message("No user was found for match: …")
def case_15(sim: Simulator) -> None:
    perform(sim, ensure_user, match={"id": 4711}, firstname="Ada")


@message("The task does not identify a SIP line, so every run would create a new one.")
def case_16(sim: Simulator) -> None:
    perform(sim, ensure_line_sip, context="default")


# Numbers


@message("… already belongs to …")
def case_17(sim: Simulator) -> None:
    apply_list(sim, ADA)
    apply_list(sim, person("Bob Baker", 1200))


@message("… is also in entry …")
def case_18(sim: Simulator) -> None:
    apply_list(sim, ADA, person("Bob Baker", 1200))


@message("… is outside of the ranges of …")
def case_19(_sim: Simulator) -> None:
    with Simulator(api="xivo16", tls=False) as younger:
        perform(younger, ensure_extension, **number(5000, "default"))


@message("Extension … is outside of range for context …")
def case_20(sim: Simulator) -> None:
    perform(sim, ensure_extension, **number(5000, "default"))


@message("… which is what YAML makes of 0…")
def case_21(sim: Simulator) -> None:
    perform(sim, ensure_extension, exten=0o300000000, context="from-extern")


@message("… but must be a string. Write it in quotes. …")
def case_text_without_quotes(sim: Simulator) -> None:
    perform(sim, ensure_user_line, user={"userfield": 34}, line={"id": 1})


@message("… The two names look alike, but character …")
def case_look_alike(sim: Simulator) -> None:
    apply_list(sim, person("\u0410nn Archer", 1250))
    apply_list(sim, person("Ann Archer", 1250))


@message("… is not a valid extension number.")
def case_22(sim: Simulator) -> None:
    perform(sim, ensure_extension, exten="12 00", context="default")


@message("No number of … is free: …")
def case_23(sim: Simulator) -> None:
    apply_list(sim, ADA)
    apply_list(sim, person("Bob Baker", extension={"range": "1200-1200", "context": "default"}))


# Lines and phones


@message("… belongs to …, which has no user and was not created for this number by an earlier run.")
def case_38(sim: Simulator) -> None:
    perform(sim, ensure_line_sip, username="fax01", context="default")
    perform(sim, ensure_extension, **number(1250))
    perform(sim, ensure_line_extension, line={"username": "fax01"}, extension=number(1250))
    apply_list(sim, person("Ada Lovelace", 1250))


@message("voicemail … already exists and belongs to nobody; …")
def case_39(sim: Simulator) -> None:
    perform(sim, ensure_voicemail, name="Info desk", number="1200", context="default")
    apply_list(sim, person("Ada Lovelace", 1200, voicemail={}))


@message("voicemail … is shared with …, so it cannot become …")
def case_40(sim: Simulator) -> None:
    apply_list(sim, person("Ada Lovelace", 1200, voicemail={}), person("Bob Baker", 1201, voicemail={"number": "1200"}))
    apply_list(sim, person("Ada Lovelace", 1200, voicemail={"number": "1250"}))


@message("… cannot be dissociated from … while the line has a phone …")
def case_24(sim: Simulator) -> None:
    apply_list(sim, ADA)
    sim.database.put_device_on_line(1, "dev1")
    apply_list(sim, person("Ada Lovelace", extension=number(4000, "sales")))


@message("… is shared with …")
def case_25(sim: Simulator) -> None:
    apply_list(sim, ADA)
    perform(sim, ensure_user, firstname="Bob")
    perform(sim, ensure_user_line, user={"firstname": "Bob"}, line={"id": 1})
    apply_list(sim, leaver("Ada Lovelace"))


@message("There is no phone with …")
def case_26(sim: Simulator) -> None:
    perform(sim, ensure_device, mac="00:00:00:00:00:00", description="the one in the hall")


# Lists


@message("the next run would not know whom this entry means: …")
def case_41(sim: Simulator) -> None:
    apply_list(sim, ADA)
    in_range = {"range": "1300-1309", "context": "default"}
    apply_list(sim, person("Ada Lovelace", match=number(1200), extension=in_range))


@message("identifies the same user as …")
def case_42(sim: Simulator) -> None:
    apply_list(sim, ADA)
    apply_list(sim, {**ADA, "match": {"id": 1}}, {**ADA, "match": number(1200)})


@message("depends on …, which failed.")
def case_43(sim: Simulator) -> None:
    apply_list(sim, ADA)
    apply_list(sim, person("Bob Baker", 1200), person("Ada Lovelace", 9999), continue_on_error=True)


@message("… Left behind: …")
def case_44(sim: Simulator) -> None:
    sim.faults.add(Fault("500_before", method="POST", path="/users"))
    sim.faults.add(Fault("500_before", method="DELETE", times=4))
    apply_list(sim, ADA)


@message("… Not put back: …")
def case_45(sim: Simulator) -> None:
    apply_list(sim, {**ADA, "voicemail": {}})
    sim.faults.add(Fault("500_before", method="DELETE", path="/extensions/*", times=2))
    apply_list(sim, {**ADA, "state": "absent"})


@message("… found, nothing was written: …")
def case_27(sim: Simulator) -> None:
    apply_list(sim, ADA, ADA)


@message("… would remove …, but purge_limit is …")
def case_28(sim: Simulator) -> None:
    apply_list(sim, ADA)
    apply_list(sim, purge=True, purge_scope={"context": "default"}, purge_limit=0, purge_allow_empty=True)


@message("The list has no entry for a user who is to exist, …")
def case_49(sim: Simulator) -> None:
    apply_list(sim, purge=True, purge_scope={"context": "default"}, purge_limit=10)


@message("… exists, with …, and would be changed: …")
def case_46(sim: Simulator) -> None:
    apply_list(sim, ADA)
    apply_list(sim, person("Ada Lovelace", 1299), existing_users="refuse")


@message("The server has no such user. …")
def case_47(sim: Simulator) -> None:
    apply_list(sim, {**ADA, "state": "absent"}, existing_users="require")


@message("confd accepted the change of … but did not store it: …")
def case_29(sim: Simulator) -> None:
    for username in ("one", "two"):
        perform(sim, ensure_line_sip, username=username, context="default")

    def other_run(_method: str, _path: str) -> None:
        sim.database.sip_line(1).username = "three"

    sim.faults.add(Fault("callback", method="PUT", path="/lines_sip/2", callback=other_run))
    perform(sim, ensure_line_sip, id=2, username="three", device_slot=3)


@message("… already exists (id …), but this task must create it.")
def case_34(sim: Simulator) -> None:
    perform(sim, ensure_extension, **number(1200))
    perform(sim, ensure_extension, **number(1200), new=True)


@message("Another run made this change at the same time.")
def case_35(sim: Simulator) -> None:
    planned = apply_list(sim, ADA, check=True)
    plan, results = planned["plan"], planned["results"]
    failed_step = {"batch": 0, "name": plan[0]["steps"][2]["name"]}
    undone = perform(sim, provision, stepwise={"plan": plan, "failed_step": failed_step})
    perform(sim, provision, stepwise={"plan": plan, "results": results, "failures": undone["failures"]})


@message("Another run associated … with … at the same time.")
def case_36(sim: Simulator) -> None:
    apply_list(sim, person("Bob Baker", 1201))
    client_of(sim).delete(f"/lines/1/extensions/{extension_row(sim, 1201).id}")

    def other_run(_method: str, _path: str) -> None:
        sim.database.share_extension(1, extension_row(sim, 1200).id)

    sim.faults.add(Fault("callback", method="POST", path="/lines/2/extensions", after=True, callback=other_run))
    apply_list(sim, ADA)


@message("The plan differs from the approved plan of …. Nothing was written: …")
def case_37(sim: Simulator) -> None:
    apply_approved(sim, plan_of(sim, ADA), ADA, person("Bob Baker", 1201))


@message("… cannot be stored: …")
def case_30(sim: Simulator) -> None:
    perform(sim, ensure_user, firstname="Ada", userfield="x" * 129)


@message("… cannot be set on a server of generation …")
def case_31(sim: Simulator) -> None:
    perform(sim, ensure_user, firstname="Ada", email="ada@example.org")


def headings() -> list[str]:
    return HEADING.findall(PAGE.read_text(encoding="utf-8"))


def test_every_heading_has_its_case_and_every_case_its_heading() -> None:
    assert sorted(headings()) == sorted(CASES)


@pytest.mark.parametrize("heading", headings())
def test_the_message_of_a_heading_is_said(heading: str, sim: Simulator) -> None:
    with pytest.raises((ConfdError, AnsibleActionFail)) as caught:
        CASES[heading](sim)
    said = " ".join(str(caught.value).split())
    pattern = ".*".join(re.escape(part) for part in heading.split("…"))
    assert re.search(pattern, said), said
