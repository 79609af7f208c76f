# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbook with which playbooks/awx/README.md loads everything: what it hands to the modules of awx.awx."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import yaml

from support.awx_project import AWX, controller, readme_files
from support.playbooks import ROOT, run_playbook

STAND_IN = """
import json
from ansible.plugins.action import ActionBase


class ActionModule(ActionBase):
    def run(self, tmp=None, task_vars=None):
        with open({calls!r}, "a", encoding="utf-8") as stream:
            stream.write(json.dumps([{name!r}, self._task.args]) + "\\n")
        return dict(super().run(tmp, task_vars), changed=True)
"""
"""An action that writes down what it is given."""
KINDS = {
    "execution_environment": "controller_execution_environments",
    "project": "controller_projects",
    "inventory": "controller_inventories",
    "inventory_source": "controller_inventory_sources",
    "credential_type": "controller_credential_types",
    "credential": "controller_credentials",
    "job_template": "controller_templates",
    "workflow_job_template": "controller_workflows",
}
"""{module: variable}, in the order in which objects refer to each other."""
PASSWORD = "c4nary-of-the-account"


def without_null(value: Any) -> Any:
    """What is left out is null in controller()."""
    if isinstance(value, dict):
        return {name: without_null(each) for name, each in value.items() if each is not None}
    return [without_null(each) for each in value] if isinstance(value, list) else value


def test_everything_is_loaded_as_it_is_written(tmp_path: Path) -> None:
    calls = tmp_path / "calls.jsonl"
    actions = tmp_path / "ansible_collections" / "awx" / "awx" / "plugins" / "action"
    actions.mkdir(parents=True)
    for name in ("organization", *KINDS):
        (actions / f"{name}.py").write_text(STAND_IN.format(calls=str(calls), name=name), encoding="utf-8")
    files = readme_files()
    for name in ("load.yml", "site.yml"):
        (tmp_path / name).write_text(files[name], encoding="utf-8")
    (tmp_path / "controller.yml").write_bytes((AWX / "controller.yml").read_bytes())

    paths = f"{tmp_path}:{ROOT / '.cache' / 'collections'}"
    run = run_playbook(
        None,
        tmp_path / "load.yml",
        extra_vars={"vault_confd_password": PASSWORD},
        env={"ANSIBLE_COLLECTIONS_PATH": paths},
        args=["-vv"],
        cwd=tmp_path,
    ).succeeded()

    assert PASSWORD not in run.output
    (organization, *loaded) = [json.loads(line) for line in calls.read_text(encoding="utf-8").splitlines()]
    assert organization == ["organization", {"name": "Default", "galaxy_credentials": ["Ansible Galaxy"]}]
    site = yaml.safe_load(files["site.yml"])
    site["confd_awx_credential_inputs"]["password"] = PASSWORD
    data = controller("pbx", **site)
    assert loaded == [[name, without_null(each)] for name, variable in KINDS.items() for each in data[variable]]
    assert len(loaded) == 1 + 1 + 1 + 1 + 1 + 1 + len(data["controller_templates"]) + 1
