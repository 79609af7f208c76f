# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Broken options: a clear message with the entry and the key, no traceback, no secret, and nothing is written."""

from __future__ import annotations

import pytest

from simulator import Simulator
from support.bad_input import ALL, LIST, SECRET, Case, cases
from support.helpers import apply_list, person, written
from support.role import Role, run_module

CORPUS = list(cases())
LEAST = 300
ONE_OF = 3
"""Of what is broken everywhere, one in so many on the younger generations."""


def problem(sim: Simulator, case: Case) -> str:
    """What is wrong with how a module takes a case; '' if nothing is."""
    sim.clear_log()
    result = run_module(sim, case.module, case.options, check=False)
    msg = result["msg"] if result["failed"] else ""
    if not msg:
        return "accepted"
    missing = [words for words in case.words if words not in msg]
    if missing:
        return f"{missing} not in {msg!r}"
    if SECRET in msg:
        return f"a secret in {msg!r}"
    if not msg.replace("\n", "").isprintable() or len(msg) > 2000:
        return f"unreadable: {msg!r}"
    return f"wrote {written(sim)}" if written(sim) else ""


def test_the_corpus_is_large_and_its_cases_are_distinct() -> None:
    assert len(CORPUS) >= LEAST
    assert len({case.name for case in CORPUS}) == len(CORPUS)


@pytest.mark.on("xivo15", "xivo16", "wazo")
@pytest.mark.always
def test_every_case_is_refused(sim: Simulator) -> None:
    api = sim.generation.name
    apply_list(sim, person("Zed", 1250))
    before = sim.state()
    tried = [case for at, case in enumerate(CORPUS) if api == "xivo15" or case.apis != ALL or at % ONE_OF == 0]
    problems = {case.name: problem(sim, case) for case in tried if api in case.apis}
    assert [f"{name}: {words}" for name, words in problems.items() if words] == []
    assert sim.state() == before


@pytest.mark.on("xivo15", "xivo16", "wazo")
@pytest.mark.parametrize("strategy", ["stepwise", "bulk"])
def test_the_role_refuses_every_entry(sim: Simulator, strategy: str) -> None:
    """Its argument specs apart, which Ansible checks before (tests/integration)."""
    lists = [case for case in CORPUS if case.module == LIST and set(case.options) == {"users"}]
    entries = [case for case in lists if sim.generation.name in case.apis and _is_list_of_dicts(case)][::8]
    before = sim.state()
    wrong = []
    for case in entries:
        sim.clear_log()
        error = Role(sim, provision_users=case.options["users"], provision_strategy=strategy).run().error
        if not error or any(words not in error for words in case.words) or written(sim):
            wrong.append(f"{case.name}: {error!r}, {written(sim)}")
    assert wrong == []
    assert sim.state() == before


def _is_list_of_dicts(case: Case) -> bool:
    users = case.options["users"]
    return isinstance(users, list) and all(isinstance(each, dict) and not each.get("device") for each in users)
