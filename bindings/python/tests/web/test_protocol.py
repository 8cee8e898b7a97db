"""Ekvio's endpoints."""

from __future__ import annotations

import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

import pytest
from web.process import TOKEN, Answer, Server, kept_busy, locked, run, serving

STATISTIC = "/v2/trainings/statistic"
RUNNING = (
    "The integration task cannot be taken on because another asynchronous task associated with this module is running. "
    "Running task ID: {}"
)
BAD_DATE = r"Invalid value format. Valid Y-m-d\TH:i:sP"


def test_one_of_a_hundred_starts_at_once_gets_an_id_and_the_others_its_name(site: Path, directory: Path) -> None:
    with serving(site, directory) as server, ThreadPoolExecutor(100) as clients:
        with locked(site):
            answers = list(clients.map(lambda _: server.get(STATISTIC), range(100)))
            processes = server.children()

        started = [answer.json["data"]["integration"] for answer in answers if "data" in answer.json]
        assert len(started) == 1
        told = [answer.json for answer in answers if "errors" in answer.json]
        assert told == [{"errors": [{"code": 1007, "field": "integration", "message": RUNNING.format(started[0])}]}] * 99
        assert {answer.status for answer in answers} == {200}
        assert len(processes) == 1
        assert server.ended(started[0])["status"] == "completed"
        assert server.start() == started[0] + 1  # no start took an id and lost it


def test_two_servers_and_companies_share_a_directory(site: Path, directory: Path) -> None:
    with (
        serving(site, directory) as one,
        serving(site, directory) as two,
        serving(site, directory, "--company", "other") as other,
    ):
        with locked(site):
            first = one.start()
            assert two.get(STATISTIC).json["errors"][0]["message"] == RUNNING.format(first)
            assert one.get(STATISTIC).json["errors"][0]["message"] == RUNNING.format(first)
            foreign = other.start()
            assert other.get(f"/v2/integration/{first}").status == 404
        assert two.ended(first)["status"] == "completed"
        assert other.ended(foreign)["status"] == "completed"
        path = one.status(first)["file"].removeprefix(one.url)
        assert two.status(first)["file"] == two.url + path
        assert two.get(path, token=None).body == one.get(path, token=None).body
        assert other.get(path, token=None).status == 410


def test_waits_a_moment_for_busy_tasks(site: Path, directory: Path) -> None:
    with serving(site, directory) as server, ThreadPoolExecutor(2) as clients:
        with locked(site):
            with kept_busy(directory):
                start = clients.submit(server.get, STATISTIC)
                time.sleep(1)
                assert not start.done()
            first = start.result().json["data"]["integration"]
            with kept_busy(directory):
                poll, again = clients.submit(server.get, f"/v2/integration/{first}"), clients.submit(server.get, STATISTIC)
                time.sleep(1)
                assert not poll.done() and not again.done()
            assert (poll.result().status, poll.result().json) == (200, {"data": {"status": "progress"}})
            assert (again.result().status, again.result().json["errors"][0]["message"]) == (200, RUNNING.format(first))
        assert server.ended(first)["status"] == "completed"


def test_gives_up_on_tasks_that_stay_busy(site: Path, directory: Path) -> None:
    with serving(site, directory) as server:
        with kept_busy(directory):
            answer = server.get(STATISTIC)
        assert told(answer) == (503, 503)
        assert answer.headers["Retry-After"] == "1"
        assert server.start() == 1


def expected(site: Path, condition: str) -> set[tuple[int, int]]:
    """Learners and courses, by a query of the test's own."""
    connection = sqlite3.connect(site)
    found = connection.execute(f"""
        SELECT DISTINCT ue.userid, e.courseid
        FROM mdl_user_enrolments ue JOIN mdl_enrol e ON e.id = ue.enrolid JOIN mdl_user u ON u.id = ue.userid
        LEFT JOIN mdl_user_lastaccess la ON la.userid = ue.userid AND la.courseid = e.courseid
        WHERE u.deleted = 0 AND e.courseid <> 1 AND {condition}""")
    pairs = set(found)
    connection.close()
    return pairs


