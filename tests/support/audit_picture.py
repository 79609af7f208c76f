# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the example of an audit that the home page shows: the page itself, and the pictures of it.

``make pictures`` (or ``python -m support.audit_picture``) takes the pictures again, with a headless Chromium. Each has
the hash of the page that it shows, by which a test notices that the page has changed since. ``make docs`` puts the page
beside the others: ``python -m support.audit_picture --page FILE``.
"""

from __future__ import annotations

import base64
import hashlib
import io
import sys
import tempfile
from pathlib import Path
from typing import Any

from ansible_collections.xivo.confd.plugins.module_utils._reports.audit import report_of
from ansible_collections.xivo.confd.plugins.plugin_utils._audit_page import html
from simulator import Simulator
from support.audits import TIME, audit
from support.helpers import apply_list, leaver, make_user, person
from support.in_process_http import in_process_http
from support.paths import ROOT

PICTURES = {theme: ROOT / "docs" / "guides" / "pictures" / f"audit-{theme}.png" for theme in ("light", "dark")}
WIDTH, HEIGHT = 1100, 760

THERE = [
    person("Johnny Depp", 1200, 2200),
    person("Vanessa Paradis", 1201),
    person("Ada Lovelace", 1202, 2202),
    person("Grace Hopper", 1203),
    person("Alan Turing", 1204),
    person("Edsger Dijkstra", 1205),
]
WANTED = [
    person("Johnny Depp", 1200, 2210),
    person("Vanessa Paradis", 1211, user={"language": "fr_FR"}),
    *THERE[2:4],
    leaver("Alan Turing"),
    THERE[5],
    person("Barbara Liskov", 1206),
]


def example() -> str:
    """Return the page about three servers: one that differs from its list, one that does not, one without an answer."""
    with in_process_http(), Simulator(api="xivo16", tls=False, seed=1) as london, Simulator(tls=False, seed=1) as paris:
        apply_list(london, *THERE)
        make_user(london, "Donald Knuth")
        apply_list(paris, *THERE)
        results: list[tuple[str, Any]] = [
            ("london", audit(london, *WANTED, report_unmanaged=True)),
            ("paris", audit(paris, *THERE)),
            ("rome", {"msg": "No connection to https://rome.example.org:9486: it did not answer within 30 seconds."}),
        ]
    servers = [{"name": name, "url": f"https://{name}.example.org:9486", "result": result} for name, result in results]
    return html(report_of(servers, "Audit of the telephone users", TIME, strict=False))


def hash_of(page: str) -> str:
    """Return what tells whether a page is another one."""
    return hashlib.sha256(page.encode()).hexdigest()


def photograph(page: Path, theme: str) -> bytes:
    """Return a picture of a page as Chromium shows it in a light or a dark theme."""
    from browser.conftest import started  # noqa: PLC0415  the page alone needs no browser, which not every environment has

    with tempfile.TemporaryDirectory() as profile, started(Path(profile)) as driver:
        features = [{"name": "prefers-color-scheme", "value": theme}]
        driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
        driver.execute_cdp_cmd("Emulation.setTimezoneOverride", {"timezoneId": "UTC"})
        driver.execute_cdp_cmd("Emulation.setScrollbarsHidden", {"hidden": True})
        size = {"width": WIDTH, "height": HEIGHT, "deviceScaleFactor": 1, "mobile": False}
        driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        driver.get(page.as_uri())
        return base64.b64decode(driver.execute_cdp_cmd("Page.captureScreenshot", {})["data"])


def save(picture: Path, taken: bytes, page: str) -> None:
    """Write a picture with few colours, which makes it small, and with the hash of its page."""
    from PIL import Image, PngImagePlugin  # noqa: PLC0415  as above

    told = PngImagePlugin.PngInfo()
    told.add_text("page", hash_of(page))
    with Image.open(io.BytesIO(taken)) as image:
        image.convert("RGB").quantize(128, dither=Image.Dither.NONE).save(picture, optimize=True, pnginfo=told)


def main(arguments: list[str]) -> None:
    """Write the page to a file, or take the pictures of it."""
    page = example()
    if arguments[:1] == ["--page"]:
        Path(arguments[1]).write_text(page, encoding="utf-8")
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "audit.html"
        path.write_text(page, encoding="utf-8")
        for theme, picture in PICTURES.items():
            save(picture, photograph(path, theme), page)


if __name__ == "__main__":
    main(sys.argv[1:])
