# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of ownership share: what belongs to a person, and runs that check mode has to foresee."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from ansible_collections.xivo.confd.plugins.module_utils._tasks.extension import ensure_extension
from ansible_collections.xivo.confd.plugins.module_utils._tasks.line_sip import ensure_line_sip
from simulator import Fault, Simulator

from .helpers import Options, extension_row, number, perform, user_row, written
from .role import Role

STRATEGIES = pytest.mark.parametrize("strategy", ["bulk", "stepwise"])
COMPARED = ("index", "name", "status", "exten", "context", "changes")
"""What check mode, both strategies and the run have to say alike."""
MADE_ANEW = ("id", "uuid", "typeval", "extension_id")
"""What differs where something was deleted and made again."""


# Runs


def run(sim: Simulator, *entries: Options, strategy: str = "bulk", check: bool = False, **options: Any) -> Role:
    """Run the role with a list. Options are those of the role without "provision_"."""
    given = {f"provision_{name}": value for name, value in options.items()}
    return Role(sim, check, provision_users=list(entries), provision_strategy=strategy, **given).run()


def said(role: Role) -> list[Options]:
    """Return what a run reports of each entry, without ids."""
    return [{name: each[name] for name in COMPARED} for each in role.results]


def assert_refused(sim: Simulator, *entries: Options, words: Sequence[str], **options: Any) -> None:
    """Check mode and the run fail before the first write, both with a message that contains all the words."""
    before = sim.state()
    for check in (True, False):
        sim.clear_log()
        role = run(sim, *entries, check=check, **options)
        assert role.error, (check, said(role))
        assert [word for word in words if word not in role.error] == [], role.error
        assert written(sim) == []
        assert sim.state() == before


def assert_applied(sim: Simulator, *entries: Options, expected: Sequence[str], **options: Any) -> Role:
    """Check mode writes nothing and says what the run does; the second run changes nothing. Return the first run.

    expected: the statuses. Where one is "failed", it fails in check mode, in the run and in the second run alike.
    """
    before = sim.state()
    sim.clear_log()
    predicted = run(sim, *entries, check=True, **options)
    assert (written(sim), sim.state() == before) == ([], True), written(sim)
    done = run(sim, *entries, **options)
    found = [each["status"] for each in done.results]
    assert found == list(expected), (found, done.error)
    assert said(predicted) == said(done), (said(predicted), said(done))
    assert bool(predicted.error) == bool(done.error) == ("failed" in expected), (predicted.error, done.error)
    assert_unchanged(sim, *entries, expected=expected, **options)
    return done


def assert_unchanged(sim: Simulator, *entries: Options, expected: Sequence[str] = (), **options: Any) -> None:
    """Another run with a list changes nothing, apart from reporting the same failed entries."""
    state = sim.state()
    sim.clear_log()
    again = run(sim, *entries, **options)
    wanted = ["failed" if each == "failed" else "unchanged" for each in expected or [""] * len(entries)]
    found = [each["status"] for each in again.results]
    assert found == wanted, (found, again.error, said(again))
    assert (written(sim), sim.state() == state) == ([], True), written(sim)


def fail_at_each_write(sim: Simulator, *entries: Options, **options: Any) -> Iterator[tuple[str, Role]]:
    """Run a list from the same state again and again, and let another write fail each time.

    Yield (the write that failed, the failed run). Without a failure the list has to succeed. In the end the server is
    as it was before.
    """
    state = sim.state()
    sim.clear_log()
    done = run(sim, *entries, **options)
    assert not done.error, done.error
    writes = [request for request in sim.writes if request.method in ("POST", "PUT", "DELETE")]
    for position, request in enumerate(writes, start=1):
        sim.database.load(state)
        # Other requests than POST are repeated once.
        times = 1 if request.method == "POST" else 2
        sim.faults.add(Fault("500_before", method="[!GHO]*", nth=position, times=times))
        failed = run(sim, *entries, **options)
        sim.faults.clear()
        if failed.error:
            yield f"write {position}, {request.method} {request.path}", failed
    sim.database.load(state)


# What is on the server


def belongings(sim: Simulator, *names: str) -> dict[str, Options]:
    """Return everything that belongs to people: the rows of the database, without ids of what may be made anew."""
    return {name: _belongings(sim.state(), user_row(sim, name).id) for name in names}


def _belongings(state: dict[str, Any], user_id: int) -> Options:
    lines = [row["line_id"] for row in state["user_lines"] if row["user_id"] == user_id]
    numbers = [row["extension_id"] for row in state["line_extensions"] if row["line_id"] in lines]
    incalls = [_without_empty(row) for row in state["incalls"] if row["user_id"] == user_id]
    called = {(row["exten"], row["context"]) for row in incalls}
    boxes = [row["voicemail_id"] for row in state["user_voicemails"] if row["user_id"] == user_id]
    line_rows = [row for row in state["lines"] if row["id"] in lines]
    accounts = [row["endpoint_uuid"] for row in line_rows if row.get("endpoint_uuid")]
    return {
        "user": [row for row in state["users"] if row["id"] == user_id],
        "lines": line_rows,
        "accounts": [row for row in state.get("endpoints", ()) if row["id"] in accounts],
        "numbers": _sorted(row for row in state["extensions"] if row["id"] in numbers),
        "incalls": _sorted(incalls),
        "incall numbers": _sorted(row for row in state["extensions"] if (row["exten"], row["context"]) in called),
        "voicemails": [row for row in state["voicemails"] if row["id"] in boxes],
        "shares of voicemails": [row["enabled"] for row in state["user_voicemails"] if row["user_id"] == user_id],
    }


def _without_empty(incall: Options) -> Options:
    """Return an incall without the empty values of its destination: an import of XiVO 16 leaves them out."""
    target = {name: value for name, value in (incall.get("destination") or {}).items() if value is not None}
    return {**incall, "destination": target}


def _sorted(rows: Any) -> list[Options]:
    shown = [{name: value for name, value in row.items() if name not in MADE_ANEW} for row in rows]
    return sorted(shown, key=lambda row: (row["exten"] or "", row["context"] or ""))


def mailbox_at(sim: Simulator, exten: str | int, context: str = "default") -> Any:
    """Return the row of the mailbox of a number, None if there is none."""
    return sim.database.voicemails.first(number=str(exten), context=context)


def mailboxes(sim: Simulator) -> dict[str, list[str]]:
    """Return {number: firstnames of those who have the mailbox}."""
    found: dict[str, list[str]] = {row.number: [] for row in sim.database.voicemails}
    for row in sim.database.user_voicemails:
        number_of = sim.database.voicemails.get(row.voicemail_id).number
        found[number_of].append(sim.database.users.get(row.user_id).firstname)
    return found


def make_mailbox(sim: Simulator, exten: str | int, name: str, *owners: str, **values: Any) -> Any:
    """Insert a mailbox that these people share, as somebody makes it by hand."""
    row = sim.database.voicemails.insert(name=name, number=str(exten), context="default", **values)
    for owner in owners:
        sim.database.user_voicemails.insert(user_id=user_row(sim, owner).id, voicemail_id=row.id)
    return row


def make_second_line(sim: Simulator, name: str, exten: str | int) -> int:
    """Give somebody a second line with a number of its own. Return its id."""
    line = int(perform(sim, ensure_line_sip, username=f"second{exten}", context="default")["line_sip"]["id"])
    perform(sim, ensure_extension, **number(exten))
    sim.database.user_lines.insert(user_id=user_row(sim, name).id, line_id=line, main_user=True, main_line=False)
    sim.database.share_extension(line, extension_row(sim, exten).id)
    return line
