# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Refuses a run that would do nothing, or something else than its variables say, and would still end well."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from ansible import context
from ansible.errors import AnsibleActionFail, AnsibleError
from ansible.inventory.host import Host
from ansible.inventory.manager import InventoryManager
from ansible.playbook.task import Task
from ansible.playbook.task_include import TaskInclude
from ansible.plugins.action import ActionBase
from ansible.release import __version__ as ansible_version
from ansible.utils.display import Display
from ansible.utils.vars import load_extra_vars

from ansible_collections.xivo.confd.plugins.module_utils._ansible.argument_specs import CONNECTION_VARIABLES
from ansible_collections.xivo.confd.plugins.module_utils._model.texts import BOOLEANS
from ansible_collections.xivo.confd.plugins.modules.confd_guard import SPEC
from ansible_collections.xivo.confd.plugins.plugin_utils._given_texts import given_texts
from ansible_collections.xivo.confd.plugins.plugin_utils._options import checked_options

HOSTS_VARIABLE = "confd_hosts"
OLDEST_ANSIBLE = (2, 16)
"""The first release of ansible-core that the collection is tested with, as meta/runtime.yml has it."""
ALWAYS = "always"
"""The tag of the tasks that check the tags, the servers and the variables."""
PREFIXES = ("confd_", "provision_", "audit_", "export_", "employee_", "numbers_", "undo_", "validate_")
VARIABLE = re.compile(rf"\b(?:{'|'.join(PREFIXES)})\w+")
ALIKE = 0.85
"""How much of two names is the same if one of them is misspelt: one letter of ten."""
FREE_WORDS = "_raw_params"
"""The variable in which Ansible keeps words of -e that belong to no variable."""


