"""What goes wrong, as exceptions."""

from __future__ import annotations

from ._signatures import Error, Status


class TrainstatError(Exception):
    """Whatever this package refuses: options, files, directories, a library that is not there, a report used after its close.

    >>> import trainstat
    >>> try:
    ...     trainstat.Report("ekvio.errors", timezon="+03:00")
    ... except trainstat.TrainstatError as error:
    ...     print(error.status.name)
    BAD_OPTION

    ``message`` is the text for people, ``status`` the library's answer (None where the library was not asked), ``errno`` the
    system's reason where a file cannot be read or written, else 0.
    """

    def __init__(self, message: str, status: Status | int | None = None, errno: int = 0) -> None:
        super().__init__(message, status, errno)
        self.message = message
        self.status = status
        self.errno = errno

    def __str__(self) -> str:
        return self.message


class RowError(TrainstatError):
    """A refused row: ``row`` counts from 0 over the report's life, ``column`` is the key or None.

    >>> import trainstat
    >>> try:
    ...     trainstat.document("ekvio.integration", [{"id": "fifteen"}])
    ... except trainstat.RowError as error:
    ...     print(error.row, error.column, error.message, sep=", ")
    0, id, id must be an integer
    """

    def __init__(self, message: str, row: int, column: str | None, status: Status | int | None = Status.ROW_REFUSED) -> None:
        super().__init__(message, status)
        self.args = (message, row, column, status)  # what a pickle calls the class with
        self.row = row
        self.column = column

    def __str__(self) -> str:
        return f"row {self.row}: {self.message}"


def failure(error: Error, column: str | None = None) -> TrainstatError:
    """The exception for a filled ts_error."""
    try:
        status: Status | int = Status(error.status)
    except ValueError:  # of a later library
        status = error.status
    if error.row >= 0 and status in (Status.ROW_REFUSED, Status.BATCH_MALFORMED):
        return RowError(error.text, error.row, column, status)
    return TrainstatError(error.text, status, error.detail if status is Status.FILE_FAILED else 0)
