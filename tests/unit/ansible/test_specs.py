# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What every module says of itself: the same options in documentation and spec, and its place in the action group."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any

import pytest
import yaml

from ansible_collections.xivo.confd.plugins.module_utils._ansible import local as local_module
from ansible_collections.xivo.confd.plugins.module_utils._ansible import module as module_runner
from ansible_collections.xivo.confd.plugins.module_utils._ansible.argument_specs import entry_spec
from support.paths import ROOT

COLLECTION = "ansible_collections.xivo.confd"
MODULES = sorted(path.stem for path in (ROOT / "plugins" / "modules").glob("*.py"))
CONNECTION = "xivo.confd.connection"
COMPARED = ("type", "elements", "required", "default")

Options = dict[str, Any]

every_module = pytest.mark.parametrize("name", MODULES)


def module_named(name: str) -> ModuleType:
    return importlib.import_module(f"{COLLECTION}.plugins.modules.{name}")


def fragments_of(documentation: Mapping[str, Any]) -> list[str]:
    wanted = documentation.get("extends_documentation_fragment", [])
    return [wanted] if isinstance(wanted, str) else list(wanted)


def documented_options(documentation: Mapping[str, Any]) -> Options:
    """The options of a module with those of its fragments."""
    options: Options = {}
    for fragment in fragments_of(documentation):
        file, _dot, part = fragment.removeprefix("xivo.confd.").partition(".")
        holder = importlib.import_module(f"{COLLECTION}.plugins.doc_fragments.{file}").ModuleDocFragment
        options.update(yaml.safe_load(getattr(holder, part.upper() or "DOCUMENTATION")).get("options", {}))
    return {**options, **documentation.get("options", {})}


def plain(options: Mapping[str, Any], below: str) -> Options:
    """Options without what is only words or masking, down to the last sub-option."""
    return {
        name: {
            **{key: option[key] for key in COMPARED if key in option},
            **({"choices": list(option["choices"])} if "choices" in option else {}),
            **({"options": plain(option[below], below)} if below in option else {}),
            **({"env": sorted(variables)} if (variables := variables_of(option)) else {}),
        }
        for name, option in options.items()
    }


def variables_of(option: Mapping[str, Any]) -> list[str]:
    """The environment variables that stand in for an option, of a spec or as its description names them."""
    if "fallback" in option:
        return list(option["fallback"][1])
    words = yaml.safe_dump(option.get("description", ""), width=10_000)
    stands_in = words.split("the environment variable E(")[1:]
    return [each.split(")")[0] for each in stands_in if each.startswith("CONFD_")]


@pytest.fixture
def spec_of(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Options]:
    """The whole argument spec that a module gives to Ansible."""

    class Spec(Exception):
        """Thrown instead of making a module."""

    def stop(argument_spec: Options, **_constraints: Any) -> None:
        raise Spec(argument_spec)

    def spec(name: str) -> Options:
        monkeypatch.setattr(module_runner, "_Module", stop)
        monkeypatch.setattr(local_module, "AnsibleModule", stop)
        with pytest.raises(Spec) as caught:
            module_named(name).main()
        return dict(caught.value.args[0])

    return spec


@every_module
def test_the_documented_options_are_those_of_the_spec(name: str, spec_of: Callable[[str], Options]) -> None:
    documentation = yaml.safe_load(module_named(name).DOCUMENTATION)
    assert plain(documented_options(documentation), "suboptions") == plain(spec_of(name), "options")


def test_every_module_with_a_connection_is_in_the_action_group() -> None:
    """And no other, for the group's defaults are the options of the connection."""
    with_connection = {
        name for name in MODULES if CONNECTION in fragments_of(yaml.safe_load(module_named(name).DOCUMENTATION))
    }
    runtime = yaml.safe_load((ROOT / "meta" / "runtime.yml").read_text(encoding="utf-8"))
    group = runtime["action_groups"]["confd"]
    assert sorted(group) == sorted(set(group)) == sorted(with_connection)
    without = {"confd_guard", "confd_journal_info", "confd_validate", *(name for name in MODULES if "_report" in name)}
    assert set(MODULES) - with_connection == without


def test_the_modules_that_only_read_are_info_modules(spec_of: Callable[[str], Options]) -> None:
    """Ansible's rule for names. A module with a connection that has no journal writes nothing to the server."""
    writes_files = {"confd_export_files"}
    with_connection = {name for name in MODULES if "confd_url" in spec_of(name)}
    reading = {name for name in with_connection - writes_files if "journal" not in spec_of(name)}
    assert reading == {name for name in with_connection if name.endswith("_info")}
    for name in reading:
        documented = fragments_of(yaml.safe_load(module_named(name).DOCUMENTATION))
        assert "xivo.confd.attributes.info" in documented, name
        assert "ansible_facts" not in module_named(name).RETURN, name


def test_every_playbook_hands_every_option_of_the_connection_on() -> None:
    playbooks = ROOT / "playbooks"
    for name in ("provision", "audit", "export", "new_employee", "moving_employee", "leaving_employee"):
        *_checks, play = yaml.safe_load((playbooks / f"{name}.yml").read_text(encoding="utf-8"))
        block = play["tasks"][0]["block"] if name == "audit" else ()
        holder = next((task for task in block if "module_defaults" in task), play)
        assert holder["module_defaults"] == {"group/xivo.confd.confd": "{{ lookup('xivo.confd.connection') }}"}, name


def test_entry_and_module_have_all_fields_of_a_resource(spec_of: Callable[[str], Options]) -> None:
    """What a module can set, an entry can; the keys that say which one is meant apart."""
    entry = entry_spec()
    for part, name in (("user", "confd_user"), ("line", "confd_line_sip"), ("voicemail", "confd_voicemail")):
        own = set(entry[part]["options"])
        assert own <= set(spec_of(name)), name
