# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The files of a plan: their schema, that they hold no secret, and that nothing in them is taken for markup."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest
import yaml

from ansible_collections.xivo.confd.plugins.module_utils._model.errors import InputError
from ansible_collections.xivo.confd.plugins.module_utils._reports.plan_document import GENERATOR, read_plan
from ansible_collections.xivo.confd.plugins.module_utils._reports.plan_report import plan_report
from ansible_collections.xivo.confd.plugins.module_utils._reports.plan_words import verdict
from ansible_collections.xivo.confd.plugins.plugin_utils._plan_formats import RENDERERS
from simulator import Simulator
from support.helpers import ADA, BOB, CLEO, EVERYWHERE, Options, apply_list, leaver, make_user, person
from support.paths import ROOT
from support.plans import plan_of
from support.secrecy import leaks

SCHEMA = json.loads((ROOT / "docs" / "plan.schema.json").read_text(encoding="utf-8"))
HOSTILE = "<script>x</script>"
SECRETS = ("canaryUser5Zt9", "canaryLine3Vx7", "90817263")
EVERYTHING: Options = {
    "user": {"firstname": HOSTILE, "description": f"the password is {SECRETS[0]}", "password": SECRETS[0]},
    "line": {"secret": SECRETS[1]},
    "extension": {"range": "1300-1309", "context": "default"},
    "incalls": [{"exten": "2205", "context": "from-extern"}],
    "voicemail": {"password": SECRETS[2]},
}
PARTS: Options = {
    "services": {"dnd": True},
    "forwards": {"busy": {"destination": "1200", "enabled": True}},
    "fallbacks": {"busy": {"user": {"exten": "1200", "context": "default"}}},
    "func_keys": {"keys": {"1": {"destination": {"user": {"firstname": "Ada", "lastname": "A"}}}}},
}
REMOVING: Options = {
    "purge": True,
    "purge_limit": 10,
    "purge_scope": {"context": "default"},
    "orphans": "remove",
}


def files_of(plan: Options) -> dict[str, str]:
    """{format: text} of a plan."""
    report = plan_report(
        {"result": {"plan_document": plan}, "server": "pbx", "url": None, "path": "x", "mode": None}, True
    )
    return {name: render(report["report"]) for name, render in RENDERERS.items()}


def full_plan(sim: Simulator) -> Options:
    """A plan with everything: somebody who is created, changed, removed, purged."""
    apply_list(sim, ADA, BOB, CLEO, person("Dan D", 1203))
    make_user(sim, "Gone G")
    parts = {} if sim.generation.name == "xivo15" else PARTS
    everything = {**EVERYTHING, **parts}
    changed = person("Bob B", 1210, user={"description": "=cmd|' /C calc'!A0 [x](http://x.org)"})
    return plan_of(sim, ADA, changed, everything, leaver("Cleo C", 1202), **REMOVING)


@EVERYWHERE
def test_the_files_of_a_plan(sim: Simulator) -> None:
    plan = full_plan(sim)
    assert plan["summary"] == {
        "entries": 4,
        "created": 1,
        "updated": 1,
        "removed": 1,
        "unchanged": 1,
        "failed": 0,
        "purged": 1,
        "disabled": 0,
        "orphans_removed": 0,
    }
    files = files_of(plan)
    document = json.loads(files["json"])
    jsonschema.validate(document, SCHEMA)
    assert read_plan(files["json"].encode(), "x") == document
    assert leaks(SECRETS, files.items()) == []
    assert '"changes"' in files["json"]
    for name in ("markdown", "html"):
        assert HOSTILE not in files[name]
        assert "password changes" in files[name]
        assert "would be removed" in files[name]
    assert "[x](http" not in files["markdown"]
    assert "purge: not in the list" in files["html"]


def test_a_plan_that_could_not_be_made() -> None:
    options: dict[str, Any] = {"server": "pbx", "url": "https://me:pw@pbx", "path": "/x/new.json", "mode": None}
    for result, error in (
        ({"msg": "no route"}, "no route"),
        ({"problems": ["a", "b"], "msg": "2"}, "a"),
        ({}, "The plan"),
    ):
        made = plan_report({**options, "result": result}, False)
        jsonschema.validate(made["report"], SCHEMA)
        assert made["errors"][0].startswith(error)
        assert made["report"]["server"]["url"] == "********@pbx"
        assert made["files"]["html"] == "/x/new.html"
        text = RENDERERS["markdown"](made["report"])
        assert "The plan cannot be carried out, nor approved" in text
        assert "cannot be carried out" in RENDERERS["html"](made["report"])
        with pytest.raises(InputError, match="has errors, so it cannot be carried out"):
            read_plan(RENDERERS["json"](made["report"]).encode(), "x")


@pytest.mark.parametrize("name", ["../x", "a/b", "$HOME", "~", ".", ""])
def test_the_name_of_a_server_is_no_path(name: str) -> None:
    with pytest.raises(InputError, match="cannot be the name of a file"):
        plan_report({"result": {}, "server": name, "url": None, "path": "plan", "mode": None}, False)


def test_the_generator_is_this_collection() -> None:
    galaxy = yaml.safe_load((ROOT / "galaxy.yml").read_text(encoding="utf-8"))
    assert f"{galaxy['namespace']}.{galaxy['name']} {galaxy['version']}" == GENERATOR


def test_a_plan_says_what_is_to_be_done(sim: Simulator) -> None:
    plan = full_plan(sim)

    assert verdict(plan) == "1 to create, 1 to change, 1 to remove, 1 to purge, 1 entry unchanged"
    assert "<dt>to purge</dt><dd>1</dd>" in files_of(plan)["html"]
