"""Deferred tasks: one running task of a type and scope, between all threads, processes and languages that use a directory."""

from __future__ import annotations

import json
import os
from ctypes import byref, c_int64
from typing import TYPE_CHECKING, Any, Literal, SupportsIndex, TypedDict

from ._handle import Handle, Owner
from ._integers import INT64, UINT64, integer
from ._library import library
from ._options import options_text
from ._signatures import Outcome, Status
from .errors import TrainstatError, failure
from .report import document

if TYPE_CHECKING:
    from typing_extensions import Unpack


class TaskState(TypedDict):
    """A task as its record tells it. Times are Unix seconds; a ``total`` of 0 is unknown."""

    id: int
    type: str
    scope: str
    status: Literal["progress", "completed", "fail"]
    file: str | None
    done: int
    total: int
    started: int
    finished: int | None


class TasksOptions(TypedDict, total=False):
    """How long finished tasks' records are kept: ``max_age`` in seconds, ``max_count`` in records."""

    max_age: int | None
    max_count: int | None


class TaskRunning(TrainstatError):
    """A claim was refused, because a task of that type and scope is running: ``id`` is the running one's.

    >>> running = TaskRunning("running task: 15", 15)
    >>> running.id, running.document[-23:]
    (15, b'Running task ID: 15"}]}')
    """

    def __init__(self, message: str, id: int, status: Status | int | None = Status.TASK_RUNNING) -> None:
        super().__init__(message, status)
        self.args = (message, id, status)  # what a pickle calls the class with
        self.id = id

    @property
    def document(self) -> bytes:
        """The document to answer with: ``ekvio.task_running``."""
        return document("ekvio.task_running", [{"id": self.id}])


class Task(Owner):
    """A running task, as ``Tasks.claim`` gives it, held until it is finished, closed or collected, or its process ends.

    Leaving the ``with``, or ending in any other way, without ``finish`` is recorded as fail. Calls of several threads wait for each
    other. A forked child does not hold the task: its calls raise TrainstatError, and its end changes nothing.
    """

    def __init__(self, handle: Handle) -> None:
        super().__init__(handle)
        self._library = library()
        self._id = c_int64()

    @property
    def id(self) -> int:
        """Positive; greater than the ids of all earlier tasks of the directory."""
        return self._id.value

    def progress(self, done: SupportsIndex, total: SupportsIndex = 0) -> None:
        """Records how far the task is, for ``Tasks.state``; a total of 0 is unknown. Costs a small file written and renamed.

        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as directory, Tasks(directory) as tasks, tasks.claim("trainings") as task:
        ...     task.progress(250, 1000)
        ...     tasks.state(task.id)["done"], tasks.state(task.id)["status"]
        (250, 'progress')
        """
        self._handle.call(self._library.ts_task_progress, integer(done, "done", UINT64), integer(total, "total", UINT64))

    def finish(self, file: str | os.PathLike[str] | None = None) -> None:
        """Records the task as completed, on disk, and lets the next one in. ``file`` is where its report is: a path or a URL.

        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as directory, Tasks(directory) as tasks:
        ...     with tasks.claim("trainings") as task:
        ...         task.finish("https://lms.example/reports/15.json")
        ...     tasks.state(task.id)["status"], tasks.state(task.id)["file"]
        ('completed', 'https://lms.example/reports/15.json')

        Where the record cannot be written it raises, and the task is still running.
        """
        self._end(Outcome.COMPLETED, file)

    def fail(self, file: str | os.PathLike[str] | None = None) -> None:
        """Records the task as failed, as ``finish`` does; ``file`` is where its log is."""
        self._end(Outcome.FAIL, file)

    def _end(self, outcome: Outcome, file: str | os.PathLike[str] | None) -> None:
        # A path that is no text goes over as it is and is refused there.
        where = None if file is None else os.fsdecode(file).encode("utf-8", "surrogatepass")
        self._handle.call(self._library.ts_task_finish, outcome, where, len(where or b""))

    def __repr__(self) -> str:
        return f"<trainstat.Task {self.id}{', closed' if self._handle.closed else ''}>"


