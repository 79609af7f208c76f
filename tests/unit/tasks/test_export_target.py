# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Exports for a server of another generation: they provision it unedited, and say what does not move."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ansible_collections.xivo.confd.plugins.module_utils._model.errors import PlanError
from ansible_collections.xivo.confd.plugins.module_utils._tasks.export import export
from ansible_collections.xivo.confd.plugins.module_utils._tasks.export_target import TARGETS
from ansible_collections.xivo.confd.plugins.plugin_utils._export_files import export_files
from simulator import Simulator
from support.helpers import Options, apply_list, extension_row, make_user, perform, person, statuses, unchanged_after
from support.logins import SECRET, may_sign_in
from support.user_parts import make_names

LOGIN = {"username": "johnny", "password": SECRET, "profile": "Client", "enabled": True}
ANN = person("Ann Archer", 1201, login={"username": "ann", "profile": "Agent"})
LACKS = "a server of generation wazo does not have it"


@pytest.fixture
def wazo() -> Iterator[Simulator]:
    with Simulator(api="wazo", tls=False) as simulator:
        yield simulator


def lost_of(found: Options) -> dict[str, list[str]]:
    return {each["name"]: each["settings"] for each in found["not_moved"]}


@pytest.mark.on("xivo15", "xivo16")
def test_logins_of_a_xivo_provision_a_wazo_unedited(sim: Simulator, wazo: Simulator) -> None:
    apply_list(sim, person("Johnny Depp", 1200, 2200, login=LOGIN, voicemail={"password": "4711"}), ANN)
    own = perform(sim, export, return_secrets=True)
    with pytest.raises(PlanError, match=r"login\.profile cannot be set on a server of generation wazo"):
        apply_list(wazo, *own["entries"])

    found = perform(sim, export, return_secrets=True, target="wazo")
    assert lost_of(found) == {
        "Ann Archer": [
            f"login.profile Agent: {LACKS}",
            "login.password: the export does not have it, so give the login a new one",
        ],
        "Johnny Depp": [f"login.profile Client: {LACKS}"],
    }
    assert statuses(apply_list(wazo, *found["entries"])) == ["created", "created"]
    assert may_sign_in(wazo, "johnny")
    assert unchanged_after(wazo, *found["entries"])


@pytest.mark.on("xivo16")
def test_what_does_not_move_is_named_without_secrets(sim: Simulator, wazo: Simulator) -> None:
    sim.database.entities.insert(name="sales", display_name=None)
    user = {"entity": "sales", "email": "no address", "ring_seconds": 20}
    voicemail = {"delete_messages": True}
    apply_list(sim, person("Johnny Depp", 1200, user=user, login=LOGIN, voicemail=voicemail))
    found = perform(sim, export, return_secrets=True, target="wazo")
    (entry,) = found["entries"]
    assert entry["user"] == {"firstname": "Johnny", "lastname": "Depp", "ring_seconds": 20}
    (settings,) = lost_of(found).values()
    assert [each.partition(":")[0] for each in settings] == [
        "user.email",
        "user.entity sales",
        "login.profile Client",
        "voicemail.delete_messages",
    ]
    assert SECRET not in str(settings)
    head = export_files(found["entries"], [], "single", "Users", not_moved=found["not_moved"])[
        "users.yml"
    ].splitlines()[:7]
    assert head[2] == "# Not moved, because the other server does not have or store it (1):"
    assert head[4] == f"# - Johnny Depp (id 1): user.entity sales: {LACKS}"
    assert statuses(apply_list(wazo, entry)) == ["created"]


@pytest.mark.on("xivo16", "wazo")
def test_a_newer_server_provisions_an_old_one(sim: Simulator) -> None:
    make_names(sim)
    wanted = person(
        "Johnny Depp",
        1200,
        user={"email": "j@example.org"},
        services={"dnd": True},
        forwards={"busy": {"destination": "1201", "enabled": True}},
        call_permissions=["mobile"],
        login={"username": "johnny", "password": SECRET},
    )
    apply_list(sim, wanted)
    found = perform(sim, export, target="xivo15")
    (settings,) = lost_of(found).values()
    lacks = "a server of generation xivo15 does not have it"
    assert settings[:4] == [
        f"user.email j@example.org: {lacks}",
        f"call_permissions mobile: {lacks}",
        f"services dnd True: {lacks}",
        f"forwards busy.enabled True, busy.destination 1201: {lacks}",
    ]
    with Simulator(api="xivo15", tls=False, username=None) as old:
        assert statuses(apply_list(old, *found["entries"])) == ["created"]
        assert unchanged_after(old, *found["entries"])


@pytest.mark.on("xivo16")
def test_phones_stay_behind(sim: Simulator) -> None:
    device = "00:08:5d:00:00:01"
    apply_list(sim, {**person("Johnny Depp", 1200), "device": {"mac": device}})
    found = perform(sim, export, target="xivo16")
    assert lost_of(found) == {"Johnny Depp": [f"device {device}: put the phone on a line of the new server"]}
    assert ["device" in each for each in found["entries"]] == [False]
    assert ["device" in each for each in perform(sim, export)["entries"]] == [True]


