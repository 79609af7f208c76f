# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The texts of the collection that people read: pages, documentation of plugins and roles, comments, messages.

Code inside of a text (names, options, paths, links, templates) is overwritten with spaces, so that only words of prose
are left, in their old lines and columns.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from support.paths import ROOT

RECORDS = ROOT / "docs" / "servers"
"""Records of what servers answer, in the words of the servers."""

DOCUMENTATION = ("DOCUMENTATION", "RETURN", "EXAMPLES")
PROSE_KEYS = re.compile(
    r"description|short_description|notes|name|msg|\w*_msg|label|help_text|question_\w+|details|support"
    r"|release_summary|\w+_changes|\w+_features|\w+fixes|known_issues"
)
"""Keys of a YAML file whose values are sentences or headings."""

FENCE = re.compile(r"^ *```(\w*)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
COMMENT = re.compile(r"(?:^|(?<=\s))#(?=[ :]).*$", re.MULTILINE)
CODE_OF_A_PAGE = re.compile(
    r"""
    ``[^`]+`` | `[^`]+`            # code
    | (?<=\]) \([^()\s]*\)         # the target of a link
    | ^ :::.* $ | ^ :[\w-]+:.* $   # directives of MyST
    | ^ \(\w+\)= $                 # anchors
    | <[^<>\s][^<>]*>              # addresses and HTML
    """,
    re.VERBOSE | re.MULTILINE,
)
CODE_OF_DOCUMENTATION = re.compile(r"\b(?:O|V|C|E|M|P|RV|U)\([^()]*(?:\([^()]*\)[^()]*)*\)|(?<=, )https?://\S+(?=\))")
CODE_OF_A_TEXT = re.compile(
    r"""
    \{\{ .*? \}\} | \{% .*? %\}    # templates
    | ``[^`]+`` | `[^`]+`
    | https?://\S+
    | (?<!\S) [\w.{}<>-]* / \S*    # paths
    | \S*_\S* | --?[a-z][\w-]*     # names and options of commands
    """,
    re.VERBOSE | re.DOTALL,
)
FIELDS = re.compile(r"\b(?:callerid|email)\b")
"""Fields whose names are common words: a message says "email", not "`email`"."""
MARKUP = re.compile(r"<!--.*?-->|<style>.*?</style>|<script>.*?</script>|\{[{%#].*?[}%#]\}|<[^>]*>", re.DOTALL)


@dataclass(frozen=True)
class Prose:
    """A text of a file, without the code in it. line: the number of its first line, from 1."""

    path: str
    line: int
    text: str

    def line_at(self, offset: int) -> int:
        """Return the number of the line of the file that holds a character of the text."""
        return self.line + self.text.count("\n", 0, offset)


def prose_files() -> list[Path]:
    """Return the files with texts that people read, sorted; records of servers are not among them."""
    return sorted({path for places, suffixes, _reader in SOURCES for path in _files(places, suffixes)})


def prose_of_file(path: Path) -> Iterator[Prose]:
    """Yield the texts of one of the prose_files()."""
    name, text = path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")
    for places, suffixes, reader in SOURCES:
        if path in _files(places, suffixes):
            yield from reader(name, text)


def prose_of_page(path: str, text: str) -> Iterator[Prose]:
    """Yield the sentences of a Markdown page, and the comments and names in its examples of YAML."""
    for fence in FENCE.finditer(text):
        if fence[1] == "yaml":
            yield from prose_of_yaml(path, fence[2], text.count("\n", 0, fence.start(2)) + 1)
    yield Prose(path, 1, _blank(CODE_OF_A_PAGE, _blank(FENCE, text)))


def prose_of_yaml(path: str, text: str, line: int = 1) -> Iterator[Prose]:
    """Yield the comments of a YAML file as one text, and the values of its keys that hold prose."""
    comments = "".join(COMMENT.findall(text))
    if comments:
        kept = [(each.start(), each.end()) for each in COMMENT.finditer(text)]
        yield Prose(path, line, _blank(CODE_OF_A_TEXT, _only(text, kept)).replace("#", " "))
    for node in _prose_nodes(yaml.compose(text, yaml.SafeLoader)):
        raw = text[node.start_mark.index : node.end_mark.index]
        clean = _blank(CODE_OF_A_TEXT, _blank(CODE_OF_DOCUMENTATION, raw))
        yield Prose(path, line + node.start_mark.line, clean)


def prose_of_documentation(path: str, text: str) -> Iterator[Prose]:
    """Yield the documentation of a plugin: its blocks of YAML, or a YAML file beside it."""
    if not path.endswith(".py"):
        yield from prose_of_yaml(path, text)
        return
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
            names = [target.id for target in node.targets if isinstance(target, ast.Name)]
            if set(names) & set(DOCUMENTATION) and isinstance(node.value.value, str):
                yield from prose_of_yaml(path, node.value.value, node.value.lineno)


def prose_of_messages(path: str, text: str) -> Iterator[Prose]:
    """Yield the string literals of a Python file that are texts and neither docstrings nor documentation."""
    tree = ast.parse(text)
    skipped = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    skipped |= {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and any(getattr(target, "id", "") in DOCUMENTATION for target in node.targets)
    }
    for node in ast.walk(tree):
        if id(node) not in skipped and isinstance(node, ast.Constant) and " " in str(node.value).strip():
            yield Prose(path, node.lineno, _blank(FIELDS, _blank(CODE_OF_A_TEXT, str(node.value))))


def prose_of_markup(path: str, text: str) -> Iterator[Prose]:
    """Yield the texts of a picture or of a template of a page."""
    yield Prose(path, 1, _blank(MARKUP, text))


def _prose_nodes(node: yaml.Node | None, is_prose: bool = False) -> Iterator[yaml.ScalarNode]:
    """Yield the scalars of a YAML document that are values of PROSE_KEYS, alone or in a list."""
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield from _prose_nodes(value, bool(PROSE_KEYS.fullmatch(str(key.value))))
    elif isinstance(node, yaml.SequenceNode):
        for each in node.value:
            yield from _prose_nodes(each, is_prose)
    elif isinstance(node, yaml.ScalarNode) and is_prose:
        yield node


def _blank(code: re.Pattern[str], text: str) -> str:
    """Return a text in which spaces stand for what a pattern matches; ends of lines stay."""
    return code.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), text)


