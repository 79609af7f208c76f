# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Describes the variables of the playbooks.

The source is docs/variables.yml. What it leaves out follows from the playbook (default, option), and from the
documentation of the option (description, type, choices, default).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import yaml

from support import playbook_reader
from support.doc_markup import paragraphs
from support.module_docs import options_of_fragment, options_of_module
from support.paths import ROOT
from support.playbook_reader import COMPUTED, CONNECTION_VARIABLES, OMIT, ROLE, Templates

SOURCE = ROOT / "docs" / "variables.yml"
LIST_OPTION = "confd_provisioned_users.users"
"""A variable that becomes a part of an entry has a description of its own."""


@dataclass(frozen=True)
class Variable:
    """A variable of a playbook, completely documented."""

    name: str
    description: tuple[str, ...]
    type: str
    default: str
    required: bool
    choices: Mapping[str, str]
    """{value: its description}, in which the description can be empty."""
    becomes: str
    """The option that it is passed to, such as ``confd_audit_report.formats``; '' if there is none."""
    group: str = ""
    names: Mapping[str, str] = field(default_factory=dict)
    """{option of the module: variable that becomes it}."""
    is_passed: bool = True
    """Whether the option gets the value as it is."""


# The sources


@cache
def source() -> dict[str, Any]:
    """Return docs/variables.yml."""
    data: dict[str, Any] = yaml.safe_load(SOURCE.read_text(encoding="utf-8"))
    return data


def playbooks() -> list[str]:
    """Return the names of the playbooks, in the order of the page."""
    return list(source()["playbooks"])


@cache
def templates(name: str) -> Templates:
    """Return what a playbook uses."""
    return playbook_reader.playbook(name)


@cache
def role_options() -> dict[str, Any]:
    """Return the variables of the role, as its argument specs document them."""
    specs = yaml.safe_load((ROLE / "meta" / "argument_specs.yml").read_text(encoding="utf-8"))
    return dict(specs["argument_specs"]["main"]["options"])


@cache
def connection_variables() -> dict[str, str]:
    """Return {variable: option of the modules} of the connection."""
    return {variable: name for name, variable in CONNECTION_VARIABLES.items()}


# Variables


def variables(playbook: str) -> list[Variable]:
    """Return the variables of a playbook, without those of the connection and those that the role documents."""
    listed = source()["playbooks"][playbook]["variables"]
    return [_variable(playbook, name, given) for name, given in listed.items()]


def _variable(playbook: str, name: str, given: Any) -> Variable:
    if isinstance(given, str):
        # As in another playbook.
        return _variable(given, name, source()["playbooks"][given]["variables"][name])
    used = templates(playbook)
    becomes = _option_of(used, name)
    documented = _completed(_documented(name, becomes), given or {})
    if "description" not in documented or "type" not in documented:
        raise ValueError(f"{playbook}.yml passes {name} to no option, so docs/variables.yml has to describe it")
    renamed = {
        each.partition(".")[2]: variable
        for variable, options in used.options.items()
        for each in options
        if each.partition(".")[0] == becomes.partition(".")[0]
    }
    return Variable(
        name,
        tuple(paragraphs(documented["description"])),
        type_of(documented),
        default_of(used, name, given or {}, documented),
        bool((given or {}).get("required")),
        choices(documented),
        becomes,
        documented.get("group", ""),
        renamed,
        is_passed=not becomes or type_of(documented) in (_type_of_option(becomes), "path"),
    )


def _option(name: str) -> dict[str, Any]:
    """Return the documentation of an option, such as ``confd_audit_report.formats``."""
    module, _dot, key = name.partition(".")
    return dict(options_of_module(module)[key])


def _type_of_option(name: str) -> str:
    return type_of(_option(name))


def _completed(documented: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the documentation of a variable: what its source gives has precedence, and another type is alone."""
    of_type = ("elements", "choices", "options", "suboptions") if "type" in given else ()
    return {**{key: each for key, each in documented.items() if key not in of_type}, **given}


def _documented(name: str, becomes: str) -> dict[str, Any]:
    """Return what is said elsewhere about a variable."""
    if name in source()["shared"]:
        return dict(source()["shared"][name])
    if name in role_options():
        return role_options()[name]
    return _option(becomes) if becomes else {}


def _option_of(used: Templates, name: str) -> str:
    """Return the option that a variable becomes as a whole; '' if it only takes part in one."""
    found = used.options.get(name, set()) - {LIST_OPTION}
    return next(iter(found)) if len(found) == 1 else ""


def type_of(documented: Mapping[str, Any]) -> str:
    """Return the type of an option in words."""
    elements = documented.get("elements") or ("dict" if "options" in documented else "")
    kind = {"raw": "any"}.get(documented["type"], documented["type"])
    return f"list of {elements}" if kind == "list" and elements else str(kind)


def choices(documented: Mapping[str, Any]) -> dict[str, str]:
    """Return {value: its description} of an option; the description can be empty."""
    found = documented.get("choices") or {}
    return dict(found) if isinstance(found, dict) else {str(each): "" for each in found}


def default_of(used: Templates, name: str, given: Mapping[str, Any], documented: Mapping[str, Any]) -> str:
    """Return the default of a variable in words. Raises ValueError if the source has none, or another one."""
    found = used.default(name)
    if found is None and name in role_options():
        found = OMIT
    own = given.get("default", source()["shared"].get(name, {}).get("default"))
    if found is COMPUTED and own is None:
        raise ValueError(f"{name} has a default that is computed, which docs/variables.yml has to describe")
    if found in (None, COMPUTED):
        return str(own or "")
    if found is OMIT:
        # The module computes a default that its documentation does not have.
        return str(own) if own is not None else shown(documented.get("default"), documented)
    if own is not None and shown(found, documented) not in str(own):
        raise ValueError(f"{name} has the default {found}, and not {own}")
    return str(own) if own is not None else shown(found, documented)


def shown(value: Any, documented: Mapping[str, Any]) -> str:
    """Return a value as it is written in a file of variables, or in words."""
    if value in (None, [], {}):
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return "all" if set(value) == set(choices(documented)) else ", ".join(map(str, value))
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return f'"{value}"' if str(value) != str(value).strip() else str(value)


def further(playbook: str) -> list[str]:
    """Return the variables that a playbook reads besides, and that are documented with the role."""
    own = {each.name for each in variables(playbook)}
    return [name for name in role_options() if name in templates(playbook).variables and name not in own]


def of_connection() -> Iterator[Variable]:
    """Yield the variables by which the playbooks reach a server."""
    documented = options_of_fragment("connection")
    names = {name: variable for variable, name in connection_variables().items()}
    for variable, name in connection_variables().items():
        yield _plain(variable, documented[name], f".{name}", names)
    for variable in ("confd_python_interpreter", "confd_own_process"):
        yield _plain(variable, source()["shared"][variable])


def of_role() -> Iterator[Variable]:
    """Yield the variables of the role. Their descriptions name the choices."""
    for name, documented in role_options().items():
        yield _plain(name, {**documented, "choices": None})


def _plain(
    name: str, documented: Mapping[str, Any], becomes: str = "", names: Mapping[str, str] | None = None
) -> Variable:
    return Variable(
        name,
        tuple(paragraphs(documented["description"])),
        type_of(documented),
        shown(documented.get("default"), documented),
        bool(documented.get("required")),
        choices(documented),
        becomes,
        names=names or {},
    )
