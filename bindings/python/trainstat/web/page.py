"""The page for people: the tasks, their summaries, and the way in with the token."""

from __future__ import annotations

import asyncio
import hmac
import time
from datetime import datetime, timezone
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import jinja2
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from ..errors import TrainstatError
from . import charts
from .service import TASK_ID, Service

_MOST_TASKS = 50
_SESSION_SECONDS = 12 * 3600
_WRONG_TOKEN_SECONDS = 0.5  # that a wrong token takes
_LONGEST_BODY = 4096  # bytes of a form

_HERE = Path(__file__).resolve().parent
_STATIC = {"page.css": "text/css", "page.js": "text/javascript", "icon.svg": "image/svg+xml"}
_HEADERS = {  # where every answer's own do not fit
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    "Referrer-Policy": "same-origin",  # under no-referrer a browser sends the forms with Origin: null
}


def routes(service: Service) -> list[BaseRoute]:
    """The page's routes. Every link and redirect is relative, so that they may stand anywhere, also behind a proxy."""
    page = _Page(service)
    return [
        Route("/", page.tasks),
        Route("/reports/{task_id}", page.report),
        Route("/login", page.login_form, methods=["GET"]),
        Route("/login", page.login, methods=["POST"]),
        Route("/logout", page.logout, methods=["POST"]),
        Route("/static/{name}", _static),
    ]


class _Page:
    def __init__(self, service: Service) -> None:
        self._service = service
        self._sessions = _Sessions(service.key("session"))

    def tasks(self, request: Request) -> Response:
        if not self._is_signed_in(request):
            return _redirect("login")
        try:
            tasks = self._service.recent(_MOST_TASKS)
        except TrainstatError as error:
            return _page("trouble.html", 503, refreshing=True, heading="The tasks cannot be read", sentence=str(error))
        return _page(
            "tasks.html",
            refreshing=True,
            running=[task for task in tasks if task["status"] == "progress"],
            finished=[task for task in tasks if task["status"] != "progress"],
            most=_MOST_TASKS,
            is_cut=len(tasks) == _MOST_TASKS,
            is_kept=self._service.results.is_kept,
        )

    def report(self, request: Request) -> Response:
        if not self._is_signed_in(request):
            return _redirect("../login")
        given = request.path_params["task_id"]
        task_id = int(given) if TASK_ID.fullmatch(given) else 0
        try:
            state = self._service.state(task_id) if task_id else None
        except TrainstatError as error:
            return _page("trouble.html", 503, "../", refreshing=True, heading="The report cannot be read", sentence=str(error))
        if state is None:
            sentence = "There is no report of that number, or it is too old."
            return _page("trouble.html", 404, "../", heading="No such report", sentence=sentence)
        task = self._service.shown(state)
        noted = self._service.results.summary(task_id) if task["rows"] is not None else None
        summary = noted["summary"] if noted else None
        return _page(
            "report.html",
            root="../",
            refreshing=state["status"] == "progress",
            task=task,
            is_kept=self._service.results.is_kept,
            summary=summary,
            timeline=charts.timeline(summary["months"]) if summary else None,
            completion=charts.completion(summary) if summary else [],
            scores=charts.scores(summary) if summary else [],
        )

    def login_form(self, request: Request) -> Response:
        return _redirect("./") if self._is_signed_in(request) else _page("login.html", signed_in=False)

    async def login(self, request: Request) -> Response:
        if not self._is_from_here(request):
            return _refused(403, "This form was not sent from this page. Please sign in here.")
        body = await _body(request)
        if body is None:
            return _refused(413, "That is too long for an access token.")
        if not self._service.is_token(_token(body)):
            await asyncio.sleep(_WRONG_TOKEN_SECONDS)
            return _refused(401, "This is not the access token.")
        response = _redirect("./")
        # Without a path it holds for the folder of this request as the browser sees it: where the page is mounted.
        response.set_cookie(
            self._sessions.cookie,
            self._sessions.begin(time.time()),
            max_age=_SESSION_SECONDS,
            path=None,
            secure=self._service.public_url.startswith("https://"),
            httponly=True,
            samesite="strict",
        )
        return response

    def logout(self, request: Request) -> Response:
        if not self._is_from_here(request):
            return _refused(403, "This form was not sent from this page.")
        response = _redirect("login")
        response.set_cookie(
            self._sessions.cookie,
            max_age=0,
            path=None,
            secure=self._service.public_url.startswith("https://"),
            httponly=True,
            samesite="strict",
        )
        return response

    def _is_signed_in(self, request: Request) -> bool:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            return self._service.is_token(token.strip())
        return self._sessions.is_valid(request.cookies.get(self._sessions.cookie, ""), time.time())

    def _is_from_here(self, request: Request) -> bool:
        """Whether a form was sent from this page, or at least not by another site. Old browsers, and all of them on plain HTTP,
        leave Sec-Fetch-Site out."""
        site = request.headers.get("sec-fetch-site")
        if site is not None:
            return site in ("same-origin", "none")
        host = request.headers.get("origin", "").partition("://")[2]
        return host != "" and host in (request.headers.get("host"), self._service.public_url.split("/")[2])


