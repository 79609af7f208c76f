# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The variables of a server, checked without the server: what no server takes is found, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.xivo.confd.plugins.module_utils._ansible.validation import Verdict, validate
from ansible_collections.xivo.confd.plugins.module_utils._backends.offline import ANY, OFFLINE
from fuzz.case import APIS, Runner, make_case, servers
from support.bad_input import ALL, LIST, SECRET, Case, cases
from support.helpers import number, person

CORPUS = [case for case in cases() if case.module == LIST and set(case.options) == {"users"}]
KNOWN_BY_SERVERS = ({"id": 4242}, {"exten": "1999", "context": "default"})
"""What of the corpus only a server can refuse: a match that finds nobody."""
ONE_OF = {"xivo15": 1, "xivo16": 4, "wazo": 4}
"""{generation: one in so many of the cases that are broken everywhere}."""
CONTEXTS = {
    "default": {"type": "internal", "ranges": ["1000-1999"]},
    "from-extern": {"type": "incall", "ranges": ["2000-2999", "0300000000-0300000999"]},
}
SEEDS = range(12)


def texts(verdict: Verdict) -> str:
    """All problems, as messages name them."""
    return "\n".join(
        [*verdict.of_variables, *(f"entry {each.index + 1}, {each.label}: {each.text}" for each in verdict.of_entries)]
    )


def found(*entries: Any, **variables: Any) -> str:
    return texts(validate(list(entries), **variables))


# What is found


@pytest.mark.parametrize("api", ONE_OF)
def test_the_bad_input_is_found(api: str) -> None:
    """With the words that the module has for it."""
    everywhere = [case for case in CORPUS if case.apis == ALL][:: ONE_OF[api]]
    tried = [*everywhere, *(case for case in CORPUS if case.apis != ALL and api in case.apis)]
    said = {case.name: texts(validate(case.options["users"], api=api)) for case in tried if not _needs_server(case)}
    wrong = [case.name for case in tried if not _is_said(case, said.get(case.name))]
    assert wrong == []
    assert len(said) > 100


def _needs_server(case: Case) -> bool:
    """Music on hold has a label on Wazo, and only the server knows which."""
    users = case.options["users"]
    last = users[-1] if isinstance(users, list) and isinstance(users[-1], dict) else {}
    return "music_on_hold" in case.name or last.get("match") in KNOWN_BY_SERVERS


def _is_said(case: Case, said: str | None) -> bool:
    return said is None or (all(words in said for words in case.words) and SECRET not in said)


def test_doubles_are_found_whatever_they_are_called() -> None:
    mac = {"device": {"mac": "00:08:5d:00:00:01"}}
    for first, second, words in (
        (person("Ann", 1200), person("Bob", "1200"), "1200@default is also in entry 1, Ann"),
        (person("Ann", 1200, 2200), person("Bob", 1201, 2200), "2200@from-extern is also in entry 1"),
        (
            person("Ann", 1200, user={"email": "A@x.org"}),
            person("Bob", 1201, user={"email": "a@x.org"}),
            "e-mail address",
        ),
        (
            person("Ann", 1200, user={"username": "a.b"}),
            person("Bob", 1201, login={"username": "a.b"}),
            "username 'a.b'",
        ),
        (
            person("Ann", 1200, line={"username": "s1"}),
            person("Bob", 1201, line={"username": "s1"}),
            "SIP username 's1'",
        ),
        (person("Ann", 1200, **mac), person("Bob", 1201, device={"mac": "00085D000001"}), "is also in entry 1"),
        (person("Ann"), person("Ann"), "several entries have this name"),
    ):
        assert words in found(first, second, api="xivo16"), words
    same = [person("Ann", 1200, match={"userfield": "E1"}), person("Bob", 1201, match={"userfield": "E1"})]
    assert "identifies the same user as entry 1" in found(*same)
    codes = [
        person(name, exten, line={"provisioning_extension": "123456"}) for name, exten in (("A", 1200), ("B", 1201))
    ]
    assert "provisioning code '123456' is also in entry 1" in found(*codes)


@pytest.mark.parametrize(
    ("value", "api", "said"),
    [
        ("unique", ANY, ""),
        ("unique", "xivo16", ""),
        ("unique", "wazo", "it must be true or false, because only XiVO has unique accounts"),
        ("unique", "xivo15", "webrtc cannot be set on a server of generation xivo15"),
        ("True", "wazo", ""),
        ("both", ANY, "line.webrtc is 'both', but must be true, false or unique."),
    ],
)
def test_unique_accounts_are_checked_without_a_server(value: str, api: str, said: str) -> None:
    problems = found(person("Ann", 1200, line={"webrtc": value}), api=api)
    assert said in problems
    assert bool(said) == bool(problems)


def test_numbers_are_compared_with_the_contexts() -> None:
    assert found(person("Ann", 1200, 2200), contexts=CONTEXTS) == ""
    assert "3000@default is outside of the ranges of default: 1000-1999" in found(
        person("Ann", extension=number(3000)), contexts=CONTEXTS
    )
    assert "There is no context 'sales'" in found(person("Ann", extension=number(1200, "sales")), contexts=CONTEXTS)
    assert "cannot be an internal extension" in found(
        person("Ann", extension=number(2200, "from-extern")), contexts=CONTEXTS
    )
    assert found(person("Ann", extension={"range": "1100-1199", "context": "default"}), contexts=CONTEXTS) == ""


