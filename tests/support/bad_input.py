# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A corpus of what people, spreadsheets and YAML put into options, and what no module may take.

Each case is a module's options, and the words that the message must hold: where, and which key.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

Options = dict[str, Any]
LIST = "confd_provisioned_users"
ALL = ("xivo15", "xivo16", "wazo")
YOUNGER = ("xivo16", "wazo")
XIVO = ("xivo15", "xivo16")
SECRET = "canary-Wr0ng"
NUMBER = {"exten": "1200", "context": "default"}
INCALL = {"exten": "2200", "context": "from-extern"}
GOOD = {"user": {"firstname": "Ann", "lastname": "Lee"}, "extension": NUMBER}
ANN = "entry 1, Ann Lee"


@dataclass(frozen=True)
class Case:
    """apis: the generations that it is broken on."""

    module: str
    options: Options
    words: tuple[str, ...]
    apis: tuple[str, ...] = ALL

    @property
    def name(self) -> str:
        return f"{self.module} {self.options!r}"


def cases() -> Iterator[Case]:
    """The whole corpus."""
    yield from _entries()
    yield from _whole_lists()
    yield from _users()
    yield from _numbers_of_modules()
    yield from _lines()
    yield from _references()
    yield from _voicemails()
    yield from _devices()
    yield from _questions()


# Values that are wrong whatever they are for

NO_TEXT = (True, False, 1200.0, 1.5, ["Ann"], {"name": "Ann"}, [], {}, 50331648, 34, 33612345678)
"""YAML's booleans and floats, octal numbers, a number without its plus, and what a wrong indent makes."""
NO_NUMBER: tuple[Any, ...] = (
    *(1200.0, 0.5, True, False, 50331648, 0o300000001, -1200, 33612345678, ["1200"], {"exten": "1200"}, [], "", " "),
    *("12 00", " 1200", "1200 ", "12\n00", "1200\n", "\t1200", "1200\0", "12\u200b00", "\u202e0021", "12\xa000"),
    *("１２００", "١٢٠٠", "𝟏𝟐𝟎𝟎", "l200", "12O0", "+33123456789", "12%", "12_0", "1200;", "1200'", '"1200"', "12-00"),
    *("1,200", "1200.0", "0x4b0", "1e3", "1200@default", "None", "null", "²", "½", "1" * 41, "é", "{{ number }}"),
)
UNSTORABLE = ("\0", "Ann\0", "A\0nn", "\ud800", "Ann\udfff")
CONTROL = ("Ann\n", "A\tnn", "\x07Ann", "Ann\r", "A\x1b[31mnn", "\x7f", "A\x85nn", "A\u2028nn", "A\u2029nn", "A\x9bnn")
NO_DICT = (1200, True, "Ann", ["Ann"], [], 12.5)
NO_BOOL = ("maybe", 2, 1.5, "ja", [], {}, "")
NO_INT = ("many", 1.5, True, "1.5", [], {}, "1 2", "")


def _entry(words: str, apis: tuple[str, ...] = ALL, **changes: Any) -> Case:
    """A list whose second entry is broken, the first is good."""
    other = {"user": {"firstname": "Bob"}, "extension": {"exten": "1201", "context": "default"}}
    return Case(LIST, {"users": [other, {**GOOD, **changes}]}, ("entry 2", words), apis)


def _user(words: str, apis: tuple[str, ...] = ALL, **fields: Any) -> Case:
    return _entry(words, apis, user={"firstname": "Ann", "lastname": "Lee", **fields})


def _entries() -> Iterator[Case]:
    for name in ("firstname", "lastname", "userfield", "caller_id"):
        yield from (_user(f"user.{name}", **{name: value}) for value in (*NO_TEXT, *UNSTORABLE))
        # At the end of a caller ID they are left out, as blanks are.
        ends = ("Ann\n", "Ann\r", "\x7f") if name == "caller_id" else ()
        yield from (_user(name, **{name: value}) for value in CONTROL if value not in ends)
    for value in NO_NUMBER:
        yield _entry("extension.exten", extension={"exten": value, "context": "default"})
        yield _entry("incall", incall={"exten": value, "context": "from-extern"})
    for value in (True, "", None, 1.5, ["default"], {}, "def\0ault"):
        yield _entry("extension.context", extension={"exten": "1200", "context": value})
    yield from _wrong_shapes()
    yield from _too_long()
    yield from _wrong_forms()
    yield from _contradictions()
    yield from _unknown_keys()


