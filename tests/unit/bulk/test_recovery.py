# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who leaves takes along what a run that was killed took off them and did not delete any more."""

from __future__ import annotations

import pytest

from ansible_collections.xivo.confd.plugins.module_utils._tasks.extension import ensure_extension
from ansible_collections.xivo.confd.plugins.module_utils._tasks.voicemail import ensure_voicemail
from simulator import Simulator
from support.helpers import (
    EVERYWHERE,
    Options,
    apply_list,
    changes,
    counts,
    extension_row,
    leaver,
    number,
    own_extensions,
    perform,
    person,
    statuses,
    written,
)
from support.voicemails import owners

pytestmark = EVERYWHERE


@pytest.fixture
def ada(sim: Simulator) -> Simulator:
    """Ada A, 1200."""
    apply_list(sim, person("Ada A", 1200))
    sim.clear_log()
    return sim


def take_number_off(sim: Simulator) -> None:
    sim.database.line_extensions.clear()


def is_gone(sim: Simulator, entry: Options) -> bool:
    """Whether a list that was predicted leaves nothing at all, and the second run changes nothing."""
    predicted = apply_list(sim, entry, check=True)
    assert written(sim) == []
    done = apply_list(sim, entry)
    assert statuses(done) == statuses(predicted) == ["removed"]
    assert done["results"][0]["changes"] == predicted["results"][0]["changes"]
    return not any(counts(sim).values()) and not apply_list(sim, entry)["changed"]


@pytest.mark.parametrize("named", [1200, None])
def test_a_number_that_was_taken_off_goes_with_its_user(ada: Simulator, named: int | None) -> None:
    """The entry names it, or the SIP username of the line does."""
    take_number_off(ada)
    assert is_gone(ada, leaver("Ada A", named))


def test_a_line_that_was_taken_off_goes_too(ada: Simulator) -> None:
    take_number_off(ada)
    ada.database.user_lines.clear()
    assert is_gone(ada, leaver("Ada A", 1200))


def test_a_line_of_another_number_stays(ada: Simulator) -> None:
    take_number_off(ada)
    ada.database.user_lines.clear()
    apply_list(ada, leaver("Ada A", 1201))
    assert (counts(ada)["users"], counts(ada)["lines"]) == (0, 1)


def test_a_dissociated_incall_goes_if_the_entry_names_it(ada: Simulator) -> None:
    for exten in (2200, 2201):
        perform(ada, ensure_extension, **number(exten))
    apply_list(ada, leaver("Ada A", 1200, incalls=[number(2200)]))
    assert own_extensions(ada) == ["2201"]


def test_a_number_that_somebody_has_got_since_stays(ada: Simulator) -> None:
    take_number_off(ada)
    ada.database.extensions.delete(extension_row(ada, 1200))
    apply_list(ada, person("Bob B", 1200))
    apply_list(ada, leaver("Ada A", match={"id": 1}))
    assert own_extensions(ada) == ["1200"]
    assert counts(ada)["users"] == 1


@pytest.mark.on("xivo15")
def test_step_by_step_it_is_said_that_the_server_may_refuse_it(ada: Simulator) -> None:
    take_number_off(ada)
    (batch,) = apply_list(ada, leaver("Ada A", 1200), check=True)["plan"]
    (task,) = [each for each in batch["steps"] if each["resource"] == "extension"]
    assert (task["text"], task["leftover"]) == ("delete extension 1200@default", True)


VOICEMAIL = {"number": "1200", "context": "default"}


def test_a_dissociated_voicemail_goes_if_the_entry_names_it(ada: Simulator) -> None:
    perform(ada, ensure_voicemail, **VOICEMAIL, name="Ada A")
    ada.clear_log()
    assert is_gone(ada, leaver("Ada A", 1200, voicemail={"number": "1200"}))


def test_a_voicemail_of_somebody_else_stays(ada: Simulator) -> None:
    apply_list(ada, person("Bob B", 1201))
    perform(ada, ensure_voicemail, **VOICEMAIL, user={"firstname": "Bob", "lastname": "B"})
    result = apply_list(ada, leaver("Ada A", 1200, voicemail={"number": "1200"}))
    assert owners(ada) == {2: (1, True)}
    assert not [text for text in changes(result) if "voicemail" in text]


def test_a_voicemail_that_is_not_there_is_no_problem(ada: Simulator) -> None:
    assert is_gone(ada, leaver("Ada A", 1200, voicemail={"number": "1299"}))
