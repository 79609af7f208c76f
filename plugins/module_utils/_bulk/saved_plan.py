# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the document of a plan, which somebody reads and approves. Its schema is docs/plan.schema.json.

It holds no secret, neither in clear nor as a digest: of a secret that is written, it says "changes".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlsplit

from .._http.connection import API_VERSION, origin_of
from .._model.masking import MASK, is_secret, masked
from .._model.records import Record, Row, User, stable_name
from .._model.resources import EXTENSION, LINE, USER
from .._model.secrets import is_masked_by_key_only, secret_texts
from .._model.sip_usernames import is_chosen
from .._operations.base import Association, Operation, RecordOperation
from .._reports.plan_comparison import Approval, approve
from .._reports.plan_document import (
    CHANGES,
    COUNTED,
    FROM_LIST,
    FROM_ORPHANS,
    FROM_PURGE,
    SCHEMA,
    SCHEMA_VERSION,
    plan_in_data,
    plan_in_file,
)
from .._reports.report_text import time_of_report
from .._state.state import ServerState
from .._tasks.task import Task
from .entries import DISABLED, Entry
from .leavers import leave_of
from .planner import Batch
from .purge import OrphanRemoval
from .work_items import WorkItem

OPTIONS = (
    "continue_on_error",
    "existing_users",
    "orphans",
    "purge",
    "purge_allow_empty",
    "purge_limit",
    "purge_action",
    "purge_grace",
    "purge_scope",
    "reset_device",
    "update_password",
)
"""The options of the module that decide what is planned."""
UNSTABLE = frozenset({"id", "uuid", "predicted"})
"""The fields of objects that are left out of a plan, because only one server or run knows them."""


@dataclass
class PlannedList:
    """Holds a planned list: its items, the batches in order, and what the report says of the list as a whole."""

    entries: Sequence[Entry]
    purged: Sequence[Entry]
    orphans: Sequence[OrphanRemoval]
    batches: Sequence[Batch]
    warnings: Sequence[str]
    unchecked: Sequence[str]

    @property
    def items(self) -> Iterator[WorkItem]:
        """Yield the items in the order in which the plan begins with them, and each once."""
        return iter(dict.fromkeys(batch.item for batch in self.batches))


class SavedPlan:
    """Makes the document of a plan, and compares it with the approved one. Raises InputError for one that is no plan.

    keys: {entry: its name and number as they were given}. found: {entry: the user as the server has it}.
    """

    def __init__(self, task: Task) -> None:
        self.task = task
        options = task.options
        self._approved: Row | None = None
        # Also where it is empty: who gives the option does not want a run that nobody has approved.
        if options.get("approved_plan") is not None:
            self._approved = plan_in_file(options["approved_plan"])
        elif options.get("approved_plan_data") is not None:
            self._approved = plan_in_data(options["approved_plan_data"])
        self.is_wanted = bool(options.get("return_plan_document")) or self._approved is not None
        self.keys: dict[WorkItem, str] = {}
        self.found: dict[WorkItem, Row] = {}
        self._document: Row = {}
        self._approval: Approval | None = None

    def note_entries(self, entries: Iterable[Entry]) -> None:
        """Note the entries before numbers are chosen for them."""
        if self.is_wanted:
            self.keys = {entry: entry.label for entry in entries}

    def note_found(self, state: ServerState, entries: Iterable[Entry]) -> None:
        """Note the users whom the entries have found, before the plan changes them. It sends no request."""
        if self.is_wanted:
            self.found = {entry: _found(state, entry.found) for entry in entries if entry.found}

    def make(self, planned: PlannedList) -> None:
        """Make the document, before the first write gives ids to new objects. Raises ApprovalError."""
        self._document = _document_of(self.task, planned, self)
        if self._approved is not None:
            self._approval = approve(self._approved, self._document, self._remains)

    def results(self) -> Row:
        """Return what the module returns of it."""
        document = {"plan_document": self._document} if self.task.options.get("return_plan_document") else {}
        approval = {"approval": asdict(self._approval)} if self._approval else {}
        return {**document, **approval}

    def _remains(self, removed: Row, status: str) -> bool:
        """Return whether an object {type, id} is on the server, and not disabled if that is what its status says.

        It sends no request for one that no list has shown.
        """
        state = self.task.state
        lists: dict[str, Callable[[], Iterable[Record]]] = {
            USER.name: state.users,
            LINE.name: state.lines,
            EXTENSION.name: state.extensions,
        }
        found = next((record for record in lists[removed["type"]]() if record.id == removed["id"]), None)
        if isinstance(found, User) and status == DISABLED:
            leave = leave_of(found)
            return not (leave and leave.is_complete)
        return found is not None


