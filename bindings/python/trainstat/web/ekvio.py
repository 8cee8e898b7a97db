"""Ekvio's endpoints: a report is started, then asked after. Errors that its client is to read travel with HTTP 200."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route

from ..report import document
from .door import Door
from .results import TRAININGS
from .service import TASK_ID, Service, Unavailable, Window

_MOMENT = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2}T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9])([-+ ](?:(?:0[0-9]|1[0-7]):[0-5][0-9]|18:00)|Z)"
)
_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_BAD_VALUE = 1007  # the vendor's code
_BAD_DATE = r"Invalid value format. Valid Y-m-d\TH:i:sP"


def mount(service: Service) -> Mount:
    """The endpoints under /v2."""
    routes = [
        Route("/trainings/statistic", Statistic(service).answer),
        Route("/integration/{id}", Integration(service).answer),
    ]
    return Mount("/v2", Door(service, routes, told))


class Statistic:
    """GET /v2/trainings/statistic?to_date=&after_date=: starts a report; DATE_ATOM, its ``+`` perhaps arrived as a blank."""

    def __init__(self, service: Service) -> None:
        self._service = service

    async def answer(self, request: Request) -> Response:
        if not self._service.is_on(TRAININGS):
            return json(document("ekvio.module_unavailable", [{"module_name": TRAININGS}]))
        bounds: dict[str, int | None] = {}
        bad = []
        for name in ("to_date", "after_date"):
            try:
                bounds[name] = bound(request.query_params.getlist(name))
            except ValueError:
                bad.append({"code": _BAD_VALUE, "field": name, "message": _BAD_DATE})
        if bad:
            return json(document("ekvio.errors", bad))
        if request.method == "HEAD":  # is safe: nothing starts without somebody to be told its id
            return json(b"")
        try:
            found = await self._service.start(Window(after=bounds["after_date"], to=bounds["to_date"]))
        except Unavailable as why:
            return told(500, "server", str(why))
        if found.is_running_already:
            return json(document("ekvio.task_running", [{"id": found.task_id}]))
        return json(document("ekvio.integration", [{"id": found.task_id}]))


class Integration:
    """GET /v2/integration/{id}: how a task is, with the URL of its report or log."""

    def __init__(self, service: Service) -> None:
        self._service = service

    async def answer(self, request: Request) -> Response:
        given = request.path_params["id"]
        await run_in_threadpool(self._service.sweep_now_and_then)
        state = await run_in_threadpool(self._service.state, int(given)) if TASK_ID.fullmatch(given) else None
        if state is None:
            return told(404, "integration", "There is no such integration task")
        row = await run_in_threadpool(self._service.answer, state)
        return json(document("ekvio.integration_status", [row]))


def bound(given: list[str]) -> int | None:
    """Unix seconds of a parameter's values: none is None, one is a moment; else ValueError.

    >>> bound(["2020-12-01T15:12:01 03:00"]), bound([])
    (1606824721, None)
    """
    if not given:
        return None
    found = _MOMENT.fullmatch(given[0])
    if len(given) > 1 or not found:
        raise ValueError
    zone = "+00:00" if found[2] == "Z" else found[2].replace(" ", "+")
    return (datetime.fromisoformat(found[1] + zone) - _EPOCH) // timedelta(seconds=1)


def told(status: int, about: str, message: str) -> Response:
    """What is wrong outside of the vendor's own errors, in their form."""
    return json(document("ekvio.errors", [{"code": status, "field": about, "message": message}]), status)


def json(body: bytes, status: int = 200) -> Response:
    """An answer of JSON."""
    return Response(body, status, media_type="application/json")
