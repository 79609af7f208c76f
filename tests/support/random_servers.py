# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Random servers, as people make them by hand in odd ways, and random lists that fit them more or less."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from hypothesis import strategies as st

from simulator.database import Database
from support.helpers import Options, number

LONG = ("Maximilian-Ferdinand " * 5)[:99] + "x"
FIRSTNAMES = ("Ann", "Bob", "Élodie", 'O\'Neil "Q" %', "x_y\\z", "李", LONG)
LASTNAMES = ("", "Lee", "Zoé")
NUMBERS = tuple(str(each) for each in range(1000, 1010))
SALES = tuple(str(each) for each in range(4000, 4004))
INCALLS = (*(str(each) for each in range(2000, 2008)), "0300000001")
GIVEN_SECRET = "givensecret"
FREE_RANGES = ("1500-1504", "1000-1019")


@dataclass
class Person:
    """Somebody on the server: what they have, in ids and numbers."""

    user_id: int
    firstname: str
    lastname: str
    number: tuple[str, str] | None = None
    incalls: list[str] = field(default_factory=list)


class Builder:
    """Fills a Database the way a database is filled, not by its API."""

    odd = ("number", "incall", "line", "both", "voicemail")
    """What may belong to nobody."""

    firstnames: tuple[str, ...] = FIRSTNAMES
    lastnames: tuple[str, ...] = LASTNAMES
    most = 5
    """Of people."""

    def __init__(self, database: Database, chance: random.Random) -> None:
        self.database = database
        self.chance = chance
        self.people: list[Person] = []
        self._spare = {"default": count(1800), "sales": count(4800), "from-extern": count(2800)}
        self._numbers = {"default": list(NUMBERS), "sales": list(SALES), "from-extern": list(INCALLS)}

    def build(self) -> list[Person]:
        """Some people, and what belongs to nobody."""
        for _each in range(self.chance.randint(1, self.most)):
            self._person()
        for _each in range(self.chance.randint(0, 3)):
            self.add_left_over(self.chance.choice(self.odd))
        return self.people

    def _person(self) -> None:
        user = self._user()
        person = Person(user, self.database.users.get(user).firstname, self.database.users.get(user).lastname)
        self.people.append(person)
        kind = self.chance.choice(("nothing", "line", "number", "number", "number", "incalls", "shared"))
        if kind == "nothing":
            return
        others = [row.line_id for row in self.database.user_lines if row.main_user]
        if kind == "shared" and others:
            self.tie_line(user, self.chance.choice(others), main=False)
            return
        context = self.chance.choice(("default", "default", "default", "sales"))
        line = self.add_line(context)
        self.tie_line(user, line, main=True)
        if kind != "line":
            person.number = self.add_number(line, context)
        if kind == "incalls":
            person.incalls = [self.add_incall(user) for _each in range(self.chance.randint(1, 2))]
        if self.is_seldom(4):
            self.add_voicemail(user, person.number)
        if person.number and not self.database.lines.first(device_id="dev2") and self.is_seldom(6):
            self.database.put_device_on_line(line, "dev2")

    def is_seldom(self, one_of: int) -> bool:
        return self.chance.randint(1, one_of) == 1

    def add_left_over(self, kind: str) -> None:
        if kind in ("number", "incall"):
            self.add_extension("default" if kind == "number" else "from-extern")
        elif kind == "voicemail":
            self.database.voicemails.insert(name="Left", number=self._free("default"), context="default")
        else:
            line = self.add_line("default")
            if kind == "both":
                self.add_number(line, "default")

    def _user(self) -> int:
        first, last = self.chance.choice(self.firstnames), self.chance.choice(self.lastnames)
        caller_id = self.chance.choice((f'"{first} {last}"', f'"{first} {last}"', '"Front desk"'))
        row = self.database.users.insert(
            firstname=first,
            lastname=last,
            caller_id=caller_id,
            userfield=self.chance.choice(("", "HR-1", "by hand")),
            password=self.chance.choice((None, "1234")),
        )
        return int(row.id)

    def add_line(self, context: str) -> int:
        row = self.database.lines.insert(
            username=self.database.random_account(),
            secret=self.database.random_account(),
            context=context,
            sip_context=context,
            device_slot=1,
            provisioning_extension=self.database.random_provisioning_extension(),
        )
        return int(row.id)

    def tie_line(self, user: int, line: int, main: bool) -> None:
        self.database.user_lines.insert(user_id=user, line_id=line, main_user=main, main_line=True)

    def add_number(self, line: int, context: str) -> tuple[str, str] | None:
        if not self._numbers[context]:
            return None
        extension = self.add_extension(context)
        self.database.line_extensions.insert(line_id=line, extension_id=extension.id)
        return extension.exten, context

    def add_incall(self, user: int) -> str:
        extension = self.add_extension("from-extern")
        incall = self.database.incalls.insert(exten=extension.exten, context="from-extern", user_id=user)
        extension.type, extension.typeval = "incall", str(incall.id)
        return str(extension.exten)

    def add_voicemail(self, user: int, at: tuple[str, str] | None) -> None:
        exten, context = at or (self._free("default"), "default")
        others = list(self.database.voicemails)
        if others and self.is_seldom(8):
            self.database.user_voicemails.insert(user_id=user, voicemail_id=others[0].id)
        elif self.database.voicemails.first(number=exten, context=context) is None:
            voicemail = self.database.voicemails.insert(name="Somebody", number=exten, context=context)
            self.database.user_voicemails.insert(user_id=user, voicemail_id=voicemail.id)

    def add_extension(self, context: str) -> Any:
        return self.database.extensions.insert(exten=self._free(context), context=context)

    def _free(self, context: str) -> str:
        left = self._numbers[context]
        return left.pop(self.chance.randint(0, min(2, len(left) - 1))) if left else str(next(self._spare[context]))


