# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks the variables of a server without the server: entries, profiles and contexts.

The checks are those of the module confd_provisioned_users, of the profiles, and of a plan without a server.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from .._backends.offline import ANY, OFFLINE
from .._bulk.offline import EntryProblem, plan_offline
from .._model.contexts import ContextInfo, described_contexts
from .._model.errors import InputError
from .._model.texts import shown, type_label
from .._reports.profiles import fill, label_of
from .argument_specs import entry_spec
from .nulls import with_kept_nulls
from .option_checks import ENTRIES, find_profile_problems, without_wrong_entries

USERS, PROFILES, CONTEXTS = "provision_users", "provision_profiles", "provision_contexts"
"""The variables that are checked."""


@dataclass
class Verdict:
    """What was found. entries: how many were checked; labels: {position of an entry: how messages call it}.

    problems: those of entries, and of the rest, which have index None. unchecked: sentences.
    """

    entries: int = 0
    labels: list[str] = field(default_factory=list)
    of_variables: list[str] = field(default_factory=list)
    of_entries: list[EntryProblem] = field(default_factory=list)
    unchecked: list[str] = field(default_factory=list)

    @property
    def is_good(self) -> bool:
        """Return whether there is nothing wrong."""
        return not (self.of_variables or self.of_entries)


def validate(users: Any, profiles: Any = None, contexts: Any = None, api: str | None = None) -> Verdict:
    """Return what is wrong with the variables of a server. All of them are as YAML read them.

    contexts: see ``described_contexts``; None if they are not known. api: the generation of the server.
    """
    verdict = Verdict()
    generation = _generation(api, verdict)
    known = _contexts(contexts, verdict)
    filled, problems, of_profiles = fill(users, profiles)
    spec = entry_spec()
    verdict.of_variables += problems
    if not problems and profiles:
        verdict.of_variables += find_profile_problems(spec, profiles)
    if not isinstance(filled, list):
        verdict.of_variables.append(f"{USERS} is {type_label(users)}, but must be a list.")
        return verdict
    verdict.entries = len(filled)
    verdict.labels = [label_of(index, each) if isinstance(each, Mapping) else "" for index, each in enumerate(filled)]
    entries, wrong = _entries(spec, filled)
    wrong = {**wrong, **{at: " ".join([*texts, *_also(wrong, at)]) for at, texts in of_profiles.items()}}
    verdict.of_entries, verdict.unchecked = plan_offline(entries, generation, known, wrong)
    return verdict


def _also(wrong: Mapping[int, str], index: int) -> list[str]:
    return [wrong[index]] if index in wrong else []


def _entries(spec: Mapping[str, Any], given: Sequence[Any]) -> tuple[list[Any], dict[int, str]]:
    """Return (the entries as the module gets them from Ansible, {position of an entry: what is wrong with it})."""
    users: dict[str, Any] = {"type": "list", "elements": "dict", "options": spec}
    entries, wrong = without_wrong_entries(users, given)
    options = with_kept_nulls({ENTRIES: users}, {ENTRIES: entries})
    return ArgumentSpecValidator({ENTRIES: users}).validate(options).validated_parameters[ENTRIES], wrong


def _generation(api: str | None, verdict: Verdict) -> str:
    if api in (None, ""):
        return ANY
    if api not in OFFLINE:
        verdict.of_variables.append(f"confd_api is {shown(api)}, but must be {' or '.join(OFFLINE)}.")
        return ANY
    return str(api)


def _contexts(contexts: Any, verdict: Verdict) -> dict[str, ContextInfo] | None:
    if contexts is None:
        return None
    try:
        return described_contexts(contexts, CONTEXTS)
    except InputError as error:
        verdict.of_variables += str(error).splitlines()
        return None