class _Sessions:
    """Sessions are known by their signature alone, so that they outlive a restart, and end when the token is changed."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self.cookie = f"trainstat-{self._sign('cookie')[:8]}"  # cookies do not tell the ports of one host apart

    def begin(self, now: float) -> str:
        ends = str(int(now) + _SESSION_SECONDS)
        return f"{ends}.{self._sign(ends)}"

    def is_valid(self, value: str, now: float) -> bool:
        ends, _, signature = value.partition(".")
        return hmac.compare_digest(self._sign(ends).encode(), signature.encode()) and now < int(ends)

    def _sign(self, text: str) -> str:
        return hmac.digest(self._key, text.encode(), "sha256").hex()


async def _body(request: Request) -> bytes | None:
    """The body of a form; None where it is too long."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > _LONGEST_BODY:
            return None
    return body


def _token(body: bytes) -> str:
    try:
        return parse_qs(body.decode("ascii"), max_num_fields=4).get("token", [""])[0].strip()
    except ValueError:
        return ""


def _refused(status: int, sentence: str) -> Response:
    return _page("login.html", status, signed_in=False, trouble=sentence)


def _redirect(where: str) -> Response:
    return Response(status_code=303, headers={**_HEADERS, "Location": where})


def _page(template: str, status: int = 200, root: str = "./", **values: Any) -> Response:
    """A page; ``root`` leads from it to where the application is mounted."""
    values = {"root": root, "signed_in": True, "refreshing": False, "trouble": None, **values}
    text = _TEMPLATES.get_template(template).render(values)
    return Response(text.encode("utf-8", "replace"), status, _HEADERS, "text/html; charset=utf-8")


def _static(request: Request) -> Response:
    name = request.path_params["name"]
    if name not in _STATIC:
        return Response("not found", 404, _HEADERS, "text/plain")
    return Response((_HERE / "static" / name).read_bytes(), 200, {**_HEADERS, "Cache-Control": "no-cache"}, _STATIC[name])


def _number(value: int) -> str:
    return f"{value:,}"


def _decimal(value: float) -> str:
    return f"{value:.1f}"


def _share(part_and_whole: tuple[int, int]) -> str:
    """Whole percents, where neither 0 nor 100 stands for something less."""
    part, whole = part_and_whole
    if 0 < part * 100 < whole:
        return "<1%"
    if whole * 99 < part * 100 < whole * 100:
        return ">99%"
    return f"{(200 * part + whole) // (2 * whole)}%"


def _duration(seconds: float) -> str:
    minutes, rest = divmod(max(0, int(seconds)), 60)
    if minutes == 0:
        return f"{rest} s"
    if minutes < 60:
        return f"{minutes} min {rest:02} s"
    return f"{minutes // 60} h {minutes % 60:02} min"


def _moment(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y-%m-%dT%H:%M:%S")


def _zone(name: str) -> str:
    if name in ("+00:00", "-00:00"):
        return "UTC"
    return f"UTC{name}" if name[:1] in ("+", "-") else name


_TEMPLATES = jinja2.Environment(
    loader=jinja2.FileSystemLoader(_HERE / "templates"),
    autoescape=True,
    undefined=jinja2.StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_TEMPLATES.filters.update(number=_number, decimal=_decimal, share=_share, duration=_duration, moment=_moment, zone=_zone)
