"""Reports of Spark DataFrames, written in parallel by Spark's workers. Needs the extra ``trainstat[spark]``.

    from trainstat import spark

    found = spark.write(dataframe, "ekvio.trainings_statistic", file="report.json", timezone="Europe/Moscow", on_refused="skip")

The workers find the library as every host does, so trainstat is installed where they run.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

from ._options import options_text
from ._signatures import Status
from .errors import RowError, TrainstatError
from .report import Report

if TYPE_CHECKING:
    from pyarrow import RecordBatch
    from pyspark.sql import DataFrame

# How much of a partition becomes one part: so much is in a worker's memory, and in the driver's, at a time.
_PART_ROWS = 4096
_PART_BYTES = 4 << 20  # of cells

_MOST_PROBLEMS = 1000  # of a report, as ts_report_problems promises

_PARTS = "document binary, accepted long, refused long, problems string, stopped string"


def write(dataframe: DataFrame, name: str, /, *, file: str | os.PathLike[str], **options: Any) -> dict[str, Any]:
    """Writes a report of the rows of a DataFrame to a file of the driver's, and returns what ``Report.problems`` does.

    The document, the problems and a RowError are to the letter those of one process that takes the same rows, in the order of the
    DataFrame's partitions and of the rows in them. A column that the DataFrame lacks is absent; one that the format lacks refuses the
    row; one of a type that the format's column cannot take raises TrainstatError. The file appears complete or not at all.

    All partitions are written at once, as far as there are workers, each as one part or several; they wait on the disks of
    the executors until the driver has joined them. The driver holds two partitions' parts at most. A format of one row takes
    the row of one part only.
    """
    from pyspark import StorageLevel

    chosen: dict[str, Any] = json.loads(options_text(options))
    with Report(name, file=file, **chosen) as report:
        parts = dataframe.mapInArrow(partial(_write_parts, name, chosen), _PARTS).persist(StorageLevel.DISK_ONLY)
        try:
            parts.count()  # all of them at once; the iterator below asks for one after the other
            found = _join(report, parts.toLocalIterator(prefetchPartitions=True))
        finally:
            parts.unpersist()
        report.build()
    return found


def _join(report: Report, parts: Iterable[Any]) -> dict[str, Any]:
    """Appends the parts. Their rows, counted from 0 in each, are counted on here."""
    accepted = refused = 0
    problems: list[dict[str, Any]] = []
    for part in parts:
        before = accepted + refused
        if part.stopped is not None:
            message, status, row, column = json.loads(part.stopped)
            if row is None:
                raise TrainstatError(message, Status(status))
            raise RowError(message, before + row, column, Status(status))
        if part.accepted:
            report.append_part(part.document, part.accepted)
        accepted += part.accepted
        refused += part.refused
        kept = json.loads(part.problems)[: _MOST_PROBLEMS - len(problems)]
        problems += [problem | {"row": before + problem["row"]} for problem in kept]
    return {"accepted": accepted, "refused": refused, "problems": problems}


def _write_parts(name: str, options: dict[str, Any], batches: Iterator[RecordBatch]) -> Iterator[RecordBatch]:
    """In a worker: the rows of a partition as parts, up to a refused row that stops it."""
    import pyarrow

    types = {
        "document": pyarrow.binary(),
        "accepted": pyarrow.int64(),
        "refused": pyarrow.int64(),
        "problems": pyarrow.string(),
        "stopped": pyarrow.string(),
    }
    for rows in _pieces(batches):
        stopped = None
        with Report(name, **options) as report:
            try:
                report.extend(rows)
            except TrainstatError as error:
                # Told, not raised: the driver knows the row's number in the report, and Spark would try again.
                stopped = json.dumps([error.message, error.status, getattr(error, "row", None), getattr(error, "column", None)])
            found = report.problems()
            document = report.build() if found["accepted"] else b""  # some formats have no document without a row
        found |= {"document": document, "problems": json.dumps(found["problems"]), "stopped": stopped}
        yield pyarrow.RecordBatch.from_pylist([found], schema=pyarrow.schema(types))
        if stopped is not None:
            return


def _pieces(batches: Iterator[RecordBatch]) -> Iterator[RecordBatch]:
    for batch in batches:
        rows = min(_PART_ROWS, max(1, _PART_BYTES * batch.num_rows // max(1, batch.nbytes)))
        for start in range(0, batch.num_rows, rows):
            yield batch.slice(start, rows)
