"""A served application, tasks in its directory as the generator would leave them, and what a visitor is answered."""

from __future__ import annotations

import contextlib
import http.client
import json
import socket
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus, urlsplit

import uvicorn
from starlette.applications import Starlette
from starlette.routing import Mount
from trainstat.tasks import Task, Tasks
from trainstat.web import application
from trainstat.web.results import LOG, REPORT, SUMMARY, TRAININGS, Results
from trainstat.web.summary import Summary

TOKEN = "correct-horse-battery-staple"


class Site:
    """One company's application, served at ``url``, which ends in a slash."""

    def __init__(self, directory: Path, url: str, company: str, token: str, public_url: str) -> None:
        self.url = url
        self.company = company
        self.app = application(
            moodle="sqlite:////nowhere.sqlite", directory=directory, token=token, public_url=public_url, company=company
        )
        self.tasks = Tasks(directory / "tasks")
        self.results = Results(directory, 86400)

    def running(self) -> Task:
        return self.tasks.claim(TRAININGS, scope=self.company)

    def completed(self, rows: Iterable[Mapping[str, Any]], problems: Sequence[str] = (), report: bytes = b'{"data":[]}') -> int:
        with self.running() as task:
            self.results.path(task.id, REPORT).write_bytes(report)
            self.note(task, rows, problems)
            task.finish(self.results.path(task.id, REPORT))
        return task.id

    def note(self, task: Task, rows: Iterable[Mapping[str, Any]], problems: Sequence[str] = ()) -> None:
        """Writes the summary of a task."""
        summary = Summary()
        for each in rows:
            summary.add(each)
        outcome = summary.as_json()
        noted = {"rows": outcome["rows"], "refused": len(problems), "problems": list(problems), "summary": outcome}
        self.results.write(task.id, SUMMARY, json.dumps(noted))

    def failed(self) -> int:
        with self.running() as task:
            task.progress(400, 1000)
            self.results.write(task.id, LOG, "the database went away\n")
            task.fail(self.results.path(task.id, LOG))
        return task.id


@contextlib.contextmanager
def served(
    directory: Path, company: str = "", *, token: str = TOKEN, public_url: str | None = None, below: str = ""
) -> Iterator[Site]:
    """A site on a free port of this machine, below a path of a host application where one is given."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        url = f"http://127.0.0.1:{listening.getsockname()[1]}{below}"
        site = Site(directory, url + "/", company, token, public_url or url)
        app = Starlette(routes=[Mount(below, site.app)]) if below else site.app
        server = uvicorn.Server(uvicorn.Config(app, log_level="error"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            yield site
        finally:
            server.should_exit = True
            thread.join()
            site.tasks.close()


def row(department: str | None = None, completed: int | None = None, score: int | None = None) -> dict[str, Any]:
    return {"group_department": department, "complete_date": completed, "percent_final_scores": score}


class Answer:
    def __init__(self, response: http.client.HTTPResponse) -> None:
        self.status = response.status
        self.headers = response.headers
        self.body = response.read().decode()

    @property
    def cookie(self) -> str:
        """What a browser would send back."""
        return self.headers["Set-Cookie"].partition(";")[0]


def ask(method: str, url: str, body: str | bytes | None = None, **headers: str) -> Answer:
    parts = urlsplit(url)
    assert parts.netloc
    connection = http.client.HTTPConnection(parts.netloc, timeout=10)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    if body is not None:
        named.setdefault("Content-Type", "application/x-www-form-urlencoded")
    try:
        connection.request(method, parts.path + (f"?{parts.query}" if parts.query else ""), body, named)
        return Answer(connection.getresponse())
    finally:
        connection.close()


def origin(site: Site) -> str:
    return "http://" + urlsplit(site.url).netloc


def sign_in(site: Site, token: str = TOKEN, **headers: str) -> Answer:
    return ask("POST", site.url + "login", f"token={quote_plus(token)}", **(headers or {"Origin": origin(site)}))


class Parsed(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data
