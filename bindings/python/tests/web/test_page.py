"""The page over HTTP: the way in, what stands on it, and what no name may do to it."""

from __future__ import annotations

import http.client
import json
import re
import time
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus, urljoin, urlsplit

import pytest
import trainstat.web.page

from .page_site import TOKEN, Site, row, served

NASTY = [
    "<script>alert(1)</script>",
    "\"quoted\" 'names' & <b>",
    "line\u2028end",
    "\u05d3\u05d5\u05d3 \u05d4\u05de\u05dc\u05da",
    "\U0001f680",
    "</title></svg></details>",
    "{{ 7 * 7 }}",
]


class Answer:
    def __init__(self, response: http.client.HTTPResponse) -> None:
        self.status = response.status
        self.headers = response.headers
        self.body = response.read().decode()

    @property
    def cookie(self) -> str:
        """What a browser would send back."""
        return self.headers["Set-Cookie"].partition(";")[0]


def ask(method: str, url: str, body: str | bytes | None = None, **headers: str) -> Answer:
    parts = urlsplit(url)
    assert parts.netloc
    connection = http.client.HTTPConnection(parts.netloc, timeout=10)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    if body is not None:
        named.setdefault("Content-Type", "application/x-www-form-urlencoded")
    try:
        connection.request(method, parts.path + (f"?{parts.query}" if parts.query else ""), body, named)
        return Answer(connection.getresponse())
    finally:
        connection.close()


def origin(site: Site) -> str:
    return "http://" + urlsplit(site.url).netloc


def sign_in(site: Site, token: str = TOKEN, **headers: str) -> Answer:
    return ask("POST", site.url + "login", f"token={quote_plus(token)}", **(headers or {"Origin": origin(site)}))


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


class Parsed(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


# The way in.


@pytest.mark.parametrize("path", ["", "reports/1"])
def test_sends_a_stranger_to_the_form_and_shows_nothing(site: Site, nasty: int, path: str) -> None:
    answer = ask("GET", site.url + path)

    assert answer.status == 303
    assert answer.body == ""
    assert urljoin(site.url + path, answer.headers["Location"]) == site.url + "login"


def test_shows_a_form_for_the_token(site: Site) -> None:
    tags = Parsed(ask("GET", site.url + "login").body).tags

    assert ("token", "password") in [(attributes.get("name"), attributes.get("type")) for tag, attributes in tags if tag == "input"]


def test_the_token_opens_a_session(site: Site) -> None:
    answer = sign_in(site)

    assert answer.status == 303
    assert urljoin(site.url + "login", answer.headers["Location"]) == site.url
    assert ask("GET", site.url, Cookie=answer.cookie).status == 200


def test_the_cookie_is_for_this_page_alone_and_does_not_hold_the_token(site: Site) -> None:
    value, *attributes = sign_in(site).headers["Set-Cookie"].split("; ")

    assert TOKEN not in value
    # Without a path it is for the folder of the form.
    assert {attribute.lower() for attribute in attributes} == {"httponly", "max-age=43200", "samesite=strict"}


def test_the_cookie_keeps_to_https_where_the_page_does(tmp_path: Path) -> None:
    with served(tmp_path, public_url="https://lms.example.org/statistics") as site:
        assert "; Secure" in sign_in(site).headers["Set-Cookie"]


def test_a_wrong_token_gets_the_form_again_and_has_to_wait(site: Site) -> None:
    before = time.monotonic()
    answer = sign_in(site, TOKEN[:-1])

    assert time.monotonic() - before >= 0.5
    assert answer.status == 401
    assert answer.headers["Set-Cookie"] is None
    assert "This is not the access token." in answer.body
    assert TOKEN[:-1] not in answer.body


@pytest.mark.parametrize("body", ["", "token=%ff%fe", "&" * 100, b"\xff\x00"])
def test_a_form_without_a_token_is_refused(site: Site, body: str | bytes) -> None:
    assert ask("POST", site.url + "login", body, Origin=origin(site)).status == 401


def test_a_long_form_is_refused(site: Site) -> None:
    assert ask("POST", site.url + "login", "token=" + "x" * 5000, Origin=origin(site)).status == 413


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec_Fetch_Site": "cross-site"}, 403),
        ({"Sec_Fetch_Site": "same-site"}, 403),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Content_Language": "en"}, 403),
        ({"Sec_Fetch_Site": "same-origin"}, 303),
    ],
)
def test_forms_of_other_sites_are_refused(site: Site, visitor: dict[str, str], headers: dict[str, str], status: int) -> None:
    assert sign_in(site, **headers).status == status
    assert ask("POST", site.url + "logout", "", **visitor, **headers).status == status


def test_signing_out_takes_the_cookie_away(site: Site, visitor: dict[str, str]) -> None:
    answer = ask("POST", site.url + "logout", "", **visitor, Origin=origin(site))

    assert answer.status == 303
    assert answer.cookie.partition("=")[0] == visitor["Cookie"].partition("=")[0]
    assert "Max-Age=0" in answer.headers["Set-Cookie"]


def test_a_session_of_ones_own_making_is_none(site: Site, visitor: dict[str, str]) -> None:
    name, _, value = visitor["Cookie"].partition("=")
    ends, _, signature = value.partition(".")

    other = "0" if signature[-1] != "0" else "1"
    for forged in ("", ".", "1.2", f"{int(ends) + 1}.{signature}", f"{ends}.{signature[:-1]}{other}", f"{ends}.", f"{ends}.\u00e9"):
        assert ask("GET", site.url, Cookie=f"{name}={forged}".encode().decode("latin-1")).status == 303, forged


def test_a_session_ends(site: Site, visitor: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 43201)

    assert ask("GET", site.url, **visitor).status == 303


def test_sessions_outlive_a_restart_and_end_when_the_token_is_changed(tmp_path: Path) -> None:
    with served(tmp_path) as site:
        session = sign_in(site).cookie
    with served(tmp_path) as site:
        assert ask("GET", site.url, Cookie=session).status == 200
    with served(tmp_path, token="another-token-of-that-site") as site:
        own = sign_in(site, "another-token-of-that-site").cookie
        assert ask("GET", site.url, Cookie=session).status == 303
        assert ask("GET", site.url, Cookie=own.partition("=")[0] + "=" + session.partition("=")[2]).status == 303


def test_a_bearer_token_works_too(site: Site) -> None:
    assert ask("GET", site.url, Authorization=f"Bearer {TOKEN}").status == 200
    assert ask("GET", site.url, Authorization=f"Bearer {TOKEN[:-1]}").status == 303


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