def _only(text: str, kept: Iterable[tuple[int, int]]) -> str:
    """Return a text in which spaces stand for all but some ranges of characters; ends of lines stay."""
    characters = [each if each == "\n" else " " for each in text]
    for start, end in kept:
        characters[start:end] = text[start:end]
    return "".join(characters)


@cache
def _files(places: tuple[str, ...], suffixes: tuple[str, ...]) -> frozenset[Path]:
    """Return the files of some places, which are files or folders, whose names end in one of the suffixes."""
    paths = [ROOT / place for place in places]
    found = [each for path in paths for each in ([path] if path.is_file() else path.rglob("*"))]
    return frozenset(each for each in found if each.suffix in suffixes and RECORDS not in each.parents)


SOURCES = (
    (("README.md", "CONTRIBUTING.md", "docs", "playbooks", "roles"), (".md",), prose_of_page),
    (("playbooks", "roles", "changelogs", "galaxy.yml"), (".yml", ".yaml"), prose_of_yaml),
    (
        ("plugins/modules", "plugins/doc_fragments", "plugins/filter", "plugins/lookup"),
        (".py", ".yml"),
        prose_of_documentation,
    ),
    (
        ("plugins/module_utils", "plugins/plugin_utils", "plugins/filter", "plugins/lookup", "tests/demo"),
        (".py",),
        prose_of_messages,
    ),
    (("docs", "plugins"), (".svg", ".j2"), prose_of_markup),
)
"""(files and folders, endings of names, how their texts are found)."""