def pairs(document: dict[str, list[dict[str, int]]]) -> set[tuple[int, int]]:
    return {(row["user_id"], row["material_id"]) for row in document["data"]}


FIRST, SECOND = "2025-03-01T12:00:00+05:30", "2025-09-01T00:00:00Z"
SECONDS = {date: int(datetime.fromisoformat(date.replace("Z", "+00:00")).timestamp()) for date in (FIRST, SECOND)}


@pytest.mark.parametrize(
    ("query", "condition"),
    [
        ("", "1"),
        (f"?after_date={FIRST}", f"la.timeaccess >= {SECONDS[FIRST]}"),
        (f"?to_date={SECOND}", f"la.timeaccess < {SECONDS[SECOND]} AND la.timeaccess > 0"),
        (f"?to_date={SECOND}&after_date={FIRST}", f"la.timeaccess BETWEEN {SECONDS[FIRST]} AND {SECONDS[SECOND]} - 1"),
        (f"?to_date={FIRST}&after_date={SECOND}", "0"),
        (f"?after_date={FIRST.replace('+', ' ').replace(' ', '%20')}", f"la.timeaccess >= {SECONDS[FIRST]}"),
        (f"?after_date={FIRST.replace('+', '%2B')}", f"la.timeaccess >= {SECONDS[FIRST]}"),
    ],
)
def test_reports_the_rows_of_the_window(query: str, condition: str, server: Server, made: Path) -> None:
    rows = server.report(query)

    assert pairs(rows) == expected(made, condition)
    assert len(rows["data"]) == len(pairs(rows))


def test_the_window_holds_its_first_second_and_not_its_last(site: Path, directory: Path) -> None:
    run(site, f"UPDATE mdl_user_lastaccess SET timeaccess = {SECONDS[SECOND]} + id % 3 - 1")
    with serving(site, directory) as server:
        before = pairs(server.report(f"?to_date={SECOND}"))
        behind = pairs(server.report(f"?after_date={SECOND}"))
        state = server.status(2)

    assert before == expected(site, f"la.timeaccess = {SECONDS[SECOND]} - 1")
    assert behind == expected(site, f"la.timeaccess >= {SECONDS[SECOND]}")
    assert before and behind and not before & behind
    assert state["status"] == "completed"


@pytest.mark.parametrize(
    "date",
    [
        "2019-02-30T00:00:00+00:00",
        "2019-13-01T00:00:00+00:00",
        "2019-01-01T24:00:00+00:00",
        "2019-01-01T00:00:60+00:00",
        "2019-01-01T00:00:00",
        "2019-01-01T00:00:00.5+00:00",
        "2019-01-01T00:00:00+0000",
        "2019-01-01T00:00:00+18:01",
        "2019-01-01T00:00:00+00:60",
        "2019-01-01%2000:00:00+00:00",
        "0000-01-01T00:00:00+00:00",
        "2019-1-1T00:00:00+00:00",
        "%D9%A2019-01-01T00:00:00+00:00",
        "1546300800",
        "2019-01-01T00:00:00+00:00%0A",
        "",
        "%00",
        "%FF",
        "x" * 4000,
    ],
)
@pytest.mark.parametrize("name", ["to_date", "after_date"])
def test_refuses_a_bad_date_by_name(name: str, date: str, server: Server) -> None:
    answer = server.get(f"{STATISTIC}?{name}={date}")

    assert answer.status == 200
    assert answer.json == {"errors": [{"code": 1007, "field": name, "message": BAD_DATE}]}


def test_refuses_two_bad_dates_and_a_date_given_twice(server: Server) -> None:
    both = server.get(f"{STATISTIC}?to_date=x&after_date=y").json["errors"]
    twice = server.get(f"{STATISTIC}?to_date={FIRST}&to_date={FIRST}").json["errors"]

    assert [error["field"] for error in both] == ["to_date", "after_date"]
    assert [error["field"] for error in twice] == ["to_date"]


