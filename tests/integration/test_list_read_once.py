# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role reads its list once: a template that gives something else each time mixes nobody."""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ansible.parsing.vault import VaultLib, VaultSecret

from simulator import Simulator
from support.playbooks import Result

PEOPLE = {"Ada": "1200", "Bob": "1201", "Cleo": "1202"}
QUERY = """
import json, pathlib, secrets
counter = pathlib.Path(__file__).with_suffix(".count")
turn = int(counter.read_text()) if counter.exists() else 0
counter.write_text(str(turn + 1))
people = list(PEOPLE.items())
print(json.dumps([
    {
        "user": {"firstname": name, "userfield": name + exten, "password": secrets.token_hex(8)},
        "line": {"username": name.lower() + exten, "secret": secrets.token_hex(8), "callerid": f'"{name}"'},
        "extension": {"exten": exten, "context": "default"},
        "voicemail": {"password": str(1000 + secrets.randbelow(9000))},
    }
    for name, exten in people[turn % 3 :] + people[: turn % 3]
]))
"""
"""Gives the people in another order each time, with other passwords."""
PLAY = """
- hosts: localhost
  connection: local
  gather_facts: false
  vars:
    query: QUERY
    eve:
      user: {firstname: Eve, password: "{{ lookup('ansible.builtin.password', '/dev/null') }}"}
      line: {username: eve1203, secret: "{{ lookup('ansible.builtin.password', '/dev/null') }}", callerid: '"Eve"'}
      extension: {exten: "1203", context: default}
    vera:
      user: {firstname: Vera, password: "{{ vaulted }}"}
      line: {username: vera1204, secret: "{{ vaulted }}"}
      extension: {exten: "1204", context: default}
    rex:
      user: {firstname: Rex, password: "{% raw %}{{ not_a_variable }}{% endraw %}"}
      line: {username: rex1205, secret: Rex1205}
      extension: {exten: "1205", context: default}
    vaulted: !vault |
SECRET
    provision_users: "{{ (lookup('ansible.builtin.pipe', query) | from_json) + [eve, vera, rex] }}"
  roles:
    - xivo.confd.provision
"""
VAULT_PASSWORD = "open sesame"
VAULTED = "canary-of-vera"


@pytest.fixture
def playbook(tmp_path: Path) -> tuple[str, list[str]]:
    """Return a playbook with such a list, and the arguments that it needs."""
    query, password = tmp_path / "query.py", tmp_path / "vault-password"
    query.write_text(QUERY.replace("PEOPLE", repr(PEOPLE)), encoding="utf-8")
    password.write_text(VAULT_PASSWORD, encoding="utf-8")
    vaulted = VaultLib([("default", VaultSecret(VAULT_PASSWORD.encode()))]).encrypt(VAULTED).decode()
    text = PLAY.replace("SECRET\n", textwrap.indent(vaulted, " " * 6)).replace("QUERY", f"{sys.executable} {query}")
    return text, ["--vault-password-file", str(password), "-vvv"]


@pytest.mark.on("xivo15")
@pytest.mark.parametrize("strategy", ["stepwise", "bulk"])
def test_people_and_secrets(
    sim: Simulator, play: Callable[..., Result], playbook: tuple[str, list[str]], strategy: str
) -> None:
    text, args = playbook

    done = play(text, args=args, extra_vars={"provision_strategy": strategy}).succeeded()

    assert VAULTED not in done.output
    state = sim.state()
    people = {**PEOPLE, "Eve": "1203", "Vera": "1204", "Rex": "1205"}
    names = {row["id"]: row["firstname"] for row in state["users"]}
    usernames = {row["id"]: row["username"] for row in state["lines"]}
    extens = {row["id"]: row["exten"] for row in state["extensions"]}
    lines = {names[row["user_id"]]: usernames[row["line_id"]] for row in state["user_lines"]}
    numbers = {usernames[row["line_id"]]: extens[row["extension_id"]] for row in state["line_extensions"]}
    assert lines == {name: name.lower() + exten for name, exten in people.items()}
    assert numbers == {name.lower() + exten: exten for name, exten in people.items()}
    assert {row["firstname"]: row["userfield"] for row in state["users"] if row["userfield"]} == {
        name: name + exten for name, exten in PEOPLE.items()
    }
    assert [row["secret"] for row in state["lines"] if row["username"] == "vera1204"] == [VAULTED]
    assert [row["password"] for row in state["users"] if row["firstname"] == "Rex"] == ["{{ not_a_variable }}"]
    sent = [secret for request in sim.writes for secret in _secrets(request.body)]
    assert len(sent) == len(set(sent)) == len(people)


def _secrets(body: Any) -> list[str]:
    return [body["secret"]] if isinstance(body, dict) and "secret" in body else []
