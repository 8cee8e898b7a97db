"""What holds for every answer: headers for the safety of browsers and caches, and no exception's text for anybody."""

from __future__ import annotations

import logging

from starlette.datastructures import MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .messages import public

_HEADERS = {  # where an answer has none of its own
    "Cache-Control": "private, no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
log = logging.getLogger("trainstat.web")


class Shield:
    """Around the whole application."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = False

        async def sending(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        if scope["path"].endswith("\n"):  # which the end of a route's pattern would let pass
            await PlainTextResponse("There is nothing here.\n", 404)(scope, receive, sending)
            return
        try:
            await self._app(scope, receive, sending)
        except ClientDisconnect:
            pass
        except Exception as error:
            if begun:  # what runs the application cuts the connection then, and logs this
                raise RuntimeError(f"an answer was cut short: {public(error)}") from None
            tell(error)
            await PlainTextResponse("Something went wrong here.\n", 500)(scope, receive, sending)


def tell(error: Exception) -> None:
    """Logs a defect or a system at its limits."""
    log.error("%s", public(error))