class ActionModule(ActionBase):  # type: ignore[misc]
    """Checks the tags, the servers and the variables of a playbook or of the role."""

    _requires_connection = False
    _supports_check_mode = True

    def run(self, tmp: Any = None, task_vars: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Return the result of the task. Raises AnsibleActionFail with what to do."""
        result: dict[str, Any] = super().run(tmp, task_vars)
        refuse_old_ansible()
        variables = task_vars or {}
        options = checked_options(SPEC, self._task.args)
        _refuse_skipped_checks(variables)
        if not self._is_selected(variables):
            return {**result, "changed": False, "skipped": True, "msg": "The tags of this run select other tasks."}
        self._refuse_free_words()
        self._refuse_misspelt_names(options["exact"])
        self._refuse_misspelt_names(options["texts"], PREFIXES)
        servers = self._servers(options["default_hosts"], variables) if options["default_hosts"] else []
        self._refuse_variables_of_others(options["of_run"], servers, variables)
        if options["one_server"]:
            _require_one_server(variables)
        if options["private"]:
            self._refuse_private_names(options["private"])
        _require_variables(options["required"], variables)
        self._check_booleans(options["booleans"], variables)
        self._refuse_in_a_real_run(options["check_mode_only"], variables)
        return {**result, "changed": False, "texts": self._texts(options["texts"], variables)}

    def _is_selected(self, variables: Mapping[str, Any]) -> bool:
        """Return whether the tags select the tasks beside this one, which has the tag "always".

        Return False where the user gave these tasks tags, and runs others. Raises AnsibleActionFail if they have none
        that the user could mean: the run would do nothing.
        """
        sibling = Task(block=self._task._parent, role=self._task._role)  # noqa: SLF001 - there is no public way
        only, skipped = variables.get("ansible_run_tags", ["all"]), variables.get("ansible_skip_tags", [])
        if sibling.evaluate_tags(only, skipped, variables):
            return True
        if not sibling.tags and (self._task._role is None or self._is_included()):  # noqa: SLF001
            texts = [f"{option} {','.join(tags)}" for option, tags in (("-t", only), ("--skip-tags", skipped)) if tags]
            raise AnsibleActionFail(
                f"The tags of this run ({', '.join(texts)}) select none of these tasks, so nothing would be done. "
                "Run without tags, or add the tags to import_playbook, to import_role, or to include_role with apply."
            )
        return False

    def _is_included(self) -> bool:
        """Return whether a task of the play, which the tags have selected, includes this one while the play runs."""
        parent = self._task._parent  # noqa: SLF001
        while parent is not None:
            if isinstance(parent, TaskInclude) and not parent.statically_loaded:
                return True
            parent = parent._parent  # noqa: SLF001
        return False

    # Servers

    def _servers(self, default: str, variables: Mapping[str, Any]) -> list[str]:
        """Return the servers of the run. Raises AnsibleActionFail if there is none."""
        pattern, limit = self._pattern() or default, variables.get("ansible_limit")
        inventory = InventoryManager(self._loader, parse=False)
        for group, hosts in variables["groups"].items():
            inventory.add_group(group)
            for host in hosts:
                inventory.add_host(host, group=group)
        found = _matches(inventory, pattern)
        if found and limit:
            inventory.subset(limit)
            found = _matches(inventory, pattern)
        if not found:
            limited = f" and the limit {limit!r}" if limit else ""
            raise AnsibleActionFail(
                f"No server of the inventory matches {pattern!r}{limited}, so nothing would be done. Check the "
                f"inventory (-i), or set {HOSTS_VARIABLE} to the name of a host or group of the inventory."
            )
        for host in found:
            _warn_of_misspelt_variables(host.name, variables)
        return [host.name for host in found]

    def _pattern(self) -> str:
        """Return ``confd_hosts`` as ``hosts`` of the play sees it: variables of the inventory do not count there."""
        known = self._given_to_run()
        templar = self._templar.copy_with_new_env(available_variables=known)
        found = templar.template(known.get(HOSTS_VARIABLE) or "")
        return ",".join(map(str, found)) if isinstance(found, list) else str(found)

    # Variables

    def _given_to_run(self) -> dict[str, Any]:
        """Return the variables of the play and the extra variables."""
        return {**self._task.get_play().get_vars(), **load_extra_vars(self._loader)}

    def _refuse_variables_of_others(self, names: list[str], servers: list[str], variables: Mapping[str, Any]) -> None:
        """Refuse variables with plain names that something else has set: an inventory can mean anything by them."""
        known = self._given_to_run() if names else {}
        for found in [*(variables["hostvars"].raw_get(server) for server in servers if names), variables]:
            for name in names:
                if name not in known and found.get(name) not in (None, ""):
                    raise AnsibleActionFail(
                        f"{name} is a variable of the inventory or of an earlier play, and nobody has given it to this "
                        f"run. Give it on the command line: -e {name}=VALUE, or -e {name}= to leave it out."
                    )

    def _texts(self, names: list[str], variables: Mapping[str, Any]) -> dict[str, str]:
        """Return {name: text} of variables."""
        values = {name: self._templar.template(variables.get(name)) for name in names}
        return given_texts(names, values, context.CLIARGS.get("extra_vars", ()) if names else (), self._loader)

    def _refuse_free_words(self) -> None:
        """Refuse words of -e that belong to no variable: the run would know only a part of a name or of a time."""
        words = load_extra_vars(self._loader).get(FREE_WORDS)
        if words:
            raise AnsibleActionFail(
                f"{str(words)!r} after -e belongs to no variable, because a value ends at the first space. Put a value "
                """with spaces in two pairs of quotes, for example -e "person='Johnny Depp'"."""
            )

    def _refuse_misspelt_names(self, names: list[str], beginnings: tuple[str, ...] = ("",)) -> None:
        """Refuse variables of -e that have almost the name of one of these: without it, the run does something else.

        beginnings: of the names that are compared.
        """
        given = load_extra_vars(self._loader)
        meant = {_without_prefix(name): name for name in names if name not in given}
        for name in sorted(each for each in {*given} - _known_variables() - {*names} if each.startswith(beginnings)):
            near = difflib.get_close_matches(_without_prefix(name), meant, n=1, cutoff=ALIKE)
            if near:
                raise AnsibleActionFail(
                    f"The variable {name} is not read, so nothing was done. Did you mean {meant[near[0]]}?"
                )

    def _refuse_private_names(self, prefix: str) -> None:
        """Refuse variables that nothing of this collection could set any more, because they have precedence."""
        role = self._task._role  # noqa: SLF001
        of_role = role.get_role_params(self._task.get_dep_chain()) if role else {}
        set_outside = {**self._task.get_vars(), **of_role, **load_extra_vars(self._loader)}
        names = sorted(name for name in set_outside if name.startswith(prefix))
        if names:
            raise AnsibleActionFail(
                f"Variables whose names begin with {prefix} are set for this run, but only the collection may set "
                f"them: {', '.join(names)}. Rename or remove them."
            )

    def _refuse_in_a_real_run(self, names: list[str], variables: Mapping[str, Any]) -> None:
        """Refuse variables that are only for check mode in a run that writes."""
        given = [name for name in names if self._templar.template(variables.get(name))]
        if given and not self._task.check_mode:
            raise AnsibleActionFail(
                f"{given[0]} needs check mode: run with --check, or run xivo.confd.plan. Nothing was done. To "
                "carry out a plan that was approved, set provision_approved_plan."
            )

    def _check_booleans(self, names: list[str], variables: Mapping[str, Any]) -> None:
        problems = list(self._problems(names, variables))
        if problems:
            raise AnsibleActionFail(f"{' '.join(problems)} Write true or false.")

    def _problems(self, names: list[str], variables: Mapping[str, Any]) -> Iterator[str]:
        for name in names:
            value = self._templar.template(variables.get(name))
            if value not in (None, "") and str(value).lower() not in BOOLEANS:
                yield f"{name} is {value!r}, which is neither true nor false."


def refuse_old_ansible() -> None:
    """Refuse a release that Ansible itself only warns of: it would fail later, with a message that names no reason."""
    if tuple(int(part) for part in ansible_version.split(".")[:2]) < OLDEST_ANSIBLE:
        oldest = ".".join(map(str, OLDEST_ANSIBLE))
        raise AnsibleActionFail(
            f"This is ansible-core {ansible_version}, but the collection needs ansible-core {oldest} or newer. The "
            "package of a distribution can be older, for example that of Debian 12. Install ansible-core in a virtual "
            "environment: python3 -m venv ~/ansible && ~/ansible/bin/pip install ansible-core requests"
        )


def _refuse_skipped_checks(variables: Mapping[str, Any]) -> None:
    """Refuse a run that skips the checks. Only a task without the tag "always" meets one."""
    if ALWAYS in variables.get("ansible_skip_tags", []):
        raise AnsibleActionFail(
            f"--skip-tags {ALWAYS} skips the checks of this collection, so nothing is done. Run without it."
        )


def _matches(inventory: InventoryManager, pattern: str) -> list[Host]:
    """Return the hosts that a pattern matches; none if Ansible is set to fail then (host_pattern_mismatch)."""
    try:
        found: list[Host] = inventory.list_hosts(pattern)
    except AnsibleError:
        return []
    return found


def _warn_of_misspelt_variables(server: str, variables: Mapping[str, Any]) -> None:
    """Warn of variables of a server that have almost the name of one that the collection reads, and that is not set."""
    given = set(variables["hostvars"].raw_get(server)) if "hostvars" in variables else set(variables)
    known = _known_variables()
    meant = {name for name in known - given if "__" not in name}
    # Artifacts of earlier jobs have names that end with the id of the job.
    beginnings = tuple(name for name in known if name.endswith("_"))
    for name in sorted(each for each in given - known if each.startswith(PREFIXES)):
        if name.startswith(beginnings):
            continue
        near = difflib.get_close_matches(name, meant, n=1, cutoff=ALIKE)
        if near:
            Display().warning(f"The variable {name} of {server} is not read. Did you mean {near[0]}?")


def _without_prefix(name: str) -> str:
    return next((name[len(prefix) :] for prefix in PREFIXES if name.startswith(prefix)), name).lower()


@cache
def _known_variables() -> frozenset[str]:
    """Return the names that the playbooks and the role mention, also in comments, and those of the connection."""
    root = Path(__file__).parents[2]
    files = [*(root / "playbooks").glob("**/*.yml"), *(root / "roles").glob("*/meta/argument_specs.yml")]
    mentioned = (name for file in files for name in VARIABLE.findall(file.read_text(encoding="utf-8")))
    return frozenset([*mentioned, *CONNECTION_VARIABLES.values()])


def _require_variables(names: list[str], variables: Mapping[str, Any]) -> None:
    """Refuse a server without one of these variables, as one whose file in host_vars has another name."""
    server = variables.get("inventory_hostname", "localhost")
    for name in names:
        if name not in variables:
            raise AnsibleActionFail(
                f"{name} is not defined for {server}. Define it in a file of this server beside the inventory, for "
                f"example host_vars/{server}/users.yml, or in a file that you give with -e @FILE. The name of the file "
                f"or folder in host_vars must be {server}, and the variable must be spelt exactly like this."
            )


def _require_one_server(variables: Mapping[str, Any]) -> None:
    servers = variables["ansible_play_hosts_all"]
    if len(servers) != 1:
        raise AnsibleActionFail(
            f"This playbook handles one person on one server, but {HOSTS_VARIABLE} selects {len(servers)} servers: "
            f"{', '.join(servers)}. Set {HOSTS_VARIABLE} to one of them."
        )
