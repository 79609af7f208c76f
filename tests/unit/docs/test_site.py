# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The documentation site: every guide is on the home page, and the reference has the connection options once."""

from __future__ import annotations

import re
from importlib.machinery import SourceFileLoader
from pathlib import Path
from typing import Any

import pytest

from support.paths import ROOT

DOCS = ROOT / "docs"
HOME = (DOCS / "index.md").read_text(encoding="utf-8")
LINE = re.compile(r"^- \[(?P<title>[^]]+)\]\((?P<page>[^)]+)\.md\): (?P<line>.+)$", re.MULTILINE)
TREE = re.compile(
    r"^:::\{toctree\}\n:hidden:\n:caption: (?P<caption>[^\n]+)\n:maxdepth: 1\n\n(?P<pages>.*?)^:::$", re.M | re.S
)
# Not by runpy: ansible-test takes every path below a collection for a package.
SOURCE = SourceFileLoader("reference_pages", str(DOCS / "site" / "reference_pages.py"))
SITE: dict[str, Any] = {"__name__": SOURCE.name, "__file__": SOURCE.path}
exec(SOURCE.get_code(SOURCE.name) or "", SITE)
ROW = """\
  * - .. raw:: html

        <div class="ansible-option-cell">
        <div class="ansibleOptionAnchor" id="parameter-{name}"></div>

      .. _ansible_collections.xivo.confd.{module}_module__parameter-{name}:

      **{name}**

    - .. raw:: html

        <div class="ansible-option-cell">

      {text} :ansopt:`xivo.confd.{escaped}#module:confd\\_url`.

"""
PAGE = """\
.. Options

Parameters
----------

.. tabularcolumns:: \\X{{1}}{{3}}\\X{{2}}{{3}}

.. list-table::
  :width: 100%
  :header-rows: 1

  * - Parameter
    - Comments

{rows}
.. Attributes

.. Notes

Notes
-----

.. note::
   - Only here.
   - See :ansopt:`xivo.confd.{escaped}#module:confd\\_url`.

.. Examples
"""
INDEX = """\
Xivo.Confd
==========

.. toctree::
    :maxdepth: 1

Guides
------

.. toctree::
    :maxdepth: 1

    docsite/guides

Reference
---------

.. toctree::
    :maxdepth: 1

    docsite/environment_variables

.. _plugin_index_for_xivo.confd:
"""


def page(module: str, own: tuple[str, ...] = ("zone",), text: str = "Goes with") -> Any:
    """Return the page of a module with the option confd_url, which is the only connection option, and with its own."""
    escaped = module.replace("_", r"\_")
    names = sorted(("confd_url", *own))
    rows = "".join(ROW.format(name=name, module=module, escaped=escaped, text=text) for name in names)
    return SITE["ModulePage"](module, PAGE.format(rows=rows, escaped=escaped), ["confd_url"])


def title_of(path: str) -> str:
    return next(iter((DOCS / f"{path}.md").read_text(encoding="utf-8").splitlines())).removeprefix("# ")


def test_home_page_lists_every_guide_with_a_line() -> None:
    listed = {found["page"]: found["title"] for found in LINE.finditer(HOME)}
    guides = {f"guides/{path.stem}" for path in (DOCS / "guides").glob("*.md")}

    assert guides - set(listed) == set()
    assert listed == {path: title_of(path) for path in listed}


def test_sidebar_has_the_chapters_of_the_home_page() -> None:
    chapters = {
        found[1]: [line["page"] for line in LINE.finditer(found[2])]
        for found in re.finditer(r"^## (.+)\n((?:(?!## ).*\n)*)", HOME, re.MULTILINE)
    }
    sidebar = {found["caption"]: found["pages"].split() for found in TREE.finditer(HOME)}

    assert {caption: pages for caption, pages in chapters.items() if pages} == {
        caption: pages for caption, pages in sidebar.items() if caption not in ("Reference", "Servers")
    }


def test_connection_options_leave_the_page_of_a_module() -> None:
    user = page("confd_user")
    notes = SITE["common_notes"]([user], 2)
    text = user.without(notes[1:])

    assert 'id="parameter-zone"' in text
    assert 'id="parameter-confd_url"' not in text
    assert "Only here." in text
    assert "- See" not in text
    assert "same in all modules: :ansopt:`xivo.confd.confd_user#module:confd_url`." in text


def test_a_module_without_options_of_its_own_says_so() -> None:
    text = page("confd_user", own=()).without([])

    assert "The module has no options of its own." in text
    assert "list-table" not in text


def test_connection_page_has_the_labels_of_all_modules() -> None:
    pages = [page("confd_user"), page("confd_user_line")]
    text = SITE["connection_page"](pages, SITE["common_notes"](pages, 2))

    assert text.count('id="parameter-confd_url"') == 1
    assert ".. _ansible_collections.xivo.confd.confd_user_module__parameter-confd_url:" in text
    assert ".. _ansible_collections.xivo.confd.confd_user_line_module__parameter-confd_url:" in text
    assert "- See :ansopt:`xivo.confd.confd_user#module:confd" in text.replace("\\", "")


def test_an_option_that_differs_between_modules_ends_the_build() -> None:
    pages = [page("confd_user"), page("confd_user_line", text="Replaces")]
    with pytest.raises(SITE["UnexpectedPage"], match="confd_url is not the same on the pages of"):
        SITE["connection_page"](pages, [])


def test_an_option_without_a_row_ends_the_build() -> None:
    with pytest.raises(SITE["UnexpectedPage"], match="no row for retries"):
        SITE["ModulePage"]("confd_user", page("confd_user").text, ["confd_url", "retries"])


def test_notes_that_are_not_on_all_pages_end_the_build() -> None:
    with pytest.raises(SITE["UnexpectedPage"], match="2 notes are on all pages"):
        SITE["common_notes"]([page("confd_user"), page("confd_user_line")], 3)


def test_index_leads_to_every_page() -> None:
    text = SITE["index_page"](INDEX, ["provision_role", "index", "confd_user_module", "entries_filter"])

    assert re.findall(r"^    (\w+ <.*>)$", text, re.MULTILINE) == [
        "confd_user <confd_user_module>",
        "entries <entries_filter>",
        "provision <provision_role>",
    ]
    assert "docsite/guides" not in text
    assert "docsite/environment_variables" in text
    with pytest.raises(SITE["UnexpectedPage"], match="did antsibull-docs change"):
        SITE["index_page"]("", [])


def test_titles_are_short() -> None:
    title = "xivo.confd.confd_user module -- Manage users\n++++\n"

    assert SITE["with_short_title"]("confd_user_module", title) == "confd_user module -- Manage users\n++++\n"
    with pytest.raises(SITE["UnexpectedPage"], match="page confd_user_module has no title"):
        SITE["with_short_title"]("confd_user_module", "confd_user\n++++\n")


def test_what_is_expected_of_the_doc_fragment() -> None:
    shared = SITE["fragment"]()

    assert {"confd_url", "validate_certs", "retries"} <= set(shared["options"])
    assert Path(SITE["ROOT"]) == ROOT
