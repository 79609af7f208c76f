# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Say what must be true of every list on every server. Each function yields what is wrong, in words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from ansible_collections.xivo.confd.plugins.module_utils._model.sip_usernames import username_prefix
from fuzz.picture import Picture, changed_keys
from fuzz.story import Story, full_name, named_mailbox
from support.helpers import Options
from support.normalise_state import KEPT, differences

COMPARED = ("index", "label", "name", "status", "exten", "context", "changes")
LEFT_BEHIND = re.compile(r"Left behind|Not put back|no longer has|timeout|timed out", re.IGNORECASE)
"""A message that says what it left, or that the server may still be at it."""
Invariant = Callable[[Story], Iterator[str]]


def check_mode_tells_the_truth(story: Story) -> Iterator[str]:
    """(a) Check mode writes nothing, and reports the statuses and changes of the run."""
    predicted, real = story.predicted, story.first
    if predicted.writes or predicted.state != story.case.before:
        yield f"check mode writes {[f'{each.method} {each.path}' for each in predicted.writes]}"
    if story.server_decides:
        return
    for each in story.surprises:
        yield f"check mode does not know the failure: {each['label']}: {each['error']}"
    if story.surprises:
        return
    if predicted.is_refused or real.is_refused:
        if predicted.message != real.message:
            yield f"refused: {predicted.message!r} in check mode, {real.message!r} in the run"
        return
    for one, other in zip(compared(predicted.results), compared(real.results)):
        if one != other:
            yield f"{one['label']}: {changed_keys(one, other)}"
    if predicted.result["changed"] != real.result["changed"] and not real.failed:
        yield f"changed is {predicted.result['changed']} in check mode, {real.result['changed']} in the run"


def second_run_is_silent(story: Story) -> Iterator[str]:
    """(b) The same list on its own result writes nothing and changes nothing.

    An entry that failed may succeed now that other entries are carried out, as when one of two homonyms is gone.
    """
    again = story.second
    if again is None or story.surprises:
        return
    stopped = story.first.failed and not story.case.options["continue_on_error"]
    if stopped and story.first.indexes("created", "updated", "removed"):
        return
    for each in again.results:
        (was,) = (result for result in story.first.results if result["index"] == each["index"])
        if was["status"] == "failed":
            continue
        if each["status"] == "failed":
            yield f"{each['label']}: {was['status']}, then failed: {each['error']}"
        elif each["changes"]:
            yield f"{each['label']}: again {each['status']}: {each['changes']}"
    if again.writes and not any(each["changes"] for each in again.results):
        yield f"the second run writes {[f'{each.method} {each.path}' for each in again.writes]}"


def third_run_means_the_same_people(story: Story) -> Iterator[str]:
    """(c) Identified anew by the other strategy, every entry is the same person and wants nothing."""
    if story.third is None or story.first.failed or story.second is None or story.second.failed:
        return
    if story.third.writes or story.third.failed:
        yield f"the third run writes {len(story.third.writes)} times, {story.third.message}"
    for one, other in zip(story.first.results, story.third.results):
        if one["status"] != "removed" and one["user_id"] != other["user_id"]:
            yield f"{one['label']}: user {one['user_id']}, then user {other['user_id']}"


def outsiders_stay(story: Story) -> Iterator[str]:
    """(d) Who is in no entry and not purged has what they had; what belongs to nobody and is not named stays too."""
    for user in set(story.before.users) - story.identified:
        text = changed_keys(*story.person(user))
        if text and not _is_said_to_be_left(story, user):
            yield f"user {user}, {full_name(story.before.users[user])}, is not in the list: {text}"
    after: dict[str, dict[Any, Any]] = {
        "number": story.after.numbers,
        "line": story.after.lines,
        "voicemail": story.after.voicemails,
    }
    for kind, rows in story.before.ownerless().items():
        for key, row in rows.items():
            if not _may_be_taken(story, kind, key, row) and row != after[kind].get(key):
                yield f"{kind} {key} without owner: {changed_keys(row, after[kind].get(key))}"
    for line in story.before.ownerless()["line"]:
        if not _may_be_taken(story, "line", line, {}) and line in story.after.lines:
            was, now = story.before.numbers_on(line), story.after.numbers_on(line)
            if was != now:
                yield f"line {line} without owner: numbers {was} -> {now}"


def everything_has_one_owner(story: Story) -> Iterator[str]:
    """(e) Nothing gets a second owner, and nobody gets a line or a mailbox that somebody has."""
    had = story.before.doubles(story.case.api)
    for (kind, value), owners in story.after.doubles(story.case.api).items():
        if not owners <= had.get((kind, value), set()):
            yield f"{kind} {value!r} belongs to {len(owners)}: {sorted(map(str, owners))}"
    for user in story.after.users:
        yield from _gained_lines(story, user)
        yield from _gained_mailbox(story, user)


