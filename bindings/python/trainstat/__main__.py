"""Reports on the command line: python -m trainstat formats | describe NAME | export | rows | serve."""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TextIO

from ._arguments import ALL, parse, without_password
from ._lines import Lines
from ._progress import counted
from ._signatures import Status
from .catalogue import describe, formats
from .errors import TrainstatError
from .moodle import Moodle
from .report import Report
from .web.server import serve

WRITTEN, STOPPED, FAILED, WRITTEN_WITHOUT_REFUSED, INTERRUPTED, PIPE_CLOSED = 0, 1, 2, 3, 130, 141
_REASONS = 10  # that the summary tells
_START = time.monotonic()


def main(arguments: Sequence[str]) -> int:
    """Runs one command; the exit status."""
    closed = _open_closed_streams()
    try:
        parsed, options = parse(arguments)
        if "stdin" in closed and parsed.command == "rows":
            raise TrainstatError("standard input is closed")
        if "stdout" in closed and parsed.command != "serve" and options.get("file") is None:
            raise TrainstatError("standard output is closed")
        if parsed.command == "export":
            status = export(parsed, options)
        elif parsed.command == "rows":
            status = rows(parsed.format, options)
        elif parsed.command == "serve":
            status = serve(parsed)
        else:
            status = tell(formats() if parsed.command == "formats" else describe(parsed.name))
        sys.stdout.flush()
        return status
    except TrainstatError as error:
        return _ended(STOPPED if error.status == Status.ROW_REFUSED else FAILED, str(error))
    except OSError as error:
        _give_up(sys.stdout)
        if isinstance(error, BrokenPipeError):
            return PIPE_CLOSED
        return _ended(FAILED, f"standard output cannot be written: {error.strerror}")
    except KeyboardInterrupt:
        return _ended(INTERRUPTED, "interrupted")


def tell(found: list[str] | dict[str, Any]) -> int:
    """Prints names, or JSON for people."""
    text = "\n".join(found) if isinstance(found, list) else json.dumps(found, ensure_ascii=False, indent=2)
    sys.stdout.buffer.write(text.encode() + b"\n")
    return WRITTEN


def export(parsed: argparse.Namespace, options: dict[str, Any]) -> int:
    """A report from a Moodle database."""
    with Moodle(parsed.moodle, parsed.prefix) as site:
        if options.get("forms") == ALL:
            options["forms"] = site.form_fields()
        with Report(parsed.format, **options) as report:
            usual = {column["key"] for column in describe(parsed.format)["columns"]}
            asked = [column["key"] for column in report.columns if column["key"] not in usual]
            found = site.rows(parsed.format, parsed.courses, list(zip(options.get("forms", ()), asked)))
            return write(report, found, options, [])


def rows(name: str, options: dict[str, Any]) -> int:
    """A report from lines of JSON on standard input."""
    unreadable: list[str] = []

    def refuse(number: int, why: str) -> None:
        message = f"line {number}: {why}"
        if options.get("on_refused") != "skip":
            raise TrainstatError(message, Status.ROW_REFUSED)
        unreadable.append(message)

    with Report(name, **options) as report:
        return write(report, Lines(_input(), refuse), options, unreadable)


def _input() -> Iterator[bytes]:
    try:
        yield from sys.stdin.buffer
    except OSError as error:
        raise TrainstatError(f"standard input cannot be read: {error.strerror}") from None


def write(report: Report, found: Iterable[Mapping[str, Any]], options: Mapping[str, Any], unreadable: list[str]) -> int:
    """Writes the report to its file or to standard output, then the summary to standard error."""
    to_file = options.get("file") is not None
    passing = counted(found, sys.stderr.isatty() and (to_file or not sys.stdout.isatty()))
    try:
        if to_file:
            report.extend(passing)
            report.build()
        else:
            for piece in report.stream(passing):
                sys.stdout.buffer.write(piece)
            sys.stdout.buffer.flush()
    except TrainstatError as error:
        if error.status != Status.ROW_COUNT or not sum_up(report, unreadable):
            raise
        return _ended(STOPPED, str(error))  # for want of the refused rows
    return WRITTEN_WITHOUT_REFUSED if sum_up(report, unreadable) else WRITTEN


def sum_up(report: Report, unreadable: list[str]) -> int:
    """Tells rows, seconds and the first reasons on standard error; how many rows were refused."""
    problems = report.problems()
    refused: int = problems["refused"] + len(unreadable)
    seconds = time.monotonic() - _START
    _say(f"{problems['accepted']} rows, {refused} refused, {seconds:.2f} seconds")
    reasons = unreadable + [f"row {problem['row']}: {problem['message']}" for problem in problems["problems"]]
    for reason in reasons[:_REASONS]:
        _say(f"  {reason}")
    if refused > _REASONS:
        _say(f"  and {refused - _REASONS} more")
    return refused


def _ended(status: int, why: str) -> int:
    _say(f"trainstat: {without_password(why)}")
    return status


def _say(text: str) -> None:
    """To standard error; that it cannot be written changes nothing of the report."""
    try:
        print(text, file=sys.stderr)
    except OSError:
        _give_up(sys.stderr)


def _give_up(stream: TextIO) -> None:
    """Lets nothing more fail on a stream that nobody takes, such as the interpreter's own flush at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _open_closed_streams() -> set[str]:
    """The names of the standard streams that the caller has closed; in their places there is the null device."""
    closed = {name for name in ("stdin", "stdout", "stderr") if getattr(sys, name) is None}
    for name in ("stdin", "stdout", "stderr"):  # in the order of their descriptors, each the lowest one free
        if name in closed:
            setattr(sys, name, open(os.devnull, "r" if name == "stdin" else "w", encoding="utf-8"))
    return closed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
