"""What Spark's workers write in parts is, to the letter, what one process writes."""

from __future__ import annotations

import os
import random
import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import trainstat
import trainstat.spark
from conftest import refusal
from pyspark import TaskContext
from pyspark.errors import PySparkException
from pyspark.sql import DataFrame, SparkSession
from trainstat._signatures import Status

README = Path(__file__).resolve().parents[4] / "README.md"

STATISTIC = "ekvio.trainings_statistic"
PARTICIPANTS = "eloomi.participants"
TYPES = {
    STATISTIC: {
        "user_id": "long",
        "material_id": "int",
        "fio": "string",
        "user_status": "string",
        "login": "string",
        "start_time": "timestamp",
        "complete_date": "string",
        "total_time": "interval day to second",
        "name": "string",
        "is_required": "boolean",
        "user_scores": "short",
        "max_interaction_scores": "int",
        "pdf_viewed": "byte",
        "pdf_total": "int",
        "link_viewed": "int",
        "link_total": "int",
        "html_viewed": "int",
        "html_total": "int",
        "scorm_total_time": "string",
        "scorm_status": "string",
        "scorm_percent": "int",
        "last_activity": "long",
        "group_region": "string",
        "group_city": "string",
        "form_question_8": "string",
    },
    PARTICIPANTS: {
        "assigned_at": "timestamp_ntz",
        "completed_at": "timestamp",
        "course_id": "long",
        "deadline": "date",
        "progress": "decimal(6,3)",
        "required": "boolean",
        "score": "double",
        "started_at": "string",
        "time_spent": "interval day to second",
        "user_id": "long",
    },
}
OPTIONS = {STATISTIC: {"forms": [8], "timezone": "Europe/Moscow"}, PARTICIPANTS: {"timezone": "Europe/Berlin", "message": "<b>"}}


def rows_of(name: str, count: int) -> list[dict[str, Any]]:
    chosen = random.Random(20240703)
    one = {STATISTIC: statistic, PARTICIPANTS: participant}[name]
    return [one(number, chosen) for number in range(count)]


def moment(chosen: random.Random, zone: timezone | None = timezone.utc) -> datetime:
    return datetime(1990, 1, 1, tzinfo=zone) + timedelta(seconds=chosen.randrange(3_000_000_000), microseconds=chosen.randrange(1_000_000))


def statistic(number: int, chosen: random.Random) -> dict[str, Any]:
    name = chosen.choice(["\u0418\u0432\u0430\u043d\u043e\u0432\u0430 \u0410\u043d\u043d\u0430", 'O\'Neil "Bob"', "}]},{\\", "\u4f60\u597d\n", ""])
    return {
        "user_id": number,
        "material_id": chosen.randrange(500),
        "fio": name,
        "user_status": chosen.choice(["active", "blocked"]),
        "login": f"learner{number}@host.example",
        "start_time": chosen.choice([None, moment(chosen)]),
        "complete_date": chosen.choice([None, "2024-07-03T12:00:00+03:00"]),
        "total_time": timedelta(seconds=chosen.randrange(10**6), microseconds=chosen.randrange(10**6)),
        "name": chosen.choice([None, "\u041e\u0445\u0440\u0430\u043d\u0430 \u0442\u0440\u0443\u0434\u0430"]),
        "is_required": chosen.random() < 0.5,
        **{key: chosen.randrange(100) for key in ("user_scores", "max_interaction_scores", "pdf_viewed", "pdf_total")},
        **{key: chosen.randrange(100) for key in ("link_viewed", "link_total", "html_viewed", "html_total")},
        "scorm_total_time": chosen.choice([None, "01:02:03.5", "PT1H+PT30M"]),
        "scorm_status": chosen.choice([None, "incomplete", "passed", ""]),
        "scorm_percent": chosen.choice([None, chosen.randrange(101)]),
        "last_activity": chosen.choice([None, chosen.randrange(2**32)]),
        "group_region": chosen.choice(["North", "\u0423\u0440\u0430\u043b"]),
        "group_city": chosen.choice([None, "x" * chosen.randrange(300)]),
        "form_question_8": chosen.choice([None, "an answer"]),
    }


def participant(number: int, chosen: random.Random) -> dict[str, Any]:
    return {
        "assigned_at": moment(chosen, None),
        "completed_at": chosen.choice([None, moment(chosen)]),
        "course_id": chosen.randrange(50),
        "deadline": chosen.choice([None, date(2024, 2, 29) + timedelta(chosen.randrange(9999))]),
        "progress": Decimal(chosen.randrange(100_001)) / 1000,
        "required": chosen.random() < 0.5,
        "score": chosen.randrange(10_000) / 8,
        "started_at": chosen.choice([None, "2024-02-29 23:59:59", "1720000000"]),
        "time_spent": timedelta(seconds=chosen.randrange(10**6)),
        "user_id": number,
    }


