# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How Sphinx makes the documentation site. `make docs` puts the reference beside the guides first."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from pygments.lexers import TextLexer
from sphinx.application import Sphinx

sys.path.insert(0, str(Path(__file__).parent))

project = "xivo.confd"
copyright = "2026 xivo.confd contributors"
html_title = "xivo.confd"

extensions = ["myst_parser", "sphinx_antsibull_ext", "reference_pages"]
myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 3
source_suffix = {".rst": "restructuredtext", ".md": "markdown"}
# Those of docsite are for docs.ansible.com. antsibull-docs copies them into the reference.
exclude_patterns = ["site", "docsite"]
highlight_language = "YAML+Jinja"

html_theme = "furo"
html_static_path = ["static"]
html_css_files = ["site.css"]
html_show_sphinx = False
html_copy_source = False
html_use_index = False

# Every page has its own table of contents already, at its side.
CONTENTS = re.compile(r"^\.\. contents::\n(?:   :.*\n)*", re.MULTILINE)


def without_contents(_app: Sphinx, docname: str, source: list[str]) -> None:
    """Take the tables of contents out of the pages of antsibull-docs, which the theme does not want."""
    if docname.startswith("reference/"):
        source[0] = CONTENTS.sub("", source[0])


def setup(app: Sphinx) -> None:
    """What the pages need besides: comma-separated values, which Pygments does not know, and no second contents."""
    app.add_lexer("csv", TextLexer)
    app.connect("source-read", without_contents)
