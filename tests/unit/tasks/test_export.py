# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An export says what is there, and fits back in."""

from __future__ import annotations

from contextlib import closing
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.xivo.confd.plugins.filter.export_files import files_of_export
from ansible_collections.xivo.confd.plugins.module_utils._tasks.export import export
from ansible_collections.xivo.confd.plugins.plugin_utils._export_files import (
    Vaulted,
    export_files,
    holds_secrets,
    vaulted,
)
from simulator import Simulator
from support.helpers import (
    EVERYWHERE,
    Options,
    apply_list,
    client_of,
    line_row,
    number,
    perform,
    person,
    statuses,
    user_row,
)
from support.random_servers import Builder

PEOPLE: list[Options] = [
    person("Ada Lovelace", 1201, user={"language": "fr_FR", "userfield": "HR-1"}, incall=number(2201)),
    person("Bob Burton", 1202, 2202, "0312345678", user={"caller_id": '"Front desk"'}),
    person("Élodie Müller", 4000, extension=number(4000, "sales"), voicemail={"email": "elodie@example.org"}),
    person("Bob Burton", 1203, voicemail={"number": "1203"}),
    person("Cher", 1204, line={"username": "doorphone", "device_slot": 2}, voicemail={"number": "1999"}),
]
ALL = settings.get_current_profile_name() == "all"


def exported(sim: Simulator, **options: Any) -> Options:
    return perform(sim, export, **options)


def ordered(entries: list[Options]) -> list[Options]:
    names = ("lastname", "firstname")
    return sorted(
        entries, key=lambda each: ([each["user"].get(name, "") for name in names], each["extension"]["exten"])
    )


def wipe(sim: Simulator) -> None:
    sim.reset()


@pytest.mark.on("xivo16", "wazo")
def test_an_export_of_many_costs_a_few_requests(sim: Simulator) -> None:
    apply_list(sim, *[person(f"Somebody No{index}", 1200 + index, 2200 + index) for index in range(40)])
    sim.clear_log()
    assert len(exported(sim, func_keys=False)["entries"]) == 40
    assert len([request for request in sim.requests if request.status == 200]) <= 13


@EVERYWHERE
def test_an_export_is_the_list_that_was_provisioned(sim: Simulator) -> None:
    apply_list(sim, *PEOPLE)
    sim.clear_log()

    found = exported(sim)

    assert sim.writes == []
    assert found["left_out"] == []
    cher, bob, bob_too, ada, elodie = found["entries"]
    assert ada == PEOPLE[0]
    assert bob["incalls"] == sorted(PEOPLE[1]["incalls"], key=lambda each: len(each["exten"]))
    assert (bob["extension"], bob_too["extension"]) == (number(1202), number(1203))
    assert elodie == PEOPLE[2]
    assert bob_too == PEOPLE[3]
    assert cher["line"]["username"] == "doorphone"
    assert cher["voicemail"] == {"number": "1999"}


@EVERYWHERE
def test_it_changes_nothing_and_survives_a_wipe(sim: Simulator) -> None:
    apply_list(sim, *PEOPLE)
    found = exported(sim)["entries"]

    again = apply_list(sim, *found, check=True)
    assert not again["changed"], again["diff"]

    wipe(sim)
    apply_list(sim, *found)
    assert exported(sim)["entries"] == found


@EVERYWHERE
def test_secrets_are_left_out_unless_they_are_wanted(sim: Simulator) -> None:
    given_secrets = person("Ada Lovelace", 1201, user={"password": "s3cretone"}, line={"secret": "s3crettwo"})
    apply_list(sim, {**given_secrets, "voicemail": {"password": "7391"}})

    assert exported(sim)["entries"] == [person("Ada Lovelace", 1201, voicemail={"number": "1201"})]

    (entry,) = exported(sim, return_secrets=True)["entries"]
    assert entry["user"].get("password") in ("s3cretone", None)
    assert entry["line"]["secret"] == "s3crettwo"
    assert entry["line"]["username"]
    assert entry["voicemail"] == {"password": "7391"}
    assert not apply_list(sim, entry, check=True)["changed"]


@given(data=st.data())
@settings(max_examples=400 if ALL else 20)
def test_round_trip_on_any_server(sim: Simulator, data: st.DataObject) -> None:
    sim.reset()
    Builder(sim.database, data.draw(st.randoms(use_true_random=False))).build()
    with_secrets = data.draw(st.booleans())
    found = exported(sim, return_secrets=with_secrets)

    assert len(found["entries"]) + len(found["left_out"]) == len(list(sim.database.users))
    assert holds_secrets(found["entries"]) <= with_secrets
    again = apply_list(sim, *found["entries"], check=True)
    assert not again["changed"], again["diff"]

    wipe(sim)
    assert set(statuses(apply_list(sim, *found["entries"]))) <= {"created"}
    assert exported(sim, return_secrets=with_secrets)["entries"] == found["entries"]


# Who cannot be described


