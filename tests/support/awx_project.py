# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The AWX project that playbooks/awx/README.md describes, and what controller.yml makes of it in AWX."""

from __future__ import annotations

import re
from typing import Any

import yaml
from jinja2.nativetypes import NativeEnvironment

from support.paths import ROOT

AWX = ROOT / "playbooks" / "awx"
NAMED_BLOCK = re.compile(r"^```yaml\n# ([\w/.]+\.yml)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


class Verbatim(str):
    """A text that Ansible does not take for a template: AWX does, later."""


class Loader(yaml.SafeLoader):
    """Reads a file of variables as Ansible does."""


Loader.add_constructor("!unsafe", lambda loader, node: Verbatim(loader.construct_scalar(node)))


class UnsafeDumper(yaml.SafeDumper):
    """Marks every text, also keys, as no template, as AWX writes the extra variables of a job."""


UnsafeDumper.add_representer(str, lambda dumper, value: dumper.represent_scalar("!unsafe", value))


def readme_files() -> dict[str, str]:
    """Return {name: text} of the files that the README shows."""
    return dict(NAMED_BLOCK.findall((AWX / "README.md").read_text(encoding="utf-8")))


def project_files() -> dict[str, str]:
    """Return {name: text} of the playbooks that a project needs."""
    return {name: text for name, text in readme_files().items() if "import_playbook" in text}


def controller(*servers: str, **settings: Any) -> dict[str, Any]:
    """Return the variables of controller.yml, evaluated. servers: the group confd; settings: its first part."""
    raw: dict[str, Any] = yaml.load((AWX / "controller.yml").read_text(encoding="utf-8"), Loader)
    templates = NativeEnvironment()
    variables: dict[str, Any] = {"groups": {"confd": list(servers)}, "omit": None}

    def evaluated(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: evaluated(each) for key, each in value.items()}
        if isinstance(value, list):
            return [evaluated(each) for each in value]
        is_template = isinstance(value, str) and not isinstance(value, Verbatim) and "{{" in value
        return templates.from_string(value).render(variables) if is_template else value

    for name, value in {**raw, **settings}.items():
        variables[name] = evaluated(value)
    return {name: variables[name] for name in (*raw, *settings)}
