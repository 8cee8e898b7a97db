"""The page over HTTP: what stands on it, and what no name may do to it."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urljoin

import pytest
import trainstat.web.page

from .page_site import TOKEN, Parsed, Site, ask, row, served, sign_in

NASTY = [
    "<script>alert(1)</script>",
    "\"quoted\" 'names' & <b>",
    "line\u2028end",
    "\u05d3\u05d5\u05d3 \u05d4\u05de\u05dc\u05da",
    "\U0001f680",
    "</title></svg></details>",
    "{{ 7 * 7 }}",
]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with served(tmp_path_factory.mktemp("site"), NASTY[0] + " & \"S\u00f6hne\"") as site:
        yield site


@pytest.fixture(scope="module")
def visitor(site: Site) -> dict[str, str]:
    return {"Cookie": sign_in(site).cookie}


@pytest.fixture(scope="module")
def nasty(site: Site) -> int:
    """A report whose departments and problems bear the names above."""
    return site.completed([row(name, 1606827121, 50) for name in NASTY], problems=NASTY)


# What every page has.


def test_every_answer_forbids_what_it_does_not_need(site: Site, visitor: dict[str, str], nasty: int) -> None:
    paths = ("", f"reports/{nasty}", "reports/999", "static/page.js", "static/none")
    answers = [ask("GET", site.url + path, **visitor) for path in paths]
    answers += [ask("GET", site.url), ask("GET", site.url + "login")]
    answers += [sign_in(site), sign_in(site, "x"), sign_in(site, Origin="null")]

    for answer in answers:
        policy = dict(part.split(" ", 1) for part in answer.headers["Content-Security-Policy"].split("; "))
        assert policy.pop("default-src") == policy.pop("frame-ancestors") == policy.pop("base-uri") == "'none'"
        assert set(policy.values()) == {"'self'"}
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert answer.headers["Referrer-Policy"] == "same-origin"
        assert answer.headers["Cache-Control"] in ("private, no-store", "no-cache")


def test_nothing_is_inline_and_nothing_comes_from_elsewhere(site: Site, visitor: dict[str, str], nasty: int) -> None:
    for path in ("", f"reports/{nasty}", "login"):
        for tag, attributes in Parsed(ask("GET", site.url + path, **visitor).body).tags:
            assert tag != "style"
            assert not [name for name in attributes if name == "style" or name.startswith("on")]
            assert tag != "script" or (attributes["src"] or "").endswith("static/page.js")
            for name in ("src", "href", "action"):
                link = urljoin(site.url + path, attributes.get(name) or "")
                assert link.startswith(site.url), link


@pytest.mark.parametrize("name", NASTY)
def test_every_name_stays_text(site: Site, visitor: dict[str, str], nasty: int, name: str) -> None:
    tasks = ask("GET", site.url, **visitor)
    report = ask("GET", f"{site.url}reports/{nasty}", **visitor)

    assert name in Parsed(tasks.body).text  # a problem
    assert Parsed(report.body).text.count(name) >= 5  # a problem, a name and a bar's title in both charts
    for answer in (tasks, report):
        assert site.company in Parsed(answer.body).text
        assert "<script>alert" not in answer.body
        assert "49" not in Parsed(answer.body).text.split()


def test_text_that_no_encoding_has_is_shown_all_the_same(site: Site, visitor: dict[str, str]) -> None:
    broken = site.completed([row("\ud800 sales", 1606827121, 50)], problems=["\udfff"])

    assert "? sales" in ask("GET", f"{site.url}reports/{broken}", **visitor).body


# What stands on it.


def test_says_so_when_there_are_no_tasks(tmp_path: Path) -> None:
    with served(tmp_path) as site:
        assert "No reports yet" in ask("GET", site.url, Authorization=f"Bearer {TOKEN}").body


def test_the_running_task_stands_on_top(site: Site, visitor: dict[str, str], nasty: int) -> None:
    with site.running() as task:
        task.progress(1234567, 4938268)
        text = Parsed(ask("GET", site.url, **visitor).body).text

    assert re.search(rf"No\. {task.id}\b.*Running\s+1,234,567 of 4,938,268 rows\s+25%.*No\. {nasty}\b.*Completed", text, re.DOTALL)


def test_a_failed_task_offers_its_log(site: Site, visitor: dict[str, str]) -> None:
    failed = site.failed()

    page = Parsed(ask("GET", f"{site.url}reports/{failed}", **visitor).body)
    logs = [attributes["href"] for tag, attributes in page.tags if tag == "a" and "download" in attributes]

    assert "This report failed after 400 rows." in page.text
    assert [ask("GET", link or "").body for link in logs] == ["the database went away\n"]


def test_a_report_without_rows_says_so(site: Site, visitor: dict[str, str]) -> None:
    empty = site.completed([])

    assert "The report has no rows" in ask("GET", f"{site.url}reports/{empty}", **visitor).body


def test_a_report_without_completions_or_scores_says_so(site: Site, visitor: dict[str, str]) -> None:
    text = ask("GET", f"{site.url}reports/{site.completed([row('Sales')])}", **visitor).body

    assert "Nothing has been completed yet." in text
    assert "Nobody has a score in a final test." in text


HARMS = [
    lambda text: "",
    lambda text: text[: len(text) // 2],
    lambda text: "\ud800",
    lambda text: "[" * 100_000,
    lambda text: "null",
    lambda text: '{"rows": 1}',
    lambda text: text.replace('"rows": 1', '"rows": "1"'),
    lambda text: text.replace('"problems": []', '"problems": [7]'),
    lambda text: text.replace('"rows": 1, "completed"', '"rows": 0, "completed"'),
    lambda text: text.replace('"2020-12"', '"December"'),
    lambda text: text.replace('"2020-12": 1', '"2020-12": 0'),
    lambda text: text.replace('"mean": 50.0', '"mean": NaN'),
    lambda text: text.replace('"mean": 50.0', '"mean": null'),
    lambda text: text.replace('"other": null', '"other": []'),
    lambda text: text.replace('"timezone": "+00:00"', '"timezone": null'),
]
NO_SUMMARY, EXPIRED = "There is no summary of this report.", "The report has expired"


@pytest.mark.parametrize("harm", HARMS)
def test_a_broken_summary_costs_no_more_than_itself(site: Site, visitor: dict[str, str], harm: Callable[[str], str]) -> None:
    task_id = site.completed([row("Sales", 1606827121, 50)])
    whole = site.results.path(task_id, "summary.json")
    text = whole.read_text()
    assert site.results.summary(task_id) == json.loads(text)
    assert harm(text) != text
    whole.write_bytes(harm(text).encode("utf-8", "surrogatepass"))

    overview, report = ask("GET", site.url, **visitor), ask("GET", f"{site.url}reports/{task_id}", **visitor)

    assert site.results.summary(task_id) is None
    assert overview.status == report.status == 200
    assert f"files/{task_id}-" in overview.body and f"files/{task_id}-" in report.body
    assert NO_SUMMARY in report.body and EXPIRED not in report.body


def test_scores_of_departments_alone_are_not_drawn(site: Site, visitor: dict[str, str]) -> None:
    task_id = site.completed([row("Sales", 1606827121, 50)])
    whole = site.results.path(task_id, "summary.json")
    noted = json.loads(whole.read_text())
    noted["summary"]["scores"] = None
    whole.write_text(json.dumps(noted))

    assert "Nobody has a score in a final test." in ask("GET", f"{site.url}reports/{task_id}", **visitor).body


def test_only_what_has_expired_is_said_to_have(site: Site, visitor: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    with site.running() as task:
        task.finish()  # elsewhere: nothing is noted
    now = time.time()
    report = ask("GET", f"{site.url}reports/{task.id}", **visitor).body
    assert NO_SUMMARY in report and "Elsewhere" in report and "xpired" not in report
    assert "Elsewhere" in ask("GET", site.url, **visitor).body

    monkeypatch.setattr(time, "time", lambda: now + 86401)
    later = ask("GET", f"{site.url}reports/{task.id}", Authorization=f"Bearer {TOKEN}").body
    assert EXPIRED in later and NO_SUMMARY not in later


def test_rows_that_were_only_read_are_not_told_as_the_reports(site: Site, visitor: dict[str, str]) -> None:
    failed, finished = site.failed(), site.completed([row("Sales")] * 3)
    rows = re.findall(r'id="task-(\d+)".*?data-label="Rows" class="number">(.*?)</td>', ask("GET", site.url, **visitor).body, re.DOTALL)

    assert dict(rows)[str(failed)] == '<span class="muted">&ndash;</span>'
    assert dict(rows)[str(finished)] == "3"


def test_a_summary_that_cannot_be_opened_costs_no_more_than_itself(site: Site, visitor: dict[str, str]) -> None:
    task_id = site.completed([row("Sales", 1606827121, 50)])
    site.results.path(task_id, "summary.json").unlink()
    site.results.path(task_id, "summary.json").mkdir()

    assert ask("GET", site.url, **visitor).status == 200
    assert f"files/{task_id}-" in ask("GET", f"{site.url}reports/{task_id}", **visitor).body


@pytest.mark.parametrize("task_id", ["0", "999", "9223372036854775808", "9" * 5000])
def test_an_unknown_report_is_not_found(site: Site, visitor: dict[str, str], task_id: str) -> None:
    answer = ask("GET", f"{site.url}reports/{task_id}", **visitor)

    assert answer.status == 404
    assert "No such report" in answer.body


@pytest.mark.parametrize("name", ["none", "..%2fpage.py", "%2e%2e/page.py", "page.css/", "%00"])
def test_only_the_pages_own_files_are_handed_out(site: Site, name: str) -> None:
    assert ask("GET", f"{site.url}static/{name}").status == 404


@pytest.mark.parametrize(
    ("part", "whole", "shown"), [(0, 3, "0%"), (1, 1000, "&lt;1%"), (1, 8, "13%"), (999, 1000, "&gt;99%"), (3, 3, "100%")]
)
def test_neither_nothing_nor_all_stands_for_something_less(
    site: Site, visitor: dict[str, str], part: int, whole: int, shown: str
) -> None:
    report = site.completed(row("Sales", 1606827121 if number < part else None) for number in range(whole))

    assert f"<dd>{shown}</dd>" in ask("GET", f"{site.url}reports/{report}", **visitor).body


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(0.9, "0 s"), (59, "59 s"), (61, "1 min 01 s"), (3599, "59 min 59 s"), (3661, "1 h 01 min"), (-5, "0 s")],
)
def test_times_taken_are_short_to_read(seconds: float, shown: str) -> None:
    assert trainstat.web.page._duration(seconds) == shown


def test_works_below_any_path_of_a_host(tmp_path: Path) -> None:
    with served(tmp_path, below="/lms/statistics") as site:
        assert site.url.endswith("/lms/statistics/")
        task_id = site.completed([row("Sales", 1606827121, 50)])
        form = ask("GET", urljoin(site.url, ask("GET", site.url).headers["Location"]))
        assert "Sign in" in form.body
        session = sign_in(site)
        assert urljoin(site.url + "login", session.headers["Location"]) == site.url
        for path in ("", f"reports/{task_id}"):
            page = Parsed(ask("GET", site.url + path, Cookie=session.cookie).body)
            links = {attributes.get("href") or attributes.get("src") for _, attributes in page.tags} - {None}
            assert {ask("GET", urljoin(site.url + path, link), Cookie=session.cookie).status for link in links if link} == {200}
