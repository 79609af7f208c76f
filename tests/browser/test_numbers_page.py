# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The pages of numbers in a real browser: sorted, filtered, narrow, dark, on paper, and with ten thousand rows."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webdriver import WebDriver
from selenium.webdriver.support.ui import Select

from ansible_collections.xivo.confd.plugins.module_utils._reports.numbers import report_of
from ansible_collections.xivo.confd.plugins.plugin_utils._numbers_page import numbers_page, staff_page
from support.number_rows import HOSTILE, TIME, free, number_row, numbers, phone

MANY = 10_000
MOST = 500
"""How many rows are shown until somebody asks for all."""


def report() -> dict[str, Any]:
    first = numbers(
        "pbx1",
        number_row("1200", "Zoé Müller"),
        number_row("999", "Ada Lovelace"),
        number_row("10000", f"Eve {HOSTILE}"),
        number_row("1300", "Sales", used_by="group", people=[], object_id="3"),
        number_row("1301", used_by="nothing", disabled=True),
        number_row("2200", "Zoé Müller", "from-extern", type="incall"),
        contexts=[free("1201", "1299"), free("0300000000", "0399999999", "from-extern", type="incall")],
        devices=[phone("00:08:5d:00:00:01", "1200", "Zoé Müller"), phone("00:08:5d:00:00:02", status="autoprov")],
        not_told=[f"the queues {HOSTILE}"],
    )
    second = numbers("pbx2", number_row("1200", "Bob Burton"), free_known=False)
    down = {"name": HOSTILE, "url": None, "result": {"msg": f"No connection {HOSTILE}"}}
    made: dict[str, Any] = report_of([first, second, down], f"Numbers {HOSTILE}", TIME)
    return made


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("numbers")
    (folder / "numbers.html").write_text(numbers_page(report()), encoding="utf-8")
    (folder / "staff.html").write_text(staff_page(report()), encoding="utf-8")
    rows = [number_row(str(10_000 + each), f"First{each} Last{each % 977}") for each in range(MANY)]
    many = report_of([numbers("pbx", *rows, contexts=[free("30000", "39999")])], "Many", TIME)
    (folder / "many.html").write_text(numbers_page(many), encoding="utf-8")
    return folder


@pytest.fixture
def driver(browser: Any, pages: Path) -> WebDriver:
    opened: WebDriver = browser.open(pages / "numbers.html")
    return opened


def column(driver: WebDriver, table: str, name: str) -> list[str]:
    """The texts of a column, of the rows that are shown."""
    script = "return [...document.querySelectorAll(arguments[0])].filter((e) => e.offsetParent).map((e) => e.innerText)"
    found: list[str] = driver.execute_script(script, f"#{table} tbody td[data-label='{name}']")
    return found


def sort_by(driver: WebDriver, table: str, name: str) -> None:
    driver.find_element(By.XPATH, f"//table[@id='{table}']//th/button[text()='{name}']").click()


def choose(driver: WebDriver, name: str, text: str) -> None:
    Select(driver.find_element(By.ID, name)).select_by_visible_text(text)


def overflow(driver: WebDriver) -> int:
    return int(driver.execute_script("return document.documentElement.scrollWidth - window.innerWidth"))


def test_it_renders_without_complaints(driver: WebDriver, browser: Any) -> None:
    assert browser.complaints() == []
    assert driver.title == f"Numbers {HOSTILE}"
    assert driver.find_elements(By.CSS_SELECTOR, "main script, main img, [onerror]") == []
    assert driver.execute_script("return performance.getEntriesByType('resource').length") == 0
    assert column(driver, "ranges", "next free") == ["1201", "0300000000"]
    assert HOSTILE in driver.find_element(By.ID, "failed").text
    assert "Not told by pbx1: the queues" in driver.find_element(By.ID, "untold").text
    assert "pbx2 does not tell its ranges" in driver.find_element(By.TAG_NAME, "main").text
    assert overflow(driver) <= 0


def test_numbers_are_sorted_as_numbers(driver: WebDriver) -> None:
    sort_by(driver, "numbers", "number")

    assert column(driver, "numbers", "number") == [
        "999",
        "1200",
        "1200",
        "1201\u20131299",
        "1300",
        "1301",
        "2200",
        "10000",
        "0300000000\u20130399999999",
    ]