def _wrong_shapes() -> Iterator[Case]:
    for key in ("user", "extension", "line", "incall", "match", "voicemail", "device"):
        yield from (_entry(key, **{key: value}) for value in NO_DICT)
    for value in ("2200", 2200, INCALL, True, ["2200"], [2200], [[INCALL]], [None], [INCALL, "2201"], [[]]):
        yield _entry("incalls", incalls=value)
    for value in ("gone", True, "Absent", "PRESENT", 0, ["absent"], ""):
        yield _entry("state", state=value)
    yield from (_user("user.ring_seconds", YOUNGER, ring_seconds=value) for value in NO_INT)
    yield from (_user("user.enabled", YOUNGER, enabled=value) for value in NO_BOOL)
    for value in NO_INT:
        yield _entry("line.device_slot", line={"device_slot": value})
    for value in NO_BOOL:
        yield _entry("extension.commented", extension={**NUMBER, "commented": value})


def _too_long() -> Iterator[Case]:
    for name in ("firstname", "lastname", "userfield", "music_on_hold", "timezone"):
        yield from (_user(name, **{name: "x" * size}) for size in (129, 5000))
    for name, size in (("caller_id", 160), ("outgoing_caller_id", 81), ("language", 21), ("password", 65)):
        yield _user(name, **{name: "x" * size})
    yield _user("firstname", firstname="é" * 129)
    yield _user("username", ("xivo15",), username="u" * 65)
    yield _user("username", YOUNGER, username="u" * 255)
    yield _user("preprocess_subroutine", preprocess_subroutine="x" * 80)
    yield _user("mobile_phone_number", mobile_phone_number="0" * 129)
    yield _user("email", YOUNGER, email=f"{'x' * 250}@example.org")
    for name, size in (("username", 41), ("secret", 81), ("callerid", 161)):
        yield _entry(name, XIVO, line={name: "x" * size})
    yield _entry("username", ("wazo",), line={"username": "x" * 80})
    for name, size in (("name", 81), ("email", 81), ("pager", 81)):
        yield _entry(name, voicemail={name: "x" * size})
    for name, size in (("number", 41), ("password", 81)):
        yield _entry(name, voicemail={name: "1" * size})


def _wrong_forms() -> Iterator[Case]:
    for value in ("06 12", "call me", "+33-1", "0612x", "++33", "06%", "０６１２"):
        yield _user("mobile_phone_number", mobile_phone_number=value)
    yield from (_user("password", password=value) for value in ("abc", "1", "x" * 3))
    for value in ("fr", "french", "FR_fr", "fr-FR", "fr_FR.UTF-8"):
        yield _user("language", YOUNGER, language=value)
    yield from (_user("username", YOUNGER, username=value) for value in ("a", "an n", "ännchen", 'a"b', "a\\b"))
    yield from (_user("call_permission_password", YOUNGER, call_permission_password=v) for v in ("12a", "1" * 17, "é"))
    yield from (_user("subscription_type", ("wazo",), subscription_type=value) for value in (-1, 11))
    yield from (_user("ring_seconds", ("xivo16",), ring_seconds=value) for value in (-1, 61, 10**6))
    yield from (_user("simultaneous_calls", ("xivo16",), simultaneous_calls=value) for value in (0, -1, 21))
    for name, value in (("username", "a.b"), ("username", "a b"), ("secret", "pä")):
        yield _entry(name, ("xivo16",), line={name: value})
    yield from (_entry("device_slot", line={"device_slot": value}) for value in (-1, 2**31))
    yield _entry("device_slot", ("xivo15", "wazo"), line={"device_slot": 0})
    for value in ("12a456", "12 456", "abcdef"):
        yield _entry("provisioning_extension", line={"provisioning_extension": value})
    yield from (_entry("provisioning_extension", YOUNGER, line={"provisioning_extension": v}) for v in ("1", "1234567"))
    yield from (_entry("voicemail", voicemail={"number": value}) for value in ("12a", 1200.0, True, "12%", "１２"))
    yield from (_entry("password", voicemail={"password": value}) for value in ("abcd", "12 4", "12a4"))
    for value in (
        "1200",
        "1299-1200",
        "1200-12999",
        "a-b",
        "1200-",
        "1200 bis 1299",
        "１２００-１２９９",
        "-",
        "1200--1299",
    ):
        yield _entry("extension.range", extension={"range": value, "context": "default"})


