"""Writes trainstat/__init__.pyi from the library's catalogue: python generate_stubs.py [--check].

With --check nothing is written, and the exit status is 1 where the file is stale.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
STUBS = HERE / "trainstat" / "__init__.pyi"

HEAD = '''# Written by generate_stubs.py from the library's catalogue; do not edit.
"""Types of trainstat: what each format takes as a row and as options."""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from types import TracebackType
from typing import Any, Literal, Protocol, SupportsIndex, TypedDict, overload

from typing_extensions import Buffer, NotRequired, Self, Unpack

from .errors import RowError as RowError
from .errors import TrainstatError as TrainstatError
from .tasks import Task as Task
from .tasks import TaskRunning as TaskRunning
from .tasks import Tasks as Tasks
from .tasks import TaskState as TaskState

__all__ = ["Report", "RowError", "Task", "TaskRunning", "TaskState", "Tasks", "TrainstatError"]
__all__ += ["describe", "document", "formats", "stream"]

Integer = SupportsIndex | float | str | Decimal
Number = SupportsIndex | float | str | Decimal
Moment = SupportsIndex | str | datetime
Date = SupportsIndex | str | date
Duration = SupportsIndex | str | timedelta | Decimal

class ArrowRows(Protocol):
    """Columns that cross as they lie: tables of pyarrow, frames of polars and pandas, relations of DuckDB."""

    def __arrow_c_stream__(self, requested_schema: Any = None) -> object: ...
'''

# A column's type, and an option's: what a host may hand over for it.
COLUMN_TYPES = {
    "integer": "Integer",
    "number": "Number",
    "decimal text": "Number",
    "text": "str",
    "moment": "Moment",
    "local moment": "Moment",
    "date": "Date",
    "duration": "Duration",
}
OPTION_TYPES = {"integers": "Iterable[int]", "integer": "int", "boolean": "bool", "text": "str"}

REPORT = '''
class Report:
    """One report: rows go in, one JSON document comes out."""

{opens}
    append: Callable[..., None]
    def extend(self, rows: Iterable[Mapping[str, object]] | ArrowRows, /) -> None: ...
    def append_part(self, document: Buffer, rows: SupportsIndex, /) -> None: ...
    def stream(self, rows: Iterable[Mapping[str, object]] | ArrowRows, /) -> Iterator[bytes]: ...
    def read(self, size: int = ..., /) -> bytes: ...
    def build(self) -> bytes: ...
    def problems(self) -> Problems: ...
    def close(self) -> None: ...
    @property
    def columns(self) -> list[Column]: ...
    def __enter__(self) -> Self: ...
    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None) -> None: ...
'''

ANSWERS = '''
class Problem(TypedDict):
    row: int
    column: str | None
    message: str

class Problems(TypedDict):
    accepted: int
    refused: int
    problems: list[Problem]
'''


def stubs() -> str:
    """The whole text."""
    import trainstat

    described = [trainstat.describe(name) for name in trainstat.formats()]
    parts = [HEAD, "\nFormatName = Literal[" + ", ".join(quoted(one["format"]) for one in described) + "]\n"]
    parts.append(members("Column", [column for one in described for column in one["columns"]]))
    parts.append(members("Option", [option for one in described for option in one["options"]]))
    parts.append(members("Format", described))
    parts.append(ANSWERS)
    for one in described:
        parts += [row(one), options(one)]
    parts.append(REPORT.format(opens="\n".join(overloads("__new__", described, "Report", "cls, "))))
    parts += [report(one, open_columns(one)) for one in described]
    parts += ["\ndef formats() -> list[FormatName]: ...\ndef describe(name: str, /) -> Format: ...\n"]
    for function, answer in (("document", "bytes"), ("stream", "Iterator[bytes]")):
        parts.append("\n".join(line.removeprefix("    ") for line in overloads(function, described, answer, "")) + "\n")
    return "".join(parts)


def quoted(word: str) -> str:
    """As a literal in ASCII."""
    return '"' + ascii(word)[1:-1].replace('"', '\\"') + '"'


def class_name(one: Mapping[str, Any]) -> str:
    """EloomiParticipants of eloomi.participants."""
    return "".join(part.capitalize() for part in one["format"].replace(".", "_").split("_"))


def members(name: str, found: Sequence[Mapping[str, Any]]) -> str:
    """A TypedDict of the members which the catalogue's objects have: required where all of them have it."""
    keys = dict.fromkeys(key for one in found for key in one)
    lines = [f"\nclass {name}(TypedDict):\n"]
    for key in keys:
        types = {value_type(key, one[key]) for one in found if key in one}
        of = " | ".join(sorted(types)) if "Any" not in types else "Any"
        lines.append(f"    {key}: {of if all(key in one for one in found) else f'NotRequired[{of}]'}\n")
    return "".join(lines)


