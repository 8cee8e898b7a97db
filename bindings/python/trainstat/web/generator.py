"""The process that writes a report: python -m trainstat.web.generator, with one line of JSON on standard input.

    {"directory": ..., "keep_seconds": ..., "moodle": URL, "prefix": ..., "forms": ..., "timezone": ..., "company": ..., and

        "window": {"after": ..., "to": ...}}    a task: says {"id": 15}, {"running": 15}, {"busy": "..."} or {"error": "..."} on
                                                standard output, then lives until the report is written, whatever becomes
                                                of who started it
        "course": 5, "extended_mode": false}    participants: writes the document to standard output, then says
                                                {"rows": 2, "refused": 0, "problems": []}, {"missing": true} or
                                                {"error": "..."} on standard error
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

from .._signatures import Status
from ..errors import RowError, TrainstatError
from ..moodle import Moodle
from ..report import Report
from ..tasks import Task, TaskRunning, Tasks
from .messages import public
from .patience import patiently
from .results import LOG, REPORT, SUMMARY, TRAININGS, Results
from .summary import Summary

_AT_ONCE = 500  # rows
_PROBLEMS = 100  # that are kept
_NICENESS = 10  # the server and the database go first
Job = Mapping[str, Any]


def main() -> int:
    """Reads the job and does it; the exit status."""
    os.umask(0o077)
    os.nice(_NICENESS)
    line = sys.stdin.readline()
    if not line.endswith("\n"):
        return 1  # who started it is gone
    job: Job = json.loads(line)
    return participants(job) if "course" in job else trainings(job)


def trainings(job: Job) -> int:
    """Claims the task, says so, and writes the report."""
    directory = Path(job["directory"])
    try:
        results = Results(directory, job["keep_seconds"])
        tasks = Tasks(directory / "tasks")
        task = patiently(lambda: tasks.claim(TRAININGS, scope=job["company"]))
    except TaskRunning as running:
        return tell({"running": running.id})
    except Exception as error:
        is_busy = isinstance(error, TrainstatError) and error.status == Status.BUSY
        return tell({"busy" if is_busy else "error": public(error)}) or 1
    with task:
        tell({"id": task.id})
        try:
            Generation(job, results, task).run()
        except Exception as error:
            for kind in (REPORT, SUMMARY):
                results.path(task.id, kind).unlink(missing_ok=True)
            results.write(task.id, LOG, f"The report of task {task.id} was not written: {public(error)}\n")
            task.fail(results.path(task.id, LOG))
            return 1
    return 0


def tell(what: Mapping[str, Any]) -> int:
    """Says it on standard output, then lets go of that, so that no later end of the other side is felt here."""
    try:
        print(json.dumps(what), flush=True)
    except OSError:
        pass  # who started it is gone, the task is not
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    return 0


class Generation:
    """One report from a Moodle database into its file."""

    def __init__(self, job: Job, results: Results, task: Task) -> None:
        self._job = job
        self._results = results
        self._task = task
        self._summary = Summary(job["timezone"] or "+00:00")
        self._rows = 0
        self._refused = 0
        self._problems: list[str] = []

    def run(self) -> None:
        """Writes the report, then the summary, then finishes the task."""
        path = self._results.path(self._task.id, REPORT)
        after, to = self._job["window"]["after"], self._job["window"]["to"]
        with Moodle(self._job["moodle"], self._job["prefix"]) as site:
            total = site.population(after, to)
            self._note_progress(total)
            forms = site.form_fields() if self._job["forms"] == "all" else self._job["forms"]
            with Report("ekvio.trainings_statistic", file=path, forms=forms, timezone=self._job["timezone"]) as report:
                asked = [column["key"] for column in report.columns][len(report.columns) - len(forms) :]
                rows = within(site.rows("ekvio.trainings_statistic", (), list(zip(forms, asked))), after, to)
                while batch := list(islice(rows, _AT_ONCE)):
                    self._append(report, batch)
                    self._note_progress(total)
                report.build()
        noted = {"rows": self._rows, "refused": self._refused, "problems": self._problems, "summary": self._summary.as_json()}
        self._results.write(self._task.id, SUMMARY, json.dumps(noted))
        self._task.finish(path)

    def _append(self, report: Report, batch: list[dict[str, Any]]) -> None:
        first = self._rows + self._refused
        begin = 0
        while begin < len(batch):
            end = len(batch)
            try:
                report.extend(batch[begin:])
            except RowError as error:
                end = error.row - first
                self._refused += 1
                if len(self._problems) < _PROBLEMS:
                    self._problems.append(str(error))
            for row in batch[begin:end]:
                self._summary.add(row)
            self._rows += end - begin
            begin = end + 1

    def _note_progress(self, total: int) -> None:
        try:
            self._task.progress(self._rows + self._refused, total)
        except TrainstatError:
            pass  # the report is none the worse for it, and the next batch says more


def within(rows: Iterator[dict[str, Any]], after: int | None, to: int | None) -> Iterator[dict[str, Any]]:
    """The rows of the window after <= last_activity < to; without any bound all, else none without activity.

    >>> list(within(iter([{"last_activity": 5}, {"last_activity": "6"}, {"last_activity": None}]), 6, None))
    [{'last_activity': '6'}]
    """
    if after is None and to is None:
        return rows
    return (row for row in rows if is_within(row["last_activity"], after, to))


def is_within(activity: Any, after: int | None, to: int | None) -> bool:
    """Whether a row belongs into the window; one whose activity is no time does, so that it is refused by name."""
    if activity is None:
        return False
    try:
        seconds = int(activity)
    except (ValueError, OverflowError):
        return True
    return (after is None or after <= seconds) and (to is None or seconds < to)


def participants(job: Job) -> int:
    """The participants of one course to standard output, refused ones left out."""
    try:
        with Moodle(job["moodle"], job["prefix"]) as site:
            if not site.has_course(job["course"]):
                return confess({"missing": True})
            options = {"extended_mode": job["extended_mode"], "timezone": job["timezone"], "on_refused": "skip"}
            with Report("eloomi.participants", **options) as report:
                for piece in report.stream(site.rows("eloomi.participants", [job["course"]])):
                    sys.stdout.buffer.write(piece)
                sys.stdout.buffer.flush()
                found = report.problems()
        messages = [f"row {problem['row']}: {problem['message']}" for problem in found["problems"][:_PROBLEMS]]
        return confess({"rows": found["accepted"], "refused": found["refused"], "problems": messages})
    except Exception as error:
        return confess({"error": public(error)}) or 1


def confess(what: Mapping[str, Any]) -> int:
    """Says it on standard error."""
    print(json.dumps(what), file=sys.stderr, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
