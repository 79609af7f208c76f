# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Chapters of README.md, word by word, on servers that have the tutorial's people and others."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from simulator import Simulator
from support.guide_reader import INSTALLING, Reader, blocks_of, fill_by_hand
from support.people import fill, person
from support.playbooks import ROOT

WAZO_OF_THE_BOOK = "https://wazo.example.org/api/confd"
VAULT_PASSWORD = "open sesame"
README = (ROOT / "README.md").read_text(encoding="utf-8")


def chapter(title: str) -> list[tuple[str, str]]:
    """(language, text) of the blocks of a chapter."""
    return blocks_of(re.split(r"^## ", README.split(f"\n## {title}\n")[1], flags=re.MULTILINE)[0])


@pytest.fixture
def reader(tmp_path: Path, sim: Simulator) -> Reader:
    fill_by_hand(sim)
    return Reader(tmp_path, sim)


def test_bring_an_existing_server_under_code(reader: Reader, sim: Simulator) -> None:
    blocks = chapter("Manage an existing server as code")
    first, export, audit, change = blocks[:4]

    sim.clear_log()
    for block in (first, export, audit):
        reader.block(*block)
    assert sim.writes == []
    users = (reader.folder / "host_vars" / "pbx" / "users.yml").read_text(encoding="utf-8")
    assert [each["user"]["firstname"] for each in yaml.safe_load(users)["provision_users"]] == [
        "Johnny",
        "Vanessa",
        "Winona",
        "Nobody",
    ]
    assert reader.report["summary"]["conforming_percent"] == 100

    reader.block(*change)
    check, run = (out for command, out in reader.outputs.items() if "xivo.confd.provision" in command)
    assert re.search(r"changed=[1-9]", check)
    assert re.search(r"changed=[1-9]", run)
    assert sim.database.extensions.first(exten="1210", context="default")
    assert reader.report["summary"]["conforming_percent"] == 100


def test_from_a_spreadsheet(reader: Reader, sim: Simulator) -> None:
    blocks = chapter("Manage an existing server as code")
    reader.block(*blocks[0])
    (table,) = [text for language, text in blocks if language == "csv"]
    reader.save("staff.csv", table)
    variables = blocks[-1]
    provision = "ansible-playbook xivo.confd.provision -i inventory.yml"

    reader.block(*variables)
    by_name = variables[1].replace("name='staff.csv')", "name='staff.csv', match=false)")
    reader.block("yaml", by_name)
    reader.shell(provision)
    assert [row.userfield or "" for row in sim.database.users] == ["HR-0042", "HR-0043", "", ""]

    reader.block(*variables)
    assert "changed=0" in reader.shell(f"{provision} --check")
    reader.save("staff.csv", table.replace("Vanessa,Paradis", "Vanessa,Chantal Paradis"))
    reader.shell(provision)
    assert sim.database.users.first(userfield="HR-0043").lastname == "Chantal Paradis"


MOVING = [
    person("Ada", "Lovelace", "1201", "2201", "2202", user={"password": "pass1234", "userfield": "HR-1"}),
    person("Bob", "O'Neill", "1202", line={"username": "bob", "secret": "s3crettwo"}, user={"caller_id": "Front desk"}),
    person("Cleo", "Müller", "1203", "2203", voicemail={"email": "cleo@example.org", "password": "4711"}),
]


@pytest.mark.on("xivo15", "xivo16")
def test_move_to_another_server(tmp_path: Path, sim: Simulator, shared_sims: Callable[[str], Simulator]) -> None:
    new = shared_sims("wazo")
    new.reset()
    fill(sim, [*MOVING, {"user": {"firstname": "Nobody"}}])
    reader = Reader(tmp_path, sim, {WAZO_OF_THE_BOOK: new})
    reader.save("vault-password", VAULT_PASSWORD)
    reader.environment |= {"OLD_PASSWORD": str(sim.password), "NEW_PASSWORD": str(new.password)}

    for block in chapter("Move to another server"):
        reader.block(*block)

    assert sim.writes == []
    check, run = (out for command, out in reader.outputs.items() if "xivo.confd.provision" in command)
    assert re.search(r"changed=[1-9]", check)
    assert re.search(r"changed=[1-9]", run)
    assert reader.report["summary"]["conforming_percent"] == 100
    assert people_of(new) == people_of(sim)


def people_of(sim: Simulator) -> dict[str, Any]:
    """What has to move, by name: nothing but the name of people without a telephone."""
    return {
        user.fullname.strip(): of_user(sim, user.id) if sim.database.user_lines.first(user_id=user.id) else None
        for user in sim.database.users
    }


def of_user(sim: Simulator, user_id: int) -> tuple[Any, ...]:
    """What of a user has to move: passwords, caller ID, SIP account, numbers, voicemail."""
    database = sim.database
    user = database.users.get(user_id)
    line = database.sip_line(database.user_lines.first(user_id=user_id).line_id)
    incalls = sorted(incall.exten for incall in database.incalls.where(user_id=user_id))
    owned = database.user_voicemails.first(user_id=user_id)
    mailbox = database.voicemails.get(owned.voicemail_id) if owned else None
    return (
        *(user.password or None, user.userfield or None, user.caller_id),
        *(line.username, line.secret, database.internal_extension_of(line.id).exten, incalls),
        *((mailbox.number, mailbox.password, mailbox.email) if mailbox else ()),
    )


def jobs() -> dict[str, list[str]]:
    """What the jobs of the chapter run, by the name of their file."""
    files = {text.split("\n", 1)[0][2:]: yaml.safe_load(text) for language, text in chapter("Audit in CI") if language}
    steps = files[".github/workflows/audit.yml"]["jobs"]["audit"]["steps"]
    return {
        ".gitlab-ci.yml": files[".gitlab-ci.yml"]["audit"]["script"],
        ".github/workflows/audit.yml": [step["run"] for step in steps if "run" in step],
    }


@pytest.mark.parametrize("name", jobs())
def test_audit_in_ci(name: str, reader: Reader, sim: Simulator) -> None:
    for block in chapter("Manage an existing server as code")[:2]:
        reader.block(*block)
    commands = [command for command in jobs()[name] if not command.startswith(INSTALLING)]
    audit, *after = commands
    installing = [command.split()[0] for command in jobs()[name] if command not in commands]
    assert installing[-2:] == ["pip", "ansible-galaxy"]

    sim.clear_log()
    reader.shell(audit)
    sim.database.users.first(firstname="Johnny").description = "changed by hand"
    users = reader.folder / "host_vars" / "pbx" / "users.yml"
    reader.save(str(users), users.read_text().replace("lastname: Depp", "lastname: Depp, description: by code"))
    with pytest.raises(AssertionError, match="Drift: see"):
        reader.shell(audit)

    assert sim.writes == []
    (johnny,) = [each for each in reader.report["servers"][0]["entries"] if each["status"] != "conforming"]
    assert (johnny["differences"][0]["wanted"], johnny["differences"][0]["found"]) == ("by code", "changed by hand")
    for command in after:
        reader.shell(command, GITHUB_STEP_SUMMARY=str(reader.folder / "summary.md"))
        assert "by code" in (reader.folder / "summary.md").read_text()
    assert sorted(path.name for path in (reader.folder / "audit").iterdir()) == [
        "audit.html",
        "audit.json",
        "audit.md",
        "audit.xml",
    ]