class Tasks(Owner):
    """A directory of tasks, made with mode 0700 where it is missing (its parent is not).

    >>> import tempfile
    >>> directory = tempfile.TemporaryDirectory()
    >>> tasks = Tasks(directory.name, max_count=100)
    >>> with tasks.claim("trainings", scope="company-7") as task:
    ...     try:
    ...         tasks.claim("trainings", scope="company-7")
    ...     except TaskRunning as running:
    ...         running.id == task.id
    ...     task.finish("/srv/reports/15.json")
    True
    >>> tasks.state(task.id)["status"]
    'completed'
    >>> tasks.close()
    >>> directory.cleanup()

    It must be this user's, no symbolic link, not writable by group or others, and not on a network file system: else TrainstatError
    with the status UNSAFE_DIRECTORY. Finished tasks' records beyond ``max_age`` (seconds, 30 days) and ``max_count`` (1000) go when
    it is opened and at each claim; the newest one never.

    Calls of several threads wait for each other. After the close every method raises TrainstatError; tasks that were claimed go on.
    """

    def __init__(self, directory: str | os.PathLike[str], /, **options: Unpack[TasksOptions]) -> None:
        self._library = library()
        self._directory = os.fsencode(directory)
        super().__init__(Handle("directory of tasks", self._library.ts_tasks_close))
        self._handle.open(self._library.ts_tasks_open, self._directory, options_text(options))

    def claim(self, type: str, scope: str = "") -> Task:
        """Claims the one running task of a type and scope, or raises TaskRunning, with the id of the one that runs.

        Types and scopes are text without NUL, 1 to 200 bytes together, where bytes other than A-Z a-z 0-9 _ - count three.
        """
        kind, where = _text(type, "type"), _text(scope, "scope")
        handle = Handle("task", self._library.ts_task_close)
        task = Task(handle)
        try:
            error = self._handle.attempt(
                self._library.ts_task_claim, kind, len(kind), where, len(where), handle.place, byref(task._id)
            )
            if error is None:
                return task
            raise TaskRunning(error.text, error.detail) if error.status == Status.TASK_RUNNING else failure(error)
        except BaseException:  # an interrupt may come when the task is claimed already
            task.close()
            raise

    def state(self, task_id: SupportsIndex) -> TaskState:
        """One task, whoever ran it; one whose process died is fail, and ended when that was noticed.

        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as directory, Tasks(directory) as tasks, tasks.claim("trainings") as task:
        ...     tasks.state(task.id)  # doctest: +ELLIPSIS
        {'id': ..., 'type': 'trainings', 'scope': '', 'status': 'progress', 'file': None, ... 'finished': None}
        """
        text = self._handle.text(self._library.ts_task_state, integer(task_id, "the id of a task", INT64))
        state: TaskState = json.loads(text)
        return state

    def list(self, most: SupportsIndex = 100) -> _States:
        """The newest tasks, so many at most, the newest first; damaged records are left out.

        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as directory, Tasks(directory) as tasks:
        ...     with tasks.claim("trainings"), tasks.claim("participants"):
        ...         [state["type"] for state in tasks.list()]
        ['participants', 'trainings']
        """
        states: _States = json.loads(self._handle.text(self._library.ts_tasks_list, integer(most, "the number of tasks", UINT64)))
        return states

    def answer(self, task_id: SupportsIndex, file_url: str | None = None) -> bytes:
        """The document to answer a question for a task with: ``ekvio.integration_status``.

        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as directory, Tasks(directory) as tasks:
        ...     with tasks.claim("trainings") as task:
        ...         running = tasks.answer(task.id)
        ...         task.finish("/srv/reports/15.json")
        ...     running, tasks.answer(task.id, file_url="https://lms.example/15")
        (b'{"data":{"status":"progress"}}', b'{"data":{"status":"completed","file":"https://lms.example/15"}}')

        The file of a task that has ended is ``file_url``, else the one of its record. A completed one with neither raises
        TrainstatError.
        """
        state = self.state(task_id)
        file = state["file"] if file_url is None else file_url
        ended = state["status"] != "progress"
        return document("ekvio.integration_status", [{"status": state["status"], "file": file if ended else None}])

    def __repr__(self) -> str:
        return f"<trainstat.Tasks {os.fsdecode(self._directory)!r}{', closed' if self._handle.closed else ''}>"


_States = list[TaskState]  # in the class `list` is the method


def _text(value: Any, what: str) -> bytes:
    """UTF-8; a lone surrogate goes over as it is and is refused there."""
    if not isinstance(value, str):
        raise TypeError(f"the {what} of a task must be str")
    return value.encode("utf-8", "surrogatepass")
