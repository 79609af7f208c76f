# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Entries as variables files: YAML that people read, that reviews show line by line, and that Ansible takes as it is.

It needs no YAML library, for it writes but one shape. What is a text stays a text: numbers are quoted, and a text that
Ansible would take for a template is marked as none.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from .._model.resources import SECRET_KEYS

VARIABLE = "provision_users"
MAIN_FILE = "users.yml"
LAYOUTS = ("single", "context", "letter")
WIDTH = 100

PLAIN = re.compile(r"[A-Za-zÀ-ÖØ-öø-ÿ][\wÀ-ÖØ-öø-ÿ' -]*", re.ASCII)
WORDS = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})
"""What YAML takes for something else than a text."""
TEMPLATE = re.compile(r"\{[{%#]")
NOT_PRINTABLE = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")
NOT_IN_NAMES = re.compile(r"[^a-z0-9]+")


class Vaulted(str):
    """A secret as ansible-vault encrypted it."""


def export_files(
    entries: Sequence[Mapping[str, Any]], left_out: Iterable[Mapping[str, Any]], layout: str, title: str
) -> dict[str, str]:
    """{name of a file: its text}. Whatever the layout, users.yml defines provision_users.

    layout: single, context (of the number) or letter (of the last name); title: what the comment at the top says.
    """
    head = [f"# {_comment(title)}", *_left_out(list(left_out))]
    if layout == "single":
        return {MAIN_FILE: _file(head, VARIABLE, entries)}
    groups: dict[str, list[Mapping[str, Any]]] = {}
    for entry in entries:
        groups.setdefault(_group(entry, layout), []).append(entry)
    names = {group: f"{VARIABLE}_{group}" for group in sorted(groups)}
    parts = {f"users_{group}.yml": _file(head[:1], name, groups[group]) for group, name in names.items()}
    joined = " + ".join(names.values())
    text = f'{VARIABLE}: "{{{{ {joined} }}}}"' if names else f"{VARIABLE}: []"
    return {MAIN_FILE: "\n".join(["---", *head, text, ""]), **parts}


def vaulted(entry: Mapping[str, Any], encrypt: Callable[[str, str], str]) -> dict[str, Any]:
    """The entry with its secrets encrypted.

    encrypt makes ansible-vault's text of a secret's and of what the secret is for.
    """
    names = ("firstname", "lastname")
    owner = " ".join(str(each) for each in (*map(entry["user"].get, names), *entry["extension"].values()))

    def hidden(part: str, values: Any) -> Any:
        if not isinstance(values, Mapping):
            return values
        return {
            key: Vaulted(encrypt(str(value), f"{part} {key} of {owner}")) if key in SECRET_KEYS and value else value
            for key, value in values.items()
        }

    return {part: hidden(part, values) for part, values in entry.items()}


def holds_secrets(entries: Iterable[Mapping[str, Any]]) -> bool:
    """Whether there is something to encrypt."""
    parts = (values for entry in entries for values in entry.values() if isinstance(values, Mapping))
    return any(not SECRET_KEYS.isdisjoint(values) for values in parts)


def _group(entry: Mapping[str, Any], layout: str) -> str:
    if layout == "context":
        name = str(entry["extension"]["context"])
    else:
        user = entry["user"]
        name = _letter(str(user.get("lastname") or user["firstname"]))
    return NOT_IN_NAMES.sub("_", name.lower()) or "_"


def _letter(name: str) -> str:
    first = _unaccented(name[:1])
    return first if first.isascii() and first.isalpha() else "other"


def _unaccented(character: str) -> str:
    return unicodedata.normalize("NFD", character)[:1].lower()


def _left_out(left_out: Sequence[Mapping[str, Any]]) -> list[str]:
    if not left_out:
        return []
    return [
        f"# Left out, for no entry can say it ({len(left_out)}):",
        *(f"# - {_comment(user['name'])} (id {user['user_id']}): {_comment(user['reason'])}" for user in left_out),
    ]


def _comment(text: str) -> str:
    """Any text in one line, nothing of it YAML."""
    return "".join(character if character.isprintable() else " " for character in text)


# YAML


def _file(head: Sequence[str], variable: str, entries: Iterable[Mapping[str, Any]]) -> str:
    items = [line for entry in entries for line in _item(entry, 1)]
    body = [f"{variable}:", *items] if items else [f"{variable}: []"]
    return "\n".join(["---", *head, *body, ""])


def _item(values: Mapping[str, Any], depth: int) -> list[str]:
    """A mapping as an item of a list."""
    lines = _mapping(values, depth + 1)
    indent = "  " * depth
    return [f"{indent}- {lines[0].lstrip()}", *lines[1:]]


def _mapping(values: Mapping[str, Any], depth: int) -> list[str]:
    return [line for key, value in values.items() for line in _pair(key, value, depth)]


def _pair(key: str, value: Any, depth: int) -> list[str]:
    indent = "  " * depth
    if isinstance(value, Vaulted):
        return [f"{indent}{key}: !vault |", *(f"{indent}  {line}" for line in value.split())]
    if isinstance(value, Mapping):
        flow = _flow(value)
        if flow and len(indent) + len(key) + 2 + len(flow) <= WIDTH:
            return [f"{indent}{key}: {flow}"]
        return [f"{indent}{key}:", *_mapping(value, depth + 1)]
    if isinstance(value, list):
        return [f"{indent}{key}:", *(f"{indent}  - {_flow(each)}" for each in value)]
    return [f"{indent}{key}: {_scalar(value)}"]


def _flow(values: Mapping[str, Any]) -> str:
    """A mapping in one line; empty for one with values that take more."""
    if any(isinstance(value, (Vaulted, Mapping, list)) for value in values.values()):
        return ""
    return f"{{{', '.join(f'{key}: {_scalar(value)}' for key, value in values.items())}}}"


def _scalar(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return str(value)
    text = str(value)
    if PLAIN.fullmatch(text) and not text.endswith(" ") and text.lower() not in WORDS:
        return text
    quoted = NOT_PRINTABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(text, ensure_ascii=False))
    return f"!unsafe {quoted}" if TEMPLATE.search(text) else quoted
