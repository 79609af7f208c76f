# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lines that are not SIP lines: what all kinds have is managed, and the rest is refused by name."""

from __future__ import annotations

import pytest

from ansible_collections.xivo.confd.plugins.module_utils._model.errors import ConflictError, PlanError
from ansible_collections.xivo.confd.plugins.module_utils._tasks.associations import ensure_line_extension
from ansible_collections.xivo.confd.plugins.module_utils._tasks.export import export
from ansible_collections.xivo.confd.plugins.module_utils._tasks.info import read_lines, read_users
from ansible_collections.xivo.confd.plugins.module_utils._tasks.line_sip import ensure_line_sip
from ansible_collections.xivo.confd.plugins.module_utils._tasks.user import ensure_user
from simulator import Simulator
from support.helpers import (
    EVERYWHERE,
    apply_list,
    give_other_line,
    leaver,
    make_user,
    number,
    perform,
    person,
    phone_book,
    statuses,
    unchanged_after,
    written,
)

ANN = person("Ann Archer", 1301)
KINDS = pytest.mark.parametrize("protocol", ["sccp", "custom", None])
NAMES = {"sccp": "SCCP line", "custom": "custom line", None: "line without SIP account"}


@KINDS
@EVERYWHERE
def test_one_such_line_does_not_stop_the_others(sim: Simulator, protocol: str | None) -> None:
    sim.database.insert_other_line(protocol)
    give_other_line(sim, "Sue Secretary", 1302, protocol)

    assert statuses(apply_list(sim, ANN)) == ["created"]
    assert unchanged_after(sim, ANN)
    assert [each["user"]["firstname"] for each in perform(sim, export)["entries"]] == ["Ann"]
    assert {each["name"] for each in apply_list(sim, ANN, purge_scope={"context": "default"})["unmanaged"]} == {
        "Sue Secretary"
    }


@pytest.mark.parametrize("protocol", ["sccp", "custom"])
@EVERYWHERE
def test_an_export_leaves_it_out_by_name(sim: Simulator, protocol: str) -> None:
    line_id = give_other_line(sim, "Sue Secretary", 1302, protocol)
    (left_out,) = perform(sim, export)["left_out"]
    assert left_out["reason"] == f"{NAMES[protocol]} (id {line_id}), and entries describe SIP lines only"


@pytest.mark.parametrize("protocol", ["sccp", "custom"])
@EVERYWHERE
def test_what_all_kinds_have_is_managed(sim: Simulator, protocol: str) -> None:
    give_other_line(sim, "Sue Secretary", 1302, protocol)
    entry = person("Sue Secretary", 1302, 2302, user={"description": "second floor"}, voicemail={"password": "4711"})

    assert statuses(apply_list(sim, entry)) == ["updated"]
    assert unchanged_after(sim, entry)
    assert phone_book(sim) == {"Sue Secretary": ("1302", ["2302"])}
    moved = {**entry, "extension": number(1303), "match": {"firstname": "Sue", "lastname": "Secretary"}}
    assert statuses(apply_list(sim, moved)) == ["updated"]
    assert unchanged_after(sim, moved)
    assert phone_book(sim) == {"Sue Secretary": ("1303", ["2302"])}


@pytest.mark.parametrize("protocol", ["sccp", "custom"])
@EVERYWHERE
def test_a_single_module_changes_the_user(sim: Simulator, protocol: str) -> None:
    give_other_line(sim, "Sue Secretary", 1302, protocol)
    assert perform(sim, ensure_user, firstname="Sue", lastname="Secretary", description="new")["changed"]
    (user,) = perform(sim, read_users, with_lines=True)["users"]
    assert (user["description"], user["line"]["username"], user["extension"]["exten"]) == ("new", None, "1302")


@pytest.mark.parametrize("field", ["username", "secret"])
@EVERYWHERE
def test_values_of_a_sip_line_are_refused_by_name(sim: Simulator, field: str) -> None:
    line_id = give_other_line(sim, "Sue Secretary", 1302)
    entry = person("Sue Secretary", 1302, line={field: "abcd1234"})
    with pytest.raises(PlanError, match=rf"{field} of SCCP line \(id {line_id}\) cannot be set: only a SIP line has"):
        apply_list(sim, entry)
    with pytest.raises(ConflictError, match=rf"{field} of SCCP line \(id {line_id}\) cannot be set: only a SIP line"):
        perform(sim, ensure_line_sip, match={"extension": number(1302)}, **{field: "abcd1234"})
    assert written(sim) == []


