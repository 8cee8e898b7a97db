"""One report: rows go in, one JSON document comes out."""

from __future__ import annotations

import ctypes
import json
from collections.abc import Iterable, Iterator, Mapping
from ctypes import byref, c_uint64, create_string_buffer
from io import BytesIO
from operator import length_hint
from typing import TYPE_CHECKING, Any, SupportsIndex

from ._arrow import ArrowRows, Stream
from ._batches import batches_of
from ._buffers import borrowed
from ._cells import plain_dict
from ._handle import Handle, Owner
from ._integers import UINT64, integer
from ._library import library
from ._options import options_text
from ._packing import Batch
from ._signatures import Status
from ._walking import Walk
from .errors import TrainstatError, failure

if TYPE_CHECKING:
    from typing_extensions import Buffer

_READ_BYTES = 1 << 18
_FEW = 1024  # rows whose document may be in memory twice
_NO_ROW: Mapping[str, Any] = {}


class Report(Owner):
    """One report: rows go in, one JSON document comes out.

    >>> with Report("ekvio.errors") as report:
    ...     report.append(code=1007, field="company_id", message="Module trainings not available for company")
    ...     report.build()
    b'{"errors":[{"code":1007,"field":"company_id","message":"Module trainings not available for company"}]}'

    The options are the format's (see ``describe``); None counts as not given. With ``file="report.json"`` (a str or path) the
    document appears there at ``build``, complete or not at all. With ``on_refused="skip"`` a refused row raises nothing and is
    found among the ``problems``.

    A value is None (null), bool, int, float, str, Decimal, date, timedelta or datetime: an aware one is a moment and becomes Unix
    seconds, its fraction cut downwards; a naive one is for columns of local moments only, and stays as it stands. A key that
    is missing is absent, and takes the column's default.

    Threads wait for each other's calls. Leaving the ``with`` closes the report; afterwards every method raises TrainstatError. A file
    that was not built is then not there, and the one in its place is whole.
    """

    def __init__(self, name: str, /, **options: Any) -> None:
        if not isinstance(name, str):
            raise TypeError("the name of a format must be str")
        self._library = library()
        super().__init__(Handle("report", self._library.ts_report_close))
        text = options_text(options)
        self._handle.open(self._library.ts_report_open, name.encode("utf-8", "surrogatepass"), text)
        self._name = name
        self._buffer: ctypes.Array[ctypes.c_char] | None = None
        self._batches = batches_of(name, text, lambda: self._handle.text(self._library.ts_report_describe))

    @property
    def columns(self) -> list[dict[str, Any]]:
        """The report's own columns, questionnaire fields included, as in ``describe``.

        >>> Report("ekvio.trainings_statistic", forms=[8]).columns[-1]["key"]
        'form_question_8'
        """
        return self._batches.columns()

    def append(self, row: Mapping[str, Any] = _NO_ROW, /, **cells: Any) -> None:
        """Appends one row, given as keywords or as a mapping. RowError is about this row; the report takes further ones.

        >>> with Report("ekvio.integration_status") as report:
        ...     report.append({"status": "progress"})
        ...     report.build()
        b'{"data":{"status":"progress"}}'
        """
        if cells and row is not _NO_ROW:
            raise TypeError("a row is given as one mapping or as keywords, not as both")
        whole = cells if row is _NO_ROW else plain_dict(row, "the row")
        batch = self._batches.take()
        try:
            self._cross_next(batch, iter((whole,)), 0)
        finally:
            self._batches.give_back(batch)

    def extend(self, rows: Iterable[Mapping[str, Any]] | ArrowRows, /) -> None:
        """Appends the rows of any iterable in batches, so that they are never all in memory (the document is, unless it has a file).

        >>> with Report("ekvio.errors") as report:
        ...     report.extend({"code": code, "field": "id", "message": "unknown"} for code in (1, 2))
        ...     report.problems()["accepted"]
        2

        A refused row ends it with RowError. The rows before it are kept, as they are where the iterable itself raises; of the
        rows behind it up to a batch was already taken from the iterable. Where the iterable itself appends to the report, those rows
        stand before its own that still wait for their batch.

        What has ``__arrow_c_stream__`` (a table of pyarrow, a frame of polars or pandas, a relation of DuckDB) is read where it lies,
        its columns matched by name:

        >>> import pyarrow
        >>> table = pyarrow.table({"message": ["unknown", "late"], "code": [1, 2], "field": ["id", "id"]})
        >>> document("ekvio.errors", table)[-42:]
        b'{"code":2,"field":"id","message":"late"}]}'

        A column of a type that cannot serve is refused by name before the first row. Where the stream itself fails, the status is
        STREAM_FAILED, and what its producer says is the exception's cause.
        """
        for _ in self._crossings(rows):
            pass

    def _crossings(self, rows: Iterable[Mapping[str, Any]] | ArrowRows, /) -> Iterator[int]:
        """As ``extend``, pausing after each batch that was handed over, which is the moment to read: the rows so far."""
        self._handle.check_open()
        if type(rows) is not list and isinstance(rows, ArrowRows):  # which is slow to say of a list
            yield from self._arrow_crossings(rows)
            return
        rows = iter(rows)
        batch = self._batches.take()
        taken, may_be_more = 0, True
        try:
            while may_be_more:
                may_be_more = self._cross_next(batch, rows, taken)
                taken += batch.count
                yield taken
        finally:
            self._batches.give_back(batch)

    def _cross_next(self, batch: Batch | Walk, rows: Iterator[Any], taken: int) -> bool:
        """Appends the next rows, of which so many were taken before: whether there may be more."""
        try:
            return batch.fill(rows, taken)
        finally:  # where the iterable raised, too
            if batch.count:
                self._cross(batch)

    def _cross(self, batch: Batch | Walk) -> None:
        reached = c_uint64()
        error = batch.cross(self._handle, byref(reached))
        if error is None:
            return
        column = None
        keys = self._batches.keys
        if 0 <= error.column < len(keys):
            column = keys[error.column]
        elif reached.value in batch.unknown:
            column = batch.unknown[reached.value].key
        raise failure(error, column)

    def _arrow_crossings(self, rows: ArrowRows) -> Iterator[int]:
        """The same for columns: the library reads them where they lie."""
        keys = self._batches.keys
        stream = Stream(rows)
        taken = 0
        for part in stream:
            error = self._handle.attempt(self._library.ts_array_append, *part, None)
            if error is not None:
                column = keys[error.column] if 0 <= error.column < len(keys) else None
                if column is None and error.status == Status.ROW_REFUSED:
                    column = stream.stranger(keys)
                raise failure(error, column)
            taken += part[-1]
            yield taken

    def append_part(self, document: Buffer, rows: SupportsIndex, /) -> None:
        """Appends the rows of a part: the document of another report of the same format and options (``file`` and ``on_refused``
        aside), written in another thread, process or machine; ``rows`` is how many that report accepted.

        >>> first, second = Report("ekvio.errors"), Report("ekvio.errors")
        >>> first.append(code=1, field="id", message="unknown")
        >>> second.append(code=2, field="id", message="unknown")
        >>> with Report("ekvio.errors") as report:
        ...     for part in (first, second):
        ...         report.append_part(part.build(), part.problems()["accepted"])
        ...     report.build()
        b'{"errors":[{"code":1,"field":"id","message":"unknown"},{"code":2,"field":"id","message":"unknown"}]}'

        Takes bytes, a bytearray, a memoryview and the like, without a copy. A document that does not fit raises TrainstatError with
        the status PART_REFUSED, and nothing is appended; it is looked at, not checked anew, so it must be this library's, unchanged.
        What was refused in a part stays among its own problems.
        """
        count = integer(rows, "rows", UINT64)
        with borrowed(document) as (address, length):
            self._handle.call(self._library.ts_part_append, address, length, count)

    def stream(self, rows: Iterable[Mapping[str, Any]] | ArrowRows, /) -> Iterator[bytes]:
        """The document piece by piece while the rows are appended, its end included; memory stays flat.

        >>> with Report("ekvio.integration") as report:
        ...     b"".join(report.stream([{"id": 15}]))
        b'{"data":{"integration":15}}'

        A refused row raises after the pieces of the rows before it.
        """
        yield from self._ready()  # before the first row: a report on a file has nothing to read, and says so
        try:
            for _ in self._crossings(rows):
                yield from self._ready()
        except Exception:
            yield from self._ready()
            raise
        rest = self.build()
        if rest:
            yield rest

    def _ready(self) -> Iterator[bytes]:
        piece = self._handle.text(self._library.ts_report_take)
        if piece:
            yield piece

    def read(self, size: int = _READ_BYTES, /) -> bytes:
        """Takes up to so many bytes of the document that are ready; empty when none are, and after the build at its end.

        >>> with Report("eloomi.participants", message="Done") as report:
        ...     head = report.read()
        ...     head + report.build() == document("eloomi.participants", [], message="Done")
        True
        """
        if size < 1:
            raise ValueError("size must be at least 1")
        buffer = self._buffer  # looked at once: another thread may read by a smaller one
        if buffer is None or len(buffer) < size:
            self._buffer = buffer = create_string_buffer(size)
        return self._handle.read(self._library.ts_report_read, buffer, size)

    def build(self) -> bytes:
        """Ends the rows and returns what has not been read of the document: UTF-8, no newline at its end. Again: the same.

        >>> Report("ekvio.trainings_statistic").build()
        b'{"data":[]}'

        A report on a file puts it in its place and returns empty bytes.
        """
        return self._handle.text(self._library.ts_report_build)

    def problems(self) -> dict[str, Any]:
        """How many rows were taken and refused so far, and the first 1,000 problems.

        >>> with Report("ekvio.task_running", on_refused="skip") as report:
        ...     report.extend([{"id": 0}, {"id": 15}])
        ...     report.problems()
        {'accepted': 1, 'refused': 1, 'problems': [{'row': 0, 'column': 'id', 'message': 'id must be at least 1'}]}
        """
        found: dict[str, Any] = json.loads(self._handle.text(self._library.ts_report_problems))
        return found

    def __repr__(self) -> str:
        return f"<trainstat.Report {self._name!r}{', closed' if self._handle.closed else ''}>"


