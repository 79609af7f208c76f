# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Make random lists of entries that are about the people of a server, and about some new ones."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import Any

from fuzz.picture import Number, Picture
from fuzz.servers import CODES, EMAILS, FIRSTNAMES, HAND_MADE, LASTNAMES, OLDER, USERNAMES
from support.helpers import Options, number

FREE = (("1503", "default"), ("1504", "default"), ("4010", "sales"))
RANGES = ("1500-1504", "1000-1019", "1003-1006")
INCALL_RANGES = ("2500-2503", "2000-2009", "2002-2004")
OUT_OF_RANGE = {"default": "9999", "from-extern": "22000"}
MACS = ("00:08:5d:00:00:01", "00:08:5d:00:00:02", "00:15:65:00:00:03")
GIVEN = frozenset({"givensecret", "freshuser", HAND_MADE, *CODES, "444444"})
"""Secrets, codes and SIP usernames of lists, which are not random."""
FEATURES = (
    "move", "circle", "range", "incalls", "voicemail", "values", "line", "device", "absent", "rename", "commented",
    "out of range", "match", "newcomers",
)  # fmt: skip


class ListMaker:
    """Makes one list. A list has some of the features only, so that not every list contradicts itself."""

    def __init__(self, api: str, picture: Picture, chance: random.Random) -> None:
        self.api = api
        self.picture = picture
        self.chance = chance
        self.people = list(picture.users.values())
        self.features = {feature for feature in FEATURES if chance.random() < 0.45}
        self.numbers = sorted(picture.numbers)
        self.renumbered: dict[int, Number | None] = {}

    def make(self) -> list[Options]:
        """Return the entries, in any order."""
        listed = self.chance.sample(self.people, self.chance.randint(0, min(4, len(self.people))))
        self._renumber([user["id"] for user in listed])
        entries = [self._entry_of(user) for user in listed]
        if self._has("newcomers") or not entries:
            entries.extend(self._newcomer() for _each in range(self.chance.randint(1, 2)))
        return self.chance.sample(entries, len(entries))

    def _has(self, feature: str, one_of: int = 1) -> bool:
        """Return whether this list has a feature, and one in so many of its entries."""
        return feature in self.features and self.chance.randint(1, one_of) == 1

    def _renumber(self, users: Sequence[int]) -> None:
        """Choose who gets which number: their own, one another's, or any."""
        own = [self.picture.number_of(user) for user in users]
        wanted = [*own[1:], *own[:1]] if self._has("circle") else list(own)
        for place, user in enumerate(users):
            if self._has("move", 3):
                wanted[place] = self._any_number("default")
            self.renumbered[user] = wanted[place]

    def _any_number(self, context: str) -> Number:
        """Return a number that somebody or nobody has, or that is free."""
        inside = [each for each in self.numbers if (each[1] == "from-extern") == (context == "from-extern")]
        free = FREE if context == "default" else (("2600", "from-extern"), ("2601", "from-extern"))
        return self.chance.choice((*inside, *free))

    # Somebody who is there

    def _entry_of(self, user: dict[str, Any]) -> Options:
        names = _names(user)
        match = self._match(user)
        entry: Options = {"match": match} if match else {}
        if self._has("absent", 3):
            return {**entry, **self._leaver(user, names, match)}
        wanted_names = dict(names)
        if match and self._has("rename", 2):
            wanted_names = {**names, "firstname": self.chance.choice(("Renamed", *FIRSTNAMES))}
        entry["user"] = {**wanted_names, **self._user_values()}
        wanted = self.renumbered.get(user["id"])
        if match and "exten" in match and not self._has("range", 2):
            wanted = self.picture.number_of(user["id"])
        return {**entry, **self._rest(wanted, has_line=bool(self.picture.lines_of(user["id"])), user_id=user["id"])}

    def _leaver(self, user: dict[str, Any], names: Options, match: Options | None) -> Options:
        entry: Options = {"state": "absent"}
        if not match or self.chance.random() < 0.3:
            entry["user"] = names
        own = self.picture.number_of(user["id"])
        if own and self.chance.random() < 0.4:
            other = self.chance.random() < 0.2
            entry["extension"] = number(*(self._any_number("default") if other else own))
        if "extension" in entry and self._has("voicemail", 2):
            entry["voicemail"] = {}
        return entry

    def _match(self, user: dict[str, Any]) -> Options | None:
        if not self._has("match", 1):
            return {"id": user["id"]} if self.chance.random() < 0.5 else None
        own = self.picture.number_of(user["id"])
        incalls = self.picture.incalls_of(user["id"])
        kinds: list[Options] = [{"id": user["id"]}, _names(user), {"firstname": user["firstname"]}]
        kinds += [{"userfield": user["userfield"]}] * 2 if user["userfield"] else []
        kinds += [{"username": user["username"]}] * 2 if user["username"] else []
        kinds += [dict(zip(("exten", "context"), each)) for each in (own, own, *incalls[:1]) if each]
        return self.chance.choice(kinds)

    # Somebody new

    def _newcomer(self) -> Options:
        entry: Options = {"user": {"firstname": self.chance.choice(("New", "Newer", *FIRSTNAMES[:2]))}}
        if self.chance.random() < 0.6:
            entry["user"]["lastname"] = self.chance.choice(("Comer", *LASTNAMES[1:]))
        if self._has("match", 4):
            entry["match"] = {"userfield": self.chance.choice(("HR-77", "HR-1"))}
        entry["user"] |= self._user_values()
        freed = [each for each in map(self.picture.number_of, self.renumbered) if each]
        kind = self.chance.choice(("freed", "freed", "free", "any", "none"))
        if kind == "none" and not self._has("range"):
            return entry
        wanted = self.chance.choice(freed) if kind == "freed" and freed else self._any_number("default")
        return {**entry, **self._rest(self.chance.choice(FREE) if kind == "free" else wanted, has_line=True)}

    # What anybody has

    def _rest(self, wanted: Number | None, has_line: bool, user_id: int | None = None) -> Options:
        entry: Options = {}
        extension = self._extension(wanted)
        if extension:
            entry["extension"] = extension
            if self._has("line", 2):
                entry["line"] = self._line()
        if self._has("incalls", 2):
            entry["incalls"] = self._incalls(user_id)
        if self._has("voicemail", 2) and (extension or has_line):
            entry["voicemail"] = self._voicemail(bool(extension or wanted))
        if self._has("device", 3) and extension and self.api != OLDER:
            entry["device"] = {"mac": self.chance.choice(MACS)}
        return entry

    def _extension(self, wanted: Number | None) -> Options | None:
        if wanted is None and self.chance.random() < 0.7:
            return None
        if self._has("range", 2):
            return {"range": self.chance.choice(RANGES), "context": "default"}
        if wanted is None or (wanted[1] == "from-extern"):
            return None
        extension = number(*wanted)
        if self._has("out of range", 6):
            extension["exten"] = OUT_OF_RANGE["default"]
        if self._has("commented", 3):
            extension["commented"] = self.chance.random() < 0.5
        return extension

    def _incalls(self, user_id: int | None) -> list[Options]:
        own = self.picture.incalls_of(user_id) if user_id else []
        kept = self.chance.sample(own, self.chance.randint(0, len(own)))
        wanted: list[Options] = [number(*each) for each in kept]
        if self.chance.random() < 0.5:
            fresh = number(*self._any_number("from-extern"))
            wanted.extend([fresh] if fresh not in wanted else [])
        if self._has("range", 2):
            wanted.append({"range": self.chance.choice(INCALL_RANGES), "context": "from-extern"})
        if wanted and self._has("out of range", 6):
            wanted[0] = number(OUT_OF_RANGE["from-extern"], "from-extern")
        if wanted and self._has("commented", 3):
            wanted[0]["commented"] = self.chance.random() < 0.5
        return self.chance.sample(wanted, len(wanted))

    def _voicemail(self, with_number: bool) -> Options:
        values: list[Options] = [{}, {"email": "box@new.example"}, {"password": "8888"}, {"name": "Front desk"}]
        given = self.chance.choice((*values, {}))
        boxes = [(row["number"], row["context"]) for row in self.picture.voicemails.values()]
        if not with_number or self.chance.random() < 0.3:
            exten, context = self.chance.choice((*boxes, ("1778", "default"), *self.numbers[:2]))
            given = {**given, "number": exten, "context": context}
        return given

    def _line(self) -> Options:
        choices: tuple[Callable[[], Options], ...] = (
            lambda: {"secret": "givensecret"},
            lambda: {"device_slot": 2},
            lambda: {"provisioning_extension": self.chance.choice((*CODES, "444444"))},
            lambda: {"username": self.chance.choice((HAND_MADE, "freshuser"))},
        )
        return self.chance.choice(choices)()

    def _user_values(self) -> Options:
        values: Options = {}
        if self._has("values", 2) and self.api != OLDER:
            values["email"] = self.chance.choice(("", "new@a.example", *EMAILS, EMAILS[1].upper()))
        if self._has("values", 3):
            values["username"] = self.chance.choice(("", "newlogin", *USERNAMES))
        if self._has("values", 4):
            values["userfield"] = self.chance.choice(("", "HR-9", "HR-1"))
        return values


def _names(user: dict[str, Any]) -> Options:
    return {"firstname": user["firstname"], **({"lastname": user["lastname"]} if user["lastname"] else {})}
