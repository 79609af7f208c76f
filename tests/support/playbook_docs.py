# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes docs/playbooks.md, and the comment at the top of each playbook."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Sequence
from pathlib import Path

from support.doc_markup import convert, first_sentence, paragraphs
from support.paths import ROOT
from support.playbook_reader import PLAYBOOKS
from support.playbook_variables import (
    Variable,
    further,
    of_connection,
    of_role,
    playbooks,
    source,
    templates,
    variables,
)

PAGE = ROOT / "docs" / "playbooks.md"
WIDTH = 120
PAGE_WIDTH = 130
CHOICE = "\0"
"""What the text of a choice begins with, before it is written."""
HEADER = re.compile(r"\A---\n(#.*\n)*")


# The comments


def comment(playbook: str) -> str:
    """Return the comment at the top of a playbook."""
    data = source()["playbooks"][playbook]
    # A line does not end between -e and its variable.
    command = _wrap(data["command"].replace(" -e ", " -e\0"), rest="    ", room=2)
    command = command.replace("\0", " ").replace("\n", " \\\n")
    lines = [command, *(_wrap(convert(each)) for each in data["description"])]
    found = variables(playbook)
    width = max(len(each.name) for each in found) + 2
    for each in found:
        if each.group:
            lines.append(f"{each.group}:")
        lines.append(_comment_of(each, width))
    lines += [_wrap(each) for each in _further(playbook)]
    lines.append("From docs/variables.yml, by make generate. docs/playbooks.md describes all variables.")
    return "---\n" + "".join(f"# {line}\n" for text in lines for line in text.splitlines())


def _comment_of(variable: Variable, width: int) -> str:
    default = f" [{variable.default}]" if variable.default else ""
    state = "; required" if variable.required else default
    text = convert(first_sentence(variable.description), variable.names)
    if not all(re.search(rf"\b{each}\b", text) for each in variable.choices):
        text += f": {', '.join(variable.choices)}"
    start, rest = f"  {variable.name:{width}}", " " * (width + 2)
    return _wrap(f"{text}{state}", start, rest)


def _wrap(text: str, start: str = "", rest: str = "", room: int = 0) -> str:
    """Return a text in lines of a comment. room: for what is put after each line."""
    return textwrap.fill(
        text,
        WIDTH - len("# ") - room,
        initial_indent=start,
        subsequent_indent=rest,
        break_on_hyphens=False,
        break_long_words=False,
    )


def _further(playbook: str, mark: str = "") -> Iterator[str]:
    """Yield the sentence that says which variables of the role and of the connection a playbook reads."""
    used = templates(playbook)
    names = [f"{mark}{name}{mark}" for name in further(playbook)]
    role = "[the role](#the-role)" if mark else "the role xivo.confd.provision"
    connection = "[the connection](#connection)" if mark else "the connection"
    parts = []
    if used.has_role:
        shown_by = "" if mark else ", which ansible-doc -t role xivo.confd.provision shows"
        parts.append(f"the variables of {role}{shown_by}")
    elif names:
        parts.append(f"{_listed(names)}, see {role}")
    if used.connects:
        variables_of = "those of" if parts else "the variables of"
        parts.append(f"{variables_of} {connection}, such as {mark}confd_url{mark}")
    if parts:
        yield f"It also reads {', and '.join(parts)}."


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


# The page


INTRODUCTION = """\
# Playbooks and their variables

<!-- From docs/variables.yml and the documentation of the modules, by make generate. Do not edit this page. -->

The collection has these playbooks. Each is run by its name, for example
`ansible-playbook xivo.confd.audit -i inventory`. The variables can be set in the inventory or, for one run, with `-e`.
Relative paths begin in the folder in which Ansible is started. All playbooks can be run with `--check`, which writes
nothing to a server.

"""
CONNECTION = """\
## Connection

The playbooks that need a server read these variables of the inventory, usually different ones for each host. They are
the options of the modules with the same names. Each has the prefix `confd_`: a `validate_certs` without it is refused.
Where the description of an option names an environment variable, it is that of the process `ansible-playbook`.

"""
ROLE_TEXT = """\
## The role

`xivo.confd.provision` and `xivo.confd.plan` read these variables, which are those of the role `xivo.confd.provision`.
`ansible-doc -t role xivo.confd.provision` shows them with all keys of an entry.

"""


def page() -> str:
    """Return the page of all playbooks."""
    contents = [f"- [`xivo.confd.{name}`](#xivoconfd{name}): {_summary(name)}" for name in playbooks()]
    parts = [INTRODUCTION, "\n".join(contents), "\n\n"]
    for name in playbooks():
        parts.append(_section(name))
    parts += [CONNECTION, *(_item(each) for each in of_connection())]
    parts += [ROLE_TEXT, *(_item(each) for each in of_role())]
    return "".join(parts).rstrip("\n") + "\n"


def _summary(name: str) -> str:
    return convert(first_sentence(source()["playbooks"][name]["description"]), mark="`") + "."


def _section(name: str) -> str:
    data = source()["playbooks"][name]
    texts = [f"## xivo.confd.{name}\n\n```shell\n{data['command']}\n```\n"]
    texts += [_paragraph(convert(each, mark="`")) for each in data["description"]]
    for each in variables(name):
        texts += [f"{each.group}:\n"] if each.group else []
        texts.append(_item(each).removesuffix("\n"))
    texts += [_paragraph(each) for each in _further(name, "`")]
    return "\n".join([*texts, ""])


def _item(variable: Variable) -> str:
    """Return a variable as an item of a list, with what it means below it."""
    default = f"default: {variable.default.replace('<', '&lt;')}" if variable.default else ""
    facts = ", ".join(filter(None, (variable.type, "required" if variable.required else default)))
    texts = [f"- **`{variable.name}`** ({facts})\n"]
    for each in _texts(variable):
        # A choice is an item of a list of its own.
        start = "  - " if each.startswith(CHOICE) else "  "
        texts.append(_paragraph(each.removeprefix(CHOICE), start, " " * len(start)))
    return "\n".join([*texts, ""])


def _texts(variable: Variable) -> Iterator[str]:
    for each in variable.description:
        text = convert(each, variable.names, mark="`")
        yield re.sub(r"^(`\w+`) - ", rf"{CHOICE}\1: ", text)
    described = {value: paragraphs(text) for value, text in variable.choices.items() if text}
    for value, texts in described.items():
        yield f"{CHOICE}`{value}`: {convert(' '.join(texts), variable.names, mark='`')}"
    if variable.choices and not described:
        yield f"One of {_listed([f'`{each}`' for each in variable.choices])}."
    if variable.becomes:
        module, _dot, key = variable.becomes.partition(".")
        verb = "Becomes" if variable.is_passed else "Determines"
        yield f"{verb} the option `{key}` of {f'`{module}`' if module else 'the modules'}."


def _paragraph(text: str, start: str = "", rest: str = "") -> str:
    wrapped = textwrap.fill(
        " ".join(text.split()),
        PAGE_WIDTH,
        initial_indent=start,
        subsequent_indent=rest,
        break_on_hyphens=False,
        break_long_words=False,
    )
    return f"{wrapped}\n"


def documents() -> dict[Path, str]:
    """Return {file: text} of the page and of the playbooks."""
    made = {PAGE: page()}
    for name in playbooks():
        path = PLAYBOOKS / f"{name}.yml"
        made[path] = HEADER.sub(lambda _found, name=name: comment(name), path.read_text(encoding="utf-8"), count=1)
    return made
