"""Rows of every kind, fit and unfit, and what reports say of them by the walk and by packed batches."""

from __future__ import annotations

import collections
import enum
import os
import random
import subprocess
import sys
import types
from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import trainstat
from conftest import without_the_walk
from trainstat import _walking

ERROR = {"code": 1, "field": "f", "message": "m"}
FORMAT = "ekvio.trainings_statistic"
OPTIONS: dict[str, Any] = {"forms": [8], "timezone": "Europe/Moscow"}


class Text(str):
    def __hash__(self) -> int:
        return str.__hash__(self)

    def encode(self, *_: object) -> bytes:
        raise AssertionError("the host's method is not asked")


class Whole(int):
    def __index__(self) -> int:
        raise AssertionError("the host's method is not asked")


class Real(float):
    def __float__(self) -> float:
        raise AssertionError("the host's method is not asked")


class Level(enum.IntEnum):
    HIGH = 1


class Index:
    def __index__(self) -> int:
        return 7


class Bad:
    def __index__(self) -> int:
        raise ZeroDivisionError("bad")


class Row(dict):  # type: ignore[type-arg]
    """May answer as it likes: its contents count."""

    def __getitem__(self, key: object) -> Any:
        raise AssertionError("the host's method is not asked")


def answer(report: trainstat.Report, rows: Any) -> tuple[object, ...]:
    """All that a report says of these rows."""
    said: list[object] = []
    with report:
        try:
            report.extend(rows)
        except Exception as error:
            said += [type(error), error.args, getattr(error, "row", None), getattr(error, "column", None)]
        said.append(report.problems())
        try:
            said.append(report.build())
        except trainstat.TrainstatError as error:  # too few rows
            said.append(str(error))
        return tuple(said)


def both(rows: Callable[[], Any], name: str = "ekvio.errors", **options: Any) -> tuple[object, ...]:
    """What both ways say, which must be the same."""
    walked = answer(trainstat.Report(name, **options), rows())
    packed = answer(without_the_walk(trainstat.Report(name, **options)), rows())
    assert walked == packed
    return walked


def columns_of(name: str) -> list[dict[str, Any]]:
    """Of a report with the options that fit it."""
    with trainstat.Report(name, **(OPTIONS if name == FORMAT else {})) as report:
        columns: list[dict[str, Any]] = report.columns
        return columns


# Values of every kind, fit and unfit, for any column.
VALUES: list[Callable[[random.Random], Any]] = [
    lambda r: None,
    lambda r: r.choice([True, False]),
    lambda r: r.randrange(-5, 200),
    lambda r: r.choice([2**31, 2**53 + 1, 2**63 - 1, -(2**63), 2**63, -(2**63) - 1, 10**40]),
    lambda r: r.choice([0.5, 1.0, -0.0, 1e300, float("nan"), float("inf")]),
    lambda r: "".join(r.choices("abc \u0434\u0436\u0439\xe9\u20ac\U0001f600\0\"\\<\u2028", k=r.randrange(30))),
    lambda r: r.choice(["active", "blocked", "completed", "5", "007", "33.335", "PT1H", "2024-02-29", "2024-02-29 10:00:00"]),
    lambda r: r.choice(["", "\ud800", "a\udfff", "\u0434" * r.choice([7, 8, 9, 1023, 1024, 1025, 5000]), "x" * 3000 + "\udc80"]),
    lambda r: Text(r.choice(["active", "\u0434", "\ud800"])),
    lambda r: r.choice([Whole(3), Level.HIGH, Index(), Real(0.5)]),
    lambda r: r.choice([Decimal("1.5"), Decimal("NaN"), Decimal(7)]),
    lambda r: r.choice([date(2024, 2, 29), datetime(2024, 2, 29, 1), datetime(2024, 2, 29, tzinfo=timezone.utc), timedelta(1)]),
    lambda r: r.choice([b"x", [1], {}, object, 5j, (1,)]),
]


DEFAULTS = {"integer": 1, "text": "\u0438\u043c\u044f", "choice": None, "duration": 60}


def fit(columns: list[dict[str, Any]], r: random.Random) -> dict[str, Any]:
    """A row that is taken, in which only some of the optional columns are."""
    row = {}
    for column in columns:
        if column["presence"] == "required" or r.random() < 0.7:
            choices = column.get("choices")
            row[column["key"]] = r.choice(choices) if choices else DEFAULTS.get(column["type"], 5)
    return row


def odd_keys(row: dict[Any, Any], r: random.Random) -> dict[Any, Any]:
    """The same row under keys that are equal, but other objects; or with one too many."""
    kind = r.randrange(6)
    if kind == 0:
        return {Text(key): value for key, value in row.items()}
    if kind == 1:
        return {(key + "x")[:-1]: value for key, value in row.items()}  # equal, but no object that was seen before
    if kind == 2:
        return {**row, r.choice(["userid", "", 5, None, "\udc80", "\u043a", Text("kode"), ("user_id",)]): 1}
    if kind == 3:
        return {"zz": 1, **row, "codee": 2}
    return row


def random_row(columns: list[dict[str, Any]], r: random.Random) -> Any:
    row: dict[Any, Any] = fit(columns, r)
    for _ in range(r.choice([0, 0, 0, 1, 2])):
        row[r.choice(columns)["key"]] = r.choice(VALUES)(r)
    if r.random() < 0.3:
        items = list(row.items())
        r.shuffle(items)
        row = dict(items)
    if r.random() < 0.1:
        row = odd_keys(row, r)
    if r.random() < 0.1:
        row = r.choice([collections.OrderedDict, types.MappingProxyType, Row, collections.ChainMap, collections.UserDict])(row)
    return row


def run(code: str, *arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    """A process of its own, which has the package."""
    command = [sys.executable, "-X", "dev", "-c", "import trainstat, os, signal, sys, threading\n" + code, *map(str, arguments)]
    kept = os.environ | {"PYTHONPATH": str(_walking._PACKAGE.parent)} | environment
    return subprocess.run(command, env=kept, capture_output=True, text=True, timeout=120)
