"""The types are those of the catalogue, and find mistakes."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
import trainstat

HERE = Path(__file__).resolve().parents[1]
STUBS = HERE / "trainstat" / "__init__.pyi"

GOOD = """
import datetime
import pathlib
import trainstat

with trainstat.Report("ekvio.trainings_statistic", forms=[8], timezone="Europe/Moscow", on_refused="skip") as report:
    report.append(
        user_id=1, material_id="2", fio="x", user_status="active", login="x", is_required=True, user_scores=0,
        max_interaction_scores=0, pdf_viewed=0, pdf_total=0, link_viewed=0, link_total=0, html_viewed=0, html_total=0,
        group_region="x", start_time=datetime.datetime.now(datetime.timezone.utc), form_question_8=None,
    )
    report.append_part(memoryview(b"{}"), 0)
    document: bytes = report.build()
    refused: int = report.problems()["refused"]
    keys: list[str] = [column["key"] for column in report.columns]

row: trainstat.EloomiParticipantsRow = {"course_id": 1, "user_id": 2, "time_spent": datetime.timedelta(1)}
pieces = b"".join(trainstat.stream("eloomi.participants", [row], extended_mode=True))
trainstat.document("ekvio.errors", ({"code": n, "field": "f", "message": "m"} for n in range(3)), file="report.json")

def build(name: trainstat.FormatName, rows: list[dict[str, object]]) -> bytes:
    return trainstat.document(name, rows)

def empty(report: trainstat.Report) -> None:
    report.append()

def export(folder: pathlib.Path) -> bytes:
    with trainstat.Tasks(folder, max_age=86400, max_count=None) as tasks:
        try:
            with tasks.claim("trainings", scope="company-7") as task:
                number: int = task.id
                task.progress(1, total=2)
                task.finish(file=folder / "report.json")
        except trainstat.TaskRunning as running:
            refused: bytes = running.document
        states: list[trainstat.TaskState] = tasks.list(most=5)
        finished: int | None = tasks.state(number)["finished"]
        return tasks.answer(number, file_url="https://lms.example/15.json")
"""

BAD = """
import trainstat
trainstat.Report("ekvio.error")
trainstat.Report("ekvio.errors", forms=[8])
trainstat.Report("eloomi.participants", on_refused="go")
trainstat.Report("ekvio.errors").append(code=1, field="f")
trainstat.Report("ekvio.errors").append(code=1, field="f", message=5)
trainstat.Report("ekvio.errors").append(code=1, field="f", message="m", fild="f")
trainstat.Report("ekvio.integration_status").append(status="complete")
status: trainstat.EkvioIntegrationStatusRow = {"status": "complete"}
trainstat.document("ekvio.errors", [1])
trainstat.Report("ekvio.errors").append_part("{}", 0)
trainstat.Report("ekvio.errors").append_part(b"{}")
trainstat.Tasks(5)
trainstat.Tasks("tasks", max_agee=5)
trainstat.Tasks("tasks", max_age="5")
trainstat.Tasks("tasks").claim(5)
trainstat.Tasks("tasks").claim("trainings").progress("5")
trainstat.Tasks("tasks").claim("trainings").finish(file=5)
trainstat.Tasks("tasks").state(1)["stat"]
trainstat.Tasks("tasks").answer("1")
trainstat.TaskState(id=1, status="done")
"""


def mypy(code: str, folder: Path) -> list[int]:
    """The lines in which mistakes are found."""
    pytest.importorskip("mypy")
    (folder / "sample.py").write_text(code)
    command = [sys.executable, "-m", "mypy", "--strict", "--no-incremental", "--python-version", "3.10", "sample.py"]
    done = subprocess.run(command, cwd=folder, env={"MYPYPATH": str(HERE), "PATH": ""}, capture_output=True, text=True)
    assert done.returncode in (0, 1), done.stderr + done.stdout
    return sorted({int(line) for line in re.findall(r"^sample\.py:(\d+): error", done.stdout, flags=re.M)})


def test_stale_stubs_are_found(tmp_path: Path) -> None:
    code = f"""
import sys, pathlib, generate_stubs
generate_stubs.STUBS = pathlib.Path({str(tmp_path / "stale.pyi")!r})
sys.argv = ["generate_stubs.py", "--check"]
sys.exit(generate_stubs.main())
"""
    (tmp_path / "stale.pyi").write_text(STUBS.read_text("ascii").replace("user_id", "userid"))

    done = subprocess.run([sys.executable, "-c", code], cwd=HERE, capture_output=True, text=True)

    assert (done.returncode, done.stderr) == (1, "stale.pyi is stale: run generate_stubs.py\n")


def test_stubs_name_what_the_package_has() -> None:
    text = STUBS.read_text("ascii")

    for name in trainstat.__all__:
        assert re.search(rf"\b(class|def|as) {name}\b", text)


def test_stubs_know_every_method_of_a_report() -> None:
    body = STUBS.read_text("ascii").split("class Report:")[1].split("\nclass ")[0]
    methods = {name for name in dir(trainstat.Report) if not name.startswith("_")}

    assert methods == set(re.findall(r"^    (?:def )?([a-z]\w*)(?=[(:])", body, flags=re.M))


def test_right_use_has_no_type_errors(tmp_path: Path) -> None:
    assert mypy(GOOD, tmp_path) == []


def test_each_wrong_use_is_a_type_error(tmp_path: Path) -> None:
    assert mypy(BAD, tmp_path) == list(range(3, len(BAD.splitlines()) + 1))
