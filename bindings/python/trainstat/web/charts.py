"""The figures of a summary laid out as pictures: what to draw, and where. The templates draw it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_SPANS = {1: "month", 3: "quarter", 12: "year", 120: "decade", 1200: "century", 12000: "millennium"}  # months
_MOST_COLUMNS = 60
_LEAST_COLUMNS = 12  # so that one month does not fill the picture
_LABELS = 4  # under the columns, as many as a phone has room for
_TICKS = 4


@dataclass(frozen=True)
class Department:
    """One bar of both department charts."""

    name: str  # of the department, or what stands in its place
    named: bool
    rows: int
    completed: int
    scores: Mapping[str, Any] | None  # see Summary.as_json

    @property
    def share(self) -> float:
        """Of completed rows, in percent."""
        return 100 * self.completed / self.rows


def completion(summary: Mapping[str, Any]) -> list[Department]:
    """The departments by their share of completed rows, the highest first; behind them the rest and the learners without one.

    >>> counts = {"rows": 4, "completed": 1, "scores": None}
    >>> [(bar.name, bar.share) for bar in completion({"departments": [{"name": None, **counts}], "other": counts})]
    [('No department', 25.0), ('Other departments', 25.0)]
    """
    return sorted(_departments(summary), key=lambda bar: (not bar.named, -bar.share, bar.name))


def scores(summary: Mapping[str, Any]) -> list[Department]:
    """Those departments that have scores, by their mean, the highest first; the order else as in ``completion``."""
    scored = [(bar.scores, bar) for bar in _departments(summary) if bar.scores is not None]
    return [bar for _, bar in sorted(scored, key=lambda pair: (not pair[1].named, -pair[0]["mean"], pair[1].name))]


def _departments(summary: Mapping[str, Any]) -> list[Department]:
    bars = [_department(counts["name"], "No department", counts) for counts in summary["departments"]]
    if summary["other"] is not None:
        bars.append(_department(None, "Other departments", summary["other"]))
    return bars


def _department(name: str | None, otherwise: str, counts: Mapping[str, Any]) -> Department:
    return Department(otherwise if name is None else name, name is not None, counts["rows"], counts["completed"], counts["scores"])


@dataclass(frozen=True)
class Column:
    """One span of time; x and width in percent of the picture's width, height in percent of its height."""

    label: str
    completions: int
    x: float
    width: float
    height: float
    labelled: bool

    @property
    def middle(self) -> float:
        return self.x + self.width / 2


@dataclass(frozen=True)
class Tick:
    """One line across; its height in percent of the picture's."""

    completions: int
    height: float


@dataclass(frozen=True)
class Timeline:
    """Completions over time, without gaps: a span without any has a column of height 0."""

    span: str  # "month", "quarter", ...
    columns: list[Column]
    ticks: list[Tick]

    @property
    def highest(self) -> Column:
        return max(self.columns, key=lambda column: column.completions)


def timeline(months: Mapping[str, int]) -> Timeline | None:
    """The completions of a summary's ``months`` in columns: months, or the shortest longer spans of which 60 are enough.

    >>> drawn = timeline({"2024-01": 30, "2024-03": 15})
    >>> [(column.label, column.completions, column.height) for column in drawn.columns[-3:]]
    [('Jan 2024', 30, 100.0), ('Feb 2024', 0, 0.0), ('Mar 2024', 15, 50.0)]
    >>> [tick.completions for tick in drawn.ticks]
    [0, 10, 20, 30]

    None where there were no completions.
    """
    if not months:
        return None
    counts = {int(month[:-3]) * 12 + int(month[-2:]) - 1: count for month, count in months.items()}
    last = max(counts)
    first = min(counts)
    step = next(step for step in _SPANS if last // step - first // step < _MOST_COLUMNS)
    spans = dict.fromkeys(range(min(first // step, max(12 // step, last // step - _LEAST_COLUMNS + 1)), last // step + 1), 0)
    for month, count in counts.items():
        spans[month // step] += count
    ticks = _ticks(max(spans.values()))
    return Timeline(_SPANS[step], _columns(spans, step, ticks[-1]), [Tick(tick, 100 * tick / ticks[-1]) for tick in ticks])


def _columns(spans: Mapping[int, int], step: int, top: int) -> list[Column]:
    slot = 100 / len(spans)
    apart = -(-len(spans) // _LABELS)
    return [
        Column(
            label=_label(span * step, step),
            completions=count,
            x=slot * (place + 0.1),
            width=slot * 0.8,
            height=100 * count / top,
            labelled=(len(spans) - 1 - place) % apart == apart // 2,
        )
        for place, (span, count) in enumerate(spans.items())
    ]


def _label(month: int, step: int) -> str:
    year = month // 12
    if step == 1:
        return f"{_MONTHS[month % 12]} {year}"
    if step == 3:
        return f"Q{month % 12 // 3 + 1} {year}"
    return str(year) if step == 12 else f"{year}-{year + step // 12 - 1}"


def _ticks(highest: int) -> list[int]:
    """From 0 to the highest or just above, in steps of 1, 2 or 5 by a power of ten."""
    power = 1
    while True:
        for digit in (1, 2, 5):
            step = digit * power
            if highest <= step * _TICKS:
                return [step * tick for tick in range(-(-highest // step) + 1)]
        power *= 10
