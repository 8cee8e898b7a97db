"""Rows that come as Arrow streams, from the libraries that people have them in."""

from __future__ import annotations

import ctypes
import errno
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import polars
import pyarrow as pa
import pytest
import trainstat
from tables import reader
from trainstat import _arrow
from trainstat._signatures import Status

ERRORS = pa.table({"code": [1, 2, 3], "field": ["f", "g", "h"], "message": ["m", "n", "o"]})
DOCUMENT = trainstat.document("ekvio.errors", ERRORS.to_pylist())

PRODUCERS = {
    "table of pyarrow": lambda: ERRORS,
    "batch of pyarrow": lambda: ERRORS.to_batches()[0],
    "reader of pyarrow": lambda: reader(ERRORS),
    "structs of pyarrow": lambda: pa.chunked_array([ERRORS.to_struct_array().combine_chunks()]),
    "frame of polars": lambda: polars.from_arrow(ERRORS),
    "structs of polars": lambda: polars.from_arrow(ERRORS).to_struct("rows"),
    "relation of duckdb": lambda: duckdb.connect().from_arrow(ERRORS),
    "query of duckdb": lambda: duckdb.connect().sql(
        "select * from (values (1, 'f', 'm'), (2, 'g', 'n'), (3, 'h', 'o')) as rows(code, field, message)"
    ),
}


@pytest.mark.parametrize("producer", PRODUCERS)
def test_takes_every_producer(producer: str, tmp_path: Path) -> None:
    make = PRODUCERS[producer]

    assert trainstat.document("ekvio.errors", make()) == DOCUMENT
    assert b"".join(trainstat.stream("ekvio.errors", make())) == DOCUMENT
    with trainstat.Report("ekvio.errors", file=tmp_path / "report.json") as report:
        report.extend(make())
        report.build()
    assert (tmp_path / "report.json").read_bytes() == DOCUMENT


def test_tables_and_dicts_may_be_mixed() -> None:
    with trainstat.Report("ekvio.errors") as report:
        report.extend(ERRORS.slice(0, 1))
        report.extend(ERRORS.slice(1, 1).to_pylist())
        report.append(ERRORS.slice(2).to_pylist()[0])

        assert report.build() == DOCUMENT


def test_a_long_array_is_appended_in_parts() -> None:
    count = 20000
    table = pa.table({"code": range(count), "field": ["f"] * count, "message": ["m"] * count}).combine_chunks()
    document = trainstat.document("ekvio.errors", table.to_pylist())

    assert trainstat.document("ekvio.errors", table) == document
    assert b"".join(trainstat.stream("ekvio.errors", table)) == document


def test_refused_row_is_named_as_of_dicts() -> None:
    table = pa.table({"code": [1, None, 3], "field": ["f"] * 3, "message": ["m"] * 3})
    with trainstat.Report("ekvio.errors") as report:
        report.extend(ERRORS)
        with pytest.raises(trainstat.RowError) as raised:
            report.extend(reader(table))

        assert (raised.value.row, raised.value.column, raised.value.message) == (4, "code", "code must not be null")
        assert report.problems()["accepted"] == 4


def test_unknown_name_is_refused_as_an_unknown_key() -> None:
    with pytest.raises(trainstat.RowError) as raised:
        trainstat.document("ekvio.errors", ERRORS.rename_columns(["kode", "field", "message"]))

    assert (raised.value.row, raised.value.column) == (0, "kode")
    assert raised.value.message == "no column is named kode; did you mean code?"


def test_skipped_rows_are_found_among_the_problems() -> None:
    table = pa.table({"code": [1, None, 3, None], "field": ["f"] * 4, "message": ["m"] * 4})
    with trainstat.Report("ekvio.errors", on_refused="skip") as report:
        report.extend(reader(table, 3))

        found = report.problems()
        assert (found["accepted"], found["refused"]) == (2, 2)
        assert [problem["row"] for problem in found["problems"]] == [1, 3]


def test_refused_row_raises_after_the_pieces_of_the_rows_before_it() -> None:
    table = pa.table({"code": [1, None], "field": ["f"] * 2, "message": ["m"] * 2})
    pieces = trainstat.stream("ekvio.errors", reader(table))

    assert next(pieces) + next(pieces) == b'{"errors":[{"code":1,"field":"f","message":"m"}'
    with pytest.raises(trainstat.RowError):
        next(pieces)


