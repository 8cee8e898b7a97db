"""The files of tasks: reports, summaries and logs of failures, and the names under which they are fetched."""

from __future__ import annotations

import base64
import errno
import fcntl
import hmac
import json
import os
import re
import secrets
import stat
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

from ..errors import TrainstatError
from ..tasks import TaskState
from .summary import is_count, is_whole

TRAININGS = "trainings"  # the module, and the type of its tasks
REPORT, SUMMARY, LOG = "json", "summary.json", "log"
_FETCHED = re.compile(r"([1-9][0-9]{0,18})-([A-Za-z0-9_-]{43})\.(json|log)", re.ASCII)
_KEPT = re.compile(r"\.?([1-9][0-9]{0,17})\.(json|summary\.json|log)", re.ASCII)  # a point: on its way into its place
_REPORT_ON_ITS_WAY = ".trainstat-"  # of the library, where the file system cannot hold it without a name


class Results:
    """The folder DIRECTORY/reports: ID.json, ID.summary.json and ID.log of each task, mode 0600.

    >>> import tempfile
    >>> from pathlib import Path
    >>> with tempfile.TemporaryDirectory() as directory:
    ...     results = Results(Path(directory), keep_seconds=3600)
    ...     results.write(15, REPORT, '{"data":[]}')
    ...     results.path(15, REPORT).name, results.named(results.name(15, REPORT)), results.named("15-guessed.json")
    ('15.json', (15, 'json'), None)
    """

    def __init__(self, directory: Path, keep_seconds: int) -> None:
        private_folder(directory)
        self._folder = directory / "reports"
        private_folder(self._folder)
        self._secret = _secret(directory / "secret")
        self._keep_seconds = keep_seconds

    def path(self, task_id: int, kind: str) -> Path:
        """Where such a file of a task is or will be."""
        return self._folder / f"{task_id}.{kind}"

    def name(self, task_id: int, kind: str) -> str:
        """The name that a report or log is fetched by, which nobody can guess."""
        mac = self.key(f"{kind}:{task_id}")
        return f"{task_id}-{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}.{kind}"

    def key(self, purpose: str) -> bytes:
        """A secret of 32 bytes, another one for each purpose and directory."""
        return hmac.digest(self._secret, purpose.encode(), "sha256")

    def named(self, name: str) -> tuple[int, str] | None:
        """The task and kind that such a name stands for; None where it was not made here."""
        parts = _FETCHED.fullmatch(name)
        if parts is None:
            return None
        task_id, kind = int(parts[1]), parts[3]
        return (task_id, kind) if hmac.compare_digest(self.name(task_id, kind), name) else None

    def is_kept(self, state: TaskState) -> bool:
        """Whether a task's report or log has not expired; ``state`` is what ``Tasks.state`` tells."""
        return state["finished"] is None or time.time() < state["finished"] + self._keep_seconds

    def summary(self, task_id: int) -> dict[str, Any] | None:
        """What the generator noted of a finished report: {"rows", "refused", "problems", "summary"}; None where it has expired or
        cannot be read."""
        try:
            found = json.loads(self.path(task_id, SUMMARY).read_text("utf-8"))
        except (OSError, ValueError, RecursionError):
            return None
        return found if _is_noted(found) else None

    def opened(self, task_id: int, kind: str) -> IO[bytes]:
        """A file of a task, for reading. Raises FileNotFoundError, also for what is no file."""
        try:
            descriptor = os.open(self.path(task_id, kind), os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        except OSError as error:
            if error.errno in (errno.ELOOP, errno.ENXIO):
                raise FileNotFoundError from None
            raise
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            os.close(descriptor)
            raise FileNotFoundError
        return open(descriptor, "rb")

    def write(self, task_id: int, kind: str, text: str) -> None:
        """Puts a file in its place, complete."""
        path = self.path(task_id, kind)
        on_its_way = path.with_name("." + path.name)
        descriptor = os.open(on_its_way, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        with open(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(on_its_way, path)

    def sweep(self, state_of: Callable[[int], TaskState | None], is_own: Callable[[TaskState], bool]) -> None:
        """Deletes what has expired, and every file but the log of an own task that failed. Tasks that are not own have servers of
        their own to do it; the files of one that is no longer known (None) expire by their own time.

        What cannot be judged or deleted stays, and is raised at the end: the first of it.
        """
        trouble: Exception | None = None
        for entry in os.listdir(self._folder):
            try:
                self._sweep_entry(entry, state_of, is_own)
            except Exception as error:
                trouble = trouble or error
        if trouble is not None:
            raise trouble

    def _sweep_entry(self, entry: str, state_of: Callable[[int], TaskState | None], is_own: Callable[[TaskState], bool]) -> None:
        path = self._folder / entry
        kept = _KEPT.fullmatch(entry)
        if kept is None and not entry.startswith(_REPORT_ON_ITS_WAY):
            return
        try:
            found = path.lstat()
        except FileNotFoundError:
            return
        if not stat.S_ISREG(found.st_mode):  # nobody here made it
            return
        if kept is None:
            _unlink_unless_held(path)
            return
        state = state_of(int(kept[1]))
        if state is None:
            is_over = time.time() >= found.st_mtime + self._keep_seconds
        else:
            is_over = is_own(state) and not (self.is_kept(state) and (state["status"] != "fail" or kept[2] == LOG))
        if is_over:
            path.unlink(missing_ok=True)


def _is_noted(found: Any) -> bool:
    return (
        isinstance(found, dict)
        and is_count(found.get("rows"))
        and is_count(found.get("refused"))
        and isinstance(found.get("problems"), list)
        and all(isinstance(problem, str) for problem in found["problems"])
        and is_whole(found.get("summary"))
    )


def private_folder(path: Path) -> None:
    """Makes a folder with mode 0700 where it is missing; one that others could change is refused."""
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = path.lstat()
    except OSError as error:
        raise TrainstatError(f"the directory {path} cannot be made: {error.strerror}") from None
    if not stat.S_ISDIR(found.st_mode):
        raise TrainstatError(f"{path} is no directory")
    if found.st_uid != os.geteuid() or found.st_mode & 0o022:
        raise TrainstatError(f"the directory {path} must be this user's and not writable by others")


def _secret(path: Path) -> bytes:
    """The directory's own secret, made by the first who asks."""
    try:
        if not os.path.lexists(path):
            _make_secret(path)
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
        with open(descriptor, "rb") as file:
            found, text = os.fstat(descriptor), file.read(65).strip()
    except OSError as error:
        raise TrainstatError(f"the secret {path} cannot be read: {error.strerror}") from None
    if found.st_uid != os.geteuid() or found.st_mode & 0o077:
        raise TrainstatError(f"the secret {path} must be this user's and readable by nobody else")
    if not re.fullmatch(rb"[0-9a-f]{64}", text):
        raise TrainstatError(f"the secret {path} is damaged; without it a new one is made, and the reports' URLs change")
    return bytes.fromhex(text.decode())


def _make_secret(path: Path) -> None:
    made = path.with_name(f".secret-{secrets.token_hex(8)}")
    descriptor = os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        with open(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(32) + "\n")
            file.flush()
            os.fsync(descriptor)
        os.link(made, path)
    except FileExistsError:
        pass  # of another process that was faster
    finally:
        made.unlink(missing_ok=True)


def _unlink_unless_held(path: Path) -> None:
    """The library holds the lock of a file that it is writing."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)  # never waits for a pipe's writer
    except FileNotFoundError:
        return
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        path.unlink(missing_ok=True)
    except BlockingIOError:
        pass
    finally:
        os.close(descriptor)
