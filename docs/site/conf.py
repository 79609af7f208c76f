# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How Sphinx makes the documentation site. `make docs` puts the reference beside the guides first."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from docutils import nodes
from pygments.lexers import TextLexer
from sphinx.application import Sphinx

sys.path.insert(0, str(Path(__file__).parent))

# The colours of antsibull-docs that cannot be read on a white or on a black page.
LIGHT = {
    "antsibull-links-background": "#1f6f71",
    "antsibull-links-background-active": "#2a8a8c",
    "antsibull-table-border": "#c3ccd5",
    "antsibull-option-required": "#c00000",
    "antsibull-attribute-support-none": "#c00000",
    "antsibull-attribute-support-partial": "#7a6a00",
}
DARK = {
    **dict.fromkeys(("antsibull-option-type", "antsibull-option-elements"), "#d3a6f5"),
    **dict.fromkeys(("antsibull-option-version-added", "antsibull-option-aliases"), "#7ed491"),
    **dict.fromkeys(("antsibull-option-default", "antsibull-option-sample"), "#8fbcff"),
    **dict.fromkeys(("antsibull-option-required", "antsibull-attribute-support-none"), "#ff9488"),
    **dict.fromkeys(("antsibull-table-background-even", "antsibull-narrowtable-background"), "#1d2630"),
    "antsibull-links-background": "#1f6f71",
    "antsibull-links-background-active": "#2a8a8c",
    "antsibull-table-background-header": "#26323e",
    "antsibull-table-background-odd": "transparent",
    "antsibull-table-border": "#3b4754",
    "antsibull-option-sample-header": "var(--color-foreground-primary)",
    "antsibull-attribute-support-full": "#7ed491",
    "antsibull-attribute-support-partial": "#e0c04a",
}

project = "xivo.confd"
copyright = "2026 xivo.confd contributors"
html_title = "xivo.confd"

extensions = ["myst_parser", "sphinx_antsibull_ext", "reference_pages"]
myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 3
source_suffix = {".rst": "restructuredtext", ".md": "markdown"}
# Those of docsite are for docs.ansible.com. antsibull-docs copies them into the reference.
exclude_patterns = ["site", "docsite", "reference/docsite/guides.rst"]
highlight_language = "YAML+Jinja"

html_theme = "furo"
html_static_path = ["static"]
html_css_files = ["site.css"]
html_js_files = ["site.js"]
html_theme_options = {"light_css_variables": LIGHT, "dark_css_variables": DARK}
html_show_sphinx = False
html_copy_source = False
html_use_index = False

# Every page has its own table of contents already, at its side.
CONTENTS = re.compile(r"^\.\. contents::\n(?:   :.*\n)*", re.MULTILINE)


def without_contents(_app: Sphinx, docname: str, source: list[str]) -> None:
    """Take the tables of contents out of the pages of antsibull-docs, which the theme does not want."""
    if docname.startswith("reference/"):
        source[0] = CONTENTS.sub("", source[0])


def without_addresses(_app: Sphinx, doctree: nodes.document) -> None:
    """Turn what only looks like an e-mail address, such as 1200@default, back into text: the pages have none."""
    for link in list(doctree.findall(nodes.reference)):
        if link.get("refuri") == f"mailto:{link.astext()}":
            link.replace_self(nodes.Text(link.astext()))


def setup(app: Sphinx) -> None:
    """Teach Sphinx comma-separated values, which Pygments does not know, and leave out what the pages do not want."""
    app.add_lexer("csv", TextLexer)
    app.connect("source-read", without_contents)
    app.connect("doctree-read", without_addresses)