@st.composite
def wanted_lists(draw: st.DrawFn, people: list[Person], api: str = "xivo15") -> list[Options]:
    """What is wanted of some of these people, and of new ones."""
    entries = draw(_lists(people))
    for entry in entries:
        if "state" not in entry and draw(st.integers(0, 2)) == 0:
            entry["func_keys"] = {"keys": draw(_keys(people, entries))}
    if api != "xivo15":
        for entry in entries:
            # Younger servers make a line's caller ID themselves, and refuse another one.
            if "line" in entry:
                entry["line"] = {name: value for name, value in entry["line"].items() if name != "callerid"}
            if "state" not in entry and draw(st.integers(0, 2)) == 0:
                entry["fallbacks"] = draw(_fallbacks(people, entries))
    return entries


def _anybody(people: list[Person], entries: list[Options]) -> list[Options]:
    """References to users, who may leave, be renamed or still be to come."""
    found = [{"id": person.user_id} for person in people]
    return [*found, *({"firstname": entry["user"]["firstname"]} for entry in entries if "match" not in entry)]


def _keys(people: list[Person], entries: list[Options]) -> st.SearchStrategy[Options]:
    """Function keys that lead to anybody and to other places."""
    targets = [*({"user": user} for user in _anybody(people, entries)), {"custom": "*10"}, {"forward": "busy"}]
    key = st.sampled_from(targets).map(lambda target: {"destination": target, "label": "Key"})
    return st.dictionaries(st.integers(1, 4), key, max_size=3)


def _fallbacks(people: list[Person], entries: list[Options]) -> st.SearchStrategy[Options]:
    """Fallbacks to anybody, and to other places."""
    users = _anybody(people, entries)
    to_users = st.sampled_from(users).map(lambda user: {"user": user, "ring_seconds": 20}) if users else st.nothing()
    destination = st.one_of(to_users, st.sampled_from(({"hangup": "busy"}, {"voicemail": "own"}, "")))
    return st.dictionaries(st.sampled_from(("noanswer", "busy")), destination, min_size=1, max_size=2)


