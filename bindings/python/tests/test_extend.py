"""What extend keeps of the rows of an iterable."""

from __future__ import annotations

import random
import sys
import threading
import tracemalloc
from collections.abc import Iterator
from typing import Any

import pytest
import trainstat
from trainstat._packing import Packer, batch, layout_of, packed_once

ERROR = {"code": 1, "field": "f", "message": "m"}
SIZES = [0, 1, 511, 512, 513, 1024, 3000]


def rows_then(count: int, last: Any) -> Iterator[Any]:
    """So many good rows; then the last element, or the exception."""
    for code in range(count):
        yield ERROR | {"code": code}
    if isinstance(last, BaseException):
        raise last
    yield last


def accepted(report: Any) -> list[int]:
    import json

    return [error["code"] for error in json.loads(report.build())["errors"]]


@pytest.mark.parametrize("count", SIZES)
def test_keeps_every_row_before_a_refused_one(count: int) -> None:
    with trainstat.Report("ekvio.errors") as report:
        with pytest.raises(trainstat.RowError) as raised:
            report.extend(rows_then(count, ERROR | {"code": None}))
        report.append(ERROR | {"code": -1})

        assert (raised.value.row, raised.value.column) == (count, "code")
        assert accepted(report) == [*range(count), -1]


@pytest.mark.parametrize("count", SIZES)
def test_keeps_every_row_before_an_exception_of_the_iterable(count: int) -> None:
    with trainstat.Report("ekvio.errors") as report:
        with pytest.raises(LookupError):
            report.extend(rows_then(count, LookupError()))
        report.append(ERROR | {"code": -1})

        assert accepted(report) == [*range(count), -1]


@pytest.mark.parametrize("element", [None, 5, "text", [1], object()], ids=repr)
def test_keeps_every_row_before_an_element_that_is_no_mapping(element: Any) -> None:
    with trainstat.Report("ekvio.errors", on_refused="skip") as report:
        with pytest.raises(TypeError, match="element 600 is .*, not a mapping"):
            report.extend(rows_then(600, element))

        assert accepted(report) == list(range(600))


def test_refused_row_before_the_exception_is_what_is_raised() -> None:
    def rows() -> Iterator[Any]:
        yield {}
        raise LookupError

    with trainstat.Report("ekvio.errors") as report, pytest.raises(trainstat.RowError) as raised:
        report.extend(rows())

    assert isinstance(raised.value.__context__, LookupError)


@pytest.mark.parametrize("rows", [None, 5, object()], ids=repr)
def test_refuses_what_cannot_be_iterated(rows: Any) -> None:
    with trainstat.Report("ekvio.errors") as report, pytest.raises(TypeError):
        report.extend(rows)


def test_numbers_rows_over_the_life_of_the_report() -> None:
    with trainstat.Report("ekvio.errors", on_refused="skip") as report:
        report.extend(rows_then(600, {}))
        report.append({})
        report.extend([ERROR, {}])

        assert [problem["row"] for problem in report.problems()["problems"]] == [600, 601, 603]


def test_an_iterable_may_append_to_its_report() -> None:
    with trainstat.Report("ekvio.errors") as report:

        def rows() -> Iterator[Any]:
            for code in range(700):
                report.append(ERROR | {"code": 1000 + code})
                yield ERROR | {"code": code}

        report.extend(rows())

        found = accepted(report)
        assert [code for code in found if code < 1000] == list(range(700))
        assert [code for code in found if code >= 1000] == list(range(1000, 1700))


@pytest.mark.parametrize("act", ["close", "build"])
def test_an_iterable_may_end_its_report(act: str) -> None:
    report = trainstat.Report("ekvio.errors")
    report.append(ERROR)

    def rows() -> Iterator[Any]:
        yield ERROR
        getattr(report, act)()
        yield ERROR

    with pytest.raises(trainstat.TrainstatError):
        report.extend(rows())
    report.close()


