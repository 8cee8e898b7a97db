"""Rows of a report from a Moodle database, by the queries of bindings/moodle. Needs the extra ``trainstat[moodle]``."""

from __future__ import annotations

import os
import re
import sqlite3
import urllib.parse
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .errors import TrainstatError

if TYPE_CHECKING:
    from sqlalchemy import TextClause
    from sqlalchemy.engine import URL, Connection, Engine

_TABLE = re.compile(r"\{([a-z_0-9]+)\}")
_PACKAGE = Path(__file__).resolve().parent
_AT_ONCE = 500  # rows
_INTERRUPTIBLE = 100_000  # steps of SQLite's machine between looks at signals


def _as_text(value: Any) -> Any:
    """A blob as text: not every host of the queries can tell the two apart, and all are to write the same."""
    return value.decode("utf-8", "surrogateescape") if isinstance(value, bytes) else value



class MoodleError(TrainstatError):
    """The database cannot be read, or holds no Moodle site; the message is one sentence without any password.

    ``public`` is the same without the words of the driver, which may repeat values of rows.
    """

    def __init__(self, message: str, public: str | None = None) -> None:
        super().__init__(message)
        self.public = public or message


def queries() -> Path:
    """The folder of the queries: inside an installed package, else beside it in a checkout."""
    for folder in (_PACKAGE / "queries", (_PACKAGE / "../../moodle").resolve()):
        if (folder / "form_fields.sql").is_file():
            return folder
    raise MoodleError("the queries for Moodle are not part of this installation")


def exportable(names: Sequence[str]) -> list[str]:
    """Those of the formats that a query is there for."""
    return [name for name in names if (queries() / f"{name}.sql").is_file()]


class Moodle:
    """One site, read in one transaction and never written.

    >>> with Moodle("sqlite:///nowhere.sqlite") as site:
    ...     pass
    Traceback (most recent call last):
    trainstat.moodle.MoodleError: there is no database file nowhere.sqlite
    """

    def __init__(self, url: str, prefix: str = "mdl_") -> None:
        if not re.fullmatch(r"[A-Za-z0-9_]*", prefix):
            raise MoodleError("a table prefix consists of letters, digits and underscores")
        try:
            import sqlalchemy
        except ImportError:
            raise MoodleError('reading Moodle needs SQLAlchemy, which the extra "moodle" of this package brings') from None
        try:
            self._url = sqlalchemy.make_url(url)
        except Exception:  # its text may repeat parts of the URL, so of the password
            raise MoodleError("the database is given as a URL such as sqlite:////srv/moodle.sqlite") from None
        self._prefix = prefix
        self._engine: Engine | None = None
        self._connection: Connection | None = None

    def __enter__(self) -> Moodle:
        with self._told():
            self._engine = _engine(self._url)
            self._connection = _connection(self._engine)
        return self

    def __exit__(self, *_: object) -> None:
        if self._connection is not None:
            self._connection.close()
        if self._engine is not None:
            self._engine.dispose()

    def check(self, name: str) -> None:
        """Refuses a database that the query of a format cannot run on for want of a table."""
        self._sql(name)

    def form_fields(self) -> list[int]:
        """The ids of the questionnaire fields: every profile field but the group fields."""
        return [int(row["id"]) for row in self._rows(self._sql("form_fields"))]

    def has_course(self, course: int) -> bool:
        """Whether the site has the course; its front page is none."""
        return next(self._rows(self._sql("course").replace("COURSE_ID", str(int(course)))), None) is not None

    def population(self, after: int | None = None, to: int | None = None) -> int:
        """How many rows ``rows("ekvio.trainings_statistic")`` yields; with bounds, how many with after <= last_activity < to."""
        bounds = [f" AND v.last_time >= {int(after)}"] if after is not None else []
        bounds += [f" AND v.last_time < {int(to)}"] if to is not None else []
        return int(next(self._rows(self._sql("population").replace("/*window*/", "".join(bounds))))["total"])

    def rows(self, name: str, courses: Sequence[int] = (), forms: Sequence[tuple[int, str]] = ()) -> Iterator[dict[str, Any]]:
        """The rows of a format, streamed: of these courses, else of all, with these questionnaire fields (id, key).

        The query runs at once, so that a database that refuses it does so here.
        """
        condition = f" AND c.id IN ({', '.join(str(int(course)) for course in courses)})" if courses else ""
        answer = self._sql("ekvio.form_question") if forms else ""
        answers = [f", {answer.replace('FIELD_ID', str(int(field)))} AS {key}" for field, key in forms]
        sql = self._sql(name).replace("/*courses*/", condition).replace("/*forms*/", "\n".join(answers))
        return self._rows(sql)

    def _sql(self, name: str) -> str:
        try:
            text = (queries() / f"{name}.sql").read_text("ascii")
        except FileNotFoundError:
            raise MoodleError(f"there is no query for {name}") from None
        self._require({self._prefix + table for table in _TABLE.findall(text)})
        return _TABLE.sub(lambda table: self._prefix + table[1], text)

    def _require(self, tables: set[str]) -> None:
        import sqlalchemy

        with self._told():
            found = sqlalchemy.inspect(self._connected())
            missing = sorted(tables - {*found.get_table_names(), *found.get_view_names()})
        if missing:
            of = f"{', '.join(missing[:3])}{' and others' if len(missing) > 3 else ''}"
            raise MoodleError(f"this is no Moodle database with the table prefix {self._prefix!r}: it has no table {of}")

    def _rows(self, sql: str) -> Iterator[dict[str, Any]]:
        with self._told():
            connection = self._connected().execution_options(stream_results=True, yield_per=_AT_ONCE)
            result = connection.execute(as_it_is(sql))
        return self._fetched(result)

    def _fetched(self, result: Any) -> Iterator[dict[str, Any]]:
        keys = tuple(result.keys())
        partitions = result.partitions()
        while True:
            with self._told():
                rows = next(partitions, None)
            if rows is None:
                return
            for row in rows:
                yield dict(zip(keys, map(_as_text, row)))

    def _connected(self) -> Connection:
        if self._connection is None:
            raise MoodleError("the database is not connected")
        return self._connection

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Tells the driver's failure as one sentence."""
        import sqlalchemy.exc

        try:
            yield
        except sqlalchemy.exc.DBAPIError as failure:
            if str(failure.orig) == "interrupted":
                raise KeyboardInterrupt from None
            raise self._unreadable(failure.orig) from None
        except (sqlalchemy.exc.SQLAlchemyError, ImportError, OSError, UnicodeError) as failure:
            raise self._unreadable(failure) from None

    def _unreadable(self, failure: BaseException | None) -> MoodleError:
        what = "the database cannot be read"
        public = f"{what} ({type(failure).__name__})" if self._connection is not None else None
        return MoodleError(f"{what}: {self._sentence(failure)}", public)

    def _sentence(self, failure: BaseException | None) -> str:
        lines = str(failure).strip().splitlines()
        said = lines[0] if lines else type(failure).__name__
        password = self._url.password
        for secret in (str(password), urllib.parse.quote(str(password))) if password else ():
            said = said.replace(secret, "***")
        return said


