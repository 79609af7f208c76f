# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The change log of the newest release names modules and plugins that the collection has."""

from __future__ import annotations

import re
from typing import Any

import yaml

from release.check import newest
from support.paths import ROOT

MODULES = {path.stem for path in (ROOT / "plugins" / "modules").glob("confd_*.py")}
KINDS = ("filter", "lookup")
PLUGINS = {kind: {path.stem for path in (ROOT / "plugins" / kind).glob("[a-z]*.py")} for kind in KINDS}


def newest_release() -> dict[str, Any]:
    releases = yaml.safe_load((ROOT / "changelogs" / "changelog.yaml").read_text(encoding="utf-8"))["releases"]
    release: dict[str, Any] = releases[newest(list(releases))]
    return release


def test_new_modules_and_plugins_exist() -> None:
    release = newest_release()

    assert {module["name"] for module in release.get("modules", ())} <= MODULES
    for kind, plugins in release.get("plugins", {}).items():
        assert {plugin["name"] for plugin in plugins} <= PLUGINS[kind]


def test_changes_begin_with_modules_that_exist() -> None:
    """A change begins with what it concerns, for example: confd_user, confd_line_sip - text."""
    named = {
        module
        for changes in newest_release()["changes"].values()
        if isinstance(changes, list)
        for change in changes
        for module in re.findall(r"\bconfd_\w+", change.partition(" - ")[0])
    }

    assert named and named <= MODULES