@pytest.mark.parametrize("rows", [ERRORS, ERRORS.slice(0, 0)], ids=["some rows", "no rows"])
@pytest.mark.parametrize(
    ("of", "name"),
    [
        (pa.list_(pa.string()), "list"),
        (pa.binary(), "binary"),
        (pa.binary_view(), "binary_view"),
        (pa.struct([("a", pa.int8())]), "struct"),
        (pa.map_(pa.string(), pa.int8()), "map"),
        (pa.time32("s"), "time32"),
        (pa.date32(), "date32"),
        (pa.timestamp("us"), "timestamp without a zone"),
        (pa.run_end_encoded(pa.int32(), pa.string()), "run_end_encoded"),
    ],
)
def test_type_that_cannot_serve_is_refused_by_name(of: pa.DataType, name: str, rows: pa.Table) -> None:
    table = rows.set_column(1, "field", pa.array([None] * rows.num_rows, of))
    with trainstat.Report("ekvio.errors") as report:
        with pytest.raises(trainstat.TrainstatError) as raised:
            report.extend(table)

        assert raised.value.status is Status.INVALID_ARGUMENT
        assert raised.value.message == f"field cannot come from an Arrow column of type {name}"
        assert report.problems()["refused"] == 0


def test_failing_producer_is_the_cause_and_its_words_are_not_ours() -> None:
    def batches() -> Iterator[pa.RecordBatch]:
        yield from ERRORS.to_batches()
        raise LookupError("Ivanova is not here")

    with trainstat.Report("ekvio.errors") as report:
        with pytest.raises(trainstat.TrainstatError) as raised:
            report.extend(pa.RecordBatchReader.from_batches(ERRORS.schema, batches()))

        assert raised.value.status is Status.STREAM_FAILED
        assert "Ivanova" not in str(raised.value)
        assert "Ivanova is not here" in str(raised.value.__cause__)
        assert report.build() == DOCUMENT


def test_failing_query_is_the_cause() -> None:
    relation = duckdb.connect().sql("select error('no such course') as code, 'f' as field, 'm' as message")

    with pytest.raises(Exception, match="no such course|producer of the Arrow stream"):
        trainstat.document("ekvio.errors", relation)


class Odd:
    """Answers something of its own when asked for its stream."""

    def __init__(self, answer: Any) -> None:
        self._answer = answer

    def __arrow_c_stream__(self, requested_schema: object = None) -> Any:
        if isinstance(self._answer, BaseException):
            raise self._answer
        return self._answer


def test_what_is_no_stream_is_refused() -> None:
    for answer in (None, 5, ERRORS.schema.__arrow_c_schema__()):
        with pytest.raises((ValueError, TypeError)):
            trainstat.document("ekvio.errors", Odd(answer))
    with pytest.raises(ImportError):
        trainstat.document("ekvio.errors", Odd(ImportError("pyarrow is missing")))
    with pytest.raises(trainstat.TrainstatError, match="is no struct"):
        trainstat.document("ekvio.errors", pa.chunked_array([[1, 2]]))


def test_a_stream_is_taken_once() -> None:
    capsule = ERRORS.__arrow_c_stream__()
    assert trainstat.document("ekvio.errors", Odd(capsule)) == DOCUMENT

    with pytest.raises(trainstat.TrainstatError):
        trainstat.document("ekvio.errors", Odd(capsule))


def test_a_stream_that_another_took_is_refused() -> None:
    capsule = ERRORS.__arrow_c_stream__()
    pa.RecordBatchReader._import_from_c_capsule(capsule)

    with pytest.raises(trainstat.TrainstatError, match="the Arrow stream is released"):
        trainstat.document("ekvio.errors", Odd(capsule))