def _document_of(task: Task, planned: PlannedList, recorder: SavedPlan) -> Row:
    """Return the document of a plan."""
    given = task.options["users"]
    secrets: dict[WorkItem, tuple[str, ...]] = {each: _own_secrets(given[each.index]) for each in planned.entries}
    origins: dict[WorkItem, str] = dict.fromkeys(planned.entries, FROM_LIST)
    origins.update(dict.fromkeys(planned.purged, FROM_PURGE))
    origins.update(dict.fromkeys(planned.orphans, FROM_ORPHANS))
    people = [_hide(_person(item, origins[item], recorder), secrets.get(item, ())) for item in planned.items]
    return {
        "schema": SCHEMA,
        "schema_version": SCHEMA_VERSION,
        "time": time_of_report(),
        "server": _server(task),
        "options": {name: task.options.get(name) for name in OPTIONS},
        "errors": [f"{item}: {item.problem}" for item in (*planned.entries, *planned.purged) if item.problem],
        "changes": bool(people),
        "summary": _summary(planned),
        "people": people,
        "warnings": list(planned.warnings),
        "unchecked": list(planned.unchecked),
        "rests_on": {
            "list": [
                _hide({"key": recorder.keys[each], "entry": masked(without_nulls(given[each.index]))}, secrets[each])
                for each in planned.entries
            ],
            "server": [
                {"key": each["key"], "found": _hide(recorder.found[item], secrets.get(item, ()))}
                for item, each in zip(planned.items, people)
                if item in recorder.found
            ],
        },
    }


def _server(task: Task) -> Row:
    """Return the address of the server in one spelling, the generation of its API, and the tenant."""
    connection = task.backend.client.connection
    base = connection.base_url
    path = urlsplit(base).path[: -len(f"/{API_VERSION}")]
    return {"url": f"{origin_of(base, 'confd_url')}{path}", "api": task.backend.api, "tenant": connection.tenant}


def _summary(planned: PlannedList) -> Row:
    statuses, purged = ([entry.planned_status for entry in entries] for entries in (planned.entries, planned.purged))
    return {
        "entries": len(planned.entries),
        **{status: statuses.count(status) for status in COUNTED},
        "purged": purged.count("removed"),
        "disabled": purged.count(DISABLED),
        "orphans_removed": len(planned.orphans),
    }


def _person(item: WorkItem, origin: str, recorder: SavedPlan) -> Row:
    """Return what is planned for an item."""
    record = item.record if isinstance(item, OrphanRemoval) else item.found if isinstance(item, Entry) else None
    is_listed = origin == FROM_LIST
    removed = None if is_listed or record is None else {"type": record.resource.name, "id": record.id}
    return {
        "origin": origin,
        "key": recorder.keys[item] if is_listed else _key_of_unlisted(item, record),
        "label": item.label,
        "status": item.planned_status,
        "removes": removed,
        "waits_for": sorted(each.label for each in item.waits_for | item.links_to),
        "operations": [_operation(each) for each in item.operations],
        "warnings": [*item.warnings, *(each.warning for each in item.operations if each.warning)],
    }


def _key_of_unlisted(item: WorkItem, record: Record | None) -> str:
    """Return what a purged user or an orphan is called in every plan."""
    return stable_name(record) if isinstance(item, OrphanRemoval) and record else item.label


def _operation(operation: Operation) -> Row:
    return {
        "action": operation.action,
        "resource": operation.resource_type,
        "object": operation.stable_subject,
        "text": operation.text,
        "fields": list(_fields(operation)),
    }


def _fields(operation: Operation) -> Iterator[Row]:
    """Yield {name, before, after} of each field that an operation writes, or removes with its object.

    The ids of associated objects are no fields: the description of the operation names the objects.
    """
    if isinstance(operation, Association):
        return
    before, after = operation.before, operation.after
    for name in {**after, **before}:
        old, new = before.get(name), after.get(name)
        if name in UNSTABLE or _is_apart(operation, name):
            continue
        if is_secret(name, old) or is_secret(name, new):
            if operation.action != "delete":
                yield {"name": name, "before": None, "after": None if new in (None, "") else CHANGES}
        elif not (operation.resource_type == LINE.name and name == "username" and is_chosen(old)):
            yield {"name": name, "before": masked(old), "after": masked(new)}


def _is_apart(operation: Operation, name: str) -> bool:
    """Return whether a field of a deleted object was perhaps read only because another entry needs it."""
    return (
        operation.action == "delete"
        and isinstance(operation, RecordOperation)
        and name in operation.record.resource.apart
    )


def _found(state: ServerState, user: User) -> Row:
    """Return a user as the server has it: the fields, the number and the SIP username."""
    line, number = state.line_of(user), state.extension_of_user(user)
    fields = {name: value for name, value in masked(user.result()).items() if value not in (None, MASK)}
    username = line["username"] if line else None
    return {"user": fields, "line": username, "extension": str(number) if number else None}


def _own_secrets(entry: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the secrets of an entry that are long enough to be recognised in other texts, the longest first."""
    found = (text for text in secret_texts(entry) if not is_masked_by_key_only(text))
    return tuple(sorted(found, key=lambda text: (-len(text), text)))


def _hide(value: Any, secrets: Sequence[str]) -> Any:
    """Return a value without the secrets that its texts contain, such as a password that is also in a description."""
    if not secrets:
        return value
    if isinstance(value, Mapping):
        return {key: _hide(inner, secrets) for key, inner in value.items()}
    if isinstance(value, list):
        return [_hide(inner, secrets) for inner in value]
    if isinstance(value, str):
        for secret in secrets:
            value = value.replace(secret, MASK)
    return value


def without_nulls(value: Any) -> Any:
    """Return an entry without the keys that are null: they count as omitted."""
    if isinstance(value, Mapping):
        return {key: without_nulls(inner) for key, inner in value.items() if inner is not None}
    return [without_nulls(inner) for inner in value] if isinstance(value, list) else value
