"""The page in a real browser: Debian's Chromium, headless."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement

from .page_site import TOKEN, Site, row, served

SCRIPT = "<script>alert(1)</script>"
LONG = " ".join(["\u0414\u0435\u043f\u0430\u0440\u0442\u0430\u043c\u0435\u043d\u0442"] * 8)
DEPARTMENTS = {SCRIPT: (4, 3, 90), LONG: (2, 1, 55), "Sales": (10, 2, 70), None: (4, 0, None)}  # rows, completed, score of those
REPORT = b'{"data":[{"fio":"\xd0\x98\xd0\xb2\xd0\xb0\xd0\xbd\xd0\xbe\xd0\xb2"}]}'
PLAIN_HTTP = "statistics.example"  # not this machine's own name, so that browsers hold it to be less trustworthy


class Visitor:
    """A browser, and what it complained about."""

    def __init__(self, driver: webdriver.Chrome) -> None:
        self.driver = driver

    def find(self, selector: str) -> WebElement:
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def text(self, selector: str = "body") -> str:
        return self.find(selector).text

    def wait(self, what: Callable[[], Any], seconds: float = 10) -> None:
        ends = time.monotonic() + seconds
        while True:
            try:
                if what():
                    return
            except Exception:  # the element is not there, or not any more
                pass
            assert time.monotonic() < ends, self.text()
            time.sleep(0.1)

    def sign_in(self, url: str, token: str = TOKEN) -> None:
        self.driver.get(url)
        self.find("#token").send_keys(token, Keys.ENTER)

    def complaints(self) -> list[str]:
        ignored = "Cross-Origin-Opener-Policy header has been ignored"  # as it is on plain HTTP
        return [entry["message"] for entry in self.driver.get_log("browser") if ignored not in entry["message"]]


@pytest.fixture(scope="module")
def downloads(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("downloads")


@pytest.fixture(scope="module")
def driver(downloads: Path) -> Iterator[webdriver.Chrome]:
    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium") or "chromium"
    options.add_argument("--headless=new")
    options.add_argument("--disable-dev-shm-usage")
    options.add_argument(f"--host-resolver-rules=MAP {PLAIN_HTTP} 127.0.0.1")
    options.add_argument("--no-sandbox")  # root and containers have none, and only our own page is opened
    options.add_experimental_option("prefs", {"download.default_directory": str(downloads)})
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options, Service(shutil.which("chromedriver")))
    yield driver
    driver.quit()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with served(tmp_path_factory.mktemp("site"), "company-7") as site:
        yield site


@pytest.fixture(scope="module")
def report(site: Site) -> int:
    rows = [
        row(name, 1606827121 if number < completed else None, score if number < completed else None)
        for name, (count, completed, score) in DEPARTMENTS.items()
        for number in range(count)
    ]
    return site.completed(rows, problems=[SCRIPT, "row 7: user_id must be an integer"], report=REPORT)


@pytest.fixture
def stranger(driver: webdriver.Chrome) -> Iterator[Visitor]:
    """Without a session. The browser must find nothing to complain about in the end."""
    driver.get("about:blank")
    driver.execute_cdp_cmd("Network.clearBrowserCookies", {})
    driver.get_log("browser")
    visitor = Visitor(driver)
    yield visitor
    assert visitor.complaints() == []


@pytest.fixture
def visitor(stranger: Visitor, site: Site) -> Visitor:
    stranger.sign_in(site.url)
    stranger.wait(lambda: stranger.text("h1") == "Reports")
    return stranger


def test_the_token_is_typed_in_and_opens_the_page(stranger: Visitor, site: Site) -> None:
    stranger.sign_in(site.url, "wrong-token-of-nobody")
    stranger.wait(lambda: stranger.text("[role=alert]") == "This is not the access token.")
    assert [message for message in stranger.complaints() if "401" not in message] == []

    stranger.find("#token").send_keys(TOKEN, Keys.ENTER)
    stranger.wait(lambda: stranger.text("h1") == "Reports")
    assert stranger.driver.current_url == site.url

    stranger.find("header button").click()
    stranger.wait(lambda: stranger.text("h1") == "Sign in")
    stranger.driver.get(site.url)
    assert stranger.text("h1") == "Sign in"


def test_works_on_plain_http_where_browsers_do_not_tell_who_sends_a_form(stranger: Visitor, site: Site) -> None:
    stranger.sign_in(f"http://{PLAIN_HTTP}:{urlsplit(site.url).port}/")

    stranger.wait(lambda: stranger.text("h1") == "Reports")
    stranger.find("header button").click()
    stranger.wait(lambda: stranger.text("h1") == "Sign in")


def test_refreshes_by_itself_and_leaves_open_what_the_visitor_opened(visitor: Visitor, site: Site, report: int) -> None:
    visitor.driver.refresh()
    visitor.find(f"#problems-{report} summary").click()
    visitor.driver.execute_script(f"window.sameWindow = document.getElementById('task-{report}')")

    with site.running() as task:
        task.progress(250, 1000)
        visitor.wait(lambda: "250 of 1,000 rows" in visitor.text(f"#running-{task.id}"))
        assert visitor.find("progress").get_property("position") == 0.25
        assert visitor.driver.title == "Running: Training statistics"
        task.progress(750, 1000)
        visitor.wait(lambda: "750 of 1,000 rows" in visitor.text(f"#running-{task.id}"))
        task.fail()
    visitor.wait(lambda: "Failed" in visitor.text(f"#task-{task.id}"))

    assert not visitor.driver.find_elements(By.CLASS_NAME, "running")
    assert visitor.find(f"#problems-{report}").get_property("open") is True
    assert visitor.driver.execute_script(f"return window.sameWindow === document.getElementById('task-{report}')")


def test_stays_as_it_is_while_the_visitor_wants_a_pause(visitor: Visitor, site: Site) -> None:
    visitor.driver.refresh()
    with site.running() as task:
        visitor.wait(lambda: visitor.find(f"#running-{task.id}"))
        visitor.find("#pause").click()
        task.fail()
    time.sleep(3)  # more than one refresh
    assert "Running" in visitor.text(f"#running-{task.id}")
    assert visitor.find("#pause").get_attribute("aria-pressed") == "true"
    assert visitor.text("#freshness") == "This page stays as it is."

    visitor.find("#pause").click()
    visitor.wait(lambda: "Failed" in visitor.text(f"#task-{task.id}"))
    assert visitor.find("#pause").get_attribute("aria-pressed") == "false"
    assert visitor.text("#freshness") == "This page refreshes by itself."


def test_the_summary_appears_when_the_report_is_finished(visitor: Visitor, site: Site) -> None:
    with site.running() as task:
        visitor.driver.get(f"{site.url}reports/{task.id}")
        assert "The summary appears here" in visitor.text()
        site.note(task, [row("Sales", 1606827121, 70)])
        task.finish()

    visitor.wait(lambda: "1 of 1" in visitor.text("#completion"))
    assert "refreshes by itself" not in visitor.text()


def test_a_visitor_whose_session_has_ended_comes_to_the_form(visitor: Visitor) -> None:
    visitor.driver.execute_cdp_cmd("Network.clearBrowserCookies", {})

    visitor.wait(lambda: visitor.text("h1") == "Sign in")


def test_downloads_the_bytes_of_the_report(visitor: Visitor, report: int, downloads: Path) -> None:
    visitor.driver.refresh()
    visitor.find(f"#task-{report} .button").click()

    visitor.wait(lambda: (downloads / f"trainings-{report}.json").read_bytes() == REPORT)


def test_a_script_for_a_name_is_text(visitor: Visitor, site: Site, report: int) -> None:
    visitor.driver.refresh()
    visitor.find(f"#problems-{report} summary").click()
    assert SCRIPT in visitor.text(f"#problems-{report}")

    visitor.driver.get(f"{site.url}reports/{report}")
    assert SCRIPT in visitor.text("#completion")
    assert SCRIPT in visitor.text("#scores")


def test_the_charts_have_the_numbers_as_text_and_bars_of_their_length(visitor: Visitor, site: Site, report: int) -> None:
    visitor.driver.get(f"{site.url}reports/{report}")

    def table(chart: str) -> list[list[str]]:
        rows = visitor.driver.find_elements(By.CSS_SELECTOR, f"#{chart} tbody tr")
        return [[cell.text for cell in row.find_elements(By.CSS_SELECTOR, "th, td:not(.picture)")] for row in rows]

    assert table("completion") == [
        ["All", "30%", "6 of 20"],
        [SCRIPT, "75%", "3 of 4"],
        [LONG, "50%", "1 of 2"],
        ["Sales", "20%", "2 of 10"],
        ["No department", "0%", "0 of 4"],
    ]
    assert table("scores") == [
        ["All", "77.5", "70\u201390", "6"], [SCRIPT, "90.0", "90\u201390", "3"], ["Sales", "70.0", "70\u201370", "2"], [LONG, "55.0", "55\u201355", "1"]
    ]
    for bar, share in zip(visitor.driver.find_elements(By.CSS_SELECTOR, "#completion .bar"), (0.3, 0.75, 0.5, 0.2, 0)):
        track, value = (bar.find_element(By.CLASS_NAME, part).rect["width"] for part in ("track", "value"))
        assert track > 50
        assert value == pytest.approx(track * share, abs=1.5)
    for bar, mean in zip(visitor.driver.find_elements(By.CSS_SELECTOR, "#scores .bar"), (0.775, 0.9, 0.7, 0.55)):
        track, point = (bar.find_element(By.CLASS_NAME, part).rect for part in ("track", "mean"))
        assert point["x"] + point["width"] / 2 == pytest.approx(track["x"] + track["width"] * mean, abs=1.5)

    visitor.find("#timeline summary").click()
    months = [line.text for line in visitor.driver.find_elements(By.CSS_SELECTOR, ".numbers tbody tr")]
    assert months == [*(line for line in months if line.endswith(" 0")), "Dec 2020 6"]
    assert len(months) == 12
    assert "6 in all, most in Dec 2020 (6)" in (visitor.find("desc").get_attribute("textContent") or "")


def test_times_are_in_the_visitors_zone_and_say_so(visitor: Visitor, site: Site, report: int) -> None:
    started = site.tasks.state(report)["started"]
    visitor.driver.execute_cdp_cmd("Emulation.setTimezoneOverride", {"timezoneId": "Asia/Yekaterinburg"})
    try:
        visitor.driver.refresh()
        assert visitor.text("#zone") == "your time zone, Asia/Yekaterinburg"
        there = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(started + 5 * 3600))
        assert visitor.text(f"#task-{report} time") == there
        time.sleep(2.5)  # a refresh
        assert visitor.text(f"#task-{report} time") == there
    finally:
        visitor.driver.execute_cdp_cmd("Emulation.setTimezoneOverride", {"timezoneId": ""})


def test_works_without_scripts(stranger: Visitor, site: Site, report: int) -> None:
    stranger.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        stranger.sign_in(site.url)
        stranger.wait(lambda: stranger.text("h1") == "Reports")
        assert stranger.text("#zone") == "UTC"
        assert stranger.find("meta[http-equiv=refresh]").get_dom_attribute("content") == "30"
        assert not stranger.find("#pause").is_displayed()
        stranger.driver.get(f"{site.url}reports/{report}")
        assert "6 of 20" in stranger.text("#completion")
    finally:
        stranger.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


def test_fits_into_any_width(visitor: Visitor, site: Site, report: int) -> None:
    failed = site.failed()
    try:
        with site.running() as task:
            task.progress(123456789, 987654321)
            for path in ("", f"reports/{report}", f"reports/{task.id}", f"reports/{failed}"):
                visitor.driver.get(site.url + path)
                visitor.driver.execute_script("for (const details of document.querySelectorAll('details')) details.open = true")
                for width in range(320, 1300, 70):
                    screen = {"width": width, "height": 740, "deviceScaleFactor": 1, "mobile": width < 500}
                    visitor.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)
                    shape = "const page = document.documentElement; return [page.scrollWidth, page.clientWidth]"
                    needed, there = visitor.driver.execute_script(shape)
                    assert needed <= there <= width, (path, width)
            task.fail()
    finally:
        visitor.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


@pytest.mark.parametrize("width", [390, 600])
@pytest.mark.parametrize("chart", ["completion", "scores"])
def test_the_numbers_stand_below_their_headings_on_a_phone(visitor: Visitor, site: Site, report: int, chart: str, width: int) -> None:
    def right_edges(cells: str) -> list[int]:
        found = visitor.driver.find_elements(By.CSS_SELECTOR, f"#{chart} {cells}:not(.tests)")
        assert all(cell.text for cell in found)
        return [round(cell.rect["x"] + cell.rect["width"]) for cell in found]

    screen = {"width": width, "height": 740, "deviceScaleFactor": 1, "mobile": True}
    visitor.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)
    try:
        visitor.driver.get(f"{site.url}reports/{report}")
        headings = right_edges("thead th.number")
        rows = len(visitor.driver.find_elements(By.CSS_SELECTOR, f"#{chart} tbody tr"))
        assert len(headings) == 2
        assert right_edges("tbody td.number") == headings * rows
        lines = "return [...document.querySelectorAll(arguments[0])].filter((part) => getComputedStyle(part).display !== 'contents'"
        lines += " && getComputedStyle(part).borderWidth !== '0px').map((part) => part.parentNode.className)"
        assert visitor.driver.execute_script(lines, f"#{chart} table *") == ["all"]
    finally:
        visitor.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def test_every_column_of_a_chart_has_a_heading_to_be_read_aloud(visitor: Visitor, site: Site, report: int) -> None:
    visitor.driver.get(f"{site.url}reports/{report}")

    headings = [heading.accessible_name for heading in visitor.driver.find_elements(By.CSS_SELECTOR, ".chart [role=columnheader]")]
    assert headings == [
        *("Department", "Share completed, drawn", "Completed", "Rows"),
        *("Department", "Mean and middle half, drawn", "Mean", "Middle half", "Tests"),
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_in_light_and_dark(visitor: Visitor, site: Site, report: int, scheme: str) -> None:
    visitor.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": scheme}]})
    try:
        visitor.driver.get(f"{site.url}reports/{report}")
        grounds = [colour(visitor.find(selector), "background-color") for selector in ("body", ".chart")]
        assert all((luminance(ground) < 0.2) == (scheme == "dark") for ground in grounds)
        for selector in ("h1", ".note", ".back a", ".state", "#completion td.muted", ".unnamed", "summary"):
            ink = luminance(colour(visitor.find(selector), "color"))
            for ground in map(luminance, grounds):
                assert (max(ink, ground) + 0.05) / (min(ink, ground) + 0.05) >= 4.5, selector  # WCAG 2, AA
    finally:
        visitor.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})


def colour(element: WebElement, name: str) -> list[float]:
    return [float(part) / 255 for part in element.value_of_css_property(name).partition("(")[2].strip(")").split(",")[:3]]


def luminance(parts: list[float]) -> float:
    """Relative, of sRGB, as WCAG 2 defines it."""
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
