# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes entries as variables files: YAML that people read, that reviews show line by line, and that Ansible loads.

A text stays a text: numbers are quoted, and a text that Ansible could take for a template is tagged ``!unsafe``.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import yaml

from ansible_collections.xivo.confd.plugins.module_utils._model.printable import printable
from ansible_collections.xivo.confd.plugins.module_utils._model.resources import SECRET_KEYS
from ansible_collections.xivo.confd.plugins.module_utils._model.texts import counted, without_accents

VARIABLE = "provision_users"
MAIN_FILE = "users.yml"
PART_PREFIX = "users_"
"""How the names of the other files begin. The name of the variable of each ends like the name of the file."""
LAYOUTS = ("single", "context", "letter")
WIDTH = 100

PLAIN = re.compile(r"[A-Za-zÀ-ÖØ-öø-ÿ][\wÀ-ÖØ-öø-ÿ' -]*", re.ASCII)
TEMPLATE_SIGNS = frozenset("{#")
"""A template has one of them: ``{{``, ``{%`` and ``{#``, or ``#jinja2:``, which may name any other delimiters."""
TEXT, UNSAFE = "tag:yaml.org,2002:str", "!unsafe"
NOT_PRINTABLE = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")
NOT_IN_NAMES = re.compile(r"[^a-z0-9]+")


class Vaulted(str):
    """A secret as ansible-vault encrypted it."""


def export_files(
    entries: Sequence[Mapping[str, Any]],
    left_out: Iterable[Mapping[str, Any]],
    layout: str,
    title: str,
    incomplete: Iterable[Mapping[str, Any]] = (),
    not_moved: Iterable[Mapping[str, Any]] = (),
) -> dict[str, str]:
    """Return {name of a file: its text}. Whatever the layout, users.yml defines provision_users.

    left_out, incomplete, not_moved: as confd_export_info returns them, for comments at the top of users.yml. layout:
    single, context (of the number) or letter (of the last name). title: what the first comment says.
    """
    head = [
        f"# {printable(title)}",
        *_left_out(list(left_out)),
        *_incomplete(list(incomplete)),
        *_not_moved(list(not_moved)),
    ]
    if layout == "single":
        return {MAIN_FILE: _file(head, VARIABLE, entries)}
    groups: dict[str, list[Mapping[str, Any]]] = {}
    for entry in entries:
        groups.setdefault(_group(entry, layout), []).append(entry)
    names = {group: f"{VARIABLE}_{group}" for group in sorted(groups)}
    parts = {f"{PART_PREFIX}{group}.yml": _file(head[:1], name, groups[group]) for group, name in names.items()}
    joined = " + ".join(names.values())
    text = f'{VARIABLE}: "{{{{ {joined} }}}}"' if names else f"{VARIABLE}: []"
    return {MAIN_FILE: "\n".join(["---", *head, text, ""]), **parts}


def vaulted(entry: Mapping[str, Any], encrypt: Callable[[str, str], str]) -> dict[str, Any]:
    """Return the entry with its secrets encrypted.

    encrypt takes a secret and the purpose of the secret, and returns ansible-vault's text.
    """
    names = ("firstname", "lastname")
    number = entry.get("extension", {}).values()
    owner = " ".join(str(each) for each in (*map(entry["user"].get, names), *number))

    def hidden(part: str, values: Any) -> Any:
        if not isinstance(values, Mapping):
            return values
        return {
            key: Vaulted(encrypt(str(value), f"{part} {key} of {owner}")) if key in SECRET_KEYS and value else value
            for key, value in values.items()
        }

    return {part: hidden(part, values) for part, values in entry.items()}


def holds_secrets(entries: Iterable[Mapping[str, Any]]) -> bool:
    """Return whether there is something to encrypt."""
    parts = (values for entry in entries for values in entry.values() if isinstance(values, Mapping))
    return any(not SECRET_KEYS.isdisjoint(values) for values in parts)


def _group(entry: Mapping[str, Any], layout: str) -> str:
    if layout == "context":
        name = str(entry["extension"]["context"]) if "extension" in entry else "no_number"
    else:
        user = entry["user"]
        name = _letter(str(user.get("lastname") or user["firstname"]))
    return NOT_IN_NAMES.sub("_", name.lower()) or "_"


def _letter(name: str) -> str:
    first = without_accents(name[:1])[:1]
    return first if first.isascii() and first.isalpha() else "other"


def _left_out(left_out: Sequence[Mapping[str, Any]]) -> list[str]:
    if not left_out:
        return []
    return [
        f"# Left out, because an entry cannot describe them ({len(left_out)}):",
        *(f"# - {printable(user['name'])} (id {user['user_id']}): {printable(user['reason'])}" for user in left_out),
    ]


