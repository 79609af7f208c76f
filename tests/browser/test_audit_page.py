# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The HTML report in a real browser: it works, and what is in it stays text."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webdriver import WebDriver
from selenium.webdriver.support.ui import Select

from ansible_collections.xivo.confd.plugins.module_utils._reports.audit import report_of
from ansible_collections.xivo.confd.plugins.plugin_utils._audit_page import html

MANY, MOST = 2_000, 500
"""How many findings are on a page, and how many of them are shown until somebody asks for all."""
HOSTILE = "<script>document.title='taken'</script><img src=x onerror=\"document.title='taken'\">\"'"


def entry(index: int, name: str, status: str, *differences: tuple[str, Any, Any], **more: Any) -> dict[str, Any]:
    rows = [{"object": f"user {name}", "field": each[0], "wanted": each[1], "found": each[2]} for each in differences]
    label = f"{name} (12{index:02}@default)"
    return {"index": index, "label": label, "name": name, "status": status, "changes": [], "differences": rows, **more}


def report() -> dict[str, Any]:
    first = [
        entry(0, "Zoé Müller", "updated", ("language", "fr_FR", None), ("exten", "1200", "1300")),
        entry(1, "Ada Lovelace", "updated", ("exten", "900", "1201")),
        entry(2, HOSTILE, "created", ("state", "present", "absent")),
        entry(3, "Bob", "failed", error=f"{HOSTILE} has it. " * 20),
        entry(4, "Cher", "unchanged", beyond=[{"object": "forwards", "field": "busy.enabled", "found": True}]),
        entry(5, "Wo" * 100, "updated", ("description", "x" * 300, "y" * 300)),
    ]
    unmanaged = [{"user_id": 7, "name": "Eve", "userfield": None, "exten": "1299", "context": "default"}]
    servers = [
        {"name": "pbx1", "url": "https://pbx1:9486", "result": {"results": first, "unmanaged": unmanaged}},
        {"name": "pbx2", "url": None, "result": {"results": [entry(0, "Cher", "unchanged")]}},
        {"name": HOSTILE, "url": None, "result": {"msg": f"No connection {HOSTILE}"}},
    ]
    made: dict[str, Any] = report_of(servers, f"Audit {HOSTILE}", "2026-11-23T08:00:00Z", strict=False)
    return made


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("audit") / "audit.html"
    path.write_text(html(report()), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page with more findings than are shown at once."""
    user = {"name": "Eve", "userfield": None, "exten": None, "context": None}
    unmanaged = [{**user, "user_id": at, "name": f"Eve {at}"} for at in range(MANY)]
    result = {"results": [entry(0, "Cher", "unchanged")], "unmanaged": unmanaged}
    server = {"name": "pbx", "url": None, "result": result}
    path = tmp_path_factory.mktemp("many") / "audit.html"
    path.write_text(html(report_of([server], "Audit", "2026-11-23T08:00:00Z", strict=False)), encoding="utf-8")
    return path


@pytest.fixture
def driver(browser: Any, page: Path) -> WebDriver:
    opened: WebDriver = browser.open(page)
    return opened


def column(driver: WebDriver, name: str) -> list[str]:
    """The texts of a column of the findings, of the rows that are shown. The browser is asked once for all of them."""
    cells = f"document.querySelectorAll('#findings tbody tr:not([hidden]) td[data-label={name}]')"
    texts = f"[...{cells}].map(each => each.checkVisibility() ? each.innerText.trim() : '')"
    return [str(text) for text in driver.execute_script(f"return {texts}")]


def sort_by(driver: WebDriver, name: str) -> str | None:
    button = driver.find_element(By.XPATH, f"//table[@id='findings']//th/button[text()='{name}']")
    button.click()
    return button.find_element(By.XPATH, "..").get_attribute("aria-sort")


@contextmanager
def emulated(driver: WebDriver, command: str, settings: dict[str, Any], neutral: dict[str, Any]) -> Iterator[None]:
    """Let the browser believe something, and no longer at the end."""
    driver.execute_cdp_cmd(command, settings)
    try:
        yield
    finally:
        driver.execute_cdp_cmd(command, neutral)


def overflow(driver: WebDriver) -> int:
    return int(driver.execute_script("return document.documentElement.scrollWidth - window.innerWidth"))


def test_it_renders_without_complaints(driver: WebDriver, browser: Any) -> None:
    assert browser.complaints() == []
    assert driver.find_element(By.TAG_NAME, "h1").text == f"Audit {HOSTILE}"
    assert driver.find_element(By.CSS_SELECTOR, ".donut text").text == "28.5%"
    assert len(driver.find_elements(By.CSS_SELECTOR, "#servers tbody tr")) == 3
    assert driver.find_element(By.ID, "findings-count").text == "9 of 9 findings"
    assert overflow(driver) <= 0
    assert driver.execute_script("const {parentElement: e} = servers; return e.scrollWidth - e.clientWidth") == 0


def test_hostile_names_stay_text(driver: WebDriver) -> None:
    assert driver.title == f"Audit {HOSTILE}"
    assert f"{HOSTILE} (1202@default)" in column(driver, "person")
    assert driver.find_elements(By.CSS_SELECTOR, "main script, main img, [onerror]") == []


def test_nothing_is_loaded_and_no_other_script_runs(driver: WebDriver, browser: Any) -> None:
    assert driver.execute_script("return performance.getEntriesByType('resource').length") == 0
    driver.execute_script(
        "document.body.append(Object.assign(document.createElement('script'), {text: 'window.ran = 1'}))"
    )

    assert driver.execute_script("return window.ran") is None
    assert any("Content Security Policy" in text for text in browser.complaints())


def test_sorting(driver: WebDriver) -> None:
    assert sort_by(driver, "person") == "ascending"
    people = column(driver, "person")
    assert people.index("Ada Lovelace (1201@default)") < people.index("Eve") < people.index("Zoé Müller (1200@default)")
    assert sort_by(driver, "person") == "descending"
    assert column(driver, "person")[0] == "Zoé Müller (1200@default)"

    sort_by(driver, "wanted")
    wanted = column(driver, "wanted")
    assert wanted.index("900") < wanted.index("1200")
    assert len(driver.find_elements(By.CSS_SELECTOR, "#findings [aria-sort]")) == 1


def test_sorting_by_keyboard(driver: WebDriver) -> None:
    button = driver.find_element(By.XPATH, "//table[@id='findings']//th/button[text()='person']")
    button.send_keys(Keys.ENTER)

    assert button.find_element(By.XPATH, "..").get_attribute("aria-sort") == "ascending"


def test_filtering(driver: WebDriver) -> None:
    search = driver.find_element(By.ID, "findings-search")
    search.send_keys("zoe language")
    assert column(driver, "person") == ["Zoé Müller (1200@default)"]
    assert driver.find_element(By.ID, "findings-count").text == "1 of 9 findings"

    search.send_keys(" nobody")
    assert column(driver, "person") == []
    assert driver.find_element(By.ID, "findings-nothing").is_displayed()

    search.clear()
    search.send_keys(" ")
    Select(driver.find_element(By.ID, "findings-kind")).select_by_visible_text("unmanaged")
    assert column(driver, "person") == ["Eve"]
    Select(driver.find_element(By.ID, "findings-kind")).select_by_visible_text("beyond the file")
    assert (column(driver, "person"), column(driver, "wanted")) == (["Cher (1204@default)"], ["not mentioned"])
    Select(driver.find_element(By.ID, "findings-kind")).select_by_visible_text("all")
    Select(driver.find_element(By.ID, "findings-server")).select_by_visible_text(HOSTILE)
    assert column(driver, "finding") == ["not audited"]


def test_a_server_leads_to_its_findings_and_back(driver: WebDriver) -> None:
    driver.find_element(By.ID, "findings-search").send_keys("zoe")

    driver.find_element(By.CSS_SELECTOR, "#server-2 th a").click()
    assert set(column(driver, "server")) == {"pbx1"}
    assert driver.find_element(By.ID, "findings-count").text == "8 of 9 findings"
    assert driver.switch_to.active_element.text == "Findings"

    driver.find_element(By.CSS_SELECTOR, "#server-2 a[data-kind=different]").click()
    assert set(column(driver, "finding")) == {"different"}
    driver.find_element(By.CSS_SELECTOR, "#kind-conflict a").click()
    assert set(column(driver, "finding")) == {"conflict"}

    driver.find_element(By.CSS_SELECTOR, "#findings tbody a[href='#server-2']").click()
    assert driver.execute_script("return document.querySelector(':target').id") == "server-2"


def test_times_are_those_of_the_reader(browser: Any, page: Path) -> None:
    with emulated(browser.driver, "Emulation.setTimezoneOverride", {"timezoneId": "Asia/Tokyo"}, {"timezoneId": ""}):
        time = browser.open(page).find_element(By.CSS_SELECTOR, "header time")
        assert time.text == "23 November 2026 at 17:00 GMT+9"
        assert time.get_attribute("title") == "2026-11-23 08:00 UTC"


def test_no_number_is_broken(driver: WebDriver) -> None:
    """However narrow the window is."""
    for width in (390, 800, 1280):
        driver.set_window_size(width, 900)
        heights = "return [...document.querySelectorAll('.whole')].map((each) => each.getClientRects().length)"
        assert set(driver.execute_script(heights)) == {1}


def test_without_the_script_every_finding_is_there(browser: Any, many: Path) -> None:
    never = {"value": True}
    with emulated(browser.driver, "Emulation.setScriptExecutionDisabled", never, {"value": False}):
        driver = browser.open(many)
        assert driver.find_element(By.CSS_SELECTOR, "header time").text == "2026-11-23 08:00 UTC"
        assert not driver.find_element(By.ID, "findings-filters").is_displayed()
        assert driver.find_element(By.CSS_SELECTOR, "#findings tbody tr:last-child").is_displayed()


def test_many_findings_are_shown_on_request(browser: Any, many: Path) -> None:
    driver = browser.open(many)
    assert len(column(driver, "person")) == MOST
    sort_by(driver, "person")
    sort_by(driver, "person")
    assert column(driver, "person")[0] == f"Eve {MANY - 1}"

    driver.execute_script("window.dispatchEvent(new Event('beforeprint'))")
    assert len(column(driver, "person")) == MANY
    driver.execute_script("window.dispatchEvent(new Event('afterprint'))")
    assert len(column(driver, "person")) == MOST

    driver.find_element(By.CSS_SELECTOR, ".scroll + .more").click()
    assert len(driver.find_elements(By.CSS_SELECTOR, "#findings tbody tr")) == MANY
    assert overflow(driver) <= 0
    left = "return [...document.querySelectorAll('#findings tr:first-child > :nth-child(3)')].map((e) => e.offsetLeft)"
    assert len(set(driver.execute_script(left))) == 1


def test_a_telephone_shows_it_whole(browser: Any, page: Path) -> None:
    driver = browser.open(page)
    metrics = {"width": 400, "height": 800, "deviceScaleFactor": 2, "mobile": True}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    try:
        assert overflow(driver) <= 0
        assert driver.find_element(By.CSS_SELECTOR, "#findings td").value_of_css_property("display") == "grid"
        assert sort_by(driver, "person") == "ascending"
    finally:
        driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def test_paper_has_all_findings_and_no_controls(driver: WebDriver) -> None:
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    try:
        assert not driver.find_element(By.ID, "findings-filters").is_displayed()
        assert driver.find_element(By.CSS_SELECTOR, "#findings thead").value_of_css_property("display") == (
            "table-header-group"
        )
        pdf = base64.b64decode(driver.execute_cdp_cmd("Page.printToPDF", {"preferCSSPageSize": True})["data"])
        assert pdf.startswith(b"%PDF-")
    finally:
        driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
