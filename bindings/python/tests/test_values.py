"""What Python's values become in a document."""

from __future__ import annotations

import enum
import json
from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone, tzinfo
from decimal import Decimal, localcontext
from typing import Any
from zoneinfo import ZoneInfo

import pandas
import pytest
import trainstat

MOSCOW = timezone(timedelta(hours=3))


def written(column: str, value: Any) -> Any:
    """The member of an eloomi row for this value."""
    row = {"course_id": 1, "user_id": 2, "status": "started", column: value}
    return json.loads(trainstat.document("eloomi.participant", [row], extended_mode=True))["data"][column]


def refused(column: str, value: Any) -> str:
    with pytest.raises(trainstat.RowError) as raised:
        written(column, value)
    assert raised.value.column == column
    return raised.value.message


class Level(enum.IntEnum):
    HIGH = 3


class State(str, enum.Enum):
    DONE = "completed"


class Index:
    def __index__(self) -> int:
        return 7


class Text(str):
    def encode(self, *_: object) -> bytes:
        raise AssertionError("the host's method is not asked")


class Big(int):
    def __index__(self) -> int:
        raise AssertionError("the host's method is not asked")


def shown(value: object) -> str:
    return value if type(value) is str else type(value).__name__


@pytest.mark.parametrize(
    ("column", "value", "expected"),
    [
        ("attempts", 5, 5),
        ("attempts", True, 1),
        ("attempts", 5.0, 5),
        ("attempts", "5", 5),
        ("attempts", Decimal("5"), 5),
        ("attempts", 2**63 - 1, 2**63 - 1),
        ("attempts", Level.HIGH, 3),
        ("attempts", Index(), 7),
        ("attempts", Big(4), 4),
        ("progress", Decimal("33.335"), 33.34),
        ("progress", Decimal("1E+1"), 10),
        ("progress", Decimal("1E-3"), 0),
        ("progress", 33.335, 33.34),
        ("score", Decimal("-0.005"), "-0.01"),
        ("score", Decimal("0E-10"), "0.00"),
        ("score", Decimal("12345678901234567890.125"), "12345678901234567890.13"),
        ("status", State.DONE, "completed"),
        ("status", Text("started"), "started"),
        ("deadline", date(2024, 2, 29), "2024-02-29"),
        ("deadline", date(1, 1, 1), "0001-01-01"),
        ("deadline", datetime(2024, 2, 29, 23, 0, tzinfo=MOSCOW), "2024-02-29"),
        ("deadline", None, None),
        ("time_spent", timedelta(hours=1, seconds=1), 3601),
        ("time_spent", timedelta(microseconds=500_000), 1),
        ("time_spent", timedelta(microseconds=499_999), 0),
        ("time_spent", timedelta(days=400), 34_560_000),
        ("time_spent", timedelta.max, 86_400_000_000_000),
        ("time_spent", Decimal("90"), 90),
        ("started_at", datetime(2024, 2, 29, 9, 5, 7, 999_999), "2024-02-29 09:05:07"),
        ("started_at", datetime(1, 1, 1), "0001-01-01 00:00:00"),
        ("started_at", datetime(987, 6, 5, 4, 3, 2), "0987-06-05 04:03:02"),
        ("started_at", datetime(2024, 2, 29, 12, 0, 0, 999_999, MOSCOW), "2024-02-29 09:00:00"),
        ("started_at", datetime(1969, 12, 31, 23, 59, 59, 1, timezone.utc), "1969-12-31 23:59:59"),
        ("started_at", datetime(1900, 1, 1, 0, 0, 0, 999_999, timezone.utc), "1900-01-01 00:00:00"),
        ("started_at", datetime(2024, 10, 27, 2, 30, tzinfo=ZoneInfo("Europe/Berlin"), fold=1), "2024-10-27 01:30:00"),
        ("started_at", Decimal("0"), "1970-01-01 00:00:00"),
    ],
    ids=shown,
)
def test_takes(column: str, value: Any, expected: Any) -> None:
    assert written(column, value) == expected


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("attempts", 2**63),
        ("attempts", -(2**63) - 1),
        ("attempts", 10**5000),
        ("attempts", Decimal("5.0")),
        ("attempts", Decimal("NaN")),
        ("attempts", b"5"),
        ("attempts", [5]),
        ("attempts", {}),
        ("attempts", object()),
        ("attempts", int),
        ("attempts", 5j),
        ("attempts", datetime(2024, 2, 29, tzinfo=MOSCOW)),
        ("progress", Decimal("Infinity")),
        ("progress", Decimal("sNaN")),
        ("progress", Decimal("1E+999999999")),
        ("progress", Decimal("1E-999999999")),
        ("progress", float("nan")),
        ("progress", True),
        ("progress", None),
        ("score", timedelta(1)),
        ("status", b"started"),
        ("status", None),
        ("deadline", datetime(2024, 2, 29)),
        ("deadline", "29.02.2024"),
        ("started_at", date(2024, 2, 29)),
        ("started_at", datetime(1, 1, 1, tzinfo=MOSCOW)),
        ("started_at", pandas.NaT),
        ("deadline", pandas.NaT),
        ("time_spent", timedelta(microseconds=-1)),
        ("time_spent", -timedelta(days=1)),
        ("time_spent", 1.0),
        ("time_spent", date(2024, 2, 29)),
    ],
    ids=shown,
)
def test_refuses(column: str, value: Any) -> None:
    assert refused(column, value).startswith(column)


