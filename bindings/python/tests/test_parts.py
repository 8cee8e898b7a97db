"""Documents of parts of the rows, joined, are the document of all the rows."""

from __future__ import annotations

import array
import mmap
import multiprocessing
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import trainstat
from conftest import refusal
from trainstat._signatures import Status

ROWS = [{"code": code, "field": "f", "message": "}]},{" * code} for code in range(20)]
WHOLE = trainstat.document("ekvio.errors", ROWS)


def part_of(rows: list[dict[str, Any]]) -> tuple[bytes, int]:
    return trainstat.document("ekvio.errors", rows), len(rows)


def test_parts_of_processes_are_the_whole_report_in_a_file(tmp_path: Path) -> None:
    with multiprocessing.get_context("spawn").Pool(2) as pool, trainstat.Report("ekvio.errors", file=tmp_path / "report.json") as report:
        for document, rows in pool.imap(part_of, [ROWS[:7], ROWS[7:8], ROWS[8:]]):
            report.append_part(document, rows)
        report.build()

    assert (tmp_path / "report.json").read_bytes() == WHOLE


def test_parts_mix_with_rows_and_can_be_read_in_between() -> None:
    with trainstat.Report("ekvio.errors") as report:
        report.extend(ROWS[:5])
        report.append_part(*part_of(ROWS[5:9]))
        document = report.read()
        report.append(ROWS[9])
        report.append_part(*part_of(ROWS[10:]))

        assert document + report.build() == WHOLE
        assert report.problems() == {"accepted": 20, "refused": 0, "problems": []}


def mapped(document: bytes) -> mmap.mmap:
    memory = mmap.mmap(-1, len(document))
    memory.write(document)
    return memory


@pytest.mark.parametrize(
    "kind",
    [
        bytes,
        bytearray,
        memoryview,
        lambda document: memoryview(bytearray(document)),
        lambda document: memoryview(b"x" + document + b"x")[1:-1],
        lambda document: array.array("b", document),
        mapped,
    ],
)
def test_takes_a_part_in_any_kind_of_buffer(kind: Callable[[bytes], Any]) -> None:
    with trainstat.Report("ekvio.errors") as report:
        report.append_part(kind(WHOLE), 20)

        assert report.build() == WHOLE


def test_lets_a_buffer_go_after_the_call() -> None:
    document = bytearray(WHOLE)
    with trainstat.Report("ekvio.errors") as report:
        report.append_part(document, 20)
        document.clear()
        assert refusal(lambda: report.append_part(document, 0)).status is Status.PART_REFUSED
        document.append(0)


@pytest.mark.parametrize("document", ["text", None, 5, [1], memoryview(b"abcd")[::2]], ids=repr)
def test_refuses_what_is_no_run_of_bytes(document: Any) -> None:
    with trainstat.Report("ekvio.errors") as report, pytest.raises((TypeError, BufferError)):
        report.append_part(document, 0)


@pytest.mark.parametrize(("rows", "error"), [("1", TypeError), (1.0, TypeError), (True, TypeError), (-1, ValueError), (2**64, ValueError)])
def test_refuses_a_number_of_rows_that_ctypes_would_cut(rows: Any, error: type[Exception]) -> None:
    with trainstat.Report("ekvio.errors") as report, pytest.raises(error):
        report.append_part(WHOLE, rows)


@pytest.mark.parametrize(
    ("document", "rows"),
    [(WHOLE, 19), (WHOLE, 0), (WHOLE[:-1], 20), (WHOLE + b"\0", 20), (b"", 0), (b'{"errors":[]}', 1), (b'{"data":[]}', 0)],
)
def test_refuses_what_is_no_part_and_stays_as_it_was(document: bytes, rows: int) -> None:
    with trainstat.Report("ekvio.errors") as report:
        report.extend(ROWS[:5])

        refused = refusal(lambda: report.append_part(document, rows))

        assert refused.status is Status.PART_REFUSED
        assert not isinstance(refused, trainstat.RowError)
        report.append_part(*part_of(ROWS[5:]))
        assert report.build() == WHOLE


def test_numbers_later_rows_behind_those_of_the_part() -> None:
    with trainstat.Report("ekvio.errors") as report:
        report.append_part(WHOLE, 20)

        with pytest.raises(trainstat.RowError) as raised:
            report.append(ROWS[0] | {"code": None})

        assert raised.value.row == 20