def document(name: str, rows: Iterable[Mapping[str, Any]] | ArrowRows, /, **options: Any) -> bytes:
    """A whole report in one call.

    >>> document("ekvio.module_unavailable", [{"module_name": "trainings"}])[:41]
    b'{"errors":[{"code":1007,"field":"company_'
    """
    with Report(name, **options) as report:
        if options.get("file") is None:
            return _grown(report, rows)
        report.extend(rows)
        return report.build()


def _grown(report: Report, rows: Iterable[Mapping[str, Any]] | ArrowRows) -> bytes:
    """The document, which grows while the rows are appended: a long one is never in memory twice, as it would be after a build."""
    count = length_hint(rows)
    whole = BytesIO()
    for taken in report._crossings(rows):
        if not taken <= count <= _FEW:
            report._handle.pour(report._library.ts_report_take, whole.write)
    if not whole.tell():
        return report.build()
    report._handle.pour(report._library.ts_report_build, whole.write)
    return whole.getvalue()  # its own bytes, not a copy of them


def stream(name: str, rows: Iterable[Mapping[str, Any]] | ArrowRows, /, **options: Any) -> Iterator[bytes]:
    """The document of ``document``, piece by piece while the rows are read; memory stays flat.

    >>> b"".join(stream("ekvio.integration", [{"id": 15}]))
    b'{"data":{"integration":15}}'

    The report is opened, and wrong options raise, before the first piece is asked for. A refused row raises after the pieces of the
    rows before it. Closing the iterator closes the report.
    """
    return _streamed(Report(name, **options), rows)


def _streamed(report: Report, rows: Iterable[Mapping[str, Any]] | ArrowRows) -> Iterator[bytes]:
    with report:
        yield from report.stream(rows)