@pytest.mark.parametrize("value", [datetime(2024, 2, 29), date(2024, 2, 29), Decimal(5), timedelta(1), 5, b"x", Index()])
def test_refuses_in_a_text_what_is_no_text(value: Any) -> None:
    with pytest.raises(trainstat.RowError, match="field must be text"):
        trainstat.document("ekvio.errors", [{"code": 1, "field": value, "message": ""}])


def test_refuses_a_naive_moment_where_a_zone_is_needed(row: dict[str, Any]) -> None:
    with pytest.raises(trainstat.RowError) as raised:
        trainstat.document("ekvio.trainings_statistic", [row | {"start_time": datetime(2024, 2, 29)}])

    assert raised.value.column == "start_time"


def test_writes_an_aware_moment_in_the_zone_of_the_report(row: dict[str, Any]) -> None:
    rows = [row | {"start_time": datetime(2024, 2, 29, 12, 0, 0, 999_999, timezone.utc)}]

    document = trainstat.document("ekvio.trainings_statistic", rows, timezone="Europe/Moscow")

    assert json.loads(document)["data"][0]["start_time"] == "2024-02-29T15:00:00+03:00"


class Nowhere(tzinfo):
    """A zone that knows no offset: what is in it is naive."""

    def utcoffset(self, moment: datetime | None) -> None:
        return None


def test_a_moment_in_a_zone_without_an_offset_is_naive() -> None:
    assert written("started_at", datetime(2024, 2, 29, 9, tzinfo=Nowhere())) == "2024-02-29 09:00:00"
    assert refused("deadline", datetime(2024, 2, 29, 9, tzinfo=Nowhere())).startswith("deadline")


def test_what_a_zone_raises_comes_out() -> None:
    class Broken(tzinfo):
        def utcoffset(self, moment: datetime | None) -> timedelta:
            raise TypeError("no such zone")

    with pytest.raises(TypeError, match="no such zone"):
        written("started_at", datetime(2024, 2, 29, tzinfo=Broken()))


def test_decimals_are_spelled_without_an_exponent_in_every_context() -> None:
    with localcontext() as context:
        context.capitals = 0
        context.prec = 3
        assert written("score", Decimal("1.2345E+5")) == "123450.00"
        assert written("score", Decimal("123456.789")) == "123456.79"


def test_rows_with_and_without_odd_values_may_take_turns() -> None:
    plain = {"course_id": 1, "user_id": 2, "score": "1.50", "deadline": "2024-02-29"}
    odd = plain | {"score": Decimal("1.5"), "deadline": date(2024, 2, 29)}

    document = trainstat.document("eloomi.participants", [plain, odd, odd, plain, plain, odd])

    assert document == trainstat.document("eloomi.participants", [plain] * 6)


@pytest.mark.parametrize("text", ["\ud800", "a\udfff", "\ud83d", "ok \udce9"])
def test_refuses_lone_surrogates_as_ill_formed(text: str) -> None:
    with pytest.raises(trainstat.RowError, match="message must be well-formed UTF-8"):
        trainstat.document("ekvio.errors", [{"code": 1, "field": "f", "message": text}])


def test_writes_nul_and_letters_beyond_the_first_plane() -> None:
    document = trainstat.document("ekvio.errors", [{"code": 1, "field": "a\0b", "message": "\U0001f600"}])

    assert document == '{"errors":[{"code":1,"field":"a\\u0000b","message":"\U0001f600"}]}'.encode()


def test_takes_numbers_of_numpy(row: dict[str, Any]) -> None:
    numpy = pytest.importorskip("numpy")

    assert written("attempts", numpy.int32(5)) == 5
    assert written("progress", numpy.float64(0.5)) == 0.5


def test_passes_the_exception_of_a_value_on_and_keeps_the_rows_before() -> None:
    class Broken:
        def __index__(self) -> int:
            raise ZeroDivisionError

    with trainstat.Report("ekvio.errors") as report:
        with pytest.raises(ZeroDivisionError):
            report.extend([{"code": 1, "field": "", "message": ""}, {"code": Broken(), "field": "", "message": ""}])
        assert report.problems()["accepted"] == 1


@pytest.mark.parametrize("make", [dict, lambda row: dict(reversed(row.items()))], ids=["in order", "reversed"])
def test_order_of_the_keys_does_not_matter(make: Callable[[dict[str, Any]], dict[str, Any]], row: dict[str, Any]) -> None:
    assert trainstat.document("ekvio.trainings_statistic", [make(row)]) == trainstat.document("ekvio.trainings_statistic", [row])