def test_a_report_is_fed_by_several_threads() -> None:
    with trainstat.Report("ekvio.errors") as report:

        def feed(first: int) -> None:
            for code in range(first, first + 300):
                report.append(ERROR | {"code": code})
                report.problems()
            report.extend(ERROR | {"code": code} for code in range(first + 300, first + 1500))

        threads = [threading.Thread(target=feed, args=(10_000 * number,)) for number in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        found = accepted(report)
        assert sorted(found) == sorted(10_000 * number + code for number in range(6) for code in range(1500))


def test_a_report_is_closed_while_other_threads_feed_it() -> None:
    for _ in range(20):
        report = trainstat.Report("ekvio.errors")
        failures: list[BaseException] = []

        def feed() -> None:
            try:
                while True:
                    report.extend([ERROR] * 50)
            except trainstat.TrainstatError as error:
                failures.append(error)

        threads = [threading.Thread(target=feed) for _ in range(3)]
        for thread in threads:
            thread.start()
        report.close()
        for thread in threads:
            thread.join()

        assert [str(failure) for failure in failures] == ["the report is closed"] * 3


def test_memory_stays_flat_over_a_stream() -> None:
    random.seed(5)

    def rows(count: int) -> Iterator[Any]:
        for code in range(count):
            yield {"code": code, "field": "f" * random.randrange(200), "message": random.choice(["m", "\u0440" * 90])}

    def passed(count: int) -> int:
        return sum(map(len, trainstat.stream("ekvio.errors", rows(count))))

    passed(2000)
    tracemalloc.start()
    written = passed(60_000)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert written > 8_000_000
    assert peak < 2_500_000


class Foretold:
    """Rows, and how many their iterable says they are."""

    def __init__(self, rows: list[Any], hint: int) -> None:
        self.rows, self.hint = rows, hint

    def __iter__(self) -> Iterator[Any]:
        return iter(self.rows)

    def __length_hint__(self) -> int:
        return self.hint


@pytest.mark.parametrize("hint", [0, 1, 500, 1024, 1025, 2999, 3000, 3001, 10**6, sys.maxsize])
@pytest.mark.parametrize("lengths", [(1, 1), (1, 900), (900, 1)], ids=str)
def test_a_document_is_whole_whatever_its_rows_foretell(hint: int, lengths: tuple[int, int]) -> None:
    rows = [ERROR | {"message": "\u0440" * length} for length in lengths for _ in range(1500)]

    document = trainstat.document("ekvio.errors", Foretold(rows, hint))

    assert document == b"".join(trainstat.stream("ekvio.errors", rows))
    assert sys.getsizeof(document) == sys.getsizeof(b"") + len(document)


def test_a_long_document_is_in_memory_once() -> None:
    rows = [ERROR | {"message": "m" * 1000}] * 20_000
    tracemalloc.start()
    document = trainstat.document("ekvio.errors", rows)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert peak < 1.1 * len(document)


def test_huge_rows_cross_before_they_pile_up() -> None:
    text = "x" * (1 << 20)
    tracemalloc.start()
    for _ in trainstat.stream("ekvio.errors", ({"code": 1, "field": text, "message": text} for _ in range(40))):
        pass
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert peak < 20_000_000


def test_stream_equals_the_document() -> None:
    rows = list(rows_then(3000, ERROR))

    pieces = list(trainstat.stream("ekvio.errors", iter(rows), html_safe=True))

    assert b"".join(pieces) == trainstat.document("ekvio.errors", rows, html_safe=True)
    assert len(pieces) > 3
    assert all(pieces)


def test_stream_yields_while_the_rows_are_read() -> None:
    taken = 0

    def rows() -> Iterator[Any]:
        nonlocal taken
        for taken in range(1, 5001):
            yield ERROR

    pieces = trainstat.stream("ekvio.errors", rows())
    next(pieces)
    assert taken == 0
    next(pieces)
    assert 0 < taken < 5000


@pytest.mark.parametrize("count", [0, 5, 600])
def test_stream_raises_after_the_rows_before_the_refused_one(count: int) -> None:
    got = b""
    with pytest.raises(trainstat.RowError) as raised:
        for piece in trainstat.stream("ekvio.errors", rows_then(count, {})):
            got += piece

    assert raised.value.row == count
    assert got.count(b'"code"') == count


def test_stream_raises_wrong_options_at_once() -> None:
    with pytest.raises(trainstat.TrainstatError, match="unknown option"):
        trainstat.stream("ekvio.errors", [], formz=[8])


def test_stream_closed_early_closes_the_report_and_asks_for_no_more_rows() -> None:
    asked = []

    def rows() -> Iterator[Any]:
        for code in range(10_000):
            asked.append(code)
            yield ERROR

    pieces = trainstat.stream("ekvio.errors", rows())
    next(pieces), next(pieces)
    seen = len(asked)
    pieces.close()

    assert len(asked) == seen


def test_stream_refuses_a_file_before_the_first_row(tmp_path: Any) -> None:
    asked: list[int] = []

    with pytest.raises(trainstat.TrainstatError):
        list(trainstat.stream("ekvio.errors", (asked.append(1) for _ in range(3)), file=tmp_path / "report.json"))
    assert asked == []


def test_packs_the_batch_that_the_header_draws() -> None:
    packer = Packer(["a", "b", "c"], ["integer", "text", "text"])
    drawn = "54534231 01000000 03000000 020104 0700000000000000 0200000000000000 6162"

    for _ in range(3):  # once, compiled, remembered
        assert batch([packer.pack({"c": "ab", "a": 7, "b": None})[0]]).hex() == drawn.replace(" ", "")


def test_packs_alike_with_and_without_a_layout() -> None:
    random.seed(7)
    values = [None, True, 5, -(2**63), 0.5, "", "\u0440\u0443", "x" * 300]
    for _ in range(300):
        row = tuple(random.choices(values, k=random.randrange(0, 8)))
        cells = sorted(random.sample(range(12), len(row)))

        assert layout_of(cells, tuple(map(type, row)))(row) == packed_once(cells, row)


def test_rows_of_ever_new_kinds_do_not_grow_the_memory() -> None:
    keys = [f"k{number}" for number in range(40)]
    packer = Packer(keys, ["text"] * 40)
    random.seed(3)

    def pack(count: int) -> None:
        for _ in range(count):
            packer.pack({key: random.choice([None, 1, "x"]) for key in random.sample(keys, 20)})

    pack(500)
    tracemalloc.start()
    pack(1500)
    grown = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()

    assert grown < 500_000
