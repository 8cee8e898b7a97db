"""What a report of ekvio.trainings_statistic says as a whole, counted while its rows pass by."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta, timezone, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

_KEPT = 1000  # departments counted separately, the first ones met; memory is bounded by them
_SHOWN = 100  # of them in the outcome, the largest ones
_LONGEST = 200  # characters of a department's name; longer ones are cut, and told apart by what is left
_MONTH = re.compile("[0-9]{4}-(0[1-9]|1[0-2])")
_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_EARLIEST, _LATEST = -62135510400, 253402214399  # 0001-01-02 to 9999-12-30


class Summary:
    """Completions and scores by department, completions by month.

    >>> summary = Summary("Europe/Moscow")
    >>> summary.add({"group_department": "Sales", "complete_date": 1606827121, "percent_final_scores": "80"})
    >>> summary.add({"group_department": "Sales", "complete_date": None, "percent_final_scores": None})
    >>> whole = summary.as_json()
    >>> whole["departments"]
    [{'name': 'Sales', 'rows': 2, 'completed': 1, 'scores': {'count': 1, 'mean': 80.0, 'lower': 80, 'upper': 80}}]
    >>> whole["months"], whole["timezone"]
    ({'2020-12': 1}, 'Europe/Moscow')

    A row is a learner and a course, and must be one that the report took. It is completed where ``complete_date`` is not null; its
    month is that of the report's zone. Scores are ``percent_final_scores``, 0 to 100.
    """

    def __init__(self, timezone: str = "+00:00") -> None:
        """``timezone`` is the report's option: a name of the tz database or an offset such as +03:00."""
        self._timezone = timezone
        self._zone = _zone(timezone)
        self._departments: dict[str | None, _Counts] = {}
        self._other = _Counts()
        self._months: dict[int, int] = {}

    def add(self, row: Mapping[str, Any]) -> None:
        """Counts one row: cells by column, each as it was handed to the report."""
        counts = self._counts(row.get("group_department"))
        counts.rows += 1
        date = row.get("complete_date")
        if date is not None:
            counts.completed += 1
            month = self._month(date)
            self._months[month] = self._months.get(month, 0) + 1
        score = row.get("percent_final_scores")
        if score is not None:
            counts.scores[int(score)] += 1

    def as_json(self) -> dict[str, Any]:
        """The outcome, as plain values: ``rows``, ``completed``, ``scores``; ``departments``, the largest first, the name None
        standing for learners without one; ``other``, all further departments together, None where there are none; ``months``,
        from "YYYY-MM" to completions; ``timezone``, the zone of the months.

        ``scores`` is None, or has ``count``, ``mean``, and the quartiles ``lower`` and ``upper``: the least score that a quarter,
        or three quarters, of all do not exceed.
        """
        groups = [*self._departments.items()]
        groups.sort(key=lambda group: (-group[1].rows, group[0] is None, group[0] or ""))
        rest = [counts for _, counts in groups[_SHOWN:]] + [self._other] * (self._other.rows > 0)
        whole = _sum([counts for _, counts in groups] + [self._other])
        return {
            **whole.as_json(),
            "departments": [{"name": name, **counts.as_json()} for name, counts in groups[:_SHOWN]],
            "other": _sum(rest).as_json() if rest else None,
            "months": {f"{month // 12:04}-{month % 12 + 1:02}": count for month, count in sorted(self._months.items())},
            "timezone": self._timezone,
        }

    def _counts(self, name: str | None) -> _Counts:
        if name is not None:
            name = None if not name or name.isspace() else name[:_LONGEST]
        counts = self._departments.get(name)
        if counts is None:
            if len(self._departments) >= _KEPT:
                return self._other
            counts = self._departments[name] = _Counts()
        return counts

    def _month(self, date: Any) -> int:
        """Months since the beginning of year 0."""
        if isinstance(date, str) and "T" in date:  # text with an offset of its own is written as it is
            return int(date[:4]) * 12 + int(date[5:7]) - 1
        seconds = min(max(int(date), _EARLIEST), _LATEST)  # a report takes some hours more, of zones, than Python can say
        moment = (_EPOCH + timedelta(seconds=seconds)).astimezone(self._zone)
        return moment.year * 12 + moment.month - 1


def is_whole(found: Any) -> bool:
    """Whether that has the shape of what ``Summary.as_json`` hands out, so that it can be drawn.

    >>> is_whole(Summary().as_json()), is_whole({"rows": 2})
    (True, False)
    """
    if not _has_counts(found) or not {"departments", "other", "months", "timezone"} <= found.keys():
        return False
    departments, other, months = found["departments"], found["other"], found["months"]
    return (
        isinstance(departments, list)
        and all(_has_counts(each) and each["rows"] > 0 and isinstance(each.get("name", 0), str | None) for each in departments)
        and (other is None or _has_counts(other) and other["rows"] > 0)
        and (found["rows"] == 0 or bool(departments))
        and isinstance(months, dict)
        and all(_MONTH.fullmatch(month) and is_count(count) and count > 0 for month, count in months.items())
        and isinstance(found["timezone"], str)
    )


def is_count(found: Any) -> bool:
    """Whether that is a number of rows."""
    return type(found) is int and 0 <= found < 2**63


def _has_counts(found: Any) -> bool:
    if not isinstance(found, dict) or not {"rows", "completed", "scores"} <= found.keys():
        return False
    if not is_count(found["rows"]) or not is_count(found["completed"]):
        return False
    scores = found["scores"]
    return scores is None or (
        isinstance(scores, dict)
        and is_count(scores.get("count"))
        and all(isinstance(scores.get(name), (int, float)) and 0 <= scores[name] <= 100 for name in ("mean", "lower", "upper"))
    )


class _Counts:
    __slots__ = ("rows", "completed", "scores")

    def __init__(self) -> None:
        self.rows = 0
        self.completed = 0
        self.scores = [0] * 101  # rows by score, so that quartiles are exact

    def as_json(self) -> dict[str, Any]:
        return {"rows": self.rows, "completed": self.completed, "scores": _scores(self.scores)}


def _sum(parts: Iterable[_Counts]) -> _Counts:
    whole = _Counts()
    for part in parts:
        whole.rows += part.rows
        whole.completed += part.completed
        whole.scores = [a + b for a, b in zip(whole.scores, part.scores)]
    return whole


def _scores(rows: Sequence[int]) -> dict[str, Any] | None:
    count = sum(rows)
    if count == 0:
        return None
    mean = sum(score * times for score, times in enumerate(rows)) / count
    return {"count": count, "mean": mean, "lower": _quantile(rows, count, 1), "upper": _quantile(rows, count, 3)}


def _quantile(rows: Sequence[int], count: int, quarters: int) -> int:
    """The least score that so many quarters of all do not exceed."""
    below = 0
    for score, times in enumerate(rows):
        below += times
        if below * 4 >= count * quarters:
            return score
    return len(rows) - 1


def _zone(name: str) -> tzinfo:
    if name[:1] in ("+", "-"):
        return timezone(timedelta(minutes=int(name[0] + "1") * (int(name[1:3]) * 60 + int(name[4:6]))))
    return ZoneInfo(name)
