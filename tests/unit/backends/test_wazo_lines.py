# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lines of a Wazo that nobody has: found with few requests, with a caller ID of their own, without an endpoint."""

from __future__ import annotations

import pytest

from ansible_collections.xivo.confd.plugins.module_utils._model.errors import ConfdError, InputError
from ansible_collections.xivo.confd.plugins.module_utils._model.resources import LINE
from ansible_collections.xivo.confd.plugins.module_utils._tasks.line_sip import ensure_line_sip
from simulator import Simulator
from support.helpers import Options, apply_list, asked, backend_of, perform, person, world_of, written

pytestmark = pytest.mark.on("wazo")

SPARE = {"username": "spare", "context": "default"}


@pytest.mark.parametrize(("count", "lists"), [(3, 0), (11, 1)])
def test_many_lines_without_a_user_are_read_with_one_list(sim: Simulator, count: int, lists: int) -> None:
    apply_list(sim, *(person(f"U{each}", 1200 + each) for each in range(count)))
    sim.database.user_lines.clear()
    sim.clear_log()
    assert len(world_of(sim).lines()) == count
    assert asked(sim).count("GET /lines") == lists
    assert len([each for each in asked(sim) if each.startswith("GET /lines/")]) == (0 if lists else count)


def test_a_line_of_nobody_has_the_caller_id_that_is_given(sim: Simulator) -> None:
    perform(sim, ensure_line_sip, **SPARE, callerid='"Gate" <1299>')
    predicted = perform(sim, ensure_line_sip, check=True, **SPARE, callerid='"Door" <1200>')
    done = perform(sim, ensure_line_sip, **SPARE, callerid='"Door" <1200>')
    assert done["diff"] == predicted["diff"]
    assert done["line_sip"]["callerid"] == '"Door" <1200>'
    assert not perform(sim, ensure_line_sip, **SPARE, callerid='"Door" <1200>')["changed"]


@pytest.mark.parametrize("callerid", ['"Gate"', ""])
def test_a_caller_id_without_name_or_number_is_refused(sim: Simulator, callerid: str) -> None:
    """The server writes "None" for what is missing, or keeps what it has (wazo-26.08.md, "5.2 Line")."""
    perform(sim, ensure_line_sip, **SPARE, callerid='"Gate" <1299>')
    sim.clear_log()
    with pytest.raises(InputError, match="callerid .*of the SIP line cannot be stored: it must"):
        perform(sim, ensure_line_sip, **SPARE, callerid=callerid)
    assert written(sim) == []


def test_a_tenant_without_its_templates_is_told(sim: Simulator) -> None:
    sim.database.templates.clear()
    with pytest.raises(
        ConfdError, match=r"The tenant has no SIP template 'global'\. wazo-confd creates it with each tenant"
    ):
        perform(sim, ensure_line_sip, **SPARE)
    assert written(sim) == []


def test_a_line_that_has_lost_its_endpoint_is_told(sim: Simulator) -> None:
    perform(sim, ensure_line_sip, **SPARE)
    backend = backend_of(sim)
    (line,) = backend.client.get_items("/lines")
    backend.client.delete(f"/endpoints/sip/{line['endpoint_sip']['uuid']}")
    with pytest.raises(
        ConfdError, match=rf"Line {line['id']} has no SIP endpoint\. Delete the line and create another one"
    ):
        backend.update(LINE, line["id"], {"secret": "abc"})


@pytest.mark.parametrize("check", [True, False])
@pytest.mark.parametrize(
    ("values", "what"),
    [({"secret": "s3cret99"}, "secret"), ({"webrtc": True}, "webrtc"), ({"username": "ann"}, "username")],
)
def test_a_line_without_an_endpoint_can_have_no_secret(sim: Simulator, values: Options, what: str, check: bool) -> None:
    apply_list(sim, person("Ann", 1200))
    (endpoint,) = sim.database.endpoints
    backend_of(sim).client.delete(f"/endpoints/sip/{endpoint.id}")
    sim.clear_log()
    with pytest.raises(ConfdError, match=rf"{what} of line without SIP account \(id 1\) cannot be set\. Give the line"):
        apply_list(sim, person("Ann", 1200, line=values), check=check)
    assert written(sim) == []


def test_a_line_without_an_endpoint_can_have_no_number(sim: Simulator) -> None:
    apply_list(sim, person("Ann", 1200))
    sim.database.line_extensions.clear()
    (endpoint,) = sim.database.endpoints
    backend_of(sim).client.delete(f"/endpoints/sip/{endpoint.id}")
    with pytest.raises(
        ConfdError, match=r"line .*\(id 1\).* cannot have an extension\. Give the line a SIP account, or delete it\.$"
    ):
        apply_list(sim, person("Ann", 1200))
