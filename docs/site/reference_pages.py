# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Arranges the pages of antsibull-docs: a module's own options come first, and the sidebar leads to every module.

All modules that connect to a server have the same options, which are more than most of them have of their own. Their
rows, and the notes about connections, are moved to one page. Their labels are moved too, so that references to such
an option lead there. If a page is not as expected, the build ends, so that a change of antsibull-docs is noticed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from sphinx.application import Sphinx

ROOT = Path(__file__).resolve().parents[2]
PAGE = "connection_options"
TITLE = "Connection options"

# A row of a table goes on as long as its lines are indented. A note is one line of a list.
ROW = re.compile(
    r'^  \* - \.\. raw:: html\n\n.*\n        <div class="ansibleOptionAnchor" id="parameter-.*\n(?:\n* {4}.*\n)*\n+',
    re.M,
)
NAME = re.compile(r'id="parameter-([^"]+)"')
LABEL = re.compile(r"^      \.\. _ansible_collections\.\S+:\n", re.M)
NOTES = re.compile(r"^Notes\n-----\n\n\.\. note::\n((?:   - .*\n)+)", re.M)
HEAD = re.compile(
    r"^\.\. tabularcolumns::.*\n\n\.\. list-table::\n(?:  :.*\n)+\n  \* - Parameter\n    - Comments\n\n", re.M
)
KINDS = ("module", "filter", "lookup", "role")
INDEX = "Modules, role, filters and lookup"
INDEX_TITLE = re.compile(r"^Xivo\.Confd\n=+\n", re.M)
INDEX_GUIDES = re.compile(r"^\.\. toctree::\n    :maxdepth: 1\n\nGuides\n-+\n\n\.\. toctree::\n(?: {4}.*\n|\n)*", re.M)
PAGE_TITLE = re.compile(r"^xivo\.confd\.(\w+ (module|filter|lookup|role) -- .*\n\++\n)", re.MULTILINE)
AFTER_OPTIONS = "\n.. Attributes\n"

INTRODUCTION = """\
{title}
{line}

These options are the same in all modules that connect to a server. Set them once, in
``module_defaults`` for ``group/xivo.confd.confd``, or by the environment variables that are named below.
In an inventory, the role and the playbooks read them as variables whose names begin with ``confd_``.

Parameters
----------

"""

END = """

Notes
-----

{notes}

Modules
-------

{modules}
"""

SECTION = """

{title}
------------------

The module also has the :ref:`connection options <{page}>` that are the same in all modules: {names}.
"""


class UnexpectedPage(Exception):
    """A page of antsibull-docs is not as this file expects it."""


def fragment() -> dict[str, Any]:
    """Return the options and notes that all modules have which connect to a server."""
    path = ROOT / "plugins" / "doc_fragments" / "connection.py"
    # Not by runpy: ansible-test, whose units call this, takes every path below a collection for a package.
    names: dict[str, Any] = {"__name__": path.stem}
    exec(compile(path.read_text(encoding="utf-8"), str(path), "exec"), names)
    made: dict[str, Any] = yaml.safe_load(names["ModuleDocFragment"].DOCUMENTATION)
    return made


def anonymous(text: str, module: str) -> str:
    """Return a text of a module's page without the name of the module."""
    escaped = module.replace("_", r"\_")
    return (
        text.rstrip().replace(f".{escaped}#module", ".MODULE#module").replace(f".{module}_module__", ".MODULE_module__")
    )


def same(what: str, texts: Mapping[str, str]) -> str:
    """Return the one text that all modules have, with the name of the first module."""
    if len({anonymous(text, module) for module, text in texts.items()}) != 1:
        raise UnexpectedPage(f"{what} is not the same on the pages of {', '.join(sorted(texts))}.")
    return next(iter(texts.values()))


class ModulePage:
    """The page of a module that connects to a server, in the markup of antsibull-docs."""

    def __init__(self, module: str, text: str, names: Iterable[str]) -> None:
        self.module, self.text = module, text
        rows = {found[1]: row for row in ROW.findall(text) if (found := NAME.search(row))}
        if missing := sorted(set(names) - set(rows)):
            raise UnexpectedPage(
                f"The page of {module} has no row for {', '.join(missing)}: did antsibull-docs change?"
            )
        self.rows = {name: rows[name] for name in names}
        notes = NOTES.search(text)
        self.notes = notes[1].splitlines(keepends=True) if notes else []

    def without(self, notes: Iterable[str]) -> str:
        """Return the page without the connection options and without these notes, which name no module."""
        text = self.text
        for row in self.rows.values():
            text = text.replace(row, "")
        left = "".join(note for note in self.notes if anonymous(note, self.module) not in notes)
        text = NOTES.sub(lambda found: found[0].replace(found[1], left) if left else "", text)
        if not ROW.search(text):
            text = HEAD.sub("The module has no options of its own.\n\n", text)
        if text.count(AFTER_OPTIONS) != 1:
            raise UnexpectedPage(f"The page of {self.module} has no end of its options: did antsibull-docs change?")
        names = ", ".join(f":ansopt:`xivo.confd.{self.module}#module:{name}`" for name in self.rows)
        section = SECTION.format(title=TITLE, page=PAGE, names=names)
        return text.replace(AFTER_OPTIONS, section + AFTER_OPTIONS)


