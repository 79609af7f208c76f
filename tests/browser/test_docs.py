# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The documentation that `make docs` built, on a desk and on a telephone. `make test` builds it first."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webdriver import WebDriver

from browser.conftest import Browser

HTML = Path(__file__).resolve().parents[2] / ".cache" / "docs" / "html"
WIDTHS = (1280, 390)
FIT = """
const {scrollWidth, clientWidth} = document.documentElement;
const loaded = performance.getEntriesByType("resource").map(entry => entry.name);
return [scrollWidth, clientWidth, loaded.filter(name => !name.startsWith("file:"))];
"""
"""[how wide a page is, how wide the window is, the addresses of what does not come with the page]"""
HINTS = """
return [...document.querySelectorAll("article .table-wrapper, article figure")].map(each =>
    [each.scrollWidth > each.clientWidth, !each.previousElementSibling.hidden, each.tabIndex === 0])
"""
CONTRASTS = """
const channel = value => (value /= 255) <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
const light = ([red, green, blue]) => 0.2126 * channel(red) + 0.7152 * channel(green) + 0.0722 * channel(blue);
const colour = text => text.match(/[0-9.]+/g).map(Number);
const behind = element => {
    const found = colour(getComputedStyle(element).backgroundColor);
    return found.length === 3 || !element.parentElement ? found : behind(element.parentElement);
};
return [...document.querySelectorAll("article p, article td p span, article th p, article li, article a")].map(each => {
    const [low, high] = [light(colour(getComputedStyle(each).color)), light(behind(each))].sort((a, b) => a - b);
    return [(high + 0.05) / (low + 0.05), each.textContent];
}).filter(([contrast, text]) => contrast < 4.5 && text.trim());
"""


def pages() -> list[Path]:
    if not (HTML / "index.html").exists():
        pytest.skip("The documentation was not built: make docs.")
    return sorted(path for path in HTML.rglob("*.html") if "_static" not in path.parts)


def emulate(browser: Browser, width: int, theme: str = "light") -> None:
    """Give the window a width, as that of a telephone if it is narrow, and the reader a theme."""
    size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600}
    browser.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    features = [{"name": "prefers-color-scheme", "value": theme}]
    browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})


@pytest.fixture
def page(browser: Browser) -> Iterator[Callable[..., WebDriver]]:
    """Opens a page of the site in a window of a width, in a theme."""
    pages()

    def opened(name: str, width: int, theme: str = "light") -> WebDriver:
        emulate(browser, width, theme)
        browser.driver.get((HTML / name).as_uri())
        return browser.driver

    yield opened
    browser.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})


def test_pages_fit_narrow_windows_and_load_nothing_external(browser: Browser) -> None:
    """Each page is loaded once, on a telephone, and then seen in a wide window too."""
    wide, foreign = [], []
    for page in pages():
        emulate(browser, min(WIDTHS))
        browser.driver.get(page.as_uri())
        for width in sorted(WIDTHS):
            emulate(browser, width)
            needed, there, loaded = browser.driver.execute_script(FIT)
            wide += [(page.name, width)] if needed > there else []
            foreign += loaded
    browser.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    assert (wide, foreign) == ([], [])
    assert browser.complaints() == []


@pytest.mark.parametrize("name", ["guides/how_it_works.html", "guides/comparison.html"])
def test_what_scrolls_on_a_telephone_says_so(name: str, page: Callable[..., WebDriver]) -> None:
    narrow = page(name, 390).execute_script(HINTS)
    wide = page(name, 1280).execute_script(HINTS)

    assert [scrolls for scrolls, _hint, _focus in narrow].count(True) > 0
    assert [each for each in narrow if len(set(each)) != 1] == []
    assert [each for each in wide if any(each)] == []


def test_options_fit_a_telephone(page: Callable[..., WebDriver]) -> None:
    tables = page("reference/confd_provisioned_users_module.html", 390).execute_script(HINTS)

    assert len(tables) == 3
    assert [each for each in tables if any(each)] == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_texts_can_be_read_in_both_themes(theme: str, page: Callable[..., WebDriver]) -> None:
    for name in ("index.html", "reference/confd_user_module.html", "reference/connection_options.html"):
        for width in WIDTHS:
            assert page(name, width, theme).execute_script(CONTRASTS) == []


def test_links_to_connection_options_lead_to_their_page(page: Callable[..., WebDriver]) -> None:
    driver = page("reference/confd_user_module.html", 1280)
    links = driver.find_elements(By.CSS_SELECTOR, "#connection-options a.reference")

    assert driver.find_elements(By.ID, "parameter-confd_url") == []
    assert {str(link.get_attribute("href")).split("/")[-1].partition("#")[0] for link in links} == {
        "connection_options.html"
    }
    assert len(links) > 10
