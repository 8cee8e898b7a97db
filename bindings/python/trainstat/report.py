"""One report: rows go in, one JSON document comes out."""

from __future__ import annotations

import ctypes
import json
from collections.abc import Iterable, Iterator, Mapping
from ctypes import byref, c_uint64, create_string_buffer
from typing import Any

from ._arrow import ArrowRows, Stream
from ._cells import UnknownKey
from ._handle import Handle, Owner
from ._library import library
from ._options import options_text
from ._packing import batch, packer_of
from ._signatures import Status
from .errors import TrainstatError, failure

_BATCH_ROWS = 512
_BATCH_BYTES = 1 << 20
_READ_BYTES = 1 << 18
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
        self._handle.open(self._library.ts_report_open, name.encode("utf-8", "surrogatepass"), options_text(options))
        self._name = name
        self._buffer: ctypes.Array[ctypes.c_char] | None = None
        described = json.loads(self._handle.text(self._library.ts_report_describe))
        self._columns: list[dict[str, Any]] = described["columns"]
        self._keys = tuple(column["key"] for column in self._columns)
        self._packer = packer_of(self._keys, tuple(column["type"] for column in self._columns))

    @property
    def columns(self) -> list[dict[str, Any]]:
        """The report's own columns, questionnaire fields included, as in ``describe``.

        >>> Report("ekvio.trainings_statistic", forms=[8]).columns[-1]["key"]
        'form_question_8'
        """
        return [dict(column) for column in self._columns]

    def append(self, row: Mapping[str, Any] = _NO_ROW, /, **cells: Any) -> None:
        """Appends one row, given as keywords or as a mapping. RowError is about this row; the report takes further ones.

        >>> with Report("ekvio.integration_status") as report:
        ...     report.append({"status": "progress"})
        ...     report.build()
        b'{"data":{"status":"progress"}}'
        """
        if cells and row is not _NO_ROW:
            raise TypeError("a row is given as one mapping or as keywords, not as both")
        packed, unknown = self._packer.pack(cells if row is _NO_ROW else plain_dict(row, "the row"))
        self._cross([packed], {0: unknown} if unknown else {})

    def extend(self, rows: Iterable[Mapping[str, Any]] | ArrowRows, /) -> None:
        """Appends the rows of any iterable in batches, so that they are never all in memory (the document is, unless it has a file).

        >>> with Report("ekvio.errors") as report:
        ...     report.extend({"code": code, "field": "id", "message": "unknown"} for code in (1, 2))
        ...     report.problems()["accepted"]
        2

        A refused row ends it with RowError. The rows before it are kept, as they are where the iterable itself raises; of the
        rows behind it up to a batch was already taken from the iterable.

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

    def _crossings(self, rows: Iterable[Mapping[str, Any]] | ArrowRows, /) -> Iterator[None]:
        """As ``extend``, pausing after each batch that was handed over, which is the moment to read."""
        self._handle.check_open()
        if isinstance(rows, ArrowRows):
            yield from self._arrow_crossings(rows)
            return
        pack = self._packer.pack
        pending: list[bytes] = []
        unknown: dict[int, UnknownKey] = {}
        size = taken = 0
        try:
            for row in rows:
                packed, key = pack(row if type(row) is dict else plain_dict(row, f"element {taken}"))
                if key:
                    unknown[len(pending)] = key
                pending.append(packed)
                taken += 1
                size += len(packed)
                if size >= _BATCH_BYTES or len(pending) >= _BATCH_ROWS:
                    crossing, pending, size = pending, [], 0
                    self._cross(crossing, unknown)
                    unknown = {}
                    yield
        finally:  # where the iterable raised, too
            if pending:
                self._cross(pending, unknown)
        yield

    def _arrow_crossings(self, rows: ArrowRows) -> Iterator[None]:
        """The same for columns: the library reads them where they lie."""
        stream = Stream(rows)
        for part in stream:
            error = self._handle.attempt(self._library.ts_array_append, *part, None)
            if error is not None:
                column = self._keys[error.column] if 0 <= error.column < len(self._keys) else None
                if column is None and error.status == Status.ROW_REFUSED:
                    column = stream.stranger(self._keys)
                raise failure(error, column)
            yield

    def _cross(self, rows: list[bytes], unknown: Mapping[int, UnknownKey]) -> None:
        packed = batch(rows)
        accepted = c_uint64()
        error = self._handle.attempt(self._library.ts_batch_append, packed, len(packed), byref(accepted))
        if error is None:
            return
        column = None
        if 0 <= error.column < len(self._keys):
            column = self._keys[error.column]
        elif accepted.value in unknown:
            column = unknown[accepted.value].key
        raise failure(error, column)

    def stream(self, rows: Iterable[Mapping[str, Any]] | ArrowRows, /) -> Iterator[bytes]:
        """The document piece by piece while the rows are appended, its end included; memory stays flat.

        >>> with Report("ekvio.integration") as report:
        ...     b"".join(report.stream([{"id": 15}]))
        b'{"data":{"integration":15}}'

        A refused row raises after the pieces of the rows before it.
        """
        yield from iter(self.read, b"")  # before the first row: a report on a file has nothing to read, and says so
        try:
            for _ in self._crossings(rows):
                yield from iter(self.read, b"")
        except Exception:
            yield from iter(self.read, b"")
            raise
        rest = self.build()
        if rest:
            yield rest

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


def plain_dict(row: Any, what: str) -> dict[Any, Any]:
    """The row as a dict that adds no keys of its own when asked for one."""
    if type(row) is dict:
        return row
    if not hasattr(row, "keys"):
        raise TypeError(f"{what} is {type(row).__name__}, not a mapping")
    return dict(row)


def document(name: str, rows: Iterable[Mapping[str, Any]] | ArrowRows, /, **options: Any) -> bytes:
    """A whole report in one call.

    >>> document("ekvio.module_unavailable", [{"module_name": "trainings"}])[:41]
    b'{"errors":[{"code":1007,"field":"company_'
    """
    with Report(name, **options) as report:
        report.extend(rows)
        return report.build()


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
