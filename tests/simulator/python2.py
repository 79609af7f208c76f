# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Write values as repr() of Python 2, which confd's error texts show (xivo-15.12.md, "HTTP level")."""

from __future__ import annotations


def py2_repr(value: object) -> str:
    """Write a value as Python 2 would: `u'...'` for text, `(1,)` for a tuple of one."""
    if isinstance(value, str):
        return "u" + ascii(value)
    if isinstance(value, tuple):
        inner = ", ".join(py2_repr(item) for item in value)
        return f"({inner},)" if len(value) == 1 else f"({inner})"
    if isinstance(value, list):
        return f"[{', '.join(py2_repr(item) for item in value)}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{_name(name)}: {py2_repr(item)}' for name, item in value.items())}}}"
    return repr(value)


class Plain:
    """Hold a text that Python 2 shows without u: a constant of the server, not one that came out of JSON."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __repr__(self) -> str:
        return repr(self.text)


def _name(name: object) -> str:
    """Write a key of a dictionary: a constant of the server, of which one alone is Unicode."""
    return "u'_schema'" if name == "_schema" else repr(name)


def py2_type_name(value: object) -> str:
    """Name the Python 2 type of a value that came out of JSON."""
    return "unicode" if isinstance(value, str) else type(value).__name__