def test_numbers_are_filtered(driver: WebDriver) -> None:
    driver.find_element(By.ID, "numbers-search").send_keys("zoe")
    assert column(driver, "numbers", "number") == ["1200", "2200"]
    choose(driver, "numbers-context", "from-extern")
    assert column(driver, "numbers", "number") == ["2200"]
    assert driver.find_element(By.ID, "numbers-count").text == "1 of 9 rows"

    driver.find_element(By.ID, "numbers-search").clear()
    choose(driver, "numbers-context", "all")
    choose(driver, "numbers-use", "free")
    assert column(driver, "numbers", "name") == ["99 numbers", "100,000,000 numbers"]
    choose(driver, "numbers-use", "nothing")
    assert column(driver, "numbers", "name") == ["turned off"]
    choose(driver, "numbers-server", "pbx2")
    assert driver.find_element(By.ID, "numbers-nothing").is_displayed()


def test_phones_have_filters_of_their_own(driver: WebDriver) -> None:
    choose(driver, "phones-status", "autoprov")

    assert column(driver, "phones", "MAC") == ["00:08:5d:00:00:02"]
    assert len(column(driver, "numbers", "number")) == 9


def test_ten_thousand_rows_stay_quick(browser: Any, pages: Path) -> None:
    driver = browser.open(pages / "many.html")
    assert len(column(driver, "numbers", "number")) == MOST
    assert driver.find_element(By.ID, "numbers-count").text == f"{MANY + 1} of {MANY + 1} rows"

    sort_by(driver, "numbers", "number")
    sort_by(driver, "numbers", "number")
    assert column(driver, "numbers", "number")[:2] == ["30000\u201339999", "19999"]
    driver.find_element(By.ID, "numbers-search").send_keys("last97")
    found = [each for each in range(MANY) if str(each % 977).startswith("97")]
    assert len(column(driver, "numbers", "number")) == len(found)
    assert not driver.find_element(By.CSS_SELECTOR, "#numbers-filters ~ .more, .scroll + .more").is_displayed()


def test_all_rows_are_shown_on_request(browser: Any, pages: Path) -> None:
    driver = browser.open(pages / "many.html")
    driver.find_element(By.ID, "numbers-search").send_keys("last1")
    button = driver.find_element(By.CSS_SELECTOR, ".scroll + .more")
    found = len([each for each in range(MANY) if str(each % 977).startswith("1")])
    assert (button.text, len(column(driver, "numbers", "number"))) == (f"Show all {found} rows", MOST)

    button.click()

    assert len(column(driver, "numbers", "number")) == found


def test_a_telephone_shows_it_whole(browser: Any, pages: Path) -> None:
    metrics = {"width": 400, "height": 800, "deviceScaleFactor": 2, "mobile": True}
    for name in ("numbers", "staff"):
        driver = browser.open(pages / f"{name}.html")
        driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
        try:
            assert overflow(driver) <= 0
            assert driver.find_element(By.CSS_SELECTOR, f"#{name} td").value_of_css_property("display") == "grid"
        finally:
            driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def test_it_is_dark_where_the_reader_wants_it(driver: WebDriver) -> None:
    dark = {"features": [{"name": "prefers-color-scheme", "value": "dark"}]}
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", dark)
    try:
        colours = driver.execute_script(
            "return ['body', '#numbers .free'].map((each) => getComputedStyle(document.querySelector(each)))"
            ".map(({color, backgroundColor}) => [color, backgroundColor])"
        )
        assert colours[0] == ["rgb(230, 235, 241)", "rgb(18, 24, 31)"]
        assert colours[1][0] == "rgb(125, 180, 240)"
    finally:
        driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})


def test_the_sheet_for_the_staff(browser: Any, pages: Path) -> None:
    driver = browser.open(pages / "staff.html")
    assert browser.complaints() == []
    names = column(driver, "staff", "name")
    assert [name.partition(",")[0] for name in names[1:]] == ["Burton", "Lovelace", "Müller", "Sales"]
    text = driver.find_element(By.TAG_NAME, "body").text
    assert "00:08" not in text
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    try:
        assert not driver.find_element(By.ID, "staff-filters").is_displayed()
        pdf = base64.b64decode(driver.execute_cdp_cmd("Page.printToPDF", {"preferCSSPageSize": True})["data"])
        assert pdf.startswith(b"%PDF-")
    finally:
        driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
