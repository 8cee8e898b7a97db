"""Eloomi's endpoint."""

from __future__ import annotations

import asyncio
import os
import socket
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import trainstat
from trainstat.moodle import Moodle
from trainstat.web.service import Service
from web.process import PATIENCE, TOKEN, Server, locked, run, serving

PATH = "/v3/courses/{}/participants"
ZONE = "Europe/Moscow"


@pytest.mark.parametrize(("query", "extended"), [("", False), ("true", True), ("1", True), ("false", False), ("0", False), ("TRUE", True)])
def test_answers_with_the_participants_of_a_course(query: str, extended: bool, server: Server, made: Path) -> None:
    answer = server.get(PATH.format(3) + (f"?extended_mode={query}" if query else ""))

    with Moodle(f"sqlite:///{made}") as site:
        expected = trainstat.document("eloomi.participants", site.rows("eloomi.participants", [3]), extended_mode=extended, timezone=ZONE)
    assert answer.status == answer.json["status_code"] == 200
    assert answer.body == expected
    assert len(answer.json["data"]) > 5
    assert answer.headers["Content-Type"] == "application/json"


def test_a_course_without_participants_has_none(site: Path, directory: Path) -> None:
    run(site, "INSERT INTO mdl_course VALUES (99, 'New', 'new', 1, 1)")
    with serving(site, directory) as server:
        assert server.get(PATH.format(99)).json["data"] == []


@pytest.mark.parametrize("course", ["1", "0", "77", "-2", "two", "02", "2.0", "9" * 18, "9" * 30, "2%00", "2'", "2 OR 1=1".replace(" ", "%20")])
def test_knows_no_other_course(course: str, server: Server) -> None:
    answer = server.get(PATH.format(course))

    assert answer.status == answer.json["status_code"] == 404
    assert answer.json["status"] == "Not Found"
    assert "data" not in answer.json


@pytest.mark.parametrize("query", ["extended_mode=yes", "extended_mode=", "extended_mode=2", "extended_mode=1&extended_mode=1"])
def test_refuses_another_extended_mode(query: str, server: Server) -> None:
    answer = server.get(f"{PATH.format(2)}?{query}")

    assert answer.status == answer.json["status_code"] == 400
    assert answer.json["message"] == "extended_mode must be true, false, 1 or 0"


def test_refused_rows_are_left_out_and_told_in_the_log_without_their_values(site: Path, directory: Path) -> None:
    run(site, "UPDATE mdl_grade_grades SET finalgrade = 'Ivanova' WHERE id % 2 = 0")
    with serving(site, directory) as server:
        answer = server.get(PATH.format(2))
        server.end()
        said = server.said.read_text()

    assert answer.status == 200
    assert "participants of course 2: " in said and " refused; row " in said and ": score must be " in said
    assert "Ivanova" not in said


def test_a_database_that_cannot_be_read_is_an_error_of_the_server(site: Path, directory: Path) -> None:
    with serving(site, directory) as server:
        run(site, "DROP TABLE mdl_course_completions")
        answer = server.get(PATH.format(2))
        said = server.said.read_text()

    assert answer.status == answer.json["status_code"] == 500
    assert answer.json["message"] == "The participants cannot be read now"
    assert "it has no table mdl_course_completions" in said


def test_serves_few_at_once_and_ends_the_processes_of_who_went_away(site: Path, directory: Path) -> None:
    with serving(site, directory) as server:
        with locked(site):
            waiting = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(2)]
            for each in waiting:
                each.sendall(f"GET {PATH.format(2)} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {TOKEN}\r\n\r\n".encode())
            wait_for(lambda: len(server.children()) == 2)
            refused = server.get(PATH.format(2))
            assert refused.status == refused.json["status_code"] == 503
            assert "Retry-After" in refused.headers
            processes = server.children()
            for each in waiting:
                each.close()
            wait_for(lambda: not any(os.path.exists(f"/proc/{process}") for process in processes))
        assert server.get(PATH.format(2)).status == 200
        assert not list((directory / "reports").iterdir())


def wait_for(condition: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.02)


def test_what_others_say_on_a_generators_standard_error_is_not_its_word(
    made: Path, directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LD_PRELOAD", "/nowhere/libnothing.so")  # of which the loader complains
    service = Service(
        moodle=f"sqlite:///{made}", directory=directory, token=TOKEN, public_url="https://lms.example.org", prefix="mdl_", forms=(),
        timezone=None, company="", modules={}, keep_seconds=60,
    )

    found = asyncio.run(service.participants(2, False))

    assert found.said["refused"] == 0
    found.file.close()
