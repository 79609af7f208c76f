# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads the answers of a survey as they were typed.

AWX writes them into a file of extra variables, as texts with the tag !unsafe. From ansible-core 2.19 on, Ansible
ignores the quotes of such a text: it makes the number 50331648 of "0300000000", and false of the name "No".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml
from ansible.parsing.dataloader import DataLoader

UNSAFE = "!unsafe"


def given_texts(
    names: Iterable[str], values: Mapping[str, Any], sources: Iterable[str], loader: DataLoader
) -> dict[str, str]:
    """Return {name: text} of variables; the text of null and of a variable that is not set is empty.

    values: the values of the variables. sources: the options -e of the command line.
    """
    typed = {name: text for source in sources for name, text in _unsafe_texts(source, loader)}
    return {name: _text(values.get(name), typed.get(name)) for name in names}


def _text(value: Any, typed: str | None) -> str:
    """Return the text of a value. typed: a text that it may have been; another option -e can have set another value."""
    if typed is not None and value in (typed, _as_yaml(typed)):
        return typed
    return "" if value is None else str(value)


def _as_yaml(text: str) -> Any:
    try:
        return yaml.safe_load(text)
    except (yaml.YAMLError, ValueError):
        return text


def _unsafe_texts(source: str, loader: DataLoader) -> Iterator[tuple[str, str]]:
    """Yield (name, text) of the variables in a file of extra variables that are texts with the tag !unsafe."""
    if not source.startswith("@"):
        return
    text = Path(loader.get_real_file(source[1:])).read_text(encoding="utf-8")
    document = yaml.compose(text, Loader=yaml.SafeLoader)
    if isinstance(document, yaml.MappingNode):
        for name, value in document.value:
            if isinstance(value, yaml.ScalarNode) and value.tag == UNSAFE:
                yield name.value, value.value