def _contradictions() -> Iterator[Case]:
    yield _entry("incall and incalls", incall=INCALL, incalls=[INCALL])
    yield _entry("incall and incalls", incall=INCALL, incalls=[])
    yield _entry("The entry has 2200@from-extern more than once", incalls=[INCALL, INCALL])
    yield _entry("The entry has 1200@default more than once", incalls=[NUMBER])
    yield _entry("line.context", line={"context": "sales"})
    yield _entry("extension.exten and extension.range", extension={**NUMBER, "range": "1200-1299"})
    yield _entry("extension.exten is missing", extension={"context": "default"})
    yield _entry("context", extension={"exten": "1200"})
    yield _entry("line.username", extension=None, line={"secret": "abcd1234"})
    yield _entry("voicemail.number", extension=None, voicemail={"name": "Ann"})
    for match in ({}, {"userfield": None}, {"userfield": ""}, {"id": None, "uuid": None}, {"firstname": "", "id": 1}):
        yield _entry("match", match=match)
    for match in ({"exten": "1200"}, {"context": "default"}, {"exten": 1200.0, "context": "default"}, {"id": 0}):
        yield _entry("match", match=match)
    for value in (-1, "one", 1.5, True, 2**31, [1], "1; DROP"):
        yield _entry("match.id", match={"id": value})
    yield _entry("match", match={"id": 4242})
    yield _entry("match", match={"exten": "1999", "context": "default"})
    yield _entry("match.userfield", match={"userfield": "HR\0"})
    for user in ({}, {"lastname": "Lee"}, {"firstname": ""}, {"firstname": None}):
        yield Case(LIST, {"users": [{"user": user, "extension": NUMBER}]}, ("entry 1", "firstname"))
    yield _entry("user is missing", user=None)
    yield _entry("device", device={})
    yield from (_entry("device.mac", device={"mac": value}) for value in ("", 12.5, True))
    yield from (_entry("mac", YOUNGER, device={"mac": value}) for value in ("00:08", "zz:zz:zz:zz:zz:zz"))


def _unknown_keys() -> Iterator[Case]:
    for key in ("usr", "name", "firstname", "exten", "Incalls", "states", "password", "secret", ""):
        yield _entry(f"{key} is not a valid key", **{key: SECRET})
    for part in ("user", "extension", "line", "match", "voicemail", "device"):
        given = {"user": GOOD["user"], "extension": NUMBER, "device": {"mac": "00:08:5d:00:00:01"}}.get(part, {})
        for key in ("nope", "passwrd", "first_name", "Exten", "id_"):
            yield _entry(f"{part}.{key} is not a valid key", **{part: {**given, key: SECRET}})  # type: ignore[dict-item]
    yield _entry("incalls[0].nope is not a valid key", incalls=[{**INCALL, "nope": 1}])
    yield _entry("incalls[1].context is missing", incalls=[INCALL, {"exten": "2201"}])


def _whole_lists() -> Iterator[Case]:
    two = {"user": {"firstname": "Bob"}, "extension": NUMBER}
    yield Case(LIST, {"users": [GOOD, two]}, ("entry 2, Bob", "1200@default is also in entry 1"))
    yield Case(LIST, {"users": [GOOD, {**two, "extension": {**NUMBER, "exten": 1200}}]}, ("entry 2", "1200@default"))
    yield Case(LIST, {"users": [GOOD, GOOD]}, ("entry 2", "1200@default"))
    incalls = [{**GOOD, "incall": INCALL}, {"user": {"firstname": "Bob"}, "extension": INCALL}]
    yield Case(LIST, {"users": incalls}, ("entry 2", "2200@from-extern"))
    twins = [{"user": GOOD["user"]}, {"user": GOOD["user"]}]
    yield Case(LIST, {"users": twins}, ("entry 1", "entry 2", "nothing else distinguishes them"))
    same = [
        {"user": {"firstname": "A"}, "match": {"userfield": "X"}},
        {"user": {"firstname": "B"}, "match": {"userfield": "X"}},
    ]
    yield Case(LIST, {"users": same}, ("entry 2", "identifies the same user as entry 1"))
    yield from (Case(LIST, {"users": value}, ("users",)) for value in ({"user": "x"}, 7, True, 1.5))
    for element in ("Ann", 7, True, [GOOD], [], None, 1.5):
        yield Case(LIST, {"users": [GOOD, element]}, ("entry 2",))
    yield Case(LIST, {}, ("users",))
    for name, values in {
        "purge_limit": (-1, "few", 1.5, True),
        "max_workers": (0, -1, "all", 1.5),
        "purge": ("maybe", 2),
        "orphans": ("delete", True),
        "update_password": ("never", False),
        "continue_on_error": ("perhaps", [1]),
        "progress_file": (True, 1.5, ["x"]),
        "purge_scope": (
            "all",
            ["default"],
            {},
            {"context": ""},
            {"range": "1-"},
            {"contexts": "default"},
            {"context": True},
        ),
    }.items():
        yield from (Case(LIST, {"users": [GOOD], name: value}, (name,)) for value in values)
    yield Case(LIST, {"users": [GOOD], "purge": True}, ("purge_scope",))
    yield Case(LIST, {"users": [GOOD], "orphans": "remove"}, ("purge_scope",))


