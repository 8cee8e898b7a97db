"""What has expired is deleted, and nothing else."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import pytest
from trainstat._signatures import Status
from trainstat.errors import TrainstatError
from trainstat.tasks import TaskState
from trainstat.web.results import LOG, REPORT, SUMMARY, Results
from trainstat.web.service import Service
from web.process import PATIENCE, TOKEN, serving


def state(status: str, finished: int | None, scope: str = "") -> dict[str, object]:
    return {"status": status, "finished": finished, "scope": scope}


def swept(results: Results, states: dict[int, dict[str, object]]) -> set[str]:
    """What is left in the folder."""
    results.sweep(lambda task_id: states.get(task_id), lambda state: state["scope"] == "")  # type: ignore[arg-type,return-value]
    return {path.name for path in results.path(1, REPORT).parent.iterdir()}


def test_a_sweep_leaves_what_belongs_to_a_task_and_has_not_expired(tmp_path: Path) -> None:
    results = Results(tmp_path / "state", keep_seconds=100)
    now = int(time.time())
    states = {1: state("completed", now - 200), 2: state("completed", now - 50), 3: state("progress", None), 4: state("fail", now - 50)}
    for task_id in range(1, 5):
        for kind in (REPORT, SUMMARY, LOG):
            results.write(task_id, kind, "{}")
    on_its_way = results.path(4, REPORT).with_name(".4.summary.json")
    stray, foreign = on_its_way.with_name(".trainstat-0123-abc"), on_its_way.with_name("notes.txt")
    for path in (on_its_way, stray, foreign):
        path.write_text("x")

    kept = {f"{task_id}.{kind}" for task_id in (2, 3) for kind in (REPORT, SUMMARY, LOG)}
    assert swept(results, states) == kept | {"4.log", "notes.txt"}


def test_a_sweep_leaves_files_of_unknown_tasks_until_they_are_old_themselves(tmp_path: Path) -> None:
    results = Results(tmp_path / "state", keep_seconds=100)
    for task_id, age in ((1, 90), (2, 110)):
        results.write(task_id, REPORT, "{}")
        os.utime(results.path(task_id, REPORT), (time.time(), time.time() - age))

    assert swept(results, {}) == {"1.json"}


def test_a_sweep_leaves_files_of_other_companies_however_old(tmp_path: Path) -> None:
    results = Results(tmp_path / "state", keep_seconds=100)
    states = {1: state("completed", 0, "other"), 2: state("fail", 0, "other"), 3: state("completed", 0)}
    for task_id in states:
        results.write(task_id, REPORT, "{}")
        os.utime(results.path(task_id, REPORT), (0, 0))

    assert swept(results, states) == {"1.json", "2.json"}


def test_a_sweep_goes_on_past_what_it_cannot_judge(tmp_path: Path) -> None:
    results = Results(tmp_path / "state", keep_seconds=100)
    folder = results.path(1, REPORT).parent
    for task_id in range(1, 40):
        results.write(task_id, REPORT, "{}")
    (folder / "41.json").mkdir()
    (folder / "42.json").symlink_to("1.json")
    (folder / ".trainstat-directory").mkdir()
    (folder / ".trainstat-link").symlink_to("/nowhere")
    os.mkfifo(folder / ".trainstat-pipe")
    (folder / "9999999999999999999.json").write_text("")
    foreign = {path.name for path in folder.iterdir()} - {f"{task_id}.json" for task_id in range(1, 40)}

    def busy(task_id: int) -> TaskState:
        if task_id in (7, 20):
            raise TrainstatError(f"task {task_id} is busy", Status.BUSY)
        return state("completed", 0)  # type: ignore[return-value]

    with pytest.raises(TrainstatError, match="is busy"):
        results.sweep(busy, lambda _: True)

    assert {path.name for path in folder.iterdir()} == foreign | {"7.json", "20.json"}


def until_swept(directory: Path, left: set[str]) -> None:
    until = time.monotonic() + PATIENCE
    while {path.name for path in (directory / "reports").iterdir()} != left:
        assert time.monotonic() < until
        time.sleep(0.05)


def test_servers_of_other_companies_leave_ones_reports(made: Path, directory: Path) -> None:
    with serving(made, directory) as lasting, serving(made, directory, "--company", "other", "--keep-files", "1") as brief:
        file = lasting.ended(lasting.start())["file"]
        assert brief.ended(brief.start())["status"] == "completed"
        until_swept(directory, {"1.json", "1.summary.json"})
        time.sleep(2)
        assert lasting.get(file, None).status == 200


def test_a_damaged_record_does_not_cost_the_report_before_its_time(directory: Path) -> None:
    service = Service(
        moodle="sqlite:////nowhere.sqlite", directory=directory, token=TOKEN, public_url="https://lms.example.org", prefix="mdl_",
        forms=(), timezone=None, company="", modules={}, keep_seconds=100,
    )
    with service.tasks.claim("trainings") as task:
        report = service.results.path(task.id, REPORT)
        service.results.write(task.id, REPORT, "{}")
        task.finish(report)
    [record] = [path for path in (directory / "tasks").iterdir() if b'"completed"' in path.read_bytes()]
    record.write_text("damaged")

    service.sweep()
    assert service.state(task.id) is None
    assert report.exists()

    os.utime(report, (0, 0))
    service.sweep()
    assert not report.exists()


def test_a_defect_of_a_sweep_is_logged_once_and_does_not_end_sweeping(made: Path, directory: Path) -> None:
    with serving(made, directory, "--keep-files", "1") as server:
        (directory / "reports").rename(directory / "elsewhere")
        time.sleep(2.5)
        (directory / "elsewhere").rename(directory / "reports")
        assert server.ended(server.start())["status"] == "completed"
        until_swept(directory, set())
        server.end()
        said = server.said.read_text().splitlines()

    assert len(said) == 2 and "old files stay for now: FileNotFoundError" in said[1]
