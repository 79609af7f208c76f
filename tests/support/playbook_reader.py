# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads from the templates of the playbooks which variables they use, with which defaults, and what they become."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml
from jinja2 import Environment, nodes

from ansible_collections.xivo.confd.plugins.module_utils._ansible.argument_specs import CONNECTION_VARIABLES
from support.paths import ROOT

PLAYBOOKS = ROOT / "playbooks"
ROLE = ROOT / "roles" / "provision"
MODULES = "xivo.confd.confd_"
GUARD = "xivo.confd.confd_guard"
CONNECTION_LOOKUP = "xivo.confd.connection"
ROLE_TASK = "ansible.builtin.import_role"
EXPRESSIONS = frozenset({"when", "that", "failed_when", "changed_when", "until"})
"""Keys whose texts are expressions without braces."""
SHOWN = "msg"
"""The key of texts. What they say instead of an empty variable is no default."""
NAMES = ("booleans", "check_mode_only", "exact", "of_run", "texts")
"""Options of the guard that name variables."""
OF_ANSIBLE = frozenset({"omit", "lookup", "undef", "dict", "range", "hostvars", "inventory_hostname", "awx_job_id"})
OMIT = object()
"""The default of the option of the module."""
COMPUTED = object()
"""A default that depends on other variables."""
ENVIRONMENT = Environment(autoescape=False)  # noqa: S701 - nothing is rendered


@dataclass
class Templates:
    """The templates of one or more files, parsed."""

    used: set[str] = field(default_factory=set)
    """Names of all variables."""
    defaults: dict[str, list[Any]] = field(default_factory=dict)
    """{variable: its defaults}: values, OMIT and COMPUTED."""
    options: dict[str, set[str]] = field(default_factory=dict)
    """{variable: options that it becomes}, such as ``confd_audit_report.formats``."""
    guarded: dict[str, list[str]] = field(default_factory=dict)
    """{option of the guard: names of variables}."""
    modules: set[str] = field(default_factory=set)
    connects: bool = False
    """Whether they read the variables of the connection."""
    has_role: bool = False
    own: dict[str, list[nodes.Template]] = field(default_factory=dict)
    """{variable of the files themselves: the templates that make it}."""

    def default(self, variable: str) -> Any:
        """Return the default of a variable; None if there is none. Raises ValueError if there are several."""
        found: list[Any] = []
        for each in self.defaults.get(variable, ()):
            # An empty one only asks whether the variable is set.
            if each not in ("", None) and each not in found:
                found.append(each)
        if len(found) > 1:
            raise ValueError(f"{variable} has several defaults: {found}")
        return found[0] if found else None

    @property
    def variables(self) -> set[str]:
        """Return the variables that are read from outside."""
        return {
            name
            for name in self.used - self.own.keys() - OF_ANSIBLE
            if "__" not in name and not name.startswith("ansible_")
        }


def playbook(name: str) -> Templates:
    """Return what a playbook uses, without the role."""
    return of_plays(yaml.safe_load((PLAYBOOKS / f"{name}.yml").read_text(encoding="utf-8")))


def of_plays(plays: list[dict[str, Any]]) -> Templates:
    """Return what plays use."""
    found = Templates()
    for play in plays:
        for file in play.get("vars_files", ()):
            _define(found, yaml.safe_load((PLAYBOOKS / file).read_text(encoding="utf-8")))
        _collect(found, play)
    _follow(found)
    _find_options(found, plays)
    return found


def role() -> Templates:
    """Return what the role uses. Its defaults are those of ``defaults/main.yml``."""
    found = Templates()
    for path in sorted((ROLE / "tasks").rglob("*.yml")):
        _collect(found, yaml.safe_load(path.read_text(encoding="utf-8")))
    _define(found, yaml.safe_load((ROLE / "vars" / "main.yml").read_text(encoding="utf-8")))
    _follow(found)
    return found


# Templates


def _parse(value: str, *, is_expression: bool = False) -> nodes.Template:
    return ENVIRONMENT.parse(f"{{{{ {value} }}}}" if is_expression and "{{" not in value else value)


def _templates(value: Any, key: str = "") -> Iterator[nodes.Template]:
    """Yield the templates below a value of YAML."""
    if isinstance(value, Mapping):
        for name, each in value.items():
            yield from _templates(each, name)
    elif isinstance(value, list):
        for each in value:
            yield from _templates(each, key)
    elif isinstance(value, str) and (key in EXPRESSIONS or "{{" in value):
        yield _parse(value, is_expression=key in EXPRESSIONS)


def _names(template: nodes.Node) -> Iterator[str]:
    """Yield the variables of a template; of the texts that the guard returns, their names."""
    for each in template.find_all((nodes.Name, nodes.Getattr)):
        name = _name(each)
        if name:
            yield name


