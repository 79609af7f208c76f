# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Short words for what the tests of the core do again and again."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from contextlib import closing
from typing import Any

import pytest

from ansible_collections.xivo.confd.plugins.module_utils._ansible.journal_file import journal_of
from ansible_collections.xivo.confd.plugins.module_utils._backends.registry import choose_backend
from ansible_collections.xivo.confd.plugins.module_utils._bulk.provision import provision
from ansible_collections.xivo.confd.plugins.module_utils._http.client import Client
from ansible_collections.xivo.confd.plugins.module_utils._http.journal import Recorder
from ansible_collections.xivo.confd.plugins.module_utils._model.secrets import secret_texts
from ansible_collections.xivo.confd.plugins.module_utils._state.state import ServerState
from ansible_collections.xivo.confd.plugins.module_utils._tasks.task import Task
from simulator import Request, Simulator
from support.clients import backend_of, client_of

Options = dict[str, Any]
EVERYWHERE = pytest.mark.on("xivo15", "xivo16", "wazo")
"""The same on every generation of the API."""


def free_port() -> int:
    """Where nobody listens."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def world_of(sim: Simulator, complete: bool = True) -> ServerState:
    world = ServerState(backend_of(sim))
    return world.read_snapshot() if complete else world


def perform(
    sim: Simulator, action: Callable[[Task], Options], check: bool = False, timeout: float = 30.0, **options: Any
) -> Options:
    """One run of a module, without Ansible."""
    with closing(client_of(sim, timeout=timeout)) as client:
        journal_for(client, sim, options, check)
        return action(Task(choose_backend(sim.generation.name, client), options, check))


def journal_for(
    client: Client, sim: Simulator, options: Options, check: bool, warn: Callable[[str], object] = pytest.fail
) -> None:
    """Let a client write the journal that the options of a module want, as the module does."""
    journal = journal_of({**options, "confd_url": sim.url}, check, secret_texts(options), warn)
    if journal:
        client.recorder = Recorder(journal)
        journal.run.api = sim.generation.name


def apply_list(sim: Simulator, *entries: Options, check: bool = False, **options: Any) -> Options:
    """One run of confd_provisioned_users, without Ansible."""
    return perform(sim, provision, check, users=list(entries), **options)


def number(exten: str | int, context: str | None = None) -> Options:
    """1200 is internal, 2200 is an incall, unless a context is given."""
    text = str(exten)
    return {"exten": text, "context": context or ("from-extern" if text.startswith(("2", "03")) else "default")}


def person(name: str, exten: str | int | None = None, *incalls: str | int, **more: Any) -> Options:
    """An entry for "First Last"; without incalls they are left alone."""
    first, _space, last = name.partition(" ")
    user = {"firstname": first, **({"lastname": last} if last else {}), **more.pop("user", {})}
    entry: Options = {"user": user, **({"extension": number(exten)} if exten else {})}
    if incalls:
        entry["incalls"] = [number(each) for each in incalls]
    return {**entry, **more}


ADA, BOB, CLEO = person("Ada A", 1200), person("Bob B", 1201), person("Cleo C", 1202)


def leaver(name: str, exten: str | int | None = None, **more: Any) -> Options:
    return person(name, exten, state="absent", **more)


def make_user(sim: Simulator, name: str, **values: Any) -> int:
    """A user without line, homonyms welcome."""
    first, _space, last = name.partition(" ")
    return int(sim.database.users.insert(firstname=first, lastname=last, caller_id=f'"{first} {last}"', **values).id)


def asked(sim: Simulator) -> list[str]:
    """All requests in words: "GET /users"."""
    return [f"{request.method} {request.path}" for request in sim.requests]


def written(sim: Simulator) -> list[str]:
    """The requests that can have changed something, in words."""
    return [_words(request) for request in sim.writes]


def _words(request: Request) -> str:
    return f"{request.method} {request.path}"


def unchanged_after(sim: Simulator, *entries: Options) -> bool:
    """Return whether a second run changes nothing (design.md, rule 1)."""
    sim.clear_log()
    result = apply_list(sim, *entries)
    return not result["changed"] and written(sim) == []


def statuses(result: Options) -> list[str]:
    return [each["status"] for each in result["results"]]


def changes(result: Options) -> list[str]:
    return [text for each in result["results"] for text in each["changes"]]


# What is on the server


def phone_book(sim: Simulator) -> dict[str, tuple[str | None, list[str]]]:
    """{"First Last": (internal number, incalls)}; several of one name are told apart by " (id)"."""
    book: dict[str, tuple[str | None, list[str]]] = {}
    for user in sim.database.users:
        line = next(iter(sim.database.user_lines.where(user_id=user.id)), None)
        extension = sim.database.internal_extension_of(line.line_id) if line else None
        incalls = sorted(incall.exten for incall in sim.database.incalls.where(user_id=user.id))
        name = f"{user.firstname} {user.lastname}".strip()
        book[f"{name} ({user.id})" if name in book else name] = (extension.exten if extension else None, incalls)
    return book


def user_row(sim: Simulator, name: str) -> Any:
    first, _space, last = name.partition(" ")
    (row,) = sim.database.users.where(firstname=first, lastname=last)
    return row


def line_row(sim: Simulator, name: str) -> Any:
    """The row of the line of a user."""
    (association,) = sim.database.user_lines.where(user_id=user_row(sim, name).id)
    return sim.database.sip_line(association.line_id)


def share_line(sim: Simulator, user_id: int, line_id: int) -> None:
    """Give a line to one more user, who is not its main user."""
    sim.database.user_lines.insert(user_id=user_id, line_id=line_id, main_user=False, main_line=True)


def give_other_line(sim: Simulator, name: str, exten: str | int, protocol: str | None = "sccp") -> int:
    """Make a user whose line is no SIP line. Return the id of the line."""
    database = sim.database
    user_id, line_id = make_user(sim, name), database.insert_other_line(protocol)
    extension = database.extensions.insert(**number(exten))
    database.user_lines.insert(user_id=user_id, line_id=line_id, main_user=True, main_line=True)
    database.line_extensions.insert(line_id=line_id, extension_id=extension.id)
    return int(line_id)


def extension_row(sim: Simulator, exten: str | int, context: str | None = None) -> Any:
    return sim.database.extensions.first(**number(exten, context))


def own_extensions(sim: Simulator) -> list[str]:
    """All numbers but the features."""
    return sorted(row.exten for row in sim.database.extensions if row.context != "xivo-features")


def counts(sim: Simulator) -> dict[str, int]:
    """How many objects there are, features not counted."""
    tables = ("users", "lines", "user_lines", "line_extensions", "incalls", "voicemails", "user_voicemails")
    state = sim.state()
    return {**{name: len(state[name]) for name in tables}, "extensions": len(own_extensions(sim))}


def wait_until(condition: Callable[[], object]) -> None:
    """For what the server does after its client has gone: the next test must not meet it."""
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.01)
