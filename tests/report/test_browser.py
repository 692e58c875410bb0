"""The page in a real browser: nothing overflows, nothing complains, the slider moves."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from replant.report import Report, render_html

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def address(firm_report: Report, tmp_path_factory: pytest.TempPathFactory) -> str:
    path: Path = tmp_path_factory.mktemp("page") / "report.html"
    path.write_text(render_html(firm_report), encoding="utf-8")
    return path.as_uri()


@pytest.mark.parametrize("width", [1440, 900, 500])
def test_nothing_is_wider_than_the_window(browser: Any, address: str, width: int) -> None:
    browser.set_window_size(width, 1000)
    browser.get(address)
    script = "return [document.documentElement.scrollWidth, window.innerWidth]"
    whole, window = browser.execute_script(script)
    assert whole <= window
    assert browser.get_log("browser") == []


def test_the_slider_recolours_the_map(browser: Any, address: str) -> None:
    browser.set_window_size(1440, 1000)
    browser.get(address)
    states = (
        "return [...document.querySelectorAll('.big [data-states]')]"
        ".map(dot => dot.getAttribute('class'))"
    )
    last = browser.execute_script(states)
    browser.execute_script(
        "const s = document.getElementById('when'); s.value = 0;"
        "s.dispatchEvent(new Event('input'));"
    )
    first = browser.execute_script(states)
    assert first != last
    assert "FY25Q1" in browser.execute_script("return document.getElementById('says').textContent")


def test_a_line_of_the_accounts_opens_its_entries(browser: Any, address: str) -> None:
    from selenium.webdriver.support.ui import WebDriverWait

    browser.get(address)
    browser.execute_script("document.querySelector('a[href^=\"#entries-1-\"]').click()")
    opened = (
        "const row = document.getElementById(location.hash.slice(1));"
        "return row !== null && row.closest('details').open"
    )
    # the page hears of the new address when the browser comes to it
    WebDriverWait(browser, 60).until(lambda page: page.execute_script(opened))


def test_names_of_plants_stay_inside_the_map(browser: Any, address: str) -> None:
    browser.set_window_size(1440, 1000)
    browser.get(address)
    outside = browser.execute_script(
        "const box = document.querySelector('.big').getBoundingClientRect();"
        "return [...document.querySelectorAll('.big text')].filter(t => {"
        "const b = t.getBoundingClientRect(); return b.right > box.right + 1 || b.left < box.left})"
        ".length"
    )
    assert outside == 0