def _name(node: nodes.Node | None) -> str:
    """Return the name of the variable that a node is, also after filters; '' if it is something else."""
    while isinstance(node, nodes.Filter) and node.name in ("trim", "replace", "bool"):
        node = node.node
    if isinstance(node, nodes.Name):
        return node.name if node.ctx == "load" else ""
    is_text = isinstance(node, nodes.Getattr) and isinstance(node.node, nodes.Getattr) and node.node.attr == "texts"
    return node.attr if is_text else ""  # type: ignore[union-attr]


def _defaults(template: nodes.Node) -> Iterator[tuple[str, Any]]:
    """Yield variables with their defaults: ``x | default(1)``, ``x or 1``, ``1 if x in ['', none] else x``."""
    for each in template.find_all((nodes.Filter, nodes.Or, nodes.CondExpr)):
        if isinstance(each, nodes.Filter) and each.name == "default" and each.args and _name(each.node):
            yield _name(each.node), _constant(each.args[0])
        elif isinstance(each, nodes.Or) and _name(each.left):
            yield _name(each.left), _constant(each.right)
        elif isinstance(each, nodes.CondExpr) and _name(each.expr2) in {*_names(each.test)}:
            default = _constant(each.expr1)
            if default is not COMPUTED:
                yield _name(each.expr2), default


def _constant(node: nodes.Node) -> Any:
    if isinstance(node, nodes.Name) and node.name == "omit":
        return OMIT
    try:
        return node.as_const()  # type: ignore[attr-defined]
    except (nodes.Impossible, AttributeError):
        return COMPUTED


def _looks_up(call: nodes.Call, name: str) -> bool:
    """Return whether a call is one of a lookup plugin."""
    is_lookup = isinstance(call.node, nodes.Name) and call.node.name == "lookup"
    return is_lookup and bool(call.args) and _constant(call.args[0]) == name


# Files


def _define(found: Templates, variables: Mapping[str, Any]) -> None:
    for name, value in variables.items():
        found.own.setdefault(name, []).extend(_templates(value))


def _collect(found: Templates, value: Any, key: str = "") -> None:
    """Add the templates below a value, except those of variables: only what uses the variable tells what it is for."""
    if isinstance(value, list):
        for each in value:
            _collect(found, each, key)
    elif not isinstance(value, Mapping):
        for template in _templates(value, key):
            _use(found, template, is_shown=key == SHOWN)
    else:
        for name, each in value.items():
            _collect_key(found, name, each)


def _collect_key(found: Templates, name: str, value: Any) -> None:
    if name in ("vars", "ansible.builtin.set_fact"):
        _define(found, value)
        # What Ansible itself reads.
        _collect(found, [each for variable, each in value.items() if variable.startswith("ansible_")])
        return
    if name == "register":
        found.own.setdefault(value, [])
    if name == ROLE_TASK:
        found.has_role = True
    if name == GUARD:
        for option in NAMES:
            found.guarded.setdefault(option, []).extend((value or {}).get(option, ()))
    elif name.startswith(MODULES):
        found.modules.add(name.rpartition(".")[2])
    _collect(found, value, name)


def _use(found: Templates, template: nodes.Template, *, is_shown: bool = False) -> None:
    found.used.update(_names(template))
    if any(_looks_up(call, CONNECTION_LOOKUP) for call in template.find_all(nodes.Call)):
        found.connects = True
        found.used.update(CONNECTION_VARIABLES.values())
    for name, default in () if is_shown else _defaults(template):
        found.defaults.setdefault(name, []).append(default)


def _follow(found: Templates) -> None:
    """Add what the used variables of the files themselves use."""
    seen: set[str] = set()
    while found.used & found.own.keys() - seen:
        name = (found.used & found.own.keys() - seen).pop()
        seen.add(name)
        for template in found.own[name]:
            _use(found, template)


def _sources(found: Templates, value: Any) -> set[str]:
    """Return the variables that a value is made of, through the variables of the files themselves."""
    names: set[str] = {name for template in _templates(value) for name in _names(template)}
    seen: set[str] = set()
    while names - seen:
        name = (names - seen).pop()
        seen.add(name)
        names.update(each for template in found.own.get(name, ()) for each in _names(template))
    return names


def _find_options(found: Templates, value: Any) -> None:
    if isinstance(value, list):
        for each in value:
            _find_options(found, each)
    elif isinstance(value, Mapping):
        for name, each in value.items():
            if not (name.startswith(MODULES) and name != GUARD and each):
                _find_options(found, each)
                continue
            for option, template in each.items():
                for variable in _sources(found, template) & found.variables:
                    found.options.setdefault(variable, set()).add(f"{name.rpartition('.')[2]}.{option}")
