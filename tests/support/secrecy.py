# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Looks for secrets in whatever a run of a playbook prints and leaves (design.md, rule 10)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from ansible_collections.xivo.confd.plugins.module_utils._model.secrets import is_masked_by_key_only, secret_texts
from simulator import Simulator

CONFD_PASSWORD = "canary-Confd-4Lt6"
"""The password of the account with which playbooks reach a simulator."""


def secrets_of(sim: Simulator | None) -> set[str]:
    """What a server and its clients know and nobody else may: passwords, SIP secrets, tokens.

    Short ones and numbers are left out: they may be somebody's number or name as well.
    """
    if sim is None:
        return set()
    accounts = getattr(sim.database, "accounts", None)
    tokens = list(accounts.tokens) if accounts else []
    password = [sim.password] if sim.username else []
    return {
        each for each in (*secret_texts(sim.state()), *tokens, *password) if each and not is_masked_by_key_only(each)
    }


def leaks(secrets: Iterable[str], texts: Iterable[tuple[str, str]]) -> list[str]:
    """Which secrets are where, in words; texts are (where, what is there)."""
    wanted = sorted(secrets)
    return [f"{secret} in {where}" for where, text in texts for secret in wanted if secret in text]


def files_in(folder: Path, without: Iterable[str] = ()) -> Iterator[tuple[str, str]]:
    """(path, text) of everything in a folder and below it; without: names of files at the top that are input."""
    left_out = {folder / name for name in without}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path not in left_out:
            yield str(path.relative_to(folder)), path.read_text(encoding="utf-8", errors="replace")
