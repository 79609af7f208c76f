# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Carry a case out in the strategies that are asked for, and ask every invariant."""

from __future__ import annotations

import re
import traceback
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from fuzz.case import STRATEGIES, Case, Fault, Outcome, Runner
from fuzz.invariants import (
    Invariant,
    check_mode_tells_the_truth,
    everything_has_one_owner,
    failed_persons_stay,
    faults_are_healed,
    outsiders_stay,
    results_are_what_the_server_has,
    second_run_is_silent,
    strategies_do_the_same,
    third_run_means_the_same_people,
)
from fuzz.story import Story
from fuzz.unmanaged import unmanaged_stays
from support.direct_server import Direct, WriteFault

EVERY_RUN: tuple[Invariant, ...] = (
    outsiders_stay,
    everything_has_one_owner,
    failed_persons_stay,
    results_are_what_the_server_has,
)
WITHOUT_FAULT: tuple[Invariant, ...] = (
    check_mode_tells_the_truth,
    second_run_is_silent,
    third_run_means_the_same_people,
    *EVERY_RUN,
    strategies_do_the_same,
    unmanaged_stays,
)
AFTER_FAULT: tuple[Invariant, ...] = (*EVERY_RUN, faults_are_healed)
COMPARING = ("strategies_do_the_same", "third_run_means_the_same_people")
MOST_RUNS = 3
"""After a fault, so many runs may be needed."""
WORD = re.compile(r"'[^']*'|\"[^\"]*\"|\b\w*\d\w*\b|\b[A-Z][a-z]*\b(?! not)")
"""What differs from case to case in the text of a violation: quoted texts, numbers, names."""

SAME = re.compile(r"_(?:[ ,]*(?:\(_?@?\w*\)|_|@(?:default|sales|from-extern)))+")
"""Several of these in a row, as in "Ann Lee (1200@default)"."""


@dataclass(frozen=True)
class Violation:
    """What a case violates."""

    invariant: str
    how: str
    text: str

    @property
    def kind(self) -> str:
        """Return what is the same of all violations of one cause, more or less."""
        text = SAME.sub("_", WORD.sub("_", " ".join(self.text.split())))
        return f"{self.invariant}: {text[:100]}"

    @property
    def strategies(self) -> Sequence[str]:
        """Return the strategies that a case needs to violate the same again."""
        strategy = self.how.split(" ")[0]
        return STRATEGIES if strategy not in STRATEGIES or self.invariant in COMPARING else (strategy,)


def judge(server: Direct, case: Case, strategies: Sequence[str] = STRATEGIES) -> list[Violation]:
    """Return what a case violates: first without its fault, and with it only if that is as it must be."""
    try:
        runner = Runner(server, case)
        strategies = [each for each in strategies if each in case.strategies]
        stories = [_story(runner, strategy, strategies) for strategy in strategies]
        if len(stories) > 1:
            stories[0].twin = stories[1].first
        found = [each for story in stories for each in _ask(WITHOUT_FAULT, story, story.strategy)]
        if found or case.fault is None:
            return found
        return [each for story in stories for each in _with_fault(runner, story, case.fault)]
    except Exception:
        lines = traceback.format_exc().strip().splitlines()
        return [Violation("no traceback", "any strategy", "\n".join((lines[-1], *lines[-9:-1])))]


def _ask(invariants: Iterable[Invariant], story: Story, how: str) -> Iterator[Violation]:
    for invariant in invariants:
        for text in invariant(story):
            yield Violation(invariant.__name__, how, text)


def _story(runner: Runner, strategy: str, strategies: Sequence[str]) -> Story:
    predicted = runner.run(strategy, check=True)
    first = runner.run(strategy)
    story = Story(runner, strategy, predicted, first)
    story.purged = _purged(runner.run("bulk", check=True) if strategy != "bulk" else predicted)
    if not first.is_refused:
        runner.server.database.load(first.state)
        story.second = runner.run(strategy, again=True)
        other = next((each for each in strategies if each != strategy), strategy)
        story.third = runner.run(other, again=True)
    return story


def _purged(outcome: Outcome) -> set[int]:
    return {each["user_id"] for each in outcome.result.get("purged", ())}


def _with_fault(runner: Runner, story: Story, fault: Fault) -> Iterator[Violation]:
    writes = len(story.first.writes)
    if not writes:
        return
    given = WriteFault(fault.kind, 1 + int(fault.position * writes), fault.times)
    first = runner.run(story.strategy, fault=given)
    faulty = Story(runner, story.strategy, story.predicted, first, reference=story.first, purged=story.purged)
    for _each in range(MOST_RUNS):
        faulty.healed.append(runner.run(story.strategy, again=True))
        if not faulty.healed[-1].writes:
            break
    how = f"{story.strategy} with {fault.kind} at write {given.nth} of {writes}, {fault.times} times"
    yield from _ask(AFTER_FAULT, faulty, how)
