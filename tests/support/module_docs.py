# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads the documentation of modules and of documentation fragments."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from support.paths import ROOT

MODULES = Path("plugins/modules")
FRAGMENTS = Path("plugins/doc_fragments")


def documentation_in(text: str, part: str = "DOCUMENTATION") -> dict[str, Any]:
    """Return DOCUMENTATION or RETURN in the text of a module or a fragment. Raises ValueError if there is none."""
    found = re.search(rf'^ *{part} = r"""\n(.*?)^"""$', text, re.MULTILINE | re.DOTALL)
    if found is None:
        raise ValueError(f"there is no {part}")
    data: dict[str, Any] = yaml.safe_load(found[1])
    return data


@cache
def options_of_fragment(name: str) -> dict[str, Any]:
    """Return {option: its documentation} of a documentation fragment."""
    return dict(documentation_in((ROOT / FRAGMENTS / f"{name}.py").read_text(encoding="utf-8")).get("options", {}))


@cache
def options_of_module(name: str) -> dict[str, Any]:
    """Return {option: its documentation} of a module, with those of its fragments."""
    documented = documentation_in((ROOT / MODULES / f"{name}.py").read_text(encoding="utf-8"))
    fragments = [each.split(".")[2] for each in documented.get("extends_documentation_fragment", ())]
    shared = {key: option for each in fragments for key, option in options_of_fragment(each).items()}
    return {**shared, **(documented.get("options") or {})}