def value_type(key: str, value: object) -> str:
    """The type of a member's value."""
    if key in ("columns", "options"):
        return f"list[{key.removesuffix('s').capitalize()}]"
    if key in ("default", "required_when"):
        return "Any"
    if isinstance(value, dict):
        return "dict[str, str]" if all(isinstance(one, str) for one in value.values()) else "dict[str, Any]"
    if isinstance(value, list):
        return "list[str]"
    return "None" if value is None else type(value).__name__


def row(one: Mapping[str, Any]) -> str:
    """The TypedDict of a format's rows."""
    lines = [f"\nclass {class_name(one)}Row(TypedDict):\n    {doc(one['meaning'])}\n"]
    for column in one["columns"]:
        of = column_type(column)
        required = is_required(column)
        lines.append(f"\n    {column['key']}: {of if required else f'NotRequired[{of}]'}\n    {doc(column['meaning'])}\n")
    return "".join(lines)


def options(one: Mapping[str, Any]) -> str:
    """The TypedDict of a format's options."""
    lines = [f"\nclass {class_name(one)}Options(TypedDict, total=False):\n"]
    for option in one["options"]:
        of = choices(option) if option["type"] == "choice" else OPTION_TYPES[option["type"]]
        if option["name"] == "file":
            of += " | os.PathLike[str]"
        lines.append(f"    {option['name']}: {of} | None\n    {doc(option['meaning'])}\n")
    return "".join(lines)


def overloads(function: str, described: Sequence[Mapping[str, Any]], answer: str, first: str) -> Iterator[str]:
    """One way in for each format, so that its options and rows are known by its name."""
    for one in described:
        name = class_name(one)
        rows = "" if function == "__new__" else f"rows: Iterable[{name}Row] | Iterable[Mapping[str, object]] | ArrowRows, /, "
        returned = f"{name}Report" if function == "__new__" else answer
        of = f"name: Literal[{quoted(one['format'])}], {rows or '/, '}"
        yield "    @overload"
        yield f"    def {function}({first}{of}**options: Unpack[{name}Options]) -> {returned}: ..."


def report(one: Mapping[str, Any], opened: str) -> str:
    """The report as its type checker sees it: the cells of append are the format's columns."""
    name = class_name(one)
    cells = ", ".join(
        f"{column['key']}: {column_type(column)}{'' if is_required(column) else ' = ...'}" for column in one["columns"]
    )
    keywords = "*, " + cells if cells else ""
    keywords += f"{', ' if cells else ''}{opened}" if opened else ""
    return (
        f"\nclass {name}Report(Report):\n"
        f"    {doc(one['meaning'])}\n\n"
        "    @overload\n"
        f"    def append(self, row: {name}Row | Mapping[str, object], /) -> None: ...\n"
        "    @overload\n"
        f"    def append(self{', ' if keywords else ''}{keywords}) -> None: ...\n"
    )


def open_columns(one: Mapping[str, Any]) -> str:
    """The keyword of further columns, which a report has where an option takes the numbers of questionnaire fields."""
    import trainstat

    for option in one["options"]:
        if option["type"] == "integers":
            with trainstat.Report(one["format"], **{option["name"]: [1]}) as opened:
                added = opened.columns[len(one["columns"]) :]
            return f"**{option['name']}: {column_type(added[0])}" if added else ""
    return ""


def column_type(column: Mapping[str, Any]) -> str:
    """What a cell of the column may be in Python."""
    of = choices(column) if column["type"] == "choice" else COLUMN_TYPES[column["type"]]
    return f"{of} | None" if column["nullable"] else of


def is_required(column: Mapping[str, Any]) -> bool:
    """Whether every row must have it; one that only some documents need may be missing."""
    return column["presence"] == "required" and not column.get("extended")


def choices(one: Mapping[str, Any]) -> str:
    """The words that are taken."""
    return "Literal[" + ", ".join(quoted(word) for word in [*one["choices"], *one.get("other_words", {})]) + "]"


def doc(meaning: str) -> str:
    """A docstring in ASCII."""
    return '"""' + ascii(meaning)[1:-1].replace("\\'", "'").replace('"', "'") + '"""'


def main() -> int:
    """0, or 1 where the file is stale and --check was given."""
    parser = argparse.ArgumentParser(description="Types of trainstat from the library's catalogue.")
    parser.add_argument("--check", action="store_true", help="write nothing; exit status 1 where the file is stale")
    check = parser.parse_args().check
    sys.path.insert(0, str(HERE))
    wanted = stubs()
    if check:
        if STUBS.read_text("ascii") != wanted:
            print(f"{STUBS.name} is stale: run generate_stubs.py", file=sys.stderr)
            return 1
        return 0
    STUBS.write_text(wanted, "ascii")
    return 0


if __name__ == "__main__":
    sys.exit(main())
