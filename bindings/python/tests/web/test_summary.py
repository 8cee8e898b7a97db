"""What is counted, against an independent computation from the same rows."""

from __future__ import annotations

import json
import math
import random
import statistics
import sys
from collections import Counter
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from trainstat.web.summary import Summary

from .page_site import row


def summed(rows: list[dict[str, Any]], timezone: str = "+00:00") -> dict[str, Any]:
    summary = Summary(timezone)
    for each in rows:
        summary.add(each)
    plain: dict[str, Any] = json.loads(json.dumps(summary.as_json()))
    return plain


def expected_scores(rows: list[dict[str, Any]]) -> dict[str, Any] | None:
    scores = [each["percent_final_scores"] for each in rows if each["percent_final_scores"] is not None]
    if not scores:
        return None
    ordered = sorted(scores)
    lower, upper = (ordered[math.ceil(len(ordered) * Fraction(quarters, 4)) - 1] for quarters in (1, 3))
    return {"count": len(scores), "mean": pytest.approx(statistics.mean(scores)), "lower": lower, "upper": upper}


@pytest.mark.parametrize("count", [1, 2, 7, 100, 503])
def test_counts_what_a_plain_computation_finds(count: int) -> None:
    chance = random.Random(count)
    names = [None, "Sales", "\u041e\u0442\u0434\u0435\u043b \u043f\u0440\u043e\u0434\u0430\u0436", "IT"]
    rows = [
        row(
            chance.choice(names),
            chance.choice([None, chance.randrange(1_500_000_000, 1_700_000_000)]),
            chance.choice([None, chance.randrange(101)]),
        )
        for _ in range(count)
    ]

    found = summed(rows, "Europe/Moscow")

    assert found["rows"] == len(rows)
    assert found["completed"] == sum(each["complete_date"] is not None for each in rows)
    assert found["scores"] == expected_scores(rows)
    sizes = Counter(each["group_department"] for each in rows)
    assert {each["name"]: each["rows"] for each in found["departments"]} == dict(sizes)
    assert [each["rows"] for each in found["departments"]] == sorted(sizes.values(), reverse=True)
    for each in found["departments"]:
        own = [other for other in rows if other["group_department"] == each["name"]]
        assert each["completed"] == sum(other["complete_date"] is not None for other in own)
        assert each["scores"] == expected_scores(own)
    moscow = ZoneInfo("Europe/Moscow")
    dates = [each["complete_date"] for each in rows if each["complete_date"] is not None]
    months = Counter(datetime.fromtimestamp(date, moscow).strftime("%Y-%m") for date in dates)
    assert list(found["months"].items()) == sorted(months.items())
    assert found["other"] is None


def test_without_rows_there_is_nothing() -> None:
    assert summed([]) == {
        "rows": 0, "completed": 0, "scores": None, "departments": [], "other": None, "months": {}, "timezone": "+00:00"
    }


@pytest.mark.parametrize("score", [80, "80", 80.0, Decimal("80"), Decimal("80.000")])
def test_takes_numbers_as_database_drivers_hand_them_out(score: Any) -> None:
    found = summed([{"group_department": "Sales", "complete_date": "1606827121", "percent_final_scores": score}])

    assert found["scores"] == {"count": 1, "mean": 80, "lower": 80, "upper": 80}
    assert found["months"] == {"2020-12": 1}


@pytest.mark.parametrize(
    ("timezone", "month"),
    [
        ("+00:00", "2020-11"),
        ("+03:00", "2020-12"),
        ("-18:00", "2020-11"),
        ("Europe/Moscow", "2020-12"),
        ("America/New_York", "2020-11"),
    ],
)
def test_months_are_those_of_the_reports_zone(timezone: str, month: str) -> None:
    last_hour_of_november_in_utc = 1606777200

    found = summed([row("Sales", last_hour_of_november_in_utc)], timezone)

    assert found["months"] == {month: 1}
    assert found["timezone"] == timezone


def test_a_date_with_an_offset_of_its_own_keeps_its_month() -> None:
    assert summed([{"complete_date": "2020-11-30T23:30:00-05:00"}], "Europe/Moscow")["months"] == {"2020-11": 1}


@pytest.mark.parametrize(("seconds", "month"), [(-62135596800, "0001-01"), (253402300799, "9999-12")])
def test_knows_the_first_and_the_last_month_that_a_report_takes(seconds: int, month: str) -> None:
    assert summed([row("Sales", seconds)])["months"] == {month: 1}


@pytest.mark.parametrize(("seconds", "timezone"), [(253402304400, "-05:00"), (-62135600400, "+05:00"), (253402304400, "America/New_York")])
def test_a_month_that_only_the_zone_brings_into_the_calendar_is_counted(seconds: int, timezone: str) -> None:
    assert sum(summed([row("Sales", seconds)], timezone)["months"].values()) == 1


def test_a_blank_department_is_none() -> None:
    found = summed([row(None), row(""), row(" \t"), {}])

    assert [(each["name"], each["rows"]) for each in found["departments"]] == [(None, 4)]


def test_departments_beyond_the_largest_hundred_are_one() -> None:
    rows = [row(f"Department {number}", 1606827121, number % 101) for number in range(130) for _ in range(1 + (number >= 30))]

    found = summed(rows)

    assert {each["name"] for each in found["departments"]} == {f"Department {number}" for number in range(30, 130)}
    assert (found["other"]["rows"], found["other"]["completed"], found["other"]["scores"]["count"]) == (30, 30, 30)
    assert found["rows"] == 230


def test_memory_is_bounded_whatever_departments_come() -> None:
    summary = Summary()
    for number in range(20_000):
        summary.add(row(f"{number:06}" + "x" * 10_000, None, 50))

    found = summary.as_json()

    assert sum(sys.getsizeof(name) for name in summary._departments) < 1_000_000
    assert max(len(each["name"]) for each in found["departments"]) == 200
    assert found["other"]["rows"] == 20_000 - 100
    assert found["rows"] == found["scores"]["count"] == 20_000
