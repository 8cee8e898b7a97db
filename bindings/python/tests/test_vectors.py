"""Every shared vector through every way in of this binding."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import trainstat
from trainstat._handle import Handle
from trainstat._library import library
from trainstat._walking import walk_module
from conftest import without_the_walk
from tables import tables_of
from vectors import FOLDER, Case, cases

Way = Callable[[Case, Path], Iterator[bytes]]


def append_keywords(case: Case, folder: Path) -> Iterator[bytes]:
    with trainstat.Report(case.format, **case.options) as report:
        with problems_checked(case, report):
            for row in case.rows:
                report.append(**row)
            yield report.build()


def append_mapping(case: Case, folder: Path) -> Iterator[bytes]:
    with trainstat.Report(case.format, **case.options) as report:
        with problems_checked(case, report):
            for row in case.rows:
                report.append(row)
            yield report.build()


def extend(case: Case, folder: Path) -> Iterator[bytes]:
    with trainstat.Report(case.format, **case.options) as report:
        with problems_checked(case, report):
            report.extend(iter(case.rows))
            yield report.build()


def stream_method(case: Case, folder: Path) -> Iterator[bytes]:
    with trainstat.Report(case.format, **case.options) as report:
        with problems_checked(case, report):
            yield from report.stream(case.rows)


def stream(case: Case, folder: Path) -> Iterator[bytes]:
    yield from trainstat.stream(case.format, case.rows, **case.options)


def document(case: Case, folder: Path) -> Iterator[bytes]:
    yield trainstat.document(case.format, case.rows, **case.options)


def file(case: Case, folder: Path) -> Iterator[bytes]:
    path = folder / "report.json"
    path.unlink(missing_ok=True)
    with trainstat.Report(case.format, **case.options | {"file": case.options.get("file", path) if case.options.get("file") is not None else path}) as report:
        with problems_checked(case, report):
            report.extend(case.rows)
            assert report.build() == b""
            yield path.read_bytes()


def packed(case: Case, folder: Path) -> Iterator[bytes]:
    with without_the_walk(trainstat.Report(case.format, **case.options)) as report:
        with problems_checked(case, report):
            report.extend(case.rows)
            yield report.build()


def arrow(case: Case, folder: Path) -> Iterator[bytes]:
    with trainstat.Report(case.format, **case.options) as report:
        with problems_checked(case, report):
            for table in tables_of(case.rows):
                report.extend(table)
            yield report.build()


def stream_arrow(case: Case, folder: Path) -> Iterator[bytes]:
    # One stream where one table holds all rows, else no stream could.
    tables = list(tables_of(case.rows))
    rows = tables[0] if len(tables) == 1 else case.rows
    yield from trainstat.stream(case.format, rows, **case.options)


WAYS = [append_keywords, append_mapping, extend, stream_method, stream, document, file, packed, arrow, stream_arrow]


class problems_checked:
    """What the report says of its problems, at the end or after the refusal."""

    def __init__(self, case: Case, report: Any) -> None:
        self._case, self._report = case, report

    def __enter__(self) -> None:
        pass

    def __exit__(self, *_: object) -> None:
        if self._case.problems is not None:
            assert self._report.problems() == self._case.problems


def complaint(way: Way, case: Case, folder: Path) -> str | None:
    """What is wrong with the answer; None where it is the wanted one."""
    try:
        got = b"".join(way(case, folder))
    except trainstat.TrainstatError as error:
        return None if is_wanted(error, case) else f"{case.name}: {error!r}"
    if got != case.json:
        return f"{case.name}: another document" if case.json else f"{case.name}: nothing was refused"
    return None


def is_wanted(error: trainstat.TrainstatError, case: Case) -> bool:
    wanted = case.error
    if not wanted or error.message != wanted["message"]:
        return False
    if error.status.name.lower() != wanted.get("status", "row_refused"):
        return False
    if "row" not in wanted:
        return True
    unknown = isinstance(error, trainstat.RowError) and wanted["column"] is None and error.column in case.rows[error.row]
    return error.row == wanted["row"] and (error.column == wanted["column"] or unknown)


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.json")), ids=lambda path: path.stem)
def test_answers_as_the_vectors_say(path: Path, way: Way, tmp_path: Path) -> None:
    complaints = [complaint(way, case, tmp_path) for case in cases(path) if case.options_text is None]

    assert [said for said in complaints if said] == []


def opened(case: Case) -> Handle:
    """A report of options that are no dict."""
    handle = Handle("report", library().ts_report_close)
    handle.open(library().ts_report_open, case.format.encode(), case.options_text)
    return handle


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*options_text.json")), ids=lambda path: path.stem)
def test_raw_options_answer_as_the_vectors_say(path: Path) -> None:
    for case in cases(path):
        if case.error:
            with pytest.raises(trainstat.TrainstatError) as raised:
                opened(case)
            assert is_wanted(raised.value, case), case.name
        else:
            opened(case).close()


def test_rows_are_walked_but_for_one_way() -> None:
    assert walk_module() is not None


def test_finds_vectors_of_both_verdicts() -> None:
    verdicts = {path.stem.split("_")[0] for path in FOLDER.glob("*.json")}

    assert verdicts == {"ok", "bad"}
