# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Serve /_simulator/ to a test in another process, only when asked for; these requests are never logged."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Flask, Response, jsonify, request

from .faults import Fault

if TYPE_CHECKING:
    from .simulator import Simulator


def add_control(app: Flask, simulator: Simulator) -> None:
    """Serve state, requests, writes, reset, restart, transit and faults."""
    control = Blueprint("control", __name__, url_prefix="/_simulator")
    _serve_state(control, simulator)
    _serve_actions(control, simulator)
    _serve_faults(control, simulator)
    app.register_blueprint(control)


def _serve_state(control: Blueprint, simulator: Simulator) -> None:
    @control.get("/state")
    def state() -> Response:
        return jsonify(simulator.state())

    @control.get("/requests")
    def requests() -> Response:
        return jsonify([asdict(entry) for entry in simulator.requests])

    @control.get("/writes")
    def writes() -> Response:
        return jsonify([asdict(entry) for entry in simulator.writes])

    @control.delete("/requests")
    def clear_requests() -> tuple[str, int]:
        simulator.clear_log()
        return "", 204


def _serve_actions(control: Blueprint, simulator: Simulator) -> None:
    @control.post("/reset")
    def reset() -> tuple[str, int]:
        simulator.reset()
        return "", 204

    @control.post("/restart")
    def restart() -> tuple[str, int]:
        simulator.restart()
        return "", 204

    @control.post("/transit")
    def transit() -> tuple[str, int]:
        simulator.set_transit_time(float(request.get_json()["seconds"]))
        return "", 204


def _serve_faults(control: Blueprint, simulator: Simulator) -> None:
    @control.post("/faults")
    def add_fault() -> tuple[str, int]:
        description: dict[str, Any] = request.get_json()
        simulator.faults.add(Fault(**description))
        return "", 204

    @control.delete("/faults")
    def clear_faults() -> tuple[str, int]:
        simulator.faults.clear()
        return "", 204
