# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which token a run passes on, and which ones it gives back."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, cast

import pytest

from ansible_collections.xivo.confd.plugins.module_utils._http import auth_token
from ansible_collections.xivo.confd.plugins.module_utils._http.auth_service import AuthService
from ansible_collections.xivo.confd.plugins.module_utils._http.auth_token import SharedToken
from ansible_collections.xivo.confd.plugins.module_utils._http.handover import (
    GENERATION,
    REPLACED,
    TOKEN,
    Handover,
    Notes,
    Store,
)


class Memory(Store):
    """Keeps notes in this process."""

    def __init__(self) -> None:
        self.notes: dict[str, Notes] = {}

    def read(self, account: str) -> Notes:
        return self.notes.get(account, {})

    def change(self, account: str, change: Callable[[Notes], Notes]) -> bool:
        self.notes[account] = change(self.read(account))
        return True


class Service:
    """Issues tokens with numbers."""

    address: dict[str, Any] = {}

    def __init__(self) -> None:
        self.issued = 0
        self.revoked: list[str] = []

    def log_in(self) -> str:
        self.issued += 1
        return f"t{self.issued}"

    def revoke(self, tokens: Iterable[str]) -> None:
        self.revoked.extend(tokens)


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [1000.0]
    monkeypatch.setattr(auth_token.time, "monotonic", lambda: now[0])
    return now


@pytest.fixture
def handover() -> Handover:
    return Handover(Memory(), "account")


@pytest.fixture
def service() -> AuthService:
    return cast(AuthService, Service())


def revoked(service: AuthService) -> list[str]:
    return cast(Service, service).revoked


def test_without_a_store_the_token_is_given_back(service: AuthService) -> None:
    shared = SharedToken(Handover())
    shared.get(service)
    shared.leave(service)
    assert revoked(service) == ["t1"]


def test_the_next_run_uses_the_same_token(handover: Handover, service: AuthService) -> None:
    for _run in range(3):
        shared = SharedToken(handover)
        assert shared.get(service) == "t1"
        shared.leave(service)
    assert revoked(service) == []


def test_of_two_runs_at_once_the_later_token_is_kept(
    handover: Handover, service: AuthService, time: list[float]
) -> None:
    first, second = SharedToken(handover), SharedToken(handover)
    assert first.get(service) == "t1"
    time[0] += 1
    assert second.get(service) == "t2"
    second.leave(service)
    first.leave(service)
    assert revoked(service) == ["t1"]
    assert SharedToken(handover).get(service) == "t2"


def test_a_token_of_another_run_is_not_revoked(handover: Handover, service: AuthService, time: list[float]) -> None:
    """That run may still be using it."""
    first = SharedToken(handover)
    first.get(service)
    first.leave(service)
    second = SharedToken(handover)
    assert second.get(service) == "t1"
    time[0] += auth_token.TOKEN_SECONDS
    assert second.get(service) == "t2"
    second.leave(service)
    assert revoked(service) == []


def test_a_token_that_expires_soon_is_not_taken_over(
    handover: Handover, service: AuthService, time: list[float]
) -> None:
    first = SharedToken(handover)
    first.get(service)
    first.leave(service)
    time[0] += auth_token.TOKEN_SECONDS - auth_token.RENEWAL_MARGIN
    assert SharedToken(handover).get(service) == "t2"


def test_a_rejected_token_is_not_passed_on(handover: Handover, service: AuthService) -> None:
    first = SharedToken(handover)
    first.forget(first.get(service))
    first.leave(service)
    assert SharedToken(handover).get(service) == "t2"


def left_tokens(handover: Handover) -> list[str]:
    """The tokens that somebody revokes at the end."""
    notes = [handover.get(TOKEN), *(handover.get(REPLACED) or ())]
    return [each["token"] for each in notes if each]


def test_a_replaced_token_is_left_to_be_revoked(handover: Handover, service: AuthService, time: list[float]) -> None:
    """Several hosts of a play with one server log in at once. Another session may use each of their tokens."""
    runs = [SharedToken(handover) for _run in range(3)]
    for run in runs:
        run.get(service)
        time[0] += 1
    for run in runs:
        run.leave(service)
    assert left_tokens(handover) == ["t3", "t1", "t2"]
    assert SharedToken(handover).get(service) == "t3"


def test_a_newer_token_is_not_lost_with_a_rejected_one(
    handover: Handover, service: AuthService, time: list[float]
) -> None:
    first, second = SharedToken(handover), SharedToken(handover)
    old = first.get(service)
    time[0] += 1
    second.get(service)
    second.leave(service)
    first.forget(old)
    assert left_tokens(handover) == ["t2"]


def test_no_generation_without_a_session(handover: Handover, service: AuthService, time: list[float]) -> None:
    """The server can be another one after a new login, which it does not refuse."""
    handover.put(GENERATION, "xivo16")
    first = SharedToken(handover)
    first.get(service)
    first.leave(service)
    assert handover.known_generation() == "xivo16"
    time[0] += auth_token.TOKEN_SECONDS
    assert handover.known_generation() is None
