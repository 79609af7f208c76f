# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the tasks of roles/provision in this process: the collection's modules without Ansible's second for each.

It knows just as much of Ansible as the role uses. tests/integration runs the same role with the real one.
"""

from __future__ import annotations

import importlib
import os
import re
from collections.abc import Callable, Mapping
from contextlib import closing
from functools import cache, partial
from typing import Any

import yaml
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from jinja2 import ChainableUndefined, Environment, Undefined, meta, pass_context
from jinja2.runtime import Context

from ansible_collections.xivo.confd.plugins.filter.with_profiles import with_profiles
from ansible_collections.xivo.confd.plugins.module_utils._ansible.module import Module, details_of
from ansible_collections.xivo.confd.plugins.module_utils._ansible.option_checks import (
    find_option_problems,
    with_planned_values,
)
from ansible_collections.xivo.confd.plugins.module_utils._backends.registry import choose_backend
from ansible_collections.xivo.confd.plugins.module_utils._model.errors import ConfdError, PlanError, ProvisionError
from ansible_collections.xivo.confd.plugins.module_utils._tasks.task import Task
from simulator import Simulator
from support.helpers import client_of, journal_for
from support.paths import ROOT

ROLE = ROOT / "roles" / "provision"
MODULES = "xivo.confd."
GUARD = "xivo.confd.confd_guard"
"""It looks at tags, extra variables and the inventory, which are not here."""
OMIT = object()
"""Key of a scope: {module: its options} for the tasks of a block."""
Variables = dict[str, Any]


class RoleFailed(Exception):
    """A task failed."""

    def __init__(self, result: Mapping[str, Any], name: str = "") -> None:
        super().__init__(result.get("msg"))
        self.result = result
        self.name = name


class Role:
    """One run of the role on a simulator."""

    def __init__(self, sim: Simulator, check: bool = False, **variables: Any) -> None:
        self.sim = sim
        self.check = check
        self.variables: Variables = {
            **_read("defaults/main.yml"),
            **_read("vars/main.yml"),
            "omit": OMIT,
            "ansible_check_mode": check,
            **variables,
        }
        self.error = ""
        self.shown: list[Any] = []
        """What the tasks show, in order."""

    @property
    def results(self) -> list[dict[str, Any]]:
        """provision_results."""
        return list(self.variables.get("provision_results", ()))

    def run(self) -> Role:
        """Do what main.yml says; ``error`` is why the role failed, if it did."""
        try:
            self._file("main.yml", {})
        except RoleFailed as failure:
            self.error = str(failure)
        return self

    def _file(self, name: str, scope: Variables) -> None:
        for task in _read(f"tasks/{name}"):
            self._task(task, scope)

    def _task(self, task: Mapping[str, Any], outer: Variables) -> None:
        scope = {**outer, **task.get("vars", {})}
        loop = self.value(task["loop"], scope) if "loop" in task else [None]
        control = task.get("loop_control", {})
        for index, item in enumerate(loop):
            inner = {**scope, control.get("loop_var", "item"): item, control.get("index_var", "_"): index}
            if all(self._holds(condition, inner) for condition in _listed(task.get("when", []))):
                self._once(task, inner)
            elif "register" in task:
                self.variables[task["register"]] = {"skipped": True, "changed": False}

    def _once(self, task: Mapping[str, Any], scope: Variables) -> None:
        if "block" in task:
            self._block(task, scope)
        elif "ansible.builtin.include_tasks" in task:
            self._file(self.value(task["ansible.builtin.include_tasks"], scope), scope)
        elif "ansible.builtin.set_fact" in task:
            facts = task["ansible.builtin.set_fact"]
            self.variables.update({name: self.value(value, scope) for name, value in facts.items()})
        elif "ansible.builtin.assert" in task:
            assert self._holds(task["ansible.builtin.assert"]["that"], scope)
        elif "ansible.builtin.debug" in task:
            self.shown.append(self.value(task["ansible.builtin.debug"]["msg"], scope))
        elif "ansible.builtin.fail" in task:
            raise RoleFailed({"msg": self.value(task["ansible.builtin.fail"]["msg"], scope)})
        else:
            self._module(task, scope)

    def _block(self, task: Mapping[str, Any], scope: Variables) -> None:
        try:
            for each in task["block"]:
                self._task(each, scope)
        except RoleFailed as failure:
            if "rescue" not in task:
                raise
            self.variables["ansible_failed_result"] = failure.result
            self.variables["ansible_failed_task"] = {"name": failure.name}
            for each in task["rescue"]:
                self._task(each, scope)

    def _module(self, task: Mapping[str, Any], scope: Variables) -> None:
        (name,) = (key for key in task if key.startswith(MODULES))
        if name == GUARD:
            return
        given = _given(self.value(task[name], scope))
        result = run_module(self.sim, name.removeprefix(MODULES), given, task.get("check_mode", self.check))
        self.variables[task.get("register", "_")] = result
        failed = result["failed"]
        if "failed_when" in task:
            failed = self._holds(task["failed_when"], scope)
        if failed:
            raise RoleFailed(result, self.value(task["name"], scope))

    # Templates

    def value(self, template: Any, scope: Variables) -> Any:
        """A template's value, of any type if it is one expression."""
        if isinstance(template, dict):
            return {self.value(key, scope): self.value(value, scope) for key, value in template.items()}
        if isinstance(template, list):
            return [self.value(value, scope) for value in template]
        if not isinstance(template, str) or "{" not in template:
            return template
        if single := re.fullmatch(r"\s*\{\{(((?!\{\{).)*)\}\}\s*", template, re.DOTALL):
            return self._evaluate(single[1], scope)
        text = _environment().from_string(template)
        return text.render(self._needed(template, scope))

    def _holds(self, condition: Any, scope: Variables) -> bool:
        return condition if isinstance(condition, bool) else bool(self._evaluate(condition, scope))

    def _evaluate(self, expression: str, scope: Variables) -> Any:
        found = _expression(expression)(self._needed(f"{{{{ {expression} }}}}", scope))
        if isinstance(found, Undefined):
            str(found)  # raises, unless the role asks for something else
        return found

    def _needed(self, template: str, scope: Variables) -> Variables:
        """The variables that a template names, templated themselves where the role defines them so."""
        known = {**self.variables, **scope}
        found = {name: known[name] for name in _names(template) if name in known}
        own = {name for name in found if name in scope or name in _read("vars/main.yml")}
        return {name: self.value(value, scope) if name in own else value for name, value in found.items()}


