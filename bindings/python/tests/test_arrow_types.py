"""Types of Arrow columns, and of the libraries that have such: what they mean, and which cannot serve."""

from __future__ import annotations

import datetime
import random
from decimal import Decimal
from typing import Any

import duckdb
import polars
import pyarrow as pa
import pytest
import trainstat
from tables import reader
from trainstat._signatures import Status

# What the libraries make of their own types.


def test_types_of_polars_mean_what_their_dicts_do() -> None:
    frame = polars.DataFrame(
        {
            "user_id": polars.Series([1, 2, None], dtype=polars.UInt32),
            "course_id": polars.Series([7, None, 9], dtype=polars.Int128).cast(polars.Int64),
            "progress": polars.Series(["33.33", "5", None]).cast(polars.Decimal(10, 2)),
            "score": polars.Series([33.335, -0.5, None], dtype=polars.Float32),
            "status": polars.Series(["started", "completed", None], dtype=polars.Categorical),
            "required": [True, None, False],
            "deadline": [datetime.date(2024, 2, 29), None, datetime.date(9999, 12, 31)],
            "assigned_at": polars.Series(aware(MOMENTS) + [None], dtype=polars.Datetime("ms", "Europe/Moscow")),
            "started_at": polars.Series([*MOMENTS, None], dtype=polars.Datetime("us")),
            "time_spent": [datetime.timedelta(seconds=1.5), datetime.timedelta(hours=3), None],
            "renewal_at": polars.Series([None] * 3, dtype=polars.Null),
        }
    )
    options = {"timezone": "Europe/Moscow", "extended_mode": True, "on_refused": "skip"}

    for rows in (frame, frame.slice(1), polars.concat([frame, frame], rechunk=False), frame.with_columns(status=polars.col("status").cast(str))):
        assert answer("eloomi.participants", rows, options) == answer("eloomi.participants", rows.to_dicts(), options)


def test_words_of_polars_may_be_an_enum() -> None:
    frame = polars.DataFrame({"status": polars.Series(["completed", "fail"], dtype=polars.Enum(["completed", "fail"]))})

    with pytest.raises(trainstat.RowError, match="file is required"):
        trainstat.document("ekvio.integration_status", frame)


def test_types_of_duckdb_mean_what_its_rows_do() -> None:
    relation = duckdb.sql("""
        select * from (values
            (1::hugeint, 7::utinyint, 33.33::decimal(10, 2), 1.5::double, 'started'::enum('started', 'completed'), true,
             date '2024-02-29', timestamp '2024-02-29 12:30:15.999999', timestamp_s '1969-12-31 23:59:59'),
            (2, null, 5, null, null, null, null, null, null)
        ) as rows(user_id, course_id, progress, score, status, required, deadline, started_at, completed_at)
    """)
    rows = [dict(zip(relation.columns, row)) for row in relation.fetchall()]
    options = {"extended_mode": True, "on_refused": "skip"}

    assert answer("eloomi.participants", relation, options) == answer("eloomi.participants", rows, options)


def test_moments_of_duckdb_are_the_moments() -> None:
    connection = duckdb.connect()
    for zone in ("UTC", "Asia/Tokyo"):
        connection.execute(f"set timezone = '{zone}'")
        relation = connection.sql(
            "select 1 as user_id, 2 as course_id, timestamptz '2019-02-08 12:13:35.9+00' as assigned_at, sum(90) as time_spent"
        )
        document = trainstat.document("eloomi.participants", relation, timezone="Europe/Moscow")

        assert b'"assigned_at":"2019-02-08 15:13:35"' in document
        assert b'"time_spent":90' in document


@pytest.mark.parametrize("of", ["interval '1' hour", "time '12:00:00'", "[1]", "{'a': 1}", "'x'::blob"])
def test_types_of_duckdb_that_cannot_serve_are_refused_by_name(of: str) -> None:
    with pytest.raises(trainstat.TrainstatError, match="^time_spent cannot come from an Arrow column of type "):
        trainstat.document("eloomi.participants", duckdb.sql(f"select 1 as user_id, 2 as course_id, {of} as time_spent"))


# Random tables: as Arrow, and as the dicts that pyarrow makes of them.

MOMENTS = [datetime.datetime(2024, 2, 29, 12, 30, 15, 999999), datetime.datetime(1969, 12, 31, 23, 59, 59, 500000)]


DAYS = [datetime.date(2024, 2, 29), datetime.date(1, 1, 1), datetime.date(9999, 12, 31)]
SPANS = [datetime.timedelta(hours=1.5), datetime.timedelta(seconds=-1), datetime.timedelta(milliseconds=1500)]
WORDS = ["active", "completed", "started", "", "42", "-1", "33.335", "2024-02-29", "PT1H", "2024-07-03T12:00:00+03:00", "\u0418\u0432\u0430\u043d\u043e\u0432\u0430 \U0001f600"]
UTC = datetime.timezone.utc


def aware(moments: list[datetime.datetime]) -> list[datetime.datetime]:
    return [moment.replace(tzinfo=UTC) for moment in moments]


def whole(moments: list[datetime.datetime]) -> list[datetime.datetime]:
    return [moment.replace(microsecond=0) for moment in moments]


