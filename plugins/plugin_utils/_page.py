# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Renders HTML pages that need no other file, in the look that all pages of the collection share.

``_templates/page.html.j2`` is the frame, ``page_parts.html.j2`` has the cells and the filters of tables. Jinja2 escapes
every text of a server or a variables file.
"""

from __future__ import annotations

from base64 import b64encode
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from ansible_collections.xivo.confd.plugins.module_utils._model.printable import printable_lines
from ansible_collections.xivo.confd.plugins.plugin_utils._page_text import moment, unbroken

TEMPLATES = Path(__file__).with_name("_templates")


def render_page(template: str, **values: Any) -> str:
    """Return a page. template: its file in ``_templates``. It knows the values and nothing else, or fails."""
    return _environment().get_template(template).render(values)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=_shown,
    )
    environment.filters.update(csp_source=_csp_source, moment=moment, unbroken=unbroken)
    return environment


def _shown(value: Any) -> Any:
    """Return what an expression of a template shows. A name could otherwise reverse the text of the page after it."""
    return printable_lines(value) if isinstance(value, str) and not hasattr(value, "__html__") else value


def _csp_source(text: str) -> str:
    """Return the source expression of a Content Security Policy that allows exactly this text."""
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"