@pytest.mark.on("xivo16", "wazo")
def test_who_has_one_is_removed(sim: Simulator) -> None:
    give_other_line(sim, "Sue Secretary", 1302)
    assert statuses(apply_list(sim, leaver("Sue Secretary", 1302))) == ["removed"]
    assert (len(sim.database.users), len(sim.database.lines)) == (0, 0)


@pytest.mark.on("xivo16", "wazo")
def test_its_slot_is_changed(sim: Simulator) -> None:
    give_other_line(sim, "Sue Secretary", 1302)
    entry = person("Sue Secretary", 1302, line={"device_slot": 2})
    assert statuses(apply_list(sim, entry)) == ["updated"]
    assert unchanged_after(sim, entry)


def test_what_xivo15_cannot_do_is_refused_in_the_plan(sim: Simulator) -> None:
    line_id = give_other_line(sim, "Sue Secretary", 1302)
    line = rf"SCCP line \(id {line_id}\)"
    with pytest.raises(PlanError, match=rf"{line} cannot be deleted: this server lets API clients change SIP lines"):
        apply_list(sim, leaver("Sue Secretary", 1302))
    with pytest.raises(PlanError, match=rf"device_slot of {line} cannot be set: this server lets API clients change"):
        apply_list(sim, person("Sue Secretary", 1302, line={"device_slot": 2}))
    with pytest.raises(PlanError, match=rf"4000@sales cannot be associated with {line}, which is in context default"):
        apply_list(sim, person("Sue Secretary", 4000, extension=number(4000, "sales")))
    assert written(sim) == []


@EVERYWHERE
def test_its_number_is_not_free(sim: Simulator) -> None:
    line_id = sim.database.insert_other_line("custom")
    extension = sim.database.extensions.insert(**number(1301))
    sim.database.line_extensions.insert(line_id=line_id, extension_id=extension.id)

    with pytest.raises(PlanError, match=rf"1301@default (already )?belongs to .*line (\(id )?{line_id}"):
        apply_list(sim, ANN)
    assert sim.database.line_extensions.first(extension_id=extension.id).line_id == line_id


@EVERYWHERE
def test_the_list_of_sip_lines_is_one_of_sip_lines(sim: Simulator) -> None:
    apply_list(sim, ANN)
    for protocol in ("sccp", "custom"):
        sim.database.insert_other_line(protocol)
    assert len(perform(sim, read_lines, return_secrets=True)["lines_sip"]) == 1


@EVERYWHERE
def test_they_are_no_orphans(sim: Simulator) -> None:
    for protocol in ("sccp", "custom"):
        sim.database.insert_other_line(protocol)
    assert apply_list(sim, ANN, orphans="report")["orphans"]["lines"] == []


@pytest.mark.on("xivo16")
def test_a_user_with_two_main_lines_is_named(sim: Simulator) -> None:
    apply_list(sim, ANN, person("Bob Burton", 1302))
    (second,) = [row.id for row in sim.database.lines if row.id == 2]
    sim.database.user_lines.delete(sim.database.user_lines.first(line_id=second))
    sim.database.add_main_line(1, second)
    result = apply_list(sim, ANN, person("Cleo Cole", 1303))

    assert statuses(result) == ["unchanged", "created"]
    (warning,) = result["warnings"]
    assert warning.startswith("user Ann Archer (id 1) has 2 main lines, with the ids 1 and 2.".replace(" and ", ", "))
    assert perform(sim, export)["warnings"] == [warning]


@EVERYWHERE
def test_a_number_may_be_put_on_it(sim: Simulator) -> None:
    make_user(sim, "Sue Secretary")
    line_id = sim.database.insert_other_line("custom")
    sim.database.user_lines.insert(user_id=1, line_id=line_id, main_user=True, main_line=True)
    extension = sim.database.extensions.insert(**number(1301))
    assert perform(sim, ensure_line_extension, line={"id": line_id}, extension={"id": extension.id})["changed"]
    assert phone_book(sim) == {"Sue Secretary": ("1301", [])}


@pytest.mark.on("xivo16", "wazo")
def test_its_provisioning_code_is_taken(sim: Simulator) -> None:
    """The lists that plan show no line without a SIP account, so the code is looked up."""
    code = sim.database.lines.get(sim.database.insert_other_line("custom")).provisioning_extension
    with pytest.raises(PlanError) as caught:
        apply_list(sim, person("Ann Archer", 1301, line={"provisioning_extension": code}), check=True)
    assert f"provisioning code '{code}' belongs to custom line" in str(caught.value)
