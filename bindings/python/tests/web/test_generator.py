"""The process that writes a report: killed, without its server, without a database, among bad rows."""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from trainstat._signatures import Status
from trainstat.errors import TrainstatError
from trainstat.tasks import Task, Tasks
from trainstat.web import launch
from trainstat.web.generator import Generation
from trainstat.web.results import REPORT, TRAININGS, Results
from trainstat.web.service import Service, Unavailable, Window
from web.conftest import GENERATE
from web.process import PATIENCE, TOKEN, Server, locked, run, serving

KILLS = int(os.environ.get("TRAINSTAT_SERVER_KILLS", "5"))


def generator(server: Server) -> int:
    [found] = server.children()
    return found


def test_a_killed_generator_is_a_failed_task_and_the_next_one_starts(site: Path, directory: Path) -> None:
    with serving(site, directory) as server:
        with locked(site):
            first = server.start()
            os.kill(generator(server), signal.SIGKILL)
            failed = server.ended(first)
        assert failed["status"] == "fail"
        assert server.get(failed["file"], None)[::2] == (
            200, b"The process that wrote the report has ended before its time, and left no log.\n"
        )
        assert server.get(failed["file"].removesuffix("log") + "json", None).status == 404
        assert not list((directory / "reports").iterdir())
        second = server.start()
        assert second > first
        assert server.ended(second)["status"] == "completed"


def test_a_generator_killed_in_the_middle_leaves_no_half_file(directory: Path, tmp_path: Path) -> None:
    site = tmp_path / "large.sqlite"  # several batches of rows
    subprocess.run([sys.executable, GENERATE, site, "--learners", "600"], check=True, capture_output=True)
    run(site, "UPDATE mdl_user_info_data SET data = hex(zeroblob(20000)) WHERE fieldid = 2")  # takes its time
    with serving(site, directory) as server, Tasks(directory / "tasks") as tasks:
        task = server.start()
        process = generator(server)
        until = time.monotonic() + PATIENCE
        while tasks.state(task)["done"] == 0:
            assert time.monotonic() < until
            time.sleep(0.005)
        os.kill(process, signal.SIGKILL)

        assert server.ended(task)["status"] == "fail"
        state = tasks.state(task)
        assert 0 < state["done"] < state["total"]
        assert not list((directory / "reports").iterdir())


def test_a_generator_shows_neither_token_nor_database_to_other_processes(site: Path, directory: Path) -> None:
    with serving(site, directory) as server, locked(site):
        task = server.start()
        of_process = Path(f"/proc/{generator(server)}")
        assert TOKEN.encode() not in (of_process / "environ").read_bytes()
        assert b"sqlite" not in (of_process / "cmdline").read_bytes()
        assert server.status(task) == {"status": "progress"}


def test_a_stopped_generator_keeps_its_task(site: Path, directory: Path) -> None:
    with serving(site, directory) as server, locked(site):
        task = server.start()
        process = generator(server)
        os.kill(process, signal.SIGSTOP)
        try:
            time.sleep(0.1)
            assert server.status(task) == {"status": "progress"}
            assert str(task) in server.get("/v2/trainings/statistic").json["errors"][0]["message"]
        finally:
            os.kill(process, signal.SIGKILL)