def run_module(sim: Simulator, name: str, options: Mapping[str, Any], check: bool) -> dict[str, Any]:
    """What a module returns, failed or not."""
    action, spec, validator = _module(name)
    options = with_planned_values(spec, options)
    problems = find_option_problems(spec, options)
    if problems:
        return {"failed": True, "changed": False, "msg": str(PlanError(problems))}
    checked = validator.validate(dict(options))
    if checked.error_messages:
        return {"failed": True, "changed": False, "msg": "; ".join(checked.error_messages)}
    with closing(client_of(sim)) as client:
        try:
            journal_for(client, sim, checked.validated_parameters, check)
            backend = choose_backend(sim.generation.name, client)
            return {"failed": False, **action(Task(backend, checked.validated_parameters, check))}
        except ProvisionError as error:
            return {"changed": False, **error.results, "failed": True, "msg": str(error)}
        except ConfdError as error:
            return {"failed": True, "changed": False, "msg": str(error), **details_of(error)}


@cache
def _module(name: str) -> tuple[Callable[[Task], dict[str, Any]], dict[str, Any], ArgumentSpecValidator]:
    """(The core's function, the module's options, and what checks them.)"""
    module: Module = importlib.import_module(f"ansible_collections.xivo.confd.plugins.modules.{name}").MODULE
    return module.action, module.spec, ArgumentSpecValidator(module.spec, **module.constraints)


@cache
def _read(name: str) -> Any:
    return yaml.safe_load((ROLE / name).read_text(encoding="utf-8"))


def _given(value: Any) -> Any:
    """Return options without those that are left out."""
    if isinstance(value, dict):
        return {key: _given(inner) for key, inner in value.items() if inner is not OMIT}
    return value


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


@cache
def _environment() -> Environment:
    environment = Environment(autoescape=False, undefined=ChainableUndefined)  # noqa: S701
    environment.tests.update({name: partial(_is, name) for name in ("failed", "changed", "skipped")})
    environment.filters.update(
        {
            "bool": lambda value: value in (True, "True", "true", "yes", 1),
            "combine": lambda first, second: {**first, **second},
            "dict2items": lambda given: [{"key": key, "value": value} for key, value in given.items()],
            "ternary": lambda condition, yes, no: yes if condition else no,
            "xivo.confd.with_profiles": with_profiles,
            "ansible.builtin.realpath": os.path.realpath,
            "ansible.builtin.expandvars": os.path.expandvars,
            "ansible.builtin.expanduser": os.path.expanduser,
            "ansible.builtin.path_join": lambda parts: os.path.join(*parts),
            "items2dict": lambda given: {item["key"]: item["value"] for item in given},
        }
    )
    environment.globals["lookup"] = _lookup
    for name in ("select", "selectattr", "rejectattr"):
        environment.filters[name] = _as_list(environment.filters[name])
    return environment


@pass_context
def _lookup(context: Context, lookup: str, pattern: str, wantlist: bool) -> list[str]:
    """As Ansible has it: the names of variables that match a pattern."""
    assert lookup == "ansible.builtin.varnames" and wantlist
    return [name for name in context.get_all() if re.search(pattern, name)]


def _is(name: str, result: Mapping[str, Any]) -> bool:
    return bool(result.get(name))


def _as_list(lazy: Callable[..., Any]) -> Callable[..., list[Any]]:
    """As Ansible has it: a filter that returns a list instead of a generator."""

    @pass_context
    def eager(*args: Any, **options: Any) -> list[Any]:
        return list(lazy(*args, **options))

    return eager


@cache
def _expression(text: str) -> Callable[[Variables], Any]:
    return _environment().compile_expression(" ".join(text.split()), undefined_to_none=False)


@cache
def _names(template: str) -> frozenset[str]:
    return frozenset(meta.find_undeclared_variables(_environment().parse(template)))