def as_it_is(sql: str) -> TextClause:
    """A statement without parameters, whatever colons and percent signs it holds."""
    import sqlalchemy

    return sqlalchemy.text(sql.replace(":", r"\:"))


def _engine(url: URL) -> Engine:
    import sqlalchemy
    from sqlalchemy.pool import NullPool

    if url.get_backend_name() == "sqlite":
        return sqlalchemy.create_engine("sqlite://", creator=lambda: _sqlite(url), poolclass=NullPool)
    return sqlalchemy.create_engine(url, poolclass=NullPool)


def _sqlite(url: URL) -> sqlite3.Connection:
    """Opened for reading only: a file that is missing must not be made, nor one beside it."""
    path = url.database or ""
    if not os.path.isfile(path):
        raise MoodleError(f"there is no database file {path}" if path else "the URL names no database file")
    # A database in WAL mode that nobody has open would get two files beside it.
    resting = _is_in_wal_mode(path) and not os.path.exists(path + "-wal")
    uri = f"file:{urllib.parse.quote(os.path.abspath(path))}?{'immutable=1' if resting else 'mode=ro'}"
    connection = sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False)
    connection.text_factory = lambda text: text.decode("utf-8", "surrogateescape")  # an ill-formed one refuses its row, not the rest
    connection.set_progress_handler(lambda: 0, _INTERRUPTIBLE)  # lets Ctrl-C end a query before its first row
    connection.execute("PRAGMA query_only = ON")
    return connection


def _is_in_wal_mode(path: str) -> bool:
    with open(path, "rb") as file:
        return file.read(20)[18:] == b"\2\2"


def _connection(engine: Engine) -> Connection:
    """A connection whose reads all see the same moment, as far as the database can."""
    connection = engine.connect()
    if engine.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN")
    elif engine.dialect.name == "postgresql":
        connection = connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    elif engine.dialect.name in ("mysql", "mariadb"):
        connection = connection.execution_options(isolation_level="REPEATABLE READ")
        connection.exec_driver_sql("SET SESSION sql_mode = CONCAT(@@SESSION.sql_mode, ',ANSI')")
    return connection
