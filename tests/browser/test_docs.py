# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The documentation that `make docs` built, on a desk and on a telephone. `make test` builds it first."""

from __future__ import annotations

from pathlib import Path

import pytest

from browser.conftest import Browser

HTML = Path(__file__).resolve().parents[2] / ".cache" / "docs" / "html"
WIDTHS = (1280, 400)
BROUGHT_ALONG = """
return performance.getEntriesByType("resource").map(entry => entry.name).filter(name => !name.startsWith("file:"))
"""


def pages() -> list[Path]:
    if not (HTML / "index.html").exists():
        pytest.skip("The documentation was not built: make docs.")
    return sorted(path for path in HTML.rglob("*.html") if "_static" not in path.parts)


@pytest.mark.parametrize("width", WIDTHS)
def test_pages_fit_narrow_windows_and_load_nothing_external(width: int, browser: Browser) -> None:
    wide, foreign = [], []
    for page in pages():
        driver = browser.open(page)
        driver.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride",
            {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600},
        )
        root = "document.documentElement"
        needed, there = driver.execute_script(f"return [{root}.scrollWidth, {root}.clientWidth]")
        wide += [page.name] if needed > there else []
        foreign += driver.execute_script(BROUGHT_ALONG)
    driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    assert (wide, foreign) == ([], [])
    assert browser.complaints() == []
