# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Says what an undo cannot bring back, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterator

from .._model.resources import LINE, LOGIN, USER, VOICEMAIL
from .undo_people import Person
from .undo_trace import Change, ObjectTrace

NEW_LINE = (
    "the SIP account: the line gets another secret and another provisioning code. Set the phone up again with the new "
    "code"
)
MESSAGES = "the recorded messages and the PIN of the voicemail"
SHARED = "the voicemail, which others have, too. Give it to this person again in the web interface of the server"
OTHER_LOGIN = "the password of the login. Set a new one (login.password)"
KEYS_OF_OTHERS = (
    "the function keys of other people's phones that led to this person: the server removes them with the user. Set "
    "them again where they are missing"
)
PERSONAL = {
    "password": "the password of the user",
    "call_permission_password": "the password of the call permissions",
}
SHORTENED = "the values of a request whose line in the journal was too long. Set them again"
PARTIAL = "the text, of which the journal contains only a part. Set it again"
REMOVED_SINCE = "everything: somebody has removed this user since the run. Provision the user again"
UNDESCRIBED = "everything: the journal has no description of this person"


def lost_of(person: Person) -> list[str]:
    """Return what an undo cannot restore of a person, each in words with what to do."""
    if person.is_new:
        return []
    if person.is_removed_since:
        return [REMOVED_SINCE]
    found = list(_of_removed(person) if person.is_gone else _of_changed(person))
    groups = [f"the {each}, which led to this person. Set them again" for each in person.given.groups]
    return list(dict.fromkeys([*found, *groups, *_of_secrets(person), *_of_shortened(person)]))


def _of_removed(person: Person) -> Iterator[str]:
    if not person.found:
        yield UNDESCRIBED
        return
    yield from (f"{name}: {PARTIAL}" for name in person.partial)
    if "extension" in person.found or "line" in person.found:
        yield NEW_LINE
        yield KEYS_OF_OTHERS
    if person.shares_voicemail:
        yield SHARED
    elif "voicemail" in person.found:
        yield MESSAGES
    if "login" in person.found:
        yield OTHER_LOGIN
    yield from (f"{each}. Set it again" for each in person.missing)
    if "device" not in person.found:
        yield from _of_phones(person)


def _of_changed(person: Person) -> Iterator[str]:
    given = person.given
    if given.line and given.line.before and not given.line.is_over:
        yield NEW_LINE
    if person.shares_voicemail:
        yield SHARED
    elif _is_taken(given.voicemail) and any(each.is_gone for each in person.of(VOICEMAIL.name)):
        yield MESSAGES
    for part in person.parts:
        name = part.fields.get("username")
        if part.resource == LOGIN.name and _is_taken(name) and name and name.left is None:
            yield OTHER_LOGIN
    yield from _of_phones(person)
    for each in (*person.objects, *person.parts):
        yield from (f"{name} of {each.subject}: {PARTIAL}" for name in each.partial)


def _is_made(login: ObjectTrace) -> bool:
    """Return whether the run has made a login."""
    name = login.fields.get("username")
    return name is not None and name.before is None


def _is_taken(change: Change | None) -> bool:
    """Return whether a run has removed a value that existed before it."""
    return change is not None and change.before is not None and not change.is_over


def _of_phones(person: Person) -> Iterator[str]:
    for phone in person.given.phones.values():
        yield f"the place of the line on its phone ({phone}). Dial the provisioning code on the phone"


def _of_shortened(person: Person) -> Iterator[str]:
    """Yield what was changed in a line that was too long for the journal."""
    if person.is_shortened and not person.is_gone:
        yield SHORTENED


def _of_secrets(person: Person) -> Iterator[str]:
    """Yield the secrets that the run has replaced. A journal has none."""
    objects = [*person.objects, *person.parts]
    for each in objects:
        names = [name for name in each.fields if each.fields[name].before not in (None, "")]
        if each.resource == USER.name:
            yield from (f"{PERSONAL[name]}. Set it again" for name in PERSONAL if name in names)
        elif each.is_gone:
            continue
        elif each.resource == LINE.name and "secret" in names and not each.is_new:
            yield "the old secret of the SIP account: the new one stays"
        elif each.resource == VOICEMAIL.name and "password" in names and not each.is_new:
            yield "the old PIN of the voicemail: the new one stays"
        elif each.resource == LOGIN.name and "password" in each.fields and not _is_made(each):
            # Wazo shows no password, so that the one before is unknown.
            yield "the old password of the login: the new one stays"
