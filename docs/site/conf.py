# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How Sphinx makes the documentation site. `make docs` puts the reference beside the guides first."""

from __future__ import annotations

project = "xivo.confd"
copyright = "2026 xivo.confd contributors"  # noqa: A001 (Sphinx wants this name)
html_title = "xivo.confd"

extensions = ["myst_parser", "sphinx_antsibull_ext"]
myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 3
source_suffix = {".rst": "restructuredtext", ".md": "markdown"}
exclude_patterns = ["site"]
highlight_language = "YAML+Jinja"
# A number such as 0300 is YAML enough for a page.
highlight_options = {"stripnl": False}

html_theme = "furo"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_show_sphinx = False
html_copy_source = False
html_use_index = False
# Nothing is loaded from elsewhere: neither now, for links into other documentations, nor by a reader's browser.
html_theme_options = {
    "source_repository": "https://github.com/xivo-confd/ansible-collection-confd/",
    "source_branch": "main",
    "source_directory": "docs/",
}