def failed_persons_stay(story: Story) -> Iterator[str]:
    """(f) Who failed or was skipped has what they had, and nothing new is left of it unless a message says so."""
    unsaid = not LEFT_BEHIND.search(story.first.message)
    for _entry, each in story.entries("failed", "skipped"):
        if LEFT_BEHIND.search(each["error"] or ""):
            continue
        if each["user_id"]:
            was, now = story.person(each["user_id"], False)
            if was != now and not _is_also_done(story, each["user_id"]):
                yield f"{each['label']} is {each['status']} ({each['error']}): {changed_keys(was, now)}"
    if unsaid and not story.first.is_refused:
        yield from _left_over(story)
    elif story.first.is_refused and story.first.state != story.case.before:
        yield f"refused, and written: {story.first.message}"


def results_are_what_the_server_has(story: Story) -> Iterator[str]:
    """(g) The results say what is on the server: user, line, numbers, and that who is removed is gone."""
    users = [each["user_id"] for _entry, each in story.done()]
    if None in users or len(users) != len(set(users)):
        yield f"user ids of the results: {users}"
    for entry, each in story.entries("removed"):
        yield from _wrong_removal(story, entry, each)
    for _entry, each in story.done():
        user = each["user_id"]
        if user is None:
            continue
        if user not in story.after.users:
            yield f"{each['label']}: user {user} is not on the server"
            continue
        if (each["status"] == "created") == (user in story.before.users):
            yield f"{each['label']}: {each['status']} user {user}"
        number = (each["exten"], each["context"]) if each["exten"] else None
        found = story.after.numbers_on(each["line_id"]) if each["line_id"] in story.after.lines else []
        if each["line_id"] != story.after.line_of(user) or number not in (found or [None]):
            yield f"{each['label']}: line {each['line_id']}, {number}; the server has {found}"
        if each["incalls"] is not None:
            told = sorted((row["exten"], row["context"]) for row in each["incalls"])
            if told != story.after.incalls_of(user):
                yield f"{each['label']}: incalls {told}; the server has {story.after.incalls_of(user)}"


def strategies_do_the_same(story: Story) -> Iterator[str]:
    """(h) Bulk and stepwise leave servers that mean the same, and report the same."""
    if story.twin is None:
        return
    for one, other in zip(compared(story.first.results), compared(story.twin.results)):
        if one != other:
            yield f"{one['label']}: {changed_keys(one, other)}"
    if story.first.failed != story.twin.failed:
        yield f"failed: {story.first.failed} in bulk, {story.twin.failed} stepwise: {story.twin.message}"
    found = differences(story.runner.meaning(story.twin), story.runner.meaning(story.first))
    if found:
        yield f"stepwise leaves {'; '.join(found)}"


def faults_are_healed(story: Story) -> Iterator[str]:
    """(i) Runs after a fault reach what a run without it reaches, or say a problem; nobody loses anything."""
    if story.reference is None or not story.healed:
        return
    last, wanted = story.healed[-1], story.reference
    is_said = story.has_range or re.search("Left behind|no longer has|Not put back", story.first.message)
    if not is_said and last.indexes("failed") == wanted.indexes("failed") and last.failed == wanted.failed:
        found = differences(story.runner.meaning(last, KEPT), story.runner.meaning(wanted, KEPT))
        if found:
            yield f"after the fault: {'; '.join(found)}"
    if is_said or wanted.failed:
        return
    for user in set(story.before.users) & set(wanted.picture.users):
        lost = belongings(story.before, user) & belongings(wanted.picture, user) - belongings(last.picture, user)
        if lost:
            yield f"user {user} has lost {sorted(lost)}; the last run: {last.message or 'succeeded'}"


# Help


def compared(results: list[Options]) -> list[Options]:
    """Return results without ids, and for failed entries without what became of them."""
    return [
        {name: each[name] for name in COMPARED if each["status"] not in ("failed", "skipped") or name != "changes"}
        for each in results
    ]


def belongings(picture: Picture, user: int) -> set[str]:
    """Return the kinds of things that a user has."""
    if user not in picture.users:
        return set()
    row = picture.users[user]
    has = {
        "an entry": row,
        "a line": picture.line_of(user),
        "a number": picture.number_of(user),
        "incalls": picture.incalls_of(user),
        "a mailbox": picture.mailbox_of(user),
        "an e-mail": row.get("email"),
        "a username": row.get("username"),
    }
    return {kind for kind, thing in has.items() if thing}