@pytest.mark.parametrize(
    "task_id", ["0", "-ID", "+ID", "0ID", "ID.0", "IDe0", "one", "999999", "9223372036854775807", "9" * 30, "%20", "ID%00", "%D9%A1", "ID%2F", "ID;"]
)
def test_knows_no_task_of_another_id(task_id: str, server: Server, finished: int) -> None:
    assert server.status(finished)["status"] == "completed"

    answer = server.get("/v2/integration/" + task_id.replace("ID", str(finished)))

    assert answer.status == 404
    assert answer.json["errors"][0]["code"] == 404


@pytest.mark.parametrize("path", [STATISTIC, "/v2/integration/1", "/v2/nothing", "/v2/", "/v3/courses/2/participants", "/v3/"])
@pytest.mark.parametrize(
    "given", [None, "", "Bearer", "Bearer ", "Bearer x", f"Bearer {TOKEN}x", f"Bearer {TOKEN[:-1]}", f"Basic {TOKEN}", TOKEN, "Bearer \xff"]
)
def test_lets_nobody_in_without_the_token(path: str, given: str | None, server: Server) -> None:
    answer = server.get(path, None, **({} if given is None else {"Authorization": given}))

    assert answer.status == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    in_form = answer.json["errors"][0]["code"] if path.startswith("/v2") else answer.json["status_code"]
    assert in_form == 401
    assert TOKEN not in answer.body.decode()


def test_takes_the_scheme_in_any_case(server: Server) -> None:
    assert server.get("/v2/integration/0", None, Authorization=f"bEARER  {TOKEN}").status == 404


def told(answer: Answer) -> tuple[int, int]:
    return answer.status, answer.json["errors"][0]["code"]


def test_tells_in_the_vendors_form_what_else_is_wrong(server: Server) -> None:
    assert told(server.get("/v2/nothing")) == (404, 404)
    assert told(server.get("/v2/integration/1/")) == (404, 404)
    posted = server.get(STATISTIC, method="POST")
    assert told(posted) == (405, 405)
    assert set(posted.headers["Allow"].split(", ")) == {"GET", "HEAD"}
    assert server.get("/v3/nothing").json == {
        "extended_message": None, "message": "There is nothing here", "status": "Not Found", "status_code": 404
    }


def test_head_starts_nothing(site: Path, directory: Path) -> None:
    with serving(site, directory) as server:
        assert server.get(STATISTIC, method="HEAD")[::2] == (200, b"")
        assert server.get(STATISTIC, None, method="HEAD").status == 401
        task = server.start()
        assert task == 1
        assert server.get(f"/v2/integration/{task}", method="HEAD")[::2] == (200, b"")
        assert server.get(server.ended(task)["file"], None, method="HEAD")[::2] == (200, b"")


def test_a_module_that_is_off_is_not_available(site: Path, directory: Path) -> None:
    with serving(site, directory, "--module", "trainings=off") as server:
        answer = server.get(STATISTIC)

    assert answer.status == 200
    assert answer.json == {"errors": [{"code": 1007, "field": "company_id", "message": "Module trainings not available for company"}]}
    assert not list((directory / "reports").iterdir())


def test_every_answer_has_the_headers_that_protect_it(server: Server, finished: int) -> None:
    file = server.status(finished)["file"]
    for path in ("/", "/login", "/nothing", STATISTIC + "?to_date=x", "/v3/courses/2/participants", file, "/files/x"):
        headers = server.get(path).headers

        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert "no-store" in headers["Cache-Control"]
        assert "Server" not in headers


@pytest.mark.parametrize("path", ["/docs", "/redoc", "/openapi.json", "/files/", "/files", "/static/", "/reports", "/tasks"])
def test_lists_and_documents_nothing(path: str, server: Server) -> None:
    assert server.get(path).status == 404
