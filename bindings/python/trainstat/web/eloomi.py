"""Eloomi's endpoint: the participants of one course, with its own status codes and error envelope."""

from __future__ import annotations

import asyncio
import re
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route

from ..report import document
from . import launch
from .door import Door
from .files import streamed
from .service import Service, log

_COURSE_ID = re.compile("[1-9][0-9]{0,17}")
_YES_AND_NO = {"true": True, "1": True, "false": False, "0": False}
_AT_ONCE = 2  # processes
_REASONS = 10  # that the log tells
_JSON = "application/json"


def mount(service: Service) -> Mount:
    """The endpoint under /v3."""
    return Mount("/v3", Door(service, [Route("/courses/{id}/participants", Participants(service).answer)], told))


class Participants:
    """GET /v3/courses/{id}/participants?extended_mode=."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._running = 0

    async def answer(self, request: Request) -> Response:
        given = request.query_params.getlist("extended_mode") or ["false"]
        if len(given) > 1 or given[0].lower() not in _YES_AND_NO:
            return told(400, "extended_mode", "extended_mode must be true, false, 1 or 0")
        course = request.path_params["id"]
        if not _COURSE_ID.fullmatch(course):
            return told(404, "course", "There is no such course")
        if self._running >= _AT_ONCE:
            answer = told(503, "server", "Too many requests for participants at once; try again")
            answer.headers["Retry-After"] = "5"
            return answer
        self._running += 1
        try:
            found = await self._found(request, int(course), _YES_AND_NO[given[0].lower()])
        finally:
            self._running -= 1
        if found is None:
            return Response(status_code=499)  # to nobody
        file, said = found
        if "rows" in said:
            if said["refused"]:
                reasons = "; ".join(said["problems"][:_REASONS])
                log.warning("participants of course %s: %s refused; %s", course, said["refused"], reasons)
            return await streamed(request, file, _JSON, {})
        file.close()
        if "missing" in said:
            return told(404, "course", "There is no such course")
        log.error("participants of course %s: %s", course, said["error"])
        return told(500, "server", "The participants cannot be read now")

    async def _found(self, request: Request, course: int, extended_mode: bool) -> launch.Participants | None:
        """None where the client went away, and then the process too."""
        work = asyncio.ensure_future(self._service.participants(course, extended_mode))
        leaving = asyncio.ensure_future(_left(request))
        try:
            await asyncio.wait((work, leaving), return_when=asyncio.FIRST_COMPLETED)
            return work.result() if work.done() else None
        finally:  # also where this is cancelled itself; what is done stays so
            work.cancel()
            leaving.cancel()


async def _left(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


def told(status: int, about: str, message: str) -> Response:
    """What is wrong, in eloomi's envelope."""
    body = document("eloomi.error", [], status=HTTPStatus(status).phrase, status_code=status, message=message)
    return Response(body, status, media_type=_JSON)
