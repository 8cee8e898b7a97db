"""The way into a vendor's endpoints: the token, and what goes wrong in the vendor's own form."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route, Router
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .._signatures import Status
from ..errors import TrainstatError
from .service import Service
from .shield import tell

_WRONG = {404: ("path", "There is nothing here"), 405: ("method", "Only GET and HEAD work here")}
Told = Callable[[int, str, str], Response]
"""Makes the answer of an HTTP status, what it is about and a message."""


class Door:
    """Endpoints behind the bearer token."""

    def __init__(self, service: Service, routes: Sequence[Route], told: Told) -> None:
        self._service = service
        self._endpoints: ASGIApp = Router(routes, redirect_slashes=False)
        self._told = told

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            raise HTTPException(404)
        begun = False

        async def sending(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            if not self._is_let_in(Headers(scope=scope)):
                answer = self._told(401, "authorization", "A bearer token is needed")
                answer.headers["WWW-Authenticate"] = 'Bearer realm="trainstat"'
            else:
                await self._endpoints(scope, receive, sending)
                return
        except HTTPException as error:
            answer = self._told(error.status_code, *_WRONG.get(error.status_code, ("request", error.detail)))
            answer.headers.update(error.headers or {})
        except TrainstatError as error:
            if begun:
                raise
            if error.status == Status.BUSY:
                answer = self._told(503, "server", "Too many processes use the tasks; try again")
                answer.headers["Retry-After"] = "1"
            else:
                tell(error)
                answer = self._told(500, "server", "Something went wrong here")
        except Exception as error:
            if begun:
                raise
            tell(error)
            answer = self._told(500, "server", "Something went wrong here")
        await answer(scope, receive, send)

    def _is_let_in(self, headers: Headers) -> bool:
        given = headers.getlist("authorization")
        scheme, _, token = given[0].partition(" ") if len(given) == 1 else ("", "", "")
        return self._service.is_token(token.strip()) and scheme.lower() == "bearer"
