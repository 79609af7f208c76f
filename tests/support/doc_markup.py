# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Turns the markup of Ansible's documentation, such as ``O(mode)``, into plain text, Markdown or reStructuredText."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from antsibull_docs_parser import dom
from antsibull_docs_parser.parser import Context, parse

CODE = (dom.OptionNamePart, dom.ReturnValuePart)
END_OF_SENTENCE = re.compile(r"(?<=\.)\s+(?=[A-Z])")


def paragraphs(description: str | Sequence[str]) -> list[str]:
    """Return the paragraphs of a description."""
    return [description] if isinstance(description, str) else list(description)


def first_sentence(description: str | Sequence[str]) -> str:
    """Return the first sentence of a description, with its markup and without its full stop."""
    return END_OF_SENTENCE.split(paragraphs(description)[0])[0].removesuffix(".")


def convert(text: str, names: Mapping[str, str] | None = None, *, mark: str = "") -> str:
    """Return a paragraph with each name and value between two marks.

    names: {option of the module: what it is called here}.
    """
    (parts,) = parse(text, Context(current_plugin=None))
    return "".join(_text(part, names or {}, mark) for part in parts)


def _text(part: dom.AnyPart, names: Mapping[str, str], mark: str) -> str:
    if isinstance(part, dom.TextPart):
        return part.text.replace("<", "&lt;") if mark == "`" else part.text
    if isinstance(part, dom.LinkPart | dom.ItalicPart | dom.BoldPart):
        return part.text
    if isinstance(part, CODE):
        if part.plugin:
            return f"{mark}{_with_value(part.name, part.value)}{mark} of {mark}{part.plugin.fqcn}{mark}"
        code = _with_value(names.get(part.name, part.name), part.value)
    elif isinstance(part, dom.PluginPart):
        code = part.plugin.fqcn
    elif isinstance(part, dom.ModulePart):
        code = part.fqcn
    elif isinstance(part, dom.EnvVariablePart):
        code = part.name
    elif isinstance(part, dom.OptionValuePart):
        code = part.value
    elif isinstance(part, dom.CodePart):
        code = part.text
    else:
        raise TypeError(f"markup {type(part).__name__} is not known here")
    return f"{mark}{code}{mark}"


def _with_value(name: str, value: str | None) -> str:
    return f"{name}={value}" if value else name
