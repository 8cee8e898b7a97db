"""Where the pictures' parts stand."""

from __future__ import annotations

from typing import Any

import pytest
from trainstat.web import charts
from trainstat.web.summary import Summary

from .page_site import row


def summary_of(counts: dict[str | None, tuple[int, int]]) -> dict[str, Any]:
    """Departments with so many rows, so many of them completed, in December 2020, with a score of their number of rows."""
    summary = Summary()
    for name, (rows, completed) in counts.items():
        for number in range(rows):
            summary.add(row(name, 1606827121 if number < completed else None, rows if number < completed else None))
    return summary.as_json()


def test_orders_departments_by_completion_and_leaves_the_unnamed_to_the_end() -> None:
    bars = charts.completion(summary_of({None: (1, 1), "Half": (4, 2), "B all": (2, 2), "A all": (3, 3), "Nobody": (5, 0)}))

    assert [(bar.name, bar.share, bar.named) for bar in bars] == [
        ("A all", 100, True), ("B all", 100, True), ("Half", 50, True), ("Nobody", 0, True), ("No department", 100, False)
    ]


def test_a_department_named_like_the_unnamed_stays_apart() -> None:
    bars = charts.completion(summary_of({"No department": (2, 1), None: (4, 4)}))

    assert [(bar.name, bar.rows, bar.named) for bar in bars] == [("No department", 2, True), ("No department", 4, False)]


def test_orders_scores_by_mean_and_leaves_out_who_has_none() -> None:
    bars = charts.scores(summary_of({"Low": (3, 1), "High": (9, 1), "None": (50, 0), None: (60, 60)}))

    assert [(bar.name, bar.scores and bar.scores["mean"]) for bar in bars] == [("High", 9), ("Low", 3), ("No department", 60)]


@pytest.mark.parametrize("count", [1, 12, 60, 100])
def test_draws_every_department(count: int) -> None:
    counts = {f"Department {number}": (10, number % 11) for number in range(count)}

    bars = charts.completion(summary_of({**counts}))

    assert sorted(bar.name for bar in bars) == sorted(counts)
    assert all(0 <= bar.share <= 100 for bar in bars)


def test_the_rest_of_many_departments_is_one_bar() -> None:
    bars = charts.completion(summary_of({f"Department {number:03}": (1, 0) for number in range(120)}))

    assert len(bars) == 101
    assert (bars[-1].name, bars[-1].rows, bars[-1].named) == ("Other departments", 20, False)


def test_no_completions_are_no_timeline() -> None:
    assert charts.timeline({}) is None


def drawn(months: dict[str, int]) -> charts.Timeline:
    timeline = charts.timeline(months)
    assert timeline is not None
    assert sum(column.completions for column in timeline.columns) == sum(months.values())
    assert len(timeline.columns) <= 60
    for left, right in zip(timeline.columns, timeline.columns[1:]):
        assert left.x + left.width < right.x
    assert timeline.columns[-1].x + timeline.columns[-1].width <= 100
    assert 1 <= sum(column.labelled for column in timeline.columns) <= 4
    assert timeline.ticks[-1].completions >= timeline.highest.completions
    return timeline


def test_one_month_stands_at_the_end_of_a_year() -> None:
    timeline = drawn({"2024-03": 7})

    assert [column.label for column in timeline.columns] == [
        *(f"{month} 2023" for month in "Apr May Jun Jul Aug Sep Oct Nov Dec".split()),
        *(f"{month} 2024" for month in "Jan Feb Mar".split()),
    ]
    assert [column.completions for column in timeline.columns] == [0] * 11 + [7]


@pytest.mark.parametrize(
    ("first", "last", "span", "labels"),
    [
        ("2020-01", "2024-12", "month", ("Jan 2020", "Dec 2024")),
        ("2020-01", "2025-01", "quarter", ("Q1 2020", "Q1 2025")),
        ("1999-12", "2024-10", "year", ("1999", "2024")),
        ("1970-01", "2038-01", "decade", ("1920-1929", "2030-2039")),
        ("0001-01", "9999-12", "millennium", ("0-999", "9000-9999")),
    ],
)
def test_chooses_the_shortest_span_that_fits(first: str, last: str, span: str, labels: tuple[str, str]) -> None:
    timeline = drawn({first: 3, last: 4})

    assert timeline.span == span
    assert (timeline.columns[0].label, timeline.columns[-1].label) == labels


def test_a_span_holds_all_of_its_months() -> None:
    timeline = drawn({"2000-01": 1, "2000-12": 2, "2023-05": 4, "2024-06": 8})

    found = {column.label: column.completions for column in timeline.columns if column.completions}
    assert found == {"2000": 3, "2023": 4, "2024": 8}


@pytest.mark.parametrize(
    ("highest", "ticks"),
    [
        (1, [0, 1]),
        (4, [0, 1, 2, 3, 4]),
        (5, [0, 2, 4, 6]),
        (8, [0, 2, 4, 6, 8]),
        (19, [0, 5, 10, 15, 20]),
        (999_999, [0, 500_000, 1_000_000]),
    ],
)
def test_lines_across_are_round_whole_numbers(highest: int, ticks: list[int]) -> None:
    timeline = drawn({"2024-03": highest})

    assert [tick.completions for tick in timeline.ticks] == ticks
    assert timeline.highest.height == pytest.approx(100 * highest / ticks[-1])