def _users() -> Iterator[Case]:
    for value in (*NO_TEXT, *UNSTORABLE, *CONTROL, "x" * 129, ""):
        yield Case("confd_user", {"firstname": value}, ("firstname",))
    for name in ("lastname", "description", "language"):
        yield from (Case("confd_user", {"firstname": "A", name: value}, (name,)) for value in (True, 1.5, [], {}, "\0"))
    for match in (
        {},
        {"id": ""},
        {"id": 0},
        {"name": "Ann"},
        {"exten": "1200"},
        {"firstname": None},
        {"id": 9},
        "",
        [],
    ):
        yield Case("confd_user", {"firstname": "A", "match": match}, ("match",))
    for name, value in {
        "state": "gone",
        "update_password": "no",
        "homonyms": ["x"],
        "nope": 1,
        "Firstname": "A",
    }.items():
        yield Case("confd_user", {"firstname": "A", name: value}, (name,))
    yield Case("confd_user", {}, ("firstname", "match"))
    yield Case("confd_user", {"state": "absent", "match": {"userfield": ""}}, ("match.userfield",))


def _numbers_of_modules() -> Iterator[Case]:
    for value in NO_NUMBER:
        yield Case("confd_extension", {"exten": value, "context": "default"}, ("exten",))
    yield from (
        Case("confd_extension", {"exten": "1200", "context": v}, ("context",)) for v in (True, 1.5, "", [], "\0")
    )
    yield from (
        Case("confd_extension", {"id": value, "exten": "1200"}, ("id",)) for value in (0, -1, "x", True, 2**31, 99)
    )
    yield Case("confd_extension", {"exten": "1200"}, ("context",))
    yield Case("confd_extension", {"context": "default"}, ("exten",))
    yield Case("confd_extension", {**NUMBER, "state": "here"}, ("state",))
    yield Case("confd_extension", {**NUMBER, "comented": True}, ("comented is not a valid option", "commented"))


def _lines() -> Iterator[Case]:
    good = {"username": "ann", "context": "default"}
    for name in ("username", "secret", "context", "callerid"):
        yield from (
            Case("confd_line_sip", {**good, name: value}, (name,)) for value in (True, 1.5, [], {}, "\0", "a\nb")
        )
    yield from (
        Case("confd_line_sip", {**good, "device_slot": v}, ("device_slot",)) for v in (-1, "x", 1.5, True, 2**31)
    )
    yield from (
        Case("confd_line_sip", {**good, "username": v}, ("username",), ("xivo16",)) for v in ("a.b", "a b", "é")
    )
    yield Case("confd_line_sip", {**good, "secret": "s" * 81}, ("secret",), XIVO)
    yield Case("confd_line_sip", {**good, "device_slot": 0}, ("device_slot",), ("xivo15", "wazo"))
    yield Case("confd_line_sip", {"context": "default"}, ("id", "username", "match"))
    yield Case("confd_line_sip", {"username": "ann"}, ("context",))
    for match in ({}, {"user": {}}, {"extension": {}}, {"line": {}}, {"user": "Ann"}, {"extension": "1200"}):
        yield Case("confd_line_sip", {"match": match}, (next(iter(match), "match"),))
    yield Case("confd_line_sip", {"match": {"user": {"id": 1}, "extension": NUMBER}}, ("match",))


def _references() -> Iterator[Case]:
    refs = {"user": {"id": 1}, "line": {"id": 1}, "extension": NUMBER}
    for module, names in {"confd_user_line": ("user", "line"), "confd_line_extension": ("line", "extension")}.items():
        for name in names:
            given = {each: refs[each] for each in names}
            for value in (
                {},
                {"id": None},
                {"id": "x"},
                {"id": -1},
                {"id": True},
                {"nope": 1},
                {"id": 1.5},
                [],
                7,
                {"id": [1]},
            ):
                yield Case(module, {**given, name: value}, (name,))
            yield Case(module, {each: given[each] for each in names if each != name}, (name,))
        yield Case(module, {**{each: refs[each] for each in names}, "state": "on"}, ("state",))
    for value in (1200.0, True, "12 00", "１２００", "", 50331648):
        yield Case("confd_line_sip", {"match": {"extension": {"exten": value, "context": "default"}}}, ("exten",))