def test_who_is_left_out_and_why(sim: Simulator) -> None:
    apply_list(
        sim,
        *PEOPLE,
        {"user": {"firstname": "Zed"}},
        {"user": {"firstname": "Y"}, "line": {"username": "spare", "context": "default"}},
    )
    zed, cher = user_row(sim, "Zed"), line_row(sim, "Cher")
    sim.database.user_lines.insert(user_id=zed.id, line_id=cher.id, main_user=False, main_line=True)
    taken = sim.database.line_extensions.first(line_id=line_row(sim, "Ada Lovelace").id)
    sim.database.share_extension(line_row(sim, "Élodie Müller").id, taken.extension_id)
    own = sim.database.line_extensions.first(line_id=line_row(sim, "Élodie Müller").id)
    sim.database.line_extensions.delete(own)

    reasons = {each["name"]: each["reason"] for each in exported(sim)["left_out"]}

    assert reasons["Zed"] == f"line doorphone (id {cher.id}) is shared with user Cher (id {user_row(sim, 'Cher').id})"
    assert reasons["Cher"].endswith(f"is shared with user Zed (id {zed.id})")
    assert reasons["Y"].startswith("no number on line spare")
    assert reasons["Ada Lovelace"].startswith("the number 1201@default is on line")
    assert reasons["Élodie Müller"].startswith("the number 1201@default is on line")


def test_who_was_disabled_by_a_purge_is_left_out(sim: Simulator) -> None:
    """In a list, the user would be enabled again."""
    apply_list(sim, *PEOPLE)
    kept = [each for each in PEOPLE if each["user"]["firstname"] != "Cher"]
    scope = {"purge": True, "purge_scope": {"context": "default"}, "purge_limit": 1}
    apply_list(sim, *kept, **scope, purge_action="disable")

    found = exported(sim)

    assert [each["name"] for each in found["left_out"]] == ["Cher"]
    assert "a purge has disabled the user on" in found["left_out"][0]["reason"]


def test_a_typed_mark_of_a_leaver_hides_nobody(sim: Simulator) -> None:
    entry = person("Ada Lovelace", 1201, user={"description": "Lodger [left 2020-01-01]"})
    apply_list(sim, entry)
    found = exported(sim)
    assert (found["entries"], found["left_out"]) == ([entry], [])


@pytest.mark.on("xivo15")  # the others make it of the user's caller ID
def test_a_caller_id_of_the_line_alone_is_exported(sim: Simulator) -> None:
    entry = person("Ada Lovelace", 1201, line={"callerid": '"Front desk" <1201>'})
    apply_list(sim, entry)
    assert exported(sim)["entries"] == [entry]
    assert not apply_list(sim, entry)["changed"]


@EVERYWHERE
def test_people_without_a_telephone_are_exported(sim: Simulator) -> None:
    zed = {"user": {"firstname": "Zed", "description": "Guest"}}
    apply_list(sim, zed, person("Zed", 1200))

    found = exported(sim, return_secrets=True)

    assert found["left_out"] == []
    assert [zed] == [each for each in found["entries"] if "extension" not in each]
    assert not apply_list(sim, *found["entries"], check=True)["changed"]
    for layout in ("single", "context", "letter"):
        assert files_of_export(found, layout, "open sesame")


def test_namesakes_without_a_telephone_are_left_out(sim: Simulator) -> None:
    for _each in range(2):
        sim.database.users.insert(firstname="Zed", lastname="")

    reasons = [each["reason"] for each in exported(sim)["left_out"]]

    assert reasons == [f"no line and no number to distinguish it from user Zed (id {other})" for other in (2, 1)]


@pytest.mark.on("xivo15", "xivo16")  # the servers that take such names
@pytest.mark.parametrize("name", [" ", '"'])
def test_names_that_make_no_caller_id(sim: Simulator, name: str) -> None:
    with closing(client_of(sim)) as client:
        client.post("/users", {"firstname": name})

    found = exported(sim)

    assert (found["entries"], found["left_out"]) == ([{"user": {"firstname": name}}], [])
    assert files_of_export(found, "letter")


# Files


class Loader(yaml.SafeLoader):
    """Reads Ansible's own tags as text."""


Loader.add_constructor("!unsafe", lambda loader, node: loader.construct_scalar(node))
Loader.add_constructor("!vault", lambda loader, node: loader.construct_scalar(node))

TEXTS = st.text(min_size=1) | st.sampled_from(
    [
        "yes",
        "1200",
        "0x10",
        "{{ 1 }}",
        "{#",
        "a: b",
        "- a",
        "O'Neill",
        "12e3",
        "~",
        "é ",
        "!vault",
        "!vault |",
        "\U0001f600 x",
        "\x07\x85",
    ]
)
FLAT = st.dictionaries(st.sampled_from(["firstname", "lastname", "language"]), TEXTS, min_size=1)
ENTRIES = st.lists(
    st.fixed_dictionaries(
        {"user": FLAT.map(lambda values: {"firstname": "A", **values}), "extension": st.just(number(1200))},
        optional={
            "line": st.fixed_dictionaries({"device_slot": st.integers(2, 9)}),
            "incalls": st.lists(st.just(number(2200)), min_size=2, max_size=3),
            "voicemail": st.fixed_dictionaries({"ask_password": st.booleans(), "email": TEXTS}),
        },
    ),
    max_size=3,
)