def test_the_contexts_themselves_are_checked() -> None:
    for contexts, words in (
        (["default"], "provision_contexts is a list, but must be a dictionary of contexts by name."),
        ({"default": None}, "provision_contexts.default is"),
        ({"default": {"type": "intern"}}, "provision_contexts.default.type is 'intern', but must be internal or"),
        ({"default": {"type": "internal", "range": []}}, "provision_contexts.default.range is not a valid key"),
        (
            {"default": {"type": "internal", "ranges": ["1299-1200"]}},
            "provision_contexts.default.ranges is '1299-1200'",
        ),
        ({"default": {"type": "internal", "ranges": "1000-1999"}}, "provision_contexts.default.ranges is"),
    ):
        assert words in found(person("Ann", 1200), contexts=contexts)


def test_profiles_are_checked_where_they_are() -> None:
    profiles = {"desk": {"user": {"firstname": "A"}}, "sales": {"grups": ["a"]}, "soft": {"match": {"id": 1}}}
    said = found(person("Ann", 1200, profile="sails"), person("Bob", 1201, profile="desk"), profiles=profiles)
    assert "The profile 'desk' has user.firstname, which belongs to one person." in said
    assert "The profile 'soft' has match" in said
    assert "entry 1, Ann (1200@default): there is no profile 'sails'. Did you mean 'sales'?" in said
    assert "The profile 'sales': grups is not a valid option. Did you mean groups?" in found(
        person("Ann", 1200), profiles={"sales": {"grups": ["a"]}}
    )


def test_the_generation_decides_where_it_is_known() -> None:
    entry = person("Ann", 1200, user={"ring_seconds": 90})
    assert found(entry) == ""
    assert "ring_seconds cannot be set on a server of generation xivo15" in found(entry, api="xivo15")
    assert "ring_seconds 90 of the user cannot be stored" in found(entry, api="xivo16")
    assert found(entry, api="wazo") == ""
    assert "confd_api is 'xivo17', but must be" in found(entry, api="xivo17")


@pytest.mark.parametrize("login", [{"username": "ann"}, {"username": "ann", "password": None}])
def test_namesakes_with_numbers_are_no_problem(login: dict[str, Any]) -> None:
    """Also if one of them must exist already. Of a file, a password that is a template is null."""
    namesakes = [
        {"user": {"firstname": "Ann", "lastname": "Archer"}, "extension": {"exten": exten, "context": "default"}}
        for exten in ("1200", "1201")
    ]
    assert found({**namesakes[0], "login": login}, namesakes[1]) == ""
    assert found(namesakes[1], {**namesakes[0], "login": login}) == ""


def test_an_entry_that_waits_for_a_wrong_one_is_not_wrong() -> None:
    wrong = person("Bob", 1201, usr=1)
    linked = person("Ann", 1200, fallbacks={"busy": {"user": {"firstname": "Bob"}}})
    assert [each.index for each in validate([linked, wrong], api="wazo").of_entries] == [1]


def test_variables_of_a_wrong_type_are_problems() -> None:
    for users in (None, "Ann", {"user": {}}, 7):
        assert "provision_users is" in texts(validate(users))
    assert "provision_profiles is" in texts(validate([], profiles=["x"]))


# What is not a problem


@pytest.fixture(scope="module")
def judged() -> dict[str, list[tuple[int, str]]]:
    """{api: the seeds whose list the server takes, with what the check without a server says}."""
    said: dict[str, list[tuple[int, str]]] = {}
    with servers(APIS) as made:
        for api, server in made.items():
            for seed in SEEDS:
                case = make_case(server, seed).but(options={"reset_device": True})
                problems = [found(*case.users, api=each) for each in (api, ANY)]
                if any(problems) and not Runner(server, case).run("bulk", check=True).failed:
                    said.setdefault(api, []).append((seed, "\n".join(problems)))
    return said


def test_what_a_server_takes_is_no_problem(judged: dict[str, list[tuple[int, str]]]) -> None:
    """Lists about people whom the server has already: moved, renamed, swapped, found by match."""
    assert judged == {}


def test_what_only_a_server_knows_is_said() -> None:
    entries = [
        {"match": {"id": 5}, "user": {"lastname": "Lee"}, "incall": number(2200)},
        person("Ann", 1200, fallbacks={"busy": {"user": {"firstname": "Zed"}}, "fail": {"user": {"firstname": "Bob"}}}),
        person("Bob", 1201, groups=["sales"], call_permissions=["abroad"], device={"mac": "00:08:5d:00:00:01"}),
        person("Cleo", voicemail={"number": "1202", "context": "default"}),
        person("Dan", 1203, fallbacks={"noanswer": {"voicemail": "own"}}, login={"password": "abcd1234"}),
    ]
    for api in OFFLINE:
        if api != "xivo15":
            verdict = validate(entries, api=api)
            assert texts(verdict) == "", api
    assert verdict.unchecked == [
        "Whether there is a user for the match of 1 entry.",
        "Whether the server has what fallbacks and function keys lead to: Zed.",
        "Whether the server has the groups sales.",
        "Whether the server has the call permissions abroad.",
        "Whether the server knows the phones of 1 entry.",
        "Whether the contexts exist and accept the numbers: provision_contexts is not set.",
    ]