def _may_be_taken(story: Story, kind: str, key: Any, row: dict[str, Any]) -> bool:
    """Return whether a list may take or delete something that belongs to nobody."""
    if kind == "number":
        return key in story.named_numbers or _is_on_left_line(story, key)
    if kind == "line":
        username = story.before.account(key)["username"]
        return username in story.named_accounts or _is_left(story, key)
    at = (row["number"], row["context"])
    return at in story.named_mailboxes or row["name"] in story.mailbox_names


def _is_left(story: Story, line: int) -> bool:
    """Return whether a line without user bears the mark of its number."""
    username = story.before.account(line)["username"] or ""
    return any(username.startswith(username_prefix("@".join(each))) for each in story.before.numbers_on(line))


def _is_on_left_line(story: Story, number: Any) -> bool:
    lines = [line for line in story.before.ownerless()["line"] if number in story.before.numbers_on(line)]
    return any(_is_left(story, line) for line in lines)


def _gained_lines(story: Story, user: int) -> Iterator[str]:
    had = {row["line_id"] for row in story.before.lines_of(user)}
    for row in story.after.lines_of(user):
        line = row["line_id"]
        if line in had or line not in story.before.lines:
            continue
        others = story.before.users_of(line)
        if others:
            yield f"user {user} gets line {line} of user {sorted(others)}"
        elif not _may_be_taken(story, "line", line, {}) and story.before.numbers_on(line):
            yield f"user {user} gets line {line}, {story.before.account(line)['username']}, made by hand"


def _gained_mailbox(story: Story, user: int) -> Iterator[str]:
    box, was = story.after.mailbox_of(user), story.before.mailbox_of(user)
    if box is None or (was and was["id"] == box["id"]):
        return
    entry = next((entry for entry, each in story.done() if each["user_id"] == user), None)
    if entry is None and _says_what_is_left(story):
        return
    if entry is None or "voicemail" not in entry:
        yield f"user {user} gets the mailbox {box['number']}, which no entry gives"
        return
    sharers = story.before.sharers(box["id"]) - {user}
    at = (box["number"], box["context"])
    givers = {
        each["user_id"]
        for other, each in story.done()
        if named_mailbox(other) == at or ("voicemail" in other and (each["exten"], each["context"]) == at)
    }
    if sharers and not sharers <= givers:
        yield f"user {user} gets the mailbox {box['number']} of user {sorted(sharers)}"
    old = story.before.voicemails.get(box["id"])
    if old and not sharers:
        kept = [name for name in ("email", "pager", "password") if box[name] is not None and old[name] == box[name]]
        kept = [name for name in kept if name not in entry["voicemail"]]
        if kept:
            yield f"user {user} gets the mailbox {box['number']} without owner, with its old {kept}"


def _is_said_to_be_left(story: Story, user: int) -> bool:
    """Return whether a message about a fault names a line of the user as not put back."""
    lines = [f"(id {row['line_id']})" for row in story.before.lines_of(user)]
    return "Left behind" in story.first.message and any(line in story.first.message for line in lines)


def _says_what_is_left(story: Story) -> bool:
    return any(LEFT_BEHIND.search(each["error"] or "") for _entry, each in story.entries("failed", "skipped"))


def _left_over(story: Story) -> Iterator[str]:
    """Yield what is new and belongs to nobody of those whose entry succeeded."""
    before, after = story.before, story.after
    owners = {each["user_id"] for _entry, each in story.done()}
    for user in set(after.users) - set(before.users) - owners:
        yield f"user {user}, {full_name(after.users[user])}, is new and belongs to no entry that succeeded"
    for line in set(after.lines) - set(before.lines):
        if not after.users_of(line) & owners and not _is_rebuilt(story, line):
            yield f"line {line} is new and belongs to no entry that succeeded"
    free = after.ownerless()
    for number in set(free["number"]) - set(before.numbers):
        yield f"number {number} is new and belongs to nobody"
    for number in set(free["number"]) & set(before.numbers) - set(before.ownerless()["number"]):
        yield f"number {number} belongs to nobody any more"
    for key in set(free["voicemail"]) - set(before.ownerless()["voicemail"]):
        yield f"voicemail {free['voicemail'][key]['number']} belongs to nobody any more"


def _is_rebuilt(story: Story, line: int) -> bool:
    return any(user in story.before.users for user in story.after.users_of(line))


def _is_also_done(story: Story, user: int) -> bool:
    """Return whether another entry about the same user succeeded."""
    return any(each["user_id"] == user for _entry, each in story.entries("updated", "removed", "unchanged"))


def _wrong_removal(story: Story, entry: Options, result: Options) -> Iterator[str]:
    user = result["user_id"]
    if user in story.after.users:
        yield f"{result['label']}: removed, but user {user} is on the server"
    given, had = entry.get("extension"), story.before.numbers_of(user) if user else []
    if given and had and (given["exten"], given["context"]) not in had:
        yield f"{result['label']}: removed user {user}, who has {had}"