@given(entries=ENTRIES, name=st.text(), layout=st.sampled_from(["single", "context", "letter"]))
def test_files_hold_what_was_exported(entries: list[Options], name: str, layout: str) -> None:
    left_out = [{"user_id": 1, "name": name, "reason": "no number"}]

    files = export_files(entries, left_out, layout, f"Exported of {name}")

    loaded = [yaml.load(text, Loader) for text in files.values()]  # noqa: S506, it derives from the safe one
    everything = [entry for each in loaded for value in each.values() if isinstance(value, list) for entry in value]
    assert "provision_users" in loaded[0]
    assert sorted(map(repr, everything)) == sorted(map(repr, entries))


def test_a_template_stays_text_and_a_name_stays_a_comment() -> None:
    hostile = [person("{{lookup('pipe','id')}}", 1200)]

    text = export_files(hostile, [{"user_id": 1, "name": "x\nprovision_users: 1", "reason": ""}], "single", "t")[
        "users.yml"
    ]

    assert "firstname: !unsafe \"{{lookup('pipe','id')}}\"" in text
    assert r"# - x\nprovision_users: 1 (id 1)" in text
    assert yaml.load(text, Loader)["provision_users"] == hostile  # noqa: S506


@pytest.mark.parametrize("before", ["", " ", "\n", "\ufeff", "\u200b"], ids=ascii)
@pytest.mark.parametrize("header", ["#jinja2: variable_start_string:'[['", "#jinja2:block_start_string:'<%'"])
@pytest.mark.parametrize("layout", ["single", "context", "letter"])
def test_a_header_of_a_template_stays_text(before: str, header: str, layout: str) -> None:
    text = f"{before}{header}\n[[ lookup('pipe', 'id') ]]"
    hostile = [{"user": {"firstname": text, "description": text}, "extension": number(1200)}]

    written = "".join(export_files(hostile, [], layout, "t").values())

    assert written.count(": !unsafe ") == 2
    assert written.count("jinja2") == 2


def test_what_could_be_a_part_of_a_template_is_tagged() -> None:
    texts = ["a\nb", "{", "a # b", "\u2028", "a\tb"]
    files = export_files([{"user": {"firstname": text}} for text in texts], [], "single", "t")
    assert files["users.yml"].count("!unsafe") == len(texts)
    plain = ["Zoé \U0001f600", '"Ann" <1200>', "50 %", "[[ a ]]", "$(id)"]
    files = export_files([{"user": {"firstname": text}} for text in plain], [], "single", "t")
    assert "!unsafe" not in files["users.yml"]


def test_a_file_is_what_people_would_write() -> None:
    names = {"firstname": "Zoé \U0001f600", "lastname": "O'Neill", "userfield": "y", "description": "!vault"}
    entry = person("A", 1200, user=names, line={"device_slot": 2}, incalls=[number(2200), number("0033", "lab")])
    wide = person("B" * 40, 1201, voicemail={"ask_password": False, "email": "b" * 60})

    text = export_files([entry, wide], [], "single", "Title")["users.yml"]

    assert text.splitlines() == [
        "---",
        "# Title",
        "provision_users:",
        """  - user: {firstname: "Zoé \U0001f600", lastname: O'Neill, userfield: "y", description: "!vault"}""",
        '    extension: {exten: "1200", context: default}',
        "    line: {device_slot: 2}",
        "    incalls:",
        '      - {exten: "2200", context: from-extern}',
        '      - {exten: "0033", context: lab}',
        f"  - user: {{firstname: {'B' * 40}}}",
        '    extension: {exten: "1201", context: default}',
        "    voicemail:",
        "      ask_password: false",
        f"      email: {'b' * 60}",
    ]


def test_vaulted_secrets_are_blocks() -> None:
    entry = person("A", 1200, line={"secret": Vaulted("$ANSIBLE_VAULT;1.1;AES256\n3132\n3334\n")})

    text = export_files([entry], [], "single", "t")["users.yml"]

    assert "      secret: !vault |\n        $ANSIBLE_VAULT;1.1;AES256\n        3132\n        3334\n" in text


def test_each_secret_is_vaulted_under_its_owner() -> None:
    entry = person("Ada A", 1200, user={"password": "p"}, line={"secret": "s", "device_slot": 1}, state="present")

    hidden = vaulted({**entry, "voicemail": {"password": None}}, lambda secret, what: f"{what}: {secret}")

    assert hidden["user"] == {"firstname": "Ada", "lastname": "A", "password": "user password of Ada A 1200 default: p"}
    assert hidden["line"] == {"secret": "line secret of Ada A 1200 default: s", "device_slot": 1}
    assert (hidden["voicemail"], hidden["extension"], hidden["state"]) == (
        {"password": None},
        entry["extension"],
        "present",
    )
    assert isinstance(hidden["line"]["secret"], Vaulted)