@st.composite
def _lists(draw: st.DrawFn, people: list[Person]) -> list[Options]:
    listed = draw(st.lists(st.sampled_from(people), unique_by=lambda person: person.user_id, max_size=4))
    numbers = _numbers_for(draw, listed)
    entries = [_entry_of(draw, person, wanted) for person, wanted in zip(listed, numbers)]
    entries.extend(_newcomer(draw, listed) for _each in range(draw(st.integers(0, 2))))
    return list(draw(st.permutations(entries)))


def _numbers_for(draw: st.DrawFn, listed: list[Person]) -> list[tuple[str, str] | None]:
    """Their own numbers, or those of one another in a circle, or other ones."""
    how = draw(st.sampled_from(("own", "circle", "other")))
    own = [person.number for person in listed]
    if how == "circle":
        return [*own[1:], *own[:1]]
    if how == "other":
        return [(draw(st.sampled_from(NUMBERS)), "default") if each else None for each in own]
    return own


def _entry_of(draw: st.DrawFn, person: Person, wanted: tuple[str, str] | None) -> Options:
    names = {"firstname": person.firstname, **({"lastname": person.lastname} if person.lastname else {})}
    match = {
        "none": None,
        "id": {"id": person.user_id},
        # Who is found by a number cannot be found again once that number is somebody else's.
        "exten": dict(zip(("exten", "context"), person.number)) if person.number and person.number == wanted else None,
        "name": names,
    }[draw(st.sampled_from(("none", "id", "id", "exten", "name")))]
    entry: Options = {"user": names, **({"match": match} if match else {})}
    if draw(st.integers(0, 4)) == 0:
        return {**entry, "state": "absent"}
    if match and draw(st.booleans()):
        entry["user"] = {**names, "firstname": draw(st.sampled_from(("Renamed", *FIRSTNAMES)))}
    entry["user"] = {**entry["user"], **draw(_user_values())}
    if wanted:
        entry["extension"] = number(*wanted)
    return {**entry, **draw(_extras(bool(wanted)))}


def _newcomer(draw: st.DrawFn, listed: list[Person]) -> Options:
    """A new user; may get the number of one of the list, who may leave or move."""
    freed = [person.number for person in listed if person.number]
    where = draw(st.sampled_from(("freed", "range", "number", "sales", "none")))
    entry: Options = {"user": {"firstname": draw(st.sampled_from(("New", "Newer", *FIRSTNAMES[:2])))}}
    if where == "none":
        return entry
    if where == "freed" and freed:
        entry["extension"] = number(*draw(st.sampled_from(freed)))
    elif where == "range":
        entry["extension"] = {"range": draw(st.sampled_from(FREE_RANGES)), "context": "default"}
    else:
        entry["extension"] = number(*_any_number(draw, "sales" if where == "sales" else "default"))
    return {**entry, **draw(_extras(True))}


def _any_number(draw: st.DrawFn, context: str) -> tuple[str, str]:
    return draw(st.sampled_from(SALES if context == "sales" else NUMBERS)), context


def _user_values() -> st.SearchStrategy[Options]:
    return st.fixed_dictionaries(
        {},
        optional={
            "caller_id": st.sampled_from(("", "Boss")),
            "userfield": st.sampled_from(("", "HR-9")),
            "language": st.just("fr_FR"),
            "password": st.sampled_from(("1234", "secret99")),
        },
    )


def _extras(with_number: bool) -> st.SearchStrategy[Options]:
    """Incalls; and for who has a number a voicemail and values of the line."""
    incalls = st.lists(st.sampled_from(INCALLS), unique=True, max_size=2).map(lambda many: [number(n) for n in many])
    picked = st.just([{"range": "2500-2503", "context": "from-extern"}])
    optional: dict[str, st.SearchStrategy[Any]] = {"incalls": st.one_of(incalls, picked)}
    if with_number:
        voicemails = ({}, {"email": "a@b.example"}, {"number": "1777", "context": "default"}, {"name": "Front desk"})
        lines = ({"secret": GIVEN_SECRET}, {"callerid": '"Given"'}, {"device_slot": 2})
        optional |= {"voicemail": st.sampled_from(voicemails), "line": st.sampled_from(lines)}
    return st.fixed_dictionaries({}, optional=optional)