def _incomplete(incomplete: Sequence[Mapping[str, Any]]) -> list[str]:
    if not incomplete:
        return []
    return [
        f"# Missing in the entries, because an entry cannot describe it ({counted(len(incomplete), 'user')}):",
        *(f"# - {printable(missing_of(user))}" for user in incomplete),
    ]


def missing_of(user: Mapping[str, Any]) -> str:
    """Return what is missing in an entry in words, with the user. user: an item of the result ``incomplete``."""
    return f"{user['name']} (id {user['user_id']}): {'; '.join(user['missing'])}"


def _not_moved(not_moved: Sequence[Mapping[str, Any]]) -> list[str]:
    if not not_moved:
        return []
    return [
        f"# Not moved, because the other server does not have or store it ({len(not_moved)}):",
        *(
            f"# - {printable(user['name'])} (id {user['user_id']}): {printable(setting)}"
            for user in not_moved
            for setting in user["settings"]
        ),
    ]


# YAML


def _file(head: Sequence[str], variable: str, entries: Sequence[Mapping[str, Any]]) -> str:
    body = yaml.dump({variable: entries}, None, _Dumper, sort_keys=False, width=sys.maxsize, allow_unicode=True)
    return "\n".join(["---", *head, body])


class _Dumper(yaml.SafeDumper):
    """Writes entries as people do: short mappings in one line, items of lists indented, no aliases."""

    def ignore_aliases(self, data: Any) -> bool:
        return True

    def serialize(self, node: yaml.Node) -> None:
        _choose_flow_style(node, 0, 0)
        super().serialize(node)

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, indentless=False)

    def write_double_quoted(self, text: str, split: bool = True) -> None:
        # PyYAML would write emoji as numbers.
        self.write_indicator(_quoted(text), need_whitespace=True)


def _choose_flow_style(node: yaml.Node, start: int, indent: int) -> None:
    """Let mappings be in one line where they fit.

    start: the column where that line would begin; indent: the column of the lines if there are several.
    """
    if isinstance(node, yaml.SequenceNode):
        for item in node.value:
            _choose_flow_style(item, indent + 2, indent + 2)
    elif isinstance(node, yaml.MappingNode):
        is_flat = all(isinstance(value, yaml.ScalarNode) and value.style != "|" for _key, value in node.value)
        node.flow_style = is_flat and start + _flow_length(node) <= WIDTH
        for key, value in node.value:
            _choose_flow_style(value, indent + len(key.value) + 2, indent + 2)


def _flow_length(mapping: yaml.MappingNode) -> int:
    """Return how long a mapping of scalars is in one line."""
    tagged: int = sum(node.tag == UNSAFE for pair in mapping.value for node in pair)
    texts = [(key.value, _quoted(value.value) if value.style else value.value) for key, value in mapping.value]
    return len("{}") + len(", ".join(f"{key}: {text}" for key, text in texts)) + tagged * len(f"{UNSAFE} ")


def _represent_text(dumper: yaml.SafeDumper, text: str) -> yaml.Node:
    """Return a text, in quotes unless it is plain to people and to YAML."""
    resolved = dumper.resolve(yaml.ScalarNode, text, (True, False))  # type: ignore[no-untyped-call]
    is_plain = PLAIN.fullmatch(text) and not text.endswith(" ") and resolved == TEXT
    tag = TEXT if _is_harmless(text) else UNSAFE
    return dumper.represent_scalar(tag, str(text), style=None if is_plain else '"')


def _is_harmless(text: str) -> bool:
    """Return whether a text cannot be a template: one line of printable characters without those of templates."""
    return text.isprintable() and TEMPLATE_SIGNS.isdisjoint(text)


def _represent_vaulted(dumper: yaml.SafeDumper, text: Vaulted) -> yaml.Node:
    return dumper.represent_scalar("!vault", "".join(f"{line}\n" for line in text.split()), style="|")


def _quoted(text: str) -> str:
    """Return a text in double quotes, with escapes that JSON and YAML share."""
    return NOT_PRINTABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(text, ensure_ascii=False))


# The multi-representers are for what Ansible derives from these types.
_Dumper.add_representer(Vaulted, _represent_vaulted)
_Dumper.add_representer(str, _represent_text)
_Dumper.add_multi_representer(str, _represent_text)
_Dumper.add_multi_representer(int, yaml.SafeDumper.represent_int)
_Dumper.add_multi_representer(list, yaml.SafeDumper.represent_list)
_Dumper.add_multi_representer(dict, yaml.SafeDumper.represent_dict)
# Other readers of YAML take these texts for a boolean.
_Dumper.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("[yYnN]$"), list("yYnN"))