def common_notes(pages: list[ModulePage], number: int) -> list[str]:
    """Return the notes that all pages have, without the name of a module. The fragment has this number of them."""
    first, *others = [[anonymous(note, page.module) for note in page.notes] for page in pages]
    common = [note for note in first if all(note in other for other in others)]
    if len(common) != number:
        raise UnexpectedPage(f"{len(common)} notes are on all pages of modules, the doc fragment has {number}.")
    return common


def connection_page(pages: list[ModulePage], notes: list[str]) -> str:
    """Return the page of the connection options, with the labels of every module."""
    first = pages[0]
    head = HEAD.search(first.text)
    modules = ", ".join(f":ansplugin:`{page.module} <xivo.confd.{page.module}#module>`" for page in pages)
    rows = []
    for name in first.rows:
        row = same(f"The option {name}", {page.module: page.rows[name] for page in pages})
        labels = "".join("".join(LABEL.findall(page.rows[name])) for page in pages)
        rows.append(LABEL.sub(lambda _found, labels=labels: labels, row.rstrip(), count=1))
    told = "".join(f"{note.strip()}\n".replace(".MODULE#", f".{first.module}#") for note in notes)
    start = f".. _{PAGE}:\n\n" + INTRODUCTION.format(title=TITLE, line="=" * len(TITLE))
    return start + (head[0] if head else "") + "\n\n".join(rows) + END.format(notes=told, modules=modules)


def index_page(text: str, names: Iterable[str]) -> str:
    """Return the index with all pages in the sidebar, modules first, without the guides, which the site has itself."""
    pages = [
        (KINDS.index(kind), stem, kind)
        for stem, _separator, kind in (name.rpartition("_") for name in names)
        if kind in KINDS
    ]
    lines = [f"    {stem} <{stem}_{kind}>\n" for _place, stem, kind in sorted(pages)]
    for pattern, new in ((INDEX_TITLE, f"{INDEX}\n{'=' * len(INDEX)}\n"), (INDEX_GUIDES, "")):
        text, found = pattern.subn(new, text)
        if found != 1:
            raise UnexpectedPage(
                f"The index has {found} times {pattern.pattern!r}, not once: did antsibull-docs change?"
            )
    return text + "\n.. toctree::\n    :hidden:\n\n" + "".join(lines)


def with_short_title(name: str, text: str) -> str:
    """Return a page without the name of the collection in its title, which no phone has room for."""
    text, found = PAGE_TITLE.subn(r"\1", text)
    if found != 1:
        raise UnexpectedPage(
            f"The page {name} has no title of a module, a filter or a role: did antsibull-docs change?"
        )
    return text


def arrange(folder: Path) -> None:
    """Write the page of the connection options, and change those of the modules and the index."""
    shared = fragment()
    texts = {path: path.read_text(encoding="utf-8") for path in sorted(folder.glob("confd_*_module.rst"))}
    pages = {
        path: ModulePage(path.stem.removesuffix("_module"), text, shared["options"])
        for path, text in texts.items()
        if 'id="parameter-confd_url"' in text
    }
    by_name = sorted(pages.values(), key=lambda page: page.module)
    notes = common_notes(by_name, len(shared["notes"]))
    (folder / f"{PAGE}.rst").write_text(connection_page(by_name, notes), encoding="utf-8")
    for path, page in pages.items():
        path.write_text(page.without(notes), encoding="utf-8")
    for path in (path for kind in KINDS for path in folder.glob(f"*_{kind}.rst")):
        path.write_text(with_short_title(path.stem, path.read_text(encoding="utf-8")), encoding="utf-8")
    index = folder / "index.rst"
    names = [path.stem for path in folder.glob("*.rst")]
    index.write_text(index_page(index.read_text(encoding="utf-8"), names), encoding="utf-8")


def setup(app: Sphinx) -> dict[str, bool]:
    """Arrange the pages before Sphinx reads them."""
    app.connect("builder-inited", lambda app: arrange(Path(app.srcdir) / "reference"))
    return {"parallel_read_safe": True}
