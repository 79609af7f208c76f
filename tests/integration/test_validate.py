# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A repository is checked without a server: every problem of every host at once, with its place."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
import yaml

from support.paths import ROOT
from support.playbooks import Result, run_playbook

FILES = {
    "inventory": "[confd]\nparis confd_api=wazo\nrome confd_api=xivo16\nlondon\n",
    "group_vars/all.yml": """\
provision_contexts:
  default: {type: internal, ranges: ["1000-1999"]}
  from-extern: {type: incall, ranges: ["2000-2999"]}
provision_profiles:
  sales: {user: {language: en_US}, groups: [sales]}
""",
    "host_vars/paris/users.yml": """\
provision_users:
  - user: {firstname: Ann, lastname: Archer}
    extension: {exten: "1200", context: default}
    login: {username: ann.archer, password: "{{ vault_ann }}"}
    profile: sales
""",
    "host_vars/paris/vault.yml": "vault_ann: canary-1234\n",
    "host_vars/rome/users.yml": """\
provision_users:
  - user: {firstname: Ann, lastname: Archer}
    extension: {exten: "1200", context: default}
  - user: {firstname: Bob, lastname: Burton, emial: bob@example.org}
    extension: {exten: "1200", context: default}
  - user: {firstname: Cleo}
    extension: {exten: 0300000000, context: default}
    profile: sails
  - user: {firstname: Dan, ring_seconds: 90, password: canary-1234}
    extension: {exten: "5000", context: default}
""",
    "host_vars/london/users.yml": (
        "provision_users: \"{{ lookup('ansible.builtin.file', inventory_dir ~ '/staff.csv')"
        " | xivo.confd.csv_entries(name='staff.csv') }}\"\n"
    ),
    "staff.csv": "firstname,lastname,number,direct number,id\nAnn,Lee,12 00,,E1\nBob,Lee,1201x,,E2\n",
}
HOOKS = ROOT / ".pre-commit-hooks.yaml"
ROME = "host_vars/rome/users.yml"


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path


def check(repository: Path, *args: str) -> Result:
    """Run without a server, in the folder of the repository."""
    return run_playbook(None, "xivo.confd.validate", cwd=repository, inventory=repository / "inventory", args=args)


def without_lines(text: str) -> str:
    """A text as it is where Ansible does not know the lines (before 2.19)."""
    return re.sub(r"\.yml:\d+:", ".yml:", text)


def test_all_hosts_are_checked_without_a_server(repository: Path) -> None:
    run = check(repository, "-e", "validate_junit=out/validate.xml")

    assert run.rc != 0
    failed = {task.host: without_lines(task.msg).removeprefix(f"{repository}/") for task in run.failed}
    assert failed.keys() == {"rome", "london"}
    for words in (
        "entry 1, Ann Archer (1200@default): 1200@default is also in entry 2, Bob Burton (1200@default).",
        "entry 2, Bob Burton (1200@default): user.emial is not a valid key. Did you mean email?",
        "entry 3, Cleo: there is no profile 'sails'. Did you mean 'sales'?",
        "extension.exten is the integer 50331648, which is what YAML makes of 0300000000.",
        "entry 4, Dan (5000@default): 5000@default is outside of the ranges of default: 1000-1999.",
        "ring_seconds 90 of the user cannot be stored",
    ):
        assert words in failed["rome"], words
    assert "staff.csv, line 2, column 'number': '12 00' is not a number." in failed["london"]
    assert "staff.csv, line 3, column 'number'" in failed["london"]
    assert "paris: 1 entry, no problem" in run.output
    assert "not checked: Whether the server has the groups sales." in run.output
    assert "canary" not in run.output

    suites = ElementTree.parse(repository / "out" / "validate.xml").getroot()
    assert [(each.get("name"), each.get("tests"), each.get("failures")) for each in suites] == [
        ("paris", "2", "0"),
        ("rome", "5", "4"),
        ("london", "1", "1"),
    ]


def hook(repository: Path, name: str, *files: str, path: str = "") -> subprocess.CompletedProcess[str]:
    """Run a hook as pre-commit does: its entry, in the repository that it checks, with the names of files."""
    (entry,) = [each["entry"] for each in yaml.safe_load(HOOKS.read_text(encoding="utf-8")) if each["id"] == name]
    known = {key: os.environ[key] for key in ("HOME", "LANG", "PYTHONPYCACHEPREFIX") if key in os.environ}
    env = {**known, "PATH": f"{path}{Path(sys.executable).parent}:{os.environ['PATH']}"}
    command = [str(HOOKS.parent / entry), *files]
    return subprocess.run(command, cwd=repository, env=env, capture_output=True, text=True, timeout=300, check=False)


def test_the_hook_checks_the_files_of_a_commit(repository: Path) -> None:
    """With the collection that it belongs to, which is installed nowhere, and without an inventory."""
    places = [f"host_vars/{host}/users.yml" for host in ("rome", "paris", "london")]
    done = hook(repository, "xivo-confd-validate", "group_vars/all.yml", *places)
    text = without_lines(done.stdout)
    assert done.returncode != 0, done.stderr
    assert f"{ROME}: entry 3, Cleo: there is no profile 'sails'. Did you mean 'sales'?" in text
    assert f"{ROME}: entry 4, Dan (5000@default): 5000@default is outside of the ranges" in text
    assert "group_vars/all.yml: 0 entries, no problem" in text
    assert "host_vars/paris/users.yml: 1 entry, no problem" in text
    assert "not checked: provision_users is a template or encrypted. Check it with the inventory." in text


def test_the_hook_of_the_schema_names_schema_and_files(repository: Path) -> None:
    """check-jsonschema itself is not installed; tests/unit/docs/test_entry_schema.py tests the schema."""
    program = repository / "bin" / "check-jsonschema"
    program.parent.mkdir()
    program.write_text('#!/bin/sh\ntest -s "$2" && echo "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    done = hook(repository, "xivo-confd-schema", ROME, path=f"{program.parent}:")
    option, schema, *files = done.stdout.split()
    assert (option, files) == ("--schemafile", [ROME])
    assert Path(schema).resolve() == ROOT / "docs" / "entries.schema.json"


def test_a_hook_is_asked_for_variables_files_only() -> None:
    for each in yaml.safe_load(HOOKS.read_text(encoding="utf-8")):
        for name, is_checked in (
            (ROME, True),
            ("a/group_vars/all.yaml", True),
            ("site.yml", False),
            ("README.md", False),
        ):
            assert bool(re.search(each["files"], name)) is is_checked
        assert os.access(HOOKS.parent / each["entry"], os.X_OK)
