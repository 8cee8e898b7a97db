"""What the endpoints and the page share: the tasks, their files, the token, and the starting of generators."""

from __future__ import annotations

import asyncio
import hmac
import logging
import os
import re
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, NamedTuple

from starlette.concurrency import run_in_threadpool

from .._signatures import Status
from ..errors import TrainstatError
from ..moodle import Moodle
from ..report import Report
from ..tasks import Tasks, TaskState
from . import launch
from .messages import public
from .patience import patiently
from .results import LOG, REPORT, TRAININGS, Results, private_folder
from .summary import Summary

_LEAST_TOKEN = 16  # characters
_SWEEP_SECONDS = 60.0  # between two looks for old files, at most
TASK_ID = re.compile("[1-9][0-9]{0,17}")  # in a URL
log = logging.getLogger("trainstat.web")


class Window(NamedTuple):
    """Unix seconds: after <= last_activity < to. None: no such bound."""

    after: int | None
    to: int | None


class Started(NamedTuple):
    """The answer to a start: the id of the task that was started, or of the one that runs already."""

    task_id: int
    is_running_already: bool


class Unavailable(Exception):
    """A start that was not possible now, in one sentence."""


class Service:
    """One site's reports, as ``trainstat.web.application`` describes them."""

    def __init__(
        self,
        *,
        moodle: str,
        directory: str | os.PathLike[str],
        token: str,
        public_url: str,
        prefix: str,
        forms: Sequence[int] | Literal["all"],
        timezone: str | None,
        company: str,
        modules: Mapping[str, bool],
        keep_seconds: int,
    ) -> None:
        if keep_seconds < 1:
            raise TrainstatError("files are kept for at least 1 second")
        unknown = sorted(set(modules) - {TRAININGS})
        if unknown:
            raise TrainstatError(f"there is no module {unknown[0]}; there is {TRAININGS}")
        self.public_url = _base(public_url)
        self.company = company
        self._modules = {TRAININGS: True, **modules}
        self._token = _digest(_checked(token))
        Moodle(moodle, prefix)  # refuses what is no URL or prefix; nothing is connected yet
        Report("ekvio.trainings_statistic", forms=() if forms == "all" else forms, timezone=timezone).close()
        try:
            Summary(timezone or "+00:00")
        except (KeyError, ValueError, OSError):
            raise TrainstatError("option timezone must be a zone that this Python knows, too") from None
        directory = Path(directory).absolute()
        private_folder(directory)
        with tempfile.TemporaryDirectory(prefix=".trial-", dir=directory) as trial, Tasks(trial) as tasks:
            tasks.claim(TRAININGS, scope=company).close()  # refuses a name that is none
        self._directory = directory
        self._job = {
            "directory": str(directory),
            "keep_seconds": keep_seconds,
            "moodle": moodle,
            "prefix": prefix,
            "forms": forms if forms == "all" else list(forms),
            "timezone": timezone,
            "company": company,
        }
        self.results = Results(directory, keep_seconds)
        self._keep_seconds = keep_seconds
        self._opened: tuple[tuple[int, int, int] | None, Tasks] | None = None
        _ = self.tasks
        self._starting = asyncio.Lock()
        self._last_started: int | None = None
        self._swept = 0.0
        self._trouble: str | None = None  # with sweeping, that was logged last

    @property
    def tasks(self) -> Tasks:
        """The registry in DIRECTORY/tasks, opened anew in a process forked by the host, and where another has taken its place."""
        folder = self._directory / "tasks"
        found = _place(folder)
        if self._opened is None or found is None or self._opened[0] != found:
            private_folder(self._directory)
            opened = Tasks(folder)
            self._opened = _place(folder), opened
        return self._opened[1]

    def is_token(self, given: str) -> bool:
        """Whether that is the token; takes as long for each answer."""
        return hmac.compare_digest(_digest(given), self._token)

    def key(self, purpose: str) -> bytes:
        """A secret of 32 bytes for signing what only this site is to take back; another token or directory gives another one."""
        return self.results.key(f"{purpose}:{self._token.hex()}")

    def is_on(self, module: str) -> bool:
        """Whether the company has the module."""
        return self._modules[module]

    def file_url(self, task_id: int, kind: str = REPORT) -> str:
        """The absolute URL of a task's report (``json``) or log (``log``), which needs no token."""
        return f"{self.public_url}/files/{self.results.name(task_id, kind)}"

    def is_elsewhere(self, state: TaskState) -> bool:
        """Whether the report or log of a task that has ended was put elsewhere, by a host of another kind. Blocks."""
        kind, file = (REPORT if state["status"] == "completed" else LOG), state["file"]
        if state["status"] == "progress" or file is None and kind == LOG:  # a generator that was killed left no log
            return False
        path = self.results.path(state["id"], kind)
        return file != str(path) and not path.exists()

    def answer(self, state: TaskState) -> dict[str, str | None]:
        """The row of ``ekvio.integration_status`` for a task, with a URL that leads somewhere: that of its record, else one of
        ours. A report that was put elsewhere, without a URL, is a failure here, whose log says so. Blocks."""
        status: str = state["status"]
        if status == "progress":
            return {"status": status, "file": None}
        url = _recorded_url(state)
        if url is None and self.is_elsewhere(state):
            status = "fail"
        return {"status": status, "file": url or self.file_url(state["id"], REPORT if status == "completed" else LOG)}

    def state(self, task_id: int) -> TaskState | None:
        """The state of one of this company's tasks, as ``Tasks.state`` tells it; None where there is no such task. Blocks."""
        state = patiently(lambda: self._any_state(task_id))
        return state if state is not None and self._is_own(state) else None

    def recent(self, most: int = 50) -> list[dict[str, Any]]:
        """This company's newest tasks, the newest first, each as ``shown`` tells it. Blocks."""
        self.sweep_now_and_then()
        asked = most
        while True:  # other companies' tasks stand among them
            found = patiently(lambda: self.tasks.list(asked))
            own = [state for state in found if self._is_own(state)]
            if len(own) >= most or len(found) < asked:
                return [self.shown(state) for state in own[:most]]
            asked *= 4

    def shown(self, state: TaskState) -> dict[str, Any]:
        """A state with what people want beside it: ``seconds`` it took or has been running; ``rows``, ``refused`` and ``problems``
        (None until it is finished, once it has expired, and where its summary was lost); ``url`` of the report or log (None until
        it is finished, once it has expired, and where it is elsewhere)."""
        finished = state["finished"]
        noted = self.results.summary(state["id"]) if state["status"] == "completed" else None
        url = _recorded_url(state)
        if url is None and finished is not None and self.results.is_kept(state) and not self.is_elsewhere(state):
            url = self.answer(state)["file"]
        return dict(state) | {
            "seconds": (time.time() if finished is None else finished) - state["started"],
            "rows": noted["rows"] if noted else None,
            "refused": noted["refused"] if noted else None,
            "problems": noted["problems"] if noted else None,
            "url": url,
        }

    async def start(self, window: Window) -> Started:
        """Starts a report, unless one is running. Raises Unavailable, or TrainstatError with the status BUSY."""
        async with self._starting:  # a hundred starts at once are one process
            if self._last_started is not None:
                state = await run_in_threadpool(self.state, self._last_started)
                if state is not None and state["status"] == "progress":
                    return Started(self._last_started, True)
            said = await run_in_threadpool(launch.start, {**self._job, "window": window._asdict()})
            if "busy" in said:
                raise TrainstatError(said["busy"], Status.BUSY)
            if "error" in said:
                raise Unavailable(said["error"])
            self._last_started = said["id"] if "id" in said else said["running"]
            return Started(self._last_started, "id" not in said)

    async def participants(self, course: int, extended_mode: bool) -> launch.Participants:
        """The participants of one course, from a process of their own."""
        return await launch.participants({**self._job, "course": course, "extended_mode": extended_mode})

    @property
    def sweep_seconds(self) -> float:
        """How long old files may stay."""
        return min(_SWEEP_SECONDS, self._keep_seconds)

    def sweep_now_and_then(self) -> None:
        """Deletes old files, unless that was done a short while ago. Blocks."""
        now = time.monotonic()
        if now - self._swept >= self.sweep_seconds:
            self._swept = now
            self.sweep()

    def sweep(self) -> None:
        """Deletes old files of this company. What stands in the way is logged, once, and tried again. Blocks."""
        try:
            self.results.sweep(self._any_state, self._is_own)
        except Exception as error:
            trouble = public(error)
            if trouble != self._trouble:
                self._trouble = trouble
                log.warning("old files stay for now: %s", trouble)

    def _any_state(self, task_id: int) -> TaskState | None:
        try:
            return self.tasks.state(task_id)
        except TrainstatError as error:
            if error.status in (Status.UNKNOWN_TASK, Status.TASK_DAMAGED):
                return None
            raise

    def _is_own(self, state: TaskState) -> bool:
        return (state["type"], state["scope"]) == (TRAININGS, self.company)


def _recorded_url(state: TaskState) -> str | None:
    """Where a host of another kind says that its report or log is fetched."""
    file = state["file"]
    return file if file is not None and re.match("https?://", file, re.IGNORECASE) else None


def _place(folder: Path) -> tuple[int, int, int] | None:
    """This process and the folder itself, whatever it is called; None where it is not there."""
    try:
        found = folder.stat()
    except OSError:
        return None
    return os.getpid(), found.st_dev, found.st_ino


def _digest(token: str) -> bytes:
    return hmac.digest(b"token", token.encode("utf-8", "surrogatepass"), "sha256")  # so that not even the length takes its time


def _checked(token: str) -> str:
    if len(token) < _LEAST_TOKEN:
        raise TrainstatError(f"the token must have at least {_LEAST_TOKEN} characters")
    if not re.fullmatch(r"[!-~]+", token):
        raise TrainstatError("the token must consist of ASCII letters, digits and marks, without blanks")
    return token


def _base(url: str) -> str:
    if not re.fullmatch(r"https?://[A-Za-z0-9.\-:\[\]]+(/[A-Za-z0-9._~/-]*)?", url):
        raise TrainstatError("the public URL must look like https://lms.example.org/statistics")
    return url.rstrip("/")
