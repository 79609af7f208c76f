# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values that YAML made of texts without quotes are refused in every option that is text for people."""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

import pytest
import yaml

from ansible_collections.xivo.confd.plugins.module_utils._ansible.module import Module
from ansible_collections.xivo.confd.plugins.module_utils._ansible.option_checks import find_option_problems
from ansible_collections.xivo.confd.plugins.module_utils._bulk.provision import provision
from ansible_collections.xivo.confd.plugins.module_utils._model.errors import InputError, PlanError
from ansible_collections.xivo.confd.plugins.module_utils._model.numbers import parse_exten
from ansible_collections.xivo.confd.plugins.module_utils._state.devices import find_device
from ansible_collections.xivo.confd.plugins.module_utils._tasks.associations import ensure_user_line
from ansible_collections.xivo.confd.plugins.module_utils._tasks.info import read_users
from simulator import Simulator
from support.helpers import apply_list, perform, person
from support.paths import ROOT

MODULES = sorted(path.stem for path in (ROOT / "plugins" / "modules").glob("confd_*.py"))
NO_TEXTS = (34, 0, -1, 33612345678, 1.5, True, date(2026, 2, 1), datetime(2026, 2, 1, 12, 30))
QUOTES = "Write it in quotes"
LOST = {
    "userfield: 0042": 34,
    "password: 00007777": 4095,
    "number: 01234": 668,
    "mobile_phone_number: +33612345678": 33612345678,
    "mac: 10:20:30": 37230,
    "userfield: 2026-02-01": date(2026, 2, 1),
}
"""{what people write: what Ansible gets}."""


def modules() -> Iterator[tuple[str, Module]]:
    for name in MODULES:
        module = getattr(importlib.import_module(f"ansible_collections.xivo.confd.plugins.modules.{name}"), "MODULE", 0)
        if isinstance(module, Module):
            yield name, module


def texts(spec: Mapping[str, Any], path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The paths of all options that take a text, in lists and dictionaries as well."""
    for name, option in spec.items():
        kind = option.get("type", "str")
        if "options" in option:
            yield from texts(option["options"], (*path, name, *("#" if kind == "list" else "")))
        elif (option.get("elements") if kind == "list" else kind) in ("str", "path"):
            yield (*path, name, *("#" if kind == "list" else ""))


def nested(path: tuple[str, ...], value: Any) -> Any:
    for name in reversed(path):
        value = [value] if name == "#" else {name: value}
    return value


@pytest.mark.parametrize("value", NO_TEXTS, ids=repr)
def test_every_text_option_wants_quotes(value: Any) -> None:
    accepted = []
    count = 0
    for name, module in modules():
        spec = module._arguments()["argument_spec"]
        for path in texts(spec):
            count += 1
            problems = find_option_problems(spec, nested(path, value))
            if not any(QUOTES in problem and path[-1].strip("#") in problem for problem in problems):
                accepted.append((name, path, problems))
    assert accepted == []
    assert count > 200


@pytest.mark.parametrize("written", LOST)
def test_what_yaml_makes_of_texts(written: str) -> None:
    """The values of the other tests are those that people get."""
    assert list(yaml.safe_load(written).values()) == [LOST[written]]


def test_numbers_and_texts_without_quotes_are_told_at_once() -> None:
    entry = {"user": {"firstname": "Ann", "userfield": 34}, "extension": {"exten": 50331648, "context": "default"}}
    spec = dict(modules())["confd_provisioned_users"]._arguments()["argument_spec"]
    incalls = [{"exten": 2200, "context": "from-extern"}]
    first, second = find_option_problems(spec, {"users": [{**entry, "incalls": incalls}]})
    assert first.startswith("entry 1, Ann: user.userfield is 34")
    assert second == (
        "entry 1, Ann: extension.exten is the integer 50331648, which is what YAML makes of 0300000000. Write the "
        "number in quotes."
    )


@pytest.mark.parametrize("exten", [1, 1200, 99999999 % 2000000])
def test_short_numbers_of_extensions_may_be_integers(exten: int) -> None:
    assert parse_exten(exten, "exten") == str(exten)


@pytest.mark.parametrize("exten", [100000000, 1234567890, 33612345678])
def test_long_numbers_of_extensions_want_quotes(exten: int) -> None:
    with pytest.raises(InputError, match="Write the number in quotes"):
        parse_exten(exten, "exten")


@pytest.mark.parametrize("value", NO_TEXTS, ids=repr)
@pytest.mark.parametrize("key", ["userfield", "username", "firstname", "uuid"])
def test_a_reference_wants_quotes(sim: Simulator, key: str, value: Any) -> None:
    with pytest.raises(InputError, match=f"user.{key} is .*{QUOTES}"):
        perform(sim, ensure_user_line, user={key: value}, line={"id": 1})


def test_references_to_lines_and_phones_want_quotes(sim: Simulator) -> None:
    apply_list(sim, person("Ann Archer", 1250))
    with pytest.raises(InputError, match=f"line.username is 34, .*{QUOTES}"):
        perform(sim, ensure_user_line, user={"firstname": "Ann", "lastname": "Archer"}, line={"username": 34})
    with pytest.raises(InputError, match=f"device.mac is 37230, .*{QUOTES}"):
        find_device(None, {"mac": 37230})  # type: ignore[arg-type]


@pytest.mark.parametrize("value", NO_TEXTS, ids=repr)
def test_a_filter_wants_quotes(sim: Simulator, value: Any) -> None:
    with pytest.raises(InputError, match=f"filters.userfield is .*{QUOTES}"):
        perform(sim, read_users, filters={"userfield": value})


def test_a_match_of_another_value_renames_nobody(sim: Simulator) -> None:
    """userfield 0042 without quotes is 34, which is somebody else."""
    apply_list(sim, person("Bob Archer", 1250, match={"userfield": "34"}))
    before = sim.state()
    with pytest.raises(PlanError, match=f"match.userfield is 34, .*{QUOTES}"):
        perform(sim, provision, users=[{"match": {"userfield": 34}, "user": {"firstname": "Ann"}}])
    assert sim.state() == before