class Handmade:
    """A stream of ctypes: one table, of which the array may be damaged."""

    def __init__(self, table: pa.Table, damage: Callable[[_arrow.ArrowArray], None]) -> None:
        self._batches = table.to_batches()
        self._stream = _arrow.ArrowArrayStream()

        def get_schema(stream: Any, schema: Any) -> int:
            table.schema._export_to_c(ctypes.addressof(schema.contents))
            return 0

        def get_next(stream: Any, array: Any) -> int:
            ctypes.memset(ctypes.addressof(array.contents), 0, ctypes.sizeof(_arrow.ArrowArray))
            if self._batches:
                self._batches.pop()._export_to_c(ctypes.addressof(array.contents))
                damage(array.contents)
            return 0

        kinds = dict(_arrow.ArrowArrayStream._fields_)
        for name, function in (("get_schema", get_schema), ("get_next", get_next), ("release", lambda stream: None)):
            setattr(self._stream, name, kinds[name](function))

    def without(self, name: str) -> Handmade:
        setattr(self._stream, name, dict(_arrow.ArrowArrayStream._fields_)[name]())
        return self

    def __arrow_c_stream__(self, requested_schema: object = None) -> Any:
        new = ctypes.PYFUNCTYPE(ctypes.py_object, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p)(
            ("PyCapsule_New", ctypes.pythonapi)
        )
        self._name = ctypes.create_string_buffer(b"arrow_array_stream")  # borrowed by the capsule
        return new(ctypes.addressof(self._stream), ctypes.addressof(self._name), None)


def test_an_array_that_lies_is_refused_from_its_row_on() -> None:
    def damage(array: _arrow.ArrowArray) -> None:
        array.length = -1

    assert trainstat.document("ekvio.errors", Handmade(ERRORS, lambda array: None)) == DOCUMENT
    with trainstat.Report("ekvio.errors") as report:
        report.extend(ERRORS)
        with pytest.raises(trainstat.RowError) as raised:
            report.extend(Handmade(ERRORS, damage))

    assert (raised.value.status, raised.value.row, raised.value.column) == (Status.BATCH_MALFORMED, 3, None)


@pytest.mark.parametrize("name", ["release", "get_schema", "get_next"])
def test_a_stream_without_callbacks_is_refused(name: str) -> None:
    with pytest.raises(trainstat.TrainstatError, match="the Arrow stream is released"):
        trainstat.document("ekvio.errors", Handmade(ERRORS, lambda array: None).without(name))


def test_closed_report_takes_none() -> None:
    report = trainstat.Report("ekvio.errors")
    report.close()

    with pytest.raises(trainstat.TrainstatError, match="closed"):
        report.extend(ERRORS)


def test_an_abandoned_stream_gives_back_what_it_holds() -> None:
    before = pa.total_allocated_bytes()
    big = pa.table({"code": range(100000), "field": ["f"] * 100000, "message": ["m"] * 100000})
    pieces = trainstat.stream("ekvio.errors", big)
    next(pieces)
    next(pieces)
    del big
    assert pa.total_allocated_bytes() > before

    pieces.close()

    assert pa.total_allocated_bytes() == before


def test_threads_append_to_reports_of_their_own() -> None:
    documents: list[bytes] = []

    def run() -> None:
        documents.append(trainstat.document("ekvio.errors", reader(ERRORS)))

    threads = [threading.Thread(target=run) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert documents == [DOCUMENT] * 8


def test_streaming_keeps_memory_flat_though_the_table_is_one_array() -> None:
    code = """
import pyarrow as pa, trainstat
def peak():
    return int(next(line for line in open("/proc/self/status") if line.startswith("VmHWM")).split()[1])
count = 1_000_000
word = pa.DictionaryArray.from_arrays(pa.nulls(count, pa.int8()).fill_null(0), ["x" * 100])
table = pa.table({"code": pa.nulls(count, pa.int64()).fill_null(5), "field": word, "message": word})
for piece in trainstat.stream("ekvio.errors", table.slice(0, 10000)): pass
before, size = peak(), 0
for piece in trainstat.stream("ekvio.errors", table): size += len(piece)
print(size, peak() - before)
"""
    environment = os.environ | {"PYTHONPATH": str(Path(trainstat.__file__).parents[1])}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    size, grown = map(int, done.stdout.split())

    assert size > 230_000_000
    assert grown < 20_000  # KiB


def test_errno_of_the_producer_is_told() -> None:
    def batches() -> Iterator[pa.RecordBatch]:
        yield from ()
        raise OSError(errno.EIO, "the disk")

    with pytest.raises(trainstat.TrainstatError) as raised:
        trainstat.document("ekvio.errors", pa.RecordBatchReader.from_batches(ERRORS.schema, batches()))

    assert raised.value.errno > 0
    assert isinstance(raised.value.__cause__, OSError)
