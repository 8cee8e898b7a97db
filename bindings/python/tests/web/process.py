"""python -m trainstat serve as a process, on a site made for the purpose."""

from __future__ import annotations

import contextlib
import fcntl
import http.client
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

TOKEN = "c29tZSByYW5kb20gYnl0ZXM"
HERE = Path(__file__).resolve().parents[2]
PATIENCE = 40.0  # seconds; the machine may be busy


class Answer(NamedTuple):
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Server:
    """A running server; ``url`` has no slash at its end."""

    def __init__(self, site: Path, directory: Path, *more: object, **environment: str) -> None:
        self.directory = directory
        self.said = directory.with_name(f"{directory.name}-{time.monotonic_ns()}.stderr")
        arguments = ["serve", "--moodle", f"sqlite:///{site}", "--port", "0", "--directory", directory, *more]
        with open(self.said, "wb") as stderr:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "trainstat", *map(str, arguments)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=stderr,
                start_new_session=True,
                env=os.environ | {"PYTHONPATH": str(HERE), "TRAINSTAT_TOKEN": TOKEN} | environment,
            )
        try:
            self.url = self._heard()
            self.port = int(self.url.rpartition(":")[2])
        except BaseException:
            self.process.kill()
            raise

    def _heard(self) -> str:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and self.process.poll() is None:
            line = self.said.read_text().partition("\n")
            if line[1]:
                return line[0].removeprefix("listening on ")
            time.sleep(0.01)
        raise AssertionError(self.said.read_text())

    def get(self, path: str, token: str | None = TOKEN, method: str = "GET", **headers: str) -> Answer:
        """``path`` goes over as it is; an absolute URL of this server will do."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            if token is not None:
                headers["Authorization"] = f"Bearer {token}"
            connection.request(method, path.removeprefix(self.url), headers=headers)
            answer = connection.getresponse()
            return Answer(answer.status, answer.headers, answer.read())
        finally:
            connection.close()

    def start(self, query: str = "") -> int:
        """The id of the report that was started."""
        found: int = self.get("/v2/trainings/statistic" + query).json["data"]["integration"]
        return found

    def status(self, task_id: int) -> dict[str, Any]:
        """Status and file of a task."""
        found: dict[str, Any] = self.get(f"/v2/integration/{task_id}").json["data"]
        return found

    def ended(self, task_id: int) -> dict[str, Any]:
        """The same, once the task is no longer in progress."""
        until = time.monotonic() + PATIENCE
        while (found := self.status(task_id))["status"] == "progress":
            assert time.monotonic() < until, "the task does not end"
            time.sleep(0.02)
        return found

    def report(self, query: str = "") -> dict[str, Any]:
        """A report from its start to its rows."""
        answer = self.get(self.ended(self.start(query))["file"], token=None)
        assert answer.status == 200
        found: dict[str, Any] = answer.json
        return found

    def children(self) -> list[int]:
        """The processes that it started and that are still there."""
        return [int(stat.parent.name) for stat in Path("/proc").glob("[0-9]*/stat") if _parent(stat) == self.process.pid]

    def end(self, how: signal.Signals = signal.SIGTERM) -> int:
        """Ends it, as a terminal does with all of its group; the exit status."""
        os.killpg(self.process.pid, how)
        return self.process.wait(PATIENCE)


def _parent(stat: Path) -> int:
    try:
        state, parent = stat.read_text().rpartition(")")[2].split()[:2]
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return 0 if state == "Z" else int(parent)


@contextlib.contextmanager
def serving(site: Path, directory: Path, *more: object, **environment: str) -> Iterator[Server]:
    server = Server(site, directory, *more, **environment)
    try:
        yield server
    finally:
        if server.process.poll() is None:
            server.end(signal.SIGKILL)


@contextlib.contextmanager
def locked(site: Path) -> Iterator[None]:
    """The site's database is kept from all readers, who wait for up to 5 seconds: reports stay in progress."""
    connection = sqlite3.connect(site)
    connection.execute("BEGIN EXCLUSIVE")
    try:
        yield
    finally:
        connection.close()


@contextlib.contextmanager
def kept_busy(directory: Path) -> Iterator[None]:
    """The tasks are kept from all others, as by a process that stands still in the middle of a claim."""
    descriptor = os.open(directory / "tasks", os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def run(site: Path, *statements: str) -> None:
    connection = sqlite3.connect(site)
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()
