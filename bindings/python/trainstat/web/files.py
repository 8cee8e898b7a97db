"""The files that finished tasks are fetched as: /files/{id}-{what nobody can guess}.json or .log, without a token."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from typing import IO

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from .results import LOG
from .service import Service

_PIECE = 1 << 18  # bytes
_TYPES = {"json": "application/json", "log": "text/plain; charset=utf-8"}
_KILLED = "The process that wrote the report has ended before its time, and left no log.\n"
_ELSEWHERE = "What came of this task is kept elsewhere, where the host that ran it put it, and cannot be fetched here.\n"


def route(service: Service) -> Route:
    """The endpoint of the files."""
    return Route("/files/{name:path}", Files(service).answer)


class Files:
    """GET /files/NAME."""

    def __init__(self, service: Service) -> None:
        self._service = service

    async def answer(self, request: Request) -> Response:
        named = self._service.results.named(request.path_params["name"])  # nothing else comes near the file system
        if named is None:
            return PlainTextResponse("There is no such file.\n", 404)
        task_id, kind = named
        await run_in_threadpool(self._service.sweep_now_and_then)
        state = await run_in_threadpool(self._service.state, task_id)
        if state is None or not self._service.results.is_kept(state):
            return PlainTextResponse("The file has expired.\n", 410)
        try:
            file = await run_in_threadpool(self._service.results.opened, task_id, kind)
        except FileNotFoundError:
            if kind == LOG and await run_in_threadpool(self._service.is_elsewhere, state):
                return PlainTextResponse(_ELSEWHERE)
            if kind == LOG and state["status"] == "fail":
                return PlainTextResponse(_KILLED)
            return PlainTextResponse("There is no such file.\n", 404)
        if state["status"] != ("fail" if kind == LOG else "completed"):  # a report is none before its task says so
            file.close()
            return PlainTextResponse("There is no such file.\n", 404)
        headers = {"Content-Disposition": f'attachment; filename="trainings-{task_id}.{kind}"'}
        return await streamed(request, file, _TYPES[kind], headers)


async def streamed(request: Request, file: IO[bytes], media_type: str, headers: dict[str, str]) -> Response:
    """A file from its beginning, closed at the end or when the client goes away."""
    size = await run_in_threadpool(lambda: os.fstat(file.fileno()).st_size)
    headers = headers | {"Content-Length": str(size)}
    if request.method == "HEAD":
        file.close()
        return Response(headers=headers, media_type=media_type)
    return StreamingResponse(pieces(file), headers=headers, media_type=media_type)


async def pieces(file: IO[bytes]) -> AsyncIterator[bytes]:
    """The bytes of a file; read in a thread, since a disk may be slow."""
    try:
        while piece := await run_in_threadpool(file.read, _PIECE):
            yield piece
    finally:
        file.close()
