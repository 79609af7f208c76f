# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plans that are saved and approved, without Ansible."""

from __future__ import annotations

import json
from base64 import b64encode
from typing import Any

import pytest

from ansible_collections.xivo.confd.plugins.module_utils._model.errors import ConfdError, ProvisionError
from ansible_collections.xivo.confd.plugins.module_utils._reports.plan_document import with_checksum
from simulator import Simulator
from support.helpers import Options, apply_list


def plan_of(sim: Simulator, *entries: Options, **options: Any) -> Options:
    """Return the document of the plan of a list, as a file has it."""
    try:
        result = apply_list(sim, *entries, check=True, return_plan_document=True, **options)
    except ProvisionError as error:
        result = error.results
    document: Options = json.loads(json.dumps(with_checksum(result["plan_document"])))
    return document


def apply_approved(sim: Simulator, plan: Options, *entries: Options, **options: Any) -> Options:
    """Carry out a list if its plan is the approved one."""
    return apply_list(sim, *entries, approved_plan_data=in_base64(json.dumps(plan)), **options)


def refused(sim: Simulator, plan: Options, *entries: Options, **options: Any) -> str:
    """Return why a list is not carried out. Nothing has been written."""
    sim.clear_log()
    with pytest.raises(ConfdError) as caught:
        apply_approved(sim, plan, *entries, **options)
    assert sim.writes == []
    return str(caught.value)


def in_base64(text: str) -> str:
    return b64encode(text.encode()).decode()