@pytest.mark.on("xivo15", "xivo16", "wazo")
@pytest.mark.parametrize("target", TARGETS)
def test_who_moves_whole_is_not_listed(sim: Simulator, target: str) -> None:
    apply_list(sim, person("Johnny Depp", 1200, 2200, voicemail={"password": "4711"}))
    found = perform(sim, export, target=target)
    assert (found["not_moved"], found["left_out"], len(found["entries"])) == ([], [], 1)
    assert found["entries"] == perform(sim, export)["entries"]


@pytest.mark.on("xivo16")
def test_who_cannot_exist_there_is_left_out(sim: Simulator) -> None:
    apply_list(sim, person("Johnny Depp", 1200))
    extension_row(sim, 1200).exten = "_12XX"
    found = perform(sim, export, target="xivo15")
    assert found["entries"] == []
    assert "exten '_12XX' of the extension cannot be stored" in found["left_out"][0]["reason"]


KEYS = {
    "1": {"destination": {"user": {"firstname": "Ann", "lastname": "Archer"}}, "label": "Ann"},
    "2": {"destination": {"custom": "*10 x"}},
    "3": {"destination": {"service": "enablednd"}, "blf": False},
}


@pytest.mark.on("xivo15", "xivo16")
def test_function_keys_move(sim: Simulator, wazo: Simulator) -> None:
    apply_list(sim, person("Johnny Depp", 1200, func_keys={"keys": KEYS}), person("Ann Archer", 1201))
    found = perform(sim, export, target="wazo")
    assert lost_of(found) == {
        "Johnny Depp": [
            "func_keys.keys.2.destination.custom leads to '*10 x', but the number must be 1 to 40 capital letters, "
            "digits, + and *"
        ]
    }
    assert statuses(apply_list(wazo, *found["entries"])) == ["created", "created"]
    assert unchanged_after(wazo, *found["entries"])
    assert perform(wazo, export)["entries"] == found["entries"]


@pytest.mark.on("xivo16", "wazo")
@pytest.mark.parametrize("target", TARGETS)
def test_fallbacks_move_where_there_are_any(sim: Simulator, target: str) -> None:
    make_names(sim)
    fallbacks = {"noanswer": {"user": {"firstname": "Ann"}, "ring_seconds": 20}, "fail": {"group": "sales"}}
    keys = {"keys": {"1": {"destination": {"user": {"firstname": "Ann"}}}}}
    apply_list(sim, person("Johnny Depp", 1200, fallbacks=fallbacks, func_keys=keys), person("Ann"))
    found = perform(sim, export, target=target)
    johnny = next(each for each in found["entries"] if each["user"]["firstname"] == "Johnny")
    assert johnny["func_keys"] == keys
    assert johnny.get("fallbacks") == (None if target == "xivo15" else fallbacks)
    assert len(found["not_moved"]) == (1 if target == "xivo15" else 0)


@pytest.mark.on("wazo")
def test_keys_with_names_of_groups_stay_where_no_names_are(sim: Simulator) -> None:
    make_names(sim)
    apply_list(sim, person("Johnny Depp", 1200, func_keys={"keys": {"1": {"destination": {"group": "sales"}}}}))
    found = perform(sim, export, target="xivo15")
    assert lost_of(found) == {
        "Johnny Depp": ["func_keys.keys.1.destination.group: this server does not show groups by name"]
    }
    assert "func_keys" not in found["entries"][0]


@pytest.mark.on("xivo16", "wazo")
def test_keys_with_ids_stay_behind(sim: Simulator) -> None:
    """Two people without a number have one name, so only an id tells them apart."""
    make_user(sim, "Ann Archer")
    target = make_user(sim, "Ann Archer")
    apply_list(sim, person("Johnny Depp", 1200, func_keys={"keys": {"1": {"destination": {"user": {"id": target}}}}}))
    found = perform(sim, export, target="xivo16")
    assert lost_of(found)["Johnny Depp"] == ["func_keys.keys.1.destination.user: the id means another object there"]


@pytest.mark.on("xivo16")
def test_what_leads_to_who_is_left_out_stays_behind(sim: Simulator) -> None:
    to_bob = {"user": {"firstname": "Bob", "lastname": "B"}}
    keys = {1: {"destination": to_bob}, 2: {"destination": {"custom": "*10"}}}
    apply_list(sim, person("Ann A", 1200, func_keys={"keys": keys}), person("Bob B", 1201))
    extension_row(sim, 1201).exten = "_12XX"
    found = perform(sim, export, target="xivo15")
    assert [each["name"] for each in found["left_out"]] == ["Bob B"]
    assert list(found["entries"][0]["func_keys"]["keys"]) == ["2"]
    assert lost_of(found) == {"Ann A": ["function key 1: leads to Bob B, who is left out"]}