def spoiled(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Every 97th row has a cell that is refused, each in one of three ways."""
    ways: list[dict[str, Any]] = [{"user_id": -1}, {"user_id": None}, {"total_time": timedelta(-1), "time_spent": timedelta(-1)}]
    for number, row in list(enumerate(rows))[50::97]:
        rows[number] = row | {key: value for key, value in ways[number % 3].items() if key in row}
    return rows


def frame(spark: SparkSession, name: str, rows: list[dict[str, Any]], partitions: int, **more: str) -> DataFrame:
    types = TYPES[name] | more
    cells = [tuple(row[key] for key in types) for row in rows]
    schema = ", ".join(f"{key} {of}" for key, of in types.items())
    return spark.createDataFrame(spark.sparkContext.parallelize(cells, partitions), schema, verifySchema=False)


def single(name: str, rows: list[dict[str, Any]], **options: Any) -> tuple[bytes, dict[str, Any]]:
    with trainstat.Report(name, **OPTIONS[name], **options) as report:
        report.extend(rows)
        return report.build(), report.problems()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "report.json"
    path.write_text("old")
    return path


def expect_old_file_alone(file: Path) -> None:
    assert file.read_text() == "old"
    assert list(file.parent.iterdir()) == [file]


@pytest.mark.parametrize("name", [STATISTIC, PARTICIPANTS])
@pytest.mark.parametrize("partitions", [1, 5])
def test_writes_the_report_of_one_process(name: str, partitions: int, spark: SparkSession, file: Path) -> None:
    rows = rows_of(name, 10_000)  # one partition of which is several parts

    found = trainstat.spark.write(frame(spark, name, rows, partitions), name, file=file, **OPTIONS[name])

    document, problems = single(name, rows)
    assert file.read_bytes() == document
    assert found == problems == {"accepted": 10_000, "refused": 0, "problems": []}
    assert list(file.parent.iterdir()) == [file]


@pytest.mark.parametrize("name", [STATISTIC, PARTICIPANTS])
def test_leaves_out_and_numbers_refused_rows_as_one_process_does(name: str, spark: SparkSession, file: Path) -> None:
    rows = spoiled(rows_of(name, 6_000))

    found = trainstat.spark.write(frame(spark, name, rows, 3), name, file=file, **OPTIONS[name], on_refused="skip")

    document, problems = single(name, rows, on_refused="skip")
    assert file.read_bytes() == document
    assert found == problems
    assert found["refused"] == len(found["problems"]) == 62


def test_tells_the_first_thousand_problems(spark: SparkSession, file: Path) -> None:
    rows = rows_of(PARTICIPANTS, 3_000)
    for row in rows[::2]:
        row["course_id"] = None

    found = trainstat.spark.write(frame(spark, PARTICIPANTS, rows, 4), PARTICIPANTS, file=file, on_refused="skip")

    assert found == single(PARTICIPANTS, rows, on_refused="skip")[1]
    assert (found["refused"], len(found["problems"])) == (1_500, 1_000)


def test_stops_at_the_row_that_stops_one_process(spark: SparkSession, file: Path) -> None:
    rows = rows_of(STATISTIC, 6_000)
    for number in (5_999, 3_333, 3_334):
        rows[number]["user_status"] = "secret"

    refused = refusal(lambda: trainstat.spark.write(frame(spark, STATISTIC, rows, 4), STATISTIC, file=file, **OPTIONS[STATISTIC]))

    assert vars(refused) == vars(refusal(lambda: single(STATISTIC, rows)))
    assert isinstance(refused, trainstat.RowError)
    assert (refused.row, refused.column, refused.status) == (3_333, "user_status", Status.ROW_REFUSED)
    assert "secret" not in str(refused) + repr(refused)
    expect_old_file_alone(file)


def test_refuses_a_column_that_the_format_lacks(spark: SparkSession, file: Path) -> None:
    rows = [row | {"colour": None} for row in rows_of(PARTICIPANTS, 3)]

    refused = refusal(lambda: trainstat.spark.write(frame(spark, PARTICIPANTS, rows, 2, colour="string"), PARTICIPANTS, file=file))

    assert vars(refused) == vars(refusal(lambda: single(PARTICIPANTS, rows)))
    assert isinstance(refused, trainstat.RowError)
    assert (refused.row, refused.column) == (0, "colour")
    expect_old_file_alone(file)


def test_refuses_a_column_of_a_type_that_cannot_serve(spark: SparkSession, file: Path) -> None:
    dataframe = spark.range(0, 4, 1, 2).selectExpr("id AS user_id", "array(id) AS course_id")

    refused = refusal(lambda: trainstat.spark.write(dataframe, PARTICIPANTS, file=file, on_refused="skip"))

    assert refused.status is Status.INVALID_ARGUMENT
    assert not isinstance(refused, trainstat.RowError)
    assert "course_id" in refused.message
    expect_old_file_alone(file)


def test_moments_that_python_has_no_name_for_are_refused_by_their_rows(spark: SparkSession, file: Path) -> None:
    moments = ["timestamp_seconds(253402300800 + id) AS completed_at", "date_add(date'9999-12-31', cast(id AS int)) AS deadline"]
    dataframe = spark.range(0, 4, 1, 2).selectExpr("id AS user_id", "id AS course_id", *moments)

    found = trainstat.spark.write(dataframe, PARTICIPANTS, file=file, on_refused="skip")

    assert (found["accepted"], found["refused"]) == (0, 4)
    assert [problem["row"] for problem in found["problems"]] == [0, 1, 2, 3]
    assert {problem["column"] for problem in found["problems"]} == {"completed_at"}


def test_refuses_wrong_options_before_any_work(spark: SparkSession, file: Path) -> None:
    dataframe = spark.range(1).selectExpr("id AS user_id", "raise_error('asked for') AS course_id")

    assert refusal(lambda: trainstat.spark.write(dataframe, PARTICIPANTS, file=file, timezon="UTC")).status is Status.BAD_OPTION
    assert refusal(lambda: trainstat.spark.write(dataframe, PARTICIPANTS, file=file.parent)).status is Status.FILE_FAILED
    assert refusal(lambda: trainstat.spark.write(dataframe, "eloomi.participant s", file=file)).status is Status.UNKNOWN_FORMAT
    expect_old_file_alone(file)


@pytest.mark.parametrize("partitions", [2, 200 if os.environ.get("TRAINSTAT_FULL") else 60])  # Spark takes its time over each
def test_takes_partitions_without_rows(partitions: int, spark: SparkSession, file: Path) -> None:
    dataframe = spark.range(0, 500, 1, partitions).filter("id % 100 >= 50").selectExpr("id AS user_id", "id % 7 AS course_id")

    trainstat.spark.write(dataframe, PARTICIPANTS, file=file)

    rows = [{"user_id": number, "course_id": number % 7} for number in range(500) if number % 100 >= 50]
    assert file.read_bytes() == trainstat.document(PARTICIPANTS, rows)


def test_a_frame_without_rows_is_a_document_without_rows(spark: SparkSession, file: Path) -> None:
    dataframe = spark.createDataFrame([], "user_id long, course_id long")

    assert trainstat.spark.write(dataframe, PARTICIPANTS, file=file) == {"accepted": 0, "refused": 0, "problems": []}

    assert file.read_bytes() == trainstat.document(PARTICIPANTS, [])


def test_a_format_that_needs_a_row_refuses_a_frame_without_accepted_ones(spark: SparkSession, file: Path) -> None:
    dataframe = spark.createDataFrame([(1, "f")], "code long, field string")

    refused = refusal(lambda: trainstat.spark.write(dataframe, "ekvio.errors", file=file, on_refused="skip"))

    assert refused.status is Status.ROW_COUNT
    expect_old_file_alone(file)


def test_a_sorted_frame_is_a_sorted_document(spark: SparkSession, file: Path) -> None:
    rows = rows_of(PARTICIPANTS, 500)
    dataframe = frame(spark, PARTICIPANTS, random.Random(5).sample(rows, 500), 3).orderBy("user_id")

    trainstat.spark.write(dataframe, PARTICIPANTS, file=file, **OPTIONS[PARTICIPANTS])

    assert file.read_bytes() == single(PARTICIPANTS, rows)[0]


def test_a_task_that_is_tried_again_gives_its_rows_once(spark: SparkSession, file: Path) -> None:
    def dies_once(batches: Iterator[Any]) -> Iterator[Any]:
        task = TaskContext.get()
        if task.partitionId() == 1 and task.attemptNumber() == 0:
            os._exit(1)
        yield from batches

    dataframe = spark.range(0, 300, 1, 3).selectExpr("id AS user_id", "id AS course_id")

    trainstat.spark.write(dataframe.mapInArrow(dies_once, dataframe.schema), PARTICIPANTS, file=file)

    assert file.read_bytes() == trainstat.document(PARTICIPANTS, [{"user_id": number, "course_id": number} for number in range(300)])


def test_a_task_that_fails_for_good_leaves_the_old_file(spark: SparkSession, file: Path) -> None:
    def raises_always(batches: Iterator[Any]) -> Iterator[Any]:
        if TaskContext.get().partitionId() == 1:
            raise LookupError("the source is gone")
        yield from batches

    dataframe = spark.range(0, 300, 1, 3).selectExpr("id AS user_id", "id AS course_id")

    with pytest.raises(PySparkException, match="the source is gone"):
        trainstat.spark.write(dataframe.mapInArrow(raises_always, dataframe.schema), PARTICIPANTS, file=file)

    expect_old_file_alone(file)




def test_runs_the_example_of_the_readme(
    spark: SparkSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    found = re.search(r"^```py\n(.*?)^```\n.*?^```text\n(.*?)^```$", README.read_text("utf-8"), flags=re.M | re.S)
    assert found is not None
    monkeypatch.chdir(tmp_path)

    exec(found[1], {"spark": spark})

    assert capsys.readouterr().out == found[2]
    assert [path.name for path in tmp_path.iterdir()] == ["report.json"]


def test_keeps_no_parts_of_earlier_reports(spark: SparkSession) -> None:
    """Comes last, behind reports that were written and reports that failed."""
    assert spark.sparkContext._jsc.getPersistentRDDs().isEmpty()