def test_a_generator_that_says_nothing_is_killed_and_later_starts_go_on(
    site: Path, directory: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hangs = tmp_path / "sitecustomize.py"
    hangs.write_text("import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setattr(launch, "_FIRST_WORD_SECONDS", 0.5)
    service = Service(
        moodle=f"sqlite:///{site}", directory=directory, token=TOKEN, public_url="https://lms.example.org", prefix="mdl_", forms=(),
        timezone=None, company="", modules={}, keep_seconds=60,
    )

    async def starts() -> int:
        before = time.monotonic()
        with pytest.raises(Unavailable, match="without a word"):
            await service.start(Window(None, None))
        assert time.monotonic() - before < 10
        hangs.unlink()
        monkeypatch.setattr(launch, "_FIRST_WORD_SECONDS", PATIENCE)
        return (await service.start(Window(None, None))).task_id

    task = asyncio.run(starts())
    until = time.monotonic() + PATIENCE
    while (state := service.state(task)) is not None and state["status"] == "progress":
        assert time.monotonic() < until
        time.sleep(0.02)

    assert state is not None and state["status"] == "completed"
    assert len(service.tasks.list()) == 1


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_a_report_outlives_its_server(how: signal.Signals, site: Path, directory: Path) -> None:
    with serving(site, directory) as server:
        with locked(site):
            task = server.start()
            process = generator(server)
            server.end(how)
            assert Path(f"/proc/{process}").exists()
    with serving(site, directory) as server:
        assert server.ended(task)["status"] == "completed"


def test_a_server_killed_at_any_moment_loses_no_report(site: Path, directory: Path) -> None:
    pick = random.Random(KILLS)
    urls = {}
    with serving(site, directory) as watching:
        for _ in range(KILLS):
            with serving(site, directory) as server:
                starting = threading.Thread(target=start_quietly, args=(server,))
                starting.start()
                time.sleep(pick.uniform(0, 0.6))
                server.end(signal.SIGKILL)
                starting.join()
            with Tasks(directory / "tasks") as tasks:
                for state in tasks.list():
                    urls[state["id"]] = watching.ended(state["id"])["file"].removeprefix(watching.url)
    with serving(site, directory) as restarted:
        for task, url in urls.items():
            assert restarted.status(task) == {"status": "completed", "file": restarted.url + url}
            assert len(restarted.get(url, None).json["data"]) > 100
    assert urls


def start_quietly(server: Server) -> None:
    try:
        server.start()
    except (OSError, KeyError, ValueError):
        pass  # killed, or the report of a server before is still being written


def test_a_database_that_cannot_be_read_is_told_in_the_log(site: Path, directory: Path) -> None:
    with serving(site, directory) as server:
        run(site, "DROP TABLE mdl_quiz")
        failed = server.ended(server.start())
        log = server.get(failed["file"], None)

    assert failed["status"] == "fail"
    assert failed["file"].endswith(".log")
    assert log.headers["Content-Type"].startswith("text/plain")
    assert log.body.startswith(b"The report of task 1 was not written: this is no Moodle database")
    assert {path.name for path in (directory / "reports").iterdir()} == {"1.log"}


def test_the_drivers_own_words_stay_out_of_the_log(site: Path, directory: Path) -> None:
    connection = sqlite3.connect(site)
    connection.execute("DROP TABLE mdl_quiz")
    connection.execute("CREATE VIEW mdl_quiz AS SELECT json('Ivanova') AS id, 1 AS course, 1 AS attempts, 1 AS grade")
    connection.commit()
    connection.close()
    with serving(site, directory) as server:
        failed = server.ended(server.start())
        log = server.get(failed["file"], None).body.decode()

    assert log == "The report of task 1 was not written: the database cannot be read (OperationalError)\n"


def test_refused_rows_are_left_out_and_told_without_their_values(site: Path, directory: Path) -> None:
    bad = ("UPDATE mdl_scorm_scoes_value SET value = 'Ivanova' WHERE elementid = 1 AND id % 3 = 0",
           "UPDATE mdl_user_info_data SET data = CAST(x'497661FF6e6f7661' AS TEXT) WHERE fieldid = 2 AND userid = 7")
    with serving(site, directory) as server:
        whole = server.report()["data"]
        run(site, *bad)
        rest = server.report()["data"]
        server.end()
        said = server.said.read_text()
    noted = json.loads((directory / "reports" / "2.summary.json").read_text())

    assert 5 < noted["refused"] == len(whole) - len(rest)
    assert noted["rows"] == len(rest) == noted["summary"]["rows"]
    assert all(row in whole for row in rest)
    assert len(noted["problems"]) == min(noted["refused"], 100)
    assert any("scorm_status" in problem for problem in noted["problems"])
    assert any("group_city" in problem for problem in noted["problems"])
    refused = [int(problem.split()[1].rstrip(":")) for problem in noted["problems"]]
    assert [row for number, row in enumerate(whole) if number not in refused] == rest
    assert "Iva" not in said + json.dumps(noted["problems"])


def test_a_report_is_written_though_its_progress_cannot_be_recorded(
    site: Path, directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise TrainstatError("the record cannot be written: No space left on device", Status.FILE_FAILED)

    job = {"moodle": f"sqlite:///{site}", "prefix": "mdl_", "forms": (), "timezone": None, "window": {"after": None, "to": None}}
    results = Results(directory, 60)
    with Tasks(directory / "tasks") as tasks, tasks.claim(TRAININGS) as task:
        with monkeypatch.context() as patched:
            patched.setattr(Task, "progress", full)
            Generation(job, results, task).run()
        state = tasks.state(task.id)

    assert (state["status"], state["file"], state["done"]) == ("completed", str(results.path(task.id, REPORT)), 0)
    assert len(json.loads(results.path(task.id, REPORT).read_text())["data"]) > 100


def test_the_state_counts_rows(site: Path, directory: Path) -> None:
    with serving(site, directory) as server:
        rows = len(server.report("?after_date=2025-06-01T00:00:00Z")["data"])
        until = time.monotonic() + PATIENCE
        while server.children():  # nobody waits for anything after the end
            assert time.monotonic() < until
            time.sleep(0.02)
    with Tasks(directory / "tasks") as tasks:
        state = tasks.state(1)

    assert state["done"] == state["total"] == rows > 10
