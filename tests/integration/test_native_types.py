# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Texts that look like numbers, booleans or null stay texts in every playbook, also with native types.

From ansible-core 2.19 on, types are always native. Before, the setting jinja2_native makes a number of every template
whose result looks like one.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
import yaml
from ansible.release import __version__

from simulator import Simulator
from support.helpers import line_row, phone_book, user_row
from support.playbooks import Result

ALWAYS_NATIVE = (2, 19)
SETTING: Mapping[str, str] = (
    {} if tuple(map(int, __version__.split(".")[:2])) >= ALWAYS_NATIVE else {"ANSIBLE_JINJA2_NATIVE": "true"}
)
TEXTS = {
    "firstname": "True",
    "lastname": "None",
    "userfield": "1042",
    "description": "[1, 2]",
    "mobile_phone_number": "33612345678",
    "outgoing_caller_id": "1e3",
    "username": "4242",
    "password": "20260201",
}
SHOWN = TEXTS.keys() - {"password"}
SECRET, PIN = "3141592653", "1234"
ENTRY = {
    "user": TEXTS,
    "extension": {"exten": "1200", "context": "default"},
    "incall": {"exten": "2200", "context": "from-extern"},
    "line": {"secret": SECRET},
    "voicemail": {"number": "1200", "context": "default", "password": PIN},
}

pytestmark = pytest.mark.on("xivo15")


def test_all_playbooks(sim: Simulator, play: Callable[..., Result], tmp_path: Path) -> None:
    given = {"provision_users": [ENTRY], "provision_strategy": "stepwise"}
    play("xivo.confd.provision", extra_vars=given, env=SETTING).succeeded()
    user = user_row(sim, "True None")
    assert {name: getattr(user, name) for name in TEXTS} == TEXTS
    assert line_row(sim, "True None").secret == SECRET
    (voicemail,) = sim.database.voicemails
    assert (voicemail.number, voicemail.password) == ("1200", PIN)
    assert phone_book(sim) == {"True None": ("1200", ["2200"])}

    reports = {**given, "audit_directory": str(tmp_path / "audit"), "export_directory": str(tmp_path / "export")}
    audit = play("xivo.confd.audit", extra_vars=reports, env=SETTING).succeeded()
    assert "1 of 1 entry conforms" in audit.stdout
    play("xivo.confd.export", extra_vars=reports, env=SETTING).succeeded()
    (exported,) = (tmp_path / "export").rglob("users.yml")
    (entry,) = yaml.safe_load(exported.read_text(encoding="utf-8"))["provision_users"]
    assert {name: entry["user"].get(name) for name in SHOWN} == {name: TEXTS[name] for name in SHOWN}


def test_rows_from_elsewhere(play: Callable[..., Result], tmp_path: Path) -> None:
    """Nor is a text of theirs a template, however often a variable leads to it."""
    row = {**TEXTS, "lastname": "{{ 7 * 7 }}", "description": "{% raw %}", "number": "0042", "groups": ["1", "{{ x }}"]}
    (tmp_path / "rows.json").write_text(json.dumps([row]), encoding="utf-8")
    variables = {
        "path": str(tmp_path / "rows.json"),
        "columns": {**{name: name for name in TEXTS}, "exten": "number", "groups": "groups"},
        "rows": "{{ lookup('ansible.builtin.file', path) | from_json }}",
        "made": "{{ rows | selectattr('userfield') | xivo.confd.entries(columns, match=false) }}",
    }
    content = "{{ made | to_json }}"
    write = {"ansible.builtin.copy": {"content": content, "dest": str(tmp_path / "made.json"), "mode": "0644"}}
    play([{"name": "Make entries", **write, "vars": variables}], env=SETTING).succeeded()
    (entry,) = json.loads((tmp_path / "made.json").read_text(encoding="utf-8"))
    assert entry["user"] == {name: row[name] for name in TEXTS}
    assert (entry["extension"]["exten"], entry["groups"]) == ("0042", ["1", "{{ x }}"])


def test_the_answers_of_the_survey(sim: Simulator, play: Callable[..., Result]) -> None:
    answers = {
        "employee_firstname": "Ann",
        "employee_lastname": "None",
        "employee_number": "1201",
        "employee_direct_number": "2201",
        "confd_username": sim.username,
        "confd_password": sim.password,
    }
    play("xivo.confd.new_employee", extra_vars=answers, env=SETTING).succeeded()
    assert user_row(sim, "Ann None").lastname == "None"
