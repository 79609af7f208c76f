# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Say what a list must not change of the people whom it is about: everything that their entries do not give."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from fuzz.picture import changed_keys
from fuzz.story import Story, full_name
from support.helpers import Options

NAMES = ("firstname", "lastname")


def unmanaged_stays(story: Story) -> Iterator[str]:
    """(j) What an entry does not give stays as it is, also where a number moves, swaps or changes its context."""
    for entry, each in story.done():
        user = each["user_id"]
        if user in story.before.users and user in story.after.users:
            for text in (*_fields(story, entry, user), *_numbers(story, entry, user), *_line(story, entry, user)):
                yield f"{each['label']}, {each['status']}: {text}"
            for text in (*_incalls(story, entry, user), *_mailbox(story, entry, user)):
                yield f"{each['label']}, {each['status']}: {text}"


def _fields(story: Story, entry: Options, user: int) -> Iterator[str]:
    given = set(entry.get("user") or ())
    was, now = story.before.users[user], story.after.users[user]
    if any(was[name] != now[name] for name in NAMES):
        given.add("caller_id")
    # A server writes '' where it had nothing, and the other way round.
    names = [name for name in was if name not in given and (was[name] or None) != (now[name] or None)]
    # Who is identified by the name alone has no other lastname than the entry.
    names = [name for name in names if name != "lastname" or "match" in entry]
    if names:
        yield f"fields {', '.join(f'{name} {was[name]!r} -> {now[name]!r}' for name in names)}"


def _numbers(story: Story, entry: Options, user: int) -> Iterator[str]:
    before, after = story.before, story.after
    extension = entry.get("extension")
    for row in before.lines_of(user)[0 if extension is None else 1 :]:
        line = row["line_id"]
        if _is_shared(story, line) or set(before.numbers_on(line)) & set(before.numbers_on(before.line_of(user) or 0)):
            continue
        was, now = before.numbers_on(line), after.numbers_on(line) if line in after.lines else None
        if was != now:
            yield f"numbers of line {line}: {was} -> {now}"
    was_number, now_number = before.number_of(user), after.number_of(user)
    if was_number and now_number and "commented" not in (extension or {}):
        was_off, now_off = before.commented(was_number), after.commented(now_number)
        if was_off != now_off:
            yield f"commented {was_off} on {was_number} -> {now_off} on {now_number}"


def _line(story: Story, entry: Options, user: int) -> Iterator[str]:
    before, after = story.before, story.after
    line, given = before.line_of(user), set(entry.get("line") or ())
    if line is None or _is_shared(story, line):
        return
    if after.line_of(user) != line:
        yield f"line {line} -> {after.line_of(user)}"
        return
    was, now = before.account(line), after.account(line)
    changed = changed_keys(*({name: each[name] for name in each if name not in given} for each in (was, now)))
    if changed and was["username"]:
        yield f"line {line}: {changed}"
    old, new = (each.number_of(user) or ("", "") for each in (before, after))
    # People who exchange their numbers lend them, which resets their telephones.
    is_moved = old[1] != new[1] or (old != new and story.case.options["reset_device"])
    is_managed = "device" in entry or "device_slot" in given or is_moved
    if before.place(line) and not is_managed and before.place(line) != after.place(line):
        yield f"telephone {before.place(line)} -> {after.place(line)}"


def _incalls(story: Story, entry: Options, user: int) -> Iterator[str]:
    was, now = story.before.incalls_of(user), story.after.incalls_of(user)
    given = entry.get("incalls")
    if given is None and was != now:
        yield f"incalls {was} -> {now}"
    said = {(each["exten"], each["context"]) for each in given or () if "commented" in each and "exten" in each}
    for number in set(was) & set(now) - said:
        if story.before.commented(number) != story.after.commented(number):
            yield f"commented of incall {number} -> {story.after.commented(number)}"


def _mailbox(story: Story, entry: Options, user: int) -> Iterator[str]:
    was, now = story.before.mailbox_of(user), story.after.mailbox_of(user)
    if was is None or len(story.before.sharers(was["id"])) > 1:
        return
    given: dict[str, Any] = entry.get("voicemail") or {}
    for other, each in story.done():
        # Who shares the mailbox afterwards describes it too.
        if now and each["user_id"] in story.after.sharers(now["id"]):
            given = {**given, **(other.get("voicemail") or {})}
    if now is None or was["id"] != now["id"]:
        if "number" not in given:
            yield f"mailbox {was['number']} -> {now and now['number']}"
        return
    free: set[str] = {"number", "context"} if "voicemail" in entry else set()
    if story.case.api != "wazo" and now["name"].strip() == full_name(story.after.users[user]):
        # The server itself gives the mailbox the name of a user whom a PUT changes (xivo-15.12.md, "Renaming").
        free.add("name")
    kept = [name for name in was if name not in free | set(given) and was[name] != now[name]]
    if kept:
        yield f"mailbox {was['number']}: {', '.join(f'{name} {was[name]!r} -> {now[name]!r}' for name in kept)}"


def _is_shared(story: Story, line: int) -> bool:
    return len(story.before.users_of(line)) > 1
