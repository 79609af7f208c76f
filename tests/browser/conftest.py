# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A headless Chromium. Without one these tests are left out, or fail if TEST_BROWSER=required."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.remote.webdriver import WebDriver

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--window-size=1280,1100",
)


@contextmanager
def started(profile: Path) -> Iterator[WebDriver]:
    """Run a Chromium with a profile of its own. Raises FileNotFoundError if there is none, or no driver of it."""
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    driver = shutil.which("chromedriver")
    if not browser or not driver:
        raise FileNotFoundError("There is no chromium with chromedriver here.")
    options = webdriver.ChromeOptions()
    options.binary_location = browser
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    for flag in (*FLAGS, f"--user-data-dir={profile}"):
        options.add_argument(flag)
    chromium = webdriver.Chrome(options=options, service=Service(driver))
    try:
        yield chromium
    finally:
        chromium.quit()


@pytest.fixture(scope="session")
def _driver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebDriver]:
    try:
        with started(tmp_path_factory.mktemp("profile")) as driver:
            yield driver
    except FileNotFoundError as error:
        text = f"No page was tried in a browser: {error}"
        pytest.fail(text) if os.environ.get("TEST_BROWSER") == "required" else pytest.skip(text)


class Browser:
    """Opens pages, and knows what they complained about."""

    def __init__(self, driver: WebDriver) -> None:
        self.driver = driver

    def open(self, page: Path) -> WebDriver:
        self.driver.set_window_size(1280, 1100)
        self.driver.get(page.as_uri())
        return self.driver

    def complaints(self) -> list[str]:
        return [str(entry["message"]) for entry in self.driver.get_log("browser")]


@pytest.fixture
def browser(_driver: WebDriver) -> Browser:
    return Browser(_driver)