def _voicemails() -> Iterator[Case]:
    good = {"number": "1200", "context": "default", "name": "Ann"}
    for value in (*(each for each in NO_NUMBER if each != ""), "*12", "#"):
        yield Case("confd_voicemail", {**good, "number": value}, ("number",))
    for name in ("name", "email", "pager", "context", "language"):
        yield from (Case("confd_voicemail", {**good, name: value}, (name,)) for value in (True, 1.5, [], "\0", "a\nb"))
    yield from (
        Case("confd_voicemail", {**good, "password": v}, ("password",)) for v in ("abcd", "12 34", True, 1.5, [1])
    )
    yield from (Case("confd_voicemail", {**good, "max_messages": v}, ("max_messages",)) for v in ("x", 1.5, True))
    yield Case("confd_voicemail", {**good, "max_messages": -1}, ("max_messages",), ("xivo15", "wazo"))
    yield from (Case("confd_voicemail", {**good, "ask_password": v}, ("ask_password",)) for v in NO_BOOL)
    yield from (
        Case("confd_voicemail", {**good, "user": v}, ("user",)) for v in ({"nope": 1}, [], 7, {"id": "x"}, {"id": 9})
    )
    yield from (Case("confd_voicemail", {**good, "new": v}, ("new",)) for v in NO_BOOL)
    yield Case("confd_voicemail", {"number": "1200", "context": "default"}, ("name",))
    yield Case("confd_voicemail", {"number": "1200", "name": "Ann"}, ("context",))
    yield Case("confd_voicemail", {"name": "Ann"}, ("number",))


def _devices() -> Iterator[Case]:
    yield Case("confd_device", {}, ("id", "mac"))
    yield Case("confd_device", {"id": "dev1", "mac": "00:08:5d:00:00:01"}, ("id", "mac"))
    yield from (
        Case("confd_device", {"mac": v}, ("mac",)) for v in ("00:08", "zz", True, 1.5, [], "\0", "00:08:5d:00:00:01:02")
    )
    yield from (
        Case("confd_device", {"ip": v}, ("ip",)) for v in ("300.1.1.1", "10.0.0", True, 10.0, "pbx", "10.0.0.1/8")
    )
    yield from (Case("confd_device", {"id": v}, ("id",)) for v in (True, 1.5, [], "nope", "\0"))
    for name, values in {
        "options": ("x", 7, []),
        "wait_timeout": (-1, "x", True, float("nan")),
        "state": ("on",),
    }.items():
        yield from (Case("confd_device", {"id": "dev1", name: value}, (name,)) for value in values)


def _questions() -> Iterator[Case]:
    for kind in ("user", "line_sip", "extension", "device", "voicemail"):
        module = f"confd_{kind}_info"
        for name, values in {
            "limit": (0, -1, "all", 1.5, True),
            "skip": (-1, "x", 1.5),
            "order": ("nope", True, ""),
            "direction": ("up", True),
            "filters": ({"nope": 1}, [], 7, {"Id": 1}),
            "search": (True, 1.5, [], {}, "\0"),
            "return_everything": (True,),
        }.items():
            yield from (Case(module, {name: value}, (name,)) for value in values)
    for name in ("limit", "search", "filters"):
        value: Any = {"limit": 1, "search": "a", "filters": {"firstname": "A"}}[name]
        yield Case("confd_user_info", {"id": 1, name: value}, (name,))
    for key, value in (("firstname", []), ("firstname", True), ("id", "x"), ("password", [SECRET]), ("lastname", 1.5)):
        yield Case("confd_user_info", {"filters": {key: value}}, (f"filters.{key}",))
    for key, value in (("exten", 1200.0), ("exten", 50331648), ("exten", "１２"), ("commented", "maybe")):
        yield Case("confd_extension_info", {"filters": {key: value}}, (f"filters.{key}",))
    yield Case("confd_line_sip_info", {"filters": {"secret": {"x": SECRET}}}, ("filters.secret",))
    yield Case("confd_user_info", {"filters": {"firstname": "A\0"}}, ("filters.firstname",))