# A type, and values of it.
TYPES: list[tuple[pa.DataType, list[Any]]] = [
    *((pa.type_for_alias(name), [0, 1, 5, 100, 127]) for name in ("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32")),
    (pa.int64(), [-(2**63), 2**63 - 1, 1549628015, -1]),
    (pa.uint64(), [0, 2**63 - 1, 2**63, 2**64 - 1]),
    (pa.float64(), [0.5, 33.335, 1e300, float("nan"), -0.0, 5.0]),
    (pa.float32(), [0.5, 33.25, 5.0]),
    (pa.float16(), [0.5, 33.25, 5.0]),
    (pa.bool_(), [True, False]),
    (pa.string(), WORDS),
    (pa.large_string(), WORDS),
    (pa.string_view(), [*WORDS, "a text of more than twelve bytes"]),
    (pa.null(), [None]),
    (pa.decimal128(10, 2), [Decimal("33.33"), Decimal("-0.05"), Decimal("5.00")]),
    (pa.decimal128(38, 0), [Decimal(42), Decimal(10**37)]),
    (pa.decimal128(5, -2), [Decimal("1.2E+3"), Decimal(0)]),
    (pa.decimal256(76, 20), [Decimal("33.33"), Decimal(10) ** 50]),
    (pa.decimal32(9, 1), [Decimal("33.3"), Decimal("-1.5")]),
    (pa.decimal64(18, 0), [Decimal(42), Decimal(-42)]),
    (pa.date32(), DAYS),
    (pa.date64(), DAYS),
    *((pa.timestamp(unit), whole(MOMENTS) if unit == "s" else MOMENTS) for unit in ("s", "us")),
    *((pa.timestamp(unit, zone), aware(whole(MOMENTS))) for unit in ("s", "ms", "us", "ns") for zone in ("UTC", "Europe/Moscow")),
    (pa.timestamp("us", "UTC"), aware(MOMENTS)),
    (pa.duration("s"), [datetime.timedelta(hours=2)]),
    (pa.duration("ms"), SPANS),
    (pa.duration("us"), SPANS),
]


NUMERIC = {"integer", "number", "decimal text", "duration", "moment", "local moment", "date"}


def serves(of: pa.DataType, column: str) -> bool:
    """Whether the type may stand for such a column at all."""
    if pa.types.is_dictionary(of):
        of = of.value_type
    if pa.types.is_decimal(of):
        return column in NUMERIC
    if pa.types.is_date(of):
        return column == "date"
    if pa.types.is_timestamp(of):
        return column in ({"moment", "local moment", "date"} if of.tz else {"local moment"})
    return column == "duration" or not pa.types.is_duration(of)


def random_column(chance: random.Random, count: int, fitting: Any) -> pa.ChunkedArray:
    of, values = chance.choice([choice for choice in TYPES if fitting(choice[0])])
    nulls = chance.choice([0, 0, 0.3, 1])
    given = [None if chance.random() < nulls else chance.choice(values) for _ in range(count)]
    if not pa.types.is_null(of) and chance.random() < 0.25:
        words = pa.array([*values, None], of)
        places = [None if value is None else chance.randrange(len(words)) for value in given]
        index = pa.type_for_alias(chance.choice(["int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"]))
        return pa.DictionaryArray.from_arrays(pa.array(places, index), words)
    return pa.array(given, of)


def answer(name: str, rows: Any, options: dict[str, Any]) -> tuple[Any, ...]:
    with trainstat.Report(name, **options) as report:
        try:
            report.extend(rows)
            return report.problems(), report.build()
        except trainstat.TrainstatError as error:
            return report.problems(), error.args


@pytest.mark.parametrize("seed", range(300))
def test_random_tables_answer_as_their_dicts_do(seed: int) -> None:
    chance = random.Random(seed)
    name, options = chance.choice(
        [
            ("eloomi.participants", {"timezone": "Europe/Moscow", "extended_mode": True}),
            ("eloomi.participants", {"timezone": "Asia/Kathmandu"}),
            ("ekvio.trainings_statistic", {"timezone": "Europe/Moscow", "forms": [8]}),
            ("ekvio.errors", {}),
        ]
    )
    options = options | {"on_refused": chance.choice(["skip", "stop"])}
    with trainstat.Report(name, **options) as report:
        columns = report.columns
    count = chance.choice([1, 5, 40, 100])
    arrays, names = [], []
    for column in chance.sample(columns, len(columns)):
        required = column["presence"] == "required"
        if not required and chance.random() < 0.3:
            continue
        # Required ones mostly get what they take, so that some rows are taken.
        values = {"integer": 5, "choice": column.get("choices", [""])[0], "text": "x"}.get(column["type"])
        if values is not None and chance.random() < 0.9:
            arrays.append(pa.array([values] * count))
        else:
            arrays.append(random_column(chance, count, lambda of: serves(of, column["type"])))
        names.append(column["key"])
    if chance.random() < 0.1:
        arrays.append(pa.nulls(count))
        names.append("stranger")
    table = pa.Table.from_arrays(arrays, names=names)
    table = table.slice(chance.randrange(count), chance.choice([1, 7, 100]))
    rows = table.to_pylist()

    assert answer(name, table, options) == answer(name, rows, options)
    assert answer(name, reader(table, chance.choice([1, 3, 33])), options) == answer(name, rows, options)


@pytest.mark.parametrize("seed", range(40))
def test_random_tables_of_types_that_cannot_serve_are_refused(seed: int) -> None:
    chance = random.Random(seed)
    with trainstat.Report("eloomi.participants") as report:
        column = chance.choice(report.columns)
    array = random_column(chance, 5, lambda of: not serves(of, column["type"]) and not pa.types.is_null(of))

    with pytest.raises(trainstat.TrainstatError) as raised:
        trainstat.document("eloomi.participants", pa.table({column["key"]: array}))

    assert raised.value.status is Status.INVALID_ARGUMENT
    assert raised.value.message.startswith(f"{column['key']} cannot come from an Arrow column of type ")
