# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of logins share."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from ansible_collections.xivo.confd.plugins.module_utils._model.resources import LOGIN
from ansible_collections.xivo.confd.plugins.module_utils._tasks.user_parts import ensure_user_part
from simulator import Simulator
from support.helpers import Options, backend_of, perform, user_row
from support.voicemails import JOHNNY

ON_XIVO = pytest.mark.on("xivo15", "xivo16")
ON_WAZO = pytest.mark.on("wazo")
SECRET = "s3cret-word"
JO = {"username": "johnny", "password": SECRET}


def ensure(sim: Simulator, check: bool = False, **options: Any) -> Options:
    return perform(sim, partial(ensure_user_part, resource=LOGIN), check, **{"user": JOHNNY, **options})


def may_sign_in(sim: Simulator, name: str = "johnny", password: str = SECRET) -> bool:
    """Whether somebody can sign in: to wazo-auth, or as XiVO's server of the client software would decide."""
    if sim.generation.name == "wazo":
        return sim.database.accounts.log_in(name, password, None) is not None
    user = next((each for each in sim.database.users if each.username == name), None)
    return bool(user and user.password == password and (backend_of(sim).get(LOGIN, user.id) or {})["enabled"])


def login(sim: Simulator) -> Any:
    """The row of wazo-auth of the only person with a login; the administrator's own looks like one."""
    return next((each for each in sim.database.logins if each.purpose == "user" and each.username != "root"), None)


def names_of_login_of(sim: Simulator, name: str) -> tuple[str | None, str | None]:
    """Username and e-mail address of the login of somebody on Wazo."""
    found = sim.database.logins.get(user_row(sim, name).uuid)
    email = sim.database.login_emails.first(login_id=found.id) if found else None
    return found and found.username, email and email.address


def enabling(sim: Simulator) -> Options:
    """What makes a login one that works: on XiVO it is not enabled by itself."""
    return {**JO, "enabled": True, **({} if sim.generation.name == "wazo" else {"profile": "Client"})}
