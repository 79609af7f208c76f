# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Make the answers of planned faults."""

from __future__ import annotations

import json
import time
from collections.abc import Callable

from flask import Response, request

from .faults import Fault, FaultPlan
from .server import wait_for_disconnect

NGINX_PAGE = (
    "<html>\r\n<head><title>{title}</title></head>\r\n<body><center><h1>{title}</h1></center></body>\r\n</html>\r\n"
)
LONGEST_HANG = 60.0
TITLES = {502: "502 Bad Gateway", 503: "503 Service Temporarily Unavailable"}


class Dropped(Response):
    """Stand for an answer that is not sent: once it is logged, the connection is reset."""

    def __init__(self) -> None:
        super().__init__(status=500)


def simulated_500() -> Response:
    return Response(json.dumps(["Unexpected error: simulated fault"]), 500, content_type="application/json")


def nginx_error(status: int, retry_after: int | None = None) -> Response:
    response = Response(NGINX_PAGE.format(title=TITLES[status]), status, content_type="text/html")
    if retry_after is not None:
        response.headers["Retry-After"] = str(retry_after)
    return response


def before(
    fault: Fault, path: str, challenge: Callable[[], Response], restart: Callable[[], None], plan: FaultPlan
) -> Response | None:
    """Act before the request is processed. Returns the answer if it is not to be processed at all."""
    if fault.callback is not None:
        fault.callback(request.method, path)
    if fault.kind == "delay":
        time.sleep(fault.seconds)
    elif fault.kind == "restart":
        restart()
    elif fault.kind == "hang_before":
        _hang()
    elif fault.kind == "hang_late":
        plan.add_hanging(fault)
        _hang()
        fault.late.wait(LONGEST_HANG)
    answers: dict[str, Callable[[], Response]] = {
        "drop_before": Dropped,
        "hang_before": Dropped,
        "500_before": simulated_500,
        "502": lambda: nginx_error(502, fault.retry_after),
        "503": lambda: nginx_error(503, fault.retry_after),
        "401": challenge,
        "restart": challenge,
    }
    answer = answers.get(fault.kind)
    return answer() if answer else None


def after(fault: Fault, path: str, response: Response) -> Response:
    """Return the answer that the client gets instead of that of a processed request."""
    if fault.callback is not None:
        fault.callback(request.method, path)
    if fault.kind == "hang_after":
        _hang()
    if fault.kind in ("drop_after", "hang_after"):
        return Dropped()
    if fault.kind == "502_after":
        return nginx_error(502)
    if fault.kind == "500_after":
        return simulated_500()
    if fault.kind == "truncated":
        body = response.get_data()
        response.set_data(body[: len(body) // 2])
    elif fault.kind == "html":
        return Response("<html><body>Please log in</body></html>", 200, content_type="text/html")
    return response


def _hang() -> None:
    # Read the request first, so that the end of the connection is what comes next.
    request.get_data()
    wait_for_disconnect(request.environ)
